"""Similarity of all pairs of segments of two people, and what permuting the segments gives."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.ccf import lagged_products

MEAN_Z, POSITIVE, DIRECTION = range(3)
"""What is kept of a pair of segments."""

N_KEPT = 3

TOTAL, RECENT, IN_PHASE, ANTI_PHASE, LEAD = range(5)
"""Statistics of a pairing of segments."""

N_STATISTICS = 5

_LARGEST_R = 1.0 - 1e-9


@kernel
def centre_segment(values: NDArray[np.float64], lags: int, out: NDArray[np.float64]) -> float:
    """Subtract the mean of the valid samples, put zeros where missing and beside the ends.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        One segment; NaN where missing.
    lags : int
        Longest lag in samples.
    out : ndarray of float64, shape (n + 2 lags,)
        Written: the centred segment between two margins of zeros.

    Returns
    -------
    float
        Root of the sum of squares.
    """
    n = values.shape[0]
    total = 0.0
    count = 0
    for t in range(n):
        if not math.isnan(values[t]):
            total += values[t]
            count += 1
    mean = total / count if count else 0.0
    energy = 0.0
    out[:] = 0.0
    for t in range(n):
        if not math.isnan(values[t]):
            centred = values[t] - mean
            out[lags + t] = centred
            energy += centred * centred
    return math.sqrt(energy)


@kernel
def _fisher_z(r: float) -> float:
    """Fisher's z of a correlation; finite also where rounding puts it at 1 or beyond."""
    within = min(max(r, -_LARGEST_R), _LARGEST_R)
    return 0.5 * math.log((1.0 + within) / (1.0 - within))


@kernel
def lag_profile(
    x: NDArray[np.float64], y: NDArray[np.float64], lags: int, scale: float, out: NDArray[np.float64]
) -> None:
    """Fisher-z of the correlation at every lag, with the divisor n at all of them.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n + 2 lags,)
        Centred segments between margins of zeros.
    lags : int
        Longest lag in samples.
    scale : float
        Product of the roots of their sums of squares.
    out : ndarray of float64, shape (2 lags + 1,)
        Written: from ``-lags`` to ``lags``; above 0 the first leads (x at t resembles y at t + lag).
    """
    n = x.shape[0] - 2 * lags
    lagged_products(y, x[lags : lags + n], out)
    for k in range(2 * lags + 1):
        out[k] = _fisher_z(out[k] / scale)


@kernel
def _keep(profile: NDArray[np.float64], lags: int, kept: NDArray[np.float32]) -> None:
    """Reduce a profile to its mean, its positive part and its direction."""
    total = profile[lags]
    positive = max(profile[lags], 0.0)
    direction = 0.0
    # Lags are taken in pairs: who is called first then changes the sign of the direction and not one bit more.
    for k in range(1, lags + 1):
        ahead = profile[lags + k]
        behind = profile[lags - k]
        total += ahead + behind
        positive += max(ahead, 0.0) + max(behind, 0.0)
        direction += ahead - behind
    kept[MEAN_Z] = total / (2 * lags + 1)
    kept[POSITIVE] = positive / (2 * lags + 1)
    kept[DIRECTION] = direction / lags


@kernel
def overlap_profile(
    x: NDArray[np.float64], y: NDArray[np.float64], lags: int, out: NDArray[np.float64]
) -> float:
    """Fisher-z of the correlation of what overlaps at every lag, with its own means and divisor.

    Unlike `lag_profile` it does not shrink at long lags, which would draw its peak towards zero.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n + 2 lags,)
        Centred segments between margins of zeros.
    lags : int
        Longest lag in samples.
    out : ndarray of float64, shape (2 lags + 1,)
        Written: from ``-lags`` to ``lags``; above 0 the first leads.

    Returns
    -------
    float
        The largest absolute correlation, between two lags by a parabola.
    """
    n = x.shape[0] - 2 * lags
    largest = 0.0
    at = 0
    for k in range(-lags, lags + 1):
        first, stop = max(0, -k), min(n, n - k)
        sx = 0.0
        sy = 0.0
        sxx = 0.0
        syy = 0.0
        sxy = 0.0
        for t in range(first, stop):
            a = x[lags + t]
            b = y[lags + t + k]
            sx += a
            sy += b
            sxx += a * a
            syy += b * b
            sxy += a * b
        count = stop - first
        scale = math.sqrt(max(sxx - sx * sx / count, 0.0) * max(syy - sy * sy / count, 0.0))
        r = (sxy - sx * sy / count) / scale if scale > 0.0 else 0.0
        out[lags + k] = r
        if abs(r) > largest:
            largest = abs(r)
            at = lags + k
    if 0 < at < 2 * lags:
        before, here, after = out[at - 1], out[at], out[at + 1]
        bend = before - 2.0 * here + after
        if bend * here < 0.0:
            largest = abs(here - 0.125 * (before - after) ** 2 / bend)
    for k in range(2 * lags + 1):
        out[k] = _fisher_z(out[k])
    return largest


@kernel
def extend_similarity(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    x_norm: NDArray[np.float64],
    y_norm: NDArray[np.float64],
    rows: NDArray[np.int64],
    n: int,
    lags: int,
    profile: NDArray[np.float64],
    similarity: NDArray[np.float32],
) -> float:
    """Add the row and the column of the newest segment.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n_rows, n_samples + 2 lags)
        Centred segments of the two people.
    x_norm, y_norm : ndarray of float64, shape (n_rows,)
        Roots of their sums of squares.
    rows : ndarray of int64, shape (>= n,)
        Row of each segment that counts; the newest is the last.
    n : int
        How many count.
    lags : int
        Longest lag in samples.
    profile : ndarray of float64, shape (2 lags + 1,)
        Written: the `overlap_profile` of the newest segment of both.
    similarity : ndarray of float32, shape (>= n, >= n, N_KEPT)
        Changed in place: segment of the first person by segment of the second.

    Returns
    -------
    float
        Largest absolute correlation of the newest segment of both.
    """
    newest = n - 1
    row = rows[newest]
    for i in range(newest):
        other = rows[i]
        lag_profile(x[other], y[row], lags, x_norm[other] * y_norm[row], profile)
        _keep(profile, lags, similarity[i, newest])
        lag_profile(x[row], y[other], lags, x_norm[row] * y_norm[other], profile)
        _keep(profile, lags, similarity[newest, i])
    lag_profile(x[row], y[row], lags, x_norm[row] * y_norm[row], profile)
    _keep(profile, lags, similarity[newest, newest])
    return overlap_profile(x[row], y[row], lags, profile)


@kernel
def pairing_statistics(
    similarity: NDArray[np.float32],
    pairings: NDArray[np.int16],
    weights: NDArray[np.float64],
    turned: bool,
    out: NDArray[np.float64],
) -> None:
    """Average the similarity of paired segments, for every pairing.

    Parameters
    ----------
    similarity : ndarray of float32, shape (>= n, >= n, N_KEPT)
        Segment of the first person by segment of the second.
    pairings : ndarray of int16, shape (n_pairings, n)
        Segment of the second person for each of the first.
    weights : ndarray of float64, shape (n,)
        Weights of the segments in `RECENT`, of sum 1.
    turned : bool
        Whether `pairings` gives segments of the first person for each of the second.
    out : ndarray of float64, shape (N_STATISTICS, n_pairings)
        Written.
    """
    n = pairings.shape[1]
    for s in range(pairings.shape[0]):
        total = 0.0
        recent = 0.0
        positive = 0.0
        direction = 0.0
        for i in range(n):
            j = pairings[s, i]
            kept = similarity[j, i] if turned else similarity[i, j]
            total += kept[MEAN_Z]
            recent += weights[i] * kept[MEAN_Z]
            positive += kept[POSITIVE]
            direction += kept[DIRECTION]
        out[TOTAL, s] = total / n
        out[RECENT, s] = recent
        out[IN_PHASE, s] = positive / n
        out[ANTI_PHASE, s] = (positive - total) / n
        out[LEAD, s] = direction / n
