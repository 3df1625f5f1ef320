"""What lies behind a trail: edges as soft as they are uncertain, and hatching where nothing is known."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QGraphicsObject

from monitor.views.theme import Theme

DEEPEST = 0.62
"""Opacity far beyond an edge."""

REACH_SD = 2.5
STOPS = 11
Edge = tuple[float, float]
"""Mean and SD of an edge in reference SD."""


class Backdrop(QGraphicsObject):
    """Paints in pixels of its view, so that neither softness nor hatching is stretched.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        The view it lies in.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._upper: Edge | None = None
        self._lower: Edge | None = None
        self._missing: list[tuple[float, float]] = []
        self._shade = QColor()
        self._hatch = QBrush()
        self.setZValue(-5)
        view.sigResized.connect(self._resized)

    def _resized(self) -> None:
        self.prepareGeometryChange()

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._shade = QColor(theme.beyond)
        self._hatch = QBrush(QColor(theme.dim), Qt.BrushStyle.BDiagPattern)
        self.update()

    def put(self, upper: Edge | None, lower: Edge | None, missing: list[tuple[float, float]]) -> None:
        """Take what to paint.

        Parameters
        ----------
        upper, lower : Edge or None
            The edges; None where there is none.
        missing : list of (float, float)
            Stretches without a value, in seconds of the axis of the view.
        """
        self._upper, self._lower, self._missing = upper, lower, missing
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the whole view.

        Returns
        -------
        QRectF
            In pixels of the view.
        """
        return QRectF(self._view.rect())

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint the ground beyond the edges and the hatching.

        Parameters
        ----------
        painter : QPainter
            Where.
        *_ : object
            Not used.
        """
        area = self.boundingRect()
        for edge, sign in ((self._upper, 1.0), (self._lower, -1.0)):
            if edge is not None:
                painter.fillRect(area, QBrush(self._gradient(*edge, sign)))
        for start, stop in self._missing:
            left = max(self._pixel(start, 0.0).x(), area.left())
            right = min(self._pixel(stop, 0.0).x(), area.right())
            if right > left:
                painter.fillRect(QRectF(left, area.top(), right - left, area.height()), self._hatch)

    def _pixel(self, x: float, y: float) -> QPointF:
        point: QPointF = self._view.mapFromView(QPointF(x, y))
        return point

    def _gradient(self, mean: float, sd: float, sign: float) -> QLinearGradient:
        """Opacity follows the probability that the edge has been passed."""
        inner, outer = mean - sign * REACH_SD * sd, mean + sign * REACH_SD * sd
        gradient = QLinearGradient(
            QPointF(0.0, self._pixel(0.0, inner).y()), QPointF(0.0, self._pixel(0.0, outer).y())
        )
        for share in np.linspace(0.0, 1.0, STOPS).tolist():
            colour = QColor(self._shade)
            # The tails are cut at both ends, where one could otherwise see a step.
            p = 0.5 * (1.0 + math.erf((2.0 * share - 1.0) * REACH_SD / math.sqrt(2.0)))
            colour.setAlphaF(DEEPEST * p if 0.0 < share < 1.0 else DEEPEST * share)
            gradient.setColorAt(share, colour)
        return gradient
