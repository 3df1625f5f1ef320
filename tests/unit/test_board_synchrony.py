"""Synchrony on the board: what is shown, what is held back, and what a window gets of it."""

import json
import time
from collections.abc import Callable

import numpy as np
import pytest

from monitor.board.board import Board
from monitor.board.client import BoardClient
from monitor.board.gate import SYNCHRONY_LIMIT_S, Hold, Source, held_dyad
from monitor.board.pipe import encode
from monitor.board.server import BoardServer
from monitor.board.snapshot import SNAPSHOT_VERSION, Snapshot, SynchronyView
from monitor.board.synchrony import MAX_DYADS, TRAIL_ROWS
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, Reason, Status, SynchronyReading

READING = SynchronyReading(
    first="C07",
    second="T02",
    signal="eda",
    t_s=70.0,
    t_emit_s=75.0,
    valid_min=31.2,
    needed_min=10.0,
    z_session=2.6,
    chance_lo=-1.6,
    chance_hi=1.7,
    p=0.004,
    z_recent=0.4,
    recent_lo=-1.5,
    recent_hi=1.8,
    z_in_phase=2.9,
    z_anti_phase=0.1,
    z_lead=2.4,
    lag_s=2.0,
    status=Status.OK,
    reason=Reason.NONE,
)
NUMBERS = (
    *("z_session", "chance_lo", "chance_hi", "p", "z_recent", "recent_lo", "recent_hi"),
    *("z_in_phase", "z_anti_phase", "z_lead", "lag_s"),
)
ROLES = (
    (1, "C07", Modality.EDA),
    (2, "T02", Modality.EDA),
    (3, "C07", Modality.ECG),
    (4, "T02", Modality.ECG),
)


def feed(board: Board, until_s: float, *numbers: int) -> None:
    for number in numbers or (1, 2, 3, 4):
        stamps = np.arange(round(10 * until_s) - 50, round(10 * until_s)) / 10.0
        board.note_event(Chunk(number, stamps, np.ones((50, 1), np.float32)))


def late(board: Board, number: int) -> None:
    """Let one stream alone go on."""
    feed(board, 104.0, number)
    board.note_event(Tick(104.0, NAN))


@pytest.fixture
def board() -> Board:
    board = Board()
    board.set_origin(0.0)
    for number, code, modality in ROLES:
        info = StreamInfo(
            stream_id=number,
            name=f"s{number}",
            type=modality.value,
            channel_count=1,
            nominal_rate_hz=10.0,
            channel_format="float32",
        )
        role = Binding(channel=0, key=StreamKey(code, modality), unit="", scale=1.0, reason="")
        board.note_event(StreamOpened(info, (role,)))
    feed(board, 100.0)
    board.note_results([READING])
    board.note_event(Tick(100.0, NAN))
    return board


def shown(board: Board) -> SynchronyView:
    (view,) = board.snapshot()["synchrony"]
    return view


def numbers(view: SynchronyView) -> set[object]:
    return {view[name] for name in NUMBERS}  # type: ignore[literal-required]


def test_a_reading_is_shown_whole(board: Board) -> None:
    view = shown(board)
    rest: dict[str, object] = {
        "hold": "",
        "since_s": None,
        "held_by": [],
        "text": "",
        "status": "OK",
        "reason": "",
    }
    assert view == {**READING._asdict(), **rest}


@pytest.mark.parametrize(
    ("break_it", "hold", "whose", "text"),
    [
        (lambda b: b.note_event(StreamLost(2, 100.0, "x")), "stale", ["T02"], "no data since 01:39"),
        (lambda b: late(b, 2), "stale", ["C07"], "no data since 01:39"),
        (lambda b: b.note_event(Tick(103.0, NAN)), "stale", ["C07", "T02"], "no data since 01:39"),
        (lambda b: feed(b, 120.0, 1), "unverified", ["C07"], "stream not verified"),
        (lambda b: b.note_end(), "ended", [], "session ended"),
    ],
)  # fmt: skip
def test_what_is_missing_from_one_person_keeps_the_numbers_of_both_back(
    board: Board, break_it: Callable[[Board], object], hold: str, whose: list[str], text: str
) -> None:
    break_it(board)
    view = shown(board)
    assert (view["hold"], view["held_by"], view["text"], view["status"]) == (hold, whose, text, "NA")
    assert numbers(view) == {None}


def test_another_signal_of_the_same_people_is_not_held_back(board: Board) -> None:
    board.note_results([READING._replace(signal="ibi")])
    board.note_event(StreamLost(2, 100.0, "gone"))
    holds = {v["signal"]: v["hold"] for v in board.snapshot()["synchrony"]}
    assert holds == {"eda": "stale", "ibi": ""}


def test_somebody_without_a_stream_is_named(board: Board) -> None:
    board.note_results([READING._replace(second="P11")])
    view = board.snapshot()["synchrony"][1]
    assert (view["hold"], view["held_by"], numbers(view)) == ("no_stream", ["P11"], {None})


def test_a_reading_lives_for_three_steps_and_no_longer(board: Board) -> None:
    for age_s, hold in ((SYNCHRONY_LIMIT_S, ""), (SYNCHRONY_LIMIT_S + 0.5, "outdated")):
        now_s = READING.t_emit_s + age_s
        feed(board, now_s)
        board.note_event(Tick(now_s, NAN))
        assert shown(board)["hold"] == hold
    assert (shown(board)["since_s"], shown(board)["held_by"]) == (75.0, [])
    board.note_results([READING._replace(t_emit_s=165.0)])
    assert shown(board)["hold"] == ""


def test_of_two_holds_the_graver_one_is_named() -> None:
    good = Source(newest_s=99.9, verified=True)
    stale, older = Source(newest_s=90.0, verified=True), Source(newest_s=80.0, verified=True)
    doubtful = Source(newest_s=99.9, verified=False)
    absent = Source(newest_s=NAN, verified=False)
    assert held_dyad(100.0, 90.0, good, good)[0] is Hold.NONE
    assert held_dyad(100.0, 90.0, stale, older) == (Hold.STALE, 80.0, (True, True))
    assert held_dyad(100.0, 90.0, doubtful, stale) == (Hold.STALE, 90.0, (False, True))
    assert held_dyad(100.0, 90.0, absent, stale)[::2] == (Hold.NO_STREAM, (True, False))
    assert held_dyad(NAN, 90.0, good, good)[0] is Hold.STALE


@pytest.mark.parametrize(("valid_min", "same"), [(12.0, True), (0.0, False)])
def test_one_signal_given_for_two_people_is_told(board: Board, valid_min: float, same: bool) -> None:
    gone = READING._replace(status=Status.NA, reason=Reason.NO_DATA, z_session=NAN, valid_min=valid_min)
    board.note_results([gone])
    assert (shown(board)["text"] == "the same signal was given for both") == same
    assert numbers(shown(board)) == {None}


def test_a_reading_that_is_na_never_carries_a_number(board: Board) -> None:
    board.note_results([READING._replace(status=Status.NA, reason=Reason.ZERO_VARIANCE)])
    view = shown(board)
    assert numbers(view) == {None}
    assert view["text"] == "skin conductance of one person does not vary"
    assert board.snapshot()["synchrony_trails"][0]["z_session"] == [2.6, None]


def test_the_trail_comes_once_and_keeps_its_gaps(board: Board) -> None:
    first = board.snapshot()
    gap = READING._replace(t_s=100.0, status=Status.NA, reason=Reason.GAP, z_session=NAN)
    board.note_results([gap, READING._replace(t_s=130.0, status=Status.LOW)])
    (trail,) = board.snapshot(first["cursor"])["synchrony_trails"]
    assert (trail["first"], trail["second"], trail["signal"]) == ("C07", "T02", "eda")
    assert trail["t_s"] == [100.0, 130.0]
    assert (trail["z_session"], trail["chance_lo"], trail["chance_hi"]) == (
        [None, 2.6],
        [None, -1.6],
        [None, 1.7],
    )
    assert trail["status"] == ["NA", "LOW"]
    assert board.snapshot(board.snapshot()["cursor"])["synchrony_trails"] == []


def test_memory_is_bounded(board: Board) -> None:
    board.note_results(READING._replace(first=f"P{k}") for k in range(2 * MAX_DYADS))
    board.note_results(READING._replace(t_s=30.0 * k) for k in range(3 * TRAIL_ROWS))
    board.note_results([READING._replace(signal="unknown")])
    snapshot = board.snapshot()
    assert len(snapshot["synchrony"]) == MAX_DYADS
    assert max(len(t["t_s"]) for t in snapshot["synchrony_trails"]) == TRAIL_ROWS


def test_everything_fits_through_the_pipe(board: Board) -> None:
    board.note_results([READING._replace(**dict.fromkeys((*NUMBERS, "valid_min", "needed_min"), NAN))])  # type: ignore[arg-type]
    decoded = json.loads(encode(board.snapshot()))
    assert decoded["version"] == SNAPSHOT_VERSION == 4
    assert {decoded["synchrony"][0][name] for name in NUMBERS} == {None}


def test_a_window_gets_readings_and_trail(board: Board) -> None:
    server = BoardServer(board)
    server.start()
    client = BoardClient(server.address, key=server.key)
    try:
        seen: list[Snapshot] = []
        deadline_s = time.monotonic() + 10.0
        while len(seen) < 3 and time.monotonic() < deadline_s:
            answer = client.poll()
            seen += [] if answer is None else [answer]
            time.sleep(0.005)
    finally:
        client.close()
        server.stop()
    assert [a["synchrony"][0]["z_session"] for a in seen] == [2.6] * 3
    assert [len(a["synchrony_trails"]) for a in seen] == [1, 0, 0]
