"""Parts of the window: one column per participant."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from monitor.board.gate import HOLD_WORDS, Hold, format_clock
from monitor.board.snapshot import StreamView, ValueView
from monitor.views.bands.panel import BandPanel
from monitor.views.lines import Line, tr
from monitor.views.people import Person, contact_line, sensor_line
from monitor.views.research.plots import MarkedPlot
from monitor.views.research.strips import draw_ecg, draw_eda, draw_rr
from monitor.views.theme import Theme
from monitor.views.traces import Traces
from monitor.views.words import (
    KINDS,
    MODALITIES,
    SHORT_STATUS,
    STATUS,
    STREAM_STATES,
    marker_label,
    number_with_error,
    unit_text,
)

ECG_S = 10.0
RR_S = 60.0
EDA_S = 60.0
VALUE_COLUMNS = 3
WIDEST_NAME, WIDEST_NUMBER, WIDEST_NOTE = "SCR sum/min", "67.2 ± 0.8 bpm", "NA"
"""What must not be cut in a column of values."""

SQUEEZED = 0.95
"""Share of that width which still does: not every name and number is the widest."""


__all__ = ["Line", "PersonColumn", "ValueGrid", "silence_text", "tr"]


class ValueGrid(QWidget):
    """The markers of one participant: name, number with unit, status and reason in words."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(6)
        self._layout.setVerticalSpacing(1)
        self._columns = VALUE_COLUMNS
        self._shown: tuple[list[ValueView], str] = ([], "")
        self._names: list[str] = []
        self._cells: list[tuple[Line, Line, Line]] = []
        self._missing: list[bool] = []

    def show_values(self, values: list[ValueView], blank: str) -> None:
        """Show values.

        Parameters
        ----------
        values : list of ValueView
            In the order of the screen.
        blank : str
            When not empty, no number is shown but this reason.
        """
        names = [v["marker"] for v in values]
        self._shown = (values, blank)
        columns = self._fitting()
        if names != self._names or columns != self._columns:
            self._columns = columns
            self._build(names)
        for i, (value, (name, number, note)) in enumerate(zip(values, self._cells, strict=True)):
            shown = None if blank else value["value"]
            unit = unit_text(value["unit"]) if shown is not None else ""
            name.put(tr(marker_label(value["marker"])))
            text = number_with_error(value["marker"], shown, value["se"])
            number.put(f"{text} {unit}".strip())
            short = "NA" if blank else value["status"]
            note.put(blank or _note(value), tr(SHORT_STATUS.get(short, "")))
            if self._missing[i] != (shown is None):
                self._missing[i] = shown is None
                self._place(i)

    def _widths(self) -> tuple[int, int, int]:
        """Return the width in pixels that name, number and note need at the size of the text."""
        plain, bold = QFontMetrics(self.font()), QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        number = QFontMetrics(bold).horizontalAdvance(WIDEST_NUMBER)
        return plain.horizontalAdvance(WIDEST_NAME), number, plain.horizontalAdvance(WIDEST_NOTE)

    def _fitting(self) -> int:
        needed = sum(self._widths()) + 3 * self._layout.horizontalSpacing()
        return min(max(int(self.width() / (SQUEEZED * needed)), 1), VALUE_COLUMNS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change the number of columns before a number is cut.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        if self._names and self._fitting() != self._columns:
            self.show_values(*self._shown)

    def _build(self, names: list[str]) -> None:
        for cells in self._cells:
            for cell in cells:
                self._layout.removeWidget(cell)
                cell.deleteLater()
        self._names, self._cells = names, []
        for column, stretch in enumerate(self._widths() * VALUE_COLUMNS):
            self._layout.setColumnStretch(column, stretch if column < 3 * self._columns else 0)
        self._missing = [False] * len(names)
        for i in range(len(names)):
            self._cells.append((Line("dim"), Line("number"), Line("dim", brief=True)))
            self._place(i)

    def _place(self, index: int) -> None:
        """Put a marker into the grid; a reason takes the room of the number that is missing."""
        n_rows = -(-len(self._names) // self._columns)
        row, column = index % n_rows, 3 * (index // n_rows)
        name, number, note = self._cells[index]
        missing = self._missing[index]
        self._layout.addWidget(name, row, column)
        self._layout.addWidget(number, row, column + 1)
        if missing:
            self._layout.addWidget(note, row, column + 1, 1, 2)
        else:
            self._layout.addWidget(note, row, column + 2)
        number.setVisible(not missing)


def _note(value: ValueView) -> str:
    status = tr(STATUS.get(value["status"], value["status"]))
    if value["hold"]:
        since = value["since_s"]
        words = tr(HOLD_WORDS[Hold(value["hold"])])
        return f"{status}: {words.format(clock='' if since is None else format_clock(since))}"
    return f"{status}: {tr(value['text'])}" if value["text"] else status


class PersonColumn(QFrame):
    """One participant: state, band, traces, markers.

    Parameters
    ----------
    code : str
        Code.
    theme : Theme
        Colours.
    """

    def __init__(self, code: str, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("column")
        self.setMinimumWidth(380)
        self.code = code
        self.title, self.contact = Line("title"), Line("dim")
        self.band = BandPanel(code)
        self.ecg = MarkedPlot(ECG_S, 500.0, tr("ECG, last 10 s, µV   ● R peak   × corrected"), whose=code)
        self.rr = MarkedPlot(RR_S, 200.0, tr("RR intervals, last 60 s, ms   × corrected"), 4, whose=code)
        self.eda = MarkedPlot(EDA_S, 0.5, tr("EDA, last 60 s, µS   ● skin conductance response"), whose=code)
        self.values = ValueGrid()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        head = QHBoxLayout()
        # Who it is must be readable whatever is said of the contact.
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        head.addWidget(self.title)
        head.addWidget(self.contact, 1)
        self.contact.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.addLayout(head)
        for part, stretch in ((self.band, 11), (self.ecg, 3), (self.rr, 2), (self.eda, 3)):
            layout.addWidget(part, stretch)
        layout.addWidget(self.values)
        self._drawn: dict[str, tuple[float, ...]] = {}
        self.paint_with(theme)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self.band.plot.paint_with(theme)
        self.ecg.paint_with(theme, theme.heart)
        self.rr.paint_with(theme, theme.heart)
        self.eda.paint_with(theme, theme.skin)

    def show_person(self, person: Person, blank: str) -> None:
        """Show everything but the traces.

        Parameters
        ----------
        person : Person
            The participant.
        blank : str
            When not empty, no number is shown but this reason.
        """
        self.title.put(f"{tr(KINDS.get(person.kind, person.kind))}  {person.code}")
        trouble = sensor_line(person, tr)
        if blank or trouble:
            self.contact.put(blank or trouble, trouble.partition(":")[0])
        else:
            contact = contact_line(person, tr)
            self.contact.put(contact, contact.partition(": ")[2])
        self.band.show_person(person, blank)
        self.values.show_values(person.values, blank)
        sensors = {s.modality: s for s in person.sensors}
        for plot, modality in ((self.ecg, "ecg"), (self.eda, "eda")):
            sensor = sensors.get(modality)
            if sensor is None:
                plot.say(tr("no {what} stream").format(what=tr(MODALITIES[modality])))
            elif sensor.works:
                plot.say("" if sensor.stream["n_samples"] else tr("waiting for data"))
            else:
                plot.say(silence_text(sensor.stream))

    def draw(self, traces: Traces, now_s: float, *, slow: bool) -> None:
        """Draw the traces.

        Parameters
        ----------
        traces : Traces
            Display data.
        now_s : float
            Session time in seconds at the right edge.
        slow : bool
            True to draw the slow plots too.
        """
        self._draw(self.ecg, draw_ecg, ("ecg", "beats"), traces, now_s)
        if slow:
            self.band.draw(traces, now_s)
            self._draw(self.rr, draw_rr, ("beats",), traces, now_s)
            self._draw(self.eda, draw_eda, ("eda", "scrs"), traces, now_s)

    def _draw(
        self,
        plot: MarkedPlot,
        draw: Callable[[MarkedPlot, Traces, str, float], None],
        kinds: tuple[str, ...],
        traces: Traces,
        now_s: float,
    ) -> None:
        versions = tuple(traces.version(self.code, kind) for kind in kinds)
        if any(versions):
            known = (*versions, *plot.pixel())
            if known != self._drawn.get(kinds[0]):
                self._drawn[kinds[0]] = known
                draw(plot, traces, self.code, now_s)
            plot.move_to(now_s)


def silence_text(stream: StreamView) -> str:
    """Say why a stream shows nothing.

    Parameters
    ----------
    stream : StreamView
        A stream that does not work.

    Returns
    -------
    str
        Since when it is silent, or its state.
    """
    since = stream["newest_s"]
    if stream["state"] in {"silent", "lost"}:
        return tr(HOLD_WORDS[Hold.STALE]).format(
            clock=format_clock(since if since is not None else float("nan"))
        )
    return tr(STREAM_STATES.get(stream["state"], stream["state"]))
