"""The window of a guided calibration, offscreen, with a board in the same process."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.client import Link
from monitor.board.session_views import ProcedureView
from monitor.board.snapshot import Snapshot
from monitor.core.events import Tick
from monitor.display import Window
from monitor.views.calibrate.series import SeriesPlot
from monitor.views.calibrate.window import CalibrationWindow
from monitor.views.theme import LIGHT, THEMES
from tests.staging import STATES, stage

pytestmark = pytest.mark.gui

STEP: ProcedureView = {
    "participant": "C07",
    "protocol": "First calibration",
    "title": "Slow breathing",
    "instruction": "Breathe in and out slowly, as the words on the screen say.",
    "index": 3,
    "n_steps": 6,
    "phase": "running",
    "elapsed_s": 40.0,
    "length_s": 120.0,
    "minimum_s": 60.0,
    "valid_s": 38.0,
    "enough": False,
    "quality": [
        {"text": "signals good", "good": True},
        {"text": "movement: please rest the hand", "good": False},
    ],
    "breaths_per_min": 6.0,
    "inhale_share": 0.5,
    "asks": [],
    "commands": ["pause", "skip", "redo", "stop", "tension", "present"],
    "message": "",
    "result": None,
}


class FakeClient:
    """Reads a board without a pipe, and keeps what is sent."""

    def __init__(self, board: Board) -> None:
        self.board, self.link, self.cursor, self.closed = board, Link.LIVE, 0, False
        self.sent: list[tuple[str, float | None]] = []

    def poll(self) -> Snapshot | None:
        if self.link is not Link.LIVE:
            return None
        snapshot = self.board.snapshot(self.cursor)
        self.cursor = snapshot["cursor"]
        return snapshot

    def send(self, name: str, value: float | None = None) -> bool:
        self.sent.append((name, value))
        return True

    def close(self) -> None:
        self.closed = True


class Rig:
    """A window, its board and its clock."""

    def __init__(self, qtbot: QtBot, *, theme: str = "light", motion: bool = False) -> None:
        self.qtbot, self.now_s, self.tick_s = qtbot, 0.0, 0.0
        self.board = Board()
        self.client = FakeClient(self.board)
        self.window = CalibrationWindow(
            self.client,  # type: ignore[arg-type]
            THEMES[theme],
            motion=motion,
            clock=lambda: self.now_s,
        )
        self.window._timer.stop()
        qtbot.addWidget(self.window)
        self.window.show()

    def show(self, seconds: float = 0.2, **changes: object) -> None:
        self.board.set_origin(0.0)
        self.tick_s += 0.2
        self.board.note_event(Tick(self.tick_s, 0.0))
        self.board.note_procedure({**STEP, **changes})  # type: ignore[typeddict-item]
        self.now_s += seconds
        self.window.refresh()

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.window, key)

    def visible(self) -> list[str]:
        return [name for name, button in self.window.buttons.items() if button.isVisible()]


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    return Rig(qtbot)


def result(problem: str = "") -> dict[str, object]:
    series = {
        "title": "heart rate",
        "unit": "bpm",
        "t_s": [60.0 + i for i in range(200)],
        "value": [None if 50 < i < 60 else 70.0 + i % 7 for i in range(200)],
        "mean": 73.0,
        "low": 70.0,
        "high": 76.0,
    }
    empty = {**series, "title": "skin conductance level", "unit": "µS", "value": [None] * 200, "mean": None}
    return {
        "lines": ["usable: 8.2 of 9.0 min", "breathing: 14 per min"],
        "problem": problem,
        "series": [series, empty],
    }


def test_a_step_shows_what_to_do_how_far_it_is_and_what_is_wrong(rig: Rig) -> None:
    rig.show()
    window = rig.window
    assert window.title.text() == "Slow breathing"
    assert "step 4 of 6" in window.step.text()
    assert window.step.text().count("●") == 4
    assert "needed at least 1:00" in window.progress_line.text()
    assert [line.text() for line in window.quality.lines if line.isVisible()] == [
        "✓ signals good",
        "– movement: please rest the hand",
    ]
    assert rig.visible() == ["pause", "skip", "redo", "stop"]
    assert not window.banner.isVisible()


@pytest.mark.parametrize(
    ("key", "commands", "sent"),
    [
        (Qt.Key.Key_Return, ["begin"], ("begin", None)),
        (Qt.Key.Key_Return, ["accept", "discard"], ("accept", None)),
        (Qt.Key.Key_Return, ["pause"], None),
        (Qt.Key.Key_P, ["pause"], ("pause", None)),
        (Qt.Key.Key_P, ["resume"], ("resume", None)),
        (Qt.Key.Key_S, ["skip"], ("skip", None)),
        (Qt.Key.Key_R, ["redo"], ("redo", None)),
        (Qt.Key.Key_Q, ["stop"], ("stop", None)),
        (Qt.Key.Key_D, ["discard"], ("discard", None)),
        (Qt.Key.Key_7, ["tension"], ("tension", 7.0)),
        (Qt.Key.Key_T, ["tension", "present"], ("tension", 10.0)),
        (Qt.Key.Key_0, ["begin"], None),
        (Qt.Key.Key_X, ["begin"], None),
    ],
)
def test_every_command_has_a_key_that_works_only_when_it_is_valid(
    rig: Rig, key: Qt.Key, commands: list[str], sent: tuple[str, float | None] | None
) -> None:
    rig.show(commands=commands)
    rig.press(key)
    assert rig.client.sent == ([sent] if sent else [])


def test_when_the_focused_button_goes_the_focus_falls_on_no_rating(rig: Rig) -> None:
    rig.show(commands=["begin", "tension"])
    rig.window.buttons["begin"].setFocus()
    rig.show(commands=["pause", "tension"])
    assert rig.window.focusWidget() not in rig.window.ratings["tension"].buttons
    rig.press(Qt.Key.Key_Space)
    assert rig.client.sent == []


def test_a_number_answers_what_is_asked(rig: Rig) -> None:
    rig.show(phase="rating", asks=["present"], commands=["skip", "tension", "present"])
    rig.press(Qt.Key.Key_3)
    assert rig.client.sent == [("present", 3.0)]


def test_ratings_are_asked_for_one_question_each_and_answered_by_a_click(rig: Rig) -> None:
    rig.show()
    assert rig.window.ratings["tension"].isVisible()
    assert not rig.window.ratings["present"].isVisible()
    rig.show(phase="rating", asks=["tension", "present"], commands=["skip", "tension", "present"])
    assert rig.window.ratings["present"].isVisible()
    rig.qtbot.mouseClick(rig.window.ratings["present"].buttons[10], Qt.MouseButton.LeftButton)
    rig.qtbot.mouseClick(rig.window.buttons["skip"], Qt.MouseButton.LeftButton)
    assert rig.client.sent == [("present", 10.0), ("skip", None)]


def test_without_motion_the_pace_changes_twice_in_a_breath(rig: Rig) -> None:
    seen = []
    for _ in range(100):
        rig.show(0.2)
        seen.append(rig.window.pacer.breath)
    changes = sum(before != after for before, after in pairwise(seen))
    assert changes == 3
    assert {breath.phase for breath in seen if breath} == {"in", "out"}


def test_the_pace_stands_while_the_step_pauses(rig: Rig) -> None:
    rig.show(3.0)
    rig.show(1.0)
    assert rig.window.pacer.breath is not None
    rig.show(2.0, phase="paused", commands=["resume"])
    assert rig.window.pacer.breath is None
    assert not rig.window.pacer.isVisible()
    rig.show(2.0)
    rig.show(1.0)
    assert rig.window.pacer.breath is not None
    assert rig.window.pacer.breath.phase == "in"


def test_with_motion_the_pace_moves(qtbot: QtBot) -> None:
    rig = Rig(qtbot, motion=True)
    rig.show(0.2)
    rig.show(0.2)
    first = rig.window.pacer.breath
    rig.show(0.2)
    assert first is not None
    assert rig.window.pacer.breath is not None
    assert rig.window.pacer.breath.fullness > first.fullness
    assert not rig.window.pacer.grab().isNull()


def test_the_result_is_shown_before_it_is_accepted(rig: Rig) -> None:
    rig.show(phase="finished", commands=["accept", "redo", "discard"], result=result())
    window = rig.window
    assert window.result.isVisible()
    assert "usable: 8.2 of 9.0 min" in window.result.lines.text()
    assert [plot.series["title"] for plot in window.result.plots] == ["heart rate", "skin conductance level"]
    assert not window.result.problem.isVisible()
    assert rig.visible() == ["accept", "redo", "discard"]
    assert [plot.note.text() for plot in window.result.plots] == ["", "no level could be taken"]
    assert "from 70 to 76" in window.result.plots[0].plot.accessibleDescription()
    assert "Dashed" in window.result.legend.text()
    plots = list(window.result.plots)
    rig.show(phase="finished", commands=["accept", "redo", "discard"], result=result())
    assert window.result.plots == plots


def test_a_refused_result_says_why_and_cannot_be_accepted(rig: Rig) -> None:
    rig.show(phase="finished", commands=["redo", "discard"], result=result("Too little of it is usable."))
    assert rig.window.result.problem.isVisible()
    assert rig.window.result.title.text() == "Result: nothing is kept"
    rig.press(Qt.Key.Key_Return)
    assert rig.client.sent == []


def test_a_step_that_ran_out_of_time_says_what_it_waits_for(rig: Rig) -> None:
    rig.show(phase="waiting", commands=["skip", "redo", "stop"])
    assert "waiting for enough valid signal" in rig.window.step.text()


def test_how_a_rating_is_given_by_key_is_said_while_one_is_taken(rig: Rig) -> None:
    rig.show(commands=["skip", "tension"])
    assert rig.window.rate_hint.isVisible()
    rig.show(commands=["skip"])
    assert not rig.window.rate_hint.isVisible()


@pytest.mark.parametrize("name", [name for name in STATES if name.startswith("calibrate")])
def test_every_phase_fits_a_small_laptop_and_is_reached_by_key(qtbot: QtBot, name: str) -> None:
    window = CalibrationWindow(stage(name), LIGHT, clock=lambda: 0.0)  # type: ignore[arg-type]
    window._timer.stop()
    qtbot.addWidget(window)
    window.show()
    window.refresh()
    window.activateWindow()
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 800
    reached = set()
    for _ in range(40):
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    assert {button for button in window.findChildren(QPushButton) if button.isVisible()} <= reached
    assert not any(isinstance(thing, SeriesPlot) for thing in reached)


@pytest.mark.parametrize("link", [Link.GONE, Link.SILENT])
def test_without_the_engine_nothing_is_offered_and_no_quality_is_shown(rig: Rig, link: Link) -> None:
    rig.show()
    rig.client.link = link
    rig.now_s += 0.2
    rig.window.refresh()
    assert rig.window.banner.isVisible()
    assert rig.visible() == []
    assert not any(line.isVisible() for line in rig.window.quality.lines)
    rig.press(Qt.Key.Key_P)
    assert rig.client.sent == []


def test_an_engine_whose_clock_stands_is_told(rig: Rig) -> None:
    rig.show()
    rig.now_s += 5.0
    rig.window.refresh()
    assert "does not answer" in rig.window.banner.text()


def test_every_control_has_a_name_for_a_screen_reader(rig: Rig) -> None:
    rig.show()
    named: list[QWidget] = [rig.window.pacer, rig.window.progress, *rig.window.findChildren(QPushButton)]
    assert all(widget.accessibleName() for widget in named)
    assert rig.window.pacer.accessibleDescription() == "breathe in …"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen_of_a_small_laptop(qtbot: QtBot, theme: str) -> None:
    rig = Rig(qtbot, theme=theme)
    long = " ".join(["Sit comfortably and look at one point in front of you."] * 9)
    asks = {"asks": ["tension", "present"], "message": long}
    rig.show(instruction=long, **asks)
    assert rig.window.minimumSizeHint().width() <= 1280
    assert rig.window.minimumSizeHint().height() <= 800
    assert rig.window.size().width() == 1280


@pytest.mark.slow
def test_the_window_is_a_process_of_its_own_that_reads_the_board() -> None:
    board = Board()
    board.note_procedure(STEP)
    window = Window(board, "dark", view="calibrate", motion=True, on_command=lambda _name, _value: None)
    window.open()
    try:
        end = time.monotonic() + 30.0
        while window._server.n_clients == 0:
            assert window.is_open
            assert time.monotonic() < end
            time.sleep(0.02)
    finally:
        window.close()
    assert not window.is_open


def test_closing_the_window_leaves_the_engine_alone(rig: Rig) -> None:
    rig.show()
    rig.window.close()
    assert rig.client.closed
    assert rig.client.sent == []
    assert LIGHT is THEMES["light"]
