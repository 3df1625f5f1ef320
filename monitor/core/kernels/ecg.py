"""The ECG stage sample by sample: filters, holes, both detectors."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import ecg_state as st
from monitor.core.kernels import kernel
from monitor.core.kernels.ecg_beats import SEARCH_AFTER_RR, emit_candidate, median_of_kept, search_back
from monitor.core.kernels.ecg_pulses import forget_pulses, take_missed, take_peak
from monitor.core.kernels.ecg_state import EcgMemory, EcgState

LONG_HOLE_S = 300.0
GATE_HOLE_S = 10.0
# Closer before a hole the first detector has not decided, and closer after it both begin differently.
UNDECIDED_S = 0.75
UNEQUAL_S = 0.3
# At first the levels of the second detector are those of whatever comes.
LEARNING_S = 2.0
LEVEL_FACTOR = 1.5
MIN_LENGTH_SHARE = 0.4
MISSED_AFTER_RR = 1.5


@kernel
def _section(sections: NDArray[np.float64], k: int, value: float) -> float:
    """One second-order section, transposed direct form II; its state is in the last two columns."""
    y = sections[k, 0] * value + sections[k, 8]
    sections[k, 8] = sections[k, 1] * value - sections[k, 4] * y + sections[k, 9]
    sections[k, 9] = sections[k, 2] * value - sections[k, 5] * y
    return float(y)


@kernel
def _mean(ring: NDArray[np.float64], row: int, lo: int, hi: int) -> float:
    """Mean of the half-open range of sample numbers, in four interleaved sums of fixed order."""
    mask = ring.shape[1] - 1
    at = lo & mask
    n = hi - lo
    a = b = c = d = 0.0
    if at + n <= mask:
        # The same sums in the same order as below, without wrapping; unsigned, so that no index is tested for
        # its sign, which would take twice the time.
        for k in range(n // 4):
            j = np.uint64(at + 4 * k)
            a += ring[row, j]
            b += ring[row, j + np.uint64(1)]
            c += ring[row, j + np.uint64(2)]
            d += ring[row, j + np.uint64(3)]
    else:
        for i in range(lo, hi - 3, 4):
            a += ring[row, i & mask]
            b += ring[row, (i + 1) & mask]
            c += ring[row, (i + 2) & mask]
            d += ring[row, (i + 3) & mask]
    for i in range(hi - n % 4, hi):
        a += ring[row, i & mask]
    return ((a + b) + (c + d)) / n


@kernel
def _start_segment(s: EcgState, x: float, t: float) -> None:
    """Settle the filters on the first sample after a hole, and forget what the hole makes stale."""
    c = s.tally
    last_t = s.value[st.LAST_T]
    gone = t - last_t
    for i in range(st.N_BEATS_KEPT):
        for row in (st.BEAT_T, st.PULSE_T):
            if s.kept[row, i] >= last_t - UNDECIDED_S:
                s.kept[row, i] = np.nan
    afresh = c[st.STARTED] == 0 or gone >= LONG_HOLE_S
    s.value[st.JUDGED_FROM] = t + (LEARNING_S if afresh else UNEQUAL_S)
    for k in range(st.N_SECTIONS):
        s.sections[k, 8] = s.sections[k, 6] * x
        s.sections[k, 9] = s.sections[k, 7] * x
    c[st.SEGMENT_START] = c[st.N]
    c[st.IN_QRS] = 0
    c[st.LAST_PEAK] = -1
    c[st.SEARCHED] = 0
    c[st.BROKEN] = 1
    c[st.PULSE_LAST] = -1
    c[st.PULSE_BEST_AT] = -1
    if c[st.STARTED] == 0 or gone >= GATE_HOLE_S:
        c[st.OPEN] = 0
        c[st.AVAILABLE_FROM] = int(np.ceil(t))
    if gone >= LONG_HOLE_S:
        for k in (st.N_LENGTHS, st.N_RR, st.N_BEATS, st.TEMPLATE_N, st.TEMPLATE_MISSES, st.BLOCK_NUMBER):
            c[k] = 0
        c[st.BLOCK_UP] = c[st.BLOCK_DOWN] = 0
        c[st.BLOCK_START] = c[st.N]
        forget_pulses(s)
    if c[st.STARTED] == 0:
        c[st.NEXT_SECOND] = int(np.floor(t)) + 1
        c[st.STARTED] = 1


@kernel
def _filter_block(s: EcgState, x: NDArray[np.float64], i: int, n: int, stop: int) -> None:
    """Put samples `n` to `stop` through the filters into the rings; `x[i]` is sample `n`."""
    sections, ring, first = s.sections, s.ring, s.tally[st.SEGMENT_START]
    mask = ring.shape[1] - 1
    for k in range(n, stop):
        now, before = k & mask, (k - 1) & mask
        value = x[i + k - n]
        same = k > first and ring[st.RAW, before] == value
        ring[st.RUN, now] = ring[st.RUN, before] + 1.0 if same else 1.0
        ring[st.RAW, now] = value
        base = _section(sections, st.SOS_BASE, value)
        ring[st.BASE, now] = _section(sections, st.SOS_LOW, base)
        band = _section(sections, st.SOS_BAND, value)
        ring[st.BAND, now] = _section(sections, st.SOS_BAND_2, band)
        ring[st.PULSE, now] = _section(sections, st.SOS_PULSE, value)
        if k > first:
            ring[st.CHANGE, now] = abs(ring[st.PULSE, now] - ring[st.PULSE, before])
        if k > first + 1:
            ring[st.STEEP, before] = 0.5 * abs(ring[st.BASE, now] - ring[st.BASE, (k - 2) & mask])


@kernel
def _smooth_block(ring: NDArray[np.float64], size: NDArray[np.int64], n: int, stop: int, first: int) -> None:
    """Boxcars up to sample `stop`, each computed afresh; those at the edge of the segment are shorter."""
    mask = ring.shape[1] - 1
    half, half_level, width = size[st.HALF_SMOOTH], size[st.HALF_LEVEL], size[st.PULSE_SMOOTH]
    for k in range(n, stop):
        ring[st.ENERGY, k & mask] = _mean(ring, st.CHANGE, k - width + 1, k + 1) if k > first + width else 0.0
        m = k - 1 - half
        if m > first:
            ring[st.SMOOTH, m & mask] = _mean(ring, st.STEEP, max(first + 1, m - half), k)
        j = m - half_level
        if j > first:
            mean = _mean(ring, st.SMOOTH, max(first + 1, j - half_level), m + 1)
            ring[st.LEVEL, j & mask] = LEVEL_FACTOR * mean


@kernel
def _close_candidate(s: EcgState, stop: int) -> int:
    """Where the stretch above the threshold stops, or -1 when it is short beside the latest ones."""
    c = s.tally
    c[st.IN_QRS] = 0
    length = float(stop - c[st.QRS_START])
    s.kept[st.LENGTH, c[st.N_LENGTHS] % st.N_LENGTHS_KEPT] = length
    c[st.N_LENGTHS] += 1
    usual = median_of_kept(s.kept, st.LENGTH, min(c[st.N_LENGTHS], st.N_LENGTHS_KEPT))
    return stop if length >= MIN_LENGTH_SHARE * max(usual, s.value[st.MIN_LENGTH]) else -1


@kernel
def _decide_block(s: EcgState, n: int, stop: int, out: NDArray[np.float64]) -> None:
    """Let both detectors decide at each of the samples `n` to `stop`, knowing nothing that comes later."""
    c, v, ring = s.tally, s.value, s.ring
    mask = ring.shape[1] - 1
    first = c[st.SEGMENT_START]
    ahead = 1 + s.size[st.HALF_SMOOTH] + s.size[st.HALF_LEVEL]
    filled = first + s.size[st.PULSE_SMOOTH] + 2
    for k in range(n, stop):
        c[st.N] = k
        if k > filled:
            peak = ring[st.ENERGY, (k - 1) & mask]
            if ring[st.ENERGY, (k - 2) & mask] < peak and ring[st.ENERGY, k & mask] < peak:
                take_peak(s, k - 1)
            if c[st.PULSE_BEST_AT] >= 0 and c[st.PULSE_LAST] >= 0 and c[st.N_PULSE_RR] > 0:
                since = ring[st.TIME, k & mask] - ring[st.TIME, c[st.PULSE_LAST] & mask]
                if since > MISSED_AFTER_RR * v[st.PULSE_RR_MEAN]:
                    take_missed(s)
        j = k - ahead
        if j <= first:
            continue
        end = -1
        late = False
        if ring[st.SMOOTH, j & mask] > ring[st.LEVEL, j & mask]:
            if c[st.IN_QRS] == 0:
                c[st.IN_QRS] = 1
                c[st.QRS_START] = j - 1
        elif c[st.IN_QRS] == 1:
            end = _close_candidate(s, j - 1)
        elif c[st.SEARCHED] == 0 and c[st.LAST_PEAK] >= 0:
            since = ring[st.TIME, j & mask] - v[st.LAST_BEAT_T]
            if since > SEARCH_AFTER_RR * v[st.RR_MEDIAN]:
                end = search_back(s, j)
                late = True
        if end >= 0:
            emit_candidate(s, c[st.QRS_START], end, late, out)
    c[st.N] = stop


@kernel
def advance(
    memory: EcgMemory, t: NDArray[np.float64], x: NDArray[np.float64], start: int, out: NDArray[np.float64]
) -> int:
    """Take samples until they end or the next one begins a new second.

    Parameters
    ----------
    memory : EcgMemory
        Carried state; changed in place.
    t : ndarray of float64, shape (n,)
        Stamps in seconds, strictly increasing.
    x : ndarray of float64, shape (n,)
        Samples in microvolts.
    start : int
        Index of the first sample to take.
    out : ndarray of float64, shape (capacity, 7)
        Beats are written here from row ``tally[N_OUT]`` on.

    Returns
    -------
    int
        Index of the first sample not taken.
    """
    s = EcgState(*memory)
    c, v = s.tally, s.value
    mask = s.ring.shape[1] - 1
    i = start
    while i < x.shape[0]:
        if c[st.STARTED] == 1 and t[i] >= c[st.NEXT_SECOND]:
            return i
        if c[st.STARTED] == 0 or t[i] - v[st.LAST_T] > v[st.HOLE]:
            _start_segment(s, x[i], t[i])
        stop = i
        # A block may not outrun the rings, however the stamps bunch.
        limit = min(x.shape[0], i + s.size[st.SECOND])
        while stop < limit and t[stop] < c[st.NEXT_SECOND]:
            if stop > i and t[stop] - v[st.LAST_T] > v[st.HOLE]:
                break
            v[st.LAST_T] = t[stop]
            s.ring[st.TIME, (c[st.N] + stop - i) & mask] = t[stop]
            stop += 1
        n, end = c[st.N], c[st.N] + stop - i
        _filter_block(s, x, i, n, end)
        _smooth_block(s.ring, s.size, n, end, c[st.SEGMENT_START])
        _decide_block(s, n, end, out)
        i = stop
    return i
