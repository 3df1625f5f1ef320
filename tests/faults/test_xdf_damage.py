"""Torn, flipped and hostile files cost what was hit, and nothing else."""

import io
import random
import struct
import tracemalloc

import numpy as np
import pytest

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.errors import RecordingError
from monitor.xdf.chunks import Tag, frame
from monitor.xdf.reader import read_events
from monitor.xdf.scanner import Damage
from monitor.xdf.source import FileSource
from monitor.xdf.writer import XdfWriter


def stream(number: int, channel_format: str, channels: int = 1) -> StreamOpened:
    info = StreamInfo(
        stream_id=number,
        name=f"S{number}",
        type="ECG",
        channel_count=channels,
        nominal_rate_hz=130.0,
        channel_format=channel_format,
    )
    return StreamOpened(info, ())


def session() -> list[Event]:
    events: list[Event] = [stream(1, "float32", 2), stream(2, "string"), stream(3, "int64")]
    for k in range(6):
        stamps = k + np.arange(3.0)
        events += [
            ClockOffset(1, float(k), 0.25),
            Chunk(1, stamps, np.full((3, 2), k, np.float32)),
            Chunk(2, stamps[:1], ((f"note {k} äöü",),)),
            Chunk(3, stamps, np.full((3, 1), k, np.int64)),
            Tick(float(k), 1e9 + k),
        ]
    return [*events, Annotation(3.0, "mark", "text")]


def record(events: list[Event]) -> tuple[bytes, list[int]]:
    """A recording, and where each event ends in it."""
    file = io.BytesIO()
    writer = XdfWriter(file)
    ends = []
    for k, event in enumerate(events):
        writer.write(event)
        ends.append(writer.bytes_written)
        if k % 5 == 4:
            writer.boundary()
    writer.footers()
    return file.getvalue(), ends


def read(raw: bytes) -> tuple[list[Event], list[Damage]]:
    damages: list[Damage] = []
    return list(read_events(io.BytesIO(raw), on_damage=damages.append)), damages


def plain(event: Event) -> object:
    if isinstance(event, Chunk):
        values = event.values.tobytes() if isinstance(event.values, np.ndarray) else event.values
        return event.stream_id, event.stamps.tobytes(), values
    return event


def test_cut_at_every_byte_all_whole_chunks_come_back() -> None:
    raw, ends = record(session())
    everything = [plain(event) for event in read(raw)[0]]
    for cut in range(4, len(raw)):
        events, damages = read(raw[:cut])
        n_whole = sum(end <= cut for end in ends)
        assert [plain(event) for event in events] == everything[:n_whole]
        assert sum(damage.lost_bytes for damage in damages) < 2000
        assert len(damages) <= 1


def test_zeros_behind_the_last_chunk_cost_nothing_but_themselves() -> None:
    raw, _ = record(session())
    events, damages = read(raw + bytes(5000))
    assert len(events) == len(session())
    assert [(damage.offset, damage.lost_bytes) for damage in damages] == [(len(raw), 5000)]


def test_a_damaged_length_costs_at_most_what_lies_before_the_next_boundary() -> None:
    events = session()
    raw, ends = record(events)
    hit = next(k for k, event in enumerate(events) if isinstance(event, Chunk) and k > 15)
    torn = bytearray(raw)
    torn[ends[hit - 1]] = 7
    back, damages = read(bytes(torn))
    assert len(damages) == 1
    assert damages[0].offset == ends[hit - 1]
    assert len(events) - 5 <= len(back) < len(events)


def test_a_number_of_samples_that_lies_costs_one_chunk() -> None:
    events = session()
    raw, ends = record(events)
    hit = next(k for k, event in enumerate(events) if isinstance(event, Chunk) and k > 15)
    torn = bytearray(raw)
    torn[ends[hit - 1] + 2 + 2 + 4 + 1] = 200
    back, damages = read(bytes(torn))
    assert len(back) == len(events) - 1
    assert [damage.lost_bytes for damage in damages] == [ends[hit] - ends[hit - 1]]


@pytest.mark.parametrize("change", [-9, -1, 1, 3, 40])
def test_a_length_that_lies_costs_nothing_beyond_the_next_boundary(change: int) -> None:
    events = session()
    raw, ends = record(events)
    hit = next(k for k, event in enumerate(events) if isinstance(event, Chunk) and k > 15)
    torn = bytearray(raw)
    torn[ends[hit - 1] + 1] += change
    back, damages = read(bytes(torn))
    intact, found = ([plain(event) for event in run] for run in (read(raw)[0], back))
    after = 5 * (hit // 5 + 1)
    assert found[-(len(events) - after) :] == intact[after:]
    assert found[:hit] == intact[:hit]
    assert [damage.offset for damage in damages] == [ends[hit - 1]]


def test_random_flips_never_raise_and_never_hang() -> None:
    raw, _ = record(session())
    rng = random.Random(1)
    for _ in range(250):
        torn = bytearray(raw)
        for _ in range(rng.choice((1, 1, 3, 20))):
            torn[rng.randrange(4, len(torn))] ^= 1 << rng.randrange(8)
        read(bytes(torn))
        try:
            for n, _event in enumerate(FileSource(io.BytesIO(bytes(torn)))):
                assert n < 200_000
        except RecordingError:
            pass


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_after_the_magic_never_raise(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(100):
        read(b"XDF:" + rng.randbytes(rng.randrange(300)))


HEADER = (
    "<info><name>x</name><type>t</type><channel_count>{n}</channel_count><nominal_srate>{rate}</nominal_srate>"
    "<channel_format>{fmt}</channel_format>{more}</info>"
)


def header(n: object = 1, rate: object = 1, fmt: str = "int8", more: str = "", *, before: str = "") -> bytes:
    xml = before + HEADER.format(n=n, rate=rate, fmt=fmt, more=more)
    return b"XDF:" + frame(Tag.STREAM_HEADER, struct.pack("<I", 1) + xml.encode())


@pytest.mark.parametrize(
    "raw",
    [
        header(n=-1),
        header(n=2_000_000_000),
        header(n="many"),
        header(n="9" * 5000),
        header(fmt="float128"),
        header(more="<a>" * 5000 + "</a>" * 5000),
        header(before='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'),
        header(more="<unclosed>"),
        header(more="<desc><attune><binding><channel>5</channel></binding></attune></desc>"),
    ],
)
def test_a_hostile_header_costs_its_stream_and_says_so(raw: bytes) -> None:
    good = io.BytesIO()
    writer = XdfWriter(good)
    writer.write(stream(2, "float32"))
    writer.write(Chunk(2, np.zeros(1), np.zeros((1, 1), np.float32)))
    events, damages = read(raw + good.getvalue()[4:])
    assert damages
    assert damages[0].offset == 4
    assert [type(event) for event in events] == [StreamOpened, Chunk]


@pytest.mark.parametrize("rate", ["NaN", "-5", "inf", "1e300", "fast", ""])
def test_a_rate_that_is_none_is_read_as_irregular(rate: str) -> None:
    events, _ = read(header(rate=rate))
    assert isinstance(events[0], StreamOpened)
    assert events[0].info.nominal_rate_hz == 0.0


@pytest.mark.parametrize("length", [2**62, 2**63 + 5, 2**31, 10**9])
@pytest.mark.parametrize("seekable", [True, False])
def test_an_absurd_length_takes_no_memory(length: int, seekable: bool) -> None:
    class File(io.BytesIO):
        def seekable(self) -> bool:
            return seekable

    raw = header() + b"\x08" + struct.pack("<QH", length, Tag.SAMPLES) + bytes(100)
    damages: list[Damage] = []
    tracemalloc.start()
    list(read_events(File(raw), on_damage=damages.append))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
    assert len(damages) == 1


def test_a_long_chunk_is_believed_only_if_its_samples_fill_it() -> None:
    body = struct.pack("<IBI", 1, 4, 3) + bytes(3 << 20)
    damages: list[Damage] = []
    raw = header() + frame(Tag.SAMPLES, body)
    assert len(list(read_events(io.BytesIO(raw), on_damage=damages.append))) == 1
    assert "3 samples do not fit" in damages[0].text


def test_unknown_streams_and_kinds_are_passed_over_and_counted() -> None:
    raw, _ = record(session())
    stranger = frame(Tag.SAMPLES, struct.pack("<IBI", 99, 4, 1) + bytes(20))
    unknown = struct.pack("<BBH", 1, 10, 77) + bytes(8)
    offset = frame(Tag.CLOCK_OFFSET, struct.pack("<Idd", 1, 5.0, 1.0))
    events, damages = read(raw + stranger * 3 + unknown + offset)
    assert len(events) == len(session()) + 1
    assert [(damage.lost_bytes, damage.text.split(" of ")[0]) for damage in damages] == [
        (12, "a chunk"),
        (3 * len(stranger), "3 chunks"),
    ]


def test_a_second_header_of_a_stream_is_not_believed() -> None:
    events, damages = read(header(fmt="int8") + header(fmt="int16")[4:])
    assert len(events) == 1
    assert "second header" in damages[0].text


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"", "is empty"), (b"RIFF1234", "at byte 0"), (b"\x1f\x8b0000", "gunzip"), (b"XD", "no XDF recording")],
)
def test_what_is_no_recording_is_refused_with_a_next_step(raw: bytes, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        list(read_events(io.BytesIO(raw)))


def test_a_file_with_nothing_but_its_header_holds_no_streams() -> None:
    file = io.BytesIO()
    XdfWriter(file)
    assert read(file.getvalue()) == ([], [])
    assert read(b"XDF:") == ([], [])
