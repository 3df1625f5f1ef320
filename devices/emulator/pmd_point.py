"""The measurement control point of an emulated Polar device: what is asked, what is answered."""

from collections.abc import Callable, Mapping

from devices.errors import DeviceError
from devices.protocols import pmd

SMALLEST_ECG_MTU = 70
"""A device refuses to stream with packets smaller than this."""

H10_OFFERS: dict[pmd.Measurement, dict[pmd.Setting, tuple[int, ...]]] = {
    pmd.Measurement.ECG: {pmd.Setting.RATE_HZ: (130,), pmd.Setting.RESOLUTION_BITS: (14,)},
    pmd.Measurement.ACC: {
        pmd.Setting.RATE_HZ: (25, 50, 100, 200),
        pmd.Setting.RESOLUTION_BITS: (16,),
        pmd.Setting.RANGE: (2, 4, 8),
    },
}
"""What an H10 can stream, and with which settings."""

_REFUSALS = {
    pmd.Setting.RATE_HZ: pmd.Status.BAD_RATE,
    pmd.Setting.RESOLUTION_BITS: pmd.Status.BAD_RESOLUTION,
    pmd.Setting.RANGE: pmd.Status.BAD_RANGE,
}
_SHORTEST_COMMAND = 2


class ControlPoint:
    """Answers commands, and knows which measurements run.

    Parameters
    ----------
    offers : mapping
        Settings by measurement, as `H10_OFFERS`.
    on_start : callable
        Called with measurement and chosen settings when one begins.
    on_stop : callable
        Called with the measurement when one ends on command.
    """

    def __init__(
        self,
        offers: Mapping[pmd.Measurement, Mapping[pmd.Setting, tuple[int, ...]]],
        on_start: Callable[[pmd.Measurement, dict[pmd.Setting, int]], None],
        on_stop: Callable[[pmd.Measurement], None],
    ) -> None:
        self._offers = offers
        self._on_start = on_start
        self._on_stop = on_stop
        self.running: set[pmd.Measurement] = set()

    @property
    def features(self) -> bytes:
        """Say what can be streamed.

        Returns
        -------
        bytes
            Value of the characteristic.
        """
        return pmd.encode_features(frozenset(self._offers))

    def answer(self, command: bytes, mtu: int) -> bytes:
        """Carry out a command.

        Parameters
        ----------
        command : bytes
            What was written.
        mtu : int
            Of the link.

        Returns
        -------
        bytes
            What is to be indicated.
        """
        op = command[0] if command else 0
        number = command[1] if len(command) > 1 else 0
        status, parameters = self._carried_out(command, mtu)
        if status is not pmd.Status.OK:
            return pmd.encode_response(pmd.Response(op=op, measurement=number, status=status))
        return pmd.encode_response(pmd.Response(op=op, measurement=number, parameters=parameters))

    def stop_all(self) -> tuple[pmd.Measurement, ...]:
        """End every measurement, as the device does by itself.

        Returns
        -------
        tuple of Measurement
            Those that ran.
        """
        ended = tuple(sorted(self.running))
        self.running.clear()
        return ended

    def _carried_out(self, command: bytes, mtu: int) -> tuple[pmd.Status, bytes]:
        """Carry out a command; its status, and what belongs to the answer."""
        if not command or command[0] not in set(pmd.Command):
            return pmd.Status.BAD_COMMAND, b""
        if len(command) < _SHORTEST_COMMAND:
            return pmd.Status.BAD_LENGTH, b""
        if command[1] not in set(pmd.Measurement):
            return pmd.Status.BAD_MEASUREMENT, b""
        measurement = pmd.Measurement(command[1])
        if measurement not in self._offers:
            return pmd.Status.UNSUPPORTED, b""
        if command[0] == pmd.Command.START:
            return self._start(measurement, command, mtu)
        if len(command) > _SHORTEST_COMMAND:
            return pmd.Status.BAD_LENGTH, b""
        if command[0] == pmd.Command.SETTINGS:
            return pmd.Status.OK, pmd.encode_settings(self._offers[measurement])
        if measurement not in self.running:
            return pmd.Status.ALREADY, b""
        self.running.discard(measurement)
        self._on_stop(measurement)
        return pmd.Status.OK, b""

    def _start(self, measurement: pmd.Measurement, command: bytes, mtu: int) -> tuple[pmd.Status, bytes]:
        """Begin a measurement, if everything asked for is on offer."""
        try:
            settings = pmd.decode_request(command).settings
        except DeviceError:
            return pmd.Status.BAD_LENGTH, b""
        if measurement in self.running:
            return pmd.Status.ALREADY, b""
        offered = self._offers[measurement]
        if set(settings) != set(offered):
            return pmd.Status.BAD_PARAMETER, b""
        for setting, value in settings.items():
            if value not in offered[setting]:
                return _REFUSALS.get(setting, pmd.Status.BAD_PARAMETER), b""
        if mtu < SMALLEST_ECG_MTU:
            return pmd.Status.BAD_MTU, b""
        self.running.add(measurement)
        self._on_start(measurement, settings)
        # A device confirms a start with one byte more than the answer has.
        return pmd.Status.OK, b"\0"
