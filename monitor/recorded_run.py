"""A live source recorded first, then computed, written as tables and put on a board: session and calibration alike."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console

from calibration.profile import Profile
from monitor.board.board import Board
from monitor.core.events import Event, StreamOpened, Tick
from monitor.core.pipeline import Pipeline
from monitor.display import Window, WindowState
from monitor.errors import RecordingError
from monitor.lsl.source import LslSource
from monitor.outcome import Outcome
from monitor.runner import Observer, Sink, run
from monitor.session.folder import SessionFolder
from monitor.session.manifest import seal
from monitor.session.recorder import Recorder, RecordingReport
from monitor.session.torn import repair_torn
from monitor.settings import Settings
from monitor.stops import noting_stops

_BOARD_STATE_EVERY_S = 0.5
_LOOK_S = 0.2
_BROKEN = "The window ended unexpectedly several times within a minute and is not opened again here."


class RecordedRun:
    """One run of a live source from its first stream to its sealed folder.

    Parameters
    ----------
    source : LslSource
        Where the events come from.
    pipeline : Pipeline
        The computation.
    people : Mapping of str to str
        Code and kind of each known participant.
    settings : Settings
        Settings that influence results.
    console : Console
        Where messages for the user go.

    Attributes
    ----------
    board : Board
        What the views read.
    done : threading.Event
        Set when the source has ended.
    interrupted : bool
        Whether the user ended the program.
    """

    def __init__(
        self,
        source: LslSource,
        pipeline: Pipeline,
        *,
        people: Mapping[str, str],
        settings: Settings,
        console: Console,
    ) -> None:
        self._source = source
        self._pipeline = pipeline
        self._people = people
        self._settings = settings
        self._console = console
        self._opened: list[StreamOpened] = []
        self._next_state = 0.0
        self._failure: BaseException | None = None
        self._outcome: Outcome | None = None
        self._report: RecordingReport | None = None
        self.board = Board()
        self.done = threading.Event()
        self.interrupted = False

    def open(self, root: Path) -> SessionFolder:
        """Make the session folder, after what an earlier run left torn was repaired.

        Parameters
        ----------
        root : Path
            Where session folders are made.

        Returns
        -------
        SessionFolder
            The new folder.

        Raises
        ------
        RecordingError
            If it cannot be written.
        """
        for torn in repair_torn(root):
            self.say(torn.text)
        return SessionFolder.create(root, settings=self._settings.as_mapping(), participants=self._people)

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """End in order on signals, and hold those that come while what was recorded is written and sealed.

        Yields
        ------
        None
            For everything between `open` and the last word.
        """

        def _stop() -> None:
            self.interrupted = True
            self._source.stop()

        with noting_stops(_stop):
            yield

    def record(
        self,
        folder: SessionFolder,
        show: Callable[[threading.Thread], None],
        *,
        sinks: Sequence[Sink] = (),
        observers: Sequence[Observer] = (),
        seconds: float = float("inf"),
    ) -> None:
        """Run the engine in a thread of its own and show it until the source ends, whatever becomes of the showing.

        Parameters
        ----------
        folder : SessionFolder
            From `open`.
        show : callable
            Shows the board while the thread given to it lives.
        sinks, observers : sequence of callable, optional
            Further takers of results and events; observers come before the board.
        seconds : float
            When to stop by itself, in seconds of wall time; infinity for never.

        Raises
        ------
        RecordingError
            If the tables cannot be opened, before anything starts.
        """
        self._outcome = Outcome(folder.tables, "parquet", self._people)
        recorder = Recorder(folder, header={})
        recorder.start()
        self.board.note_people(self._people.items())
        arguments = (folder, recorder, self._outcome, sinks, observers)
        engine = threading.Thread(target=self._engine, args=arguments, name="engine", daemon=True)
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._source.stop)
        timer.daemon = True
        if seconds < float("inf"):
            timer.start()
        try:
            engine.start()
            self._shown(show, engine)
            engine.join()
        finally:
            timer.cancel()
        self._report = recorder.stop()

    def _shown(self, show: Callable[[threading.Thread], None], engine: threading.Thread) -> None:
        """Show it; a terminal that is gone, or any mistake in what shows, ends no recording."""
        try:
            show(engine)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a broken pipe makes the console end the program
            self.say(
                f"Nothing is shown here any more ({type(error).__name__}: {error}); recording goes on. Ctrl+C stops."
            )

    def _engine(
        self,
        folder: SessionFolder,
        recorder: Recorder,
        outcome: Outcome,
        sinks: Sequence[Sink],
        observers: Sequence[Observer],
    ) -> None:
        def record(event: Event) -> None:
            recorder.put(event)
            if isinstance(event, StreamOpened):
                self._opened.append(event)
                folder.describe_streams(self._opened)

        def observe(event: Event) -> None:
            if isinstance(event, Tick):
                self._on_tick(recorder)
            self.board.note_event(event)

        try:
            run(
                self._source,
                self._pipeline,
                record=record,
                sinks=(outcome.push, self.board.note_results, *sinks),
                observers=(*observers, observe),
                survive=True,
            )
        except Exception as error:  # noqa: BLE001 - kept for the main thread; the recorder closes in order
            self._failure = error
        finally:
            self.board.note_end()
            self.done.set()

    def _on_tick(self, recorder: Recorder) -> None:
        if self._pipeline.t0_s is not None:
            self.board.set_origin(self._pipeline.t0_s)
        now = time.monotonic()
        if now < self._next_state:
            return
        self._next_state = now + _BOARD_STATE_EVERY_S
        state = recorder.state()
        self.board.note_recording(
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

    def watch(
        self,
        window: Window,
        engine: threading.Thread,
        closed: str,
        *,
        serving: bool = False,
        each: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep a window open until it is closed or the engine ends; one that crashes is opened again.

        Parameters
        ----------
        window : Window
            Open or not yet open.
        engine : threading.Thread
            The engine.
        closed : str
            What to tell when only the window ended.
        serving : bool, default False
            Whether the board stays reachable when the window has ended, for another one.
        each : callable, optional
            Called several times a second meanwhile.
        """
        window.open()
        state = WindowState.OPEN
        try:
            while engine.is_alive() and state is WindowState.OPEN:
                engine.join(_LOOK_S)
                each()
                state = window.keep()
            if engine.is_alive():
                self.say(closed if state is WindowState.CLOSED else f"{_BROKEN} {closed}")
        finally:
            if not serving or not engine.is_alive():
                window.close()

    def finish(
        self,
        folder: SessionFolder,
        *,
        profiles: Mapping[str, Profile] | None = None,
        before_seal: Callable[[], None] = lambda: None,
    ) -> None:
        """Write the tables and seal the folder, whatever fails on the way.

        Parameters
        ----------
        folder : SessionFolder
            The folder recorded into.
        profiles : Mapping of str to Profile, optional
            Profiles the run used.
        before_seal : callable, optional
            Adds to the folder what belongs under its seal.

        Raises
        ------
        RecordingError
            If the tables cannot be written.
        """
        try:
            self._write_tables(profiles)
        finally:
            try:
                before_seal()
            finally:
                seal(folder.path)

    def _write_tables(self, profiles: Mapping[str, Profile] | None) -> None:
        if self._outcome is None or self._report is None:
            raise RuntimeError("nothing was recorded")
        self._outcome.close(
            self._pipeline,
            source="recording.xdf",
            settings=self._settings,
            profiles=profiles,
            facts={
                "ticks": "recorded",
                "roles": {e.info.title: [b.reason for b in e.bindings] for e in self._opened},
                "recording": {"n_bytes": self._report.n_bytes, "incidents": list(self._report.incidents)},
            },
        )

    def refuse_trouble(self, folder: Path, way_out: str) -> None:
        """Raise what went wrong while it ran.

        Parameters
        ----------
        folder : Path
            The session folder.
        way_out : str
            What can still be done with it.

        Raises
        ------
        RecordingError
            If the recording or the engine failed.
        """
        if self._report is not None and self._report.error:
            raise RecordingError(self._report.error)
        if self._failure is not None:
            raise RecordingError(
                f"It ended early: {self._failure}. What was recorded until then is in {folder}; {way_out}"
            ) from self._failure

    def say(self, text: str) -> None:
        """Print a line for the user, where there still is somebody who reads it.

        Parameters
        ----------
        text : str
            As it is.
        """
        with suppress(OSError, SystemExit):
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)
