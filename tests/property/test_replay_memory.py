"""An hour played at fifty times real time, with jumps all over it, does not grow."""

import gc

import psutil
import pytest

from monitor.board.commands import Command
from monitor.replaying.transport import Player
from tests.replays import everything, journal_of, no_remarks, recording

HOUR_S = 3600
MOST_MB = 10.0


@pytest.mark.soak
def test_an_hour_at_speed_50_and_a_hundred_jumps_keep_memory_flat() -> None:
    journal = journal_of(recording(1, HOUR_S))
    remarks = no_remarks()
    player = Player(
        [journal],
        ["own"],
        show=lambda _: None,
        remarks=remarks,
        duration_s=1.0,
        speed=50.0,
        clock=lambda: 0.0,
    )
    process = psutil.Process()

    def play_and_jump(now_s: float) -> float:
        player.post(Command("seek", 0.0))
        player.post(Command("play"))
        player.advance(now_s)
        while player.n_steps < journal.n_steps:
            now_s += 0.02
            player.advance(now_s)
        for k in range(100):
            player.post(Command("seek", float((k * 733) % HOUR_S)))
            player.advance(now_s)
            everything(player.board)
        gc.collect()
        return process.memory_info().rss / 1e6

    play_and_jump(1000.0)
    before = play_and_jump(2000.0)
    assert play_and_jump(3000.0) - before < MOST_MB
    remarks.close()
