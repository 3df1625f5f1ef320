"""XDF chunks to events, in file order."""

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, Samples, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, StreamInfo
from monitor.xdf.chunks import BOUNDARY_UUID, Tag
from monitor.xdf.header import own_kind, recorded_stream
from monitor.xdf.samples import ChunkError, Extent, SampleDecoder, decoder_of
from monitor.xdf.scanner import ChunkScanner, Damage, SampleSize
from monitor.xdf.xmltext import XmlError, decode

Made = TypeVar("Made", Chunk, Extent)

_U32 = struct.Struct("<I")
_OFFSET = struct.Struct("<Idd")
_TICK = struct.Struct("<BIBdd")


@dataclass(frozen=True, slots=True)
class RecordedStream:
    """A stream of a recording.

    Parameters
    ----------
    number : int
        Its number in the file.
    info : StreamInfo
        What its header declares.
    bindings : tuple of Binding
        Roles stored in the header.
    own : str
        ``ticks`` or ``events`` for the streams that attune itself writes; empty for all others.
    decoder : SampleDecoder
        Decodes its samples.
    """

    number: int
    info: StreamInfo
    bindings: tuple[Binding, ...]
    own: str
    decoder: SampleDecoder


class XdfReader:
    """Reads a recording chunk by chunk.

    Parameters
    ----------
    file : BinaryIO
        The file, at its beginning; it need not be seekable.
    on_damage : callable, optional
        Called with each `Damage`.

    Attributes
    ----------
    scanner : ChunkScanner
        Where in the file the last event came from.
    streams : dict of int to RecordedStream
        Streams whose headers were read so far.
    header_xml : str
        The file header; empty until it was read.
    footers : set of int
        Streams whose footers were read so far.
    """

    def __init__(self, file: BinaryIO, *, on_damage: Callable[[Damage], None] | None = None) -> None:
        self._report = on_damage or (lambda _: None)
        self.scanner = ChunkScanner(file, self._report)
        self.streams: dict[int, RecordedStream] = {}
        self.header_xml = ""
        self.footers: set[int] = set()
        self._strangers: dict[int, list[int]] = {}

    def events(self) -> Iterator[Event]:
        """Read to the end.

        Yields
        ------
        Event
            The events, in the order in which they stand in the file.

        Raises
        ------
        RecordingError
            If the file is empty or no XDF file.
        """
        return self._read(_chunk)

    def extents(self) -> Iterator[Event | Extent]:
        """Read to the end, checking everything, but for each chunk tell only its extent.

        Yields
        ------
        Event or Extent
            As `events`, with an extent in place of each chunk.

        Raises
        ------
        RecordingError
            If the file is empty or no XDF file.
        """
        return self._read(_extent)

    def _read(self, make: Callable[[RecordedStream, bytes, int, int], Made]) -> Iterator[Event | Made]:
        scanner, streams = self.scanner, self.streams
        for tag, start, stop in scanner:
            if tag != Tag.SAMPLES:
                event = self._other(tag, start, stop)
                if event is not None:
                    yield event
                continue
            data = scanner.data
            stream = streams.get(_U32.unpack_from(data, start)[0]) if stop - start > 5 else None
            if stream is None:
                self._stranger(start, stop)
                continue
            try:
                if not stream.own:
                    yield make(stream, data, start + 4, stop)
                elif stop - start == 26 and stream.own == "ticks":
                    yield _tick(data, start + 4)
                else:
                    yield from _own_events(stream, *stream.decoder.decode(data, start + 4, stop))
            except ChunkError as error:
                scanner.reject(f"stream {stream.info.title!r}: {error}")
        for number, (offset, n_chunks, n_bytes) in self._strangers.items():
            text = f"{n_chunks} chunks of stream {number}, which has no readable header"
            self._report(Damage(offset, n_bytes, text))

    def headers(self) -> Iterator[StreamOpened]:
        """Read the stream headers only, and pass over the samples without looking at them.

        Yields
        ------
        StreamOpened
            The streams, those that attune itself writes left out.
        """
        for tag, start, stop in self.scanner:
            if tag == Tag.STREAM_HEADER:
                opened = self._header(start, stop)
                if opened is not None:
                    yield opened

    def _other(self, tag: int, start: int, stop: int) -> Event | None:
        """Read a chunk that holds no samples."""
        data = self.scanner.data
        if tag == Tag.BOUNDARY:
            if data[start:stop] != BOUNDARY_UUID:
                self.scanner.reject("a damaged boundary")
        elif tag == Tag.CLOCK_OFFSET:
            return self._offset(start, stop)
        elif tag == Tag.STREAM_HEADER:
            return self._header(start, stop)
        elif tag == Tag.FILE_HEADER:
            self.header_xml = self.header_xml or decode(data[start:stop])
        elif tag == Tag.STREAM_FOOTER and stop - start >= 4:
            self.footers.add(_U32.unpack_from(data, start)[0])
        else:
            self.scanner.reject(f"a chunk of unknown kind {tag}")
        return None

    def _offset(self, start: int, stop: int) -> ClockOffset | None:
        if stop - start != _OFFSET.size:
            self.scanner.reject("a damaged clock offset")
            return None
        number, collected_s, offset_s = _OFFSET.unpack_from(self.scanner.data, start)
        stream = self.streams.get(number)
        if stream is None:
            self._stranger(start, stop)
        return None if stream is None or stream.own else ClockOffset(number, collected_s, offset_s)

    def _header(self, start: int, stop: int) -> StreamOpened | None:
        scanner = self.scanner
        if stop - start < 5:
            scanner.reject("a stream header without text")
            return None
        number = _U32.unpack_from(scanner.data, start)[0]
        if number in self.streams:
            scanner.reject(f"a second header of stream {number}; the first one counts")
            return None
        xml = decode(scanner.data[start + 4 : stop])
        try:
            info, bindings = recorded_stream(xml, number)
        except XmlError as error:
            scanner.reject(f"header of stream {number}: {error}")
            scanner.sizes.setdefault(number, SampleSize(0, 0))
            return None
        stream = RecordedStream(number, info, bindings, own_kind(xml), decoder_of(info))
        self.streams[number] = stream
        scanner.sizes[number] = stream.decoder.size
        return None if stream.own else StreamOpened(info, bindings)

    def _stranger(self, start: int, stop: int) -> None:
        """Leave out a chunk of a stream whose header was lost, but count it."""
        if stop - start < 4:
            self.scanner.reject("a chunk without a stream")
            return
        number = _U32.unpack_from(self.scanner.data, start)[0]
        if len(self._strangers) >= 1000 and number not in self._strangers:
            self.scanner.reject(f"a chunk of stream {number}, which has no readable header")
            return
        tally = self._strangers.setdefault(number, [self.scanner.offset, 0, 0])
        tally[1] += 1
        tally[2] += self.scanner.end - self.scanner.offset


def _chunk(stream: RecordedStream, data: bytes, start: int, stop: int) -> Chunk:
    return Chunk(stream.number, *stream.decoder.decode(data, start, stop))


def _extent(stream: RecordedStream, data: bytes, start: int, stop: int) -> Extent:
    return Extent(stream.number, *stream.decoder.measure(data, start, stop))


def _tick(data: bytes, start: int) -> Tick:
    width, n, stamp_bytes, now_s, utc_s = _TICK.unpack_from(data, start)
    if (width, n, stamp_bytes) != (4, 1, 8):
        raise ChunkError("a damaged tick")
    return Tick(now_s, utc_s)


def _own_events(stream: RecordedStream, stamps: NDArray[np.float64], values: Samples) -> Iterator[Event]:
    """Turn samples of the streams that attune itself writes back into events."""
    if stream.own == "ticks" and isinstance(values, np.ndarray) and values.shape[1] == 1:
        for now_s, utc_s in zip(stamps.tolist(), values[:, 0].tolist(), strict=True):
            yield Tick(now_s, float(utc_s))
    elif stream.own == "events" and isinstance(values, tuple):
        for at_s, row in zip(stamps.tolist(), values, strict=True):
            yield _note(at_s, row)


def _note(at_s: float, row: tuple[str, ...]) -> Event:
    try:
        record = json.loads(row[0])
        kind = record["event"]
        if kind == "stream_lost":
            return StreamLost(int(record["stream"]), at_s, str(record["reason"]))
        if kind == "annotation":
            return Annotation(at_s, str(record["label"]), str(record["text"]))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise ChunkError(f"a note that cannot be read: {error!r}") from error
    raise ChunkError(f"a note of unknown kind {kind!r}")


def read_events(file: BinaryIO, *, on_damage: Callable[[Damage], None] | None = None) -> Iterator[Event]:
    """Read a recording in file order, past damaged places.

    Memory stays bounded, except that a chunk is held as a whole.

    Parameters
    ----------
    file : BinaryIO
        The file, at its beginning; it need not be seekable.
    on_damage : callable, optional
        Called with each `Damage`: a chunk that contradicts itself costs that chunk, or everything up to
        the next boundary when its length cannot be believed.

    Returns
    -------
    iterator of Event
        The events. Raw stamps, values in the stream's own type.

    Raises
    ------
    RecordingError
        If the file is empty or no XDF file.
    """
    return XdfReader(file, on_damage=on_damage).events()
