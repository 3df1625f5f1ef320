"""What a window may ask of the engine: a closed set of commands, checked on both sides of the pipe."""

import math
from typing import NamedTuple

COMMANDS = frozenset(
    {"begin", "pause", "resume", "skip", "redo", "stop", "tension", "present", "accept", "discard"}
    | {"level_start", "level_stop", "too_much", "tolerable", "too_little"}
)
"""Names of all commands."""

ABOUT_SOMEBODY = frozenset({"level_start", "level_stop", "too_much", "tolerable", "too_little"})
"""Commands that need the code of a participant."""

RATINGS = frozenset({"tension", "present"})
"""Commands that need a number."""

GREATEST_RATING = 10.0
LONGEST_TEXT = 64
MOST_COMMANDS = 8
"""Most commands in one request."""

CommandValue = float | str | None


class Command(NamedTuple):
    """One command.

    Parameters
    ----------
    name : str
        One of `COMMANDS`.
    value : float or str, optional
        A number from 0 to 10, a short text, or None.
    """

    name: str
    value: CommandValue = None


def checked(name: object, value: object = None) -> Command:
    """Return a command, if it is one.

    Parameters
    ----------
    name, value : object
        What came.

    Returns
    -------
    Command
        The command.

    Raises
    ------
    ValueError
        If the name is not in `COMMANDS`, a rating has no number, one about somebody has no code, or the value is
        neither a number from 0 to 10, nor a printable text of at most 64 characters, nor None.
    """
    if not isinstance(name, str) or name not in COMMANDS:
        raise ValueError(f"there is no such command; the commands are: {', '.join(sorted(COMMANDS))}")
    if isinstance(value, int | float) and not isinstance(value, bool) and name not in ABOUT_SOMEBODY:
        if not (math.isfinite(value) and 0.0 <= value <= GREATEST_RATING):
            raise ValueError(f"the value of '{name}' must lie from 0 to 10")
        return Command(name, float(value))
    if name in ABOUT_SOMEBODY and not isinstance(value, str):
        raise ValueError(f"'{name}' needs the code of a participant")
    if name in RATINGS:
        raise ValueError(f"'{name}' needs a number from 0 to 10")
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT or not value.isprintable():
            raise ValueError(f"the text of '{name}' must be printable and at most {LONGEST_TEXT} characters")
        return Command(name, value)
    if value is not None:
        raise ValueError(f"the value of '{name}' must be a number, a short text or nothing")
    return Command(name)


def read_commands(items: object) -> tuple[Command, ...]:
    """Read the commands of a request.

    Parameters
    ----------
    items : object
        Decoded JSON; a list of pairs of name and value.

    Returns
    -------
    tuple of Command
        In the order they were given.

    Raises
    ------
    ValueError
        If one of them is no command, or there are more than `MOST_COMMANDS`.
    """
    if not isinstance(items, list) or len(items) > MOST_COMMANDS:
        raise ValueError("not a list of commands")
    if not all(isinstance(item, list) and len(item) == 2 for item in items):
        raise ValueError("a command is a pair of name and value")
    return tuple(checked(*item) for item in items)
