"""What a Shimmer3 tells of itself: how it is set up, what runs on it, how much charge is left."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from devices.errors import DeviceError, Reason
from devices.protocols.shimmer import Hardware


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """How a device is set up: what it will send, and how often.

    Parameters
    ----------
    ticks : int
        Ticks between two samples.
    config : bytes
        Configuration of the sensors, 4 bytes on a Shimmer3, 7 on a Shimmer3R.
    buffer_size : int
        How many samples it gathers before it sends; 1 in all known firmware.
    channels : tuple of int
        Codes of the channels, in the order of the data.
    """

    ticks: int
    config: bytes
    buffer_size: int
    channels: tuple[int, ...]

    @classmethod
    def from_bytes(cls, payload: bytes, n_config: int = 4) -> Self:
        """Read the content of an inquiry's answer.

        Parameters
        ----------
        payload : bytes
            As `payload_of` gives it.
        n_config : int, default 4
            Bytes of configuration.

        Returns
        -------
        Inquiry
            The set-up.

        Raises
        ------
        DeviceError
            If bytes are missing or the rate is zero.
        """
        ticks = int.from_bytes(payload[:2], "little")
        whole = len(payload) >= 4 + n_config and len(payload) == 4 + n_config + payload[2 + n_config]
        if not whole or not ticks:
            raise DeviceError(f"its set-up {payload.hex(' ')} is cut short", Reason.GARBAGE)
        return cls(
            ticks=ticks,
            config=payload[2 : 2 + n_config],
            buffer_size=payload[3 + n_config],
            channels=tuple(payload[4 + n_config :]),
        )

    @property
    def gsr_range(self) -> int:
        """Range the GSR board was told to use.

        Returns
        -------
        int
            0 to 3, or 4 for automatic.
        """
        return (self.config[3] >> 1) & 0x07

    def __bytes__(self) -> bytes:
        """Write the content of the answer."""
        head = self.ticks.to_bytes(2, "little") + self.config
        return head + bytes((len(self.channels), self.buffer_size, *self.channels))


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """What runs on a device.

    Parameters
    ----------
    kind : int
        1 BtStream, 2 SDLog, 3 LogAndStream.
    major, minor, release : int
        Version.
    """

    kind: int
    major: int
    minor: int
    release: int

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read the content of a firmware's answer.

        Parameters
        ----------
        payload : bytes
            Six bytes.

        Returns
        -------
        Firmware
            The firmware.

        Raises
        ------
        DeviceError
            If bytes are missing.
        """
        if len(payload) != 6:
            raise DeviceError(f"its firmware version {payload.hex(' ')} is cut short", Reason.GARBAGE)
        kind, major = int.from_bytes(payload[:2], "little"), int.from_bytes(payload[2:4], "little")
        return cls(kind=kind, major=major, minor=payload[4], release=payload[5])

    @property
    def version(self) -> tuple[int, int, int]:
        """Version, to compare.

        Returns
        -------
        tuple of int
            Major, minor, release.
        """
        return self.major, self.minor, self.release

    @property
    def tick_bytes(self) -> int:
        """Width of the time stamp of a packet.

        Returns
        -------
        int
            3 bytes, or 2 before LogAndStream 0.5.4 and BtStream 0.7.3.
        """
        return 3 if self.version >= ((0, 7, 3) if self.kind == 1 else (0, 5, 4)) else 2

    def crc_bytes(self, hardware: int) -> int:
        """Tell how long a checksum may safely be asked for.

        Parameters
        ----------
        hardware : int
            Generation of the device.

        Returns
        -------
        int
            2 bytes; 1 for a Shimmer3R between 1.0.24 and 1.0.49, which crashes on being docked with 2; 0 where there
            is no checksum (before LogAndStream 0.13.7), or one that is dropped at the first stop (Shimmer3R before
            1.0.11).
        """
        if self.kind != 3:
            return 0
        if hardware != Hardware.SHIMMER3R:
            return 2 if self.version >= (0, 13, 7) else 0
        if self.version < (1, 0, 11):
            return 0
        return 1 if (1, 0, 24) <= self.version < (1, 0, 50) else 2

    def __bytes__(self) -> bytes:
        """Write the content of the answer."""
        return (
            self.kind.to_bytes(2, "little")
            + self.major.to_bytes(2, "little")
            + bytes((self.minor, self.release))
        )

    def __str__(self) -> str:
        """Name the firmware as its maker does."""
        kind = {1: "BtStream", 2: "SDLog", 3: "LogAndStream"}.get(self.kind, f"firmware {self.kind}")
        return f"{kind} {self.major}.{self.minor}.{self.release}"


_CHARGE_VOLTS = (3.2, 3.55, 3.65, 3.7, 3.75, 3.8, 3.85, 3.95, 4.05, 4.15)
_CHARGE_PERCENT = (0.0, 5.0, 10.0, 20.0, 35.0, 50.0, 60.0, 75.0, 88.0, 100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """Charge of a device.

    Parameters
    ----------
    adc : int
        Counts of its converter: half the voltage, 4095 for 3 V.
    charger : int, default 0
        What its charger says.
    """

    adc: int
    charger: int = 0

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read the content of a battery's answer.

        Parameters
        ----------
        payload : bytes
            Three bytes.

        Returns
        -------
        Battery
            The charge.

        Raises
        ------
        DeviceError
            If bytes are missing.
        """
        if len(payload) != 3:
            raise DeviceError(f"its battery level {payload.hex(' ')} is cut short", Reason.GARBAGE)
        return cls(adc=int.from_bytes(payload[:2], "little"), charger=payload[2])

    @classmethod
    def at(cls, volts: float) -> Self:
        """Give what a device says at a voltage.

        Parameters
        ----------
        volts : float
            Voltage of the cell.

        Returns
        -------
        Battery
            The charge.
        """
        return cls(adc=round(volts / 2.0 * 4095 / 3.0))

    @property
    def volts(self) -> float:
        """Voltage of the cell.

        Returns
        -------
        float
            Volts.
        """
        return self.adc * 3.0 / 4095 * 2.0

    @property
    def percent(self) -> int | None:
        """Charge, by the usual discharge curve of a lithium cell.

        Returns
        -------
        int or None
            0 to 100, no better than 10; None for a voltage no such cell has.
        """
        if not 2.5 <= self.volts <= 4.6:
            return None
        return round(float(np.interp(self.volts, _CHARGE_VOLTS, _CHARGE_PERCENT)))

    def __bytes__(self) -> bytes:
        """Write the content of the answer."""
        return self.adc.to_bytes(2, "little") + bytes((self.charger,))
