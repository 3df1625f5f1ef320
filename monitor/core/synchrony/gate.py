"""What every method for a whole session asks of its data before it gives a number."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.results import Reason, Status
from monitor.core.synchrony.pair import MethodResult, Pair

VALID_SHARE: Final = 0.8
"""Least share of a segment or window that is valid in both."""

MIN_SEGMENTS: Final = 10
"""Fewest segments that give a number."""

SURE_SEGMENTS: Final = 20
"""Fewest segments for a number that is not LOW."""

MINIMUM_S: Final = 300.0
"""Least length of what is compared, of which `VALID_SHARE` is to be valid in both."""

LARGEST_INDEX: Final = float(np.log(0.95 / 0.05))
"""Beyond it one sign has less than 5 % of the sum of all ``|r|``, and the ratio means nothing."""

_Series = NDArray[np.float64]


def samples(length_s: float, rate_hz: float) -> int:
    """Whole samples in a stretch of time.

    Parameters
    ----------
    length_s : float
        Seconds.
    rate_hz : float
        Samples per second, above 0.

    Returns
    -------
    int
        The samples that fit, rounding errors forgiven.

    Raises
    ------
    ValueError
        If the rate is not above 0.
    """
    if not rate_hz > 0.0:
        raise ValueError(f"a rate of {rate_hz:g} Hz makes no sense: it is to be above 0")
    return int(np.floor(length_s * rate_hz + 1e-9))


def withheld(pair: Pair, x: _Series, y: _Series) -> MethodResult | None:
    """Why two series can give no number, whatever the method.

    Parameters
    ----------
    pair : Pair
        The pair, for its raw signals and its rate.
    x, y : ndarray of float64, shape (n,)
        The series of the pair that the method uses.

    Returns
    -------
    MethodResult or None
        NA with its reason; None when there is nothing against a number.
    """
    both = np.isfinite(x) & np.isfinite(y)
    valid_s = np.count_nonzero(both) / pair.rate_hz
    if valid_s == 0.0:
        return unavailable(Reason.NO_DATA, "There is no time at which this signal is valid in both.")
    if valid_s < VALID_SHARE * MINIMUM_S:
        return unavailable(
            Reason.TOO_FEW_SEGMENTS,
            f"Only {valid_s / 60:.1f} min are valid in both; a recording of {MINIMUM_S / 60:g} min is needed.",
        )
    raw = np.isfinite(pair.raw_x) & np.isfinite(pair.raw_y)
    for code, used, signal in ((pair.first, x, pair.raw_x), (pair.second, y, pair.raw_y)):
        if _constant(used[both]) or _constant(signal[raw]):
            return unavailable(
                Reason.ZERO_VARIANCE, f"The signal of {code} does not vary; check the contact."
            )
    if np.array_equal(x[both], y[both]):
        return unavailable(
            Reason.NO_DATA, "The same signal was given for both; check who wears which sensor."
        )
    return None


def unavailable(reason: Reason, text: str) -> MethodResult:
    """Return the result of a method that has none.

    Parameters
    ----------
    reason : Reason
        Why not.
    text : str
        In words, with what would help.

    Returns
    -------
    MethodResult
        NA without values.
    """
    return MethodResult(status=Status.NA, reason=reason, text=text)


def graded(
    pair: Pair, x: _Series, y: _Series, *, values: Mapping[str, float], series: Mapping[str, _Series]
) -> MethodResult:
    """Return numbers with how far they may be trusted: LOW below twice the minimum.

    Parameters
    ----------
    pair : Pair
        The pair, for its rate.
    x, y : ndarray of float64, shape (n,)
        The series of the pair that the method uses.
    values, series : mapping
        As in `MethodResult`.

    Returns
    -------
    MethodResult
        OK or LOW.
    """
    valid_s = np.count_nonzero(np.isfinite(x) & np.isfinite(y)) / pair.rate_hz
    if valid_s >= 2.0 * VALID_SHARE * MINIMUM_S:
        return MethodResult(status=Status.OK, values=values, series=series)
    text = f"Only {valid_s / 60:.1f} min are valid in both; twice as much is surer."
    reason = Reason.TOO_FEW_SEGMENTS
    return MethodResult(status=Status.LOW, reason=reason, text=text, values=values, series=series)


def _constant(values: NDArray[np.float64]) -> bool:
    """Whether nothing but rounding varies."""
    return values.size > 0 and bool(np.ptp(values) <= 1e-9 * np.abs(values).max())
