"""The head of the window: session clock, recording, streams; and what must be read at once."""

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from monitor.board.gate import format_clock
from monitor.board.snapshot import Snapshot
from monitor.views.lines import Line, tr
from monitor.views.words import DISK_LOW_HOURS, RECORDING_STATES, recording_text


class Head(QWidget):
    """One line: clock, recording, streams."""

    def __init__(self) -> None:
        super().__init__()
        self.clock_line, self.recording_line, self.streams_line = QLabel(), Line(), Line()
        self.clock_line.setObjectName("clock")
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.clock_line.setFont(font)
        self.streams_line.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.clock_line)
        layout.addWidget(self.recording_line, 2)
        layout.addWidget(self.streams_line, 1)

    def show_state(self, snapshot: Snapshot, *, stale: bool, ended: bool) -> None:
        """Show a snapshot.

        Parameters
        ----------
        snapshot : Snapshot
            The newest.
        stale : bool
            Whether the engine is silent, so that nothing in it may be taken for the present.
        ended : bool
            Whether the session has ended.
        """
        clock = format_clock(math.nan if snapshot["now_s"] is None else snapshot["now_s"])
        if self.clock_line.text() != clock:
            self.clock_line.setText(clock)
        words = {key: tr(word) for key, word in RECORDING_STATES.items()}
        mark = "● " if snapshot["recording"]["state"] == "recording" and not stale else ""
        unknown = tr("recording: not known while the engine is silent")
        self.recording_line.put(unknown if stale else mark + recording_text(snapshot["recording"], words))
        alive = sum(s["state"] == "running" for s in snapshot["streams"])
        counts = tr("{alive}/{all} streams").format(alive=alive, all=len(snapshot["streams"]))
        self.streams_line.put("" if stale or ended else counts)


def warning_text(snapshot: Snapshot | None) -> str:
    """Say what is wrong with the recording.

    Parameters
    ----------
    snapshot : Snapshot or None
        The newest.

    Returns
    -------
    str
        Empty when nothing is.
    """
    if snapshot is None:
        return ""
    recording = snapshot["recording"]
    if recording["state"] == "error":
        return "⚠ " + tr("Recording fails: {error}").format(error=recording["error"] or tr("unknown reason"))
    hours = recording["disk_hours"]
    if hours is not None and hours < DISK_LOW_HOURS:
        text = tr("Disk nearly full: {minutes:.0f} min left. Free some space now; the session goes on.")
        return "⚠ " + text.format(minutes=hours * 60)
    return ""
