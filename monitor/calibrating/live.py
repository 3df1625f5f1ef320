"""One guided calibration: recorded like any session, led step by step, kept when it is accepted."""

import queue
import threading
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from calibration.profile import BaselineKind, Conditions, Profile
from calibration.protocol import Protocol
from monitor.board.commands import Command, CommandValue
from monitor.calibrating.conductor import Conductor
from monitor.calibrating.keep import Origin, draw, keep, sensors_of, stored_lines
from monitor.core.events import Event, Tick
from monitor.core.pipeline import Pipeline
from monitor.core.series_log import SeriesLog
from monitor.display import Window, reader_of, wants_window
from monitor.lsl.source import LslSource
from monitor.profiles import ProfileStore
from monitor.recorded_run import RecordedRun
from monitor.room import Room
from monitor.session.folder import SessionFolder
from monitor.settings import Settings
from monitor.views.calibrate.terminal import show_calibration


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
    theme : str, optional
        Colours of the window; by default as the user prefers.
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
    theme: str | None = None
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
        self._log = SeriesLog()
        people = {person.code: person.kind.value for person in options.room.participants}
        self._pipeline = Pipeline(
            lateness_s=options.settings.windows.lateness_s,
            eager=True,
            logs={options.code: self._log},
            kinds=people,
            synchrony=options.settings.synchrony.choices(),
        )
        self._conductor = Conductor(
            options.code, options.protocol, self._log, source.annotate, by_itself=options.by_itself
        )
        self._commands: queue.SimpleQueue[tuple[str, CommandValue]] = queue.SimpleQueue()
        self._run = RecordedRun(
            source, self._pipeline, people=people, settings=options.settings, console=console
        )
        self.profile: Profile | None = None
        self.problem = ""

    @property
    def interrupted(self) -> bool:
        """Whether the user ended the program."""
        return self._run.interrupted

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
        with self._run.stopping():
            return self._recorded()

    def _recorded(self) -> Path:
        run = self._run
        folder = run.open(self._options.root)
        run.board.note_procedure(self._conductor.view())
        run.record(folder, self._show, observers=[self._observe])
        lines: list[str] = []
        run.finish(folder, before_seal=lambda: lines.extend(self._keep(folder)))
        for line in lines:
            run.say(line)
        code = self._options.code
        run.refuse_trouble(folder.path, f"`attune calibrate {code} --from {folder.path}` can still use it.")
        return folder.path

    def _asked(self, command: Command) -> None:
        self.command(command.name, command.value)

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

    def _observe(self, event: Event) -> None:
        """Take what is new of seconds and commands, and show where it stands."""
        if not isinstance(event, Tick):
            return
        conductor = self._conductor
        for _ in range(self._commands.qsize()):
            conductor.command(*self._commands.get())
        conductor.advance()
        self._run.board.note_procedure(conductor.view())
        if conductor.decided:
            self._source.stop()

    def _show(self, engine: threading.Thread) -> None:
        run, options = self._run, self._options
        if wants_window(headless=options.headless):
            window = Window(
                run.board, options.theme, view="calibrate", motion=options.motion, on_command=self._asked
            )
            run.watch(window, engine, "The window is closed; the calibration goes on here. Ctrl+C stops.")
        show_calibration(reader_of(run.board), self.command, run.done, motion=options.motion)

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
