"""Values that fit into JSON and are harmless to draw."""

import math
from typing import TypeVar, cast

from monitor.board.gate import clean

LONGEST_INSTRUCTION = 2000

T = TypeVar("T")


def known(value: float) -> float | None:
    """Return a number, or None when it is not finite.

    Parameters
    ----------
    value : float
        Any number.

    Returns
    -------
    float or None
        What JSON can hold.
    """
    return float(value) if math.isfinite(value) else None


def plain(view: T) -> T:
    """Return a copy of a view that fits into JSON.

    Parameters
    ----------
    view : mapping, list, str or number
        As given by the engine.

    Returns
    -------
    T
        The same with None for numbers that are not finite, and cleaned texts.
    """
    return cast("T", _plain(view))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return clean(value, LONGEST_INSTRUCTION)
    return known(value) if isinstance(value, float) else value
