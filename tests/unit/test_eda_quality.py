"""What counts as unusable skin conductance, with its reason, its padding and its revocation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.eda import EdaEvents, EdaStage
from monitor.core.results import Reason, Status

RATE_HZ = 51.2
STAMPS = np.arange(int(120 * RATE_HZ)) / RATE_HZ


def base(level_us: float = 5.0) -> NDArray[np.float64]:
    """Two quiet minutes."""
    return level_us + 0.002 * np.random.default_rng(4).standard_normal(STAMPS.size)


def during(start_s: float, stop_s: float) -> NDArray[np.bool_]:
    """Samples of a span."""
    since = STAMPS - start_s
    return (since >= 0.0) & (since < stop_s - start_s)


def run(values: NDArray[np.float64]) -> tuple[EdaStage, EdaEvents]:
    """A stage that has seen the values."""
    stage = EdaStage(RATE_HZ)
    return stage, stage.push(STAMPS, values)


@pytest.mark.parametrize(
    ("value_us", "reason"), [(0.01, Reason.LEAD_OFF), (0.0, Reason.LEAD_OFF), (80.0, Reason.SATURATED)]
)
def test_a_value_out_of_range_is_named(value_us: float, reason: Reason) -> None:
    values = base()
    values[during(70, 90)] = value_us
    stage, events = run(values)
    assert stage.at(85.0)["scl_us"].reason is reason
    assert events.revoked[0].reason is reason


def test_an_artefact_is_padded_forward_and_revokes_backward() -> None:
    values = base()
    values[during(80.0, 80.6)] = 0.01
    stage, events = run(values)
    (first, *rest) = events.revoked
    assert rest == []
    assert 74.5 <= first.start_s <= 75.3
    assert 80.0 <= first.stop_s <= 80.5
    assert stage.at(80.0)["scl_us"].status is Status.OK
    assert stage.at(83.0)["scl_us"].status is Status.NA
    assert stage.at(84.0)["scl_us"].coverage < 0.5
    # 5 s before, the artefact and 5 s after it: 5 of 10 s usable again at 91.
    assert stage.at(90.0)["scl_us"].status is Status.NA
    assert stage.at(92.0)["scl_us"].status is Status.LOW
    assert stage.at(97.0)["scl_us"].status is Status.OK


def test_a_frozen_value_becomes_flat_after_five_seconds() -> None:
    values = base()
    values[during(80, 100)] = values[during(80, 100)][0]
    stage, events = run(values)
    assert events.revoked[0].reason is Reason.FLATLINE
    assert 74.5 <= events.revoked[0].start_s <= 75.5
    assert 85.0 <= events.revoked[0].stop_s <= 85.6
    assert stage.at(84.0)["scl_us"].status is Status.OK
    assert stage.at(90.0)["scl_us"].reason is Reason.FLATLINE


def test_a_coarsely_quantised_level_is_not_flat() -> None:
    values = np.round((base(20.0) + 0.1 * np.sin(STAMPS / 3.0)) / 0.036) * 0.036
    stage, events = run(values)
    assert events.revoked == []
    assert stage.at(110.0)["scl_us"].status is Status.OK


def test_a_single_spike_is_removed_and_costs_nothing() -> None:
    values = base()
    values[3000] += 20.0
    stage, events = run(values)
    assert events == EdaEvents([], [])
    assert stage.at(60.0)["scl_us"].status is Status.OK


@pytest.mark.parametrize("height_us", [0.6, 2.0, 4.0])
def test_a_short_bump_is_motion_whatever_its_sign(height_us: float) -> None:
    for sign in (1, -1):
        values = base()
        values[during(80.0, 80.8)] += sign * height_us
        _, events = run(values)
        assert events.revoked, f"{sign * height_us} uS passed"
        assert events.revoked[0].reason is Reason.MOTION
        assert events.scrs == []


def test_a_steep_but_possible_rise_lowers_confidence_only() -> None:
    rise = 0.5 - 0.5 * np.cos(np.pi * np.clip((STAMPS - 80.0) / 1.6, 0.0, 1.0))
    values = base() + 5.0 * rise * np.exp(-np.clip(STAMPS - 81.6, 0.0, None) / 4.0)
    stage, events = run(values)
    assert events.revoked == []
    answer = stage.at(84.0)["scl_us"]
    assert (answer.status, answer.reason) == (Status.LOW, Reason.MOTION)


def test_a_response_counted_before_an_artefact_is_withdrawn() -> None:
    values = base() + 0.5 * np.clip((STAMPS - 76.0) / 1.5, 0, 1) * np.exp(
        -np.clip(STAMPS - 77.5, 0, None) / 4.0
    )
    clean, events = run(values)
    assert len(events.scrs) == 1
    assert clean.at(79.5)["scr_per_min"].value == pytest.approx(1.0)
    values[during(80.0, 81.0)] = 0.01
    stage, events = run(values)
    assert events.scrs == []
    assert stage.at(79.5)["scr_per_min"].value == pytest.approx(1.0)
    later = stage.at(100.0)["scr_per_min"]
    assert (later.value, later.status) == (0.0, Status.OK)
    assert later.coverage < 0.85
