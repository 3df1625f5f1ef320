"""Time in zones and returns."""

import math

import numpy as np
import pytest

from calibration.edges import PRIOR
from calibration.excursions import describe
from calibration.occupancy import (
    ConditionalReturn,
    codes_of,
    conditional_return,
    joint_occupancy,
    return_median,
    time_in_zone,
)
from calibration.zones import Interval, Zone


def codes(*runs: tuple[int, int]) -> np.ndarray:
    return np.concatenate([np.full(n, code, dtype=np.uint8) for code, n in runs])


def above(start: int, stop: int, *, censored: bool = False) -> Interval:
    return Interval(Zone.ABOVE, start, stop, censored)


def test_shares_are_of_the_valid_seconds():
    shares = time_in_zone(codes((1, 600), (0, 900), (2, 200)))
    assert shares[Zone.WITHIN].share == 0.75
    assert shares[Zone.ABOVE].share == 0.25
    assert shares[Zone.BELOW].share == 0.0
    assert shares[Zone.ABOVE].valid_min == pytest.approx(800 / 60)


def test_limits_enclose_the_share_and_repeat():
    session = codes(*[(1, 200), (2, 60), (0, 20)] * 10)
    shares = time_in_zone(session)
    assert shares[Zone.ABOVE].low < shares[Zone.ABOVE].share < shares[Zone.ABOVE].high
    assert repr(time_in_zone(session)) == repr(shares)


def test_limits_cover_the_true_share_in_most_sessions():
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(100):
        # Stretches of one zone of mean length 30 s, independent of each other: the true share is 0.3.
        zones = rng.choice([1, 2], 200, p=[0.7, 0.3])
        session = np.repeat(zones, rng.integers(15, 46, 200)).astype(np.uint8)[:3000]
        share = time_in_zone(session, rng)[Zone.ABOVE]
        hits += share.low <= 0.3 <= share.high
    assert hits >= 85


def test_what_never_changed_has_no_limits():
    shares = time_in_zone(codes((1, 3000)))
    assert shares[Zone.WITHIN].share == 1.0
    assert math.isnan(shares[Zone.WITHIN].low)
    assert math.isnan(shares[Zone.ABOVE].high)


def test_less_than_five_valid_minutes_have_no_limits():
    shares = time_in_zone(codes((1, 200), (2, 99), (0, 900)))
    assert shares[Zone.ABOVE].share == pytest.approx(99 / 299)
    assert math.isnan(shares[Zone.ABOVE].low)


def test_no_valid_second_gives_no_share():
    share = time_in_zone(codes((0, 500)))[Zone.WITHIN]
    assert math.isnan(share.share)
    assert share.valid_min == 0.0
    assert math.isnan(time_in_zone(np.zeros(0, dtype=np.uint8))[Zone.WITHIN].share)


def test_codes_cover_intervals_and_leave_the_rest_missing():
    found = codes_of([Interval(Zone.WITHIN, -2, 3, False), Interval(Zone.BELOW, 3, 5, True)], 0, 7)
    assert found.tolist() == [1, 1, 1, 3, 3, 0, 0]
    assert codes_of([], 5, 5).size == 0


def test_the_joint_table_has_the_first_person_in_rows():
    table = joint_occupancy(codes((1, 10), (2, 5), (0, 3)), codes((1, 8), (3, 10)))
    assert table.tolist() == [[8, 0, 2], [0, 0, 5], [0, 0, 0]]
    assert table.dtype == np.int64


def test_joint_seconds_must_be_the_same():
    with pytest.raises(ValueError, match="cut both"):
        joint_occupancy(codes((1, 10)), codes((1, 11)))


def test_the_median_without_censoring_is_the_plain_one():
    found = return_median([above(0, n) for n in (20, 30, 40, 50, 60)])
    assert (found.n, found.n_censored, found.median_s) == (5, 0, 40.0)
    assert found.low_s <= 40.0


def test_censored_excursions_lengthen_the_median_and_are_never_dropped():
    excursions = [above(0, n, censored=n in (25, 35)) for n in (20, 25, 30, 35, 40, 50)]
    # Survival by hand: 20: 5/6; 30: 5/6 * 3/4 = 0.625; 40: 0.625 / 2 = 0.3125.
    found = return_median(excursions)
    assert (found.n, found.n_censored, found.median_s) == (6, 2, 40.0)


def test_a_median_that_was_not_reached_is_unknown():
    found = return_median([above(0, 20), *[above(0, 60, censored=True)] * 3])
    assert math.isnan(found.median_s)
    assert return_median([above(0, 60, censored=True)]).n_censored == 1
    assert return_median([]).n == 0


def test_described_excursions_serve_as_well_as_intervals():
    seconds = np.zeros((200, 6))
    seconds[100:130, 0] = 4.0
    excursion = describe(above(100, 130), 0, seconds, PRIOR)
    assert repr(return_median([excursion])) == repr(return_median([above(100, 130)]))


def test_returns_are_sorted_by_where_the_other_one_was_at_the_onset():
    other = codes((1, 100), (2, 100), (0, 100))
    excursions = [
        above(1010, 1040),
        above(1090, 1170),
        above(1110, 1130),
        above(1250, 1280),
        above(1390, 1400),
    ]
    found = conditional_return(excursions, other, first=1000)
    assert isinstance(found, ConditionalReturn)
    assert (found.within.n, found.outside.n, found.n_unknown) == (2, 1, 2)
    assert found.within.median_s == 30.0
