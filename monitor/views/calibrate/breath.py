"""Where a paced breath is at a moment, and what to say then."""

from typing import NamedTuple

IN, OUT = "in", "out"


class Breath(NamedTuple):
    """A moment of a paced breath.

    Parameters
    ----------
    phase : str
        ``in`` or ``out``.
    fullness : float
        0 when breathed out, 1 when breathed in; a straight line between.
    left_s : float
        Seconds until the phase changes.
    """

    phase: str
    fullness: float
    left_s: float


def breath_at(elapsed_s: float, breaths_per_min: float, inhale_share: float) -> Breath | None:
    """Find the moment of the breath.

    Parameters
    ----------
    elapsed_s : float
        Seconds since the pace began, which begins with breathing in.
    breaths_per_min : float
        The pace; 0 or less when there is none.
    inhale_share : float
        Share of a breath that is breathing in, between 0 and 1.

    Returns
    -------
    Breath or None
        None without a pace.
    """
    if not breaths_per_min > 0.0:
        return None
    period_s = 60.0 / breaths_per_min
    inhale_s = period_s * min(max(inhale_share, 0.05), 0.95)
    at_s = max(elapsed_s, 0.0) % period_s
    if at_s < inhale_s:
        return Breath(IN, at_s / inhale_s, inhale_s - at_s)
    exhale_s = period_s - inhale_s
    return Breath(OUT, 1.0 - (at_s - inhale_s) / exhale_s, period_s - at_s)


def still(breath: Breath) -> Breath:
    """Take the movement out of a breath: it is full while breathing in and empty while breathing out.

    Parameters
    ----------
    breath : Breath
        Any moment.

    Returns
    -------
    Breath
        The same with a fullness that changes twice in a breath.
    """
    return breath._replace(fullness=1.0 if breath.phase == IN else 0.0)


class Pace:
    """The running time of a paced step on the clock of a view, which stands while the step pauses."""

    def __init__(self) -> None:
        self._key: tuple[int, str] | None = None
        self._elapsed_s = 0.0
        self._before_s: float | None = None

    def at(self, now_s: float, step: tuple[int, str], *, running: bool) -> float:
        """Return the time since the step began.

        Parameters
        ----------
        now_s : float
            Clock of the view in seconds.
        step : tuple of int and str
            Index and title of the step; another one starts anew.
        running : bool
            Whether the step runs.

        Returns
        -------
        float
            Seconds of running.
        """
        if step != self._key:
            self._key, self._elapsed_s, self._before_s = step, 0.0, None
        if running and self._before_s is not None:
            self._elapsed_s += max(0.0, now_s - self._before_s)
        self._before_s = now_s if running else None
        return self._elapsed_s
