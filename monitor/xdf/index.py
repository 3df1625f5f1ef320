"""Where the samples of each stream lie in a recording, and when they were taken."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from monitor.core.events import Annotation, ClockOffset, StreamLost, StreamOpened
from monitor.xdf.reader import RecordedStream, XdfReader
from monitor.xdf.samples import Extent
from monitor.xdf.scanner import Damage

Floats = NDArray[np.float64]


@dataclass(slots=True)
class StreamIndex:
    """The chunks of one stream in file order; a number per column and chunk, so that a day fits into memory.

    Parameters
    ----------
    stream : RecordedStream
        The stream.
    starts, stops : array of int
        File offsets of the number of samples of each chunk, and after its end.
    firsts, lasts : array of float
        Raw stamps of its first and last sample in seconds.
    counts : array of int
        Number of its samples.
    places : array of int
        Number of chunks before each clock offset.
    collected, offsets : array of float
        The clock offsets: when collected on the sender's clock, and value, in seconds.
    """

    stream: RecordedStream
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    stops: "array[int]" = field(default_factory=lambda: array("q"))
    firsts: "array[float]" = field(default_factory=lambda: array("d"))
    lasts: "array[float]" = field(default_factory=lambda: array("d"))
    counts: "array[int]" = field(default_factory=lambda: array("q"))
    places: "array[int]" = field(default_factory=lambda: array("q"))
    collected: "array[float]" = field(default_factory=lambda: array("d"))
    offsets: "array[float]" = field(default_factory=lambda: array("d"))

    @property
    def n_samples(self) -> int:
        """Number of samples of the stream."""
        return sum(self.counts)


@dataclass(slots=True)
class RecordingIndex:
    """What a first pass over a recording finds.

    Parameters
    ----------
    streams : dict of int to StreamIndex
        The streams in the order of their headers.
    notes : list of event
        What the recording application noted.
    header_xml : str
        The file header.
    has_ticks : bool
        Whether the recording holds the ticks of a live run; then the pass stops there and the rest is empty.
    """

    streams: dict[int, StreamIndex]
    notes: list[Annotation | StreamLost]
    header_xml: str = ""
    has_ticks: bool = False


def build_index(file: BinaryIO, on_damage: Callable[[Damage], None]) -> RecordingIndex:
    """Pass once over a recording.

    Parameters
    ----------
    file : BinaryIO
        The file, at its beginning.
    on_damage : callable
        Called with each `Damage`.

    Returns
    -------
    RecordingIndex
        Where everything is.

    Raises
    ------
    RecordingError
        If the file is empty or no XDF file.
    """
    reader = XdfReader(file, on_damage=on_damage)
    index = RecordingIndex({}, [])
    for event in reader.extents():
        if isinstance(event, Extent):
            if event.n_samples:
                _add_chunk(index.streams[event.stream_id], event, *reader.scanner.content)
        elif isinstance(event, StreamOpened):
            number = event.info.stream_id
            index.streams[number] = StreamIndex(reader.streams[number])
        elif isinstance(event, ClockOffset):
            found = index.streams[event.stream_id]
            found.places.append(len(found.starts))
            found.collected.append(event.collected_s)
            found.offsets.append(event.offset_s)
        elif isinstance(event, Annotation | StreamLost):
            index.notes.append(event)
        else:
            index.has_ticks = True
            break
    index.header_xml = reader.header_xml
    return index


def _add_chunk(index: StreamIndex, extent: Extent, start: int, stop: int) -> None:
    index.starts.append(start + 4)
    index.stops.append(stop)
    index.firsts.append(extent.first_s)
    index.lasts.append(extent.last_s)
    index.counts.append(extent.n_samples)


class ChunkStore:
    """Fetches the chunks of one stream from a file, a block at a time.

    Parameters
    ----------
    file : BinaryIO
        A seekable file.
    base : int
        Position in `file` at which the recording begins.
    """

    _BLOCK = 1 << 16

    def __init__(self, file: BinaryIO, base: int) -> None:
        self._file = file
        self._base = base
        self._first = 0
        self._data = b""

    def fetch(self, start: int, stop: int) -> tuple[bytes, int, int]:
        """Get bytes of the recording.

        Parameters
        ----------
        start, stop : int
            File offsets.

        Returns
        -------
        data : bytes
            Bytes that hold the range, if the file still does.
        start, stop : int
            The range as indices into `data`.
        """
        if not self._first <= start <= stop <= self._first + len(self._data):
            self._file.seek(self._base + start)
            self._data = self._file.read(max(stop - start, self._BLOCK))
            self._first = start
        return self._data, start - self._first, stop - self._first
