from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_firmware import ShimmerFirmware
from devices.emulator.shimmer_signals import CounterShimmer
from devices.protocols import shimmer, shimmer_packets
from devices.protocols.shimmer import Answer, Command, Hardware, Sensor
from devices.protocols.shimmer_facts import Battery, Firmware, Inquiry

OLD = Firmware(kind=1, major=0, minor=7, release=0)
SENSORS = Sensor.GSR | Sensor.INTERNAL_A13 | Sensor.EXG1_24BIT | Sensor.EXG2_24BIT


def unit(**faults: object) -> ShimmerFirmware:
    return ShimmerFirmware(ShimmerFaults(**faults), "Shimmer_92E8", lambda: 327680)


def told(firmware: ShimmerFirmware, data: bytes) -> bytes:
    return b"".join(reaction.answer for reaction in firmware.receive(data))


def payload(firmware: ShimmerFirmware, code: Command, *arguments: int, n_config: int = 4) -> bytes:
    answer = told(firmware, shimmer.command(code, *arguments))
    assert answer[0] == shimmer.ACK
    read = shimmer.payload_of(answer[1:], shimmer.ANSWERS[code], n_config)
    assert read is not None
    assert read[1] == len(answer) - 1
    return read[0]


def test_the_inquiry_tells_rate_range_and_channels() -> None:
    firmware = unit()
    told(firmware, shimmer.set_sensors(Sensor.GSR | Sensor.INTERNAL_A13) + shimmer.set_sampling_rate(256))
    told(firmware, shimmer.command(Command.SET_GSR_RANGE, 3))
    inquiry = Inquiry.from_bytes(payload(firmware, Command.INQUIRY))
    assert inquiry.ticks == 256
    assert inquiry.gsr_range == 3
    assert inquiry.channels == (shimmer_packets.INTERNAL_A13, shimmer_packets.GSR_WORD)


def test_a_shimmer3r_has_seven_bytes_of_configuration_and_two_of_status() -> None:
    firmware = unit(hardware=Hardware.SHIMMER3R, firmware=Firmware(kind=3, major=1, minor=0, release=60))
    assert payload(firmware, Command.GET_HARDWARE) == b"\x0a"
    assert Inquiry.from_bytes(payload(firmware, Command.INQUIRY, n_config=7), 7).ticks == 640
    assert told(firmware, shimmer.command(Command.GET_STATUS)) == bytes.fromhex("ff8a710000")


def test_what_it_is_and_has_can_be_asked() -> None:
    firmware = unit(battery_mv=3700, firmware=OLD)
    assert payload(firmware, Command.GET_NAME) == b"Shimmer_92E8"
    assert Firmware.from_bytes(payload(firmware, Command.GET_FIRMWARE)) == OLD
    assert Battery.from_bytes(payload(firmware, Command.GET_BATTERY)).volts == pytest.approx(3.7, abs=2e-3)
    assert payload(firmware, Command.GET_DAUGHTER_CARD, 3, 0) == bytes((48, 3, 0))
    assert payload(unit(has_exg=True), Command.GET_DAUGHTER_CARD, 2, 0) == bytes((47, 3))
    assert payload(firmware, Command.GET_EXG_REGISTERS, 0, 3, 2) == b"\x40\x40"
    assert payload(firmware, Command.GET_EXPANSION_POWER) == b"\0"


def test_its_clock_goes_on_from_what_it_was_set_to() -> None:
    firmware = unit()
    assert payload(firmware, Command.GET_CLOCK) == (327680).to_bytes(8, "little")
    told(firmware, shimmer.command(Command.SET_CLOCK, *(10**12).to_bytes(8, "little")))
    assert payload(firmware, Command.GET_CLOCK) == (10**12).to_bytes(8, "little")


def test_registers_of_the_ecg_chips_can_be_written() -> None:
    firmware = unit(has_exg=True)
    assert told(firmware, bytes((Command.SET_EXG_REGISTERS, 1, 3, 2, 0x50, 0x51))) == b"\xff"
    assert payload(firmware, Command.GET_EXG_REGISTERS, 1, 2, 4) == b"\x10\x50\x51\x00"


def test_a_checksum_covers_the_acknowledgement_and_the_answer_from_the_command_that_turns_it_on() -> None:
    firmware = unit()
    answer = told(firmware, shimmer.command(Command.SET_CRC, 2))
    assert answer == shimmer.with_crc(b"\xff", 2)
    answer = told(firmware, shimmer.command(Command.GET_NAME))
    assert shimmer.with_crc(answer[:-2], 2) == answer
    firmware.hang_up()
    assert told(firmware, shimmer.command(Command.GET_HARDWARE)) == bytes((0xFF, Answer.HARDWARE, 3))


def test_old_firmware_passes_over_the_command_for_checksums() -> None:
    assert told(unit(firmware=OLD), shimmer.command(Command.SET_CRC, 2)) == b""


def test_bytes_that_are_no_command_are_passed_over_or_refused() -> None:
    assert told(unit(), b"\xf0\x42" + shimmer.command(Command.GET_HARDWARE)) == b"\xff\x25\x03"
    assert told(unit(nack_unknown=True), b"\xf0") == bytes((shimmer.NACK,))


def test_settings_are_refused_while_streaming() -> None:
    firmware = unit()
    (reaction,) = firmware.receive(shimmer.command(Command.START_STREAMING))
    assert reaction.starts
    assert told(firmware, shimmer.set_sampling_rate(64)) == bytes((shimmer.NACK,))
    assert told(firmware, shimmer.command(Command.GET_BATTERY))[:3] == bytes((0xFF, 0x8A, 0x94))
    (reaction,) = firmware.receive(shimmer.command(Command.STOP_STREAMING))
    assert reaction.stops
    assert told(firmware, shimmer.set_sampling_rate(64)) == bytes((shimmer.ACK,))


def test_commands_can_be_refused_or_not_answered_by_plan() -> None:
    firmware = unit(nack=(Command.SET_SENSORS,), ignores=(Command.GET_NAME,))
    assert told(firmware, shimmer.set_sensors(Sensor.GSR)) == bytes((shimmer.NACK,))
    assert told(firmware, shimmer.command(Command.GET_NAME)) == b""


def test_packets_hold_the_counter_in_each_channel() -> None:
    firmware = unit(has_exg=True)
    told(firmware, shimmer.set_sensors(SENSORS) + shimmer.command(Command.SET_EXPANSION_POWER, 1))
    content = firmware.make_packets(CounterShimmer(), 5000, 40, 51.2, 0)
    rows = np.frombuffer(b"".join(content.packets), dtype=np.uint8).reshape(40, -1)
    read = firmware.format.decode(rows)
    index = CounterShimmer.index_of(read[shimmer_packets.GSR_WORD], read[shimmer_packets.INTERNAL_A13])
    assert index.tolist() == list(range(5000, 5040))
    assert (read[shimmer_packets.EXG2_CH2] + 2**23).tolist() == list(range(5000, 5040))
    assert content.words == read[shimmer_packets.GSR_WORD].tolist()


def test_the_pulse_channel_is_dead_without_power() -> None:
    firmware = unit()
    told(firmware, shimmer.set_sensors(Sensor.INTERNAL_A13))
    assert set(firmware.make_packets(CounterShimmer(), 5000, 40, 51.2, 0).ppg) == {0}


def test_without_sensors_nothing_is_sent() -> None:
    firmware = unit()
    told(firmware, shimmer.set_sensors(0))
    assert firmware.make_packets(CounterShimmer(), 0, 10, 51.2, 0).packets == []


@pytest.mark.parametrize(
    ("version", "n_bytes"), [(OLD, 2), (Firmware(kind=3, major=0, minor=16, release=9), 3)]
)
def test_stamps_wrap_at_their_width(version: Firmware, n_bytes: int) -> None:
    firmware = unit(firmware=version)
    packets = firmware.make_packets(CounterShimmer(), 0, 3, 51.2, 256**n_bytes - 640).packets
    stamps = [int.from_bytes(packet[1 : 1 + n_bytes], "little") for packet in packets]
    assert stamps == [256**n_bytes - 640, 0, 640]


@given(cuts=st.lists(st.integers(0, 60), max_size=12))
def test_commands_may_come_in_any_pieces(cuts: list[int]) -> None:
    line = (
        shimmer.set_sensors(SENSORS)
        + shimmer.set_sampling_rate(128)
        + shimmer.command(Command.SET_EXG_REGISTERS, 0, 0, 10, *range(10))
        + shimmer.command(Command.SET_CRC, 1)
        + shimmer.command(Command.INQUIRY)
        + shimmer.command(Command.GET_EXG_REGISTERS, 0, 0, 10)
    )
    edges = [0, *sorted(min(cut, len(line)) for cut in cuts), len(line)]
    firmware = unit()
    pieces = b"".join(told(firmware, line[a:b]) for a, b in pairwise(edges))
    assert pieces == told(unit(), line)
