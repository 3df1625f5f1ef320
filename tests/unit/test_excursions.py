"""Statistics of one excursion."""

import math

import numpy as np
import pytest

from calibration.edges import PRIOR
from calibration.excursions import describe, half_recovery, recovered
from calibration.zones import Interval, Zone

NAN = math.nan
ON = 100
DECAY = 4.0 * np.exp(-np.arange(400) / 40.0)


def rows(arousal: np.ndarray, *, parts: float = 7.0) -> np.ndarray:
    out = np.zeros((arousal.size, 6))
    out[:, 0] = arousal
    out[:, 2], out[:, 3], out[:, 4] = arousal, 0.5 * arousal, -arousal
    out[:, 5] = parts
    return out


def decaying() -> np.ndarray:
    return np.concatenate([np.zeros(ON), DECAY])


ABOVE = Interval(Zone.ABOVE, ON, ON + 19, False)


def test_recovery_of_a_known_decay_has_its_half_time():
    assert half_recovery(decaying(), ON, ON, 0.0) == (pytest.approx(27.726, abs=1.0), False)
    found = describe(ABOVE, 0, rows(decaying()), PRIOR)
    assert found.half_recovery_s == pytest.approx(27.726, abs=1.0)
    assert found.fit_half_s == pytest.approx(40.0 * math.log(2.0), abs=1e-3)
    assert found.fit_r2 == pytest.approx(1.0)


def test_the_half_time_counts_from_the_peak_not_from_the_onset():
    arousal = np.concatenate([np.zeros(ON), np.full(20, 3.0), DECAY])
    assert half_recovery(arousal, ON, ON + 20, 0.0) == (28.0, False)


def test_a_recovery_faster_than_the_window_is_below_the_floor():
    arousal = np.concatenate([np.zeros(ON), [4.0] * 10, np.zeros(50)])
    value, below_floor = half_recovery(arousal, ON, ON, 0.0)
    assert math.isnan(value)
    assert below_floor


def test_a_dip_of_nine_seconds_is_no_recovery():
    arousal = np.concatenate([np.zeros(ON), [4.0] * 20, [0.0] * 9, [3.9] * 10, [0.0] * 10])
    assert half_recovery(arousal, ON, ON, 0.0) == (39.0, False)


def test_recovery_is_undecided_until_it_has_been_kept_for_ten_seconds():
    arousal = decaying()
    assert half_recovery(arousal[: ON + 28 + 9], ON, ON, 0.0) is None
    assert half_recovery(arousal[: ON + 28 + 10], ON, ON, 0.0) == (28.0, False)


def test_a_long_gap_before_the_recovery_leaves_it_unknown():
    arousal = decaying()
    arousal[ON + 20 : ON + 30] = NAN
    value, below_floor = half_recovery(arousal, ON, ON, 0.0)
    assert math.isnan(value)
    assert not below_floor


def test_a_short_gap_neither_counts_nor_breaks_a_recovery():
    arousal = decaying()
    arousal[ON + 30 : ON + 39] = NAN
    assert half_recovery(arousal[: ON + 28 + 18], ON, ON, 0.0) is None
    assert half_recovery(arousal[: ON + 28 + 19], ON, ON, 0.0) == (28.0, False)


def test_recovery_on_the_lower_side_is_the_mirror_image():
    assert half_recovery(-decaying(), ON, ON, 0.0) == half_recovery(decaying(), ON, ON, 0.0)
    low = describe(Interval(Zone.BELOW, ON, ON + 19, False), 0, rows(-decaying()), PRIOR)
    high = describe(ABOVE, 0, rows(decaying()), PRIOR)
    assert low.peak == -high.peak
    assert low.area == pytest.approx(high.area)
    assert (low.half_recovery_s, low.led_by) == (high.half_recovery_s, high.led_by)
    assert low.fit_half_s == pytest.approx(high.fit_half_s)


def test_without_a_level_before_there_is_no_recovery():
    value, _ = half_recovery(decaying(), ON, ON, NAN)
    assert math.isnan(value)
    found = describe(ABOVE, ON, rows(decaying()[ON:]), PRIOR)
    assert math.isnan(found.pre_level)
    assert math.isnan(found.half_recovery_s)
    assert recovered(ABOVE, ON, rows(decaying()[ON:]))


@pytest.mark.parametrize(("onset", "peak"), [(-1, 0), (5, 4), (0, 500)])
def test_indices_outside_the_series_are_refused(onset: int, peak: int):
    with pytest.raises(ValueError, match="pass indices into"):
        half_recovery(decaying(), onset, peak, 0.0)


def test_the_level_before_leaves_out_the_last_ten_seconds():
    arousal = decaying()
    arousal[: ON - 60] = 9.0
    arousal[ON - 60 : ON - 9] = 1.0
    arousal[ON - 9 : ON] = 9.0
    assert describe(ABOVE, 0, rows(arousal), PRIOR).pre_level == 1.0


def test_the_level_before_needs_thirty_valid_seconds():
    arousal = decaying()
    arousal[ON - 60 : ON - 39] = NAN
    assert describe(ABOVE, 0, rows(arousal), PRIOR).pre_level == 0.0
    arousal[ON - 39] = NAN
    assert math.isnan(describe(ABOVE, 0, rows(arousal), PRIOR).pre_level)


def test_peak_area_and_missing_share_are_those_of_the_interval():
    arousal = np.concatenate([np.zeros(ON), [3.0, 5.0, NAN, 3.5], np.full(20, 9.0)])
    found = describe(Interval(Zone.ABOVE, ON, ON + 4, True), 0, rows(arousal), PRIOR)
    assert (found.peak, found.peak_second) == (5.0, ON + 1)
    assert found.area == pytest.approx(0.5 + 2.5 + 1.0)
    assert found.na_share == 0.25


def test_rows_are_counted_from_the_first_grid_second():
    found = describe(ABOVE._replace(start=1100, stop=1119), 1000, rows(decaying()), PRIOR)
    assert found.peak_second == 1100
    assert found.half_recovery_s == 28.0


def test_the_channel_with_the_largest_weighted_change_led():
    seconds = rows(decaying())
    assert describe(ABOVE, 0, seconds, PRIOR).led_by == "eda"
    seconds[:, 3] *= 10.0
    assert describe(ABOVE, 0, seconds, PRIOR).led_by == "heart"
    seconds[:, 4] *= 100.0
    assert describe(ABOVE, 0, seconds, PRIOR).led_by == "vagal"
    seconds[:, 4] *= -1.0
    assert describe(ABOVE, 0, seconds, PRIOR).led_by == "heart"


def test_one_channel_alone_did_not_lead():
    seconds = rows(decaying())
    seconds[:, 3:5] = NAN
    assert describe(ABOVE, 0, seconds, PRIOR).led_by == ""


def test_seconds_of_another_composition_are_not_compared():
    seconds = rows(decaying())
    seconds[:ON, 5] = 3.0
    found = describe(ABOVE, 0, seconds, PRIOR)
    assert math.isnan(found.pre_level)
    assert found.led_by == ""
    seconds = rows(decaying())
    seconds[ON + 20 :, 5] = 3.0
    assert math.isnan(describe(ABOVE, 0, seconds, PRIOR).half_recovery_s)


def test_waiting_ends_when_the_recovery_is_found():
    seconds = rows(decaying())
    assert not recovered(ABOVE, 0, seconds[: ON + 37])
    assert recovered(ABOVE, 0, seconds[: ON + 38])


def test_waiting_ends_at_the_horizon():
    arousal = np.concatenate([np.zeros(ON), np.full(800, 4.0)])
    assert not recovered(ABOVE, 0, rows(arousal[: ON + 19 + 599]))
    assert recovered(ABOVE, 0, rows(arousal[: ON + 19 + 600]))


def test_a_recovery_after_the_horizon_is_not_looked_for():
    arousal = np.concatenate([np.zeros(ON), np.full(700, 4.0), np.zeros(100)])
    found = describe(ABOVE, 0, rows(arousal), PRIOR)
    assert math.isnan(found.half_recovery_s)
    assert not found.below_floor


def test_seconds_after_the_decision_change_nothing():
    seconds = rows(decaying() + 0.1 * np.sin(np.arange(500)))
    long = describe(ABOVE, 0, seconds, PRIOR)
    short = describe(ABOVE, 0, seconds[: ON + 140], PRIOR)
    assert short == long


@pytest.mark.parametrize(
    "arousal", [np.full(400, 4.0), 4.0 + np.sin(np.arange(400.0)), np.arange(4.0, 404.0)]
)
def test_what_does_not_decay_has_no_fitted_half_time(arousal: np.ndarray):
    found = describe(ABOVE, 0, rows(np.concatenate([np.zeros(ON), arousal])), PRIOR)
    assert math.isnan(found.fit_half_s)


def test_a_fit_asks_for_sixty_seconds_after_the_peak():
    assert math.isnan(describe(ABOVE, 0, rows(decaying()[: ON + 60]), PRIOR).fit_r2)
    assert describe(ABOVE, 0, rows(decaying()[: ON + 61]), PRIOR).fit_half_s == pytest.approx(
        27.726, abs=0.01
    )


def test_a_peak_below_the_level_before_has_no_recovery():
    arousal = np.concatenate([np.full(ON, 6.0), np.full(100, 4.0)])
    found = describe(ABOVE, 0, rows(arousal), PRIOR)
    assert math.isnan(found.half_recovery_s)
    assert not found.below_floor


@pytest.mark.parametrize(
    "interval",
    [
        Interval(Zone.WITHIN, ON, ON + 20, False),
        Interval(Zone.ABOVE, 900, 950, False),
        Interval(Zone.ABOVE, -5, 20, False),
    ],
)
def test_what_is_no_excursion_of_these_seconds_is_refused(interval: Interval):
    with pytest.raises(ValueError, match="is not an excursion"):
        describe(interval, 0, rows(decaying()), PRIOR)
