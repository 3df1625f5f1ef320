"""Quality, tonic level and phasic driver of one 4-Hz point."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.eda_layout import (
    BIN_MAX,
    BIN_MIN,
    CHANGE_S,
    CODE,
    DRIVER,
    FIRST_BAD,
    FLAT_SINCE_S,
    FLATLINE,
    GOOD,
    INDEX,
    LEAD_OFF,
    MOTION,
    NEVER,
    NOISE,
    NOISE_GAIN,
    RAW,
    RESTART_POINT,
    REVOKED_CODE,
    REVOKED_S,
    RING,
    SAMPLE,
    SATURATED,
    SCL,
    SCL_NOW,
    SPIKE_SCALE,
    STEEP,
    STEP_S,
    TONIC_INPUT,
)

LOWEST_US = 0.05
HIGHEST_US = 60.0
STEEP_US_PER_S = 3.0
IMPOSSIBLE_US_PER_S = 10.0
FLAT_S = 5.0
# A coarsely quantised sensor repeats itself for seconds: constant for 30 times its usual pause is flat.
FLAT_PAUSES = 30.0
LONGEST_FLAT_S = 60.0
FALL_POINTS = 4
RISE_POINTS = 120
TONIC_POINTS = 40
TONIC_MIN_POINTS = 20
NOISE_POINTS = 240
NOISE_MIN_POINTS = 40
SLOW_TAU_S = 2.0
FAST_TAU_S = 0.75
TONIC_DECAY = math.exp(-STEP_S / 5.0)


@kernel
def is_usable(ring: NDArray[np.float64], point: int) -> bool:
    """Tell whether a point is present, not bad and not revoked.

    Parameters
    ----------
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points.
    point : int
        Point index.

    Returns
    -------
    bool
        Usable as far as is known now.
    """
    row = point % RING
    return bool(ring[row, INDEX] == point and ring[row, CODE] < FIRST_BAD and ring[row, REVOKED_S] == NEVER)


@kernel
def _is_motion(state: NDArray[np.float64], ring: NDArray[np.float64], point: int) -> bool:
    """Tell whether the skin cannot have done what this point shows.

    Sweat leaves slowly: a response recovers by far less than three quarters of its height within a second. A
    fall that is both visible (0.05 uS and 4 %) and faster than that, a fall of 20 % whatever came before, and
    a peak sharper than 8 times the scaled median of the absolute second differences are movement.
    """
    start = int(state[RESTART_POINT])
    now = ring[point % RING, RAW]
    top = now
    top_point = point
    for k in range(max(start, point - FALL_POINTS), point):
        if ring[k % RING, RAW] > top:
            top = ring[k % RING, RAW]
            top_point = k
    if top_point == point:
        return False
    fall = top - now
    if fall > max(0.1, 0.2 * top):
        return True
    low = top
    for k in range(max(start, top_point - RISE_POINTS), top_point):
        low = min(low, ring[k % RING, RAW])
    rise = top - low
    if fall > max(0.05, 0.04 * top) and fall > 0.75 * rise:
        return True
    if point - 2 < start or now >= ring[(point - 1) % RING, RAW]:
        return False
    bend = 2.0 * ring[(point - 1) % RING, RAW] - now - ring[(point - 2) % RING, RAW]
    return bool(bend > 8.0 * state[SPIKE_SCALE] and bend > max(0.03, 0.03 * top) and bend > 1.1 * rise)


@kernel
def quality_code(state: NDArray[np.float64], ring: NDArray[np.float64], point: int, known_s: float) -> int:
    """Judge one point by range, constancy, slope and movement.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state.
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points, this one included.
    point : int
        Point index.
    known_s : float
        Stamp of the newest raw sample, in seconds.

    Returns
    -------
    int
        Code of the point, before padding.
    """
    now = ring[point % RING, RAW]
    if min(now, state[BIN_MIN]) < LOWEST_US:
        return LEAD_OFF
    if max(now, state[BIN_MAX]) > HIGHEST_US:
        return SATURATED
    if known_s - state[FLAT_SINCE_S] >= min(max(FLAT_S, FLAT_PAUSES * state[CHANGE_S]), LONGEST_FLAT_S):
        return FLATLINE
    if point - 1 >= int(state[RESTART_POINT]):
        slope = abs(now - ring[(point - 1) % RING, RAW]) / STEP_S
        if slope > IMPOSSIBLE_US_PER_S or _is_motion(state, ring, point):
            return MOTION
        if slope > STEEP_US_PER_S:
            return STEEP
    return GOOD


@kernel
def revoke_points(ring: NDArray[np.float64], first: int, stop: int, known_s: float, code: int) -> bool:
    """Mark usable points of ``[first, stop)`` as revoked.

    Parameters
    ----------
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points; changed in place.
    first, stop : int
        Half-open range of point indices.
    known_s : float
        Stamp of the sample from which this is known, in seconds.
    code : int
        Why.

    Returns
    -------
    bool
        Whether any point changed.
    """
    changed = False
    for k in range(max(first, stop - RING + 1), stop):
        if is_usable(ring, k):
            ring[k % RING, REVOKED_S] = known_s
            ring[k % RING, REVOKED_CODE] = code
            changed = True
    return changed


@kernel
def _select(values: NDArray[np.float64], n: int, rank: int) -> float:
    """Give the element of the given rank among the first `n`, reordering them (Hoare's selection)."""
    low = 0
    high = n - 1
    while low < high:
        pivot = values[rank]
        i = low
        j = high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                swap = values[i]
                values[i] = values[j]
                values[j] = swap
                i += 1
                j -= 1
        if j < rank:
            low = i
        if i > rank:
            high = j
    return float(values[rank])


@kernel
def _median(values: NDArray[np.float64], n: int) -> float:
    """Give the median of the first `n` values, reordering them."""
    upper = _select(values, n, n // 2)
    return upper if n % 2 else 0.5 * (_select(values, n, n // 2 - 1) + upper)


@kernel
def update_scales(
    state: NDArray[np.float64], params: NDArray[np.float64], ring: NDArray[np.float64], point: int
) -> None:
    """Measure noise and typical bend over the trailing 60 s of usable points.

    Noise is 1.4826 times the MAD of the first differences at 4 Hz, divided by the square root of 2. The
    differences are those of untouched samples, because despiking and low-pass tie neighbours together and
    would hide the noise; what those two leave of it is `NOISE_GAIN`.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    params : ndarray of float64, shape (N_PARAMS,)
        Design constants.
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points.
    point : int
        Newest point.
    """
    steps = np.empty(NOISE_POINTS)
    bends = np.empty(NOISE_POINTS)
    n_steps = 0
    n_bends = 0
    run = 0
    for k in range(point - NOISE_POINTS + 1, point + 1):
        if not is_usable(ring, k):
            run = 0
            continue
        row = k % RING
        run += 1
        if run >= 2:
            steps[n_steps] = ring[row, SAMPLE] - ring[(k - 1) % RING, SAMPLE]
            n_steps += 1
        if run >= 3:
            bend = ring[row, RAW] - 2.0 * ring[(k - 1) % RING, RAW] + ring[(k - 2) % RING, RAW]
            bends[n_bends] = abs(bend)
            n_bends += 1
    state[NOISE] = 0.0
    if n_steps >= NOISE_MIN_POINTS:
        middle = _median(steps, n_steps)
        for k in range(n_steps):
            steps[k] = abs(steps[k] - middle)
        mad = _median(steps, n_steps)
        state[NOISE] = params[NOISE_GAIN] * 1.4826 * mad / math.sqrt(2.0)
    state[SPIKE_SCALE] = 1.4826 * _median(bends, n_bends) if n_bends >= NOISE_MIN_POINTS else 0.0


@kernel
def update_tonic(state: NDArray[np.float64], ring: NDArray[np.float64], point: int) -> None:
    """Extend the tonic level: 20th percentile of the trailing 10 s, smoothed with a time constant of 5 s.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state; changed in place.
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points; the row of `point` is completed.
    point : int
        Newest point.
    """
    values = np.empty(TONIC_POINTS)
    n = 0
    for k in range(point - TONIC_POINTS + 1, point + 1):
        if is_usable(ring, k):
            # Kept in order while it is filled: cheaper than a sort for so few values.
            value = ring[k % RING, TONIC_INPUT]
            j = n
            while j > 0 and values[j - 1] > value:
                values[j] = values[j - 1]
                j -= 1
            values[j] = value
            n += 1
    if n < TONIC_MIN_POINTS:
        state[SCL_NOW] = np.nan
    else:
        place = 0.2 * (n - 1)
        below = int(place)
        low = values[below] + (place - below) * (values[below + 1] - values[below])
        before = state[SCL_NOW]
        state[SCL_NOW] = low if math.isnan(before) else low + TONIC_DECAY * (before - low)
    ring[point % RING, SCL] = state[SCL_NOW]


@kernel
def update_driver(ring: NDArray[np.float64], point: int) -> None:
    """Extend the phasic driver by one point, seen one point late.

    The inverse of the two-exponential response, ``(1 + 0.75 s)(1 + 2 s)``, with central differences, above
    the tonic level and clipped at zero.

    Parameters
    ----------
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points; the row of `point` is completed.
    point : int
        Newest point.
    """
    row = point % RING
    ring[row, DRIVER] = np.nan
    if not (is_usable(ring, point) and is_usable(ring, point - 1) and is_usable(ring, point - 2)):
        return
    if math.isnan(ring[row, SCL]):
        return
    new = ring[row, TONIC_INPUT]
    middle = ring[(point - 1) % RING, TONIC_INPUT]
    old = ring[(point - 2) % RING, TONIC_INPUT]
    slope = (new - old) / (2.0 * STEP_S)
    bend = (new - 2.0 * middle + old) / (STEP_S * STEP_S)
    driver = middle - ring[row, SCL] + (FAST_TAU_S + SLOW_TAU_S) * slope + FAST_TAU_S * SLOW_TAU_S * bend
    ring[row, DRIVER] = max(driver, 0.0)
