"""Moments of a session in which two people were more similar than at other times, at a stated rate of mistakes.

For looking back at a session. Single windows say little: each has a chance of its own, and a session has fifty.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.windows_ccf import over_lags, window_correlations
from monitor.core.results import Reason, Status
from monitor.core.synchrony.discovery import adjusted_p
from monitor.core.synchrony.gate import unavailable
from monitor.core.synchrony.pair import Choices, Method, MethodResult, Pair
from monitor.core.synchrony.surrogates import HISTORY_SHIFT

__all__ = ["FALSE_SHARE", "MOMENTS", "Moments", "find_moments"]

WINDOW_S = 60.0

FALSE_SHARE = 0.10
"""Accepted share of mistaken moments, and of sessions of unrelated people that show any."""

MIN_WINDOWS = 10
OK_WINDOWS = 20
_MIN_VALID_SHARE = 0.8
_MIN_STARTS = 199
_STEP_S = 1.0


class Moments(NamedTuple):
    """Windows of a session, each with what chance gives for it; NaN where a window is missing.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n_windows,)
        Centres, in seconds from the first sample.
    mean_z : ndarray of float64, shape (n_windows,)
        Mean Fisher z over all lags.
    max_r : ndarray of float64, shape (n_windows,)
        Largest correlation over all lags.
    lag_s : ndarray of float64, shape (n_windows,)
        Its lag; positive when the first person leads.
    p_mean_z, p_max_r : ndarray of float64, shape (n_windows,)
        Share of the surrogates at least as similar, never 0.
    q : ndarray of float64, shape (n_windows,)
        Twice the smaller of the two p, adjusted for the false discovery rate over the session.
    kept : ndarray of bool, shape (n_windows,)
        Whether `q` is small enough.
    n_surrogates : int
        Pairs of windows from different times, over all windows of the first person; they overlap.
    """

    t_s: NDArray[np.float64]
    mean_z: NDArray[np.float64]
    max_r: NDArray[np.float64]
    lag_s: NDArray[np.float64]
    p_mean_z: NDArray[np.float64]
    p_max_r: NDArray[np.float64]
    q: NDArray[np.float64]
    kept: NDArray[np.bool_]
    n_surrogates: int


def find_moments(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    rate_hz: float = 4.0,
    window_s: float = WINDOW_S,
    lag_s: float = 5.0,
    false_share: float = FALSE_SHARE,
) -> Moments:
    """Compare every window of a session with the other person's windows from other times.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Prepared series of the first and the second person; NaN where missing.
    rate_hz : float, default 4.0
        Samples per second.
    window_s : float, default 60.0
        Length of a window.
    lag_s : float, default 5.0
        Longest lag.
    false_share : float, default 0.10
        Accepted share of mistaken moments.

    Returns
    -------
    Moments
        Without windows when the session is shorter than one with its lags.

    Raises
    ------
    ValueError
        If the series differ in length.

    Notes
    -----
    Windows of the first person do not overlap; the second person's slide beside them. A window counts when at
    every lag 80 % is valid in both. The null model is `HISTORY_SHIFT`, with all windows of the second person
    that start at a whole second at least a window and two longest lags away, earlier or later: nothing is drawn
    at random.

    Windows of the second person that overlap are alike, so those of a session are worth about two hundred: a
    window compared with its own surrogates alone could not have a p below 0.005, and the correction for fifty
    windows asks for 0.002. The statistics are therefore brought to mean 0 and SD 1, window by window, and
    the surrogates of all windows are put together.
    """
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"x and y must be vectors of one length, not {x.shape} and {y.shape}")
    window, longest = round(window_s * rate_hz), round(lag_s * rate_hz)
    places = np.arange(longest, x.size - window - longest + 1, window, dtype=np.int64)
    t_s = np.asarray((places + (window - 1) / 2) / rate_hz, dtype=np.float64)
    if places.size == 0:
        return Moments(t_s, *(t_s,) * 6, np.empty(0, np.bool_), 0)
    least = int(np.ceil(_MIN_VALID_SHARE * window))
    series = (np.array(x, dtype=np.float64), np.array(y, dtype=np.float64))
    # Windows begin at whole steps, so that the true time is one of the columns.
    step = max(1, math.gcd(window, round(_STEP_S * rate_hz)))
    mean_z, max_z, at = over_lags(window_correlations(*series, places, window, least), longest, step)
    rows, columns = np.arange(places.size), (places - longest) // step
    far = np.abs(np.arange(mean_z.shape[1]) - columns[:, None]) * step >= window + 2 * longest
    far &= ~np.isnan(mean_z)
    p_z, p_r = _shares(mean_z, columns, far), _shares(max_z, columns, far)
    q = adjusted_p(np.minimum(1.0, 2.0 * np.minimum(p_z, p_r)))
    known = ~np.isnan(p_z) & ~np.isnan(p_r)
    true_z, true_r = mean_z[rows, columns], np.tanh(max_z[rows, columns])
    lags_s = np.where(known, at[rows, columns] / rate_hz, np.nan)
    return Moments(t_s, true_z, true_r, lags_s, p_z, p_r, q, q <= false_share, int(far.sum()))


def _shares(
    statistic: NDArray[np.float64], columns: NDArray[np.int64], far: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """P of every window against the surrogates of all, each standardised by what its own window gives."""
    true = np.full(columns.size, np.nan)
    pooled = []
    for i, column in enumerate(columns):
        row = statistic[i]
        # Mean and SD of all, the true one included: the same for it as for each of its surrogates.
        known = row[~np.isnan(row)]
        surrogates = row[far[i]]
        if surrogates.size < _MIN_STARTS or not (spread := float(known.std())) > 0.0:
            continue
        true[i] = (row[column] - known.mean()) / spread
        pooled.append((surrogates - known.mean()) / spread)
    if not pooled:
        return true
    ascending = np.sort(np.concatenate(pooled))
    beyond = ascending.size - np.searchsorted(ascending, true, side="left")
    return np.where(np.isnan(true), np.nan, (1.0 + beyond) / (1.0 + ascending.size))


def _compute(pair: Pair, choices: Choices) -> MethodResult:
    if np.array_equal(pair.x, pair.y, equal_nan=True) and not np.isnan(pair.x).all():
        return unavailable(Reason.NO_DATA, "The same signal was given for both people.")
    # A correlation needs some samples: signals of one value a second get longer windows.
    window_s = WINDOW_S * max(1.0, 4.0 / pair.rate_hz)
    found = find_moments(pair.x, pair.y, rate_hz=pair.rate_hz, window_s=window_s, lag_s=choices.lag_s)
    tested = ~np.isnan(found.q)
    n = int(tested.sum())
    if n < MIN_WINDOWS:
        return _shortage(pair, n, window_s)
    n_kept, by_chance = int(found.kept.sum()), 0.05 * n
    low = n < OK_WINDOWS
    return MethodResult(
        status=Status.LOW if low else Status.OK,
        reason=Reason.TOO_FEW_SEGMENTS if low else Reason.NONE,
        text=f"Only {n} windows are valid in both people; {OK_WINDOWS} are needed." if low else "",
        values={
            "n_windows": float(n),
            "n_moments": float(n_kept),
            "n_moments_by_chance_at_most": FALSE_SHARE * n_kept,
            "p_any_by_chance_at_most": FALSE_SHARE,
            "n_windows_p05": float(np.count_nonzero(found.p_mean_z[tested] <= 0.05)),
            "n_windows_p05_by_chance": by_chance,
            "n_surrogates": float(found.n_surrogates),
        },
        series={
            "t_s": pair.t0_s + found.t_s,
            "mean_z": found.mean_z,
            "max_r": found.max_r,
            "lag_of_max": found.lag_s,
            "p_mean_z": found.p_mean_z,
            "p_max_r": found.p_max_r,
            "q": found.q,
            "kept": found.kept.astype(np.float64),
        },
    )


def _shortage(pair: Pair, n: int, window_s: float) -> MethodResult:
    """Why there are too few windows: nothing, a constant, gaps, or simply a short session."""
    if np.isnan(pair.x).all() or np.isnan(pair.y).all():
        return unavailable(Reason.NO_DATA, "One of the two people has no valid sample.")
    if any(float(np.nanmax(series) - np.nanmin(series)) == 0.0 for series in (pair.x, pair.y)):
        return unavailable(Reason.ZERO_VARIANCE, "The signal of one of the two people does not vary.")
    needed = MIN_WINDOWS * window_s / 60.0
    return unavailable(
        Reason.TOO_FEW_SEGMENTS,
        f"{n} windows of {window_s:g} s are valid in both people and can be compared with other times; "
        f"{MIN_WINDOWS} are needed, so at least {needed:g} valid minutes.",
    )


MOMENTS = Method(
    name="moments",
    title="moments of more similarity than at other times of the session",
    unit="1",
    reference="Boker, Xu, Rotondo & King 2002, doi:10.1037/1082-989X.7.3.338; "
    "Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x",
    minimum_s=MIN_WINDOWS * WINDOW_S,
    null_model=HISTORY_SHIFT.title,
    compute=_compute,
)
