"""Devices that follow a script, outlets that remember, and a loop whose time passes only while all wait."""

import asyncio
import contextlib
import json
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import numpy as np

from devices.bridge import Bridge
from devices.driver import Sink
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.spec import ChannelSpec, OutletSpec

Connection = Callable[[Sink, Pace], Awaitable[None]]


class _Selector(selectors.DefaultSelector):
    def __init__(self):
        super().__init__()
        self.now_s = 1000.0

    def select(self, timeout=None):
        ready = super().select(0.0)
        if not ready and timeout is None:
            return super().select(None)
        if not ready and timeout > 0.0:
            self.now_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Waits for nothing: when nothing is ready, its clock is set to when something will be."""

    def __init__(self):
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self):
        return self._virtual.now_s


def in_virtual_time(main: Callable[[Pace], Coroutine[Any, Any, Any]]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        pace = Pace(clock=runner.get_loop().time)
        return runner.run(main(pace))


def stream(kind: str, key: str = "fake-1", rate_hz: float = 130.0, **changes: Any) -> OutletSpec:
    facts = {
        "name": f"Fake 1 {kind}",
        "type": kind,
        "source_id": f"{key}-{kind.lower()}",
        "channels": (ChannelSpec(label=kind, unit="microvolts", type=kind),),
        "nominal_rate_hz": rate_hz,
        "channel_format": "double64",
        "manufacturer": "Fake",
        "model": "F1",
        "serial_number": "1",
        "firmware": "1.0",
    }
    return OutletSpec(**(facts | changes))


ECG = stream("ECG")
RR = stream("RR", rate_hz=0.0)


class FakeDriver:
    """Its connections, one after the other; after the last the device is out of reach."""

    def __init__(self, pace: Pace, *connections: Connection, name="Fake 1", key="fake-1"):
        self.name = name
        self.key = key
        self.pace = pace
        self.connections = list(connections)
        self.began_s: list[float] = []
        self.sinks: list[Sink] = []

    async def run(self, sink: Sink) -> None:
        self.began_s.append(self.pace.now())
        self.sinks.append(sink)
        if not self.connections:
            raise out_of_reach()
        await self.connections.pop(0)(sink, self.pace)


def out_of_reach() -> DeviceError:
    return DeviceError("Fake 1 is not in reach. Bring it nearer.", Reason.NOT_FOUND, "Fake 1")


def link_lost() -> DeviceError:
    return DeviceError("The link to Fake 1 was lost. Stay nearer.", Reason.LINK_LOST, "Fake 1")


def fails(error: BaseException) -> Connection:
    async def connection(sink: Sink, pace: Pace) -> None:
        raise error

    return connection


async def hangs(sink: Sink, pace: Pace) -> None:
    await asyncio.Event().wait()


def streams(
    seconds: float, error: BaseException | None = None, spec: OutletSpec = ECG, then=None
) -> Connection:
    """Ten samples every tenth of a second, then the error, or `then`."""

    async def connection(sink: Sink, pace: Pace) -> None:
        sink.declare(spec)
        for _ in range(round(seconds * 10)):
            await pace.sleep(0.1)
            stamps_s = pace.now() - np.arange(9, -1, -1) / 100.0
            sink.push(spec.source_id, np.zeros(10), stamps_s)
        if then is not None:
            await then(sink, pace)
        raise error or link_lost()

    return connection


class KeptSamples:
    """An outlet that keeps what it was given."""

    def __init__(self, spec: OutletSpec):
        self.spec = spec
        self.values: list[float] = []
        self.stamps_s: list[float] = []
        self.closed = False

    def push(self, values, stamps_s):
        assert not self.closed
        self.values += values[:, 0].tolist()
        self.stamps_s += stamps_s.tolist()

    def close(self):
        self.closed = True


class KeptTexts:
    """An outlet for texts that keeps them."""

    def __init__(self, spec: OutletSpec | None = None):
        self.spec = spec
        self.texts: list[tuple[float, str]] = []
        self.read = False
        self.closed = False

    def push(self, text, stamp_s):
        assert not self.closed
        self.texts.append((stamp_s, text))

    def has_consumers(self):
        return self.read

    def close(self):
        self.closed = True

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        parsed = [json.loads(text) for _, text in self.texts]
        return [event for event in parsed if not kind or event["event"] == kind]


class Bench:
    """A bridge with outlets that keep, and every status it told."""

    def __init__(self, driver: FakeDriver, pace: Pace, **options: Any):
        self.pace = pace
        self.samples: list[KeptSamples] = []
        self.texts = KeptTexts()
        self.status_streams: list[OutletSpec] = []
        self.statuses = []
        self.bridge = Bridge(
            driver,
            pace,
            on_status=self.statuses.append,
            open_samples=self._open,
            open_texts=self._open_texts,
            **options,
        )

    def _open(self, spec: OutletSpec) -> KeptSamples:
        self.samples.append(KeptSamples(spec))
        return self.samples[-1]

    def _open_texts(self, spec: OutletSpec) -> KeptTexts:
        self.texts = KeptTexts(spec) if self.status_streams else self.texts
        self.status_streams.append(spec)
        return self.texts

    def states(self) -> list[str]:
        """Each state once per stay."""
        states = [status.state.value for status in self.statuses]
        return [state for index, state in enumerate(states) if not index or states[index - 1] != state]

    async def run_for(self, seconds: float) -> None:
        task = asyncio.create_task(self.bridge.run())
        await self.pace.sleep(seconds)
        if not task.done():
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
