"""Parts of the window: header, one column per participant, table of streams."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from monitor.board.gate import HOLD_WORDS, Hold, format_clock
from monitor.board.snapshot import StreamView, ValueView
from monitor.views.people import Person, contact_line, sensor_line
from monitor.views.plots import MarkedPlot, draw_ecg, draw_eda, draw_rr
from monitor.views.theme import Theme
from monitor.views.traces import Traces
from monitor.views.words import (
    KINDS,
    MODALITIES,
    STATUS,
    STREAM_STATES,
    marker_label,
    number_text,
    rate_text,
    unit_text,
)

ECG_S = 10.0
RR_S = 60.0
EDA_S = 60.0
MAX_STREAM_ROWS = 6


def tr(text: str) -> str:
    """Translate a text of the tables.

    Parameters
    ----------
    text : str
        English text, which is its own key.

    Returns
    -------
    str
        The text in the language of the user.
    """
    return QCoreApplication.translate("attune", text) if text else ""


class Line(QLabel):
    """One line of plain text that is cut with an ellipsis and never widens its parent.

    Parameters
    ----------
    name : str, default ''
        Name for the style sheet.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def put(self, text: str) -> None:
        """Show a text, at no cost when it is already there.

        Parameters
        ----------
        text : str
            The text.
        """
        if text != self.text():
            self.setText(text)
            self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line and no width.

        Returns
        -------
        QSize
            Smallest size.
        """
        return QSize(0, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - the signature is Qt's
        """Draw the text, cut to the width.

        Parameters
        ----------
        event : QPaintEvent
            Not used.
        """
        painter = QPainter(self)
        text = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)


class ValueGrid(QWidget):
    """The markers of one participant: name, number with unit, status and reason in words."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(8)
        self._layout.setVerticalSpacing(1)
        for column, stretch in enumerate((11, 8, 15, 11, 8, 15)):
            self._layout.setColumnStretch(column, stretch)
        self._names: list[str] = []
        self._cells: list[tuple[Line, Line, Line]] = []

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
        if names != self._names:
            self._build(names)
        for value, (name, number, note) in zip(values, self._cells, strict=True):
            shown = None if blank else value["value"]
            unit = unit_text(value["unit"]) if shown is not None else ""
            name.put(tr(marker_label(value["marker"])))
            number.put(f"{number_text(value['marker'], shown)} {unit}".strip())
            note.put(blank or _note(value))

    def _build(self, names: list[str]) -> None:
        for cells in self._cells:
            for cell in cells:
                self._layout.removeWidget(cell)
                cell.deleteLater()
        self._names, self._cells = names, []
        half = (len(names) + 1) // 2
        for i in range(len(names)):
            cells = (Line("dim"), Line("number"), Line("dim"))
            for j, cell in enumerate(cells):
                self._layout.addWidget(cell, i % half, 3 * (i // half) + j)
            self._cells.append(cells)


def _note(value: ValueView) -> str:
    status = tr(STATUS.get(value["status"], value["status"]))
    if value["hold"]:
        since = value["since_s"]
        words = tr(HOLD_WORDS[Hold(value["hold"])])
        return f"{status}: {words.format(clock='' if since is None else format_clock(since))}"
    return f"{status}: {tr(value['text'])}" if value["text"] else status


class PersonColumn(QFrame):
    """One participant: state, traces, markers.

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
        self.title, self.state, self.contact = Line("title"), Line(), Line("dim")
        self.ecg = MarkedPlot(ECG_S, 500.0)
        self.rr = MarkedPlot(RR_S, 200.0, 4)
        self.eda = MarkedPlot(EDA_S, 0.5)
        self.values = ValueGrid()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.contact, 2)
        self.contact.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.addLayout(head)
        layout.addWidget(self.state)
        for label, plot, stretch in (
            (tr("ECG, last 10 s, µV   ● R peak   × corrected"), self.ecg, 4),
            (tr("RR intervals, last 60 s, ms"), self.rr, 2),
            (tr("EDA, last 60 s, µS   ● skin conductance response"), self.eda, 3),
        ):
            line = Line("dim")
            line.put(label)
            layout.addWidget(line)
            layout.addWidget(plot, stretch)
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
        self.contact.put("" if blank else contact_line(person))
        self.state.put(blank or sensor_line(person))
        self.state.setVisible(bool(self.state.text()))
        self.values.show_values(person.values, blank)
        sensors = {s.modality: s for s in person.sensors}
        for plot, modality in ((self.ecg, "ecg"), (self.eda, "eda")):
            sensor = sensors.get(modality)
            if sensor is None:
                plot.say(tr("no {what} stream").format(what=tr(MODALITIES[modality])))
            elif sensor.works:
                plot.say("" if sensor.stream["n_samples"] else tr("waiting for data"))
            else:
                plot.say(_silence(sensor.stream))

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


def _silence(stream: StreamView) -> str:
    since = stream["newest_s"]
    if stream["state"] in {"silent", "lost"}:
        return tr(HOLD_WORDS[Hold.STALE]).format(
            clock=format_clock(since if since is not None else float("nan"))
        )
    return tr(STREAM_STATES.get(stream["state"], stream["state"]))


class StreamTable(QTableWidget):
    """All streams with their health."""

    HEADINGS = ("stream", "participant", "measures", "declared / measured", "samples", "gaps", "state")

    def __init__(self) -> None:
        super().__init__(0, len(self.HEADINGS))
        self.setHorizontalHeaderLabels([tr(h) for h in self.HEADINGS])
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._resize()

    def _resize(self) -> None:
        rows = min(max(self.rowCount(), 1), MAX_STREAM_ROWS)
        height = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(height + rows * self.verticalHeader().defaultSectionSize() + 4)

    def show_streams(self, streams: list[StreamView], blank: str) -> None:
        """Show streams; only cells that changed are touched.

        Parameters
        ----------
        streams : list of StreamView
            In the order of the table.
        blank : str
            When not empty, shown as the state of every stream.
        """
        if self.rowCount() != len(streams):
            self.setRowCount(len(streams))
            self._resize()
        for row, stream in enumerate(streams):
            for column, text in enumerate(_cells(stream, blank)):
                item = self.item(row, column)
                if item is None:
                    self.setItem(row, column, QTableWidgetItem(text))
                elif item.text() != text:
                    item.setText(text)


def _cells(stream: StreamView, blank: str) -> tuple[str, ...]:
    roles = stream["roles"]
    state = tr(STREAM_STATES.get(stream["state"], stream["state"]))
    if stream["state"] in {"silent", "lost"} and stream["newest_s"] is not None:
        state = _silence(stream)
    if stream["note"]:
        state += f" ({stream['note']})"
    return (
        stream["title"],
        ", ".join(dict.fromkeys(r["participant"] for r in roles)) or tr("recorded only"),
        ", ".join(tr(MODALITIES.get(r["modality"], r["modality"])) for r in roles) or stream["type"],
        rate_text(stream),
        f"{stream['n_samples']:,}".replace(",", "\u202f"),
        str(stream["n_gaps"]),
        blank or state,
    )
