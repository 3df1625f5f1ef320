"""Time in each zone, of one person and of two, and how long returns took."""

import math
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from calibration.excursions import Excursion
from calibration.zones import Interval, Zone

CODES = (Zone.NA, Zone.WITHIN, Zone.ABOVE, Zone.BELOW)
"""Zone by code: a second's code is the index in this tuple."""

BLOCK_S = 60
"""Length of the bootstrap blocks, SCIENCE E.8."""

_RESAMPLES = 2000
_MIN_BLOCKS = 5
_SEED = 20240505


class ZoneShare(NamedTuple):
    """How much of the valid time somebody spent in a zone.

    Parameters
    ----------
    zone : Zone
        The zone.
    share : float
        Share of the valid seconds, 0 to 1; NaN without any.
    low, high : float
        95 % interval of the share; NaN with fewer than 5 valid minutes, and where the share is 0 or 1: what never
        changed cannot tell how much it might.
    valid_min : float
        Valid minutes the share refers to.
    """

    zone: Zone
    share: float
    low: float
    high: float
    valid_min: float


class Return(NamedTuple):
    """How long it took to come back.

    Parameters
    ----------
    n : int
        Excursions.
    n_censored : int
        Those whose end was not seen.
    median_s : float
        Kaplan-Meier median in seconds; NaN where fewer than half came back within the time observed.
    low_s, high_s : float
        95 % limits of the median; NaN where not reached.
    """

    n: int
    n_censored: int
    median_s: float
    low_s: float
    high_s: float


class ConditionalReturn(NamedTuple):
    """Returns of one person by where the other one was.

    Parameters
    ----------
    within, outside : Return
        With the other one within, and above or below, at the onset of the excursion.
    n_unknown : int
        Excursions at whose onset the zone of the other one was not known.
    """

    within: Return
    outside: Return
    n_unknown: int


def codes_of(intervals: Iterable[Interval], first: int, stop: int) -> NDArray[np.uint8]:
    """Write intervals out second by second.

    Parameters
    ----------
    intervals : iterable of Interval
        Stretches of zones.
    first, stop : int
        Grid seconds to cover, ``[first, stop)``.

    Returns
    -------
    ndarray of uint8, shape (stop - first,)
        Codes of the seconds; 0 (missing) where no interval covers them.
    """
    codes = np.zeros(max(stop - first, 0), dtype=np.uint8)
    for interval in intervals:
        codes[max(interval.start - first, 0) : max(interval.stop - first, 0)] = CODES.index(interval.zone)
    return codes


def _bootstrap(codes: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float64]:
    """Shares of each code among valid seconds in resampled sessions, shape (resamples, 4)."""
    is_code = codes[None, :] == np.arange(len(CODES), dtype=np.uint8)[:, None]
    running = np.zeros((len(CODES), codes.size + 1), dtype=np.int64)
    np.cumsum(is_code, axis=1, out=running[:, 1:])
    blocks = running[:, BLOCK_S:] - running[:, :-BLOCK_S]
    chosen = rng.integers(0, blocks.shape[1], size=(_RESAMPLES, math.ceil(codes.size / BLOCK_S)))
    counts = blocks[:, chosen].sum(axis=2).T.astype(np.float64)
    valid = counts[:, 1:].sum(axis=1)
    shares: NDArray[np.float64] = counts[valid > 0] / valid[valid > 0, None]
    return shares


def time_in_zone(codes: NDArray[np.uint8], rng: np.random.Generator | None = None) -> dict[Zone, ZoneShare]:
    """Share of the valid time in each zone.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n,)
        Zone of each second: 0 missing, 1 within, 2 above, 3 below.
    rng : numpy.random.Generator, optional
        Source of the resampling; a fixed seed where none is given, so that the same session gives the same limits.

    Returns
    -------
    dict of Zone to ZoneShare
        For within, above and below, with percentile limits of the moving-block bootstrap [1]_ in blocks of 60 s.

    References
    ----------
    .. [1] Künsch HR (1989). The jackknife and the bootstrap for general stationary observations.
       Annals of Statistics 17(3), 1217-1241.
    """
    n_valid = int(np.count_nonzero(codes))
    low = high = np.full(len(CODES), math.nan)
    if n_valid >= _MIN_BLOCKS * BLOCK_S:
        resampled = _bootstrap(codes, rng or np.random.default_rng(_SEED))
        low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    shares = {}
    for code, zone in enumerate(CODES[1:], start=1):
        count = int(np.count_nonzero(codes == code))
        varied = 0 < count < n_valid
        shares[zone] = ZoneShare(
            zone=zone,
            share=count / n_valid if n_valid else math.nan,
            low=float(low[code]) if varied else math.nan,
            high=float(high[code]) if varied else math.nan,
            valid_min=n_valid / 60.0,
        )
    return shares


def joint_occupancy(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Seconds that two people spent in each pair of zones.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (n,)
        Zone codes of both, of the same seconds.

    Returns
    -------
    ndarray of int64, shape (3, 3)
        Seconds, zone of the first in rows, of the second in columns, in the order within, above, below. Seconds
        missing in either are left out; the sum is the valid time.

    Raises
    ------
    ValueError
        If the two differ in length.
    """
    if first.shape != second.shape:
        raise ValueError(
            f"The zone codes hold {first.size} and {second.size} seconds; cut both to the seconds they share."
        )
    pairs = np.bincount(4 * first.astype(np.int64) + second, minlength=16).reshape(4, 4)
    return np.ascontiguousarray(pairs[1:, 1:], dtype=np.int64)


def _crossing(quantiles: NDArray[np.float64], survival: NDArray[np.float64]) -> float:
    """First time at which the survival is a half or less, but for rounding."""
    below = np.flatnonzero(survival <= 0.5 + 1e-12)
    return float(quantiles[below[0]]) if below.size else math.nan


def return_median(excursions: Sequence[Excursion | Interval]) -> Return:
    """Median time until return.

    Parameters
    ----------
    excursions : sequence of Excursion or Interval
        Excursions of one person; those whose end was not seen are censored, never dropped.

    Returns
    -------
    Return
        Kaplan-Meier median [1]_ with limits from the log-log interval of the survival function.

    References
    ----------
    .. [1] Kaplan EL, Meier P (1958). Nonparametric estimation from incomplete observations.
       Journal of the American Statistical Association 53(282), 457-481.
    """
    intervals = [item.interval if isinstance(item, Excursion) else item for item in excursions]
    lengths = [float(item.stop - item.start) for item in intervals]
    censored = [bool(item.censored) for item in intervals]
    if all(censored):
        return Return(len(intervals), len(intervals), math.nan, math.nan, math.nan)
    sample = stats.CensoredData.right_censored(np.array(lengths), np.array(censored))
    survival = stats.ecdf(sample).sf
    with warnings.catch_warnings():
        # The limits are NaN where the survival is 0 or 1, which is what is wanted here.
        warnings.simplefilter("ignore", RuntimeWarning)
        limits: Any = survival.confidence_interval(0.95, method="log-log")
    times = survival.quantiles
    return Return(
        n=len(intervals),
        n_censored=sum(censored),
        median_s=_crossing(times, survival.probabilities),
        low_s=_crossing(times, limits.low.probabilities),
        high_s=_crossing(times, limits.high.probabilities),
    )


def conditional_return(
    excursions: Sequence[Excursion | Interval], other: NDArray[np.uint8], *, first: int = 0
) -> ConditionalReturn:
    """Median time until return by where the other one was when it began.

    Parameters
    ----------
    excursions : sequence of Excursion or Interval
        Excursions of one person.
    other : ndarray of uint8, shape (n,)
        Zone codes of the other one.
    first : int, default 0
        Grid second of the first code.

    Returns
    -------
    ConditionalReturn
        Descriptive, no statement about cause. The zone at the onset decides: sorting by what happened later would
        sort long excursions apart from short ones.
    """
    sorted_by: dict[str, list[Interval]] = {"within": [], "outside": [], "unknown": []}
    for item in excursions:
        interval = item.interval if isinstance(item, Excursion) else item
        index = interval.start - first
        code = int(other[index]) if 0 <= index < other.size else 0
        zone = CODES[code]
        key = "unknown" if zone is Zone.NA else "within" if zone is Zone.WITHIN else "outside"
        sorted_by[key].append(interval)
    return ConditionalReturn(
        within=return_median(sorted_by["within"]),
        outside=return_median(sorted_by["outside"]),
        n_unknown=len(sorted_by["unknown"]),
    )
