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
from monitor.core.arousal import Inputs, scores_at
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
        scores_at(Inputs(*(ok(data[name][i]) for name in data)), reference)["arousal"].value
        for i in range(3000)
    ]
    assert np.mean(rows) == pytest.approx(0.0, abs=0.05)
    assert np.std(rows) == pytest.approx(1.0, abs=0.12)


def test_without_a_reference_every_score_is_not_calibrated() -> None:
    scores = scores_at(Inputs(ok(1.0), ok(1.0), ok(1.0), ok(1.0)), None)
    assert {score.reason for score in scores.values()} == {Reason.NOT_CALIBRATED}
    assert all(np.isnan(score.value) for score in scores.values())


def test_arousal_without_the_vagal_score_is_low_and_without_heart_or_skin_missing() -> None:
    reference = build_reference("C07", 0, 400, series(), np.zeros(400, bool), responder=True)
    gone = missing(Reason.LEAD_OFF)
    partly = scores_at(Inputs(ok(3.0), ok(3.0), ok(3.0), gone), reference)["arousal"]
    assert (partly.status, partly.reason) == (Status.LOW, Reason.COMPOSITION_CHANGED)
    assert scores_at(Inputs(ok(3.0), ok(3.0), gone, gone), reference)["arousal"].reason is Reason.LEAD_OFF
    assert scores_at(Inputs(gone, gone, ok(3.0), ok(3.0)), reference)["arousal"].status is Status.NA


def test_a_person_without_skin_responses_has_no_electrodermal_score() -> None:
    reference = build_reference("C07", 0, 400, series(), np.zeros(400, bool), responder=False)
    scores = scores_at(Inputs(ok(3.0), ok(3.0), ok(3.0), ok(3.0)), reference)
    assert scores["z_eda"].reason is Reason.ZERO_VARIANCE
    assert scores["arousal"].status is Status.NA


def test_one_missing_electrodermal_part_leaves_the_other() -> None:
    assert electrodermal_z(float("nan"), 1.5, 0.3) == 1.5
    assert electrodermal_z(1.0, 1.0, 1.0) == pytest.approx(1.0)
