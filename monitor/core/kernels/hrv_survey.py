"""What is known of a window of intervals before anything is computed from it."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel

CODE_OK, CODE_LOW, CODE_NA = range(3)
CODE_NONE, CODE_NO_DATA, CODE_GAP, CODE_TOO_FEW, CODE_CORRECTED, CODE_ARRHYTHMIA, CODE_WARMUP, CODE_ZERO = (
    range(8)
)

TIME, RR, CORRECTED, CODE, NN, PAIR, KNOWN = range(7)
"""Rows of the table of beats."""

N_ROWS = 7

COVER_NN, COVER_ANY, JUDGED, GAPPED, WARMING, SHARE, MEAN, N_MEAN, EMPTY = range(9)
"""What `survey_window` finds out."""

N_SURVEY = 9

GAP_S = 2.0

_ECTOPIC, _EXTRA, _LONG = 1, 3, 4
_GRACE_INTERVALS, _GRACE_S = 3.0, 1.0
_LAGS = 5
_SHORTEST_MS, _LONGEST_MS = 300.0, 2000.0


@kernel
def first_at(t_s: NDArray[np.float64], n: int, limit_s: float) -> int:
    """Return the index of the first of `n` ascending times not before `limit_s`.

    Parameters
    ----------
    t_s : ndarray of float64, shape (>= n,)
        Ascending times in seconds.
    n : int
        How many count.
    limit_s : float
        The limit in seconds.

    Returns
    -------
    int
        Index from 0 to `n`.
    """
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if t_s[middle] < limit_s:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def long_run_variance(values: NDArray[np.float64], n: int, mean: float) -> float:
    """Newey-West variance with five lags, at least a quarter of the plain variance.

    Parameters
    ----------
    values : ndarray of float64, shape (>= n,)
        Values in order.
    n : int
        How many count, at least 1.
    mean : float
        Their mean.

    Returns
    -------
    float
        Long-run variance in the squared unit of `values`.
    """
    total = 0.0
    plain = 0.0
    for lag in range(min(_LAGS + 1, n)):
        gamma = 0.0
        for i in range(lag, n):
            gamma += (values[i] - mean) * (values[i - lag] - mean)
        gamma /= n
        if lag == 0:
            plain = gamma
            total = gamma
        else:
            total += 2.0 * (1.0 - lag / (_LAGS + 1.0)) * gamma
    return max(total, 0.25 * plain)


@kernel
def rate_interval(beats: NDArray[np.float64], k: int, raw: bool) -> float:
    """Interval that enters the heart rate.

    Parameters
    ----------
    beats : ndarray of float64, shape (6, capacity)
        Table of beats.
    k : int
        Column.
    raw : bool
        Take it as it came, if plausible: in an irregular rhythm the classes mean nothing.

    Returns
    -------
    float
        Milliseconds; NaN where there is none.
    """
    rr = float(beats[RR, k])
    if raw:
        return rr if _SHORTEST_MS <= rr <= _LONGEST_MS else math.nan
    return float(beats[CORRECTED, k])


@kernel
def survey_window(
    beats: NDArray[np.float64],
    lo: int,
    hi: int,
    end_s: float,
    length_s: float,
    start_s: float,
    warming: bool,
    raw: bool,
    out: NDArray[np.float64],
) -> None:
    """Find out how much of a window is known, whether a hole is in it, how many beats were corrected.

    Parameters
    ----------
    beats : ndarray of float64, shape (6, capacity)
        Table of beats.
    lo, hi : int
        Columns of the window, half open.
    end_s, length_s : float
        End and length of the window in seconds.
    start_s : float
        Time of the first beat of the session.
    warming : bool
        Whether beats are held back while thresholds are learned.
    raw : bool
        Take intervals as they came instead of corrected ones.
    out : ndarray of float64, shape (N_SURVEY,)
        Written: what was found.
    """
    begin = end_s - length_s
    nn = whole = total = rr_last = 0.0
    n_mean = n_intervals = n_corrected = 0
    gapped = False
    at = max(begin, start_s)
    for k in range(lo, hi):
        t, rr, corrected = beats[TIME, k], beats[RR, k], rate_interval(beats, k, raw)
        if math.isnan(rr):
            gapped = gapped or t - at > GAP_S
            at = t
            continue
        gapped = gapped or t - 0.001 * rr - at > GAP_S
        at = t
        part = min(0.001 * rr, t - begin)
        code = beats[CODE, k]
        n_intervals += 1
        if beats[NN, k] == 1.0:
            nn += part
        if not math.isnan(corrected):
            total += corrected
            n_mean += 1
            rr_last = 0.001 * corrected
            whole += part
        elif code == _EXTRA:
            whole += part
        after_companion = k > lo and code == _ECTOPIC and beats[CODE, k - 1] >= _LONG
        if code != 0.0 and not after_companion:
            n_corrected += 1
    tail = end_s - at if hi > lo else length_s
    grace = min(tail, _GRACE_INTERVALS * min(rr_last, GAP_S) + _GRACE_S) if rr_last > 0.0 else 0.0
    gapped = gapped or tail - grace > GAP_S
    judged = length_s - grace
    out[COVER_NN] = min(1.0, nn / judged)
    out[COVER_ANY] = min(1.0, whole / judged)
    out[JUDGED] = judged
    out[GAPPED] = 1.0 if gapped else 0.0
    out[WARMING] = 1.0 if warming or start_s > begin else 0.0
    out[SHARE] = n_corrected / n_intervals if n_intervals > 0 else 0.0
    out[MEAN] = total / n_mean if n_mean > 0 else math.nan
    out[N_MEAN] = n_mean
    out[EMPTY] = 1.0 if hi == lo and not warming else 0.0


@kernel
def shortage(survey: NDArray[np.float64]) -> int:
    """Tell why there is not enough: no beat, before the data began, in a hole, or simply too few.

    Parameters
    ----------
    survey : ndarray of float64, shape (N_SURVEY,)
        What is known of the window.

    Returns
    -------
    int
        Reason code.
    """
    if survey[EMPTY] == 1.0:
        return CODE_NO_DATA
    if survey[WARMING] == 1.0:
        return CODE_WARMUP
    return CODE_GAP if survey[GAPPED] == 1.0 else CODE_TOO_FEW


@kernel
def is_unsteady(beats: NDArray[np.float64], lo: int, hi: int, work: NDArray[np.float64]) -> bool:
    """Tell whether the quartile deviation of the absolute differences is above 0.15 of the median interval.

    Parameters
    ----------
    beats : ndarray of float64, shape (6, capacity)
        Table of beats.
    lo, hi : int
        Columns of the window, half open.
    work : ndarray of float64, shape (>= hi - lo,)
        Scratch.

    Returns
    -------
    bool
        False with fewer than 20 differences.
    """
    n = 0
    shortest = math.inf
    for k in range(lo + 1, hi):
        d = abs(beats[RR, k] - beats[RR, k - 1])
        if not math.isnan(d):
            work[n] = d
            n += 1
            shortest = min(shortest, beats[RR, k])
    n_large = 0
    for i in range(n):
        if work[i] > 0.3 * shortest:
            n_large += 1
    # Unless a quarter of the differences is as large, the third quartile cannot be: spares two sorts.
    if n_large < n // 4:
        return False
    if n < 20:
        return False
    ordered = np.sort(work[:n])
    q1, q3 = ordered[n // 4], ordered[(3 * n) // 4]
    m = 0
    for k in range(lo, hi):
        if not math.isnan(beats[RR, k]):
            work[m] = beats[RR, k]
            m += 1
    median = np.sort(work[:m])[m // 2]
    return bool(0.5 * (q3 - q1) > 0.15 * median)


@kernel
def is_irregular(beats: NDArray[np.float64], lo: int, hi: int) -> bool:
    """Tell of three ectopic beats among ten, or ten large differences of alternating sign in a row.

    Parameters
    ----------
    beats : ndarray of float64, shape (6, capacity)
        Table of beats.
    lo, hi : int
        Columns of the window, half open.

    Returns
    -------
    bool
        Whether the pattern is unsuitable for variability.
    """
    ectopic = run = 0
    before = 0.0
    for k in range(lo, hi):
        if beats[CODE, k] == _ECTOPIC:
            ectopic += 1
        if k - 10 >= lo and beats[CODE, k - 10] == _ECTOPIC:
            ectopic -= 1
        if ectopic >= 3:
            return True
        d = beats[RR, k] - beats[RR, k - 1] if k > lo else math.nan
        large = abs(d) > 0.2 * min(beats[RR, k], beats[RR, k - 1]) if k > lo else False
        turned = large and d * before < 0.0
        run = run + 1 if turned else int(large)
        if run >= 10:
            return True
        before = d if large else 0.0
    return False


@kernel
def verdict(survey: NDArray[np.float64], n: int, irregular: bool) -> tuple[int, int]:
    """Status and reason of a variability from `n` differences (or intervals).

    Parameters
    ----------
    survey : ndarray of float64, shape (N_SURVEY,)
        What is known of the window.
    n : int
        Valid differences in it.
    irregular : bool
        Whether the beat pattern is unsuitable.

    Returns
    -------
    status, reason : int
        Codes.
    """
    expected = survey[JUDGED] / (0.001 * survey[MEAN]) - 1.0
    if survey[N_MEAN] == 0.0:
        return CODE_NA, shortage(survey)
    if irregular:
        return CODE_NA, CODE_ARRHYTHMIA
    if survey[SHARE] > 0.2:
        return CODE_NA, CODE_CORRECTED
    if n < 10 or n < 0.5 * expected or survey[COVER_NN] < 0.5:
        return CODE_NA, shortage(survey)
    if survey[SHARE] > 0.05:
        return CODE_LOW, CODE_CORRECTED
    if n < 20 or n < expected * 2.0 / 3.0 or survey[COVER_NN] < 0.8:
        return CODE_LOW, shortage(survey)
    return CODE_OK, CODE_NONE
