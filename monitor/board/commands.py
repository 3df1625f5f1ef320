"""What a window may ask of the engine: a closed set of commands, checked on both sides of the pipe."""

import re
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

GREATEST_RATING = 10.0
GREATEST_NUMBER = 1e15
LONGEST_CODE = 64
LONGEST_TEXT = 400
"""Longest text of a command in characters."""

MOST_COMMANDS = 4
"""Most commands in one request, so that it fits into its 8192 bytes."""

OLDEST_S = 60.0
"""Greatest age of a command; an older one is taken for one of this age."""

LONGEST_SESSION_S = 10.0 * 24.0 * 3600.0
SPEEDS = (0.25, 50.0)
"""Least and greatest speed of a replay, times real time."""

LABEL = re.compile(r"[a-z][a-z0-9_]{0,23}")
"""What a note may be called: a word for the kind of event, too short for a story."""


class Takes(Enum):
    """What a command needs beside its name."""

    NOTHING = "nothing"
    RATING = "a number from 0 to 10"
    PERSON = "the code of a participant"
    CODES = "codes or ids, separated by spaces"
    LABEL = "a short word in small letters"
    TEXT = "a text"
    SECONDS = "a moment in seconds"
    SPEED = "a speed from 0.25 to 50"
    NUMBER = "a whole number"


_BY_KIND: Final[Mapping[Takes, str]] = {
    Takes.NOTHING: (
        "begin pause resume skip redo stop accept discard start "
        "undo_note play next_excursion previous_excursion next_note previous_note swap stop_recording"
    ),
    Takes.RATING: "tension present",
    Takes.PERSON: "level_start level_stop too_much tolerable too_little",
    Takes.CODES: "assign person",
    Takes.LABEL: "note",
    Takes.TEXT: "note_text",
    Takes.SECONDS: "seek",
    Takes.SPEED: "speed",
    Takes.NUMBER: "variant remove_note",
}

COMMANDS: Final[Mapping[str, Takes]] = MappingProxyType(
    {name: kind for kind, names in _BY_KIND.items() for name in names.split()}
)
"""All commands and what each takes.

Calibration: ``begin pause resume skip redo stop tension present accept discard``. Level of the day:
``level_start level_stop``. Judgements: ``too_much tolerable too_little`` (code). Set-up: ``assign`` (uid of a
stream and a code, or the uid alone to take it away), ``person`` (kind and code), ``swap`` (client and therapist),
``start``. Recording: ``stop_recording``. Notes: ``note`` (label), ``undo_note`` (the newest), ``remove_note``
(number), ``note_text`` (number of the note, or 0 for the present moment, a space, and the text). Replay: ``play
pause seek speed next_excursion previous_excursion next_note previous_note variant``.
"""

CommandValue = float | str | None


class Command(NamedTuple):
    """One command.

    Parameters
    ----------
    name : str
        One of `COMMANDS`.
    value : float or str, optional
        What it takes; None where it takes nothing.
    age_s : float, default 0.0
        Seconds since the key was pressed.
    """

    name: str
    value: CommandValue = None
    age_s: float = 0.0


def checked(name: object, value: object = None, age_s: object = 0.0) -> Command:
    """Return a command, if it is one.

    Parameters
    ----------
    name, value, age_s : object
        What came.

    Returns
    -------
    Command
        The command.

    Raises
    ------
    ValueError
        If the name is not in `COMMANDS`, the value is not what this command takes, or the age is no number.
    """
    takes = COMMANDS.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or takes is None:
        raise ValueError(f"there is no such command; the commands are: {', '.join(sorted(COMMANDS))}")
    if not _is_number(age_s):
        raise ValueError(f"the age of '{name}' must be a number of seconds")
    return Command(name, _value(name, takes, value), min(max(float(age_s), 0.0), OLDEST_S))  # type: ignore[arg-type]


def _value(name: str, takes: Takes, value: object) -> CommandValue:
    if takes is Takes.NOTHING:
        if value is not None:
            raise ValueError(f"'{name}' takes nothing beside its name")
        return None
    if _is_number(value):
        number = float(value)  # type: ignore[arg-type]
        if _fits(takes, number):
            return number
    elif isinstance(value, str) and value.isprintable() and _reads(takes, value):
        return value
    raise ValueError(f"'{name}' needs {takes.value}")


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    # Compared, not tested for being finite: a whole number may be too large for that.
    return abs(value) <= GREATEST_NUMBER


def _fits(takes: Takes, number: float) -> bool:
    match takes:
        case Takes.RATING:
            return 0.0 <= number <= GREATEST_RATING
        case Takes.SECONDS:
            return 0.0 <= number <= LONGEST_SESSION_S
        case Takes.SPEED:
            return SPEEDS[0] <= number <= SPEEDS[1]
        case Takes.NUMBER:
            return number >= 0 and number.is_integer()
    return False


def _reads(takes: Takes, text: str) -> bool:
    match takes:
        case Takes.PERSON:
            return 0 < len(text) <= LONGEST_CODE
        case Takes.CODES:
            return 0 < len(text) <= 3 * LONGEST_CODE
        case Takes.TEXT:
            return 0 < len(text) <= LONGEST_TEXT
        case Takes.LABEL:
            return LABEL.fullmatch(text) is not None
    return False


def read_commands(items: object) -> tuple[Command, ...]:
    """Read the commands of a request.

    Parameters
    ----------
    items : object
        Decoded JSON; a list of name, value and age.

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
    if not all(isinstance(item, list) and len(item) == 3 for item in items):
        raise ValueError("a command is a name, a value and an age")
    return tuple(checked(*item) for item in items)
