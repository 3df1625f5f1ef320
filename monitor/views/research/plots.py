"""Plots of raw traces with their events, drawn with as little work as possible.

Curves keep session time as x and are moved as a whole, so that scrolling costs a repaint and nothing else.
"""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsItem, QSizePolicy

from monitor.board.rings import FloatArray
from monitor.views.theme import Theme, points
from monitor.views.traces import nice_range

SMALL = 0.9
"""Size of the text in plots, relative to that of the window."""

STRIP_LINES = 3.0
"""Least height of a strip in lines of text."""

WIDEST_TICK = "−2000 "


def scale_axis(axis: pg.AxisItem, widest: str) -> None:
    """Let the numbers of a vertical axis follow the size of the text, and fit beside the plot.

    Parameters
    ----------
    axis : pyqtgraph.AxisItem
        The axis.
    widest : str
        Its widest number.
    """
    font = QFont(QApplication.font())
    font.setPointSizeF(points(SMALL))
    axis.setTickFont(font)
    axis.setWidth(QFontMetrics(font).horizontalAdvance(widest) + 8)


def few_ticks(low: float, high: float) -> list[float]:
    """Choose two or three round values well inside a range.

    Parameters
    ----------
    low, high : float
        The range; it may be empty or reversed.

    Returns
    -------
    list of float
        Ascending; at least one for any range that is not empty.
    """
    span = high - low
    if not math.isfinite(span) or span <= 0.0:
        return []
    # A number at the very edge would be cut.
    inner_low, inner_high = low + 0.1 * span, high - 0.1 * span
    size = 10.0 ** math.floor(math.log10(span))
    for step in (5.0 * size, 2.0 * size, size, 0.5 * size, 0.2 * size, 0.1 * size):
        first, last = math.ceil(inner_low / step - 1e-9), math.floor(inner_high / step + 1e-9)
        if last - first >= 1:
            every = 2 if last - first >= 3 else 1
            return [round(k * step, 12) + 0.0 for k in range(first, last + 1, every)]
    return [low + span / 2]


class StripPlot(pg.PlotWidget):  # type: ignore[misc]
    """A trace over the last seconds, at a fixed scale of time.

    Parameters
    ----------
    seconds : float
        Time shown.
    least_span : float
        Smallest range of values shown.
    title : str, default ''
        What it shows.
    whose : str, default ''
        Code of the participant, for a screen reader.
    """

    def __init__(self, seconds: float, least_span: float, title: str = "", *, whose: str = "") -> None:
        super().__init__()
        self._whose = whose
        self.seconds = seconds
        self._least_span = least_span
        self._range = (0.0, 0.0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        item = self.getPlotItem()
        item.hideAxis("bottom")
        axis = item.getAxis("left")
        # Numbers at the axis mean nothing before the first data.
        axis.setStyle(showValues=False)
        # The plot paints all of itself, so nothing behind it need be painted first.
        for widget in (self, self.viewport()):
            widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        item.setContentsMargins(0, 2, 4, 2)
        view = item.getViewBox()
        view.disableAutoRange()
        view.setDefaultPadding(0.0)
        view.setXRange(-seconds, 0.0, padding=0)
        self.curve = pg.PlotCurveItem(antialias=False)
        self.addItem(self.curve)
        self._note = pg.LabelItem("")
        self._note.setParentItem(view)
        self._note.anchor(itemPos=(1, 0), parentPos=(1, 0), offset=(-6, 2))
        self._words = title
        self._title = pg.LabelItem(title, justify="left")
        self._title.setParentItem(view)
        self._title.anchor(itemPos=(0, 0), parentPos=(0, 0), offset=(4, -3))
        self._note_text = ""
        self._note_colour = ""

    def sizeHint(self) -> QSize:
        """Return a small size: the layout shares out the rest.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(320, 80)

    def paint_with(self, theme: Theme, colour: str) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        colour : str
            Colour of the trace.
        """
        self.setBackground(theme.panel)
        axis = self.getPlotItem().getAxis("left")
        axis.setPen(pg.mkPen(theme.line))
        axis.setTextPen(pg.mkPen(theme.dim))
        scale_axis(axis, WIDEST_TICK)
        self.setMinimumHeight(round(STRIP_LINES * self.fontMetrics().height()))
        self.curve.setPen(pg.mkPen(colour, width=1))
        self._note_colour = theme.dim
        self.say(self._note_text, force=True)

    def say(self, text: str, *, force: bool = False) -> None:
        """Write a line across the plot.

        Parameters
        ----------
        text : str
            Empty to remove it.
        force : bool, default False
            Draw it again even if it has not changed.
        """
        if text != self._note_text or force:
            self._note_text = text
            escaped = text.replace("&", "&amp;").replace("<", "&lt;")
            colour = QColor(self._note_colour)
            self._note.setText(escaped, color=colour, size=f"{points(1.0):.1f}pt")
            self._note.setVisible(bool(text))
            # Where both do not fit beside each other, what it is must be enough.
            words = self._words.partition(",")[0] if text else self._words
            self._title.setText(words, color=colour, size=f"{points(SMALL):.1f}pt")
            self.setAccessibleName(f"{self._whose}: {words}")
            self.setAccessibleDescription(text)

    def move_to(self, now_s: float) -> None:
        """Put `now_s` at the right edge.

        Parameters
        ----------
        now_s : float
            Session time in seconds.
        """
        self.curve.setPos(-now_s, 0.0)

    def draw(self, rows: FloatArray) -> None:
        """Draw samples.

        Parameters
        ----------
        rows : ndarray of float64, shape (2, n)
            Session seconds and values, NaN in gaps.
        """
        whole = bool(np.isfinite(rows[1]).all())
        connect = "all" if whole else "finite"
        self.curve.setData(rows[0], rows[1], connect=connect, skipFiniteCheck=whole)

    def fit(self, values: FloatArray) -> None:
        """Adapt the range of values, only when it must be.

        Parameters
        ----------
        values : ndarray of float64, shape (n,)
            What is drawn.
        """
        finite = values[np.isfinite(values)]
        if finite.size < 2:
            return
        chosen = nice_range(float(finite.min()), float(finite.max()), self._range, self._least_span)
        if chosen != self._range:
            self._range = chosen
            axis = self.getPlotItem().getAxis("left")
            axis.setTicks([[(tick, f"{tick:g}".replace("-", "−")) for tick in few_ticks(*chosen)]])
            axis.setStyle(showValues=True)
            self.getPlotItem().getViewBox().setYRange(*chosen, padding=0)


class MarkedPlot(StripPlot):
    """A trace with accepted and corrected events marked in different shapes.

    Marks are short strokes of two curves: a scatter plot costs more than all the rest of the window.

    Parameters
    ----------
    seconds : float
        Time shown.
    least_span : float
        Smallest range of values shown.
    title : str, default ''
        What it shows.
    mark_size : int, default 6
        Size in pixels of an accepted event.
    whose : str, default ''
        Code of the participant, for a screen reader.
    """

    def __init__(
        self, seconds: float, least_span: float, title: str = "", mark_size: int = 6, *, whose: str = ""
    ) -> None:
        super().__init__(seconds, least_span, title, whose=whose)
        self._mark_size = mark_size
        self.marks = pg.PlotCurveItem(connect="pairs", antialias=True)
        self.corrected = pg.PlotCurveItem(connect="pairs", antialias=True)
        for item in (self.marks, self.corrected):
            self.addItem(item)

    def paint_with(self, theme: Theme, colour: str) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        colour : str
            Colour of the trace.
        """
        super().paint_with(theme, colour)
        # A very short stroke with a round end is a dot.
        dot = pg.mkPen(theme.mark, width=self._mark_size)
        dot.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.marks.setPen(dot)
        self.corrected.setPen(pg.mkPen(theme.corrected, width=2))

    def move_to(self, now_s: float) -> None:
        """Put `now_s` at the right edge.

        Parameters
        ----------
        now_s : float
            Session time in seconds.
        """
        super().move_to(now_s)
        self.marks.setPos(-now_s, 0.0)
        self.corrected.setPos(-now_s, 0.0)

    def mark(self, times_s: FloatArray, values: FloatArray, accepted: FloatArray) -> None:
        """Mark events.

        Parameters
        ----------
        times_s, values : ndarray of float64, shape (n,)
            Where.
        accepted : ndarray of float64, shape (n,)
            1.0 for an accepted event, 0.0 for a corrected one.
        """
        known = np.isfinite(values)
        good, odd = known & (accepted > 0), known & (accepted == 0)
        pixel_s, pixel_value = self.pixel()
        half = np.array([-0.5, 0.5]) * pixel_s
        self.marks.setData((times_s[good, None] + half).ravel(), np.repeat(values[good], 2))
        across = np.array([-4.0, 4.0, -4.0, 4.0]) * pixel_s
        along = np.array([-4.0, 4.0, 4.0, -4.0]) * pixel_value
        self.corrected.setData((times_s[odd, None] + across).ravel(), (values[odd, None] + along).ravel())

    def pixel(self) -> tuple[float, float]:
        """Return the size of a pixel; when it changes, marks must be drawn anew.

        Returns
        -------
        float
            Seconds.
        float
            In the unit of the values.
        """
        view = self.getPlotItem().getViewBox()
        (left, right), (low, high) = view.viewRange()
        return (right - left) / max(view.width(), 1.0), (high - low) / max(view.height(), 1.0)
