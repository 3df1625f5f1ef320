"""A real window in a process of its own, at the pipe of a fake engine."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.board.board import Board
from monitor.board.client import BoardClient
from monitor.board.server import BoardServer
from monitor.core.events import Tick

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
pytestmark = [pytest.mark.gui, pytest.mark.slow]


def until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def opened(server: BoardServer) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-P",
        "-m",
        "monitor.views.app",
        "--address",
        server.address,
        "--theme",
        "dark",
    ]
    environment = {**os.environ, **server.environment, "QT_QPA_PLATFORM": "offscreen"}
    environment["ATTUNE_CONFIG"] = str(Path(tempfile.gettempdir(), "attune-without-preferences"))
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def test_a_window_may_hang_be_killed_and_come_back_without_a_trace_in_the_engine() -> None:
    board = Board()
    asked: list[int] = []
    read = board.snapshot

    def counted(cursor: int = 0, *, state: bool = True) -> object:
        asked.append(cursor)
        return read(cursor, state=state)

    board.snapshot = counted  # type: ignore[method-assign, assignment]
    server = BoardServer(board)
    server.start()
    try:
        first = opened(server)
        until(lambda: len(asked) > 20)
        first.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        hung = len(asked)
        for k in range(1000):
            board.note_event(Tick(float(k), 0.0))
        assert len(asked) - hung <= 1
        first.send_signal(signal.SIGCONT)
        until(lambda: len(asked) > hung + 20)
        first.kill()
        assert first.wait(10) == -signal.SIGKILL
        until(lambda: server.n_clients == 0)

        asked.clear()
        second = opened(server)
        until(lambda: len(asked) > 5)
        assert asked[0] == 0
        second.terminate()
        second.wait(10)

        client = BoardClient(server.address, key=server.key)
        until(lambda: client.poll() is not None)
        client.close()
    finally:
        server.stop()


def test_a_window_outlives_its_engine() -> None:
    server = BoardServer(Board())
    server.start()
    window = opened(server)
    until(lambda: server.n_clients == 1)
    server.stop()
    with pytest.raises(subprocess.TimeoutExpired):
        window.wait(1.0)
    window.kill()
    window.wait(10)
