"""What a wearable of one kind must give to become a bridge: the contract between drivers and everything else.

A new wearable is one module with a `Kind` named ``KIND``, one line in `devices.registry` (or an entry point in the
group ``attune.devices``), one emulator and one test.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.pace import Pace
from devices.radio import Radio
from devices.spec import OutletSpec


class Link(StrEnum):
    """How a wearable reaches this computer."""

    BLE = "ble"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A device in reach, as a scan sees it.

    Parameters
    ----------
    link : Link
        How it was seen.
    address : str
        What to give a driver: Bluetooth address (on macOS an identifier of this computer), or serial port.
    name : str
        What it calls itself; empty when it says nothing.
    services : tuple of str
        UUIDs of the services it advertises, in lower case and full length; empty for a serial port.
    rssi_dbm : int, optional
        Strength of the signal, for a radio.
    """

    link: Link
    address: str
    name: str
    services: tuple[str, ...] = ()
    rssi_dbm: int | None = None


class Sink(Protocol):
    """What a driver tells of its device while it is connected. The bridge gives it; any order is allowed.

    The states "connecting", "waiting for the first frame", "streaming" and "lost" are the bridge's own: it sees
    when `Driver.run` begins and ends, the first `declare`, and the first `push`.
    """

    def declare(self, *specs: OutletSpec) -> None:
        """Say what will be sent, once the device has told its serial number; before the first `push`.

        Parameters
        ----------
        *specs : OutletSpec
            The streams. Those known from an earlier connection by their source id keep their outlet.
        """
        ...

    def push(self, source_id: str, values: NDArray[np.floating], stamps_s: NDArray[np.float64]) -> None:
        """Hand over samples.

        Parameters
        ----------
        source_id : str
            Of a declared stream.
        values : ndarray, shape (n_samples,) or (n_samples, n_channels)
            In the units declared.
        stamps_s : ndarray of float64, shape (n_samples,)
            Time of each sample on the bridge's clock, ascending; never earlier than what was pushed before
            (earlier ones are dropped and counted).
        """
        ...

    def lost(self, source_id: str, n_samples: int, start_s: float, stop_s: float) -> None:
        """Note samples that never came, though the link held.

        Parameters
        ----------
        source_id : str
            Of a declared stream.
        n_samples : int
            How many are missing; 0 when unknown.
        start_s, stop_s : float
            Stamps of the last sample before and the first after, in seconds of the bridge's clock.
        """
        ...

    def rejected(self, what: str) -> None:
        """Count something received that is not used: malformed, repeated, stamped backwards.

        Parameters
        ----------
        what : str
            Word for it, such as ``malformed``, ``repeated``, ``backwards``. Two words are of what is used all the
            same, and said on the status stream: ``rr_scale`` and ``rate_changed``.
        """
        ...

    def battery(self, percent: int | None) -> None:
        """Tell the charge.

        Parameters
        ----------
        percent : int or None
            0 to 100; None when the device does not say or says nonsense.
        """
        ...

    def contact(self, worn: bool | None) -> None:
        """Tell whether the sensor touches skin.

        Parameters
        ----------
        worn : bool or None
            None when the device does not say.
        """
        ...

    def delay(self, seconds: float) -> None:
        """Tell by how much the newest delivery came later than the fastest ones do.

        Parameters
        ----------
        seconds : float
            Arrival minus mapped device time of the newest sample.
        """
        ...


class Driver(Protocol):
    """One device: how to reach it and what it sends. Made anew for the life of a process, run once per connection."""

    @property
    def name(self) -> str:
        """What the device is called in lines and messages, such as ``Polar H10 C07``; also of its status stream.

        Returns
        -------
        str
            Stays the same for the life of the driver. Never a personal name.
        """
        ...

    @property
    def key(self) -> str:
        """Identity of the device, such as ``polar-h10-1a2b3c4d``: root of its source ids.

        Returns
        -------
        str
            Lower case letters, digits and dashes; survives a restart.
        """
        ...

    async def run(self, sink: Sink) -> None:
        """Connect and deliver until the link ends or the task is cancelled.

        On cancellation it stops the device's measurement and lets go of it, within 5 s, and re-raises. It keeps
        nothing of the connection for the next call except what identifies the device.

        Parameters
        ----------
        sink : Sink
            Where everything goes; of this connection only.

        Raises
        ------
        DeviceError
            Whenever the connection ends otherwise. No other exception leaves it, not even for garbage.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What drivers share in one process.

    Parameters
    ----------
    pace : Pace
        The clock.
    radio : Radio
        The Bluetooth stack: that of the system, or one given for emulated devices.
    """

    pace: Pace
    radio: Radio


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One device somebody asked for.

    Parameters
    ----------
    address : str
        Bluetooth address, part of the device's name, or serial port; empty for "the one in reach".
    participant : str
        Code of the wearer, part of the stream names; empty without.
    options : argparse.Namespace
        What `Kind.add_options` added, defaults included.
    """

    address: str
    participant: str = ""
    options: argparse.Namespace = field(default_factory=argparse.Namespace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of wearable attune can bridge.

    Parameters
    ----------
    name : str
        Word on the command line, such as ``polar-h10``.
    summary : str
        One line for lists.
    link : Link
        How it is reached.
    make : callable
        Makes the driver of one device from a `Wish` and the `Context`.
    recognises : callable
        Whether a scanned device is of this kind.
    add_options : callable
        Adds options of its own to the parser of its command; every option has a default.
    """

    name: str
    summary: str
    link: Link
    make: Callable[[Wish, Context], Driver]
    recognises: Callable[[Seen], bool]
    add_options: Callable[[argparse.ArgumentParser], None] = lambda _: None

    def defaults(self) -> argparse.Namespace:
        """Give the options nobody changed.

        Returns
        -------
        argparse.Namespace
            Each option with its default.
        """
        parser = argparse.ArgumentParser()
        self.add_options(parser)
        return parser.parse_args([])


def stream_title(model: str, participant: str, serial: str) -> str:
    """Name the streams of one device.

    Parameters
    ----------
    model : str
        Such as ``Polar H10``.
    participant : str
        Code of the wearer; empty without.
    serial : str
        What tells this device from others of its model.

    Returns
    -------
    str
        Model and code, or model and serial number where nobody is named.
    """
    return f"{model} {participant or serial}"
