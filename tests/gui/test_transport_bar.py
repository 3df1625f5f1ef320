"""The transport of a replay: what is asked for, once per press, and what is told."""

import math
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.commands import checked
from monitor.board.session_views import TransportView
from monitor.views.faces import Scene
from monitor.views.people import people_of
from monitor.views.theme import LIGHT
from monitor.views.traces import Traces
from monitor.views.transport.bar import TransportBar
from monitor.views.transport.words import SPEEDS, stepped

pytestmark = pytest.mark.gui


def transport(**change: Any) -> TransportView:
    whole = TransportView(
        playing=False,
        speed=1.0,
        position_s=600.0,
        duration_s=3000.0,
        ready_s=3000.0,
        at_end=False,
        variant=0,
        variants=["own"],
        differences=[],
        author="AB",
        message="",
    )
    return {**whole, **change}  # type: ignore[typeddict-item]


class Rig:
    """A transport whose engine does nothing by itself."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now_s = 50.0
        self.answer = True
        self.sent: list[tuple[str, object]] = []
        self.bar = TransportBar(LIGHT, self.send, clock=lambda: self.now_s)
        qtbot.addWidget(self.bar)
        self.bar.resize(1200, 80)
        self.bar.show()
        self.board = Board()
        self.board.note_people([("C07", "client"), ("T02", "therapist")])
        self.actions = {action.key: action for action in self.bar.key_actions()}

    def send(self, name: str, value: Any = None) -> bool:
        checked(name, value)
        self.sent.append((name, value))
        return self.answer

    def show(self, *, hidden: str = "", **change: Any) -> None:
        self.board.note_transport(transport(**change))
        snapshot = self.board.snapshot()
        people = [p for p in people_of(snapshot) if p.code != hidden]
        self.bar.show_scene(Scene(snapshot, people, "", recording=False))

    def press(self, key: str) -> None:
        action = self.actions[key]
        if action.enabled():
            action.do()


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    rig = Rig(qtbot)
    rig.show()
    return rig


def test_no_key_has_an_effect_without_a_replay(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    for key in rig.actions:
        rig.press(key)
    assert rig.sent == []


def test_every_key_is_one_qt_knows_and_none_is_used_twice(rig: Rig) -> None:
    keys = [QKeySequence(action.key).toString() for action in rig.bar.key_actions()]
    assert all(keys)
    assert len(set(keys)) == len(keys) == 14
    assert {a.key for a in rig.bar.key_actions() if a.repeats} == {
        "Left",
        "Right",
        "Shift+Left",
        "Shift+Right",
    }


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("Space", ("play", None)),
        ("Left", ("seek", 590.0)),
        ("Right", ("seek", 610.0)),
        ("Shift+Left", ("seek", 540.0)),
        ("Shift+Right", ("seek", 660.0)),
        ("Home", ("seek", 0.0)),
        ("End", ("seek", 3000.0)),
        ("PgDown", ("next_excursion", None)),
        ("PgUp", ("previous_excursion", None)),
        ("Ctrl+Right", ("next_note", None)),
        ("Ctrl+Left", ("previous_note", None)),
        ("[", ("speed", 0.5)),
        ("]", ("speed", 2.0)),
    ],
)
def test_a_key_asks_once_for_what_it_says(rig: Rig, key: str, command: tuple[str, object]) -> None:
    rig.press(key)
    assert rig.sent == [command]


def test_jumps_are_held_to_the_recording(rig: Rig) -> None:
    rig.show(position_s=4.0)
    rig.press("Left")
    assert rig.sent == [("seek", 0.0)]


def test_a_key_held_down_asks_ten_times_a_second_and_for_the_last_moment(rig: Rig, qtbot: QtBot) -> None:
    for _ in range(30):
        rig.press("Right")
        rig.now_s += 0.01
    qtbot.waitUntil(lambda: rig.sent[-1] == ("seek", 900.0), timeout=1000)
    assert len(rig.sent) <= 5


def test_the_wished_state_is_shown_at_once_and_the_truth_after_a_second(rig: Rig) -> None:
    rig.press("Space")
    rig.press("]")
    rig.press("Right")
    assert (rig.bar.play.text(), rig.bar.speed.currentText()) == ("Pause", "2×")
    assert rig.bar.position.text() == "10:10 / 50:00"
    rig.now_s += 0.5
    rig.show()
    assert (rig.bar.play.text(), rig.bar.speed.currentText()) == ("Pause", "2×")
    rig.now_s += 0.6
    rig.show()
    assert (rig.bar.play.text(), rig.bar.speed.currentText()) == ("Play", "1×")
    assert rig.bar.position.text() == "10:00 / 50:00"


def test_the_engine_may_change_its_mind_after_it_has_obeyed(rig: Rig) -> None:
    rig.press("Space")
    rig.show(playing=True)
    rig.show(playing=False, at_end=True)
    assert rig.bar.play.text() == "Play"
    assert "end of the recording" in rig.bar.info.text()


def test_two_presses_of_play_are_play_and_pause(rig: Rig) -> None:
    rig.press("Space")
    rig.press("Space")
    assert rig.sent == [("play", None), ("pause", None)]


def test_the_buttons_do_what_the_keys_do(rig: Rig) -> None:
    for name in rig.bar.buttons:
        rig.bar.buttons[name].click()
        rig.now_s += 2.0
    assert [name for name, _ in rig.sent] == [
        "play", "seek", "seek", "previous_excursion", "next_excursion", "previous_note", "next_note",
    ]  # fmt: skip


def test_a_button_in_focus_takes_space_and_return(rig: Rig, qtbot: QtBot) -> None:
    button = rig.bar.buttons["next_note"]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert rig.sent == [("next_note", None)] * 2


def test_a_click_leaves_the_focus_where_it_was(rig: Rig) -> None:
    assert rig.bar.play.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert rig.bar.speed.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_all_speeds_are_on_offer_and_one_of_the_engine_too(rig: Rig) -> None:
    speeds = [rig.bar.speed.itemText(k) for k in range(rig.bar.speed.count())]
    assert speeds == ["0.25×", "0.5×", "1×", "2×", "5×", "10×", "25×", "50×"]
    rig.show(speed=3.0)
    assert rig.bar.speed.currentText() == "3×"
    rig.press("]")
    assert rig.sent == [("speed", 5.0)]
    rig.bar.speed.activated.emit(0)
    assert rig.sent[-1] == ("speed", 0.25)


def test_the_ends_of_the_speeds_hold() -> None:
    assert stepped(SPEEDS[-1], 1) == SPEEDS[-1]
    assert stepped(SPEEDS[0], -1) == SPEEDS[0]


def test_at_the_greatest_speed_faster_asks_for_nothing(rig: Rig) -> None:
    rig.show(speed=50.0)
    rig.press("]")
    assert rig.sent == []


def test_comparing_is_there_with_more_than_one_profile(rig: Rig) -> None:
    assert rig.bar.profile.isHidden()
    assert rig.bar.differences.isHidden()
    rig.press("C")
    assert rig.sent == []
    rig.show(variants=["own", "strict"], differences=["C07: within 81 % of 43 valid min", "T02: none"])
    assert not rig.bar.profile.isHidden()
    rig.press("C")
    assert rig.sent == [("variant", 1.0)]
    assert rig.bar.profile.currentText() == "strict"
    assert rig.bar.panel.isHidden()
    rig.bar.differences.click()
    assert rig.bar.panel.text() == "C07: within 81 % of 43 valid min\nT02: none"
    rig.show(variants=["own", "strict"], differences=["T02: none"], hidden="T02")
    assert rig.bar.panel.text() == "nothing differs so far"


def test_nothing_names_a_hidden_person(rig: Rig) -> None:
    rig.show(variants=["own", "of T02"], message="no later excursion of T02", hidden="T02")
    assert "T02" not in rig.bar.info.text()
    assert rig.bar.profile.itemText(1) == "profile 2"
    rig.show(message="no later excursion", hidden="T02")
    assert "no later excursion" in rig.bar.info.text()


def test_progress_message_and_hint_are_told(rig: Rig) -> None:
    rig.show(ready_s=1860.0, message="no later note", author="")
    assert rig.bar.info.text() == "no later note · prepared to 31:00"
    assert "--author" in rig.bar.hint.text()
    rig.show()
    assert rig.bar.info.isHidden()
    assert rig.bar.hint.isHidden()


def test_an_engine_that_cannot_be_reached_is_told_and_nothing_is_pretended(rig: Rig) -> None:
    rig.answer = False
    rig.press("Space")
    assert rig.bar.play.text() == "Play"
    assert "cannot be reached" in rig.bar.info.text()


def test_everything_has_a_name_and_can_be_reached_by_key(rig: Rig) -> None:
    rig.show(variants=["own", "strict"])
    widgets = [*rig.bar.findChildren(QPushButton), *rig.bar.findChildren(QComboBox)]
    assert len(widgets) == 10
    for widget in widgets:
        assert widget.accessibleName()
        assert widget.toolTip()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("width", [500, 800, 1200, 1900])
def test_the_buttons_stay_inside_at_any_width(rig: Rig, qtbot: QtBot, width: int) -> None:
    rig.show(variants=["own", "a profile with a long name"])
    rig.bar.resize(width, 120)
    rig.show(variants=["own", "a profile with a long name"])
    buttons = [b for b in rig.bar.findChildren(QPushButton) if not b.isHidden()]

    def corners() -> list[tuple[int, int]]:
        found = [b.mapTo(rig.bar, b.rect().bottomRight()) for b in buttons]
        return [(point.x(), point.y()) for point in found]

    rows = {500: 3, 800: 2, 1200: 1, 1900: 1}[width]
    qtbot.waitUntil(lambda: len({y for _, y in corners()}) == rows, timeout=1000)
    assert all(x <= width for x, _ in corners())


def test_the_clock_runs_on_between_two_states_and_not_beyond_the_end(rig: Rig) -> None:
    rig.show(position_s=2999.9, playing=True)
    rig.bar.draw(Traces(), 3000.4, slow=False)
    assert rig.bar.position.text() == "50:00 / 50:00"
    assert math.isfinite(rig.bar.seeker.shown(1.0))
