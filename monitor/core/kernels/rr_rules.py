"""The decision on one interval, after figure 1 of Lipponen and Tarvainen (2019)."""

import math

from monitor.core.kernels import kernel

NORMAL, ECTOPIC, MISSED, EXTRA, LONG, SHORT, UNUSABLE = range(7)

_C1, _C2 = 0.13, 0.17
_SHORTEST_MS, _LONGEST_MS = 300.0, 2000.0


@kernel
def is_ectopic(d: float, before: float, after: float) -> bool:
    """Tell by equations 1 and 2 whether an interval ends an ectopic beat's pair.

    Parameters
    ----------
    d, before, after : float
        Normalised difference of the interval, of the one before and of the one after; NaN where unknown,
        which counts as no change.

    Returns
    -------
    bool
        True for the second of the two intervals that share a misplaced beat.
    """
    a = 0.0 if math.isnan(before) else before
    b = 0.0 if math.isnan(after) else after
    if d > 1.0:
        return max(a, b) < -_C1 * d - _C2
    if d < -1.0:
        return min(a, b) > -_C1 * d + _C2
    return False


@kernel
def size_class(
    d: float, d1: float, d2: float, m: float, rr: float, rr_next: float, med: float, th2: float
) -> int:
    """Tell by equations 3 to 7 whether an interval is missed, extra, long, short or normal.

    What lies beyond the end of a chain is unknown and acquits nobody.

    Parameters
    ----------
    d, d1, d2 : float
        Normalised difference of the interval and of the next two; NaN where unknown.
    m : float
        Normalised deviation from the running median.
    rr, rr_next : float
        The interval and the next one in milliseconds.
    med, th2 : float
        Running median and second threshold in milliseconds.

    Returns
    -------
    int
        The class code.
    """
    if math.isnan(d):
        up, down = m > 3.0, m < -3.0
    else:
        s22_low = d1 if math.isnan(d2) else min(d1, d2)
        s22_high = d1 if math.isnan(d2) else max(d1, d2)
        up = d > 1.0 and not s22_low >= -1.0
        down = d < -1.0 and not s22_high <= 1.0
    if not (up or down or abs(m) > 3.0):
        return NORMAL
    if down and abs(rr + rr_next - med) < th2:
        return EXTRA
    if up and abs(0.5 * rr - med) < th2:
        return MISSED
    return LONG if rr >= med else SHORT


@kernel
def implausible_class(rr: float, rr_next: float, med: float, th2: float) -> int:
    """Class of an interval that no heart makes, whatever the differences say.

    Parameters
    ----------
    rr, rr_next : float
        The interval and the next one in milliseconds.
    med, th2 : float
        Running median and second threshold in milliseconds.

    Returns
    -------
    int
        The class code; normal within 0.30 to 2.00 s.
    """
    if rr < _SHORTEST_MS:
        return EXTRA if abs(rr + rr_next - med) < th2 else SHORT
    if rr > _LONGEST_MS:
        return MISSED if abs(0.5 * rr - med) < th2 else LONG
    return NORMAL


@kernel
def corrected_interval(code: int, rr: float, other: float, med: float, shares: bool) -> float:
    """Interval to use where every beat counts.

    Parameters
    ----------
    code : int
        Class code.
    rr, other : float
        The interval, and the one that shares a misplaced beat with it, in milliseconds.
    med : float
        Running median in milliseconds.
    shares : bool
        Whether `other` does share one.

    Returns
    -------
    float
        Corrected interval in milliseconds; NaN where nothing sensible is known.
    """
    value = math.nan
    if code == NORMAL:
        value = rr
    elif code == MISSED:
        value = 0.5 * rr
    elif shares:
        value = 0.5 * (rr + other)
    elif code == ECTOPIC or (code in (LONG, SHORT) and rr <= _LONGEST_MS):
        value = med
    return value if _SHORTEST_MS <= value <= _LONGEST_MS else math.nan
