"""The reference cloud: where the seconds of a reference lie in the plane, without a line where none can be drawn."""

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QRadialGradient, QTransform

from monitor.board.session_views import CloudView
from monitor.views.plane.items import PaintedItem
from monitor.views.theme import Theme

DEPTHS = ((1.0, 0.34), (2.0, 0.26))
"""Radius in SD of each ellipse, and the opacity it adds inside."""

SOFT_SD = 0.22
"""How softly an ellipse ends, as the SD of its own edge: an SD from a few minutes is no sharper."""

REACH_SD = 3.0
STOPS = 40
LEAST_AXIS = 1e-3


def shape_of(cloud: CloudView) -> NDArray[np.float64]:
    """Return what makes a circle of radius 1 into the ellipse of 1 SD.

    Parameters
    ----------
    cloud : CloudView
        Means, SD and correlation.

    Returns
    -------
    ndarray of float64, shape (2, 2)
        ``A`` with ``A A' = covariance``, lower triangular. The share of a bivariate Gaussian distribution inside
        the ellipse of k SD is ``1 - exp(-k^2 / 2)``: 39 % for 1, 86 % for 2.
    """
    r = max(-1.0, min(1.0, cloud["correlation"]))
    x_sd, y_sd = max(cloud["x_sd"], LEAST_AXIS), max(cloud["y_sd"], LEAST_AXIS)
    return np.array([[x_sd, 0.0], [r * y_sd, max(LEAST_AXIS, math.sqrt(1.0 - r * r)) * y_sd]])


def depth_at(radius_sd: float) -> float:
    """Return the opacity of a cloud.

    Parameters
    ----------
    radius_sd : float
        Distance from the centre in SD of the cloud.

    Returns
    -------
    float
        From 0 to 1; it falls softly at 1 and at 2 SD.
    """
    inside = (0.5 * math.erfc((radius_sd - k) / (SOFT_SD * math.sqrt(2.0))) * depth for k, depth in DEPTHS)
    return sum(inside)


class Cloud(PaintedItem):
    """Paints a cloud in the coordinates of its view.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        The view it lies in.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view)
        self._cloud: CloudView | None = None
        self._brush = QBrush()
        self.setZValue(-5)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        gradient = QRadialGradient(QPointF(0.0, 0.0), REACH_SD)
        for share in np.linspace(0.0, 1.0, STOPS).tolist():
            colour = QColor(theme.beyond)
            colour.setAlphaF(depth_at(share * REACH_SD) if share < 1.0 else 0.0)
            gradient.setColorAt(share, colour)
        self._brush = QBrush(gradient)
        self.update()

    def put(self, cloud: CloudView | None) -> None:
        """Take the cloud, at no cost when it is already there.

        Parameters
        ----------
        cloud : CloudView or None
            None where there is none.
        """
        if cloud != self._cloud:
            self._cloud = cloud
            self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint the cloud.

        Parameters
        ----------
        painter : QPainter
            Where.
        *_ : object
            Not used.
        """
        cloud = self._cloud
        if cloud is None:
            return
        centre, right, up = self.pixel(0.0, 0.0), self.pixel(1.0, 0.0), self.pixel(0.0, 1.0)
        to_pixel = QTransform(
            right.x() - centre.x(), 0.0, 0.0, up.y() - centre.y(), centre.x(), centre.y()
        )  # fmt: skip
        a = shape_of(cloud)
        shape = QTransform(a[0, 0], a[1, 0], a[0, 1], a[1, 1], cloud["x_mean"], cloud["y_mean"])
        painter.save()
        painter.setClipRect(self.boundingRect())
        painter.setTransform(shape * to_pixel, combine=True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._brush)
        painter.drawEllipse(QPointF(0.0, 0.0), REACH_SD, REACH_SD)
        painter.restore()
