"""The scripted session on virtual hardware: two straps in an emulated air, two units on ports, and their drivers."""

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from devices.bridge import Bridge
from devices.driver import Context, Driver, Wish
from devices.drivers import polar_h10, shimmer
from devices.emulator.h10_faults import H10Faults
from devices.emulator.h10_signals import H10Signal, ScriptedSignal
from devices.emulator.radio import VirtualAir
from devices.emulator.script import PersonScript, Script
from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_signals import ScriptedShimmer, ShimmerSignal
from devices.emulator.virtual_h10 import VirtualH10
from devices.emulator.virtual_shimmer import VirtualShimmer
from devices.emulator.waveforms import Waveforms
from devices.fleet import run_fleet
from devices.outlet import Outlet
from devices.pace import Pace
from devices.spec import OutletSpec
from devices.status import State, Status

STRAPS = (("Polar H10 1A2B3C4D", "F0:F1:F2:F3:F4:F5"), ("Polar H10 5E6F7A8B", "F0:F1:F2:F3:F4:F6"))
"""Names and addresses of the client's strap and the therapist's."""

UNITS = ("Shimmer3-92E8", "Shimmer3-4B17")
"""Names of the client's skin conductance unit and the therapist's."""

_LAST_LATENCY_S = 1.5
_CONNECT_S = 20.0
_CONNECT_LEAST_S = 10.0


class HardwareDyad:
    """Two people, each with a virtual Polar H10 and a virtual Shimmer3 GSR+, from ``async with`` to its end.

    The devices are switched on, and the script begins, when the block is entered.

    Parameters
    ----------
    straps : sequence of (str, H10Signal, H10Faults)
        Code of each wearer, and what the strap measures and does wrong.
    units : sequence of (str, ShimmerSignal, ShimmerFaults)
        The same for the units.
    pace : Pace
        The clock of all devices and drivers.
    """

    def __init__(
        self,
        straps: Sequence[tuple[str, H10Signal, H10Faults]],
        units: Sequence[tuple[str, ShimmerSignal, ShimmerFaults]],
        pace: Pace,
    ) -> None:
        self.pace = pace
        self.straps = [
            VirtualH10(signal, pace, name=name, address=address, faults=faults)
            for (_, signal, faults), (name, address) in zip(straps, STRAPS, strict=False)
        ]
        self.units = [
            VirtualShimmer(signal, pace, name=name, faults=faults)
            for (_, signal, faults), name in zip(units, UNITS, strict=False)
        ]
        self.began_s = pace.now()
        """When the script began, on the clock."""
        self._codes = [code for code, *_ in straps], [code for code, *_ in units]
        self._air = VirtualAir()

    @classmethod
    def scripted(cls, script: Script, waveforms: Waveforms, pace: Pace) -> Self:
        """Put the devices on the people of a script.

        Parameters
        ----------
        script : Script
            The session.
        waveforms : Waveforms
            Shapes of a beat and of a response.
        pace : Pace
            The clock.

        Returns
        -------
        HardwareDyad
            Not switched on yet.
        """
        straps, units = [], []
        for person in script.people:
            body = ScriptedSignal(person, script.duration_s, script.seed, waveforms)
            straps.append((person.code, body, body.faults(H10Faults(seed=script.seed))))
            skin = ScriptedShimmer(person, script.duration_s, script.seed, waveforms)
            units.append((person.code, skin, _unit_faults(person)))
        return cls(straps, units, pace)

    async def __aenter__(self) -> Self:
        try:
            for unit in self.units:
                unit.start()
            await self._air.add(*self.straps)
        except BaseException:
            await self._switch_off()
            raise
        self.began_s = self.pace.now()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._switch_off()

    def context(self) -> Context:
        """Give what drivers of these devices share.

        Returns
        -------
        Context
            Clock and radio.
        """
        return Context(pace=self.pace, radio=self._air.radio())

    def drivers(self, context: Context | None = None) -> list[Driver]:
        """Make the drivers of all devices.

        Parameters
        ----------
        context : Context, optional
            Of `context`, when not given.

        Returns
        -------
        list of Driver
            Straps first, in the order given.
        """
        shared = self.context() if context is None else context
        straps = [
            polar_h10.KIND.make(
                Wish(address=strap.address, participant=code, options=polar_h10.KIND.defaults()), shared
            )
            for strap, code in zip(self.straps, self._codes[0], strict=True)
        ]
        units = [
            shimmer.KIND.make(
                Wish(address=unit.port, participant=code, options=shimmer.KIND.defaults()), shared
            )
            for unit, code in zip(self.units, self._codes[1], strict=True)
        ]
        return [*straps, *units]

    async def _switch_off(self) -> None:
        await self._air.close()
        for unit in self.units:
            await asyncio.to_thread(unit.stop)


async def play_script(
    script: Script,
    waveforms: Waveforms,
    pace: Pace,
    stop: asyncio.Event,
    *,
    ready: Callable[[Sequence[OutletSpec]], None] = lambda _: None,
    on_status: Callable[[Status], None] = lambda _: None,
) -> bool:
    """Play a script on virtual hardware: devices, drivers, bridges and outlets, to its end or until told to stop.

    Parameters
    ----------
    script : Script
        The session; the codes of its people become part of the stream names.
    waveforms : Waveforms
        Shapes of a beat and of a response.
    pace : Pace
        The clock.
    stop : asyncio.Event
        Ends the play.
    ready : callable, optional
        Told the streams once all four devices stream, or 20 s have gone by.
    on_status : callable, optional
        Told at each change of each device.

    Returns
    -------
    bool
        Whether the end was reached.

    Raises
    ------
    DeviceError
        Where the system has no pseudo-terminals, or bumble is not installed.
    """
    async with HardwareDyad.scripted(script, waveforms, pace) as dyad:
        watch = _Watch(on_status, len(dyad.straps) + len(dyad.units))
        bridges = [
            Bridge(driver, pace, on_status=watch.note, open_samples=watch.open) for driver in dyad.drivers()
        ]
        ended = asyncio.Event()
        fleet = asyncio.create_task(run_fleet(bridges, ended), name="fleet of the dyad")
        stopping = asyncio.create_task(stop.wait(), name="stop of the dyad")
        try:
            await _first_of(max(_CONNECT_S / pace.speed, _CONNECT_LEAST_S), fleet, stopping, watch.all_stream)
            if not stop.is_set():
                ready(watch.specs)
            end_s = dyad.began_s + script.duration_s + _LAST_LATENCY_S
            await _first_of((end_s - pace.now()) / pace.speed, fleet, stopping)
        finally:
            ended.set()
            stopping.cancel()
            watch.all_stream.cancel()
            await fleet
    return not stop.is_set()


class _Watch:
    """Learns from the bridges which streams there are, and when all devices stream."""

    def __init__(self, on_status: Callable[[Status], None], n_devices: int) -> None:
        self.specs: list[OutletSpec] = []
        self.all_stream: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._on_status = on_status
        self._n_devices = n_devices
        self._streaming: set[str] = set()

    def open(self, spec: OutletSpec) -> Outlet:
        """Open an outlet."""
        self.specs.append(spec)
        return Outlet(spec)

    def note(self, status: Status) -> None:
        """Take note of how a device is doing."""
        if status.state is State.STREAMING:
            self._streaming.add(status.device)
        if len(self._streaming) == self._n_devices and not self.all_stream.done():
            self.all_stream.set_result(None)
        self._on_status(status)


async def _first_of(seconds: float, *awaited: "asyncio.Future[Any]") -> None:
    """Wait until one of these is done, or seconds on the clock on the wall have gone by."""
    await asyncio.wait(awaited, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)


def _unit_faults(person: PersonScript) -> ShimmerFaults:
    """Give a unit the small errors of the script."""
    return ShimmerFaults() if person.faulty else ShimmerFaults(clock_drift=0.0, jitter_s=0.0)
