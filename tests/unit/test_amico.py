"""Matched features of two skin conductances: what is found, what is matched, and what chance gives."""

import numpy as np
import pytest

from monitor.core.kernels.amico import (
    assign,
    feature_likeness,
    pieces_likeness,
    triangle_likeness,
    triangles,
    turning_points,
)
from monitor.core.results import Reason, Status
from monitor.core.synchrony.amico import AMICO_V1, AMICO_V2, amico
from monitor.core.synchrony.features import features_of, runs_of, turned
from monitor.core.synchrony.pair import Choices, Pair
from monitor.core.synchrony.surrogates import MOST_SURROGATES

RATE_HZ = 4.0
FEW = Choices(n_surrogates=19)
BOTH = pytest.mark.parametrize("method", [AMICO_V1, AMICO_V2], ids=["v1", "v2"])


def responses(onset_s, amplitude_us, *, n: int, seed: int = 0):
    """Skin conductance at 4 Hz: a level with responses and a little noise."""
    t_s = np.arange(n) / RATE_HZ
    after = np.clip(t_s[:, None] - np.asarray(onset_s)[None, :], 0.0, None)
    shapes = 2.2 * (np.exp(-after / 6.0) - np.exp(-after / 1.2))
    return 5.0 + shapes @ np.asarray(amplitude_us) + np.random.default_rng(seed).normal(0.0, 0.003, n)


def people(seed: int, *, lag_s: float | None, minutes: float = 15.0):
    """Two people with five responses a minute; the second echoes the first, or does as it likes."""
    rng = np.random.default_rng(seed)
    length_s = 60.0 * minutes
    onset_s = np.sort(rng.uniform(0.0, length_s, int(5 * minutes)))
    other_s = onset_s + lag_s if lag_s is not None else np.sort(rng.uniform(0.0, length_s, onset_s.size))
    amplitudes = np.exp(rng.normal(np.log(0.4), 0.4, (2, onset_s.size)))
    n = int(length_s * RATE_HZ)
    return (
        responses(onset_s, amplitudes[0], n=n, seed=seed),
        responses(other_s, amplitudes[1], n=n, seed=seed + 1),
    )


def pair_of(x, y, signal: str = "eda", t0_s: float = 0.0) -> Pair:
    return Pair("C", "T", signal, RATE_HZ, t0_s, x, y, x, y)


def test_a_response_has_a_valley_a_peak_and_an_end_at_half_recovery() -> None:
    got = features_of(responses([30.0, 60.0], [1.0, 1.0], n=400), rate_hz=RATE_HZ)
    valley, peak, end = got.triangles[1]
    assert got.turns[-4:, 1].tolist() == [0, 1, 0, 1]
    assert got.turns[-2:, 0].tolist() == [valley, peak]
    assert peak / RATE_HZ == pytest.approx(62.4, abs=0.75)
    assert valley / RATE_HZ == pytest.approx(60.0, abs=2.0)
    half = 0.5 * (got.level[valley] + got.level[peak])
    assert got.level[end] <= half < got.level[end - 1]


def test_a_triangle_ends_at_the_next_valley_when_that_comes_before_half_recovery() -> None:
    got = features_of(responses([20.0, 40.0, 46.0], [0.2, 1.0, 1.0], n=400), rate_hz=RATE_HZ)
    valleys = got.turns[got.turns[:, 1] == 0, 0]
    assert got.triangles[1, 2] in valleys
    assert got.triangles[2, 2] not in valleys


def test_what_rises_less_than_the_least_amplitude_is_no_feature() -> None:
    t_s = np.arange(800) / RATE_HZ
    assert features_of(5.0 + 0.02 * np.sin(t_s / 4), rate_hz=RATE_HZ).turns.shape == (0, 2)
    assert features_of(5.0 + 0.2 * np.sin(t_s / 4), rate_hz=RATE_HZ).turns.shape[0] > 5


def test_a_feature_is_moved_to_the_extremum_of_the_signal_within_half_a_second() -> None:
    t = np.arange(120.0)
    level = np.interp(t, [0, 40, 60, 90, 119], [1.0, 0.0, 1.0, 0.0, 1.0])
    raw = level.copy()
    raw[61], raw[57] = 3.0, 9.0
    out = np.empty((120, 2), dtype=np.int64)
    assert turning_points(level, raw, 0.05, 2, out) == 3
    assert out[:3].tolist() == [[40, 0], [61, 1], [90, 0]]


def test_features_of_one_side_of_a_gap_do_not_know_the_other() -> None:
    x, _ = people(1, lag_s=2.0)
    holed = x.copy()
    holed[1500:1600] = np.nan
    got = features_of(holed, rate_hz=RATE_HZ)
    one, two = features_of(x[:1500], rate_hz=RATE_HZ), features_of(x[1600:], rate_hz=RATE_HZ)
    np.testing.assert_array_equal(got.turns[:, 0], np.concatenate((one.turns[:, 0], two.turns[:, 0] + 1600)))
    np.testing.assert_array_equal(got.level[:1500], one.level)
    assert np.isnan(got.level[1500:1600]).all()
    assert not ((got.triangles[:, 0] < 1500) & (got.triangles[:, 2] >= 1600)).any()


def test_stretches_shorter_than_the_smoothing_are_missing() -> None:
    x, _ = people(2, lag_s=2.0)
    x[24::25] = np.nan
    got = features_of(x, rate_hz=RATE_HZ)
    assert np.isnan(got.level).all()
    assert got.turns.size == 0


def test_runs_break_at_gaps_and_at_the_seam() -> None:
    known = np.array([True, True, False, True, True, True])
    assert runs_of(known).tolist() == [0, 0, -1, 1, 1, 1]
    assert runs_of(known, seam=4).tolist() == [0, 0, -1, 1, 2, 2]
    assert runs_of(np.empty(0, dtype=np.bool_)).tolist() == []


def test_turning_round_keeps_every_feature_at_its_signal() -> None:
    got = features_of(people(3, lag_s=2.0)[0], rate_hz=RATE_HZ)
    moved = turned(got, 1000)
    assert np.all(np.diff(moved.turns[:, 0]) > 0)
    assert sorted(moved.level[moved.turns[:, 0]]) == sorted(got.level[got.turns[:, 0]])
    assert np.all(np.diff(moved.triangles, axis=1) > 0)
    assert got.triangles.shape[0] - moved.triangles.shape[0] in (0, 1)


@BOTH
@pytest.mark.parametrize("lag_s", [-2.0, 2.0])
def test_an_echo_is_found_with_the_sign_of_its_lag(method, lag_s: float) -> None:
    result = method.compute(pair_of(*people(4, lag_s=lag_s, minutes=25.0)), Choices(n_surrogates=99))
    assert result.status is Status.OK
    assert result.values["lag_s"] == pytest.approx(lag_s, abs=0.25)
    assert result.values["p"] == result.values["p_share"] == 1 / 100
    assert result.values["score"] > result.values["chance_hi"] > result.values["chance_lo"]
    assert result.values["scored_share"] > 0.8
    assert np.median(result.series["match_lag_s"]) == pytest.approx(lag_s, abs=0.25)


@BOTH
def test_unrelated_people_are_within_chance_and_have_no_lag(method) -> None:
    ps = []
    for seed in range(20):
        values = method.compute(pair_of(*people(200 + 2 * seed, lag_s=None, minutes=10.0)), FEW).values
        ps.append(values["p"])
        # 19 surrogates cannot tell a direction: two-sided, the least p is 0.1.
        assert np.isnan(values["lag_s"])
    # Standard error of the mean 0.065; four of twenty at most .05 have a chance of 2 % at most.
    assert abs(np.mean(ps) - 0.525) < 0.2
    assert np.sum(np.array(ps) <= 0.05) < 4


@pytest.mark.parametrize("version", [1, 2])
def test_nothing_is_matched_or_scored_across_a_gap(version: int) -> None:
    x, y = people(5, lag_s=2.0)
    x[1500:1560], y[2400:2440] = np.nan, np.nan
    got = amico(x, y, rate_hz=RATE_HZ, version=version)
    gaps_s = [(375.0, 390.0), (600.0, 610.0)]
    for start_s, stop_s in gaps_s:
        sides = (got.first_s >= stop_s).astype(int) - (got.second_s >= stop_s)
        assert not sides.any()
        inside = (got.first_s >= start_s) & (got.first_s < stop_s)
        assert not inside.any()
        apart = abs(got.t_s - 0.5 * (start_s + stop_s)) - 0.5 * got.length_s
        # A piece ends at the gap at the latest; its centre and length are means over both people.
        assert apart.min() > -2.0
    assert got.score.size > 20


@pytest.mark.parametrize("version", [1, 2])
def test_a_gap_is_not_closed_up(version: int) -> None:
    x, y = people(6, lag_s=1.0)
    for one in (x, y):
        one[1200:1400] = np.nan
    one = amico(x, y, rate_hz=RATE_HZ, version=version)
    longer = [np.concatenate((z[:1300], np.full(400, np.nan), z[1300:])) for z in (x, y)]
    two = amico(*longer, rate_hz=RATE_HZ, version=version)
    np.testing.assert_array_equal(one.score, two.score)
    np.testing.assert_allclose(two.t_s, one.t_s + 100.0 * (one.t_s > 325.0))


@pytest.mark.parametrize("version", [1, 2])
def test_no_match_is_farther_than_four_seconds_and_none_cross(version: int) -> None:
    got = amico(*people(7, lag_s=None), rate_hz=RATE_HZ, version=version, t0_s=50.0)
    assert abs(got.second_s - got.first_s).max() <= 4.0
    assert np.all(np.diff(got.first_s) > 0)
    assert np.all(np.diff(got.second_s) > 0)
    assert np.all((got.likeness > 0) & (got.likeness <= 1))
    assert np.all(abs(got.score) <= 1 + 1e-12)
    assert got.first_s.min() >= 50.0


def test_pieces_of_the_first_version_are_at_least_five_seconds_long_and_follow_each_other() -> None:
    got = amico(*people(8, lag_s=1.0), rate_hz=RATE_HZ)
    assert got.length_s.min() >= 5.0
    np.testing.assert_allclose(np.diff(got.t_s), 0.5 * (got.length_s[1:] + got.length_s[:-1]))


def test_the_weights_of_the_description() -> None:
    # One triangle each, of the same shape, so that r is 1 and the weights are left.
    level = np.concatenate((np.arange(20.0), 20.0 - np.arange(21.0)))
    x = np.concatenate((level, np.zeros(60)))
    y = np.roll(x, 16)
    run = np.zeros(x.size, dtype=np.int64)
    table = np.array([[0, 0], [1, 1]])
    out = np.empty(1)
    one, two = np.array([[0, 20, 40]]), np.array([[16, 36, 56]])
    triangle_likeness(one, two, x, y, run, table, 16, out)
    same_length = 1.0 / (1.0 + (1.0 / 350.0) ** 3.18) ** 25e5
    assert out[0] == pytest.approx(0.7 * same_length)
    triangle_likeness(one, one, x, x, run, table, 16, out)
    assert out[0] == pytest.approx(same_length)
    wide = np.interp(np.arange(0.0, 81.0), np.arange(0.0, 161.0, 2.0)[:41], level)
    y = np.concatenate((wide, np.zeros(20)))
    triangle_likeness(one, np.array([[0, 20, 80]]), x[: y.size], y, run, table, 16, out)
    assert out[0] == pytest.approx(1.0 / (1.0 + (2.0 / 350.0) ** 3.18) ** 25e5, abs=1e-6)


def test_only_peaks_meet_peaks() -> None:
    slope = np.sin(np.arange(60.0) / 5)
    run = np.zeros(60, dtype=np.int64)
    table, out = np.array([[0, 0], [1, 1]]), np.empty(1)
    feature_likeness(np.array([[30, 1]]), np.array([[30, 0]]), slope, slope, run, table, 16, out)
    assert out[0] == 0.0
    feature_likeness(np.array([[30, 1]]), np.array([[30, 1]]), slope, slope, run, table, 16, out)
    assert out[0] == 1.0
    run[30:] = 1
    feature_likeness(np.array([[29, 1]]), np.array([[30, 1]]), slope, slope, run, table, 16, out)
    assert out[0] == 0.0


def test_a_stretched_copy_is_wholly_alike() -> None:
    x = np.sin(np.arange(41) / 6)
    y = np.interp(np.arange(61) * 40 / 60, np.arange(41), x)
    out = np.empty(1)
    parts, group = np.array([[0, 40, 0, 60]]), np.array([0, 1])
    pieces_likeness(np.concatenate((x, np.zeros(20))), y, parts, group, True, out)
    assert out[0] > 0.999
    pieces_likeness(-np.concatenate((x, np.zeros(20))), y, parts, group, True, out)
    assert out[0] < -0.999
    pieces_likeness(np.ones(61), y, parts, group, True, out)
    assert np.isnan(out[0])


@BOTH
def test_a_person_without_responses_has_zero_variance(method) -> None:
    x, y = people(9, lag_s=2.0)
    for flat in (np.full(y.size, 2.0), 2.0 + 1e-3 * y):
        result = method.compute(pair_of(x, flat), FEW)
        assert (result.status, result.reason) == (Status.NA, Reason.ZERO_VARIANCE)
        assert "of T" in result.text
        assert not result.values
    assert "of C" in method.compute(pair_of(flat, y), FEW).text


@BOTH
def test_too_little_is_missing_and_little_is_low(method) -> None:
    x, y = people(10, lag_s=2.0, minutes=9.0)
    low = method.compute(pair_of(x, y), FEW)
    assert (low.status, low.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)
    assert low.text
    short = method.compute(pair_of(x[:1100], y[:1100]), FEW)
    assert (short.status, short.reason, dict(short.values)) == (Status.NA, Reason.TOO_FEW_SEGMENTS, {})


@BOTH
def test_what_cannot_be_matched_is_missing(method) -> None:
    x, y = people(11, lag_s=2.0)
    assert method.compute(pair_of(x, x.copy()), FEW).reason is Reason.NO_DATA
    assert method.compute(pair_of(x, np.full(x.size, np.nan)), FEW).reason is Reason.NO_DATA
    assert "skin conductance" in method.compute(pair_of(x, y, signal="ibi"), FEW).text
    x[24::25] = np.nan
    assert method.compute(pair_of(x, y), FEW).reason is Reason.GAP
    alone = responses([100.0], [1.0], n=x.size)
    result = method.compute(pair_of(alone, responses([300.0, 500.0], [1.0, 1.0], n=x.size)), FEW)
    assert (result.status, result.reason) == (Status.NA, Reason.TOO_FEW_SEGMENTS)


@BOTH
def test_missing_ends_move_the_times_and_nothing_else(method) -> None:
    x, y = people(12, lag_s=2.0)
    one = method.compute(pair_of(x, y), FEW)
    ends = [np.concatenate((np.full(40, np.nan), z, np.full(8, np.nan))) for z in (x, y)]
    two = method.compute(pair_of(*ends, t0_s=5.0), FEW)
    assert dict(two.values) == dict(one.values)
    np.testing.assert_allclose(two.series["t_s"], one.series["t_s"] + 15.0)


@BOTH
def test_the_same_seed_gives_the_same_bits(method) -> None:
    pair = pair_of(*people(13, lag_s=None))
    one, two = (list(method.compute(pair, FEW).values.values()) for _ in range(2))
    assert np.array(one).tobytes() == np.array(two).tobytes()
    other = method.compute(pair, Choices(n_surrogates=19, seed=2)).values
    assert other["score"] == one[0]
    assert other["chance_hi"] != one[2]


@BOTH
def test_surrogates_are_capped_and_choices_without_sense_refused(method) -> None:
    pair = pair_of(*people(14, lag_s=2.0, minutes=6.0))
    assert method.compute(pair, Choices()).values["n_surrogates"] == MOST_SURROGATES
    with pytest.raises(ValueError, match="at least 19"):
        method.compute(pair, Choices(n_surrogates=18))
    with pytest.raises(ValueError, match="version"):
        amico(pair.raw_x, pair.raw_y, rate_hz=RATE_HZ, version=3)
    with pytest.raises(ValueError, match="length"):
        amico(pair.raw_x, pair.raw_y[1:], rate_hz=RATE_HZ)


def test_nothing_gives_nothing() -> None:
    got = amico(np.empty(0), np.empty(0), rate_hz=RATE_HZ)
    assert got.score.size == got.first_s.size == 0
    assert np.isnan([got.mean_score, got.share_positive, got.lag_s]).all()


def test_the_feature_kernels_equal_their_source() -> None:
    x, y = (features_of(one, rate_hz=RATE_HZ) for one in people(15, lag_s=1.0, minutes=2.0))
    raw = people(15, lag_s=1.0, minutes=2.0)[0]
    turns = np.zeros((2, raw.size, 2), dtype=np.int64)
    corners = np.zeros((2, x.turns.shape[0], 3), dtype=np.int64)
    for k, (find, collect) in enumerate(
        ((turning_points, triangles), (turning_points.py_func, triangles.py_func))
    ):
        find(x.level, raw, 0.05, 2, turns[k])
        collect(x.level, x.turns, corners[k])
    np.testing.assert_array_equal(turns[0], turns[1])
    np.testing.assert_array_equal(corners[0], corners[1])
    run = runs_of(np.isfinite(x.level))
    n_x, n_y = x.turns.shape[0], y.turns.shape[0]
    table = np.stack((np.zeros(n_x + 1, dtype=np.int64), n_y * np.arange(n_x + 1)), axis=1)
    made = np.empty((2, n_x * n_y))
    matched = np.empty((2, n_x), dtype=np.int64)
    functions = ((feature_likeness, assign), (feature_likeness.py_func, assign.py_func))
    for k, (compare, choose) in enumerate(functions):
        compare(x.turns, y.turns, x.slope, y.slope, run, table, 16, made[k])
        choose(made[k], table, n_y, matched[k])
    assert made[0].tobytes() == made[1].tobytes()
    np.testing.assert_array_equal(matched[0], matched[1])


def test_the_feature_kernels_have_one_signature() -> None:
    for method in (AMICO_V1, AMICO_V2):
        method.compute(pair_of(*people(16, lag_s=2.0)), FEW)
    kernels = (turning_points, triangles, feature_likeness, triangle_likeness, assign, pieces_likeness)
    assert [len(kernel.signatures) for kernel in kernels] == [1] * 6
