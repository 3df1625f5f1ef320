"""Status streams of bridges: what they say reaches the user in closed words, and nothing else does."""

import itertools
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.board.board import Board
from monitor.core.device_status import (
    LONGEST_NOTICE,
    REASON_WORDS,
    STATE_WORDS,
    DeviceNotices,
    DeviceState,
    device_of_status,
    read_event,
)
from monitor.core.events import Chunk, ClockOffset, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.recognition import is_device_status
from monitor.core.reporting import reports_of
from monitor.core.results import Notice
from monitor.views.people import in_table_order, people_of, sensor_line

NAME = "Anna-Lena Österreicher"
TITLE = "Polar H10 C07"


def about(**changes: Any) -> StreamInfo:
    declared: dict[str, Any] = {
        "stream_id": 5,
        "name": f"{TITLE}-status",
        "type": "Markers",
        "source_id": "polar-h10-1a2b3c4d-status",
        "hostname": "lab",
        "channel_count": 1,
        "nominal_rate_hz": 0.0,
        "channel_format": "string",
    }
    return StreamInfo(**declared | changes)


def event(kind: str, **facts: object) -> str:
    return json.dumps({"event": kind, **facts})


def state(word: str, reason: str = "", text: str = "") -> str:
    return event("state", state=word, reason=reason or None, text=text)


def told(*said: tuple[float, str]) -> list[Notice]:
    return DeviceNotices(about()).push([t for t, _ in said], [text for _, text in said])


def test_a_loss_and_its_end_are_told_once_each() -> None:
    said = [
        (1.0, state("streaming")),
        (5.0, state("lost", "link_lost")),
        (5.5, state("connecting")),
        (6.0, state("lost", "link_lost")),
        (9.0, state("streaming")),
    ]
    lost, back = told(*said)
    assert (lost.t_s, lost.subject, lost.label) == (5.0, f"{TITLE}-status @ lab", "device_lost")
    assert lost.text == f"{TITLE}: lost, trying again: the connection broke; bring it nearer."
    assert (back.t_s, back.label, back.text) == (9.0, "device_back", f"{TITLE}: streaming again after 4 s.")


def test_another_reason_for_the_same_loss_is_told() -> None:
    labels = [n.text for n in told((1.0, state("lost", "link_lost")), (2.0, state("lost", "not_found")))]
    assert len(labels) == 2
    assert "reach" in labels[1]


def test_a_bridge_that_was_stopped_is_told() -> None:
    assert [n.label for n in told((1.0, state("streaming")), (2.0, state("stopped")))] == ["device_stopped"]


def test_each_level_of_the_battery_is_told_once_on_its_way_down() -> None:
    percents = (60, 21, 20, 19, 20, 18, 10, 11, 9, 5, 4)
    said = [(100.0 * i, event("battery", percent=percent)) for i, percent in enumerate(percents)]
    assert [n.text.split()[4] for n in told(*said)] == ["20", "10", "5"]


def test_a_new_battery_begins_anew() -> None:
    said = [(100.0 * i, event("battery", percent=p)) for i, p in enumerate((9, 90, 9))]
    assert len(told(*said)) == 2


@pytest.mark.parametrize("percent", [-1, 101, 255, 7.5, "9", True, None, [5], 10**30])
def test_a_charge_that_is_none_is_unknown_and_never_told(percent: object) -> None:
    assert told((0.0, event("battery", percent=percent))) == []
    device = DeviceState()
    device.take(event("battery", percent=15))
    device.take(event("battery", percent=percent))
    assert device.battery_percent is None


def test_contact_that_is_lost_is_told_at_once_and_shown_as_long_as_it_lasts() -> None:
    (notice,) = told((0.0, event("contact", worn=True)), (3.0, event("contact", worn=False)))
    assert (notice.t_s, notice.label) == (3.0, "device_contact")
    device = DeviceState()
    device.take(state("streaming"))
    device.take(event("contact", worn=False))
    assert device.trouble == "not worn"
    device.take(event("contact", worn=True))
    assert device.trouble == ""


def test_a_device_that_comes_and_goes_is_told_four_times_a_minute() -> None:
    said = [(float(i), state("lost", "link_lost") if i % 2 else state("streaming")) for i in range(600)]
    notices = told(*said)
    assert 30 <= len(notices) <= 41
    for first, fifth in zip(notices, notices[4:], strict=False):
        assert fifth.t_s - first.t_s >= 60.0


HOSTILE = [
    "",
    "{",
    "null",
    "[]",
    '"state"',
    "[" * 4000,
    '{"event":' * 500,
    '{"event": ["state"]}',
    '{"event": {"a": 1}, "state": "lost"}',
    '{"event": "state", "state": ["lost"]}',
    '{"event": "state", "state": {"lost": 1}, "reason": {"x": 1}}',
    '{"event": "state", "state": 7}',
    '{"event": "state", "state": "lost", "reason": "' + NAME + '"}',
    '{"event": "state", "state": "' + NAME + '"}',
    '{"event": "state", "state": "lost", "reason": "\\ud800"}',
    '{"event": "battery", "percent": NaN}',
    '{"event": "battery", "percent": 1e999}',
    '{"event": "battery", "percent": ' + "9" * 4000 + "}",
    '{"event": "contact", "worn": "no"}',
    "\x00\x1b[2J{}",
    '{"event": "state", "state": "lost", "text": "' + "x" * 100_000 + '"}',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_no_harm(text: str) -> None:
    notices = told((0.0, text))
    assert all(NAME not in notice.text for notice in notices)
    assert all(len(notice.text) <= LONGEST_NOTICE and notice.text.isprintable() for notice in notices)


@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
       lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(
           ["event", "state", "reason", "percent", "worn", "text"]) | st.text(), inner)).map(json.dumps))  # fmt: skip
@example('{"event": "state", "state": "lost", "reason": null}')
def test_whatever_is_sent_only_closed_words_come_out(text: str) -> None:
    device = DeviceState()
    device.take(text)
    assert device.state in {"", *STATE_WORDS}
    assert device.reason in {"", *REASON_WORDS}
    assert len(device.trouble) < LONGEST_NOTICE
    for notice in told((0.0, text)):
        assert notice.text.startswith(f"{TITLE}: ")
        assert len(notice.text) <= LONGEST_NOTICE


def test_no_free_text_of_a_bridge_is_shown() -> None:
    texts = [
        state("lost", "link_lost", f"{NAME} went out"),
        event("gap", text=NAME),
        event("lost", stream=NAME),
    ]
    shown = " ".join(notice.text for notice in told(*((float(i), text) for i, text in enumerate(texts))))
    assert shown
    assert NAME not in shown


def test_a_name_with_control_characters_is_escaped_and_cut() -> None:
    shown = device_of_status(about(name="\x1b[31m\u202ex\n" + "y" * 200 + "-status"))
    assert shown.isprintable()
    assert shown.startswith("\\x1b[31m\\u202ex\\n")
    assert len(shown) == 80


def test_only_a_known_event_is_read() -> None:
    assert read_event('{"event": "other"}') is None
    assert read_event(event("gap", start_s=1.0)) == {"event": "gap", "start_s": 1.0}


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({}, True),
        ({"type": "markers"}, True),
        ({"type": "ECG"}, False),
        ({"name": "Markers"}, False),
        ({"channel_format": "float32"}, False),
        ({"type": "attune-markers"}, False),
        ({"name": "speech-status"}, False),
    ],
)
def test_what_counts_as_a_status_stream(changes: dict[str, Any], is_one: bool) -> None:
    assert is_device_status(about(**changes)) is is_one


START_S = 500.0
RR = StreamInfo(
    stream_id=1, name=f"{TITLE} RR", type="RR", source_id="polar-h10-1a2b3c4d-rr", hostname="lab",
    channel_count=1, nominal_rate_hz=0.0, channel_format="double64",
)  # fmt: skip
ROLE = Binding(channel=0, key=StreamKey("C07", Modality.RR), unit="ms", scale=1.0, reason="test")


def chunks(stream_id: int, said: list[tuple[float, str]], cuts: set[int]) -> list[Chunk]:
    edges = sorted({0, len(said), *(cut for cut in cuts if cut < len(said))})
    return [
        Chunk(
            stream_id, START_S + np.array([t for t, _ in said[a:b]]), tuple((text,) for _, text in said[a:b])
        )
        for a, b in itertools.pairwise(edges)
    ]


def session(
    said: list[tuple[float, str]], cuts: set[int], *, status: bool = True
) -> tuple[list[Any], Pipeline]:
    """A minute of heart beats with a status stream beside it."""
    pipeline, out = Pipeline(), []
    pipeline.push(StreamOpened(RR, (ROLE,)))
    pipeline.push(ClockOffset(1, START_S, 0.0))
    if status:
        pipeline.push(StreamOpened(about(), ()))
        pipeline.push(ClockOffset(5, START_S, 0.0))
    for second in range(1, 61):
        now = float(second)
        pipeline.push(Chunk(1, np.array([START_S + now - 0.3]), np.array([[1000.0 + 10.0 * (second % 3)]])))
        if status:
            for chunk in chunks(5, [item for item in said if now - 1.0 <= item[0] < now], cuts):
                pipeline.push(chunk)
        out += pipeline.push(Tick(START_S + now, math.nan))
    return out + pipeline.finish(), pipeline


SAID = [
    (0.1, state("streaming")),
    (0.2, state("lost", "silent")),
    (0.3, state("streaming")),
    (10.0, event("battery", percent=9)),
    (10.0, "nonsense"),
    (30.5, state("lost", "not_found")),
    (40.5, state("streaming")),
]


@given(st.sets(st.integers(0, 8)))
def test_notices_do_not_depend_on_how_texts_were_cut(cuts: set[int]) -> None:
    whole, _ = session(SAID, set())
    cut, _ = session(SAID, cuts)
    assert repr(cut) == repr(whole)
    labels = [row.label for row in whole if isinstance(row, Notice) and row.label.startswith("device_")]
    assert labels == ["device_lost", "device_back", "device_battery", "device_lost"]


def test_a_status_stream_changes_no_number_and_does_not_begin_the_session() -> None:
    # Its first text is older than the first beat.
    with_it, pipeline = session([(0.0, state("searching")), *SAID], set())
    without, plain = session([], set(), status=False)
    assert pipeline.t0_s == plain.t0_s
    numbers = [row for row in with_it if not isinstance(row, Notice)]
    assert repr(numbers) == repr([row for row in without if not isinstance(row, Notice)])


def test_a_flood_of_texts_before_the_first_sample_takes_bounded_memory() -> None:
    pipeline = Pipeline()
    pipeline.push(StreamOpened(about(), ()))
    pipeline.push(ClockOffset(5, START_S, 0.0))
    for i in range(10_000):
        pipeline.push(Chunk(5, np.array([START_S + i * 1e-3]), ((state("searching"),),)))
    pipeline.push(Tick(START_S + 11.0, math.nan))
    (stream,) = pipeline.streams
    assert len(stream._pending) <= 4096
    assert pipeline.t0_s is None


def boarded(said: list[tuple[float, str]]) -> Board:
    board = Board()
    board.set_origin(START_S)
    board.note_event(StreamOpened(RR, (ROLE,)))
    board.note_event(StreamOpened(about(), ()))
    board.note_event(Chunk(1, np.array([START_S + 1.0]), np.array([[1000.0]])))
    for chunk in chunks(5, said, set()):
        board.note_event(chunk)
    board.note_event(Tick(START_S + 2.0, math.nan))
    return board


def test_trouble_stands_beside_every_stream_of_the_device() -> None:
    heart, status = boarded([(1.0, state("lost", "busy"))]).snapshot()["streams"]
    assert (
        heart["note"] == status["note"] == "lost, trying again: another program or phone holds it; end that"
    )


def test_a_device_without_trouble_says_so_beside_its_status_stream_only() -> None:
    heart, status = boarded([(1.0, state("streaming")), (1.1, event("battery", percent=80))]).snapshot()[
        "streams"
    ]
    assert (heart["note"], status["note"]) == ("", "streaming")


def test_a_status_stream_that_is_lost_says_nothing_of_its_device_any_more() -> None:
    board = boarded([(1.0, state("lost", "busy"))])
    board.note_event(StreamLost(5, START_S + 2.0, "the outlet is gone"))
    heart, status = board.snapshot()["streams"]
    assert (heart["note"], status["note"]) == ("", "the outlet is gone")


def test_a_status_stream_that_did_not_know_the_serial_number_is_known_by_name() -> None:
    board = boarded([(1.0, state("lost", "busy"))])
    for number, name, kind in ((7, TITLE, "ECG"), (8, f"{TITLE} ACC", "ACC"), (9, f"{TITLE}1", "ECG")):
        changes = {"name": name, "type": kind, "source_id": f"x-{number}-y", "channel_format": "float32"}
        board.note_event(StreamOpened(about(stream_id=number, **changes), ()))
    notes = {s["stream_id"]: bool(s["note"]) for s in board.snapshot()["streams"]}
    assert (notes[7], notes[8], notes[9]) == (True, True, False)


def test_streams_of_another_device_or_host_are_not_meant() -> None:
    board = boarded([(1.0, state("lost", "busy"))])
    for number, changes in ((7, {"source_id": "polar-h10-0000-rr"}), (8, {"hostname": "other"})):
        told_of = about(stream_id=number, name="X", channel_format="float32", **changes)
        board.note_event(StreamOpened(told_of, ()))
    notes = {s["stream_id"]: s["note"] for s in board.snapshot()["streams"]}
    assert notes[7] == notes[8] == ""


def sensed(states: dict[str, str]) -> str:
    """What a person's line says whose streams are in these states."""
    board = boarded([])
    snapshot = board.snapshot()
    plain = snapshot["streams"][0]
    role = plain["roles"][0]
    snapshot["streams"] = [
        {**plain, "stream_id": i, "state": state, "roles": [{**role, "modality": modality}]}
        for i, (modality, state) in enumerate(states.items())
    ]
    (person,) = people_of(snapshot)
    return sensor_line(person)


def test_a_spare_source_for_the_heart_is_not_missed_while_a_better_one_works() -> None:
    assert sensed({"ecg": "running", "rr": "silent", "hr": "silent", "eda": "running"}) == ""
    assert "RR" not in sensed({"ecg": "running", "rr": "silent", "eda": "lost"})
    assert sensed({"ecg": "silent", "rr": "running", "hr": "silent"}).startswith("one sensor lost: ECG")
    assert sensed({"ecg": "silent", "rr": "silent"}).startswith("both sensors lost")


def test_in_a_table_signals_come_first_and_what_is_only_recorded_last() -> None:
    streams = boarded([]).snapshot()["streams"]
    kinds = [("hr",), (), ("ecg",), ("rr",), ("eda",)]
    role = streams[0]["roles"][0]
    shown = in_table_order(
        [{**streams[0], "roles": [{**role, "modality": m} for m in measured]} for measured in kinds]
    )
    assert [[r["modality"] for r in s["roles"]] for s in shown] == [["ecg"], ["eda"], ["hr"], ["rr"], []]


def test_a_sparse_stream_that_is_only_recorded_has_no_refused_samples() -> None:
    _, pipeline = session([(5.0, state("streaming")), (55.0, state("lost", "busy"))], set())
    (report,) = (r for stream in pipeline.streams for r in reports_of(stream) if r.info.stream_id == 5)
    assert (report.n_samples, report.n_rejected) == (2, 0)


@pytest.mark.parametrize(
    ("state", "reason"),
    [("lost", "a_new_word"), ("stopped", None), ("waiting", None), ("searching", ["busy"])],
)
def test_an_old_reason_is_not_said_of_a_new_state(state: str, reason: object) -> None:
    device = DeviceState()
    device.take('{"event": "state", "state": "lost", "reason": "pairing"}')
    device.take(json.dumps({"event": "state", "state": state, "reason": reason}))
    assert (device.reason, device.words) == ("", STATE_WORDS[state])
