"""What is usual for one person: reference statistics and, later, profiles and zones."""

__distribution__ = "attune-monitor"
