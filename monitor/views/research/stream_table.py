"""The table of streams in the window."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from monitor.board.snapshot import StreamView
from monitor.views.lines import put_tip, tr
from monitor.views.people import in_table_order
from monitor.views.research.columns import silence_text
from monitor.views.words import MODALITIES, STREAM_STATES, rate_text

MAX_STREAM_ROWS = 4
LOW_PX = 840
"""Height of a window below which a line less must do."""

HEADINGS = (
    "stream",
    "host",
    "participant",
    "measures",
    "declared / measured",
    "delay",
    "loss",
    "samples",
    "gaps",
    "state",
)
_SHARES = (20, 13, 13, 11, 20, 8, 8, 10, 7, 24)
"""Width of the columns in characters, as far as there is room."""


class StreamTable(QTableWidget):
    """All streams with their health: a few lines, scrolled by keyboard."""

    def __init__(self) -> None:
        super().__init__(0, len(HEADINGS))
        self.setHorizontalHeaderLabels([tr(h) for h in HEADINGS])
        self.setAccessibleName(tr("table of streams"))
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        # Up and down scroll; Tab goes on to what comes next.
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(8)
        self._resize()

    def changeEvent(self, event: QEvent) -> None:
        """Keep whole lines at another size of the text.

        Parameters
        ----------
        event : QEvent
            What has changed.
        """
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._resize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width by what the columns hold.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        share = self.viewport().width() / sum(_SHARES)
        for column, n in enumerate(_SHARES):
            self.horizontalHeader().resizeSection(column, int(share * n))
        self._resize()

    def _resize(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2)
        most = MAX_STREAM_ROWS if self.window().height() >= LOW_PX else MAX_STREAM_ROWS - 1
        rows = min(max(self.rowCount(), 1), most)
        height = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth()
        # Never a slice of a line more.
        self.setFixedHeight(height + rows * self.verticalHeader().defaultSectionSize())

    def show_streams(self, streams: list[StreamView], blank: str) -> None:
        """Show streams; only cells that changed are touched.

        Parameters
        ----------
        streams : list of StreamView
            Any.
        blank : str
            When not empty, shown as the state of every stream.
        """
        if self.rowCount() != len(streams):
            self.setRowCount(len(streams))
            self._resize()
        for row, stream in enumerate(in_table_order(streams)):
            for column, text in enumerate(_cells(stream, blank)):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.setItem(row, column, item)
                if item.text() != text:
                    item.setText(text)
                    put_tip(item, text)


def _cells(stream: StreamView, blank: str) -> tuple[str, ...]:
    roles = stream["roles"]
    state = tr(STREAM_STATES.get(stream["state"], stream["state"]))
    if stream["state"] in {"silent", "lost"} and stream["newest_s"] is not None:
        state = silence_text(stream)
    if stream["note"]:
        state += f" ({stream['note']})"
    return (
        stream["title"],
        stream["host"],
        ", ".join(dict.fromkeys(r["participant"] for r in roles)) or tr("recorded only"),
        ", ".join(tr(MODALITIES.get(r["modality"], r["modality"])) for r in roles) or stream["type"],
        rate_text(stream, tr),
        delay_text_of(stream),
        loss_text(stream),
        f"{stream['n_samples']:,}".replace(",", "\u202f"),
        str(stream["n_gaps"]),
        blank or state,
    )


def delay_text_of(stream: StreamView) -> str:
    """Write how long the samples of a stream take to arrive.

    Parameters
    ----------
    stream : StreamView
        The stream.

    Returns
    -------
    str
        In ms, from ten seconds on in s; a dash where it is not known.
    """
    delay_s = stream["delay_s"]
    if delay_s is None:
        return "–"
    return f"{delay_s:.0f} s" if abs(delay_s) >= 10 else f"{delay_s * 1000:.0f} ms"


def loss_text(stream: StreamView) -> str:
    """Write how much of a stream is missing in gaps.

    Parameters
    ----------
    stream : StreamView
        The stream.

    Returns
    -------
    str
        In percent, never rounded to nothing; a dash where it is not known.
    """
    share = stream["lost_share"]
    if share is None:
        return "–"
    if 0.0 < share < 0.001:
        return "<0.1 %"
    return f"{100 * share:.1f} %"
