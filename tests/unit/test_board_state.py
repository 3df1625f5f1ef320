"""The board: what goes in, what a reader gets."""

import json
import math
from collections.abc import Callable

import numpy as np
import pytest

from monitor.board.board import Board
from monitor.board.pipe import encode
from monitor.board.rings import Ring
from monitor.board.snapshot import ValueView
from monitor.core.events import Annotation, Chunk, ClockOffset, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import (
    NAN,
    BeatClass,
    BeatRow,
    MarkerRow,
    Notice,
    Reason,
    Revocation,
    ScrRow,
    Status,
)

T0 = 1000.0


def opened(
    stream_id: int = 1, modality: Modality = Modality.ECG, rate_hz: float = 100.0, *, bound: bool = True
) -> StreamOpened:
    info = StreamInfo(
        stream_id=stream_id,
        name=f"s{stream_id}",
        type=modality.value,
        channel_count=1,
        nominal_rate_hz=rate_hz,
        channel_format="float32",
    )
    binding = Binding(channel=0, key=StreamKey("C07", modality), unit="", scale=2.0, reason="test")
    return StreamOpened(info, (binding,) if bound else ())


def chunk(start_s: float, stop_s: float, *, stream_id: int = 1, rate_hz: float = 100.0) -> Chunk:
    stamps = T0 + np.arange(round(start_s * rate_hz), round(stop_s * rate_hz)) / rate_hz
    return Chunk(stream_id, stamps, np.ones((stamps.size, 1), np.float32))


def row(marker: str, t_emit_s: float, value: float = 72.0, status: Status = Status.OK) -> MarkerRow:
    reason = Reason.NONE if status is Status.OK else Reason.WARMUP
    return MarkerRow("C07", marker, t_emit_s - 16.0, t_emit_s, value, NAN, "", status, reason, 30.0, 1.0)


@pytest.fixture
def board() -> Board:
    board = Board()
    board.note_people([("C07", "client")])
    board.note_event(opened())
    board.note_event(chunk(0.0, 5.0))
    board.set_origin(T0)
    board.note_results([row("hr_bpm", 5.0)])
    board.note_event(Tick(T0 + 5.0, 1.8e9))
    return board


def value(board: Board, marker: str = "hr_bpm") -> ValueView:
    return next(v for v in board.snapshot()["latest"] if v["marker"] == marker)


def test_a_running_session_shows_its_value_trace_and_stream(board: Board) -> None:
    snapshot = board.snapshot()
    assert snapshot["state"] == "running"
    assert snapshot["now_s"] == 5.0
    assert value(board)["value"] == 72.0
    stream = snapshot["streams"][0]
    assert (stream["state"], stream["n_samples"], stream["n_gaps"]) == ("running", 500, 0)
    assert stream["measured_hz"] == pytest.approx(100.0)
    trace = snapshot["traces"][0]
    assert (trace["t_s"][0], trace["t_s"][-1]) == (0.0, 4.99)
    assert set(trace["value"]) == {2.0}


def test_a_silent_stream_takes_its_numbers_with_it_after_two_seconds(board: Board) -> None:
    board.note_results([row("hr_bpm", 7.0)])
    board.note_event(Tick(T0 + 7.1, NAN))
    assert value(board)["value"] is None
    assert value(board)["text"] == "no data since 00:04"
    assert board.snapshot()["streams"][0]["state"] == "silent"


def test_a_lost_stream_takes_its_numbers_with_it_at_once(board: Board) -> None:
    board.note_event(StreamLost(1, T0 + 5.0, "outlet gone"))
    assert value(board)["hold"] == "stale"
    assert board.snapshot()["streams"][0]["note"] == "outlet gone"


def test_a_stream_at_another_rate_shows_no_numbers() -> None:
    board = Board()
    board.note_event(opened())
    board.set_origin(T0)
    board.note_event(chunk(0.0, 5.0, rate_hz=130.0))
    board.note_results([row("hr_bpm", 5.0)])
    board.note_event(Tick(T0 + 5.0, NAN))
    assert board.snapshot()["streams"][0]["state"] == "rate_differs"
    assert value(board)["hold"] == "unverified"


def test_a_restarted_stream_shows_numbers_only_after_two_seconds_of_its_rate(board: Board) -> None:
    board.note_event(StreamLost(1, T0 + 5.0, "gone"))
    board.note_event(opened(2))
    for stop_s in (6.0, 7.0, 8.01, 9.0):
        board.note_event(chunk(stop_s - 1.0, stop_s, stream_id=2))
        board.note_results([row("hr_bpm", stop_s)])
        board.note_event(Tick(T0 + stop_s, NAN))
        assert (value(board)["value"] is None) == (stop_s < 7.5)


def test_a_backlog_with_old_stamps_is_not_shown_as_live(board: Board) -> None:
    board.note_event(Tick(T0 + 30.0, NAN))
    board.note_event(chunk(5.0, 20.0))
    board.note_results([row("hr_bpm", 30.0)])
    assert value(board)["value"] is None
    board.note_event(chunk(20.0, 29.9))
    assert value(board)["value"] == 72.0


def test_a_skin_marker_depends_on_the_skin_stream_and_arousal_on_both(board: Board) -> None:
    board.note_event(opened(2, Modality.EDA, 10.0))
    board.note_event(chunk(0.0, 5.0, stream_id=2, rate_hz=10.0))
    board.note_event(chunk(5.0, 9.0))
    board.note_results([row("hr_bpm", 9.0), row("scl_us", 9.0), row("arousal", 9.0)])
    board.note_event(Tick(T0 + 9.0, NAN))
    assert value(board)["value"] == 72.0
    assert value(board, "scl_us")["text"] == "no data since 00:04"
    assert value(board, "arousal")["value"] is None


def test_the_age_of_beatwise_streams_is_three_beats() -> None:
    board = Board()
    board.note_event(opened(1, Modality.RR, 0.0))
    board.set_origin(T0)
    board.note_event(Chunk(1, np.array([T0 + 1.0]), np.array([[600.0]])))
    for age_s, shown in ((3.5, True), (3.7, False)):
        board.note_results([row("hr_bpm", 1.0 + age_s)])
        board.note_event(Tick(T0 + 1.0 + age_s, NAN))
        assert (value(board)["value"] is not None) == shown


def test_an_offset_moves_samples_to_the_clock_of_the_monitor() -> None:
    board = Board()
    board.note_event(opened())
    board.note_event(ClockOffset(1, 0.0, 500.0))
    board.set_origin(T0)
    board.note_event(chunk(-500.0, -497.0))
    assert board.snapshot()["traces"][0]["t_s"][0] == 0.0


def test_a_cursor_brings_only_what_is_new(board: Board) -> None:
    first = board.snapshot()
    nothing = board.snapshot(first["cursor"])
    assert (nothing["traces"], nothing["rows"], nothing["beats"]) == ([], [], {})
    board.note_event(chunk(5.0, 5.1))
    board.note_results(
        [BeatRow("C07", "ecg", 4.0, 800.0, False, BeatClass.EXTRA), ScrRow("C07", 1, 2, 0.1, 1, 3)]
    )
    news = board.snapshot(first["cursor"])
    assert len(news["traces"][0]["t_s"]) == 10
    assert news["beats"]["C07"]["beat_class"] == ["extra"]
    assert news["scrs"]["C07"]["t_peak_s"] == [2.0]
    assert news["latest"]


def test_a_cursor_of_another_board_starts_anew(board: Board) -> None:
    assert board.snapshot(10**9)["traces"]


def test_samples_before_the_origin_are_not_lost() -> None:
    board = Board()
    board.note_event(opened())
    board.note_event(chunk(0.0, 1.0))
    early = board.snapshot()
    assert (early["traces"], early["state"], early["now_s"]) == ([], "waiting", None)
    board.set_origin(T0)
    assert len(board.snapshot(early["cursor"])["traces"][0]["t_s"]) == 100


def test_a_revocation_reaches_latest_and_history(board: Board) -> None:
    board.note_results([Revocation("C07", ("hr_bpm",), 0.0, 10.0, Reason.MOTION)])
    assert (value(board)["value"], value(board)["reason"]) == (None, "motion")
    snapshot = board.snapshot()
    assert (snapshot["rows"][0]["value"], snapshot["rows"][0]["status"]) == ([None], ["NA"])
    assert snapshot["revoked"][0]["reason"] == "motion"


def test_an_answer_is_cut_to_its_size_and_loses_nothing(board: Board) -> None:
    for k in range(6, 3000):
        board.note_results([row(f"m{i}", float(k), float(k)) for i in range(10)])
    cursor, times, more, answers = 0, [], True, 0
    while more:
        snapshot = board.snapshot(cursor)
        cursor, more, answers = snapshot["cursor"], snapshot["more"], answers + 1
        times += [t for r in snapshot["rows"] if r["marker"] == "m3" for t in r["t_centre_s"]]
        assert len(encode(snapshot)) < 2**20
    assert times == [k - 16.0 for k in range(6, 3000)]
    assert answers == 2


@pytest.mark.parametrize(
    ("prepare", "state"),
    [
        (lambda _: None, "nothing_found"),
        (lambda b: b.note_event(opened()), "waiting"),
        (lambda b: (b.note_event(opened()), b.note_end()), "ended"),
    ],
)
def test_the_state_of_the_session_has_a_name(prepare: Callable[[Board], object], state: str) -> None:
    board = Board()
    prepare(board)
    assert board.snapshot()["state"] == state


def test_warming_up_lasts_while_every_value_does(board: Board) -> None:
    board.note_results([row("hr_bpm", 5.0, NAN, Status.NA)])
    assert board.snapshot()["state"] == "warming_up"


def test_after_the_end_no_number_is_shown(board: Board) -> None:
    board.note_end()
    assert (value(board)["value"], value(board)["text"]) == (None, "session ended")


def test_without_a_binding_there_is_no_number_and_no_trace() -> None:
    board = Board()
    board.note_event(opened(bound=False))
    board.set_origin(T0)
    board.note_event(chunk(0.0, 5.0))
    board.note_results([row("hr_bpm", 5.0)])
    board.note_event(Tick(T0 + 5.0, NAN))
    assert value(board)["hold"] == "no_stream"
    assert board.snapshot()["traces"] == []


def test_hostile_values_end_up_as_plain_json(board: Board) -> None:
    board.note_event(Chunk(1, np.array([T0 + 5.0, NAN, T0 + 5.02]), np.array([[NAN], [1.0], [math.inf]])))
    board.note_event(Chunk(1, np.empty(0), np.empty((0, 1))))
    board.note_event(Chunk(99, np.array([1.0]), np.array([[1.0]])))
    board.note_event(Annotation(T0 + 1.0, "note", "\x1b[2Jboo"))
    board.note_results([Notice(NAN, "s1", "x", "text")])
    board.note_recording({"bytes": NAN, "seconds": "many", "error": None, "path": "\x07p"})
    snapshot = json.loads(encode(board.snapshot()))
    assert snapshot["traces"][0]["value"][-2:] == [None, None]
    assert snapshot["annotations"][0]["text"] == " [2Jboo"
    assert (snapshot["recording"]["bytes"], snapshot["recording"]["path"]) == (None, " p")


def test_strings_are_counted_and_not_drawn(board: Board) -> None:
    board.note_event(opened(3, Modality.MARKERS, 0.0))
    board.note_event(Chunk(3, np.array([T0 + 1.0]), (("start",),)))
    assert board.snapshot()["streams"][1]["n_samples"] == 1


def test_a_gap_is_counted_and_does_not_spoil_the_rate(board: Board) -> None:
    board.note_event(chunk(7.0, 9.5))
    stream = board.snapshot()["streams"][0]
    assert stream["n_gaps"] == 1
    assert stream["measured_hz"] == pytest.approx(100.0)


def test_a_stream_that_restarts_for_ever_does_not_fill_the_board(board: Board) -> None:
    for number in range(2, 500):
        board.note_event(StreamLost(number - 1, T0, "gone"))
        board.note_event(opened(number))
    assert len(board.snapshot()["streams"]) <= 2


def test_a_ring_keeps_the_newest_rows_in_bounded_memory() -> None:
    ring = Ring(100, 2)
    for k in range(1000):
        ring.extend(k + 1, np.full(7, float(k)), np.arange(7.0))
    assert len(ring) == 100
    assert ring.view()[0, -1] == 999.0
    assert ring.since(999)[0].tolist() == [1000] * 7
    assert ring.view().base is not None
    assert ring.view().base.shape[1] <= 125


def test_a_chunk_larger_than_the_ring_leaves_its_end() -> None:
    ring = Ring(10, 1)
    ring.extend(1, np.arange(1000.0))
    assert ring.view()[0].tolist() == list(np.arange(990.0, 1000.0))
