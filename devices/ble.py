"""Bluetooth Low Energy: finding devices and connecting to them.

With `devices.ble_link` and `devices.ble_errors` the only importer of bleak outside the emulator.
What bounds the radio itself are seconds of real time, shortened by a faster clock only as far as a real stack can
follow: an emulated device lives faster, its radio does not.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from devices.ble_errors import Translated
from devices.ble_link import OPERATION_TIMEOUT_S, BleLink
from devices.ble_words import cure
from devices.driver import Link, Seen
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.radio import Radio

CONNECT_TIMEOUT_S = 20.0
FIND_TIMEOUT_S = 8.0

_SLICE_S = 2.0
_SETTLE_S = 1.0
_DISCONNECT_TIMEOUT_S = 3.0

_Heard = dict[str, tuple[BLEDevice, AdvertisementData]]

_ADDRESS = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def scan(radio: Radio, seconds: float, pace: Pace) -> list[Seen]:
    """Listen for devices.

    Parameters
    ----------
    radio : Radio
        The Bluetooth stack.
    seconds : float
        How long.
    pace : Pace
        The clock.

    Returns
    -------
    list of Seen
        All that were heard, the strongest first.

    Raises
    ------
    DeviceError
        If Bluetooth cannot be used.
    """
    heard: _Heard = {}
    await _listen(radio, _real_s(pace, seconds, 2.0), heard)
    return sorted((_seen(*one) for one in heard.values()), key=_strength, reverse=True)


async def find(
    radio: Radio,
    address: str,
    recognises: Callable[[Seen], bool],
    pace: Pace,
    timeout_s: float = FIND_TIMEOUT_S,
) -> BLEDevice:
    """Listen until a device is heard.

    Parameters
    ----------
    radio : Radio
        The Bluetooth stack.
    address : str
        Address of the device, or a part of its name that no other in reach has; empty for the strongest that is
        recognised.
    recognises : callable
        Whether a device is of the kind wanted; not asked when an address is given.
    pace : Pace
        The clock.
    timeout_s : float, default 8.0
        How long to listen.

    Returns
    -------
    BLEDevice
        To be connected to.

    Raises
    ------
    DeviceError
        With reason ``not_found`` if there is none, or more than one to which the name fits; ``busy`` if this
        process has it already; or as for `scan`.
    """
    wanted = _plain(address)
    exact = bool(_ADDRESS.fullmatch(wanted))
    if exact and wanted in radio.taken:
        raise _busy(address)
    fits = partial(_fits, wanted=wanted, exact=exact, recognises=recognises)
    heard: _Heard = {}
    left_s = _real_s(pace, timeout_s, 3.0)
    while left_s > 0.0:
        await _listen(radio, min(left_s, _SLICE_S), heard, fits, 0.0 if exact else _SETTLE_S)
        candidates = [one for one in heard.values() if fits(_seen(*one))]
        if candidates:
            return _choose(candidates, address, radio)
        if address and (held := await _held_by_system(radio, fits)):
            return held
        left_s -= _SLICE_S
    what = f"{address!r} is not" if address else "No device of this kind is"
    raise DeviceError(
        f"{what} in reach ({len(heard)} other Bluetooth devices are). {cure(Reason.NOT_FOUND)}",
        Reason.NOT_FOUND,
        address,
    )


@asynccontextmanager
async def connect(
    radio: Radio, device: BLEDevice, pace: Pace, timeout_s: float = CONNECT_TIMEOUT_S, name: str = ""
) -> AsyncIterator[BleLink]:
    """Connect with a fresh client, and let go of the device at the end, whatever happens.

    Parameters
    ----------
    radio : Radio
        The Bluetooth stack.
    device : BLEDevice
        As found.
    pace : Pace
        The clock; stamps arrivals.
    timeout_s : float, default 20.0
        How long connecting may take.
    name : str, optional
        What to call the device in messages; its own name, which may be a person's, or its address otherwise.

    Yields
    ------
    BleLink
        The connection.

    Raises
    ------
    DeviceError
        If the device cannot be connected, or this process has it already.
    """
    name = name or device.name or device.address
    lost = asyncio.Event()
    bound_s = _real_s(pace, timeout_s, 5.0)
    client = BleakClient(device, lambda _client: lost.set(), timeout=bound_s, backend=radio.client)
    with _claimed(radio, device.address, name):
        try:
            async with radio.turn:
                with Translated(name, "connect to"):
                    async with asyncio.timeout(bound_s):
                        await client.connect()
            yield BleLink(client, name, pace, lost)
        finally:
            lost.set()
            with suppress(DeviceError), Translated(name, "disconnect from"):
                async with asyncio.timeout(_DISCONNECT_TIMEOUT_S):
                    await client.disconnect()


@contextmanager
def _claimed(radio: Radio, address: str, name: str) -> Iterator[None]:
    """Keep other bridges of this process from the device meanwhile."""
    key = address.casefold()
    if key in radio.taken:
        raise _busy(name)
    radio.taken.add(key)
    try:
        yield
    finally:
        radio.taken.discard(key)


async def _listen(
    radio: Radio,
    seconds: float,
    heard: _Heard,
    fits: Callable[[Seen], bool] = lambda _seen: False,
    settle_s: float = 0.0,
) -> None:
    """Collect advertisements; when one fits, only for `settle_s` more."""
    found = asyncio.Event()

    def detected(device: BLEDevice, advertisement: AdvertisementData) -> None:
        heard[device.address] = (device, advertisement)
        if fits(_seen(device, advertisement)):
            found.set()

    async with radio.turn:
        with Translated("", "listen for"):
            scanner = BleakScanner(detected, backend=radio.scanner)
            async with asyncio.timeout(OPERATION_TIMEOUT_S):
                await scanner.start()
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await found.wait()
                        await asyncio.sleep(settle_s)
            finally:
                async with asyncio.timeout(OPERATION_TIMEOUT_S):
                    await scanner.stop()


def _choose(candidates: list[tuple[BLEDevice, AdvertisementData]], address: str, radio: Radio) -> BLEDevice:
    """Take the one meant; more than one is an error where one was named."""
    free = [one for one in candidates if one[0].address.casefold() not in radio.taken]
    if not free:
        raise _busy(address or candidates[0][0].name or candidates[0][0].address)
    if address and len(free) > 1:
        named = [one for one in free if _seen(*one).name.casefold() == address.strip().casefold()]
        if len(named) != 1:
            addresses = ", ".join(sorted(one[0].address for one in free))
            raise DeviceError(
                f"{address!r} fits {len(free)} devices in reach ({addresses}). Give the address of the one meant.",
                Reason.NOT_FOUND,
                address,
            )
        free = named
    return max(free, key=lambda one: _strength(_seen(*one)))[0]


async def _held_by_system(radio: Radio, fits: Callable[[Seen], bool]) -> BLEDevice | None:
    """Look among the devices the system is connected to: they are silent, and stay so after a program crashed."""
    if radio.scanner is not None:
        return None
    with suppress(DeviceError), Translated("", "list the connected"):
        async with asyncio.timeout(OPERATION_TIMEOUT_S):
            adapter = await BleakAdapter.get()
            for device in await adapter.get_connected_devices():
                seen = Seen(link=Link.BLE, address=device.address, name=device.name or "")
                if fits(seen) and device.address.casefold() not in radio.taken:
                    return device
    return None


def _seen(device: BLEDevice, advertisement: AdvertisementData) -> Seen:
    """Say what was heard in the words of drivers."""
    return Seen(
        link=Link.BLE,
        address=device.address,
        name=advertisement.local_name or device.name or "",
        services=tuple(sorted(uuid.casefold() for uuid in advertisement.service_uuids)),
        rssi_dbm=advertisement.rssi,
    )


def _strength(seen: Seen) -> int:
    """Order by signal; unknown comes last."""
    return -1000 if seen.rssi_dbm is None else seen.rssi_dbm


def _fits(seen: Seen, wanted: str, exact: bool, recognises: Callable[[Seen], bool]) -> bool:
    """Compare the address, or the kind and the name."""
    if exact:
        return seen.address.casefold() == wanted
    return recognises(seen) and wanted in seen.name.casefold()


def _plain(address: str) -> str:
    """Write an address as the system does, and leave names as they are."""
    wanted = address.strip().casefold()
    dashed = wanted.replace("-", ":")
    return dashed if _ADDRESS.fullmatch(dashed) else wanted


def _busy(what: str) -> DeviceError:
    """Say that the device is in use here."""
    return DeviceError(
        f"{what} is bridged by this program already. Name each device once, by its address.",
        Reason.BUSY,
        what,
    )


def _real_s(pace: Pace, seconds: float, floor_s: float) -> float:
    """Shorten a bound with a faster clock, but not below what a radio needs."""
    return max(seconds / pace.speed, min(seconds, floor_s))
