"""The two fast signals as the stages of a person hand them out: final, in place, and honest about holes."""

import numpy as np
import pytest

from monitor.core.eda import EdaStage
from monitor.core.heart import StrapHeart
from monitor.core.rate_heart import RateHeart


def strap(rr_ms: np.ndarray, start_s: float = 0.0) -> StrapHeart:
    heart = StrapHeart("A")
    heart.push(start_s + np.cumsum(rr_ms) / 1000.0, rr_ms)
    return heart


def test_intervals_are_interpolated_in_time() -> None:
    rr_ms = 800.0 + 40.0 * np.sin(np.arange(100) / 5.0)
    middles = np.cumsum(rr_ms) / 1000.0 - rr_ms / 2000.0
    t = 20.0 + 0.25 * np.arange(120)
    found = strap(rr_ms).intervals_at(20.0, 0.25, 120, 70.0)
    # The strap's clock may place beats a constant earlier or later than they were sent.
    shifts = np.arange(-0.5, 0.5, 0.005)
    errors = [np.abs(found - np.interp(t + shift, middles, rr_ms)).max() for shift in shifts]
    assert min(errors) < 1.0


def test_no_interval_is_known_before_the_beat_that_settled_it() -> None:
    heart = strap(np.full(60, 800.0))
    whole = heart.intervals_at(20.0, 0.25, 40, 60.0)
    assert np.isfinite(whole).all()
    early = heart.intervals_at(20.0, 0.25, 40, 30.0)
    known = np.isfinite(early)
    assert known[:30].all()
    assert not known[-4:].any()
    np.testing.assert_array_equal(early[known], whole[known])


def test_nothing_is_drawn_across_more_than_two_seconds() -> None:
    rr_ms = np.full(80, 800.0)
    rr_ms[40] = 3000.0
    found = strap(rr_ms).intervals_at(20.0, 0.25, 120, 66.0)
    assert 6 < np.isnan(found).sum() < 24
    assert np.isfinite(found[:30]).all()
    assert np.isfinite(found[-20:]).all()


def test_a_heart_rate_has_no_intervals() -> None:
    heart = RateHeart()
    heart.push(np.arange(60.0), np.full(60, 70.0))
    assert np.isnan(heart.intervals_at(20.0, 0.25, 8, 60.0)).all()


@pytest.mark.parametrize("rate_hz", [2.0, 4.0, 5.0, 8.0, 15.0, 51.2, 128.0])
def test_points_of_skin_conductance_stand_at_their_time(rate_hz: float) -> None:
    stage = EdaStage(rate_hz)
    t = np.arange(0.0, 60.0, 1.0 / rate_hz)
    stage.push(t, 5.0 + 0.1 * np.sin(2.0 * np.pi * 0.05 * t))
    level, _ = stage.points_at(80, 80, 50.0)
    at = 0.25 * (80 + np.arange(80))
    shifts = np.arange(-0.5, 0.5, 0.005)
    errors = [np.abs(level - (5.0 + 0.1 * np.sin(2.0 * np.pi * 0.05 * (at + s)))).max() for s in shifts]
    # The delay of the low-pass, 0.23 s, is taken out as one point of 0.25 s.
    assert abs(shifts[int(np.argmin(errors))]) <= 0.04


def test_points_that_are_not_usable_are_missing() -> None:
    stage = EdaStage(20.0)
    t = np.arange(0.0, 60.0, 0.05)
    x = 5.0 + 0.2 * np.sin(t)
    x[(t > 30.0) & (t < 31.0)] = 0.0
    stage.push(t, x)
    level, sample = stage.points_at(0, 200, 60.0)
    np.testing.assert_array_equal(np.isnan(level), np.isnan(sample))
    bad = np.flatnonzero(np.isnan(level[20:])) / 4.0 + 5.0
    # Five seconds on both sides of the lost contact go with it.
    assert bad.min() == pytest.approx(25.0, abs=0.6)
    assert bad.max() == pytest.approx(36.0, abs=0.6)
    assert np.isnan(stage.points_at(400, 8, 60.0)).all()


def test_what_was_taken_back_later_was_there_before() -> None:
    stage = EdaStage(20.0)
    t = np.arange(0.0, 60.0, 0.05)
    x = 5.0 + 0.2 * np.sin(t)
    x[(t > 30.0) & (t < 31.0)] = 0.0
    stage.push(t, x)
    assert np.isfinite(stage.points_at(104, 8, 29.0)).all()
    assert np.isnan(stage.points_at(104, 8, 36.0)).all()
