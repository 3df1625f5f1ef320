"""What the charts of a session share: series with gaps, titles, the axis of session time."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.ticker import FuncFormatter, MultipleLocator
from numpy.typing import NDArray

from monitor.board.gate import format_clock
from monitor.figures.style import DIM, GRID, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_Floats = NDArray[np.float64]

HATCH: Final = "////"
"""What stands for a gap."""

SMALL: Final = 7
"""Size of the smallest words in points."""

_MOST_POINTS = 1200
_PAD_OF_NOTES = 20
_STEPS_S = (5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0)


class Line(NamedTuple):
    """A series over time with what is known of each second.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Session seconds, rising.
    value : ndarray of float64, shape (n,)
        NaN where missing.
    unsure : ndarray of bool, shape (n,)
        Where the value is LOW.
    """

    t_s: _Floats
    value: _Floats
    unsure: NDArray[np.bool_]


def thinned(line: Line, n_most: int = _MOST_POINTS) -> Line:
    """Take fewer points than a page can show apart: the median of equal pieces of time.

    Parameters
    ----------
    line : Line
        One value a second.
    n_most : int, default 1200
        Most points.

    Returns
    -------
    Line
        A piece is missing when most of it is, and unsure when most of its values are.
    """
    n = line.t_s.size
    size = math.ceil(n / n_most) if n else 1
    if size == 1:
        return line
    short = -n % size
    value = np.pad(line.value, (0, short), constant_values=np.nan).reshape(-1, size)
    unsure = np.pad(line.unsure, (0, short)).reshape(-1, size)
    known = np.isfinite(value)
    n_known = known.sum(axis=1)
    enough = 2 * n_known >= np.minimum(size, n - size * np.arange(n_known.size))
    middle = np.full(n_known.size, np.nan)
    if enough.any():
        middle[enough] = np.nanmedian(value[enough], axis=1)
    t_s = np.pad(line.t_s, (0, short), mode="edge").reshape(-1, size).mean(axis=1)
    return Line(t_s, middle, 2 * (unsure & known).sum(axis=1) > n_known)


def draw_line(panel: "Axes", line: Line, colour: str) -> None:
    """Draw a series, dashed where it is unsure, broken where it is missing.

    Parameters
    ----------
    panel : Axes
        The panel.
    line : Line
        The series.
    colour : str
        Its colour.
    """
    fewer = thinned(line)
    sure = np.where(fewer.unsure, np.nan, fewer.value)
    # A value between two unsure ones would be a line of no length.
    doubted = fewer.unsure | np.roll(fewer.unsure, 1) | np.roll(fewer.unsure, -1)
    unsure = np.where(doubted, fewer.value, np.nan)
    panel.plot(fewer.t_s, unsure, color=colour, alpha=0.6, linewidth=0.8, linestyle=(0, (2, 1.2)))
    panel.plot(fewer.t_s, sure, color=colour, linewidth=1.0)


def draw_gaps(panel: "Axes", gaps: Sequence[tuple[float, float, str]], duration_s: float) -> None:
    """Hatch stretches without a value, with the reason where it fits.

    Parameters
    ----------
    panel : Axes
        The panel.
    gaps : sequence of (float, float, str)
        Start and stop in session seconds, and the reason.
    duration_s : float
        Length of the session.
    """
    for start_s, stop_s, reason in gaps:
        panel.axvspan(start_s, stop_s, facecolor="none", edgecolor=DIM, hatch=HATCH, linewidth=0, alpha=0.55)
        # A word must fit into its gap, at about 75 characters over the whole width.
        if reason and (stop_s - start_s) / max(duration_s, 1.0) * 75.0 > len(reason):
            panel.text(
                0.5 * (start_s + stop_s),
                0.5,
                reason,
                transform=panel.get_xaxis_transform(),
                ha="center",
                va="center",
                fontsize=SMALL,
                color=TEXT,
                parse_math=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )


def write_nothing(panel: "Axes") -> None:
    """Say that there is nothing to draw.

    Parameters
    ----------
    panel : Axes
        The panel.
    """
    panel.text(
        0.5, 0.5, "not available", transform=panel.transAxes, ha="center", va="center", fontsize=8, color=DIM
    )
    panel.set_yticks([])


def write_title(panel: "Axes", text: str, *, notes: bool = False) -> None:
    """Give a panel its title.

    Parameters
    ----------
    panel : Axes
        The panel.
    text : str
        The title, taken as it is.
    notes : bool, default False
        Whether numbers of notes stand between title and panel.
    """
    # A place of its own: to find one, every tick would be measured, which takes longer than drawing it.
    panel.set_title(
        text, loc="left", fontsize=9, color=TEXT, y=1.0, pad=_PAD_OF_NOTES if notes else 4, parse_math=False
    )


def quieten(panel: "Axes") -> None:
    """Leave of a panel only what is needed to read rows.

    Parameters
    ----------
    panel : Axes
        The panel.
    """
    panel.tick_params(colors=TEXT, labelsize=8, length=0)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
    panel.spines["bottom"].set_color(GRID)


def draw_time_axis(panel: "Axes", duration_s: float) -> None:
    """Put session time below a panel.

    Parameters
    ----------
    panel : Axes
        The panel.
    duration_s : float
        Length of the session.
    """
    end_s = duration_s if math.isfinite(duration_s) and duration_s > 0.0 else 60.0
    panel.set_xlim(0.0, end_s)
    step_s = next((step for step in _STEPS_S if end_s / step <= 9.0), 4.0 * 3600.0)
    panel.xaxis.set_major_locator(MultipleLocator(step_s))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda at_s, _: format_clock(at_s)))
    panel.set_xlabel("session time", fontsize=8, color=DIM)
    panel.tick_params(axis="x", colors=DIM, labelsize=8, length=3)
