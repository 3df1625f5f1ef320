"""What may not end or harm a recording: a terminal that is gone, signals at any time, a window gone mad."""

import io
import json
import os
import queue
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Client
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import numpy as np
import pytest
from rich.console import Console

from monitor import live_notes, live_session
from monitor.board.board import Board
from monitor.board.commands import Command, checked
from monitor.board.pipe import Request, enter, read_request, write_request
from monitor.board.server import COMMANDS_AT_ONCE, COMMANDS_PER_S, BoardServer
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.live_notes import LiveNotes
from monitor.live_session import LiveOptions, LiveSession
from monitor.room import Room
from monitor.session.manifest import verify_manifest
from monitor.session.notebook import WrittenNote, read_notebook
from monitor.settings import Settings
from monitor.stops import noting_stops

T0_S = 500.0
INFO = StreamInfo(
    stream_id=1,
    name="s",
    type="ECG",
    channel_count=1,
    nominal_rate_hz=130.0,
    channel_format="double64",
)
ROLE = Binding(channel=0, key=StreamKey("C07", Modality.ECG), unit="", scale=1.0, reason="")


class Source:
    """Streams without a network, for some seconds or until it is stopped."""

    def __init__(self, seconds: int = 20, *, signals: dict[int, list[int]] | None = None) -> None:
        self.seconds = seconds
        self.signals = signals or {}
        self.queue: queue.SimpleQueue[Annotation] = queue.SimpleQueue()
        self.n_stops = 0

    def annotate(self, label: str, text: str, _age_s: float = 0.0) -> float:
        self.queue.put(Annotation(T0_S, label, text))
        return T0_S

    def stop(self) -> None:
        self.n_stops += 1

    def __iter__(self) -> Iterator[Event]:
        yield StreamOpened(INFO, (ROLE,))
        yield ClockOffset(1, T0_S, 0.0)
        for second in range(1, self.seconds + 1):
            stamps = T0_S + second - 1 + np.arange(130) / 130.0
            yield Chunk(1, stamps, np.sin(stamps * 7.0)[:, np.newaxis])
            for number in self.signals.get(second, ()):
                os.kill(os.getpid(), number)
            # Signals are dealt with in another thread, which a busy machine may leave waiting.
            end_s = time.monotonic() + 60.0
            while second in self.signals and not self.n_stops and time.monotonic() < end_s:
                time.sleep(0.01)
            yield Tick(T0_S + second, 1.8e9 + second)
            if self.n_stops:
                return


def session_of(source: Source, root: Path, out: io.StringIO | None = None) -> LiveSession:
    options = LiveOptions(
        room=Room.from_options([], "C07", None),
        root=root / "sessions",
        settings=Settings(),
        headless=True,
        profiles=str(root / "profiles"),
    )
    return LiveSession(source, options, Console(file=out or io.StringIO(), width=200))  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), SystemExit(1), ZeroDivisionError("x")])
def test_a_display_that_fails_ends_no_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(live_session, "show_in_terminal", fail)
    out = io.StringIO()
    folder = session_of(Source(), tmp_path, out).run()
    assert "recording goes on" in out.getvalue()
    assert json.loads((folder / "summary.json").read_text())["duration_s"] == 20.0
    assert verify_manifest(folder) == []


class GoneTerminal(io.StringIO):
    """A terminal that was closed."""

    def write(self, _text: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_session_is_saved_whole_where_nobody_reads_what_is_said(tmp_path: Path) -> None:
    folder = session_of(Source(), tmp_path, GoneTerminal()).run()
    assert (folder / "report.html").is_file()
    assert verify_manifest(folder) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_signals_end_a_session_in_order_also_while_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saved(*_: object, **__: object) -> list[str]:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        return []

    monkeypatch.setattr(live_session, "report_lines", saved)
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    source = Source(600, signals={3: [signal.SIGHUP, signal.SIGHUP]})
    session = session_of(source, tmp_path)
    folder = session.run()
    assert session.interrupted
    assert source.n_stops == 1
    assert json.loads((folder / "summary.json").read_text())["duration_s"] < 600.0
    assert verify_manifest(folder) == []
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_who_was_told_to_outlive_the_terminal_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with noting_stops() as stops:
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
        assert stops == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_fails_for_the_eye_ends_neither_notes_nor_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(live_session, "cloud_views", fail)
    session = session_of(Source(), tmp_path)
    heard: list[float] = []
    monkeypatch.setattr(session._opening, "on_tick", lambda: heard.append(1.0))
    session.run()
    assert len(heard) == 20


def test_a_window_that_asks_without_end_waits_for_its_answers() -> None:
    got: list[Command] = []
    server = BoardServer(Board(), on_command=got.append)
    server.start()
    try:
        connection = Client(server.address)
        enter(connection, server.key)
        ends_s = time.monotonic() + 0.5
        while time.monotonic() < ends_s:
            connection.send_bytes(write_request(Request(0, False, (Command("note", "rupture"),) * 4)))
            connection.recv_bytes()
        connection.close()
    finally:
        server.stop()
    assert COMMANDS_AT_ONCE <= len(got) <= COMMANDS_AT_ONCE + COMMANDS_PER_S


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e300, float("nan"), float("inf")])
def test_a_number_beyond_all_measure_is_no_command(value: float) -> None:
    for name in ("seek", "tension", "remove_note"):
        with pytest.raises(ValueError, match="needs"):
            checked(name, value)
    with pytest.raises(ValueError, match="age"):
        checked("start", None, value)


def test_a_request_nested_without_end_is_none() -> None:
    with pytest.raises(ValueError, match="not a request"):
        read_request(b"[" * 8000)


def test_notes_without_end_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_notes, "MOST_NOTES", 5)
    said: list[str] = []
    asked: list[tuple[str, str]] = []

    def annotate(label: str, text: str, _age_s: float) -> float:
        asked.append((label, text))
        return 1.0

    notes = LiveNotes(annotate, tmp_path, lambda: 0.0, lambda: ("C07",), said.append)
    for _ in range(9):
        notes.take(Command("note", "rupture"))
    notes.take(Command("undo_note"))
    assert [text for _, text in asked] == [*(f"{n} rupture therapist" for n in range(1, 6)), "5"]
    assert said == ["5 notes were made in this session: no more are taken."]


def test_a_note_taken_back_while_its_text_is_written_keeps_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = LiveNotes(lambda _label, _text, _age_s: 1.0, tmp_path, lambda: 0.0, lambda: ("C07",))
    notes.take(Command("note", "rupture"))
    add, undone = live_notes.add_written, Flag()
    other = Thread(target=lambda: (notes.take(Command("undo_note")), undone.set()))

    def slow(folder: Path, note: WrittenNote) -> tuple[str, ...]:
        # Another window takes it back before there is a file.
        other.start()
        undone.wait(0.2)
        return add(folder, note)

    monkeypatch.setattr(live_notes, "add_written", slow)
    notes.take(Command("note_text", "1 canary"))
    other.join()
    assert read_notebook(tmp_path) == []
