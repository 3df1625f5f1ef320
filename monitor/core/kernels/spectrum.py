"""Spectra of unevenly sampled series: spline to a grid, detrend, taper, transform."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel


@kernel
def natural_spline(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    n: int,
    work: NDArray[np.float64],
    first_s: float,
    step_s: float,
    out: NDArray[np.float64],
    n_out: int,
) -> None:
    """Evaluate the natural cubic spline through the knots on an even grid.

    Parameters
    ----------
    x, y : ndarray of float64, shape (capacity,)
        Knots, `x` ascending; the first `n` count.
    n : int
        Number of knots, at least 3.
    work : ndarray of float64, shape (2, capacity)
        Scratch.
    first_s, step_s : float
        The grid, within the knots.
    out : ndarray of float64, shape (>= n_out,)
        Written: values on the grid.
    n_out : int
        Number of grid points.
    """
    second, factor = work[0], work[1]
    second[0] = factor[0] = 0.0
    for i in range(1, n - 1):
        h0, h1 = x[i] - x[i - 1], x[i + 1] - x[i]
        right = 6.0 * ((y[i + 1] - y[i]) / h1 - (y[i] - y[i - 1]) / h0)
        pivot = 2.0 * (h0 + h1) - h0 * factor[i - 1]
        factor[i] = h1 / pivot
        second[i] = (right - h0 * second[i - 1]) / pivot
    second[n - 1] = 0.0
    for i in range(n - 2, 0, -1):
        second[i] -= factor[i] * second[i + 1]
    k = 0
    h = x[1] - x[0]
    per_h, scale = 1.0 / h, h * h / 6.0
    for j in range(n_out):
        s = first_s + j * step_s
        while k < n - 2 and s > x[k + 1]:
            k += 1
            h = x[k + 1] - x[k]
            per_h, scale = 1.0 / h, h * h / 6.0
        a, b = (x[k + 1] - s) * per_h, (s - x[k]) * per_h
        bend = (a * a - 1.0) * a * second[k] + (b * b - 1.0) * b * second[k + 1]
        out[j] = a * y[k] + b * y[k + 1] + bend * scale


@kernel
def detrend_and_taper(values: NDArray[np.float64], n: int) -> float:
    """Remove the line of least squares and apply a Hann taper, in place.

    Parameters
    ----------
    values : ndarray of float64, shape (>= n,)
        Even samples; changed in place.
    n : int
        Number of samples, at least 2.

    Returns
    -------
    float
        Sum of the squared taper.
    """
    centre = 0.5 * (n - 1)
    mean = 0.0
    for i in range(n):
        mean += values[i]
    mean /= n
    cross = 0.0
    square = 0.0
    for i in range(n):
        cross += (i - centre) * (values[i] - mean)
        square += (i - centre) * (i - centre)
    slope = cross / square
    power = 0.0
    # The cosine of the taper by turning a pointer: a few hundred steps lose nothing that matters.
    turn_x, turn_y = math.cos(2.0 * math.pi / n), math.sin(2.0 * math.pi / n)
    x, y = 1.0, 0.0
    for i in range(n):
        taper = 0.5 - 0.5 * x
        values[i] = taper * (values[i] - mean - slope * (i - centre))
        power += taper * taper
        x, y = x * turn_x - y * turn_y, x * turn_y + y * turn_x
    return power


@kernel
def periodogram(
    values: NDArray[np.float64],
    n: int,
    waves: NDArray[np.float64],
    sums: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Squared modulus of the Fourier sum at the frequencies of a table.

    Parameters
    ----------
    values : ndarray of float64, shape (>= n,)
        Even samples.
    n : int
        Number of samples.
    waves : ndarray of float64, shape (2, >= n, n_frequencies)
        Cosine and sine of each frequency at each sample.
    sums : ndarray of float64, shape (2, n_frequencies)
        Scratch.
    out : ndarray of float64, shape (n_frequencies,)
        Written: the squared modulus.
    """
    n_frequencies = out.shape[0]
    for f in range(n_frequencies):
        sums[0, f] = sums[1, f] = 0.0
    for i in range(n):
        value = values[i]
        for f in range(n_frequencies):
            sums[0, f] += value * waves[0, i, f]
            sums[1, f] += value * waves[1, i, f]
    for f in range(n_frequencies):
        out[f] = sums[0, f] * sums[0, f] + sums[1, f] * sums[1, f]


@kernel
def spectral_peak(power: NDArray[np.float64]) -> float:
    """Position of the highest inner maximum, in steps of the frequency grid.

    Parameters
    ----------
    power : ndarray of float64, shape (n_frequencies,)
        Power on an even grid.

    Returns
    -------
    float
        Position refined by a parabola through three points; NaN where no inner point is a maximum.
    """
    best = -1
    for f in range(1, power.shape[0] - 1):
        highest = best < 0 or power[f] > power[best]
        if highest and power[f] > power[f - 1] and power[f] >= power[f + 1]:
            best = f
    if best < 0:
        return math.nan
    left, middle, right = power[best - 1], power[best], power[best + 1]
    return float(best + 0.5 * (left - right) / (left - 2.0 * middle + right))
