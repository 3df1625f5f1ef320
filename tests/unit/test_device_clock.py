"""The clock of a wearable against simulated deliveries whose true times are known."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from devices.clock import DeviceClock

BASE_S = 0.03
BOOT_S = 599_616_000.0
"""Time of a Polar H10 after a loss of power, in its own seconds."""

Floats = NDArray[np.float64]


class Delivered(NamedTuple):
    truth_s: Floats
    stamps_s: Floats
    clock: DeviceClock
    n_restarts: int

    @property
    def error_ms(self) -> Floats:
        return (self.stamps_s - self.truth_s - BASE_S) * 1e3

    @property
    def step_error_ms(self) -> Floats:
        return np.abs(np.diff(self.stamps_s) - np.diff(self.truth_s)) * 1e3


def sizes(kind: str, seconds: float, rng: np.random.Generator) -> tuple[NDArray[np.int64], float]:
    """Samples in each frame, and the true step between samples."""
    if kind == "h10":
        step_s = 1.0 / 130.35
        return np.full(int(seconds / (73 * step_s)), 73), step_s
    step_s = 1.0 / 51.2
    return rng.integers(1, 11, int(seconds / (5.5 * step_s))), step_s


def stalled(arrival_s: Floats, rng: np.random.Generator) -> Floats:
    """Hold deliveries back now and then, for up to 20 s, and let them come in one burst."""
    at_s = 0.0
    while (at_s := at_s + rng.exponential(120.0)) < arrival_s[-1]:
        for_s = rng.choice([0.3, 1.0, 3.0, 20.0], p=[0.5, 0.3, 0.17, 0.03])
        held = (arrival_s > at_s) & (arrival_s < at_s + for_s)
        arrival_s[held] = at_s + for_s + 0.0004 * np.arange(np.count_nonzero(held))
    return np.maximum.accumulate(arrival_s)


def deliver(
    kind: str,
    ppm: float,
    seed: int,
    seconds: float = 3600.0,
    delays: Callable[[Floats, Floats], Floats] | None = None,
) -> Delivered:
    rng = np.random.default_rng(seed)
    n, step_s = sizes(kind, seconds, rng)
    last_s = np.cumsum(n) * step_s
    arrival_s = last_s + BASE_S + rng.exponential(0.015, last_s.size)
    arrival_s = stalled(arrival_s, rng) if delays is None else delays(last_s, arrival_s)
    clock, truth, stamps, n_restarts = DeviceClock(), [], [], 0
    for k in range(n.size):
        taken_s = last_s[k] - step_s * np.arange(n[k] - 1, -1, -1)
        device_s = BOOT_S + taken_s * (1.0 + ppm * 1e-6)
        n_restarts += clock.observe(float(device_s[-1]), float(arrival_s[k]))
        stamps.append(clock.stamps(device_s))
        truth.append(taken_s)
    return Delivered(np.concatenate(truth), np.concatenate(stamps), clock, n_restarts)


def held_back(from_s: float, for_s: float) -> Callable[[Floats, Floats], Floats]:
    def delays(_: Floats, arrival_s: Floats) -> Floats:
        held = (arrival_s > from_s) & (arrival_s < from_s + for_s)
        return np.where(held, from_s + for_s, arrival_s)

    return delays


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["h10", "shimmer"])
@pytest.mark.parametrize(("ppm", "seed"), [(40.0, 0), (60.0, 1), (-80.0, 2), (80.0, 3)])
def test_over_an_hour_stamps_stay_within_3_ms_and_steps_within_a_fifth(
    kind: str, ppm: float, seed: int
) -> None:
    hour = deliver(kind, ppm, seed)
    settled = hour.truth_s > 10.0
    assert np.max(np.abs(hour.error_ms[settled])) < 3.0
    assert np.percentile(hour.step_error_ms, 99) < 0.02
    assert np.max(hour.step_error_ms) < 0.2 if kind == "h10" else np.max(hour.step_error_ms) < 0.45
    assert np.all(np.diff(hour.stamps_s) > 0.0)
    assert hour.n_restarts == 1
    assert hour.clock.drift * 1e6 == pytest.approx(ppm, abs=15.0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["h10", "shimmer"])
@pytest.mark.parametrize("ppm", [-500.0, 500.0])
def test_a_clock_off_by_500_ppm_is_followed_after_a_minute_and_a_half(kind: str, ppm: float) -> None:
    found = deliver(kind, ppm, 4, seconds=900.0)
    assert np.max(np.abs(found.error_ms[found.truth_s > 90.0])) < 3.0
    assert found.clock.drift * 1e6 == pytest.approx(ppm, abs=30.0)


@pytest.mark.parametrize("kind", ["h10", "shimmer"])
@pytest.mark.parametrize("from_s", [20.0, 200.0])
def test_twenty_seconds_held_back_and_then_a_burst_leave_no_trace(kind: str, from_s: float) -> None:
    found = deliver(kind, 60.0, 5, seconds=400.0, delays=held_back(from_s, 20.0))
    assert np.max(np.abs(found.error_ms[found.truth_s > 10.0])) < 3.0
    assert np.all(np.diff(found.stamps_s) > 0.0)
    assert found.n_restarts == 1


def test_a_start_held_back_for_three_seconds_is_made_good_without_a_step_back() -> None:
    found = deliver("h10", 60.0, 6, seconds=120.0, delays=held_back(0.0, 3.0))
    assert found.error_ms[0] > 2000.0
    assert np.max(np.abs(found.error_ms[found.truth_s > 45.0])) < 3.0
    assert np.all(np.diff(found.stamps_s) > 0.0)


@pytest.mark.parametrize("late_s", [25.0, 30.0, 60.0, 100.0])
@pytest.mark.parametrize("kind", ["h10", "shimmer"])
def test_when_everything_was_late_the_first_frames_in_time_begin_the_estimate_anew(
    kind: str, late_s: float
) -> None:
    found = deliver(kind, 60.0, 7, 240.0, lambda taken_s, at_s: np.where(taken_s < late_s, at_s + 0.3, at_s))
    assert np.max(np.abs(found.error_ms[found.truth_s > late_s + 20.0])) < 3.0
    assert np.all(np.diff(found.stamps_s) > 0.0)


def test_a_delay_that_grows_without_end_shows_and_is_not_followed() -> None:
    found = deliver(
        "h10", 0.0, 8, 600.0, lambda taken_s, at_s: at_s + np.maximum(0.0, taken_s - 300.0) / 60.0
    )
    assert found.clock.delay_s > 4.0
    assert found.error_ms[-1] < 600.0


def test_the_delay_is_that_of_the_newest_frame_beyond_the_soonest() -> None:
    found = deliver("shimmer", 0.0, 9, 120.0, lambda taken_s, _: taken_s + BASE_S)
    assert found.clock.delay_s == pytest.approx(0.0, abs=1e-6)
    found.clock.observe(BOOT_S + 121.0, 121.0 + BASE_S + 1.5)
    assert found.clock.delay_s == pytest.approx(1.5, abs=1e-3)


def settled_clock() -> tuple[DeviceClock, float]:
    """Give a clock after a minute of frames each half second, and the last stamp it gave."""
    clock = DeviceClock()
    for k in range(120):
        clock.observe(1000.0 + 0.5 * k, 50.0 + 0.5 * k)
        last = clock.stamps(np.array([1000.0 + 0.5 * k]))[-1]
    return clock, float(last)


@pytest.mark.parametrize(("device_s", "restarts"), [(1400.0, True), (900.0, True), (1060.0, False)])
def test_a_device_clock_that_leaps_or_goes_back_starts_the_estimate_anew(
    device_s: float, restarts: bool
) -> None:
    clock, last_s = settled_clock()
    assert clock.observe(device_s, 110.0) is restarts
    assert clock.stamps(np.array([device_s]))[0] == pytest.approx(110.0)
    assert last_s < 110.0


def test_frames_lost_for_eight_seconds_are_no_leap_of_the_clock() -> None:
    clock, _ = settled_clock()
    assert not clock.observe(1067.5, 117.5)
    assert clock.stamps(np.array([1067.5]))[0] == pytest.approx(117.5)


def test_a_repeated_frame_changes_nothing() -> None:
    clock, _ = settled_clock()
    before = clock.drift
    assert not clock.observe(1059.5, 110.2)
    assert clock.drift == before
    assert clock.delay_s == pytest.approx(0.7)


def test_after_a_restart_no_stamp_lies_before_one_given_out_before() -> None:
    clock, last_s = settled_clock()
    clock.restart()
    assert np.isnan(clock.delay_s)
    assert clock.observe(5.0, last_s + 0.1)
    stamps = clock.stamps(np.array([4.5, 4.6, 4.95, 5.0]))
    assert stamps[0] > last_s
    assert np.all(np.diff(stamps) > 0.0)
    assert stamps[-1] == pytest.approx(last_s + 0.1)


def test_before_the_first_frame_nothing_can_be_stamped() -> None:
    with pytest.raises(ValueError, match="no frame"):
        DeviceClock().stamps(np.array([1.0]))
    with pytest.raises(ValueError, match="finite"):
        DeviceClock().observe(float("nan"), 1.0)
