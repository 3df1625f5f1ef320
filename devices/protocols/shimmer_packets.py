"""Packets of data of a Shimmer3: what is in one, read and written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceError, Reason
from devices.protocols.shimmer import (
    TICKS_HZ,
    Hardware,
    Sensor,
    with_crc,
)

DATA = 0x00
"""First byte of a packet of data."""

INTERNAL_A13 = 0x12
GSR_WORD = 0x1C
EXG1_STATUS, EXG1_CH1, EXG1_CH2 = 0x1D, 0x1E, 0x1F
EXG2_STATUS, EXG2_CH1, EXG2_CH2 = 0x20, 0x21, 0x22


class Layout(NamedTuple):
    """How a channel is written.

    Parameters
    ----------
    n_bytes : int
        Width.
    signed : bool
        Whether it is a two's complement.
    big_endian : bool
        Whether the highest byte comes first.
    """

    n_bytes: int
    signed: bool
    big_endian: bool


_U8, _U16, _I16 = Layout(1, False, False), Layout(2, False, False), Layout(2, True, False)
_I16_BE, _U16_BE = Layout(2, True, True), Layout(2, False, True)
_U24_BE, _U24, _I24_BE = Layout(3, False, True), Layout(3, False, False), Layout(3, True, True)

_LAYOUTS: dict[int, Layout] = {
    **dict.fromkeys(range(0x0A), _I16),
    **dict.fromkeys(range(0x0A, 0x0D), _I16_BE),
    **dict.fromkeys(range(0x0D, 0x14), _U16),
    0x1A: _U16_BE,
    0x1B: _U24_BE,
    GSR_WORD: _U16,
    EXG1_STATUS: _U8,
    EXG1_CH1: _I24_BE,
    EXG1_CH2: _I24_BE,
    EXG2_STATUS: _U8,
    EXG2_CH1: _I24_BE,
    EXG2_CH2: _I24_BE,
    **dict.fromkeys(range(0x23, 0x27), _I16_BE),
    0x27: _U16,
    0x28: _U16,
}
_LAYOUTS_3R: dict[int, Layout] = {
    **_LAYOUTS,
    **dict.fromkeys(range(0x0A, 0x0D), _I16),
    **dict.fromkeys(range(0x14, 0x17), _I16_BE),
    **dict.fromkeys(range(0x17, 0x1A), _I16),
    0x1A: _U24,
    0x1B: _U24,
}

_CHANNELS_OF_SENSOR: tuple[tuple[int, tuple[int, ...]], ...] = (
    (Sensor.LOW_NOISE_ACCELERATION, (0x00, 0x01, 0x02)),
    (Sensor.BATTERY, (0x03,)),
    (Sensor.INTERNAL_A13, (INTERNAL_A13,)),
    (Sensor.GSR, (GSR_WORD,)),
    (Sensor.EXG1_24BIT, (EXG1_STATUS, EXG1_CH1, EXG1_CH2)),
    (Sensor.EXG2_24BIT, (EXG2_STATUS, EXG2_CH1, EXG2_CH2)),
)


def channels_of(sensors: int) -> tuple[int, ...]:
    """List the channels a Shimmer3 sends for its sensors, in its order.

    Parameters
    ----------
    sensors : int
        Bits of `Sensor`.

    Returns
    -------
    tuple of int
        Codes of the channels. Only the sensors attune uses are known.
    """
    return tuple(code for bit, codes in _CHANNELS_OF_SENSOR if sensors & bit for code in codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFormat:
    """What one packet of data holds.

    Parameters
    ----------
    channels : tuple of int
        Codes of the channels, in order.
    ticks : int
        Ticks between two samples.
    tick_bytes : int, default 3
        Width of the time stamp.
    n_crc : {0, 1, 2}
        Bytes of checksum at the end.
    hardware : int, default 3
        Generation of the device: some channels differ.

    Raises
    ------
    DeviceError
        If a channel is not known: its width is not, and so nothing after it can be read.
    """

    channels: tuple[int, ...]
    ticks: int
    tick_bytes: int = 3
    n_crc: int = 0
    hardware: int = Hardware.SHIMMER3

    def __post_init__(self) -> None:
        """Refuse what cannot be read."""
        unknown = [f"{code:#04x}" for code in self.channels if code not in self._layouts]
        if unknown or not self.channels or self.ticks < 1:
            what = f"channels this program does not know: {', '.join(unknown)}" if unknown else "no channel"
            raise DeviceError(f"its firmware sends {what}", Reason.FIRMWARE)

    @property
    def size(self) -> int:
        """Length of a packet with header and checksum.

        Returns
        -------
        int
            Bytes.
        """
        return 1 + self.tick_bytes + sum(self._layouts[code].n_bytes for code in self.channels) + self.n_crc

    @property
    def rate_hz(self) -> float:
        """Sampling rate of the device's own clock.

        Returns
        -------
        float
            Samples per second.
        """
        return TICKS_HZ / self.ticks

    @property
    def _layouts(self) -> Mapping[int, Layout]:
        return _LAYOUTS_3R if self.hardware == Hardware.SHIMMER3R else _LAYOUTS

    def decode(self, packets: NDArray[np.uint8]) -> dict[int, NDArray[np.int64]]:
        """Read the channels of whole packets.

        Parameters
        ----------
        packets : ndarray of uint8, shape (n_packets, size)
            One packet in each row.

        Returns
        -------
        dict of int to ndarray of int64, shape (n_packets,)
            Raw values by the code of the channel.
        """
        values = {}
        at = 1 + self.tick_bytes
        for code in self.channels:
            layout = self._layouts[code]
            values[code] = _whole(packets[:, at : at + layout.n_bytes], layout)
            at += layout.n_bytes
        return values

    def encode(self, ticks: Sequence[int], values: Mapping[int, Sequence[int]]) -> list[bytes]:
        """Write packets, as a device sends them.

        Parameters
        ----------
        ticks : sequence of int, length n_packets
            Device time of each; wrapped to the width of the stamp.
        values : mapping of int to sequence of int, length n_packets
            Raw values by the code of the channel.

        Returns
        -------
        list of bytes
            The packets, with their checksums.
        """
        packets = []
        for i, tick in enumerate(ticks):
            body = bytearray((DATA,))
            body += (int(tick) % (1 << 8 * self.tick_bytes)).to_bytes(self.tick_bytes, "little")
            for code in self.channels:
                layout = self._layouts[code]
                value = int(values[code][i]).to_bytes(layout.n_bytes, "little", signed=layout.signed)
                body += value[::-1] if layout.big_endian else value
            packets.append(with_crc(bytes(body), self.n_crc))
        return packets


def _whole(columns: NDArray[np.uint8], layout: Layout) -> NDArray[np.int64]:
    """Put the bytes of a channel together."""
    ordered = columns if layout.big_endian else columns[:, ::-1]
    value = np.zeros(len(columns), dtype=np.int64)
    for i in range(layout.n_bytes):
        value = (value << 8) | ordered[:, i]
    if layout.signed:
        half = 1 << (8 * layout.n_bytes - 1)
        value = (value ^ half) - half
    return value
