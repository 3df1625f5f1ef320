"""What of a pair is exported: one value of each person per grid sample, gaps in their place."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.synchrony.pair import Pair
from monitor.core.synchrony.signals import BY_NAME

_OFF_GRID = 1e-6


class Series(NamedTuple):
    """One signal of two people on one grid, as it is exported.

    Parameters
    ----------
    first, second : str
        Codes, in the order of the columns.
    signal : str
        ``eda, ibi`` or ``ln_rmssd``.
    unit : str
        Unit of the values.
    rate_hz : float
        Samples per second.
    t0_s : float
        Session time of sample 0.
    x, y : ndarray of float64, shape (n,)
        Values of the first and of the second; NaN where missing.
    """

    first: str
    second: str
    signal: str
    unit: str
    rate_hz: float
    t0_s: float
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Where both have a value."""
        valid: NDArray[np.bool_] = np.isfinite(self.x) & np.isfinite(self.y)
        return valid


class Group(NamedTuple):
    """One signal of everybody on one grid.

    Parameters
    ----------
    participants : tuple of str
        Codes, in the order of the rows.
    signal : str
        ``eda, ibi`` or ``ln_rmssd``.
    unit : str
        Unit of the values.
    rate_hz : float
        Samples per second.
    t0_s : float
        Session time of column 0.
    data : ndarray of float64, shape (n_participants, n)
        NaN where missing.
    """

    participants: tuple[str, ...]
    signal: str
    unit: str
    rate_hz: float
    t0_s: float
    data: NDArray[np.float64]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Where all have a value."""
        valid: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(self.data), axis=0)
        return valid


def series_of(pair: Pair, *, prepared: bool) -> Series:
    """Take the series to export out of a pair.

    Parameters
    ----------
    pair : Pair
        Two people and one signal.
    prepared : bool
        Whether to take what the correlation gets (slopes, detrended) in place of the signal itself.

    Returns
    -------
    Series
        Of the same length; what is not finite is missing.
    """
    x, y = (pair.x, pair.y) if prepared else (pair.raw_x, pair.raw_y)
    signal = BY_NAME[pair.signal]
    unit = signal.prepared_unit if prepared else signal.unit
    return Series(pair.first, pair.second, pair.signal, unit, pair.rate_hz, pair.t0_s, _finite(x), _finite(y))


def groups_of(series: Sequence[Series]) -> list[Group]:
    """Join the pairs of each signal to one array of all people.

    Parameters
    ----------
    series : sequence of Series
        Pairs of any signals; those of one signal share their grid.

    Returns
    -------
    list of Group
        One per signal, in the order of their first pair. Prepared series depend at their ends on where a pair
        begins; where two pairs tell different values of one person, that person's value is missing.

    Raises
    ------
    ValueError
        If two pairs of one signal are not on one grid.
    """
    signals = dict.fromkeys(item.signal for item in series)
    return [_joined([item for item in series if item.signal == signal]) for signal in signals]


def longest_stretch(valid: NDArray[np.bool_]) -> int:
    """Count the samples of the longest stretch without a gap.

    Parameters
    ----------
    valid : ndarray of bool, shape (n,)
        Where there are values.

    Returns
    -------
    int
        Samples; 0 where none is valid.
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], valid, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _finite(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(x), x, np.nan)


def _joined(series: list[Series]) -> Group:
    head = series[0]
    t0_s = min(item.t0_s for item in series)
    starts = [(item.t0_s - t0_s) * head.rate_hz for item in series]
    if any(item.rate_hz != head.rate_hz for item in series) or any(
        abs(at - round(at)) > _OFF_GRID for at in starts
    ):
        raise ValueError(f"pairs of {head.signal} are not on one grid")
    n = max(round(at) + item.x.size for at, item in zip(starts, series, strict=True))
    people = tuple(dict.fromkeys(code for item in series for code in (item.first, item.second)))
    data = np.full((len(people), n), np.nan)
    unsure = np.zeros(data.shape, dtype=np.bool_)
    for at, item in zip(starts, series, strict=True):
        for code, values in ((item.first, item.x), (item.second, item.y)):
            place = (people.index(code), slice(round(at), round(at) + values.size))
            here, given = data[place], np.isfinite(values)
            unsure[place] |= given & np.isfinite(here) & (here != values)
            np.copyto(here, values, where=given)
    data[unsure] = np.nan
    return Group(people, head.signal, head.unit, head.rate_hz, t0_s, data)
