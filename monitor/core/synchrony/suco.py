"""Surrogate concordance (SUCO): slopes correlated segment by segment, against the same with segments shuffled."""

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.results import Reason
from monitor.core.synchrony.gate import (
    LARGEST_INDEX,
    MIN_SEGMENTS,
    MINIMUM_S,
    graded,
    samples,
    unavailable,
    withheld,
)
from monitor.core.synchrony.marci import slopes
from monitor.core.synchrony.pair import WAVES, Choices, Method, MethodResult, Pair
from monitor.core.synchrony.susy import effect_size, pair_sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Suco:
    """What SUCO says of two series.

    Parameters
    ----------
    n_segments : int
        Segments used.
    n_varying : int
        Segments in which the slopes of both vary; the others have no correlation and are left out.
    z, z_pseudo : float
        Mean of Fisher's z of the slopes' correlation, over segments and over all pairs of different segments.
    z_abs, z_pseudo_abs : float
        The same of ``|z|``.
    sd_pseudo, sd_pseudo_abs : float
        Standard deviation (n - 1) over all pairs of different segments.
    es, es_abs : float
        ``(z - z_pseudo) / sd_pseudo``: the distance from chance in standard deviations of *one segment*. It
        does not grow with the length of a session and is no significance.
    index, index_pseudo : float
        ``ln(sum of r > 0 / |sum of r < 0|)`` over segments, and over all pairs of different segments.
    """

    n_segments: int
    n_varying: int
    z: float
    z_pseudo: float
    sd_pseudo: float
    es: float
    z_abs: float
    z_pseudo_abs: float
    sd_pseudo_abs: float
    es_abs: float
    index: float
    index_pseudo: float


def suco(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    rate_hz: float,
    slope_s: float = 2.0,
    step_s: float = 1.0,
    segment_s: float = 10.0,
) -> Suco:
    """Surrogate concordance of two series: how much more their slopes agree within segments than across them.

    Only slopes whose window lies inside a segment belong to it, so that a shuffled segment is made of its own
    samples. Where the published descriptions leave it open, this is chosen: the surrogates are all pairs of
    different segments, and `es` divides by the spread over them, because there are no lags as in SUSY.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        The signals themselves on one even grid, NaN where missing. Gaps stay where they are: a segment with
        less than 80 % of its slopes valid in both is missing.
    rate_hz : float
        Samples per second, above 0.
    slope_s : float, default 2.0
        Window of a slope, at least two samples.
    step_s : float, default 1.0
        From one slope to the next, a whole part of a segment.
    segment_s : float, default 10.0
        Length of a segment, with at least three slopes.

    Returns
    -------
    Suco
        Its numbers; NaN where undefined, infinite where one sign is absent.

    Raises
    ------
    ValueError
        If lengths differ, or a choice makes no sense.

    References
    ----------
    .. [1] Tschacher, W., & Meier, D. (2020). Physiological synchrony in psychotherapy sessions. Psychotherapy
       Research 30(5), 558-573. doi:10.1080/10503307.2019.1612114
    """
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"two series of one length are needed, not of shapes {x.shape} and {y.shape}")
    length, step, width = (samples(one_s, rate_hz) for one_s in (segment_s, step_s, slope_s))
    n_slopes = (length - width) // step + 1 if step else 0
    if n_slopes < 3 or length % step:
        raise ValueError(
            f"segments of {segment_s:g} s with slopes over {slope_s:g} s each {step_s:g} s make no sense at "
            f"{rate_hz:g} Hz: a segment has at least three slopes and a whole number of steps"
        )
    n_segments = x.size // length
    # The slopes of the last segment end with it; the places between two segments stay empty.
    per_segment = length // step
    pieces = []
    for series in (x, y):
        padded = np.full(n_segments * per_segment, np.nan)
        found = slopes(series[: n_segments * length], rate_hz=rate_hz, slope_s=slope_s, step_s=step_s)
        padded[: found.size] = found[: padded.size]
        pieces.append(padded.reshape(n_segments, per_segment)[:, :n_slopes])
    sums, n_used = pair_sums(pieces[0], pieces[1], 0)
    real, pseudo = sums[:, :, 0]
    z, z_pseudo, sd_pseudo = _mean(real, 2), _mean(pseudo, 2), _spread(pseudo, 2)
    z_abs, z_pseudo_abs, sd_pseudo_abs = _mean(real, 1), _mean(pseudo, 1), _spread(pseudo, 1)
    return Suco(
        n_segments=n_used,
        n_varying=int(real[6]),
        z=z,
        z_pseudo=z_pseudo,
        sd_pseudo=sd_pseudo,
        es=effect_size(z, z_pseudo, sd_pseudo),
        z_abs=z_abs,
        z_pseudo_abs=z_pseudo_abs,
        sd_pseudo_abs=sd_pseudo_abs,
        es_abs=effect_size(z_abs, z_pseudo_abs, sd_pseudo_abs),
        index=_log_ratio(real),
        index_pseudo=_log_ratio(pseudo),
    )


def _mean(sums: NDArray[np.float64], row: int) -> float:
    """Mean over the pairs that have a correlation."""
    return float(sums[row] / sums[6]) if sums[6] else float("nan")


def _spread(sums: NDArray[np.float64], row: int) -> float:
    """Return the standard deviation (n - 1) over the pairs that have a correlation."""
    if sums[6] < 2.0 or not np.isfinite(sums[3]):
        return float("nan")
    return float(np.sqrt(max(0.0, sums[3] - sums[row] ** 2 / sums[6]) / (sums[6] - 1.0)))


def _log_ratio(sums: NDArray[np.float64]) -> float:
    """Logarithm of the ratio of the positive to the negative correlations."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.log(sums[4] / np.abs(sums[5])))


def _shown(index: float) -> float:
    """Keep a ratio only where neither sign is nearly absent."""
    return index if abs(index) <= LARGEST_INDEX else float("nan")


def _compute(pair: Pair, choices: Choices) -> MethodResult:  # noqa: ARG001 - all its times are the published ones
    """Apply the published parameters to the raw signals."""
    refusal = withheld(pair, pair.raw_x, pair.raw_y)
    if refusal is not None:
        return refusal
    result = suco(pair.raw_x, pair.raw_y, rate_hz=pair.rate_hz)
    if result.n_segments < MIN_SEGMENTS:
        text = f"{result.n_segments} segments of 10 s are valid in both; {MIN_SEGMENTS} are needed."
        return unavailable(Reason.TOO_FEW_SEGMENTS, text)
    if result.n_varying < max(MIN_SEGMENTS, 0.5 * result.n_segments):
        text = f"Both signals vary in only {result.n_varying} of {result.n_segments} segments; check the contacts."
        return unavailable(Reason.ZERO_VARIANCE, text)
    if not np.isfinite(result.z):
        return unavailable(Reason.NO_DATA, "In some segments the same signal was given for both.")
    return graded(
        pair,
        pair.raw_x,
        pair.raw_y,
        values={name: float(value) for name, value in asdict(result).items()}
        | {"index": _shown(result.index), "index_pseudo": _shown(result.index_pseudo)},
        series={},
    )


SUCO: Final = Method(
    name="suco",
    title="Surrogate concordance (SUCO)",
    unit="1",
    reference="Tschacher & Meier (2020), doi:10.1080/10503307.2019.1612114",
    minimum_s=MINIMUM_S,
    null_model="all pairs of different segments; es divides by their spread, which is that of single segments",
    signals=WAVES,
    compute=_compute,
)
"""The entry of the registry: `suco` on the raw signals with slopes over 2 s each second, segments of 10 s."""
