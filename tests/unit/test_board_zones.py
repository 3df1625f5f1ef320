"""Zones and the state of a calibration on the board: what is shown, what is held back."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from monitor.board.board import MAX_PEOPLE, Board
from monitor.board.pipe import encode
from monitor.board.session_views import ProcedureView
from monitor.board.snapshot import ZoneView
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, Reason, Revocation, Status, ZoneReading, ZoneRow

READING = ZoneReading(
    participant="C07",
    t_centre_s=85.0,
    t_emit_s=100.0,
    zone="above",
    since_s=60.0,
    near="",
    arousal=3.4,
    p_above=0.9,
    p_below=0.0,
    upper_mean=2.5,
    upper_sd=0.5,
    lower_mean=-2.5,
    lower_sd=0.75,
    provisional=True,
    status=Status.OK,
    reason=Reason.NONE,
    note="drift",
    drift=1.2,
)
NUMBERS = ("arousal", "p_above", "p_below", "drift")
EDGES = ("upper_mean", "upper_sd", "lower_mean", "lower_sd")


def opened(number: int, modality: Modality) -> StreamOpened:
    info = StreamInfo(
        stream_id=number,
        name=f"s{number}",
        type=modality.value,
        channel_count=1,
        nominal_rate_hz=10.0,
        channel_format="float32",
    )
    role = Binding(channel=0, key=StreamKey("C07", modality), unit="", scale=1.0, reason="")
    return StreamOpened(info, (role,))


@pytest.fixture
def board() -> Board:
    board = Board()
    board.set_origin(0.0)
    for number, modality in ((1, Modality.ECG), (2, Modality.EDA)):
        board.note_event(opened(number, modality))
        board.note_event(Chunk(number, np.arange(950, 1000) / 10.0, np.ones((50, 1), np.float32)))
    board.note_results([READING])
    board.note_event(Tick(100.0, NAN))
    return board


def zone(board: Board) -> ZoneView:
    (view,) = board.snapshot()["zones"]
    return view


def test_a_reading_is_shown_whole(board: Board) -> None:
    view = zone(board)
    expected: dict[str, Any] = {**READING._asdict(), "status": "OK", "reason": "", "hold": "", "text": ""}
    assert view == expected


@pytest.mark.parametrize(
    ("break_it", "hold", "text"),
    [
        (lambda b: b.note_event(StreamLost(2, 100.0, "gone")), "stale", "no data since 01:39"),
        (lambda b: b.note_event(Tick(102.0, NAN)), "stale", "no data since 01:39"),
        (lambda b: b.note_end(), "ended", "session ended"),
    ],
)
def test_what_keeps_arousal_back_keeps_the_zone_back(
    board: Board, break_it: Callable[[Board], None], hold: str, text: str
) -> None:
    break_it(board)
    view = zone(board)
    assert (view["zone"], view["status"], view["hold"], view["text"]) == ("na", "NA", hold, text)
    assert [view[name] for name in NUMBERS] == [None] * 4  # type: ignore[literal-required]
    assert (view["note"], view["near"]) == ("", "")
    assert [view[name] for name in EDGES] == [2.5, 0.5, -2.5, 0.75]  # type: ignore[literal-required]


def test_a_reading_that_is_not_renewed_is_held_back(board: Board) -> None:
    for number in (1, 2):
        board.note_event(Chunk(number, np.arange(1000, 1040) / 10.0, np.ones((40, 1), np.float32)))
    board.note_event(Tick(104.0, NAN))
    assert zone(board)["hold"] == "outdated"
    board.note_results([READING._replace(t_centre_s=89.0, t_emit_s=104.0)])
    assert zone(board)["zone"] == "above"


def test_somebody_without_calibration_is_told_so_whatever_the_sensors_do(board: Board) -> None:
    bare = READING._replace(zone="na", status=Status.NA, reason=Reason.NOT_CALIBRATED, upper_mean=NAN)
    board.note_results([bare])
    board.note_event(StreamLost(2, 100.0, "gone"))
    assert (zone(board)["hold"], zone(board)["reason"]) == ("", "not_calibrated")
    board.note_end()
    assert zone(board)["text"] == "session ended"


@pytest.mark.parametrize(
    ("revocation", "gone"),
    [
        (Revocation("C07", ("arousal", "z_eda"), 95.0, 100.0, Reason.LEAD_OFF), True),
        (Revocation("C07", ("arousal",), 101.0, 110.0, Reason.LEAD_OFF), False),
        (Revocation("C07", ("hr_bpm",), 95.0, 100.0, Reason.LEAD_OFF), False),
        (Revocation("T02", ("arousal",), 95.0, 100.0, Reason.LEAD_OFF), False),
    ],
)
def test_a_reading_whose_arousal_was_taken_back_is_missing(
    board: Board, revocation: Revocation, gone: bool
) -> None:
    board.note_results([revocation])
    view = zone(board)
    trail = board.snapshot()["zone_trails"]["C07"]
    assert (view["zone"] == "na") == gone
    assert (view["arousal"] is None) == gone
    assert (trail["arousal"] == [None]) == gone
    assert (trail["zone"] == ["na"]) == gone
    if gone:
        assert (view["reason"], view["since_s"]) == ("lead_off", 85.0)


def test_the_trail_comes_once_and_is_bounded() -> None:
    board = Board(history_s=50.0)
    board.note_results([READING._replace(t_centre_s=float(k), arousal=0.1 * k) for k in range(40)])
    first = board.snapshot()
    board.note_results([READING._replace(t_centre_s=float(k), zone="na", arousal=NAN) for k in range(40, 90)])
    news = board.snapshot(first["cursor"])["zone_trails"]["C07"]
    assert news["t_centre_s"] == [float(k) for k in range(40, 90)]
    assert (set(news["arousal"]), set(news["zone"])) == ({None}, {"na"})
    assert first["zone_trails"]["C07"]["arousal"][-1] == 3.9
    assert board.snapshot()["zone_trails"]["C07"]["t_centre_s"] == news["t_centre_s"]


def test_the_number_of_people_with_zones_is_bounded() -> None:
    board = Board()
    board.note_results(READING._replace(participant=f"P{k}") for k in range(2 * MAX_PEOPLE))
    assert len(board.snapshot()["zones"]) == len(board.snapshot()["zone_trails"]) == MAX_PEOPLE


def test_complete_stretches_are_for_the_tables(board: Board) -> None:
    before = board.snapshot()
    board.note_results([ZoneRow("C07", "above", 1.0, 2.0, False, NAN, NAN, NAN)])
    assert board.snapshot()["zones"] == before["zones"]


def test_every_missing_number_of_a_reading_is_none(board: Board) -> None:
    empty = READING._replace(**dict.fromkeys((*NUMBERS, *EDGES, "since_s"), NAN))  # type: ignore[arg-type]
    board.note_results([empty])
    view = json.loads(encode(board.snapshot()))["zones"][0]
    assert {view[name] for name in (*NUMBERS, *EDGES, "since_s")} == {None}


def procedure() -> ProcedureView:
    return ProcedureView(
        participant="C07",
        protocol="first",
        title="Quiet sitting",
        instruction="Please sit\x07 quietly.",
        index=1,
        n_steps=6,
        phase="running",
        elapsed_s=12.0,
        length_s=300.0,
        minimum_s=180.0,
        valid_s=11.0,
        enough=False,
        quality=[{"text": "heart good", "good": True}],
        breaths_per_min=0.0,
        inhale_share=0.5,
        asks=["tension"],
        commands=["pause", "stop"],
        message="",
        result={
            "lines": ["5 valid min"],
            "problem": "",
            "series": [
                {
                    "title": "SCL",
                    "unit": "µS",
                    "t_s": [0.0, 1.0],
                    "value": [1.0, NAN],
                    "mean": NAN,
                    "low": 0.5,
                    "high": 1.5,
                }
            ],
        },
    )


def test_a_calibration_is_shown_as_it_stands_and_goes_away(board: Board) -> None:
    assert board.snapshot()["procedure"] is None
    view = procedure()
    board.note_procedure(view)
    shown = json.loads(encode(board.snapshot()))["procedure"]
    assert shown["instruction"] == "Please sit  quietly."
    assert shown["result"]["series"][0]["value"] == [1.0, None]
    assert shown["result"]["series"][0]["mean"] is None
    assert {k: v for k, v in shown.items() if k not in {"instruction", "result"}} == {
        k: v for k, v in view.items() if k not in {"instruction", "result"}
    }
    board.note_procedure(None)
    assert board.snapshot()["procedure"] is None
