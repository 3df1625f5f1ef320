"""Showing a running board: a window in a process of its own, else the panel in the terminal."""

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from threading import Event
from typing import Literal

from monitor.board.board import Board
from monitor.board.commands import Command
from monitor.board.pipe import KEY_VARIABLE
from monitor.board.server import BoardServer
from monitor.board.snapshot import Snapshot
from monitor.checks import has_display
from monitor.views.terminal import show

_MOST_CRASHES = 3
_WITHIN_S = 60.0


class WindowState(Enum):
    """What became of a window."""

    OPEN = "open"
    CLOSED = "closed"
    BROKEN = "broken"


def open_window(address: str, key: bytes, arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start the process of a window.

    Parameters
    ----------
    address : str
        Address of the board.
    key : bytes
        Key of the session.
    arguments : list of str
        Further arguments of the window.

    Returns
    -------
    subprocess.Popen
        The process.
    """
    command = [sys.executable, "-P", "-m", "monitor.views.app", "--address", address, *arguments]
    return subprocess.Popen(command, env={**os.environ, KEY_VARIABLE: key.hex()})


class Window:
    """The window's process; it may hang, crash or be closed, and the engine does not care.

    Parameters
    ----------
    board : Board
        What it shows.
    theme : str or None
        ``light`` or ``dark``; None leaves it to what the user prefers.
    view : {"monitor", "calibrate"}
        Which window.
    motion : bool, default False
        Whether the pace of breathing may move.
    on_command : callable, optional
        Takes what is asked for in the window, in a thread of its own.
    clock : callable, default time.monotonic
        Seconds; for tests.
    """

    def __init__(
        self,
        board: Board,
        theme: str | None,
        *,
        view: Literal["monitor", "calibrate"] = "monitor",
        motion: bool = False,
        on_command: Callable[[Command], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = BoardServer(board, on_command=on_command)
        self._arguments = ["--view", view, *(["--motion"] if motion else [])]
        # What was hidden when it crashed nobody knows: until the user lifts the cover nothing is seen.
        self._again = ["--covered"] if view == "monitor" else []
        self._arguments += ["--theme", theme] if theme else []
        self._clock = clock
        self._served = False
        self._process: subprocess.Popen[bytes] | None = None
        self._crashes: deque[float] = deque(maxlen=_MOST_CRASHES + 1)
        self._left: WindowState | None = None

    @property
    def address(self) -> str:
        """Where the board is served."""
        return self._server.address

    @property
    def key(self) -> bytes:
        """What a window must know to be let in."""
        return self._server.key

    def switch(self, board: Board, on_command: Callable[[Command], None] | None = None) -> None:
        """Show another board; the window stays as it is.

        Parameters
        ----------
        board : Board
            What it shows from now on.
        on_command : callable, optional
            Takes what is asked for from now on.
        """
        self._server.switch(board, on_command)

    def serve(self) -> None:
        """Serve the board without a process; more than once does nothing."""
        if not self._served:
            self._server.start()
            self._served = True

    def open(self) -> None:
        """Serve the board and start the process; more than once does nothing."""
        self.serve()
        if self._process is None and self._left is None:
            self._start()

    def _start(self) -> None:
        try:
            more = self._again if self._crashes else []
            self._process = open_window(self.address, self.key, [*self._arguments, *more])
        except OSError:
            # Too many processes, or no memory: nothing the recording should end for.
            self._left = WindowState.BROKEN

    @property
    def is_open(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def keep(self) -> WindowState:
        """Look after the process: one that crashed is started again, at most three times a minute.

        Returns
        -------
        WindowState
            CLOSED when the user closed it, BROKEN when it crashed too often; both are final.
        """
        if self._left is not None:
            return self._left
        code = None if self._process is None else self._process.poll()
        if code is None:
            return WindowState.OPEN
        if code == 0:
            self._left = WindowState.CLOSED
            return self._left
        now_s = self._clock()
        self._crashes.append(now_s)
        recent = [crash_s for crash_s in self._crashes if now_s - crash_s <= _WITHIN_S]
        if len(recent) > _MOST_CRASHES:
            self._left = WindowState.BROKEN
        else:
            self._start()
        return self._left or WindowState.OPEN

    def close(self) -> None:
        """End the process and the pipe; may be called twice."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(3.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._server.stop()


def wants_window(*, headless: bool) -> bool:
    """Tell whether to open a window.

    Parameters
    ----------
    headless : bool
        Whether the user asked for none.

    Returns
    -------
    bool
        Whether one was not refused and there is a display for it.
    """
    return not headless and has_display()


def reader_of(board: Board) -> Callable[[], Snapshot]:
    """Read a board in the process of the engine, each time what is new.

    Parameters
    ----------
    board : Board
        The board.

    Returns
    -------
    callable
        Gives the next snapshot.
    """
    cursor = 0

    def _read() -> Snapshot:
        nonlocal cursor
        snapshot = board.snapshot(cursor)
        cursor = snapshot["cursor"]
        return snapshot

    return _read


def show_in_terminal(board: Board, done: Event) -> None:
    """Show the panel in the terminal until the work is done.

    Parameters
    ----------
    board : Board
        What to show.
    done : threading.Event
        Set when there is nothing left to show.
    """
    show(reader_of(board), done)
