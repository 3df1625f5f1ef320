"""Notifications of the heart-rate service as streams, and whether a strap is worn."""

import numpy as np
import pytest

from devices.drivers.beat_stream import BeatStream
from devices.drivers.contact import ContactWatch
from devices.protocols.heart_rate import HeartRateMeasurement
from tests.sinks import KeepingSink


class Wearer:
    """A strap that notifies once a second."""

    def __init__(self) -> None:
        self.sink = KeepingSink()
        self.contact = ContactWatch(self.sink.contact)
        self.stream = BeatStream(self.sink, "x-rr", "x-hr", self.contact)
        self.now_s = 100.0

    def notify(self, bpm: int, *rr_1024: int, contact: bool | None = None) -> None:
        self.now_s += 1.0
        measured = HeartRateMeasurement(bpm=bpm, contact=contact, rr_1024=rr_1024)
        self.stream.take(measured.encode(), self.now_s)


def test_intervals_are_exact_and_the_first_has_the_gap_flag():
    wearer = Wearer()
    for _ in range(5):
        wearer.notify(60, 1023)
    assert wearer.sink.values("rr")[:, 0].tolist() == [1023 * 1000 / 1024] * 5
    assert wearer.sink.values("rr")[:, 1].tolist() == [1, 0, 0, 0, 0]
    assert np.allclose(np.diff(wearer.sink.stamps("rr")), 1023 / 1024, atol=0.031)
    assert wearer.sink.values("hr")[:, 0].tolist() == [60.0] * 5


@pytest.mark.parametrize("data", [b"", b"\x10", b"\x10\x3c\x00", b"\x01\x3c"])
def test_garbage_is_counted_and_not_used(data):
    wearer = Wearer()
    wearer.stream.take(data, 1.0)
    assert wearer.sink.rejections == ["malformed"]
    assert not wearer.sink.pushed("hr")


@pytest.mark.parametrize("ticks", [0, 0xFFFF])
def test_what_is_no_interval_is_counted_and_leaves_a_gap(ticks):
    wearer = Wearer()
    wearer.notify(60, 1024)
    wearer.notify(60, ticks)
    wearer.notify(60, 1024)
    assert wearer.sink.rejections == ["implausible"]
    assert wearer.sink.values("rr")[:, 1].tolist() == [1, 1]


def test_no_beat_is_used_while_the_strap_says_it_has_no_contact():
    wearer = Wearer()
    for contact in [True, True, False, False, True, True]:
        wearer.notify(60, 1024, contact=contact)
    assert wearer.sink.contacts == [True, False, True]
    assert wearer.sink.values("rr")[:, 1].tolist() == [1, 0, 1, 0]
    assert len(wearer.sink.values("hr")) == 4


def test_a_heart_rate_of_zero_is_not_sent():
    wearer = Wearer()
    wearer.notify(0)
    assert not wearer.sink.pushed("hr")


def test_five_seconds_without_a_beat_mean_that_the_strap_is_off():
    wearer = Wearer()
    wearer.notify(60, 1024)
    for _ in range(4):
        wearer.notify(0)
    assert wearer.sink.contacts == [True]
    wearer.notify(0)
    assert wearer.sink.contacts == [True, False]
    wearer.notify(60, 1024)
    assert wearer.sink.contacts == [True, False, True]


@pytest.mark.parametrize("signal", [np.zeros(73), np.full(73, 5.0), np.tile([30000, 30000, -400], 30)])
def test_a_flat_or_clipped_ecg_means_that_the_strap_is_off_whatever_it_says(signal):
    wearer = Wearer()
    for _ in range(6):
        wearer.notify(60, 1024)
        wearer.contact.ecg(signal.astype(np.int64), 0.56)
    assert wearer.contact.worn is False
    n_beats = len(wearer.sink.values("rr"))
    wearer.notify(60, 1024)
    assert len(wearer.sink.values("rr")) == n_beats


def test_a_beating_ecg_does_not_take_the_strap_off():
    wearer = Wearer()
    beat = np.zeros(73, dtype=np.int64)
    beat[30:34] = [200, 900, -300, 50]
    beat += np.arange(73) % 7
    for _ in range(20):
        wearer.contact.ecg(beat, 0.56)
        wearer.notify(60, 1024)
    assert wearer.sink.contacts == [True]


def test_a_strap_without_contact_bits_that_only_repeats_its_last_rate_is_off():
    wearer = Wearer()
    for _ in range(5):
        wearer.notify(72, 853)
    for _ in range(20):
        wearer.notify(72)
    assert wearer.sink.contacts == [True, False]
    assert len(wearer.sink.values("hr")) <= 5 + 5
    wearer.notify(71, 860)
    assert wearer.sink.contacts == [True, False, True]
    assert wearer.sink.values("rr")[-1, 1] == 1


def test_a_strap_that_never_sends_intervals_is_worn_while_it_has_a_rate():
    wearer = Wearer()
    for _ in range(60):
        wearer.notify(72)
    assert wearer.sink.contacts == [True]
    assert len(wearer.sink.values("hr")) == 60


def test_beats_on_both_sides_of_lost_contact_are_no_neighbours_by_their_stamps():
    wearer = Wearer()
    # The first notification came late, so that the beats after the gap would seem to follow on at once.
    wearer.now_s += 1.0
    wearer.notify(60, 1024, contact=True)
    wearer.now_s -= 1.0
    wearer.notify(60, 1024, contact=False)
    wearer.notify(60, 1024, contact=True)
    before, after = wearer.sink.stamps("rr")
    assert after - 1.0 - before > 0.05


def test_a_strap_without_intervals_comes_back_on_with_its_rate():
    wearer = Wearer()
    for bpm in [70, *[0] * 6, 70]:
        wearer.notify(bpm)
    assert wearer.sink.contacts == [True, False, True]
    assert len(wearer.sink.values("hr")) == 2


@pytest.mark.parametrize("rr_s", [0.55, 0.8, 1.0, 1.2])
def test_intervals_in_milliseconds_are_noticed_within_fifteen_beats(rr_s):
    wearer = Wearer()
    for _ in range(15):
        wearer.notify(round(60 / rr_s), round(rr_s * 1000))
    assert wearer.sink.rejections == ["rr_scale"]


@pytest.mark.parametrize("rr_s", [0.45, 0.62, 0.8, 1.0, 1.3])
def test_intervals_in_the_right_unit_are_not_suspected(rr_s):
    wearer = Wearer()
    rng = np.random.default_rng(3)
    for _ in range(300):
        beat_s = rr_s * (1 + 0.03 * rng.standard_normal())
        wearer.notify(round(60 / rr_s), round(beat_s * 1024))
    assert wearer.sink.rejections.count("rr_scale") <= 1
