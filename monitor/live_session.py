"""One live session: source, recorder, pipeline, tables, board and display wired together."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console

from monitor.board.board import Board
from monitor.board.commands import CommandValue
from monitor.calibrations import profiles_of
from monitor.core.events import Annotation, Event, StreamOpened, Tick
from monitor.core.pipeline import Pipeline
from monitor.display import Window, show_in_terminal, wants_window
from monitor.errors import RecordingError
from monitor.live_opening import LiveOpening, keep_marks, keep_openings, said_by
from monitor.lsl.source import LslSource
from monitor.outcome import Outcome
from monitor.paths import profiles_folder
from monitor.profiles import ProfileStore
from monitor.publish import Publisher
from monitor.room import Room
from monitor.runner import run
from monitor.session.folder import SessionFolder
from monitor.session.manifest import seal
from monitor.session.recorder import Recorder, RecordingReport
from monitor.session.torn import repair_torn
from monitor.settings import Settings

_BOARD_STATE_EVERY_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """What a user may choose for a live session.

    Parameters
    ----------
    room : Room
        Who wears what.
    root : Path
        Where session folders are made.
    settings : Settings
        Settings that influence results.
    headless : bool
        No window.
    theme : str
        Colours of the window.
    publish : bool
        Publish the markers as an LSL stream.
    seconds : float
        When to stop by itself, in seconds of wall time; infinity for never.
    profiles : str, optional
        Folder of the profiles; by default the user's own.
    opening_s : float
        How many of its first seconds are taken as the level of the day; 0 for none.
    """

    room: Room
    root: Path
    settings: Settings
    headless: bool = False
    theme: str = "light"
    publish: bool = False
    seconds: float = float("inf")
    profiles: str | None = None
    opening_s: float = 0.0


class LiveSession:
    """A session from its first stream to its folder.

    Parameters
    ----------
    source : LslSource
        Where the events come from.
    options : LiveOptions
        The choices.
    console : Console
        Where messages for the user go.
    """

    def __init__(self, source: LslSource, options: LiveOptions, console: Console) -> None:
        self._source = source
        self._options = options
        self._console = console
        self._people = {person.code: person.kind.value for person in options.room.participants}
        self._store = ProfileStore(profiles_folder(options.profiles))
        self._known = profiles_of(self._store, self._people)
        self._pipeline = Pipeline(
            lateness_s=options.settings.windows.lateness_s, eager=True, calibrations=self._known.sources()
        )
        self._opening = LiveOpening(self._pipeline, source.annotate, options.opening_s)
        self._board = Board()
        self._opened: list[StreamOpened] = []
        self._said: list[Annotation] = []
        self._publisher = Publisher(self._pipeline)
        self._next_state = 0.0
        self._failure: BaseException | None = None
        self._done = threading.Event()
        self.interrupted = False

    def run(self) -> Path:
        """Record and show until stopped.

        Returns
        -------
        Path
            The session folder.

        Raises
        ------
        RecordingError
            If the folder cannot be written, before anything starts.
        """
        for torn in repair_torn(self._options.root):
            self._console.print(torn.text, highlight=False)
        folder = SessionFolder.create(
            self._options.root, settings=self._options.settings.as_mapping(), participants=self._people
        )
        self._store.copy_into(folder.path, self._known.profiles)
        for problem in self._known.problems:
            self._console.print(problem, highlight=False, markup=False, soft_wrap=True)
        outcome = Outcome(folder.tables, "parquet", self._people)
        recorder = Recorder(folder, header={})
        recorder.start()
        self._board.note_people(self._people.items())
        engine = threading.Thread(
            target=self._engine, args=(folder, recorder, outcome), name="engine", daemon=True
        )
        with self._stopping_on_signals():
            engine.start()
            self._show(engine)
            engine.join()
        report = recorder.stop()
        self._finish(folder, report, outcome)
        return folder.path

    def stop(self) -> None:
        """End the session in order."""
        self._source.stop()

    @contextmanager
    def _stopping_on_signals(self) -> Iterator[None]:
        def note(_number: int, _frame: FrameType | None) -> None:
            self.interrupted = True
            self._source.stop()

        numbers = [signal.SIGINT, signal.SIGTERM]
        before = {number: signal.signal(number, note) for number in numbers}
        timer = threading.Timer(min(self._options.seconds, threading.TIMEOUT_MAX), self._source.stop)
        timer.daemon = True
        if self._options.seconds < float("inf"):
            timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _engine(self, folder: SessionFolder, recorder: Recorder, outcome: Outcome) -> None:
        def record(event: Event) -> None:
            recorder.put(event)
            if isinstance(event, StreamOpened):
                self._opened.append(event)
                folder.describe_streams(self._opened)

        def observe(event: Event) -> None:
            if isinstance(event, Tick):
                self._on_tick(recorder)
            elif isinstance(event, Annotation):
                self._said.append(event)
            self._board.note_event(event)

        sinks = [outcome.push, self._board.note_results]
        if self._options.publish:
            sinks.append(self._publisher.push)
        try:
            run(self._source, self._pipeline, record=record, sinks=sinks, observers=(observe,), survive=True)
        except Exception as error:  # noqa: BLE001 - kept for the main thread; the recorder closes in order
            self._failure = error
        finally:
            self._board.note_end()
            self._done.set()
            self._publisher.close()

    def _on_tick(self, recorder: Recorder) -> None:
        if self._pipeline.t0_s is not None:
            self._board.set_origin(self._pipeline.t0_s)
        self._opening.on_tick()
        now = time.monotonic()
        if now < self._next_state:
            return
        self._next_state = now + _BOARD_STATE_EVERY_S
        state = recorder.state()
        self._board.note_recording(
            {
                "state": "error" if state.error else "recording" if state.recording else "closed",
                "bytes": state.n_bytes,
                "seconds": state.duration_s,
                "disk_hours": state.disk.hours_left,
                "disk_free_bytes": state.disk.free_bytes,
                "queue": state.queue_length,
                "error": state.error,
            }
        )

    def _asked(self, name: str, value: CommandValue) -> None:
        """Turn what is asked for in the window into a note of the recording, which the computation obeys."""
        note = said_by(name, value, self._pipeline.participants)
        if note is not None:
            self._source.annotate(*note)

    def _show(self, engine: threading.Thread) -> None:
        if wants_window(headless=self._options.headless):
            window = Window(self._board, self._options.theme, on_command=self._asked)
            window.open()
            try:
                while engine.is_alive() and window.is_open:
                    engine.join(0.2)
                if engine.is_alive():
                    self._console.print("The window is closed; recording goes on. Ctrl+C stops.")
            finally:
                window.close()
        show_in_terminal(self._board, self._done)

    def _finish(self, folder: SessionFolder, report: RecordingReport, outcome: Outcome) -> None:
        facts: dict[str, Any] = {
            "ticks": "recorded",
            "roles": {e.info.title: [b.reason for b in e.bindings] for e in self._opened},
            "recording": {"n_bytes": report.n_bytes, "incidents": list(report.incidents)},
        }
        try:
            outcome.close(
                self._pipeline,
                source="recording.xdf",
                settings=self._options.settings,
                profiles=self._known.profiles,
                facts=facts,
            )
        finally:
            seal(folder.path)
        texts = keep_openings(self._pipeline, self._known.profiles, self._store, folder.path.name)
        if self._pipeline.t0_s is not None:
            texts += keep_marks(self._said, self._pipeline.t0_s, folder.path, self._store.folder)
        for text in texts:
            self._console.print(text, highlight=False, markup=False, soft_wrap=True)
        if report.error:
            raise RecordingError(report.error)
        if self._failure is not None:
            raise RecordingError(
                f"The session ended early: {self._failure}. What was recorded until then is in {folder.path}; "
                f"`attune analyze` reads it."
            ) from self._failure
