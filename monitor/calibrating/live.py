"""One guided calibration: recorded like any session, led step by step, kept when it is accepted."""

import queue
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from rich.console import Console

from calibration.profile import BaselineKind, Conditions, Profile
from calibration.protocol import Protocol
from monitor.board.board import Board
from monitor.board.commands import CommandValue
from monitor.board.snapshot import Snapshot
from monitor.calibrating.conductor import Conductor
from monitor.calibrating.keep import Origin, draw, keep, sensors_of, stored_lines
from monitor.core.events import Event, StreamOpened, Tick
from monitor.core.pipeline import Pipeline
from monitor.core.series_log import SeriesLog
from monitor.display import Window, wants_window
from monitor.errors import MonitorError, RecordingError
from monitor.lsl.source import LslSource
from monitor.outcome import Outcome
from monitor.profiles import ProfileStore
from monitor.room import Room
from monitor.runner import run
from monitor.session.folder import SessionFolder
from monitor.session.manifest import seal
from monitor.session.recorder import Recorder, RecordingReport
from monitor.session.torn import repair_torn
from monitor.settings import Settings
from monitor.views.calibrate_terminal import show_calibration

_BOARD_STATE_EVERY_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationOptions:
    """What a user may choose for a calibration.

    Parameters
    ----------
    code : str
        Code of the person.
    protocol : Protocol
        What to go through.
    kind : BaselineKind
        What it is to be in the profile.
    store : ProfileStore
        Where profiles are kept.
    room : Room
        Who wears what.
    root : Path
        Where session folders are made.
    settings : Settings
        Settings that influence results.
    conditions : Conditions
        What the user said of the person.
    headless : bool
        No window.
    theme : str
        Colours of the window.
    motion : bool
        Whether the pace of breathing may move.
    by_itself : bool
        Begin, go on and accept without asking.
    """

    code: str
    protocol: Protocol
    kind: BaselineKind
    store: ProfileStore
    room: Room
    root: Path
    settings: Settings
    conditions: Conditions = field(default_factory=Conditions)
    headless: bool = False
    theme: str = "light"
    motion: bool = False
    by_itself: bool = False


class CalibrationSession:
    """A calibration from its first stream to the profile.

    Parameters
    ----------
    source : LslSource
        Where the events come from.
    options : CalibrationOptions
        The choices.
    console : Console
        Where messages for the user go.

    Attributes
    ----------
    interrupted : bool
        Whether the user ended the program.
    profile : Profile or None
        As stored; None when nothing was.
    problem : str
        Why the calibration was refused; empty when it was not.
    """

    def __init__(self, source: LslSource, options: CalibrationOptions, console: Console) -> None:
        self._source = source
        self._options = options
        self._console = console
        self._people = {person.code: person.kind.value for person in options.room.participants}
        self._log = SeriesLog()
        self._pipeline = Pipeline(
            lateness_s=options.settings.windows.lateness_s, eager=True, logs={options.code: self._log}
        )
        self._conductor = Conductor(
            options.code, options.protocol, self._log, source.annotate, by_itself=options.by_itself
        )
        self._commands: queue.SimpleQueue[tuple[str, CommandValue]] = queue.SimpleQueue()
        self._board = Board()
        self._opened: list[StreamOpened] = []
        self._next_state = 0.0
        self._failure: BaseException | None = None
        self._done = threading.Event()
        self.interrupted = False
        self.profile: Profile | None = None
        self.problem = ""

    def run(self) -> Path:
        """Lead, record and show until the result is accepted or discarded, or the user stops.

        Returns
        -------
        Path
            The session folder.

        Raises
        ------
        RecordingError
            If the folder cannot be written.
        SettingsError
            If the profile cannot be written; the recording is kept.
        """
        options = self._options
        for torn in repair_torn(options.root):
            self._console.print(torn.text, highlight=False)
        folder = SessionFolder.create(
            options.root, settings=options.settings.as_mapping(), participants=self._people
        )
        outcome = Outcome(folder.tables, "parquet", self._people)
        recorder = Recorder(folder, header={})
        recorder.start()
        self._board.note_people(self._people.items())
        self._board.note_procedure(self._conductor.view())
        engine = threading.Thread(
            target=self._engine, args=(folder, recorder, outcome), name="engine", daemon=True
        )
        with self._stopping_on_signals():
            engine.start()
            self._show(engine)
            engine.join()
        self._finish(folder, recorder.stop(), outcome)
        return folder.path

    def command(self, name: str, value: CommandValue = None) -> None:
        """Hand a command of the user to the engine; for any thread.

        Parameters
        ----------
        name : str
            One of `monitor.board.commands.COMMANDS`.
        value : float or str, optional
            Value of a rating.
        """
        self._commands.put((name, value))

    @contextmanager
    def _stopping_on_signals(self) -> Iterator[None]:
        def note(_number: int, _frame: FrameType | None) -> None:
            self.interrupted = True
            self._source.stop()

        numbers = [signal.SIGINT, signal.SIGTERM]
        before = {number: signal.signal(number, note) for number in numbers}
        try:
            yield
        finally:
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
                self._lead()
                self._on_tick(recorder)
            self._board.note_event(event)

        sinks = (outcome.push, self._board.note_results)
        try:
            run(self._source, self._pipeline, record=record, sinks=sinks, observers=(observe,), survive=True)
        except Exception as error:  # noqa: BLE001 - kept for the main thread; the recorder closes in order
            self._failure = error
        finally:
            self._board.note_end()
            self._done.set()

    def _lead(self) -> None:
        """Take what is new of seconds and commands, and show where it stands."""
        conductor = self._conductor
        while not self._commands.empty():
            conductor.command(*self._commands.get())
        conductor.advance()
        self._board.note_procedure(conductor.view())
        if conductor.decided:
            self._source.stop()

    def _on_tick(self, recorder: Recorder) -> None:
        if self._pipeline.t0_s is not None:
            self._board.set_origin(self._pipeline.t0_s)
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

    def _show(self, engine: threading.Thread) -> None:
        if wants_window(headless=self._options.headless):
            window = Window(
                self._board,
                self._options.theme,
                view="calibrate",
                motion=self._options.motion,
                on_command=self.command,
            )
            window.open()
            try:
                while engine.is_alive() and window.is_open:
                    engine.join(0.2)
                if engine.is_alive():
                    self._console.print("The window is closed; the calibration goes on here. Ctrl+C stops.")
            finally:
                window.close()
        cursor = 0

        def _read() -> Snapshot:
            nonlocal cursor
            snapshot = self._board.snapshot(cursor)
            cursor = snapshot["cursor"]
            return snapshot

        show_calibration(_read, self.command, self._done, motion=self._options.motion)

    def _finish(self, folder: SessionFolder, report: RecordingReport, outcome: Outcome) -> None:
        """Write the tables, keep what was accepted, seal the folder."""
        lines: list[str] = []
        failure: MonitorError | None = None
        try:
            outcome.close(
                self._pipeline,
                source="recording.xdf",
                settings=self._options.settings,
                facts={
                    "ticks": "recorded",
                    "roles": {e.info.title: [b.reason for b in e.bindings] for e in self._opened},
                    "recording": {"n_bytes": report.n_bytes, "incidents": list(report.incidents)},
                },
            )
        finally:
            try:
                lines = self._keep(folder)
            except MonitorError as error:
                failure = error
            finally:
                seal(folder.path)
        for line in lines:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        if failure is not None:
            raise failure
        if report.error:
            raise RecordingError(report.error)
        if self._failure is not None:
            raise RecordingError(
                f"The calibration ended early: {self._failure}. What was recorded until then is in {folder.path}; "
                f"`attune calibrate {self._options.code} --from {folder.path}` can still use it."
            ) from self._failure

    def _keep(self, folder: SessionFolder) -> list[str]:
        """Store what was accepted; lines for the user."""
        tried, options = self._conductor.attempt, self._options
        if tried is None:
            return []
        self.problem = tried.problem
        plots, trouble = draw(folder.path / "baseline", tried, self._log)
        told = [*(f"  plot: {path}" for path in plots), *([trouble] if trouble else [])]
        if not self._conductor.accepted:
            return [tried.problem, *told] if tried.problem else ["Discarded: nothing was stored.", *told]
        origin = Origin(
            utc_s=self._pipeline.t0_utc_s or float("nan"),
            kind=options.kind,
            session=folder.path.name,
            protocol=options.protocol.name,
            conditions=options.conditions,
            sensors=sensors_of(self._pipeline, options.code),
            ratings=self._conductor.ratings,
        )
        self.profile = keep(options.store, tried, origin)
        return [*stored_lines(options.store, tried, self.profile), *told]
