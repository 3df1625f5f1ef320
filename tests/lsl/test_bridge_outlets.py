"""A bridge with real outlets: they outlive the link, and every sample arrives or lies in a gap that is told."""

import asyncio
import contextlib
import json
import uuid
import xml.etree.ElementTree as ET

import numpy as np
import pylsl
import pytest

from devices.bridge import Bridge
from devices.outlet import TextOutlet
from devices.pace import Pace
from devices.spec import OutletSpec
from devices.status import status_spec
from tests.bridge_fakes import FakeDriver, link_lost, stream

pytestmark = pytest.mark.lsl

SPEED = 20.0
N_FRAMES = 40
N_PER_FRAME = 13


@pytest.fixture
def key() -> str:
    return f"fake-{uuid.uuid4().hex[:8]}"


def found(source_id: str) -> pylsl.StreamInfo:
    (info,) = pylsl.resolve_byprop("source_id", source_id, minimum=1, timeout=20.0)
    return info


class Counter:
    """A device that counts its samples, at 130 Hz, through all its connections; the link eats some of them."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.n_made = 0
        self.never_sent: list[int] = []

    def connection(self, spec: OutletSpec, drops: set[int]):
        async def run(sink, pace):
            sink.declare(spec)
            await self.go.wait()
            for frame in range(N_FRAMES):
                await pace.sleep(0.1)
                values = np.arange(self.n_made, self.n_made + N_PER_FRAME, dtype=np.float64)
                stamps_s = pace.now() + (values - values[-1]) / 200.0
                self.n_made += N_PER_FRAME
                if frame in drops:
                    self.never_sent += values.astype(int).tolist()
                    sink.lost(
                        spec.source_id, N_PER_FRAME, float(stamps_s[0] - 0.005), float(stamps_s[-1] + 0.005)
                    )
                else:
                    sink.push(spec.source_id, values, stamps_s)
            raise link_lost()

        return run


def pulled(inlet: pylsl.StreamInlet):
    values, stamps_s = inlet.pull_chunk(timeout=0.0, max_samples=4096)
    return [row[0] for row in values], list(stamps_s)


async def recorded(key: str):
    """Read samples and status of a device over two lost links, until its bridge has stopped."""
    spec = stream("ECG", key=key)
    pace = Pace(SPEED)
    device = Counter()
    runs = [device.connection(spec, {3, 17}), device.connection(spec, {0}), device.connection(spec, set())]
    bridge = Bridge(FakeDriver(pace, *runs, name="Fake 1", key=key), pace)
    task = asyncio.create_task(bridge.run())
    infos = [await asyncio.to_thread(found, f"{key}-{kind}") for kind in ("ecg", "status")]
    inlets = [pylsl.StreamInlet(info, recover=False) for info in infos]
    for inlet in inlets:
        await asyncio.to_thread(inlet.open_stream, 20.0)
    # A text may go before its reader is there; the samples wait for theirs.
    device.go.set()
    got = [([], []), ([], [])]

    def pull() -> None:
        for inlet, (values, stamps_s) in zip(inlets, got, strict=True):
            new_values, new_stamps_s = pulled(inlet)
            values += new_values
            stamps_s += new_stamps_s

    async with asyncio.timeout(60.0):
        while device.n_made < 3 * N_FRAMES * N_PER_FRAME or len(got[0][0]) < device.n_made - len(
            device.never_sent
        ):
            await asyncio.sleep(0.02)
            pull()
        uid = (await asyncio.to_thread(found, spec.source_id)).uid()
        task.cancel()
        # What the bridge says at its end comes while its outlets linger.
        while not task.done():
            await asyncio.sleep(0.02)
            with contextlib.suppress(pylsl.util.LostError):
                pull()
    for inlet in inlets:
        inlet.close_stream()
    return device, bridge, infos, got, uid


def test_outlets_outlive_the_link_and_every_sample_is_accounted_for(key):
    device, bridge, infos, ((values, stamps_s), (texts, _)), uid = asyncio.run(recorded(key))
    assert uid == infos[0].uid()
    assert sorted([*map(int, values), *device.never_sent]) == list(range(device.n_made))
    assert values == sorted(values)
    assert np.all(np.diff(stamps_s) > 0.0)
    events = [json.loads(text) for text in texts]
    lost = [event for event in events if event["event"] == "lost"]
    assert sum(event["n_samples"] for event in lost) == len(device.never_sent) == bridge.status.n_lost
    gaps = [(event["start_s"], event["stop_s"]) for event in events if event["event"] == "gap"]
    assert len(gaps) == 2
    assert all(start_s in stamps_s and stop_s in stamps_s for start_s, stop_s in gaps)
    states = [event["state"] for event in events if event["event"] == "state"]
    assert states.count("lost") >= 2
    assert states[-1] == "stopped"


def test_the_status_stream_declares_what_the_interface_says(key):
    outlet = TextOutlet(status_spec("Fake 1", key, "", ""))
    inlet = pylsl.StreamInlet(found(f"{key}-status"), recover=False)
    info = inlet.info(timeout=20.0)
    assert (info.name(), info.type(), info.nominal_srate()) == ("Fake 1-status", "Markers", 0.0)
    assert info.channel_format() == pylsl.cf_string
    assert ET.fromstring(info.as_xml()).findtext("desc/channels/channel/label") == "device status"
    inlet.open_stream(timeout=20.0)
    assert outlet.has_consumers()
    outlet.push('{"text": "µS – ok"}', 12345.5)
    (text,), stamp_s = inlet.pull_sample(timeout=20.0)
    assert (text, stamp_s) == ('{"text": "µS – ok"}', 12345.5)
    inlet.close_stream()
    outlet.close()
    outlet.close()
    with pytest.raises(ValueError, match="closed"):
        outlet.push("x", 1.0)


def test_numbers_are_not_sent_through_an_outlet_for_texts():
    with pytest.raises(ValueError, match="texts"):
        TextOutlet(stream("ECG"))
