"""Breathing rate from what breathing does to the heart beat."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.spectrum import detrend_and_taper, natural_spline, periodogram, spectral_peak

RATE_HZ = 4.0
LENGTH_S = 30.0
FIRST_HZ, STEP_HZ = 0.1, 0.01

CODE_OK, CODE_LOW, CODE_NA = range(3)
CODE_NONE, CODE_NO_DATA, CODE_GAP, CODE_TOO_FEW, CODE_WARMUP, CODE_NOISE = range(6)

_T, _RR, _AMPLITUDE, _OK = range(4)
_GAP_S = 2.0
_SHORTEST_S = 25.0
_FEWEST = 10
_AGREEMENT_HZ = 0.03


@kernel
def _peak_hz(
    beats: NDArray[np.float64],
    row: int,
    lo: int,
    hi: int,
    waves: NDArray[np.float64],
    scratch: NDArray[np.float64],
    bins: NDArray[np.float64],
) -> float:
    """Peak frequency of one series over the window; NaN where there is none."""
    x, y, grid = scratch[0], scratch[1], scratch[2]
    n = 0
    for k in range(lo, hi):
        if beats[_OK, k] == 1.0 and math.isfinite(beats[row, k]):
            x[n], y[n] = beats[_T, k], beats[row, k]
            n += 1
    n_grid = min(math.floor((x[n - 1] - x[0]) * RATE_HZ) + 1, waves.shape[1])
    natural_spline(x, y, n, scratch[3:5], x[0], 1.0 / RATE_HZ, grid, n_grid)
    detrend_and_taper(grid, n_grid)
    periodogram(grid, n_grid, waves, bins[0:2], bins[2])
    return FIRST_HZ + STEP_HZ * spectral_peak(bins[2])


@kernel
def estimate_breathing(
    beats: NDArray[np.float64],
    n: int,
    end_s: float,
    start_s: float,
    waves: NDArray[np.float64],
    scratch: NDArray[np.float64],
    bins: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Estimate the breathing rate of the 30 s before `end_s`.

    Parameters
    ----------
    beats : ndarray of float64, shape (4, capacity)
        Rows: time in seconds, interval in ms, QRS amplitude in microvolts, usable.
    n : int
        Beats that count.
    end_s, start_s : float
        End of the window and first beat of the session, in seconds.
    waves : ndarray of float64, shape (2, 120, n_frequencies)
        Cosine and sine of each frequency at each sample.
    scratch : ndarray of float64, shape (5, capacity)
        Scratch.
    bins : ndarray of float64, shape (3, n_frequencies)
        Scratch.
    out : ndarray of float64, shape (4,)
        Written: breaths per minute, status code, reason code, coverage.
    """
    begin = end_s - LENGTH_S
    lo = hi = 0
    while hi < n and beats[_T, hi] < end_s:
        if beats[_T, hi] < begin:
            lo = hi + 1
        hi += 1
    m = n_amplitude = 0
    total = hole = covered = 0.0
    first = last = math.nan
    for k in range(lo, hi):
        if beats[_OK, k] == 0.0 or not math.isfinite(beats[_RR, k]):
            continue
        t, rr_s = beats[_T, k], 0.001 * beats[_RR, k]
        if m == 0:
            first = t
        else:
            hole = max(hole, t - rr_s - last)
        last = t
        total += rr_s
        covered += min(rr_s, t - begin)
        m += 1
        if math.isfinite(beats[_AMPLITUDE, k]):
            n_amplitude += 1
    cover = min(1.0, covered / LENGTH_S)
    out[0], out[1], out[3] = math.nan, CODE_NA, cover
    if hi == lo or (hi - lo >= _FEWEST and n_amplitude == 0):
        out[2] = CODE_NO_DATA
        return
    if m < _FEWEST or n_amplitude < _FEWEST or n_amplitude < 0.8 * m or last - first < _SHORTEST_S:
        out[2] = (
            CODE_WARMUP if start_s > begin else (CODE_GAP if m < hi - lo or hole > _GAP_S else CODE_TOO_FEW)
        )
        return
    if hole > _GAP_S:
        out[2] = CODE_GAP
        return
    by_amplitude = _peak_hz(beats, _AMPLITUDE, lo, hi, waves, scratch, bins)
    by_interval = _peak_hz(beats, _RR, lo, hi, waves, scratch, bins)
    value = 0.5 * (by_amplitude + by_interval)
    # Breathing faster than half the heart rate appears as something slower (Grossman & Taylor 2007).
    if not abs(by_amplitude - by_interval) <= _AGREEMENT_HZ or value >= 0.5 * m / total:
        out[2] = CODE_NOISE
        return
    out[0] = 60.0 * value
    out[1], out[2] = (CODE_OK, CODE_NONE) if cover >= 0.8 else (CODE_LOW, CODE_GAP)
