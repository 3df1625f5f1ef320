"""Plain numpy of the same definitions: what the compiled code is compared with, and what only a benchmark needs."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.synchrony_people import RATE_HZ, Series

SEGMENT_N, LONGEST = round(30 * RATE_HZ), round(5 * RATE_HZ)


def segments(series: Series) -> Series:
    """Segments of 30 s without their means; missing samples count as the mean."""
    cut = series[: series.size // SEGMENT_N * SEGMENT_N].reshape(-1, SEGMENT_N)
    return np.nan_to_num(cut - np.nanmean(cut, axis=1, keepdims=True))


def fisher_z(x: Series, y: Series) -> Series:
    """Fisher z by lag, segment of x and segment of y: one matrix product a lag."""
    ours, theirs = segments(x), segments(y)
    scale = np.sqrt(np.outer((ours**2).sum(axis=1), (theirs**2).sum(axis=1)))
    z = np.empty((2 * LONGEST + 1, *scale.shape))
    for k in range(-LONGEST, LONGEST + 1):
        early, late = (ours, theirs) if k >= 0 else (theirs, ours)
        products = early[:, : SEGMENT_N - abs(k)] @ late[:, abs(k) :].T
        z[k + LONGEST] = np.arctanh((products if k >= 0 else products.T) / scale)
    return z


def effect_size(z: Series) -> float:
    """Effect size of SUSY: true against all other pairs of segments, in SD over lags."""
    n = z.shape[1]
    real = np.trace(z, axis1=1, axis2=2) / n
    pseudo = (z.sum(axis=(1, 2)) - real * n) / (n * (n - 1))
    return float((real.mean() - pseudo.mean()) / pseudo.std(ddof=1))


def uniform_permutations(
    generator: np.random.Generator, n_segments: int, n_permutations: int
) -> NDArray[np.int64]:
    """Permutations that move every segment by two places or more, all equally likely: by rejection."""
    own = np.arange(n_segments)
    kept: list[NDArray[np.int64]] = []
    while sum(map(len, kept)) < n_permutations:
        # About one in twenty will do.
        drawn = generator.permuted(np.tile(own, (4096, 1)), axis=1)
        kept.append(drawn[(np.abs(drawn - own) >= 2).all(axis=1)].astype(np.int64))
    return np.concatenate(kept)[:n_permutations]


def permutation_z(similarity: Series, permutations: NDArray[np.int64]) -> tuple[float, float]:
    """Z of the true pairing, and its p."""
    own = np.arange(len(similarity))
    true = similarity[own, own].mean()
    null = similarity[own, permutations].mean(axis=1)
    p = (1 + np.count_nonzero(null >= true)) / (len(null) + 1)
    return float((true - null.mean()) / null.std()), p


def loop_statistic(x: Series, y: Series, permutations: NDArray[np.int64]) -> float:
    """Z of the session as a script would do it: a loop over pairs of segments, lags and permutations."""
    ours, theirs = segments(x), segments(y)
    n = len(ours)
    similarity = np.empty((n, n))
    for i in range(n):
        for h in range(n):
            scale = np.sqrt((ours[i] @ ours[i]) * (theirs[h] @ theirs[h]))
            total = 0.0
            for k in range(-LONGEST, LONGEST + 1):
                a, b = (ours[i], theirs[h]) if k >= 0 else (theirs[h], ours[i])
                total += np.arctanh(np.dot(a[: SEGMENT_N - abs(k)], b[abs(k) :]) / scale)
            similarity[i, h] = total / (2 * LONGEST + 1)
    true = np.mean([similarity[i, i] for i in range(n)])
    null = np.array([np.mean([similarity[i, h] for i, h in enumerate(row)]) for row in permutations])
    return float((true - null.mean()) / null.std())


def sliding_r(fixed: Series, others: Series) -> Series:
    """Pearson correlations of a window with every window of each row of `others`, by np.corrcoef's formula."""
    windows = np.lib.stride_tricks.sliding_window_view(others, fixed.size, axis=-1)
    centred = windows - windows.mean(axis=-1, keepdims=True)
    own = fixed - fixed.mean()
    return np.asarray((centred @ own) / np.sqrt((centred**2).sum(axis=-1) * (own @ own)))
