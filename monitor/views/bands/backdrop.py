"""What lies behind a trail: edges as soft as they are uncertain, and hatching with reasons where nothing is known."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QLinearGradient, QPainter
from PySide6.QtWidgets import QGraphicsObject

from monitor.views.theme import Theme

DEEPEST = 0.62
"""Opacity far beyond an edge."""

HATCH, PAPER = 0.8, 0.85
"""Opacity of the hatching, and of the ground behind words in it."""

REACH_SD = 2.5
STOPS = 11
WIDE_EM = 5.0
"""Narrowest gap, in heights of a line, whose reason is written from left to right, not upwards."""

MIDDLE = 0.55
"""Share of the height of the view between the names of the edges."""

ALONG = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
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
        self._reasons: Sequence[str] = ()
        self._shade = QColor()
        self._hatch = QBrush()
        self._ink, self._paper = QColor(), QColor()
        self._font = QFont()
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
        hatch = QColor(theme.dim)
        hatch.setAlphaF(HATCH)
        self._hatch = QBrush(hatch, Qt.BrushStyle.BDiagPattern)
        self._ink, self._paper = QColor(theme.text), QColor(theme.panel)
        self.update()

    def write_with(self, font: QFont) -> None:
        """Take the font of the reasons.

        Parameters
        ----------
        font : QFont
            The font.
        """
        self._font = QFont(font)
        self.update()

    def put(
        self,
        upper: Edge | None,
        lower: Edge | None,
        missing: list[tuple[float, float]],
        reasons: Sequence[str] = (),
    ) -> None:
        """Take what to paint.

        Parameters
        ----------
        upper, lower : Edge or None
            The edges; None where there is none.
        missing : list of (float, float)
            Stretches without a value, in seconds of the axis of the view.
        reasons : sequence of str, optional
            Why, in words, for each of them; written where there is room.
        """
        self._upper, self._lower, self._missing, self._reasons = upper, lower, missing, reasons
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
        for k, (start, stop) in enumerate(self._missing):
            left = max(self._pixel(start, 0.0).x(), area.left())
            right = min(self._pixel(stop, 0.0).x(), area.right())
            if right > left:
                gap = QRectF(left, area.top(), right - left, area.height())
                painter.fillRect(gap, self._hatch)
                if k < len(self._reasons) and self._reasons[k]:
                    self._write(painter, gap, self._reasons[k])

    def _write(self, painter: QPainter, gap: QRectF, text: str) -> None:
        """Write a reason into its gap, from left to right or upwards; not at all where neither fits."""
        painter.save()
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        pad = metrics.height() / 3.0
        room = QRectF(0.0, 0.0, gap.width(), gap.height())
        painter.translate(gap.topLeft())
        upwards = gap.width() < WIDE_EM * metrics.height()
        if upwards:
            painter.translate(0.0, gap.height())
            painter.rotate(-90.0)
            room = room.transposed()
        # In the middle it is clear of the names of the edges.
        for share in (MIDDLE, 1.0):
            spare = 0.5 * (1.0 - share)
            if upwards:
                inner = room.adjusted(spare * room.width(), 0.0, -spare * room.width(), 0.0)
            else:
                inner = room.adjusted(0.0, spare * room.height(), 0.0, -spare * room.height())
            needed = metrics.boundingRect(inner.adjusted(pad, 0.0, -pad, 0.0), ALONG, text)
            if needed.width() <= inner.width() and needed.height() <= inner.height():
                self._paper.setAlphaF(PAPER)
                painter.fillRect(needed.adjusted(-pad / 2, 0.0, pad / 2, 0.0), self._paper)
                painter.setPen(self._ink)
                painter.drawText(needed, ALONG, text)
                break
        painter.restore()

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
