"""Tonic level, windows, holes and warm-up of the electrodermal stage."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.eda import EdaStage
from monitor.core.eda_estimates import EDA_MARKERS
from monitor.core.results import Reason, Status

RATE_HZ = 51.2


def quiet(seconds: float, rate_hz: float = RATE_HZ, level_us: float = 5.0) -> tuple[NDArray[np.float64], ...]:
    """A level with a little noise."""
    stamps = np.arange(int(seconds * rate_hz)) / rate_hz
    noise = np.random.default_rng(3).standard_normal(stamps.size)
    return stamps, level_us + 0.002 * noise


def test_every_marker_is_answered_and_ok_on_a_quiet_minute() -> None:
    stage = EdaStage(RATE_HZ)
    stage.push(*quiet(70))
    answer = stage.at(69.0)
    assert tuple(answer) == EDA_MARKERS
    assert {e.status for e in answer.values()} == {Status.OK}
    assert {e.coverage for e in answer.values()} == {1.0}
    assert answer["scl_us"].value == pytest.approx(5.0, abs=0.01)
    assert answer["ln_scl"].value == math.log(answer["scl_us"].value)
    assert answer["scr_per_min"].value == 0.0
    assert answer["scr_rate_z"].value == pytest.approx(2 * math.sqrt(3 / 8))


def test_nothing_is_known_before_the_first_sample() -> None:
    stage = EdaStage(RATE_HZ)
    assert {e.reason for e in stage.at(10.0).values()} == {Reason.NO_DATA}
    stamps, values = quiet(5)
    stage.push(stamps + 100.0, values)
    assert {e.reason for e in stage.at(99.0).values()} == {Reason.NO_DATA}


@pytest.mark.parametrize(
    ("end_s", "scl", "rate"),
    [
        (4.0, Status.NA, Status.NA),
        (7.0, Status.LOW, Status.NA),
        (10.0, Status.OK, Status.NA),
        (47.0, Status.OK, Status.LOW),
        (60.0, Status.OK, Status.OK),
    ],
)
def test_warm_up_ends_when_a_window_has_its_minimum(end_s: float, scl: Status, rate: Status) -> None:
    stage = EdaStage(RATE_HZ)
    stage.push(*quiet(61))
    answer = stage.at(end_s)
    assert (answer["scl_us"].status, answer["scr_per_min"].status) == (scl, rate)
    for estimate in answer.values():
        assert estimate.status is Status.OK or estimate.reason is Reason.WARMUP
        assert (estimate.status is Status.NA) == math.isnan(estimate.value)


def test_the_tonic_level_follows_the_low_side_and_not_the_responses() -> None:
    stamps, values = quiet(60)
    values = values + 0.2 * np.clip(np.sin(2 * np.pi * stamps / 8.0), 0.0, None) ** 2
    stage = EdaStage(RATE_HZ)
    stage.push(stamps, values)
    assert stage.at(60.0)["scl_us"].value == pytest.approx(5.0, abs=0.02)


def test_the_tonic_level_is_late_by_five_to_eight_seconds() -> None:
    stamps, values = quiet(120)
    stage = EdaStage(RATE_HZ)
    stage.push(stamps, values + 0.02 * stamps)
    lag_s = (5.0 + 0.02 * 100.0 - stage.at(100.0)["scl_us"].value) / 0.02
    assert 5.0 < lag_s < 13.5


def test_a_hole_is_missing_and_never_bridged() -> None:
    stamps, values = quiet(120)
    kept = (stamps < 60.0) | (stamps >= 75.0)
    stage = EdaStage(RATE_HZ)
    stage.push(stamps[kept], values[kept])
    assert stage.at(60.0)["scl_us"].status is Status.OK
    assert stage.at(62.0)["scl_us"].reason is Reason.GAP
    gone = stage.at(74.0)
    assert gone["scl_us"].reason is Reason.NO_DATA
    assert gone["scr_per_min"].reason is Reason.GAP
    assert gone["eda_phasic"].reason is Reason.NO_DATA
    back = stage.at(80.5)["scl_us"]
    assert (back.status, back.reason) == (Status.LOW, Reason.GAP)
    assert back.coverage == pytest.approx(0.55, abs=0.02)


def test_the_filter_restarts_settled_after_a_hole() -> None:
    stamps, values = quiet(60)
    stage = EdaStage(RATE_HZ)
    stage.push(stamps, values)
    events = stage.push(stamps + 70.0, values + 3.0)
    assert events.scrs == []
    assert stage.at(129.0)["scr_per_min"].value == 0.0
    assert stage.at(100.0)["scl_us"].value == pytest.approx(8.0, abs=0.01)


def test_losing_half_a_second_is_no_hole() -> None:
    stamps, values = quiet(70)
    kept = (stamps < 60.0) | (stamps >= 60.5)
    stage = EdaStage(RATE_HZ)
    stage.push(stamps[kept], values[kept])
    assert stage.at(66.0)["scl_us"].status is Status.OK


def test_later_samples_do_not_change_an_answer() -> None:
    stamps, values = quiet(100)
    ahead, just = EdaStage(RATE_HZ), EdaStage(RATE_HZ)
    values[stamps > 52.0] = 0.01
    ahead.push(stamps, values)
    now = stamps <= 50.0
    just.push(stamps[now], values[now])
    assert ahead.at(50.0) == just.at(50.0)


@pytest.mark.parametrize("rate_hz", [2.0, 4.0, 8.0, 15.0, 51.2, 128.0, 1000.0])
def test_any_rate_gives_the_same_level(rate_hz: float) -> None:
    stage = EdaStage(rate_hz)
    stage.push(*quiet(64, rate_hz))
    answer = stage.at(63.0)
    assert answer["scl_us"].value == pytest.approx(5.0, abs=0.01)
    assert answer["scr_per_min"].coverage == 1.0


def test_durations_come_from_the_stamps_and_not_from_the_nominal_rate() -> None:
    stamps, values = quiet(70)
    right, wrong = EdaStage(RATE_HZ), EdaStage(RATE_HZ * 1.05)
    right.push(stamps, values)
    wrong.push(stamps, values)
    assert wrong.at(69.0)["scl_us"].value == pytest.approx(right.at(69.0)["scl_us"].value, abs=1e-3)
    assert wrong.at(69.0)["scr_per_min"].coverage > 0.99


def test_a_reset_stage_is_a_new_stage() -> None:
    stamps, values = quiet(70)
    used, new = EdaStage(RATE_HZ), EdaStage(RATE_HZ)
    used.push(stamps, values * 2)
    used.reset()
    used.push(stamps, values)
    new.push(stamps, values)
    assert [used.at(s) for s in (6.0, 30.0, 65.0)] == [new.at(s) for s in (6.0, 30.0, 65.0)]


def test_read_only_and_strided_input_gives_the_same_numbers() -> None:
    stamps, values = quiet(20)
    plain, odd = EdaStage(RATE_HZ), EdaStage(RATE_HZ)
    pair = np.column_stack([stamps, values])
    pair.flags.writeable = False
    plain.push(stamps, values)
    odd.push(pair[:, 0], pair[:, 1])
    assert plain.at(19.0) == odd.at(19.0)


def test_one_signature_is_compiled_per_kernel() -> None:
    from monitor.core.kernels.eda import eda_push
    from monitor.core.kernels.eda_read import eda_read

    stage = EdaStage(RATE_HZ)
    stage.push(*quiet(20))
    stage.at(19)
    assert len(eda_push.signatures) == 1  # type: ignore[attr-defined]
    assert len(eda_read.signatures) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("rate_hz", [0.0, 1.0, 2000.0, float("nan")])
def test_an_impossible_rate_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="2 to 1000 Hz"):
        EdaStage(rate_hz)
