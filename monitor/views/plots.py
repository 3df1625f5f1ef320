"""Plots of one participant: raw traces with their events, drawn with as little work as possible.

Curves keep session time as x and are moved as a whole, so that scrolling costs a repaint and nothing else.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsItem, QSizePolicy

from monitor.board.rings import FloatArray
from monitor.views.theme import Theme
from monitor.views.traces import BEAT_GAP_S, Traces, nice_range

PEAK_S = 0.06
"""Within this of a detected beat lies the R peak of the raw trace."""


class StripPlot(pg.PlotWidget):  # type: ignore[misc]
    """A trace over the last seconds, at a fixed scale of time.

    Parameters
    ----------
    seconds : float
        Time shown.
    least_span : float
        Smallest range of values shown.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, seconds: float, least_span: float, parent: object = None) -> None:
        super().__init__(parent=parent)
        self.seconds = seconds
        self._least_span = least_span
        self._range = (0.0, 0.0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(64)
        item = self.getPlotItem()
        item.hideAxis("bottom")
        axis = item.getAxis("left")
        axis.setWidth(52)
        axis.setTickDensity(0.5)
        # Numbers at the axis mean nothing before the first data.
        axis.setStyle(showValues=False)
        # The plot paints all of itself, so nothing behind it need be painted first.
        for widget in (self, self.viewport()):
            widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        item.setContentsMargins(0, 6, 4, 6)
        view = item.getViewBox()
        view.disableAutoRange()
        view.setDefaultPadding(0.0)
        view.setXRange(-seconds, 0.0, padding=0)
        self.curve = pg.PlotCurveItem(antialias=False)
        self.addItem(self.curve)
        self._note = pg.LabelItem("", size="9pt")
        self._note.setParentItem(view)
        self._note.anchor(itemPos=(1, 0), parentPos=(1, 0), offset=(-6, 2))
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
            self._note.setText(escaped, color=QColor(self._note_colour or "#808080"))
            self._note.setVisible(bool(text))

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
            self.getPlotItem().getAxis("left").setStyle(showValues=True)
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
    mark_size : int, default 6
        Size in pixels of an accepted event.
    """

    def __init__(self, seconds: float, least_span: float, mark_size: int = 6) -> None:
        super().__init__(seconds, least_span)
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


def peaks_near(rows: FloatArray, times_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Find where the drawn trace has the peaks that were detected.

    A detected time is refined on a filtered signal; a mark at the raw sample of that time would hang on the
    flank of the QRS complex.

    Parameters
    ----------
    rows : ndarray of float64, shape (2, n)
        Times and values of the trace.
    times_s : ndarray of float64, shape (m,)
        Detected R peaks.

    Returns
    -------
    times_s, values : ndarray of float64, shape (m,)
        Place of the largest deflection within 60 ms; NaN where the trace has nothing there.
    """
    t, x = rows
    out = np.full((2, times_s.size), np.nan)
    middle = float(np.nanmedian(x)) if np.isfinite(x).any() else 0.0
    starts, stops = np.searchsorted(t, times_s - PEAK_S), np.searchsorted(t, times_s + PEAK_S)
    for i, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        near = np.abs(x[start:stop] - middle)
        if near.size and np.isfinite(near).any():
            k = start + int(np.nanargmax(near))
            out[:, i] = t[k], x[k]
    return out[0], out[1]


def draw_ecg(plot: MarkedPlot, traces: Traces, code: str, now_s: float) -> None:
    """Draw the electrocardiogram with its R peaks.

    Parameters
    ----------
    plot : MarkedPlot
        Where.
    traces : Traces
        Display data.
    code : str
        Participant.
    now_s : float
        Session time in seconds.
    """
    start_s = now_s - plot.seconds
    rows = traces.samples(code, "ecg", start_s)
    plot.draw(rows)
    plot.fit(rows[1])
    beats = traces.beats(code, start_s)
    plot.mark(*peaks_near(rows, beats[0]), beats[2])


def draw_rr(plot: MarkedPlot, traces: Traces, code: str, now_s: float) -> None:
    """Draw the tachogram: NN intervals as a line, the others as marks.

    Parameters
    ----------
    plot : MarkedPlot
        Where.
    traces : Traces
        Display data.
    code : str
        Participant.
    now_s : float
        Session time in seconds.
    """
    t_s, rr_ms, nn = traces.beats(code, now_s - plot.seconds)
    line_ms = np.where(nn > 0, rr_ms, np.nan)
    # A beat whose predecessor is missing does not continue the line.
    after = np.flatnonzero(np.diff(t_s) > BEAT_GAP_S) + 1
    plot.draw(np.array([np.insert(t_s, after, t_s[after]), np.insert(line_ms, after, np.nan)]))
    plot.fit(rr_ms)
    plot.mark(t_s, rr_ms, nn)


def draw_eda(plot: MarkedPlot, traces: Traces, code: str, now_s: float) -> None:
    """Draw skin conductance with the peaks of its responses.

    Parameters
    ----------
    plot : MarkedPlot
        Where.
    traces : Traces
        Display data.
    code : str
        Participant.
    now_s : float
        Session time in seconds.
    """
    start_s = now_s - plot.seconds
    rows = traces.samples(code, "eda", start_s)
    plot.draw(rows)
    plot.fit(rows[1])
    peak_s = traces.responses(code, start_s)[1]
    plot.mark(peak_s, value_at(rows, peak_s), np.ones(peak_s.size))


def value_at(rows: FloatArray, times_s: FloatArray) -> FloatArray:
    """Return the value of a trace nearest to each time.

    Parameters
    ----------
    rows : ndarray of float64, shape (2, n)
        Ascending times and values.
    times_s : ndarray of float64, shape (m,)
        Where.

    Returns
    -------
    ndarray of float64, shape (m,)
        NaN where the trace has no sample within a quarter of a second.
    """
    if rows.shape[1] == 0 or times_s.size == 0:
        return np.full(times_s.size, np.nan)
    right = np.clip(np.searchsorted(rows[0], times_s), 1, max(rows.shape[1] - 1, 1))
    right = np.minimum(right, rows.shape[1] - 1)
    left = np.maximum(right - 1, 0)
    nearer = np.abs(rows[0, left] - times_s) <= np.abs(rows[0, right] - times_s)
    index = np.where(nearer, left, right)
    found: FloatArray = np.where(np.abs(rows[0, index] - times_s) <= 0.25, rows[1, index], np.nan)
    return found
