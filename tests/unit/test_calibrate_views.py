"""Keys, pace of breathing and terminal of a guided calibration."""

import io
import os
import sys
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from monitor.board.board import Board
from monitor.board.commands import checked
from monitor.board.session_views import ProcedureView
from monitor.core.events import Tick
from monitor.views.calibrate.breath import Pace, breath_at, still
from monitor.views.calibrate.keys import KEYS, RATINGS, command_of, key_line
from monitor.views.calibrate.terminal import line_of, render, show_calibration
from monitor.views.keyboard import Keyboard

CALIBRATION = {"begin", "pause", "resume", "skip", "redo", "stop", "tension", "present", "accept", "discard"}
VIEW: ProcedureView = {
    "participant": "C07",
    "protocol": "First calibration",
    "title": "Ordinary talk",
    "instruction": "Talk about something everyday.",
    "index": 2,
    "n_steps": 6,
    "phase": "running",
    "elapsed_s": 65.0,
    "length_s": 300.0,
    "minimum_s": 240.0,
    "valid_s": 60.0,
    "enough": False,
    "quality": [{"text": "signals come and go", "good": False}],
    "breaths_per_min": 0.0,
    "inhale_share": 0.5,
    "asks": [],
    "commands": ["pause", "skip", "redo", "stop", "tension", "present"],
    "message": "",
    "result": None,
}


def view(**changes: object) -> ProcedureView:
    return {**VIEW, **changes}  # type: ignore[typeddict-item]


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_of_all_commands_each_has_a_key() -> None:
    assert {known.command for known in KEYS} | {"tension", "present"} == CALIBRATION


@given(
    st.sampled_from([*(known.key for known in KEYS), *RATINGS, "x", "", " ", "P"]),
    st.lists(st.sampled_from(sorted(CALIBRATION)), unique=True),
    st.lists(st.sampled_from(["tension", "present"]), unique=True),
)
def test_a_key_never_gives_a_command_that_is_not_valid_now(
    key: str, commands: list[str], asks: list[str]
) -> None:
    command = command_of(key, view(commands=commands, asks=asks))
    if command is not None:
        assert command[0] in commands
        checked(*command)


def test_the_line_of_keys_names_those_that_do_something() -> None:
    assert key_line(view(commands=["begin"])) == "[Enter] begin"
    assert "[0-9, T = 10] presence" in key_line(view(commands=["skip", "present"], asks=["present"]))
    assert key_line(view(commands=[])) == ""


@given(
    st.floats(0.0, 1e5),
    st.floats(3.0, 20.0),
    st.floats(0.2, 0.8),
)
def test_a_breath_is_in_then_out_and_neither_jumps(at_s: float, rate: float, share: float) -> None:
    breath, later = breath_at(at_s, rate, share), breath_at(at_s + 0.01, rate, share)
    assert breath is not None
    assert later is not None
    assert 0.0 <= breath.fullness <= 1.0
    assert 0.0 <= breath.left_s <= 60.0 / rate
    assert abs(later.fullness - breath.fullness) < 0.02
    assert still(breath).fullness in {0.0, 1.0}


def test_six_breaths_a_minute_are_five_seconds_in_and_five_out() -> None:
    phases = [breath_at(s + 0.5, 6.0, 0.5).phase for s in range(20)]  # type: ignore[union-attr]
    assert phases == (["in"] * 5 + ["out"] * 5) * 2
    assert breath_at(3.0, 0.0, 0.5) is None
    assert breath_at(3.0, float("nan"), 0.5) is None


def test_the_pace_counts_running_time_and_begins_anew_with_a_step() -> None:
    pace = Pace()
    assert pace.at(10.0, (0, "a"), running=True) == 0.0
    assert pace.at(12.0, (0, "a"), running=True) == 2.0
    assert pace.at(50.0, (0, "a"), running=False) == 2.0
    assert pace.at(60.0, (0, "a"), running=True) == 2.0
    assert pace.at(61.0, (0, "a"), running=True) == 3.0
    assert pace.at(62.0, (1, "b"), running=True) == 0.0


def drawn(snapshot_view: ProcedureView | None, **options: object) -> str:
    board = Board()
    board.note_event(Tick(1.0, 0.0))
    board.note_procedure(snapshot_view)
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    snapshot = board.snapshot(0)
    console.print(render(snapshot, **options))  # type: ignore[arg-type]
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_the_panel_says_what_to_do_how_far_and_which_keys() -> None:
    text = drawn(view(message="Paused."))
    for part in (
        "C07",
        "Ordinary talk",
        "step 3 of 6",
        "1:05 of 5:00",
        "needed at least 4:00",
        "come and go",
    ):
        assert part in text
    assert "[P] pause" in text
    assert "Does not diagnose" in text
    assert "Paused." in text


def test_a_paced_step_says_in_and_out_and_moves_only_when_asked_to() -> None:
    paced = view(breaths_per_min=6.0)
    breath = breath_at(2.0, 6.0, 0.5)
    assert "breathe in" in drawn(paced, breath=breath)
    assert "█" not in drawn(paced, breath=breath)
    assert "█" in drawn(paced, breath=breath, motion=True)
    assert "breathe" not in drawn({**paced, "phase": "paused"}, breath=breath)  # type: ignore[typeddict-item]


def test_the_result_is_drawn_with_its_problem() -> None:
    result = {"lines": ["usable: 5.0 of 5.0 min"], "problem": "Too much movement.", "series": []}
    shown = view(result=result, commands=["redo", "discard"])
    text = drawn(shown)
    assert "usable: 5.0" in text
    assert "Too much movement." in text
    assert "accept" not in text
    assert "Too much movement." in line_of(shown)


def test_a_panel_without_a_procedure_says_what_it_waits_for() -> None:
    assert "calibration" in drawn(None)


def test_a_line_names_what_is_wrong_and_asks() -> None:
    assert "signals come and go" in line_of(VIEW)
    assert "How tense" in drawn(view(asks=["tension"], phase="rating"))


def test_without_a_terminal_changes_come_as_lines_and_the_end_ends_it() -> None:
    board, done = Board(), threading.Event()
    board.note_procedure(VIEW)
    console = Console(file=io.StringIO(), width=200)
    shower = threading.Thread(
        target=show_calibration,
        args=(lambda: board.snapshot(0), lambda _name, _value: None, done),
        kwargs={"console": console, "line_every_s": 0.01},
    )
    shower.start()
    text = console.file.getvalue  # type: ignore[attr-defined]
    wait_for(lambda: "Ordinary talk" in text())
    board.note_procedure(view(title="Recovery", index=5))
    wait_for(lambda: "Recovery" in text())
    done.set()
    shower.join(10.0)
    assert not shower.is_alive()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_keys_come_singly_and_the_terminal_is_given_back() -> None:
    import pty
    import termios

    leader, follower = pty.openpty()
    got: list[str] = []
    with os.fdopen(follower, "r", closefd=True) as stream:
        before = termios.tcgetattr(stream.fileno())

        def interrupted() -> None:
            with Keyboard(got.append, stream):
                os.write(leader, b"p7\r")
                wait_for(lambda: len(got) == 3)
                # An arrow key is not three commands.
                os.write(leader, b"\x1b[A")
                time.sleep(0.2)
                os.write(leader, b"q")
                wait_for(lambda: "q" in got)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert termios.tcgetattr(stream.fileno()) == before
    os.close(leader)
    assert got == ["p", "7", "enter", "q"]


def test_what_is_no_terminal_is_left_alone() -> None:
    got: list[str] = []
    with Keyboard(got.append, io.StringIO("qqq\n")):
        pass
    assert got == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_in_a_terminal_keys_become_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    import pty

    leader, follower = pty.openpty()
    board, done = Board(), threading.Event()
    board.note_procedure(view(breaths_per_min=6.0))
    sent: list[tuple[str, float | None]] = []
    with os.fdopen(follower, "r", closefd=True) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        shower = threading.Thread(
            target=show_calibration,
            args=(lambda: board.snapshot(0), lambda name, value: sent.append((name, value)), done),
            kwargs={"console": Console(file=io.StringIO(), force_terminal=True, width=100)},
        )
        shower.start()
        wait_for(lambda: any(thread.name == "keyboard" for thread in threading.enumerate()))
        os.write(leader, b"p8x")
        wait_for(lambda: len(sent) == 2)
        done.set()
        shower.join(10.0)
        assert not shower.is_alive()
    os.close(leader)
    assert sent == [("pause", None), ("tension", 8.0)]
