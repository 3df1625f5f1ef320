"""The charts of the page about one session: coverage, bands, markers, similarity beside chance."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from scipy.special import ndtr

from monitor.figures.inline import inline_svg, panels
from monitor.figures.session_parts import (
    HATCH,
    SMALL,
    Line,
    draw_gaps,
    draw_line,
    draw_time_axis,
    quieten,
    write_nothing,
    write_title,
)
from monitor.figures.style import ABOVE, BAND, BELOW, DIM, GRID, HEART, SKIN, TEXT, soften

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_Floats = NDArray[np.float64]

_LEVELS = 14


class Band(NamedTuple):
    """One person's arousal against their edges.

    Parameters
    ----------
    title : str
        Whose it is.
    line : Line
        Arousal in reference SD.
    upper, lower : tuple of float
        Mean and uncertainty of each edge.
    gaps : sequence of (float, float, str)
        Stretches without a value, with the reason.
    excursions : sequence of (str, float, float)
        Zone, start and stop.
    notes : sequence of (float, int)
        Moment and number of each note.
    """

    title: str
    line: Line
    upper: tuple[float, float]
    lower: tuple[float, float]
    gaps: Sequence[tuple[float, float, str]]
    excursions: Sequence[tuple[str, float, float]]
    notes: Sequence[tuple[float, int]]


class Row(NamedTuple):
    """A row of the picture of coverage.

    Parameters
    ----------
    title : str
        Whose signal.
    valid, unsure, missing : sequence of (float, float)
        Stretches in session seconds.
    """

    title: str
    valid: Sequence[tuple[float, float]]
    unsure: Sequence[tuple[float, float]]
    missing: Sequence[tuple[float, float]]


class Marker(NamedTuple):
    """A marker over time.

    Parameters
    ----------
    title, unit : str
        What it is.
    line : Line
        Its values.
    gaps : sequence of (float, float, str)
        Stretches without a value, with the reason.
    """

    title: str
    unit: str
    line: Line
    gaps: Sequence[tuple[float, float, str]]


class Chance(NamedTuple):
    """Similarity of two people in one signal beside its chance band.

    Parameters
    ----------
    title : str
        The signal.
    line : Line
        z at the end of each segment.
    low, high : ndarray of float64, shape (n,)
        The chance band.
    gaps : sequence of (float, float, str)
        Stretches without a value.
    """

    title: str
    line: Line
    low: _Floats
    high: _Floats
    gaps: Sequence[tuple[float, float, str]]


def draw_coverage(rows: Sequence[Row], duration_s: float, name: str, label: str) -> str:
    """Draw when each signal of each person was there.

    Parameters
    ----------
    rows : sequence of Row
        From above.
    duration_s : float
        Length of the session.
    name, label : str
        See `monitor.figures.inline.inline_svg`.

    Returns
    -------
    str
        An ``svg`` element.
    """
    figure, (panel,) = panels(1, (0.19 * len(rows) + 0.1,), left_in=1.95, top_in=0.1)
    for place, row in enumerate(rows):
        for stretches, look in (
            (row.valid, {"facecolor": BAND}),
            (row.unsure, {"facecolor": BAND, "alpha": 0.4}),
            (row.missing, {"facecolor": "none", "edgecolor": DIM, "hatch": HATCH}),
        ):
            spans = [(start, stop - start) for start, stop in stretches]
            panel.broken_barh(spans, (place - 0.32, 0.64), linewidth=0, **look)
    panel.set_yticks(range(len(rows)), [row.title for row in rows])
    for written in panel.get_yticklabels():
        written.set_parse_math(False)
    panel.set_ylim(len(rows) - 0.5, -0.5)
    write_title(panel, "")
    quieten(panel)
    draw_time_axis(panel, duration_s)
    return inline_svg(figure, name, label)


def draw_bands(bands: Sequence[Band], duration_s: float, name: str, label: str) -> str:
    """Draw one or more people's arousal against their own edges, on one time axis.

    Parameters
    ----------
    bands : sequence of Band
        From above.
    duration_s : float
        Length of the session.
    name, label : str
        See `monitor.figures.inline.inline_svg`.

    Returns
    -------
    str
        An ``svg`` element.
    """
    height = 2.1 if len(bands) == 1 else 1.6
    figure, axes = panels(len(bands), (height,) * len(bands), top_in=0.5)
    for panel, band in zip(axes, bands, strict=True):
        _draw_band(panel, band, duration_s)
    draw_time_axis(axes[-1], duration_s)
    return inline_svg(figure, name, label)


def draw_markers(markers: Sequence[Marker], duration_s: float, name: str, label: str) -> str:
    """Draw markers over time, as they were measured.

    Parameters
    ----------
    markers : sequence of Marker
        From above.
    duration_s : float
        Length of the session.
    name, label : str
        See `monitor.figures.inline.inline_svg`.

    Returns
    -------
    str
        An ``svg`` element.
    """
    figure, axes = panels(len(markers), (0.85,) * len(markers), top_in=0.28)
    for panel, marker, colour in zip(axes, markers, (HEART, HEART, SKIN, TEXT), strict=False):
        soften(panel, "", marker.unit)
        write_title(panel, marker.title)
        draw_gaps(panel, marker.gaps, duration_s)
        if np.isfinite(marker.line.value).any():
            draw_line(panel, marker.line, colour)
        else:
            write_nothing(panel)
        panel.yaxis.set_major_locator(MaxNLocator(nbins=4))
    draw_time_axis(axes[-1], duration_s)
    return inline_svg(figure, name, label)


def draw_chance(signals: Sequence[Chance], duration_s: float, name: str, label: str) -> str:
    """Draw similarity over the session so far beside what chance gives.

    Parameters
    ----------
    signals : sequence of Chance
        From above.
    duration_s : float
        Length of the session.
    name, label : str
        See `monitor.figures.inline.inline_svg`.

    Returns
    -------
    str
        An ``svg`` element.
    """
    figure, axes = panels(len(signals), (1.15,) * len(signals), top_in=0.3)
    for panel, signal in zip(axes, signals, strict=True):
        soften(panel, "", "z")
        write_title(panel, signal.title)
        draw_gaps(panel, signal.gaps, duration_s)
        t_s, known = signal.line.t_s, np.isfinite(signal.line.value)
        panel.fill_between(t_s, signal.low, signal.high, where=known, color=DIM, alpha=0.22, linewidth=0)
        panel.axhline(0.0, color=GRID, linewidth=0.8)
        if known.any():
            draw_line(panel, signal.line, TEXT)
            low, high = (float(f(signal.line.value[known])) for f in (np.min, np.max))
            panel.set_ylim(min(-3.0, low - 0.5), max(3.0, high + 0.5))
        else:
            write_nothing(panel)
        panel.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    draw_time_axis(axes[-1], duration_s)
    return inline_svg(figure, name, label)


def _draw_band(panel: "Axes", band: Band, duration_s: float) -> None:
    soften(panel, "", "reference SD")
    write_title(panel, band.title, notes=True)
    panel.grid(visible=False)
    known = band.line.value[np.isfinite(band.line.value)]
    low = min(band.lower[0] - 2.0 * band.lower[1], float(known.min()) - 0.3 if known.size else 0.0)
    high = max(band.upper[0] + 2.0 * band.upper[1], float(known.max()) + 0.3 if known.size else 0.0)
    panel.set_ylim(low, high)
    _draw_edge(panel, band.upper, (high - low) + abs(high), ABOVE, 1.0)
    _draw_edge(panel, band.lower, -(high - low) - abs(low), BELOW, -1.0)
    draw_gaps(panel, band.gaps, duration_s)
    if known.size:
        draw_line(panel, band.line, TEXT)
    else:
        write_nothing(panel)
    for zone, start_s, stop_s in band.excursions:
        at = 0.955 if zone == "above" else 0.0
        colour = ABOVE if zone == "above" else BELOW
        panel.axvspan(start_s, stop_s, at, at + 0.045, color=colour, linewidth=0)
    for edge, text in ((band.upper, "upper edge "), (band.lower, "lower edge ")):
        place = panel.get_yaxis_transform()
        panel.text(1.0, edge[0], text, transform=place, ha="right", va="bottom", fontsize=SMALL, color=DIM)
    _draw_notes(panel, band.notes, duration_s)


def _draw_edge(panel: "Axes", edge: tuple[float, float], far: float, colour: str, side: float) -> None:
    """Shade what lies beyond an edge, the more the surer it is beyond."""
    mean, sd = edge
    steps = np.linspace(-2.0, 2.0, _LEVELS + 1)
    for low, high in pairwise(steps.tolist()):
        ends = (mean + side * low * sd, mean + side * high * sd)
        alpha = 0.26 * float(ndtr(0.5 * (low + high)))
        panel.axhspan(min(ends), max(ends), color=colour, alpha=alpha, linewidth=0, antialiased=False)
    panel.axhspan(
        *sorted((mean + side * 2.0 * sd, far)), color=colour, alpha=0.26, linewidth=0, antialiased=False
    )
    panel.axhline(mean, color=colour, linewidth=0.7, linestyle=(0, (4, 3)))


def _draw_notes(panel: "Axes", notes: Sequence[tuple[float, int]], duration_s: float) -> None:
    written_s = -math.inf
    for t_s, place in notes:
        panel.plot(
            [t_s, t_s],
            [1.0, 1.05],
            transform=panel.get_xaxis_transform(),
            color=TEXT,
            linewidth=0.9,
            clip_on=False,
        )
        if t_s - written_s < 0.022 * duration_s:
            continue
        written_s = t_s
        panel.text(
            t_s,
            1.06,
            f"{place}",
            transform=panel.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=SMALL,
            color=TEXT,
        )
