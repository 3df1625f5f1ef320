"""A 50-minute dyad in a replay: how soon it is ready, how much memory it takes, how fast it jumps, whether it grows."""

import gc
import tempfile
import time
from pathlib import Path
from threading import Thread

import psutil

from benchmarks.dyad import dyad, write_recording
from benchmarks.offline import _profiles
from benchmarks.table import Figure
from monitor.board.commands import Command
from monitor.board.past import ReplayBoard
from monitor.display import WindowState
from monitor.offline import Offline, RunOptions
from monitor.replaying.session import Choices, ReplaySession, Run
from monitor.room import Room
from monitor.settings import Settings
from monitor.warm import warm_up

MINUTES = 50
SPEED = 50.0


class _Screen:
    """Stands for the window, which is another process."""

    def __init__(self) -> None:
        self.state = WindowState.OPEN
        self.switched_s: list[float] = []

    def open(self) -> None:
        pass

    def keep(self) -> WindowState:
        return self.state

    def switch(self, _board: ReplayBoard, _on_command: object = None) -> None:
        self.switched_s.append(time.perf_counter())

    def close(self) -> None:
        pass


def _megabytes() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def run() -> list[Figure]:
    """Measure."""
    warm_up()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "dyad.xdf"
        write_recording(dyad(MINUTES), MINUTES * 60.0, path)
        _profiles(path, folder / "profiles")
        options = RunOptions(
            room=Room(),
            spans={},
            settings=Settings(),
            file_format="parquet",
            profiles=str(folder / "profiles"),
        )
        # Once before, so that what only the first run takes is not counted.
        Offline(path, options).analyze(folder / "before")
        return _measure(path, options, folder)


def _measure(path: Path, options: RunOptions, folder: Path) -> list[Figure]:
    before = _megabytes()
    choices = Choices(
        speed=SPEED,
        start_s=0.0,
        playing=False,
        author="",
        notes_folder=None,
        profiles=folder,
        keeps_tables=False,
    )
    session = ReplaySession(path, [Run("own", Offline(path, options), folder / "tables")], choices)
    player, screen = session.player, _Screen()
    begun = time.perf_counter()
    watching = Thread(target=session.watch, args=(screen,))
    watching.start()
    while not player.journal.n_steps:
        time.sleep(0.001)
    first_s = time.perf_counter() - begun
    while not player.journal.is_done:
        time.sleep(0.01)
    ready_s = time.perf_counter() - begun
    time.sleep(1.0)
    kept = _megabytes() - before
    jumps = []
    for k in range(20):
        n, asked_s = len(screen.switched_s), time.perf_counter()
        player.post(Command("seek", float(2900 - (k * 1543) % 2900)))
        while len(screen.switched_s) == n and time.perf_counter() - asked_s < 2.0:
            time.sleep(0.0005)
        jumps.append(1e3 * (time.perf_counter() - asked_s))
        time.sleep(0.02)
    player.post(Command("seek", 0.0))
    player.post(Command("play"))
    time.sleep(5.0)
    playing, cpu = _megabytes(), time.process_time()
    since = time.perf_counter()
    while player.n_steps < player.journal.n_steps:
        time.sleep(0.05)
    share = (time.process_time() - cpu) / (time.perf_counter() - since)
    growth = _megabytes() - playing
    screen.state = WindowState.CLOSED
    watching.join()
    jumps.sort()
    return [
        Figure("replay of a 50-minute dyad: first step there", f"{first_s:.2f} s", "<= 1 s"),
        Figure("the whole recording there", f"{ready_s:.1f} s", ""),
        Figure("memory kept", f"{kept:.0f} MB, {kept * 60 / MINUTES:.0f} MB an hour", "<= 120 MB an hour"),
        Figure("a jump to any place", f"median {jumps[10]:.0f} ms, longest {jumps[-1]:.0f} ms", "<= 300 ms"),
        Figure("played at speed 50: of one core", f"{100 * share:.0f} %", ""),
        Figure("played at speed 50: memory at the end minus at 4 min", f"{growth:+.1f} MB", "<= 10 MB"),
    ]
