"""Frames lost, repeated, swapped: every sample arrives once or is counted as lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.drivers.sample_stream import SampleStream
from devices.protocols import pmd
from tests.sinks import KeepingSink

SENT, LOST, REPEATED, SWAPPED = range(4)


def frame(first: int, n: int, rate_hz: float, origin_ns: int = pmd.DEFAULT_CLOCK_NS) -> pmd.Frame:
    """Frame whose samples are their own numbers."""
    return pmd.Frame(
        measurement=pmd.Measurement.ECG,
        device_ns=origin_ns + round((first + n - 1) / rate_hz * 1e9),
        samples=np.arange(first, first + n).reshape(-1, 1),
        frame_type=0,
    )


def arrivals(fates: list[int], n: int) -> list[int]:
    """First sample of each frame in the order of arrival."""
    order: list[int] = []
    held: int | None = None
    for number, fate in enumerate(fates):
        first = number * n
        if fate == SWAPPED and held is None:
            held = first
            continue
        if fate != LOST:
            order.extend([first] * (2 if fate == REPEATED else 1))
        if held is not None:
            order.append(held)
            held = None
    return order


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from([SENT, SENT, SENT, LOST, REPEATED, SWAPPED]), min_size=4, max_size=60),
    st.sampled_from([19, 57, 73]),
    st.floats(124.0, 136.0),
    st.integers(0, 2**32 - 1),
)
def test_every_sample_arrives_once_or_is_counted_as_lost(fates, n, rate_hz, seed):
    rng = np.random.default_rng(seed)
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    # Two frames in order first: before them nobody can know the rate, nor that anything is missing.
    order = [-2 * n, -n, *arrivals(fates, n)]
    arrival_s = 1000.0
    for first in order:
        arrival_s = max(arrival_s, 1000.0 + (first + n) / rate_hz + 0.03 + rng.exponential(0.02))
        stream.take(frame(first, n, rate_hz), arrival_s)
    got = sink.values("ecg")[:, 0].astype(int)
    stamps_s = sink.stamps("ecg")
    assert np.all(np.diff(got) > 0)
    assert np.all(np.diff(stamps_s) > 0)
    assert sink.n_lost("ecg") == got[-1] - got[0] + 1 - got.size
    n_used = got.size // n
    assert len(sink.rejections) == len(order) - n_used
    for _, n_lost, start_s, stop_s in sink.losses:
        before = int(np.flatnonzero(stamps_s == start_s)[0])
        assert stamps_s[before + 1] == stop_s
        assert got[before + 1] - got[before] - 1 == n_lost


@pytest.mark.parametrize("rate_hz", [126.0, 130.0, 133.0])
def test_stamps_follow_the_true_rate_and_not_the_declared_one(rate_hz):
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for number in range(600):
        first = number * 73
        stream.take(frame(first, 73, rate_hz), 1000.0 + (first + 73) / rate_hz + 0.03)
    steps_s = np.diff(sink.stamps("ecg"))[20 * 73 :]
    assert np.allclose(steps_s, 1.0 / rate_hz, atol=2e-6)
    assert not sink.losses


def test_a_rate_that_changes_is_followed_after_three_frames():
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    at_s = 0.0
    for number in range(30):
        at_s += 73 / (130.0 if number < 10 else 200.0)
        one = frame(number * 73, 73, 130.0)
        stream.take(
            pmd.Frame(
                measurement=one.measurement, device_ns=round(at_s * 1e9), samples=one.samples, frame_type=0
            ),
            1000.0 + at_s,
        )
    assert sink.rejections == ["rate_changed"]
    assert stream.rate_hz == pytest.approx(200.0, rel=1e-3)
    assert sink.n_lost("ecg") == 0


def test_every_second_frame_lost_is_not_taken_for_half_the_rate():
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for number in [0, 1, 2, *range(4, 40, 2)]:
        stream.take(frame(number * 73, 73, 130.0), 1000.0 + number * 73 / 130.0)
    assert stream.rate_hz == pytest.approx(130.0, rel=1e-3)
    assert sink.n_lost("ecg") == 18 * 73


def test_a_clock_that_is_set_back_begins_anew_without_inventing_losses():
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for number in range(20):
        origin_ns = pmd.DEFAULT_CLOCK_NS + (10**17 if number < 10 else 0)
        stream.take(frame(number * 73, 73, 130.0, origin_ns), 1000.0 + number * 73 / 130.0)
    assert np.all(np.diff(sink.stamps("ecg")) > 0)
    assert sink.values("ecg").shape[0] == 20 * 73
    assert not sink.losses
    assert sink.stamps("ecg")[-1] == pytest.approx(1000.0 + 19 * 73 / 130.0, abs=0.2)


@pytest.mark.parametrize(("back_s", "n_unused"), [(0.7, 1), (1.0, 1), (3.0, 2), (8.0, 2)])
def test_a_clock_set_back_by_little_costs_two_frames_that_are_counted_and_no_time(back_s, n_unused):
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for number in range(60):
        origin_ns = pmd.DEFAULT_CLOCK_NS - (round(back_s * 1e9) if number >= 20 else 0)
        stream.take(frame(number * 73, 73, 130.0, origin_ns), 1000.0 + number * 73 / 130.0)
    assert sink.rejections == ["backwards"] * n_unused
    assert sink.n_lost("ecg") == n_unused * 73
    assert sink.values("ecg").shape[0] == (60 - n_unused) * 73
    assert sink.stamps("ecg")[-1] == pytest.approx(1000.0 + 59 * 73 / 130.0, abs=0.05)
    assert stream.delay_s < 0.05


def test_a_leap_of_the_device_clock_is_a_hole_of_unknown_size():
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for k in range(20):
        stream.take(frame(73 * k, 73, 130.0), 1000.0 + 73 * (k + 1) / 130.0)
    leapt = frame(73 * 20, 73, 130.0, pmd.DEFAULT_CLOCK_NS + 3600 * 10**9)
    stream.take(leapt, 1010.0 + 73 * 21 / 130.0)
    ((_, n_samples, start_s, stop_s),) = sink.losses
    assert n_samples == 0
    assert start_s < stop_s == sink.stamps("ecg")[-73]


def test_a_device_that_repeats_one_frame_is_silent():
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for number in range(10):
        stream.take(frame(0, 73, 130.0), 1000.0 + number)
    assert stream.arrived_s == 1000.0


def test_what_is_missing_over_a_restart_is_counted_by_the_device_clock():
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for number in [*range(10), *range(15, 25)]:
        if number == 15:
            stream.restart()
        stream.take(frame(number * 73 + (number >= 15) * 11, 73, 130.0), 1000.0 + number * 73 / 130.0 + 0.1)
    assert sink.n_lost("ecg") == 5 * 73 + 11
    assert sink.rejections == []


def test_a_growing_delay_is_noticed_after_the_moment_it_began():
    sink = KeepingSink()
    stream = SampleStream(sink, "x-ecg", 130.0)
    for number in range(60):
        taken_s = 1000.0 + number * 73 / 130.0
        stream.take(frame(number * 73, 73, 130.0), taken_s + (0.0 if number < 30 else 2.5))
    assert stream.late_since_s == pytest.approx(1000.0 + 30 * 73 / 130.0 + 2.5)
    assert sink.delays[-1] == pytest.approx(2.5, abs=0.1)
