"""What the time line shows, worked out from its cells: stretches, pixel columns, minutes, ticks. Knows no Qt."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.board.rings import FloatArray
from monitor.board.timeline import CELL_S, REASONS
from monitor.board.zones import ZONES
from monitor.core.results import Reason

BoolArray = NDArray[np.bool_]

NA, WITHIN, ABOVE, BELOW = (ZONES.index(zone) for zone in ("na", "within", "above", "below"))
LONGEST_READING_S = 90.0
"""Longest time a reading of synchrony stands for."""

TICKS_S = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600)
LEAST_LIMIT_SD, GREATEST_LIMIT_SD = 4.0, 8.0


class Segment(NamedTuple):
    """A stretch of cells that say the same.

    Parameters
    ----------
    start_s, stop_s : float
        Session time in seconds.
    zone : str
        One of `monitor.board.zones.ZONES`.
    reason : str
        Why it is ``na``; empty otherwise.
    """

    start_s: float
    stop_s: float
    zone: str
    reason: str


def segments_of(cells: FloatArray) -> list[Segment]:
    """Join cells that say the same.

    Parameters
    ----------
    cells : ndarray of float64, shape (4, n)
        As in `monitor.views.timeline.overview.Overview.cells`.

    Returns
    -------
    list of Segment
        In the order of time, without a hole: where cells are absent there is no data.
    """
    t_s, _, zone, reason = cells
    if t_s.size == 0:
        return []
    why = np.where(zone == NA, reason, 0.0)
    apart = np.diff(t_s) > 1.5 * CELL_S
    change = (np.diff(zone) != 0) | (np.diff(why) != 0) | apart
    starts = np.concatenate(([0], np.flatnonzero(change) + 1)).tolist()
    stops = [*starts[1:], t_s.size]
    half = CELL_S / 2
    out: list[Segment] = []
    for start, stop in zip(starts, stops, strict=True):
        begin_s = float(t_s[start]) - half
        if out and begin_s - out[-1].stop_s > half:
            out.append(Segment(out[-1].stop_s, begin_s, "na", Reason.NO_DATA.value))
        code = REASONS[int(why[start])].value
        out.append(Segment(begin_s, float(t_s[stop - 1]) + half, ZONES[int(zone[start])], code))
    return out


class Columns(NamedTuple):
    """What each pixel column of a row shows.

    Parameters
    ----------
    above, below, missing : ndarray of bool, shape (width,)
        Whether a cell of the column lies there; ``missing`` where all of its cells do, or one is absent between
        others.
    low, high : ndarray of float64, shape (width,)
        Range of arousal in reference SD; NaN where there is none.
    """

    above: BoolArray
    below: BoolArray
    missing: BoolArray
    low: FloatArray
    high: FloatArray


def columns_of(cells: FloatArray, span_s: float, width: int) -> Columns:
    """Gather cells into pixel columns: an excursion shorter than a pixel still shows.

    Parameters
    ----------
    cells : ndarray of float64, shape (4, n)
        As in `monitor.views.timeline.overview.Overview.cells`.
    span_s : float
        Session time at the right edge in seconds; the left edge is 0.
    width : int
        Pixels.

    Returns
    -------
    Columns
        One entry per pixel.
    """
    t_s, arousal, zone, _ = cells
    edges = np.arange(width + 1) * (span_s / max(1, width))
    # A cell that only touches an edge of the column is none of it.
    first = np.searchsorted(t_s + CELL_S / 2, edges[:-1] + 1e-9, side="right")
    stop = np.searchsorted(t_s - CELL_S / 2, edges[1:] - 1e-9, side="left")
    stop = np.maximum(first, stop)

    def _count(flags: BoolArray) -> NDArray[np.int64]:
        total = np.concatenate(([0], np.cumsum(flags, dtype=np.int64)))
        return np.asarray(total[stop] - total[first], np.int64)

    n = stop - first
    known = np.isfinite(arousal)
    low, high = _ranges(arousal, known, first, stop, _count(known) > 0)
    inside = np.zeros(width, np.bool_)
    if t_s.size:
        inside = (edges[1:] > t_s[0] - CELL_S / 2) & (edges[:-1] < t_s[-1] + CELL_S / 2)
    return Columns(
        above=_count(zone == ABOVE) > 0,
        below=_count(zone == BELOW) > 0,
        missing=inside & (_count(zone == NA) == n),
        low=low,
        high=high,
    )


def _ranges(
    arousal: FloatArray, known: BoolArray, first: NDArray[np.intp], stop: NDArray[np.intp], some: BoolArray
) -> tuple[FloatArray, FloatArray]:
    low, high = np.full(some.size, np.nan), np.full(some.size, np.nan)
    at = np.flatnonzero(some)
    if at.size == 0:
        return low, high
    # Pairs of bounds; what lies between two pairs is worked out too and thrown away.
    bounds = np.stack((first[at], stop[at]), axis=1).ravel()
    for out, fill, reduce in ((low, np.inf, np.minimum), (high, -np.inf, np.maximum)):
        padded = np.append(np.where(known, arousal, fill), fill)
        out[at] = reduce.reduceat(padded, bounds)[::2]
    return low, high


def runs_of(flags: BoolArray) -> list[tuple[int, int]]:
    """Return where flags stand.

    Parameters
    ----------
    flags : ndarray of bool, shape (n,)
        Any.

    Returns
    -------
    list of (int, int)
        First and one past the last of each run.
    """
    steps = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return list(zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True))


def limit_of(rows: list[FloatArray]) -> float:
    """Choose the range of arousal, the same for all rows and on both sides of zero.

    Parameters
    ----------
    rows : list of ndarray of float64, shape (4, n)
        Cells.

    Returns
    -------
    float
        Whole reference SD, 4 to 8; what lies beyond is drawn at the edge.
    """
    highest = LEAST_LIMIT_SD
    for cells in rows:
        known = cells[1][np.isfinite(cells[1])]
        if known.size:
            highest = max(highest, math.ceil(float(np.abs(known).max())))
    return min(highest, GREATEST_LIMIT_SD)


class Minutes(NamedTuple):
    """How much of the session is known, and how much of that lay within.

    Parameters
    ----------
    valid : float
        Minutes with a zone.
    within : float
        Share of them within the range; NaN when there are none.
    above, below : int
        Number of stretches beyond each edge.
    missing : float
        Minutes without a zone, from the first cell to the last.
    """

    valid: float
    within: float
    above: int
    below: int
    missing: float


def minutes_of(cells: FloatArray) -> Minutes:
    """Count minutes and stretches.

    Parameters
    ----------
    cells : ndarray of float64, shape (4, n)
        As in `monitor.views.timeline.overview.Overview.cells`.

    Returns
    -------
    Minutes
        The counts.
    """
    zone = cells[2]
    valid = int(np.count_nonzero(zone != NA))
    within = np.count_nonzero(zone == WITHIN) / valid if valid else math.nan
    missing_s = sum(s.stop_s - s.start_s for s in segments_of(cells) if s.zone == "na")
    counts = (len(runs_of(zone == ABOVE)), len(runs_of(zone == BELOW)))
    return Minutes(valid * CELL_S / 60.0, within, *counts, missing_s / 60.0)


def cell_at(cells: FloatArray, t_s: float) -> tuple[str, str] | None:
    """Return the cell at a moment.

    Parameters
    ----------
    cells : ndarray of float64, shape (4, n)
        As in `monitor.views.timeline.overview.Overview.cells`.
    t_s : float
        Session time in seconds.

    Returns
    -------
    (str, str) or None
        Zone and reason; no data between others; None before the first and after the last.
    """
    times = cells[0]
    if times.size == 0 or not times[0] - CELL_S / 2 <= t_s < times[-1] + CELL_S / 2:
        return None
    k = int(np.searchsorted(times + CELL_S / 2, t_s, side="right"))
    if t_s < times[k] - CELL_S / 2:
        return "na", Reason.NO_DATA.value
    zone = ZONES[int(cells[2, k])]
    return zone, REASONS[int(cells[3, k])].value if zone == "na" else ""


class Span(NamedTuple):
    """Where synchrony lay beside chance.

    Parameters
    ----------
    start_s, stop_s : float
        Session time in seconds.
    place : str
        ``above, within, below``.
    sure : bool
        Whether its status is OK.
    """

    start_s: float
    stop_s: float
    place: str
    sure: bool


def spans_of(rows: FloatArray) -> list[Span]:
    """Join readings that lie in the same place.

    Parameters
    ----------
    rows : ndarray of float64, shape (5, n)
        As in `monitor.views.traces.Traces.synchrony`.

    Returns
    -------
    list of Span
        In the order of time; what is not available is left out.
    """
    out: list[Span] = []
    before_s = math.nan
    for t_s, z, lo, hi, sure in rows.T.tolist():
        step_s = t_s - before_s if t_s - before_s <= LONGEST_READING_S else LONGEST_READING_S / 3
        before_s = t_s
        if not (math.isfinite(z) and math.isfinite(lo) and math.isfinite(hi)):
            continue
        place = "above" if z > hi else "below" if z < lo else "within"
        span = Span(max(0.0, t_s - step_s), t_s, place, sure > 0)
        last = out[-1] if out else None
        if last is not None and last[2:] == span[2:] and span.start_s - last.stop_s < 1e-6:
            out[-1] = last._replace(stop_s=t_s)
        else:
            out.append(span)
    return out


def ticks_of(span_s: float, most: int) -> list[float]:
    """Choose the moments named on the axis.

    Parameters
    ----------
    span_s : float
        Session time at the right edge in seconds.
    most : int
        Most labels there is room for.

    Returns
    -------
    list of float
        Session seconds, from 0 on, in even steps.
    """
    whole = TICKS_S[-1] * max(1, math.ceil(span_s / max(1, most) / TICKS_S[-1]))
    step = next((s for s in TICKS_S if span_s / s < max(1, most)), whole)
    return [float(k * step) for k in range(math.floor(span_s / step + 1e-9) + 1)]


def label_places(marks: list[tuple[float, float]], width: float) -> list[bool]:
    """Say which labels have room, from left to right.

    Parameters
    ----------
    marks : list of (float, float)
        Where each label begins and how wide it is, ascending.
    width : float
        Where the room ends.

    Returns
    -------
    list of bool
        Whether the label reaches neither the next mark nor the end; a later mark at the same place has none.
    """
    ends = ([start for start, _ in marks] + [width])[1:]
    return [start + wide <= end for (start, wide), end in zip(marks, ends, strict=True)]
