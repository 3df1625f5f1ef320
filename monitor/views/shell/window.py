"""The window: one face of the session at a time, with notes, time line and transport below it."""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from monitor.board.client import BoardClient, Link
from monitor.board.snapshot import Snapshot
from monitor.views.actions import Action
from monitor.views.bands.glance import GlanceFace
from monitor.views.faces import Face, Part, Scene
from monitor.views.lines import Said, tr
from monitor.views.notes.bar import MarksBar
from monitor.views.notes.noted import Noted
from monitor.views.plane.face import PlaneFace
from monitor.views.research.face import ResearchFace
from monitor.views.setup.face import SetupFace
from monitor.views.shell.closing import must_ask
from monitor.views.shell.frame import Shell
from monitor.views.shell.head import Head, device_text, warning_text
from monitor.views.shell.keys import Offer, offers_of
from monitor.views.shell.preferences import FACES, Preferences
from monitor.views.shell.privacy import Sight
from monitor.views.shell.scenes import scene_of, state_text
from monitor.views.theme import Theme
from monitor.views.timeline.bar import TimelineBar
from monitor.views.traces import Traces
from monitor.views.transport.bar import TransportBar
from monitor.views.trouble import trouble_of
from monitor.views.words import DELAY, FACE_NAMES, FOOTER, delay_text

FRAME_MS = 33
SLOW_S = 0.2
FROZEN_S = 2.0
LEAD_S = 0.5
"""Longest time the drawing runs ahead of the last tick, to scroll evenly."""

_BLIND = frozenset("123456789") | {"Ctrl+Z", "Alt+1", "Alt+2", "Alt+3"}
"""Keys of notes that work under the cover too: they show nothing."""


class MonitorWindow(Shell):
    """The window of one engine.

    Parameters
    ----------
    client : BoardClient
        The pipe to the engine; closed with the window.
    theme : Theme
        Colours.
    preferences : Preferences, optional
        What the user likes, but for the theme.
    path : Path, optional
        Where changes of the preferences are kept; without it they are not.
    told : sequence of str, optional
        What is to be said at the start.
    clock : callable, default time.monotonic
        Seconds; for tests.
    """

    def __init__(
        self,
        client: BoardClient,
        theme: Theme,
        *,
        preferences: Preferences | None = None,
        path: Path | None = None,
        told: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        liked = preferences if preferences is not None else Preferences()
        super().__init__(client.send, theme, liked, path, clock)
        self._client = client
        self._traces = Traces()
        self._snapshot: Snapshot | None = None
        self._tick_s = math.nan
        self._ticked_s = clock()
        self._slow_s = -math.inf
        self._sight = Sight(private=liked.hide_therapist, forget=self._forget)
        self._make_parts(self.looks.theme, liked)
        self._face: Face = self.faces[FACES.index(liked.face)]
        self._stack = QStackedWidget()
        self._frame(self._body(), self._offers())
        self.say("\n".join(told))
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(FRAME_MS)
        self.refresh()

    def _make_parts(self, theme: Theme, liked: Preferences) -> None:
        send = self._client.send
        self.setup_face = SetupFace(theme, send)
        self.research = ResearchFace(theme, send)
        self.glance = GlanceFace(theme, send)
        self.plane = PlaneFace(theme, send)
        self.faces: tuple[Face, ...] = (self.research, self.glance, self.plane)
        self.marks_bar = MarksBar(theme, send)
        if liked.notes:
            self.marks_bar.set_note_keys(dict(liked.notes))
        self._noted = Noted(self.marks_bar, say=self.say, refresh=self.refresh_now, clock=self._clock)
        self.timeline = TimelineBar(theme, send)
        self.transport_bar = TransportBar(theme, send)
        self.bars: tuple[Part, ...] = (self.marks_bar, self.timeline, self.transport_bar)
        self._own = self._window_actions()
        self.head = Head(self._own[: len(self.faces)], self._own[len(self.faces) :])
        self.banner, self.message = Said("banner"), Said("message")
        self.delay_line, self.footer_line = Said("dim"), Said("dim")

    def _body(self) -> QWidget:
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.footer_line.setText(tr(FOOTER))
        for face in (*self.faces, self.setup_face, self.help):
            self._stack.addWidget(face)
        self._turn_to(self._face)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        for line in (self.head, self.banner, self.said):
            layout.addWidget(line)
        layout.addWidget(self.message, 1)
        layout.addWidget(self._stack, 1)
        for part in (*self.bars, self.delay_line, self.footer_line):
            layout.addWidget(part)
        return body

    def _window_actions(self) -> list[Action]:
        faces = [
            Action(f"F{2 + i}", words, lambda i=i: self.show_face(self.faces[i]), "view", self._is_session)  # type: ignore[misc]
            for i, words in enumerate(FACE_NAMES)
        ]
        hide = Action(
            "H", "hide or show the therapist's side", self.toggle_private, "privacy", self._is_session
        )
        return [*faces, hide, *self.shell_actions()]

    def actions_by_key(self) -> list[Action]:
        """Return everything that can be done by key.

        Returns
        -------
        list of Action
            Of the window and of all its parts.
        """
        parts = (self.setup_face, *self.faces, *self.bars)
        return self._own + [action for part in parts for action in part.key_actions()]

    def _offers(self) -> list[Offer]:
        """Say when each part may use its keys; where two share one, the set-up comes first."""
        offers = offers_of(self.setup_face.key_actions(), lambda: self._setting_up and not self.covered)
        offers += offers_of(self._own, lambda: True)
        for face in self.faces:
            offers += offers_of(face.key_actions(), lambda face=face: self._in_use(face))  # type: ignore[misc]
        notes = self._noted.actions()
        offers += offers_of([a for a in notes if a.key in _BLIND], self._is_session)
        offers += offers_of([a for a in notes if a.key not in _BLIND], lambda: self._in_use(self._face))
        for bar in (self.timeline, self.transport_bar):
            offers += offers_of(bar.key_actions(), lambda: self._in_use(self._face))
        return offers

    @property
    def _setting_up(self) -> bool:
        return self._snapshot is not None and self._snapshot["setup"] is not None

    def _is_session(self) -> bool:
        return self._snapshot is not None and not self._setting_up

    def _in_use(self, face: Face) -> bool:
        return face is self._face and self._is_session() and not self.covered

    def show_face(self, face: Face) -> None:
        """Show another face of the session.

        Parameters
        ----------
        face : Face
            One of `faces`.
        """
        self._face = face
        self.help.shown = False
        self.looks.keep("face", FACES[self.faces.index(face)])
        self.refresh_now()

    def toggle_private(self) -> None:
        """Hide the therapist's side everywhere, or show it again."""
        self._sight.private = not self._sight.private
        self.refresh_now()

    def _forget(self, codes: frozenset[str]) -> None:
        for face in self.faces:
            face.forget(codes)
        self.unsay(codes)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme, and the text size of the application.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        super().paint_with(theme)
        for part in (*self.faces, self.setup_face, *self.bars):
            part.paint_with(theme)
        self.refresh_now()

    def refresh_now(self) -> None:
        """Show at once what has changed."""
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
        unseen = self.covered or self.help.shown or self.isMinimized()
        if self._snapshot is not None and math.isfinite(self._tick_s) and not unseen:
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
        self.cover.show_state(snapshot, trouble=bool(trouble))
        self._tidy(now_s)
        self._show_views()
        if not self.question.isHidden() and not self.must_ask():
            self._stay()
        scene = None if snapshot is None else scene_of(snapshot, trouble, self._sight.hidden(snapshot))
        empty = not self._setting_up and (scene is None or not scene.people)
        text = state_text(snapshot, scene, trouble)
        said = "" if empty or (self._setting_up and not trouble) else text
        self.banner.put(" ".join(filter(None, (warning_text(snapshot), device_text(scene, trouble), said))))
        self.message.put(text if empty and not self.help.shown else "")
        self._stack.setVisible(not empty or self.help.shown)
        self._show_bars(shown=not empty and not self._setting_up)
        if scene is not None:
            ended = not trouble and scene.snapshot["state"] == "ended"
            self.head.show_state(scene.snapshot, stale=bool(trouble), ended=ended)
            self.delay_line.put("" if self._setting_up else delay_text(scene.snapshot, tr(DELAY)))
            self._show_scene(scene)
        self._noted.look(now_s)

    def _show_bars(self, *, shown: bool) -> None:
        """Show the bars that belong to this view; each once, for every change lays the whole window out anew."""
        replaying = self._snapshot is not None and self._snapshot["transport"] is not None
        full = shown and not self._face.bare
        for bar, visible in (
            (self.marks_bar, full or (shown and self._noted.writing)),
            (self.timeline, full),
            (self.transport_bar, full and replaying),
        ):
            if bar.isHidden() == visible:
                bar.setVisible(visible)

    def _show_views(self) -> None:
        hidden = self._sight.private and self._is_session()
        words = [tr("therapist's side hidden (H)")] if hidden else []
        self.head.show_views([*words, *self.looks.words])
        self.head.choose(-1 if self._setting_up else self.faces.index(self._face))

    def _show_scene(self, scene: Scene) -> None:
        face: QWidget = self.setup_face if self._setting_up else self._face
        shown = self.help if self.help.shown else face
        if self._stack.currentWidget() is not shown:
            self._turn_to(shown)
        if isinstance(face, Part):
            face.show_scene(scene)
        for bar in self.bars:
            # Its keys work where it is not seen, too: it must know what is possible.
            bar.show_scene(scene)

    def _turn_to(self, page: QWidget) -> None:
        """Show a page of the stack; the others take no room, so that a small window needs no scrolling."""
        for other in (*self.faces, self.setup_face, self.help):
            policy = QSizePolicy.Policy.Preferred if other is page else QSizePolicy.Policy.Ignored
            other.setSizePolicy(policy, policy)
        # Else the first button of the new page would have the keyboard.
        self.let_go(self._stack)
        self._stack.setCurrentWidget(page)

    def must_ask(self) -> bool:
        """Tell whether closing the window is worth a question.

        Returns
        -------
        bool
            True while the engine records.
        """
        return must_ask(self._snapshot, live=self._client.link is Link.LIVE)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once while a recording goes on; then stop drawing and leave the engine alone.

        Parameters
        ----------
        event : QCloseEvent
            Ignored when the question is asked.
        """
        super().closeEvent(event)
        if event.isAccepted():
            self._timer.stop()
            self._client.close()
