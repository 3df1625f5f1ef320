"""The head of the window: session clock, recording, streams, the views; and what must be read at once."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from monitor.board.gate import format_clock
from monitor.board.snapshot import Snapshot
from monitor.views.actions import Action
from monitor.views.faces import Scene
from monitor.views.lines import Line, put_tip, show_part, tr
from monitor.views.words import DISK_LOW_HOURS, RECORDING_STATES, recording_text

NARROW_CHARACTERS = 130
"""Width in characters below which only one button of a view fits beside the recording."""

DEVICE_SHOWN_S = 60.0
"""How long what a device said stays in sight; the stream and the values tell the rest."""


class Head(QWidget):
    """One line: clock, recording, streams, what is hidden or dimmed, and a button for each view.

    Parameters
    ----------
    faces : sequence of Action
        The views, the one with the raw signals first.
    menu : sequence of Action, optional
        What else is offered behind the last button.
    """

    def __init__(self, faces: Sequence[Action] = (), menu: Sequence[Action] = ()) -> None:
        super().__init__()
        self.clock_line, self.recording_line, self.streams_line = QLabel(), Line(), Line()
        self.view_line = Line("dim")
        self.clock_line.setObjectName("clock")
        self.streams_line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.view_line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.buttons = [_button(action) for action in faces]
        self.more = QToolButton()
        self._menu = QMenu(self.more)
        self._fill_menu(menu)
        self._chosen = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.clock_line)
        layout.addWidget(self.recording_line, 4)
        layout.addWidget(self.view_line, 3)
        layout.addWidget(self.streams_line, 2)
        views = QHBoxLayout()
        views.setSpacing(4)
        for button in self.buttons:
            views.addWidget(button)
        views.addWidget(self.more)
        layout.addLayout(views)

    def _fill_menu(self, actions: Sequence[Action]) -> None:
        self.more.setText("☰")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setAccessibleName(tr("more of this window"))
        put_tip(self.more, tr("more of this window"))
        self.more.setMenu(self._menu)
        show_part(self.more, shown=bool(actions))
        said: set[str] = set()
        for action in actions:
            if action.words not in said:
                said.add(action.words)
                # The key is named only: as a shortcut of the menu it would stand against that of the window.
                entry = self._menu.addAction(f"{tr(action.words)}\t{_native(action.key)}")
                entry.triggered.connect(
                    lambda _=False, action=action: action.do() if action.enabled() else None
                )

    def choose(self, index: int) -> None:
        """Mark the view that is shown.

        Parameters
        ----------
        index : int
            Place in `buttons`; -1 before the start, when there is nothing to choose.
        """
        self._chosen = index
        for i, button in enumerate(self.buttons):
            if button.isChecked() != (i == index):
                button.setChecked(i == index)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW_CHARACTERS * self.fontMetrics().averageCharWidth()
        # The raw signals stay one press away, however small the window.
        other = 1 if self._chosen == 0 else 0
        for i, button in enumerate(self.buttons):
            shown = self._chosen >= 0 and (not narrow or i == other)
            if button.isHidden() == shown:
                button.setVisible(shown)
        if self.streams_line.isHidden() != narrow:
            self.streams_line.setHidden(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out buttons before words are cut.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        self._fit()

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
        mark = "● " if snapshot["recording"]["state"] == "recording" and not stale else ""
        self.recording_line.put(_recording(snapshot, mark, stale=stale))
        alive = sum(s["state"] == "running" for s in snapshot["streams"])
        counts = tr("{alive}/{all} streams").format(alive=alive, all=len(snapshot["streams"]))
        self.streams_line.put("" if stale or ended or snapshot["setup"] is not None else counts)

    def show_views(self, words: Sequence[str]) -> None:
        """Say what of the window is not as usual.

        Parameters
        ----------
        words : sequence of str
            Translated, each with the key that undoes it.
        """
        self.view_line.put(" · ".join(words))


def _recording(snapshot: Snapshot, mark: str, *, stale: bool) -> str:
    if stale:
        return tr("recording: not known while the engine is silent")
    if snapshot["transport"] is not None:
        return tr("replay")
    words = {key: tr(word) for key, word in RECORDING_STATES.items()}
    return mark + recording_text(snapshot["recording"], words, tr)


def _button(action: Action) -> QPushButton:
    words = tr(action.words)
    button = QPushButton(words)
    button.setCheckable(True)
    # A click leaves the keyboard where it was: Space goes on to play.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(words)
    put_tip(button, f"{words} ({_native(action.key)})")
    button.clicked.connect(lambda: action.do())
    return button


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


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


def device_text(scene: Scene | None, trouble: str) -> str:
    """Say what a device has said of itself lately.

    Parameters
    ----------
    scene : Scene or None
        What may be shown.
    trouble : str
        Why it may be old; then nothing is said.

    Returns
    -------
    str
        The newest notice of a device, for a minute; empty where there is none.
    """
    if scene is None or trouble or scene.snapshot["state"] == "ended":
        return ""
    now_s = scene.snapshot["now_s"]
    said = [note for note in scene.snapshot["notices"] if note["label"].startswith("device_")]
    if now_s is None or not said or said[-1]["t_s"] is None or now_s - said[-1]["t_s"] >= DEVICE_SHOWN_S:
        return ""
    newest = said[-1]
    return newest["text"] if newest["label"] == "device_back" else f"⚠ {newest['text']}"
