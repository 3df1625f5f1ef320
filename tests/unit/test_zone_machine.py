"""The zone decision, second by second."""

import math
import statistics
from collections.abc import Sequence

import pytest

from calibration.edges import PRIOR
from calibration.zones import START, Interval, Second, Zone, ZoneState, finish, probabilities, step

NAN = math.nan


def second(arousal: float, *, eda: float = 0.0, heart: float = 0.0, parts: int = 7) -> Second:
    return Second(arousal, NAN, eda, heart, NAN, parts)


def states(seconds: Sequence[float | Second]) -> list[ZoneState]:
    out, state = [], START
    for index, value in enumerate(seconds):
        at = value if isinstance(value, Second) else second(value)
        state = step(state, index, at, PRIOR)
        out.append(state)
    return out


def intervals(seconds: Sequence[float | Second]) -> list[tuple[Zone, int, int, bool]]:
    out = states(seconds)
    closed = [state.closed for state in out] + [finish(out[-1], len(seconds))]
    return [tuple(interval) for interval in closed if interval is not None]


LOW = second(-5.0, eda=-2.0, heart=-1.0)


def test_nineteen_seconds_beyond_the_edge_are_no_excursion():
    assert intervals([0.0] * 60 + [4.0] * 19 + [0.0] * 60) == [(Zone.WITHIN, 0, 139, False)]


def test_the_twentieth_second_confirms_an_excursion_and_dates_it_back():
    out = states([0.0] * 60 + [4.0] * 20)
    assert [state.zone for state in out[-2:]] == [Zone.WITHIN, Zone.ABOVE]
    assert out[-1].since == 60
    assert out[-1].closed == Interval(Zone.WITHIN, 0, 60, False)


def test_alternating_seconds_are_no_excursion():
    assert intervals([4.0, 0.0] * 100) == [(Zone.WITHIN, 0, 200, False)]


def test_nine_missing_seconds_leave_an_excursion_whole():
    found = intervals([0.0] * 30 + [4.0] * 30 + [NAN] * 9 + [4.0] * 10 + [0.0] * 20)
    assert found == [(Zone.WITHIN, 0, 30, False), (Zone.ABOVE, 30, 79, False), (Zone.WITHIN, 79, 99, False)]


def test_ten_missing_seconds_censor_an_excursion_at_the_first_of_them():
    found = intervals([0.0] * 30 + [4.0] * 30 + [NAN] * 10 + [0.0] * 5)
    assert found == [
        (Zone.WITHIN, 0, 30, False),
        (Zone.ABOVE, 30, 60, True),
        (Zone.NA, 60, 70, False),
        (Zone.WITHIN, 70, 75, False),
    ]


def test_the_entering_level_is_that_of_the_normal_distribution():
    assert probabilities(2.953, 0.2, PRIOR)[0] == pytest.approx(0.80, abs=2e-4)
    distance = -3.0 - PRIOR.lower.mean
    expected = statistics.NormalDist().cdf(-distance / math.hypot(PRIOR.lower.sd, 0.3))
    assert probabilities(-3.0, 0.3, PRIOR)[1] == pytest.approx(expected, rel=1e-12)


def test_an_unknown_error_counts_as_none():
    assert probabilities(3.0, NAN, PRIOR) == probabilities(3.0, 0.0, PRIOR)


def test_a_return_takes_ten_seconds_and_is_dated_back():
    out = states([4.0] * 40 + [2.0] * 10)
    assert [state.zone for state in out[-2:]] == [Zone.ABOVE, Zone.WITHIN]
    assert out[-1].closed == Interval(Zone.ABOVE, 0, 40, False)
    assert out[-1].since == 40


def test_nine_seconds_back_are_no_return():
    assert intervals([4.0] * 40 + [2.0] * 9 + [4.0] * 5) == [(Zone.ABOVE, 0, 54, True)]


def test_an_excursion_from_the_first_second_leaves_no_empty_stretch_before_it():
    assert intervals([NAN] * 10 + [4.0] * 25) == [(Zone.NA, 0, 10, False), (Zone.ABOVE, 10, 35, True)]


def test_a_short_gap_at_the_very_start_is_missing_not_within():
    assert intervals([NAN] * 3 + [0.0] * 5) == [(Zone.NA, 0, 3, False), (Zone.WITHIN, 3, 8, False)]


def test_a_session_without_a_value_is_missing_throughout():
    assert intervals([NAN] * 30) == [(Zone.NA, 0, 30, False)]


def test_missing_seconds_freeze_the_dwell():
    out = states([0.0] * 5 + [4.0] * 12 + [NAN] * 9 + [4.0] * 8)
    assert [state.zone for state in out[-2:]] == [Zone.WITHIN, Zone.ABOVE]
    assert out[-1].since == 5


def test_a_held_second_has_no_probability():
    held = states([4.0] * 30 + [NAN])[-1]
    assert held.zone is Zone.ABOVE
    assert math.isnan(held.p_above)
    assert math.isnan(held.p_below)
    assert held.near == ""
    assert held.closed is None


def test_the_way_from_one_side_to_the_other_leads_through_ten_seconds_within():
    found = intervals([4.0] * 30 + [LOW] * 40)
    assert found == [(Zone.ABOVE, 0, 30, False), (Zone.WITHIN, 30, 40, False), (Zone.BELOW, 40, 70, True)]


def test_the_lower_zone_asks_for_both_channels():
    only_skin = second(-5.0, eda=-2.0, heart=0.0)
    assert [state.zone for state in states([only_skin] * 30)][-1] is Zone.WITHIN
    assert [state.zone for state in states([LOW] * 20)][-1] is Zone.BELOW
    only_heart = second(-5.0, eda=0.0, heart=-2.0)
    assert [state.zone for state in states([only_heart] * 30)][-1] is Zone.WITHIN


def test_one_second_without_the_second_channel_breaks_the_lower_dwell():
    brief = second(-5.0, eda=-2.0, heart=-0.4)
    assert states([LOW] * 19 + [brief] + [LOW] * 19)[-1].zone is Zone.WITHIN


@pytest.mark.parametrize("heart", [0.0, NAN])
def test_low_skin_conductance_alone_is_told_apart(heart: float):
    assert states([second(-5.0, eda=-2.0, heart=heart)])[-1].low_eda
    assert not states([LOW])[-1].low_eda
    assert not states([second(-5.0, eda=-0.5, heart=heart)])[-1].low_eda


def test_leaving_the_lower_zone_needs_no_second_channel():
    found = intervals([LOW] * 30 + [second(-1.0)] * 10)
    assert found == [(Zone.BELOW, 0, 30, False), (Zone.WITHIN, 30, 40, False)]


def test_another_composition_starts_the_dwell_anew():
    out = states([second(4.0, parts=7)] * 15 + [second(4.0, parts=3)] * 20)
    assert [state.zone for state in out[-2:]] == [Zone.WITHIN, Zone.ABOVE]
    assert out[-1].since == 15


def test_another_composition_keeps_the_zone_and_starts_the_return_anew():
    out = states([second(4.0)] * 30 + [second(0.0)] * 9 + [second(0.0, parts=3)] * 10)
    assert [state.zone for state in out[-2:]] == [Zone.ABOVE, Zone.WITHIN]
    assert out[-1].since == 39


def test_a_composition_that_changes_in_a_gap_starts_the_dwell_anew():
    assert states([second(4.0)] * 15 + [NAN] * 5 + [second(4.0, parts=3)] * 5)[-1].zone is Zone.WITHIN


def test_near_an_edge_is_said_only_within():
    out = states([0.0, 2.4, 2.6, 3.5, *[3.5] * 19, 2.6])
    assert [state.near for state in out[:4]] == ["", "", "above", "above"]
    assert out[-1].zone is Zone.ABOVE
    assert out[-1].near == ""
    assert states([-2.6])[-1].near == "below"


def test_an_infinite_value_is_missing():
    assert states([math.inf] * 30)[-1].zone is Zone.NA


def test_a_long_gap_forgets_the_dwell():
    assert states([4.0] * 15 + [NAN] * 10 + [4.0] * 19)[-1].zone is Zone.WITHIN


def test_the_state_can_be_hashed_and_compared():
    seconds = [0.0, NAN, 4.0]
    assert states(seconds)[-1] == states(seconds)[-1]
    assert len({states(seconds)[1], states(seconds)[1]}) == 1


def test_nothing_to_close_before_the_first_second():
    assert finish(START, 0) is None


def test_a_first_second_before_zero_begins_there():
    state = step(START, -15, second(NAN), PRIOR)
    assert finish(state, -14) == Interval(Zone.NA, -15, -14, False)
