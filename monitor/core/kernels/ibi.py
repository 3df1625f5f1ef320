"""Intervals between beats on an even grid of session time."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.hrv_survey import GAP_S, KNOWN, NN, RR, TIME, first_at


@kernel
def _is_known(beats: NDArray[np.float64], i: int, end_s: float) -> bool:
    """Whether an NN interval ends at a beat, and this was settled in time."""
    return bool(beats[NN, i] > 0.0 and beats[KNOWN, i] <= end_s)


@kernel
def _middle_s(beats: NDArray[np.float64], i: int) -> float:
    """Middle of the interval that ends at a beat."""
    return float(beats[TIME, i] - 0.0005 * beats[RR, i])


@kernel
def interpolate_intervals(
    beats: NDArray[np.float64], n: int, first_s: float, step_s: float, end_s: float, out: NDArray[np.float64]
) -> None:
    """Interpolate NN intervals linearly in time; never outside them, never across more than 2 s.

    An interval stands at its middle: at the beat that ends it, a slower heart would seem to come later.

    Parameters
    ----------
    beats : ndarray of float64, shape (N_ROWS, >= n)
        Table of beats.
    n : int
        How many count.
    first_s, step_s : float
        First time of the grid and its step, in seconds.
    end_s : float
        Intervals settled later are not known yet.
    out : ndarray of float64, shape (n_times,)
        Written: intervals in ms, NaN where missing.
    """
    # Middles lie up to a second before the beats by which they are found.
    right = max(first_at(beats[TIME], n, first_s) - 1, 0)
    left = -1
    for i in range(right - 1, -1, -1):
        if _is_known(beats, i, end_s):
            left = i
            break
    for k in range(out.shape[0]):
        t = first_s + k * step_s
        while right < n and not (_is_known(beats, right, end_s) and _middle_s(beats, right) >= t):
            if _is_known(beats, right, end_s):
                left = right
            right += 1
        out[k] = math.nan
        if right == n:
            continue
        after_s = _middle_s(beats, right)
        if after_s == t:
            out[k] = beats[RR, right]
        elif left >= 0 and after_s - _middle_s(beats, left) <= GAP_S:
            before_s = _middle_s(beats, left)
            share = (t - before_s) / (after_s - before_s)
            out[k] = beats[RR, left] + share * (beats[RR, right] - beats[RR, left])
