"""Reference statistics and the scores made from them."""

import numpy as np
import pytest

from calibration.baseline import (
    BaselineError,
    build_reference,
    electrodermal_z,
    integrated_autocorrelation_s,
    scale_of,
)
from monitor.core.arousal import Inputs, Scorer, no_scores
from monitor.core.results import NAN, Estimate, Reason, Status, missing


def ar1(n: int, tau_s: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    phi = np.exp(-1.0 / tau_s)
    x = np.empty(n)
    x[0] = rng.normal()
    for i in range(1, n):
        x[i] = phi * x[i - 1] + np.sqrt(1 - phi**2) * rng.normal()
    return x


def series(n: int = 400) -> dict[str, np.ndarray]:
    names = ("ln_scl", "scr_rate", "heart_speed", "ln_rmssd")
    return {name: 3.0 + 0.5 * ar1(n, 10.0, seed) for seed, name in enumerate(names)}


def ok(value: float) -> Estimate:
    return Estimate(value, NAN, Status.OK, Reason.NONE, 1.0)


def test_white_noise_has_one_independent_sample_a_second() -> None:
    x = np.random.default_rng(3).normal(size=5000)
    assert integrated_autocorrelation_s(x) == pytest.approx(1.0, abs=0.15)


def test_a_slow_series_has_the_time_constant_of_its_theory() -> None:
    taus = [integrated_autocorrelation_s(ar1(20000, 10.0, seed)) for seed in range(5)]
    phi = np.exp(-0.1)
    assert np.mean(taus) == pytest.approx((1 + phi) / (1 - phi), rel=0.15)


def test_the_corrected_scale_of_a_short_slow_series_is_larger_than_the_raw_one() -> None:
    x = ar1(300, 30.0, 1)
    assert scale_of(x, robust=False).sd > x.std(ddof=1)


def test_a_constant_series_has_no_scale() -> None:
    assert np.isnan(scale_of(np.full(300, 2.0), robust=False).sd)


def test_a_short_or_patchy_span_is_refused_with_its_numbers() -> None:
    short = series(200)
    with pytest.raises(BaselineError, match="200 valid of 200"):
        build_reference("C07", 0, 200, short, np.zeros(200, bool), responder=True)
    patchy = series()
    patchy["heart_speed"][:200] = np.nan
    with pytest.raises(BaselineError, match="200 valid of 400"):
        build_reference("C07", 0, 400, patchy, np.zeros(400, bool), responder=True)


def test_flagged_seconds_switch_to_robust_statistics() -> None:
    data = series()
    data["ln_scl"][:30] += 50.0
    flagged = np.zeros(400, bool)
    flagged[:30] = True
    reference = build_reference("C07", 0, 400, data, flagged, responder=True)
    assert reference.scales["ln_scl"].mean == pytest.approx(3.0, abs=0.5)


def test_scores_of_the_reference_itself_have_zero_mean_and_unit_variance() -> None:
    data = series(3000)
    reference = build_reference("C07", 0, 3000, data, np.zeros(3000, bool), responder=True)
    rows = [
        Scorer(reference).at(Inputs(*(ok(data[name][i]) for name in data))).arousal.value for i in range(3000)
    ]
    assert np.mean(rows) == pytest.approx(0.0, abs=0.05)
    assert np.std(rows) == pytest.approx(1.0, abs=0.12)


def test_without_a_reference_every_score_is_not_calibrated() -> None:
    scores = no_scores(Reason.NOT_CALIBRATED).as_mapping()
    assert {score.reason for score in scores.values()} == {Reason.NOT_CALIBRATED}
    assert all(np.isnan(score.value) for score in scores.values())


def test_arousal_without_the_vagal_score_is_low_and_without_heart_or_skin_missing() -> None:
    scorer = Scorer(build_reference("C07", 0, 400, series(), np.zeros(400, bool), responder=True))
    gone = missing(Reason.LEAD_OFF)
    partly = scorer.at(Inputs(ok(3.0), ok(3.0), ok(3.0), gone)).arousal
    assert (partly.status, partly.reason) == (Status.LOW, Reason.COMPOSITION_CHANGED)
    assert scorer.at(Inputs(ok(3.0), ok(3.0), gone, gone)).arousal.reason is Reason.LEAD_OFF
    assert scorer.at(Inputs(gone, gone, ok(3.0), ok(3.0))).arousal.status is Status.NA


def test_a_person_without_skin_responses_has_no_electrodermal_score() -> None:
    scorer = Scorer(build_reference("C07", 0, 400, series(), np.zeros(400, bool), responder=False))
    scores = scorer.at(Inputs(ok(3.0), ok(3.0), ok(3.0), ok(3.0)))
    assert scores.z_eda.reason is Reason.ZERO_VARIANCE
    assert scores.arousal.status is Status.NA


def test_one_missing_electrodermal_part_leaves_the_other() -> None:
    assert electrodermal_z(float("nan"), 1.5, 0.3) == 1.5
    assert electrodermal_z(1.0, 1.0, 1.0) == pytest.approx(1.0)
    assert electrodermal_z(1.5, float("nan"), 0.3) == 1.5


def test_equal_weights_give_the_unweighted_reference() -> None:
    data, flagged = series(), np.zeros(400, bool)
    plain = build_reference("C07", 0, 400, data, flagged, responder=True)
    weighted = build_reference("C07", 0, 400, data, flagged, responder=True, weights=np.full(400, 2.0))
    for name, scale in plain.scales.items():
        assert weighted.scales[name].mean == pytest.approx(scale.mean, rel=1e-12)
        assert weighted.scales[name].sd == pytest.approx(scale.sd, rel=1e-9)
        assert weighted.scales[name].n_effective == pytest.approx(scale.n_effective, rel=1e-9)
    assert np.allclose(weighted.correlation, plain.correlation, rtol=1e-9, atol=1e-12)


def test_a_second_of_weight_zero_is_as_if_it_had_not_been() -> None:
    data = series(500)
    weights = np.ones(500)
    weights[400:] = 0.0
    short = {name: values[:400] for name, values in data.items()}
    for values in data.values():
        values[400:] = 1e3
    kept = build_reference("C07", 0, 500, data, np.arange(500) >= 400, responder=True, weights=weights)
    alone = build_reference("C07", 0, 500, short, np.zeros(400, bool), responder=True, weights=np.ones(400))
    assert kept == alone


def test_left_out_seconds_do_not_lengthen_a_reference() -> None:
    weights = np.zeros(400)
    weights[:200] = 1.0
    with pytest.raises(BaselineError, match="200 valid of 200") as caught:
        build_reference("C07", 0, 400, series(), np.zeros(400, bool), responder=True, weights=weights)
    assert caught.value.reason == "coverage"


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="finite and not negative"):
        build_reference(
            "C07", 0, 400, series(), np.zeros(400, bool), responder=True, weights=np.full(400, weight)
        )


def test_weights_move_the_level_and_cost_independent_samples() -> None:
    x = np.r_[np.zeros(100), np.ones(100)] + 0.1 * np.random.default_rng(5).normal(size=200)
    weights = np.r_[np.full(100, 3.0), np.full(100, 1.0)]
    scale = scale_of(x, robust=False, weights=weights)
    assert scale.mean == pytest.approx(np.average(x, weights=weights))
    noise = np.random.default_rng(6).normal(size=4000)
    uneven = np.tile([1.0, 3.0], 2000)
    kish = 4000 * 4.0**2 / (2 * (1 + 9))
    assert scale_of(noise, robust=False, weights=uneven).n_effective == pytest.approx(kish, rel=0.15)
    assert scale_of(noise, robust=False, weights=uneven).sd == pytest.approx(1.0, abs=0.05)


def test_the_weighted_median_is_the_median_of_repeated_values() -> None:
    x = np.random.default_rng(7).normal(size=201)
    weights = np.random.default_rng(8).integers(1, 5, size=201)
    repeated = np.repeat(x, weights)
    scale = scale_of(x, robust=True, weights=weights.astype(float))
    assert scale.mean == np.median(repeated)
    mad = 1.4826 * np.median(np.abs(repeated - np.median(repeated)))
    assert scale.sd == pytest.approx(mad * (1 - 1 / scale.n_effective) ** -0.5)


def test_an_even_weighted_median_lies_in_the_middle() -> None:
    assert scale_of(np.array([1.0, 2.0, 4.0, 9.0]), robust=True, weights=np.ones(4)).mean == 3.0


@pytest.mark.parametrize("weights", [None, np.ones(300)])
def test_too_few_values_have_no_level(weights: np.ndarray | None) -> None:
    x = np.full(300, np.nan)
    x[:2] = 1.0
    assert np.isnan(scale_of(x, robust=False, weights=weights).mean)


def test_one_second_with_all_the_weight_has_no_scale() -> None:
    weights = np.r_[1.0, np.full(9, 1e-300)]
    assert np.isnan(scale_of(np.arange(10.0), robust=False, weights=weights).sd)


def test_an_opening_of_three_minutes_may_be_asked_for() -> None:
    data = series(180)
    opening = build_reference("C07", 0, 180, data, np.zeros(180, bool), responder=True, minimum_s=180.0)
    assert opening.valid_s == 180
    assert opening.correlation[1][0] != 0.0


@pytest.mark.parametrize(("n_held", "has_scale"), [(340, True), (341, False)])
def test_a_series_held_in_most_seconds_rests_on_at_least_sixty(n_held: int, has_scale: bool) -> None:
    data = series()
    data["ln_rmssd"] = np.random.default_rng(2).normal(size=400)
    data["ln_rmssd"][:n_held] = np.nan
    reference = build_reference("C07", 0, 400, data, np.zeros(400, bool), responder=True)
    assert ("ln_rmssd" in reference.scales) is has_scale
    assert reference.correlation[2][:2] == (0.0, 0.0)


def test_a_person_with_a_heart_alone_has_a_reference_of_it() -> None:
    data = series()
    data["ln_scl"][:] = np.nan
    data["scr_rate"][:] = np.nan
    reference = build_reference("C07", 0, 400, data, np.zeros(400, bool), responder=True)
    assert set(reference.scales) == {"heart_speed", "ln_rmssd"}


def test_a_value_is_standardised_alone_as_in_a_series() -> None:
    scale = scale_of(np.arange(300.0), robust=False)
    assert scale.z(7.0) == scale.z_of(np.array([7.0]))[0]
