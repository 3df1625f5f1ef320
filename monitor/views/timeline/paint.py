"""Painting of the time line: a handful of calls per row, however long the session is."""

import math
from collections.abc import Callable

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient, QPainter, QPen, QPolygonF

from monitor.board.rings import FloatArray
from monitor.views.bands.backdrop import REACH_SD, STOPS, Edge
from monitor.views.theme import Theme
from monitor.views.timeline.model import (
    Columns,
    columns_of,
    label_places,
    limit_of,
    runs_of,
    ticks_of,
)
from monitor.views.timeline.plan import Box, MarkTick, PersonRow, Picture, Plan, SignalRow, plan_of

GROUND_OPACITY = 0.30
BLOCK_OPACITY = 0.85
FINE_PIXELS = 1.5
SHOWN_MARK = "▸ "
MARGIN_PX = 5.0
"""Between labels and the edge, where the focus is drawn."""

MOST_LABEL = 0.16
"""Widest share of the width the labels on the left take."""

MOST_SAID = 0.35
"""The same for what stands on the right; where it would take more, it is left out."""

TICK_SPACE = 1.6
"""Room of a label of the axis, in its own width."""


def clock_hm(t_s: float) -> str:
    """Write a moment in hours and minutes.

    Parameters
    ----------
    t_s : float
        Session time in seconds.

    Returns
    -------
    str
        Such as ``01:05``.
    """
    hours, minutes = divmod(round(t_s) // 60, 60)
    return f"{hours:02d}:{minutes:02d}"


class Brushes:
    """Pens and brushes of a theme.

    Parameters
    ----------
    theme : Theme
        Colours.
    """

    def __init__(self, theme: Theme) -> None:
        self.text, self.dim, self.line = QColor(theme.text), QColor(theme.dim), QColor(theme.line)
        self.panel = QColor(theme.panel)
        self.beyond = QColor(theme.beyond)
        block = QColor(theme.beyond)
        block.setAlphaF(BLOCK_OPACITY)
        self.block = QBrush(block)
        # Both sides have one colour; hatching tells them apart where the place alone might not.
        self.above = QBrush(QColor(theme.dim), Qt.BrushStyle.FDiagPattern)
        self.below = QBrush(QColor(theme.dim), Qt.BrushStyle.HorPattern)
        self.gap = QBrush(QColor(theme.dim), Qt.BrushStyle.BDiagPattern)
        self.trail = QPen(QColor(theme.trail), 1.0)
        self.trail.setCosmetic(True)
        self.strong = QPen(QColor(theme.trail), 1.0)
        soft = QColor(theme.dim)
        soft.setAlphaF(0.45)
        self.soft = QBrush(soft)
        self.within = QBrush(QColor(theme.line))


def planned(picture: Picture, metrics: QFontMetricsF, width: int, *, compact: bool) -> Plan:
    """Lay out a picture.

    Parameters
    ----------
    picture : Picture
        What.
    metrics : QFontMetricsF
        Of the font of the labels.
    width : int
        Pixels there are.
    compact : bool
        Whether the window is low.

    Returns
    -------
    Plan
        Where each row lies.
    """
    space, half_clock = 2 * metrics.averageCharWidth(), metrics.horizontalAdvance("00:00") / 2
    names = [row.label for row in picture.signals]
    names += [SHOWN_MARK + row.label if row.shown else row.label for row in picture.people]
    labels = [metrics.horizontalAdvance(name) for name in names]
    said = max((metrics.horizontalAdvance(row.said) for row in picture.people), default=0.0)
    left = min(max(labels, default=0.0) + space + MARGIN_PX, MOST_LABEL * width)
    right = said + space + MARGIN_PX if said < MOST_SAID * width else 0.0
    return plan_of(
        len(picture.people),
        len(picture.signals),
        line=metrics.height(),
        compact=compact,
        left=math.ceil(max(left, half_clock)),
        right=width - 1 - math.ceil(max(right, half_clock)),
        span_s=picture.span_s,
    )


def paint_picture(painter: QPainter, picture: Picture, plan: Plan, brushes: Brushes) -> None:
    """Paint everything that does not move.

    Parameters
    ----------
    painter : QPainter
        Where; its font is that of the labels.
    picture : Picture
        What.
    plan : Plan
        Where each row lies.
    brushes : Brushes
        Colours.
    """
    limit = limit_of([row.cells for row in picture.people])
    metrics = QFontMetricsF(painter.font())
    for row, box in zip(picture.people, plan.people, strict=True):
        _paint_person(painter, row, box, plan, brushes, limit)
        label = SHOWN_MARK + row.label if row.shown else row.label
        _label(painter, metrics, label, box, plan, brushes.text)
        right = plan.left + plan.width + metrics.averageCharWidth()
        painter.setPen(brushes.dim)
        painter.drawText(QPointF(right, _baseline(metrics, box)), row.said)
    _paint_marks(painter, metrics, picture.marks, plan, brushes)
    for signal, box in zip(picture.signals, plan.signals, strict=True):
        _paint_signal(painter, signal, box, plan, brushes)
        _label(painter, metrics, signal.label, box, plan, brushes.dim)
    _paint_axis(painter, metrics, plan, brushes)


def _baseline(metrics: QFontMetricsF, box: Box) -> float:
    return box.top + (box.height + metrics.ascent() - metrics.descent()) / 2


def _label(
    painter: QPainter, metrics: QFontMetricsF, text: str, box: Box, plan: Plan, colour: QColor
) -> None:
    room = plan.left - MARGIN_PX - metrics.averageCharWidth()
    painter.setPen(colour)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(MARGIN_PX, _baseline(metrics, box)), text)


def _paint_person(
    painter: QPainter, row: PersonRow, box: Box, plan: Plan, brushes: Brushes, limit: float
) -> None:
    width = max(1, math.ceil(plan.width))
    columns = columns_of(row.cells, plan.span_s, width)
    area = QRectF(plan.left, box.top, plan.width, box.height)
    painter.fillRect(area, brushes.panel)
    middle, scale = box.top + box.height / 2, box.height / (2 * limit)

    def y_of(arousal: FloatArray) -> FloatArray:
        return np.asarray(middle - scale * np.clip(arousal, -limit, limit), np.float64)

    for edge, sign in ((row.upper, 1.0), (row.lower, -1.0)):
        if edge is not None:
            _paint_ground(painter, area, edge, sign, y_of, brushes)
    half = box.height / 2
    _blocks(painter, runs_of(columns.above), plan.left, (box.top, half), (brushes.block, brushes.above))
    _blocks(painter, runs_of(columns.below), plan.left, (middle, half), (brushes.block, brushes.below))
    _blocks(painter, runs_of(columns.missing), plan.left, (box.top, box.height), (brushes.gap,))
    painter.setPen(QPen(brushes.line, 1.0, Qt.PenStyle.DotLine))
    painter.drawLine(QLineF(plan.left, middle, plan.left + plan.width, middle))
    _paint_line(painter, columns, plan.left, y_of, brushes)
    painter.setPen(brushes.line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)


def _paint_ground(
    painter: QPainter,
    area: QRectF,
    edge: Edge,
    sign: float,
    y_of: Callable[[FloatArray], FloatArray],
    brushes: Brushes,
) -> None:
    """Shade what lies beyond an edge, as soft as the edge is uncertain."""
    mean, sd = edge
    reach = sign * REACH_SD * max(sd, 1e-3)
    inner, outer = y_of(np.array([mean - reach, mean + reach])).tolist()
    gradient = QLinearGradient(QPointF(0.0, inner), QPointF(0.0, outer - sign * 1e-3))
    for share in np.linspace(0.0, 1.0, STOPS).tolist():
        colour = QColor(brushes.beyond)
        p = 0.5 * (1.0 + math.erf((2.0 * share - 1.0) * REACH_SD / math.sqrt(2.0)))
        colour.setAlphaF(GROUND_OPACITY * p)
        gradient.setColorAt(share, colour)
    painter.fillRect(area, QBrush(gradient))


def _blocks(
    painter: QPainter,
    runs: list[tuple[int, int]],
    left: float,
    place: tuple[float, float],
    brushes: tuple[QBrush, ...],
) -> None:
    if not runs:
        return
    top, height = place
    boxes = [QRectF(left + start, top, stop - start, height) for start, stop in runs]
    painter.setPen(Qt.PenStyle.NoPen)
    for brush in brushes:
        painter.setBrush(brush)
        painter.drawRects(boxes)


def _paint_line(
    painter: QPainter,
    columns: Columns,
    left: float,
    y_of: Callable[[FloatArray], FloatArray],
    brushes: Brushes,
) -> None:
    painter.setPen(brushes.trail)
    # Qt strokes a line of one pixel far faster than any wider one: where pixels are small it is drawn twice.
    ratio = painter.device().devicePixelRatio()
    shifts = (0.0,) if ratio < FINE_PIXELS else (0.0, 1.0 / ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    high, low = y_of(columns.high), y_of(columns.low)
    # A range that cannot be told from a point is one, or the line would be drawn twice as thick.
    flat = np.abs(low - high) < 1.0
    low[flat] = high[flat] = (low[flat] + high[flat]) / 2
    y = np.stack((low, high), axis=1).ravel()
    x = left + 0.5 + np.repeat(np.arange(low.size, dtype=np.float64), 2)
    for start, stop in runs_of(np.isfinite(low)):
        # A single column is a dash of one pixel.
        x[2 * stop - 1] += float(stop - start == 1)
        pair = slice(2 * start, 2 * stop)
        for shift in shifts:
            painter.drawPolyline(arrayToQPolygonF(x[pair], y[pair] + shift))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_marks(
    painter: QPainter, metrics: QFontMetricsF, marks: list[MarkTick], plan: Plan, brushes: Brushes
) -> None:
    box, space = plan.marks, metrics.averageCharWidth() / 2
    seen: set[tuple[int, str]] = set()
    lines: list[QLineF] = []
    labels: list[tuple[float, float, str]] = []
    painter.setPen(brushes.strong)
    painter.setBrush(brushes.trail.color())
    size = min(box.height * 0.32, 5.0)
    for mark in marks:
        x = plan.x_of(mark.t_s)
        place = (int(x), mark.kind)
        if place in seen or not plan.left <= x <= plan.left + plan.width:
            continue
        seen.add(place)
        if mark.kind == "mark":
            y = box.top + box.height / 2
            corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        else:
            lines.append(QLineF(x, box.top + 1, x, box.top + box.height - 1))
        start = x + (size if mark.kind == "mark" else 0.0) + space
        labels.append((start, metrics.horizontalAdvance(mark.label) + 2 * space, mark.label))
    if lines:
        painter.setPen(QPen(brushes.trail.color(), 2.0))
        painter.drawLines(lines)
    painter.setPen(brushes.text)
    room = label_places([(start, wide) for start, wide, _ in labels], plan.left + plan.width)
    for (start, _, label), fits in zip(labels, room, strict=True):
        if fits:
            painter.drawText(QPointF(start, _baseline(metrics, box)), label)


def _paint_signal(painter: QPainter, signal: SignalRow, box: Box, plan: Plan, brushes: Brushes) -> None:
    painter.fillRect(QRectF(plan.left, box.top, plan.width, box.height), brushes.panel)
    third = box.height / 3
    for place, top in (("above", 0.0), ("within", third), ("below", 2 * third)):
        for sure in (True, False):
            found = [
                QRectF(plan.x_of(s.start_s), box.top + top, plan.x_of(s.stop_s) - plan.x_of(s.start_s), third)
                for s in signal.spans
                if s.place == place and s.sure == sure
            ]
            if not found:
                continue
            strong = QBrush(brushes.trail.color(), _style(sure=sure))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(strong if place != "within" else brushes.soft)
            painter.drawRects(found)
    painter.setPen(brushes.line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(plan.left, box.top, plan.width, box.height))


def _style(*, sure: bool) -> Qt.BrushStyle:
    return Qt.BrushStyle.SolidPattern if sure else Qt.BrushStyle.Dense5Pattern


def _paint_axis(painter: QPainter, metrics: QFontMetricsF, plan: Plan, brushes: Brushes) -> None:
    wide = metrics.horizontalAdvance("00:00")
    ticks = ticks_of(plan.span_s, math.floor(plan.width / (TICK_SPACE * wide)))
    painter.setPen(brushes.line)
    top = plan.axis.top
    painter.drawLines([QLineF(plan.x_of(t), top, plan.x_of(t), top + 3) for t in ticks])
    painter.setPen(brushes.dim)
    for t_s in ticks:
        x = min(max(plan.x_of(t_s) - wide / 2, plan.left - wide / 2), plan.left + plan.width - wide)
        painter.drawText(QPointF(x, top + 2 + metrics.ascent()), clock_hm(t_s))
