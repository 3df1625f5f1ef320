"""Real windows on a display that goes away, and windows that are killed: the engine goes on."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from monitor import display
from monitor.board.board import Board
from monitor.board.client import BoardClient
from monitor.checks import missing_packages
from monitor.display import Window, WindowState

pytestmark = [pytest.mark.gui, pytest.mark.slow]


def until(done: Callable[[], bool], seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def pid_of(window: Window) -> int:
    assert window._process is not None
    return window._process.pid


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    monkeypatch.setattr(display, "_MOST_CRASHES", 1)
    made = Window(Board(), None)
    yield made
    made.close()


def test_a_killed_window_comes_back_and_asks_the_engine_again(window: Window) -> None:
    window.open()
    until(lambda: window._server.n_clients == 1)
    first = pid_of(window)
    os.kill(first, signal.SIGKILL)
    until(lambda: window.keep() is WindowState.OPEN and pid_of(window) != first)
    until(lambda: window._server.n_clients == 1)


@pytest.mark.skipif(
    shutil.which("Xvfb") is None, reason="needs Xvfb to have a display that can be taken away"
)
@pytest.mark.skipif(
    sys.platform != "linux" or bool(missing_packages()), reason="needs the Qt libraries for X11"
)
def test_a_display_that_disappears_takes_only_the_window(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    try:
        window.open()
        until(lambda: window._server.n_clients == 1)
        server.kill()
        server.wait(10)
        until(lambda: window.keep() is WindowState.BROKEN)
        client = BoardClient(window.address, key=window.key)
        until(lambda: client.poll() is not None)
        client.close()
    finally:
        server.kill()
        server.wait(10)
