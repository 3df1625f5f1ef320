"""From a signal on the 4-Hz grid to the series that are correlated; every value depends on its surroundings alone."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel


@kernel
def slopes(raw: NDArray[np.float64], half: int, step_s: float, first: int, out: NDArray[np.float64]) -> None:
    """Least-squares slope around each sample; missing where one sample of its window is.

    Parameters
    ----------
    raw : ndarray of float64, shape (n,)
        The signal; NaN where missing.
    half : int
        Samples on either side of the centre.
    step_s : float
        From one sample to the next, in seconds.
    first : int
        Index in `raw` of the first centre.
    out : ndarray of float64, shape (m,)
        Written: slopes in units per second.
    """
    scale = 0.0
    for j in range(1, half + 1):
        scale += 2.0 * j * j
    scale *= step_s
    for k in range(out.shape[0]):
        centre = first + k
        out[k] = math.nan
        if centre < half or centre + half >= raw.shape[0]:
            continue
        total = 0.0 * raw[centre]
        for j in range(1, half + 1):
            total += j * (raw[centre + j] - raw[centre - j])
        out[k] = total / scale


@kernel
def detrended(raw: NDArray[np.float64], half: int, least: int, first: int, out: NDArray[np.float64]) -> None:
    """Each sample minus the least-squares line through the valid samples around it.

    Parameters
    ----------
    raw : ndarray of float64, shape (n,)
        The signal; NaN where missing.
    half : int
        Samples on either side.
    least : int
        Fewest valid samples for a line.
    first : int
        Index in `raw` of the first sample wanted.
    out : ndarray of float64, shape (m,)
        Written: the signal without its slow course; NaN where missing.
    """
    n = raw.shape[0]
    for k in range(out.shape[0]):
        centre = first + k
        out[k] = math.nan
        if centre < 0 or centre >= n or math.isnan(raw[centre]):
            continue
        level = raw[centre]
        count = 0
        st = 0.0
        stt = 0.0
        sx = 0.0
        stx = 0.0
        for i in range(max(0, centre - half), min(n, centre + half + 1)):
            # Relative to the centre: large levels must not cost digits.
            value = raw[i] - level
            if not math.isnan(value):
                t = float(i - centre)
                count += 1
                st += t
                stt += t * t
                sx += value
                stx += t * value
        if count < least:
            continue
        spread = count * stt - st * st
        slope = (count * stx - st * sx) / spread if spread > 0.0 else 0.0
        out[k] = -(sx - slope * st) / count


@kernel
def step_scale(samples: NDArray[np.float64]) -> float:
    """Scaled median absolute deviation of the steps from sample to sample.

    Parameters
    ----------
    samples : ndarray of float64, shape (n,)
        Samples; NaN where missing.

    Returns
    -------
    float
        1.4826 times the MAD of the steps between valid neighbours; 0.0 without any.
    """
    steps = np.empty(samples.shape[0])
    n = 0
    for k in range(1, samples.shape[0]):
        step = samples[k] - samples[k - 1]
        if not math.isnan(step):
            steps[n] = step
            n += 1
    if n == 0:
        return 0.0
    ordered = np.sort(steps[:n])
    middle = 0.5 * (ordered[(n - 1) // 2] + ordered[n // 2])
    ordered = np.sort(np.abs(steps[:n] - middle))
    return float(1.4826 * 0.5 * (ordered[(n - 1) // 2] + ordered[n // 2]))
