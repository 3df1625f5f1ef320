"""Polar's measurement data service, the control point: which measurements there are, starting and stopping them."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from devices.errors import DeviceError, Reason
from devices.protocols.pmd_terms import STATUS_WORDS, Command, Measurement, Setting, Status

_FEATURES = 0x0F
_RESPONSE = 0xF0
_STOPPED = 0x01
_SIZES: dict[int, int] = {
    Setting.RATE_HZ: 2,
    Setting.RESOLUTION_BITS: 2,
    Setting.RANGE: 2,
    Setting.RANGE_MILLI: 4,
    Setting.CHANNELS: 1,
    Setting.FACTOR: 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked of the control point.

    Parameters
    ----------
    command : Command
        What to do.
    measurement : Measurement
        With which stream.
    settings : dict of Setting to int
        How, for a start.
    """

    command: Command
    measurement: Measurement
    settings: dict[Setting, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the control point answered.

    Parameters
    ----------
    op : int
        The command it answers.
    measurement : int
        The stream it is about.
    status : int
        One of `Status`, or a number of a later firmware.
    more : bool
        Whether the answer goes on in another packet.
    parameters : bytes
        What belongs to it: the settings, after a query.
    """

    op: int
    measurement: int
    status: int = Status.OK
    more: bool = False
    parameters: bytes = b""

    @property
    def words(self) -> str:
        """Say the status in words.

        Returns
        -------
        str
            Words and number.
        """
        return f"{STATUS_WORDS.get(self.status, 'unknown answer')} (code {self.status})"


def settings_request(measurement: Measurement) -> bytes:
    """Ask which settings a measurement offers.

    Parameters
    ----------
    measurement : Measurement
        The stream.

    Returns
    -------
    bytes
        To be written to the control point.
    """
    return bytes((Command.SETTINGS, measurement))


def start_request(measurement: Measurement, settings: Mapping[Setting, int]) -> bytes:
    """Start a measurement.

    Parameters
    ----------
    measurement : Measurement
        The stream.
    settings : mapping of Setting to int
        One choice for each setting the device offers.

    Returns
    -------
    bytes
        To be written to the control point.
    """
    chosen = encode_settings({setting: (value,) for setting, value in settings.items()})
    return bytes((Command.START, measurement)) + chosen


def stop_request(measurement: Measurement) -> bytes:
    """Stop a measurement.

    Parameters
    ----------
    measurement : Measurement
        The stream.

    Returns
    -------
    bytes
        To be written to the control point.
    """
    return bytes((Command.STOP, measurement))


def decode_request(data: bytes) -> Request:
    """Read a command, as the device does.

    Parameters
    ----------
    data : bytes
        What was written to the control point.

    Returns
    -------
    Request
        What is asked.

    Raises
    ------
    DeviceError
        With reason ``garbage`` if it is no command.
    """
    if len(data) < 2 or data[0] not in set(Command) or data[1] not in set(Measurement):
        raise _garbage("command", data)
    offered = decode_settings(data[2:])
    if any(len(values) != 1 for values in offered.values()):
        raise _garbage("command", data)
    settings = {setting: values[0] for setting, values in offered.items()}
    return Request(command=Command(data[0]), measurement=Measurement(data[1]), settings=settings)


def decode_response(data: bytes) -> Response:
    """Read an answer of the control point.

    Parameters
    ----------
    data : bytes
        What it indicated.

    Returns
    -------
    Response
        The answer; refusals come without parameters, on some firmware without the byte before them, too.

    Raises
    ------
    DeviceError
        With reason ``garbage`` if it is no answer.
    """
    if len(data) < 4 or data[0] != _RESPONSE:
        raise _garbage("answer", data)
    more = len(data) > 4 and data[4] != 0
    return Response(op=data[1], measurement=data[2], status=data[3], more=more, parameters=bytes(data[5:]))


def encode_response(response: Response) -> bytes:
    """Write an answer, as the device does.

    Parameters
    ----------
    response : Response
        The answer.

    Returns
    -------
    bytes
        What `decode_response` reads.
    """
    head = (_RESPONSE, response.op, response.measurement, response.status, int(response.more))
    return bytes(head) + response.parameters


def decode_settings(parameters: bytes) -> dict[Setting, tuple[int, ...]]:
    """Read what a measurement offers.

    Parameters
    ----------
    parameters : bytes
        Parameters of the answer to a query.

    Returns
    -------
    dict of Setting to tuple of int
        The values offered for each setting; the factor as its 32 bits (see `factor_of`). Reading ends at a setting
        of a later firmware, whose length is unknown.

    Raises
    ------
    DeviceError
        With reason ``garbage`` if it ends in the middle of a setting.
    """
    settings: dict[Setting, tuple[int, ...]] = {}
    position = 0
    while position < len(parameters) and parameters[position] in _SIZES:
        setting = Setting(parameters[position])
        size = _SIZES[setting]
        n_values = parameters[position + 1] if position + 1 < len(parameters) else 0
        stop = position + 2 + n_values * size
        if not n_values or stop > len(parameters):
            raise _garbage("list of settings", parameters)
        values = parameters[position + 2 : stop]
        settings[setting] = tuple(
            int.from_bytes(values[start : start + size], "little") for start in range(0, len(values), size)
        )
        position = stop
    return settings


def encode_settings(settings: Mapping[Setting, tuple[int, ...]]) -> bytes:
    """Write what a measurement offers, as the device does.

    Parameters
    ----------
    settings : mapping of Setting to tuple of int
        The values for each setting.

    Returns
    -------
    bytes
        What `decode_settings` reads.
    """
    parts = []
    for setting, values in settings.items():
        parts.append(bytes((setting, len(values))))
        parts.extend(value.to_bytes(_SIZES[setting], "little") for value in values)
    return b"".join(parts)


def factor_of(bits: int) -> float:
    """Read the factor by which compressed samples are to be multiplied.

    Parameters
    ----------
    bits : int
        Value of `Setting.FACTOR`.

    Returns
    -------
    float
        The factor.
    """
    return float(struct.unpack("<f", bits.to_bytes(4, "little"))[0])


def decode_features(data: bytes) -> frozenset[Measurement]:
    """Read which measurements a device can stream.

    Parameters
    ----------
    data : bytes
        Value read from the control point.

    Returns
    -------
    frozenset of Measurement
        Those it can; measurements of later firmware are left out.

    Raises
    ------
    DeviceError
        With reason ``garbage`` if it is no list of features.
    """
    if len(data) < 2 or data[0] != _FEATURES:
        raise _garbage("list of features", data)
    return frozenset(measurement for measurement in Measurement if data[1] >> measurement & 1)


def encode_features(measurements: frozenset[Measurement]) -> bytes:
    """Write which measurements a device can stream, as the device does.

    Parameters
    ----------
    measurements : frozenset of Measurement
        Those it can.

    Returns
    -------
    bytes
        17 bytes that `decode_features` reads.
    """
    bits = sum(1 << measurement for measurement in measurements)
    return bytes((_FEATURES, bits)) + bytes(15)


def decode_stopped(data: bytes) -> tuple[Measurement, ...] | None:
    """Read the notice that the device itself stopped measurements.

    Parameters
    ----------
    data : bytes
        What the control point indicated.

    Returns
    -------
    tuple of Measurement or None
        Those stopped; empty when it does not name any that is known; None if it is no such notice.
    """
    if not data or data[0] != _STOPPED:
        return None
    return tuple(Measurement(number) for number in data[1:] if number in set(Measurement))


def encode_stopped(*measurements: Measurement) -> bytes:
    """Write the notice that the device itself stopped measurements.

    Parameters
    ----------
    *measurements : Measurement
        Those stopped.

    Returns
    -------
    bytes
        What `decode_stopped` reads.
    """
    return bytes((_STOPPED, *measurements))


def _garbage(what: str, data: bytes) -> DeviceError:
    """Say that bytes are not what they should be."""
    return DeviceError(
        f"{len(data)} bytes ({data[:12].hex(' ')}) are no {what} of the Polar measurement service. Restart the device "
        "(take the sensor off the strap for a minute) and update its firmware in Polar Flow.",
        Reason.GARBAGE,
    )
