"""The research face: raw traces, quality, every marker, synchrony and the table of streams."""

from collections.abc import Collection

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitor.views.actions import Send
from monitor.views.between.panel import BetweenPanel
from monitor.views.faces import Face, Scene
from monitor.views.research.columns import PersonColumn
from monitor.views.research.stream_table import StreamTable
from monitor.views.theme import Theme
from monitor.views.traces import Traces

COLUMN_SHARES = (4, 3)
"""Width of a person and of what lies between two."""


class ResearchFace(Face):
    """A column per person, what lies between them, and the streams.

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
        self.columns: dict[str, PersonColumn] = {}
        self.between = BetweenPanel(theme)
        self.table = StreamTable()
        people = QWidget()
        self._people = QHBoxLayout(people)
        self._people.setContentsMargins(0, 0, 0, 0)
        self._people.setSpacing(8)
        self._people.addWidget(self.between, COLUMN_SHARES[1])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(people, 1)
        layout.addWidget(self.table)

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
        self.table.show_streams(scene.snapshot["streams"], scene.blank)
        self.between.show_people(scene.snapshot, scene.people, scene.blank)
        before: QWidget = self.between.chooser
        for i, person in enumerate(scene.people):
            column = self.columns.get(person.code)
            if column is None:
                column = self.columns[person.code] = PersonColumn(person.code, self._theme)
                # The panel between two people stands after the first.
                self._people.insertWidget(i + 1 if i else 0, column, COLUMN_SHARES[0])
                # What is made later would else be reached last, after the bars below.
                QWidget.setTabOrder(before, column.band.level)
            before = column.band.level
            column.band.level.connect_to(self._send if scene.recording else None)
            column.show_person(person, scene.blank)
        seen = {person.code for person in scene.people}
        for code, column in self.columns.items():
            if column.isHidden() == (code in seen):
                column.setVisible(code in seen)

    def forget(self, codes: Collection[str]) -> None:
        """Leave no word of people who are not to be seen, neither on the screen nor for a screen reader.

        Parameters
        ----------
        codes : collection of str
            Who; they may come back.
        """
        self.between.forget()
        for code in codes:
            column = self.columns.pop(code, None)
            if column is not None:
                column.hide()
                self._people.removeWidget(column)
                column.deleteLater()

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._theme = theme
        for column in self.columns.values():
            column.paint_with(theme)
        self.between.paint_with(theme)

    def draw(self, traces: Traces, right_s: float, *, slow: bool) -> None:
        """Draw the traces.

        Parameters
        ----------
        traces : Traces
            Display data.
        right_s : float
            Session time in seconds at the right edge.
        slow : bool
            True to draw the slow plots too.
        """
        for column in self.columns.values():
            if not column.isHidden():
                column.draw(traces, right_s, slow=slow)
        if slow:
            self.between.draw(traces)
