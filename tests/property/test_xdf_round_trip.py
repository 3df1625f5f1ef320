"""Whatever happens in a session can be written and comes back as it was."""

import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, ChannelInfo, Modality, StreamInfo, StreamKey
from monitor.xdf.reader import read_events
from monitor.xdf.source import FileSource
from monitor.xdf.writer import XdfWriter

DTYPES = {"float32": "f4", "double64": "f8", "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8"}
FORMATS = [*DTYPES, "string"]
seconds = st.floats(allow_nan=True, allow_infinity=True, width=64)
text = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)
xml_text = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\t\n\r<>&\"'"), max_size=20
)


@st.composite
def bindings(draw: st.DrawFn, n_channels: int) -> Binding:
    return Binding(
        channel=draw(st.integers(0, n_channels - 1)),
        key=StreamKey(draw(xml_text), draw(st.sampled_from(Modality))),
        unit=draw(xml_text),
        scale=draw(st.floats(allow_nan=False)),
        reason=draw(xml_text),
    )


@st.composite
def openings(draw: st.DrawFn, number: int) -> StreamOpened:
    n = draw(st.integers(1, 3))
    channel = st.builds(ChannelInfo, label=xml_text, unit=xml_text, type=xml_text)
    info = StreamInfo(
        stream_id=number,
        name=draw(xml_text),
        type=draw(xml_text),
        source_id=draw(xml_text),
        hostname=draw(xml_text),
        uid=draw(xml_text),
        channel_count=n,
        nominal_rate_hz=draw(st.just(0.0) | st.floats(1e-3, 1e6)),
        channel_format=draw(st.sampled_from(FORMATS)),
        channels=draw(st.just(()) | st.lists(channel, min_size=n, max_size=n).map(tuple)),
    )
    return StreamOpened(info, draw(st.lists(bindings(n), max_size=2).map(tuple)))


@st.composite
def chunks(draw: st.DrawFn, info: StreamInfo) -> Chunk:
    n = draw(st.integers(1, 5))
    stamps = np.array(draw(st.lists(seconds, min_size=n, max_size=n)))
    if info.channel_format == "string":
        row = st.lists(text, min_size=info.channel_count, max_size=info.channel_count).map(tuple)
        return Chunk(info.stream_id, stamps, tuple(draw(st.lists(row, min_size=n, max_size=n))))
    raw = draw(st.binary(min_size=64 * 8, max_size=64 * 8))
    values = np.frombuffer(raw, DTYPES[info.channel_format])[: n * info.channel_count]
    return Chunk(info.stream_id, stamps, values.reshape(n, info.channel_count))


@st.composite
def sessions(draw: st.DrawFn) -> list[Event]:
    opened = [draw(openings(number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    events: list[Event] = []
    for opening in opened:
        info = opening.info
        one = st.one_of(
            chunks(info),
            st.builds(ClockOffset, st.just(info.stream_id), seconds, seconds),
            st.builds(Tick, seconds, seconds),
            st.builds(StreamLost, st.integers(0, 9), seconds, text),
            st.builds(Annotation, seconds, text, text),
        )
        events += [opening, *draw(st.lists(one, max_size=6))]
    return events


def record(events: list[Event], boundary_every: int = 3) -> bytes:
    file = io.BytesIO()
    writer = XdfWriter(file)
    for k, event in enumerate(events):
        writer.write(event)
        if k % boundary_every == 0:
            writer.boundary()
    writer.footers()
    assert writer.bytes_written == len(file.getvalue())
    return file.getvalue()


def plain(event: Event) -> tuple[object, ...]:
    """An event as bytes and values that compare bit by bit; the header's text is not part of it."""
    if isinstance(event, Chunk):
        values = event.values
        shape = (
            (values.dtype.str, values.shape, values.tobytes()) if isinstance(values, np.ndarray) else values
        )
        return "chunk", event.stream_id, event.stamps.tobytes(), shape
    if isinstance(event, StreamOpened):
        i = event.info
        return (
            "opened", i.stream_id, i.name, i.type, i.source_id, i.hostname, i.uid, i.channel_count,
            i.nominal_rate_hz, i.channel_format, i.channels, event.bindings,
        )  # fmt: skip
    fields = [getattr(event, name) for name in event.__slots__]
    return (type(event), *(np.float64(f).tobytes() if isinstance(f, float) else f for f in fields))


@settings(max_examples=25)
@given(sessions())
def test_every_event_of_a_session_comes_back_in_order_and_bit_by_bit(events: list[Event]) -> None:
    damages: list[object] = []
    back = list(read_events(io.BytesIO(record(events)), on_damage=damages.append))
    assert not damages
    assert [plain(event) for event in back] == [plain(event) for event in events]


@settings(max_examples=25)
@given(sessions())
def test_a_recording_with_ticks_is_replayed_as_it_was_seen(events: list[Event]) -> None:
    events = [Tick(1.0, 2.0), *events]
    source = FileSource(io.BytesIO(record(events)))
    assert not source.made_ticks
    for _ in range(2):
        assert [plain(event) for event in source] == [plain(event) for event in events]
    assert [info.stream_id for info in source.streams] == [
        event.info.stream_id for event in events if isinstance(event, StreamOpened)
    ]


@settings(max_examples=25)
@given(sessions(), st.integers(1, 7))
def test_the_pieces_in_which_a_file_is_read_do_not_matter(events: list[Event], size: int) -> None:
    raw = record(events)

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def read(self, n: int | None = -1) -> bytes:
            return super().read(size)

    back = list(read_events(Pipe(raw)))
    assert [plain(event) for event in back] == [plain(event) for event in events]


@settings(max_examples=25)
@given(sessions())
def test_recording_what_was_read_changes_nothing(events: list[Event]) -> None:
    once = list(read_events(io.BytesIO(record(events))))
    twice = list(read_events(io.BytesIO(record(once))))
    assert [plain(event) for event in twice] == [plain(event) for event in once]
    headers = [[e.info.xml for e in run if isinstance(e, StreamOpened)] for run in (once, twice)]
    assert headers[0] == headers[1]
