"""Recording without its thread and with a clock of our own, then the thread."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.errors import RecordingError
from monitor.session.folder import SessionFolder
from monitor.session.manifest import read_manifest, verify_manifest
from monitor.session.recorder import Recorder
from monitor.session.recording import Recording
from monitor.session.spool import SpooledFile
from monitor.xdf.reader import read_events


class Clock:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def info(stream_id: int, rate_hz: float = 100.0, channel_format: str = "float32") -> StreamInfo:
    return StreamInfo(
        stream_id=stream_id,
        name=f"stream {stream_id}",
        type="ECG",
        channel_count=1,
        nominal_rate_hz=rate_hz,
        channel_format=channel_format,
    )


def chunk(stream_id: int, first: int, n: int) -> Chunk:
    index = np.arange(first, first + n)
    return Chunk(stream_id, index / 100.0, index.astype(np.float32)[:, np.newaxis])


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder.create(tmp_path, name="s", settings={})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recording(folder: SessionFolder, clock: Clock) -> Iterator[Recording]:
    made = Recording(folder, header={}, clock=clock)
    yield made
    made.file.close()
    folder.lock.release()


def events_in(path: Path) -> list[Event]:
    with path.open("rb") as file:
        return list(read_events(file))


def samples_of(events: list[Event], stream_id: int) -> list[float]:
    chunks = [e for e in events if isinstance(e, Chunk) and e.stream_id == stream_id]
    return [float(value) for e in chunks for (value,) in e.values]


def test_chunks_of_a_stream_are_joined_until_the_tick(recording: Recording, folder: SessionFolder) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(StreamOpened(info(2), ()))
    for first in range(0, 30, 10):
        recording.take(chunk(1, first, 10))
        recording.take(chunk(2, first, 5))
    assert not any(isinstance(event, Chunk) for event in events_in(folder.part))
    recording.take(Tick(10.0, 1e9))
    events = events_in(folder.part)
    assert [(e.stream_id, len(e.stamps)) for e in events if isinstance(e, Chunk)] == [(1, 30), (2, 15)]
    assert isinstance(events[-1], Tick)
    assert samples_of(events, 1) == list(range(30))


def test_an_offset_stays_behind_the_samples_before_it(recording: Recording, folder: SessionFolder) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(StreamOpened(info(2), ()))
    recording.take(chunk(1, 0, 3))
    recording.take(chunk(2, 0, 3))
    recording.take(ClockOffset(1, 5.0, 0.25))
    recording.take(chunk(1, 3, 3))
    recording.take(Tick(10.0, 1e9))
    kinds = [(type(e).__name__, getattr(e, "stream_id", 0)) for e in events_in(folder.part)][2:]
    assert kinds == [("Chunk", 1), ("ClockOffset", 1), ("Chunk", 2), ("Chunk", 1), ("Tick", 0)]


@pytest.mark.parametrize("event", [StreamLost(1, 9.0, "gone"), Annotation(9.0, "mark", "rupture")])
def test_a_note_stays_behind_the_samples_before_it(
    recording: Recording, folder: SessionFolder, event: Event
) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(chunk(1, 0, 3))
    recording.take(event)
    recording.take(Tick(10.0, 1e9))
    assert events_in(folder.part)[-2] == event


def test_samples_without_ticks_are_written_after_a_quarter_second(
    recording: Recording, folder: SessionFolder, clock: Clock
) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(chunk(1, 0, 3))
    clock.now_s += 0.24
    recording.tend()
    assert folder.part.stat().st_size == recording.file.n_bytes
    clock.now_s += 0.02
    recording.tend()
    assert samples_of(events_in(folder.part), 1) == [0.0, 1.0, 2.0]


def test_a_boundary_comes_each_second_while_something_is_written(
    recording: Recording, folder: SessionFolder, clock: Clock
) -> None:
    recording.take(StreamOpened(info(1), ()))
    for second in range(5):
        recording.take(chunk(1, 10 * second, 10))
        recording.take(Tick(float(second), 1e9))
        clock.now_s += 1.0
        recording.tend()
    n_boundaries = folder.part.read_bytes().count(bytes.fromhex("43A546DCCBF5410FB30ED5467383CBE4"))
    assert n_boundaries == 5
    clock.now_s += 5.0
    recording.tend()
    assert folder.part.read_bytes().count(bytes.fromhex("43A546DCCBF5410FB30ED5467383CBE4")) == 5


def test_a_stream_that_stands_still_is_told(recording: Recording, clock: Clock) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(StreamOpened(info(2), ()))
    recording.take(StreamOpened(info(3, rate_hz=0.0), ()))
    for second in range(6):
        recording.take(chunk(1, second, 1))
        recording.take(Tick(float(second), 1e9))
        clock.now_s += 1.0
    assert [s.stream_id for s in recording.growth.streams() if s.is_stalled(clock())] == [2]
    recording.take(StreamLost(2, 6.0, "gone"))
    assert not any(s.is_stalled(clock()) for s in recording.growth.streams())


def test_an_event_that_is_no_xdf_costs_nothing_else(recording: Recording, folder: SessionFolder) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(chunk(9, 0, 3))
    recording.take(Chunk(1, np.zeros(2), np.zeros((2, 7), np.float32)))
    recording.take(chunk(1, 0, 3))
    recording.take(Tick(1.0, 1e9))
    assert samples_of(events_in(folder.part), 1) == [0.0, 1.0, 2.0]
    assert "could not be recorded" in recording.error
    assert len(recording.incidents) == 2


def test_the_manifest_follows_the_growing_file(
    recording: Recording, folder: SessionFolder, clock: Clock
) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(chunk(1, 0, 300))
    recording.take(Tick(1.0, 1e9))
    clock.now_s += 10.0
    recording.tend()
    assert verify_manifest(folder.path) == []
    assert read_manifest(folder.path)["files"]["recording.xdf"]["bytes"] == folder.part.stat().st_size
    data = bytearray(folder.part.read_bytes())
    data[len(data) // 2] ^= 1
    folder.part.write_bytes(data)
    assert len(verify_manifest(folder.path)) == 1


def test_a_finished_recording_has_name_footers_and_manifest(
    recording: Recording, folder: SessionFolder, clock: Clock
) -> None:
    recording.take(StreamOpened(info(1), ()))
    recording.take(chunk(1, 0, 3))
    assert recording.finish(clock() + 1.0) == ""
    assert not folder.part.exists()
    assert b"<sample_count>3</sample_count>" in folder.recording.read_bytes()
    assert read_manifest(folder.path)["state"] == "closed"
    assert verify_manifest(folder.path) == []
    assert sorted(path.name for path in folder.path.iterdir()) == [
        "manifest.json",
        "recording.xdf",
        "session.toml",
    ]
    if os.name != "nt":
        assert {path.stat().st_mode & 0o777 for path in folder.path.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["recording.xdf", "recording.xdf.part"])
def test_a_recording_is_never_overwritten(folder: SessionFolder, name: str) -> None:
    (folder.path / name).write_bytes(b"precious")
    with pytest.raises(RecordingError, match="exists already"):
        Recording(folder, header={})
    assert (folder.path / name).read_bytes() == b"precious"


def test_the_second_recorder_of_a_session_is_refused(recording: Recording, folder: SessionFolder) -> None:
    with pytest.raises(RecordingError):
        Recording(SessionFolder(folder.path), header={})


def test_too_little_room_is_refused_before_the_start(folder: SessionFolder) -> None:
    with pytest.raises(RecordingError, match="Free some space"):
        Recording(folder, header={}, min_free_bytes=2**60)
    assert not folder.part.exists()


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="Choose another folder"):
        Recording(SessionFolder(tmp_path / "nowhere"), header={})


def test_a_full_memory_gives_up_samples_only(tmp_path: Path) -> None:
    file = SpooledFile(tmp_path / "x", limit_bytes=10)
    header, samples = b"\x01\x08\x02\x00" + bytes(6), b"\x01\x08\x03\x00" + bytes(6)
    for data in (header, header, samples, header):
        assert file.write(data) == len(data)
    assert file.n_lost_bytes == len(samples)
    assert file.n_waiting_bytes == 3 * len(header)


@pytest.mark.slow
def test_the_thread_records_everything_it_was_given(folder: SessionFolder) -> None:
    recorder = Recorder(folder, header={"session": "s"})
    recorder.start()
    recorder.put(StreamOpened(info(1), ()))
    for i in range(500):
        recorder.put(chunk(1, 10 * i, 10))
        if i % 3 == 0:
            recorder.put(Tick(float(i), 1e9))
    report = recorder.stop()
    assert report.error == ""
    assert report.incidents == ()
    assert report.n_samples == {1: 5000}
    assert report.n_bytes == folder.recording.stat().st_size
    assert samples_of(events_in(folder.recording), 1) == list(range(5000))
    assert recorder.stop().error == ""
    assert not recorder.state().recording
    assert verify_manifest(folder.path) == []


def test_put_never_blocks_and_a_slow_disk_is_told(
    folder: SessionFolder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, waits = threading.Event(), threading.Event()
    recorder = Recorder(folder, header={}, clock=clock)
    recorder.start()
    real = os.write

    def slow(descriptor: int, data: bytes) -> int:
        waits.set()
        go.wait(10.0)
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", slow)
    recorder.put(StreamOpened(info(1), ()))
    recorder.put(Tick(0.0, 1e9))
    assert waits.wait(10.0)
    clock.now_s += 5.0
    for i in range(100):
        recorder.put(chunk(1, i, 1))
    state = recorder.state()
    assert state.queue_length == 100
    assert state.behind_s == 5.0
    assert "disk is slow" in state.error
    go.set()
    assert recorder.stop().n_samples == {1: 100}


def test_a_mistake_in_the_thread_is_told_and_costs_one_event(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(folder, header={})
    recorder.start()
    recorder.put(StreamOpened(info(1), ()))
    recorder.put(42)  # type: ignore[arg-type]
    recorder.put(chunk(1, 0, 3))
    report = recorder.stop()
    assert report.error == ""
    assert report.n_samples == {1: 3}
    assert len(report.incidents) == 1


def test_a_recorder_that_was_not_started_says_so(folder: SessionFolder) -> None:
    recorder = Recorder(folder, header={})
    with pytest.raises(RuntimeError, match="not started"):
        recorder.stop()
    with pytest.raises(RuntimeError, match="not started"):
        recorder.state()


def test_settings_of_the_header_are_in_the_file(folder: SessionFolder) -> None:
    recorder = Recorder(folder, header={"session": json.dumps({"a": 1})})
    recorder.start()
    assert recorder.stop().error == ""
    assert b'"a"' in folder.recording.read_bytes().replace(b"&quot;", b'"')
