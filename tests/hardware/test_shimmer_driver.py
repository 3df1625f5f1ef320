"""The Shimmer driver against a virtual unit behind a pseudo-terminal, and against ports with something else behind."""

import argparse
import asyncio
import os
from contextlib import suppress

import numpy as np
import pytest

from devices.driver import Context, Link, Seen, Wish
from devices.drivers.shimmer import KIND, Shimmer
from devices.emulator.byte_faults import ByteFaults
from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_firmware import ShimmerFirmware
from devices.emulator.shimmer_signals import CounterShimmer
from devices.emulator.virtual_shimmer import VirtualShimmer
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols.gsr import words_microsiemens
from devices.protocols.shimmer import Command
from devices.protocols.shimmer_facts import Firmware
from devices.radio import Radio
from devices.serial_port import SerialLink

pytestmark = [
    pytest.mark.hardware,
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals"),
]

SPEED = 20.0
EDA, PPG, ECG = (f"shimmer3-92e8-{kind}" for kind in ("eda", "ppg", "ecg"))


class Notes:
    """A sink that keeps everything, and wakes who waits for samples."""

    def __init__(self):
        self.specs, self.parts, self.losses, self.rejects = {}, {}, [], []
        self.charges, self.contacts = [], []
        self.n_wanted, self.enough = 0, asyncio.Event()

    def declare(self, *specs):
        self.specs.update({spec.source_id: spec for spec in specs})

    def push(self, source_id, values, stamps_s):
        assert source_id in self.specs
        self.parts.setdefault(source_id, []).append((np.array(values), np.array(stamps_s)))
        if sum(len(stamps) for _, stamps in self.parts[source_id]) >= self.n_wanted:
            self.enough.set()

    def lost(self, source_id, n_samples, start_s, stop_s):
        assert start_s < stop_s
        self.losses.append((source_id, n_samples))

    def rejected(self, what):
        self.rejects.append(what)

    def battery(self, percent):
        self.charges.append(percent)

    def contact(self, worn):
        self.contacts.append(worn)

    def delay(self, seconds):
        assert np.isfinite(seconds)

    def stream(self, source_id):
        values = np.concatenate([part for part, _ in self.parts[source_id]])
        return values, np.concatenate([stamps for _, stamps in self.parts[source_id]])

    def n_lost(self, source_id):
        return sum(n for stream, n in self.losses if stream == source_id)


def driver_of(address, pace, **options):
    chosen = KIND.defaults()
    vars(chosen).update(options)
    return Shimmer(Wish(address=address, options=chosen), Context(pace=pace, radio=Radio()))


async def deliver(driver, notes, n_wanted, timeout_s=20.0):
    """Let a driver run until its samples are here, and cancel it; or hand out how it ended by itself."""
    notes.n_wanted = n_wanted
    notes.enough.clear()
    task = asyncio.create_task(driver.run(notes))
    waiting = asyncio.create_task(notes.enough.wait())
    try:
        async with asyncio.timeout(timeout_s):
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        task.cancel()
        await asyncio.wait({task, waiting})
    if not task.cancelled():
        raise task.exception()
    return notes


def streamed(n_wanted, signal=None, speed=SPEED, **faults):
    """Deliver from a unit with these faults; give what came and what was sent."""
    options = faults.pop("options", {})

    async def go():
        pace = Pace(speed)
        with VirtualShimmer(signal or CounterShimmer(), pace, faults=ShimmerFaults(**faults)) as unit:
            notes = await deliver(driver_of(unit.port, pace, **options), Notes(), n_wanted)
            return notes, unit.sent()

    return asyncio.run(go())


def failure(link_or_faults, n_wanted=10**6, speed=SPEED):
    with pytest.raises(DeviceError) as caught:
        streamed(n_wanted, speed=speed, **link_or_faults)
    return caught.value


def numbers(notes):
    """Which samples came, by the counter in the raw word."""
    words = notes.stream(EDA)[0][:, 1].astype(np.int64)
    return np.unwrap(words % 4096, period=4096)


def test_every_sample_comes_once_in_order_with_its_stamp():
    notes, sent = streamed(1500)
    values, stamps_s = notes.stream(EDA)
    assert np.all(np.diff(numbers(notes)) == 1)
    assert not notes.losses
    assert not notes.rejects
    assert np.all(np.diff(stamps_s) > 0)
    first = int(np.flatnonzero(sent.gsr_word == int(values[0, 1]))[0])
    late_s = stamps_s - sent.sampled_s[first : first + len(stamps_s)]
    # Its shortest way takes 30 ms; on a clock twenty times as fast a millisecond of this computer is twenty.
    assert np.median(np.abs(late_s - np.median(late_s))) < 0.02
    np.testing.assert_allclose(values[:, 0], words_microsiemens(values[:, 1].astype(np.uint16)))


def test_the_streams_say_what_they_are():
    notes, _ = streamed(10)
    assert list(notes.specs) == [EDA, PPG]
    eda, ppg = notes.specs.values()
    assert (eda.name, eda.type, eda.nominal_rate_hz) == ("Shimmer GSR+ 92E8", "EDA", 51.2)
    assert [(c.label, c.unit, c.type) for c in eda.channels] == [
        ("EDA", "microsiemens", "EDA"),
        ("raw word", "raw", "RAW"),
        ("range switch flag", "", "FLAG"),
    ]
    assert (ppg.name, [c.unit for c in ppg.channels]) == ("Shimmer GSR+ 92E8 PPG", ["millivolts"])
    assert (eda.manufacturer, eda.model, eda.serial_number) == ("Shimmer", "Shimmer3 GSR+", "92E8")
    assert eda.firmware == "LogAndStream 0.16.10"


@pytest.mark.parametrize("no_crc", [False, True])
def test_the_stamps_of_the_device_may_wrap(no_crc):
    notes, _ = streamed(300, tick_start=2**24 - 2 * 32768, options={"no_crc": no_crc})
    assert np.all(np.diff(numbers(notes)) == 1)
    assert not notes.losses
    assert np.diff(notes.stream(EDA)[1]).max() < 0.03


def test_a_damaged_line_costs_packets_that_are_counted_and_gives_no_wrong_value():
    line = ByteFaults(drop_rate=0.001, insert_rate=0.001, flip_rate=0.001)
    notes, sent = streamed(2500, line=line)
    came = numbers(notes)
    steps = np.diff(came)
    assert np.all(steps > 0)
    assert int(np.sum(steps - 1)) > 10
    # What is lost behind the last sample pushed is told sooner than the samples held back.
    assert 0 <= notes.n_lost(EDA) - int(np.sum(steps - 1)) < 10
    assert "malformed" in notes.rejects
    assert set(notes.stream(EDA)[0][:, 1].astype(int)) <= set(sent.gsr_word.tolist())


def test_packets_that_never_leave_the_unit_are_lost_samples():
    notes, _ = streamed(300, lost_packets=(100, 101, 150))
    assert [n for source_id, n in notes.losses if source_id == EDA] == [2, 1]
    assert notes.n_lost(PPG) == 3


def test_a_unit_that_still_streams_for_a_crashed_program_is_stopped_and_set_up():
    notes, _ = streamed(50, start_streaming=True, streams_on=True)
    assert np.all(np.diff(numbers(notes)) == 1)


def test_cancelling_stops_the_unit():
    async def go():
        pace = Pace(SPEED)
        with VirtualShimmer(CounterShimmer(), pace, faults=ShimmerFaults(streams_on=True)) as unit:
            await deliver(driver_of(unit.port, pace), Notes(), 20)
            return unit._firmware.streaming

    assert asyncio.run(go()) is False


@pytest.mark.parametrize(
    ("firmware", "hardware"),
    [
        (Firmware(kind=1, major=0, minor=5, release=0), 3),
        (Firmware(kind=3, major=0, minor=11, release=0), 3),
        (Firmware(kind=3, major=1, minor=0, release=30), 10),
        (Firmware(kind=3, major=1, minor=1, release=0), 10),
    ],
)
def test_old_and_new_firmware_delivers(firmware, hardware):
    notes, _ = streamed(200, firmware=firmware, hardware=hardware)
    assert np.all(np.diff(numbers(notes)) == 1)
    assert notes.specs[EDA].model == ("Shimmer3R GSR+" if hardware == 10 else "Shimmer3 GSR+")


def test_a_firmware_that_cannot_stream_is_named_with_what_can():
    error = failure({"firmware": Firmware(kind=2, major=0, minor=19, release=0)})
    assert error.reason is Reason.FIRMWARE
    assert "SDLog 0.19.0" in str(error)
    assert "LogAndStream" in str(error)


@pytest.mark.parametrize("code", [Command.SET_GSR_RANGE, Command.START_STREAMING])
def test_a_refusal_names_the_command(code):
    error = failure({"nack": (code,)})
    assert error.reason is Reason.REFUSED
    assert error.code == code
    assert "refused to" in str(error)


def test_a_unit_that_does_not_answer_a_needed_command_times_out():
    error = failure({"ignores": (Command.INQUIRY,)})
    assert error.reason is Reason.TIMEOUT
    assert "does not answer" in str(error)


def test_what_a_unit_need_not_know_may_stay_unanswered():
    notes, _ = streamed(
        20, ignores=(Command.GET_DAUGHTER_CARD, Command.GET_BATTERY), nack=(Command.GET_NAME,)
    )
    assert notes.charges == [None]


def test_checksums_refused_are_done_without():
    notes, _ = streamed(50, nack=(Command.SET_CRC,))
    assert np.all(np.diff(numbers(notes)) == 1)


def test_a_unit_that_falls_silent_is_started_anew():
    # Setting it up takes some seconds of a clock that is so fast.
    notes, _ = streamed(2000, silent_at_s=25.0)
    steps = np.diff(numbers(notes))
    assert steps.max() > 100
    assert notes.n_lost(EDA) == steps.max() - 1
    assert np.all(np.sort(steps)[:-1] == 1)


def test_a_lost_port_is_an_error_and_the_next_connection_goes_on_under_the_same_names():
    async def go():
        pace = Pace(SPEED)
        with VirtualShimmer(CounterShimmer(), pace) as unit:
            driver = driver_of(unit.port, pace)
            before, after = Notes(), Notes()
            task = asyncio.create_task(driver.run(before))
            before.n_wanted = 40
            await before.enough.wait()
            unit.vanish()
            with pytest.raises(DeviceError) as caught:
                await task
            with pytest.raises(DeviceError) as absent:
                await deliver(driver, Notes(), 1)
            unit.come_back()
            await deliver(driver, after, 40)
            return caught.value.reason, absent.value.reason, before, after

    reason, absent, before, after = asyncio.run(go())
    assert (reason, absent) == (Reason.LINK_LOST, Reason.NOT_FOUND)
    assert before.specs == after.specs
    assert before.stream(EDA)[1][-1] < after.stream(EDA)[1][0]


def test_a_port_that_comes_back_while_it_is_looked_for_is_used_in_the_same_attempt():
    async def play():
        pace, notes = Pace(4.0), Notes()
        with VirtualShimmer(CounterShimmer(), pace) as unit:
            driver = driver_of(unit.port, pace)
            unit.vanish()
            with pytest.raises(DeviceError) as caught:
                await driver.run(notes)
            assert caught.value.reason is Reason.NOT_FOUND
            notes.n_wanted = 10
            attempt = asyncio.create_task(driver.run(notes))
            await pace.sleep(1.0)
            assert not attempt.done()
            unit.come_back()
            await asyncio.wait_for(notes.enough.wait(), 20.0)
            attempt.cancel()
            with suppress(asyncio.CancelledError):
                await attempt

    asyncio.run(play())


def test_another_unit_behind_the_same_port_feeds_nothing():
    async def go():
        pace = Pace(SPEED)
        first = VirtualShimmer(CounterShimmer(), pace)
        with first:
            driver = driver_of(first.port, pace)
            await deliver(driver, Notes(), 5)
        notes = Notes()
        with VirtualShimmer(CounterShimmer(), pace, name="Shimmer3-AB12") as other:
            driver._port = other.port
            with pytest.raises(DeviceError, match="AB12, not 92E8"):
                await deliver(driver, notes, 5)
        return notes

    assert not asyncio.run(go()).specs


class Switching(CounterShimmer):
    """A signal that changes the range every 200 samples."""

    def words(self, first_index, n, rate_hz, gsr_range):
        index = np.arange(first_index, first_index + n)
        return (1500 + ((index // 200 % 2 + 2) << 14)).astype(np.uint16)


def test_samples_near_a_change_of_range_are_flagged_on_both_sides():
    notes, _ = streamed(1000, signal=Switching())
    values, _ = notes.stream(EDA)
    switches = np.flatnonzero(np.diff(values[:, 1].astype(int) >> 14)) + 1
    for at in switches[(switches > 10) & (switches < len(values) - 10)]:
        # 0.1 s are 5.12 samples.
        assert values[at - 7 : at + 7, 2].tolist() == [0, 0] + [1] * 11 + [0]
    assert values[:, 2].sum() == pytest.approx(11 * len(switches), abs=11)


def test_an_ecg_unit_sends_its_ecg_in_millivolts():
    notes, _ = streamed(300, has_exg=True)
    assert list(notes.specs) == [ECG]
    spec = notes.specs[ECG]
    assert (spec.model, spec.nominal_rate_hz, spec.name) == ("Shimmer3 ECG", 256.0, "Shimmer GSR+ 92E8 ECG")
    assert [c.label for c in spec.channels] == ["ECG LL-RA", "ECG LA-RA"]
    values, _ = notes.stream(ECG)
    step = 2420.0 / 4 / (2**23 - 1)
    np.testing.assert_allclose(np.diff(values[:, 0]), step, rtol=1e-6)


def test_the_nearest_rate_is_used_and_declared():
    notes, _ = streamed(60, options={"rate": 100.0, "no_ppg": True})
    assert list(notes.specs) == [EDA]
    assert notes.specs[EDA].nominal_rate_hz == pytest.approx(32768 / 328)
    assert np.median(np.diff(notes.stream(EDA)[1])) == pytest.approx(328 / 32768, rel=0.05)


def test_a_fixed_range_converts_by_the_setting():
    notes, _ = streamed(60, options={"gsr_range": "3"})
    values, _ = notes.stream(EDA)
    np.testing.assert_allclose(values[:, 0], words_microsiemens(values[:, 1].astype(np.uint16), 3))


class Bare(CounterShimmer):
    """Electrodes that come off after ten seconds."""

    def words(self, first_index, n, rate_hz, gsr_range):
        index = np.arange(first_index, first_index + n)
        return np.where(index < 15 * rate_hz, 1500, 684).astype(np.uint16) | np.uint16(3 << 14)


def test_the_charge_is_asked_for_every_minute_and_electrodes_off_are_seen():
    notes, _ = streamed(3600, signal=Bare(), battery_mv=3800)
    assert notes.charges[:2] == [50, 50]
    assert notes.contacts[-1] is False
    assert np.all(np.diff(notes.stream(EDA)[1]) < 0.03)


class FakeLink:
    """A port with something of the test's own behind it."""

    def __init__(self, answer):
        self._answer = answer
        self._waiting = bytearray()
        self._arrived = asyncio.Event()
        self.closed = False

    async def write(self, data):
        self._waiting += self._answer(data)
        self._arrived.set()

    async def read(self):
        while not self._waiting:
            self._arrived.clear()
            more = self._answer(b"")
            self._waiting += more
            if not more:
                await self._arrived.wait()
        await asyncio.sleep(0.001)
        data = bytes(self._waiting)
        self._waiting.clear()
        return data, Pace().now()

    def discard(self):
        n = len(self._waiting)
        self._waiting.clear()
        return n

    async def close(self):
        self.closed = True


def ended(monkeypatch, answer, address="/dev/rfcomm0"):
    async def go():
        link = FakeLink(answer)

        async def opened(port, pace):
            return link

        monkeypatch.setattr(SerialLink, "open", opened)
        with pytest.raises(DeviceError) as caught:
            await deliver(driver_of(address, Pace(SPEED)), Notes(), 1)
        assert link.closed
        return caught.value

    return asyncio.run(go())


def test_a_port_that_talks_something_else_does_not_speak_shimmer(monkeypatch):
    error = ended(monkeypatch, lambda _: b"$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8\r\n")
    assert error.reason is Reason.GARBAGE
    assert "does not speak Shimmer" in str(error)


def test_a_port_that_answers_something_else_does_not_speak_shimmer(monkeypatch):
    error = ended(monkeypatch, lambda data: b"ERROR\r\n" if data else b"")
    assert error.reason is Reason.GARBAGE


def test_a_mute_port_does_not_answer(monkeypatch):
    error = ended(monkeypatch, lambda _: b"")
    assert error.reason is Reason.TIMEOUT


def test_a_unit_that_says_it_streams_and_never_does_is_silent(monkeypatch):
    firmware = ShimmerFirmware(ShimmerFaults(), "Shimmer3-92E8", lambda: 0)
    error = ended(monkeypatch, lambda data: b"".join(part.answer for part in firmware.receive(data)))
    assert error.reason is Reason.SILENT
    assert "has sent nothing for 3 s" in str(error)


def test_a_unit_that_streams_garbage_is_said_to(monkeypatch):
    firmware = ShimmerFirmware(ShimmerFaults(), "Shimmer3-92E8", lambda: 0)

    def answer(data):
        reactions = firmware.receive(data)
        said = b"".join(part.answer for part in reactions)
        return said + (b"\x00\x13garbage" * 20 if firmware.streaming and not data else b"")

    error = ended(monkeypatch, answer)
    assert error.reason is Reason.GARBAGE
    assert "there is no packet" in str(error)


def test_a_unit_being_docked_in_the_middle_of_the_set_up_is_no_answer(monkeypatch):
    firmware = ShimmerFirmware(ShimmerFaults(), "Shimmer3-92E8", lambda: 0)

    def answer(data):
        return b"".join(b"\xff\x8a\x71\x01" + part.answer for part in firmware.receive(data))

    assert ended(monkeypatch, answer).reason is Reason.SILENT


@pytest.mark.parametrize(
    ("address", "participant", "name", "key"),
    [
        ("/dev/tty.Shimmer3-92E8", "", "Shimmer GSR+ 92E8", "shimmer3-92e8"),
        ("/dev/cu.Shimmer3-92E8-RNI-SPP", "C07", "Shimmer GSR+ C07", "shimmer3-92e8"),
        ("COM5", "", "Shimmer GSR+ COM5", "shimmer-com5"),
        ("/dev/rfcomm0", "C08", "Shimmer GSR+ C08", "shimmer-rfcomm0"),
        ("/dev/cu.usbserial-1420", "", "Shimmer GSR+ cu.usbserial-1420", "shimmer-cu-usbserial-1420"),
        ("socket://127.0.0.1:7000", "", "Shimmer GSR+ port-7c95", "shimmer-port-7c95"),
    ],
)
def test_name_and_key_come_from_the_port_before_anything_was_said(address, participant, name, key):
    driver = Shimmer(Wish(address=address, participant=participant), Context(pace=Pace(), radio=Radio()))
    assert (driver.name, driver.key) == (name, key)


def port_called(name, address="/dev/ttyS9"):
    return Seen(link=Link.SERIAL, address=address, name=name)


@pytest.mark.parametrize("names", [(), ("USB Serial",), ("Shimmer3-92E8", "RNBT-AB12")])
def test_without_a_port_and_without_a_single_shimmer_the_error_asks_which(monkeypatch, names):
    monkeypatch.setattr(
        "devices.drivers.shimmer.list_ports", lambda: [port_called(name, f"/dev/{name}") for name in names]
    )

    async def go():
        with pytest.raises(DeviceError, match="Which Shimmer") as caught:
            await driver_of("", Pace()).run(Notes())
        return caught.value

    error = asyncio.run(go())
    assert error.reason is Reason.NOT_FOUND
    assert "scan --all" in str(error)


def test_without_a_port_the_only_one_called_like_a_shimmer_is_taken(monkeypatch):
    async def go():
        pace = Pace(SPEED)
        with VirtualShimmer(CounterShimmer(), pace) as unit:
            monkeypatch.setattr("devices.drivers.shimmer.list_ports", lambda: [port_called("", unit.port)])
            return await deliver(driver_of("", pace), Notes(), 10)

    assert EDA in asyncio.run(go()).specs


def test_ports_are_recognised_by_name():
    assert KIND.recognises(port_called("Shimmer3-92E8"))
    assert KIND.recognises(port_called("RNBT-92E8"))
    assert KIND.recognises(port_called("", "/dev/tty.Shimmer3-92E8"))
    assert not KIND.recognises(port_called("USB Serial"))
    assert not KIND.recognises(Seen(link=Link.BLE, address="A", name="Shimmer3-92E8"))


def test_a_rate_no_shimmer_has_is_refused_by_the_options():
    parser = argparse.ArgumentParser(exit_on_error=False)
    KIND.add_options(parser)
    assert parser.parse_args(["--rate", "128"]).rate == 128.0
    with suppress(SystemExit), pytest.raises(argparse.ArgumentError):
        parser.parse_args(["--rate", "5000"])


@pytest.mark.parametrize(
    "address", ["/dev/tty.AnnasShimmer", "socket://annas-mac.local:7000", "/home/anna/unit"]
)
def test_a_name_in_the_port_gets_into_no_name_of_a_stream(address):
    driver = Shimmer(Wish(address=address), Context(pace=Pace(), radio=Radio()))
    assert "anna" not in f"{driver.name} {driver.key}".lower()
    assert driver.key == Shimmer(Wish(address=address), Context(pace=Pace(), radio=Radio())).key
