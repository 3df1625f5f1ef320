"""When the vagal index is held, because speech or breathing moves it whatever the vagus does."""

from typing import NamedTuple

from monitor.core.results import Estimate, Reason, Status

SPEECH_SHARE = 0.2
"""Spoken share of the trailing window from which the index is held."""

SLOWEST_PER_MIN = 9.0
FASTEST_PER_MIN = 24.0
FARTHEST_PER_MIN = 4.0
"""Largest distance of breathing from the resting rate, in breaths per minute."""

BEGIN_SECONDS = 10
END_SECONDS = 10
RELEASE_SECONDS = 30
"""Seconds without a breathing rate after which nothing is known of it, and nothing is held for it."""


class VagalHold(NamedTuple):
    """Whether the vagal index of one participant is held at this grid second, and what decides the next.

    Parameters
    ----------
    reason : Reason
        ``NONE``, ``SPEECH`` or ``RESP_CONFOUNDED``: speech is named first where both hold it.
    breathing : bool
        Whether breathing holds it, spoken or not.
    n_out, n_in : int
        Latest run of seconds with breathing out of, and in, its band; seconds without a rate left out.
    n_missing : int
        Latest run of seconds without a breathing rate.
    """

    reason: Reason
    breathing: bool
    n_out: int
    n_in: int
    n_missing: int


START = VagalHold(Reason.NONE, breathing=False, n_out=0, n_in=0, n_missing=0)
"""The state before the first second."""


def step(
    state: VagalHold, *, speech_share: float, breathing: Estimate, resting_per_min: float = float("nan")
) -> VagalHold:
    """Decide one grid second.

    Parameters
    ----------
    state : VagalHold
        The state at the second before.
    speech_share : float
        Share of the trailing 30 s in which the person spoke; NaN where unknown, which holds nothing.
    breathing : Estimate
        The marker ``breathing_per_min`` at this second.
    resting_per_min : float, optional
        Resting breathing rate from the calibration; NaN where unknown, then only the fixed band counts.

    Returns
    -------
    VagalHold
        The state at this second. Speech holds from a share of 0.2 on, at once. Breathing holds from the tenth
        second on that is below 9 or above 24 per minute or more than 4 per minute from rest, and until the
        tenth second in between; seconds without a rate count for neither, and the thirtieth of them in a row
        releases.

    Notes
    -----
    Breathing rate and depth move RMSSD at constant vagal outflow [1]_, slow breathing upwards by mechanics
    alone [2]_. Shares and dwell times are our own proposal.

    References
    ----------
    .. [1] Grossman, P., & Taylor, E. W. (2007). Toward understanding respiratory sinus arrhythmia. Biological
       Psychology 74(2), 263-285. doi:10.1016/j.biopsycho.2005.11.014
    .. [2] Quintana, D. S., & Heathers, J. A. J. (2014). Considerations in the assessment of heart rate
       variability in biobehavioral research. Frontiers in Psychology 5, 805. doi:10.3389/fpsyg.2014.00805
    """
    held, n_out, n_in, n_missing = _breathing(state, breathing, resting_per_min)
    reason = Reason.RESP_CONFOUNDED if held else Reason.NONE
    if speech_share >= SPEECH_SHARE:
        reason = Reason.SPEECH
    return VagalHold(reason, held, n_out, n_in, n_missing)


def confounded(per_min: float, resting_per_min: float) -> bool:
    """Tell whether breathing is out of the band in which the vagal index may be read.

    Parameters
    ----------
    per_min : float
        Breaths per minute.
    resting_per_min : float
        Resting rate in breaths per minute; NaN where unknown.

    Returns
    -------
    bool
        True below 9, above 24, and more than 4 per minute from rest.
    """
    return (
        per_min < SLOWEST_PER_MIN
        or per_min > FASTEST_PER_MIN
        or abs(per_min - resting_per_min) > FARTHEST_PER_MIN
    )


def _breathing(state: VagalHold, breathing: Estimate, resting_per_min: float) -> tuple[bool, int, int, int]:
    """Count one second of breathing: held, n_out, n_in, n_missing."""
    per_min = breathing.value
    if breathing.status is Status.NA or per_min != per_min:
        n_missing = min(state.n_missing + 1, RELEASE_SECONDS)
        if n_missing == RELEASE_SECONDS:
            return False, 0, 0, n_missing
        return state.breathing, state.n_out, state.n_in, n_missing
    if confounded(per_min, resting_per_min):
        n_out = min(state.n_out + 1, BEGIN_SECONDS)
        return state.breathing or n_out == BEGIN_SECONDS, n_out, 0, 0
    n_in = min(state.n_in + 1, END_SECONDS)
    return state.breathing and n_in < END_SECONDS, 0, n_in, 0
