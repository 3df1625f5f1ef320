"""A replay in the window: runs over the recording ahead of the player that shows them."""

import gc
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple, Protocol

from monitor.board.commands import Command
from monitor.board.past import ReplayBoard
from monitor.clouds import cloud_views
from monitor.core.events import Event as RecordedEvent
from monitor.core.events import Tick
from monitor.core.pipeline import Pipeline
from monitor.core.results import Result
from monitor.display import WindowState
from monitor.errors import MonitorError
from monitor.offline import Offline
from monitor.outcome import warning_lines
from monitor.replaying.comparing import differences
from monitor.replaying.journal import Journal
from monitor.replaying.publishing import PlayedMarkers
from monitor.replaying.remarks import Remarks
from monitor.replaying.survey import survey
from monitor.replaying.transport import Player

LOOK_S = 0.1
"""Seconds between two looks whether the window is still there."""

_BREATH_EVERY_S = 0.02
_BREATH_S = 0.002


class Run(NamedTuple):
    """One run over the recording.

    Parameters
    ----------
    name : str
        What it is called in the window.
    job : Offline
        The recording and its choices.
    folder : Path
        Where its tables go.
    """

    name: str
    job: Offline
    folder: Path


class Choices(NamedTuple):
    """What the user chose for a replay.

    Parameters
    ----------
    speed : float
        Session seconds per second; infinity does not wait at all.
    start_s : float
        Where to begin, in session seconds.
    playing : bool
        Whether it plays from the beginning.
    author : str
        Code of who adds notes; empty for nobody.
    notes_folder : Path or None
        Where notes are kept.
    profiles : Path
        Folder of the profiles.
    keeps_tables : bool
        Whether somebody wants the tables of the first run.
    """

    speed: float
    start_s: float
    playing: bool
    author: str
    notes_folder: Path | None
    profiles: Path
    keeps_tables: bool


class Screen(Protocol):
    """What shows the board."""

    def keep(self) -> WindowState:
        """Look after it, and tell what became of it."""

    def open(self) -> None:
        """Begin."""

    def switch(self, board: ReplayBoard, on_command: Callable[[Command], None] | None = None) -> None:
        """Show another board.

        Parameters
        ----------
        board : ReplayBoard
            What it shows from now on.
        on_command : callable, optional
            Takes what is asked for from now on.
        """

    def close(self) -> None:
        """End."""


class ReplaySession:
    """Runs, player and notes of one replay.

    Parameters
    ----------
    recording : Path
        The XDF file.
    runs : sequence of Run
        The session's own first, then those compared with it.
    choices : Choices
        What the user chose.
    lsl_clock : callable, optional
        Clock for the markers published; without it none are.

    Attributes
    ----------
    player : Player
        Obeys the window.
    warnings : list of str
        What the user must be told of the first run, once it is complete.

    Raises
    ------
    RecordingError
        If the recording cannot be read.
    """

    def __init__(
        self,
        recording: Path,
        runs: Sequence[Run],
        choices: Choices,
        *,
        lsl_clock: Callable[[], float] | None = None,
    ) -> None:
        self._runs = tuple(runs)
        self._choices = choices
        known = survey(recording, runs[0].job.source())
        people = runs[0].job.participants()
        self._journals = [Journal(people, on_overview=partial(self._note_overview, 0))]
        self._journals += [
            Journal(people, base=self._journals[0], on_overview=partial(self._note_overview, variant))
            for variant in range(1, len(runs))
        ]
        self._remarks = Remarks(
            choices.notes_folder,
            choices.author,
            profiles=choices.profiles,
            annotations=known.annotations,
            on_change=self._hear,
        )
        self._published = None if lsl_clock is None else PlayedMarkers(self._journals[0], lsl_clock)
        self._screen: Screen | None = None
        self._stopping, self._hurry = Event(), Event()
        self._failures: list[BaseException] = []
        self.warnings: list[str] = []
        self.player = Player(
            self._journals,
            [run.name for run in runs],
            show=self._show,
            remarks=self._remarks,
            duration_s=known.duration_s,
            speed=choices.speed,
            start_s=choices.start_s,
            playing=choices.playing,
            on_played=None if self._published is None else self._published.take,
        )
        if self._remarks.problem:
            self.player.say(self._remarks.problem)

    def watch(self, screen: Screen) -> None:
        """Show the replay until the window is closed.

        Parameters
        ----------
        screen : Screen
            The window, with the player's board.

        Raises
        ------
        Exception
            Whatever ended a run or the player; a MonitorError where the window cannot be kept open.
        """
        self._screen = screen
        computing = Thread(target=self._guarded, args=(self._compute,), name="replay-runs", daemon=True)
        playing = Thread(target=self._guarded, args=(self.player.run,), name="replay-player", daemon=True)
        screen.open()
        computing.start()
        playing.start()
        try:
            while (state := screen.keep()) is WindowState.OPEN and not self._failures:
                time.sleep(LOOK_S)
            if self._choices.keeps_tables and not self._failures:
                screen.close()
                self._hurry.set()
                computing.join()
        finally:
            self._stopping.set()
            self.player.stop()
            screen.close()
            playing.join()
            computing.join()
            self._remarks.close()
            if self._published is not None:
                self._published.close()
        if self._failures:
            raise self._failures[0]
        if state is WindowState.BROKEN:
            raise MonitorError(
                "The window ended by itself again and again. Run `attune doctor`; `attune replay --headless` plays "
                "in the terminal."
            )

    def _show(self, board: ReplayBoard) -> None:
        if self._screen is not None:
            self._screen.switch(board, self.player.post)

    def _hear(self, text: str) -> None:
        self.player.say(text)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            # What was cut short because the user left is no failure.
            if not self._stopping.is_set() or not isinstance(error, MonitorError):
                self._failures.append(error)

    def _compute(self) -> None:
        for variant, run in enumerate(self._runs):
            if variant and self._hurry.is_set():
                return
            try:
                self._run(variant, run)
            except MonitorError as error:
                if variant == 0:
                    raise
                self.player.say(f"{run.name} cannot be compared: {error}")
            if self._stopping.is_set():
                return
        # Nothing of it will ever be freed before the end: nobody need search it for cycles.
        gc.collect()
        gc.freeze()

    def _run(self, variant: int, run: Run) -> None:
        journal = self._journals[variant]
        summary = run.job.analyze(
            run.folder,
            pace=self._breathing,
            sinks=(journal.note_results,),
            observers=(journal.note_event,),
            on_pipeline=partial(_begin, journal),
            eager=True,
        )
        if self._stopping.is_set():
            return
        if variant == 0:
            self.warnings.extend(warning_lines(summary))
        journal.finish()
        self.player.overview.finish()
        done = [place for place, known in enumerate(self._journals) if known.is_done]
        names = [self._runs[place].name for place in done]
        self.player.differences = differences(names, [self._journals[place].zones for place in done])

    def _note_overview(self, variant: int, results: list[Result]) -> None:
        self.player.overview.note(results, variant)

    def _breathing(self, events: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
        """Let the player and the window have their turn, and stop when the user has gone."""
        next_s = time.monotonic() + _BREATH_EVERY_S
        for event in events:
            if self._stopping.is_set():
                return
            yield event
            if isinstance(event, Tick) and time.monotonic() >= next_s and not self._hurry.is_set():
                time.sleep(_BREATH_S)
                next_s = time.monotonic() + _BREATH_EVERY_S


def _begin(journal: Journal, pipeline: Pipeline) -> None:
    journal.begin(lambda: pipeline.t0_s, partial(cloud_views, pipeline))


def speed_of(option: float) -> float:
    """Return the speed a user asked for.

    Parameters
    ----------
    option : float
        Times real time; 0 for as fast as it goes.

    Returns
    -------
    float
        Session seconds per second; infinity for 0.
    """
    return math.inf if option == 0.0 else option
