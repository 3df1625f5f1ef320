import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import serial

from devices.emulator.byte_faults import ByteFaults
from devices.emulator.sent_samples import SentLog
from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_signals import CounterShimmer
from devices.emulator.virtual_shimmer import VirtualShimmer
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols import shimmer
from devices.protocols.shimmer import Command, Sensor

pytestmark = [
    pytest.mark.hardware,
    pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals"),
]

SPEED = 20.0
START = shimmer.command(Command.START_STREAMING)
STOP = shimmer.command(Command.STOP_STREAMING)
PACKET_BYTES = 8
PATIENCE_S = 10.0


@contextmanager
def switched_on(**faults: object) -> Iterator[VirtualShimmer]:
    unit = VirtualShimmer(CounterShimmer(), Pace(SPEED), faults=ShimmerFaults(**faults))
    with unit:
        yield unit


@contextmanager
def opened(unit: VirtualShimmer) -> Iterator[serial.Serial]:
    with serial.Serial(unit.port, 115200, timeout=PATIENCE_S) as port:
        yield port


def both_channels(port: serial.Serial) -> None:
    port.write(shimmer.set_sensors(Sensor.GSR | Sensor.INTERNAL_A13))
    port.write(shimmer.command(Command.SET_EXPANSION_POWER, 1))
    assert port.read(2) == b"\xff\xff"


def streamed(port: serial.Serial, n_packets: int) -> bytes:
    """Stream until this many packets are here, stop, and give all bytes between the two acknowledgements."""
    port.write(START)
    assert port.read(1) == b"\xff"
    data = port.read(n_packets * PACKET_BYTES)
    port.write(STOP)
    return data + rest(port)


def rest(port: serial.Serial) -> bytes:
    """Read until nothing comes for a while; without the acknowledgement at the end."""
    port.timeout = 0.3
    data = port.read(1 << 20)
    port.timeout = PATIENCE_S
    assert data[-1] == 0xFF
    return data[:-1]


def rows(data: bytes) -> np.ndarray:
    assert len(data) % PACKET_BYTES == 0
    return np.frombuffer(data, dtype=np.uint8).reshape(-1, PACKET_BYTES).astype(np.int64)


def ticks(packets: np.ndarray) -> np.ndarray:
    return packets[:, 1] + 256 * packets[:, 2] + 65536 * packets[:, 3]


def until(condition: object, what: str) -> None:
    stop_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < stop_s, what
        time.sleep(0.002)


def test_every_packet_sent_arrives_once_with_its_stamp_and_values() -> None:
    with switched_on(tick_start=2**24 - 40 * 640) as unit, opened(unit) as port:
        both_channels(port)
        packets = rows(streamed(port, 200))
        sent = unit.sent()
    assert len(packets) >= 200
    assert set(packets[:, 0]) == {0}
    assert (ticks(packets) == (sent.tick + 2**24 - 40 * 640) % 2**24).all()
    assert (np.diff(sent.tick) == 640).all()
    ppg, word = packets[:, 4] + 256 * packets[:, 5], packets[:, 6] + 256 * packets[:, 7]
    assert (ppg == sent.ppg).all()
    assert (word == sent.gsr_word).all()
    assert (CounterShimmer.index_of(word, ppg) == sent.tick // 640).all()


def test_samples_are_taken_by_the_crystal_and_arrive_later() -> None:
    with switched_on(clock_drift=300e-6) as unit, opened(unit) as port:
        both_channels(port)
        streamed(port, 100)
        sent, now_s = unit.sent(), unit._pace.now()
    assert np.diff(sent.sampled_s) == pytest.approx(640 / 32768 / (1 + 300e-6), rel=1e-6)
    assert unit.power_on_s < sent.sampled_s[0]
    assert sent.sampled_s[-1] + 0.03 <= now_s


def test_packets_lost_inside_the_unit_leave_a_step_in_the_stamps() -> None:
    with switched_on(lost_packets=(5, 6, 20)) as unit, opened(unit) as port:
        both_channels(port)
        packets = rows(streamed(port, 50))
    steps = np.diff(ticks(packets)) // 640
    assert (np.flatnonzero(steps != 1).tolist(), steps[steps != 1].tolist()) == ([4, 17], [3, 2])


def test_half_a_packet_is_half_a_packet() -> None:
    with switched_on(half_frame_at_s=(4.0,)) as unit, opened(unit) as port:
        both_channels(port)
        data = streamed(port, 300)
        sent = unit.sent()
    assert len(data) == len(sent.tick) * PACKET_BYTES + PACKET_BYTES // 2


def test_the_line_damages_packets_and_leaves_answers_alone() -> None:
    with switched_on(line=ByteFaults(drop_bytes=(11,), insert_bytes=(30,))) as unit, opened(unit) as port:
        both_channels(port)
        clean = len(unit.sent().tick)
        data = streamed(port, 50)
        sent = unit.sent()
    assert clean == 0
    assert len(data) == len(sent.tick) * PACKET_BYTES
    assert data[8:10] == data[:1] + (int(sent.tick[1]) % 256).to_bytes(1, "little")
    assert rows(data[:8] + data[32:])[1:, 0].tolist() == [0] * (len(sent.tick) - 4)


def test_a_unit_that_says_it_streams_and_does_not_is_woken_by_a_new_start() -> None:
    with switched_on(silent_at_s=4.0) as unit, opened(unit) as port:
        both_channels(port)
        port.write(START)
        until(lambda: unit._pace.now() > unit.power_on_s + 7.0, "time stands still")
        port.write(shimmer.command(Command.GET_STATUS))
        data = rest_of_status(port)
        n_before = len(unit.sent().tick)
        assert unit.sent().sampled_s.max() < unit.power_on_s + 4.0
        assert data.endswith(bytes.fromhex("8a7112"))
        port.write(STOP)
        assert port.read(1) == b"\xff"
        streamed(port, 20)
        assert len(unit.sent().tick) >= n_before + 20


def rest_of_status(port: serial.Serial) -> bytes:
    port.timeout = 0.3
    data = port.read(1 << 20)
    port.timeout = PATIENCE_S
    return data


def test_a_port_that_goes_away_fails_the_reader_and_is_back_at_the_same_path() -> None:
    with switched_on() as unit:
        path = unit.port
        assert path.endswith("Shimmer3-92E8")
        with opened(unit) as port:
            both_channels(port)
            port.write(START)
            assert len(port.read(80)) == 80
            unit.vanish()
            with pytest.raises(serial.SerialException):
                port.read(1 << 20)
        with pytest.raises(serial.SerialException):
            serial.Serial(path)
        unit.come_back()
        assert unit.port == path
        with opened(unit) as port:
            port.timeout = 0.2
            assert port.read(1) == b"", "a lost link stops the stream"
            port.timeout = PATIENCE_S
            streamed(port, 20)


def test_a_planned_drop_takes_the_port_away_for_a_while() -> None:
    with switched_on(disconnect_at_s=(3.0,), away_s=4.0) as unit:
        path = Path(unit.port)
        until(lambda: not path.exists(), "the port stays")
        assert unit._pace.now() >= unit.power_on_s + 3.0
        until(path.exists, "the port stays away")
        assert unit._pace.now() >= unit.power_on_s + 7.0


def test_a_closed_port_stops_the_stream_unless_the_unit_goes_on() -> None:
    for goes_on in (False, True):
        with switched_on(streams_on=goes_on) as unit:
            with opened(unit) as port:
                both_channels(port)
                port.write(START)
                assert len(port.read(80)) == 80
            until(lambda unit=unit: not unit._port.is_open, "the closing goes unnoticed")
            with opened(unit) as port:
                port.timeout = 0.3
                assert bool(port.read(8)) is goes_on


def test_a_unit_still_streaming_from_before_can_be_stopped() -> None:
    with switched_on(start_streaming=True) as unit, opened(unit) as port:
        assert len(port.read(60)) == 60
        port.write(STOP)
        rest(port)
        port.write(shimmer.command(Command.GET_HARDWARE))
        assert port.read(3) == b"\xff\x25\x03"


def test_nobody_reading_costs_whole_packets_and_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.emulator.virtual_shimmer._BUFFER_BYTES", 256)
    with switched_on() as unit, opened(unit) as port:
        both_channels(port)
        port.write(shimmer.set_sampling_rate(8) + START)
        until(lambda: unit.n_overflowed > 100, "nothing overflows")
        port.write(STOP)
        data = rest(port)
        sent = unit.sent()
    packets = rows(data[2:])
    assert (ticks(packets) == sent.tick % 2**24).all()


def test_bursts_and_stalls_hold_packets_back_in_order() -> None:
    from devices.emulator.serial_delays import SerialDelays

    faults = ShimmerFaults(burst_s=0.05, jitter_s=0.01, base_latency_s=0.03, stalls=((5.0, 2.0),))
    delays = SerialDelays(faults, 100.0, 1, "unit")
    sampled_s = 100.0 + np.arange(1000) / 51.2
    due_s = np.array([delays.due(t_s) for t_s in sampled_s.tolist()])
    late_s = due_s - sampled_s
    assert (np.diff(due_s) >= 0.0).all()
    assert late_s.min() >= 0.03
    assert late_s.min() < 0.035
    assert (np.diff(due_s) == 0.0).sum() > 500
    held = (sampled_s > 105.0) & (sampled_s < 106.9)
    assert due_s[held] == pytest.approx(107.0)
    assert late_s[sampled_s > 107.0].max() < 0.25


def test_the_log_of_what_was_sent_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.emulator.sent_samples._KEPT_SAMPLES", 10)
    log = SentLog()
    for i in range(100):
        log.add(i, i % 7, i % 5)
        kept = log.samples(0.0, 1.0)
        assert len(kept.tick) <= 20
        assert kept.tick.tolist() == list(range(i + 1 - len(kept.tick), i + 1))
    assert len(kept.tick) >= 10
    assert kept.gsr_word.tolist() == [i % 7 for i in kept.tick.tolist()]


def test_where_there_are_no_pseudo_terminals_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.openpty")
    with pytest.raises(DeviceError, match="Windows has no pseudo-terminals") as caught:
        VirtualShimmer(CounterShimmer(), Pace()).start()
    assert caught.value.reason is Reason.MISSING_LIBRARY


def test_a_unit_that_is_off_has_no_port() -> None:
    unit = VirtualShimmer(CounterShimmer(), Pace())
    with pytest.raises(ValueError, match="not switched on"):
        _ = unit.port
    unit.stop()


def test_a_unit_that_died_says_why_when_it_is_switched_off() -> None:
    class Broken(CounterShimmer):
        def words(self, *_: object) -> np.ndarray:
            raise ArithmeticError("planned")

    unit = VirtualShimmer(Broken(), Pace(SPEED))
    unit.start()
    with opened(unit) as port:
        port.write(START)
        until(lambda: not unit._thread.is_alive(), "it lives on")
    with pytest.raises(RuntimeError, match="died") as caught:
        unit.stop()
    assert isinstance(caught.value.__cause__, ArithmeticError)
