"""The window-of-tolerance face: band over time, and the plane of vagal and electrodermal scores."""

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from monitor.views.actions import Action, Send
from monitor.views.faces import Face, Scene
from monitor.views.lines import Said, put_tip, show_part, tr
from monitor.views.plane.panel import PlanePerson
from monitor.views.plane.words import ANALOGY
from monitor.views.theme import Theme
from monitor.views.traces import Traces

SPANS_MIN = (5, 15, 60)
UPRIGHT = 1.25
"""Height relative to width beyond which people stand one below the other."""

SPAN_TITLE = "band shows the last"
SPAN_WORDS = "{minutes} min"
SPAN_NAME = "band: show the last {minutes} minutes"


class SpanButtons(QWidget):
    """Choose how far back the bands go."""

    def __init__(self) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        self.group.setExclusive(True)
        title = QLabel(tr(SPAN_TITLE))
        title.setObjectName("dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(title)
        for k, minutes in enumerate(SPANS_MIN):
            button = QPushButton(tr(SPAN_WORDS).format(minutes=minutes))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setChecked(k == 0)
            button.setAccessibleName(tr(SPAN_NAME).format(minutes=minutes))
            put_tip(button, tr("shorter: =    longer: -"))
            self.group.addButton(button, k)
            layout.addWidget(button)

    @property
    def seconds(self) -> float:
        """The span chosen, in seconds."""
        return 60.0 * SPANS_MIN[self.group.checkedId()]

    def step(self, by: int) -> None:
        """Choose the next span.

        Parameters
        ----------
        by : int
            1 for a longer one, -1 for a shorter one; at the ends nothing happens.
        """
        k = min(max(self.group.checkedId() + by, 0), len(SPANS_MIN) - 1)
        self.group.button(k).setChecked(True)


class PlaneFace(Face):
    """Band and plane of each person.

    Parameters
    ----------
    theme : Theme
        Colours.
    send : callable
        Takes commands.
    """

    def __init__(self, theme: Theme, send: Send) -> None:
        super().__init__()
        self._theme = theme
        self._send = send
        self.people: dict[str, PlanePerson] = {}
        self._placed: tuple[bool, tuple[str, ...]] = (False, ())
        self.spans = SpanButtons()
        self.spans.group.idToggled.connect(self._span)
        self.analogy = Said("dim")
        self.analogy.put(tr(ANALOGY))
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.spans)
        layout.addLayout(self._grid, 1)
        layout.addWidget(self.analogy)

    def forget(self, codes: Collection[str]) -> None:
        """Leave no word of people who are not to be seen, neither on the screen nor for a screen reader.

        Parameters
        ----------
        codes : collection of str
            Who; they may come back.
        """
        for code in codes:
            person = self.people.pop(code, None)
            if person is not None:
                self._grid.removeWidget(person)
                person.hide()
                person.deleteLater()
        self._place(tuple(code for code in self._placed[-1] if code not in codes))

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
        clouds = {cloud["participant"]: cloud for cloud in scene.snapshot["clouds"]}
        for person in scene.people:
            if person.code not in self.people:
                made = self.people[person.code] = PlanePerson(person.code, self._theme)
                made.band.plot.show_span(self.spans.seconds)
        self._place(tuple(person.code for person in scene.people))
        send = self._send if scene.recording else None
        for person in scene.people:
            self.people[person.code].show_person(person, clouds.get(person.code), scene.blank, send)

    def draw(self, traces: Traces, right_s: float, *, slow: bool) -> None:
        """Draw bands and planes.

        Parameters
        ----------
        traces : Traces
            Display data.
        right_s : float
            Session time in seconds at the right edge.
        slow : bool
            True five times a second; in between nothing moves.
        """
        if slow:
            for code in self._placed[1]:
                self.people[code].draw(traces, right_s)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._theme = theme
        for person in self.people.values():
            person.paint_with(theme)

    def key_actions(self) -> list[Action]:
        """Return what can be done here, by key.

        Returns
        -------
        list of Action
            Longer and shorter bands, while this face is seen.
        """
        group = "window of tolerance"
        return [
            Action("-", "longer time in the band", lambda: self.spans.step(1), group, self.isVisible),
            Action("=", "shorter time in the band", lambda: self.spans.step(-1), group, self.isVisible),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let places follow the size.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        self._place(self._placed[1])

    def _span(self, _id: int, checked: bool) -> None:
        if checked:
            for person in self.people.values():
                person.band.plot.show_span(self.spans.seconds)

    def _place(self, codes: tuple[str, ...]) -> None:
        """Put people side by side, two in a row; on an upright screen one below the other."""
        upright = self.height() > UPRIGHT * self.width()
        if (upright, codes) == self._placed:
            return
        self._placed = (upright, codes)
        columns = 1 if upright else 2
        for code, person in self.people.items():
            self._grid.removeWidget(person)
            show_part(person, shown=code in codes)
        for k in range(max(self._grid.columnCount(), self._grid.rowCount())):
            self._grid.setColumnStretch(k, 0)
            self._grid.setRowStretch(k, 0)
        before: QWidget = self.spans.group.buttons()[-1]
        for k, code in enumerate(codes):
            row, column = divmod(k, columns)
            self._grid.addWidget(self.people[code], row, column)
            self._grid.setRowStretch(row, 1)
            self._grid.setColumnStretch(column, 1)
            # What is made later would else be reached last, after the bars below.
            QWidget.setTabOrder(before, self.people[code].band.level)
            before = self.people[code].band.level
