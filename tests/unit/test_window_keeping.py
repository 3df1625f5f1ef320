"""A window that crashes is opened again, one that was closed is not, and neither matters to the recording."""

import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console

from monitor import display
from monitor.board.board import Board
from monitor.core.pipeline import Pipeline
from monitor.display import Window, WindowState
from monitor.recorded_run import RecordedRun
from monitor.settings import Settings


class FakeProcess:
    """A process that ends when the test says so."""

    def __init__(self) -> None:
        self.code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.code = -15

    def wait(self, _timeout: float = 0.0) -> int | None:
        return self.code


class Rig:
    """A window without a process, on a clock of the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 0.0
        self.started: list[FakeProcess] = []
        self.arguments: list[str] = []
        monkeypatch.setattr(display, "open_window", self._open)
        self.window = Window(Board(), None, clock=lambda: self.now_s)

    def _open(self, _address: str, _key: bytes, arguments: list[str]) -> Any:
        self.arguments = arguments
        self.started.append(FakeProcess())
        return self.started[-1]

    def end(self, code: int) -> WindowState:
        self.started[-1].code = code
        return self.window.keep()


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made = Rig(monkeypatch)
    made.window.open()
    yield made
    made.window.close()


def test_a_window_that_was_closed_stays_closed(rig: Rig) -> None:
    assert rig.window.keep() is WindowState.OPEN
    assert rig.end(0) is WindowState.CLOSED
    assert rig.window.keep() is WindowState.CLOSED
    assert len(rig.started) == 1


def test_after_a_crash_everything_is_hidden_until_the_user_shows_it(rig: Rig) -> None:
    assert "--covered" not in rig.arguments
    rig.end(-11)
    assert rig.arguments[-1] == "--covered"


def test_a_window_that_crashes_is_opened_again_three_times_a_minute(rig: Rig) -> None:
    for _ in range(3):
        rig.now_s += 1.0
        assert rig.end(-11) is WindowState.OPEN
    assert len(rig.started) == 4
    assert rig.end(1) is WindowState.BROKEN
    assert rig.window.keep() is WindowState.BROKEN
    assert len(rig.started) == 4


def test_crashes_that_are_far_apart_do_not_add_up(rig: Rig) -> None:
    for _ in range(12):
        rig.now_s += 25.0
        assert rig.end(-6) is WindowState.OPEN
    assert len(rig.started) == 13


def test_a_theme_is_passed_on_only_when_it_was_asked_for(rig: Rig) -> None:
    assert rig.arguments == ["--view", "monitor"]


def test_a_process_that_cannot_be_started_ends_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise OSError("no more processes")

    monkeypatch.setattr(display, "open_window", refuse)
    window = Window(Board(), "dark")
    window.open()
    assert window.keep() is WindowState.BROKEN
    window.close()


@pytest.mark.parametrize(
    ("codes", "told"),
    [([0], "closed; go on"), ([-11, -11, -11, 1], "ended unexpectedly several times within a minute")],
)
def test_what_is_told_when_only_the_window_ended(rig: Rig, codes: list[int], told: str) -> None:
    out = io.StringIO()
    pipeline = Pipeline()
    run = RecordedRun(
        object(),  # type: ignore[arg-type]
        pipeline,
        people={},
        settings=Settings(),
        console=Console(file=out, width=200),
    )
    going = threading.Event()
    engine = threading.Thread(target=going.wait)
    engine.start()
    left = list(codes)
    run.watch(
        rig.window,
        engine,
        "closed; go on",
        serving=True,
        each=lambda: setattr(rig.started[-1], "code", left.pop(0)) if left else None,
    )
    assert told in out.getvalue()
    assert engine.is_alive()
    going.set()
    engine.join()
