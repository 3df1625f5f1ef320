"""The second, independent beat detector: envelope of the 8-16 Hz band with adaptive levels.

Written from the description of Hamilton (2002), Open source ECG analysis, Computers in Cardiology 29,
101-104.
"""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import ecg_state as st
from monitor.core.kernels import kernel
from monitor.core.kernels.ecg_state import EcgState

THRESHOLD_SHARE = 0.45
SEARCH_SHARE = 0.5
SEARCH_FROM_S = 0.36
REFRACTORY_S = 0.3


@kernel
def _mean_of_kept(kept: NDArray[np.float64], row: int, n: int) -> float:
    n = min(n, st.N_LATEST)
    total = 0.0
    for i in range(n):
        total += kept[row, i]
    return total / n if n else 0.0


@kernel
def forget_pulses(s: EcgState) -> None:
    """Forget levels and intervals of the second detector.

    Parameters
    ----------
    s : EcgState
        Carried state; changed in place.
    """
    for k in (st.N_QRS_LEVELS, st.N_NOISE_LEVELS, st.N_PULSE_RR, st.N_PULSES):
        s.tally[k] = 0
    s.value[st.QRS_THRESHOLD] = 0.0
    s.value[st.PULSE_RR_MEAN] = 0.0


@kernel
def _update_threshold(s: EcgState) -> None:
    noise = _mean_of_kept(s.kept, st.NOISE_LEVEL, s.tally[st.N_NOISE_LEVELS])
    qrs = _mean_of_kept(s.kept, st.QRS_LEVEL, s.tally[st.N_QRS_LEVELS])
    s.value[st.QRS_THRESHOLD] = noise + THRESHOLD_SHARE * (qrs - noise)


@kernel
def _accept(s: EcgState, at: int, height: float) -> None:
    c, v = s.tally, s.value
    mask = s.ring.shape[1] - 1
    s.kept[st.QRS_LEVEL, c[st.N_QRS_LEVELS] % st.N_LATEST] = height
    c[st.N_QRS_LEVELS] += 1
    t = s.ring[st.TIME, at & mask]
    if c[st.PULSE_LAST] >= 0:
        s.kept[st.PULSE_RR, c[st.N_PULSE_RR] % st.N_LATEST] = t - s.ring[st.TIME, c[st.PULSE_LAST] & mask]
        c[st.N_PULSE_RR] += 1
        v[st.PULSE_RR_MEAN] = _mean_of_kept(s.kept, st.PULSE_RR, c[st.N_PULSE_RR])
    c[st.PULSE_LAST] = at
    c[st.PULSE_BEST_AT] = -1
    t -= v[st.PULSE_TAU]
    s.kept[st.PULSE_T, c[st.N_PULSES] % st.N_BEATS_KEPT] = t if t >= v[st.JUDGED_FROM] else np.nan
    c[st.N_PULSES] += 1
    _update_threshold(s)


@kernel
def take_peak(s: EcgState, at: int) -> None:
    """Take a local maximum of the envelope as a beat or as noise.

    Parameters
    ----------
    s : EcgState
        Carried state; changed in place.
    at : int
        Sample number of the maximum.
    """
    c, v = s.tally, s.value
    mask = s.ring.shape[1] - 1
    height = s.ring[st.ENERGY, at & mask]
    t = s.ring[st.TIME, at & mask]
    since = np.inf
    if c[st.PULSE_LAST] >= 0:
        since = t - s.ring[st.TIME, c[st.PULSE_LAST] & mask]
    if height > v[st.QRS_THRESHOLD] and since > REFRACTORY_S:
        _accept(s, at, height)
        return
    s.kept[st.NOISE_LEVEL, c[st.N_NOISE_LEVELS] % st.N_LATEST] = height
    c[st.N_NOISE_LEVELS] += 1
    if since > SEARCH_FROM_S and (c[st.PULSE_BEST_AT] < 0 or height > v[st.PULSE_BEST]):
        c[st.PULSE_BEST_AT] = at
        v[st.PULSE_BEST] = height
    _update_threshold(s)


@kernel
def take_missed(s: EcgState) -> None:
    """Take the highest maximum left out since the latest beat if it reaches half the threshold.

    Parameters
    ----------
    s : EcgState
        Carried state with such a maximum; changed in place.
    """
    if s.value[st.PULSE_BEST] > SEARCH_SHARE * s.value[st.QRS_THRESHOLD]:
        _accept(s, s.tally[st.PULSE_BEST_AT], s.value[st.PULSE_BEST])
    else:
        s.tally[st.PULSE_BEST_AT] = -1
