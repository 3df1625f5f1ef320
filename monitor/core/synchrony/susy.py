"""Surrogate synchrony (SUSY): segment-wise cross-correlation against the same with segments shuffled.

The arithmetic is that of the R package SUSY 0.1.0, with its traps; what deviates is said in `susy`.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.ccf import N_SUMS, segment_sums
from monitor.core.results import Reason, Status
from monitor.core.synchrony.gate import (
    MIN_SEGMENTS,
    MINIMUM_S,
    SURE_SEGMENTS,
    VALID_SHARE,
    samples,
    unavailable,
    withheld,
)
from monitor.core.synchrony.pair import Choices, Method, MethodResult, Pair

_SERIES: Final = ("real_r", "pseudo_r", "real_z", "pseudo_z", "real_z_no_abs", "pseudo_z_no_abs")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Susy:
    """What SUSY says of two series; names follow the printed table of the package.

    `z` here is the mean of Fisher's z over segments and lags, **not** a standard score, and `es` is **not** the
    significance of a session: its denominator is the spread over lags. Two unrelated 50-minute series exceed
    1.96 in `es_no_abs` in 80 to 95 of 100 sessions. Compare means over many sessions, as the papers do.

    Parameters
    ----------
    n_data : int
        Samples given.
    n_segments : int
        Segments used.
    n_missing : int
        Segments left out because less than 80 % is valid in both.
    n_varying : int
        Segments in which both vary. The others have no correlation: they add nothing to a sum, but are
        counted in its divisor, as in the package.
    n_lags : int
        Lags, zero included.
    z, z_pseudo : float
        Mean of ``|z|`` over all lags, of the real segments and of the shuffled ones.
    sd_z, sd_z_pseudo : float
        Standard deviation (n - 1) over lags of `real_z` and `pseudo_z`.
    percent_above_pseudo, percent_above_pseudo_no_abs : float
        Percentage of lags at which the real mean exceeds the shuffled one.
    es, es_no_abs : float
        ``(z - z_pseudo) / sd_z_pseudo``, and the same without absolute values.
    z_lead1, es_lead1 : float
        The same over the lags at which the first series comes first; `z_lead2`, `es_lead2`: the second.
    z_lead2, es_lead2 : float
        See `z_lead1`.
    z_in_phase, z_anti_phase : float
        Mean of the lags of `real_z_no_abs` at or above zero, and below; NaN where there is none.
    n_in_phase, n_anti_phase : int
        Their numbers.
    z_no_abs, z_pseudo_no_abs, sd_z_pseudo_no_abs : float
        As `z`, `z_pseudo` and `sd_z_pseudo` without absolute values.
    lag_s : ndarray of float64, shape (n_lags,)
        Lags in seconds in the convention of R's ``ccf``, ascending: **below zero the first comes first**.
    real_r, pseudo_r : ndarray of float64, shape (n_lags,)
        Mean of ``|r|`` over real and over shuffled segment pairs.
    real_z, pseudo_z : ndarray of float64, shape (n_lags,)
        Mean of ``|z|``.
    real_z_no_abs, pseudo_z_no_abs : ndarray of float64, shape (n_lags,)
        Mean of z.
    """

    n_data: int
    n_segments: int
    n_missing: int
    n_varying: int
    n_lags: int
    z: float
    z_pseudo: float
    sd_z: float
    sd_z_pseudo: float
    percent_above_pseudo: float
    percent_above_pseudo_no_abs: float
    es: float
    es_no_abs: float
    z_lead1: float
    z_lead2: float
    es_lead1: float
    es_lead2: float
    z_in_phase: float
    z_anti_phase: float
    n_in_phase: int
    n_anti_phase: int
    z_no_abs: float
    z_pseudo_no_abs: float
    sd_z_pseudo_no_abs: float
    lag_s: NDArray[np.float64]
    real_r: NDArray[np.float64]
    pseudo_r: NDArray[np.float64]
    real_z: NDArray[np.float64]
    pseudo_z: NDArray[np.float64]
    real_z_no_abs: NDArray[np.float64]
    pseudo_z_no_abs: NDArray[np.float64]


_VALUES: Final = tuple(f.name for f in fields(Susy) if f.name not in (*_SERIES, "lag_s"))


def susy(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    rate_hz: float,
    segment_s: float = 30.0,
    lag_s: float = 5.0,
) -> Susy:
    """Surrogate synchrony of two series, as the R package SUSY 0.1.0 computes it.

    Segments do not overlap and what is left at the end is ignored. Every segment of one is correlated with
    every segment of the other at every lag (R's ``ccf``), and put through Fisher's z; equal numbers are the
    real pairs, all others the pseudo pairs.

    Two deviations, neither of which touches a series without gaps: the package drops incomplete samples and
    closes the gap, which shifts all later segments; here a gap stays where it is, and a segment of which less
    than 80 % is valid in both is missing. In a segment that counts, missing samples add nothing to the sums.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Series on one even grid, NaN where missing.
    rate_hz : float
        Samples per second, above 0.
    segment_s : float, default 30.0
        Length of a segment, at least two samples; parts of a sample are dropped.
    lag_s : float, default 5.0
        Longest lag, 0 or more and shorter than a segment; parts of a sample are dropped.

    Returns
    -------
    Susy
        Every number of the package's table, NaN where it is undefined, and the means per lag.

    Raises
    ------
    ValueError
        If lengths differ, or rate, segment and lag make no sense.

    References
    ----------
    .. [1] Tschacher, W., & Meier, D. (2020). Physiological synchrony in psychotherapy sessions. Psychotherapy
       Research 30(5), 558-573. doi:10.1080/10503307.2019.1612114
    """
    length, longest = samples(segment_s, rate_hz), samples(lag_s, rate_hz)
    if length < 2 or not 0 <= longest < length:
        raise ValueError(
            f"segments of {segment_s:g} s with lags to {lag_s:g} s make no sense at {rate_hz:g} Hz: a segment "
            "has at least two samples, and a lag is shorter than a segment"
        )
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"two series of one length are needed, not of shapes {x.shape} and {y.shape}")
    n_all = x.size // length
    sums, n = pair_sums(
        x[: n_all * length].reshape(n_all, length), y[: n_all * length].reshape(n_all, length), longest
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        real, pseudo = sums[0] / n, sums[1] / np.float64(n * (n - 1))
    first, second = slice(0, longest), slice(longest + 1, None)
    in_phase = real[2] >= 0.0
    anti_phase = real[2] < 0.0
    return Susy(
        n_data=x.size,
        n_segments=n,
        n_missing=n_all - n,
        n_varying=int(sums[0, 6, longest]),
        n_lags=2 * longest + 1,
        z=_mean(real[1]),
        z_pseudo=_mean(pseudo[1]),
        sd_z=_spread(real[1]),
        sd_z_pseudo=_spread(pseudo[1]),
        percent_above_pseudo=100.0 * _mean((real[1] > pseudo[1]).astype(np.float64)),
        percent_above_pseudo_no_abs=100.0 * _mean((real[2] > pseudo[2]).astype(np.float64)),
        es=effect_size(_mean(real[1]), _mean(pseudo[1]), _spread(pseudo[1])),
        es_no_abs=effect_size(_mean(real[2]), _mean(pseudo[2]), _spread(pseudo[2])),
        z_lead1=_mean(real[1, first]),
        z_lead2=_mean(real[1, second]),
        es_lead1=effect_size(_mean(real[1, first]), _mean(pseudo[1, first]), _spread(pseudo[1, first])),
        es_lead2=effect_size(_mean(real[1, second]), _mean(pseudo[1, second]), _spread(pseudo[1, second])),
        z_in_phase=_mean(real[2, in_phase]),
        z_anti_phase=_mean(real[2, anti_phase]),
        n_in_phase=int(in_phase.sum()),
        n_anti_phase=int(anti_phase.sum()),
        z_no_abs=_mean(real[2]),
        z_pseudo_no_abs=_mean(pseudo[2]),
        sd_z_pseudo_no_abs=_spread(pseudo[2]),
        lag_s=np.arange(-longest, longest + 1) / rate_hz,
        real_r=real[0],
        pseudo_r=pseudo[0],
        real_z=real[1],
        pseudo_z=pseudo[1],
        real_z_no_abs=real[2],
        pseudo_z_no_abs=pseudo[2],
    )


def pair_sums(
    x_segments: NDArray[np.float64], y_segments: NDArray[np.float64], longest: int
) -> tuple[NDArray[np.float64], int]:
    """Correlate all segments of one series with all of another, leaving out those with too much missing.

    Parameters
    ----------
    x_segments, y_segments : ndarray of float64, shape (n, length)
        Segments in the order of time; NaN where missing.
    longest : int
        Longest lag in samples.

    Returns
    -------
    sums : ndarray of float64, shape (2, 7, 2 * longest + 1)
        As `monitor.core.kernels.ccf.segment_sums` gives them.
    n_segments : int
        Segments used.
    """
    length = x_segments.shape[1]
    valid = np.isfinite(x_segments) & np.isfinite(y_segments)
    used = valid.sum(axis=1) >= VALID_SHARE * length - 1e-9
    x, y = _centred(x_segments[used]), _centred(y_segments[used])
    x_padded = np.zeros((x.shape[0], length + 2 * longest))
    x_padded[:, longest : longest + length] = x
    sums = np.empty((2, N_SUMS, 2 * longest + 1))
    segment_sums(x_padded, x, y, sums)
    return sums, x.shape[0]


def effect_size(real: float, pseudo: float, spread: float) -> float:
    """Distance of a real mean from a surrogate one in units of a spread.

    Parameters
    ----------
    real, pseudo, spread : float
        The two means and the unit.

    Returns
    -------
    float
        NaN where the spread is zero or unknown.
    """
    return (real - pseudo) / spread if spread > 0.0 else float("nan")


def _centred(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the mean of what is valid from each segment; missing samples become zero, constants exactly so."""
    valid = np.isfinite(segments)
    rows = np.arange(segments.shape[0])
    from_first = np.where(valid, segments - segments[rows, valid.argmax(axis=1)][:, np.newaxis], 0.0)
    mean = from_first.sum(axis=1) / valid.sum(axis=1)
    return np.ascontiguousarray(np.where(valid, from_first - mean[:, np.newaxis], 0.0))


def _mean(values: NDArray[np.float64]) -> float:
    """Mean that does not depend on the order of the values; NaN of none."""
    with np.errstate(invalid="ignore"):
        return float(np.sort(values).sum() / values.size) if values.size else float("nan")


def _spread(values: NDArray[np.float64]) -> float:
    """Return the standard deviation (n - 1), whatever the order of the values."""
    with np.errstate(invalid="ignore"):
        squares = (values - _mean(values)) ** 2
        return float(np.sqrt(np.sort(squares).sum() / (values.size - 1))) if values.size > 1 else float("nan")


def _compute(pair: Pair, choices: Choices) -> MethodResult:
    """Apply SUSY to the prepared series, with lags in our sign: above zero when the first comes first."""
    result = susy(pair.x, pair.y, rate_hz=pair.rate_hz, segment_s=choices.segment_s, lag_s=choices.lag_s)
    refusal = withheld(pair, pair.x, pair.y)
    if refusal is not None:
        return refusal
    if result.n_segments < MIN_SEGMENTS:
        return unavailable(
            Reason.TOO_FEW_SEGMENTS,
            f"{result.n_segments} segments of {choices.segment_s:g} s are valid in both; {MIN_SEGMENTS} are needed.",
        )
    if result.n_varying < max(MIN_SEGMENTS, 0.5 * result.n_segments):
        return unavailable(
            Reason.ZERO_VARIANCE,
            f"Both signals vary in only {result.n_varying} of {result.n_segments} segments; check the contacts.",
        )
    if not np.isfinite(result.z):
        return unavailable(Reason.NO_DATA, "In some segments the same signal was given for both.")
    status, reason, text = Status.OK, Reason.NONE, ""
    if result.n_varying < result.n_segments:
        status, reason = Status.LOW, Reason.ZERO_VARIANCE
        text = f"In {result.n_segments - result.n_varying} segments the signal of one person does not vary."
    elif result.n_segments < SURE_SEGMENTS:
        status, reason = Status.LOW, Reason.TOO_FEW_SEGMENTS
        text = f"{result.n_segments} segments are few; from {SURE_SEGMENTS} on it is surer."
    return MethodResult(
        status=status,
        reason=reason,
        text=text,
        values={name: float(getattr(result, name)) for name in _VALUES},
        series={"lag_s": -result.lag_s[::-1]}
        | {name: getattr(result, name)[::-1].copy() for name in _SERIES},
    )


SUSY: Final = Method(
    name="susy",
    title="Surrogate synchrony (SUSY)",
    unit="1",
    reference="Tschacher & Meier 2020, doi:10.1080/10503307.2019.1612114; R package SUSY 0.1.0",
    minimum_s=MINIMUM_S,
    null_model="all pairs of different segments; es divides by their spread over lags and is for means over many "
    "sessions, never the significance of one",
    compute=_compute,
)
"""The entry of the registry: `susy` on the prepared series. `z_lead1` is where the first comes first."""
