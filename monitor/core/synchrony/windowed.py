"""Windowed cross-correlation with lags, in the variants of Boker and of rMEA, and its peaks."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.ccf import windowed_correlations
from monitor.core.results import Reason
from monitor.core.synchrony.gate import MINIMUM_S, VALID_SHARE, graded, samples, unavailable, withheld
from monitor.core.synchrony.pair import Choices, Method, MethodResult, Pair

Variant = Literal["symmetric", "rmea"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowedCorrelation:
    """Correlations of two series in running windows, at every lag.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n_windows,)
        Centre of each window at lag 0, in seconds from the first sample.
    lag_s : ndarray of float64, shape (n_lags,)
        Lags in seconds, ascending; above zero when the first comes first.
    r : ndarray of float64, shape (n_windows, n_lags)
        Pearson correlations; NaN where less than 80 % is valid in both or either does not vary.
    """

    t_s: NDArray[np.float64]
    lag_s: NDArray[np.float64]
    r: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowedSummary:
    """Fisher's z of windowed correlations, averaged over lags and windows; NaN cells are left out.

    Parameters
    ----------
    n_windows : int
        Windows with a value.
    grand_average : float
        Mean of `by_window`.
    by_window : ndarray of float64, shape (n_windows,)
        Mean over all lags.
    lag_zero : ndarray of float64, shape (n_windows,)
        At lag 0.
    first_earlier, second_earlier : ndarray of float64, shape (n_windows,)
        Mean over the lags at which the first, or the second, comes first (rMEA's s1 and s2 lead).
    best_lag_s : ndarray of float64, shape (n_windows,)
        Lag of the greatest value. The greatest of many is positively biased: never compare it with a null of
        single lags.
    by_lag : ndarray of float64, shape (n_lags,)
        Mean over windows.
    """

    n_windows: int
    grand_average: float
    by_window: NDArray[np.float64]
    lag_zero: NDArray[np.float64]
    first_earlier: NDArray[np.float64]
    second_earlier: NDArray[np.float64]
    best_lag_s: NDArray[np.float64]
    by_lag: NDArray[np.float64]


def windowed_cross_correlation(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    rate_hz: float,
    window_s: float,
    step_s: float,
    lag_s: float,
    variant: Variant,
) -> WindowedCorrelation:
    """Pearson correlation of two series in running windows at lags both ways.

    ``symmetric`` (Boker et al. 2002): the window of x is fixed and y slides both ways; windows begin where
    every lag fits. An exchange of x and y is then another question: its row at s and lag -k is the row of this
    one at s - k. ``rmea`` (as the R package rMEA): the earlier piece is always the one at the start of the
    window, so x and y change roles at lag 0, and an exchange reverses the lags and does nothing else.
    Normalisation is by the window's own means and variances at each lag, unlike R's ``ccf``.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Series on one even grid, NaN where missing. Gaps stay where they are.
    rate_hz : float
        Samples per second, above 0.
    window_s, step_s : float
        Length of a window (at least three samples) and distance of starts (at least one sample); parts of a
        sample are dropped.
    lag_s : float
        Longest lag, 0 or more.
    variant : {"symmetric", "rmea"}
        Which piece is anchored.

    Returns
    -------
    WindowedCorrelation
        Without rows when the series are shorter than a window and its lags.

    Raises
    ------
    ValueError
        If lengths differ, or a choice makes no sense.

    References
    ----------
    .. [1] Boker, S. M., Xu, M., Rotondo, J. L., & King, K. (2002). Windowed cross-correlation and peak picking
       for the analysis of variability in the association between behavioral time series. Psychological Methods
       7(3), 338-355. doi:10.1037/1082-989X.7.3.338
    """
    width, step, longest = (samples(length_s, rate_hz) for length_s in (window_s, step_s, lag_s))
    if width < 3 or step < 1 or longest < 0:
        raise ValueError(
            f"windows of {window_s:g} s each {step_s:g} s with lags to {lag_s:g} s make no sense at "
            f"{rate_hz:g} Hz: a window has at least three samples, a step at least one, a lag is not below 0"
        )
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"two series of one length are needed, not of shapes {x.shape} and {y.shape}")
    if variant not in ("symmetric", "rmea"):
        raise ValueError(f"no variant {variant!r}: there are symmetric and rmea")
    first = longest if variant == "symmetric" else 0
    n_windows = max(0, (x.size - first - width - longest) // step + 1)
    known_x, known_y = (np.where(np.isfinite(one), one, np.nan) for one in (x, y))
    r = np.empty((n_windows, 2 * longest + 1))
    enough = int(np.ceil(VALID_SHARE * width - 1e-9))
    windowed_correlations(known_x, known_y, first, step, width, variant == "rmea", enough, r)
    return WindowedCorrelation(
        t_s=(first + step * np.arange(n_windows, dtype=np.float64) + 0.5 * (width - 1)) / rate_hz,
        lag_s=np.arange(-longest, longest + 1) / rate_hz,
        r=r,
    )


def summarise(correlation: WindowedCorrelation, *, absolute: bool = False) -> WindowedSummary:
    """Average windowed correlations as rMEA does with ``r2Z = TRUE``.

    Parameters
    ----------
    correlation : WindowedCorrelation
        Correlations of either variant.
    absolute : bool, default False
        Whether to take the absolute value of z first (rMEA's ``ABS``).

    Returns
    -------
    WindowedSummary
        Averages; NaN where nothing is valid.
    """
    with np.errstate(divide="ignore"):
        z = np.arctanh(correlation.r)
    if absolute:
        z = np.abs(z)
    longest = correlation.lag_s.size // 2
    known = ~np.isnan(z).all(axis=1)
    best = np.full(z.shape[0], np.nan)
    best[known] = correlation.lag_s[np.nanargmax(z[known], axis=1)]
    by_window = _average(z)
    return WindowedSummary(
        n_windows=int(known.sum()),
        grand_average=_overall(by_window),
        by_window=by_window,
        lag_zero=z[:, longest].copy(),
        first_earlier=_average(z[:, longest + 1 :]),
        second_earlier=_average(z[:, :longest]),
        best_lag_s=best,
        by_lag=_average(z.T),
    )


def pick_peaks(
    correlation: WindowedCorrelation, *, neighbours: int = 2, smoothing: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pick in each window the peak nearest to lag 0, as Boker et al. 2002 do.

    A peak is a lag from which r falls with every step, for `neighbours` lags on both sides. Two peaks at the
    same distance: the higher one; equally high: none. Peaks over-estimate the strength of synchrony and blur the
    difference between real and shuffled dyads; the numbers of this project do not use them.

    Parameters
    ----------
    correlation : WindowedCorrelation
        Correlations of either variant.
    neighbours : int, default 2
        Lags on either side over which r must fall, at least 1 (Boker's L_size).
    smoothing : int, default 1
        Odd number of lags over which r is averaged before peaks are looked for; 1 for none.

    Returns
    -------
    r : ndarray of float64, shape (n_windows,)
        Height of the peak, as smoothed; NaN where there is none.
    lag_s : ndarray of float64, shape (n_windows,)
        Its lag in seconds, above zero when the first comes first; NaN where there is none.

    Raises
    ------
    ValueError
        If `neighbours` or `smoothing` is out of range.

    References
    ----------
    .. [1] Boker, S. M., Xu, M., Rotondo, J. L., & King, K. (2002). Psychological Methods 7(3), 338-355.
       doi:10.1037/1082-989X.7.3.338
    """
    if neighbours < 1 or smoothing < 1 or smoothing % 2 == 0:
        raise ValueError(f"neighbours {neighbours} is to be 1 or more, and smoothing {smoothing} odd")
    n_windows, n_lags = correlation.r.shape
    height, lag_s = np.full((2, n_windows), np.nan)
    half = smoothing // 2
    margin = neighbours + half
    if n_lags <= 2 * margin:
        return height, lag_s
    smooth = np.full((n_windows, n_lags), np.nan)
    smooth[:, half : n_lags - half] = np.lib.stride_tricks.sliding_window_view(
        correlation.r, smoothing, axis=1
    ).mean(axis=-1)
    falls = np.ones((n_windows, n_lags - 2 * margin), dtype=bool)
    for step in range(1, neighbours + 1):
        for side in (-1, 1):
            nearer, farther = (margin + side * j for j in (step - 1, step))
            stop = falls.shape[1]
            falls &= smooth[:, farther : farther + stop] < smooth[:, nearer : nearer + stop]
    lags = correlation.lag_s[margin : n_lags - margin]
    inner = smooth[:, margin : n_lags - margin]
    for row in np.flatnonzero(falls.any(axis=1)):
        peaks = np.flatnonzero(falls[row])
        distance = np.abs(lags[peaks])
        nearest = peaks[distance == distance.min()]
        best = nearest[inner[row, nearest] == inner[row, nearest].max()]
        if best.size == 1:
            height[row], lag_s[row] = inner[row, best[0]], lags[best[0]]
    return height, lag_s


def _average(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of the known values of each row, whatever their order; NaN where none is known."""
    ordered = np.sort(rows, axis=1)
    known = ~np.isnan(ordered)
    with np.errstate(invalid="ignore"):
        mean: NDArray[np.float64] = np.where(known, ordered, 0.0).sum(axis=1) / known.sum(axis=1)
    return mean


def _overall(values: NDArray[np.float64]) -> float:
    """Mean of the known values."""
    return float(_average(values[np.newaxis])[0])


def _compute(pair: Pair, choices: Choices, variant: Variant, step_s: float) -> MethodResult:
    """Apply a variant to the prepared series, with windows of two segments."""
    correlation = windowed_cross_correlation(
        pair.x,
        pair.y,
        rate_hz=pair.rate_hz,
        window_s=2.0 * choices.segment_s,
        step_s=step_s,
        lag_s=choices.lag_s,
        variant=variant,
    )
    refusal = withheld(pair, pair.x, pair.y)
    if refusal is not None:
        return refusal
    plain, absolute = summarise(correlation), summarise(correlation, absolute=True)
    if not np.isfinite(plain.grand_average):
        if plain.n_windows:
            return unavailable(Reason.NO_DATA, "In some windows the same signal was given for both.")
        text = (
            f"No window of {2.0 * choices.segment_s:g} s with its lags is valid in both and varies in both."
        )
        return unavailable(Reason.TOO_FEW_SEGMENTS, text)
    return graded(
        pair,
        pair.x,
        pair.y,
        values={
            "z": plain.grand_average,
            "z_abs": absolute.grand_average,
            "z_lag_zero": _overall(plain.lag_zero),
            "z_first_earlier": _overall(plain.first_earlier),
            "z_second_earlier": _overall(plain.second_earlier),
            "n_windows": float(plain.n_windows),
        },
        series={
            "t_s": pair.t0_s + correlation.t_s,
            "z_by_time": plain.by_window,
            "z_abs_by_time": absolute.by_window,
            "best_lag_s_by_time": plain.best_lag_s,
            "lag_s": correlation.lag_s,
            "z_by_lag": plain.by_lag,
            "z_abs_by_lag": absolute.by_lag,
        },
    )


def _compute_symmetric(pair: Pair, choices: Choices) -> MethodResult:
    """Windows of two segments, each 5 s."""
    return _compute(pair, choices, "symmetric", 5.0)


def _compute_rmea(pair: Pair, choices: Choices) -> MethodResult:
    """Windows of two segments that overlap by half."""
    return _compute(pair, choices, "rmea", choices.segment_s)


_NULL_MODEL: Final = (
    "none of its own: compare with the same measure of people who never met, or with the session "
    "statistic; windows overlap, and neighbouring values of one signal resemble each other"
)

WINDOWED: Final = Method(
    name="windowed",
    title="Windowed cross-correlation, window of the first fixed",
    unit="1",
    reference="Boker, Xu, Rotondo & King (2002), doi:10.1037/1082-989X.7.3.338",
    minimum_s=MINIMUM_S,
    null_model=_NULL_MODEL,
    compute=_compute_symmetric,
)
"""The entry of the registry: ``symmetric``; windows of two segments (60 s by default), each 5 s."""

RMEA: Final = Method(
    name="rmea",
    title="Windowed cross-correlation, earlier piece anchored (as rMEA)",
    unit="1",
    reference="Kleinbub & Ramseyer (2021), doi:10.1080/10503307.2020.1844334; R package rMEA",
    minimum_s=MINIMUM_S,
    null_model=_NULL_MODEL,
    compute=_compute_rmea,
)
"""The entry of the registry: ``rmea``; windows of two segments (60 s by default) that overlap by half."""
