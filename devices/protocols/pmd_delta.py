"""Delta compression of Polar's frames: a first sample in full, then blocks of differences of few bits each."""

import numpy as np
from numpy.typing import NDArray

_LONGEST_BLOCK = 255
_MOST_BITS = 32


def unpack(body: bytes, n_channels: int, n_bytes: int) -> NDArray[np.int64] | None:
    """Read compressed samples.

    Parameters
    ----------
    body : bytes
        First sample, then blocks: bits per difference, number of samples, and the differences of all channels of
        one sample after the other, as signed integers, lowest bit first, padded to whole bytes.
    n_channels : int
        Values per sample.
    n_bytes : int
        Bytes of each value of the first sample.

    Returns
    -------
    ndarray of int64, shape (n_samples, n_channels), or None
        The samples; None if the bytes end too early or a difference has more than 32 bits.
    """
    start = n_channels * n_bytes
    if len(body) < start:
        return None
    first = [
        int.from_bytes(body[position : position + n_bytes], "little", signed=True)
        for position in range(0, start, n_bytes)
    ]
    parts = [np.array([first], dtype=np.int64)]
    while start < len(body):
        if start + 2 > len(body):
            return None
        n_bits, n_samples = body[start], body[start + 1]
        stop = start + 2 + (n_bits * n_samples * n_channels + 7) // 8
        if n_bits > _MOST_BITS or stop > len(body):
            return None
        parts.append(_differences(body[start + 2 : stop], n_bits, n_samples, n_channels))
        start = stop
    return np.cumsum(np.concatenate(parts), axis=0)


def pack(samples: NDArray[np.int64], n_bytes: int) -> bytes:
    """Write samples compressed.

    Parameters
    ----------
    samples : ndarray of int64, shape (n_samples, n_channels)
        At least one sample.
    n_bytes : int
        Bytes of each value of the first sample.

    Returns
    -------
    bytes
        What `unpack` reads.
    """
    out = [int(value).to_bytes(n_bytes, "little", signed=True) for value in samples[0]]
    steps = np.diff(samples, axis=0)
    for start in range(0, len(steps), _LONGEST_BLOCK):
        block = steps[start : start + _LONGEST_BLOCK]
        widest = max(int(block.max()), -int(block.min()) - 1, 0)
        n_bits = widest.bit_length() + 1
        places = np.arange(n_bits, dtype=np.int64)
        bits = (block.reshape(-1, 1) >> places & 1).astype(np.uint8)
        out.append(bytes((n_bits, len(block))))
        out.append(np.packbits(bits, bitorder="little").tobytes())
    return b"".join(out)


def _differences(packed: bytes, n_bits: int, n_samples: int, n_channels: int) -> NDArray[np.int64]:
    """Read one block."""
    n_values = n_samples * n_channels
    if not n_bits or not n_values:
        return np.zeros((n_samples, n_channels), dtype=np.int64)
    raw = np.frombuffer(packed, dtype=np.uint8)
    bits = np.unpackbits(raw, bitorder="little")[: n_values * n_bits].reshape(n_values, n_bits)
    weights = np.int64(1) << np.arange(n_bits, dtype=np.int64)
    weights[-1] = -weights[-1]
    return (bits @ weights).reshape(n_samples, n_channels)
