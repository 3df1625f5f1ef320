"""The Polar H10 driver over the whole emulated Bluetooth stack in one process (set-up A)."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install 'attune-monitor[emulator]'")

from devices.driver import Context, Wish
from devices.drivers.polar_h10 import KIND, PolarH10
from devices.emulator.h10_faults import H10Faults, Latency, OffBody
from devices.emulator.h10_signals import CounterSignal
from devices.emulator.radio import VirtualAir
from devices.emulator.virtual_h10 import VirtualH10
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from tests.sinks import KeepingSink

pytestmark = pytest.mark.hardware

ADDRESS = "F0:F1:F2:F3:F4:F5"
SPEED = 20.0
Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Worn:
    """A virtual H10, its driver, and what came of it."""

    def __init__(
        self, air: VirtualAir, pace: Pace, faults: H10Faults, options: dict[str, Any], wish: str
    ) -> None:
        self.pace = pace
        self.device = VirtualH10(CounterSignal(faults.clock_drift), pace, faults=faults)
        self.radio = air.radio()
        namespace = argparse.Namespace(**{**vars(KIND.defaults()), **options})
        self.driver = PolarH10(
            Wish(address=wish, participant="C07", options=namespace), Context(pace=pace, radio=self.radio)
        )
        self.sink = KeepingSink()

    async def connected(
        self, until: Callable[[KeepingSink], bool], within_s: float = 30.0
    ) -> DeviceError | None:
        """Run the driver until the sink has what is waited for, then stop it; or until it fails."""
        task = asyncio.ensure_future(self.driver.run(self.sink))
        waiting = asyncio.ensure_future(self.sink.until(until))
        await asyncio.wait((task, waiting), timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        task.cancel()
        result, _ = await asyncio.gather(task, waiting, return_exceptions=True)
        return result if isinstance(result, DeviceError) else None


@asynccontextmanager
async def worn(
    faults: H10Faults | None = None, *, speed: float = SPEED, wish: str = ADDRESS, **options: Any
) -> AsyncIterator[Worn]:
    pace = Pace(speed)
    async with VirtualAir() as air:
        one = Worn(air, pace, faults or H10Faults(), options, wish)
        await air.add(one.device)
        yield one


def n_ecg(n: int) -> Callable[[KeepingSink], bool]:
    return lambda sink: len(sink.stamps("ecg")) >= n


def accounted(sink: KeepingSink, modulus: int = 2**22) -> None:
    """Every sample between the first and the last is there once or counted as lost."""
    got = sink.values("ecg")[:, 0].astype(np.int64)
    assert np.all(np.diff(sink.stamps("ecg")) > 0)
    missing = int(((got[-1] - got[0]) % modulus) + 1 - got.size)
    assert missing == sink.n_lost("ecg")


def test_everything_is_declared_and_delivered(run: Run) -> None:
    async def work() -> None:
        async with worn(wish="1A2B3C4D") as one:
            assert await one.connected(lambda sink: len(sink.stamps("rr")) > 8) is None
            specs = {spec.type: spec for spec in one.sink.specs.values()}
            assert set(specs) == {"ECG", "ACC", "RR", "HR"}
            ecg = specs["ECG"]
            assert (ecg.name, ecg.source_id) == ("Polar H10 C07", "polar-h10-1a2b3c4d-ecg")
            assert (ecg.manufacturer, ecg.model, ecg.serial_number) == ("Polar Electro Oy", "H10", "1A2B3C4D")
            assert ecg.firmware
            assert specs["ACC"].nominal_rate_hz == 50.0
            assert specs["RR"].name == "Polar H10 C07 RR"
            assert (one.driver.name, one.driver.key) == ("Polar H10 C07", "polar-h10-1a2b3c4d")
            assert one.sink.batteries[0] == 87
            assert one.sink.contacts == [True]
            assert not one.sink.losses
            assert not one.sink.rejections
            assert one.sink.values("acc").shape[1] == 3
            accounted(one.sink)
            assert not one.radio.taken
            assert not one.device.is_connected

    run(work())


def test_lost_repeated_and_swapped_frames_are_accounted_for(run: Run) -> None:
    async def work() -> None:
        faults = H10Faults(lost_frames=(5, 6, 30), repeated_frames=(8, 20), swapped_frames=(12,))
        async with worn(faults) as one:
            await one.connected(n_ecg(50 * 73))
            accounted(one.sink)
            assert one.sink.n_lost("ecg") == 4 * 73
            assert sorted(one.sink.rejections) == ["backwards", "repeated", "repeated"]

    run(work())


@pytest.mark.parametrize("rate_hz", [127.5, 132.5])
def test_stamps_follow_the_samples_and_not_the_declared_rate(run: Run, rate_hz: float) -> None:
    async def work() -> None:
        async with worn(H10Faults(rate_hz=rate_hz, latency=Latency(stall_share=0.0))) as one:
            await one.connected(n_ecg(120 * 73))
            steps_s = np.diff(one.sink.stamps("ecg"))[60 * 73 :]
            assert np.median(steps_s) == pytest.approx(1.0 / rate_hz, rel=2e-3)
            accounted(one.sink)

    run(work())


def test_small_packets_carry_all_samples(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(mtu=70), speed=5.0) as one:
            await one.connected(n_ecg(40 * 19))
            accounted(one.sink)

    run(work())


@pytest.mark.parametrize(
    ("faults", "reason", "words"),
    [
        (H10Faults(mtu=69), Reason.REFUSED, "70 bytes"),
        (H10Faults(no_pmd=True), Reason.UNSUPPORTED, "Polar Flow"),
        (H10Faults(pairing_required=True, pairing_refused=True), Reason.PAIRING, "pair"),
    ],
)
def test_what_cannot_work_says_why(run: Run, faults: H10Faults, reason: Reason, words: str) -> None:
    async def work() -> None:
        async with worn(faults) as one:
            error = await one.connected(n_ecg(1))
            assert error is not None
            assert error.reason is reason
            assert words in str(error)
            assert not one.radio.taken

    run(work())


def test_a_device_that_asks_for_pairing_is_paired(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(pairing_required=True, pairing_code=15)) as one:
            assert await one.connected(n_ecg(200)) is None
            accounted(one.sink)

    run(work())


def test_old_firmware_gives_beats_when_nothing_else_is_asked_for(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(no_pmd=True), no_ecg=True, acc=0) as one:
            assert await one.connected(lambda sink: len(sink.stamps("rr")) > 3) is None
            assert {spec.type for spec in one.sink.specs.values()} == {"RR", "HR"}

    run(work())


def test_a_device_without_information_or_battery_is_known_by_its_name(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(no_information=True, battery=None), wish="f0-f1-f2-f3-f4-f5") as one:
            assert await one.connected(n_ecg(100)) is None
            assert one.sink.batteries == [None]
            assert one.driver.key == "polar-h10-1a2b3c4d"

    run(work())


def test_the_same_device_is_found_again_after_it_hung_up(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(disconnect_at_s=(20.0,), away_s=5.0), wish="", speed=10.0) as one:
            error = await one.connected(n_ecg(10**6))
            assert error is not None
            assert error.reason is Reason.LINK_LOST
            n_before = len(one.sink.stamps("ecg"))
            assert n_before > 73
            assert await one.connected(n_ecg(n_before + 300)) is None
            assert np.all(np.diff(one.sink.stamps("ecg")[n_before:]) > 0)

    run(work())


def test_a_measurement_the_device_stops_is_started_again_and_the_gap_counted(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(stop_at_s=(12.0,)), speed=5.0) as one:
            await one.connected(lambda sink: bool(sink.losses) and len(sink.stamps("ecg")) > 10 * 130)
            accounted(one.sink)
            assert one.sink.n_lost("ecg") > 0

    run(work())


def test_a_device_that_stops_twice_in_a_minute_is_given_up(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(stop_at_s=(12.0, 20.0)), speed=5.0) as one:
            error = await one.connected(n_ecg(10**6))
            assert error is not None
            assert error.reason is Reason.STOPPED_BY_DEVICE

    run(work())


def test_silence_ends_the_connection_with_its_own_reason(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(silent=((10.0, 1e6),)), speed=4.0) as one:
            error = await one.connected(n_ecg(10**6))
            assert error is not None
            assert error.reason is Reason.SILENT

    run(work())


def test_a_silence_the_driver_can_end_costs_no_connection(run: Run) -> None:
    async def work() -> None:
        async with worn(H10Faults(silent=((10.0, 14.5),)), speed=4.0) as one:
            await one.connected(lambda sink: len(sink.stamps("ecg")) > 12 * 130)
            accounted(one.sink)
            assert 3 * 130 < one.sink.n_lost("ecg") < 10 * 130

    run(work())


@pytest.mark.parametrize("off_body", [OffBody.FLAT, OffBody.NOISE])
def test_a_strap_that_is_taken_off_is_seen(run: Run, off_body: OffBody) -> None:
    async def work() -> None:
        faults = H10Faults(contact_lost=((40.0, 60.0),), off_body=off_body)
        async with worn(faults) as one:
            # The counted samples of the emulator are a ramp, which no contact rule takes for a flat line.
            await one.connected(lambda sink: len(sink.contacts) >= 3)
            assert one.sink.contacts == [True, False, True]
            first_gap = int(np.flatnonzero(one.sink.values("rr")[1:, 1])[0]) + 1
            assert np.diff(one.sink.stamps("rr"))[first_gap - 1] > 15.0

    run(work())


def test_a_device_held_by_another_bridge_is_not_taken_twice(run: Run) -> None:
    async def work() -> None:
        async with worn() as one:
            second = PolarH10(Wish(address=ADDRESS), Context(pace=one.pace, radio=one.radio))
            task = asyncio.ensure_future(one.driver.run(one.sink))
            await one.sink.until(n_ecg(1))
            with pytest.raises(DeviceError) as caught:
                await second.run(KeepingSink())
            assert caught.value.reason is Reason.BUSY
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run(work())


def test_a_device_that_is_not_there_is_said_to_be_out_of_reach(run: Run) -> None:
    async def work() -> None:
        async with worn(wish="DEADBEEF") as one:
            error = await one.connected(n_ecg(1))
            assert error is not None
            assert error.reason is Reason.NOT_FOUND
            assert "moisten" in str(error)

    run(work())


def test_a_name_that_fits_two_devices_is_refused_and_an_address_is_not(run: Run) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        async with VirtualAir() as air:
            await air.add(
                VirtualH10(CounterSignal(), pace),
                VirtualH10(CounterSignal(), pace, name="Polar H10 5E6F7A8B", address="F0:F1:F2:F3:F4:F6"),
            )
            context = Context(pace=pace, radio=air.radio())
            with pytest.raises(DeviceError) as caught:
                await PolarH10(Wish(address="Polar H10"), context).run(KeepingSink())
            assert caught.value.reason is Reason.NOT_FOUND
            assert "F0:F1:F2:F3:F4:F6" in str(caught.value)
            sink = KeepingSink()
            task = asyncio.ensure_future(PolarH10(Wish(address="F0:F1:F2:F3:F4:F6"), context).run(sink))
            await sink.until(n_ecg(1))
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert {spec.serial_number for spec in sink.specs.values()} == {"5E6F7A8B"}

    run(work())
