"""Where everything on the time line lies: rows one below the other, one axis of time for all. Knows no Qt."""

import math
from typing import NamedTuple

from monitor.board.rings import FloatArray
from monitor.views.timeline.model import Span

LEAST_SPAN_S = 600.0
"""A live session is drawn on at least ten minutes."""

GREATEST_ROW = 2.0
"""Height of a row of a person in lines of text; smaller in a low window or with many rows."""

COMPACT_ROW = 1.45
LEAST_ROW = 1.0
MOST_LINES = 9.0
"""Height of all rows of people together, in lines of text, from which on they become lower."""

MARKS_ROW = 1.15
SIGNAL_ROW = 0.95
AXIS_ROW = 1.15


class PersonRow(NamedTuple):
    """A row of a person, with one of the profiles compared.

    Parameters
    ----------
    code : str
        Participant.
    label : str
        What stands to the left.
    shown : bool
        Whether the window shows this one of several profiles.
    cells : ndarray of float64, shape (4, n)
        As in `monitor.views.timeline.overview.Overview.cells`.
    said : str
        What stands to the right.
    upper, lower : (float, float) or None
        Mean and SD of the edges in reference SD, where known.
    """

    code: str
    label: str
    shown: bool
    cells: FloatArray
    said: str
    upper: tuple[float, float] | None
    lower: tuple[float, float] | None


class SignalRow(NamedTuple):
    """A row of one signal of a dyad.

    Parameters
    ----------
    label : str
        What stands to the left.
    spans : list of Span
        Where it lay beside chance.
    """

    label: str
    spans: list[Span]


class MarkTick(NamedTuple):
    """A note on the time line.

    Parameters
    ----------
    t_s : float
        Session time in seconds.
    kind : str
        ``note`` or ``mark``.
    label : str
        In words.
    said : str
        With all that may be shown of it.
    """

    t_s: float
    kind: str
    label: str
    said: str


class Picture(NamedTuple):
    """Everything that is painted and does not move.

    Parameters
    ----------
    span_s : float
        Session time at the right edge in seconds.
    people : list of PersonRow
        From top to bottom.
    signals : list of SignalRow
        Below the notes.
    marks : list of MarkTick
        In the order of time.
    """

    span_s: float
    people: list[PersonRow]
    signals: list[SignalRow]
    marks: list[MarkTick]


class Place(NamedTuple):
    """Where a replay is; for a live session all are NaN.

    Parameters
    ----------
    position_s, ready_s : float
        Session time in seconds.
    """

    position_s: float = math.nan
    ready_s: float = math.nan


class Box(NamedTuple):
    """A row in pixels.

    Parameters
    ----------
    top, height : float
        Pixels.
    """

    top: float
    height: float


class Plan(NamedTuple):
    """Where the rows lie in pixels.

    Parameters
    ----------
    left, width : float
        Of the plot.
    span_s : float
        Session time at its right edge in seconds.
    people, signals : list of Box
        One per row.
    marks, axis : Box
        The others.
    height : float
        Of everything.
    """

    left: float
    width: float
    span_s: float
    people: list[Box]
    signals: list[Box]
    marks: Box
    axis: Box
    height: float

    def x_of(self, t_s: float) -> float:
        """Return the place of a moment.

        Parameters
        ----------
        t_s : float
            Session time in seconds.

        Returns
        -------
        float
            Pixel.
        """
        return self.left + self.width * t_s / self.span_s

    def t_of(self, x: float) -> float:
        """Return the moment of a place.

        Parameters
        ----------
        x : float
            Pixel.

        Returns
        -------
        float
            Session time in seconds, held to the plot.
        """
        return min(max((x - self.left) / self.width, 0.0), 1.0) * self.span_s


def plan_of(
    people: int, signals: int, *, line: float, compact: bool, left: float, right: float, span_s: float
) -> Plan:
    """Share out the height.

    Parameters
    ----------
    people, signals : int
        Number of rows.
    line : float
        Height of a line of text in pixels.
    compact : bool
        Whether the window is low.
    left, right : float
        Edges of the plot in pixels.
    span_s : float
        Session time at the right edge in seconds.

    Returns
    -------
    Plan
        Rows from the top: people, notes, signals, axis.
    """
    lines = min(COMPACT_ROW if compact else GREATEST_ROW, max(LEAST_ROW, MOST_LINES / max(1, people)))
    gap = max(2.0, round(line * 0.15))
    top = 0.0

    def _row(lines: float) -> Box:
        nonlocal top
        box = Box(top, round(line * lines))
        top += box.height + gap
        return box

    bands = [_row(lines) for _ in range(people)]
    marks = _row(MARKS_ROW)
    spans = [_row(SIGNAL_ROW) for _ in range(signals)]
    axis = _row(AXIS_ROW)
    return Plan(left, max(1.0, right - left), max(1.0, span_s), bands, spans, marks, axis, top)
