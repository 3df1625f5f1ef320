"""The band of one participant with its state in words: where arousal lies between the edges of their own range."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from monitor.views.bands.level_button import LevelButton
from monitor.views.bands.plot import BandPlot
from monitor.views.bands.trail import BandTrail
from monitor.views.bands.words import zone_text
from monitor.views.lines import Said, tr
from monitor.views.people import Person
from monitor.views.traces import Traces


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
        self._trail = BandTrail(code, self.plot)
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

    def show_person(self, person: Person, blank: str) -> None:
        """Take the newest reading.

        Parameters
        ----------
        person : Person
            The participant.
        blank : str
            When not empty, nothing is known but this reason.
        """
        text = zone_text(person.zone, person.code, person.values, blank, tr)
        self._trail.show_person(person, blank)
        self.level.show_zone(None if blank else person.zone)
        bare = person.zone is None or person.zone["upper_mean"] is None
        # What stands there in larger type already is not said again.
        said = bare or text.head.startswith(text.sentence)
        more = [*([] if said else [text.sentence]), text.remarks, ""]
        for line, words in ((self.state, text.head), (self.sentence, more[0]), (self.remarks, more[1])):
            line.put(words)
        if text.sentence != self.message.text():
            self.message.setText(text.sentence)
        self.pages.setCurrentIndex(0 if bare else 1)
        name = f"{person.code}: {text.line}"
        if name != self.plot.accessibleName():
            self.plot.setAccessibleName(name)

    def draw(self, traces: Traces, now_s: float) -> None:
        """Draw the trail, once per second and whenever something has changed.

        Parameters
        ----------
        traces : Traces
            Display data.
        now_s : float
            Session time in seconds.
        """
        if self.pages.currentIndex() == 1:
            self._trail.draw(traces, now_s)
