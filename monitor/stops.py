"""Signals that ask the program to stop, noted so that everything ends in order."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl+C, an orderly shutdown, and a terminal that was closed; not every system has the last."""


@contextmanager
def noting_stops(on_stop: Callable[[], object] = bool) -> Iterator[list[int]]:
    """Note signals instead of obeying them; for the main thread.

    Parameters
    ----------
    on_stop : callable, optional
        Called at the first of them.

    Yields
    ------
    list of int
        Numbers of the signals that came so far.
    """
    stops: list[int] = []

    def _note(number: int, _frame: FrameType | None) -> None:
        stops.append(number)
        # A second one may come while the first is dealt with.
        if len(stops) == 1:
            on_stop()

    numbers = [number for name in _NAMES if (number := getattr(signal, name, None)) is not None]
    # Who started this with `nohup` wants it to outlive the terminal.
    numbers = [n for n in numbers if n == signal.SIGINT or signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _note) for number in numbers}
    try:
        yield stops
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
