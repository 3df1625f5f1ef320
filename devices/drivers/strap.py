"""What all Bluetooth straps share: finding and connecting to them, who they are, their battery."""

import asyncio
import logging
import re
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from devices.ble import CONNECT_TIMEOUT_S, connect, find
from devices.ble_link import BleLink
from devices.driver import Context, Seen, Sink, Wish, stream_title
from devices.errors import DeviceError
from devices.pace import Pace
from devices.protocols import heart_rate
from devices.spec import ChannelSpec, OutletSpec

logger = logging.getLogger(__name__)

BATTERY_EVERY_S = 60.0

_ADDRESS = re.compile(
    r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
_SERIAL_IN_NAME = re.compile(r"(?=\S*\d)[0-9A-Fa-f]{4,12}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a device says of itself.

    Parameters
    ----------
    maker, model, serial, firmware : str
        Empty where it does not say.
    """

    maker: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


class Strap:
    """One strap over all its connections: how to reach it, what its streams are called.

    Parameters
    ----------
    slug : str
        Kind in source ids, such as ``polar-h10``.
    model : str
        Kind in titles, such as ``Polar H10``.
    wish : Wish
        Who is asked for.
    context : Context
        Clock and radio.
    recognises : callable
        Whether a device in reach is of this kind.
    connect_timeout_s : float, default 20.0
        How long connecting may take.
    """

    def __init__(
        self,
        slug: str,
        model: str,
        wish: Wish,
        context: Context,
        recognises: Callable[[Seen], bool],
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
    ) -> None:
        self._slug = slug
        self._model = model
        self._wish = wish
        self._context = context
        self._recognises = recognises
        self._connect_timeout_s = connect_timeout_s
        self._address = wish.address
        # Any other part of a name may be the name of a person, which belongs into no stream.
        self._serial = serial_in(wish.address) or _tail_of_address(wish.address) or _mark_of(wish.address)
        self._is_known = False
        self.facts = Facts()
        self.name = stream_title(model, wish.participant, self._serial).strip()

    @property
    def key(self) -> str:
        """Root of the source ids.

        Returns
        -------
        str
            Made of what was asked for until the device has told its serial number, of that afterwards.
        """
        return self._key_of(self._serial or self._wish.participant)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[BleLink]:
        """Search, connect, ask who it is; let go at the end.

        Once connected, it is this device and no other that is looked for the next time, and what its streams are
        called stays, even if it does not tell its serial number the next time.

        Yields
        ------
        BleLink
            The connection.

        Raises
        ------
        DeviceError
            If it cannot be reached.
        """
        radio, pace = self._context.radio, self._context.pace
        device = await find(radio, self._address, self._recognises, pace)
        async with connect(radio, device, pace, self._connect_timeout_s, self.name) as link:
            facts = await _ask_facts(link)
            if not self._is_known:
                self._serial = self._tell_serial(device.name or "", link.device_name, facts, device.address)
                self._is_known = True
            self.facts = _completed(facts, self.facts)
            self._address = device.address
            yield link

    def spec(
        self,
        stream: str,
        content: str,
        channels: tuple[ChannelSpec, ...],
        rate_hz: float,
        offset_s: float = 0.0,
    ) -> OutletSpec:
        """Declare one of its streams.

        Parameters
        ----------
        stream : str
            End of the source id, such as ``ecg``.
        content : str
            Content type of the stream; also in its name, except for ECG.
        channels : tuple of ChannelSpec
            The channels.
        rate_hz : float
            Declared rate; 0.0 for events.
        offset_s : float, default 0.0
            Estimate of the constant delay of the stamps.

        Returns
        -------
        OutletSpec
            What the stream says of itself.
        """
        asked = self.name != self._model
        title = self.name if asked else stream_title(self._model, "", self._serial)
        return OutletSpec(
            name=title if content == "ECG" else f"{title} {content}",
            type=content,
            source_id=f"{self.key}-{stream}",
            channels=channels,
            nominal_rate_hz=rate_hz,
            # Beat intervals are multiples of 1000/1024 ms, which single precision would round.
            channel_format="double64" if content == "RR" else "float32",
            manufacturer=self.facts.maker,
            model=self.facts.model or self._model,
            serial_number=self._serial,
            firmware=self.facts.firmware,
            offset_mean_s=offset_s,
        )

    def _key_of(self, serial: str) -> str:
        tail = re.sub(r"[^a-z0-9]+", "-", serial.casefold()).strip("-")
        return f"{self._slug}-{tail}".rstrip("-")

    def _tell_serial(self, heard: str, told: str, facts: Facts, address: str) -> str:
        """Take what tells the device from others: out of its name, its own word for it, or its address."""
        serial = serial_in(heard) or serial_in(told) or _own(facts.serial)
        if serial:
            holder = self._context.radio.keys.setdefault(self._key_of(serial), address)
            if holder == address:
                return serial
            logger.warning(
                "%s and %s both say that they are %s; the address tells them apart", holder, address, serial
            )
        return _tail(address)


def serial_in(name: str) -> str:
    """Find the serial number in the name of a device.

    Parameters
    ----------
    name : str
        Such as ``Polar H10 1A2B3C4D``.

    Returns
    -------
    str
        Its last word if that is a hexadecimal number with a digit, in capitals; else empty.
    """
    words = name.split()
    return words[-1].upper() if words and _SERIAL_IN_NAME.fullmatch(words[-1]) else ""


async def watch_battery(link: BleLink, sink: Sink, pace: Pace) -> None:
    """Tell the charge for as long as the connection holds: when the device notifies, and once a minute.

    Parameters
    ----------
    link : BleLink
        The connection.
    sink : Sink
        Where to tell it.
    pace : Pace
        The clock.
    """
    if not link.has(heart_rate.BATTERY_LEVEL):
        sink.battery(None)
        return
    with suppress(DeviceError):
        await link.subscribe(
            heart_rate.BATTERY_LEVEL, lambda data, _arrival_s: sink.battery(heart_rate.decode_battery(data))
        )
    while True:
        percent = None
        with suppress(DeviceError):
            percent = heart_rate.decode_battery(await link.read(heart_rate.BATTERY_LEVEL))
        sink.battery(percent)
        await pace.sleep(BATTERY_EVERY_S)


async def until_one_fails(*parts: Coroutine[Any, Any, None]) -> None:
    """Run parts side by side until one raises, or all have ended; none is left running.

    Parameters
    ----------
    *parts : coroutine
        What to run.

    Raises
    ------
    Exception
        What the first one raised.
    """
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def patience_s(pace: Pace, seconds: float) -> float:
    """Bound a silence: on a fast clock, not below what a radio in real time needs.

    Parameters
    ----------
    pace : Pace
        The clock.
    seconds : float
        The bound in real time.

    Returns
    -------
    float
        Seconds of the clock: at least 0.75 s of real time.
    """
    return max(seconds, 0.75 * pace.speed)


async def _ask_facts(link: BleLink) -> Facts:
    """Read the device information, as far as there is any."""
    texts = {}
    for fact, uuid in (
        ("maker", heart_rate.MAKER),
        ("model", heart_rate.MODEL),
        ("serial", heart_rate.SERIAL_NUMBER),
        ("firmware", heart_rate.FIRMWARE),
    ):
        texts[fact] = ""
        if link.has(uuid):
            try:
                texts[fact] = heart_rate.decode_text(await link.read(uuid))
            except DeviceError:
                if link.lost:
                    raise
    return Facts(**texts)


def _completed(facts: Facts, before: Facts) -> Facts:
    """Keep what a device said before where it says nothing now."""
    return Facts(
        maker=facts.maker or before.maker,
        model=facts.model or before.model,
        serial=facts.serial or before.serial,
        firmware=facts.firmware or before.firmware,
    )


def _own(serial: str) -> str:
    """Give a serial number, unless it is one that makers write where they have none."""
    plain = re.sub(r"[\W_]", "", serial)
    nobodys = not plain.strip("0") or "01234567890".find(plain) in (0, 1)
    return "" if nobodys else serial


def _tail_of_address(text: str) -> str:
    """Write what was given for an address without separators if it is one, of any system; else nothing."""
    return _tail(text) if _ADDRESS.fullmatch(text) else ""


def _mark_of(text: str) -> str:
    """Tell what was given from other such texts without giving it away; the same in every process."""
    return f"{zlib.crc32(text.strip().casefold().encode()):08X}" if text.strip() else ""


def _tail(address: str) -> str:
    """Write an address, or what was given for one, without separators."""
    return re.sub(r"[^0-9A-Za-z]", "", address).upper()
