"""What a device says of itself stands in the window for a minute, and never while it may be old."""

from collections.abc import Iterator

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.client import Link
from monitor.core.results import Notice
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import DARK
from tests.staging import StagedClient, running
from tests.staging_people import NOW_S

pytestmark = pytest.mark.gui

LOST = "Polar H10 C07: lost, trying again: the connection broke; bring it nearer."


class Rig:
    """A window on a staged session."""

    def __init__(self, qtbot: QtBot, board: Board) -> None:
        self.now_s = 0.0
        self.client = StagedClient(board)
        self.window = MonitorWindow(self.client, DARK, clock=lambda: self.now_s)
        qtbot.addWidget(self.window)
        self.window.resize(1280, 900)
        self.window.show()

    def say(self, *told: tuple[float, str, str]) -> str:
        notices = [Notice(t_s, "Polar H10-status @ lab", label, text) for t_s, label, text in told]
        self.client.board.note_results(notices)
        self.now_s += 0.3
        self.window.refresh()
        return self.window.banner.text()


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    made = Rig(qtbot, running())
    yield made
    made.window.close()


def test_a_device_that_is_lost_is_said_in_the_banner(rig: Rig) -> None:
    assert rig.say((NOW_S - 5.0, "device_lost", LOST)) == f"⚠ {LOST}"
    assert rig.window.banner.isVisible()


def test_that_it_streams_again_replaces_the_loss(rig: Rig) -> None:
    back = "Polar H10 C07: streaming again after 4 s."
    assert rig.say((NOW_S - 9.0, "device_lost", LOST), (NOW_S - 5.0, "device_back", back)) == back


def test_what_was_said_a_minute_ago_is_gone(rig: Rig) -> None:
    assert rig.say((NOW_S - 61.0, "device_lost", LOST)) == ""
    assert not rig.window.banner.isVisible()


def test_other_notices_stay_where_they_were(rig: Rig) -> None:
    assert rig.say((NOW_S - 1.0, "stream_silent", "no data for 2 s")) == ""


def test_nothing_is_said_of_devices_while_the_engine_is_silent(rig: Rig) -> None:
    rig.say((NOW_S - 5.0, "device_lost", LOST))
    rig.client.link = Link.GONE
    rig.now_s += 0.3
    rig.window.refresh()
    assert "H10" not in rig.window.banner.text()


def test_the_device_of_somebody_hidden_is_not_named(rig: Rig) -> None:
    rig.say((NOW_S - 5.0, "device_lost", LOST.replace("C07", "T02")))
    assert "T02" in rig.window.banner.text()
    rig.window.toggle_private()
    assert "T02" not in rig.window.banner.text()
