"""Wherever a replay goes and however it gets there, it shows what playing straight through would show."""

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.board.commands import Command
from monitor.board.past import Past, ReplayBoard
from monitor.core.events import Tick
from monitor.core.results import NAN, Notice
from monitor.replaying.journal import Journal
from monitor.replaying.transport import Player
from tests.replays import (
    PEOPLE,
    SECONDS,
    T0_S,
    everything,
    journal_of,
    journals_of,
    no_remarks,
    recording,
    straight,
    without_time_line,
)

SEEDS = st.sampled_from([1, 2, 3])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_board_begun_anywhere_equals_the_one_that_was_told_everything(seed: int) -> None:
    expected = straight(seed)
    for journal in journals_of(seed):
        assert journal.n_steps == SECONDS + 1
        for n in range(seed, SECONDS + 2, 5):
            assert without_time_line(everything(journal.board_at(n))) == expected[n], n


@pytest.mark.slow
@given(st.integers(0, 10_000), st.lists(st.integers(1, 60), min_size=1, max_size=9))
@settings(max_examples=15, deadline=None)
def test_a_past_is_exact_when_the_board_has_begun_to_forget(seed: int, steps: list[int]) -> None:
    told = recording(seed)
    small = partial(ReplayBoard, trace_s=4.0, history_s=50.0)
    board, before = small(), None
    board.set_origin(T0_S)
    kept: list[tuple[Past, dict[str, Any]]] = []
    events = iter(told)
    for n in steps:
        for _ in range(8 * n):
            results, event = next(events, ([], Tick(T0_S + SECONDS, NAN)))
            board.note_results(results)
            board.note_event(event)
        before = board.keep(before)
        kept.append((before, without_time_line(everything(board))))
    for past, expected in kept:
        again = small()
        again.show(past)
        assert without_time_line(everything(again)) == expected


ORDERS = st.one_of(
    st.tuples(st.just("seek"), st.floats(0.0, SECONDS + 20.0)),
    st.tuples(st.just("speed"), st.sampled_from([0.25, 1.0, 7.0, 50.0])),
    st.tuples(
        st.sampled_from(["play", "pause", "next_excursion", "previous_excursion", "next_note"]), st.none()
    ),
    st.tuples(st.just("variant"), st.sampled_from([0.0, 1.0, 2.0])),
    st.tuples(st.just("wait"), st.floats(0.01, 4.0)),
)


@pytest.mark.slow
@given(SEEDS, st.lists(ORDERS, min_size=1, max_size=15), st.booleans())
@settings(max_examples=25, deadline=None)
def test_any_play_pause_and_seek_shows_what_playing_straight_shows(
    seed: int, orders: list[tuple[str, float | None]], playing: bool
) -> None:
    journals = journals_of(seed)
    shown: list[ReplayBoard] = []
    now_s = 0.0
    remarks = no_remarks()
    player = Player(
        journals, ["own", "other"], show=shown.append, remarks=remarks, duration_s=SECONDS, playing=playing,
        clock=lambda: now_s,
    )  # fmt: skip
    shown.append(player.board)
    looked: dict[int, dict[str, Any]] = {}
    for name, value in orders:
        if name == "wait":
            now_s += value or 0.0
        else:
            player.post(Command(name, value))
        for _ in range(40):
            if player.advance(now_s) > 0.0:
                break
        assert shown[-1] is player.board
        looked.setdefault(player.n_steps, everything(player.board))
        transport = player.board.snapshot()["transport"]
        assert transport is not None
        assert journals[0].time_of(player.n_steps) <= transport["position_s"] + 0.2 * 50.0
        assert transport["at_end"] == (player.n_steps == SECONDS + 1)
    remarks.close()
    for n, seen in looked.items():
        assert without_time_line(seen) == without_time_line(straight(seed)[n]), n


def test_the_time_line_of_the_whole_recording_goes_with_every_jump() -> None:
    told = recording(3)
    journal = Journal(PEOPLE)
    remarks = no_remarks()
    player = Player([journal], ["own"], show=lambda _: None, remarks=remarks, duration_s=0.0, playing=False)
    whole = journal_of(told, on_overview=lambda results: player.overview.note(results, 0))
    player.overview.finish()
    before = everything(player.board)
    player._journals = (whole,)
    for position_s in (130.0, 10.0, 110.0):
        player.post(Command("seek", position_s))
        player.advance(0.0)
        after = everything(player.board)
        assert after["timelines"] == before["timelines"]
        assert after["timeline_synchrony"] == before["timeline_synchrony"]
    cells = next(iter(after["timelines"].values()))
    assert cells["t_s"][0] < 0.0 < 115.0 < cells["t_s"][-1]
    remarks.close()


@pytest.fixture
def player() -> Iterator[Player]:
    remarks = no_remarks()
    journal = journals_of(1)[0]
    yield Player([journal], ["own"], show=lambda _: None, remarks=remarks, duration_s=1.0, playing=False)
    remarks.close()


def transport(player: Player) -> Any:
    return player.board.snapshot()["transport"]


@pytest.mark.slow
@pytest.mark.parametrize("last_s", [57, 58, 59, 60])
@pytest.mark.parametrize("after_s", [0, 3, 12, 30])
def test_a_replay_ends_with_the_samples_but_shows_a_long_silence(last_s: int, after_s: int) -> None:
    told = [item for item in recording(2) if not isinstance(item[1], Tick) or item[1].now_s <= T0_S + last_s]
    told = told[: 1 + max(k for k, (_, event) in enumerate(told) if isinstance(event, Tick))]
    told += [([], Tick(T0_S + last_s + k, NAN)) for k in range(1, after_s + 1)]
    journal = journal_of(told, late=[Notice(0.0, "file", "damage", "words")])
    assert journal.ready_s == last_s + (after_s if after_s > 15 else min(after_s, 1))
    board = journal.board_at(0)
    for number in range(journal.n_steps):
        journal.tell(board, number)
    again = journal.board_at(journal.n_steps)
    assert everything(again) == everything(board)
    assert again.snapshot()["now_s"] == journal.ready_s
    assert again.snapshot()["notices"][-1]["label"] == "damage"


def test_of_many_seeks_only_the_newest_is_obeyed(player: Player) -> None:
    boards: list[ReplayBoard] = []
    player._show = boards.append
    for position_s in range(139, 110, -1):
        player.post(Command("seek", float(position_s)))
    player.advance(0.0)
    assert len(boards) == 1
    assert transport(player)["position_s"] == 111.0


def test_at_the_end_it_stops_and_what_was_last_there_stays(player: Player) -> None:
    player.post(Command("seek", SECONDS - 5.0))
    player.post(Command("speed", 50.0))
    player.post(Command("play"))
    for k in range(10):
        player.advance(0.1 * k)
    seen = transport(player)
    assert (seen["at_end"], seen["playing"], seen["message"]) == (True, False, "End of the recording.")
    snapshot = player.board.snapshot()
    assert snapshot["state"] == "running"
    assert any(value["value"] is not None for value in snapshot["latest"])
    player.post(Command("play"))
    player.advance(2.0)
    assert transport(player)["position_s"] == 0.0
    assert transport(player)["playing"]


def test_a_place_that_is_not_ready_is_awaited_and_the_newest_wish_counts() -> None:
    told = recording(2)
    journal = Journal(PEOPLE)
    journal.begin(lambda: T0_S, list)
    remarks = no_remarks()
    player = Player(
        [journal], ["own"], show=lambda _: None, remarks=remarks, duration_s=SECONDS, playing=False
    )
    player.post(Command("seek", 130.0))
    player.advance(0.0)
    assert "02:10 is being prepared" in transport(player)["message"]
    assert transport(player)["position_s"] == 130.0
    player.post(Command("seek", 120.0))
    for results, event in told:
        journal.note_results(results)
        journal.note_event(event)
    player.advance(0.3)
    assert transport(player)["message"] == ""
    assert player.board.snapshot()["now_s"] == 120.0
    remarks.close()


def test_past_the_last_excursion_it_says_so(player: Player) -> None:
    starts = sorted({max(e.start_s - 10.0, 0.0) for e in player.journal.zones.excursions})
    for start_s in (s for s in starts if s > 0.5):
        player.post(Command("next_excursion"))
        player.advance(0.0)
        assert math.isclose(transport(player)["position_s"], start_s)
    player.post(Command("next_excursion"))
    player.advance(0.0)
    assert transport(player)["message"] == "There is no later excursion."


def test_no_words_of_a_note_without_an_author(player: Player) -> None:
    player.post(Command("note", "rupture"))
    player.advance(0.0)
    assert "--out" in transport(player)["message"]
    assert transport(player)["author"] == ""
