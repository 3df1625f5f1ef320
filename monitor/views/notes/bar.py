"""The palette of events and judgements, free text, and what was noted last."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QPushButton, QScrollArea, QVBoxLayout

from monitor.board.commands import LABEL
from monitor.board.session_views import MarkView
from monitor.core.noting import JUDGEMENTS
from monitor.views.actions import Action, Send
from monitor.views.faces import Part, Scene
from monitor.views.lines import Line, put_tip, tr
from monitor.views.notes.flow import Flow
from monitor.views.notes.line import NoteLine
from monitor.views.notes.target import NoteTarget
from monitor.views.notes.words import (
    DIGITS,
    NO_ANSWER,
    NOT_YET,
    PALETTE,
    Place,
    last_of,
    news_of,
    place_of,
    undo_text,
    undoable,
    word_of,
)
from monitor.views.theme import Theme

GROUP, JUDGED = "notes", "marks"
JUDGEMENT_KEYS = (("too_much", "U", "Alt+1"), ("tolerable", "T", "Alt+2"), ("too_little", "L", "Alt+3"))
LATE_LOOKS = 10
"""Looks at the scene, five a second, after which something that was sent and not seen is said to be missing."""


class MarksBar(Part):
    """Buttons and keys for notes.

    Parameters
    ----------
    theme : Theme
        Colours.
    send : callable
        Takes commands.

    Attributes
    ----------
    note_keys : dict of str to str
        Digit and label of each note of the palette.
    """

    def __init__(self, theme: Theme, send: Send) -> None:
        super().__init__()
        self._theme = theme
        self._send = send
        self.note_keys: dict[str, str] = dict(PALETTE)
        self._place = Place(False, "", "", float("nan"), False)
        self._marks: list[MarkView] | None = None
        self._visible: tuple[str, ...] = ()
        self._looks = 0
        self._asked = False
        self._target = NoteTarget(self._sent)
        self.said = Line()
        self.said.setAccessibleName(tr("last note"))
        self.palette_buttons = {digit: _button(partial(self._note, digit)) for digit in DIGITS}
        self.person = QComboBox()
        self.judgement_buttons = {name: _button(partial(self._judge, name)) for name in JUDGEMENTS}
        self.text_button = _button(self._open_line)
        self.undo_button = _button(self._undo)
        self.line = NoteLine(self._give, self._target.take_back)
        self._build()
        self.set_note_keys({})

    def _build(self) -> None:
        self.person.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.person.setAccessibleName(tr("whose moment is judged"))
        put_tip(self.person, tr("whose moment is judged"))
        self.person.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.text_button.setText(tr("N free text"))
        self.text_button.setAccessibleName(tr("free text about this moment, key N"))
        flow = Flow()
        for button in self.palette_buttons.values():
            flow.add(button)
        flow.add(self.person, apart=True)
        for name, _, chord in JUDGEMENT_KEYS:
            button = self.judgement_buttons[name]
            button.setText(word_of(name))
            button.setAccessibleName(tr("judge: {what}, key {key}").format(what=word_of(name), key=chord))
            flow.add(button)
        flow.add(self.text_button, apart=True)
        flow.add(self.undo_button)
        flow.fill_with(self.said)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(flow)
        layout.addWidget(self.line)

    def set_note_keys(self, mapping: Mapping[str, str]) -> None:
        """Give digits notes of the user's own; the other digits keep theirs.

        Parameters
        ----------
        mapping : mapping of str to str
            Digit from 1 to 9 and label; what is neither is left out.
        """
        own = {d: label for d, label in mapping.items() if d in tuple(DIGITS) and LABEL.fullmatch(label)}
        self.note_keys = dict(sorted({**PALETTE, **own}.items()))
        for digit, button in self.palette_buttons.items():
            label = self.note_keys.get(digit, "")
            button.setVisible(bool(label))
            button.setText(f"{digit} {word_of(label)}")
            button.setAccessibleName(tr("note {what}, key {key}").format(what=word_of(label), key=digit))

    def key_actions(self) -> list[Action]:
        """Return what can be done here, by key.

        Returns
        -------
        list of Action
            All nine digits, whether or not they have a note now.
        """

        def _action(
            key: str, words: str, do: Callable[[], object], can: Callable[[], bool], group: str = GROUP
        ) -> Action:
            return Action(key, words, do, group, can)

        actions = [
            _action(d, self._digit_words(d), partial(self._note, d), partial(self._has_note, d))
            for d in DIGITS
        ]
        actions += [
            _action(key, name.replace("_", " "), partial(self._judge, name), self._can_judge, JUDGED)
            for name, letter, chord in JUDGEMENT_KEYS
            for key in (chord, f"M, {letter}")
        ]
        return [
            *actions,
            _action("N", "free text", self._open_line, self._can_write),
            _action("Ctrl+Z", "take the newest note back", self._undo, self._can_undo),
        ]

    def _digit_words(self, digit: str) -> str:
        return self.note_keys.get(digit, "own note, see window.toml").replace("_", " ")

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
        self._place = place_of(scene.snapshot, recording=scene.recording, blank=scene.blank)
        self._show_people([(p.code, p.kind) for p in scene.people])
        self._show_marks(scene.snapshot["marks"])
        for button in (*self.palette_buttons.values(), self.text_button):
            _enable(button, self._place.active, self._place.why)
        for button in self.judgement_buttons.values():
            _enable(button, self._can_judge(), self._place.why)
        newest = self._newest()
        text = undo_text(newest, self._visible)
        if text != self.undo_button.text():
            self.undo_button.setText(text)
            self.undo_button.setAccessibleName(tr("{what}, key Ctrl+Z").format(what=text))
        _enable(self.undo_button, self._can_undo(), self._place.why)

    def _show_people(self, people: list[tuple[str, str]]) -> None:
        visible = tuple(code for code, _ in people)
        if visible == self._visible:
            return
        chosen = self.person.currentText()
        self._visible = visible
        self.person.clear()
        self.person.addItems(visible)
        client = next((code for code, kind in people if kind == "client"), "")
        self.person.setCurrentText(chosen if chosen in visible else client)
        self.person.setVisible(len(visible) > 1)
        # What was said may be about somebody who is not to be seen any more.
        self.said.put(last_of(self._marks or [], self._place, visible))
        if not self.line.isHidden():
            self.line.put_title(self._target.title(visible))
        # Marks that come and go with a person are no news.
        self._marks = None

    def _show_marks(self, marks: list[MarkView]) -> None:
        if marks != self._marks:
            self._show_news(marks)
            self._marks = marks
        if self._target.look(marks, is_open=not self.line.isHidden()):
            self._release()
            self.line.close_line()
        if self._looks:
            self._looks -= 1
            if self._looks == 0:
                self._release()
                self.said.put(tr(NOT_YET))

    def _show_news(self, marks: list[MarkView]) -> None:
        """Say what has come of what was asked for; of anything else only what is the last note."""
        news = news_of(self._marks or (), marks, self._visible) if self._asked else ""
        if news:
            self._asked, self._looks = False, 0
        self.said.put(news or last_of(marks, self._place, self._visible))

    def _newest(self) -> MarkView | None:
        return undoable(self._marks or (), self._place)

    def _can_write(self) -> bool:
        return self._place.active

    def _can_undo(self) -> bool:
        return self._place.active and (self._looks > 0 or self._newest() is not None)

    def _has_note(self, digit: str) -> bool:
        return self._place.active and digit in self.note_keys

    def _can_judge(self) -> bool:
        return self._place.active and bool(self._visible)

    def _sent(self, name: str, value: float | str | None = None) -> bool:
        """Send a command and begin to wait for what comes of it."""
        if self._send(name, value) is False:
            self.said.put(tr(NO_ANSWER))
            return False
        self._asked, self._looks = True, LATE_LOOKS
        return True

    def _note(self, digit: str) -> None:
        if self._has_note(digit):
            self._sent("note", self.note_keys[digit])

    def _judge(self, name: str) -> None:
        if self._can_judge():
            self._sent(name, self.person.currentText() or self._visible[0])

    def _undo(self) -> None:
        newest = self._newest()
        if self._looks:
            # What was pressed just now is not seen yet: the engine knows what is the newest.
            self._sent("undo_note")
        elif newest is not None:
            self._sent("remove_note", float(newest["number"]))

    def _open_line(self) -> None:
        # Where this bar is left out the window shows it first: nobody should type what cannot be seen.
        if not self._can_write() or not self.isVisible():
            return
        if self.line.isHidden():
            self.line.open(self._target.begin(self._marks or (), self._place, self._visible))
            QTimer.singleShot(0, self._show_line)
        else:
            self.line.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_line(self) -> None:
        """Bring the line into view where the window is too small for everything."""
        widget = self.parentWidget()
        while widget is not None and not isinstance(widget, QScrollArea):
            widget = widget.parentWidget()
        if widget is not None and not self.line.isHidden():
            widget.ensureWidgetVisible(self.line)

    def _give(self, text: str) -> bool:
        """Send a text; the line stays until it is known to be kept."""
        self.line.edit.setReadOnly(True)
        self._asked, self._looks = True, LATE_LOOKS
        self._target.give(text)
        return False

    def _release(self) -> None:
        self.line.edit.setReadOnly(False)


def _button(do: Callable[[], object]) -> QPushButton:
    button = QPushButton()
    # A click must not take the keyboard: the next press of the space bar would note once more.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: do())
    return button


def _enable(button: QPushButton, enabled: bool, why: str) -> None:
    if button.isEnabled() != enabled:
        button.setEnabled(enabled)
    put_tip(button, why)
