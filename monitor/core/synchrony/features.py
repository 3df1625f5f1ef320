"""Features of one person's skin conductance that another person's may resemble: valleys, peaks and triangles."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from monitor.core.kernels.amico import triangles, turning_points

SMOOTHED_POINTS = 25
"""Points of the Savitzky-Golay window; stretches shorter than it have no features."""

_ORDER = 2
_LEAST_US = 0.05
_REACH_S = 0.5


class Features(NamedTuple):
    """One person's series with its features.

    Parameters
    ----------
    level, slope : ndarray of float64, shape (n,)
        Smoothed signal and its derivative per sample; NaN where missing or between gaps nearer than 25 samples.
    turns : ndarray of int64, shape (n_features, 2)
        Sample of each valley and peak, ascending, and 1 for a peak, 0 for a valley.
    triangles : ndarray of int64, shape (n_triangles, 3)
        Samples of valley, peak, and half recovery or next valley, whichever comes first.
    """

    level: NDArray[np.float64]
    slope: NDArray[np.float64]
    turns: NDArray[np.int64]
    triangles: NDArray[np.int64]


def runs_of(known: NDArray[np.bool_], seam: int = 0) -> NDArray[np.int64]:
    """Give numbers to the unbroken stretches of valid samples.

    Parameters
    ----------
    known : ndarray of bool, shape (n,)
        Valid or not.
    seam : int, default 0
        A sample at which a stretch is broken even if valid: where a turned series begins.

    Returns
    -------
    ndarray of int64, shape (n,)
        Stretch of each sample from 0, or -1.
    """
    begins = known.copy()
    begins[1:] &= ~known[:-1]
    begins[seam : seam + 1] = known[seam : seam + 1]
    return np.where(known, np.cumsum(begins) - 1, -1)


def features_of(series: NDArray[np.float64], *, rate_hz: float) -> Features:
    """Smooth a skin conductance and find its valleys, peaks and triangles.

    Parameters
    ----------
    series : ndarray of float64, shape (n,)
        Skin conductance in uS on an even grid; NaN where missing.
    rate_hz : float
        Samples per second.

    Returns
    -------
    Features
        Nothing in it reaches across a gap.
    """
    raw = np.array(series, dtype=np.float64)
    level, slope = np.full(raw.size, np.nan), np.full(raw.size, np.nan)
    edges = np.flatnonzero(np.diff(np.isfinite(raw), prepend=False, append=False))
    for first, last in edges.reshape(-1, 2).tolist():
        if last - first >= SMOOTHED_POINTS:
            level[first:last] = signal.savgol_filter(raw[first:last], SMOOTHED_POINTS, _ORDER)
            slope[first:last] = signal.savgol_filter(raw[first:last], SMOOTHED_POINTS, _ORDER, deriv=1)
    turns = np.empty((raw.size, 2), dtype=np.int64)
    turns = turns[: turning_points(level, raw, _LEAST_US, round(_REACH_S * rate_hz), turns)].copy()
    found = np.empty((turns.shape[0], 3), dtype=np.int64)
    return Features(level, slope, turns, found[: triangles(level, turns, found)].copy())


def turned(person: Features, shift: int) -> Features:
    """Turn a series with its features round the session, for a surrogate.

    Parameters
    ----------
    person : Features
        As found.
    shift : int
        Samples, from 0 to below the length; the old beginning lies there: a seam, across which nothing holds together.

    Returns
    -------
    Features
        The same, elsewhere; a triangle across the seam is lost.
    """
    n = person.level.size
    turns, corners = person.turns.copy(), (person.triangles + shift) % n
    turns[:, 0] = (turns[:, 0] + shift) % n
    corners = corners[corners[:, 0] < corners[:, 2]]
    return Features(
        np.roll(person.level, shift),
        np.roll(person.slope, shift),
        turns[np.argsort(turns[:, 0])],
        corners[np.argsort(corners[:, 1])],
    )
