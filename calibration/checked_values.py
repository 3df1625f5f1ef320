"""Check single values out of a parsed TOML table."""

from enum import StrEnum
from typing import TypeVar

from calibration.profile_facts import ProfileError

MAX_TEXT = 128
"""Most characters of a text in a profile."""

Word = TypeVar("Word", bound=StrEnum)


def checked_number(value: object, name: str, low: float, high: float) -> float:
    """Check that a value is a finite number in a range.

    Parameters
    ----------
    value : object
        As parsed.
    name : str
        Name for messages.
    low, high : float
        The range.

    Returns
    -------
    float
        The number.

    Raises
    ------
    ProfileError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProfileError(f"`{name}` is {shown(value)} and must be a number")
    if not low <= value <= high:
        raise ProfileError(f"`{name}` is {shown(value)} and must be a number from {low:g} to {high:g}")
    return float(value)


def checked_word(value: object, name: str, vocabulary: type[Word]) -> Word:
    """Check that a value is a word of a closed list.

    Parameters
    ----------
    value : object
        As parsed.
    name : str
        Name for messages.
    vocabulary : type of StrEnum
        The list.

    Returns
    -------
    StrEnum
        The member.

    Raises
    ------
    ProfileError
        If it is none.
    """
    if not isinstance(value, str) or value not in list(vocabulary):
        raise ProfileError(f"`{name}` is {shown(value)} and must be one of {', '.join(vocabulary)}")
    return vocabulary(value)


def checked_text(value: object, name: str) -> str:
    """Check that a value is a short printable text.

    Parameters
    ----------
    value : object
        As parsed.
    name : str
        Name for messages.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ProfileError
        If it is none.
    """
    if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
        raise ProfileError(
            f"`{name}` is {shown(value)} and must be a text of at most {MAX_TEXT} printable characters"
        )
    return value


def shown(value: object) -> str:
    """Return a value as it can stand in a message.

    Parameters
    ----------
    value : object
        Anything TOML can hold.

    Returns
    -------
    str
        Cut short.
    """
    text = "a large number" if isinstance(value, int) and abs(value) > 10**18 else repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
