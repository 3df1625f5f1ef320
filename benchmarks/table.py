"""One figure of the table."""

from typing import NamedTuple


class Figure(NamedTuple):
    """What was measured, beside the mark it is held against."""

    what: str
    measured: str
    mark: str
