"""Correlations of the windows of one series with every window of another."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel

_BLOCK = 512
_CONSTANT = 1e-20
_LARGEST_R = 1.0 - 1e-9


@kernel
def _centred(x: NDArray[np.float64], window: int, out: NDArray[np.float64]) -> tuple[int, float]:
    """Write a window minus its mean, 0 where missing; return how many are valid and their sum of squares."""
    n, total, squares = 0, 0.0, 0.0
    for t in range(window):
        if not math.isnan(x[t]):
            n += 1
            total += x[t]
            squares += x[t] * x[t]
    mean = total / n if n else 0.0
    within = 0.0
    for t in range(window):
        out[t] = 0.0 if math.isnan(x[t]) else x[t] - mean
        within += out[t] * out[t]
    # A constant leaves rounding errors, which must not pass for variance.
    return n, within if within > _CONSTANT * squares else 0.0


@kernel
def _joint(x: NDArray[np.float64], y: NDArray[np.float64], window: int, least: int) -> float:
    """Pearson correlation over the samples valid in both; NaN with fewer than `least` or no variance."""
    n, sum_x, sum_y = 0, 0.0, 0.0
    for t in range(window):
        if not (math.isnan(x[t]) or math.isnan(y[t])):
            n += 1
            sum_x += x[t]
            sum_y += y[t]
    if n < least or n < 2:
        return np.nan
    mean_x, mean_y = sum_x / n, sum_y / n
    xx, yy, xy, raw_x, raw_y = 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(window):
        if not (math.isnan(x[t]) or math.isnan(y[t])):
            dx, dy = x[t] - mean_x, y[t] - mean_y
            xx += dx * dx
            yy += dy * dy
            xy += dx * dy
            raw_x += x[t] * x[t]
            raw_y += y[t] * y[t]
    if xx <= _CONSTANT * raw_x or yy <= _CONSTANT * raw_y:
        return np.nan
    return xy / math.sqrt(xx * yy)


@kernel
def window_correlations(
    x: NDArray[np.float64], y: NDArray[np.float64], starts: NDArray[np.int64], window: int, least: int
) -> NDArray[np.float64]:
    """Correlate windows of `x` with the window of `y` at every start.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Series on one grid; NaN where missing.
    starts : ndarray of int64, shape (n_windows,)
        First samples of the windows of `x`, each at most ``n - window``.
    window : int
        Length of a window in samples.
    least : int
        Fewest samples valid in both.

    Returns
    -------
    ndarray of float64, shape (n_windows, n - window + 1)
        Pearson correlations over the samples valid in both; NaN with fewer than `least` or without variance.
    """
    n_starts = y.size - window + 1
    found = np.empty((starts.size, n_starts))
    scratch, xc = np.empty(window), np.empty(window)
    filled, n_valid, yy = np.empty(y.size), np.empty(n_starts, np.int64), np.empty(n_starts)
    for t in range(y.size):
        filled[t] = 0.0 if math.isnan(y[t]) else y[t]
    for o in range(n_starts):
        n_valid[o], yy[o] = _centred(y[o:], window, scratch)
    for i in range(starts.size):
        n_x, xx = _centred(x[starts[i] :], window, xc)
        row = found[i]
        row[:] = 0.0
        # Starts innermost, in blocks that stay in the cache, and two samples at a time: vector code without
        # fastmath, because every start has a sum of its own whose additions keep their order.
        for block in range(0, n_starts, _BLOCK):
            size = min(_BLOCK, n_starts - block)
            sums = row[block : block + size]
            for t in range(0, window - 1, 2):
                one, two = xc[t], xc[t + 1]
                behind, ahead = filled[block + t : block + t + size], filled[block + t + 1 :]
                for o in range(size):
                    sums[o] += one * behind[o] + two * ahead[o]
            if window % 2:
                one, behind = xc[window - 1], filled[block + window - 1 :]
                for o in range(size):
                    sums[o] += one * behind[o]
        for o in range(n_starts):
            if n_x < least or n_valid[o] < least or xx == 0.0 or yy[o] == 0.0:
                row[o] = np.nan
            elif n_x == window and n_valid[o] == window:
                row[o] /= math.sqrt(xx * yy[o])
            else:
                row[o] = _joint(x[starts[i] :], y[o:], window, least)
    return found


@kernel
def over_lags(
    correlations: NDArray[np.float64], longest: int, step: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Summarise correlations over the lags around every start, or every few.

    Parameters
    ----------
    correlations : ndarray of float64, shape (n_windows, n_starts)
        As `window_correlations` gives them.
    longest : int
        Longest lag in samples; ``2 * longest < n_starts``.
    step : int
        From one start to the next.

    Returns
    -------
    mean_z : ndarray of float64, shape (n_windows, n)
        Mean Fisher z over all lags around start ``column * step + longest``; NaN when one of them is missing.
    max_z : ndarray of float64, shape (n_windows, n)
        Largest Fisher z of these lags; NaN when one of them is missing.
    at : ndarray of int64, shape (n_windows, n)
        Its lag in samples, the first of equal ones; 0 when missing.
    """
    n_windows, n_starts = correlations.shape
    n = (n_starts - 2 * longest - 1) // step + 1
    mean_z, max_z = np.empty((n_windows, n)), np.empty((n_windows, n))
    at = np.zeros((n_windows, n), np.int64)
    z = np.empty(n_starts)
    for i in range(n_windows):
        for o in range(n_starts):
            r = correlations[i, o]
            z[o] = math.atanh(min(max(r, -_LARGEST_R), _LARGEST_R)) if not math.isnan(r) else np.nan
        for column in range(n):
            start = column * step
            total, largest, best = 0.0, z[start], 0
            for k in range(2 * longest + 1):
                value = z[start + k]
                total += value
                if value > largest:
                    largest, best = value, k
            known = not math.isnan(total)
            mean_z[i, column] = total / (2 * longest + 1)
            max_z[i, column] = largest if known else np.nan
            at[i, column] = best - longest if known else 0
    return mean_z, max_z, at
