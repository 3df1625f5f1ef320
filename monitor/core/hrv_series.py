"""Time-domain heart rate variability of whole series of NN intervals, window by window."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

_JOIN_S = 1e-3

Numbers = NDArray[np.float64]


def _windowed(
    nn_s: ArrayLike,
    end_s: ArrayLike,
    starts_s: ArrayLike,
    length_s: float,
    least: int,
    measure: Callable[[Numbers, Numbers], tuple[int, float]],
) -> Numbers:
    """Apply `measure` to the intervals (ms) and the valid differences (ms) of each window."""
    nn, end, starts = (np.asarray(a, dtype=np.float64) for a in (nn_s, end_s, starts_s))
    if nn.shape != end.shape or nn.ndim != 1:
        raise ValueError(f"nn_s and end_s must be vectors of one length, not {nn.shape} and {end.shape}")
    if not length_s > 0.0:
        raise ValueError(f"length_s must be greater than zero, not {length_s}")
    if np.any(np.diff(end) <= 0.0):
        raise ValueError("end_s must ascend")
    adjacent = np.abs(np.diff(end) - nn[1:]) <= _JOIN_S
    out = np.full(starts.shape, np.nan)
    low, high = np.searchsorted(end, starts), np.searchsorted(end, starts + length_s)
    for i, (lo, hi) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        intervals_ms = 1000.0 * nn[lo:hi]
        differences_ms = np.diff(intervals_ms)[adjacent[lo : max(lo, hi - 1)]]
        n, value = measure(intervals_ms, differences_ms) if hi > lo else (0, np.nan)
        if n >= least:
            out[i] = value
    return out


def windowed_rmssd(
    nn_s: ArrayLike, end_s: ArrayLike, starts_s: ArrayLike, *, length_s: float, min_pairs: int = 20
) -> Numbers:
    """Root mean square of successive NN-interval differences, per window.

    A pair of successive intervals counts when both end inside the window and the second begins where the
    first ends. A removed beat therefore breaks the chain; it never produces a difference across the gap.

    Parameters
    ----------
    nn_s : array_like of float, shape (n_intervals,)
        NN intervals in seconds, in order of occurrence.
    end_s : array_like of float, shape (n_intervals,)
        Session time in seconds of the beat that ends each interval, ascending.
    starts_s : array_like of float, shape (n_windows,)
        Window starts in seconds; a window is ``[start, start + length_s)``.
    length_s : float
        Window length in seconds, greater than zero.
    min_pairs : int, default 20
        Fewest pairs from which a value is reported.

    Returns
    -------
    ndarray of float64, shape (n_windows,)
        RMSSD in milliseconds (divisor: number of pairs); NaN with fewer than `min_pairs` pairs.

    Raises
    ------
    ValueError
        If the shapes differ, `end_s` does not ascend, or `length_s` is not positive.

    See Also
    --------
    monitor.core.hrv.HeartWindows : The same of a live stream, with status and standard error.

    Notes
    -----
    Defined as in [1]_.

    References
    ----------
    .. [1] Task Force of the European Society of Cardiology and the North American Society of Pacing and
       Electrophysiology (1996). Heart rate variability: standards of measurement, physiological
       interpretation and clinical use. Circulation 93(5), 1043-1065.

    Examples
    --------
    >>> nn_s = np.array([0.80, 0.82, 0.78, 0.80])
    >>> windowed_rmssd(nn_s, np.cumsum(nn_s), [0.0, 60.0], length_s=5.0, min_pairs=3)
    array([28.28427125,         nan])
    """
    return _windowed(
        nn_s, end_s, starts_s, length_s, max(1, min_pairs), lambda _, d: (d.size, _root_mean_square(d))
    )


def windowed_sdnn(
    nn_s: ArrayLike, end_s: ArrayLike, starts_s: ArrayLike, *, length_s: float, min_intervals: int = 20
) -> Numbers:
    """Spread of NN intervals (SDNN), per window.

    Parameters
    ----------
    nn_s, end_s, starts_s : array_like of float
        As in `windowed_rmssd`.
    length_s : float
        Window length in seconds, greater than zero.
    min_intervals : int, default 20
        Fewest intervals from which a value is reported, at least 2.

    Returns
    -------
    ndarray of float64, shape (n_windows,)
        SDNN in milliseconds with divisor n - 1; NaN with too few intervals.

    Raises
    ------
    ValueError
        As in `windowed_rmssd`.

    Examples
    --------
    >>> windowed_sdnn([0.8, 0.9, 1.0], [0.8, 1.7, 2.7], [0.0], length_s=5.0, min_intervals=3)
    array([100.])
    """
    return _windowed(
        nn_s,
        end_s,
        starts_s,
        length_s,
        max(2, min_intervals),
        lambda nn, _: (nn.size, float(np.std(nn, ddof=1)) if nn.size > 1 else np.nan),
    )


def windowed_heart_rate(
    nn_s: ArrayLike, end_s: ArrayLike, starts_s: ArrayLike, *, length_s: float, min_intervals: int = 8
) -> Numbers:
    """Heart rate of the mean NN interval, per window.

    The mean of the instantaneous rates is another, larger number; it is not used.

    Parameters
    ----------
    nn_s, end_s, starts_s : array_like of float
        As in `windowed_rmssd`.
    length_s : float
        Window length in seconds, greater than zero.
    min_intervals : int, default 8
        Fewest intervals from which a value is reported, at least 1.

    Returns
    -------
    ndarray of float64, shape (n_windows,)
        Beats per minute; NaN with too few intervals.

    Raises
    ------
    ValueError
        As in `windowed_rmssd`.

    Examples
    --------
    >>> windowed_heart_rate([0.9, 1.0, 1.1], [0.9, 1.9, 3.0], [0.0], length_s=5.0, min_intervals=3)
    array([60.])
    """
    return _windowed(
        nn_s,
        end_s,
        starts_s,
        length_s,
        max(1, min_intervals),
        lambda nn, _: (nn.size, 60000.0 / float(np.mean(nn))),
    )


def windowed_pnn50(
    nn_s: ArrayLike, end_s: ArrayLike, starts_s: ArrayLike, *, length_s: float, min_pairs: int = 20
) -> Numbers:
    """Share of successive NN differences above 50 ms, per window.

    Parameters
    ----------
    nn_s, end_s, starts_s : array_like of float
        As in `windowed_rmssd`.
    length_s : float
        Window length in seconds, greater than zero.
    min_pairs : int, default 20
        Fewest pairs from which a value is reported.

    Returns
    -------
    ndarray of float64, shape (n_windows,)
        Percent of the pairs (not of the intervals); NaN with too few pairs.

    Raises
    ------
    ValueError
        As in `windowed_rmssd`.

    Notes
    -----
    A difference that is 50 ms but for rounding in the last bits does not count.

    Examples
    --------
    >>> windowed_pnn50([0.80, 0.86, 0.81], [0.80, 1.66, 2.47], [0.0], length_s=5.0, min_pairs=2)
    array([50.])
    """
    return _windowed(
        nn_s,
        end_s,
        starts_s,
        length_s,
        max(1, min_pairs),
        lambda _, d: (d.size, 100.0 * float(np.mean(np.abs(d) > 50.0 + 1e-9)) if d.size else np.nan),
    )


def _root_mean_square(values: Numbers) -> float:
    return float(np.sqrt(np.mean(values * values))) if values.size else np.nan
