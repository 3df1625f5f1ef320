"""The heart-rate and battery services of the Bluetooth SIG: bytes and values.

References
----------
Bluetooth SIG, Heart Rate Service 1.0 and GATT Specification Supplement (heart rate measurement, battery level).
"""

import struct
from dataclasses import dataclass

from devices.errors import DeviceError, Reason

HEART_RATE_SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
BODY_LOCATION = "00002a38-0000-1000-8000-00805f9b34fb"
BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
INFORMATION_SERVICE = "0000180a-0000-1000-8000-00805f9b34fb"
MODEL = "00002a24-0000-1000-8000-00805f9b34fb"
SERIAL_NUMBER = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE = "00002a26-0000-1000-8000-00805f9b34fb"
MAKER = "00002a29-0000-1000-8000-00805f9b34fb"

RR_UNITS_PER_S = 1024
"""Intervals come in 1/1024 s."""

_WIDE = 0x01
_CONTACT = 0x02
_CONTACT_SUPPORTED = 0x04
_ENERGY = 0x08
_RR = 0x10


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartRateMeasurement:
    """One notification of the heart-rate measurement.

    Parameters
    ----------
    bpm : int
        Heart rate as the strap computes it; 0 when it has none.
    contact : bool or None
        Whether the electrodes touch skin; None when the strap cannot tell.
    energy_kj : int or None
        Energy spent; None when not sent.
    rr_1024 : tuple of int
        Intervals between beats in 1/1024 s, oldest first; empty when there are none.
    """

    bpm: int
    contact: bool | None = None
    energy_kj: int | None = None
    rr_1024: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be sent."""
        for value in (self.bpm, self.energy_kj or 0, *self.rr_1024):
            if not 0 <= value <= 0xFFFF:
                raise ValueError(f"{value} does not fit in 16 bits")

    def encode(self, *, wide: bool = False) -> bytes:
        """Write the notification.

        Parameters
        ----------
        wide : bool, default False
            Send the rate in 16 bits even if 8 were enough.

        Returns
        -------
        bytes
            What `decode` reads.
        """
        wide = wide or self.bpm > 0xFF
        flags = _WIDE if wide else 0
        if self.contact is not None:
            flags |= _CONTACT_SUPPORTED | (_CONTACT if self.contact else 0)
        body = struct.pack("<H" if wide else "<B", self.bpm)
        if self.energy_kj is not None:
            flags |= _ENERGY
            body += struct.pack("<H", self.energy_kj)
        if self.rr_1024:
            flags |= _RR
            body += struct.pack(f"<{len(self.rr_1024)}H", *self.rr_1024)
        return bytes((flags,)) + body


def decode(data: bytes) -> HeartRateMeasurement:
    """Read a notification of the heart-rate measurement.

    Parameters
    ----------
    data : bytes
        Value of the characteristic 2A37.

    Returns
    -------
    HeartRateMeasurement
        What it says; reserved flags are ignored.

    Raises
    ------
    DeviceError
        With reason ``garbage`` if the length does not fit the flags.
    """
    flags = data[0] if data else 0
    fixed = 1 + (2 if flags & _WIDE else 1) + (2 if flags & _ENERGY else 0)
    n_rest = len(data) - fixed
    if n_rest < 0 or n_rest % 2 or (n_rest and not flags & _RR):
        raise DeviceError(
            f"A heart-rate notification of {len(data)} bytes does not fit its flags 0x{flags:02x}. It is not used; "
            "if this goes on, restart the strap and update its firmware.",
            Reason.GARBAGE,
        )
    bpm, position = (int.from_bytes(data[1:3], "little"), 3) if flags & _WIDE else (data[1], 2)
    energy = None
    if flags & _ENERGY:
        energy = int.from_bytes(data[position : position + 2], "little")
        position += 2
    return HeartRateMeasurement(
        bpm=bpm,
        contact=bool(flags & _CONTACT) if flags & _CONTACT_SUPPORTED else None,
        energy_kj=energy,
        rr_1024=struct.unpack_from(f"<{n_rest // 2}H", data, position),
    )


def decode_battery(data: bytes) -> int | None:
    """Read the battery level.

    Parameters
    ----------
    data : bytes
        Value of the characteristic 2A19.

    Returns
    -------
    int or None
        Percent; None for anything but one byte of 0 to 100.
    """
    return data[0] if len(data) == 1 and data[0] <= 100 else None


def decode_text(data: bytes) -> str:
    """Read a text of the device information.

    Parameters
    ----------
    data : bytes
        Value of a characteristic such as 2A26.

    Returns
    -------
    str
        The printable part of it, without the padding some devices send.
    """
    text = data.split(b"\0", 1)[0].decode("utf-8", errors="replace")
    return "".join(letter for letter in text if letter.isprintable() and letter != "\ufffd").strip()
