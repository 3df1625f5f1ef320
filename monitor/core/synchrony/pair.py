"""Two people's series of one signal, and what a method says of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.results import Reason, Status

WAVES: Final = ("eda", "ibi")
"""Signals fast enough for windows of some seconds."""

EVERY: Final = (*WAVES, "ln_rmssd")
"""All signals."""


class Pair(NamedTuple):
    """One signal of two people on one grid of session time.

    Missing samples are NaN and stay where they are: gaps are never closed up.

    Parameters
    ----------
    first, second : str
        Codes; the client, where there is one, is first.
    signal : str
        ``eda, ibi`` or ``ln_rmssd``.
    rate_hz : float
        Samples per second of the grid.
    t0_s : float
        Session time of sample 0 in seconds.
    raw_x, raw_y : ndarray of float64, shape (n,)
        The signal itself: uS, ms or ln ms. NaN where missing.
    x, y : ndarray of float64, shape (n,)
        Prepared for correlation (slopes of EDA, detrended intervals, differences of lnRMSSD); NaN where missing.
    """

    first: str
    second: str
    signal: str
    rate_hz: float
    t0_s: float
    raw_x: NDArray[np.float64]
    raw_y: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """What a method says of one pair.

    Parameters
    ----------
    status : Status
        NA when `values` is empty.
    reason : Reason
        Why not OK.
    text : str
        In words for the user when not OK: what is missing and what would help; empty when OK.
    values : Mapping of str to float
        Named numbers; lags are in seconds and positive when the first leads.
    series : Mapping of str to ndarray of float64
        Series over time or lag, by name; each has its axis beside it (``t_s``, ``lag_s`` or ``period_s``).
    """

    status: Status
    reason: Reason = Reason.NONE
    text: str = ""
    values: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    series: Mapping[str, NDArray[np.float64]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a lab may choose for all methods; every method uses what applies to it.

    Parameters
    ----------
    segment_s : float, default 30.0
        Length of a segment.
    lag_s : float, default 5.0
        Longest lag.
    n_surrogates : int, default 999
        Surrogates of a null distribution.
    seed : int, default 1
        Seed of everything random.
    """

    segment_s: float = 30.0
    lag_s: float = 5.0
    n_surrogates: int = 999
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A measure of synchrony, as an entry of the registry.

    Parameters
    ----------
    name : str
        Short name, as in settings and summaries.
    title : str
        For a reader.
    unit : str
        Unit of its main number; ``1`` when it has none.
    reference : str
        Where it is described, with DOI where there is one.
    minimum_s : float
        Least jointly valid time.
    null_model : str
        What its numbers are to be compared with.
    compute : callable
        Pair and choices to the result; never raises for data, only for choices that make no sense.
    signals : tuple of str
        Signals it makes sense for.
    """

    name: str
    title: str
    unit: str
    reference: str
    minimum_s: float
    null_model: str
    compute: Callable[[Pair, Choices], MethodResult]
    signals: tuple[str, ...] = EVERY
