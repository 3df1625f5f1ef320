"""What can be done in the window, each with its key: one table for shortcuts, buttons and the help."""

from collections.abc import Callable
from typing import NamedTuple

from monitor.board.commands import CommandValue

Send = Callable[[str, CommandValue], object]
"""Hands a command to the engine; false when it cannot be reached."""


class Action(NamedTuple):
    """Something the user can do.

    Parameters
    ----------
    key : str
        Key in Qt's portable words (``Ctrl+Z``, ``F2``, ``1``).
    words : str
        What it does, for help and screen readers; English, translated when shown.
    do : callable
        Does it.
    group : str
        Heading in the help.
    enabled : callable, optional
        Whether it has an effect now; by default always.
    repeats : bool, default False
        Whether a key held down does it again and again.
    """

    key: str
    words: str
    do: Callable[[], object]
    group: str
    enabled: Callable[[], bool] = lambda: True
    repeats: bool = False
