"""What watches a strap while it is connected: silence, subscriptions a stack has lost. Time is virtual."""

import asyncio

import numpy as np
import pytest

from devices.drivers.beat_stream import BeatStream
from devices.drivers.beat_watch import watch_beats
from devices.drivers.contact import ContactWatch
from devices.drivers.pmd_watch import Running, watch
from devices.drivers.sample_stream import SampleStream
from devices.errors import DeviceError, Reason
from devices.protocols import pmd
from devices.protocols.heart_rate import HeartRateMeasurement
from tests.bridge_fakes import in_virtual_time
from tests.sinks import KeepingSink


class StaleLink:
    """A stack that has forgotten the subscription, and says so when it is to end it."""

    name = "Polar H10 C07"

    def __init__(self):
        self.subscribed_s = []
        self.pace = None

    async def unsubscribe(self, uuid):
        raise DeviceError("No notify session started.", Reason.LINK_LOST, self.name)

    async def subscribe(self, uuid, callback):
        self.subscribed_s.append(self.pace.now())


class StaleSession:
    """A measurement service of which no frame arrives."""

    def __init__(self, pace):
        self.pace = pace
        self.stopped = asyncio.Queue()
        self.subscribed_s = []

    async def resubscribe(self):
        self.subscribed_s.append(self.pace.now())


def watched_beats(seconds, *, alone):
    """Watch a strap that notified once; give when it was subscribed to again, and what ended it."""

    async def main(pace):
        link = StaleLink()
        link.pace = pace
        sink = KeepingSink()
        beats = BeatStream(sink, "x-rr", "x-hr", ContactWatch(sink.contact))
        began_s = pace.now()
        beats.take(HeartRateMeasurement(bpm=60, rr_1024=(1024,)).encode(), began_s)
        error = None
        try:
            async with asyncio.timeout(seconds):
                await watch_beats(link, beats, pace, alone=alone)
        except (DeviceError, TimeoutError) as caught:
            error = caught
        return [at_s - began_s for at_s in link.subscribed_s], error

    return in_virtual_time(main)


def test_beats_that_stay_away_do_not_end_a_connection_that_has_an_ecg():
    subscribed_s, error = watched_beats(60.0, alone=False)
    assert isinstance(error, TimeoutError)
    assert subscribed_s == pytest.approx([6.0], abs=1.1)


def test_beats_that_stay_away_end_a_connection_that_has_nothing_else():
    subscribed_s, error = watched_beats(60.0, alone=True)
    assert subscribed_s == pytest.approx([6.0], abs=1.1)
    assert isinstance(error, DeviceError)
    assert error.reason is Reason.SILENT


def watched_frames(seconds, first_frame_s=None):
    """Watch an ECG; give when it was subscribed to again, and what ended it after how long."""

    async def main(pace):
        session = StaleSession(pace)
        began_s = pace.now()
        stream = SampleStream(KeepingSink(), "x-ecg", 130.0)
        running = {pmd.Measurement.ECG: Running(stream, {}, began_s)}
        if first_frame_s is not None:
            frame = pmd.Frame(
                measurement=pmd.Measurement.ECG,
                device_ns=10**9,
                samples=np.zeros((73, 1), dtype=np.int64),
                frame_type=0,
            )
            asyncio.get_running_loop().call_later(first_frame_s, lambda: stream.take(frame, pace.now()))
        error = None
        try:
            async with asyncio.timeout(seconds):
                await watch(session, running, pace, "Polar H10 C07")
        except (DeviceError, TimeoutError) as caught:
            error = caught
        return [at_s - began_s for at_s in session.subscribed_s], error, pace.now() - began_s

    return in_virtual_time(main)


def test_an_ecg_that_does_not_begin_is_subscribed_to_again_within_six_seconds_and_given_up_later():
    subscribed_s, error, lasted_s = watched_frames(100.0)
    assert len(subscribed_s) == 1
    assert subscribed_s[0] <= 6.0
    assert isinstance(error, DeviceError)
    assert error.reason is Reason.SILENT
    assert lasted_s == pytest.approx(45.5, abs=1.0)


def test_an_ecg_that_begins_soon_is_left_alone():
    subscribed_s, error, _ = watched_frames(5.0, first_frame_s=2.5)
    assert subscribed_s == []
    assert isinstance(error, TimeoutError)
