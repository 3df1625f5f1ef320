"""Single keys of a terminal, without waiting for the end of a line."""

import os
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

_POLL_S = 0.1
_ENTER = {"\r": "enter", "\n": "enter"}


class Keyboard:
    """Reads keys in a thread while its block runs; the terminal is as it was afterwards, however it ends.

    Parameters
    ----------
    take : callable
        Gets each key: one character, or ``enter``.
    stream : text stream, optional
        The terminal; by default standard input.
    """

    def __init__(self, take: Callable[[str], None], stream: Any = None) -> None:  # noqa: ANN401 - any text stream
        self._take = take
        self._stream = sys.stdin if stream is None else stream
        self._ending = threading.Event()
        self._before: list[Any] | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Take the terminal over; a stream that is no terminal is left alone."""
        number = _terminal(self._stream)
        if number is None:
            return self
        if sys.platform == "win32":
            read = self._read_windows
        else:
            import termios
            import tty

            self._before = termios.tcgetattr(number)
            # Signals stay on, so that Ctrl+C ends the program as everywhere.
            tty.setcbreak(number)
            read = self._read_unix
        self._thread = threading.Thread(target=read, args=(number,), name="keyboard", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(2.0)
        number = _terminal(self._stream)
        if self._before is not None and number is not None and sys.platform != "win32":
            import termios

            termios.tcsetattr(number, termios.TCSADRAIN, self._before)

    def _read_unix(self, number: int) -> None:
        import select

        while not self._ending.is_set():
            ready, _, _ = select.select([number], [], [], _POLL_S)
            if not ready:
                continue
            try:
                typed = os.read(number, 64)
            except OSError:
                return
            if not typed:
                return
            # An arrow or function key is a sequence that begins with escape: none of its letters is a command.
            for character in "" if typed.startswith(b"\x1b") else typed.decode("utf-8", "ignore"):
                self._take(_ENTER.get(character, character))

    def _read_windows(self, _number: int) -> None:
        import importlib

        console = importlib.import_module("msvcrt")
        while not self._ending.wait(_POLL_S):
            while console.kbhit():
                character = console.getwch()
                if character in "\x00\xe0":
                    console.getwch()
                else:
                    self._take(_ENTER.get(character, character))


def _terminal(stream: Any) -> int | None:  # noqa: ANN401 - any text stream
    """Return the file number of a terminal, None for anything else."""
    try:
        return int(stream.fileno()) if stream.isatty() else None
    except (AttributeError, OSError, ValueError):
        return None
