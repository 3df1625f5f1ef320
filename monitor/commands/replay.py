"""`attune replay`: a recording through the same pipeline, in the window or the terminal."""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from monitor.board.board import Board
from monitor.core.events import Event, Tick
from monitor.core.pipeline import Pipeline
from monitor.core.results import Result
from monitor.display import Window, show_in_terminal, wants_window
from monitor.errors import SettingsError
from monitor.lsl.binding import configure, local_clock
from monitor.offline import Offline, RunOptions
from monitor.outcome import warning_lines
from monitor.paths import recording_in
from monitor.publish import Publisher
from monitor.warm import warm_up


class Pacer:
    """Slows events down to a multiple of real time, by their ticks.

    Parameters
    ----------
    speed : float
        Times real time; 0 does not wait at all.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
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
        start: tuple[float, float] | None = None
        for event in events:
            if self._stop.is_set():
                return
            if self._speed > 0 and isinstance(event, Tick):
                if start is None:
                    start = (time.monotonic(), event.now_s)
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
    """
    console = Console(stderr=True)
    if not 0.0 <= options.speed <= 10_000:
        raise SettingsError("--speed takes 0 (as fast as it goes) to 10000.")
    job = Offline(recording_in(Path(options.path)), RunOptions.from_namespace(options))
    if options.publish:
        configure(lab=options.lab)
    with console.status("Preparing the computation …"):
        warm_up()
    if options.out:
        return _replay(job, options, Path(options.out).expanduser(), console)
    with tempfile.TemporaryDirectory(prefix="attune-replay-") as folder:
        return _replay(job, options, Path(folder), console)


def _replay(job: Offline, options: argparse.Namespace, folder: Path, console: Console) -> int:
    board = Board()
    board.note_people(job.participants().items())
    pacer = Pacer(options.speed)
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
        _show(board, done, options)
        worker.join()
    except KeyboardInterrupt:
        pacer.stop()
        worker.join()
        return 130
    if failure:
        raise failure[0]
    for line in warnings:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if options.out:
        console.print(f"Tables written to {folder}", highlight=False, soft_wrap=True)
    return 0


def _show(board: Board, done: threading.Event, options: argparse.Namespace) -> None:
    if wants_window(headless=options.headless):
        window = Window(board, options.theme)
        window.open()
        try:
            while window.is_open:
                time.sleep(0.2)
        finally:
            window.close()
        return
    show_in_terminal(board, done)
