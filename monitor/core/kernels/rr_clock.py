"""Beat times for RR intervals: made from their arrival, or taken as they came where the sender knew them."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel

N_LAGS = 256
"""Intervals kept for the envelope of the arrival lag."""

N_CLOCK = 8
"""Length of the carried state."""

_ENVELOPE_S = 60.0
_STAY_S = 4.0
_STAY_INTERVALS = 3
# A strap that reports once a second shows lags between none and one interval, in a slow sawtooth when the
# heart beats about once a second too: only more than that tells of a loss.
_JUMP_INTERVALS = 1.0
_JUMP_S = 0.25
_LATEST_S = 5.0
_LONGEST_MS = 4000.0
_SLEW = 0.1
_NEXT_S = 0.001
_JOINED_S = 0.05

_CUMULATED, _OFFSET, LAST_T, _COUNT, _FIRST, _DROPPED, _RR, TIMED = range(N_CLOCK)
"""Places in the state; `LAST_T` is minus infinity at first, `TIMED` not 0 where stamps are beat times."""


@kernel
def _least_lag(lags: NDArray[np.float64], first: int, stop: int, from_s: float, before_s: float) -> float:
    """Smallest lag of the intervals `first` to `stop` that arrived in ``[from_s, before_s]``."""
    least = math.inf
    for i in range(max(first, stop - N_LAGS), stop):
        arrival = lags[0, i % N_LAGS]
        if from_s <= arrival <= before_s:
            least = min(least, lags[1, i % N_LAGS])
    return least


@kernel
def _is_broken(arrival: float, lags: NDArray[np.float64], state: NDArray[np.float64]) -> bool:
    """Tell whether the lag has jumped and stayed, so that intervals must have been lost."""
    first, stop = int(state[_FIRST]), int(state[_COUNT])
    lag = lags[1, (stop - 1) % N_LAGS]
    settled = _least_lag(lags, first, stop, -math.inf, arrival - _STAY_S)
    if settled == math.inf:
        return False
    if lag - settled > _LATEST_S:
        return True
    recent = 0
    for i in range(max(first, stop - N_LAGS), stop):
        if lags[0, i % N_LAGS] > arrival - _STAY_S:
            recent += 1
    stays = _least_lag(lags, first, stop, arrival - _STAY_S, arrival)
    return recent >= _STAY_INTERVALS and stays - settled > _JUMP_INTERVALS * state[_RR] + _JUMP_S


@kernel
def _remember(arrival: float, lags: NDArray[np.float64], state: NDArray[np.float64]) -> None:
    """Take the lag of the newest interval into the ring."""
    slot = int(state[_COUNT]) % N_LAGS
    lags[0, slot] = arrival
    lags[1, slot] = arrival - state[_CUMULATED]
    state[_COUNT] += 1.0


@kernel
def _forget(before_s: float, lags: NDArray[np.float64], state: NDArray[np.float64]) -> None:
    """Leave out of the envelope what arrived before a loss, but never the newest interval."""
    newest = int(state[_COUNT]) - 1
    first = max(int(state[_FIRST]), newest - N_LAGS + 1)
    while first < newest and lags[0, first % N_LAGS] < before_s:
        first += 1
    state[_FIRST] = first


@kernel
def _envelope(arrival: float, lags: NDArray[np.float64], state: NDArray[np.float64]) -> float:
    """Lower envelope of the lag over the last minute."""
    return _least_lag(lags, int(state[_FIRST]), int(state[_COUNT]), arrival - _ENVELOPE_S, arrival)


@kernel
def _take_timed(
    t_s: float,
    rr_ms: float,
    state: NDArray[np.float64],
    out: NDArray[np.float64],
    joined: NDArray[np.bool_],
    n_out: int,
) -> int:
    """Take a beat at the time it came with; how many beats are written then."""
    if t_s <= state[LAST_T]:
        state[_DROPPED] += 1.0
        return n_out
    opening = t_s - 0.001 * rr_ms
    absurd = rr_ms > _LONGEST_MS
    neighbours = abs(opening - state[LAST_T]) <= _JOINED_S
    opens = not absurd and not neighbours and opening > state[LAST_T]
    if opens:
        out[0, n_out] = opening
        out[1, n_out] = math.nan
        joined[n_out] = False
        n_out += 1
    out[0, n_out] = state[LAST_T] = t_s
    out[1, n_out] = rr_ms
    # An interval that begins before the last beat cannot follow it.
    joined[n_out] = not absurd and (neighbours or opens)
    return n_out + 1


@kernel
def time_intervals(
    arrival_s: NDArray[np.float64],
    rr_ms: NDArray[np.float64],
    lags: NDArray[np.float64],
    state: NDArray[np.float64],
    out: NDArray[np.float64],
    joined: NDArray[np.bool_],
) -> int:
    """Give every interval the time of the beat that ends it.

    Parameters
    ----------
    arrival_s : ndarray of float64, shape (n,)
        Arrival stamps in seconds; several intervals may share one. Where ``state[TIMED]`` is not 0: times of the
        beats.
    rr_ms : ndarray of float64, shape (n,)
        Intervals in milliseconds, oldest first.
    lags : ndarray of float64, shape (2, N_LAGS)
        Carried ring: arrival, and arrival minus cumulated intervals.
    state : ndarray of float64, shape (N_CLOCK,)
        Carried state.
    out : ndarray of float64, shape (2, 2 * n)
        Written: time and interval of each beat.
    joined : ndarray of bool, shape (2 * n,)
        Written: whether an interval ends at the beat.

    Returns
    -------
    int
        Number of beats written.
    """
    n_out = 0
    for k in range(arrival_s.shape[0]):
        arrival, rr = arrival_s[k], rr_ms[k]
        if not (math.isfinite(rr) and rr > 0.0 and math.isfinite(arrival)):
            state[_DROPPED] += 1.0
            continue
        if state[TIMED] != 0.0:
            n_out = _take_timed(arrival, rr, state, out, joined, n_out)
            continue
        rr_s = 0.001 * rr
        fresh = state[_COUNT] == 0.0
        # A pause no heart makes says nothing of time: the clock starts again at this beat.
        absurd = rr > _LONGEST_MS
        if not absurd:
            state[_CUMULATED] += rr_s
            state[_RR] = rr_s if state[_RR] == 0.0 else 0.9 * state[_RR] + 0.1 * rr_s
        _remember(arrival, lags, state)
        if fresh or absurd or _is_broken(arrival, lags, state):
            _forget(arrival if absurd else arrival - _STAY_S, lags, state)
            state[_OFFSET] = _envelope(arrival, lags, state)
            opening = state[_CUMULATED] + state[_OFFSET] - (0.0 if absurd else rr_s)
            late = state[LAST_T] + _NEXT_S - opening
            if late > 0.0:
                opening += late
                state[_OFFSET] += late
            out[0, n_out] = state[LAST_T] = opening
            out[1, n_out] = rr if absurd else math.nan
            joined[n_out] = False
            n_out += 1
        else:
            drift = _envelope(arrival, lags, state) - state[_OFFSET]
            state[_OFFSET] += max(-_SLEW * rr_s, min(_SLEW * rr_s, drift))
        if not absurd:
            out[0, n_out] = state[LAST_T] = state[_CUMULATED] + state[_OFFSET]
            out[1, n_out] = rr
            joined[n_out] = True
            n_out += 1
    return n_out
