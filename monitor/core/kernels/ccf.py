"""Correlations of two series over lags: all pairs of segments at once, running windows, running slopes."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel

N_SUMS = 7
"""Rows of each half of the table of `segment_sums`."""


@kernel
def lagged_products(
    shifted: NDArray[np.float64], still: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """Sum ``x[t + k] y[t]`` over one segment pair, for all lags at once.

    The lags are the inner loop, so that they are what the machine does side by side; every lag still adds its
    own products in the order of time, and gets the bits of a loop over one lag.

    Parameters
    ----------
    shifted : ndarray of float64, shape (length + n_lags - 1,)
        Segment x, with as many zeros on either side as the longest lag.
    still : ndarray of float64, shape (length,)
        Segment y.
    out : ndarray of float64, shape (n_lags,)
        Written: the sums, lags ascending.
    """
    length, n_lags = still.shape[0], out.shape[0]
    for k in range(n_lags):
        out[k] = 0.0
    # Four time points a round spare most of the traffic to memory; the additions keep their order.
    whole = length - length % 4
    for t in range(0, whole, 4):
        y0, y1, y2, y3 = still[t], still[t + 1], still[t + 2], still[t + 3]
        for k in range(n_lags):
            total = out[k] + shifted[t + k] * y0
            total += shifted[t + k + 1] * y1
            total += shifted[t + k + 2] * y2
            out[k] = total + shifted[t + k + 3] * y3
    for t in range(whole, length):
        y0 = still[t]
        for k in range(n_lags):
            out[k] += shifted[t + k] * y0


@kernel
def segment_sums(
    x_padded: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    sums: NDArray[np.float64],
) -> None:
    """Correlate every segment of one series with every segment of another and add up what comes out.

    The correlation is that of R's ``ccf``: both segments less their means, the sum of the lagged products over
    the root of the product of the full sums of squares, whatever the lag. Pairs ``(i, h)`` and ``(h, i)`` are
    added to each other first, so that an exchange of the two series reverses the lags and changes no bit.

    Parameters
    ----------
    x_padded : ndarray of float64, shape (n_segments, length + n_lags - 1)
        `x` with ``n_lags // 2`` zeros on either side.
    x, y : ndarray of float64, shape (n_segments, length)
        Segments less their means, zero where missing.
    sums : ndarray of float64, shape (2, 7, n_lags)
        Written: for the pairs ``i = h`` and for all others the sums of ``|r|, |z|, z, z^2``, of ``r > 0``, of
        ``r < 0``, and the number of pairs that have a z; lags ascending, below zero when x comes first.
    """
    n_segments, n_lags = x.shape[0], sums.shape[2]
    squares = np.zeros((2, n_segments))
    for i in range(n_segments):
        for t in range(x.shape[1]):
            squares[0, i] += x[i, t] * x[i, t]
            squares[1, i] += y[i, t] * y[i, t]
    sums[:] = 0.0
    here, there = np.empty(n_lags), np.empty(n_lags)
    for i in range(n_segments):
        lagged_products(x_padded[i], y[i], here)
        here /= math.sqrt(squares[0, i] * squares[1, i])
        _add(here, here, 0.5, sums[0])
        for h in range(i):
            lagged_products(x_padded[i], y[h], here)
            here /= math.sqrt(squares[0, i] * squares[1, h])
            lagged_products(x_padded[h], y[i], there)
            there /= math.sqrt(squares[0, h] * squares[1, i])
            _add(here, there, 1.0, sums[1])


@kernel
def _add(
    one: NDArray[np.float64], two: NDArray[np.float64], weight: float, sums: NDArray[np.float64]
) -> None:
    """Add the terms of two rows of correlations, each pair of terms to each other first; NaN adds nothing."""
    for k in range(one.shape[0]):
        a, b = one[k], two[k]
        # No z of what is no correlation, nor, as in R, of one that rounding put above 1.
        za, zb = math.atanh(a), math.atanh(b)
        n = 2.0
        if math.isnan(za):
            za = 0.0
            n -= 1.0
        if math.isnan(zb):
            zb = 0.0
            n -= 1.0
        a = 0.0 if math.isnan(a) else a
        b = 0.0 if math.isnan(b) else b
        sums[0, k] += weight * (abs(a) + abs(b))
        sums[1, k] += weight * (abs(za) + abs(zb))
        sums[2, k] += weight * (za + zb)
        sums[3, k] += weight * (za * za + zb * zb)
        sums[4, k] += weight * (max(a, 0.0) + max(b, 0.0))
        sums[5, k] += weight * (min(a, 0.0) + min(b, 0.0))
        sums[6, k] += weight * n


@kernel
def windowed_correlations(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    first: int,
    step: int,
    width: int,
    earlier_anchored: bool,
    min_valid: int,
    out: NDArray[np.float64],
) -> None:
    """Pearson correlation of two series in running windows, at every lag.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Series on one grid; NaN where missing.
    first, step, width : int
        Start of the first window, distance of starts, and length of a window, in samples.
    earlier_anchored : bool
        Whether below lag zero y stays at the start of the window and x is taken later; otherwise x always
        stays and y is taken earlier.
    min_valid : int
        Fewest samples valid in both.
    out : ndarray of float64, shape (n_windows, n_lags)
        Written: r within -1 to 1, lags ascending, above zero when x comes first; NaN where fewer samples are
        valid or either does not vary.
    """
    n_windows, n_lags = out.shape
    longest = n_lags // 2
    for w in range(n_windows):
        start = first + w * step
        for j in range(n_lags):
            k = j - longest
            if earlier_anchored and k < 0:
                out[w, j] = _pearson(x, start - k, y, start, width, min_valid)
            else:
                out[w, j] = _pearson(x, start, y, start + k, width, min_valid)


@kernel
def _pearson(
    x: NDArray[np.float64], x_start: int, y: NDArray[np.float64], y_start: int, width: int, min_valid: int
) -> float:
    """Pearson correlation over the samples valid in both, in two passes."""
    n = 0
    x_first = y_first = x_sum = y_sum = 0.0
    for t in range(width):
        a, b = x[x_start + t], y[y_start + t]
        if math.isnan(a) or math.isnan(b):
            continue
        # Seen from its own first value a constant is exactly zero, whatever it is.
        if n == 0:
            x_first, y_first = a, b
        n += 1
        x_sum += a - x_first
        y_sum += b - y_first
    if n < min_valid or n == 0:
        return math.nan
    x_mean, y_mean = x_sum / n, y_sum / n
    xx = yy = xy = 0.0
    for t in range(width):
        a, b = x[x_start + t], y[y_start + t]
        if math.isnan(a) or math.isnan(b):
            continue
        a -= x_first
        b -= y_first
        a -= x_mean
        b -= y_mean
        xx += a * a
        yy += b * b
        xy += a * b
    if xx == 0.0 or yy == 0.0:
        return math.nan
    return float(min(1.0, max(-1.0, xy / math.sqrt(xx * yy))))


@kernel
def running_slopes(
    values: NDArray[np.float64], step: int, width: int, rate_hz: float, out: NDArray[np.float64]
) -> None:
    """Slopes of the lines of least squares in running windows.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Even samples; NaN where missing.
    step, width : int
        Distance of starts and length of a window, in samples.
    rate_hz : float
        Samples per second.
    out : ndarray of float64, shape (n_windows,)
        Written: slope per second; NaN where a sample of the window is missing.
    """
    centre = 0.5 * (width - 1)
    square = 0.0
    for i in range(width):
        square += (i - centre) * (i - centre)
    for w in range(out.shape[0]):
        start = w * step
        cross = 0.0
        for i in range(width):
            cross += (i - centre) * (values[start + i] - values[start])
        out[w] = cross / square * rate_hz
