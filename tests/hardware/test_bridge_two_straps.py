"""Two straps and one that is not there in one process: nobody feeds another's stream, nobody ends another."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install 'attune-monitor[emulator]'")

from devices.bridge import Bridge
from devices.driver import Context, Wish
from devices.drivers.polar_h10 import PolarH10
from devices.emulator.central import AdapterState
from devices.emulator.h10_faults import H10Faults
from devices.emulator.h10_signals import CounterSignal
from devices.emulator.radio import VirtualAir
from devices.emulator.virtual_h10 import VirtualH10
from devices.errors import Reason
from devices.fleet import run_fleet
from devices.pace import Pace
from devices.status import State, Status
from tests.bridge_fakes import KeptSamples, KeptTexts

pytestmark = pytest.mark.hardware

SPEED = 10.0
FIRST, SECOND, ABSENT = "F0:F1:F2:F3:F4:F5", "F0:F1:F2:F3:F4:F6", "F0:F1:F2:F3:F4:F7"
Run = Callable[[Coroutine[Any, Any, Any]], Any]


class BelowZero(CounterSignal):
    """Counts downwards, so that each sample tells whose it is."""

    def ecg(self, first_index: int, n: int, rate_hz: float) -> np.ndarray:
        return -1 - super().ecg(first_index, n, rate_hz)


class Room:
    """Bridges of three wishes, of which two have a device."""

    def __init__(self, pace: Pace, air: VirtualAir) -> None:
        self.outlets: dict[str, list[KeptSamples]] = {}
        self.statuses: dict[str, Status] = {}
        self._changed = asyncio.Event()
        context = Context(pace=pace, radio=air.radio())
        self.bridges = [
            Bridge(
                PolarH10(Wish(address=address, participant=code), context),
                pace,
                on_status=self._told,
                open_samples=self._opened,
                open_texts=KeptTexts,
            )
            for address, code in ((FIRST, "C07"), (SECOND, "P07"), (ABSENT, "X07"))
        ]

    def _told(self, status: Status) -> None:
        self.statuses[status.device] = status
        self._changed.set()

    def _opened(self, spec: Any) -> KeptSamples:
        outlet = KeptSamples(spec)
        self.outlets.setdefault(spec.source_id, []).append(outlet)
        return outlet

    def ecg(self, serial: str) -> np.ndarray:
        return np.array([v for one in self.outlets.get(f"polar-h10-{serial}-ecg", []) for v in one.values])

    def state(self, code: str) -> State:
        return self.statuses[f"Polar H10 {code}"].state

    async def until(self, there: Callable[[], bool], within_s: float = 25.0) -> None:
        """Wait; every status, at least two a second of the devices, is looked at."""
        async with asyncio.timeout(within_s):
            while not there():
                self._changed.clear()
                await self._changed.wait()

    def both(self, state: State) -> bool:
        return all(self.state(code) is state for code in ("C07", "P07"))


def test_an_adapter_that_goes_and_comes_back_costs_a_gap_and_no_bridge_and_mixes_nothing(run: Run) -> None:
    async def work() -> None:
        pace = Pace(SPEED)
        async with VirtualAir() as air:
            faults = H10Faults(disconnect_at_s=(12.0,), away_s=3.0)
            await air.add(
                VirtualH10(CounterSignal(), pace, faults=faults, name="Polar H10 1A2B3C4D", address=FIRST),
                VirtualH10(BelowZero(), pace, name="Polar H10 5E6F7A8B", address=SECOND),
            )
            room, stop = Room(pace, air), asyncio.Event()
            fleet = asyncio.create_task(run_fleet(room.bridges, stop))
            await room.until(lambda: len(room.ecg("1a2b3c4d")) > 500 and len(room.ecg("5e6f7a8b")) > 500)
            await room.until(lambda: room.state("X07") is State.LOST)
            await air.central.set_state(AdapterState.ABSENT)
            await room.until(lambda: all(one.reason is Reason.NO_ADAPTER for one in room.statuses.values()))
            n_before = len(room.ecg("1a2b3c4d")), len(room.ecg("5e6f7a8b"))
            await air.central.set_state(AdapterState.ON)
            await room.until(lambda: room.both(State.STREAMING))
            await room.until(lambda: len(room.ecg("1a2b3c4d")) > n_before[0] + 300)
            await room.until(lambda: len(room.ecg("5e6f7a8b")) > n_before[1] + 300)
            assert not fleet.done()
            assert room.state("X07") is not State.STOPPED
            stop.set()
            await fleet
            assert np.all(room.ecg("1a2b3c4d") >= 0)
            assert np.all(room.ecg("5e6f7a8b") < 0)
            # One outlet per stream over all connections, under the serial number of its device.
            assert {len(outlets) for outlets in room.outlets.values()} == {1}
            assert {key.split("-")[2] for key in room.outlets} == {"1a2b3c4d", "5e6f7a8b"}
            assert all(outlet.closed for outlets in room.outlets.values() for outlet in outlets)
            for outlets in room.outlets.values():
                assert np.all(np.diff(outlets[0].stamps_s) > 0)

    run(work())
