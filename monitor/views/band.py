"""The band of one participant: arousal of the last minutes between the two edges of their own range."""

import math
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from monitor.board.gate import Hold
from monitor.board.rings import FloatArray
from monitor.board.snapshot import ZoneView
from monitor.board.zones import HALF_WINDOW_S
from monitor.views.backdrop import REACH_SD, Backdrop, Edge
from monitor.views.level_button import LevelButton
from monitor.views.lines import Said, tr
from monitor.views.people import Person
from monitor.views.theme import Theme
from monitor.views.traces import Traces
from monitor.views.zone_words import PLOT_TITLE, edge_label, zone_text

TRAIL_S = 300.0
LATE_S = 18.0
"""Distance of the newest second of the trail from now beyond which something is missing."""

LEAST_SD = 4.0
TICKS_MIN = (5, 4, 3, 2, 1)


class BandPlot(pg.PlotWidget):  # type: ignore[misc]
    """Arousal against time, with both edges."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(110)
        item = self.getPlotItem()
        item.setContentsMargins(0, 4, 16, 0)
        self._axes = [item.getAxis("left"), item.getAxis("bottom")]
        self._axes[0].setWidth(52)
        self._axes[1].setStyle(hideOverlappingLabels=False)
        self._axes[1].setTicks([[(-60.0 * m, f"−{m} min") for m in TICKS_MIN[1:]] + [(0.0, tr("now"))]])
        view = item.getViewBox()
        view.disableAutoRange()
        view.setDefaultPadding(0.0)
        view.setXRange(-TRAIL_S, 0.0, padding=0)
        self._backdrop = Backdrop(view)
        self.curve = pg.PlotCurveItem(antialias=True)
        self.dot = pg.PlotCurveItem(antialias=True, connect="pairs")
        self.labels = {"upper": pg.TextItem(anchor=(0, 1)), "lower": pg.TextItem(anchor=(0, 0))}
        for part in (self.curve, self.dot, *self.labels.values()):
            self.addItem(part)
        self._title = pg.LabelItem("", size="8pt", justify="left")
        self._title.setParentItem(view)
        self._title.anchor(itemPos=(0, 0), parentPos=(0, 0), offset=(4, -2))
        self._colour = QColor()
        self._limit = 0.0
        self.missing: list[tuple[float, float]] = []

    def sizeHint(self) -> QSize:
        """Return a small size: the layout shares out the rest.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(320, 160)

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
        self.curve.setPen(pg.mkPen(theme.trail, width=2))
        dot = pg.mkPen(theme.trail, width=14)
        dot.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.dot.setPen(dot)
        self._colour = QColor(theme.text)
        self._title.setText(tr(PLOT_TITLE), color=QColor(theme.dim))
        self._backdrop.paint_with(theme)

    def draw(self, rows: FloatArray, zone: ZoneView, now_s: float, *, present: bool) -> None:
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
        """
        t_s, arousal = rows[0] - now_s, rows[1]
        self.curve.setData(t_s, arousal, connect="finite")
        here = present and t_s.size > 0 and bool(np.isfinite(arousal[-1]))
        # A stroke of no length is not drawn; one of a hundredth of a second with a round end is a dot.
        self.dot.setData(t_s[-1] + np.array([0.0, 0.01]), arousal[[-1, -1]]) if here else self.dot.clear()
        self.missing = gaps_of(t_s, arousal)
        upper, lower = (
            _edge(zone["upper_mean"], zone["upper_sd"]),
            _edge(zone["lower_mean"], zone["lower_sd"]),
        )
        self._fit(upper, lower, arousal)
        self._backdrop.put(upper, lower, self.missing)
        for side, edge in (("upper", upper), ("lower", lower)):
            label = self.labels[side]
            label.setVisible(edge is not None)
            if edge is not None:
                label.setText(tr(edge_label(side, provisional=zone["provisional"])), color=self._colour)
                label.setPos(-TRAIL_S, edge[0])

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


def _last_shown(zone: ZoneView, *, held: bool) -> float:
    """Return the newest second of the trail that rests on data which were there in time."""
    if not held:
        return zone["t_centre_s"]
    if zone["hold"] == Hold.STALE and zone["since_s"] is not None:
        return zone["since_s"] - HALF_WINDOW_S
    return -math.inf


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


class BandPanel(QWidget):
    """State in words above the band of one participant; without a calibration the words alone.

    Parameters
    ----------
    code : str
        The participant.
    """

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self.state, self.sentence, self.remarks = Said("state"), Said("sentence"), Said("dim")
        self.level = LevelButton(code)
        self.message = Said("message")
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.plot = BandPlot()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.message)
        self.pages.addWidget(self.plot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        said = QHBoxLayout()
        said.addWidget(self.sentence, 1)
        said.addWidget(self.level)
        layout.addWidget(self.state)
        layout.addLayout(said)
        layout.addWidget(self.remarks)
        layout.addWidget(self.pages, 1)
        self._zone: ZoneView | None = None
        self._held = True
        self._shown_s = -math.inf
        self._drawn: tuple[object, ...] = ()

    def show_person(self, person: Person, blank: str) -> None:
        """Take the newest reading.

        Parameters
        ----------
        person : Person
            The participant.
        blank : str
            When not empty, nothing is known but this reason.
        """
        text = zone_text(person.zone, person.code, person.values, blank)
        if self._zone is not None and person.zone is not None:
            # An engine that was started again counts from the beginning.
            again = person.zone["t_centre_s"] < self._zone["t_centre_s"]
            self._shown_s = -math.inf if again else self._shown_s
        self._zone = person.zone
        self.level.show_zone(None if blank else person.zone)
        bare = person.zone is None or person.zone["upper_mean"] is None
        # What stands there in larger type already is not said again.
        said = bare or text.head.startswith(text.sentence)
        more = [*([] if said else [text.sentence]), text.remarks, ""]
        for line, words in ((self.state, text.head), (self.sentence, more[0]), (self.remarks, more[1])):
            line.put(tr(words))
        self.message.setText(tr(text.sentence))
        self.pages.setCurrentIndex(0 if bare else 1)
        self.plot.setAccessibleName(f"{person.code}: {text.line}")
        self._held = bool(blank) or person.zone is None or bool(person.zone["hold"])
        if person.zone is not None:
            self._shown_s = max(self._shown_s, _last_shown(person.zone, held=self._held))

    def draw(self, traces: Traces, now_s: float) -> None:
        """Draw the trail, once per second and whenever something has changed.

        Parameters
        ----------
        traces : Traces
            Display data.
        now_s : float
            Session time in seconds.
        """
        if self._zone is None or self.pages.currentIndex() == 0:
            return
        right_s = math.floor(now_s)
        key = (traces.version(self.code, "trail"), right_s, self._held, self._shown_s)
        if key == self._drawn:
            return
        self._drawn = key
        rows = traces.trail(self.code, right_s - TRAIL_S - LATE_S)
        # What the gate keeps back is not shown in the trail either.
        rows = rows[:, rows[0] <= self._shown_s]
        self.plot.draw(rows, self._zone, right_s, present=not self._held)
