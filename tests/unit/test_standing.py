"""Where a person stands: holds, openings taken in the session, levels taken anew, and what is said of sensors."""

import math
from dataclasses import replace

import numpy as np
import pytest

from calibration.baseline import INPUTS, Reference, Scale
from calibration.edges import Edge, Edges
from calibration.personal import Calibration
from monitor.core.arousal import Inputs, Scorer
from monitor.core.results import (
    NAN,
    Estimate,
    Notice,
    Reason,
    Revocation,
    Status,
    ZoneReading,
    ZoneRow,
    missing,
)
from monitor.core.standing import Standing, sensor_notice

LEVEL = {"ln_scl": 1.5, "scr_rate": 3.0, "heart_speed": 0.1, "ln_rmssd": 3.5}
BREATHING = Estimate(14.0, NAN, Status.OK, Reason.NONE, 1.0)


def reference(shift: float = 0.0, sd: float = 0.1) -> Reference:
    return Reference(
        participant="C07",
        start_s=0.0,
        stop_s=300.0,
        valid_s=300,
        scales={name: Scale(mean=LEVEL[name] + shift, sd=sd, n_effective=40.0) for name in INPUTS},
        electrodermal_rho=0.0,
        correlation=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        responder=True,
    )


def ok(value: float) -> Estimate:
    return Estimate(value, NAN, Status.OK, Reason.NONE, 1.0)


def inputs(rng: np.random.Generator, shift: float = 0.0) -> Inputs:
    noise = 0.1 * rng.standard_normal(4)
    return Inputs(*(ok(LEVEL[name] + shift + n) for name, n in zip(INPUTS, noise, strict=True)))


def run(
    standing: Standing,
    seconds: range,
    *,
    shift: float = 0.0,
    share: float = NAN,
    breathing: Estimate = BREATHING,
    seed: int = 1,
    values: Inputs | None = None,
) -> list:
    rng = np.random.default_rng(seed)
    out = []
    for second in seconds:
        held = standing.hold(share, breathing).held
        row = values or inputs(rng, shift)
        scores = standing.score(row, held)
        standing.log(second, row, breathing, ok(4.5), held)
        out += standing.push(second, second + 3.0, scores, speaking=False)
    return out


def readings(results: list) -> list[ZoneReading]:
    return [r for r in results if isinstance(r, ZoneReading)]


def notices(results: list) -> list[Notice]:
    return [r for r in results if isinstance(r, Notice)]


def known(**changes: object) -> Standing:
    made = Calibration(participant="C07", reference=reference(), n_earlier=2, breathing_per_min=14.0)
    return Standing(replace(made, **changes), 1)


def test_without_a_reference_the_zone_is_not_available_and_says_why() -> None:
    standing = Standing(Calibration(participant="C07", problem="calibration_expired"), 1)
    last = readings(run(standing, range(1, 30)))[-1]
    assert (last.zone, last.status, last.reason) == ("na", Status.NA, Reason.CALIBRATION_EXPIRED)
    assert math.isnan(last.p_above)
    assert math.isnan(last.upper_mean)
    (row,) = standing.finish()
    assert isinstance(row, ZoneRow)
    assert row.zone == "na"


def test_near_the_level_of_the_reference_a_person_is_within() -> None:
    last = readings(run(known(), range(1, 60)))[-1]
    assert (last.zone, last.status, last.near) == ("within", Status.OK, "")
    assert last.provisional


def test_the_zones_of_a_first_session_are_unsure() -> None:
    assert readings(run(known(n_earlier=0), range(1, 30)))[-1].status is Status.LOW


def test_far_above_is_confirmed_after_twenty_seconds_and_dated_back() -> None:
    standing = known()
    run(standing, range(1, 41))
    later = readings(run(standing, range(41, 70), shift=0.6, seed=2))
    first = next(r for r in later if r.zone == "above")
    assert first.since_s == 41 - 15.0
    assert first.t_centre_s == 60 - 15.0


def test_the_lower_side_is_unsure_until_it_has_three_marks() -> None:
    low = Inputs(
        ok(LEVEL["ln_scl"] - 0.9), ok(LEVEL["scr_rate"] - 0.9), ok(LEVEL["heart_speed"] - 0.9), ok(3.5 + 0.9)
    )
    unmarked = known()
    run(unmarked, range(1, 5))
    last = readings(run(unmarked, range(5, 60), values=low))[-1]
    assert (last.zone, last.status, last.provisional) == ("below", Status.LOW, True)
    edges = Edges(upper=Edge(mean=2.5, sd=0.5), lower=Edge(mean=-2.5, sd=0.5, n_marks=3))
    told = known(edges=edges)
    run(told, range(1, 5))
    # Three marks on that side, but none that said "too little": the edge is known, the lower side not anchored.
    last = readings(run(told, range(5, 60), values=low))[-1]
    assert (last.status, last.provisional) == (Status.LOW, False)
    marked = known(edges=edges, n_low_marks=3)
    run(marked, range(1, 5))
    last = readings(run(marked, range(5, 60), values=low))[-1]
    assert (last.zone, last.status, last.provisional) == ("below", Status.OK, False)


def test_low_skin_conductance_alone_is_not_the_lower_zone() -> None:
    standing = known()
    run(standing, range(1, 5))
    skin = Inputs(ok(LEVEL["ln_scl"] - 1.6), ok(LEVEL["scr_rate"] - 1.6), ok(LEVEL["heart_speed"]), ok(3.5))
    last = readings(run(standing, range(5, 60), values=skin))[-1]
    assert (last.zone, last.note) == ("within", "low_eda")


def test_speech_holds_the_vagal_score_and_only_that() -> None:
    standing = known()
    assert standing.hold(0.5, BREATHING) == (Reason.SPEECH, Reason.SPEECH)
    scores = standing.score(inputs(np.random.default_rng(1)), Reason.SPEECH)
    assert (scores.z_vagal.status, scores.z_vagal.reason) == (Status.NA, Reason.SPEECH)
    assert (scores.arousal.status, scores.arousal.reason) == (Status.LOW, Reason.COMPOSITION_CHANGED)
    assert scores.parts == 3


def test_breathing_far_from_rest_holds_for_this_person_only() -> None:
    standing = known()
    fast = ok(19.0)
    for _ in range(10):
        held = standing.hold(NAN, fast)
    assert held == (Reason.NONE, Reason.RESP_CONFOUNDED)


def test_a_missing_index_keeps_its_own_reason_while_held() -> None:
    row = inputs(np.random.default_rng(1))._replace(ln_rmssd=missing(Reason.GAP))
    assert Scorer(reference()).at(row, Reason.SPEECH).z_vagal.reason is Reason.GAP


def test_an_opening_in_the_session_gives_scores_from_then_on() -> None:
    standing = Standing(Calibration(participant="C07"), 1)
    standing.told(10.0, "reference_start", "opening")
    standing.note_response(40.0)
    before = run(standing, range(1, 211), seed=3)
    assert not notices(before)
    standing.told(210.0, "reference_stop", "")
    after = run(standing, range(211, 260), seed=4)
    (told,) = notices(after)
    assert told.label == "reference_taken"
    first = next(r for r in readings(after) if r.zone != "na")
    # Skin conductance of the last seconds may be taken back for 10 s, so the reference waits for that.
    assert first.t_centre_s + 15.0 == 222
    assert standing.taken is not None
    assert standing.taken.reference.valid_s == 200


def test_an_opening_that_is_too_short_is_refused_and_changes_nothing() -> None:
    standing = known()
    standing.told(10.0, "reference_start", "opening")
    run(standing, range(1, 61))
    standing.told(60.0, "reference_stop", "")
    (told,) = notices(run(standing, range(61, 90)))
    assert told.label == "reference_refused"
    assert standing.reference is known().reference or standing.reference == reference()


def test_a_level_taken_anew_moves_the_means_and_nothing_else() -> None:
    standing = known()
    run(standing, range(1, 31))
    standing.told(30.0, "reference_start", "again")
    run(standing, range(31, 111), shift=0.1, seed=5)
    standing.told(110.0, "reference_stop", "")
    (told,) = notices(run(standing, range(111, 130), shift=0.1, seed=6))
    assert told.label == "reference_taken"
    for name in INPUTS:
        before, now = reference().scales[name], standing.reference.scales[name]
        assert now.mean == pytest.approx(before.mean + 0.1, abs=0.04)
        assert now.sd == before.sd
    assert standing.reference.correlation == reference().correlation


def test_a_level_is_not_taken_anew_in_tension_or_outside_the_zone() -> None:
    tense = known()
    tense.told(5.0, "tension", "6")
    tense.told(10.0, "reference_start", "again")
    tense.told(100.0, "reference_stop", "")
    (told,) = notices(run(tense, range(1, 125)))
    assert (told.label, "rated 6" in told.text) == ("reference_refused", True)
    outside = known()
    run(outside, range(1, 60), shift=0.6)
    outside.told(60.0, "reference_start", "again")
    found = notices(run(outside, range(60, 200), shift=0.6, seed=2))
    assert [n.label for n in found if n.label.startswith("reference")] == ["reference_refused"]


def test_a_new_reference_starts_the_dwell_anew() -> None:
    standing = known()
    run(standing, range(1, 5))
    run(standing, range(5, 20), shift=0.6)
    assert standing.zones.state.dwell == 15
    standing._use(reference())
    run(standing, range(20, 21), shift=0.6)
    assert standing.zones.state.dwell == 1


def test_values_far_from_the_reference_for_two_minutes_raise_a_question_once() -> None:
    standing = known()
    found = notices(run(standing, range(1, 400), shift=0.9))
    assert [n.label for n in found] == ["profile_doubtful"]


def test_a_revoked_second_leaves_zone_and_opening() -> None:
    standing = Standing(Calibration(participant="C07"), 1)
    standing.told(0.0, "reference_start", "opening")
    run(standing, range(1, 200))
    standing.revoke(Revocation("C07", ("arousal", "scl_us"), 195.0, 199.0, Reason.MOTION))
    standing.told(199.0, "reference_stop", "")
    standing.note_response(40.0)
    run(standing, range(200, 220))
    assert standing.taken.reference.valid_s == 194


def test_another_sensor_than_in_the_calibration_is_told() -> None:
    made = Calibration(participant="C07", sensors={"ecg": "Polar H10 1", "eda": "Shimmer 3"})
    found = sensor_notice(made, {"ecg": "Polar H10 2", "eda": "Shimmer 3", "rr": "any"}, 12.0)
    assert [n.label for n in found] == ["other_sensor"]
    assert "Polar H10 1" in found[0].text


def test_an_electrodermal_score_on_one_series_is_another_composition() -> None:
    standing = known()
    run(standing, range(1, 5))
    run(standing, range(5, 20), shift=0.6)
    assert standing.zones.state.dwell == 15
    row = Inputs(missing(Reason.GAP), ok(3.6), ok(0.7), ok(2.9))
    run(standing, range(20, 21), values=row)
    assert standing.zones.state.dwell == 1


def test_a_span_the_user_chose_is_not_replaced_by_an_opening_in_the_recording() -> None:
    standing = known(chosen=True)
    standing.told(10.0, "reference_start", "opening")
    standing.told(200.0, "reference_stop", "")
    assert not notices(run(standing, range(1, 230)))
    assert standing.reference == reference()


def test_an_opening_that_settles_is_not_displaced_by_a_level_taken_anew() -> None:
    standing = Standing(Calibration(participant="C07"), 1)
    standing.told(0.0, "reference_start", "opening")
    standing.note_response(40.0)
    run(standing, range(1, 200))
    standing.told(199.0, "reference_stop", "")
    standing.told(203.0, "reference_start", "again")
    (told,) = notices(run(standing, range(200, 215)))
    assert (told.label, standing.taken is not None) == ("reference_taken", True)


def test_an_opening_cut_off_by_the_end_is_told() -> None:
    standing = Standing(Calibration(participant="C07"), 1)
    standing.told(0.0, "reference_start", "opening")
    run(standing, range(1, 100))
    (told,) = notices(standing.finish())
    assert "ended before" in told.text
    assert told.t_s == 99.0


def steady(offset: float = 0.0) -> Inputs:
    return Inputs(*(ok(LEVEL[name] + offset) for name in INPUTS))


def test_little_change_is_remarked_only_during_marked_demand() -> None:
    standing = known()
    assert readings(run(standing, range(1, 200), values=steady()))[-1].note == ""
    standing.told(200.0, "demanding_on", "")
    assert readings(run(standing, range(200, 210), values=steady()))[-1].note == "flat"
    standing.told(210.0, "demanding_off", "")
    assert readings(run(standing, range(210, 220), values=steady()))[-1].note == ""


def test_a_level_that_has_moved_for_long_is_remarked_with_its_drift() -> None:
    standing = known()
    later = readings(run(standing, range(1, 3600), values=steady(0.09)))
    first = next(i for i, reading in enumerate(later) if reading.note == "drift")
    assert first > 600
    assert later[-1].drift > 1.0
    assert {reading.zone for reading in later} == {"within"}


def test_without_a_reference_there_is_no_level_to_take_anew() -> None:
    standing = Standing(Calibration(participant="C07"), 1)
    standing.told(0.0, "reference_start", "again")
    (told,) = notices(run(standing, range(1, 140)))
    assert "there is no reference" in told.text


def test_tension_that_is_no_number_is_ignored_and_the_highest_counts() -> None:
    standing = known()
    run(standing, range(1, 6))
    standing.told(5.0, "reference_start", "again")
    for text in ("2", "5", "much", "1"):
        standing.told(6.0, "tension", text)
    (told,) = notices(run(standing, range(6, 140)))
    assert "rated 5" in told.text


def test_a_series_without_a_scale_has_no_score() -> None:
    without = replace(reference(), scales={k: v for k, v in reference().scales.items() if k != "heart_speed"})
    scores = Scorer(without).at(steady())
    assert (scores.z_heart.reason, scores.arousal.reason) == (Reason.ZERO_VARIANCE, Reason.ZERO_VARIANCE)
