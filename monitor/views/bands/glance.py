"""The glance face: the bands, the time, nothing else."""

import math
from collections.abc import Collection

from PySide6.QtGui import QFont, QFontInfo, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout

from monitor.views.actions import Send
from monitor.views.bands.glance_words import glance_text, person_label
from monitor.views.bands.plot import BandPlot
from monitor.views.bands.trail import BandTrail
from monitor.views.faces import Face, Scene
from monitor.views.lines import Line, Said, show_part
from monitor.views.people import Person
from monitor.views.theme import Theme
from monitor.views.traces import Traces

STATE_SHARE = 1.0 / 18.0
"""Height of the state relative to that of the window: readable at 3 m on an ordinary screen."""

DETAIL, REMARK, LABEL, AXIS = 0.66, 0.42, 0.36, 0.36
"""Other sizes of text relative to the state."""

DOT = 0.42
LEAST_DOT_PX = 12.0
ALONE = 5
"""Width of somebody alone relative to what is left free on either side."""

TALLER = 1.15
"""Height relative to width beyond which people stand one below the other."""


class GlancePerson(QFrame):
    """One participant, to be read from across a room.

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
        self.label, self.state = Line("dim"), Said("glance_state")
        self.detail, self.remark = Said("glance_detail"), Said("dim")
        self.plot = BandPlot(large=True)
        self.empty = QLabel()
        self.empty.hide()
        self._trail = BandTrail(code, self.plot)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(0)
        for line in (self.label, self.state, self.detail, self.remark):
            self._layout.addWidget(line)
        self._layout.addWidget(self.plot, 1)
        # Without a band the words stand where they always stand.
        self._layout.addWidget(self.empty, 1)
        self._state_px = 0
        self.paint_with(theme)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self.plot.paint_with(theme)

    def enlarge(self, state_px: int, text_px: int) -> None:
        """Choose the sizes of text and band.

        Parameters
        ----------
        state_px : int
            Height of the state in pixels.
        text_px : int
            Height of the text of the application, below which nothing goes.
        """
        if state_px == self._state_px:
            return
        self._state_px = state_px
        sizes = ((self.state, 1.0), (self.detail, DETAIL), (self.remark, REMARK), (self.label, LABEL))
        for line, share in sizes:
            font = QFont(line.font())
            font.setPixelSize(max(text_px, round(share * state_px)))
            font.setWeight(QFont.Weight.DemiBold if line is self.state else QFont.Weight.Normal)
            line.setFont(font)
            line.updateGeometry()
        self.plot.enlarge(max(text_px, AXIS * state_px), max(LEAST_DOT_PX, DOT * state_px))
        margin = max(6, state_px // 3)
        self._layout.setContentsMargins(margin, margin // 2, margin, margin // 2)

    def show_person(self, person: Person, blank: str) -> None:
        """Take the newest reading.

        Parameters
        ----------
        person : Person
            The participant.
        blank : str
            When not empty, nothing is known but this reason.
        """
        self.label.put(person_label(person))
        text = glance_text(person, blank)
        for line, words in ((self.state, text.state), (self.detail, text.detail), (self.remark, text.remark)):
            line.put(words)
        self._trail.show_person(person, blank)
        bare = person.zone is None or person.zone["upper_mean"] is None
        if self.plot.isHidden() != bare:
            self.plot.setHidden(bare)
            self.empty.setVisible(bare)
        name = f"{person.code}: {text.spoken}"
        if name != self.accessibleName():
            self.setAccessibleName(name)
            self.plot.setAccessibleName(name)

    def draw(self, traces: Traces, now_s: float) -> None:
        """Draw the trail.

        Parameters
        ----------
        traces : Traces
            Display data.
        now_s : float
            Session time in seconds.
        """
        if not self.plot.isHidden():
            self._trail.draw(traces, now_s)


class GlanceFace(Face):
    """Bands that can be read from across a room.

    Parameters
    ----------
    theme : Theme
        Colours.
    send : callable
        Takes commands; none are given here.
    """

    bare = True

    def __init__(self, theme: Theme, send: Send) -> None:
        super().__init__()
        self._theme = theme
        self._send = send
        self.cells: dict[str, GlancePerson] = {}
        self._placed: tuple[int, bool, tuple[str, ...]] = (0, False, ())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def forget(self, codes: Collection[str]) -> None:
        """Leave no word of people who are not to be seen, neither on the screen nor for a screen reader.

        Parameters
        ----------
        codes : collection of str
            Who; they may come back.
        """
        for code in codes:
            person = self.cells.pop(code, None)
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
        for person in scene.people:
            if person.code not in self.cells:
                self.cells[person.code] = GlancePerson(person.code, self._theme)
        self._place(tuple(person.code for person in scene.people))
        self._enlarge()
        for person in scene.people:
            self.cells[person.code].show_person(person, scene.blank)

    def draw(self, traces: Traces, right_s: float, *, slow: bool) -> None:
        """Draw the bands.

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
            for code in self._placed[2]:
                self.cells[code].draw(traces, right_s)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._theme = theme
        for cell in self.cells.values():
            cell.paint_with(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let text and places follow the size.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        self._place(self._placed[2])
        self._enlarge()

    def _place(self, codes: tuple[str, ...]) -> None:
        """Put people side by side, on an upright screen one below the other, many into a grid."""
        columns = _columns(len(codes), self.width(), self.height())
        wide = self.width() > TALLER * self.height()
        if (columns, wide, codes) == self._placed:
            return
        self._placed = (columns, wide, codes)
        for code, cell in self.cells.items():
            self._grid.removeWidget(cell)
            show_part(cell, shown=code in codes)
        for k in range(max(self._grid.columnCount(), self._grid.rowCount())):
            self._grid.setColumnStretch(k, 0)
            self._grid.setRowStretch(k, 0)
        # Somebody alone stands in the middle of a wide window.
        aside = int(len(codes) == 1 and wide)
        for k, code in enumerate(codes):
            row, column = divmod(k, columns)
            self._grid.addWidget(self.cells[code], row, column + aside)
            self._grid.setRowStretch(row, 1)
            self._grid.setColumnStretch(column + aside, ALONE if aside else 1)
        if aside:
            self._grid.setColumnStretch(0, 1)
            self._grid.setColumnStretch(2, 1)

    def _enlarge(self) -> None:
        """Size the text by the window, so that it is readable from the same distance whatever stands around."""
        state_px = math.ceil(self.window().height() * STATE_SHARE)
        text_px = QFontInfo(self.font()).pixelSize()
        for code in self._placed[2]:
            self.cells[code].enlarge(max(state_px, 2 * text_px), text_px)


def _columns(n_people: int, width: int, height: int) -> int:
    if height > TALLER * width:
        return 1 if n_people <= 3 else 2
    return max(1, math.ceil(math.sqrt(n_people)) if n_people > 2 else n_people)
