"""Scales pooled over sessions, and what keeps a bad reference out."""

import math
from dataclasses import replace

import numpy as np
import pytest

from calibration.baseline import INPUTS, BaselineError, Reference, Scale, build_reference
from calibration.pooling import day_reference, frozen_scales, pooled_scales, unit_factor
from calibration.quality import BaselineQuality, judge, refusal

EYE = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
TIED = ((1.0, 0.3, 0.2), (0.3, 1.0, 0.4), (0.2, 0.4, 1.0))


def reference(sd: float = 1.0, *, n_eff: float = 11.0, mean: float = 0.0, valid_s: int = 300) -> Reference:
    return Reference(
        participant="C07",
        start_s=0.0,
        stop_s=300.0,
        valid_s=valid_s,
        scales={name: Scale(mean=mean, sd=sd, n_effective=n_eff) for name in INPUTS},
        electrodermal_rho=0.2,
        correlation=EYE,
        responder=True,
    )


def test_the_first_session_stands_for_itself() -> None:
    assert pooled_scales([]) == {}
    assert pooled_scales([reference(2.0)]) == dict(reference(2.0).scales)


def test_the_pooled_scale_is_that_of_the_formula() -> None:
    # ((11 - 1) 2^2 + 10 * 1^2) / (11 - 1 + 10) = 50 / 20
    second = pooled_scales([reference(1.0), reference(2.0)])["ln_scl"]
    assert second.sd == pytest.approx(math.sqrt(2.5))
    # ((6 - 1) 4^2 + 10 * 2.5) / (5 + 10) = 105 / 15
    third = pooled_scales([reference(1.0), reference(2.0), reference(4.0, n_eff=6.0, mean=3.0)])["ln_scl"]
    assert third.sd == pytest.approx(math.sqrt(7.0))
    assert (third.mean, third.n_effective) == (3.0, 16.0)


def test_a_reference_worth_less_than_one_sample_changes_no_pooled_scale() -> None:
    assert pooled_scales([reference(1.0), reference(9.0, n_eff=0.5)])["ln_scl"].sd == 1.0


def test_a_series_of_some_sessions_is_pooled_over_those() -> None:
    without = replace(reference(5.0), scales={"heart_speed": reference(5.0).scales["heart_speed"]})
    pooled = pooled_scales([reference(1.0), without])
    assert pooled["ln_scl"].sd == 1.0
    assert pooled["heart_speed"].sd == pytest.approx(math.sqrt(13.0))


def test_the_frozen_unit_is_there_after_two_sessions_and_never_changes() -> None:
    sessions = [reference(1.0), reference(2.0), reference(30.0)]
    assert frozen_scales(sessions[:1]) is None
    assert frozen_scales(sessions) == frozen_scales(sessions[:2]) == pooled_scales(sessions[:2])


def test_the_day_has_its_own_level_and_the_predictive_scale_of_all() -> None:
    day = replace(reference(2.0, mean=7.0, valid_s=180), start_s=5.0)
    made = day_reference(day, [reference(1.0)])
    assert made.scales["ln_scl"].mean == 7.0
    assert made.scales["ln_scl"].sd == pytest.approx(math.sqrt(2.5) * math.sqrt(1 + 1 / 11))
    assert (made.start_s, made.valid_s) == (5.0, 180)


def test_a_day_alone_is_predictive_too() -> None:
    made = day_reference(reference(2.0), [])
    assert made.scales["heart_speed"].sd == pytest.approx(2.0 * math.sqrt(1 + 1 / 11))


def test_the_longest_reference_says_how_the_series_go_together() -> None:
    long = replace(reference(valid_s=800), correlation=TIED, electrodermal_rho=0.5, responder=False)
    made = day_reference(reference(), [long, reference()])
    assert (made.correlation, made.electrodermal_rho, made.responder) == (TIED, 0.5, False)
    equal = replace(long, valid_s=300)
    assert day_reference(reference(), [equal]).correlation == EYE


def test_a_series_without_a_scale_today_has_no_level_today() -> None:
    day = replace(reference(), scales={"heart_speed": reference().scales["heart_speed"]})
    assert set(day_reference(day, [reference()]).scales) == {"heart_speed"}


def scales(**sds: float) -> dict[str, Scale]:
    return {name: Scale(mean=0.0, sd=sd, n_effective=20.0) for name, sd in sds.items()}


def test_a_session_that_varied_twice_as_much_has_twice_the_unit() -> None:
    twice = {name: replace(scale, sd=2.0) for name, scale in reference().scales.items()}
    assert unit_factor(twice, reference().scales, TIED, 0.4) == pytest.approx(2.0)
    assert unit_factor(reference().scales, twice, TIED, -0.99) == pytest.approx(0.5)


def test_the_unit_of_arousal_is_found_again_in_drawn_numbers() -> None:
    rng = np.random.default_rng(4)
    n = 200_000
    parts = rng.normal(size=(4, n))
    parts[1] = 0.5 * parts[0] + math.sqrt(0.75) * parts[1]
    session = scales(ln_scl=1.0, scr_rate=1.0, heart_speed=1.0, ln_rmssd=1.0)
    frozen = scales(ln_scl=0.5, scr_rate=2.0, heart_speed=0.8, ln_rmssd=1.6)
    in_session = (parts[0] + parts[1]) / math.sqrt(3.0)
    in_frozen = (parts[0] / 0.5 + parts[1] / 2.0) / math.sqrt(3.0)
    arousal = 0.5 * in_session + 0.25 * parts[2] - 0.25 * parts[3]
    again = 0.5 * in_frozen + 0.25 * parts[2] / 0.8 - 0.25 * parts[3] / 1.6
    expected = again.std() / arousal.std()
    assert unit_factor(session, frozen, EYE, 0.5) == pytest.approx(expected, rel=0.01)


def test_missing_series_are_left_out_of_the_unit_as_out_of_arousal() -> None:
    one = scales(ln_scl=1.0, heart_speed=1.0)
    assert unit_factor(one, scales(ln_scl=0.5, heart_speed=0.5), TIED, 0.4) == pytest.approx(2.0)
    assert math.isnan(unit_factor(scales(ln_scl=1.0), reference().scales, TIED, 0.4))
    assert math.isnan(unit_factor(reference().scales, scales(heart_speed=1.0), TIED, 0.4))


def test_a_unit_without_variance_is_missing() -> None:
    flat = ((0.1, -1.0, -1.0), (-1.0, 0.1, 0.0), (-1.0, 0.0, 0.1))
    assert math.isnan(unit_factor(reference().scales, reference().scales, flat, 0.0))


def quality(**changed: int) -> BaselineQuality:
    return BaselineQuality(n_seconds=300, n_valid=300, n_arrhythmia=0, n_movement=0, responder=True)._replace(
        **changed
    )


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (quality(), ""),
        (quality(n_valid=240, n_arrhythmia=60, n_movement=60), ""),
        (quality(n_valid=239), "coverage"),
        (quality(n_seconds=299, n_valid=299), "coverage"),
        (quality(n_seconds=0, n_valid=0), "coverage"),
        (quality(n_arrhythmia=61, n_movement=61), "arrhythmia"),
        (quality(n_movement=61), "movement"),
        (quality(responder=0), "non_responder"),
    ],
)
def test_a_bad_calibration_is_refused_with_its_reason(seen: BaselineQuality, reason: str) -> None:
    assert judge(seen) == reason
    text = refusal("C07", seen, reason)
    assert text.startswith("The reference of C07 is not stored." if reason else "")
    assert bool(text) is bool(reason)


def test_three_minutes_are_enough_where_they_are_asked_for() -> None:
    seen = quality(n_seconds=180, n_valid=150)
    assert judge(seen, minimum_s=180.0) == ""
    assert "at least 180 s" in refusal("C07", seen, "coverage", minimum_s=180.0)


def test_the_refusal_says_the_numbers_and_what_to_do() -> None:
    text = refusal("C07", quality(n_valid=120), "coverage")
    assert "120 of 300 seconds" in text
    assert "Moisten" in text
    assert "Warm the hands" in refusal("C07", quality(), "non_responder")


def test_an_unknown_reason_is_an_error_of_the_caller() -> None:
    with pytest.raises(
        ValueError, match=r"'bored' is not a reason .* coverage, arrhythmia, movement, non_resp"
    ):
        refusal("C07", quality(), "bored")


@pytest.mark.parametrize(("n", "n_valid"), [(299, 299), (300, 239), (300, 240), (500, 399), (500, 400)])
def test_the_judgement_and_the_reference_agree_on_coverage(n: int, n_valid: int) -> None:
    series = {name: np.random.default_rng(i).normal(size=n) for i, name in enumerate(INPUTS)}
    series["heart_speed"][n_valid:] = np.nan
    given = ("C07", 0, n, series, np.zeros(n, bool))
    if reason := judge(quality(n_seconds=n, n_valid=n_valid)):
        with pytest.raises(BaselineError) as caught:
            build_reference(*given, responder=True)
        assert caught.value.reason == reason == "coverage"
    else:
        assert build_reference(*given, responder=True).valid_s == n_valid
