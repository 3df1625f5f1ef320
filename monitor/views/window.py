"""The window: one face of the session at a time, with notes, time line and transport below it."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from monitor.board.client import BoardClient
from monitor.board.snapshot import Snapshot
from monitor.views.actions import Action
from monitor.views.faces import Face, Part, Scene
from monitor.views.glance import GlanceFace
from monitor.views.head import Head, warning_text
from monitor.views.lines import Said, tr
from monitor.views.marks_bar import MarksBar
from monitor.views.people import people_of
from monitor.views.plane import PlaneFace
from monitor.views.research import ResearchFace
from monitor.views.setup_face import SetupFace
from monitor.views.theme import Theme, style_sheet
from monitor.views.timeline import TimelineBar
from monitor.views.traces import Traces
from monitor.views.transport_bar import TransportBar
from monitor.views.trouble import trouble_of
from monitor.views.words import DELAY, FOOTER, SESSION_STATES, delay_text

FRAME_MS = 33
SLOW_S = 0.2
FROZEN_S = 2.0
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
        self._clock = clock
        self._traces = Traces()
        self._snapshot: Snapshot | None = None
        self._tick_s = math.nan
        self._ticked_s = clock()
        self._slow_s = -math.inf
        send = client.send
        self.setup_face = SetupFace(theme, send)
        self.research = ResearchFace(theme, send)
        self.glance = GlanceFace(theme, send)
        self.plane = PlaneFace(theme, send)
        self.faces: tuple[Face, ...] = (self.research, self.glance, self.plane)
        self.marks_bar = MarksBar(theme, send)
        self.timeline = TimelineBar(theme, send)
        self.transport_bar = TransportBar(theme, send)
        self.bars: tuple[Part, ...] = (self.marks_bar, self.timeline, self.transport_bar)
        self.head = Head()
        self.banner, self.message = Said("banner"), Said()
        self.delay_line, self.footer_line = Said("dim"), Said("dim")
        self._face: Face = self.research
        self._stack = QStackedWidget()
        self._build()
        self.setStyleSheet(style_sheet(theme))
        self._shortcuts = [self._shortcut(action) for action in self.actions_by_key()]
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(FRAME_MS)
        self.refresh()

    def _build(self) -> None:
        self.setWindowTitle("attune")
        self.resize(1280, 800)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.message.setFont(font)
        self.footer_line.setText(tr(FOOTER))
        for face in (*self.faces, self.setup_face):
            self._stack.addWidget(face)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(self.head)
        layout.addWidget(self.banner)
        layout.addWidget(self.message, 1)
        layout.addWidget(self._stack, 1)
        for part in (*self.bars, self.delay_line, self.footer_line):
            layout.addWidget(part)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        self.setCentralWidget(scroll)

    def actions_by_key(self) -> list[Action]:
        """Return everything that can be done by key.

        Returns
        -------
        list of Action
            Of the window and of all its parts.
        """
        faces = [
            Action(key, words, lambda face=face: self.show_face(face), "view")  # type: ignore[misc]
            for key, words, face in (
                ("F2", "research view", self.research),
                ("F3", "glance view", self.glance),
                ("F4", "window of tolerance", self.plane),
            )
        ]
        parts = (self.setup_face, *self.faces, *self.bars)
        return faces + [action for part in parts for action in part.key_actions()]

    def _shortcut(self, action: Action) -> QShortcut:
        shortcut = QShortcut(QKeySequence(action.key), self)
        shortcut.setAutoRepeat(action.repeats)
        shortcut.activated.connect(lambda: action.do() if action.enabled() else None)
        return shortcut

    def show_face(self, face: Face) -> None:
        """Show another face of the session.

        Parameters
        ----------
        face : Face
            One of `faces`.
        """
        self._face = face
        self._slow_s = -math.inf
        self.refresh()

    def refresh(self) -> None:
        """Take what the engine has sent and draw what changed."""
        now_s = self._clock()
        snapshot = self._client.poll()
        if snapshot is not None:
            self._take(snapshot, now_s)
        slow = now_s - self._slow_s >= SLOW_S
        if slow:
            self._slow_s = now_s
            self._show_state(now_s)
        if self._snapshot is not None and math.isfinite(self._tick_s):
            right_s = self._tick_s + (min(now_s - self._ticked_s, LEAD_S) if self._running else 0.0)
            self._face.draw(self._traces, right_s, slow=slow)
            for bar in self.bars:
                if not bar.isHidden():
                    bar.draw(self._traces, right_s, slow=slow)

    def _take(self, snapshot: Snapshot, now_s: float) -> None:
        self._traces.apply(snapshot)
        tick_s = math.nan if snapshot["now_s"] is None else snapshot["now_s"]
        if tick_s != self._tick_s:
            self._tick_s, self._ticked_s = tick_s, now_s
        self._snapshot = snapshot

    @property
    def _running(self) -> bool:
        if self._snapshot is None:
            return False
        transport = self._snapshot["transport"]
        if transport is not None and not transport["playing"]:
            return False
        return self._snapshot["state"] in {"running", "warming_up"}

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
        trouble, snapshot = self.trouble(now_s), self._snapshot
        state = trouble or (snapshot["state"] if snapshot is not None else "connecting")
        text = tr(SESSION_STATES.get(state, state))
        setting_up = snapshot is not None and snapshot["setup"] is not None
        empty = not setting_up and (snapshot is None or not snapshot["people"])
        self.message.put(text if empty else "")
        said = "" if empty or (setting_up and not trouble) else text
        self.banner.put(" ".join(filter(None, (warning_text(snapshot), said))))
        self._stack.setVisible(not empty)
        for bar in self.bars:
            bar.setVisible(not empty and not setting_up and not self._face.bare)
        if snapshot is None:
            return
        self.head.show_state(snapshot, stale=bool(trouble), ended=state == "ended")
        self.delay_line.put("" if setting_up else delay_text(snapshot, tr(DELAY)))
        self._show_scene(self._scene(snapshot, state, trouble), setting_up=setting_up)

    def _scene(self, snapshot: Snapshot, state: str, trouble: str) -> Scene:
        blank = tr({"gone": "engine gone", "silent": "engine does not answer"}.get(trouble, ""))
        if state == "ended":
            blank = tr("session ended")
        recording = snapshot["recording"]["state"] == "recording" and not blank
        return Scene(snapshot, people_of(snapshot), blank, recording)

    def _show_scene(self, scene: Scene, *, setting_up: bool) -> None:
        face: Face = self.setup_face if setting_up else self._face
        if self._stack.currentWidget() is not face:
            self._stack.setCurrentWidget(face)
        face.show_scene(scene)
        for bar in self.bars:
            if scene.snapshot["transport"] is None and bar is self.transport_bar:
                bar.hide()
            elif not bar.isHidden():
                bar.show_scene(scene)

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
