"""The driver of any heart-rate strap, and finding devices, over the emulated stack in one process (set-up A)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install 'attune-monitor[emulator]'")

from devices.ble import connect, find, scan
from devices.driver import Context, Wish
from devices.drivers import heart_rate as driver_module
from devices.drivers import polar_h10
from devices.drivers.heart_rate import HeartRateStrap
from devices.emulator.central import AdapterState
from devices.emulator.h10_signals import CounterSignal
from devices.emulator.radio import VirtualAir
from devices.emulator.virtual_h10 import VirtualH10
from devices.emulator.virtual_strap import StrapStyle, VirtualStrap
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from tests.sinks import KeepingSink

pytestmark = pytest.mark.hardware

ADDRESS = "C0:DE:C0:DE:00:01"
SPEED = 20.0
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@asynccontextmanager
async def strap(
    style: StrapStyle, name: str = "Tickr 4F2A"
) -> AsyncIterator[tuple[HeartRateStrap, KeepingSink]]:
    pace = Pace(SPEED)
    async with VirtualAir() as air:
        await air.add(VirtualStrap(CounterSignal(), pace, name=name, address=ADDRESS, style=style))
        yield HeartRateStrap(Wish(address=ADDRESS), Context(pace=pace, radio=air.radio())), KeepingSink()


async def connected(
    one: HeartRateStrap, sink: KeepingSink, until: Callable[[KeepingSink], bool]
) -> DeviceError | None:
    task = asyncio.ensure_future(one.run(sink))
    waiting = asyncio.ensure_future(sink.until(until))
    await asyncio.wait((task, waiting), timeout=30.0, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    task.cancel()
    result, _ = await asyncio.gather(task, waiting, return_exceptions=True)
    return result if isinstance(result, DeviceError) else None


@pytest.mark.parametrize(
    "style", [StrapStyle(), StrapStyle(contact_bits=False, wide=True, energy=True), StrapStyle(every_s=7.0)]
)
def test_every_way_of_writing_gives_the_same_beats(run: Run, style: StrapStyle) -> None:
    async def work() -> None:
        async with strap(style) as (one, sink):
            assert await connected(one, sink, lambda kept: len(kept.stamps("rr")) >= 30) is None
            rr_ms, gaps = sink.values("rr").T
            assert gaps[0] == 1.0
            assert not gaps[1:].any()
            assert np.all(rr_ms * 1.024 == np.round(rr_ms * 1.024))
            assert np.diff(sink.stamps("rr")) == pytest.approx(rr_ms[1:] / 1e3, abs=0.031)
            spec = next(spec for spec in sink.specs.values() if spec.type == "RR")
            assert (spec.source_id, spec.channel_format) == ("heart-rate-4f2a-rr", "double64")
            assert (spec.manufacturer, spec.model) == ("Emulated", "Strap")

    run(work())


def test_a_strap_without_intervals_declares_none(run: Run) -> None:
    async def work() -> None:
        async with strap(StrapStyle(intervals=False)) as (one, sink):
            assert await connected(one, sink, lambda kept: len(kept.stamps("hr")) >= 5) is None
            assert {spec.type for spec in sink.specs.values()} == {"HR"}

    run(work())


def test_no_beat_is_used_while_contact_is_lost(run: Run) -> None:
    async def work() -> None:
        async with strap(StrapStyle(contact_lost=((35.0, 45.0),))) as (one, sink):
            await connected(one, sink, lambda kept: kept.pushed("rr") and kept.values("rr")[:, 1].sum() >= 2)
            assert sink.contacts == [True, False, True]
            gaps = np.flatnonzero(sink.values("rr")[:, 1])
            assert len(gaps) == 2
            assert np.diff(sink.stamps("rr"))[gaps[1] - 1] > 8.0

    run(work())


def test_a_name_without_a_number_leaves_it_to_the_serial_number(run: Run) -> None:
    async def work() -> None:
        async with strap(StrapStyle(battery=None), name="Chest") as (one, sink):
            await connected(one, sink, lambda kept: kept.pushed("hr"))
            assert sink.batteries == [None]
            # The emulated strap takes the last word of its name for its serial number.
            assert one.key == "heart-rate-chest"

    run(work())


def test_a_polar_h10_is_a_strap_too_and_a_scan_tells_them_apart(run: Run) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        async with VirtualAir() as air:
            await air.add(
                VirtualH10(CounterSignal(), pace),
                VirtualStrap(CounterSignal(), pace, name="Tickr 4F2A", address=ADDRESS, style=StrapStyle()),
            )
            seen = {one.address: one for one in await scan(air.radio(), 2.0, pace)}
            h10, other = seen["F0:F1:F2:F3:F4:F5"], seen[ADDRESS]
            assert polar_h10.recognises(h10)
            assert not polar_h10.recognises(other)
            assert driver_module.recognises(h10)
            assert driver_module.recognises(other)

    run(work())


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AdapterState.OFF, Reason.ADAPTER_OFF),
        (AdapterState.ABSENT, Reason.NO_ADAPTER),
        (AdapterState.FORBIDDEN, Reason.NO_PERMISSION),
    ],
)
def test_an_adapter_that_cannot_be_used_is_named(run: Run, state: AdapterState, reason: Reason) -> None:
    async def work() -> None:
        async with VirtualAir() as air:
            await air.central.set_state(state)
            with pytest.raises(DeviceError) as caught:
                await scan(air.radio(), 1.0, Pace())
            assert caught.value.reason is reason
            assert caught.value.about_machine == (reason is not Reason.ADAPTER_OFF)

    run(work())


def test_a_connection_that_never_comes_is_given_up_and_works_the_next_time(run: Run) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        async with VirtualAir() as air:
            await air.add(
                VirtualStrap(CounterSignal(), pace, name="Tickr 4F2A", address=ADDRESS, style=StrapStyle())
            )
            radio = air.radio()
            device = await find(radio, ADDRESS, lambda _: True, pace)
            air.central.hanging_connects = 1
            with pytest.raises(DeviceError) as caught:
                async with connect(radio, device, pace, 0.3):
                    pass
            assert caught.value.reason is Reason.TIMEOUT
            assert not radio.taken
            async with connect(radio, device, pace) as link:
                assert link.has("00002a37-0000-1000-8000-00805f9b34fb")
            with pytest.raises(DeviceError) as late:
                await link.read("00002a19-0000-1000-8000-00805f9b34fb")
            assert late.value.reason is Reason.LINK_LOST

    run(work())
