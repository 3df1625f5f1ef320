"""Showing a running board: a window in a process of its own, else the panel in the terminal."""

import os
import subprocess
import sys
from collections.abc import Callable
from threading import Event
from typing import Literal

from monitor.board.board import Board
from monitor.board.commands import Command
from monitor.board.server import BoardServer
from monitor.board.snapshot import Snapshot
from monitor.checks import has_display
from monitor.views.terminal import show


class Window:
    """The window's process; it may hang, crash or be closed, and the engine does not care.

    Parameters
    ----------
    board : Board
        What it shows.
    theme : str
        ``light`` or ``dark``.
    view : {"monitor", "calibrate"}
        Which window.
    motion : bool, default False
        Whether the pace of breathing may move.
    on_command : callable, optional
        Takes what is asked for in the window, in a thread of its own.
    """

    def __init__(
        self,
        board: Board,
        theme: str,
        *,
        view: Literal["monitor", "calibrate"] = "monitor",
        motion: bool = False,
        on_command: Callable[[Command], None] | None = None,
    ) -> None:
        self._server = BoardServer(board, on_command=on_command)
        self._arguments = ["--theme", theme, "--view", view, *(["--motion"] if motion else [])]
        self._process: subprocess.Popen[bytes] | None = None

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

    def open(self) -> None:
        """Serve the board and start the process."""
        self._server.start()
        command = [sys.executable, "-P", "-m", "monitor.views.app"]
        command += ["--address", self._server.address, *self._arguments]
        self._process = subprocess.Popen(command, env={**os.environ, **self._server.environment})

    @property
    def is_open(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End the process and the pipe."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(3.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
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
