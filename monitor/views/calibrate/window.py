"""The window of a guided calibration: one step at a time, then the result to be accepted."""

import math
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from monitor.board.client import BoardClient
from monitor.board.session_views import ProcedureView
from monitor.views.calibrate.breath import Breath, Pace
from monitor.views.calibrate.keys import ASKS, KEYS, command_of
from monitor.views.calibrate.pacer import Pacer
from monitor.views.calibrate.panels import QualityLines, RatingRow, ResultPanel, enlarge, plain
from monitor.views.calibrate.terminal import breath_now
from monitor.views.calibrate.words import WORDS, phase_text, progress_text, step_text
from monitor.views.lines import Line, tr
from monitor.views.setup.words import sentence
from monitor.views.theme import Theme, style_sheet
from monitor.views.trouble import trouble_of
from monitor.views.typed import SteadyWindow
from monitor.views.words import FOOTER, RECORDING_STATES, SESSION_STATES, recording_text

if TYPE_CHECKING:
    from monitor.board.snapshot import Snapshot

FRAME_MS = 40
STILL_MS = 200
"""Without movement nothing changes more often than a snapshot may."""

FROZEN_S = 3.0
_DOTS = {True: "●", False: "○"}


class CalibrationWindow(SteadyWindow):
    """The window of one calibration.

    Parameters
    ----------
    client : BoardClient
        The pipe to the engine; closed with the window.
    theme : Theme
        Colours.
    motion : bool, default False
        Whether the pace of breathing may move.
    clock : callable, default time.monotonic
        Seconds; for tests.
    """

    def __init__(
        self,
        client: BoardClient,
        theme: Theme,
        *,
        motion: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._client = client
        self._clock = clock
        self._pace = Pace()
        self._snapshot: Snapshot | None = None
        self._tick_s = math.nan
        self._ticked_s = clock()
        self.who, self.recording_line, self.banner = plain("title"), Line(), plain("banner")
        self.step, self.title, self.instruction = plain("dim"), plain("title"), plain()
        self.progress, self.progress_line = QProgressBar(), plain()
        self.pacer = Pacer(theme, motion=motion)
        self.quality, self.message, self.footer = QualityLines(), plain("banner"), plain("dim")
        self.ratings = {name: RatingRow(name) for name in ASKS}
        self.rate_hint = plain("dim")
        self.result = ResultPanel(theme)
        self.buttons = {known.command: self._button(known.command, known.word, known.key) for known in KEYS}
        self._pages, self._body = QStackedWidget(), QWidget()
        self._build()
        self.setStyleSheet(style_sheet(theme) + _style(theme))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(FRAME_MS if motion else STILL_MS)
        self.refresh()

    def _button(self, command: str, word: str, key: str) -> QPushButton:
        button = QPushButton(tr(WORDS["button"]).format(word=sentence(tr(word)), key=sentence(tr(key))))
        button.setAccessibleName(tr(word))
        button.clicked.connect(lambda: self._client.send(command))
        # Enter belongs to begin and accept wherever the focus is: a focused button would take it for itself.
        button.setAutoDefault(False)
        return button

    def _build(self) -> None:
        self.setWindowTitle("attune")
        self.resize(1280, 800)
        enlarge(self.title, 2.0)
        enlarge(self.instruction, 1.6)
        enlarge(self.who, 1.3)
        enlarge(self.message, 1.15)
        self.instruction.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.progress.setTextVisible(False)
        self.rate_hint.setText(tr(WORDS["rate_hint"]))
        self.progress.setAccessibleName(tr("progress of this step"))
        self.footer.setText(tr(FOOTER))
        for row in self.ratings.values():
            row.rated.connect(self._client.send)
        self._pages.addWidget(self._step_page())
        self._pages.addWidget(self.result)
        head = QHBoxLayout()
        head.addWidget(self.who, 1)
        head.addWidget(self.recording_line, 1)
        self.recording_line.setAlignment(Qt.AlignmentFlag.AlignRight)
        keys = QHBoxLayout()
        for button in self.buttons.values():
            keys.addWidget(button)
        keys.addStretch(1)
        body = self._body
        layout = QVBoxLayout(body)
        layout.setContentsMargins(24, 16, 24, 12)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.banner)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.message)
        layout.addLayout(keys)
        layout.addWidget(self.footer)
        body.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCentralWidget(body)
        body.setFocus()

    def _step_page(self) -> QWidget:
        page = QWidget()
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.step)
        left.addWidget(self.title)
        left.addWidget(self.instruction, 2)
        left.addWidget(self.pacer, 3)
        for row in self.ratings.values():
            left.addWidget(row)
        left.addWidget(self.rate_hint)
        left.addSpacing(12)
        left.addWidget(self.progress)
        left.addWidget(self.progress_line)
        right = QVBoxLayout()
        right.addWidget(self.quality, 1)
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(32)
        layout.addLayout(left, 3)
        layout.addLayout(right, 2)
        return page

    @property
    def view(self) -> ProcedureView | None:
        """The state of the procedure as last heard."""
        return self._snapshot["procedure"] if self._snapshot is not None else None

    def refresh(self) -> None:
        """Take what the engine has sent and draw what changed."""
        now_s = self._clock()
        snapshot = self._client.poll()
        if snapshot is not None:
            tick_s = math.nan if snapshot["now_s"] is None else snapshot["now_s"]
            if tick_s != self._tick_s:
                self._tick_s, self._ticked_s = tick_s, now_s
            self._snapshot = snapshot
        self.free()
        trouble = self.trouble(now_s)
        self._put_banner(trouble)
        if self._snapshot is not None:
            words = {key: tr(word) for key, word in RECORDING_STATES.items()}
            self.recording_line.put("" if trouble else recording_text(self._snapshot["recording"], words, tr))
        view = self.view
        self.pacer.show_breath(None if trouble else self._breath(view, now_s))
        self._pages.setVisible(view is not None)
        self._offer([] if view is None or trouble else view["commands"])
        if view is not None:
            self._show(view, stale=bool(trouble))

    def _offer(self, commands: Sequence[str]) -> None:
        for known, button in self.buttons.items():
            button.setVisible(known in commands)

    def trouble(self, now_s: float) -> str:
        """Say why what is shown may be old.

        Parameters
        ----------
        now_s : float
            Clock of this window in seconds.

        Returns
        -------
        str
            Key of the session states; empty when there is no trouble.
        """
        over = self._snapshot is not None and self._snapshot["state"] == "ended"
        frozen = math.isfinite(self._tick_s) and not over and now_s - self._ticked_s > FROZEN_S
        return trouble_of(self._client.link, seen=self._snapshot is not None, frozen=frozen)

    def _put_banner(self, trouble: str) -> None:
        state = trouble
        if not trouble and self.view is None:
            state = self._snapshot["state"] if self._snapshot is not None else "connecting"
        text = tr(SESSION_STATES.get(state, "")) if state else ""
        if self._snapshot is not None and self._snapshot["recording"]["state"] == "error":
            text = tr(WORDS["recording_fails"]).format(error=self._snapshot["recording"]["error"])
        _put(self.banner, text)

    def _breath(self, view: ProcedureView | None, now_s: float) -> Breath | None:
        breath = breath_now(view, self._pace, now_s)
        return breath if view is not None and view["phase"] == "running" else None

    def _show(self, view: ProcedureView, *, stale: bool) -> None:
        _put(self.who, tr(WORDS["who"]).format(code=view["participant"], protocol=tr(view["protocol"])))
        _put(self.message, view["message"])
        if view["result"] is not None:
            self._pages.setCurrentWidget(self.result)
            self.result.show_result(view["result"])
            return
        self._pages.setCurrentIndex(0)
        dots = " ".join(_DOTS[i <= view["index"]] for i in range(view["n_steps"]))
        head = " · ".join(filter(None, (step_text(view, tr), phase_text(view, tr))))
        _put(self.step, f"{dots}   {head}")
        _put(self.title, tr(view["title"]))
        _put(self.instruction, tr(view["instruction"]), keep=True)
        self.progress.setRange(0, max(1, round(view["length_s"])))
        self.progress.setValue(min(round(view["elapsed_s"]), self.progress.maximum()))
        _put(self.progress_line, progress_text(view, tr))
        self.quality.show_quality([] if stale else view["quality"])
        asked = [] if stale else [n for n in view["commands"] if n == "tension" or n in view["asks"]]
        for name, row in self.ratings.items():
            row.setVisible(name in asked)
        self.rate_hint.setVisible(any(name in asked for name in self.ratings))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn a key into its command.

        Parameters
        ----------
        event : QKeyEvent
            Keys that mean nothing now are passed on.
        """
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        view = self.view
        command = command_of("enter" if enter else event.text(), view) if view is not None else None
        if command is None or event.isAutoRepeat() or self.trouble(self._clock()):
            super().keyPressEvent(event)
        else:
            self._client.send(*command)

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


def _put(label: QLabel, text: str, *, keep: bool = False) -> None:
    if label.text() != text:
        label.setText(text)
    if label.isHidden() != (not text and not keep):
        label.setVisible(bool(text) or keep)


def _style(theme: Theme) -> str:
    """Style of what only this window has."""
    edge = f"border: 1px solid {theme.line}; border-radius: 4px;"
    return f"""
    QPushButton {{ background: {theme.panel}; color: {theme.text}; {edge} padding: 8px 14px; }}
    QPushButton:focus {{ border: 2px solid {theme.skin}; }}
    QPushButton:pressed {{ background: {theme.line}; }}
    RatingRow QPushButton {{ padding: 6px 2px; }}
    QProgressBar {{ background: {theme.panel}; {edge} min-height: 8px; max-height: 8px; }}
    QProgressBar::chunk {{ background: {theme.dim}; }}
    """
