"""The window during a replay: after any jump it shows what it would show had it been there from the beginning."""

from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from monitor.board.client import Link
from monitor.board.commands import Command
from monitor.board.snapshot import Snapshot
from monitor.replaying.transport import Player
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT
from tests.replays import journals_of, no_remarks

pytestmark = pytest.mark.gui


class PlayerClient:
    """Reads the board of a player without a pipe, and hands it the commands."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._board = player.board
        self._cursor = 0
        self.link = Link.LIVE

    def send(self, name: str, value: float | str | None = None) -> bool:
        self._player.post(Command(name, value))
        return True

    def poll(self) -> Snapshot:
        if self._player.board is not self._board:
            self._board, self._cursor = self._player.board, 0
        snapshot = self._board.snapshot(self._cursor)
        self._cursor = snapshot["cursor"]
        return snapshot

    def close(self) -> None:
        pass


class Replay:
    """A player, its window and their clock."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now_s = 0.0
        self.remarks = no_remarks()
        self.player = Player(
            journals_of(2), ["own", "other"], show=lambda _: None, remarks=self.remarks, duration_s=1.0,
            playing=False, clock=lambda: self.now_s,
        )  # fmt: skip
        self.client = PlayerClient(self.player)
        self.window = MonitorWindow(self.client, LIGHT, clock=lambda: self.now_s)  # type: ignore[arg-type]
        self.window._timer.stop()
        qtbot.addWidget(self.window)
        self.window.show()

    def order(self, name: str, value: float | str | None = None) -> None:
        self.client.send(name, value)
        self.go(0.0)

    def go(self, seconds: float) -> None:
        self.now_s += seconds
        for _ in range(50):
            if self.player.advance(self.now_s) > 0.0:
                break
        for _ in range(8):
            self.now_s += 0.3
            self.window.refresh()

    def texts(self) -> list[str]:
        return [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def replays(qtbot: QtBot) -> Iterator[Callable[[], Replay]]:
    made: list[Replay] = []

    def make() -> Replay:
        made.append(Replay(qtbot))
        return made[-1]

    yield make
    for replay in made:
        replay.window.close()
        replay.remarks.close()


@pytest.mark.slow
def test_after_scrubbing_to_and_fro_the_window_is_as_if_it_had_played_there(
    replays: Callable[[], Replay],
) -> None:
    played, scrubbed = replays(), replays()
    played.order("speed", 50.0)
    played.order("play")
    while played.player.n_steps < 101:
        played.go(0.02)
    played.order("pause")
    played.order("seek", played.player.journal.time_of(played.player.n_steps))
    for position_s in (130.0, 20.0, 90.0, 139.0, 60.0):
        scrubbed.order("seek", position_s)
    scrubbed.order("seek", played.player.journal.time_of(played.player.n_steps))
    scrubbed.order("speed", 50.0)
    for replay in (played, scrubbed):
        replay.go(9.0)
    assert scrubbed.texts() == played.texts()
    assert "session ended" not in "\n".join(played.texts())


@pytest.mark.slow
def test_at_the_end_the_last_moment_stays_to_be_looked_at(replays: Callable[[], Replay]) -> None:
    replay = replays()
    replay.order("seek", 10_000.0)
    replay.go(9.0)
    assert "session ended" not in "\n".join(replay.texts())
    snapshot = replay.player.board.snapshot()
    assert snapshot["transport"] is not None
    assert snapshot["transport"]["at_end"]
    assert any(value["value"] is not None for value in snapshot["latest"])
