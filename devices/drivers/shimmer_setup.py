"""Bring a Shimmer3 into the state in which it sends what attune wants, and learn what it will send."""

import contextlib
import logging
import re
from dataclasses import dataclass

from devices.drivers.shimmer_session import ShimmerSession
from devices.errors import DeviceError, Reason
from devices.protocols.exg import CARD_ECG, gains_of, registers_for
from devices.protocols.gsr import AUTO_RANGE
from devices.protocols.shimmer import TICKS_HZ, Command, Hardware, Sensor, set_sampling_rate, set_sensors
from devices.protocols.shimmer_facts import Battery, Firmware, Inquiry
from devices.protocols.shimmer_packets import EXG1_CH1, GSR_WORD, INTERNAL_A13, PacketFormat

DEFAULT_RATE_HZ = 51.2
DEFAULT_ECG_RATE_HZ = 256.0

_ECG_GAIN = 4
_STREAMING_KINDS = (1, 3)
_LEAST_TICKS, _MOST_TICKS = 32, 65535
_SERIAL = re.compile(r"(?:^|[-_ ])([0-9A-Fa-f]{4})$")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShimmerWish:
    """What is wanted of a unit.

    Parameters
    ----------
    rate_hz : float, optional
        Sampling rate; 51.2, or 256 with an ECG, when not given.
    gsr_range : {0, 1, 2, 3, 4}
        Range of the skin conductance; 4 for automatic.
    ppg : bool
        Whether to send the pulse channel.
    ecg : bool, optional
        Whether to send the ECG; where a board for it is fitted, when not given.
    crc : bool
        Whether to ask for checksums, where the firmware knows them.
    """

    rate_hz: float | None = None
    gsr_range: int = AUTO_RANGE
    ppg: bool = True
    ecg: bool | None = None
    crc: bool = True

    def ticks(self, has_ecg: bool) -> int:
        """Choose the sampling interval nearest to the rate.

        Parameters
        ----------
        has_ecg : bool
            Whether an ECG is sent.

        Returns
        -------
        int
            Ticks.
        """
        rate_hz = self.rate_hz or (DEFAULT_ECG_RATE_HZ if has_ecg else DEFAULT_RATE_HZ)
        return min(max(round(TICKS_HZ / rate_hz), _LEAST_TICKS), _MOST_TICKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """A unit ready to stream.

    Parameters
    ----------
    firmware : Firmware
        What runs on it.
    hardware : int
        Its generation.
    serial : str
        The last four digits of its Bluetooth address, as in its name; empty when it does not tell.
    battery : Battery or None
        Its charge, where it tells.
    gsr_range : int
        Range it was told to use.
    ecg_gains : tuple of int
        Gains of the two channels of its ECG.
    packets : PacketFormat
        What it will send.
    """

    firmware: Firmware
    hardware: int
    serial: str
    battery: Battery | None
    gsr_range: int
    ecg_gains: tuple[int, int]
    packets: PacketFormat

    @property
    def n_status(self) -> int:
        """Length of what it says of its status, unasked.

        Returns
        -------
        int
            Bytes.
        """
        return 2 if self.hardware == Hardware.SHIMMER3R and self.firmware.version >= (1, 0, 24) else 1


async def set_up(session: ShimmerSession, wish: ShimmerWish, name: str) -> SetUp:
    """Ask a unit what it is, and set it up.

    Parameters
    ----------
    session : ShimmerSession
        Its connection.
    wish : ShimmerWish
        What is wanted.
    name : str
        What it is called in messages.

    Returns
    -------
    SetUp
        What it will send once streaming is started.

    Raises
    ------
    DeviceError
        If it does not answer, refuses, runs a firmware that cannot stream, or none of the sensors is there.
    """
    await session.quiet()
    firmware = Firmware.from_bytes(await session.ask(Command.GET_FIRMWARE))
    if firmware.kind not in _STREAMING_KINDS:
        raise DeviceError(
            f"{name} runs {firmware}, which does not stream as attune knows it. Install LogAndStream (0.16 or later) "
            "with Shimmer's Consensys; BtStream works too.",
            Reason.FIRMWARE,
            name,
            firmware.kind,
        )
    hardware = await session.ask_if_known(Command.GET_HARDWARE)
    session.hardware = hardware[0] if hardware else Hardware.SHIMMER3
    serial = _serial_of(await session.ask_if_known(Command.GET_NAME) or b"")
    battery = await read_battery(session)
    card = await session.ask_if_known(Command.GET_DAUGHTER_CARD, 3, 0)
    is_ecg_unit = bool(card and card[0] == CARD_ECG)
    has_ecg = is_ecg_unit if wish.ecg is None else wish.ecg
    sensors = (
        (0 if is_ecg_unit else Sensor.GSR)
        | (Sensor.INTERNAL_A13 if wish.ppg and not is_ecg_unit else 0)
        | (Sensor.EXG1_24BIT if has_ecg else 0)
    )
    ticks = wish.ticks(has_ecg)
    if wish.rate_hz and abs(TICKS_HZ / ticks - wish.rate_hz) > 1e-6 * wish.rate_hz:
        _log.info("%s: the rate nearest to %g Hz is %.4f Hz", name, wish.rate_hz, TICKS_HZ / ticks)
    await session.ask(*_split(set_sensors(sensors)))
    await session.ask(*_split(set_sampling_rate(ticks)))
    if sensors & Sensor.GSR:
        await session.ask(Command.SET_GSR_RANGE, wish.gsr_range)
    await session.ask(Command.SET_EXPANSION_POWER, int(bool(sensors & Sensor.INTERNAL_A13)))
    gains = await _set_up_ecg(session, TICKS_HZ / ticks) if has_ecg else (_ECG_GAIN, _ECG_GAIN)
    n_crc = firmware.crc_bytes(session.hardware) if wish.crc else 0
    # A program that crashed may have left checksums on: they are always set, where they are known at all.
    if firmware.crc_bytes(session.hardware) and await session.ask_if_known(Command.SET_CRC, n_crc) is None:
        n_crc = 0
    n_config = 7 if session.hardware == Hardware.SHIMMER3R else 4
    inquiry = _inquiry(await session.ask(Command.INQUIRY), n_config, name)
    return SetUp(
        firmware=firmware,
        hardware=session.hardware,
        serial=serial,
        battery=battery,
        gsr_range=wish.gsr_range,
        ecg_gains=gains,
        packets=_packets(inquiry, firmware, n_crc, session.hardware, name),
    )


async def read_battery(session: ShimmerSession) -> Battery | None:
    """Ask for the charge.

    Parameters
    ----------
    session : ShimmerSession
        The connection.

    Returns
    -------
    Battery or None
        The charge; None where the firmware does not tell.
    """
    payload = await session.ask_if_known(Command.GET_BATTERY)
    return Battery.from_bytes(payload) if payload else None


def _inquiry(payload: bytes, n_config: int, name: str) -> Inquiry:
    """Read how the unit is set up."""
    try:
        return Inquiry.from_bytes(payload, n_config)
    except DeviceError as error:
        text = f"{name}: {error}. Switch it off and on; if it stays so, bring its firmware up to date (Consensys)."
        raise DeviceError(text, error.reason, name) from error


def _packets(inquiry: Inquiry, firmware: Firmware, n_crc: int, hardware: int, name: str) -> PacketFormat:
    """Work out the packets from what the unit says it will send."""
    try:
        packets = PacketFormat(
            channels=inquiry.channels,
            ticks=inquiry.ticks,
            tick_bytes=firmware.tick_bytes,
            n_crc=n_crc,
            hardware=hardware,
        )
    except DeviceError as error:
        text = f"{name}: {error} ({firmware}). Bring its firmware up to date (LogAndStream, with Consensys)."
        raise DeviceError(text, error.reason, name) from error
    if not {GSR_WORD, INTERNAL_A13, EXG1_CH1} & set(packets.channels):
        raise DeviceError(
            f"{name} sends neither skin conductance nor pulse nor ECG: it is not a Shimmer3 GSR+ or ECG unit, or its "
            "board is not seated. Switch it off and on again.",
            Reason.UNSUPPORTED,
            name,
        )
    return packets


async def _set_up_ecg(session: ShimmerSession, rate_hz: float) -> tuple[int, int]:
    """Write the registers of the ECG, and read back the gains of the first chip."""
    for chip, registers in enumerate(registers_for(rate_hz)):
        await session.ask(Command.SET_EXG_REGISTERS, chip, 0, len(registers), *registers)
    written = await session.ask_if_known(Command.GET_EXG_REGISTERS, 0, 0, 10)
    return (gains_of(written) if written else None) or (_ECG_GAIN, _ECG_GAIN)


def _split(whole: bytes) -> tuple[Command, *tuple[int, ...]]:
    """Take a command apart again."""
    return (Command(whole[0]), *whole[1:])


def _serial_of(name: bytes) -> str:
    """Find the digits of the address in a unit's name, which the owner may have changed."""
    text = ""
    with contextlib.suppress(UnicodeDecodeError):
        text = name.decode("ascii").strip()
    found = _SERIAL.search(text)
    return found.group(1).upper() if found else ""
