from typing import Any

import numpy as np
import pytest

from monitor.core.rr_clock import RrClock


def strap(
    rr_ms: Any, lost: tuple[int, ...] = (), late: tuple[int, ...] = (), jitter_s: float = 0.05, seed: int = 0
) -> Any:
    """Notifications once a second: arrival, interval and true beat time of what got through."""
    rng = np.random.default_rng(seed)
    beats_s = np.cumsum(rr_ms) / 1000
    arrival, sent, truth = [], [], []
    i = 0
    for second in range(1, int(beats_s[-1]) + 2):
        stop = int(np.searchsorted(beats_s, second, side="right"))
        at_s = second + 0.05 + rng.exponential(jitter_s) + (2.0 if second in late else 0.0)
        at_s = max(at_s, arrival[-1] if arrival else 0.0)
        if second not in lost:
            arrival += [at_s] * (stop - i)
            sent += rr_ms[i:stop].tolist()
            truth += beats_s[i:stop].tolist()
        i = stop
    return np.array(arrival), np.array(sent), np.array(truth)


def pulse(mean_ms: float = 830.0, n: int = 240, seed: int = 1) -> Any:
    return mean_ms + 30.0 * np.sin(np.arange(n) * 0.7) + np.random.default_rng(seed).normal(0.0, 15.0, n)


def test_beat_times_follow_the_beats_and_not_the_arrival() -> None:
    arrival, rr_ms, truth = strap(pulse())
    t_s, _, joined = RrClock().push(arrival, rr_ms)
    error_s = t_s[joined] - truth
    assert np.ptp(error_s[30:]) < 0.1
    assert np.all((error_s[30:] > 0.0) & (error_s[30:] < 0.25))


def test_the_first_interval_is_kept_by_the_beat_that_opens_it() -> None:
    arrival, rr_ms, _ = strap(pulse())
    t_s, out_ms, joined = RrClock().push(arrival, rr_ms)
    assert joined.tolist() == [False] + [True] * rr_ms.size
    assert np.isnan(out_ms[0])
    assert np.array_equal(out_ms[1:], rr_ms)
    assert t_s[1] - t_s[0] == pytest.approx(rr_ms[0] / 1000)


def test_a_late_notification_is_no_loss() -> None:
    arrival, rr_ms, truth = strap(pulse(), late=(60, 120))
    t_s, _, joined = RrClock().push(arrival, rr_ms)
    assert np.count_nonzero(~joined) == 1
    assert np.ptp((t_s[joined] - truth)[30:]) < 0.1


@pytest.mark.parametrize("lost", [(80, 81), tuple(range(80, 90))])
def test_lost_notifications_break_the_chain_and_move_the_anchor(lost: tuple[int, ...]) -> None:
    arrival, rr_ms, truth = strap(pulse(), lost=lost)
    t_s, _, joined = RrClock().push(arrival, rr_ms)
    breaks_s = t_s[~joined][1:]
    assert breaks_s.size == 1
    assert lost[0] - 1 < breaks_s[0] < lost[-1] + 8
    settled = truth > lost[-1] + 40
    assert np.max(np.abs((t_s[joined] - truth)[settled])) < 0.25


def test_times_ascend_whatever_arrives() -> None:
    rng = np.random.default_rng(5)
    arrival = np.sort(rng.uniform(0.0, 300.0, 400))
    rr_ms = rng.choice([250.0, 800.0, 1900.0, 4500.0, 65535.0, 0.0, np.nan], 400)
    t_s, _, _ = RrClock().push(arrival, rr_ms)
    assert np.all(np.diff(t_s) > 0.0)


def test_placeholders_are_dropped_and_counted() -> None:
    clock = RrClock()
    t_s, rr_ms, _ = clock.push(np.arange(6.0), np.array([800.0, 0.0, np.nan, np.inf, -5.0, 800.0]))
    assert clock.n_dropped == 4
    assert rr_ms[np.isfinite(rr_ms)].tolist() == [800.0, 800.0]
    assert t_s.size == 3


def test_implausible_intervals_are_kept_for_the_next_stage() -> None:
    arrival, rr_ms, _ = strap(pulse())
    rr_ms[[50, 90]] = 250.0, 2400.0
    _, out_ms, joined = RrClock().push(arrival, rr_ms)
    assert {250.0, 2400.0} <= set(out_ms[joined].tolist())


def test_a_pause_no_heart_makes_starts_the_clock_again() -> None:
    arrival, rr_ms, _ = strap(pulse())
    rr_ms[100] = 63999.0
    t_s, out_ms, joined = RrClock().push(arrival, rr_ms)
    place = np.flatnonzero(out_ms == 63999.0)[0]
    assert not joined[place]
    assert np.max(t_s - arrival[-1]) < 1.0
