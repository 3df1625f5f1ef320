"""Cuts a file into XDF chunks, and finds its place again after damaged bytes."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from monitor.errors import RecordingError
from monitor.xdf.chunks import BOUNDARY_UUID, MAGIC, Tag
from monitor.xdf.xmltext import MAX_BYTES

_BLOCK: Final = 1 << 20
_MAX_UNSEEKABLE: Final = 64 << 20
_HEAD: Final = 24
_XML_TAGS = (Tag.FILE_HEADER, Tag.STREAM_HEADER, Tag.STREAM_FOOTER)
_LENGTHS = {4: struct.Struct("<I"), 8: struct.Struct("<Q")}
_U32 = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of a recording that cannot be read.

    Parameters
    ----------
    offset : int
        First byte concerned.
    lost_bytes : int
        How many bytes are lost; 0 when something was only read differently.
    text : str
        What is wrong, in words for the user.
    """

    offset: int
    lost_bytes: int
    text: str


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Fewest and most bytes of one sample of a stream; `most` is 0 where there is no limit."""

    fewest: int
    most: int


def file_name(file: BinaryIO) -> str:
    """Name a file in messages.

    Parameters
    ----------
    file : BinaryIO
        An open file.

    Returns
    -------
    str
        Its name where it has one.
    """
    name = getattr(file, "name", None)
    return name if isinstance(name, str) else "The recording"


def count_of(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Read a number of variable width: one byte that holds the width, then the number.

    Parameters
    ----------
    data : bytes
        Where to read.
    start, stop : int
        Where the number begins and what it may not pass.

    Returns
    -------
    number : int
        The number; -1 if it is damaged.
    after : int
        Index after it.
    """
    width = data[start] if start < stop else 0
    if width == 1 and start + 2 <= stop:
        return data[start + 1], start + 2
    if width in _LENGTHS and start + 1 + width <= stop:
        return _LENGTHS[width].unpack_from(data, start + 1)[0], start + 1 + width
    return -1, start


class ChunkScanner:
    """Iterates over the chunks of a file, in bounded memory, past damaged places.

    Parameters
    ----------
    file : BinaryIO
        The file, at its beginning. It need not be seekable; if it is, lengths are checked against its size.
    report : callable
        Called with each `Damage`.

    Attributes
    ----------
    data : bytes
        Part of the file that holds the present chunk.
    offset, end : int
        File offsets of the present chunk's first byte, and after its last.
    good_end : int
        File offset after the last whole chunk.
    sizes : dict of int to SampleSize
        Streams known so far; to be filled by whoever reads the headers.
    """

    def __init__(self, file: BinaryIO, report: Callable[[Damage], None]) -> None:
        self._file = file
        self._report = report
        self._pos = 0
        self._stop = 0
        self._content = 0
        self._base = 0
        self._rejected = ""
        self._size = self._file_size()
        self.data = b""
        self.good_end = 0
        self.sizes: dict[int, SampleSize] = {}

    def _file_size(self) -> int | None:
        if not self._file.seekable():
            return None
        here = self._file.tell()
        size = self._file.seek(0, 2)
        self._file.seek(here)
        return size - here

    @property
    def offset(self) -> int:
        """File offset of the present chunk."""
        return self._base + self._pos

    @property
    def end(self) -> int:
        """File offset after the present chunk."""
        return self._base + self._stop

    @property
    def content(self) -> tuple[int, int]:
        """File offsets of the content of the present chunk."""
        return self._base + self._content, self._base + self._stop

    def reject(self, text: str) -> None:
        """Say that the present chunk is damaged.

        Parameters
        ----------
        text : str
            What is wrong with it.
        """
        self._rejected = text

    def _fill(self, n: int) -> int:
        """Have `n` bytes from the present position on, if the file has them; return how many there are."""
        parts = [self.data[self._pos :]]
        have = len(parts[0])
        while have < n:
            part = self._file.read(_BLOCK)
            if not part:
                break
            parts.append(part)
            have += len(part)
        self.data = b"".join(parts)
        self._base += self._pos
        self._stop -= self._pos
        self._pos = 0
        return have

    def _begin(self) -> None:
        n = self._fill(len(MAGIC))
        name = file_name(self._file)
        if not n:
            raise RecordingError(f"{name} is empty: 0 bytes. Choose another file.")
        if self.data.startswith(b"\x1f\x8b"):
            raise RecordingError(f"{name} is compressed. Unpack it with gunzip and choose the unpacked file.")
        if not self.data.startswith(MAGIC):
            found = self.data[:4]
            raise RecordingError(
                f"{name} is no XDF recording: it begins with {found!r} at byte 0 instead of 'XDF:'. "
                "Choose a file that LabRecorder or attune has written."
            )
        self._pos = self._stop = self.good_end = len(MAGIC)

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Yield tag, start and stop (indices into `data`) of the content of each chunk."""
        self._begin()
        while True:
            pos, data = self._pos, self.data
            available = len(data) - pos
            if available < _HEAD:
                available = self._fill(_HEAD)
                pos, data = 0, self.data
                if not available:
                    return
            width = data[pos]
            if width == 1 and available >= 4:
                length, body = data[pos + 1], pos + 2
            elif width == 4 and available >= 7:
                length, body = _U32.unpack_from(data, pos + 1)[0], pos + 5
            else:
                length, body = count_of(data, pos, len(data))
            stop = body + length
            if length < 2 or stop > len(data) or (length > _BLOCK and data[body] != 3):
                if fault := self._fault(pos, body, length):
                    self._resync(fault)
                    continue
                self._fill(stop - pos)
                pos, body, stop, data = 0, body - pos, stop - pos, self.data
                if stop > len(data):
                    self._resync("the file ends within a chunk")
                    continue
            self._stop = stop
            self._content = body + 2
            yield data[body] | data[body + 1] << 8, body + 2, stop
            if self._rejected:
                self._skip()
            else:
                self._pos = stop
                self.good_end = self._base + stop

    def _fault(self, pos: int, body: int, length: int) -> str:
        """Say what is wrong with a chunk before memory is taken for it; empty when nothing is."""
        if length < 0:
            return f"{self.data[pos]} is no width of a length"
        if length < 2:
            return f"a chunk of {length} bytes"
        left = None if self._size is None else self._size - self._base - body
        if length > (_MAX_UNSEEKABLE if left is None else left):
            return f"the file ends within a chunk of {length} bytes"
        if body + 16 > len(self.data):
            return ""
        tag = self.data[body] | self.data[body + 1] << 8
        if tag != Tag.SAMPLES:
            limit = MAX_BYTES if tag in _XML_TAGS else _BLOCK
            return f"a chunk of {length} bytes with tag {tag}" if length > limit else ""
        size = self.sizes.get(_U32.unpack_from(self.data, body + 2)[0])
        n, after = count_of(self.data, body + 6, len(self.data))
        left_over = length - (after - body)
        if length > _BLOCK and (
            size is None or n < 0 or n * size.fewest > left_over or (size.most and n * size.most < left_over)
        ):
            return f"{n} samples do not fit into a chunk of {length} bytes"
        return ""

    def _plausible(self, pos: int) -> bool:
        """Tell whether a chunk, or the end of the file, is at this index."""
        pos -= self._pos
        self._fill(pos + _HEAD)
        data = self.data
        if pos >= len(data):
            return True
        length, body = count_of(data, pos, len(data))
        left = None if self._size is None else self._size - self._base - body
        if length < 2 or body + 2 > len(data) or (left is not None and length > left):
            return False
        tag = data[body] | data[body + 1] << 8
        if tag == Tag.BOUNDARY:
            return data.startswith(BOUNDARY_UUID[: len(data) - body - 2], body + 2)
        if tag in (Tag.FILE_HEADER, Tag.STREAM_HEADER):
            return b"<" in data[body + 2 : body + 7]
        known = body + 6 <= len(data) and _U32.unpack_from(data, body + 2)[0] in self.sizes
        return known and tag in (Tag.SAMPLES, Tag.CLOCK_OFFSET, Tag.STREAM_FOOTER)

    def _skip(self) -> None:
        """Leave a rejected chunk: to its end if a chunk follows there, else to the next boundary."""
        text, self._rejected = self._rejected, ""
        inside = self.data.find(BOUNDARY_UUID, self._pos, self._stop) >= 0
        if not inside and self._plausible(self._stop):
            self._report(Damage(self.offset, self._stop - self._pos, text))
            self._pos = self._stop
        else:
            self._resync(text)

    def _resync(self, text: str) -> None:
        """Go on after the next boundary, or at the end of the file."""
        first = self.offset
        self._pos += 1
        while (found := self.data.find(BOUNDARY_UUID, self._pos)) < 0:
            keep = len(BOUNDARY_UUID) - 1
            self._pos = max(self._pos, len(self.data) - keep)
            if self._fill(_BLOCK) <= keep:
                self._pos = len(self.data)
                break
        else:
            self._pos = found + len(BOUNDARY_UUID)
        self._stop = self._pos
        self._report(Damage(first, self.offset - first, text))
