"""Keys of a guided calibration, the same in the window and in the terminal."""

from typing import NamedTuple

from monitor.board.session_views import ProcedureView

RATINGS = "0123456789t"
"""Keys of the ratings from 0 to 10."""


class KeyWord(NamedTuple):
    """A key with the command it gives and its word on the screen."""

    key: str
    command: str
    word: str


KEYS = (
    KeyWord("enter", "begin", "begin"),
    KeyWord("enter", "accept", "accept"),
    KeyWord("p", "pause", "pause"),
    KeyWord("p", "resume", "go on"),
    KeyWord("s", "skip", "skip"),
    KeyWord("r", "redo", "again"),
    KeyWord("q", "stop", "stop"),
    KeyWord("d", "discard", "discard"),
)
"""In the order of the screen; of two with one key at most one is valid at a time."""

ASKS = {"tension": "tension", "present": "presence"}
"""Words of what may be rated."""


def rating_asked(view: ProcedureView) -> str:
    """Tell what a number typed now is a rating of.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.

    Returns
    -------
    str
        The first thing asked for, else ``tension``, which may be told at any time of a step; empty where no rating
        is taken.
    """
    for ask in (*view["asks"], "tension", "present"):
        if ask in view["commands"]:
            return ask
    return ""


def command_of(key: str, view: ProcedureView) -> tuple[str, float | None] | None:
    """Find the command of a key.

    Parameters
    ----------
    key : str
        One character, or ``enter``.
    view : ProcedureView
        The state of the procedure, which says what is valid now.

    Returns
    -------
    tuple of str and float or None, or None
        Name and value; None for a key that does nothing now.
    """
    key = key.lower()
    for known in KEYS:
        if known.key == key and known.command in view["commands"]:
            return known.command, None
    if len(key) == 1 and key in RATINGS:
        ask = rating_asked(view)
        return (ask, float(RATINGS.index(key))) if ask else None
    return None


def key_line(view: ProcedureView) -> str:
    """Write which keys do something now.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.

    Returns
    -------
    str
        Such as ``[Enter] begin  [S] skip``; empty when none does.
    """
    words = [f"[{k.key.capitalize()}] {k.word}" for k in KEYS if k.command in view["commands"]]
    ask = rating_asked(view)
    if ask:
        words.append(f"[0-9, T = 10] {ASKS[ask]}")
    return "  ".join(words)
