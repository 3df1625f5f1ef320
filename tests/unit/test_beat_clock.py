"""Beat times of a strap against simulated notifications whose true beats are known."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from devices.beats import BeatClock

BASE_S = 0.1


class Sent(NamedTuple):
    arrival_s: float
    first: int
    stop: int


class Heard(NamedTuple):
    index: NDArray[np.int64]
    stamps_s: NDArray[np.float64]
    gap: NDArray[np.bool_]


def pulse(mean_s: float, seconds: float, rng: np.random.Generator, slow: float = 0.03) -> NDArray[np.int64]:
    """Intervals in 1/1024 s with breathing, a slow wave and noise."""
    n = np.arange(int(seconds / mean_s))
    breath = 0.03 * np.sin(2.0 * np.pi * 0.25 * mean_s * n)
    breath += slow * np.sin(2.0 * np.pi * mean_s * n / 200.0)
    return np.rint(1024 * mean_s * (1.0 + breath + 0.015 * rng.standard_normal(n.size))).astype(np.int64)


def notified(rr: NDArray[np.int64], rng: np.random.Generator, late: str, share: float) -> list[Sent]:
    """Notifications once a second, up to nine intervals each; sometimes 2 to 4 s late, alone or in a burst."""
    beats_s = np.cumsum(rr) / 1024
    sent: list[Sent] = []
    at_s, held_s, stalled_s, first, newest_s = rng.uniform(), -1.0, -1.0, 0, 0.0
    while first < rr.size:
        at_s += 1.0
        if rng.random() < share:
            until_s = at_s + rng.uniform(2.0, 4.0)
            held_s, stalled_s = (until_s, stalled_s) if late == "held" else (held_s, until_s)
        if at_s < held_s:
            continue
        stop = min(int(np.searchsorted(beats_s, at_s)), first + 9)
        newest_s = max(at_s + BASE_S + rng.exponential(0.03), stalled_s, newest_s)
        sent.append(Sent(newest_s, first, stop))
        first = stop
    return sent


def heard(rr: NDArray[np.int64], sent: list[Sent]) -> Heard:
    clock, index = BeatClock(), []
    pieces = []
    for one in sent:
        pieces.append(clock.push(one.arrival_s, rr[one.first : one.stop].tolist()))
        index.extend(range(one.first, one.stop))
    return Heard(
        np.array(index),
        np.concatenate([piece.stamps_s for piece in pieces]),
        np.concatenate([piece.gap for piece in pieces]),
    )


@pytest.mark.slow
@pytest.mark.parametrize("mean_s", [0.5, 0.8, 1.0, 1.05, 1.3])
@pytest.mark.parametrize("late", ["held", "stalled"])
def test_over_an_hour_beats_keep_their_distance_and_no_gap_is_made_up(mean_s: float, late: str) -> None:
    rng = np.random.default_rng(int(100 * mean_s))
    rr = pulse(mean_s, 3600.0, rng)
    found = heard(rr, notified(rr, rng, late, 0.01))
    truth_s = np.cumsum(rr) / 1024
    error_s = (found.stamps_s - truth_s)[truth_s > 120.0] - BASE_S
    assert np.count_nonzero(found.gap[1:]) == 0
    assert np.median(error_s) == pytest.approx(0.03, abs=0.03)
    assert np.std(error_s) < 0.06
    assert np.percentile(np.abs(error_s), 99) < 0.2
    moved_s = np.abs(np.diff(found.stamps_s) - rr[1:] / 1024)
    assert np.max(moved_s) < 0.0301
    assert np.max(moved_s[truth_s[1:] > 180.0]) < 0.00201


def test_a_heart_that_keeps_step_with_the_strap_makes_no_gap() -> None:
    # The lag of the last beat then hardly moves for minutes, so that the envelope is not known.
    rng = np.random.default_rng(3)
    rr = pulse(1.0, 1800.0, rng, slow=0.0)
    found = heard(rr, notified(rr, rng, "stalled", 0.01))
    error_s = found.stamps_s - np.cumsum(rr) / 1024 - BASE_S
    assert np.count_nonzero(found.gap[1:]) == 0
    assert np.all(np.abs(error_s) < 1.2)


@pytest.mark.slow
@pytest.mark.parametrize("mean_s", [0.65, 0.8, 1.0, 1.3])
@pytest.mark.parametrize("n_lost", [1, 2, 4, 9])
def test_lost_beats_are_marked_within_half_a_minute(mean_s: float, n_lost: int) -> None:
    rng = np.random.default_rng(n_lost)
    rr = pulse(mean_s, 3600.0, rng)
    beats_s = np.cumsum(rr) / 1024
    kept, lost_at_s, missing, due_s = [], [], 0, 100.0
    for one in notified(rr, rng, "stalled", 0.005):
        if missing > 0:
            missing -= one.stop - one.first
        elif one.arrival_s > due_s and (n_lost > 1 or one.stop - one.first == 1):
            lost_at_s.append(beats_s[one.first])
            missing, due_s = n_lost - (one.stop - one.first), one.arrival_s + 120.0
        else:
            kept.append(one)
    found = heard(rr, kept)
    marked_s = beats_s[found.index[found.gap]][1:]
    in_time = [np.any((marked_s > at) & (marked_s < at + n_lost * mean_s + 30.0)) for at in lost_at_s]
    assert len(lost_at_s) > 20
    assert np.mean(in_time) > 0.95
    assert marked_s.size <= len(lost_at_s) + 1


def test_the_first_interval_has_a_gap_before_it_and_the_first_last_beat_is_at_its_arrival() -> None:
    stamps_s, rr_ms, gap = BeatClock().push(50.0, [800, 820, 1024])
    assert stamps_s.tolist() == [50.0 - 1844 / 1024, 49.0, 50.0]
    assert rr_ms.tolist() == [781.25, 800.78125, 1000.0]
    assert gap.tolist() == [True, False, False]


def test_a_notification_without_intervals_gives_no_beat() -> None:
    assert [column.size for column in BeatClock().push(50.0, [])] == [0, 0, 0]


@pytest.mark.parametrize("nothing", [0, 4097, 65535, -1])
def test_what_is_no_interval_is_left_out_and_leaves_a_gap(nothing: int) -> None:
    clock = BeatClock()
    for k in range(100):
        clock.push(10.0 + k, [1024])
    found = clock.push(112.0, [1024, nothing, 1024])
    assert found.rr_ms.tolist() == [1000.0, 1000.0]
    assert found.gap.tolist() == [False, True]
    assert found.stamps_s[-1] == pytest.approx(111.0 if nothing <= 0 else 112.0, abs=0.01)


def test_after_a_reconnect_there_is_a_gap_and_no_beat_before_the_last() -> None:
    clock = BeatClock()
    clock.push(50.0, [1024, 1024])
    clock.restart()
    found = clock.push(52.5, [1024, 1024, 1024])
    assert found.gap.tolist() == [True, False, False]
    assert found.stamps_s[0] - 1.0 > 50.0
    assert np.diff(found.stamps_s).tolist() == pytest.approx([1.0, 1.0], abs=0.031)


def test_no_beat_stays_ahead_of_its_arrival_when_the_first_notifications_were_late() -> None:
    clock = BeatClock()
    clock.push(60.0, [1024])
    found = [clock.push(51.0 + max(9.0, k), [1024]) for k in range(1, 40)]
    stamps_s = np.concatenate([beats.stamps_s for beats in found])
    gap = np.concatenate([beats.gap for beats in found])
    arrival_s = 51.0 + np.maximum(9.0, np.arange(1, 40))
    assert np.all(np.diff(stamps_s) > 0.0)
    assert np.all(stamps_s[12:] <= arrival_s[12:] + 1.0)
    assert np.all(gap[np.flatnonzero(np.diff(stamps_s) < 0.5) + 1])
    assert not gap[-5:].any()


def test_a_notification_that_arrived_at_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time"):
        BeatClock().push(float("inf"), [1024])
