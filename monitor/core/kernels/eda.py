"""Electrodermal activity sample by sample: holes, despiking, low-pass, 4-Hz points."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.eda_layout import (
    A1,
    A2,
    B0,
    B1,
    B2,
    BIN_MAX,
    BIN_MIN,
    BIN_N,
    BIN_SUM,
    CHANGE_S,
    CLEAN,
    CLEAN_S,
    CODE,
    EVENT_ROWS,
    EVENTS_PER_SAMPLE,
    FILTER_0,
    FILTER_1,
    FILTERED,
    FIRST_BAD,
    FIRST_POINT,
    FIRST_S,
    FLAT_SINCE_S,
    FLATLINE,
    HOLE_S,
    INDEX,
    KNOWN_S,
    LEVEL,
    N_CLEAN,
    N_RAW,
    NEVER,
    NEXT_POINT,
    PAD_CODE,
    PAD_UNTIL_S,
    RAW,
    RAW_BEFORE,
    RAW_LAST,
    RAW_S,
    RESTART_POINT,
    REVOKE_EVENT,
    REVOKED_CODE,
    REVOKED_S,
    RING,
    SAMPLE,
    SCL_NOW,
    SETTLED_0,
    SETTLED_1,
    STEP_S,
    TONIC_INPUT,
)
from monitor.core.kernels.eda_points import (
    is_usable,
    quality_code,
    revoke_points,
    update_driver,
    update_scales,
    update_tonic,
)
from monitor.core.kernels.eda_scr import break_search, close_pending, emit, revoke_scrs, update_scrs

PADDING_S = 5.0
POINTS_PER_SCALE = 8
LONGEST_PAUSE_S = 5.0
PAUSE_GAIN = 1.0 / 32.0


@kernel
def _mark_bad(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    point: int,
    known_s: float,
    events: NDArray[np.float64],
    n: int,
) -> int:
    """Pad a bad point: 5 s forward, and 5 s backward as a revocation of what was already handed out."""
    code = int(ring[point % RING, CODE])
    bad_s = (point - 1) * STEP_S
    if code == FLATLINE:
        bad_s = state[FLAT_SINCE_S]
    start_s = bad_s - PADDING_S
    state[PAD_UNTIL_S] = point * STEP_S + PADDING_S
    state[PAD_CODE] = code
    if revoke_points(ring, math.ceil(start_s / STEP_S), point, known_s, code):
        revoke_scrs(state, params, scrs, start_s, known_s)
        n = emit(events, n, REVOKE_EVENT, start_s, point * STEP_S, float(code), 0.0, 0.0)
    return n


@kernel
def _add_point(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    level: float,
    raw: float,
    known_s: float,
    events: NDArray[np.float64],
    n: int,
) -> int:
    """Complete the next 4-Hz point."""
    point = int(state[NEXT_POINT])
    state[NEXT_POINT] = point + 1
    row = point % RING
    ring[row, INDEX] = point
    ring[row, TONIC_INPUT] = level
    ring[row, RAW] = state[BIN_SUM] / state[BIN_N] if state[BIN_N] > 0.0 else raw
    ring[row, SAMPLE] = state[RAW_LAST]
    ring[row, KNOWN_S] = known_s
    ring[row, REVOKED_S] = NEVER
    ring[row, REVOKED_CODE] = 0.0
    ring[row, CODE] = quality_code(state, ring, point, known_s)
    state[BIN_SUM] = 0.0
    state[BIN_N] = 0.0
    state[BIN_MIN] = NEVER
    state[BIN_MAX] = -NEVER
    if ring[row, CODE] >= FIRST_BAD:
        n = _mark_bad(state, params, ring, scrs, point, known_s, events, n)
    elif point * STEP_S <= state[PAD_UNTIL_S]:
        ring[row, CODE] = state[PAD_CODE]
    update_tonic(state, ring, point)
    update_driver(ring, point)
    if point % POINTS_PER_SCALE == 0:
        update_scales(state, params, ring, point)
    if is_usable(ring, point):
        return update_scrs(state, params, ring, scrs, point, known_s, events, n)
    n = close_pending(state, scrs, events, n, math.nan)
    break_search(state, point + 1)
    return n


@kernel
def _low_pass(state: NDArray[np.float64], params: NDArray[np.float64], x: float) -> float:
    """Filter one sample (transposed direct form II), settled on the first."""
    if params[FILTERED] == 0.0:
        return x
    if state[N_CLEAN] == 0.0:
        state[FILTER_0] = params[SETTLED_0] * x
        state[FILTER_1] = params[SETTLED_1] * x
    y = params[B0] * x + state[FILTER_0]
    state[FILTER_0] = params[B1] * x - params[A1] * y + state[FILTER_1]
    state[FILTER_1] = params[B2] * x - params[A2] * y
    return float(y)


@kernel
def _add_clean(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    stamp_s: float,
    value: float,
    known_s: float,
    events: NDArray[np.float64],
    n: int,
) -> int:
    """Take one despiked sample and complete the points up to it."""
    level = _low_pass(state, params, value)
    if state[N_CLEAN] == 0.0:
        first = math.ceil(stamp_s / STEP_S)
        state[NEXT_POINT] = first
        state[RESTART_POINT] = first
        if state[FIRST_POINT] == NEVER:
            state[FIRST_POINT] = first
        break_search(state, first)
        state[CLEAN_S] = stamp_s
        state[CLEAN] = value
        state[LEVEL] = level
    while state[NEXT_POINT] * STEP_S <= stamp_s:
        step_s = stamp_s - state[CLEAN_S]
        share = (state[NEXT_POINT] * STEP_S - state[CLEAN_S]) / step_s if step_s > 0.0 else 1.0
        level_here = state[LEVEL] + share * (level - state[LEVEL])
        raw_here = state[CLEAN] + share * (value - state[CLEAN])
        n = _add_point(state, params, ring, scrs, level_here, raw_here, known_s, events, n)
    state[BIN_SUM] += value
    state[BIN_N] += 1.0
    state[BIN_MIN] = min(state[BIN_MIN], value)
    state[BIN_MAX] = max(state[BIN_MAX], value)
    state[CLEAN_S] = stamp_s
    state[CLEAN] = value
    state[LEVEL] = level
    state[N_CLEAN] += 1.0
    return n


@kernel
def _restart(
    state: NDArray[np.float64], scrs: NDArray[np.float64], events: NDArray[np.float64], n: int
) -> int:
    """Forget the past after a hole: filters start settled on the next sample, a candidate is dropped."""
    n = close_pending(state, scrs, events, n, math.nan)
    state[N_RAW] = 0.0
    state[N_CLEAN] = 0.0
    state[BIN_SUM] = 0.0
    state[BIN_N] = 0.0
    state[BIN_MIN] = NEVER
    state[BIN_MAX] = -NEVER
    state[SCL_NOW] = math.nan
    return n


@kernel
def eda_push(
    stamps_s: NDArray[np.float64],
    values: NDArray[np.float64],
    start: int,
    params: NDArray[np.float64],
    state: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    events: NDArray[np.float64],
) -> tuple[int, int]:
    """Take samples until they end or the events might overflow.

    Parameters
    ----------
    stamps_s, values : ndarray of float64, shape (n,)
        Stamps in seconds and conductance in uS.
    start : int
        First sample to take.
    params : ndarray of float64, shape (N_PARAMS,)
        Design constants.
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points; changed in place.
    scrs : ndarray of float64, shape (SCR_RING, SCR_WIDTH)
        Responses; changed in place.
    events : ndarray of float64, shape (EVENT_ROWS, EVENT_WIDTH)
        Events of this call; changed in place.

    Returns
    -------
    tuple of int
        Index of the first sample not taken, and the number of events.
    """
    n = 0
    for i in range(start, stamps_s.shape[0]):
        if n > EVENT_ROWS - EVENTS_PER_SAMPLE:
            return i, n
        stamp_s = stamps_s[i]
        value = values[i]
        if state[N_RAW] > 0.0 and stamp_s - state[RAW_S] > params[HOLE_S]:
            n = _restart(state, scrs, events, n)
        if state[FIRST_S] == NEVER:
            state[FIRST_S] = stamp_s
        if state[N_RAW] == 0.0:
            state[FLAT_SINCE_S] = stamp_s
        elif value != state[RAW_LAST]:
            pause_s = min(stamp_s - state[FLAT_SINCE_S], LONGEST_PAUSE_S)
            state[CHANGE_S] += (pause_s - state[CHANGE_S]) * PAUSE_GAIN
            state[FLAT_SINCE_S] = stamp_s
        if state[N_RAW] > 0.0:
            before = state[RAW_BEFORE]
            last = state[RAW_LAST]
            despiked = max(min(before, last), min(max(before, last), value))
            n = _add_clean(state, params, ring, scrs, state[RAW_S], despiked, stamp_s, events, n)
            state[RAW_BEFORE] = last
        else:
            state[RAW_BEFORE] = value
        state[RAW_LAST] = value
        state[RAW_S] = stamp_s
        state[N_RAW] += 1.0
    return stamps_s.shape[0], n


@kernel
def end_recording(state: NDArray[np.float64], scrs: NDArray[np.float64], events: NDArray[np.float64]) -> int:
    """Hand out the response that still waits for its half recovery.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    scrs : ndarray of float64, shape (SCR_RING, SCR_WIDTH)
        Responses.
    events : ndarray of float64, shape (EVENT_ROWS, EVENT_WIDTH)
        Events of this call; changed in place.

    Returns
    -------
    int
        Rows used.
    """
    return close_pending(state, scrs, events, 0, math.nan)
