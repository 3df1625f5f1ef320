"""Commands and answers of a Shimmer3 (LogAndStream, BtStream), as bytes and as values.

After Shimmer's published firmware (log-and-stream-common). Each command is acknowledged by one byte, 0xFF, or refused
by 0xFE; an answer follows the acknowledgement directly. With a checksum on, acknowledgement and answer together end
with one or two bytes of it.
"""

import binascii
from enum import IntEnum

from devices.errors import DeviceError, Reason

TICKS_HZ = 32768
"""Ticks of the device's clock in a second."""

ACK = 0xFF
NACK = 0xFE
IN_STREAM = 0x8A
"""First byte of the answers that may come between packets of data."""

_CRC_SEED = 0xB0CA


class Command(IntEnum):
    """First byte of a command."""

    INQUIRY = 0x01
    GET_SAMPLING_RATE = 0x03
    SET_SAMPLING_RATE = 0x05
    START_STREAMING = 0x07
    SET_SENSORS = 0x08
    STOP_STREAMING = 0x20
    SET_GSR_RANGE = 0x21
    GET_GSR_RANGE = 0x23
    GET_FIRMWARE = 0x2E
    GET_HARDWARE = 0x3F
    SET_EXPANSION_POWER = 0x5E
    GET_EXPANSION_POWER = 0x60
    SET_EXG_REGISTERS = 0x61
    GET_EXG_REGISTERS = 0x63
    GET_DAUGHTER_CARD = 0x66
    GET_STATUS = 0x72
    GET_NAME = 0x7B
    SET_CRC = 0x8B
    SET_CLOCK = 0x8F
    GET_CLOCK = 0x91
    GET_BATTERY = 0x95
    SET_IN_STREAM_ACK = 0xA3


class Answer(IntEnum):
    """First byte of an answer; second byte of one that may come between packets."""

    INQUIRY = 0x02
    SAMPLING_RATE = 0x04
    GSR_RANGE = 0x22
    HARDWARE = 0x25
    FIRMWARE = 0x2F
    EXPANSION_POWER = 0x5F
    EXG_REGISTERS = 0x62
    DAUGHTER_CARD = 0x65
    STATUS = 0x71
    NAME = 0x7A
    CLOCK = 0x90
    BATTERY = 0x94


class Sensor(IntEnum):
    """Bits of the sensors, as `set_sensors` takes them."""

    GSR = 0x000004
    EXG2_24BIT = 0x000008
    EXG1_24BIT = 0x000010
    LOW_NOISE_ACCELERATION = 0x000080
    INTERNAL_A13 = 0x000100
    BATTERY = 0x002000


class Hardware(IntEnum):
    """Generation of a device."""

    SHIMMER3 = 3
    SHIMMER3R = 10


ANSWERS: dict[Command, Answer] = {
    Command.INQUIRY: Answer.INQUIRY,
    Command.GET_SAMPLING_RATE: Answer.SAMPLING_RATE,
    Command.GET_GSR_RANGE: Answer.GSR_RANGE,
    Command.GET_FIRMWARE: Answer.FIRMWARE,
    Command.GET_HARDWARE: Answer.HARDWARE,
    Command.GET_EXPANSION_POWER: Answer.EXPANSION_POWER,
    Command.GET_EXG_REGISTERS: Answer.EXG_REGISTERS,
    Command.GET_DAUGHTER_CARD: Answer.DAUGHTER_CARD,
    Command.GET_STATUS: Answer.STATUS,
    Command.GET_NAME: Answer.NAME,
    Command.GET_CLOCK: Answer.CLOCK,
    Command.GET_BATTERY: Answer.BATTERY,
}
"""What each command asks for, where it asks for anything."""

ARGUMENT_BYTES: dict[Command, int] = {
    Command.SET_SAMPLING_RATE: 2,
    Command.SET_SENSORS: 3,
    Command.SET_GSR_RANGE: 1,
    Command.SET_EXPANSION_POWER: 1,
    Command.SET_EXG_REGISTERS: 13,
    Command.GET_EXG_REGISTERS: 3,
    Command.GET_DAUGHTER_CARD: 2,
    Command.SET_CRC: 1,
    Command.SET_CLOCK: 8,
    Command.SET_IN_STREAM_ACK: 1,
}
"""How many bytes follow a command; none follow the others."""

_FIXED_ANSWER_BYTES = {
    Answer.SAMPLING_RATE: 2,
    Answer.GSR_RANGE: 1,
    Answer.HARDWARE: 1,
    Answer.FIRMWARE: 6,
    Answer.EXPANSION_POWER: 1,
    Answer.STATUS: 1,
    Answer.CLOCK: 8,
    Answer.BATTERY: 3,
}
_IN_STREAM_ANSWERS = (Answer.STATUS, Answer.BATTERY)


def command(code: Command, *arguments: int) -> bytes:
    """Write a command.

    Parameters
    ----------
    code : Command
        What to do.
    *arguments : int
        Its bytes.

    Returns
    -------
    bytes
        The command.

    Raises
    ------
    ValueError
        If the number of arguments is not the one the firmware waits for: it would take the next command for the
        missing ones.
    """
    expected = ARGUMENT_BYTES.get(code, 0)
    if len(arguments) != expected:
        raise ValueError(f"{code.name} takes {expected} bytes, not {len(arguments)}")
    return bytes((code, *arguments))


def set_sampling_rate(ticks: int) -> bytes:
    """Write the command that sets the sampling rate.

    Parameters
    ----------
    ticks : int
        Ticks between two samples, 1 to 65535.

    Returns
    -------
    bytes
        The command.
    """
    return command(Command.SET_SAMPLING_RATE, *ticks.to_bytes(2, "little"))


def set_sensors(sensors: int) -> bytes:
    """Write the command that chooses the sensors.

    Parameters
    ----------
    sensors : int
        Bits of `Sensor`.

    Returns
    -------
    bytes
        The command.
    """
    return command(Command.SET_SENSORS, *sensors.to_bytes(3, "little"))


def crc_of(data: bytes) -> int:
    """Compute the checksum of a packet or an answer.

    Parameters
    ----------
    data : bytes
        What the checksum covers; an odd number of bytes counts as followed by a zero.

    Returns
    -------
    int
        16 bits: CRC-CCITT, begun with 0xB0CA.
    """
    return binascii.crc_hqx(data + b"\0" if len(data) % 2 else data, _CRC_SEED)


def with_crc(data: bytes, n_crc: int) -> bytes:
    """Append the checksum.

    Parameters
    ----------
    data : bytes
        What it covers.
    n_crc : {0, 1, 2}
        How many bytes of it are sent, lower first.

    Returns
    -------
    bytes
        Data and checksum.
    """
    return data + crc_of(data).to_bytes(2, "little")[:n_crc] if n_crc else data


def answer_bytes(code: Answer, payload: bytes) -> bytes:
    """Write an answer, without acknowledgement and checksum.

    Parameters
    ----------
    code : Answer
        What it answers.
    payload : bytes
        Its content, as `payload_of` gives it.

    Returns
    -------
    bytes
        The answer.
    """
    if code in _IN_STREAM_ANSWERS:
        return bytes((IN_STREAM, code)) + payload
    if code in (Answer.NAME, Answer.EXG_REGISTERS, Answer.DAUGHTER_CARD):
        return bytes((code, len(payload))) + payload
    return bytes((code,)) + payload


def payload_of(data: bytes, expected: Answer, n_config: int = 4) -> tuple[bytes, int] | None:
    """Read an answer whose bytes may still be coming.

    Parameters
    ----------
    data : bytes
        What came after the acknowledgement.
    expected : Answer
        What was asked for.
    n_config : int, default 4
        Bytes of configuration in an inquiry: 4 on a Shimmer3, 7 on a Shimmer3R.

    Returns
    -------
    tuple of (bytes, int) or None
        Content without the leading code and length, and how many bytes of `data` it took; None as long as bytes are
        missing.

    Raises
    ------
    DeviceError
        If this is another answer.
    """
    lead = 1 + (expected in _IN_STREAM_ANSWERS)
    head = bytes((IN_STREAM, expected) if lead == 2 else (expected,))
    if data[:lead] != head[: len(data)]:
        raise DeviceError(
            f"it answered {data[:4].hex(' ')} where {expected.name.lower().replace('_', ' ')} was asked for",
            Reason.GARBAGE,
        )
    if expected == Answer.INQUIRY:
        count_at = lead + 2 + n_config
        size = 2 + n_config + 2 + (data[count_at] if len(data) > count_at else 0)
        known = len(data) > count_at
    elif expected in _FIXED_ANSWER_BYTES:
        size, known = _FIXED_ANSWER_BYTES[expected], True
    else:
        known = len(data) > lead
        size = data[lead] if known else 0
        lead += 1
    if not known or len(data) < lead + size:
        return None
    return data[lead : lead + size], lead + size
