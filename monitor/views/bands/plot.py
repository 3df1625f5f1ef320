"""The band of one participant: arousal of the last minutes between the two edges of their own range."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from monitor.board.rings import FloatArray
from monitor.board.snapshot import ZoneView
from monitor.views.bands.backdrop import REACH_SD, Backdrop, Edge
from monitor.views.bands.words import PLOT_TITLE, edge_label
from monitor.views.lines import tr
from monitor.views.theme import LIGHT, Theme, points

TRAIL_S = 300.0
LATE_S = 18.0
"""Distance of the newest second of the trail from now beyond which something is missing."""

MAX_POINTS = 450
LEAST_SD = 4.0
TICKS_MIN: dict[float, tuple[int, ...]] = {
    300.0: (4, 3, 2, 1),
    900.0: (12, 9, 6, 3),
    3600.0: (50, 40, 30, 20, 10),
}
"""Marks of the time axis in minutes before now, by the seconds shown."""

DOT_PX, LINE_PX = 14.0, 2.0
SMALL = 0.9
"""Size of text in a plot relative to that of the application."""

FONT_EVENTS = (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange)

LEAST_TITLE = 0.4
"""Share of the title that must be seen for it to be shown at all."""


class BandPlot(pg.PlotWidget):  # type: ignore[misc]
    """Arousal against time, with both edges.

    Parameters
    ----------
    large : bool, default False
        Whether it is to be read from across a room: without the axis of SD and without a title.
    """

    _ready = False

    def __init__(self, *, large: bool = False) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(40 if large else 110)
        item = self.getPlotItem()
        self._axes = [item.getAxis("left"), item.getAxis("bottom")]
        if large:
            item.hideAxis("left")
        view = item.getViewBox()
        view.disableAutoRange()
        view.setDefaultPadding(0.0)
        self._backdrop = Backdrop(view)
        self.curve = pg.PlotCurveItem(antialias=True)
        # A dense wide stroke takes five times as long to paint in one piece.
        self.curve.setSegmentedLineMode("on")
        self.dot = pg.PlotCurveItem(antialias=True, connect="pairs")
        self.labels = {"upper": pg.TextItem(anchor=(0, 1)), "lower": pg.TextItem(anchor=(0, 0))}
        for part in (self.curve, self.dot, *self.labels.values()):
            self.addItem(part)
        self._title = pg.LabelItem("", justify="left")
        self._title.setParentItem(view)
        # The names of the edges stand on the left.
        self._title.anchor(itemPos=(1, 0), parentPos=(1, 0), offset=(-4, -2))
        self._title.setVisible(not large)
        self._large = large
        self._theme = LIGHT
        self._text_px = 0.0
        self._font = QFont()
        self._dot_px, self._line_px = DOT_PX, LINE_PX
        self._limit = 0.0
        self._scale = 1.0
        self.span_s = TRAIL_S
        self.missing: list[tuple[float, float]] = []
        self.reasons: list[str] = []
        self._written_px = 0
        self._ready = True
        self.show_span(TRAIL_S)

    def sizeHint(self) -> QSize:
        """Return a small size: the layout shares out the rest.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(320, 160)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave out marks of the time axis where there is no room for them.

        Parameters
        ----------
        event : QResizeEvent or None
            Not used; pyqtgraph gives none at first.
        """
        super().resizeEvent(event)
        if self._ready and self.width() != self._written_px:
            self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size of the application.

        Parameters
        ----------
        event : QEvent
            What changed.
        """
        super().changeEvent(event)
        if self._ready and event.type() in FONT_EVENTS:
            self._write()

    def show_span(self, span_s: float) -> None:
        """Choose how far back the trail goes.

        Parameters
        ----------
        span_s : float
            Seconds, one of `SPANS_MIN` in minutes.
        """
        self.span_s = span_s
        self.getPlotItem().getViewBox().setXRange(-span_s, 0.0, padding=0)
        self._write()

    def enlarge(self, text_px: float, dot_px: float) -> None:
        """Choose the size of text and of the present place, for a plot that is read from afar.

        Parameters
        ----------
        text_px : float
            Height of the text in pixels.
        dot_px : float
            Width of the dot in pixels.
        """
        if (text_px, dot_px) != (self._text_px, self._dot_px):
            self._text_px, self._dot_px, self._line_px = text_px, dot_px, max(LINE_PX, dot_px / 6.0)
            self.paint_with(self._theme)
            self._write()

    def _write(self) -> None:
        """Write all text in its size, with as many marks of time as fit."""
        self._written_px = self.width()
        font = QFont(self.font())
        if self._text_px:
            font.setPixelSize(max(1, round(self._text_px)))
        else:
            font.setPointSizeF(points(SMALL))
        self._font, metrics = font, QFontMetricsF(font)
        now = tr("now")
        words = [(-60.0 * m, tr("−{minutes} min").format(minutes=m)) for m in TICKS_MIN[self.span_s]]
        wide = max(metrics.horizontalAdvance(text) for _, text in words) * 1.4
        # Of marks that do not all fit every second is left, and the farthest stands for all of them at last.
        most = max(1.0, (self.width() - 60.0) / wide)
        while len(words) > 1 and len(words) + 1 > most:
            words = words[::2]
        edge_px = round(metrics.horizontalAdvance(now) / 2.0) + 2
        self._axes[1].setStyle(hideOverlappingLabels=edge_px)
        self._axes[1].setTickFont(font)
        self._axes[1].setTicks([[*words, (0.0, now)]])
        self._axes[1].setHeight(metrics.height() + 6.0)
        self._axes[0].setTickFont(font)
        self._axes[0].setWidth(max(52.0, metrics.horizontalAdvance("−4") + 34.0))
        self.getPlotItem().setContentsMargins(2 if self._large else 0, 4, max(16, edge_px), 0)
        for label in self.labels.values():
            label.setFont(font)
        self._backdrop.write_with(font)
        self._name()

    def _name(self) -> None:
        text = tr(PLOT_TITLE).format(minutes=round(self.span_s / 60.0))
        metrics = QFontMetrics(self._font)
        edge = metrics.horizontalAdvance(tr(edge_label("upper", provisional=True)))
        room = self.width() - round(self._axes[0].width()) - 30 - edge
        # A few letters of it would say nothing.
        enough = room >= LEAST_TITLE * metrics.horizontalAdvance(text)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) if enough else ""
        self._title.setText(text, color=QColor(self._theme.dim), size=f"{points(SMALL):.1f}pt")

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._theme = theme
        self.setBackground(theme.panel)
        for axis in self._axes:
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.dim))
        # Widths of pens are in pixels of the screen, whatever it is scaled by.
        self._scale = self.devicePixelRatioF()
        line = pg.mkPen(theme.trail, width=self._line_px * self._scale)
        line.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.curve.setPen(line)
        dot = pg.mkPen(theme.trail, width=self._dot_px * self._scale)
        dot.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.dot.setPen(dot)
        for label in self.labels.values():
            label.setColor(QColor(theme.text))
        self._name()
        self._backdrop.paint_with(theme)

    def draw(
        self,
        rows: FloatArray,
        zone: ZoneView,
        now_s: float,
        *,
        present: bool,
        why: Callable[[float, float], str] = lambda _start_s, _stop_s: "",
    ) -> None:
        """Draw the trail and the edges.

        Parameters
        ----------
        rows : ndarray of float64, shape (2, n)
            Session seconds and arousal of what may be shown, NaN where missing.
        zone : ZoneView
            The newest reading, for its edges.
        now_s : float
            Session time in seconds at the right edge.
        present : bool
            Whether the newest row is the present state.
        why : callable, optional
            Gives the reason of a gap in words, from its first and last second before now.
        """
        if self.devicePixelRatioF() != self._scale:
            self.paint_with(self._theme)
        t_s, arousal = rows[0] - now_s, rows[1]
        self.curve.setData(*thinned(t_s, arousal, now_s, self.span_s), connect="finite")
        # While a window catches up with a long session its newest row is not yet that of the reading.
        new_s = zone["t_centre_s"] - now_s - 0.5
        here = present and t_s.size > 0 and bool(t_s[-1] >= new_s) and bool(np.isfinite(arousal[-1]))
        # A stroke of no length is not drawn; one of a hundredth of a pixel or so with a round end is a dot.
        ends = np.array([0.0, self.span_s * 3e-5])
        self.dot.setData(t_s[-1] + ends, arousal[[-1, -1]]) if here else self.dot.clear()
        self.missing = gaps_of(t_s, arousal)
        self.reasons = [why(start, stop) for start, stop in self.missing]
        upper, lower = (
            _edge(zone["upper_mean"], zone["upper_sd"]),
            _edge(zone["lower_mean"], zone["lower_sd"]),
        )
        self._fit(upper, lower, arousal)
        self._backdrop.put(upper, lower, self.missing, self.reasons)
        for side, edge in (("upper", upper), ("lower", lower)):
            label = self.labels[side]
            label.setVisible(edge is not None)
            if edge is not None:
                text = edge_label(side, provisional=zone["provisional"], say=tr)
                if text != label.toPlainText():
                    label.setPlainText(text)
                label.setPos(-self.span_s, edge[0])

    def _fit(self, upper: Edge | None, lower: Edge | None, arousal: FloatArray) -> None:
        """Show the same range on both sides of the reference, in whole SD."""
        needs = [abs(mean) + REACH_SD * sd for mean, sd in (e for e in (upper, lower) if e is not None)]
        finite = arousal[np.isfinite(arousal)]
        if finite.size:
            needs.append(float(np.abs(finite).max()) + 0.3)
        limit = float(math.ceil(max(LEAST_SD, *needs))) if needs else LEAST_SD
        if limit != self._limit:
            self._limit = limit
            self.getPlotItem().getViewBox().setYRange(-limit, limit, padding=0)


def thinned(
    t_s: FloatArray, arousal: FloatArray, now_s: float, span_s: float
) -> tuple[FloatArray, FloatArray]:
    """Take means over a few seconds of a long trail, which costs far less to draw.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Ascending seconds before now.
    arousal : ndarray of float64, shape (n,)
        NaN where missing.
    now_s : float
        Session time in seconds, so that the same seconds stay together as time goes on.
    span_s : float
        Seconds shown.

    Returns
    -------
    t_s, arousal : ndarray of float64, shape (m,)
        At most about `MAX_POINTS`; missing where any second of a mean is. The newest second stays as it is.
    """
    step_s = math.ceil(span_s / MAX_POINTS)
    if step_s < 2 or t_s.size < 2:
        return t_s, arousal
    first = np.flatnonzero(np.diff(np.floor((t_s + now_s) / step_s), prepend=-np.inf))
    n = np.diff(first, append=t_s.size)
    means = [np.add.reduceat(x, first) / n for x in (t_s, arousal)]
    return np.append(means[0], t_s[-1]), np.append(means[1], arousal[-1])


def _edge(mean: float | None, sd: float | None) -> Edge | None:
    return None if mean is None or sd is None else (mean, sd)


def gaps_of(t_s: FloatArray, arousal: FloatArray) -> list[tuple[float, float]]:
    """Find the stretches of a trail in which nothing is known.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Ascending seconds before now, at most 0.
    arousal : ndarray of float64, shape (n,)
        NaN where missing.

    Returns
    -------
    list of (float, float)
        From half a second after the last value to half a second before the next; up to now when the last
        value is older than usual. What lies before the first row was never measured and is no gap.
    """
    known = t_s[np.isfinite(arousal)]
    if t_s.size == 0:
        return []
    bounds = np.concatenate(([t_s[0] - 1.0], known, [0.0]))
    found = [(a + 0.5, b - 0.5) for a, b in pairwise(bounds[:-1].tolist()) if b - a > 1.5]
    if -bounds[-2] > LATE_S:
        found.append((float(bounds[-2]) + 0.5, 0.0))
    return found
