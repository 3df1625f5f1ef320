"""What a check of this machine says."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """Outcome of a check."""

    OK = "ok"
    LOOK = "look"
    FAIL = "fail"


class Finding(NamedTuple):
    """What one check saw.

    Parameters
    ----------
    name : str
        What was checked.
    verdict : Verdict
        How it went; LOOK costs comfort, FAIL costs the session.
    text : str
        What was seen and what to do.
    """

    name: str
    verdict: Verdict
    text: str
