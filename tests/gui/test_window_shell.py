"""What the window does around its faces: keys, looks, privacy, the question before it closes."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QKeySequence, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from monitor.board.client import Link
from monitor.views.shell import frame
from monitor.views.shell.looks import set_text_scale
from monitor.views.shell.preferences import Preferences
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import DARK, DIM, LIGHT, Theme
from tests.staging import StagedClient, recording, stage

pytestmark = pytest.mark.gui

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
Open = Callable[..., "Rig"]


class Rig:
    """A window on a staged board, with a clock of its own."""

    def __init__(self, qtbot: QtBot, state: str = "running", **more: object) -> None:
        self.now_s = 0.0
        self.client: StagedClient = stage(state)
        self.window = MonitorWindow(
            self.client,  # type: ignore[arg-type]
            LIGHT,
            clock=lambda: self.now_s,
            **more,  # type: ignore[arg-type]
        )
        self.window._timer.stop()
        qtbot.addWidget(self.window, before_close_func=lambda w: w._close_now())
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()
        self.refresh()

    def refresh(self, n: int = 4) -> None:
        for _ in range(n):
            self.now_s += 0.05
            self.window.refresh_now()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, at: QWidget | None = None) -> None:
        QTest.keyClick(at or QApplication.focusWidget() or self.window, key, modifier)
        self.refresh(2)

    def said(self) -> str:
        """All that can be read or heard: texts, tooltips, names, also of what is hidden."""
        parts = [self.window.windowTitle()]
        for widget in self.window.findChildren(QWidget):
            parts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
            if isinstance(widget, QLabel | QPushButton | QLineEdit):
                parts.append(widget.text())
        table = self.window.research.table
        for row in range(table.rowCount()):
            cells = [table.item(row, column) for column in range(table.columnCount())]
            parts += [cell.text() + cell.toolTip() for cell in cells if cell is not None]
        return "\n".join(parts)


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    yield lambda state="running", **more: Rig(qtbot, state, **more)
    set_text_scale(1.0)


def colour(window: QWidget) -> str:
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return image.pixelColor(2, image.height() - 2).name()


def test_a_key_for_each_view_and_the_choice_is_kept(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "here" / "window.toml"
    rig = opened(path=path)
    for key, face, name in (
        (Qt.Key.Key_F3, rig.window.glance, "glance"),
        (Qt.Key.Key_F4, rig.window.plane, "window"),
        (Qt.Key.Key_F2, rig.window.research, "research"),
    ):
        rig.press(key)
        assert rig.window._stack.currentWidget() is face
        assert tomllib.loads(path.read_text())["face"] == name
    assert rig.window.head.buttons[0].isChecked()


def test_the_raw_signals_are_one_press_away_from_every_view(opened: Open) -> None:
    rig = opened()
    for size in ((1280, 800), (600, 400)):
        rig.window.resize(*size)
        rig.window.show_face(rig.window.glance)
        button = rig.window.head.buttons[0]
        assert button.isVisible()
        button.click()
        assert rig.window.research.isVisible()


def test_colours_change_while_it_runs_everywhere(opened: Open, tmp_path: Path) -> None:
    rig = opened(path=tmp_path / "window.toml")
    steps: list[tuple[Qt.Key, Qt.KeyboardModifier, Theme]] = [
        (Qt.Key.Key_L, CTRL, DARK),
        (Qt.Key.Key_D, NONE, DIM),
        (Qt.Key.Key_D, NONE, DARK),
        (Qt.Key.Key_L, CTRL, LIGHT),
    ]
    for key, modifier, theme in steps:
        rig.press(key, modifier)
        assert colour(rig.window) == theme.background
        for column in rig.window.research.columns.values():
            for plot in (column.ecg, column.rr, column.eda, column.band.plot):
                assert plot.backgroundBrush().color().name() == theme.panel
        for panel in rig.window.research.between.signals.values():
            assert panel.plot.backgroundBrush().color().name() == theme.panel
    kept = tomllib.loads((tmp_path / "window.toml").read_text())
    assert kept == {"theme": "light", "dim": False}


def test_dimming_is_said_and_lifted_by_another_theme(opened: Open) -> None:
    rig = opened()
    rig.press(Qt.Key.Key_D)
    assert "dimmed (D)" in rig.window.head.view_line.text()
    rig.press(Qt.Key.Key_L, CTRL)
    assert colour(rig.window) == DARK.background
    assert not rig.window.head.view_line.text()


def test_all_text_grows_and_shrinks_within_its_limits(opened: Open) -> None:
    rig = opened()
    column = rig.window.research.columns["C07"]
    before = [w.fontMetrics().height() for w in (column.band.state, column.contact, rig.window.footer_line)]
    for _ in range(5):
        rig.press(Qt.Key.Key_Plus, CTRL)
    assert rig.window.looks.text_scale == 1.5
    after = [w.fontMetrics().height() for w in (column.band.state, column.contact, rig.window.footer_line)]
    assert all(1.35 * a < b < 1.65 * a for a, b in zip(before, after, strict=True))
    for _ in range(20):
        rig.window.looks.scale_by(0.1)
    assert rig.window.looks.text_scale == 2.0
    rig.press(Qt.Key.Key_0, CTRL)
    assert [
        w.fontMetrics().height() for w in (column.band.state, column.contact, rig.window.footer_line)
    ] == before
    for _ in range(9):
        rig.press(Qt.Key.Key_Minus, CTRL)
    assert rig.window.looks.text_scale == 0.8


def test_the_help_lists_every_key_of_every_part(opened: Open) -> None:
    rig = opened()
    rig.press(Qt.Key.Key_F1)
    page = rig.window.help.text
    assert page.isVisible()
    assert page.hasFocus()
    text = page.toPlainText()
    for action in rig.window.actions_by_key():
        assert action.words in text
        assert QKeySequence(action.key).toString(QKeySequence.SequenceFormat.NativeText) in text
    rig.press(Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert rig.window.research.isVisible()


def test_every_key_has_one_meaning_at_a_time(opened: Open) -> None:
    for state in ("running", "replay", "setup_ready"):
        rig = opened(state)
        for face in rig.window.faces:
            rig.window.show_face(face)
            rig.refresh()
            for key, offers in rig.window._keys._offers.items():
                possible = {offer.action.words for offer in offers if offer.possible}
                assert len(possible) <= 1, key


def test_the_therapists_side_leaves_no_word_behind(opened: Open) -> None:
    rig = opened()
    for face in rig.window.faces:
        rig.window.show_face(face)
        rig.refresh()
    assert "T02" in rig.said()
    rig.press(Qt.Key.Key_H)
    for face in rig.window.faces:
        rig.window.show_face(face)
        rig.refresh()
        assert "T02" not in rig.said()
        assert "C07" in rig.said()
    assert "therapist's side hidden (H)" in rig.window.head.view_line.text()
    assert rig.window.head.streams_line.text() == "2/2 streams"
    rig.window.show_face(rig.window.research)
    rig.press(Qt.Key.Key_H)
    assert rig.window.research.columns["T02"].isVisible()
    assert rig.window.research.columns["T02"].eda.curve.getData()[0].size > 1000


def test_what_was_said_of_somebody_goes_with_them(opened: Open) -> None:
    rig = opened()
    of_therapist = {"number": 9, "t_s": 1871.0, "kind": "mark", "label": "too_much", "participant": "T02"}
    rig.client.board.note_marks(
        [*rig.client.board.snapshot()["marks"], {**of_therapist, "by": "therapist", "text": ""}]  # type: ignore[typeddict-item]
    )
    rig.refresh()
    rig.press(Qt.Key.Key_N)
    assert "T02" in rig.window.marks_bar.line.edit.accessibleName()
    rig.window.say("31:11 too much, T02 noted")
    # By the menu: a key would be typed.
    rig.window.toggle_private()
    rig.refresh()
    assert rig.window.marks_bar.line.isVisible()
    assert "T02" not in rig.said()
    rig.window.toggle_private()
    rig.press(Qt.Key.Key_Escape)
    rig.window.toggle_private()
    rig.refresh()
    assert "T02" not in rig.said()


def test_no_tooltip_stays_over_what_is_hidden(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = opened()
    hidden: list[str] = []
    for hide in (rig.window.toggle_private, rig.window.toggle_cover):
        QToolTip.showText(QPoint(5, 5), "<qt>T02: within the calibrated range</qt>", rig.window)
        with monkeypatch.context() as patch:
            # Qt itself takes it away a moment later only.
            patch.setattr(frame.QToolTip, "hideText", lambda name=hide.__name__: hidden.append(name))
            hide()
        QToolTip.hideText()
    assert hidden == ["toggle_private", "toggle_cover"]


def test_no_tooltip_reads_markup(opened: Open) -> None:
    rig = opened()
    bad = "<img src='file:///etc/hostname'><b>x</b> & y"
    stream = {**rig.client.board.snapshot()["streams"][0], "title": bad, "host": bad, "note": bad}
    rig.window.research.table.show_streams([stream], "")  # type: ignore[list-item]
    line = rig.window.head.recording_line
    line.put(bad)
    table = rig.window.research.table
    tips = [table.item(0, column).toolTip() for column in (0, 1, 9)]  # type: ignore[union-attr]
    for tip in (line.toolTip(), *tips):
        assert tip.startswith("<qt>")
        assert "<img" not in tip
        shown = QTextDocument()
        shown.setHtml(tip)
        assert bad in shown.toPlainText()
    # Not one is given past the escaping.
    for widget in rig.window.findChildren(QWidget):
        assert widget.toolTip() == "" or widget.toolTip().startswith("<qt>"), widget.toolTip()


def test_no_note_is_news_because_people_are_hidden_or_shown(opened: Open) -> None:
    rig = opened()
    for _ in range(4):
        rig.press(Qt.Key.Key_H)
        assert not any(word in rig.window.marks_bar.said.text() for word in ("noted", "kept", "back"))


def test_the_therapists_side_can_be_hidden_from_the_start(opened: Open) -> None:
    rig = opened("replay_compare", preferences=Preferences(hide_therapist=True, face="glance"))
    assert rig.window.glance.isVisible()
    assert "T02" not in rig.said()


def test_a_therapist_alone_who_is_hidden_leaves_a_sentence(opened: Open) -> None:
    rig = opened("running_alone")
    rig.client.board._people = {"C07": "therapist"}
    rig.press(Qt.Key.Key_H)
    assert "therapist's side is hidden" in rig.window.message.text()
    assert "C07" not in rig.said()


def test_under_the_cover_nothing_can_be_seen_but_the_clock(opened: Open) -> None:
    rig = opened()
    rig.press(Qt.Key.Key_H, SHIFT)
    seen = [w.text() for w in rig.window.findChildren(QLabel) if w.isVisible() and w.text()]
    assert seen == ["31:12", "● recording", "notes: 7", "hidden (Shift+H shows)"]
    assert not any(w.isVisible() for w in rig.window.findChildren(QPushButton))
    assert rig.window.windowTitle() == "attune"
    for key in (Qt.Key.Key_F3, Qt.Key.Key_N, Qt.Key.Key_Space, Qt.Key.Key_F1):
        rig.press(key)
    assert rig.window.covered
    assert [w.text() for w in rig.window.findChildren(QLabel) if w.isVisible() and w.text()] == seen
    rig.press(Qt.Key.Key_2)
    assert rig.client.sent == [("note", "repair")]
    rig.client.link = Link.GONE
    rig.refresh()
    assert "not known" in rig.window.cover.recording_line.text()
    rig.press(Qt.Key.Key_H, SHIFT)
    assert rig.window.head.isVisible()


def test_while_setting_up_the_keys_of_a_session_are_left_to_the_cards(opened: Open) -> None:
    rig = opened("setup_ready")
    assert rig.window.setup_face.isVisible()
    assert not any(bar.isVisible() for bar in rig.window.bars)
    for key in (Qt.Key.Key_H, Qt.Key.Key_F3, Qt.Key.Key_Space):
        rig.press(key)
    assert rig.window.setup_face.isVisible()
    assert not rig.client.sent
    got: list[str] = []

    class Card(QWidget):
        def keyPressEvent(self, event: object) -> None:  # noqa: N802 - the name is Qt's
            got.append(event.text())  # type: ignore[attr-defined]

    card = Card(rig.window.setup_face)
    card.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    card.show()
    card.setFocus()
    for key in (Qt.Key.Key_1, Qt.Key.Key_M, Qt.Key.Key_2):
        rig.press(key, at=card)
    assert got == ["1", "m", "2"]
    assert not rig.client.sent


def test_what_is_typed_into_a_text_does_nothing_else(opened: Open) -> None:
    rig = opened("replay")
    line = QLineEdit(rig.window.research)
    line.show()
    line.setFocus()
    rig.client.sent.clear()
    before = rig.window.looks.dim
    for text in "1h d,n[m":
        QTest.keyClicks(line, text)
    rig.press(Qt.Key.Key_H, SHIFT, at=line)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_Return):
        rig.press(key, at=line)
    assert line.text() == "1h d,n[mh"
    assert rig.client.sent == []
    assert rig.window.looks.dim == before
    assert not rig.window.covered
    assert rig.window._sight.private is False
    rig.press(Qt.Key.Key_F3, at=line)
    assert rig.window.glance.isVisible()


def test_the_space_bar_presses_the_button_that_has_the_focus_and_else_plays(opened: Open) -> None:
    rig = opened("replay")
    rig.client.sent.clear()
    rig.press(Qt.Key.Key_Space)
    assert [name for name, _ in rig.client.sent] == ["pause"]
    rig.client.sent.clear()
    button = rig.window.head.buttons[1]
    button.setFocus()
    rig.press(Qt.Key.Key_Space, at=button)
    assert rig.client.sent == []
    assert rig.window.glance.isVisible()


def test_a_note_made_in_the_glance_view_is_confirmed(opened: Open) -> None:
    rig = opened()
    rig.press(Qt.Key.Key_F3)
    rig.press(Qt.Key.Key_1)
    assert rig.client.sent == [("note", "rupture")]
    assert not rig.window.marks_bar.isVisible()
    made = {
        "number": 8,
        "t_s": 1872.0,
        "kind": "note",
        "label": "rupture",
        "participant": "",
        "by": "therapist",
    }
    rig.client.board.note_marks([*rig.client.board.snapshot()["marks"], {**made, "text": ""}])  # type: ignore[typeddict-item]
    rig.refresh()
    assert "rupture noted" in rig.window.said.text()
    rig.now_s += 30.0
    rig.window.refresh()
    assert not rig.window.said.isVisible()


def test_free_text_can_be_written_in_the_glance_view(opened: Open) -> None:
    rig = opened()
    rig.press(Qt.Key.Key_F3)
    rig.press(Qt.Key.Key_N)
    assert rig.window.marks_bar.isVisible()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    rig.press(Qt.Key.Key_Escape)
    assert not rig.window.marks_bar.isVisible()
    assert rig.window.glance.isVisible()


def test_full_screen_and_on_top_and_one_screen_only(opened: Open, tmp_path: Path) -> None:
    rig = opened(path=tmp_path / "window.toml")
    rig.press(Qt.Key.Key_F11)
    assert rig.window.isFullScreen()
    rig.press(Qt.Key.Key_T, CTRL)
    assert rig.window.isVisible()
    assert rig.window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    rig.press(Qt.Key.Key_F10)
    assert "one screen only" in rig.window.said.text()
    rig.press(Qt.Key.Key_Escape)
    assert not rig.window.isFullScreen()
    assert tomllib.loads((tmp_path / "window.toml").read_text()) == {"on_top": True}


def test_preferences_that_cannot_be_kept_are_said(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    rig = opened(path=tmp_path / "file" / "window.toml", told=("'colour' is not known",))
    assert rig.window.said.text() == "'colour' is not known"
    rig.press(Qt.Key.Key_L, CTRL)
    assert "cannot be written" in rig.window.said.text()
    assert colour(rig.window) == DARK.background


def test_own_notes_have_their_digits(opened: Open) -> None:
    rig = opened(preferences=Preferences(notes={"5": "laughter"}))
    rig.press(Qt.Key.Key_5)
    assert rig.client.sent == [("note", "laughter")]


def test_closing_asks_once_while_recording(opened: Open) -> None:
    rig = opened()
    window = rig.window
    assert not window.close()
    assert window.question.isVisible()
    assert window.isVisible()
    assert window.research.isVisible()
    assert window.question.stay_button.hasFocus()
    assert "Recording goes on without this window." in rig.said()
    rig.press(Qt.Key.Key_Space)
    assert not window.question.isVisible()
    assert not window.close()
    assert window.close()
    assert rig.client.closed
    assert rig.client.sent == []


def test_closing_can_stop_the_recording_and_stays(opened: Open) -> None:
    rig = opened()
    rig.press(Qt.Key.Key_Q, CTRL)
    rig.window.question.stop_button.click()
    assert rig.client.sent == [("stop_recording", None)]
    assert rig.window.isVisible()
    assert "saving" in rig.window.said.text()
    rig.client.board.note_recording(recording(state="closed"))
    rig.refresh()
    assert rig.window.close()


def test_the_question_goes_away_when_the_recording_does(opened: Open) -> None:
    rig = opened()
    rig.window.close()
    rig.client.board.note_recording(recording(state="closed"))
    rig.refresh()
    assert not rig.window.question.isVisible()


def test_the_question_is_read_over_the_cover(opened: Open) -> None:
    rig = opened()
    rig.press(Qt.Key.Key_H, SHIFT)
    rig.press(Qt.Key.Key_Q, CTRL)
    assert rig.window.question.isVisible()
    rig.press(Qt.Key.Key_Escape)
    assert not rig.window.question.isVisible()
    assert rig.window.covered


@pytest.mark.parametrize("state", ["replay", "setup_ready", "gone", "silent", "ended", "nothing_found"])
def test_closing_does_not_ask_where_nothing_is_recorded(opened: Open, state: str) -> None:
    rig = opened(state)
    assert rig.window.close()
    assert rig.client.closed


def test_a_board_switched_under_the_window_takes_the_set_up_away(opened: Open) -> None:
    rig = opened("setup_ready")
    rig.client.board, rig.client.cursor = stage("running").board, 0
    rig.refresh()
    assert not rig.window.setup_face.isVisible()
    assert rig.window.research.isVisible()
    assert all(bar.isVisible() for bar in rig.window.bars[:2])


@pytest.mark.parametrize("face", ["research", "glance", "window"])
def test_small_windows_need_no_sideways_scrolling_beyond_their_contents(opened: Open, face: str) -> None:
    rig = opened(preferences=Preferences(face=face))
    rig.window.resize(600, 400)
    rig.refresh()
    assert rig.window.size().width() == 600
    if face == "glance":
        assert rig.window._stack.minimumSizeHint().width() <= 600
