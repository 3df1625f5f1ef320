"""Commands, answers and facts of a Shimmer3, as bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import DeviceError, Reason
from devices.protocols.exg import ECG_REGISTERS, exg_millivolts, gains_of, registers_for
from devices.protocols.shimmer import (
    Answer,
    Command,
    Hardware,
    Sensor,
    answer_bytes,
    command,
    crc_of,
    payload_of,
    set_sampling_rate,
    set_sensors,
    with_crc,
)
from devices.protocols.shimmer_facts import Battery, Firmware, Inquiry
from devices.protocols.shimmer_packets import GSR_WORD, INTERNAL_A13, PacketFormat, channels_of

LOG_AND_STREAM = Firmware(kind=3, major=0, minor=16, release=0)


@pytest.mark.parametrize(("n", "crc"), [(8, "aa48"), (9, "5d2a"), (10, "178b"), (11, "4e79")])
def test_the_checksum_is_that_of_the_firmwares_own_self_test(n, crc):
    assert with_crc(bytes(range(1, n + 1)), 2)[-2:].hex() == crc
    assert with_crc(bytes(range(1, n + 1)), 1)[-1:].hex() == crc[:2]


def test_no_checksum_changes_nothing():
    assert with_crc(b"abc", 0) == b"abc"


@given(st.binary(min_size=1, max_size=40), st.integers(0, 319))
def test_a_flipped_bit_changes_the_checksum(data, bit):
    bit %= 8 * len(data)
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    assert crc_of(bytes(changed)) != crc_of(data)


def test_commands_as_the_firmware_reads_them():
    assert set_sampling_rate(640).hex() == "058002"
    assert set_sensors(Sensor.GSR | Sensor.INTERNAL_A13).hex() == "08040100"
    assert command(Command.INQUIRY).hex() == "01"


def test_a_command_with_too_few_bytes_is_not_written():
    with pytest.raises(ValueError, match="takes 1 bytes, not 0"):
        command(Command.SET_GSR_RANGE)


@pytest.mark.parametrize("n_config", [4, 7])
def test_an_inquiry_comes_back_as_it_was_written(n_config):
    inquiry = Inquiry(ticks=640, config=bytes(range(n_config)), buffer_size=1, channels=(0x12, 0x1C))
    data = answer_bytes(Answer.INQUIRY, bytes(inquiry))
    payload, n = payload_of(data + b"more", Answer.INQUIRY, n_config) or (b"", 0)
    assert n == len(data)
    assert Inquiry.from_bytes(payload, n_config) == inquiry


def test_the_range_is_read_from_the_configuration():
    assert Inquiry(ticks=1, config=bytes((0, 0, 0, 0x09)), buffer_size=1, channels=()).gsr_range == 4


@pytest.mark.parametrize("code", list(Answer))
def test_an_answer_is_read_however_late_its_bytes_come(code):
    sizes = {Answer.SAMPLING_RATE: 2, Answer.FIRMWARE: 6, Answer.CLOCK: 8, Answer.BATTERY: 3, Answer.NAME: 12}
    payload = bytes(range(1, sizes.get(code, 1) + 1))
    if code == Answer.INQUIRY:
        payload = bytes(Inquiry(ticks=64, config=bytes(4), buffer_size=1, channels=(0x1C,)))
    data = answer_bytes(code, payload)
    assert all(payload_of(data[:i], code) is None for i in range(len(data)))
    assert payload_of(data, code) == (payload, len(data))


def test_another_answer_than_the_one_asked_for_is_an_error_and_not_a_value():
    with pytest.raises(DeviceError, match="where gsr range was asked for") as caught:
        payload_of(answer_bytes(Answer.NAME, b"x"), Answer.GSR_RANGE)
    assert caught.value.reason is Reason.GARBAGE


@pytest.mark.parametrize(
    ("firmware", "hardware", "n_crc"),
    [
        (Firmware(kind=3, major=0, minor=13, release=6), 3, 0),
        (Firmware(kind=3, major=0, minor=13, release=7), 3, 2),
        (Firmware(kind=3, major=1, minor=0, release=30), 3, 2),
        (Firmware(kind=3, major=1, minor=0, release=10), 10, 0),
        (Firmware(kind=3, major=1, minor=0, release=11), 10, 2),
        (Firmware(kind=3, major=1, minor=0, release=24), 10, 1),
        (Firmware(kind=3, major=1, minor=0, release=49), 10, 1),
        (Firmware(kind=3, major=1, minor=0, release=50), 10, 2),
        (Firmware(kind=1, major=1, minor=0, release=0), 3, 0),
    ],
)
def test_a_checksum_is_asked_for_only_where_the_firmware_survives_it(firmware, hardware, n_crc):
    assert firmware.crc_bytes(hardware) == n_crc


def test_old_firmware_stamps_with_two_bytes():
    assert Firmware(kind=3, major=0, minor=5, release=3).tick_bytes == 2
    assert Firmware(kind=3, major=0, minor=5, release=4).tick_bytes == 3
    assert Firmware(kind=1, major=0, minor=7, release=2).tick_bytes == 2
    assert LOG_AND_STREAM.tick_bytes == 3


def test_firmware_comes_back_as_it_was_written_and_names_itself():
    assert Firmware.from_bytes(bytes(LOG_AND_STREAM)) == LOG_AND_STREAM
    assert str(LOG_AND_STREAM) == "LogAndStream 0.16.0"
    assert str(Firmware(kind=9, major=1, minor=2, release=3)) == "firmware 9 1.2.3"


def test_the_voltage_of_the_battery_is_the_one_consensys_gives():
    # 2846 counts are 4169.96 mV in Shimmer's own export of a log.
    assert Battery(adc=2846).volts == pytest.approx(4.16996, abs=1e-5)
    assert Battery.from_bytes(bytes(Battery.at(3.9))).volts == pytest.approx(3.9, abs=1e-3)


def test_a_voltage_no_cell_has_is_no_charge():
    assert Battery(adc=0).percent is None
    assert Battery(adc=4095).percent is None
    assert Battery.at(4.2).percent == 100
    assert Battery.at(3.1).percent == 0


@pytest.mark.parametrize("kind", [Inquiry, Firmware, Battery])
def test_facts_cut_short_are_an_error(kind):
    with pytest.raises(DeviceError, match="cut short"):
        kind.from_bytes(b"\x01")


def test_parsers_survive_a_hundred_thousand_random_answers():
    rng = np.random.default_rng(11)
    blob = rng.integers(0, 256, 2_000_000, dtype=np.uint8).tobytes()
    starts = rng.integers(0, len(blob) - 40, 100_000).tolist()
    sizes = rng.integers(0, 40, 100_000).tolist()
    answers = list(Answer)
    for i, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        data = blob[start : start + size]
        code = answers[i % len(answers)]
        try:
            # Half of them begin as the answer does, or hardly any would get past the first byte.
            payload_of(answer_bytes(code, b"")[:2] + data if i % 2 else data, code, 4 if i % 3 else 7)
            (Inquiry, Firmware, Battery)[i % 3].from_bytes(data)
        except DeviceError as error:
            assert error.reason in {Reason.GARBAGE, Reason.FIRMWARE}  # noqa: PT017


def test_every_kind_of_channel_is_read_as_it_was_written():
    channels = (0x00, 0x0A, 0x12, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F)
    values = {
        0x00: [-32768, 32767],
        0x0A: [-1, 1],
        0x12: [0, 4095],
        0x1A: [65535, 1],
        0x1B: [2**24 - 1, 2],
        0x1C: [65535, 683],
        0x1D: [255, 0],
        0x1E: [-(2**23), 2**23 - 1],
        0x1F: [-1, 73077],
    }
    packets = PacketFormat(channels=channels, ticks=64, n_crc=2)
    rows = np.frombuffer(b"".join(packets.encode([0, 64], values)), dtype=np.uint8).reshape(2, packets.size)
    assert {code: part.tolist() for code, part in packets.decode(rows).items()} == values


def test_some_channels_of_a_shimmer3r_are_written_the_other_way_round():
    values = {0x0A: [258]}
    old = PacketFormat(channels=(0x0A,), ticks=64).encode([0], values)[0]
    new = PacketFormat(channels=(0x0A,), ticks=64, hardware=Hardware.SHIMMER3R).encode([0], values)[0]
    assert (old[-2:].hex(), new[-2:].hex()) == ("0102", "0201")


def test_a_channel_nobody_knows_is_named():
    with pytest.raises(DeviceError, match="0x77") as caught:
        PacketFormat(channels=(GSR_WORD, 0x77), ticks=640)
    assert caught.value.reason is Reason.FIRMWARE


def test_the_channels_come_in_the_order_of_the_firmware():
    assert channels_of(Sensor.GSR | Sensor.INTERNAL_A13) == (INTERNAL_A13, GSR_WORD)


def test_the_gains_of_the_ecg_are_in_its_registers():
    assert gains_of(ECG_REGISTERS[0]) == (4, 4)
    assert gains_of(bytes(10)) == (6, 6)
    assert gains_of(bytes.fromhex("02a0104070002d000203")) is None
    assert gains_of(b"\x01") is None


def test_the_converter_runs_at_least_as_fast_as_it_is_read():
    assert [registers_for(rate)[0][0] for rate in (51.2, 128.0, 256.0, 512.0)] == [0, 1, 2, 3]
    assert exg_millivolts(np.array([2**23 - 1]), 6)[0] == pytest.approx(2420 / 6)
