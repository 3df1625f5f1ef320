"""Skin conductance responses, trough to peak, point by point."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.eda_layout import (
    AMPLITUDE,
    DELAY_S,
    EVENT_WIDTH,
    KIND,
    LAST_PEAK_S,
    N_SCR,
    NEVER,
    NOISE,
    ONSET_S,
    PEAK_S,
    PENDING,
    PENDING_PEAK,
    RING,
    RISE_S,
    RISING,
    SCR_EVENT,
    SCR_KNOWN_S,
    SCR_REVOKED_S,
    SCR_RING,
    SEARCH_FROM,
    STEP_S,
    TONIC_INPUT,
    TOP,
    TOP_S,
    TROUGH,
    TROUGH_S,
)

THRESHOLD_US = 0.05
THRESHOLD_NOISES = 5.0
TROUGH_POINTS = 20
ONSET_SHARE = 0.2
CONFIRM_FALL = 0.1
CONFIRM_S = 0.5
SHORTEST_RISE_S = 0.25
LONGEST_RISE_S = 5.0
SEPARATE_S = 0.7
HALF_RECOVERY_LIMIT_S = 20.0


@kernel
def emit(
    events: NDArray[np.float64], n: int, kind: int, a: float, b: float, c: float, d: float, e: float
) -> int:
    """Append one event row.

    Parameters
    ----------
    events : ndarray of float64, shape (EVENT_ROWS, EVENT_WIDTH)
        Events of this call; changed in place.
    n : int
        Rows already used.
    kind : int
        ``SCR_EVENT`` or ``REVOKE_EVENT``.
    a, b, c, d, e : float
        Fields of the event.

    Returns
    -------
    int
        Rows used now.
    """
    events[n, KIND] = kind
    events[n, 1] = a
    events[n, 2] = b
    events[n, 3] = c
    events[n, 4] = d
    events[n, EVENT_WIDTH - 1] = e
    return n + 1


@kernel
def close_pending(
    state: NDArray[np.float64], scrs: NDArray[np.float64], events: NDArray[np.float64], n: int, half_s: float
) -> int:
    """Hand out the response that waits for its half recovery, if there is one.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    scrs : ndarray of float64, shape (SCR_RING, SCR_WIDTH)
        Responses.
    events : ndarray of float64, shape (EVENT_ROWS, EVENT_WIDTH)
        Events of this call; changed in place.
    n : int
        Rows already used.
    half_s : float
        Half-recovery time in seconds; NaN when it was never seen.

    Returns
    -------
    int
        Rows used now.
    """
    if state[PENDING] < 0.0:
        return n
    row = int(state[PENDING]) % SCR_RING
    state[PENDING] = -1.0
    return emit(
        events,
        n,
        SCR_EVENT,
        scrs[row, ONSET_S],
        scrs[row, PEAK_S],
        scrs[row, AMPLITUDE],
        scrs[row, RISE_S],
        half_s,
    )


@kernel
def break_search(state: NDArray[np.float64], next_point: int) -> None:
    """Drop the running candidate; nothing before `next_point` can be its trough.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    next_point : int
        First point of the new search.
    """
    state[RISING] = 0.0
    state[SEARCH_FROM] = next_point


@kernel
def revoke_scrs(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    scrs: NDArray[np.float64],
    start_s: float,
    known_s: float,
) -> None:
    """Revoke the responses that peaked at or after `start_s`, the pending one included.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    params : ndarray of float64, shape (N_PARAMS,)
        Design constants.
    scrs : ndarray of float64, shape (SCR_RING, SCR_WIDTH)
        Responses; changed in place.
    start_s : float
        Start of what became unusable, in seconds of unshifted time.
    known_s : float
        Stamp of the sample from which this is known, in seconds.
    """
    newest = int(state[N_SCR]) - 1
    for i in range(newest, max(-1, newest - SCR_RING), -1):
        row = i % SCR_RING
        if scrs[row, PEAK_S] + params[DELAY_S] < start_s:
            break
        if scrs[row, SCR_REVOKED_S] == NEVER:
            scrs[row, SCR_REVOKED_S] = known_s
        if state[PENDING] == i:
            state[PENDING] = -1.0


@kernel
def _follow_recovery(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    point: int,
    events: NDArray[np.float64],
    n: int,
) -> int:
    """Look whether the pending response has fallen to half its amplitude."""
    if state[PENDING] < 0.0:
        return n
    row = int(state[PENDING]) % SCR_RING
    half = state[PENDING_PEAK] - 0.5 * scrs[row, AMPLITUDE]
    now = ring[point % RING, TONIC_INPUT]
    elapsed_s = point * STEP_S - params[DELAY_S] - scrs[row, PEAK_S]
    if now <= half:
        before = ring[(point - 1) % RING, TONIC_INPUT]
        share = (now - half) / (now - before) if before > half else 0.0
        return close_pending(state, scrs, events, n, elapsed_s - share * STEP_S)
    if elapsed_s > HALF_RECOVERY_LIMIT_S:
        return close_pending(state, scrs, events, n, math.nan)
    return n


@kernel
def _start_rise(state: NDArray[np.float64], ring: NDArray[np.float64], point: int) -> None:
    """Begin a candidate when the level is a threshold above the lowest point of the last 5 s."""
    now = ring[point % RING, TONIC_INPUT]
    low = now
    low_point = point
    for k in range(point - 1, max(int(state[SEARCH_FROM]), point - TROUGH_POINTS) - 1, -1):
        if ring[k % RING, TONIC_INPUT] < low:
            low = ring[k % RING, TONIC_INPUT]
            low_point = k
    threshold = max(THRESHOLD_US, THRESHOLD_NOISES * state[NOISE])
    if now - low >= threshold:
        # On a level stretch the lowest point is chance; the response began where the level last left it.
        for k in range(low_point, point):
            if ring[k % RING, TONIC_INPUT] <= low + ONSET_SHARE * threshold:
                low_point = k
        state[RISING] = 1.0
        state[TROUGH_S] = low_point * STEP_S
        state[TROUGH] = low
        state[TOP_S] = point * STEP_S
        state[TOP] = now


@kernel
def _follow_rise(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    point: int,
    known_s: float,
    events: NDArray[np.float64],
    n: int,
) -> int:
    """Track the maximum of a candidate and confirm or reject it.

    Confirmed by a fall of 10 % of the amplitude or 0.5 s without a new maximum; rejected when the rise lasts
    less than 0.25 s or more than 5 s. An onset within 0.7 s of the previous peak is superposed on it: it
    ends the previous recovery but is no response of its own.
    """
    now_s = point * STEP_S
    now = ring[point % RING, TONIC_INPUT]
    if now > state[TOP]:
        state[TOP] = now
        state[TOP_S] = now_s
        if now_s - state[TROUGH_S] > LONGEST_RISE_S:
            break_search(state, point)
        return n
    amplitude = state[TOP] - state[TROUGH]
    if state[TOP] - now < CONFIRM_FALL * amplitude and now_s - state[TOP_S] < CONFIRM_S:
        return n
    rise_s = state[TOP_S] - state[TROUGH_S]
    break_search(state, int(state[TOP_S] / STEP_S))
    if rise_s < SHORTEST_RISE_S:
        return n
    n = close_pending(state, scrs, events, n, math.nan)
    separate = state[TROUGH_S] - state[LAST_PEAK_S] >= SEPARATE_S
    state[LAST_PEAK_S] = state[TOP_S]
    if separate:
        i = int(state[N_SCR])
        row = i % SCR_RING
        scrs[row, ONSET_S] = state[TROUGH_S] - params[DELAY_S]
        scrs[row, PEAK_S] = state[TOP_S] - params[DELAY_S]
        scrs[row, AMPLITUDE] = amplitude
        scrs[row, RISE_S] = rise_s
        scrs[row, SCR_KNOWN_S] = known_s
        scrs[row, SCR_REVOKED_S] = NEVER
        state[N_SCR] = i + 1
        state[PENDING] = i
        state[PENDING_PEAK] = state[TOP]
    return n


@kernel
def update_scrs(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    point: int,
    known_s: float,
    events: NDArray[np.float64],
    n: int,
) -> int:
    """Advance the response detector by one usable point.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    params : ndarray of float64, shape (N_PARAMS,)
        Design constants.
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points.
    scrs : ndarray of float64, shape (SCR_RING, SCR_WIDTH)
        Responses; changed in place.
    point : int
        Newest point, usable.
    known_s : float
        Stamp of the sample from which this is known, in seconds.
    events : ndarray of float64, shape (EVENT_ROWS, EVENT_WIDTH)
        Events of this call; changed in place.
    n : int
        Rows already used.

    Returns
    -------
    int
        Rows used now.
    """
    n = _follow_recovery(state, params, ring, scrs, point, events, n)
    if state[RISING] > 0.0:
        return _follow_rise(state, params, ring, scrs, point, known_s, events, n)
    _start_rise(state, ring, point)
    return n
