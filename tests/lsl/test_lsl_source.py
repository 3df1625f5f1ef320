"""Real outlets in other processes, through the source: nothing lost, nothing swapped in silence."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pylsl
import pytest

from monitor.core.events import Annotation, Chunk, ClockOffset, StreamLost, StreamOpened, Tick
from monitor.core.model import Modality, StreamKey
from monitor.core.results import MarkerRow, Reason, Status
from monitor.lsl.outlet import MarkerChannel, MarkerOutlet
from monitor.lsl.source import LslSource
from monitor.room import Room

pytestmark = [pytest.mark.lsl, pytest.mark.slow]

CHILD = Path(__file__).with_name("lsl_child.py")


class Listener:
    """Runs a source in a thread and keeps its events with the time they came."""

    def __init__(self, room: Any, **options: Any) -> None:
        self.source = LslSource(room, **options)
        self.events = []
        self.error = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            for event in self.source:
                self.events.append((time.monotonic(), event))
        except Exception as error:  # noqa: BLE001 - raised again in stop()
            self.error = error

    def all(self, kind: Any) -> Any:
        return [event for _, event in list(self.events) if isinstance(event, kind)]

    def wait(self, found: Any, timeout_s: Any = 30.0) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if found(self):
                return
            time.sleep(0.02)
        seen = [event for event in self.all(object) if not isinstance(event, Chunk | Tick)]
        pytest.fail(f"not seen in {timeout_s} s; seen: {seen}")

    def stop(self) -> Any:
        begin = time.monotonic()
        self.source.stop()
        self.thread.join(10.0)
        assert not self.thread.is_alive()
        if self.error is not None:
            raise self.error
        return time.monotonic() - begin

    def first_channel(self, stream_id: Any) -> Any:
        chunks = [event.values[:, 0] for event in self.all(Chunk) if event.stream_id == stream_id]
        return np.concatenate(chunks) if chunks else np.empty(0)

    def labels(self) -> Any:
        return [event.label for event in self.all(Annotation)]


@pytest.fixture
def listen() -> Any:
    listeners = []

    def start(room: Any = None, **options: Any) -> Any:
        listeners.append(Listener(room or Room.from_options(client="C07"), **options))
        return listeners[-1]

    yield start
    for listener in listeners:
        listener.stop()


@pytest.fixture
def child() -> Any:
    processes = []

    def start(**spec: Any) -> Any:
        process = subprocess.Popen([sys.executable, str(CHILD), json.dumps(spec)], stdout=subprocess.PIPE)
        processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def samples(n: Any) -> Any:
    return lambda listener: sum(chunk.stamps.size for chunk in listener.all(Chunk)) >= n


def opened(n: Any) -> Any:
    return lambda listener: len(listener.all(StreamOpened)) >= n


def test_a_killed_outlet_that_returns_is_a_new_stream_with_the_same_role(child: Any, listen: Any) -> None:
    first = child()
    listener = listen()
    listener.wait(samples(150))
    first.kill()
    listener.wait(lambda at: at.all(StreamLost))
    child()
    listener.wait(opened(2))
    listener.wait(lambda at: at.first_channel(2).size > 20)
    one, two = listener.all(StreamOpened)
    assert [binding.key for binding in one.bindings] == [StreamKey("C07", Modality.ECG)]
    assert one.bindings == two.bindings
    assert (one.info.stream_id, two.info.stream_id) == (1, 2)
    assert one.info.uid != two.info.uid
    for stream_id in (1, 2):
        assert set(np.diff(listener.first_channel(stream_id))) == {1.0}
    assert listener.stop() < 2.0
    assert isinstance(listener.events[-1][1], Tick)
    status = next(iter(listener.source.status().values()))
    assert status.participant == "C07"


def test_the_first_offset_comes_before_the_first_sample_and_stale_ones_are_not_repeated(
    child: Any, listen: Any
) -> None:
    child()
    listener = listen()
    listener.wait(lambda at: len(at.all(ClockOffset)) >= 2)
    order = [type(event) for event in listener.all(object) if not isinstance(event, Tick | Annotation)]
    assert order[:3] == [StreamOpened, ClockOffset, Chunk]
    offsets = [event.offset_s for event in listener.all(ClockOffset)]
    assert len(set(offsets)) == len(offsets)
    assert all(abs(offset) < 0.01 for offset in offsets)
    ticks = [event.now_s for event in listener.all(Tick)]
    assert ticks == sorted(ticks)


@pytest.mark.parametrize("change", [{"rate": 1000.0}, {"unit": "millivolts"}])
def test_an_outlet_that_returns_changed_is_recorded_without_a_role(
    child: Any, listen: Any, change: Any
) -> None:
    first = child()
    listener = listen()
    listener.wait(samples(50))
    first.kill()
    child(**change)
    listener.wait(opened(2))
    listener.wait(lambda at: at.first_channel(2).size > 20)
    assert listener.all(StreamOpened)[1].bindings == ()
    listener.wait(lambda at: "stream_changed" in at.labels())


def silent(listener: Any) -> list[str]:
    return [event.text for event in listener.all(Annotation) if event.label == "stream_silent"]


def test_a_stall_is_seen_in_time_and_the_same_outlet_goes_on_under_its_number(
    child: Any, listen: Any
) -> None:
    process = child()
    listener = listen()
    listener.wait(samples(100))
    process.send_signal(signal.SIGSTOP)
    frozen = time.monotonic()
    listener.wait(silent)
    assert time.monotonic() - frozen > 1.5
    process.send_signal(signal.SIGCONT)
    before = listener.first_channel(1).size
    listener.wait(lambda at: at.first_channel(1).size > before + 300)
    assert len(listener.all(StreamOpened)) == 1
    listener.wait(lambda at: "stream_back" in at.labels())
    assert set(np.diff(listener.first_channel(1))) == {1.0}


def test_a_stream_without_data_is_told_within_three_seconds(child: Any, listen: Any) -> None:
    child(delay_s=60.0)
    listener = listen()
    listener.wait(silent)
    assert "sends nothing" in silent(listener)[0]


def test_a_late_stream_joins_and_a_wide_one_is_recorded_whole(child: Any, listen: Any) -> None:
    child()
    listener = listen(record_unassigned=True)
    listener.wait(samples(50))
    child(name="Amp", type="EEG", source_id="amp", channels=64, rate=1000.0)
    listener.wait(opened(2))
    listener.wait(lambda at: at.first_channel(2).size > 500)
    assert listener.all(StreamOpened)[1].bindings == ()
    wide = next(chunk for chunk in listener.all(Chunk) if chunk.stream_id == 2)
    assert wide.values.shape[1] == 64
    assert wide.values.dtype == np.float32
    for stream_id in (1, 2):
        assert set(np.diff(listener.first_channel(stream_id))) == {1.0}


def test_two_streams_that_claim_one_role_get_neither(child: Any, listen: Any) -> None:
    child(source_id="a", name="Polar C07 a")
    child(source_id="b", name="Polar C07 b")
    listener = listen()
    listener.wait(opened(2))
    listener.wait(lambda at: at.labels().count("role_conflict") >= 2)
    assert [event.bindings for event in listener.all(StreamOpened)] == [(), ()]
    texts = [event.text for event in listener.all(Annotation) if event.label == "role_conflict"]
    assert len(texts) == 2
    assert "--assign C07" in texts[0]


def test_doubles_are_both_recorded_and_neither_is_used(child: Any, listen: Any) -> None:
    child()
    child()
    listener = listen()
    listener.wait(opened(2))
    assert [event.bindings for event in listener.all(StreamOpened)] == [(), ()]
    listener.wait(lambda at: at.labels().count("duplicate_stream") >= 2)


def test_a_late_double_never_takes_the_place_of_a_stream(child: Any, listen: Any) -> None:
    first = child()
    listener = listen()
    listener.wait(samples(50))
    child()
    listener.wait(lambda at: "duplicate_stream" in at.labels())
    first.kill()
    listener.wait(lambda at: at.all(StreamLost))
    time.sleep(1.5)
    assert len(listener.all(StreamOpened)) == 1


def test_stamps_of_another_clock_are_recorded_without_a_role(child: Any, listen: Any) -> None:
    child(shift_s=1.7e9)
    listener = listen()
    listener.wait(samples(20))
    assert listener.all(StreamOpened)[0].bindings == ()
    assert listener.labels() == ["clock_disagrees"]
    assert len(listener.all(StreamOpened)) == 1


def test_a_stream_nobody_is_given_is_left_alone_but_listed(child: Any, listen: Any) -> None:
    child(name="Somebody else", source_id="else")
    child()
    listener = listen()
    listener.wait(samples(20))
    assert [event.info.name for event in listener.all(StreamOpened)] == ["Polar C07"]
    states = {status.title.split(" @")[0]: status.state for status in listener.source.status().values()}
    assert states == {"Polar C07": "live", "Somebody else": "not assigned"}


def test_texts_come_as_rows_of_texts(child: Any, listen: Any) -> None:
    child(name="Notes C07", type="Markers", format="string", rate=0.0, source_id="notes")
    listener = listen()
    listener.wait(samples(5))
    (event,) = listener.all(StreamOpened)
    assert [binding.key.modality for binding in event.bindings] == []
    first = listener.all(Chunk)[0].values
    assert isinstance(first, tuple)
    assert isinstance(first[0][0], str)


def test_streams_can_be_looked_at_before_anything_is_recorded(child: Any) -> None:
    child()
    source = LslSource(Room.from_options(client="C07"))
    try:
        (info,) = source.wait_for_streams(8.0, [StreamKey("C07", Modality.ECG)])
        assert info.channels[0].unit == "microvolts"
    finally:
        source.stop()
        assert isinstance(list(source)[-1], Tick)


def test_derived_markers_can_be_read_by_others_and_missing_ones_are_nan() -> None:
    channels = [MarkerChannel("C07", "hr_bpm", "bpm"), MarkerChannel("C07", "scl_us", "uS")]
    outlet = MarkerOutlet(channels, source_id="attune-test")
    (found,) = pylsl.resolve_byprop("source_id", "attune-test", timeout=20.0)
    (texts,) = pylsl.resolve_byprop("source_id", "attune-test-status", timeout=20.0)
    inlet, status = pylsl.StreamInlet(found), pylsl.StreamInlet(texts)
    inlet.open_stream(5.0)
    status.open_stream(5.0)
    row = MarkerRow("C07", "hr_bpm", 4.5, 9.0, 72.0, 0.5, "bpm", Status.LOW, Reason.NOISE, 10.0, 0.7)
    outlet.push([row], 123.5)
    values, stamp = inlet.pull_sample(5.0)
    words, _ = status.pull_sample(5.0)
    assert stamp == 123.5
    assert values[0] == 72.0
    assert np.isnan(values[1])
    assert words == ["LOW:noise", "NA:no_data"]
    assert inlet.info(5.0).get_channel_units() == ["bpm", "uS"]
    del inlet, status
    outlet.close()
