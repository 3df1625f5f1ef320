"""`attune replay`: a recording through the same pipeline, in the window or the terminal."""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from monitor.board.board import Board
from monitor.board.commands import SPEEDS
from monitor.core.events import Event, Tick
from monitor.core.pipeline import Pipeline
from monitor.core.results import Result
from monitor.display import Window, show_in_terminal, wants_window
from monitor.errors import SettingsError
from monitor.lsl.binding import configure, local_clock
from monitor.marking.moments import parse_time
from monitor.offline import Offline, RunOptions
from monitor.outcome import warning_lines
from monitor.paths import profiles_folder, recording_in
from monitor.profiles import ProfileStore
from monitor.publish import Publisher
from monitor.replaying.session import Choices, ReplaySession, Run, speed_of
from monitor.room import check_code
from monitor.warm import warm_up

MOST_COMPARED = 3
"""Most folders of profiles compared with the session's own."""

OWN_NAME = "session's own"


class Pacer:
    """Slows events down to a multiple of real time, by their ticks.

    Parameters
    ----------
    speed : float
        Times real time; 0 does not wait at all.
    start_s : float, default 0.0
        Seconds of the recording to pass over without waiting.
    """

    def __init__(self, speed: float, start_s: float = 0.0) -> None:
        self._speed = speed
        self._start_s = start_s
        self._stop = threading.Event()

    def stop(self) -> None:
        """End the replay after the event under way."""
        self._stop.set()

    def __call__(self, events: Iterable[Event]) -> Iterator[Event]:
        """Pass events on in time.

        Parameters
        ----------
        events : iterable of Event
            Events of a recording.

        Yields
        ------
        Event
            The same events.
        """
        first_s: float | None = None
        start: tuple[float, float] | None = None
        for event in events:
            if self._stop.is_set():
                return
            if self._speed > 0 and isinstance(event, Tick):
                first_s = event.now_s if first_s is None else first_s
                if start is None and event.now_s - first_s >= self._start_s:
                    start = (time.monotonic(), event.now_s)
                if start is not None:
                    due = start[0] + (event.now_s - start[1]) / self._speed
                    self._stop.wait(max(0.0, due - time.monotonic()))
            yield event


def run(options: argparse.Namespace) -> int:
    """Replay a recording.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options.

    Returns
    -------
    int
        0, or 130 when the user stopped it.

    Raises
    ------
    MonitorError
        If an option or the recording cannot be used.
    """
    console = Console(stderr=True)
    if not 0.0 <= options.speed <= 10_000:
        raise SettingsError("--speed takes 0 (as fast as it goes) to 10000.")
    start_s = parse_time(options.start) if options.start else 0.0
    author = check_code(options.author) if options.author else ""
    recording = recording_in(Path(options.path))
    choice = RunOptions.from_namespace(options)
    job = Offline(recording, choice)
    compared = _compared(options.compare)
    windowed = wants_window(headless=options.headless)
    if not windowed and (options.paused or compared or author):
        raise SettingsError("--paused, --compare and --author need the window: leave out --headless.")
    if options.publish:
        configure(lab=options.lab)
    with console.status("Preparing the computation …"):
        warm_up()
    with tempfile.TemporaryDirectory(prefix="attune-replay-") as spare:
        folder = Path(options.out).expanduser() if options.out else Path(spare) / "tables"
        if not windowed:
            return _straight(job, options, folder, console, start_s)
        runs = [Run(OWN_NAME, job, folder)]
        runs += [
            Run(name, Offline(recording, replace(choice, profiles=str(path))), Path(spare) / f"compared-{k}")
            for k, (name, path) in enumerate(compared.items())
        ]
        choices = Choices(
            speed=_shown_speed(options.speed, console),
            start_s=start_s,
            playing=not options.paused,
            author=author,
            notes_folder=_notes_folder(recording, options.out),
            profiles=profiles_folder(options.profiles),
            keeps_tables=bool(options.out),
        )
        return _in_window(recording, runs, choices, options, console)


def _compared(folders: list[str]) -> dict[str, Path]:
    """Name the folders of profiles to compare, each by its own name."""
    if len(folders) > MOST_COMPARED:
        raise SettingsError(f"--compare can be given {MOST_COMPARED} times at most.")
    named: dict[str, Path] = {}
    for given in folders:
        path = Path(given).expanduser()
        if not path.is_dir() or not ProfileStore(path).codes():
            raise SettingsError(f"--compare {given}: there is no profile in that folder.")
        name, number = path.resolve().name, 1
        while name in named or name == OWN_NAME:
            number += 1
            name = f"{path.resolve().name} ({number})"
        named[name] = path
    return named


def _notes_folder(recording: Path, out: str | None) -> Path | None:
    if (recording.parent / "session.toml").is_file():
        return recording.parent
    return Path(out).expanduser() if out else None


def _shown_speed(asked: float, console: Console) -> float:
    if asked == 0.0:
        return speed_of(asked)
    speed = min(max(asked, SPEEDS[0]), SPEEDS[1])
    if speed != asked:
        text = (
            f"The window plays at {SPEEDS[0]:g} to {SPEEDS[1]:g} times real time; it begins with {speed:g}."
        )
        console.print(text, highlight=False, soft_wrap=True)
    return speed


def _in_window(
    recording: Path, runs: list[Run], choices: Choices, options: argparse.Namespace, console: Console
) -> int:
    session = ReplaySession(recording, runs, choices, lsl_clock=local_clock if options.publish else None)
    window = Window(session.player.board, options.theme, on_command=session.player.post)
    try:
        session.watch(window)
    except KeyboardInterrupt:
        return 130
    _say(session.warnings, runs[0].folder if options.out else None, console)
    return 0


def _straight(
    job: Offline, options: argparse.Namespace, folder: Path, console: Console, start_s: float
) -> int:
    """Play once from beginning to end, in bounded memory, for the terminal."""
    board = Board()
    board.note_people(job.participants().items())
    pacer = Pacer(options.speed, start_s)
    done = threading.Event()
    failure: list[BaseException] = []
    warnings: list[str] = []
    pipelines: list[Pipeline] = []
    publishers: list[Publisher] = []

    def begin(pipeline: Pipeline) -> None:
        pipelines.append(pipeline)
        if options.publish:
            publishers.append(Publisher(pipeline, local_clock))

    def publish(results: list[Result]) -> None:
        for publisher in publishers:
            publisher.push(results)

    def observe(event: Event) -> None:
        if isinstance(event, Tick) and pipelines and pipelines[0].t0_s is not None:
            board.set_origin(pipelines[0].t0_s)
        board.note_event(event)

    def work() -> None:
        try:
            summary = job.analyze(
                folder,
                pace=pacer,
                sinks=(board.note_results, publish),
                observers=(observe,),
                on_pipeline=begin,
                eager=options.speed > 0,
            )
            warnings.extend(warning_lines(summary))
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            failure.append(error)
        finally:
            for publisher in publishers:
                publisher.close()
            board.note_end()
            done.set()

    worker = threading.Thread(target=work, name="replay", daemon=True)
    worker.start()
    try:
        show_in_terminal(board, done)
        worker.join()
    except KeyboardInterrupt:
        pacer.stop()
        worker.join()
        return 130
    if failure:
        raise failure[0]
    _say(warnings, folder if options.out else None, console)
    return 0


def _say(warnings: list[str], folder: Path | None, console: Console) -> None:
    for line in warnings:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if folder is not None:
        console.print(f"Tables written to {folder}", highlight=False, soft_wrap=True)
