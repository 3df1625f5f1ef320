"""The plane of one participant: vagal index to the right, skin conductance upwards; cloud, trail and present place."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from monitor.board.rings import FloatArray
from monitor.board.session_views import CloudView
from monitor.views.bands.plot import FONT_EVENTS, LEAST_SD, SMALL
from monitor.views.lines import Said
from monitor.views.plane.cloud import Cloud
from monitor.views.plane.items import Ground, Present
from monitor.views.plane.words import Place
from monitor.views.theme import LIGHT, Theme, points

TRAIL_S = 300.0
FADING = (0.85, 0.55, 0.36, 0.22, 0.12)
"""Depth of each part of the trail, the newest first."""

CLOUD_SD = 2.0
TOP_PX, RIGHT_PX = 4, 8


class PlanePlot(pg.PlotWidget):  # type: ignore[misc]
    """Skin conductance against the vagal index, both in SD from the person's own reference."""

    _ready = False

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self.getPlotItem()
        item.setContentsMargins(0, TOP_PX, RIGHT_PX, 0)
        self._axes = [item.getAxis("left"), item.getAxis("bottom")]
        view = item.getViewBox()
        view.disableAutoRange()
        view.setDefaultPadding(0.0)
        self.ground, self.cloud, self.present = Ground(view), Cloud(view), Present(view)
        self.trail = [pg.PlotCurveItem(antialias=True) for _ in FADING]
        for part in reversed(self.trail):
            part.setSegmentedLineMode("on")
            self.addItem(part)
        self._theme = LIGHT
        self._limit = 0.0
        self._scale = 1.0
        self._ready = True
        self._fit([])
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

    def _write(self) -> None:
        font = QFont(self.font())
        font.setPointSizeF(points(SMALL))
        metrics = QFontMetricsF(font)
        for axis in self._axes:
            axis.setTickFont(font)
        self._axes[0].setWidth(metrics.horizontalAdvance("−4") + 14.0)
        self._axes[1].setHeight(metrics.height() + 6.0)
        self.ground.write_with(font)
        self._number()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Write as many numbers as there is room for.

        Parameters
        ----------
        event : QResizeEvent or None
            Not used; pyqtgraph gives none at first.
        """
        super().resizeEvent(event)
        if self._ready:
            self._number()

    def around(self) -> QSize:
        """Return the room that axes and margins take from the plane.

        Returns
        -------
        QSize
            In pixels.
        """
        left, bottom = self._axes
        return QSize(round(left.width()) + RIGHT_PX, round(bottom.height()) + TOP_PX)

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
        self._scale = self.devicePixelRatioF()
        for part, depth in zip(self.trail, FADING, strict=True):
            part.setPen(
                pg.mkPen(_mixed(QColor(theme.trail), QColor(theme.panel), depth), width=2.0 * self._scale)
            )
        for item in (self.ground, self.cloud, self.present):
            item.paint_with(theme)

    def draw(self, rows: FloatArray, place: Place, cloud: CloudView | None, now_s: float) -> None:
        """Draw cloud, trail and place.

        Parameters
        ----------
        rows : ndarray of float64, shape (3, n)
            Grid second in session seconds, vagal and electrodermal score, NaN where missing.
        place : Place
            The present place.
        cloud : CloudView or None
            Where the reference seconds lie.
        now_s : float
            Session time in seconds, from which the trail fades.
        """
        if self.devicePixelRatioF() != self._scale:
            self.paint_with(self._theme)
        step_s = TRAIL_S / len(self.trail)
        for k, part in enumerate(self.trail):
            # One second in common, so that the line is not broken where its depth changes.
            bounds = [now_s - (k + 1) * step_s - 1.0, now_s - k * step_s]
            first, last = np.searchsorted(rows[0], bounds, side="right")
            x, y = rows[1, first:last], rows[2, first:last]
            both = np.isfinite(x) & np.isfinite(y)
            part.setData(np.where(both, x, np.nan), np.where(both, y, np.nan), connect="finite")
        self.cloud.put(cloud)
        self.present.put(place)
        recent = rows[1:, np.searchsorted(rows[0], now_s - TRAIL_S) :]
        shown = np.abs(recent[np.isfinite(recent)])
        needs = [float(shown.max()) + 0.3] if shown.size else []
        needs += [abs(v) + 0.3 for v in (place.x, place.y) if v is not None]
        if cloud is not None:
            needs.append(abs(cloud["x_mean"]) + CLOUD_SD * cloud["x_sd"])
            needs.append(abs(cloud["y_mean"]) + CLOUD_SD * cloud["y_sd"])
        self._fit(needs)

    def _fit(self, needs: list[float]) -> None:
        """Show the same range on both axes and both sides, in whole SD."""
        limit = float(math.ceil(max([LEAST_SD, *needs])))
        if limit == self._limit:
            return
        self._limit = limit
        self._number()
        self.getPlotItem().getViewBox().setRange(xRange=(-limit, limit), yRange=(-limit, limit), padding=0)

    def _number(self) -> None:
        """Write whole SD on both axes, as many as there is room for."""
        room_px = max(1.0, self.width() - float(self.around().width()))
        wide_px = 1.6 * QFontMetricsF(self._axes[0].style["tickFont"] or self.font()).horizontalAdvance("−4")
        step = max(1, math.ceil(2.0 * self._limit * wide_px / room_px))
        most = int(self._limit) // step
        ticks = [(float(step * k), str(step * k).replace("-", "−")) for k in range(-most, most + 1)]
        for axis in self._axes:
            axis.setTicks([ticks])


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """Pale instead of transparent: where a line crosses itself it gets no darker, and it costs less to paint."""

    def between(a: float, b: float) -> float:
        return share * a + (1.0 - share) * b

    return QColor.fromRgbF(
        between(colour.redF(), ground.redF()),
        between(colour.greenF(), ground.greenF()),
        between(colour.blueF(), ground.blueF()),
    )


class Square(QWidget):
    """Gives a plane the largest square that fits between its words: a SD is as long upwards as to the right.

    Parameters
    ----------
    plot : PlanePlot
        The plane.
    above, below : sequence of Said
        Lines next to it.
    """

    def __init__(self, plot: PlanePlot, above: Sequence[Said], below: Sequence[Said]) -> None:
        super().__init__()
        self._plot = plot
        self._above, self._below = tuple(above), tuple(below)
        plot.setParent(self)
        for line in (*above, *below):
            line.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return a middling size: the layout shares out the rest.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(280, 280)

    def minimumSizeHint(self) -> QSize:
        """Return the size below which nothing can be told from the plane.

        Returns
        -------
        QSize
            Smallest size.
        """
        return QSize(170, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put everything into its place.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        self.place()

    def place(self) -> None:
        """Put everything into its place, also after words or axes took another room."""
        heights = {line: line.heightForWidth(self.width()) for line in (*self._above, *self._below)}
        around = self._plot.around()
        room = self.height() - around.height() - sum(heights.values())
        side = max(40, min(self.width() - around.width(), room))
        left, top = (self.width() - side - around.width()) // 2, 0
        for line in self._above:
            line.setGeometry(0, top, self.width(), heights[line])
            top += heights[line]
        self._plot.setGeometry(left, top, side + around.width(), side + around.height())
        top += side + around.height()
        for line in self._below:
            line.setGeometry(0, top, self.width(), heights[line])
            top += heights[line]
