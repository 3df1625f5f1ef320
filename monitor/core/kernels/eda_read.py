"""Windows over the 4-Hz points as they were known at one moment."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.eda_layout import (
    AMPLITUDE,
    CODE,
    DELAY_S,
    DRIVER,
    FIRST_BAD,
    FIRST_POINT,
    FIRST_S,
    GAP,
    INDEX,
    KNOWN_S,
    LATENCY_S,
    N_CODES,
    N_SCR,
    ONSET_S,
    REVOKED_CODE,
    REVOKED_S,
    RING,
    SAMPLE,
    SCL,
    SCR_KNOWN_S,
    SCR_REVOKED_S,
    SCR_RING,
    STEEP,
    STEP_S,
    TONIC_INPUT,
    WARMUP,
)

PHASIC_POINTS: Final = 20
TONIC_POINTS: Final = 40
COUNT_POINTS: Final = 240
STALE_POINTS: Final = 4

# What is read for one window: usable points, steep points, points that exist, commonest trouble.
USABLE: Final = 0
STEEP_N: Final = 1
PRESENT: Final = 2
TROUBLE: Final = 3
WINDOW_WIDTH: Final = 4

TONIC_AT: Final = 0
COUNT_AT: Final = 4
PHASIC_AT: Final = 8
SCL_AT: Final = 12
DRIVER_AT: Final = 13
DRIVER_N_AT: Final = 14
N_SCR_AT: Final = 15
SCR_SUM_AT: Final = 16
READ_WIDTH: Final = 17


@kernel
def _known_code(state: NDArray[np.float64], ring: NDArray[np.float64], point: int, end_s: float) -> int:
    """Give the code of a point as it was known at `end_s`."""
    row = point % RING
    if ring[row, INDEX] != point or ring[row, KNOWN_S] > end_s:
        return WARMUP if point < state[FIRST_POINT] else GAP
    if ring[row, REVOKED_S] <= end_s:
        return int(ring[row, REVOKED_CODE])
    return int(ring[row, CODE])


@kernel
def _summarise(counts: NDArray[np.int64], out: NDArray[np.float64], at: int) -> None:
    """Write the summary of one window."""
    usable = 0
    present = 0
    for code in range(GAP):
        present += counts[code]
        if code < FIRST_BAD:
            usable += counts[code]
    out[at + USABLE] = usable
    out[at + STEEP_N] = counts[STEEP]
    out[at + PRESENT] = present
    trouble = FIRST_BAD
    for code in range(FIRST_BAD + 1, N_CODES):
        if counts[code] > counts[trouble]:
            trouble = code
    out[at + TROUBLE] = trouble


@kernel
def _read_scrs(
    state: NDArray[np.float64],
    scrs: NDArray[np.float64],
    after_s: float,
    until_s: float,
    end_s: float,
    out: NDArray[np.float64],
) -> None:
    """Count the responses with onset in ``(after_s, until_s]`` that were known and not revoked at `end_s`."""
    n = 0
    total = 0.0
    newest = int(state[N_SCR]) - 1
    for i in range(newest, max(-1, newest - SCR_RING), -1):
        row = i % SCR_RING
        if scrs[row, ONSET_S] <= after_s:
            break
        if scrs[row, SCR_KNOWN_S] <= end_s < scrs[row, SCR_REVOKED_S] and scrs[row, ONSET_S] <= until_s:
            n += 1
            total += scrs[row, AMPLITUDE]
    out[N_SCR_AT] = n
    out[SCR_SUM_AT] = total


@kernel
def eda_read(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    scrs: NDArray[np.float64],
    end_s: float,
    out: NDArray[np.float64],
) -> bool:
    """Read all windows that end at `end_s`, from nothing but samples stamped up to `end_s`.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state.
    params : ndarray of float64, shape (N_PARAMS,)
        Design constants.
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points.
    scrs : ndarray of float64, shape (SCR_RING, SCR_WIDTH)
        Responses.
    end_s : float
        End of the windows in seconds.
    out : ndarray of float64, shape (READ_WIDTH,)
        Result; changed in place.

    Returns
    -------
    bool
        False when there was no sample at all by then.
    """
    if state[FIRST_S] > end_s:
        return False
    newest = math.floor((end_s - params[LATENCY_S]) / STEP_S + 1e-6)
    counts = np.zeros(N_CODES, np.int64)
    out[SCL_AT] = np.nan
    driver_sum = 0.0
    n_driver = 0
    found = False
    for back in range(COUNT_POINTS):
        point = newest - back
        code = _known_code(state, ring, point, end_s)
        counts[code] += 1
        if code < FIRST_BAD and back < PHASIC_POINTS and not math.isnan(ring[point % RING, DRIVER]):
            driver_sum += ring[point % RING, DRIVER]
            n_driver += 1
        if code < GAP and back < STALE_POINTS and not found:
            found = True
            out[SCL_AT] = ring[point % RING, SCL]
        if back == PHASIC_POINTS - 1:
            _summarise(counts, out, PHASIC_AT)
        elif back == TONIC_POINTS - 1:
            _summarise(counts, out, TONIC_AT)
    _summarise(counts, out, COUNT_AT)
    out[DRIVER_AT] = driver_sum / n_driver if n_driver else np.nan
    out[DRIVER_N_AT] = n_driver
    _read_scrs(state, scrs, (newest - COUNT_POINTS) * STEP_S, newest * STEP_S, end_s, out)
    return True


@kernel
def read_points(
    state: NDArray[np.float64],
    params: NDArray[np.float64],
    ring: NDArray[np.float64],
    first: int,
    end_s: float,
    out: NDArray[np.float64],
) -> None:
    """Read usable points as they were known at `end_s`, the delay of the filters taken out.

    Parameters
    ----------
    state : ndarray of float64, shape (N_STATE,)
        Carried state.
    params : ndarray of float64, shape (N_PARAMS,)
        Design constants.
    ring : ndarray of float64, shape (RING, POINT_WIDTH)
        Points.
    first : int
        The first point, in steps of session time.
    end_s : float
        What became known later is not used, in seconds.
    out : ndarray of float64, shape (2, n)
        Written: the filtered level and the untouched sample in uS; NaN where not usable.
    """
    # The delay of the low-pass, 0.23 s, is one point to the nearest.
    shift = int(params[DELAY_S] / STEP_S + 0.5)
    for k in range(out.shape[1]):
        point = first + k + shift
        out[0, k] = out[1, k] = math.nan
        if state[FIRST_S] <= end_s and _known_code(state, ring, point, end_s) < FIRST_BAD:
            out[0, k] = ring[point % RING, TONIC_INPUT]
            out[1, k] = ring[point % RING, SAMPLE]
