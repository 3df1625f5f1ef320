"""From a candidate stretch of ECG to a beat: polarity, peak, refined time, amplitude, template."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import ecg_state as st
from monitor.core.kernels import kernel
from monitor.core.kernels.ecg_state import EcgState
from monitor.core.kernels.ecg_templates import template_correlation

SMALLEST_UV = 20.0
SMALLEST_SHARE = 0.1
PATIENCE_S = 3.0
SEARCH_AFTER_RR = 1.66
SEARCH_FROM_S = 0.36
SEARCH_SHARE = 0.5
CONFIRM_S = 0.15
POLARITY_PERIOD = 6
POLARITY_SHARE = 0.8
OUTLIER_LOW, OUTLIER_HIGH = 0.3, 3.0


@kernel
def median_of_kept(kept: NDArray[np.float64], row: int, n: int) -> float:
    """Return the median of the first entries of a row.

    Parameters
    ----------
    kept : ndarray of float64, shape (rows, columns)
        The latest values of several quantities.
    row : int
        Which quantity.
    n : int
        How many entries, at least one.

    Returns
    -------
    float
        Their median.
    """
    # By insertion: for so few it is as fast as numpy's sort, which takes seconds to compile.
    y = np.empty(n)
    for i in range(n):
        j = i
        while j > 0 and y[j - 1] > kept[row, i]:
            y[j] = y[j - 1]
            j -= 1
        y[j] = kept[row, i]
    return float(0.5 * (y[(n - 1) // 2] + y[n // 2]))


@kernel
def _turn(s: EcgState, polarity: int) -> None:
    """Set the polarity; an interval from an R to an S peak is no interval."""
    c = s.tally
    if c[st.POLARITY] != polarity:
        c[st.POLARITY] = polarity
        c[st.BROKEN] = 1
        c[st.TEMPLATE_N] = 0


@kernel
def _vote(s: EcgState, lo: int, hi: int) -> None:
    """Count which way the larger deflection of this candidate points, and decide where a decision is due."""
    c = s.tally
    base = s.ring[st.BASE]
    mask = base.shape[0] - 1
    line = 0.5 * (base[lo & mask] + base[hi & mask])
    top = bottom = line
    for i in range(lo, hi):
        top = max(top, base[i & mask])
        bottom = min(bottom, base[i & mask])
    if top - line >= line - bottom:
        c[st.BLOCK_UP] += 1
    else:
        c[st.BLOCK_DOWN] += 1
    if c[st.BLOCK_NUMBER] == 0:
        _turn(s, 1 if c[st.BLOCK_UP] >= c[st.BLOCK_DOWN] else -1)


@kernel
def _close_polarity_block(s: EcgState, n: int) -> None:
    """After 10 s: the first block decides, every sixth later one may turn the sign if its votes agree."""
    c = s.tally
    if n - c[st.BLOCK_START] < s.size[st.POLARITY_BLOCK]:
        return
    votes = c[st.BLOCK_UP] + c[st.BLOCK_DOWN]
    against = c[st.BLOCK_DOWN] if c[st.POLARITY] > 0 else c[st.BLOCK_UP]
    if c[st.BLOCK_NUMBER] % POLARITY_PERIOD == 0 and votes >= 5 and against >= POLARITY_SHARE * votes:
        _turn(s, -c[st.POLARITY])
    # Without a beat there was no decision: the first block is not over.
    if votes > 0 or c[st.BLOCK_NUMBER] > 0:
        c[st.BLOCK_NUMBER] += 1
    c[st.BLOCK_START] = n
    c[st.BLOCK_UP] = c[st.BLOCK_DOWN] = 0


@kernel
def _most_prominent(ring: NDArray[np.float64], sign: int, lo: int, hi: int) -> int:
    """Sample number of the most prominent interior local maximum of the half-open range, or -1."""
    row = ring[st.BASE]
    mask = row.shape[0] - 1
    best = -1
    best_prominence = 0.0
    for i in range(lo + 1, hi - 1):
        y = sign * row[i & mask]
        if not (sign * row[(i - 1) & mask] < y and y >= sign * row[(i + 1) & mask]):
            continue
        left = y
        for j in range(i - 1, lo - 1, -1):
            if sign * row[j & mask] > y:
                break
            left = min(left, sign * row[j & mask])
        right = y
        for j in range(i + 1, hi):
            if sign * row[j & mask] > y:
                break
            right = min(right, sign * row[j & mask])
        prominence = y - max(left, right)
        if prominence > best_prominence:
            best = i
            best_prominence = prominence
    return best


@kernel
def _refine(s: EcgState, peak: int) -> tuple[float, int, bool]:
    """Time, sample number and success of the parabola through the extremum of the 5-25 Hz signal."""
    band, time = s.ring[st.BAND], s.ring[st.TIME]
    mask = band.shape[0] - 1
    sign = s.tally[st.POLARITY]
    lo = peak - s.size[st.REFINE_BEFORE]
    hi = peak + s.size[st.REFINE_AFTER]
    if lo < s.tally[st.SEGMENT_START] or hi > s.tally[st.N]:
        return np.nan, -1, False
    k = lo
    for i in range(lo, hi + 1):
        if sign * band[i & mask] > sign * band[k & mask]:
            k = i
    t = time[k & mask] - s.value[st.TAU]
    if k in (lo, hi):
        return t, k, False
    before, here, after = sign * band[(k - 1) & mask], sign * band[k & mask], sign * band[(k + 1) & mask]
    bend = before - 2.0 * here + after
    if bend >= 0.0:
        return t, k, False
    shift = min(0.5, max(-0.5, 0.5 * (before - after) / bend))
    if shift >= 0.0:
        return t + shift * (time[(k + 1) & mask] - time[k & mask]), k, True
    return t + shift * (time[k & mask] - time[(k - 1) & mask]), k, True


@kernel
def _qrs_amplitude(s: EcgState, r: int) -> tuple[float, int]:
    """R minus S of the lightly filtered signal around sample `r`, and where R is."""
    base = s.ring[st.BASE]
    mask = base.shape[0] - 1
    sign = s.tally[st.POLARITY]
    lo = max(s.tally[st.SEGMENT_START], r - s.size[st.NEAR_R])
    top = lo
    for i in range(lo, min(s.tally[st.N], r + s.size[st.NEAR_R]) + 1):
        if sign * base[i & mask] > sign * base[top & mask]:
            top = i
    lowest = sign * base[top & mask]
    for i in range(top, min(s.tally[st.N], top + s.size[st.S_WAVE]) + 1):
        lowest = min(lowest, sign * base[i & mask])
    return sign * base[top & mask] - lowest, top


@kernel
def _write(
    s: EcgState, t: float, amplitude: float, refined: bool, late: bool, out: NDArray[np.float64]
) -> None:
    """Append the beat to the output and to the histories."""
    c = s.tally
    known = min(c[st.N_BEATS], st.N_LATEST)
    outlier = False
    if known >= 4:
        usual = median_of_kept(s.kept, st.AMPLITUDE, known)
        outlier = amplitude < OUTLIER_LOW * usual or amplitude > OUTLIER_HIGH * usual
    row = c[st.N_OUT]
    out[row, st.B_T] = t
    out[row, st.B_AMPLITUDE] = amplitude
    out[row, st.B_USABLE] = float(c[st.OPEN])
    out[row, st.B_WHOLE] = 1.0 - c[st.BROKEN]
    out[row, st.B_REFINED] = 1.0 if refined else 0.0
    out[row, st.B_LATE] = 1.0 if late else 0.0
    out[row, st.B_OUTLIER] = 1.0 if outlier else 0.0
    c[st.N_OUT] += 1
    c[st.BROKEN] = 0
    s.kept[st.AMPLITUDE, c[st.N_BEATS] % st.N_LATEST] = amplitude


@kernel
def _smooth_peak(s: EcgState, lo: int, hi: int) -> int:
    row = s.ring[st.SMOOTH]
    mask = row.shape[0] - 1
    best = lo
    for i in range(lo, hi + 1):
        if row[i & mask] > row[best & mask]:
            best = i
    return best


@kernel
def emit_candidate(s: EcgState, lo: int, hi: int, late: bool, out: NDArray[np.float64]) -> None:
    """Find the R peak of a candidate stretch and write the beat, unless it is none.

    Parameters
    ----------
    s : EcgState
        Carried state; changed in place.
    lo, hi : int
        Sample numbers, half open.
    late : bool
        Whether it was found by searching back.
    out : ndarray of float64, shape (capacity, 7)
        Beats.
    """
    c, v = s.tally, s.value
    mask = s.ring.shape[1] - 1
    height = s.ring[st.SMOOTH, _smooth_peak(s, lo, hi) & mask]
    since = s.ring[st.TIME, hi & mask] - v[st.LAST_BEAT_T]
    known = min(c[st.N_BEATS], st.N_LATEST)
    floor = 0.0
    if known >= 4 and since < PATIENCE_S:
        floor = SMALLEST_SHARE * median_of_kept(s.kept, st.HEIGHT, known)
    if height < floor:
        return
    _close_polarity_block(s, c[st.N])
    _vote(s, lo, hi)
    peak = _most_prominent(s.ring, c[st.POLARITY], lo, hi)
    if peak < 0 or (c[st.LAST_PEAK] >= 0 and peak - c[st.LAST_PEAK] <= s.size[st.REFRACTORY]):
        return
    t, k, refined = _refine(s, peak)
    if k < 0:
        return
    amplitude, top = _qrs_amplitude(s, k - s.size[st.BAND_DELAY])
    if amplitude < SMALLEST_UV or (c[st.N_BEATS] > 0 and t <= v[st.LAST_BEAT_T]):
        return
    _write(s, t, amplitude, refined, late, out)
    if c[st.LAST_PEAK] >= 0:
        s.kept[st.RR_S, c[st.N_RR] % st.N_LATEST] = t - v[st.LAST_BEAT_T]
        c[st.N_RR] += 1
        v[st.RR_MEDIAN] = median_of_kept(s.kept, st.RR_S, min(c[st.N_RR], st.N_LATEST))
    s.kept[st.HEIGHT, c[st.N_BEATS] % st.N_LATEST] = height
    s.kept[st.BEAT_T, c[st.N_BEATS] % st.N_BEATS_KEPT] = t if t >= v[st.JUDGED_FROM] else np.nan
    s.kept[st.BEAT_R, c[st.N_BEATS] % st.N_BEATS_KEPT] = template_correlation(s, top)
    c[st.N_BEATS] += 1
    c[st.LAST_PEAK] = peak
    c[st.SEARCHED] = 0
    v[st.LAST_BEAT_T] = t


@kernel
def _seen_by_second(s: EcgState, t: float) -> bool:
    """Whether the second detector has a beat within 150 ms."""
    for i in range(min(s.tally[st.N_PULSES], st.N_BEATS_KEPT)):  # noqa: SIM110 - a loop is what the compiler understands
        if abs(s.kept[st.PULSE_T, i] - t) <= CONFIRM_S:
            return True
    return False


@kernel
def search_back(s: EcgState, j: int) -> int:
    """Look once for a missed beat, called when the latest is older than 1.66 usual intervals.

    A beat found so must reach half the height usual for the smoothed gradient, because a threshold relative
    to its own surroundings always finds something, and must have been seen by the second detector.

    Parameters
    ----------
    s : EcgState
        Carried state; changed in place.
    j : int
        Sample number of the decision.

    Returns
    -------
    int
        Where a candidate that begins at ``tally[QRS_START]`` stops, or -1.
    """
    c, v = s.tally, s.value
    mask = s.ring.shape[1] - 1
    c[st.SEARCHED] = 1
    if c[st.N_RR] < st.N_LATEST:
        return -1
    lo = c[st.LAST_PEAK] + int(SEARCH_FROM_S * v[st.RATE])
    # Beyond the rings nothing can be searched.
    if lo >= j or j - lo > mask // 2:
        return -1
    best = _smooth_peak(s, lo, j)
    height = s.ring[st.SMOOTH, best & mask]
    if best in (lo, j) or height < SEARCH_SHARE * median_of_kept(s.kept, st.HEIGHT, st.N_LATEST):
        return -1
    if not _seen_by_second(s, s.ring[st.TIME, best & mask]):
        return -1
    first = last = best
    while first > lo and s.ring[st.SMOOTH, (first - 1) & mask] > 0.5 * height:
        first -= 1
    while last < j and s.ring[st.SMOOTH, (last + 1) & mask] > 0.5 * height:
        last += 1
    c[st.QRS_START] = first
    return last
