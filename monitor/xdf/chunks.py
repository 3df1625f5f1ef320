"""The frame of an XDF file: magic, tags, lengths, value types."""

import struct
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.events import Samples

MAGIC: Final = b"XDF:"
"""First bytes of every XDF file."""

BOUNDARY_UUID: Final = bytes.fromhex("43A546DCCBF5410FB30ED5467383CBE4")
"""Content of a boundary chunk; a reader that lost its place searches for it."""

TICKS_NAME: Final = "attune-ticks"
"""Name and type of the stream that holds the ticks of a live run."""

EVENTS_NAME: Final = "attune-events"
"""Name of the stream that holds lost streams and annotations, as JSON text."""

VALUE_DTYPES: Final[dict[str, str]] = {
    "float32": "<f4",
    "double64": "<f8",
    "int8": "<i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
}
"""Numeric channel formats and how their values lie in the file."""

MAX_CHANNELS: Final = 1 << 20
"""A header that declares more channels than this is damaged."""


class Tag(IntEnum):
    """Kind of an XDF chunk."""

    FILE_HEADER = 1
    STREAM_HEADER = 2
    SAMPLES = 3
    CLOCK_OFFSET = 4
    BOUNDARY = 5
    STREAM_FOOTER = 6


_SHORT = struct.Struct("<BBH")
_MEDIUM = struct.Struct("<BIH")
_LONG = struct.Struct("<BQH")
_SAMPLES_HEAD = struct.Struct("<IBI")
_STRING_MEDIUM = struct.Struct("<BI")


def frame(tag: Tag, content: bytes) -> bytes:
    """Wrap the content of a chunk into its frame.

    Parameters
    ----------
    tag : Tag
        Kind of the chunk.
    content : bytes
        What the chunk holds.

    Returns
    -------
    bytes
        The whole chunk, ready to be written.
    """
    n = len(content) + 2
    if n <= 0xFF:
        head = _SHORT.pack(1, n, tag)
    elif n <= 0xFFFFFFFF:
        head = _MEDIUM.pack(4, n, tag)
    else:
        head = _LONG.pack(8, n, tag)
    return head + content


def sample_dtype(channel_format: str, channel_count: int) -> np.dtype[np.void]:
    """Layout of one numeric sample with its stamp.

    Parameters
    ----------
    channel_format : str
        A key of `VALUE_DTYPES`.
    channel_count : int
        Number of channels.

    Returns
    -------
    numpy.dtype
        Fields ``stamp_bytes`` (always 8), ``stamp`` and ``values``, without padding.
    """
    values = (VALUE_DTYPES[channel_format], (channel_count,))
    return np.dtype([("stamp_bytes", "u1"), ("stamp", "<f8"), ("values", *values)])


def encode_numbers(
    stream_id: int, stamps: NDArray[np.float64], values: Samples, dtype: np.dtype[np.void]
) -> bytes:
    """Content of a Samples chunk of a numeric stream, with a stamp for every sample.

    Parameters
    ----------
    stream_id : int
        Number of the stream.
    stamps : ndarray of float64, shape (n,)
        Raw stamps in seconds.
    values : array of shape (n, channels)
        The samples.
    dtype : numpy.dtype
        From `sample_dtype`.

    Returns
    -------
    bytes
        Stream number, number of samples, samples.
    """
    rows = np.empty(len(stamps), dtype)
    rows["stamp_bytes"] = 8
    rows["stamp"] = stamps
    rows["values"] = values
    return _SAMPLES_HEAD.pack(stream_id, 4, len(stamps)) + rows.tobytes()


def _encode_text(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    n = len(raw)
    return (bytes((1, n)) if n <= 0xFF else _STRING_MEDIUM.pack(4, n)) + raw


def encode_strings(stream_id: int, stamps: NDArray[np.float64], rows: tuple[tuple[str, ...], ...]) -> bytes:
    """Content of a Samples chunk of a string stream, with a stamp for every sample.

    Parameters
    ----------
    stream_id : int
        Number of the stream.
    stamps : ndarray of float64, shape (n,)
        Raw stamps in seconds.
    rows : tuple of tuple of str
        One tuple per sample, one string per channel.

    Returns
    -------
    bytes
        Stream number, number of samples, samples. What is not Unicode text becomes a question mark.
    """
    parts = [_SAMPLES_HEAD.pack(stream_id, 4, len(stamps))]
    for stamp, row in zip(stamps.tolist(), rows, strict=True):
        parts.append(struct.pack("<Bd", 8, stamp))
        parts.extend(map(_encode_text, row))
    return b"".join(parts)
