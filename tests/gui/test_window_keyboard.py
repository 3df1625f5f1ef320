"""Who has the keyboard, and which keys work whoever has it."""

import math
from collections.abc import Callable

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from monitor.views.calibrate.window import CalibrationWindow
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT
from monitor.views.typed import is_typed
from tests.staging import StagedClient, stage

pytestmark = pytest.mark.gui

NONE, CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
REPLAY_KEYS = (
    (Qt.Key.Key_Left, "seek"),
    (Qt.Key.Key_Right, "seek"),
    (Qt.Key.Key_BracketLeft, "speed"),
    (Qt.Key.Key_BracketRight, "speed"),
    (Qt.Key.Key_C, "variant"),
    (Qt.Key.Key_Space, "pause"),
)


class Rig:
    """A window on a staged board, with a clock of its own."""

    def __init__(self, qtbot: QtBot, state: str) -> None:
        self.now_s = 0.0
        self.client: StagedClient = stage(state)
        self.window = MonitorWindow(self.client, LIGHT, clock=lambda: self.now_s)  # type: ignore[arg-type]
        self.window._timer.stop()
        qtbot.addWidget(self.window, before_close_func=lambda w: w._close_now())
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()
        self.refresh()

    def refresh(self, n: int = 2) -> None:
        for _ in range(n):
            # Long enough for a wish to be given up for what the engine says.
            self.now_s += 1.1
            self.window._ticked_s = self.now_s
            self.window.refresh_now()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def turn_to(self, state: str) -> None:
        self.client.board, self.client.cursor = stage(state).board, 0
        self.refresh()

    @property
    def rests(self) -> bool:
        """Whether no control has the keyboard."""
        return self.window.focusWidget() is self.window.centralWidget()


Open = Callable[[str], Rig]


@pytest.fixture
def opened(qtbot: QtBot) -> Open:
    return lambda state: Rig(qtbot, state)


@pytest.mark.parametrize("state", ["setup_ready", "running", "replay", "nothing_found"])
def test_nothing_has_the_keyboard_when_a_window_opens(opened: Open, state: str) -> None:
    rig = opened(state)
    assert rig.rests
    rig.client.sent.clear()
    QTest.keyClick(rig.window.focusWidget(), Qt.Key.Key_Space)
    assert [name for name, _ in rig.client.sent] == (["pause"] if state == "replay" else [])


@pytest.mark.parametrize("holder", ["start", "card", "code"])
def test_the_start_leaves_the_keyboard_on_no_button_of_the_session(opened: Open, holder: str) -> None:
    rig = opened("setup_ready")
    face = rig.window.setup_face
    bay = next(bay for bay in face.bays.values() if bay.place.is_person)
    widget: QWidget = {"start": face.foot.start_button, "card": bay.cards[0], "code": bay.code}[holder]
    widget.setFocus()
    if holder == "start":
        # It is disabled while the engine starts.
        QTest.keyClick(widget, Qt.Key.Key_Return)
        assert rig.client.sent == [("start", None)]
        assert rig.rests
    rig.turn_to("running")
    assert rig.rests
    rig.client.sent.clear()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(rig.window.focusWidget(), key)
    assert rig.client.sent == []


def test_a_control_that_goes_hands_the_keyboard_to_none(opened: Open) -> None:
    rig = opened("running")
    level = rig.window.research.columns["C07"].band.level
    level.setFocus()
    rig.turn_to("not_calibrated")
    assert not level.isVisible()
    assert rig.rests
    rig.turn_to("running")
    undo = rig.window.marks_bar.undo_button
    undo.setFocus()
    rig.client.board.note_marks([])
    rig.refresh()
    assert not undo.isEnabled()
    assert rig.rests
    rig.window.marks_bar.palette_buttons["1"].setFocus()
    rig.window.show_face(rig.window.glance)
    assert rig.rests
    rig.window.show_face(rig.window.plane)
    rig.refresh()
    rig.window.plane.spans.group.checkedButton().setFocus()
    rig.window.show_face(rig.window.research)
    assert rig.rests
    rig.window.research.table.setFocus()
    rig.window.show_face(rig.window.plane)
    assert rig.rests


def test_an_answer_leaves_the_keyboard_on_no_button(opened: Open) -> None:
    rig = opened("running")
    rig.window.close()
    assert rig.window.question.stay_button.hasFocus()
    QTest.keyClick(rig.window.question.stay_button, Qt.Key.Key_Space)
    assert rig.window.isVisible()
    assert rig.rests


def test_a_rating_that_is_done_with_hands_the_keyboard_to_none(qtbot: QtBot) -> None:
    window = CalibrationWindow(stage("calibrate_rating"), LIGHT)  # type: ignore[arg-type]
    window._timer.stop()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    window.refresh()
    rows = [row for row in window.ratings.values() if row.isVisible()]
    rows[0].buttons[3].setFocus()
    rows[0].hide()
    assert window.focusWidget() is window.centralWidget()
    # The same in a window that is not the one in use.
    other = QWidget()
    qtbot.addWidget(other)
    rows[1].buttons[3].setFocus()
    other.show()
    other.activateWindow()
    QApplication.processEvents()
    rows[1].hide()
    window.refresh()
    assert window.focusWidget() is not rows[1].buttons[3]


def test_no_click_takes_the_keyboard_from_the_replay(opened: Open) -> None:
    rig = opened("replay_compare")
    for face in rig.window.faces:
        rig.window.show_face(face)
        rig.refresh()
        for widget in rig.window.findChildren(QAbstractButton):
            # Those of a menu or a list open something, which has the keyboard while it is open.
            if widget.isVisible() and widget.isEnabled() and widget is not rig.window.head.more:
                QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
                rig.window.show_face(face)
                assert rig.rests, widget.text()


def test_the_keys_of_a_replay_work_whichever_control_has_the_keyboard(opened: Open) -> None:
    rig = opened("replay_compare")
    tried = 0
    for face in rig.window.faces:
        rig.window.show_face(face)
        rig.refresh()
        for widget in rig.window.findChildren(QWidget):
            reached = (
                widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            )
            if not reached or isinstance(widget, QLineEdit):
                continue
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            tried += 1
            for key, name in REPLAY_KEYS:
                # Space presses the button the user has gone to, and opens a list.
                if key == Qt.Key.Key_Space and isinstance(widget, QAbstractButton | QComboBox):
                    continue
                rig.window.transport_bar.seeker._sent_s = -math.inf
                rig.client.sent.clear()
                QTest.keyClick(widget, key)
                said = f"{type(widget).__name__} {widget.accessibleName()}: {key.name}"
                assert [sent for sent, _ in rig.client.sent] in ([name], ["play"] * (name == "pause")), said
    assert tried > 20


def key_event(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text)


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "typed"),
    [
        (Qt.Key.Key_1, NONE, "1", True),
        (Qt.Key.Key_H, SHIFT, "H", True),
        (Qt.Key.Key_BracketLeft, CTRL | ALT, "[", True),
        (Qt.Key.Key_At, CTRL | ALT, "@", True),
        (Qt.Key.Key_1, ALT, "1", False),
        (Qt.Key.Key_Z, CTRL, "\x1a", False),
        (Qt.Key.Key_T, CTRL | ALT, "\x14", False),
        (Qt.Key.Key_Right, CTRL | ALT, "", False),
        (Qt.Key.Key_F2, NONE, "", False),
    ],
)
def test_what_altgr_writes_is_typed_and_no_chord_is(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, typed: bool
) -> None:
    assert is_typed(key_event(key, modifiers, text)) is typed


def test_a_bracket_of_a_german_keyboard_is_text_in_a_text(opened: Open) -> None:
    rig = opened("replay")
    rig.window.marks_bar.line.open("text")
    edit = rig.window.marks_bar.line.edit
    for widget in (edit, QLineEdit(rig.window.research)):
        widget.show()
        widget.setFocus()
        event = key_event(Qt.Key.Key_BracketLeft, CTRL | ALT, "[")
        event.ignore()
        QApplication.sendEvent(widget, event)
        assert event.isAccepted()


def test_the_table_shows_whole_lines_at_every_size(opened: Open) -> None:
    rig = opened("setup_many")
    rig.turn_to("running")
    table = rig.window.research.table
    streams = rig.client.board.snapshot()["streams"]
    for scale in (1.0, 0.8, 1.3, 2.0):
        rig.window.looks.scale_to(scale)
        for size in ((1280, 800), (1920, 1080)):
            rig.window.resize(*size)
            for count in (1, 4, 16):
                table.show_streams([{**streams[0], "stream_id": k} for k in range(count)], "")
                QApplication.processEvents()
                whole, rest = divmod(table.viewport().height(), table.verticalHeader().defaultSectionSize())
                assert rest == 0, (scale, size, count)
                assert whole == min(count, 3 if size[1] < 840 else 4)
                last = table.rowAt(table.viewport().height() - 1)
                assert table.rowViewportPosition(last) + table.rowHeight(last) == table.viewport().height()
    rig.window.looks.scale_to(1.0)
    assert table.rowAt(QPoint(1, 1).y()) == 0
