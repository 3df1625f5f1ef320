"""Speech over the network: marks and voice activity get in, sound stays out and is never recorded."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pylsl
import pytest

from monitor.core.events import Annotation, Chunk, Event, StreamOpened, Tick
from monitor.core.model import Modality, StreamKey
from monitor.lsl.source import LslSource
from monitor.room import Room
from monitor.xdf.source import FileSource
from monitor.xdf.writer import XdfWriter

pytestmark = [pytest.mark.lsl, pytest.mark.slow]

ROOM = Room.from_options(client="C07", therapist="T02")


class Heard:
    """Runs a source in a thread and keeps its events."""

    def __init__(self) -> None:
        self.source = LslSource(ROOM)
        self.events: list[Event] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for event in self.source:
            self.events.append(event)

    def all(self, kind: Any) -> list[Any]:
        return [event for event in list(self.events) if isinstance(event, kind)]

    def wait(self, found: Callable[["Heard"], object], timeout_s: float = 30.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not found(self):
            if time.monotonic() > deadline:
                seen = [event for event in self.all(object) if not isinstance(event, Chunk | Tick)]
                pytest.fail(f"not seen in {timeout_s} s; seen: {seen}")
            time.sleep(0.02)

    def stream(self, name: str) -> StreamOpened | None:
        return next((event for event in self.all(StreamOpened) if event.info.name == name), None)

    def chunks(self, name: str) -> list[Chunk]:
        opened = self.stream(name)
        if opened is None:
            return []
        return [chunk for chunk in self.all(Chunk) if chunk.stream_id == opened.info.stream_id]

    def labels(self) -> list[str]:
        return [event.label for event in self.all(Annotation)]

    def stop(self) -> None:
        self.source.stop()
        self._thread.join(10.0)
        assert not self._thread.is_alive()


@pytest.fixture
def heard() -> Iterator[Heard]:
    listener = Heard()
    yield listener
    listener.stop()


@pytest.fixture
def outlet() -> Iterator[Callable[..., Any]]:
    """Open outlets that are gone after the test, under names that no other test has."""
    outlets: dict[str, Any] = {}

    def make(name: str, kind: str, rate_hz: float, fmt: str = "float32") -> Any:
        outlets[name] = pylsl.StreamOutlet(pylsl.StreamInfo(name, kind, 1, rate_hz, fmt, f"test-{name}"))
        return outlets[name]

    yield make
    outlets.clear()


def recorded(events: list[Event], path: Path) -> list[Event]:
    """Write the events as the recorder does and read them back."""
    with path.open("wb") as file:
        writer = XdfWriter(file)
        for event in events:
            writer.write(event)
        writer.footers()
    return list(FileSource(path))


def test_marks_of_speech_arrive_are_recorded_and_bring_no_role(
    heard: Heard, outlet: Any, tmp_path: Path
) -> None:
    sender = outlet("speech", "Markers", 0.0, "string")
    heard.wait(lambda at: at.stream("speech"), 10.0)
    heard.wait(lambda at: sender.have_consumers())
    texts = ["C07 off", "C07 on", "hello"]
    for text in texts:
        sender.push_sample([text])
    heard.wait(lambda at: sum(len(chunk.values) for chunk in at.chunks("speech")) == 3)
    heard.stop()
    opened = heard.stream("speech")
    assert opened is not None
    assert opened.bindings == ()
    assert [row[0] for chunk in heard.chunks("speech") for row in chunk.values] == texts
    again = [event for event in recorded(heard.events, tmp_path / "r.xdf") if isinstance(event, Chunk)]
    assert [row[0] for chunk in again for row in chunk.values] == texts


def test_marks_of_speech_named_after_a_person_arrive(heard: Heard, outlet: Any) -> None:
    sender = outlet("speech of T02", "Markers", 0.0, "string")
    heard.wait(lambda at: at.stream("speech of T02"))
    heard.wait(lambda at: sender.have_consumers())
    sender.push_sample(["T02 on"])
    heard.wait(lambda at: [row for c in at.chunks("speech of T02") for row in c.values] == [("T02 on",)])


def test_voice_activity_gets_the_role_of_its_person(heard: Heard, outlet: Any) -> None:
    sender = outlet("voice of C07", "VAD", 20.0)
    heard.wait(lambda at: at.stream("voice of C07"))
    opened = heard.stream("voice of C07")
    assert opened is not None
    assert [binding.key for binding in opened.bindings] == [StreamKey("C07", Modality.SPEECH)]
    heard.wait(lambda at: sender.have_consumers())
    begin_s = pylsl.local_clock() - 3.0
    for i in range(60):
        sender.push_sample([float(i >= 20)], begin_s + i / 20.0)
    heard.wait(lambda at: sum(chunk.stamps.size for chunk in at.chunks("voice of C07")) >= 60)
    values = [value for chunk in heard.chunks("voice of C07") for value in chunk.values[:, 0].tolist()]
    assert values == [0.0] * 20 + [1.0] * 40


RATES = [8000.0, 16000.0]


@pytest.mark.parametrize("rate_hz", RATES)
def test_sound_is_left_out_told_once_and_never_recorded(
    heard: Heard, outlet: Any, tmp_path: Path, rate_hz: float
) -> None:
    name, other = f"room C07 {rate_hz:g}", f"strap T02 {rate_hz:g}"
    sound, strap = outlet(name, "Audio", rate_hz), outlet(other, "ECG", 130.0)
    heard.wait(lambda at: at.stream(other))
    heard.wait(lambda at: "audio_left_out" in at.labels(), 5.0)
    seen = len(heard.all(Tick))
    heard.wait(lambda at: len(at.all(Tick)) > seen + 10)
    assert strap.have_consumers()
    assert not sound.have_consumers()
    heard.stop()
    (note,) = [event for event in heard.all(Annotation) if event.label == "audio_left_out"]
    assert name in note.text
    assert "voice activity" in note.text
    names = [e.info.name for e in recorded(heard.events, tmp_path / "r.xdf") if isinstance(e, StreamOpened)]
    assert names == [other]
