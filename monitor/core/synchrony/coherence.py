"""Cross-wavelet coherence of two people: at which periods, when, and who tends to come earlier; offline.

Every value looks about one and a half periods into the future, so this cannot be streamed.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.wavelet import (
    N_OCTAVES,
    PER_OCTAVE,
    PERIOD_PER_SCALE,
    SCALES,
    SHORTEST,
    STEP,
    Bank,
    Side,
    bank_of,
    coherency,
    cross_of,
    side_of,
    tally,
)
from monitor.core.results import Reason, Status
from monitor.core.synchrony.gate import unavailable
from monitor.core.synchrony.pair import Choices, Method, MethodResult, Pair
from monitor.core.synchrony.surrogates import LEAST_SHIFT_S, MOST_SURROGATES, p_value, session_shifts

_CONE = np.sqrt(2.0)
_BOX_OCTAVES = 0.6
_MINIMUM_S = 300.0
_N_CLASSES = 400
_LEVEL = 0.95


class WaveletCoherence(NamedTuple):
    """Coherence over time and period; NaN inside the cone of influence of an edge or a gap.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n_times,)
        Session time in seconds, every fourth sample.
    period_s : ndarray of float64, shape (41,)
        Periods in seconds, eight per octave over five octaves.
    coherence : ndarray of float64, shape (41, n_times)
        Between 0 and 1.
    phase_rad : ndarray of float64, shape (41, n_times)
        Between -pi and pi; positive when the first leads. In seconds: times the period over 2 pi.
    """

    t_s: NDArray[np.float64]
    period_s: NDArray[np.float64]
    coherence: NDArray[np.float64]
    phase_rad: NDArray[np.float64]


def _box() -> NDArray[np.float64]:
    """Weights over neighbouring scales; the outermost ones are partly inside."""
    width = _BOX_OCTAVES * PER_OCTAVE
    half = int(np.ceil((width - 1.0) / 2.0))
    weights = np.ones(2 * half + 1)
    weights[[0, -1]] = (width - (2 * half - 1)) / 2.0
    return weights


def _outside_cones(known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for every scale and every fourth sample whether edges and gaps are sqrt(2) scales away."""
    n = known.size
    index = np.arange(n)
    before = np.maximum.accumulate(np.where(known, -1, index))
    after = np.minimum.accumulate(np.where(known, n, index)[::-1])[::-1]
    distance = np.minimum(index - before, after - index)[::STEP]
    return np.ascontiguousarray(distance[None, :] >= _CONE * SCALES[:, None])


def _filled(series: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.isfinite(series)
    index = np.arange(series.size)
    return np.asarray(np.interp(index, index[known], series[known] - series[known].mean()))


def _points(bank: Bank, x: Side, y: Side, valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    out = np.empty((*valid.shape, 2))
    coherency(x.power, y.power, cross_of(bank, x, y), _box(), valid, out)
    return out


class _Analysis(NamedTuple):
    """The data, transformed, with what surrogates need to be treated alike."""

    start: int
    bank: Bank
    x: Side
    filled_y: NDArray[np.float64]
    valid: NDArray[np.bool_]
    points: NDArray[np.float64]


def _analyse(x: NDArray[np.float64], y: NDArray[np.float64]) -> _Analysis:
    known = np.isfinite(x) & np.isfinite(y)
    where = np.flatnonzero(known)
    here = slice(int(where[0]), int(where[-1]) + 1)
    filled_x, filled_y = _filled(x[here]), _filled(y[here])
    bank = bank_of(filled_x.size)
    side_x, side_y = side_of(bank, filled_x), side_of(bank, filled_y)
    valid = _outside_cones(known[here])
    n_times = valid.shape[1]
    for side in (side_x, side_y):
        # Where nothing moves there is nothing to compare; the ratio would be one of rounding errors.
        power = side.power[:, :n_times]
        valid &= power > 1e-6 * power.mean(axis=1, keepdims=True)
    return _Analysis(here.start, bank, side_x, filled_y, valid, _points(bank, side_x, side_y, valid))


def wavelet_coherence(
    x: NDArray[np.float64], y: NDArray[np.float64], *, rate_hz: float, t0_s: float = 0.0
) -> WaveletCoherence:
    """Coherence of two series over time and period, with the phase between them.

    Morlet wavelet with omega0 = 6; ``|S(W_x W_y* / s)|^2 / (S(|W_x|^2 / s) S(|W_y|^2 / s))`` as in [1]_, where S is a
    Gaussian ``exp(-t^2 / 2 s^2)`` in time and a box of 0.6 octaves over scales. A high coherence alone means
    nothing: smoothing makes that of independent noise about 0.3; compare with surrogates.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        The two series on one even grid; NaN where missing. Gaps are bridged by a straight line for the transform only.
    rate_hz : float
        Samples per second; 4 Hz gives periods of 2 to 64 s, 1 Hz of 8 to 256 s.
    t0_s : float, default 0.0
        Session time of sample 0 in seconds.

    Returns
    -------
    WaveletCoherence
        NaN wherever an edge or a sample missing in either series is nearer than sqrt(2) times the scale, on either
        side, and where one of the series does not move. Empty in time when no sample is valid in both.

    Raises
    ------
    ValueError
        If the series differ in length.

    References
    ----------
    .. [1] Grinsted, Moore & Jevrejeva (2004), doi:10.5194/npg-11-561-2004; Torrence & Webster (1999) for the box.
    """
    if x.shape != y.shape:
        raise ValueError(f"x and y differ in length: {x.size} and {y.size} samples.")
    period_s = SCALES * PERIOD_PER_SCALE / rate_hz
    if not np.any(np.isfinite(x) & np.isfinite(y)):
        empty = np.empty((SCALES.size, 0))
        return WaveletCoherence(np.empty(0), period_s, empty, empty.copy())
    analysis = _analyse(x, y)
    re, im = analysis.points[..., 0], analysis.points[..., 1]
    t_s = t0_s + (analysis.start + STEP * np.arange(re.shape[1])) / rate_hz
    return WaveletCoherence(t_s, period_s, re * re + im * im, np.arctan2(im, re))


def _draw(analysis: _Analysis, shifts: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Draw surrogates; sums and classes of the coherence per scale: row 0 of the data, the others of surrogates."""
    sums = np.empty((shifts.size + 1, SCALES.size))
    counts = np.empty((shifts.size + 1, SCALES.size, _N_CLASSES), dtype=np.int64)
    tally(analysis.points, sums[0], counts[0])
    for i, shift in enumerate(shifts.tolist(), start=1):
        y = side_of(analysis.bank, np.roll(analysis.filled_y, shift))
        tally(_points(analysis.bank, analysis.x, y, analysis.valid), sums[i], counts[i])
    return sums, counts


def _classes_above(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per scale, the first class of which at most 5 % of all points, data and surrogates, are reached."""
    pooled = counts.sum(axis=0)
    reached = pooled[:, ::-1].cumsum(axis=1)[:, ::-1]
    total = np.maximum(reached[:, :1], 1)
    return np.asarray(np.count_nonzero(reached > (1.0 - _LEVEL) * total, axis=1))


class _Bands(NamedTuple):
    name: str
    rows: slice


def _bands(rate_hz: float) -> list[_Bands]:
    """Octaves, named by their periods; the longest period belongs to the last."""
    out = [_Bands("", slice(0, SCALES.size))]
    for octave in range(N_OCTAVES):
        low = SHORTEST / rate_hz * 2**octave
        last = SCALES.size if octave == N_OCTAVES - 1 else (octave + 1) * PER_OCTAVE
        out.append(_Bands(f"_{low:g}_{2 * low:g}_s", slice(octave * PER_OCTAVE, last)))
    return out


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide; NaN where nothing is divided by nothing."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0)


def _values(
    analysis: _Analysis, sums: NDArray[np.float64], above: NDArray[np.float64], rate_hz: float
) -> dict[str, float]:
    """Named numbers: over all periods, then of each octave."""
    n_valid = analysis.valid.sum(axis=1).astype(float)
    values: dict[str, float] = {}
    total = analysis.points.sum(axis=1, where=analysis.valid[..., None])
    for name, rows in _bands(rate_hz):
        denominator = np.full(sums.shape[0], n_valid[rows].sum())
        mean = _ratio(sums[:, rows].sum(axis=1), denominator)
        share = _ratio(above[:, rows].sum(axis=1), denominator)
        values[f"coherence{name}"] = float(mean[0])
        values[f"chance_lo{name}"], values[f"chance_hi{name}"] = np.quantile(
            mean[1:], (0.05, _LEVEL)
        ).tolist()
        values[f"p{name}"] = float(p_value(float(mean[0]), mean[1:]))
        values[f"share_above{name}"] = float(share[0])
        values[f"p_share{name}"] = float(p_value(float(share[0]), share[1:]))
        if name:
            re, im = total[rows].sum(axis=0).tolist()
            period_s = float(np.exp(np.log(SCALES[rows] * PERIOD_PER_SCALE).mean())) / rate_hz
            beyond = mean[0] > values[f"chance_hi{name}"]
            values[f"lag_s{name}"] = (
                float(np.arctan2(im, re)) * period_s / (2.0 * np.pi) if beyond else np.nan
            )
    values["valid_share"] = float(n_valid.sum() / analysis.valid.size)
    values["n_surrogates"] = float(sums.shape[0] - 1)
    return values


def _series(
    analysis: _Analysis, sums: NDArray[np.float64], above: NDArray[np.float64], pair: Pair
) -> dict[str, NDArray[np.float64]]:
    n_valid = analysis.valid.sum(axis=1).astype(float)
    mean = _ratio(sums, np.broadcast_to(n_valid, sums.shape))
    r2 = np.where(analysis.valid, (analysis.points**2).sum(axis=2), 0.0)
    period_s = SCALES * PERIOD_PER_SCALE / pair.rate_hz
    total = analysis.points.sum(axis=1, where=analysis.valid[..., None])
    phase = np.where(n_valid > 0, np.arctan2(total[:, 1], total[:, 0]), np.nan)
    return {
        "period_s": period_s,
        "coherence_by_period": mean[0],
        "chance_lo_by_period": np.quantile(mean[1:], 0.05, axis=0),
        "chance_hi_by_period": np.quantile(mean[1:], _LEVEL, axis=0),
        "share_above_by_period": _ratio(above[0], n_valid),
        "phase_lag_s_by_period": phase * period_s / (2.0 * np.pi),
        "t_s": pair.t0_s + (analysis.start + STEP * np.arange(r2.shape[1])) / pair.rate_hz,
        "coherence_by_time": _ratio(r2.sum(axis=0), analysis.valid.sum(axis=0).astype(float)),
    }


def _refused(pair: Pair) -> MethodResult | None:
    """Say why there can be no value, if so."""
    known = np.isfinite(pair.x) & np.isfinite(pair.y)
    valid_s, minimum_s = np.count_nonzero(known) / pair.rate_hz, _MINIMUM_S * 4.0 / pair.rate_hz
    if valid_s == 0.0:
        return unavailable(Reason.NO_DATA, "There is no time at which this signal is valid in both.")
    if valid_s < minimum_s:
        text = f"Coherence needs {minimum_s / 60:g} min valid in both; there are {valid_s / 60:.1f}."
        return unavailable(Reason.TOO_FEW_SEGMENTS, text)
    for code, series in ((pair.first, pair.x[known]), (pair.second, pair.y[known])):
        if np.ptp(series) <= 1e-9 * max(float(np.abs(series).max()), 1e-9):
            return unavailable(Reason.ZERO_VARIANCE, f"The signal of {code} does not vary.")
    if np.array_equal(pair.raw_x, pair.raw_y, equal_nan=True):
        return unavailable(
            Reason.NO_DATA, "The same signal was given for both; check who wears which sensor."
        )
    return None


def compute_coherence(pair: Pair, choices: Choices) -> MethodResult:
    """Coherence of the prepared series, per octave of periods and over the session, beside circular shifts.

    In a surrogate the second person's series is turned round the session, by a minute at least; gaps (bridged by a
    straight line before) and cones stay where they are. ``share_above`` is the share of valid points of time and
    period above the 95 % level of that period (all points of data and surrogates together); chance gives 0.05.
    Two steady rhythms of one period are coherent by themselves, and so are their surrogates: that is within chance.
    Phase-randomised surrogates, which are common, have no responses that rise fast and fall slowly: of 100 simulated
    unrelated pairs of skin conductance slopes (25 min) ``p_share`` was at most .05 in 18 against them (in 38 at 2 to
    8 s), in 7 against circular shifts. Five minutes hold too few independent shifts (12 of 100 white noises): LOW.

    Parameters
    ----------
    pair : Pair
        Two people's series; `x` and `y` are used.
    choices : Choices
        `n_surrogates` (at most 199 are drawn) and `seed`.

    Returns
    -------
    MethodResult
        First value: ``coherence`` with ``chance_lo, chance_hi`` (5 and 95 % of the surrogates) and ``p``. The same per
        octave with its periods in the name, and there ``lag_s``: the phase as seconds, positive when the first
        leads, defined up to one period, NaN unless the octave is above its chance band. LOW below twice the minimum
        or when less than half of time and period is outside the cones.

    Raises
    ------
    ValueError
        If fewer than 19 surrogates are chosen: 5 % could not be told.
    """
    if choices.n_surrogates < 19:
        raise ValueError(f"n_surrogates is {choices.n_surrogates}; coherence needs at least 19.")
    if (refusal := _refused(pair)) is not None:
        return refusal
    analysis = _analyse(pair.x, pair.y)
    if not analysis.valid.any():
        return unavailable(Reason.GAP, "No stretch between two gaps is long enough for any period.")
    shifts = session_shifts(pair, choices, "coherence", analysis.filled_y.size)
    sums, counts = _draw(analysis, shifts)
    lowest = _classes_above(counts)
    above = np.sum(counts, axis=2, where=np.arange(_N_CLASSES) >= lowest[:, None]).astype(float)
    values = _values(analysis, sums, above, pair.rate_hz)
    series = _series(analysis, sums, above, pair)
    known_s = np.count_nonzero(np.isfinite(pair.x) & np.isfinite(pair.y)) / pair.rate_hz
    if known_s < 2.0 * _MINIMUM_S * 4.0 / pair.rate_hz:
        reason, text = (
            Reason.TOO_FEW_SEGMENTS,
            f"Only {known_s / 60:.1f} min are valid in both; twice as much is surer.",
        )
    elif values["valid_share"] < 0.5:
        reason, text = Reason.GAP, "More than half of time and period is too near to a gap or to the ends."
    else:
        return MethodResult(status=Status.OK, values=values, series=series)
    return MethodResult(status=Status.LOW, reason=reason, text=text, values=values, series=series)


COHERENCE = Method(
    name="coherence",
    title="Cross-wavelet coherence",
    unit="1",
    reference="Grinsted, Moore & Jevrejeva (2004), doi:10.5194/npg-11-561-2004",
    minimum_s=_MINIMUM_S,
    null_model=f"the second person's series turned round the session by at least {LEAST_SHIFT_S:g} s, at most "
    f"{MOST_SURROGATES} times",
    compute=compute_coherence,
)
"""Registry entry; 5 min at 4 Hz, four times as much for a series at 1 Hz."""
