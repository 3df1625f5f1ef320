"""The bar of notes: keys, buttons, free text, undo, and what it says of them."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

pytest.importorskip("PySide6")
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from monitor.board.board import Board
from monitor.board.session_views import MarkView, TransportView
from monitor.core.events import Tick
from monitor.core.noting import LARGEST_NUMBER
from monitor.views.faces import Scene
from monitor.views.notes.bar import LATE_LOOKS, MarksBar
from monitor.views.notes.flow import Flow
from monitor.views.people import people_of
from monitor.views.theme import LIGHT

pytestmark = pytest.mark.gui

NOW_S = 1000.0


def mark(
    number: int, t_s: float, label: str, code: str = "", text: str = "", by: str = "therapist"
) -> MarkView:
    kind = "mark" if code else "note"
    return MarkView(number=number, t_s=t_s, kind=kind, label=label, participant=code, by=by, text=text)


class Bench:
    """A bar in a window of its own, and an engine that does what it is asked."""

    def __init__(self, qtbot: QtBot) -> None:
        self.board = Board()
        self.board.note_people([("T02", "therapist"), ("C07", "client")])
        self.board.set_origin(0.0)
        self.board.note_event(Tick(NOW_S, float("nan")))
        self.board.note_recording({"state": "recording"})
        self.marks: list[MarkView] = []
        self.sent: list[tuple[str, object]] = []
        self.reached = True
        self.hidden: set[str] = set()
        self.blank = ""
        self.bar = MarksBar(LIGHT, self.send)
        self.window = QWidget()
        QVBoxLayout(self.window).addWidget(self.bar)
        self.window.resize(1200, 200)
        for action in self.bar.key_actions():
            shortcut = QShortcut(QKeySequence(action.key), self.window)
            shortcut.activated.connect(lambda action=action: action.do() if action.enabled() else None)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitActive(self.window).__enter__()
        # Else the first button has the focus of a window that was just shown.
        self.window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.window.setFocus()
        self.qtbot = qtbot
        self.look()

    def send(self, name: str, value: object = None) -> bool:
        self.sent.append((name, value))
        return self.reached

    def look(self, times: int = 1) -> None:
        self.board.note_marks(self.marks)
        snapshot = self.board.snapshot()
        snapshot["people"] = [p for p in snapshot["people"] if p["code"] not in self.hidden]
        recording = snapshot["recording"]["state"] == "recording" and not self.blank
        for _ in range(times):
            self.bar.show_scene(Scene(snapshot, people_of(snapshot), self.blank, recording))

    def press(self, key: Qt.Key, *, alt: bool = False, control: bool = False) -> None:
        modifier = Qt.KeyboardModifier.NoModifier
        modifier |= Qt.KeyboardModifier.AltModifier if alt else modifier
        modifier |= Qt.KeyboardModifier.ControlModifier if control else modifier
        focus = self.window.focusWidget() or self.window
        self.qtbot.keyClick(focus, key, modifier)

    @property
    def edit(self) -> QWidget:
        return self.bar.line.edit


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot)
    yield bench
    bench.window.close()


def test_a_digit_makes_its_note_and_the_bar_says_so_once_it_is_recorded(bench: Bench) -> None:
    bench.press(Qt.Key.Key_1)
    assert bench.sent == [("note", "rupture")]
    bench.look()
    assert bench.bar.said.text() == ""
    bench.marks = [mark(1, 999.9, "rupture")]
    bench.look()
    assert bench.bar.said.text() == "16:39 rupture noted"
    assert bench.bar.undo_button.text() == "undo rupture 16:39"


def test_a_click_does_the_same_and_leaves_the_keyboard_alone(bench: Bench) -> None:
    bench.qtbot.mouseClick(bench.bar.palette_buttons["2"], Qt.MouseButton.LeftButton)
    bench.press(Qt.Key.Key_Space)
    assert bench.sent == [("note", "repair")]


def test_what_is_not_confirmed_is_said_to_be_missing(bench: Bench) -> None:
    bench.press(Qt.Key.Key_3)
    bench.look(LATE_LOOKS + 1)
    assert "Not noted yet" in bench.bar.said.text()
    bench.reached = False
    bench.press(Qt.Key.Key_3)
    assert "engine does not answer" in bench.bar.said.text()


@pytest.mark.parametrize("key", [Qt.Key.Key_5, Qt.Key.Key_9])
def test_a_digit_without_a_note_does_nothing(bench: Bench, key: Qt.Key) -> None:
    bench.press(key)
    assert bench.sent == []
    assert bench.bar.palette_buttons["5"].isHidden()


def test_own_notes_join_the_palette_and_nonsense_is_left_out(bench: Bench) -> None:
    bench.bar.set_note_keys(
        {"5": "laughter", "1": "phone_call", "0": "x", "66": "y", "7": "She wept", "": "z"}
    )
    assert bench.bar.note_keys == {
        "1": "phone_call", "2": "repair", "3": "intervention", "4": "silence", "5": "laughter",
    }  # fmt: skip
    assert not bench.bar.palette_buttons["5"].isHidden()
    assert bench.bar.palette_buttons["1"].text() == "1 phone call"
    bench.press(Qt.Key.Key_5)
    bench.press(Qt.Key.Key_1)
    assert bench.sent == [("note", "laughter"), ("note", "phone_call")]
    words = {action.key: action.words for action in bench.bar.key_actions()}
    assert (words["5"], words["8"]) == ("laughter", "own note, see window.toml")


def test_the_client_is_judged_unless_another_is_chosen(bench: Bench) -> None:
    assert bench.bar.person.currentText() == "C07"
    bench.press(Qt.Key.Key_1, alt=True)
    bench.bar.person.setCurrentText("T02")
    bench.press(Qt.Key.Key_M)
    bench.press(Qt.Key.Key_T)
    bench.press(Qt.Key.Key_M)
    bench.press(Qt.Key.Key_L)
    assert bench.sent == [("too_much", "C07"), ("tolerable", "T02"), ("too_little", "T02")]


def test_undo_takes_back_what_the_button_says(bench: Bench) -> None:
    bench.marks = [mark(1, 900.0, "rupture"), mark(2, 950.0, "too_much", "C07")]
    bench.look()
    assert bench.bar.undo_button.text() == "undo too much, C07 15:50"
    bench.press(Qt.Key.Key_Z, control=True)
    assert bench.sent == [("remove_note", 2.0)]
    bench.marks = bench.marks[:1]
    bench.look()
    assert bench.bar.said.text() == "15:50 too much, C07 taken back"
    assert bench.bar.undo_button.text() == "undo rupture 15:00"


def test_undo_right_after_a_key_leaves_it_to_the_engine_which_is_the_newest(bench: Bench) -> None:
    bench.marks = [mark(1, 900.0, "rupture")]
    bench.look()
    bench.press(Qt.Key.Key_2)
    bench.press(Qt.Key.Key_Z, control=True)
    assert bench.sent == [("note", "repair"), ("undo_note", None)]


def test_nothing_older_than_ten_minutes_is_taken_back(bench: Bench) -> None:
    bench.marks = [mark(1, NOW_S - 601.0, "rupture")]
    bench.look()
    bench.press(Qt.Key.Key_Z, control=True)
    assert bench.sent == []
    assert not bench.bar.undo_button.isEnabled()


def test_free_text_goes_to_the_note_made_just_now(bench: Bench) -> None:
    bench.marks = [mark(4, NOW_S - 3.0, "rupture")]
    bench.look()
    bench.press(Qt.Key.Key_N)
    assert bench.edit.accessibleName() == "Text to 16:37 rupture"
    bench.qtbot.keyClicks(bench.edit, "1 or 2 tears, then nothing")
    bench.press(Qt.Key.Key_Return)
    assert bench.sent == [("note_text", "4 1 or 2 tears, then nothing")]
    assert not bench.bar.line.isHidden()
    bench.marks = [mark(4, NOW_S - 3.0, "rupture", text="1 or 2 tears, then nothing")]
    bench.look()
    assert bench.bar.line.isHidden()
    assert bench.bar.said.text() == "16:37 rupture: text kept"


def test_free_text_of_its_own_is_noted_at_the_key_press_not_at_its_end(bench: Bench) -> None:
    bench.press(Qt.Key.Key_N)
    assert bench.sent == [("note", "text")]
    bench.qtbot.keyClicks(bench.edit, "looks away")
    bench.press(Qt.Key.Key_Return)
    assert len(bench.sent) == 1
    bench.marks = [mark(1, NOW_S, "text")]
    bench.look()
    assert bench.sent[1:] == [("note_text", "1 looks away")]
    bench.marks = [mark(1, NOW_S, "text", text="…")]
    bench.look()
    assert bench.bar.line.isHidden()


@pytest.mark.parametrize("known_before", [True, False])
def test_escape_leaves_no_note_behind(bench: Bench, known_before: bool) -> None:
    bench.press(Qt.Key.Key_N)
    bench.qtbot.keyClicks(bench.edit, "rather not")
    if known_before:
        bench.marks = [mark(1, NOW_S, "text")]
        bench.look()
    bench.press(Qt.Key.Key_Escape)
    assert bench.bar.line.isHidden()
    bench.marks = [mark(1, NOW_S, "text")]
    bench.look()
    assert bench.sent == [("note", "text"), ("remove_note", 1.0)]
    bench.look(3)
    assert len(bench.sent) == 2


def test_where_the_bar_is_not_seen_no_text_is_begun_but_keys_make_notes(bench: Bench) -> None:
    bench.bar.hide()
    bench.look()
    bench.press(Qt.Key.Key_N)
    bench.press(Qt.Key.Key_4)
    assert bench.sent == [("note", "silence")]


def test_keys_typed_into_the_text_are_text(bench: Bench) -> None:
    bench.press(Qt.Key.Key_N)
    del bench.sent[:]
    for key in (Qt.Key.Key_1, Qt.Key.Key_N, Qt.Key.Key_M, Qt.Key.Key_U, Qt.Key.Key_Space, Qt.Key.Key_9):
        bench.press(key)
    assert bench.edit.text() == "1nmu 9"
    bench.press(Qt.Key.Key_Z, control=True)
    assert bench.sent == []


def test_a_text_of_a_clipboard_is_made_fit_for_a_command(bench: Bench) -> None:
    bench.marks = [mark(4, NOW_S - 3.0, "rupture")]
    bench.look()
    bench.press(Qt.Key.Key_N)
    bench.edit.setText(" a\u2028b\tc" + "x" * 500)
    bench.press(Qt.Key.Key_Return)
    (_, value) = bench.sent[0]
    assert str(value).startswith("4 a b c")
    assert str(value).isprintable()
    assert len(str(value)) <= 400


def test_a_text_the_engine_does_not_keep_stays_in_the_line(bench: Bench) -> None:
    bench.marks = [mark(4, NOW_S - 3.0, "rupture")]
    bench.look()
    bench.press(Qt.Key.Key_N)
    bench.qtbot.keyClicks(bench.edit, "looks away")
    bench.press(Qt.Key.Key_Return)
    bench.look(LATE_LOOKS + 1)
    assert "Not noted yet" in bench.bar.said.text()
    assert (bench.edit.text(), bench.edit.isReadOnly()) == ("looks away", False)
    bench.press(Qt.Key.Key_Return)
    assert bench.sent == [("note_text", "4 looks away")] * 2


def test_nobody_who_is_hidden_is_named(bench: Bench) -> None:
    bench.marks = [mark(1, 950.0, "too_much", "T02")]
    bench.look()
    assert "T02" in bench.bar.said.text()
    bench.hidden = {"T02"}
    bench.look()
    texts = [bench.bar.said.text(), bench.bar.undo_button.text(), bench.bar.undo_button.accessibleName()]
    assert not any("T02" in text for text in texts)
    assert bench.bar.person.isHidden()
    assert bench.bar.person.findText("T02") < 0
    bench.press(Qt.Key.Key_1, alt=True)
    assert bench.sent == [("too_much", "C07")]


@pytest.mark.parametrize(
    ("state", "blank", "why"),
    [("closed", "", "while a session is recorded"), ("recording", "engine gone", "engine gone")],
)
def test_without_a_recording_nothing_is_noted_and_the_reason_is_said(
    bench: Bench, state: str, blank: str, why: str
) -> None:
    bench.board.note_recording({"state": state})
    bench.blank = blank
    bench.look()
    for key in (Qt.Key.Key_1, Qt.Key.Key_N):
        bench.press(key)
    bench.press(Qt.Key.Key_1, alt=True)
    bench.press(Qt.Key.Key_Z, control=True)
    assert bench.sent == []
    for button in (
        bench.bar.palette_buttons["1"],
        bench.bar.text_button,
        *bench.bar.judgement_buttons.values(),
    ):
        assert not button.isEnabled()
        assert why in button.toolTip()


def replay(author: str) -> TransportView:
    return TransportView(
        playing=False, speed=1.0, position_s=100.0, duration_s=900.0, ready_s=900.0, at_end=False, variant=0,
        variants=["own"], differences=[], author=author, message="",
    )  # fmt: skip


def test_a_replay_takes_notes_of_an_author_only(bench: Bench) -> None:
    bench.board.note_recording({"state": "off"})
    bench.board.note_transport(replay(""))
    bench.look()
    bench.press(Qt.Key.Key_1)
    assert bench.sent == []
    assert "--author" in bench.bar.palette_buttons["1"].toolTip()
    bench.board.note_transport(replay("S1"))
    bench.look()
    bench.press(Qt.Key.Key_1)
    bench.press(Qt.Key.Key_N)
    bench.qtbot.keyClicks(bench.edit, "seen again")
    bench.press(Qt.Key.Key_Return)
    assert bench.sent == [("note", "rupture"), ("note_text", "0 seen again")]
    bench.marks = [mark(LARGEST_NUMBER + 1, 100.0, "", text="seen again", by="S1")]
    bench.look()
    assert bench.bar.line.isHidden()


def test_in_a_replay_only_the_author_s_own_notes_are_taken_back(bench: Bench) -> None:
    bench.board.note_transport(replay("S1"))
    bench.marks = [mark(3, 99.0, "rupture"), mark(LARGEST_NUMBER + 1, 98.0, "repair", by="S2")]
    bench.look()
    assert not bench.bar.undo_button.isEnabled()
    bench.marks.append(mark(LARGEST_NUMBER + 2, 12.0, "silence", by="S1"))
    bench.look()
    bench.press(Qt.Key.Key_Z, control=True)
    assert bench.sent[-1][0] in {"undo_note", "remove_note"}


def test_everything_has_a_name_and_is_reached_by_tab(bench: Bench) -> None:
    buttons = [*bench.bar.palette_buttons.values(), *bench.bar.judgement_buttons.values()]
    for widget in (*buttons, bench.bar.text_button, bench.bar.undo_button, bench.bar.person):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert bench.edit.accessibleDescription() or bench.bar.line.isHidden()


def test_a_scene_without_news_touches_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.marks = [mark(1, 950.0, "rupture")]
    bench.look()
    touched: list[str] = []
    for button in (bench.bar.undo_button, bench.bar.text_button, *bench.bar.palette_buttons.values()):
        for name in ("setText", "setEnabled", "setToolTip", "setAccessibleName", "setVisible"):
            monkeypatch.setattr(button, name, lambda *_, name=name: touched.append(name))
    bench.look(20)
    assert touched == []


def test_the_row_goes_on_in_the_next_line_and_never_widens_its_parent(qtbot: QtBot) -> None:
    flow, buttons = Flow(), [QPushButton("a button") for _ in range(6)]
    for button in buttons:
        flow.add(button)
    qtbot.addWidget(flow)
    flow.show()
    flow.resize(2000, 40)
    one = flow.sizeHint().height()
    flow.resize(buttons[0].sizeHint().width() * 2, 40)
    assert flow.sizeHint().height() > 2 * one
    assert flow.minimumSizeHint().width() == 0
    assert max(button.geometry().right() for button in buttons) < flow.width()
    assert len({(b.x(), b.y()) for b in buttons}) == len(buttons)
