"""The curves of a calibration, to be looked at before it is accepted."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from monitor.board.session_views import SeriesView
from monitor.views.calibrate.words import WORDS
from monitor.views.lines import Line, tr
from monitor.views.theme import Theme, points

_SHADE = 110


class SeriesPanel(QWidget):
    """One series of the result with its level and the range of one scale around it.

    Parameters
    ----------
    series : SeriesView
        What to draw.
    theme : Theme
        Colours.
    """

    def __init__(self, series: SeriesView, theme: Theme) -> None:
        super().__init__()
        self.series = series
        self.title, self.note = Line("title"), Line("dim")
        template = WORDS["series" if series["unit"] else "series_plain"]
        self.title.put(tr(template).format(title=tr(series["title"]), unit=series["unit"]))
        self.note.put("" if series["mean"] is not None else tr(WORDS["no_scale"]))
        self.plot = SeriesPlot(series, theme)
        self.plot.setAccessibleName(self.title.text())
        self.plot.setAccessibleDescription(_level_text(series))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.note)
        layout.addWidget(self.plot, 1)


class SeriesPlot(pg.PlotWidget):  # type: ignore[misc]
    """The curve of a series.

    Parameters
    ----------
    series : SeriesView
        What to draw.
    theme : Theme
        Colours.
    """

    def __init__(self, series: SeriesView, theme: Theme) -> None:
        super().__init__(background=theme.panel)
        # What it is drawn on may be small: the words around it must not push it wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        # Room for the halves of the outermost numbers.
        self.getPlotItem().setContentsMargins(0, 8, 8, 0)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.setMenuEnabled(False)
        # Nothing can be done here: the keyboard goes past it.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        values = np.array(series["value"], dtype=np.float64)
        known = bool(np.isfinite(values).any())
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.dim)
            axis.setTickFont(QApplication.font())
            axis.setStyle(showValues=known)
        size = {"font-size": f"{points(1.0):.1f}pt"}
        self.setLabel("bottom", tr(WORDS["minutes"]), color=theme.dim, **size)
        self._draw_level(series, theme)
        if known:
            minutes = np.array(series["t_s"], dtype=np.float64) / 60.0
            self.plot(minutes, values, pen=pg.mkPen(theme.skin, width=1.5), connect="finite")

    def _draw_level(self, series: SeriesView, theme: Theme) -> None:
        low, high, mean = series["low"], series["high"], series["mean"]
        if low is not None and high is not None and low < high:
            shade = pg.mkColor(theme.line)
            shade.setAlpha(_SHADE)
            self.addItem(
                pg.LinearRegionItem((low, high), "horizontal", brush=shade, pen=pg.mkPen(None), movable=False)
            )
        if mean is not None:
            self.addItem(pg.InfiniteLine(mean, 0, pen=pg.mkPen(theme.dim, style=Qt.PenStyle.DashLine)))


def _level_text(series: SeriesView) -> str:
    low, high, mean = series["low"], series["high"], series["mean"]
    if mean is None or low is None or high is None:
        return tr(WORDS["no_scale"])
    return tr(WORDS["level"]).format(level=mean, low=low, high=high)
