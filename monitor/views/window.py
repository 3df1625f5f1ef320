"""The first window: raw traces, R peaks, markers and stream health, read from the board."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from monitor.board.gate import format_clock
from monitor.board.snapshot import Snapshot
from monitor.board.wire import BoardClient
from monitor.views.between import BetweenPanel
from monitor.views.lines import Line, Said, tr
from monitor.views.panels import PersonColumn
from monitor.views.people import people_of
from monitor.views.stream_table import StreamTable
from monitor.views.theme import Theme, style_sheet
from monitor.views.traces import Traces
from monitor.views.trouble import trouble_of
from monitor.views.words import (
    DELAY,
    DISK_LOW_HOURS,
    FOOTER,
    RECORDING_STATES,
    SESSION_STATES,
    delay_text,
    recording_text,
)

FRAME_MS = 40
SLOW_S = 0.2
FROZEN_S = 2.0
COLUMN_SHARES = (4, 3)
"""Width of a person and of what lies between two."""

LEAD_S = 0.5
"""Longest time the drawing runs ahead of the last tick, to scroll evenly."""


class MonitorWindow(QMainWindow):
    """The window of one engine.

    Parameters
    ----------
    client : BoardClient
        The pipe to the engine; closed with the window.
    theme : Theme
        Colours.
    clock : callable, default time.monotonic
        Seconds; for tests.
    """

    def __init__(
        self, client: BoardClient, theme: Theme, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._client = client
        self._theme = theme
        self._clock = clock
        self._traces = Traces()
        self._snapshot: Snapshot | None = None
        self._tick_s = math.nan
        self._ticked_s = clock()
        self._slow_s = -math.inf
        self.columns: dict[str, PersonColumn] = {}
        self.between = BetweenPanel(theme)
        self.clock_line, self.recording_line, self.streams_line = QLabel(), Line(), Line()
        self.banner, self.message = Said("banner"), Said()
        self.table = StreamTable()
        self.delay_line, self.footer_line = Said("dim"), Said("dim")
        self._people = QWidget()
        self._columns_layout = QHBoxLayout(self._people)
        self._build()
        self.setStyleSheet(style_sheet(theme))
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(FRAME_MS)
        self.refresh()

    def _build(self) -> None:
        self.setWindowTitle("attune")
        self.resize(1280, 800)
        self.clock_line.setObjectName("clock")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.footer_line.setText(tr(FOOTER))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.clock_line.setFont(font)
        self.message.setFont(font)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.clock_line)
        head.addWidget(self.recording_line, 2)
        head.addWidget(self.streams_line, 1)
        self.streams_line.setAlignment(Qt.AlignmentFlag.AlignRight)
        people = self._columns_layout
        people.setContentsMargins(0, 0, 0, 0)
        people.setSpacing(8)
        people.addWidget(self.between, COLUMN_SHARES[1])
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.banner)
        layout.addWidget(self.message, 1)
        layout.addWidget(self._people, 1)
        layout.addWidget(self.table)
        layout.addWidget(self.delay_line)
        layout.addWidget(self.footer_line)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        self.setCentralWidget(scroll)

    def refresh(self) -> None:
        """Take what the engine has sent and draw what changed."""
        now_s = self._clock()
        snapshot = self._client.poll()
        if snapshot is not None:
            self._traces.apply(snapshot)
            tick_s = math.nan if snapshot["now_s"] is None else snapshot["now_s"]
            if tick_s != self._tick_s:
                self._tick_s, self._ticked_s = tick_s, now_s
            self._snapshot = snapshot
        slow = now_s - self._slow_s >= SLOW_S
        if slow:
            self._slow_s = now_s
            self._show_state(now_s)
        if self._snapshot is not None and math.isfinite(self._tick_s):
            right_s = self._tick_s + (min(now_s - self._ticked_s, LEAD_S) if self._running else 0.0)
            for column in self.columns.values():
                column.draw(self._traces, right_s, slow=slow)
            if slow:
                self.between.draw(self._traces)

    @property
    def _running(self) -> bool:
        return self._snapshot is not None and self._snapshot["state"] in {"running", "warming_up"}

    def trouble(self, now_s: float) -> str:
        """Say why no number may be shown, whatever the snapshot holds.

        Parameters
        ----------
        now_s : float
            Clock of this window in seconds.

        Returns
        -------
        str
            Key of the session states; empty when there is no trouble.
        """
        frozen = self._running and now_s - self._ticked_s > FROZEN_S
        return trouble_of(self._client.link, seen=self._snapshot is not None, frozen=frozen)

    def _show_state(self, now_s: float) -> None:
        trouble = self.trouble(now_s)
        snapshot = self._snapshot
        state = trouble or (snapshot["state"] if snapshot is not None else "connecting")
        blank = tr({"gone": "engine gone", "silent": "engine does not answer"}.get(trouble, ""))
        if state == "ended":
            blank = tr("session ended")
        text = tr(SESSION_STATES.get(state, state))
        empty = snapshot is None or not snapshot["people"]
        self._put(self.message, text if empty else "")
        self._people.setVisible(not empty)
        self._put(self.banner, " ".join(filter(None, (self._warning(), "" if empty else text))))
        if snapshot is None:
            return
        self._show_head(snapshot, stale=bool(trouble), ended=state == "ended")
        self.table.show_streams(snapshot["streams"], blank)
        people = people_of(snapshot)
        self.between.show_people(snapshot, people, blank)
        for person in people:
            column = self.columns.get(person.code)
            if column is None:
                column = self.columns[person.code] = PersonColumn(person.code, self._theme)
                # The panel between two people stands after the first.
                place = len(self.columns) if len(self.columns) > 1 else 0
                self._columns_layout.insertWidget(place, column, COLUMN_SHARES[0])
            recording = snapshot["recording"]["state"] == "recording" and not blank
            column.band.level.connect_to(self._client.send if recording else None)
            column.show_person(person, blank)

    def _show_head(self, snapshot: Snapshot, *, stale: bool, ended: bool) -> None:
        clock_s = math.nan if snapshot["now_s"] is None else snapshot["now_s"]
        self._put(self.clock_line, format_clock(clock_s), keep=True)
        words = {key: tr(word) for key, word in RECORDING_STATES.items()}
        mark = "● " if snapshot["recording"]["state"] == "recording" and not stale else ""
        unknown = tr("recording: not known while the engine is silent")
        self.recording_line.put(unknown if stale else mark + recording_text(snapshot["recording"], words))
        alive = sum(s["state"] == "running" for s in snapshot["streams"])
        counts = tr("{alive}/{all} streams").format(alive=alive, all=len(snapshot["streams"]))
        self.streams_line.put("" if stale or ended else counts)
        self._put(self.delay_line, delay_text(snapshot, tr(DELAY)))

    def _warning(self) -> str:
        if self._snapshot is None:
            return ""
        recording = self._snapshot["recording"]
        if recording["state"] == "error":
            return "⚠ " + tr("Recording fails: {error}").format(
                error=recording["error"] or tr("unknown reason")
            )
        hours = recording["disk_hours"]
        if hours is not None and hours < DISK_LOW_HOURS:
            text = tr("Disk nearly full: {minutes:.0f} min left. Free some space now; the session goes on.")
            return "⚠ " + text.format(minutes=hours * 60)
        return ""

    @staticmethod
    def _put(label: QLabel, text: str, *, keep: bool = False) -> None:
        if label.text() != text:
            label.setText(text)
        if label.isHidden() != (not text and not keep):
            label.setVisible(bool(text) or keep)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop drawing and leave the engine alone.

        Parameters
        ----------
        event : QCloseEvent
            Accepted.
        """
        self._timer.stop()
        self._client.close()
        super().closeEvent(event)
