"""What is painted into the plane in pixels: its ground with the names of the quadrants, and the present place."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject

from monitor.views.lines import tr
from monitor.views.plane.words import CORNERS, Place
from monitor.views.theme import Theme

DOT_PX, RING_PX, ARM_PX = 14.0, 2.5, 4.0
ARM_SE = 2.0
"""How far an arm of the cross reaches, in standard errors; it fades out as the error gets less likely."""

ARM_DEPTH = 0.75
STOPS = 9


class PaintedItem(QGraphicsObject):
    """Covers a view and is painted in its pixels.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        The view it lies in.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view)
        self._view = view
        view.sigResized.connect(self._changed)
        view.sigRangeChanged.connect(self._changed)

    def _changed(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the whole view.

        Returns
        -------
        QRectF
            In pixels of the view.
        """
        return QRectF(self._view.rect())

    def pixel(self, x: float, y: float) -> QPointF:
        """Map a place to pixels.

        Parameters
        ----------
        x, y : float
            Coordinates of the axes.

        Returns
        -------
        QPointF
            In pixels of the view.
        """
        point: QPointF = self._view.mapFromView(QPointF(x, y))
        return point


class Ground(PaintedItem):
    """The lines of the reference level and the names of the quadrants.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        The view it lies in.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view)
        self._line, self._ink, self._font = QColor(), QColor(), QFont()
        self.setZValue(-6)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._line, self._ink = QColor(theme.line), QColor(theme.dim)
        self.update()

    def write_with(self, font: QFont) -> None:
        """Take the font of the names.

        Parameters
        ----------
        font : QFont
            The font.
        """
        self._font = QFont(font)
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint lines and names.

        Parameters
        ----------
        painter : QPainter
            Where.
        *_ : object
            Not used.
        """
        area, middle = self.boundingRect(), self.pixel(0.0, 0.0)
        painter.setPen(QPen(self._line, 1.0))
        painter.drawLine(QPointF(area.left(), middle.y()), QPointF(area.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), area.top()), QPointF(middle.x(), area.bottom()))
        painter.setFont(self._font)
        painter.setPen(self._ink)
        metrics = QFontMetricsF(self._font)
        for (right, up), name in CORNERS.items():
            quarter = QRectF(
                middle.x() if right > 0 else area.left(),
                area.top() if up > 0 else middle.y(),
                area.width() / 2.0,
                area.height() / 2.0,
            ).adjusted(5.0, 3.0, -5.0, -3.0)
            side = Qt.AlignmentFlag.AlignRight if right > 0 else Qt.AlignmentFlag.AlignLeft
            edge = Qt.AlignmentFlag.AlignTop if up > 0 else Qt.AlignmentFlag.AlignBottom
            flags = side | edge | Qt.TextFlag.TextWordWrap
            # A break after a hyphen would leave half a name.
            text = tr(name).replace("-", "\N{NON-BREAKING HYPHEN}")
            needed = metrics.boundingRect(quarter, int(flags), text)
            if needed.width() <= quarter.width() and needed.height() <= quarter.height():
                painter.drawText(quarter, int(flags), text)


class Present(PaintedItem):
    """The present place with its standard errors as a soft cross; hollow where the vagal index is held.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        The view it lies in.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view)
        self.place: Place | None = None
        self._ink, self._paper = QColor(), QColor()
        self.setZValue(10)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._ink, self._paper = QColor(theme.trail), QColor(theme.panel)
        self.update()

    def put(self, place: Place | None) -> None:
        """Take the place, at no cost when it is already there.

        Parameters
        ----------
        place : Place or None
            None where there is none.
        """
        if place != self.place:
            self.place = place
            self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint the place.

        Parameters
        ----------
        painter : QPainter
            Where.
        *_ : object
            Not used.
        """
        place, area = self.place, self.boundingRect()
        if place is None or place.y is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place.x is None:
            point = QPointF(area.left() + DOT_PX, self.pixel(0.0, place.y).y())
            painter.setPen(QPen(self._ink, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(point, QPointF(area.right(), point.y()))
        else:
            point = self.pixel(place.x, place.y)
            self._arm(painter, point, place.x_se, self.pixel(place.x + 1.0, place.y) - point)
        self._arm(painter, point, place.y_se, self.pixel(0.0, place.y + 1.0) - self.pixel(0.0, place.y))
        painter.setPen(QPen(self._ink, RING_PX) if place.hollow else Qt.PenStyle.NoPen)
        painter.setBrush(self._paper if place.hollow else self._ink)
        radius = DOT_PX / 2.0 - (RING_PX / 2.0 if place.hollow else 0.0)
        painter.drawEllipse(point, radius, radius)

    def _arm(self, painter: QPainter, point: QPointF, se: float | None, one_sd: QPointF) -> None:
        if se is None or not se > 0.0:
            return
        reach = one_sd * (ARM_SE * se)
        gradient = QLinearGradient(point - reach, point + reach)
        for share in np.linspace(0.0, 1.0, STOPS).tolist():
            colour = QColor(self._ink)
            distance = ARM_SE * (2.0 * share - 1.0)
            colour.setAlphaF(ARM_DEPTH * math.exp(-0.5 * distance**2) if 0.0 < share < 1.0 else 0.0)
            gradient.setColorAt(share, colour)
        painter.setPen(QPen(QBrush(gradient), ARM_PX))
        painter.drawLine(point - reach, point + reach)
