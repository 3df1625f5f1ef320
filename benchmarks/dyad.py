"""A rendered dyad as events and as a recording: the material of the benchmarks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from devices.emulator import render
from monitor.core.events import Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.xdf.writer import XdfWriter

START_S = 1000.0
CHUNK_S = 0.5
RATES = {Modality.ECG: 130.0, Modality.EDA: 51.2, Modality.RR: 0.0}

Streams = list[tuple[StreamOpened, np.ndarray, np.ndarray]]


def dyad(minutes: float, *, with_rr: bool = False) -> Streams:
    """Two people, ECG and EDA each; the RR stream of the straps only where asked for."""
    streams: Streams = []
    for name, (t, x) in render(minutes, 1, True).items():
        modality = Modality.RR if name.endswith("RR") else Modality.EDA if "Shimmer" in name else Modality.ECG
        if modality is Modality.RR and not with_rr:
            continue
        key = StreamKey("C07" if "C07" in name else "T02", modality)
        info = StreamInfo(
            stream_id=len(streams) + 1,
            name=name,
            type=modality.upper(),
            channel_count=1,
            nominal_rate_hz=RATES[modality],
            channel_format="float32",
        )
        binding = Binding(channel=0, key=key, unit="", scale=1.0, reason="benchmark")
        values = np.ascontiguousarray(x, dtype=np.float32).reshape(-1, 1)
        streams.append((StreamOpened(info, (binding,)), t + START_S, values))
    return streams


def events_of(
    streams: Streams, seconds: float, *, offset_s: float = 0.0, open_streams: bool = True
) -> Iterator[Event]:
    """The streams as a recorder would deliver them: half-second chunks, a tick each second."""
    for opened, _, _ in streams if open_streams else []:
        yield opened
        yield ClockOffset(opened.info.stream_id, START_S, 0.0)
    edges = START_S + np.arange(CHUNK_S, seconds + CHUNK_S / 2, CHUNK_S)
    stops = [np.searchsorted(t, edges) for _, t, _ in streams]
    for i, edge in enumerate(edges):
        for (opened, t, x), stop in zip(streams, stops, strict=True):
            a, b = int(stop[i - 1]) if i else 0, int(stop[i])
            if b > a:
                yield Chunk(opened.info.stream_id, t[a:b] + offset_s, x[a:b])
        if i % 2:
            yield Tick(float(edge) + offset_s, float("nan"))


def write_recording(streams: Streams, seconds: float, path: Path) -> None:
    """Write the streams as a recording of attune."""
    with path.open("wb") as file:
        writer = XdfWriter(file)
        for event in events_of(streams, seconds):
            writer.write(event)
        for extra in range(1, 11):
            writer.write(Tick(START_S + seconds + extra, float("nan")))
        writer.footers()
