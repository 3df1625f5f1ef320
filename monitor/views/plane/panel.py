"""One participant in the window-of-tolerance face: the band over time, and the plane."""

import math

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from monitor.board.gate import Hold
from monitor.board.session_views import CloudView
from monitor.board.snapshot import ValueView
from monitor.board.zones import HALF_WINDOW_S
from monitor.views.actions import Send
from monitor.views.bands.glance_words import person_label
from monitor.views.bands.panel import BandPanel
from monitor.views.bands.plot import FONT_EVENTS
from monitor.views.lines import Line, Said, tr
from monitor.views.people import Person
from monitor.views.plane.plot import TRAIL_S, PlanePlot, Square
from monitor.views.plane.scores import SCORES
from monitor.views.plane.words import X_TITLE, Y_TITLE, Place, cloud_line, place_of
from monitor.views.theme import Theme
from monitor.views.traces import Traces

BAND_SHARE, PLANE_SHARE = 1, 1
WORDS_PX = (110, 130)
"""Height that words take from the plane below, and beside, the band, roughly."""


class PlanePanel(QWidget):
    """The plane of one participant with its titles and words.

    Parameters
    ----------
    code : str
        The participant.
    """

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self.plot = PlanePlot()
        self.y_title, self.x_title = Said("dim"), Said("dim")
        self.sentence, self.cloud_line = Said("sentence"), Said("dim")
        self.y_title.put(tr(Y_TITLE))
        self.x_title.put(tr(X_TITLE))
        self.x_title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.square = Square(self.plot, (self.sentence, self.y_title), (self.x_title, self.cloud_line))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.square)
        self._place: Place | None = None
        self._cloud: CloudView | None = None
        self._newest_s = self._shown_s = -math.inf
        self._drawn: tuple[object, ...] = ()

    def show_person(self, person: Person, cloud: CloudView | None, blank: str) -> None:
        """Take the newest values.

        Parameters
        ----------
        person : Person
            The participant.
        cloud : CloudView or None
            Where their reference seconds lie.
        blank : str
            When not empty, nothing is known but this reason.
        """
        self._place, self._cloud = place_of(person, blank), cloud
        words = (self._place.sentence, cloud_line(cloud))
        if words != (self.sentence.text(), self.cloud_line.text()):
            self.sentence.put(words[0])
            self.cloud_line.put(words[1])
            self.square.place()
        if self.isHidden() == self._place.calibrated:
            # Without a calibration the words in place of the band say what to do, once.
            self.setVisible(self._place.calibrated)
        name = tr("{code}, plane: {sentence}").format(
            code=self.code, sentence=self._place.sentence.replace("\n", ", ")
        )
        if name != self.plot.accessibleName():
            self.plot.setAccessibleName(name)
        values = [v for v in person.values if v["marker"] in SCORES]
        newest_s = max((v["t_centre_s"] for v in values), default=-math.inf)
        if newest_s < self._newest_s:
            # An engine that was started again counts from the beginning.
            self._shown_s = -math.inf
        self._newest_s = newest_s
        if values:
            self._shown_s = max(self._shown_s, min(_shown_until(v, blank) for v in values))

    def draw(self, traces: Traces, now_s: float) -> None:
        """Draw cloud, trail and place, once per second and whenever something has changed.

        Parameters
        ----------
        traces : Traces
            Display data.
        now_s : float
            Session time in seconds.
        """
        place = self._place
        if place is None or not place.calibrated:
            return
        right_s = math.floor(now_s)
        key = (traces.version(self.code, "scores"), right_s, place, self._shown_s, repr(self._cloud))
        if key == self._drawn:
            return
        self._drawn = key
        rows = traces.scores(self.code, right_s - TRAIL_S - 1.0)
        # What the gate keeps back is not shown in the trail either.
        self.plot.draw(rows[:, rows[0] <= self._shown_s], place, self._cloud, right_s)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size of the application.

        Parameters
        ----------
        event : QEvent
            What changed.
        """
        super().changeEvent(event)
        if event.type() in FONT_EVENTS:
            self.square.place()


def _shown_until(value: ValueView, blank: str) -> float:
    """Return the newest grid second of a score that rests on data which were there in time."""
    if not value["hold"] and not blank:
        return value["t_centre_s"] + HALF_WINDOW_S
    if value["hold"] == Hold.STALE and value["since_s"] is not None:
        return value["since_s"]
    return -math.inf


class PlanePerson(QFrame):
    """Band and plane of one participant, side by side or one above the other.

    Parameters
    ----------
    code : str
        The participant.
    theme : Theme
        Colours.
    """

    def __init__(self, code: str, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("column")
        self.code = code
        self.title = Line("title")
        self.band, self.plane = BandPanel(code), PlanePanel(code)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 4, 8, 4)
        outer.setSpacing(2)
        outer.addWidget(self.title)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._both.setSpacing(8)
        self._both.addWidget(self.band, BAND_SHARE)
        self._both.addWidget(self.plane, PLANE_SHARE)
        outer.addLayout(self._both, 1)
        self.paint_with(theme)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self.band.plot.paint_with(theme)
        self.plane.plot.paint_with(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put band and plane side by side where there is room.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        # Whatever leaves the plane larger.
        share = PLANE_SHARE / (BAND_SHARE + PLANE_SHARE)
        width, height = event.size().width(), event.size().height()
        below, beside = min(width, share * height - WORDS_PX[0]), min(share * width, height - WORDS_PX[1])
        wide = beside >= below
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._both.direction() != direction:
            self._both.setDirection(direction)

    def show_person(self, person: Person, cloud: CloudView | None, blank: str, send: Send | None) -> None:
        """Take the newest state.

        Parameters
        ----------
        person : Person
            The participant.
        cloud : CloudView or None
            Where their reference seconds lie.
        blank : str
            When not empty, nothing is known but this reason.
        send : callable or None
            Takes commands about the person; None where nobody would.
        """
        self.title.put(person_label(person))
        self.band.level.connect_to(send)
        self.band.show_person(person, blank)
        self.plane.show_person(person, cloud, blank)

    def draw(self, traces: Traces, now_s: float) -> None:
        """Draw band and plane.

        Parameters
        ----------
        traces : Traces
            Display data.
        now_s : float
            Session time in seconds.
        """
        self.band.draw(traces, now_s)
        self.plane.draw(traces, now_s)
