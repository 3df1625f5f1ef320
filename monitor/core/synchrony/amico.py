"""Adaptive matching of two skin conductances by their features (AMICo), versions 1 and 2; offline.

The assignment is the best one of the whole session: later data can change any earlier match. It is global and cannot
be streamed.

Written from the published description (Kleinbub, Talia & Palmieri 2020). What that leaves open was chosen so:

- Smoothed: 25 points at the rate of the grid (4 Hz, so 6.25 s), stretch by stretch; shorter stretches are missing.
- Features: alternating valleys and peaks of the smoothed signal, neighbours at least 0.05 uS apart in height, each
  moved to the extremum of the unsmoothed signal within 0.5 s. Borders of a stretch are no features.
- The longest lag is 4 s as described, whatever is chosen for other methods. Only peaks meet peaks, and valleys valleys.
- Version 1 compares derivatives in 4 s to both sides of the two features, cut at a gap, each rescaled to 0..1 in this
  window; ``m`` is the square of the mean of ``1 - |difference|``.
- The lag penalty is a Gaussian of SD 2 s, scaled so that a lag of 4 s loses 30 %. A match needs a likeness above 0.
- Version 1 scores from match to match, joined until a piece is at least 5 s long in both (most rises are shorter);
  inside, the shorter of the two parts between successive matches is stretched. Pearson's r of the smoothed signals.
- Version 2 stretches the shorter triangle as a whole; a triangle ends at half recovery or the next valley, whichever
  comes first; the lag is that of the peaks; x of the stretch weight is the longer over the shorter duration.
- Version 2 scores a matched triangle by its weighted r. What lies between two matched triangles, at least 5 s in both,
  is stretched likewise and cut into equal intervals nearest to 12.5 s: cosine of the derivatives.
- What lies before the first and after the last match of a stretch has no score.
- Session number: mean score weighted with duration; its null is the second person's series turned round the session.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.amico import assign, feature_likeness, pieces_likeness, triangle_likeness
from monitor.core.results import Reason, Status
from monitor.core.synchrony.features import Features, features_of, runs_of, turned
from monitor.core.synchrony.gate import unavailable
from monitor.core.synchrony.pair import Choices, Method, MethodResult, Pair
from monitor.core.synchrony.surrogates import MOST_SURROGATES, p_value, session_shifts

_LAG_S = 4.0
_PIECE_S = 5.0
_INTERVAL_S = 12.5
_MINIMUM_S = 300.0
_FEWEST_PIECES = 10


class Alignment(NamedTuple):
    """Two people's features matched over the whole session, and how alike the signals are along the matches.

    Parameters
    ----------
    first_s, second_s : ndarray of float64, shape (n_matches,)
        Session times of matched features (version 2: of the peaks), ascending in both.
    likeness : ndarray of float64, shape (n_matches,)
        Of each match, above 0, at most 1.
    n_first, n_second : int
        Features (version 2: triangles) of each person.
    t_s, length_s, score : ndarray of float64, shape (n_pieces,)
        Centre, duration and score, -1 to 1, of each scored piece; both times are means over the two people.
    """

    first_s: NDArray[np.float64]
    second_s: NDArray[np.float64]
    likeness: NDArray[np.float64]
    n_first: int
    n_second: int
    t_s: NDArray[np.float64]
    length_s: NDArray[np.float64]
    score: NDArray[np.float64]

    @property
    def mean_score(self) -> float:
        """Mean score weighted with duration; NaN without pieces."""
        total = float(self.length_s.sum())
        return float((self.length_s * self.score).sum()) / total if total > 0.0 else float("nan")

    @property
    def share_positive(self) -> float:
        """Share of the scored time with a score above 0; NaN without pieces."""
        total = float(self.length_s.sum())
        return float(self.length_s[self.score > 0.0].sum()) / total if total > 0.0 else float("nan")

    @property
    def lag_s(self) -> float:
        """Median lag of the matches, positive when the first leads; NaN without matches."""
        return float(np.median(self.second_s - self.first_s)) if self.first_s.size else float("nan")


class _Matches(NamedTuple):
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    likeness: NDArray[np.float64]


def _places(person: Features, version: int) -> NDArray[np.int64]:
    return person.turns[:, 0] if version == 1 else person.triangles[:, 1]


def _match(x: Features, y: Features, run: NDArray[np.int64], version: int, most: int) -> _Matches:
    at_x, at_y = _places(x, version), _places(y, version)
    lo = np.searchsorted(at_y, at_x - most, side="left")
    hi = np.searchsorted(at_y, at_x + most, side="right")
    start = np.concatenate(([0], np.cumsum(hi - lo)))
    table = np.stack((np.append(lo, at_y.size), start), axis=1)
    likeness = np.empty(int(start[-1]))
    if version == 1:
        feature_likeness(x.turns, y.turns, x.slope, y.slope, run, table, most, likeness)
    else:
        triangle_likeness(x.triangles, y.triangles, x.level, y.level, run, table, most, likeness)
    matched = np.empty(at_x.size, dtype=np.int64)
    assign(likeness, table, at_y.size, matched)
    rows = np.flatnonzero(matched >= 0)
    columns = matched[rows]
    return _Matches(rows, columns, likeness[start[rows] + columns - lo[rows]])


def _joined(parts: NDArray[np.int64], unbroken: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """Join successive parts until they are long enough in both; a gap between two matches starts anew."""
    out = []
    first = 0
    for k in range(parts.shape[0]):
        if not unbroken[k]:
            first = k + 1
        elif min(parts[k, 1] - parts[first, 0], parts[k, 3] - parts[first, 2]) >= least:
            out.append((first, k + 1))
            first = k + 1
    return out


def _cut(parts: NDArray[np.int64], interval: float) -> NDArray[np.int64]:
    """Cut parts into equal intervals of about the wanted length."""
    out = []
    for a0, a1, b0, b1 in parts.tolist():
        n = max(1, round(max(a1 - a0, b1 - b0) / interval))
        ends_a, ends_b = np.linspace(a0, a1, n + 1).round(), np.linspace(b0, b1, n + 1).round()
        out.append(np.stack((ends_a[:-1], ends_a[1:], ends_b[:-1], ends_b[1:]), axis=1).astype(np.int64))
    return np.concatenate(out) if out else np.empty((0, 4), dtype=np.int64)


def _pieces_1(
    x: Features, y: Features, matches: _Matches, run: NDArray[np.int64], rate_hz: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    at_x, at_y = x.turns[matches.rows, 0], y.turns[matches.columns, 0]
    parts = np.ascontiguousarray(np.stack((at_x[:-1], at_x[1:], at_y[:-1], at_y[1:]), axis=1))
    groups = _joined(parts, run[at_x[:-1]] == run[at_x[1:]], round(_PIECE_S * rate_hz))
    spans, score = np.empty((len(groups), 4), dtype=np.int64), np.empty(len(groups))
    for g, (first, stop) in enumerate(groups):
        spans[g] = parts[first, 0], parts[stop - 1, 1], parts[first, 2], parts[stop - 1, 3]
    used = np.concatenate([parts[first:stop] for first, stop in groups] or [parts[:0]])
    group = np.concatenate(([0], np.cumsum([stop - first for first, stop in groups], dtype=np.int64)))
    pieces_likeness(x.level, y.level, used, group, True, score)
    return spans, score


def _pieces_2(
    x: Features, y: Features, matches: _Matches, run: NDArray[np.int64], rate_hz: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    of_x, of_y = x.triangles[matches.rows], y.triangles[matches.columns]
    whole = np.stack((of_x[:, 0], of_x[:, 2], of_y[:, 0], of_y[:, 2]), axis=1)
    between = np.stack((of_x[:-1, 2], of_x[1:, 0], of_y[:-1, 2], of_y[1:, 0]), axis=1)
    short = np.minimum(between[:, 1] - between[:, 0], between[:, 3] - between[:, 2])
    unbroken = run[of_x[:-1, 2]] == run[of_x[1:, 0]]
    cut = _cut(between[unbroken & (short >= round(_PIECE_S * rate_hz))], _INTERVAL_S * rate_hz)
    cosine = np.empty(cut.shape[0])
    pieces_likeness(x.slope, y.slope, cut, np.arange(cut.shape[0] + 1), False, cosine)
    return np.concatenate((whole, cut)), np.concatenate((matches.likeness, cosine))


def _align(x: Features, y: Features, version: int, rate_hz: float, t0_s: float, seam: int = 0) -> Alignment:
    run = runs_of(np.isfinite(x.level) & np.isfinite(y.level), seam)
    matches = _match(x, y, run, version, round(_LAG_S * rate_hz))
    spans, score = (_pieces_1 if version == 1 else _pieces_2)(x, y, matches, run, rate_hz)
    centre = spans.sum(axis=1) / 4.0
    order = np.argsort(centre, kind="stable")
    order = order[np.isfinite(score[order])]
    length = (spans[:, 1] - spans[:, 0] + spans[:, 3] - spans[:, 2]) / 2.0
    at_x, at_y = _places(x, version), _places(y, version)
    return Alignment(
        first_s=t0_s + at_x[matches.rows] / rate_hz,
        second_s=t0_s + at_y[matches.columns] / rate_hz,
        likeness=matches.likeness,
        n_first=at_x.size,
        n_second=at_y.size,
        t_s=t0_s + centre[order] / rate_hz,
        length_s=length[order] / rate_hz,
        score=score[order],
    )


def amico(
    x: NDArray[np.float64], y: NDArray[np.float64], *, rate_hz: float, version: int = 1, t0_s: float = 0.0
) -> Alignment:
    """Match the features of two skin conductances and score the likeness along the matches.

    Any two people's features can be matched, and what lies between matches looks alike then: scores of unrelated
    people are far above 0. Compare with surrogates.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Skin conductance in uS on one even grid; NaN where missing.
    rate_hz : float
        Samples per second.
    version : {1, 2}, default 1
        1: valleys and peaks by their derivatives; 2: triangles by their shape. See the module for all choices.
    t0_s : float, default 0.0
        Session time of sample 0 in seconds.

    Returns
    -------
    Alignment
        Without matches where one of them has no features. Nothing is matched or scored across a gap.

    Raises
    ------
    ValueError
        If the series differ in length or `version` is neither 1 nor 2.
    """
    if x.shape != y.shape:
        raise ValueError(f"x and y differ in length: {x.size} and {y.size} samples.")
    if version not in (1, 2):
        raise ValueError(f"version is {version}; there are 1 and 2.")
    return _align(features_of(x, rate_hz=rate_hz), features_of(y, rate_hz=rate_hz), version, rate_hz, t0_s)


def _refused(pair: Pair) -> MethodResult | None:
    """Say why there can be no value, if so."""
    valid_s = np.count_nonzero(np.isfinite(pair.raw_x) & np.isfinite(pair.raw_y)) / pair.rate_hz
    if pair.signal != "eda":
        return unavailable(Reason.NO_DATA, "AMICo is made for skin conductance; this is another signal.")
    if valid_s == 0.0:
        return unavailable(Reason.NO_DATA, "There is no time at which skin conductance is valid in both.")
    if np.array_equal(pair.raw_x, pair.raw_y, equal_nan=True):
        return unavailable(
            Reason.NO_DATA, "The same signal was given for both; check who wears which sensor."
        )
    if valid_s < _MINIMUM_S:
        text = f"AMICo needs {_MINIMUM_S / 60:g} min valid in both; there are {valid_s / 60:.1f}."
        return unavailable(Reason.TOO_FEW_SEGMENTS, text)
    return None


def compute_amico(pair: Pair, choices: Choices, *, version: int) -> MethodResult:
    """Likeness of two skin conductances along their matches, beside the second person's series turned round.

    Parameters
    ----------
    pair : Pair
        Two people's series; `raw_x` and `raw_y` of ``eda`` are used.
    choices : Choices
        `n_surrogates` (at most 199 are drawn) and `seed`.
    version : {1, 2}
        Which AMICo.

    Returns
    -------
    MethodResult
        First value: ``score`` with ``chance_lo, chance_hi`` (5 and 95 % of the surrogates) and ``p``; ``lag_s``, the
        median lag of the matches, is NaN unless it and the score are beyond chance (39 surrogates at least).

    Raises
    ------
    ValueError
        If fewer than 19 surrogates are chosen: 5 % could not be told.
    """
    if choices.n_surrogates < 19:
        raise ValueError(f"n_surrogates is {choices.n_surrogates}; AMICo needs at least 19.")
    if (refusal := _refused(pair)) is not None:
        return refusal
    joint = np.flatnonzero(np.isfinite(pair.raw_x) & np.isfinite(pair.raw_y))
    here = slice(int(joint[0]), int(joint[-1]) + 1)
    x = features_of(pair.raw_x[here], rate_hz=pair.rate_hz)
    y = features_of(pair.raw_y[here], rate_hz=pair.rate_hz)
    if not np.any(np.isfinite(x.level) & np.isfinite(y.level)):
        return unavailable(Reason.GAP, "No stretch between two gaps is long enough to be smoothed.")
    for code, person in ((pair.first, x), (pair.second, y)):
        if person.turns.size == 0:
            text = f"Skin conductance of {code} has no rise or fall of 0.05 uS; check the electrodes."
            return unavailable(Reason.ZERO_VARIANCE, text)
    real = _align(x, y, version, pair.rate_hz, pair.t0_s + here.start / pair.rate_hz)
    if real.score.size == 0:
        return unavailable(Reason.TOO_FEW_SEGMENTS, "No two successive features of both could be matched.")
    shifts = session_shifts(pair, choices, f"amico_v{version}", here.stop - here.start)
    null = [_align(x, turned(y, k), version, pair.rate_hz, 0.0, seam=k) for k in shifts.tolist()]
    known_s = joint.size / pair.rate_hz
    values = _values(real, null)
    values["scored_share"] = float(real.length_s.sum()) / known_s
    sure = known_s >= 2.0 * _MINIMUM_S and real.score.size >= _FEWEST_PIECES
    text = f"Only {real.score.size} pieces in {known_s / 60:.1f} min; {_MINIMUM_S / 30:g} min are surer."
    return MethodResult(
        status=Status.OK if sure else Status.LOW,
        reason=Reason.NONE if sure else Reason.TOO_FEW_SEGMENTS,
        text="" if sure else text,
        values=values,
        series={
            "t_s": real.t_s,
            "score_by_time": real.score,
            "length_s_by_time": real.length_s,
            "match_t_s": 0.5 * (real.first_s + real.second_s),
            "match_lag_s": real.second_s - real.first_s,
            "match_likeness": real.likeness,
        },
    )


def _values(real: Alignment, null: list[Alignment]) -> dict[str, float]:
    """Named numbers beside their chance bands; a lag only where its direction and the likeness are beyond chance."""
    score = np.array([one.mean_score for one in null])
    positive = np.array([one.share_positive for one in null])
    lag = np.array([one.lag_s for one in null])
    values = {"score": real.mean_score}
    known = score[np.isfinite(score)]
    band = np.quantile(known, (0.05, 0.95)).tolist() if known.size else (np.nan, np.nan)
    values["chance_lo"], values["chance_hi"] = band
    values["p"] = float(p_value(real.mean_score, score))
    values["share_positive"] = real.share_positive
    values["p_share"] = float(p_value(real.share_positive, positive))
    values["p_lag"] = float(p_value(real.lag_s, lag, "both"))
    directed = values["p"] <= 0.05 and values["p_lag"] <= 0.05
    values["lag_s"] = real.lag_s if directed else np.nan
    values["n_matches"] = float(real.first_s.size)
    values["n_first"], values["n_second"] = float(real.n_first), float(real.n_second)
    values["n_surrogates"] = float(known.size)
    return values


def _entry(version: int, title: str) -> Method:
    return Method(
        name=f"amico_v{version}",
        title=title,
        unit="1",
        reference="Kleinbub, Talia & Palmieri (2020), doi:10.1037/cou0000383",
        minimum_s=_MINIMUM_S,
        null_model=f"the second person's series turned round the session, at most {MOST_SURROGATES} times",
        compute=partial(compute_amico, version=version),
    )


AMICO_V1 = _entry(1, "AMICo, version 1: matched valleys and peaks")
"""Registry entry of version 1."""

AMICO_V2 = _entry(2, "AMICo, version 2: matched responses")
"""Registry entry of version 2."""
