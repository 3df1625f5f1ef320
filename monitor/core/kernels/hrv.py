"""Heart rate and heart rate variability of trailing windows."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.hrv_survey import (
    CODE,
    CODE_CORRECTED,
    CODE_GAP,
    CODE_LOW,
    CODE_NA,
    CODE_NONE,
    CODE_OK,
    CODE_WARMUP,
    CODE_ZERO,
    CORRECTED,
    COVER_ANY,
    COVER_NN,
    GAP_S,
    GAPPED,
    KNOWN,
    MEAN,
    N_MEAN,
    N_SURVEY,
    NN,
    PAIR,
    RR,
    SHARE,
    TIME,
    WARMING,
    first_at,
    is_irregular,
    is_unsteady,
    long_run_variance,
    rate_interval,
    shortage,
    survey_window,
    verdict,
)
from monitor.core.kernels.spectrum import detrend_and_taper, natural_spline, periodogram

HR, SPEED, LN_RMSSD, RMSSD, LN_RMSSD_60, SDNN, LN_HF = range(7)
"""Rows of the result."""

_RATE_HZ = 4.0
_N_SPECTRUM = 240


@kernel
def _write(
    out: NDArray[np.float64], row: int, value: float, se: float, status: int, reason: int, cover: float
) -> None:
    missing = status == CODE_NA
    out[row, 0] = math.nan if missing else value
    out[row, 1] = math.nan if missing else se
    out[row, 2] = status
    out[row, 3] = reason
    out[row, 4] = cover


@kernel
def _heart_rate(
    beats: NDArray[np.float64],
    lo: int,
    hi: int,
    survey: NDArray[np.float64],
    raw: bool,
    work: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Rate and speed from all intervals, corrected where needed."""
    cover, mean, n = survey[COVER_ANY], survey[MEAN], int(survey[N_MEAN])
    status, reason = CODE_OK, CODE_NONE
    if n < 8 or cover < 0.5:
        status, reason = CODE_NA, shortage(survey)
    elif survey[SHARE] > 0.2 and not raw:
        status, reason = CODE_LOW, CODE_CORRECTED
    elif cover < 0.8:
        status, reason = CODE_LOW, shortage(survey)
    se = math.nan
    if status != CODE_NA:
        i = 0
        for k in range(lo, hi):
            rr = rate_interval(beats, k, raw)
            if not math.isnan(rr):
                work[i] = rr
                i += 1
        se = math.sqrt(long_run_variance(work, n, mean) / n) / mean
    rate = 60000.0 / mean
    _write(out, HR, rate, rate * se, status, reason, cover)
    _write(out, SPEED, -math.log(0.001 * mean), se, status, reason, cover)


@kernel
def _successive(beats: NDArray[np.float64], lo: int, hi: int, work: NDArray[np.float64]) -> int:
    """Squared differences of the valid pairs that end inside the window; return how many."""
    n = 0
    for k in range(lo + 1, hi):
        if beats[PAIR, k] == 1.0:
            d = beats[RR, k] - beats[RR, k - 1]
            work[n] = d * d
            n += 1
    return n


@kernel
def _vagal(
    beats: NDArray[np.float64],
    lo: int,
    hi: int,
    survey: NDArray[np.float64],
    irregular: bool,
    work: NDArray[np.float64],
    row: int,
    out: NDArray[np.float64],
) -> None:
    """Write ln RMSSD to `row`, and RMSSD itself beside the 30-s value."""
    n = _successive(beats, lo, hi, work)
    status, reason = verdict(survey, n, irregular)
    total = 0.0
    for i in range(n):
        total += work[i]
    mean = total / n if n > 0 else 0.0
    if status != CODE_NA and mean == 0.0:
        status, reason = CODE_NA, CODE_ZERO
    se = value = math.nan
    if status != CODE_NA:
        se = 0.5 * math.sqrt(long_run_variance(work, n, mean) / n) / mean
        value = math.sqrt(mean)
    cover = survey[COVER_NN]
    _write(out, row, math.log(value), se, status, reason, cover)
    if row == LN_RMSSD:
        _write(out, RMSSD, value, se * value, status, reason, cover)


@kernel
def _spread(
    beats: NDArray[np.float64],
    lo: int,
    hi: int,
    survey: NDArray[np.float64],
    irregular: bool,
    out: NDArray[np.float64],
) -> None:
    """Write SDNN."""
    total = square = 0.0
    n = 0
    for k in range(lo, hi):
        if beats[NN, k] == 1.0:
            total += beats[RR, k]
            n += 1
    status, reason = verdict(survey, n, irregular)
    mean = total / n if n > 0 else 0.0
    for k in range(lo, hi):
        if beats[NN, k] == 1.0:
            square += (beats[RR, k] - mean) ** 2
    if status != CODE_NA and square == 0.0:
        status, reason = CODE_NA, CODE_ZERO
    value = math.sqrt(square / (n - 1)) if n > 1 else math.nan
    _write(out, SDNN, value, math.nan, status, reason, survey[COVER_NN])


@kernel
def _high_frequency(
    beats: NDArray[np.float64],
    lo: int,
    hi: int,
    end_s: float,
    survey: NDArray[np.float64],
    irregular: bool,
    waves: NDArray[np.float64],
    scratch: NDArray[np.float64],
    bins: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Write the logarithm of the power between 0.15 and 0.40 Hz."""
    x, y, grid = scratch[0], scratch[1], scratch[2]
    n = 0
    hole = False
    for k in range(lo, hi):
        if beats[NN, k] == 1.0:
            x[n], y[n] = beats[TIME, k], beats[RR, k]
            hole = hole or (n > 0 and x[n] - 0.001 * y[n] - x[n - 1] > GAP_S)
            n += 1
    status, reason = verdict(survey, n, irregular)
    cover = survey[COVER_NN]
    if status != CODE_NA:
        if survey[WARMING] == 1.0:
            status, reason = CODE_NA, CODE_WARMUP
        elif hole or survey[GAPPED] == 1.0 or x[0] - (end_s - 60.0) > 2.0 * GAP_S:
            status, reason = CODE_NA, CODE_GAP
    value = math.nan
    if status != CODE_NA:
        begin = end_s - _N_SPECTRUM / _RATE_HZ
        first = math.ceil((x[0] - begin) * _RATE_HZ)
        n_grid = math.floor((x[n - 1] - begin) * _RATE_HZ) - first + 1
        natural_spline(x, y, n, scratch[3:5], begin + first / _RATE_HZ, 1.0 / _RATE_HZ, grid, n_grid)
        taper = detrend_and_taper(grid, n_grid)
        periodogram(grid, n_grid, waves, bins[0:2], bins[2])
        power = 0.0
        for f in range(bins.shape[1]):
            power += bins[2, f]
        # One-sided density 2|X|^2 / (rate * taper), times the distance of the bins.
        value = 2.0 * power / (_RATE_HZ * taper) * (_RATE_HZ / _N_SPECTRUM)
        if value == 0.0:
            status, reason = CODE_NA, CODE_ZERO
    _write(out, LN_HF, math.log(value), math.nan, status, reason, cover)


@kernel
def store_beats(
    t_s: NDArray[np.float64],
    rr_ms: NDArray[np.float64],
    corrected_ms: NDArray[np.float64],
    code: NDArray[np.int64],
    nn: NDArray[np.bool_],
    pair: NDArray[np.bool_],
    known_s: NDArray[np.float64],
    beats: NDArray[np.float64],
    first: int,
) -> None:
    """Copy intervals into the table from column `first` on.

    Parameters
    ----------
    t_s, rr_ms, corrected_ms : ndarray of float64, shape (n,)
        Times in seconds, intervals and corrected intervals in milliseconds.
    code : ndarray of int64, shape (n,)
        Class codes.
    nn, pair : ndarray of bool, shape (n,)
        NN interval; valid difference to the interval before.
    known_s : ndarray of float64, shape (n,)
        When each was settled, in seconds.
    beats : ndarray of float64, shape (N_ROWS, >= first + n)
        The table; changed in place.
    first : int
        Column of the first of them.
    """
    for i in range(t_s.shape[0]):
        beats[TIME, first + i] = t_s[i]
        beats[RR, first + i] = rr_ms[i]
        beats[CORRECTED, first + i] = corrected_ms[i]
        beats[CODE, first + i] = code[i]
        beats[NN, first + i] = nn[i]
        beats[PAIR, first + i] = pair[i]
        beats[KNOWN, first + i] = known_s[i]


@kernel
def estimate_heart(
    beats: NDArray[np.float64],
    n: int,
    end_s: float,
    start_s: float,
    warming: bool,
    waves: NDArray[np.float64],
    scratch: NDArray[np.float64],
    bins: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Compute every heart marker of one grid second.

    Parameters
    ----------
    beats : ndarray of float64, shape (N_ROWS, capacity)
        Rows: time in seconds, interval, corrected interval (ms), class code, NN, pair.
    n : int
        Beats that count.
    end_s : float
        End of the windows in seconds.
    start_s : float
        Time of the first beat of the session.
    warming : bool
        Whether beats are being held back while the thresholds are learned.
    waves : ndarray of float64, shape (2, 240, n_bins)
        Cosine and sine table of the bins between 0.15 and 0.40 Hz.
    scratch : ndarray of float64, shape (5, capacity)
        Scratch.
    bins : ndarray of float64, shape (3, n_bins)
        Scratch.
    out : ndarray of float64, shape (7, 5)
        Written, a row per marker: value, standard error, status code, reason code, coverage.
    """
    t = beats[0]
    hi = first_at(t, n, end_s)
    lo15, lo30, lo60 = (
        first_at(t, n, end_s - 15.0),
        first_at(t, n, end_s - 30.0),
        first_at(t, n, end_s - 60.0),
    )
    work = scratch[0]
    survey = np.empty(N_SURVEY)
    unsteady = is_unsteady(beats, lo60, hi, work)

    raw = unsteady or is_irregular(beats, lo30, hi)
    survey_window(beats, lo15, hi, end_s, 15.0, start_s, warming, raw, survey)
    _heart_rate(beats, lo15, hi, survey, raw, work, out)
    survey_window(beats, lo30, hi, end_s, 30.0, start_s, warming, False, survey)
    _vagal(beats, lo30, hi, survey, raw, work, LN_RMSSD, out)
    survey_window(beats, lo60, hi, end_s, 60.0, start_s, warming, False, survey)
    irregular = unsteady or is_irregular(beats, lo60, hi)
    _vagal(beats, lo60, hi, survey, irregular, work, LN_RMSSD_60, out)
    _spread(beats, lo60, hi, survey, irregular, out)
    _high_frequency(beats, lo60, hi, end_s, survey, irregular, waves, scratch, bins, out)
