"""Synchrony over the session so far as a line over its chance band, drawn anew only when there is something new."""

import math
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainterPath, QPolygonF
from PySide6.QtWidgets import QFrame, QGraphicsPathItem, QSizePolicy

from monitor.board.rings import FloatArray
from monitor.views.bands.backdrop import Backdrop
from monitor.views.research.plots import scale_axis
from monitor.views.theme import Theme

LONGEST_STEP_S = 90.0
"""Distance of two readings beyond which no line joins them."""

LEAST_MIN = 10.0
LEAST_Z = 3.0
TICKS_MIN = (2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0)
MOST_TICKS = 5
BAND_OPACITY = 0.28


class ChancePlot(pg.PlotWidget):  # type: ignore[misc]
    """Synchrony in SD of chance against session time."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(72)
        item = self.getPlotItem()
        item.setContentsMargins(0, 4, 24, 0)
        self._axes = [item.getAxis("left"), item.getAxis("bottom")]
        self._axes[1].setStyle(hideOverlappingLabels=False)
        view = item.getViewBox()
        view.disableAutoRange()
        view.setDefaultPadding(0.0)
        self._backdrop = Backdrop(view)
        self.band = QGraphicsPathItem()
        self.band.setZValue(-4)
        self.curve = pg.PlotCurveItem(antialias=True)
        self.unsure = pg.PlotCurveItem(antialias=True)
        self.dot = pg.PlotCurveItem(antialias=True, connect="pairs")
        for part in (self.band, self.curve, self.unsure, self.dot):
            self.addItem(part)
        self.missing: list[tuple[float, float]] = []
        self.drawings = 0
        self._fit(np.empty((5, 0)))

    def sizeHint(self) -> QSize:
        """Return a small size: the layout shares out the rest.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(280, 130)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self.setBackground(theme.panel)
        for axis in self._axes:
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.dim))
        scale_axis(self._axes[0], "−2 ")
        self._axes[1].setTickFont(self._axes[0].style["tickFont"])
        self.curve.setPen(pg.mkPen(theme.trail, width=2))
        self.unsure.setPen(pg.mkPen(theme.trail, width=2, dash=[2, 3]))
        dot = pg.mkPen(theme.trail, width=10)
        dot.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.dot.setPen(dot)
        grey = QColor(theme.dim)
        grey.setAlphaF(BAND_OPACITY)
        self.band.setPen(pg.mkPen(None))
        self.band.setBrush(grey)
        self._backdrop.paint_with(theme)

    def draw(self, rows: FloatArray, *, present: bool) -> None:
        """Draw line and band.

        Parameters
        ----------
        rows : ndarray of float64, shape (5, n)
            Session seconds, synchrony, both limits of chance (NaN where missing), and 1.0 where it is sure.
        present : bool
            Whether the newest row may be marked as the present state.
        """
        self.drawings += 1
        whole: NDArray[np.bool_] = np.asarray(np.isfinite(rows[:4]).all(axis=0))
        index = np.flatnonzero(whole)
        t_s, z, lo, hi, sure = rows[:, index]
        joined = np.zeros(index.size, bool)
        joined[:-1] = (np.diff(index) == 1) & (np.diff(t_s) <= LONGEST_STEP_S)
        both_sure = np.zeros(index.size, bool)
        both_sure[:-1] = (sure[:-1] > 0) & (sure[1:] > 0)
        minutes = t_s / 60.0
        for part, connect in ((self.curve, joined & both_sure), (self.unsure, joined & ~both_sure)):
            part.setData(minutes, z, connect=connect.astype(np.int32))
        here = present and rows.shape[1] > 0 and bool(whole[-1])
        # A stroke of no length is not drawn; a very short one with a round end is a dot.
        self.dot.setData(minutes[-1] + np.array([0.0, 1e-3]), z[[-1, -1]]) if here else self.dot.clear()
        breaks = np.flatnonzero(~joined[:-1]).astype(np.int64) + 1
        self.band.setPath(_band(minutes, lo, hi, breaks))
        self.missing = [(float(minutes[k - 1]), float(minutes[k])) for k in breaks]
        if index.size and rows[0, -1] > t_s[-1]:
            self.missing.append((float(minutes[-1]), float(rows[0, -1]) / 60.0))
        self._backdrop.put(None, None, self.missing)
        self._fit(rows)

    def _fit(self, rows: FloatArray) -> None:
        """Show the whole session, and the same range on both sides of zero."""
        newest_min = float(rows[0, -1]) / 60.0 if rows.shape[1] else 0.0
        span = max(LEAST_MIN, newest_min)
        step = next((s for s in TICKS_MIN if span / s <= MOST_TICKS), span / MOST_TICKS)
        right = step / 2 * math.ceil(2 * span / step - 1e-9)
        ticks = np.arange(step, right + 1e-9, step).tolist()
        self._axes[1].setTicks([[(t, f"{t:g} min") for t in ticks]])
        finite = rows[1:4][np.isfinite(rows[1:4])]
        limit = math.ceil(max(LEAST_Z, float(np.abs(finite).max()) + 0.3 if finite.size else 0.0))
        every = 2 if limit <= 6 else 2 * math.ceil(limit / 6)
        most = every * (limit // every)
        self._axes[0].setTicks(
            [[(float(y), f"{y}".replace("-", "−")) for y in range(-most, most + 1, every)]]
        )
        view = self.getPlotItem().getViewBox()
        view.setXRange(0.0, right, padding=0)
        view.setYRange(-limit, limit, padding=0)


def _band(minutes: FloatArray, lo: FloatArray, hi: FloatArray, breaks: NDArray[np.int64]) -> QPainterPath:
    """Outline the area between both limits, a piece for each unbroken stretch."""
    path = QPainterPath()
    bounds = [0, *breaks.tolist(), minutes.size]
    for start, stop in pairwise(bounds):
        if stop - start < 2:
            continue
        there = zip(minutes[start:stop], hi[start:stop], strict=True)
        back = zip(minutes[start:stop][::-1], lo[start:stop][::-1], strict=True)
        path.addPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in (*there, *back)]))
        path.closeSubpath()
    return path
