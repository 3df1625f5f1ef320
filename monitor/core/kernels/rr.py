"""Classification of RR intervals, one beat at a time, two beats late."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.quantiles import push_sorted, sorted_quantile
from monitor.core.kernels.rr_rules import (
    ECTOPIC,
    EXTRA,
    LONG,
    NORMAL,
    SHORT,
    UNUSABLE,
    corrected_interval,
    implausible_class,
    is_ectopic,
    size_class,
)

RING = 128
"""Beats kept in the ring of the classification."""

WINDOW_BEATS = 91
"""Values from which a threshold is taken."""

LEARNING_INTERVALS = 20
"""Intervals without which nothing is classified."""

N_COUNTERS = 9
"""Length of the integer state."""

_ALPHA = 5.2
_FLOOR_MS = 20.0
_MEDIAN_BEFORE, _LOOK_AHEAD = 8, 2
_HELD_MOST = 100
_FORGET_S = 300.0

_T, _RR, _D, _DN, _MED, _M = range(6)
_SEEN, _DONE, _START, _INTERVALS, _COUNT_D, _COUNT_M, _FORCED, _BEFORE, _SHARES = range(9)


@kernel
def _threshold(history: NDArray[np.float64], count: int) -> float:
    n = min(count, history.shape[1])
    if n == 0:
        return _FLOOR_MS
    ascending = history[1]
    quartile_deviation = 0.5 * (sorted_quantile(ascending, n, 0.75) - sorted_quantile(ascending, n, 0.25))
    return max(_FLOOR_MS, _ALPHA * quartile_deviation)


@kernel
def _median_around(beats: NDArray[np.float64], first: int, stop: int) -> float:
    """Median of the finite intervals of beats `first` to `stop` (at most 11)."""
    values = np.empty(_MEDIAN_BEFORE + 1 + _LOOK_AHEAD)
    n = 0
    for i in range(first, stop):
        rr = beats[_RR, i % RING]
        if not math.isnan(rr):
            k = n
            while k > 0 and values[k - 1] > rr:
                values[k] = values[k - 1]
                k -= 1
            values[k] = rr
            n += 1
    return sorted_quantile(values, n, 0.5)


@kernel
def _fill(i: int, beats: NDArray[np.float64], history: NDArray[np.float64], state: NDArray[np.int64]) -> None:
    """Take the deviation of beat `i` from its running median into the second threshold."""
    slot = i % RING
    rr = beats[_RR, slot]
    if math.isnan(rr):
        return
    first = max(state[_START], i - _MEDIAN_BEFORE)
    med = _median_around(beats, first, min(i + _LOOK_AHEAD + 1, state[_SEEN]))
    m = rr - med
    if m < 0.0:
        m *= 2.0
    beats[_MED, slot] = med
    beats[_M, slot] = m
    push_sorted(history[1], state[_COUNT_M], abs(m))
    state[_COUNT_M] += 1


@kernel
def _decide(
    i: int,
    beats: NDArray[np.float64],
    history: NDArray[np.float64],
    state: NDArray[np.int64],
    out: NDArray[np.float64],
    marks: NDArray[np.int64],
    n_out: int,
) -> None:
    """Write the verdict on beat `i` to position `n_out` of the output."""
    slot = i % RING
    rr = beats[_RR, slot]
    out[0, n_out] = beats[_T, slot]
    out[1, n_out] = rr
    marks[1, n_out] = marks[2, n_out] = 0
    if math.isnan(rr):
        out[2, n_out] = math.nan
        marks[0, n_out] = UNUSABLE
        state[_FORCED] = state[_SHARES] = 0
        state[_BEFORE] = 2
        return
    before, seen = i - 1, state[_SEEN]
    rr_before = beats[_RR, before % RING] if before >= state[_START] else math.nan
    d_before = beats[_DN, before % RING] if before >= state[_START] else math.nan
    rr_next = beats[_RR, (i + 1) % RING] if i + 1 < seen else math.nan
    d = beats[_DN, slot]
    d1 = beats[_DN, (i + 1) % RING] if i + 1 < seen else math.nan
    d2 = beats[_DN, (i + 2) % RING] if i + 2 < seen else math.nan
    med = beats[_MED, slot]
    th2 = _threshold(history[1], state[_COUNT_M])
    learned = state[_INTERVALS] >= LEARNING_INTERVALS
    remainder = state[_BEFORE] == 3
    shared = state[_SHARES] == 1
    forced = state[_FORCED] == 1

    code = NORMAL
    next_forced = False
    if remainder:
        pass
    elif learned and not forced and is_ectopic(d, d_before, d1):
        code = ECTOPIC
    elif learned and (forced or math.isnan(d) or abs(d) > 1.0):
        code = size_class(d, d1, d2, beats[_M, slot] / th2, rr, rr_next, med, th2)
        next_forced = not forced and abs(d) > 1.0 and abs(d1) < abs(d2)
    if code == NORMAL and not remainder:
        code = implausible_class(rr, rr_next, med, th2)
    # An ectopic verdict falls on the second of the two intervals that share the misplaced beat.
    shares_next = learned and code != EXTRA and not next_forced and is_ectopic(d1, d, d2)
    # Where the first of the two changed too little to be an artefact of its own, it is still no NN interval.
    nn = code == NORMAL and not remainder and not (shares_next and abs(d) > 0.5)
    if remainder:
        value = corrected_interval(NORMAL, rr_before + rr, 0.0, med, False)
    elif shared and code == ECTOPIC:
        value = corrected_interval(code, rr, rr_before, med, True)
    else:
        value = corrected_interval(code, rr, rr_next, med, shares_next and code in (LONG, SHORT))
    out[2, n_out] = value
    marks[0, n_out] = code
    marks[1, n_out] = 1 if nn else 0
    marks[2, n_out] = 1 if nn and state[_BEFORE] == 1 else 0
    state[_FORCED] = 1 if next_forced else 0
    state[_SHARES] = 1 if shares_next and code in (LONG, SHORT) else 0
    state[_BEFORE] = 3 if code == EXTRA else (1 if nn else 2)


@kernel
def _append(
    t: float, rr: float, beats: NDArray[np.float64], history: NDArray[np.float64], state: NDArray[np.int64]
) -> None:
    """Add a beat and normalise its difference to the interval before."""
    i = state[_SEEN]
    slot = i % RING
    before = beats[_RR, (i - 1) % RING] if i > state[_START] else math.nan
    d = rr - before
    beats[_T, slot] = t
    beats[_RR, slot] = rr
    beats[_D, slot] = d
    beats[_DN, slot] = math.nan
    state[_SEEN] = i + 1
    if math.isnan(rr):
        return
    state[_INTERVALS] += 1
    if not math.isnan(d):
        push_sorted(history[0], state[_COUNT_D], d)
        state[_COUNT_D] += 1
    if state[_INTERVALS] < LEARNING_INTERVALS:
        return
    first = i if state[_INTERVALS] > LEARNING_INTERVALS else max(state[_START], i - RING + 1)
    th1 = _threshold(history[0], state[_COUNT_D])
    for k in range(first, i + 1):
        beats[_DN, k % RING] = beats[_D, k % RING] / th1


@kernel
def _settle(
    ready: int,
    beats: NDArray[np.float64],
    history: NDArray[np.float64],
    state: NDArray[np.int64],
    out: NDArray[np.float64],
    marks: NDArray[np.int64],
    n_out: int,
) -> int:
    """Decide all beats before `ready`; return the new number of beats written."""
    for i in range(state[_DONE], ready):
        _fill(i, beats, history, state)
    for i in range(state[_DONE], ready):
        _decide(i, beats, history, state, out, marks, n_out)
        n_out += 1
    if ready > state[_DONE]:
        state[_DONE] = ready
    return n_out


@kernel
def classify_intervals(
    t_s: NDArray[np.float64],
    rr_ms: NDArray[np.float64],
    joined: NDArray[np.bool_],
    final: bool,
    beats: NDArray[np.float64],
    history: NDArray[np.float64],
    state: NDArray[np.int64],
    out: NDArray[np.float64],
    marks: NDArray[np.int64],
) -> int:
    """Take beats one by one and write what has been decided.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Times of the beats in seconds, ascending.
    rr_ms : ndarray of float64, shape (n,)
        Intervals that end there, in milliseconds.
    joined : ndarray of bool, shape (n,)
        False where no valid interval ends.
    final : bool
        Decide everything pending as well.
    beats : ndarray of float64, shape (6, RING)
        Carried ring of beats.
    history : ndarray of float64, shape (2, 2, WINDOW_BEATS)
        Carried values behind the two thresholds.
    state : ndarray of int64, shape (N_COUNTERS,)
        Carried counters and flags.
    out : ndarray of float64, shape (4, n + RING)
        Written: time, interval, corrected interval, time of the beat that settled it (infinite at the end).
    marks : ndarray of int64, shape (3, n + RING)
        Written: class, whether NN, whether the difference to the interval before is valid.

    Returns
    -------
    int
        Number of beats written.
    """
    n_out = 0
    n = t_s.shape[0]
    for k in range(n + 1 if final else n):
        ending = k == n
        usable = False
        known_s = math.inf
        n_before = n_out
        if not ending:
            t, rr = t_s[k], rr_ms[k]
            known_s = t
            usable = joined[k] and math.isfinite(rr) and rr > 0.0
            i = state[_SEEN]
            if not usable and i > state[_START] and t - beats[_T, (i - 1) % RING] > _FORGET_S:
                n_out = _settle(i, beats, history, state, out, marks, n_out)
                state[_START] = i
                state[_INTERVALS] = state[_COUNT_D] = state[_COUNT_M] = 0
            _append(t, rr if usable else math.nan, beats, history, state)
        ready = state[_SEEN]
        held = not ending and state[_INTERVALS] < LEARNING_INTERVALS and ready - state[_DONE] < _HELD_MOST
        if not held:
            if usable:
                ready -= _LOOK_AHEAD
            n_out = _settle(ready, beats, history, state, out, marks, n_out)
        for written in range(n_before, n_out):
            out[3, written] = known_s
    return n_out


@kernel
def join_beats(
    t_s: NDArray[np.float64],
    usable: NDArray[np.bool_],
    whole: NDArray[np.bool_],
    last_s: float,
    last_usable: bool,
    rr_ms: NDArray[np.float64],
    joined: NDArray[np.bool_],
) -> None:
    """Measure the intervals between beats, and tell which of them are real.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Times of the beats in seconds, ascending.
    usable, whole : ndarray of bool, shape (n,)
        Whether the signal at the beat was usable, and whether nothing came between it and the one before.
    last_s : float
        Time of the beat before them; NaN when there is none.
    last_usable : bool
        Whether the signal there was usable.
    rr_ms : ndarray of float64, shape (n,)
        Written: the interval that ends at each beat, in milliseconds.
    joined : ndarray of bool, shape (n,)
        Written: whether it is real and both its beats are usable.
    """
    for i in range(t_s.shape[0]):
        rr_ms[i] = (t_s[i] - last_s) * 1000.0
        joined[i] = whole[i] and usable[i] and last_usable and math.isfinite(rr_ms[i])
        last_s, last_usable = t_s[i], usable[i]
