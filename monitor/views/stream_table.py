"""The table of streams in the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from monitor.board.snapshot import StreamView
from monitor.views.lines import tr
from monitor.views.panels import silence_text
from monitor.views.words import MODALITIES, STREAM_STATES, rate_text

MAX_STREAM_ROWS = 4


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
        state = silence_text(stream)
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
