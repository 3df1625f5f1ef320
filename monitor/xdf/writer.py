"""Events to XDF chunks, one write per chunk."""

import json
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

import numpy as np

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.errors import RecordingError
from monitor.xdf.chunks import (
    BOUNDARY_UUID,
    EVENTS_NAME,
    MAGIC,
    TICKS_NAME,
    Tag,
    encode_numbers,
    encode_strings,
    frame,
    sample_dtype,
)
from monitor.xdf.footer import StreamTotals, footer_xml
from monitor.xdf.header import recorded_xml
from monitor.xdf.xmltext import append_text, serialise

TICKS_ID: Final = 4294967294
"""Number of the tick stream in the file."""

EVENTS_ID: Final = 4294967295
"""Number of the event stream in the file."""

_TICK = struct.Struct("<BBHIBIBdd")
_TICK_LENGTH = _TICK.size - 2
_OFFSET = struct.Struct("<BBHIdd")
_OFFSET_LENGTH = _OFFSET.size - 2
_BOUNDARY = frame(Tag.BOUNDARY, BOUNDARY_UUID)


def _own_stream(stream_id: int) -> StreamInfo:
    """Describe a stream in which attune records what is no stream."""
    ticks = stream_id == TICKS_ID
    return StreamInfo(
        stream_id=stream_id,
        name=TICKS_NAME if ticks else EVENTS_NAME,
        type=TICKS_NAME if ticks else "Markers",
        channel_count=1,
        nominal_rate_hz=0.0,
        channel_format="double64" if ticks else "string",
    )


def _file_header(header: Mapping[str, str]) -> bytes:
    root = Element("info")
    fields = {"version": "1.0", "datetime": datetime.now(tz=UTC).astimezone().strftime("%Y-%m-%dT%H:%M:%S%z")}
    for tag, text in (fields | dict(header)).items():
        append_text(root, tag, text)
    return frame(Tag.FILE_HEADER, serialise(root).encode())


class XdfWriter:
    """Writes events as an XDF 1.0 file, in the order in which they come.

    Every chunk is one ``file.write`` of a whole chunk. Counters change only after a write has succeeded:
    after a failed write, cut the file to `bytes_written` and write the same event again.

    Parameters
    ----------
    file : BinaryIO
        Where to; only ``write`` is used. Magic and file header are written at once.
    header : mapping of str to str, optional
        More elements for the file header; keys are element names. ``datetime`` replaces the present time.

    Attributes
    ----------
    bytes_written : int
        Length of all whole chunks written.
    n_samples : dict of int to int
        Samples written per stream number, the streams of attune itself included.
    """

    def __init__(self, file: BinaryIO, *, header: Mapping[str, str] | None = None) -> None:
        self._file = file
        self._totals: dict[int, StreamTotals] = {}
        self._layouts: dict[int, np.dtype[np.void] | None] = {}
        self.bytes_written = 0
        self.n_samples: dict[int, int] = {}
        self._put(MAGIC + _file_header(header or {}))

    def _put(self, chunk: bytes) -> None:
        written = self._file.write(chunk)
        if written != len(chunk):
            raise RecordingError(
                f"The recording took only {written} of {len(chunk)} bytes. "
                "Check the disk, then continue in a new recording."
            )
        self.bytes_written += written

    def write(self, event: Event) -> None:
        """Write one event.

        Parameters
        ----------
        event : Event
            Any event. A chunk without samples leaves no trace.

        Raises
        ------
        ValueError
            If a stream was not opened before, or opened twice, or the shape of the values does not fit it.
        RecordingError
            If the file took only a part of the chunk.
        """
        if isinstance(event, Chunk):
            self._write_samples(event)
        elif isinstance(event, Tick):
            self._write_tick(event)
        elif isinstance(event, ClockOffset):
            self._write_offset(event)
        elif isinstance(event, StreamOpened):
            self._open(event.info, recorded_xml(event.info, event.bindings))
        elif isinstance(event, StreamLost):
            record = {"event": "stream_lost", "stream": event.stream_id, "reason": event.reason}
            self._write_note(event.at_s, record)
        else:
            self._write_annotation(event)

    def _open(self, info: StreamInfo, xml: str) -> None:
        number = info.stream_id
        if number in self._totals:
            raise ValueError(f"stream {number} was opened twice")
        if not 0 <= number <= EVENTS_ID:
            raise ValueError(f"stream number {number} does not fit into 32 bits")
        text = info.channel_format == "string"
        layout = None if text else sample_dtype(info.channel_format, info.channel_count)
        self._put(frame(Tag.STREAM_HEADER, struct.pack("<I", number) + xml.encode()))
        self._layouts[number] = layout
        self._totals[number] = StreamTotals()
        self.n_samples[number] = 0

    def _open_own(self, number: int, kind: str) -> StreamTotals:
        if number not in self._totals:
            info = _own_stream(number)
            self._open(info, recorded_xml(info, own=kind))
            # Readers that align clocks expect an offset in every stream; these are on the monitor's clock.
            self._write_offset(ClockOffset(number, 0.0, 0.0))
        return self._totals[number]

    def _count(self, number: int, first_s: float, last_s: float, n: int) -> None:
        totals = self._totals[number]
        if not totals.n_samples:
            totals.first_s = first_s
        totals.last_s = last_s
        totals.n_samples += n
        self.n_samples[number] = totals.n_samples

    def _write_samples(self, chunk: Chunk) -> None:
        number, stamps, values = chunk.stream_id, chunk.stamps, chunk.values
        if number not in self._totals:
            raise ValueError(f"samples of stream {number}, which was not opened")
        n = len(stamps)
        if not n:
            return
        layout = self._layouts[number]
        if layout is None:
            if not isinstance(values, tuple):
                raise ValueError(f"numbers for stream {number}, which holds strings")
            content = encode_strings(number, stamps, values)
        else:
            if np.shape(values) != (n, *layout["values"].shape):
                raise ValueError(f"values of shape {np.shape(values)} for {n} samples of stream {number}")
            content = encode_numbers(number, stamps, values, layout)
        self._put(frame(Tag.SAMPLES, content))
        self._count(number, float(stamps[0]), float(stamps[-1]), n)

    def _write_tick(self, tick: Tick) -> None:
        self._open_own(TICKS_ID, "ticks")
        self._put(_TICK.pack(1, _TICK_LENGTH, Tag.SAMPLES, TICKS_ID, 4, 1, 8, tick.now_s, tick.utc_s))
        self._count(TICKS_ID, tick.now_s, tick.now_s, 1)

    def _write_offset(self, offset: ClockOffset) -> None:
        number = offset.stream_id
        if number not in self._totals:
            raise ValueError(f"clock offset of stream {number}, which was not opened")
        values = (offset.collected_s, offset.offset_s)
        self._put(_OFFSET.pack(1, _OFFSET_LENGTH, Tag.CLOCK_OFFSET, number, *values))
        self._totals[number].offsets.append(values)

    def _write_annotation(self, note: Annotation) -> None:
        self._write_note(note.at_s, {"event": "annotation", "label": note.label, "text": note.text})

    def _write_note(self, at_s: float, record: Mapping[str, object]) -> None:
        self._open_own(EVENTS_ID, "events")
        content = encode_strings(EVENTS_ID, np.array([at_s]), ((json.dumps(record),),))
        self._put(frame(Tag.SAMPLES, content))
        self._count(EVENTS_ID, at_s, at_s, 1)

    def boundary(self) -> None:
        """Write a boundary: a reader that lost its place in damaged bytes goes on from here."""
        self._put(_BOUNDARY)

    def footers(self) -> None:
        """Write the footer of every stream; nothing may be written after."""
        for number, totals in self._totals.items():
            content = struct.pack("<I", number) + footer_xml(totals).encode()
            self._put(frame(Tag.STREAM_FOOTER, content))
