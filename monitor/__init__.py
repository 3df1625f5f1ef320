"""Real-time monitor of physiological safety markers for psychotherapy."""

__distribution__ = "attune-monitor"
__version__ = "0.1.0"
