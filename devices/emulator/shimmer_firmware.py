"""What runs inside a virtual Shimmer3: commands in, answers and packets out. No clock, no port.

After the published firmware (log-and-stream-common): a byte that is no command is passed over, a setting is refused
while streaming, a checksum covers acknowledgement and answer together, a lost link stops the stream and the checksums.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_signals import ShimmerSignal
from devices.protocols import gsr, shimmer, shimmer_facts, shimmer_packets
from devices.protocols.shimmer import Command, Hardware, Sensor
from devices.protocols.shimmer_packets import PacketFormat

DEFAULT_TICKS = 640
_DEFAULT_EXG = (bytes.fromhex("02a01040402d00000203"), bytes.fromhex("02a01040470000000201"))
_CARD_GSR, _CARD_EXG = (48, 3, 0), (47, 3, 0)
_FIRST_WITH_CRC = (0, 13, 7)
_FIRST_WITH_USB = (1, 0, 24)
_BATTERY_COUNTS, _REST_COUNTS = 2600, 2048
_LONGEST_NAME = 12

_ONLY_WHILE_STILL = frozenset(
    {
        Command.SET_SAMPLING_RATE,
        Command.SET_SENSORS,
        Command.SET_GSR_RANGE,
        Command.SET_EXPANSION_POWER,
        Command.SET_EXG_REGISTERS,
    }
)


class Reaction(NamedTuple):
    """What a command leads to.

    Parameters
    ----------
    answer : bytes
        To be sent back, with its checksum; may be empty.
    starts, stops : bool
        Whether streaming begins or ends with it.
    """

    answer: bytes
    starts: bool = False
    stops: bool = False


class Content(NamedTuple):
    """Packets ready to go, and what is in them.

    Parameters
    ----------
    packets : list of bytes
        One for each sample.
    words, ppg : list of int
        Skin conductance word and pulse channel; 0 where not sent.
    """

    packets: list[bytes]
    words: list[int]
    ppg: list[int]


class ShimmerFirmware:
    """One unit from its power-on.

    Parameters
    ----------
    faults : ShimmerFaults
        Version, hardware and what it refuses.
    name : str
        What it calls itself; cut to 12 letters.
    clock : callable
        Gives its ticks since power-on.
    """

    def __init__(self, faults: ShimmerFaults, name: str, clock: Callable[[], int]) -> None:
        self._faults = faults
        self._name = name.encode("ascii", errors="replace")[:_LONGEST_NAME]
        self._clock = clock
        self._clock_offset = 0
        self._pending = bytearray()
        self._n_crc = 0
        self._sensors = int(Sensor.GSR)
        self._exg = [bytearray(registers) for registers in _DEFAULT_EXG]
        self._has_power = False
        self.ticks = DEFAULT_TICKS
        self.gsr_range = gsr.AUTO_RANGE
        self.streaming = faults.start_streaming

    @property
    def format(self) -> PacketFormat:
        """How its packets are made up now.

        Returns
        -------
        PacketFormat
            By sensors, rate and checksum chosen.
        """
        return PacketFormat(
            channels=shimmer_packets.channels_of(self._sensors),
            ticks=self.ticks,
            tick_bytes=self._faults.firmware.tick_bytes,
            n_crc=self._n_crc,
            hardware=self._faults.hardware,
        )

    def hang_up(self) -> None:
        """Lose the link."""
        self._pending.clear()
        self._n_crc = 0
        if not self._faults.streams_on:
            self.streaming = False

    def receive(self, data: bytes) -> list[Reaction]:
        """Take bytes from the program.

        Parameters
        ----------
        data : bytes
            Commands, cut anywhere.

        Returns
        -------
        list of Reaction
            What each whole command leads to.
        """
        self._pending += data
        reactions = []
        while self._pending:
            code = self._pending[0]
            n_arguments = self._argument_count(code)
            if n_arguments is None or len(self._pending) < 1 + n_arguments:
                break
            arguments = bytes(self._pending[1 : 1 + n_arguments])
            del self._pending[: 1 + n_arguments]
            reactions.append(self._react(code, arguments))
        return reactions

    def make_packets(
        self, signal: ShimmerSignal, first_index: int, n: int, rate_hz: float, start_tick: int
    ) -> Content:
        """Measure and pack.

        Parameters
        ----------
        signal : ShimmerSignal
            What is at the electrodes.
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many.
        rate_hz : float
            True sampling rate.
        start_tick : int
            What its counter showed at power-on.

        Returns
        -------
        Content
            The packets; none when no sensor is chosen.
        """
        if not shimmer_packets.channels_of(self._sensors):
            return Content([], [], [])
        packet_format = self.format
        values: dict[int, NDArray[np.integer]] = {
            code: np.full(n, _BATTERY_COUNTS if code == 3 else _REST_COUNTS)
            for code in packet_format.channels
        }
        none = np.zeros(n, dtype=np.uint16)
        words = ppg = none
        if self._sensors & Sensor.GSR:
            words = values[shimmer_packets.GSR_WORD] = signal.words(first_index, n, rate_hz, self.gsr_range)
        if self._sensors & Sensor.INTERNAL_A13:
            ppg = signal.ppg(first_index, n, rate_hz) if self._has_power else none
            values[shimmer_packets.INTERNAL_A13] = ppg
        if self._sensors & (Sensor.EXG1_24BIT | Sensor.EXG2_24BIT):
            values.update(self._exg_values(signal, first_index, n, rate_hz))
        stamps = (start_tick + self.ticks * np.arange(first_index, first_index + n)).tolist()
        packets = packet_format.encode(stamps, {code: part.tolist() for code, part in values.items()})
        return Content(packets, words.tolist(), ppg.tolist())

    def _exg_values(
        self, signal: ShimmerSignal, first_index: int, n: int, rate_hz: float
    ) -> dict[int, NDArray[np.integer]]:
        """Measure the ECG; without a board its chips are silent."""
        counts = (
            signal.exg(first_index, n, rate_hz) if self._faults.has_exg else np.zeros((n, 4), dtype=np.int32)
        )
        status = np.full(n, 0x80)
        return {
            shimmer_packets.EXG1_STATUS: status,
            shimmer_packets.EXG1_CH1: counts[:, 0],
            shimmer_packets.EXG1_CH2: counts[:, 1],
            shimmer_packets.EXG2_STATUS: status,
            shimmer_packets.EXG2_CH1: counts[:, 2],
            shimmer_packets.EXG2_CH2: counts[:, 3],
        }

    def _argument_count(self, code: int) -> int | None:
        """Tell how many bytes follow a command; None when that is not known yet."""
        if not self._knows(code):
            return 0
        if code == Command.SET_EXG_REGISTERS:
            return 3 + self._pending[3] if len(self._pending) > 3 else None
        return shimmer.ARGUMENT_BYTES.get(Command(code), 0)

    def _knows(self, code: int) -> bool:
        """Whether a byte is a command of this firmware."""
        if code not in set(Command):
            return False
        firmware = self._faults.firmware
        if code == Command.SET_CRC and self._faults.hardware != Hardware.SHIMMER3R:
            return firmware.kind == 3 and firmware.version >= _FIRST_WITH_CRC
        return True

    def _react(self, code: int, arguments: bytes) -> Reaction:
        """Do what a command says."""
        if code in self._faults.ignores:
            return Reaction(b"")
        if not self._knows(code):
            return Reaction(self._signed(bytes((shimmer.NACK,))) if self._faults.nack_unknown else b"")
        if code in self._faults.nack or (self.streaming and code in _ONLY_WHILE_STILL):
            return Reaction(self._signed(bytes((shimmer.NACK,))))
        command = Command(code)
        starts = command is Command.START_STREAMING and not self.streaming
        stops = command is Command.STOP_STREAMING and self.streaming
        self._set(command, arguments)
        answer = bytes((shimmer.ACK,))
        if command in shimmer.ANSWERS:
            answer += shimmer.answer_bytes(shimmer.ANSWERS[command], self._payload(command, arguments))
        return Reaction(self._signed(answer), starts, stops)

    def _signed(self, answer: bytes) -> bytes:
        return shimmer.with_crc(answer, self._n_crc)

    def _set(self, command: Command, arguments: bytes) -> None:
        """Change what a command changes."""
        number = int.from_bytes(arguments, "little")
        match command:
            case Command.START_STREAMING:
                self.streaming = True
            case Command.STOP_STREAMING:
                self.streaming = False
            case Command.SET_SAMPLING_RATE:
                self.ticks = max(1, number)
            case Command.SET_SENSORS:
                self._sensors = number
            case Command.SET_GSR_RANGE:
                self.gsr_range = min(number, gsr.AUTO_RANGE)
            case Command.SET_EXPANSION_POWER:
                self._has_power = number == 1
            case Command.SET_CRC:
                self._n_crc = min(number, 2)
            case Command.SET_CLOCK:
                self._clock_offset = number - self._clock()
            case Command.SET_EXG_REGISTERS:
                chip, start, count = arguments[:3]
                if chip < 2 and start + count <= 10:
                    self._exg[chip][start : start + count] = arguments[3:]

    def _payload(self, command: Command, arguments: bytes) -> bytes:
        """Write what a command asks for."""
        faults = self._faults
        match command:
            case Command.INQUIRY:
                return bytes(self._inquiry())
            case Command.GET_SAMPLING_RATE:
                return self.ticks.to_bytes(2, "little")
            case Command.GET_GSR_RANGE:
                return bytes((self.gsr_range,))
            case Command.GET_FIRMWARE:
                return bytes(faults.firmware)
            case Command.GET_HARDWARE:
                return bytes((faults.hardware,))
            case Command.GET_EXPANSION_POWER:
                return bytes((self._has_power,))
            case Command.GET_EXG_REGISTERS:
                chip, start, count = arguments
                return bytes(self._exg[chip][start : start + count]) if chip < 2 else b""
            case Command.GET_DAUGHTER_CARD:
                count, start = arguments
                card = bytes(_CARD_EXG if faults.has_exg else _CARD_GSR).ljust(16, b"\xff")
                return card[start : start + count]
            case Command.GET_STATUS:
                status = bytes((0x10 * self.streaming | 0x02 * self.streaming,))
                has_usb = faults.hardware == Hardware.SHIMMER3R and faults.firmware.version >= _FIRST_WITH_USB
                return status + b"\0" if has_usb else status
            case Command.GET_NAME:
                return self._name
            case Command.GET_CLOCK:
                return ((self._clock() + self._clock_offset) % 2**64).to_bytes(8, "little")
            case Command.GET_BATTERY:
                return bytes(shimmer_facts.Battery.at(faults.battery_mv / 1000.0))
            case _:
                return b""

    def _inquiry(self) -> shimmer_facts.Inquiry:
        """Describe the present set-up."""
        config = bytes((0x01, 0xFF, 0x01, self.gsr_range << 1 | self._has_power))
        if self._faults.hardware == Hardware.SHIMMER3R:
            config += bytes(3)
        channels = shimmer_packets.channels_of(self._sensors)
        return shimmer_facts.Inquiry(ticks=self.ticks, config=config, buffer_size=1, channels=channels)
