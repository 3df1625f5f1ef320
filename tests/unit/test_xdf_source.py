"""Recordings of other programs: merged by time, with ticks, without mixing clocks."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.errors import RecordingError
from monitor.xdf.source import FileSource
from monitor.xdf.writer import XdfWriter

ROLE = Binding(channel=0, key=StreamKey("C07", Modality.ECG), unit="uV", scale=1.0, reason="type ECG")


def stream(number: int, channel_format: str = "float32", *bindings: Binding) -> StreamOpened:
    info = StreamInfo(
        stream_id=number,
        name=f"S{number}",
        type="ECG",
        channel_count=1,
        nominal_rate_hz=10.0,
        channel_format=channel_format,
    )
    return StreamOpened(info, bindings)


def chunk(number: int, stamps: Sequence[float] | np.ndarray) -> Chunk:
    stamps = np.asarray(stamps, np.float64)
    return Chunk(number, stamps, np.arange(stamps.size, dtype=np.float32)[:, None])


def source(events: list[Event], *, when: str = "2026-11-22T10:00:00+0000", tick_s: float = 1.0) -> FileSource:
    file = io.BytesIO()
    writer = XdfWriter(file, header={"datetime": when})
    for event in events:
        writer.write(event)
    return FileSource(io.BytesIO(file.getvalue()), tick_s=tick_s)


def assert_no_tick_precedes_an_older_sample(
    events: list[Event], shift: dict[int, float] | None = None
) -> None:
    now_s = -np.inf
    for event in events:
        if isinstance(event, Tick):
            assert event.now_s > now_s
            now_s = event.now_s
        elif isinstance(event, Chunk):
            times = event.stamps + (shift or {}).get(event.stream_id, 0.0)
            assert times.min() >= now_s
            assert times.max() < now_s + 1.0 or now_s == -np.inf


def stamps_of(events: list[Event], number: int) -> np.ndarray:
    return np.concatenate([e.stamps for e in events if isinstance(e, Chunk) and e.stream_id == number])


def test_streams_stored_one_after_the_other_come_merged_by_time() -> None:
    first, second = np.arange(0.0, 300.0, 0.1), np.arange(100.0, 200.0, 0.1)
    found = source([stream(1), stream(2), chunk(1, first), chunk(2, second)])
    events = list(found)
    assert found.made_ticks
    assert_no_tick_precedes_an_older_sample(events)
    assert np.array_equal(stamps_of(events, 1), first)
    assert np.array_equal(stamps_of(events, 2), second)
    opened = [e.info.stream_id if isinstance(e, StreamOpened) else None for e in events].index(2)
    ticks = [e.now_s for e in events[:opened] if isinstance(e, Tick)]
    assert ticks[-1] == 100.0


def test_clocks_are_corrected_before_streams_are_merged() -> None:
    events: list[Event] = [stream(1), stream(2)]
    for k in range(0, 60, 5):
        stamps = k + np.arange(0.0, 5.0, 0.1)
        events += [ClockOffset(1, float(k), 0.0), ClockOffset(2, k + 5000.0, -5000.0)]
        events += [chunk(1, stamps), chunk(2, stamps + 5000.0)]
    found = source(events)
    back = list(found)
    assert [group.stream_ids for group in found.clock_groups] == [(1, 2)]
    assert_no_tick_precedes_an_older_sample(back, {2: -5000.0})
    offsets = [e for e in back if isinstance(e, ClockOffset)]
    assert len(offsets) == 24
    kinds = [type(e) for e in back if not isinstance(e, Tick) and getattr(e, "stream_id", 2) == 2]
    assert kinds.index(ClockOffset) < kinds.index(Chunk)


@pytest.mark.parametrize("offset_first", [True, False])
def test_a_reset_of_the_senders_clock_keeps_its_place(offset_first: bool) -> None:
    events: list[Event] = [stream(1), stream(2)]
    for k in range(0, 120, 5):
        stamps, jump = k + np.arange(0.0, 5.0, 0.1), 4000.0 if k < 60 else -20.0
        offset, samples = ClockOffset(2, k + jump, -jump), chunk(2, stamps + jump)
        events += [ClockOffset(1, float(k), 0.0), chunk(1, stamps)]
        events += [offset, samples] if offset_first else [samples, offset]
    back = list(source(events))
    order = [(e.stream_id, e.stamps[0]) for e in back if isinstance(e, Chunk)]
    now_s = 0.0
    for event in back:
        if isinstance(event, Tick):
            now_s = event.now_s
        elif isinstance(event, Chunk):
            jump = {1: 0.0}.get(event.stream_id, 4000.0 if event.stamps[0] > 3000.0 else -20.0)
            assert event.stamps[0] - jump >= now_s
    assert len(order) > 200


def test_ticks_go_on_ten_seconds_after_the_last_sample_on_one_grid() -> None:
    ticks = [e for e in source([stream(1), chunk(1, [5.5, 6.0, 7.2])]) if isinstance(e, Tick)]
    assert [tick.now_s for tick in ticks] == [5.5 + k for k in range(1, 13)]
    assert ticks[0].utc_s == pytest.approx(1795341600.0 + 1.0)


@pytest.mark.parametrize("when", ["", "2026-11-22T10:00:00", "yesterday"])
def test_a_header_without_a_time_zone_gives_no_universal_time(when: str) -> None:
    found = source([stream(1), chunk(1, [0.0])], when=when)
    assert found.t0_utc is None
    assert all(np.isnan(e.utc_s) for e in found if isinstance(e, Tick))


def test_a_stream_in_seconds_of_1970_is_not_merged_in_silence() -> None:
    stamps = np.arange(0.0, 60.0, 0.1)
    found = source([stream(1), stream(2), chunk(1, stamps + 5000.0), chunk(2, stamps[:100] + 1.7e9)])
    events = list(found)
    assert [group.stream_ids for group in found.clock_groups] == [(1,), (2,)]
    notes = [e for e in events if isinstance(e, Annotation)]
    assert [note.label for note in notes] == ["clock_disagrees"]
    assert "S2" in notes[0].text
    assert not any(getattr(e, "stream_id", 1) == 2 for e in events)
    assert len(found.streams) == 2
    assert sum(isinstance(e, Tick) for e in events) == 70


def test_verified_streams_that_never_overlap_still_share_the_clock() -> None:
    events: list[Event] = [stream(1), stream(2)]
    for number, start_s in ((1, 100.0), (2, 900.0)):
        events += [ClockOffset(number, start_s, 0.0), chunk(number, start_s + np.arange(0.0, 60.0, 0.1))]
    found = source(events)
    assert [group.stream_ids for group in found.clock_groups] == [(1, 2)]
    assert len(stamps_of(list(found), 2)) == 600


@pytest.mark.parametrize("wild", [np.nan, np.inf, 1e9, -1e9, 200_000.0])
def test_a_wild_stamp_does_not_hold_up_its_stream(wild: float) -> None:
    events: list[Event] = [stream(1)]
    for k in range(40):
        stamps = k + np.arange(0.0, 1.0, 0.1)
        stamps[[0, 5, 9][k % 3]] = wild if k in (10, 20, 27) else stamps[[0, 5, 9][k % 3]]
        events.append(chunk(1, stamps))
    now_s, n_ticks = -1.0, 0
    for event in source(events):
        if isinstance(event, Tick):
            now_s, n_ticks = event.now_s, n_ticks + 1
        elif isinstance(event, Chunk):
            sane = event.stamps[np.isfinite(event.stamps) & (np.abs(event.stamps) < 1000.0)]
            assert (sane >= now_s - 1.0).all()
            assert (sane < now_s + 3.0).all()
    assert n_ticks == 50


def test_notes_and_empty_streams_keep_their_place() -> None:
    lost, mark = StreamLost(1, 3.5, "gone"), Annotation(1.5, "mark", "text")
    events = list(source([stream(1), stream(2, "string"), chunk(1, np.arange(0.0, 6.0, 0.1)), lost, mark]))
    assert isinstance(events[0], StreamOpened)
    assert isinstance(events[1], StreamOpened | Chunk)
    for note, before_s in ((lost, 3.0), (mark, 1.0)):
        ticks = [e.now_s for e in events[: events.index(note)] if isinstance(e, Tick)]
        # Notes stay in the order in which they were made.
        assert max(ticks) >= before_s


def test_the_same_file_gives_the_same_events_each_time() -> None:
    found = source(
        [stream(1), stream(2), chunk(2, np.arange(0.0, 9.0, 0.3)), chunk(1, np.arange(0.0, 9.0, 0.2))]
    )
    once, twice = ([str(e) for e in found] for _ in range(2))
    assert once == twice


def test_roles_are_stored_and_can_be_replaced() -> None:
    file = io.BytesIO()
    writer = XdfWriter(file)
    for event in (stream(1, "float32", ROLE), Tick(0.0, 0.0), chunk(1, [0.0])):
        writer.write(event)
    stored = next(iter(FileSource(io.BytesIO(file.getvalue()))))
    replaced = next(iter(FileSource(io.BytesIO(file.getvalue()), assign=lambda info: ())))
    assert isinstance(stored, StreamOpened)
    assert isinstance(replaced, StreamOpened)
    assert stored.bindings == (ROLE,)
    assert replaced.bindings == ()


def test_a_session_of_years_is_refused() -> None:
    chunks = [chunk(1, [at_s]) for at_s in np.arange(0.0, 4e7, 20_000.0)]
    with pytest.raises(RecordingError, match="no session"):
        source([stream(1), *chunks])


def test_a_chunk_that_holds_eight_hours_is_believed() -> None:
    stamps = np.arange(0.0, 8 * 3600.0, 0.1)
    events = list(source([stream(1), chunk(1, stamps)]))
    assert_no_tick_precedes_an_older_sample(events)
    assert np.array_equal(stamps_of(events, 1), stamps)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be opened"):
        FileSource(tmp_path / "none.xdf")
