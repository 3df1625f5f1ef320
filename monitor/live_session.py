"""One live session: source, recorder, pipeline, tables, board and display wired together."""

import threading
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from monitor.board.commands import Command
from monitor.calibrations import profiles_of
from monitor.core.events import Annotation, Event, Tick
from monitor.core.pipeline import Pipeline
from monitor.display import Window, show_in_terminal, wants_window
from monitor.live_opening import LiveOpening, keep_marks, keep_openings, said_by
from monitor.lsl.source import LslSource
from monitor.paths import profiles_folder
from monitor.profiles import ProfileStore
from monitor.publish import Publisher
from monitor.recorded_run import RecordedRun
from monitor.room import Room
from monitor.settings import Settings


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
    use_profiles : bool
        Whether the people have profiles; emulated ones have none.
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
    use_profiles: bool = True


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
        run, options = self._run, self._options
        folder = run.open(options.root)
        self._store.copy_into(folder.path, self._known.profiles)
        for problem in self._known.problems:
            run.say(problem)
        try:
            run.record(
                folder,
                self._show,
                sinks=[self._publisher.push] if options.publish else [],
                observers=[self._observe],
                seconds=options.seconds,
            )
        finally:
            self._publisher.close()
        run.finish(folder, profiles=self._known.profiles)
        for text in self._kept(folder.path):
            run.say(text)
        run.refuse_trouble(folder.path, "`attune analyze` reads it.")
        return folder.path

    def stop(self) -> None:
        """End the session in order."""
        self._source.stop()

    def _observe(self, event: Event) -> None:
        if isinstance(event, Tick):
            self._opening.on_tick()
        elif isinstance(event, Annotation):
            self._said.append(event)

    def _asked(self, command: Command) -> None:
        """Turn what is asked for in the window into a note of the recording, which the computation obeys."""
        note = said_by(command.name, command.value, self._pipeline.participants)
        if note is not None:
            self._source.annotate(*note)

    def _show(self, engine: threading.Thread) -> None:
        run = self._run
        if wants_window(headless=self._options.headless):
            window = Window(run.board, self._options.theme, on_command=self._asked)
            run.watch(window, engine, "The window is closed; recording goes on. Ctrl+C stops.")
        show_in_terminal(run.board, run.done)

    def _kept(self, folder: Path) -> list[str]:
        """Keep openings and marks of the session in the profiles; lines for the user."""
        texts = keep_openings(self._pipeline, self._known.profiles, self._store, folder.name)
        if self._pipeline.t0_s is not None:
            texts += keep_marks(self._said, self._pipeline.t0_s, folder, self._store.folder)
        return texts
