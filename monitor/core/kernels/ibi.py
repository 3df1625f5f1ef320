"""Intervals between beats on an even grid of session time."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.hrv_survey import GAP_S, KNOWN, NN, RR, TIME, first_at


@kernel
def interpolate_intervals(
    beats: NDArray[np.float64], n: int, first_s: float, step_s: float, end_s: float, out: NDArray[np.float64]
) -> None:
    """Interpolate NN intervals linearly in time; never outside them, never across more than 2 s.

    Parameters
    ----------
    beats : ndarray of float64, shape (N_ROWS, >= n)
        Table of beats; an interval stands at the beat that ends it.
    n : int
        How many count.
    first_s, step_s : float
        First time of the grid and its step, in seconds.
    end_s : float
        Intervals settled later are not known yet.
    out : ndarray of float64, shape (n_times,)
        Written: intervals in ms, NaN where missing.
    """
    right = first_at(beats[TIME], n, first_s)
    left = right - 1
    while left >= 0 and not (beats[NN, left] > 0.0 and beats[KNOWN, left] <= end_s):
        left -= 1
    for k in range(out.shape[0]):
        t = first_s + k * step_s
        while right < n and not (
            beats[TIME, right] >= t and beats[NN, right] > 0.0 and beats[KNOWN, right] <= end_s
        ):
            if beats[TIME, right] < t and beats[NN, right] > 0.0 and beats[KNOWN, right] <= end_s:
                left = right
            right += 1
        out[k] = math.nan
        if right == n:
            continue
        if beats[TIME, right] == t:
            out[k] = beats[RR, right]
        elif left >= 0 and beats[TIME, right] - beats[TIME, left] <= GAP_S:
            share = (t - beats[TIME, left]) / (beats[TIME, right] - beats[TIME, left])
            out[k] = beats[RR, left] + share * (beats[RR, right] - beats[RR, left])
