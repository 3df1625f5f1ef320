"""One live session: source, recorder, pipeline, tables, board and display wired together."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from monitor.attach import announced
from monitor.board.commands import Command
from monitor.calibrations import profiles_of
from monitor.clouds import cloud_views
from monitor.core.events import Annotation, Event, StreamOpened, Tick
from monitor.core.noting import PREFLIGHT
from monitor.core.pipeline import Pipeline
from monitor.display import Window, show_in_terminal, wants_window
from monitor.errors import MonitorError
from monitor.live_notes import LiveNotes
from monitor.live_opening import LiveOpening, keep_marks, keep_openings, said_by
from monitor.lsl.source import LslSource
from monitor.paths import profiles_folder, running_folder
from monitor.profiles import ProfileStore
from monitor.publish import Publisher
from monitor.recorded_run import RecordedRun
from monitor.report.write import report_lines
from monitor.room import Room
from monitor.settings import Settings

_CLOSED = "The window is closed; recording goes on. {again}Ctrl+C stops."
_CLOUDS_EVERY_S = 5.0
_HAND_OVER_AFTER_S = 5.0
"""Longest time the set-up stays on the screen while the first stream of the session is connected."""


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
    theme : str, optional
        Colours of the window; by default as the user prefers.
    publish : bool
        Publish the markers as an LSL stream.
    seconds : float
        When to stop by itself, in seconds of wall time; infinity for never.
    profiles : str, optional
        Folder of the profiles; by default the user's own.
    opening_s : float
        How many of its first seconds are taken as the level of the day; 0 for none.
    use_profiles : bool
        Whether the people have profiles; emulated ones have none.
    preflight : str
        What was wrong when it was begun, for a note of the recording; empty where nothing was checked.
    announce : bool
        Whether another `attune live` of this user finds the session and opens a window at it.
    """

    room: Room
    root: Path
    settings: Settings
    headless: bool = False
    theme: str | None = None
    publish: bool = False
    seconds: float = float("inf")
    profiles: str | None = None
    opening_s: float = 0.0
    use_profiles: bool = True
    preflight: str = ""
    announce: bool = False


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
    window : Window, optional
        One that is open already, such as that of the set-up; it shows the session from its first stream on.
    """

    def __init__(
        self,
        source: LslSource,
        options: LiveOptions,
        console: Console,
        *,
        window: Window | None = None,
    ) -> None:
        self._source = source
        self._window = window
        self._handed_over = window is None
        self._sighted = threading.Event()
        self._next_clouds_s = float("-inf")
        self._name = ""
        self._options = options
        people = {person.code: person.kind.value for person in options.room.participants}
        self._store = ProfileStore(profiles_folder(options.profiles))
        self._known = profiles_of(self._store, people if options.use_profiles else ())
        self._pipeline = Pipeline(
            lateness_s=options.settings.windows.lateness_s,
            eager=True,
            calibrations=self._known.sources(),
            kinds=people,
            synchrony=options.settings.synchrony.choices(),
        )
        self._opening = LiveOpening(self._pipeline, source.annotate, options.opening_s)
        self._said: list[Annotation] = []
        self._notes: LiveNotes | None = None
        self._publisher = Publisher(self._pipeline)
        self._run = RecordedRun(
            source, self._pipeline, people=people, settings=options.settings, console=console
        )

    @property
    def interrupted(self) -> bool:
        """Whether the user ended the program."""
        return self._run.interrupted

    def run(self) -> Path:
        """Record and show until stopped.

        Returns
        -------
        Path
            The session folder.

        Raises
        ------
        RecordingError
            If the folder cannot be written, before anything starts; or at the end, if something went wrong
            meanwhile.
        """
        with self._run.stopping():
            return self._recorded()

    def _recorded(self) -> Path:
        run, options = self._run, self._options
        folder = run.open(options.root)
        self._name = folder.path.name
        self._notes = LiveNotes(
            self._source.annotate,
            folder.path,
            lambda: self._pipeline.t0_s,
            lambda: self._pipeline.participants,
            run.say,
        )
        self._store.copy_into(folder.path, self._known.profiles)
        for problem in self._known.problems:
            run.say(problem)
        if options.preflight:
            self._source.annotate(PREFLIGHT, options.preflight)
        try:
            run.record(
                folder,
                self._show,
                sinks=[self._publisher.push] if options.publish else [],
                # Each by itself: what fails in one of them ends that one alone.
                observers=[self._hear, self._note, self._observe],
                seconds=options.seconds,
            )
        finally:
            self._publisher.close()
        run.finish(folder, profiles=self._known.profiles, before_seal=lambda: self._report(folder.path))
        for text in self._kept(folder.path):
            run.say(text)
        run.refuse_trouble(folder.path, "`attune analyze` reads it.")
        return folder.path

    def _report(self, folder: Path) -> None:
        """Write the page about the session; whatever becomes of it, the session is kept."""
        for line in report_lines(folder, sealed_later=True):
            self._run.say(line)

    def stop(self) -> None:
        """End the session in order."""
        self._source.stop()

    def _hear(self, event: Event) -> None:
        if isinstance(event, Tick):
            self._opening.on_tick()
        elif isinstance(event, Annotation):
            self._said.append(event)

    def _observe(self, event: Event) -> None:
        if isinstance(event, Tick):
            self._show_clouds(event.now_s)
        elif isinstance(event, StreamOpened):
            self._sighted.set()

    def _note(self, event: Event) -> None:
        if self._notes is not None and self._notes.observe(event):
            self._run.board.note_marks(self._notes.views())

    def _show_clouds(self, now_s: float) -> None:
        """Show where the references lie, now and then: they change when a level was taken."""
        if now_s >= self._next_clouds_s:
            self._next_clouds_s = now_s + _CLOUDS_EVERY_S
            self._run.board.note_clouds(cloud_views(self._pipeline))

    def _asked(self, command: Command) -> None:
        """Turn what is asked for in the window into a note of the recording, which the computation obeys."""
        if command.name == "stop_recording":
            self._source.stop()
            return
        if self._notes is not None and self._notes.take(command):
            return
        note = said_by(command.name, command.value, self._pipeline.participants)
        if note is not None:
            self._source.annotate(*note, command.age_s)

    def _show(self, engine: threading.Thread) -> None:
        run, options = self._run, self._options
        window = self._served()
        with ExitStack() as ending:
            if window is not None:
                ending.callback(window.close)
                closed = self._announce(window, ending)
                if wants_window(headless=options.headless):
                    run.watch(window, engine, closed, serving=True, each=self._hand_over_of(window))
                self._hand_over(window)
            show_in_terminal(run.board, run.done)

    def _served(self) -> Window | None:
        """Serve the board; None where that cannot be done, which no recording should end for."""
        try:
            window = self._window or Window(self._run.board, self._options.theme, on_command=self._asked)
            window.serve()
        except (MonitorError, OSError) as error:
            self._run.say(str(error))
            return None
        return window

    def _announce(self, window: Window, ending: ExitStack) -> str:
        """Let others find the session; what to tell when its window is closed."""
        if not self._options.announce:
            return _CLOSED.format(again="")
        announcing = announced(running_folder(), address=window.address, key=window.key, session=self._name)
        problem = ending.enter_context(announcing)
        if problem:
            self._run.say(problem)
        return _CLOSED.format(again="" if problem else "`attune live` opens it again; ")

    def _hand_over_of(self, window: Window) -> Callable[[], None]:
        """Return what shows the session in the window of the set-up once there is something to see."""
        latest_s = time.monotonic() + _HAND_OVER_AFTER_S
        return lambda: (
            self._hand_over(window) if self._sighted.is_set() or time.monotonic() >= latest_s else None
        )

    def _hand_over(self, window: Window) -> None:
        if not self._handed_over:
            self._handed_over = True
            window.switch(self._run.board, self._asked)

    def _kept(self, folder: Path) -> list[str]:
        """Keep openings and marks of the session in the profiles; lines for the user."""
        texts = keep_openings(self._pipeline, self._known.profiles, self._store, folder.name)
        if self._pipeline.t0_s is not None:
            texts += keep_marks(self._said, self._pipeline.t0_s, folder, self._store.folder)
        return texts
