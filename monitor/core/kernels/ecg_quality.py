"""Signal quality of the seconds before one second of the session grid."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import ecg_state as st
from monitor.core.kernels import kernel
from monitor.core.kernels.ecg_state import EcgMemory, EcgState

WINDOW_S = 10
CLEARING_S = 5
SEGMENT_S = 4
# Both detectors have decided on everything older than this.
DECIDED_S = 0.75
MATCH_S = 0.15
BAD_SHARE = 0.05
EXTREME_RUN = 5
MIN_BSQI = 0.9
MIN_TEMPLATE_R = 0.66
FEWEST_BEATS_PER_S = 0.3
FEWEST_S = 4.0
GOOD, SUSPICIOUS, BAD = 2, 1, 0


@kernel
def take_segment(memory: EcgMemory, taper: NDArray[np.float64], segment: NDArray[np.float64]) -> bool:
    """Copy the latest 4 s of the unfiltered signal, without mean and tapered.

    Parameters
    ----------
    memory : EcgMemory
        Carried state.
    taper, segment : ndarray of float64, shape (n,)
        Window function, and where the segment goes.

    Returns
    -------
    bool
        False when the latest 4 s have a hole.
    """
    s = EcgState(*memory)
    n = s.tally[st.N]
    width = segment.shape[0]
    if n - s.tally[st.SEGMENT_START] < width:
        return False
    raw = s.ring[st.RAW]
    mask = raw.shape[0] - 1
    mean = 0.0
    for i in range(width):
        mean += raw[(n - width + i) & mask]
    mean /= width
    for i in range(width):
        segment[i] = (raw[(n - width + i) & mask] - mean) * taper[i]
    return True


@kernel
def _store_bands(s: EcgState, second: int, spectrum: NDArray[np.complex128], valid: bool) -> None:
    column = second % st.N_SECONDS_KEPT
    below_1 = below_40 = qrs = wide = 0.0 if valid else np.nan
    width = 2 * (spectrum.shape[0] - 1)
    for k in range(1, spectrum.shape[0] if valid else 1):
        hz = k * s.value[st.RATE] / width
        if hz > 40.0:
            break
        power = spectrum[k].real ** 2 + spectrum[k].imag ** 2
        below_40 += power
        if hz <= 1.0:
            below_1 += power
        if hz >= 5.0:
            wide += power
            if hz <= 15.0:
                qrs += power
    s.kept[st.BELOW_1_HZ, column] = below_1
    s.kept[st.BELOW_40_HZ, column] = below_40
    s.kept[st.FROM_5_TO_15_HZ, column] = qrs
    s.kept[st.FROM_5_TO_40_HZ, column] = wide


@kernel
def _band_ratios(s: EcgState, start: int, second: int) -> tuple[float, float]:
    """PSQI and basSQI from the mean periodogram of the 4-s segments inside the window."""
    below_1 = below_40 = qrs = wide = 0.0
    n = 0
    for k in range(start + SEGMENT_S, second + 1):
        column = k % st.N_SECONDS_KEPT
        if not np.isnan(s.kept[st.BELOW_1_HZ, column]):
            n += 1
            below_1 += s.kept[st.BELOW_1_HZ, column]
            below_40 += s.kept[st.BELOW_40_HZ, column]
            qrs += s.kept[st.FROM_5_TO_15_HZ, column]
            wide += s.kept[st.FROM_5_TO_40_HZ, column]
    if n == 0 or wide <= 0.0 or below_40 <= 0.0:
        return np.nan, np.nan
    return qrs / wide, 1.0 - below_1 / below_40


@kernel
def _kurtosis(ring: NDArray[np.float64], lo: int, hi: int) -> float:
    """Pearson kurtosis of the half-open range of sample numbers."""
    row = ring[st.BASE]
    mask = row.shape[0] - 1
    n = hi - lo
    mean = 0.0
    for i in range(lo, hi):
        mean += row[i & mask]
    mean /= n
    m2 = m4 = 0.0
    for i in range(lo, hi):
        square = (row[i & mask] - mean) ** 2
        m2 += square
        m4 += square * square
    return n * m4 / (m2 * m2) if m2 > 0.0 else np.nan


@kernel
def _dead_signal(s: EcgState, lo: int, hi: int) -> int:
    """Reason when the signal stands still or at its rail, else `OK`."""
    raw, run = s.ring[st.RAW], s.ring[st.RUN]
    mask = raw.shape[0] - 1
    top = bottom = raw[lo & mask]
    for i in range(lo, hi):
        value = raw[i & mask]
        if value > top:
            top = value
        elif value < bottom:
            bottom = value
    flat_run = float(s.size[st.FLAT_RUN])
    second = float(s.size[st.SECOND])
    flat = railed = longest = 0.0
    for i in range(lo, hi):
        here = run[i & mask]
        if here < EXTREME_RUN:
            continue
        longest = max(longest, here)
        # A run counts whole once it is long enough, then sample by sample.
        if here >= flat_run:
            flat += flat_run if here == flat_run else 1.0
        if raw[i & mask] == top or raw[i & mask] == bottom:
            railed += EXTREME_RUN if here == EXTREME_RUN else 1.0
    if longest >= second:
        return st.FLATLINE
    if flat > BAD_SHARE * (hi - lo):
        return st.LEAD_OFF
    return st.SATURATED if railed > BAD_SHARE * (hi - lo) else st.OK


@kernel
def _agreement(s: EcgState, start_s: float, stop_s: float) -> tuple[float, int]:
    """Share of the beats of both detectors that match, and the number of those of the first, in a window."""
    n_first = n_second = m_first = m_second = 0
    kept_first = min(s.tally[st.N_BEATS], st.N_BEATS_KEPT)
    kept_second = min(s.tally[st.N_PULSES], st.N_BEATS_KEPT)
    for i in range(kept_first):
        t = s.kept[st.BEAT_T, i]
        if start_s <= t < stop_s:
            n_first += 1
            for j in range(kept_second):
                if abs(s.kept[st.PULSE_T, j] - t) <= MATCH_S:
                    m_first += 1
                    break
    for j in range(kept_second):
        t = s.kept[st.PULSE_T, j]
        if start_s <= t < stop_s:
            n_second += 1
            for i in range(kept_first):
                if abs(s.kept[st.BEAT_T, i] - t) <= MATCH_S:
                    m_second += 1
                    break
    # A pair at an edge of the window counts half on either side.
    matched = 0.5 * (m_first + m_second)
    every = n_first + n_second - matched
    return (matched / every if every > 0.0 else np.nan), n_first


@kernel
def _mean_template_r(s: EcgState, start_s: float, stop_s: float) -> float:
    total = 0.0
    n = 0
    for i in range(min(s.tally[st.N_BEATS], st.N_BEATS_KEPT)):
        if start_s <= s.kept[st.BEAT_T, i] < stop_s and not np.isnan(s.kept[st.BEAT_R, i]):
            total += s.kept[st.BEAT_R, i]
            n += 1
    return total / n if n > 0 else np.nan


@kernel
def zhao_acceptable(ksqi: float, psqi: float, bassqi: float, heart_rate_bpm: float) -> bool:
    """Whether the simple fusion of three indices finds the signal at least barely acceptable.

    Parameters
    ----------
    ksqi, psqi, bassqi : float
        Kurtosis, relative power of the QRS, one minus the relative power of the baseline; NaN counts as bad.
    heart_rate_bpm : float
        Heart rate, which shifts the limits of `psqi`.

    Returns
    -------
    bool
        False for "unacceptable".

    References
    ----------
    .. [1] Zhao, Z. & Zhang, Y. (2018). SQI quality evaluation mechanism of single-lead ECG signal based on
       simple heuristic fusion and fuzzy comprehensive evaluation. Frontiers in Physiology 9, 727.
    """
    low, suspect, high = (0.4, 0.3, 0.7) if heart_rate_bpm >= 130.0 else (0.5, 0.4, 0.8)
    k = GOOD if ksqi > 5.0 else BAD
    p = GOOD if low <= psqi <= high else (SUSPICIOUS if suspect <= psqi < low else BAD)
    b = GOOD if bassqi >= 0.95 else (SUSPICIOUS if bassqi >= 0.9 else BAD)
    n_bad = (k == BAD) + (p == BAD) + (b == BAD)
    n_suspicious = (p == SUSPICIOUS) + (b == SUSPICIOUS)
    return not (n_bad >= 2 or (n_bad == 1 and n_suspicious == 2))


@kernel
def _judge(s: EcgState, start: int, second: int, row: NDArray[np.float64]) -> int:
    """Fill the indices of the window and return the reason against it, or `OK`."""
    lo = int(s.kept[st.MARK, start % st.N_SECONDS_KEPT])
    hi = s.tally[st.N]
    n_first = 0
    covered_s = (hi - lo) / s.value[st.RATE]
    if hi - lo >= 2:
        row[st.V_BSQI], n_first = _agreement(s, start - DECIDED_S, second - DECIDED_S)
        row[st.V_TEMPLATE] = _mean_template_r(s, start - DECIDED_S, second - DECIDED_S)
        row[st.V_KSQI] = _kurtosis(s.ring, lo, hi)
        row[st.V_PSQI], row[st.V_BASSQI] = _band_ratios(s, start, second)
        dead = _dead_signal(s, lo, hi)
        if dead != st.OK:
            return dead
    if covered_s < FEWEST_S:
        # So little is no evidence against an open gate, and none for a closed one.
        return st.OK if s.tally[st.OPEN] == 1 else st.GAP
    if n_first < FEWEST_BEATS_PER_S * covered_s:
        return st.TOO_FEW_BEATS
    rate = 60.0 / s.value[st.RR_MEDIAN] if s.tally[st.N_RR] > 0 else 70.0
    shape = row[st.V_TEMPLATE] >= MIN_TEMPLATE_R
    if not shape:
        shape = zhao_acceptable(row[st.V_KSQI], row[st.V_PSQI], row[st.V_BASSQI], rate)
    return st.OK if row[st.V_BSQI] >= MIN_BSQI and shape else st.NOISE


@kernel
def verdict(
    memory: EcgMemory, spectrum: NDArray[np.complex128], valid: bool, row: NDArray[np.float64]
) -> None:
    """Judge the signal before the second that begins now, move the gate, and step to the next second.

    An open gate looks back 10 s, but never beyond the 5 s that opened it; a closed one opens on 5 good
    seconds.

    Parameters
    ----------
    memory : EcgMemory
        Carried state; changed in place.
    spectrum : ndarray of complex128
        Fourier transform of the latest 4 s.
    valid : bool
        Whether `spectrum` means anything.
    row : ndarray of float64, shape (7,)
        The verdict.
    """
    s = EcgState(*memory)
    c = s.tally
    second = c[st.NEXT_SECOND]
    _store_bands(s, second, spectrum, valid)
    row[:] = np.nan
    floor = max(c[st.WINDOW_FLOOR], c[st.AVAILABLE_FROM])
    start = max(second - WINDOW_S, floor) if c[st.OPEN] == 1 else second - CLEARING_S
    if start < c[st.AVAILABLE_FROM]:
        reason = st.WARMUP
    else:
        reason = _judge(s, start, second, row)
        good = 1 if reason == st.OK else 0
        if good != c[st.OPEN]:
            c[st.BROKEN] = 1
            c[st.WINDOW_FLOOR] = start
        c[st.OPEN] = good
    # A second that is mostly a hole is no usable second, whatever the gate says of its neighbours.
    if second - 1 >= c[st.AVAILABLE_FROM]:
        taken = c[st.N] - s.kept[st.MARK, (second - 1) % st.N_SECONDS_KEPT]
        if taken < 0.5 * s.value[st.RATE]:
            reason = st.GAP
    row[st.V_USABLE] = 1.0 if reason == st.OK else 0.0
    row[st.V_REASON] = float(reason)
    s.kept[st.MARK, second % st.N_SECONDS_KEPT] = c[st.N]
    c[st.NEXT_SECOND] = second + 1


@kernel
def skip_seconds(memory: EcgMemory, stop: int) -> None:
    """Step over the seconds of a hole.

    Parameters
    ----------
    memory : EcgMemory
        Carried state; changed in place.
    stop : int
        The first second that is not in the hole.
    """
    s = EcgState(*memory)
    c = s.tally
    for second in range(max(c[st.NEXT_SECOND], stop - st.N_SECONDS_KEPT), stop):
        s.kept[st.MARK, second % st.N_SECONDS_KEPT] = c[st.N]
        for row in range(st.BELOW_1_HZ, st.FROM_5_TO_40_HZ + 1):
            s.kept[row, second % st.N_SECONDS_KEPT] = np.nan
    c[st.NEXT_SECOND] = stop
