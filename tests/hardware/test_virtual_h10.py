"""The virtual Polar H10 itself, over the whole emulated stack in one process (set-up A): what it says is true."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install 'attune-monitor[emulator]'")

from bleak import BleakClient, BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from devices import ble
from devices.emulator import central
from devices.emulator.backend import hci_radio
from devices.emulator.bumble_stack import USBError
from devices.emulator.central import AdapterState
from devices.emulator.h10_faults import H10Faults, Latency, OffBody
from devices.emulator.h10_signals import CounterSignal
from devices.emulator.radio import VirtualAir
from devices.emulator.sent_frames import Fate
from devices.emulator.virtual_h10 import VirtualH10
from devices.emulator.virtual_strap import StrapStyle, VirtualStrap
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols import heart_rate, pmd
from devices.radio import Radio
from tests.plain_client import START_ECG

pytestmark = pytest.mark.hardware

ADDRESS = "F0:F1:F2:F3:F4:F5"
START_ACC = bytes.fromhex("02 02 00 01 C8 00 01 01 10 00 02 01 08 00")
SPEED = 50.0
Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Listener:
    """A client that keeps all it is told."""

    def __init__(self, client: BleakClient, pace: Pace) -> None:
        self.client = client
        self.pace = pace
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()
        self.frames: list[tuple[float, pmd.Frame]] = []
        self.reports: list[heart_rate.HeartRateMeasurement] = []

    async def listen(self) -> None:
        await self.client.start_notify(pmd.CONTROL_POINT, lambda _, v: self.answers.put_nowait(bytes(v)))
        await self.client.start_notify(pmd.DATA, self._frame)
        await self.client.start_notify(heart_rate.MEASUREMENT, self._report)

    async def ask(self, command: bytes) -> str:
        await self.client.write_gatt_char(pmd.CONTROL_POINT, command, response=True)
        return (await asyncio.wait_for(self.answers.get(), 5.0)).hex(" ")

    def ecg(self) -> list[int]:
        kind = pmd.Measurement.ECG
        return [int(v) for _, frame in self.frames if frame.measurement is kind for v in frame.samples[:, 0]]

    def _frame(self, _: object, value: bytearray) -> None:
        self.frames.append((self.pace.now(), pmd.decode_frame(bytes(value))))

    def _report(self, _: object, value: bytearray) -> None:
        self.reports.append(heart_rate.decode(bytes(value)))


async def connected(radio: Radio, pace: Pace, address: str = ADDRESS) -> Listener:
    client = BleakClient(address, backend=radio.client)
    await client.connect()
    return Listener(client, pace)


@asynccontextmanager
async def strapped(faults: H10Faults | None = None, speed: float = SPEED) -> AsyncIterator[Any]:
    """Air, device and listener."""
    pace = Pace(speed)
    async with VirtualAir() as air:
        device = VirtualH10(CounterSignal(), pace, faults=faults)
        await air.add(device)
        listener = await connected(air.radio(), pace)
        yield air, device, listener


def test_it_is_found_by_name_and_by_the_service_it_advertises(run: Run) -> None:
    async def work() -> None:
        async with VirtualAir() as air:
            await air.add(VirtualH10(CounterSignal(), Pace()))
            await air.add(VirtualStrap(CounterSignal(), Pace()))
            scanner = air.radio().scanner
            by_name = await BleakScanner.find_device_by_name("Polar H10 1A2B3C4D", backend=scanner)
            assert by_name is not None
            assert by_name.address == ADDRESS
            found = await BleakScanner.discover(0.2, return_adv=True, service_uuids=["180d"], backend=scanner)
            assert {device.name for device, _ in found.values()} == {"Polar H10 1A2B3C4D", "Strap 0042"}
            assert all(heart_rate.HEART_RATE_SERVICE in told.service_uuids for _, told in found.values())
            assert all(told.rssi == -50 for _, told in found.values())

    run(work())


def test_it_offers_the_services_of_a_real_one(run: Run) -> None:
    async def work() -> None:
        async with strapped() as (_, device, listener):
            client = listener.client
            assert client.mtu_size == 232
            uuids = {service.uuid for service in client.services}
            assert {heart_rate.HEART_RATE_SERVICE, heart_rate.BATTERY_SERVICE, pmd.SERVICE} <= uuids
            control = client.services.get_characteristic(pmd.CONTROL_POINT)
            assert set(control.properties) == {"read", "write", "indicate"}
            assert (await client.read_gatt_char(pmd.CONTROL_POINT)).hex(" ") == "0f 05" + " 00" * 15
            assert await client.read_gatt_char(heart_rate.BATTERY_LEVEL) == b"\x57"
            assert await client.read_gatt_char(heart_rate.SERIAL_NUMBER) == b"1A2B3C4D"
            assert await client.read_gatt_char(heart_rate.MODEL) == b"H10"
            assert device.is_connected

    run(work())


def test_the_control_point_answers_byte_for_byte_as_captured(run: Run) -> None:
    asked = {
        "01 00": "f0 01 00 00 00 00 01 82 00 01 01 0e 00",
        "01 02": "f0 01 02 00 00 00 04 19 00 32 00 64 00 c8 00 01 01 10 00 02 03 02 00 04 00 08 00",
        START_ECG.hex(): "f0 02 00 00 00 00",
        START_ACC.hex(): "f0 02 02 00 00 00",
        "03 00": "f0 03 00 00 00",
        "03 02": "f0 03 02 00 00",
    }

    async def work() -> None:
        async with strapped() as (_, _device, listener):
            await listener.listen()
            for command, answer in asked.items():
                assert await listener.ask(bytes.fromhex(command)) == answer

    run(work())


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("07 00", 1),
        ("01 09", 2),
        ("01 01", 3),
        ("01", 4),
        ("02 00 00 01 82", 4),
        ("02 00 00 01 82 00", 5),
        ("03 00", 6),
        ("02 00 00 01 82 00 01 01 10 00", 7),
        ("02 00 00 01 c8 00 01 01 0e 00", 8),
        ("02 02 00 01 c8 00 01 01 10 00 02 01 10 00", 9),
    ],
)
def test_the_control_point_refuses_with_the_code_of_the_reason(run: Run, command: str, status: int) -> None:
    async def work() -> None:
        async with strapped() as (_, _device, listener):
            await listener.listen()
            answer = bytes.fromhex(await listener.ask(bytes.fromhex(command)))
            assert answer[:1] == b"\xf0"
            assert answer[3] == status

    run(work())


def test_a_second_start_is_refused_as_already_running(run: Run) -> None:
    async def work() -> None:
        async with strapped() as (_, _device, listener):
            await listener.listen()
            assert await listener.ask(START_ECG) == "f0 02 00 00 00 00"
            assert await listener.ask(START_ECG) == "f0 02 00 06 00"

    run(work())


@pytest.mark.parametrize(("mtu", "n_samples"), [(232, 73), (185, 57), (70, 19)])
def test_the_packet_size_decides_how_many_samples_a_frame_holds(run: Run, mtu: int, n_samples: int) -> None:
    async def work() -> None:
        async with strapped(H10Faults(mtu=mtu)) as (_, _device, listener):
            await listener.listen()
            assert await listener.ask(START_ECG) == "f0 02 00 00 00 00"
            await listener.pace.sleep(3.0)
            sizes = {len(frame.samples) for _, frame in listener.frames}
            assert sizes == {n_samples}

    run(work())


def test_packets_below_the_least_size_are_refused(run: Run) -> None:
    async def work() -> None:
        async with strapped(H10Faults(mtu=69)) as (_, _device, listener):
            await listener.listen()
            assert await listener.ask(START_ECG) == "f0 02 00 0a 00"

    run(work())


def test_a_start_without_subscriptions_is_refused_by_the_attribute_protocol(run: Run) -> None:
    async def work() -> None:
        async with strapped() as (_, _device, listener):
            with pytest.raises(BleakGATTProtocolError) as refused:
                await listener.client.write_gatt_char(pmd.CONTROL_POINT, START_ECG, response=True)
            assert refused.value.code == 0xFD

    run(work())


def test_every_sample_is_its_own_number_and_its_stamp_is_its_time(run: Run) -> None:
    async def work() -> None:
        async with strapped() as (_, device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.pace.sleep(30.0)
            values = listener.ecg()
            assert len(values) > 25 * 130
            assert values == list(range(values[0], values[0] + len(values)))
            for arrival_s, frame in listener.frames:
                last = int(frame.samples[-1, 0])
                taken_s = device.sample_time_s(pmd.Measurement.ECG, last)
                on_clock_s = (frame.device_ns - pmd.DEFAULT_CLOCK_NS) * 1e-9
                assert on_clock_s == pytest.approx((taken_s - device.time_s(0.0)) * (1.0 + 40e-6), abs=1e-6)
                assert arrival_s >= taken_s + device.faults.latency.base_s

    run(work())


def test_the_acceleration_comes_36_samples_a_frame_plain_or_as_differences(run: Run) -> None:
    async def work(compressed: bool) -> None:
        async with strapped(H10Faults(compressed_acc=compressed)) as (_, _device, listener):
            await listener.listen()
            await listener.ask(START_ACC)
            await listener.pace.sleep(4.0)
            frames = [frame for _, frame in listener.frames]
            assert {(len(frame.samples), frame.compressed) for frame in frames} == {(36, compressed)}
            counted = np.concatenate([frame.samples for frame in frames])
            assert np.all(np.diff(counted[:, 0] + (counted[:, 1] << 15)) == 1)

    for compressed in (False, True):
        run(work(compressed))


def test_beats_are_told_once_each_with_their_interval(run: Run) -> None:
    async def work() -> None:
        async with strapped() as (_, device, listener):
            await listener.listen()
            await listener.pace.sleep(60.0)
            told = [rr for report in listener.reports for rr in report.rr_1024]
            assert len(told) > 60
            assert told == [800 + (told[0] - 800 + i) % 256 for i in range(len(told))]
            assert told == [beat.rr_1024 for beat in device.told_beats][: len(told)]
            assert {report.contact for report in listener.reports} == {None}
            beats = CounterSignal().beats(0.0, 100.0)
            steps_s = np.diff([beat.t_s for beat in beats])
            assert np.allclose(steps_s * (1.0 + 40e-6) * 1024, [beat.rr_1024 for beat in beats[1:]])

    run(work())


def test_planned_frames_are_lost_doubled_and_swapped(run: Run) -> None:
    faults = H10Faults(lost_frames=(2,), repeated_frames=(4,), swapped_frames=(6,))

    async def work() -> None:
        async with strapped(faults) as (_, device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.pace.sleep(8.0)
            first = [int(frame.samples[0, 0]) for _, frame in listener.frames]
            number = [(value - first[0]) // 73 for value in first]
            assert number[:9] == [0, 1, 3, 4, 4, 5, 7, 6, 8]
            lost = [frame.number for frame in device.sent if frame.fate is Fate.LOST]
            assert lost == [2]
            assert device.n_told(pmd.Measurement.ECG) == len(set(listener.ecg()))

    run(work())


@pytest.mark.parametrize(
    ("seed", "lost", "repeated", "swapped"), [(1, 0.3, 0.0, 0.0), (2, 0.0, 0.3, 0.1), (3, 0.2, 0.2, 0.3)]
)
def test_whatever_is_lost_is_counted(
    seed: int, lost: float, repeated: float, swapped: float, run: Run
) -> None:
    faults = H10Faults(seed=seed, lost_share=lost, repeated_share=repeated, swapped_share=swapped)

    async def work() -> None:
        async with strapped(faults, speed=SPEED) as (_, device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.pace.sleep(30.0)
            device.hang_up(60.0)
            await asyncio.sleep(0.05)
            values = listener.ecg()
            # What was on its way when the link ended is nobody's.
            until = max(values) - 4 * 73
            told = {frame.first_index for frame in device.sent if frame.fate is Fate.SENT}
            gone = {frame.first_index for frame in device.sent if frame.fate in {Fate.LOST, Fate.CUT}} - told
            unheard = {i for first in gone for i in range(first, first + 73) if i < until}
            assert set(range(min(values), until)) - set(values) == {i for i in unheard if i >= min(values)}
            again = sum(frame.fate is Fate.REPEATED and frame.first_index < until for frame in device.sent)
            heard = sum(value < until for value in values)
            assert heard == len({value for value in values if value < until}) + 73 * again

    run(work())


def test_a_link_the_device_ends_is_told_and_can_be_made_again(run: Run) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        async with VirtualAir() as air:
            device = VirtualH10(CounterSignal(), pace, faults=H10Faults(disconnect_at_s=(40.0,), away_s=5.0))
            await air.add(device)
            ended = asyncio.Event()
            client = BleakClient(ADDRESS, lambda _: ended.set(), backend=air.radio().client)
            await client.connect()
            await asyncio.wait_for(ended.wait(), 5.0)
            assert not client.is_connected
            with pytest.raises(BleakError):
                await client.read_gatt_char(heart_rate.BATTERY_LEVEL)
            again = await connected(air.radio(), pace)
            assert device.elapsed_s() >= 45.0
            assert device.n_connections == 2
            assert again.client.is_connected

    run(work())


def test_a_device_out_of_reach_is_not_found_and_comes_back(run: Run) -> None:
    async def work() -> None:
        async with strapped() as (air, device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            device.vanish()
            await asyncio.sleep(0.05)
            assert not listener.client.is_connected
            radio = air.radio()
            assert (
                await BleakScanner.find_device_by_address(ADDRESS, timeout=0.2, backend=radio.scanner) is None
            )
            with pytest.raises(BleakDeviceNotFoundError):
                await BleakClient(ADDRESS, timeout=0.2, backend=radio.client).connect()
            device.come_back()
            again = await connected(radio, listener.pace)
            await again.listen()
            assert await again.ask(START_ECG) == "f0 02 00 00 00 00"

    run(work())


def test_a_link_that_stays_while_the_device_is_silent_gives_nothing(run: Run) -> None:
    async def work() -> None:
        async with strapped(H10Faults(silent=((40.0, 60.0),))) as (_, device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.pace.sleep(70.0)
            assert listener.client.is_connected
            arrivals = np.array([t_s for t_s, _ in listener.frames]) - device.time_s(0.0)
            assert not np.any((arrivals > 41.0) & (arrivals < 59.0))
            assert np.any(arrivals > 60.0)
            assert device.n_samples[pmd.Measurement.ECG, Fate.CUT] >= 18 * 130

    run(work())


def test_a_device_that_stops_by_itself_says_so(run: Run) -> None:
    async def work() -> None:
        async with strapped(H10Faults(stop_at_s=(60.0,))) as (_, _device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.ask(START_ACC)
            notice = await asyncio.wait_for(listener.answers.get(), 5.0)
            assert pmd.decode_stopped(notice) == (pmd.Measurement.ECG, pmd.Measurement.ACC)
            assert await listener.ask(START_ECG) == "f0 02 00 00 00 00"

    run(work())


@pytest.mark.parametrize("code", [0x05, 0x0F])
def test_a_device_that_wants_pairing_answers_only_after_it(run: Run, code: int) -> None:
    async def work() -> None:
        async with strapped(H10Faults(pairing_required=True, pairing_code=code)) as (air, device, listener):
            await listener.listen()
            with pytest.raises(BleakGATTProtocolError) as refused:
                await listener.ask(START_ECG)
            assert refused.value.code == code
            await listener.client.pair()
            assert await listener.ask(START_ECG) == "f0 02 00 00 00 00"
            # The keys are kept: the next link is closed from its beginning.
            await listener.client.disconnect()
            again = await connected(air.radio(), listener.pace)
            await again.listen()
            assert await again.ask(START_ECG) == "f0 02 00 00 00 00"
            assert device.n_connections == 2

    run(work())


def test_a_device_that_refuses_to_pair_says_so(run: Run) -> None:
    async def work() -> None:
        async with strapped(H10Faults(pairing_required=True, pairing_refused=True)) as (_, _device, listener):
            with pytest.raises(BleakError, match="failed to pair"):
                await listener.client.pair()
            assert listener.client.is_connected

    run(work())


def test_measurements_may_survive_a_lost_link(run: Run) -> None:
    async def work() -> None:
        async with strapped(H10Faults(streams_survive=True)) as (air, _device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.client.disconnect()
            again = await connected(air.radio(), listener.pace)
            await again.listen()
            assert await again.ask(START_ECG) == "f0 02 00 06 00"
            assert await again.ask(b"\x03\0") == "f0 03 00 00 00"
            assert await again.ask(START_ECG) == "f0 02 00 00 00 00"

    run(work())


def test_contact_lost_silences_the_beats_and_changes_the_ecg(run: Run) -> None:
    faults = H10Faults(contact_bits=True, contact_lost=((40.0, 50.0),), off_body=OffBody.FLAT)

    async def work() -> None:
        async with strapped(faults) as (_, device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.pace.sleep(60.0)
            off = [report for report in listener.reports if report.contact is False]
            assert len(off) in range(9, 12)
            # Beats from before the loss may still be told in the first of them.
            assert all(report.bpm == 0 and not report.rr_1024 for report in off[1:])
            told = [beat.t_s for beat in device.told_beats]
            assert not [t_s for t_s in told if 40.0 <= t_s < 50.0]
            assert max(told) > 51.0
            flat = [i for i, value in enumerate(listener.ecg()) if value == 0]
            assert len(flat) == pytest.approx(10.0 * 130.16, abs=2)

    run(work())


def test_the_battery_is_told_as_it_is_and_may_be_missing(run: Run) -> None:
    async def work() -> None:
        told: list[int] = []
        async with strapped(H10Faults(battery=12, battery_steps=((60.0, 255),))) as (_, _device, listener):
            assert await listener.client.read_gatt_char(heart_rate.BATTERY_LEVEL) == bytes([12])
            await listener.client.start_notify(heart_rate.BATTERY_LEVEL, lambda _, v: told.extend(v))
            await listener.pace.sleep(62.0)
            assert told == [255]
        async with strapped(H10Faults(battery=None, no_pmd=True, no_information=True)) as (
            _,
            _device,
            listener,
        ):
            services = {service.uuid for service in listener.client.services}
            assert heart_rate.BATTERY_SERVICE not in services
            assert pmd.SERVICE not in services
            assert heart_rate.INFORMATION_SERVICE not in services

    run(work())


def test_refused_connections_end_at_once(run: Run) -> None:
    async def work() -> None:
        async with VirtualAir() as air:
            device = VirtualH10(CounterSignal(), Pace(), faults=H10Faults(refused_connections=2))
            await air.add(device)
            radio = air.radio()
            for _ in range(2):
                with pytest.raises(BleakError):
                    await BleakClient(ADDRESS, backend=radio.client).connect()
            assert (await connected(radio, Pace())).client.is_connected

    run(work())


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AdapterState.OFF, BleakBluetoothNotAvailableReason.POWERED_OFF),
        (AdapterState.ABSENT, BleakBluetoothNotAvailableReason.NO_BLUETOOTH),
        (AdapterState.FORBIDDEN, BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM),
    ],
)
def test_an_adapter_that_goes_off_ends_links_and_refuses_new_ones(
    run: Run, state: AdapterState, reason: BleakBluetoothNotAvailableReason
) -> None:
    async def work() -> None:
        async with strapped() as (air, _device, listener):
            await air.central.set_state(state)
            assert not listener.client.is_connected
            for attempt in (
                BleakScanner.discover(0.1, backend=air.radio().scanner),
                BleakClient(ADDRESS, backend=air.radio().client).connect(),
            ):
                with pytest.raises(BleakBluetoothNotAvailableError) as unavailable:
                    await attempt
                assert unavailable.value.reason is reason
            await air.central.set_state(AdapterState.ON)
            assert (await connected(air.radio(), listener.pace)).client.is_connected

    run(work())


def test_a_connect_that_hangs_can_be_cancelled_and_the_next_one_works(run: Run) -> None:
    async def work() -> None:
        async with VirtualAir() as air:
            device = VirtualH10(CounterSignal(), Pace())
            await air.add(device)
            device.vanish()
            air.central.hanging_connects = 1
            for _ in range(2):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.1):
                        await BleakClient(ADDRESS, backend=air.radio().client).connect()
            device.come_back()
            assert (await connected(air.radio(), Pace())).client.is_connected
            assert device.n_connections >= 1

    run(work())


def test_a_dongle_that_cannot_be_used_is_a_missing_adapter(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(_: str) -> None:
        raise USBError("no such device")

    monkeypatch.setattr(central, "open_transport", refused)

    async def work() -> None:
        with pytest.raises(DeviceError) as caught:
            await ble.scan(hci_radio("usb:0"), 0.1, Pace())
        assert caught.value.reason is Reason.NO_ADAPTER

    run(work())


def test_several_devices_share_the_air_without_mixing(run: Run) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        async with VirtualAir() as air:
            names = [f"Polar H10 0000000{i}" for i in range(3)]
            for i, name in enumerate(names):
                address = f"F0:F1:F2:F3:F4:0{i}"
                await air.add(VirtualH10(CounterSignal(), pace, name=name, address=address))
            radio = air.radio()
            listeners = await asyncio.gather(
                *(connected(radio, pace, f"F0:F1:F2:F3:F4:0{i}") for i in range(3))
            )
            for i, listener in enumerate(listeners):
                assert (
                    await listener.client.read_gatt_char(heart_rate.SERIAL_NUMBER) == names[i][-8:].encode()
                )
                await listener.listen()
                await listener.ask(START_ECG)
            await pace.sleep(10.0)
            for listener in listeners:
                values = listener.ecg()
                assert len(values) > 8 * 130
                assert values == list(range(values[0], values[0] + len(values)))

    run(work())


@pytest.mark.parametrize(
    ("style", "flags"),
    [
        (StrapStyle(), 0x16),
        (StrapStyle(contact_bits=False), 0x10),
        (StrapStyle(intervals=False), 0x06),
        (StrapStyle(energy=True), 0x1E),
        (StrapStyle(wide=True, energy=True), 0x1F),
    ],
)
def test_straps_write_in_all_the_styles_of_the_service(run: Run, style: StrapStyle, flags: int) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        raw: list[bytes] = []
        async with VirtualAir() as air:
            strap = VirtualStrap(CounterSignal(), pace, style=style)
            await air.add(strap)
            client = BleakClient(strap.address, backend=air.radio().client)
            await client.connect()
            await client.start_notify(heart_rate.MEASUREMENT, lambda _, v: raw.append(bytes(v)))
            await pace.sleep(20.0)
            assert flags in {value[0] for value in raw}
            told = [rr for value in raw for rr in heart_rate.decode(value).rr_1024]
            assert told == [beat.rr_1024 for beat in strap.told_beats][: len(told)]
            assert bool(told) == style.intervals

    run(work())


def test_a_notification_holds_nine_intervals_at_most(run: Run) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        reports: list[heart_rate.HeartRateMeasurement] = []
        async with VirtualAir() as air:
            strap = VirtualStrap(CounterSignal(), pace, style=StrapStyle(every_s=12.0))
            await air.add(strap)
            client = BleakClient(strap.address, backend=air.radio().client)
            await client.connect()
            await client.start_notify(
                heart_rate.MEASUREMENT, lambda _, v: reports.append(heart_rate.decode(bytes(v)))
            )
            await pace.sleep(40.0)
            assert {len(report.rr_1024) for report in reports[1:]} == {9}

    run(work())


def test_notifications_leave_at_connection_events_in_order() -> None:
    latency = Latency(jitter_s=0.3, stall_share=0.2, interval_s=0.05)

    async def work() -> None:
        async with strapped(H10Faults(latency=latency)) as (_, _device, listener):
            await listener.listen()
            await listener.ask(START_ECG)
            await listener.pace.sleep(40.0)
            stamps = [frame.device_ns for _, frame in listener.frames]
            assert stamps == sorted(stamps)
            assert len(stamps) > 50

    asyncio.run(work())
