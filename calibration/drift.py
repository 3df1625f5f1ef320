"""Slow drift of arousal within the window, and too little change: for display, never for the edges."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SUGGEST_SD = 1.0
"""Drift beyond which a pause to take the level anew is worth suggesting, SCIENCE E.7."""

SUGGEST_S = 600
"""Seconds it must have lasted."""

FLAT_S = 180
"""Seconds of marked demand over which too little change is judged, SCIENCE E.4."""

FLAT_SD = 0.5
"""SD of arousal, in reference SD, below which a person changes little."""

_LEVEL_VARIANCE = (0.5 / 1.96) ** 2 / 600.0
_OBSERVATION_VARIANCE = 60.0
_START_VARIANCE = _OBSERVATION_VARIANCE / 300.0
_MIN_SEEN = 60
_MAX_SE = 0.5
_FLAT_COVERAGE = 0.8


class DriftState(NamedTuple):
    """Slow level of arousal as far as it is known.

    Parameters
    ----------
    mean : float
        Estimate, in reference SD; 0 before the first second, by the definition of the reference.
    variance : float
        Its variance.
    n_seen : int
        Seconds it rests on.
    n_far : int
        Seconds in a row, of those it rests on, with the estimate further than 1 SD from the reference.
    """

    mean: float
    variance: float
    n_seen: int
    n_far: int

    @property
    def level(self) -> float:
        """Drift in reference SD; NaN before 60 seconds were seen or where its error exceeds 0.5."""
        known = self.n_seen >= _MIN_SEEN and self.variance <= _MAX_SE * _MAX_SE
        return self.mean if known else math.nan

    @property
    def suggest(self) -> bool:
        """Whether to suggest a pause in which the level is taken anew."""
        return self.n_far >= SUGGEST_S


DRIFT_START = DriftState(0.0, _START_VARIANCE, 0, 0)
"""Right after the reference: no drift, known as well as five minutes can tell."""


def step_drift(state: DriftState, arousal: float) -> DriftState:
    """Take in one more second.

    Parameters
    ----------
    state : DriftState
        State after the second before; `DRIFT_START` for the first.
    arousal : float
        Arousal in reference SD of a valid second within the window and without speech; NaN for any other second.

    Returns
    -------
    DriftState
        The new state. A second without arousal makes the level less certain and counts for nothing else.

    Notes
    -----
    Kalman filter of the local level model [1]_. The level moves by at most 0.5 SD in 10 minutes (95 % limit, SCIENCE
    E.7), hence an innovation variance of ``(0.5 / 1.96)^2 / 600`` a second. Arousal has unit variance around its
    level and an integrated autocorrelation time of about 60 s, so that one second is worth a sixtieth of an
    independent observation: the observation variance is 60. The time constant is about 12 minutes.

    References
    ----------
    .. [1] Durbin J, Koopman SJ (2012). Time series analysis by state space methods, 2nd ed., chapter 2.
       Oxford University Press.
    """
    variance = state.variance + _LEVEL_VARIANCE
    if not math.isfinite(arousal):
        return DriftState(state.mean, variance, state.n_seen, state.n_far)
    gain = variance / (variance + _OBSERVATION_VARIANCE)
    mean = state.mean + gain * (arousal - state.mean)
    n_far = state.n_far + 1 if abs(mean) > SUGGEST_SD else 0
    return DriftState(mean, (1.0 - gain) * variance, state.n_seen + 1, n_far)


def is_flat(arousal: NDArray[np.float64]) -> bool:
    """Whether arousal changed little during marked demand.

    Parameters
    ----------
    arousal : ndarray of float64, shape (n,)
        Arousal in reference SD at one value a second, NaN where missing; the last 180 s are judged.

    Returns
    -------
    bool
        True if the SD is below 0.5; False also with fewer than 180 s, or less than 80 % of them valid.

    Notes
    -----
    Own proposal, SCIENCE E.4: little reactivity is not the same as a low level. Meant for arousal that went into
    one composition only.
    """
    last = arousal[-FLAT_S:]
    known = last[np.isfinite(last)]
    if last.size < FLAT_S or known.size < _FLAT_COVERAGE * FLAT_S:
        return False
    return float(known.std()) < FLAT_SD
