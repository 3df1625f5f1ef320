"""The causal mapping of a sender's clock."""

import numpy as np
import pytest

from monitor.core.clock import OffsetMap


def fed(offsets: list[tuple[float, float]]) -> OffsetMap:
    clock = OffsetMap()
    for collected, offset in offsets:
        clock.update(collected, offset)
    return clock


def test_without_an_offset_stamps_pass_unchanged_and_are_not_verified() -> None:
    clock = OffsetMap()
    assert not clock.verified
    np.testing.assert_array_equal(clock.map(np.array([1.0, 2.0])), [1.0, 2.0])


def test_one_offset_shifts_every_stamp() -> None:
    clock = fed([(100.0, 7.5)])
    assert clock.verified
    np.testing.assert_array_equal(clock.map(np.array([100.0, 200.0])), [107.5, 207.5])


def test_a_single_wild_offset_is_ignored() -> None:
    clock = fed([(5.0 * i, 3.0) for i in range(5)])
    clock.update(25.0, 1e6)
    assert clock.offset_at(26.0) == pytest.approx(3.0)
    clock.update(30.0, 3.0)
    assert clock.offset_at(31.0) == pytest.approx(3.0)
    assert clock.resets == 0


def test_two_agreeing_offsets_far_away_are_a_new_clock() -> None:
    clock = fed([(5.0 * i, 3.0) for i in range(5)])
    clock.update(25.0, -86400.0)
    clock.update(30.0, -86400.001)
    assert clock.resets == 1
    assert clock.offset_at(31.0) == pytest.approx(-86400.0, abs=0.01)


@pytest.mark.parametrize("drift_ppm", [50.0, 200.0])
def test_drift_over_eight_hours_leaves_less_than_five_milliseconds(drift_ppm: float) -> None:
    rng = np.random.default_rng(1)
    clock, worst = OffsetMap(), 0.0
    for collected in np.arange(0.0, 8 * 3600.0, 5.0):
        true = 12.0 + collected * drift_ppm * 1e-6
        clock.update(float(collected), true + float(rng.normal(0.0, 0.0002)))
        if collected > 120.0:
            ahead = collected + 5.0
            worst = max(worst, abs(clock.offset_at(ahead) - (12.0 + ahead * drift_ppm * 1e-6)))
    assert worst < 0.005


def test_offsets_that_are_no_numbers_are_ignored() -> None:
    clock = fed([(0.0, float("nan")), (float("inf"), 1.0)])
    assert not clock.verified
