"""The staged states: each is what it says, always the same, and every face shows it."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PIL import Image
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.client import Link
from monitor.board.pipe import encode
from monitor.board.session_views import TimelineView
from monitor.views.shell.window import MonitorWindow
from tests.screens import MOST_BYTES, Shot, every_shot, open_window, shots, take, write_page
from tests.staging import STATES, stage
from tests.staging_session import Session

pytestmark = pytest.mark.gui

FACELESS = ("setup", "calibrate")
SESSIONS = [name for name in STATES if not name.startswith(FACELESS)]


def test_a_state_is_always_the_same() -> None:
    first, second = (STATES["above"].make().snapshot() for _ in range(2))
    first["board"] = second["board"] = ""
    assert encode(first) == encode(second)


@pytest.mark.parametrize(
    ("name", "zone", "reason"),
    [
        ("running", "within", ""),
        ("above", "above", ""),
        ("low_activation", "below", ""),
        ("not_available", "na", "motion"),
        ("both_lost", "na", "no_data"),
        ("warming_up", "na", "warmup"),
        ("not_calibrated", "na", "not_calibrated"),
        ("expired", "na", "calibration_expired"),
    ],
)
def test_the_client_is_where_the_state_says(name: str, zone: str, reason: str) -> None:
    view = STATES[name].make().snapshot()["zones"][0]
    assert (view["zone"], view["reason"]) == (zone, reason)


def cells_of(board: Board) -> list[TimelineView]:
    snapshot = board.snapshot()
    cells = list(snapshot["timelines"])
    while snapshot["more"]:
        snapshot = board.snapshot(snapshot["cursor"])
        cells += snapshot["timelines"]
    return cells


def test_the_whole_session_has_its_time_line() -> None:
    for name, stop_s in (("running", 1830.0), ("replay", 2980.0)):
        cells = cells_of(STATES[name].make())
        assert {cell["participant"] for cell in cells} == {"C07", "T02"}
        assert max(cell["t_s"][-1] for cell in cells) > stop_s
    compared = cells_of(STATES["replay_compare"].make())
    assert {cell["variant"] for cell in compared} == {0, 1}


def test_a_session_goes_on() -> None:
    session = Session(now_s=120.0).feed()
    snapshot = session.board.snapshot()
    while snapshot["more"]:
        snapshot = session.board.snapshot(snapshot["cursor"])
    for _ in range(4):
        session.advance(0.5)
    after = session.board.snapshot(snapshot["cursor"])
    assert after["now_s"] == 122.0
    assert all(stream["state"] == "running" for stream in after["streams"])
    assert all(stream["n_gaps"] == 0 for stream in after["streams"])
    assert [len(trail["t_centre_s"]) for trail in after["zone_trails"].values()] == [2, 2]


def test_a_pipe_fails_only_after_it_has_said_everything() -> None:
    client = stage("gone")
    assert client.link is Link.LIVE
    while client.link is Link.LIVE:
        assert client.poll() is not None
    assert client.link is Link.GONE
    assert client.poll() is None
    assert not client.send("play")


@pytest.mark.slow
def test_one_window_shows_every_state_in_every_face(qtbot: QtBot) -> None:
    client = stage("connecting")
    window, clock = open_window(client, "light")
    assert isinstance(window, MonitorWindow)
    qtbot.addWidget(window)
    window.show()
    for name in SESSIONS:
        client.board, client.cursor, client.link = STATES[name].make(), 0, Link.LIVE
        for _ in range(2):
            clock[0] += 0.1
            window.refresh()
        client.link = STATES[name].link
        for face in window.faces:
            window.show_face(face)
            assert window.minimumSizeHint().width() <= 1280, name


@pytest.mark.slow
def test_a_picture_is_small_and_the_page_lists_it(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "screens"
    folder.mkdir()
    shot = Shot("running", "research", "dark")
    path = take(shot, folder)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert path.stat().st_size <= MOST_BYTES
    with Image.open(path) as image:
        assert (image.size, image.mode) == ((1280, 800), "P")
    write_page([shot], folder)
    assert f"screens/{path.name}" in (tmp_path / "screens.md").read_text()


def test_every_state_has_a_picture_and_no_two_have_one_name() -> None:
    assert {shot.state for shot in shots()} == set(STATES)
    for listed in (shots(), every_shot()):
        assert len({shot.file for shot in listed}) == len(listed)
