"""Samples chunks to arrays and strings."""

import struct
from math import nan
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.core.events import Samples
from monitor.core.model import StreamInfo
from monitor.xdf.chunks import VALUE_DTYPES, sample_dtype
from monitor.xdf.scanner import SampleSize, count_of

_EIGHT: Final = b"\x08"
_STAMP = struct.Struct("<d")
_U32 = struct.Struct("<I")


class Extent(NamedTuple):
    """What a Samples chunk holds, without its values.

    Parameters
    ----------
    stream_id : int
        Number of the stream.
    n_samples : int
        Number of samples.
    first_s, last_s : float
        Raw stamps of the first and the last sample in seconds; NaN when there is none.
    """

    stream_id: int
    n_samples: int
    first_s: float
    last_s: float


class ChunkError(ValueError):
    """The content of a chunk contradicts itself."""


class SampleDecoder(Protocol):
    """Decodes the Samples chunks of one stream, in file order."""

    size: SampleSize

    def decode(self, data: bytes, start: int, stop: int) -> tuple[NDArray[np.float64], Samples]:
        """Decode a chunk from its number of samples on.

        Parameters
        ----------
        data : bytes
            Where the chunk is.
        start, stop : int
            Where its number of samples begins, and where it ends.
        """
        ...

    def measure(self, data: bytes, start: int, stop: int) -> tuple[int, float, float]:
        """Tell number, first and last stamp of the samples of a chunk.

        Parameters
        ----------
        data : bytes
            Where the chunk is.
        start, stop : int
            Where its number of samples begins, and where it ends.
        """
        ...


def _ends(stamps: NDArray[np.float64]) -> tuple[int, float, float]:
    return (len(stamps), float(stamps[0]), float(stamps[-1])) if len(stamps) else (0, nan, nan)


def decoder_of(info: StreamInfo) -> SampleDecoder:
    """Make the decoder of a stream.

    Parameters
    ----------
    info : StreamInfo
        The stream.

    Returns
    -------
    SampleDecoder
        A decoder that deduces missing stamps from the previous stamp and the declared rate.
    """
    period_s = 1.0 / info.nominal_rate_hz if info.nominal_rate_hz > 0.0 else 0.0
    if info.channel_format == "string":
        return StringDecoder(info.channel_count, period_s)
    return NumberDecoder(info.channel_format, info.channel_count, period_s)


def _deduce(stamps: NDArray[np.float64], known: NDArray[np.bool_], last_s: float, period_s: float) -> None:
    """Fill in the stamps that the file leaves out."""
    filled = stamps.tolist()
    for k, has_stamp in enumerate(known.tolist()):
        if not has_stamp:
            filled[k] = last_s + period_s
        last_s = filled[k]
    stamps[:] = filled


class NumberDecoder:
    """Decodes numeric samples.

    Parameters
    ----------
    channel_format : str
        A key of `VALUE_DTYPES`.
    channel_count : int
        Number of channels.
    period_s : float
        Time between samples whose stamps are left out, in seconds.
    """

    def __init__(self, channel_format: str, channel_count: int, period_s: float) -> None:
        self._dtype = dtype = np.dtype(VALUE_DTYPES[channel_format])
        self._channels = channel_count
        self._values = dtype.itemsize * channel_count
        self._layout = sample_dtype(channel_format, channel_count)
        self._period_s = period_s
        self._last = np.zeros(1)
        self.size = SampleSize(self._values + 1, self._values + 9)

    def decode(self, data: bytes, start: int, stop: int) -> tuple[NDArray[np.float64], Samples]:
        """Decode a chunk from its number of samples on.

        Parameters
        ----------
        data : bytes
            Where the chunk is.
        start, stop : int
            Where its number of samples begins, and where it ends.

        Returns
        -------
        stamps : ndarray of float64, shape (n,)
            Raw stamps in seconds.
        values : ndarray, shape (n, channels)
            Values, C-contiguous and writeable.

        Raises
        ------
        ChunkError
            If the number of samples and the length contradict each other.
        """
        if data[start] == 4 and stop - start > 4:
            n = _U32.unpack_from(data, start + 1)[0]
            start += 5
        else:
            n, start = count_of(data, start, stop)
        size = self._values + 9
        # Nearly every chunk has a stamp for every sample: then samples have one size and need no loop.
        if n * size != stop - start or data[start:stop:size].count(_EIGHT) != n or not n:
            return self._decode_mixed(data, start, stop, n)
        rows = np.frombuffer(data, self._layout, n, start)
        self._last = stamps = rows["stamp"].copy()
        return stamps, rows["values"].copy()

    def measure(self, data: bytes, start: int, stop: int) -> tuple[int, float, float]:
        """Tell number, first and last stamp of the samples of a chunk.

        Parameters
        ----------
        data : bytes
            Where the chunk is.
        start, stop : int
            Where its number of samples begins, and where it ends.

        Returns
        -------
        n : int
            Number of samples.
        first_s, last_s : float
            Raw stamps in seconds; NaN when there is no sample.

        Raises
        ------
        ChunkError
            If the number of samples and the length contradict each other.
        """
        n, first = count_of(data, start, stop)
        size = self._values + 9
        if n * size != stop - first or data[first:stop:size].count(_EIGHT) != n or not n:
            return _ends(self.decode(data, start, stop)[0])
        last_s = _STAMP.unpack_from(data, stop - size + 1)[0]
        self._last = np.array((last_s,))
        return n, _STAMP.unpack_from(data, first + 1)[0], last_s

    def _decode_mixed(
        self, data: bytes, start: int, stop: int, n: int
    ) -> tuple[NDArray[np.float64], NDArray[np.generic]]:
        """Decode samples some of which have no stamp."""
        if not 0 <= n * self.size.fewest <= stop - start:
            raise ChunkError(f"{n} samples do not fit into {stop - start} bytes")
        places = np.empty(n, np.int64)
        pos, width = start, self._values
        for k in range(n):
            places[k] = pos
            stamp_bytes = data[pos] if pos < stop else 1
            if stamp_bytes == 8:
                pos += 9 + width
            elif stamp_bytes == 0:
                pos += 1 + width
            else:
                raise ChunkError(f"sample {k} of {n} does not begin like a sample")
        if pos != stop:
            raise ChunkError(f"{n} samples take {pos - start} bytes, the chunk has {stop - start}")
        raw = np.frombuffer(data, np.uint8)
        known = raw[places] == 8
        stamps = np.zeros(n)
        stamps[known] = raw[places[known][:, None] + np.arange(1, 9)].view("<f8")[:, 0]
        if not known.all():
            _deduce(stamps, known, float(self._last[-1]), self._period_s)
        if n:
            self._last = stamps
        first = places + 1 + 8 * known
        values = raw[first[:, None] + np.arange(width)].reshape(-1).view(self._dtype)
        return stamps, values.reshape(n, self._channels)


class StringDecoder:
    """Decodes string samples.

    Parameters
    ----------
    channel_count : int
        Number of channels.
    period_s : float
        Time between samples whose stamps are left out, in seconds.
    """

    def __init__(self, channel_count: int, period_s: float) -> None:
        self._channels = channel_count
        self._period_s = period_s
        self._last_s = 0.0
        self.size = SampleSize(1 + 2 * channel_count, 0)

    def decode(self, data: bytes, start: int, stop: int) -> tuple[NDArray[np.float64], Samples]:
        """Decode a chunk from its number of samples on.

        Parameters
        ----------
        data : bytes
            Where the chunk is.
        start, stop : int
            Where its number of samples begins, and where it ends.

        Returns
        -------
        stamps : ndarray of float64, shape (n,)
            Raw stamps in seconds.
        rows : tuple of tuple of str
            One tuple per sample; bytes that are not UTF-8 become U+FFFD.

        Raises
        ------
        ChunkError
            If lengths and length contradict each other.
        """
        n, pos = count_of(data, start, stop)
        if not 0 <= n * self.size.fewest <= stop - pos:
            raise ChunkError(f"{n} samples do not fit into {stop - pos} bytes")
        stamps, rows, last_s = [], [], self._last_s
        for k in range(n):
            stamp_bytes = data[pos] if pos < stop else 1
            if stamp_bytes == 8 and pos + 9 <= stop:
                last_s = _STAMP.unpack_from(data, pos + 1)[0]
            elif stamp_bytes == 0:
                last_s += self._period_s
            else:
                raise ChunkError(f"sample {k} of {n} does not begin like a sample")
            row, pos = self._row(data, pos + 1 + stamp_bytes, stop)
            rows.append(row)
            stamps.append(last_s)
        if pos != stop:
            raise ChunkError(f"{n} samples end {stop - pos} bytes before the chunk does")
        self._last_s = last_s
        return np.array(stamps, np.float64), tuple(rows)

    def measure(self, data: bytes, start: int, stop: int) -> tuple[int, float, float]:
        """Tell number, first and last stamp of the samples of a chunk.

        Parameters
        ----------
        data : bytes
            Where the chunk is.
        start, stop : int
            Where its number of samples begins, and where it ends.

        Returns
        -------
        n : int
            Number of samples.
        first_s, last_s : float
            Raw stamps in seconds; NaN when there is no sample.

        Raises
        ------
        ChunkError
            If lengths and length contradict each other.
        """
        return _ends(self.decode(data, start, stop)[0])

    def _row(self, data: bytes, pos: int, stop: int) -> tuple[tuple[str, ...], int]:
        texts = []
        for _ in range(self._channels):
            length, pos = count_of(data, pos, stop)
            if length < 0 or pos + length > stop:
                raise ChunkError("a string passes the end of the chunk")
            texts.append(data[pos : pos + length].decode("utf-8", "replace"))
            pos += length
        return tuple(texts), pos
