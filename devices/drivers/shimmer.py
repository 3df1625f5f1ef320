"""Shimmer3 GSR+ over a Bluetooth serial port: skin conductance, pulse, and ECG where fitted."""

import argparse
import logging
import re
import zlib

from devices.driver import Context, Driver, Kind, Link, Seen, Sink, Wish, stream_title
from devices.drivers.shimmer_session import ShimmerSession
from devices.drivers.shimmer_setup import DEFAULT_ECG_RATE_HZ, DEFAULT_RATE_HZ, SetUp, ShimmerWish, set_up
from devices.drivers.shimmer_stream import ShimmerStream, specs
from devices.errors import DeviceError, Reason
from devices.protocols.gsr import AUTO_RANGE
from devices.protocols.shimmer import Command, command
from devices.serial_port import SerialLink, list_ports

_STALL_S = 3.0
_BATTERY_S = 60.0
_GATHER_S = 0.1
_LOOK_FOR_S, _LOOK_EVERY_S = 8.0, 0.5
_GARBAGE_BYTES = 64
_HINT = re.compile(r"shimmer[^/\\]*?[-_]([0-9a-f]{4})\b", re.IGNORECASE)
_PLAIN_PORT = re.compile(
    r"COM\d+|rfcomm\d+|tty(?:USB|ACM|AMA|S)?\d+|(?:tty|cu)\.usb(?:serial|modem)-?\w+|\d+", re.IGNORECASE
)
_KNOWN_NAMES = re.compile(r"shimmer|rnbt|rn42|rn4678", re.IGNORECASE)
_log = logging.getLogger(__name__)


class Shimmer:
    """One unit behind a serial port.

    Parameters
    ----------
    wish : Wish
        Its port, the wearer's code and the options.
    context : Context
        The clock.
    """

    def __init__(self, wish: Wish, context: Context) -> None:
        self._port = wish.address
        self._participant = wish.participant
        self._pace = context.pace
        self._wish = _wish_of(wish.options)
        self._serial = ""
        self._missing = False
        hint = _HINT.search(wish.address)
        self._told = hint.group(1).upper() if hint else _port_word(wish.address)
        self._key = f"shimmer3-{self._told.lower()}" if hint else f"shimmer-{_slug(self._told)}"

    @property
    def name(self) -> str:
        """What the unit is called.

        Returns
        -------
        str
            By the wearer's code, else by the unit's digits where its port tells them, else by its port.
        """
        return stream_title("Shimmer GSR+", self._participant, self._told)

    @property
    def key(self) -> str:
        """Identity of the unit.

        Returns
        -------
        str
            By the unit's digits, once it has told them or where its port tells them, else by its port.
        """
        return f"shimmer3-{self._serial.lower()}" if self._serial else self._key

    async def run(self, sink: Sink) -> None:
        """Connect, set up and deliver until the link ends or the task is cancelled.

        Parameters
        ----------
        sink : Sink
            Where everything goes.

        Raises
        ------
        DeviceError
            Whenever the connection ends but by cancellation.
        """
        link = await self._opened()
        session = ShimmerSession(link, self._pace, self.name)
        try:
            setup = await set_up(session, self._wish, self.name)
            self._recognise(setup.serial)
            sink.declare(*specs(setup, self._participant, self.key))
            sink.battery(None if setup.battery is None else setup.battery.percent)
            await session.ask(Command.START_STREAMING)
            await self._stream(session, sink, setup, self.key)
        finally:
            await session.stop()

    async def _opened(self) -> SerialLink:
        """Open the port; one that was not there the last time is looked for, to be used soon after it is back."""
        until_s = self._pace.now() + (_LOOK_FOR_S if self._missing else 0.0)
        while True:
            try:
                link = await SerialLink.open(self._port or _only_port(list_ports()), self._pace)
            except DeviceError as error:
                self._missing = error.reason is Reason.NOT_FOUND
                if not self._missing or self._pace.now() >= until_s:
                    raise
                await self._pace.sleep(_LOOK_EVERY_S)
            else:
                self._missing = False
                return link

    async def _stream(self, session: ShimmerSession, sink: Sink, setup: SetUp, key: str) -> None:
        """Deliver; a unit that falls silent is started anew, and given up when that brings nothing."""
        stream = ShimmerStream(sink, setup, key)
        restarted = False
        try:
            while True:
                n_packets, n_strange_bytes = await self._deliver(session, stream)
                if restarted and not n_packets:
                    raise self._mute(n_strange_bytes)
                _log.info("%s sends no packets; streaming is started anew", self.name)
                restarted = True
                await session.quiet()
                await self._start_again(session, n_strange_bytes)
        finally:
            stream.flush()

    async def _deliver(self, session: ShimmerSession, stream: ShimmerStream) -> tuple[int, int]:
        """Read until no packet has come for a while: how many there were, and how many bytes after the last."""
        # A faster clock does not make the system under it faster: a second of real time in any case.
        patience_s = max(_STALL_S, self._pace.speed)
        n_packets = n_strange_bytes = 0
        heard_s = self._pace.now()
        battery_s = heard_s + _BATTERY_S
        while (left_s := heard_s + patience_s - self._pace.now()) > 0.0:
            try:
                async with self._pace.timeout(left_s):
                    piece, arrival_s = await session.link.read()
            except TimeoutError:
                break
            n_new = stream.take(piece, arrival_s)
            n_packets += n_new
            n_strange_bytes = 0 if n_new else n_strange_bytes + len(piece)
            if n_new:
                heard_s = self._pace.now()
            if arrival_s >= battery_s:
                battery_s = arrival_s + _BATTERY_S
                await session.link.write(command(Command.GET_BATTERY))
            await self._pace.sleep(_GATHER_S)
        return n_packets, n_strange_bytes

    async def _start_again(self, session: ShimmerSession, n_strange_bytes: int) -> None:
        """Start streaming; a unit that does not even acknowledge it is mute."""
        try:
            await session.ask(Command.START_STREAMING)
        except DeviceError as error:
            if error.reason is Reason.TIMEOUT:
                raise self._mute(n_strange_bytes) from error
            raise

    def _recognise(self, serial: str) -> None:
        """Refuse another unit than the one this driver has delivered from."""
        if self._serial and serial and serial != self._serial:
            raise DeviceError(
                f"Behind {self._port or 'the port'} is now the Shimmer {serial}, not {self._serial}. Nothing is taken "
                "from it. Switch the right one on, or start the bridge anew if the change is meant.",
                Reason.NOT_FOUND,
                self.name,
            )
        self._serial = serial or self._serial

    def _mute(self, n_strange_bytes: int) -> DeviceError:
        """Say that nothing usable comes, though the device says that it streams."""
        if n_strange_bytes >= _GARBAGE_BYTES:
            return DeviceError(
                f"{self.name} sends bytes in which there is no packet ({n_strange_bytes} since the last). Switch "
                "it off and on again; if that does not help, bring its firmware up to date (LogAndStream, by "
                "Consensys).",
                Reason.GARBAGE,
                self.name,
            )
        return DeviceError(
            f"{self.name} says that it streams but has sent nothing for {_STALL_S:.0f} s, also when started anew. "
            "Switch it off and on again, charge it, and bring it nearer.",
            Reason.SILENT,
            self.name,
        )


def _wish_of(options: argparse.Namespace) -> ShimmerWish:
    """Read the options, those that are not there by their defaults."""
    gsr_range = getattr(options, "gsr_range", "auto")
    ecg = getattr(options, "ecg", "auto")
    return ShimmerWish(
        rate_hz=getattr(options, "rate", None),
        gsr_range=AUTO_RANGE if gsr_range == "auto" else int(gsr_range),
        ppg=not getattr(options, "no_ppg", False),
        ecg={"yes": True, "no": False}.get(ecg),
        crc=not getattr(options, "no_crc", False),
    )


def _rate(text: str) -> float:
    """Read a sampling rate."""
    try:
        rate_hz = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not 1.0 <= rate_hz <= 1024.0:
        raise argparse.ArgumentTypeError(f"{text} Hz is not a rate of a Shimmer; give 1 to 1024")
    return rate_hz


def _add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a Shimmer."""
    parser.add_argument(
        "--rate",
        type=_rate,
        metavar="HZ",
        help=f"samples per second (default: {DEFAULT_RATE_HZ:g}, with an ECG {DEFAULT_ECG_RATE_HZ:g}); the nearest "
        "whole fraction of 32768 Hz is used",
    )
    parser.add_argument(
        "--gsr-range",
        choices=("auto", "0", "1", "2", "3"),
        default="auto",
        help="range of the skin conductance: chosen by the unit, or 8-63, 63-220, 220-680, 680-4700 kiloohm "
        "(default: auto)",
    )
    parser.add_argument("--no-ppg", action="store_true", help="do not send the pulse sensor")
    parser.add_argument(
        "--ecg",
        choices=("auto", "yes", "no"),
        default="auto",
        help="send the ECG (default: auto, where an ECG board is fitted)",
    )
    parser.add_argument("--no-crc", action="store_true", help="do not ask the unit for checksums")


def _recognises(seen: Seen) -> bool:
    """Tell whether a port is one of a Shimmer, by what it is called."""
    return seen.link is Link.SERIAL and bool(_KNOWN_NAMES.search(f"{seen.name} {seen.address}"))


def _only_port(present: list[Seen]) -> str:
    """Choose the port nobody named: the one that bears a Shimmer's name, when there is one only."""
    ports = [seen.address for seen in present if _recognises(seen)]
    if len(ports) == 1:
        return ports[0]
    found = (
        f"Several ports are called like one: {', '.join(ports)}" if ports else "No port is called like one"
    )
    raise DeviceError(
        f"Which Shimmer? {found}. Give its serial port: `attune bridge scan --all` lists them. On Windows it is the "
        "outgoing Bluetooth port (such as COM5), on Linux what `rfcomm bind` made (such as /dev/rfcomm0).",
        Reason.NOT_FOUND,
    )


def _port_word(port: str) -> str:
    """Shorten a port to what tells it from others; any name but one of the system may be that of a person."""
    last = re.split(r"[/\\]", port.rstrip("/\\"))[-1]
    if not last or _PLAIN_PORT.fullmatch(last):
        return last or "in reach"
    return f"port-{zlib.crc32(port.encode()) & 0xFFFF:04x}"


def _slug(text: str) -> str:
    """Write a text with lower case letters, digits and dashes only."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "port"


def _make(wish: Wish, context: Context) -> Driver:
    return Shimmer(wish, context)


KIND = Kind(
    name="shimmer",
    summary="Shimmer3 GSR+: skin conductance, PPG, ECG when fitted",
    link=Link.SERIAL,
    make=_make,
    recognises=_recognises,
    add_options=_add_options,
)
"""Shimmer3 GSR+ and ECG units."""
