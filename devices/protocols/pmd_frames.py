"""Polar's measurement data service, the frames: samples of a measurement, plain or delta-compressed."""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceError, Reason
from devices.protocols.pmd_delta import pack, unpack
from devices.protocols.pmd_terms import Measurement

EPOCH_UNIX_S = 946_684_800
"""Unix time of the zero of device stamps, 2000-01-01 UTC."""

DEFAULT_CLOCK_NS = 599_616_000_000_000_000
"""Stamp at which a device starts to count after it was without power: 2019-01-01."""

_HEAD = struct.Struct("<BQB")
_COMPRESSED = 0x80
_KIND = 0x3F

_PLAIN: dict[tuple[int, int], tuple[int, int]] = {
    (Measurement.ECG, 0): (1, 3),
    (Measurement.ACC, 0): (3, 1),
    (Measurement.ACC, 1): (3, 2),
    (Measurement.ACC, 2): (3, 3),
    (Measurement.PPG, 0): (4, 3),
}
"""Channels and bytes per value of plain frames, by measurement and frame type."""

_DELTA: dict[tuple[int, int], tuple[int, int]] = {
    (Measurement.ACC, 0): (3, 2),
    (Measurement.ACC, 1): (3, 2),
    (Measurement.PPG, 0): (4, 3),
    (Measurement.GYR, 0): (3, 2),
    (Measurement.MAG, 0): (3, 2),
}
"""The same for compressed frames: channels and bytes of the first sample."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One notification with samples.

    Parameters
    ----------
    measurement : Measurement
        What was measured.
    device_ns : int
        Time of the last sample on the device's clock, in nanoseconds since 2000-01-01.
    samples : ndarray of int64, shape (n_samples, n_channels)
        ECG in µV, acceleration in milli-g; compressed frames of other devices still to be multiplied by the factor
        the device told (`devices.protocols.pmd_control.factor_of`).
    frame_type : int
        Which layout.
    compressed : bool
        Whether it came as differences.
    """

    measurement: Measurement
    device_ns: int
    samples: NDArray[np.int64]
    frame_type: int
    compressed: bool = False


def decode_frame(data: bytes) -> Frame:
    """Read the samples of a notification.

    Parameters
    ----------
    data : bytes
        Value of the data characteristic.

    Returns
    -------
    Frame
        At least one sample.

    Raises
    ------
    DeviceError
        With reason ``garbage`` if the layout is unknown, or the length does not fit it.
    """
    if len(data) <= _HEAD.size:
        raise _garbage(f"has {len(data)} bytes only", data)
    kind, device_ns, layout = _HEAD.unpack_from(data)
    frame_type = layout & ~_COMPRESSED
    compressed = bool(layout & _COMPRESSED)
    shape = (_DELTA if compressed else _PLAIN).get((kind & _KIND, frame_type))
    if shape is None:
        raise _garbage("has a layout this program does not know", data)
    n_channels, n_bytes = shape
    body = data[_HEAD.size :]
    samples = unpack(body, n_channels, n_bytes) if compressed else _integers(body, n_channels, n_bytes)
    if samples is None:
        raise _garbage("ends in the middle of a sample", data)
    return Frame(
        measurement=Measurement(kind & _KIND),
        device_ns=device_ns,
        samples=samples,
        frame_type=frame_type,
        compressed=compressed,
    )


def encode_frame(frame: Frame) -> bytes:
    """Write a frame, as the device does.

    Parameters
    ----------
    frame : Frame
        At least one sample.

    Returns
    -------
    bytes
        What `decode_frame` reads.

    Raises
    ------
    ValueError
        If there is no such layout, or the samples do not fit it.
    """
    layouts = _DELTA if frame.compressed else _PLAIN
    shape = layouts.get((frame.measurement, frame.frame_type))
    if shape is None:
        raise ValueError(
            f"no layout {frame.frame_type} of {frame.measurement.name}, compressed {frame.compressed}"
        )
    n_channels, n_bytes = shape
    samples = np.asarray(frame.samples, dtype=np.int64)
    if samples.ndim != 2 or samples.shape[1] != n_channels or not len(samples):
        raise ValueError(f"samples of shape {samples.shape}; this layout has {n_channels} channels")
    bound = 1 << (8 * n_bytes - 1)
    if samples.min() < -bound or samples.max() >= bound:
        raise ValueError(f"samples do not fit in {n_bytes} bytes")
    head = _HEAD.pack(
        frame.measurement, frame.device_ns, frame.frame_type | (_COMPRESSED if frame.compressed else 0)
    )
    if frame.compressed:
        return head + pack(samples, n_bytes)
    low_bytes = samples.astype("<i8").view(np.uint8).reshape(*samples.shape, 8)[:, :, :n_bytes]
    return head + low_bytes.tobytes()


def _integers(body: bytes, n_channels: int, n_bytes: int) -> NDArray[np.int64] | None:
    """Read signed little-endian integers; None when the length does not fit."""
    if len(body) % (n_channels * n_bytes):
        return None
    raw = np.frombuffer(body, dtype=np.uint8).reshape(-1, n_channels, n_bytes)
    wide = np.zeros((len(raw), n_channels, 8), dtype=np.uint8)
    wide[:, :, 8 - n_bytes :] = raw
    # The bytes stand at the upper end, so that shifting them down carries the sign along.
    values: NDArray[np.int64] = wide.view("<i8")[:, :, 0].astype(np.int64) >> (8 * (8 - n_bytes))
    return values


def _garbage(what: str, data: bytes) -> DeviceError:
    """Say what is wrong with a frame."""
    return DeviceError(
        f"A frame of the Polar measurement service {what} ({len(data)} bytes, {data[:10].hex(' ')}). It is not used; "
        "if this goes on, update the firmware of the device in Polar Flow, and this program.",
        Reason.GARBAGE,
    )
