"""Between two ticks neither chunking nor interleaving nor eagerness makes a difference, bit for bit."""

import itertools
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.baseline import Reference, Scale
from calibration.personal import Calibration
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice, Result
from monitor.tables.writer import TableWriter

SECONDS = 75
START_S = 5000.0
RATES = {Modality.ECG: 130.16, Modality.EDA: 51.2, Modality.RR: 0.0}


def signal(modality: Modality, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    if modality is Modality.RR:
        rr = 850.0 + 40.0 * rng.standard_normal(int(SECONDS / 0.85))
        return START_S + np.cumsum(rr) / 1000.0 + rng.uniform(0, 0.4), rr
    rate = RATES[modality]
    t = np.arange(0.0, SECONDS, 1.0 / rate)
    if modality is Modality.EDA:
        x = 4.0 + 0.2 * np.sin(t / 7.0) + 0.4 * np.exp(-np.abs((t % 13.0) - 4.0) / 1.5)
        x[int(40 * rate)] += 30.0
        return START_S + t, x
    beats = np.cumsum(0.85 + 0.05 * rng.standard_normal(int(SECONDS / 0.8)))
    x = 8.0 * rng.standard_normal(t.size)
    for beat in beats:
        x += 900.0 * np.exp(-0.5 * ((t - beat) / 0.012) ** 2)
    lost = (t > 30.0) & (t < 30.56)
    return START_S + t[~lost], x[~lost]


STREAMS = [("A", Modality.ECG), ("A", Modality.EDA), ("B", Modality.RR), ("B", Modality.EDA)]
SIGNALS = [signal(modality, seed) for seed, (_, modality) in enumerate(STREAMS)]


def opened(i: int) -> StreamOpened:
    code, modality = STREAMS[i]
    info = StreamInfo(
        stream_id=i + 1,
        name=f"{modality} {code}",
        type=modality,
        channel_count=1,
        nominal_rate_hz={Modality.ECG: 130.0, Modality.EDA: 51.2, Modality.RR: 0.0}[modality],
        channel_format="float32",
    )
    key = StreamKey(code, modality)
    return StreamOpened(info, (Binding(channel=0, key=key, unit="", scale=1.0, reason="test"),))


def recording(period_s: float, cuts: list[float], order_seed: int, lost_at: float) -> list[Event]:
    """A session whose chunks end at ticks and, in between, wherever `cuts` says."""
    rng = np.random.default_rng(order_seed)
    events: list[Event] = []
    for i in range(len(STREAMS)):
        events += [opened(i), ClockOffset(i + 1, START_S, 0.0)]
    at = [0] * len(STREAMS)
    ticks = np.arange(START_S + period_s, START_S + SECONDS + 8.0, period_s)
    lost = False
    for n, now in enumerate(ticks):
        pieces: list[list[Event]] = []
        for i, (t, x) in enumerate(SIGNALS):
            stop = int(np.searchsorted(t, now))
            inner = sorted({at[i], stop, *(at[i] + int(c * (stop - at[i])) for c in cuts)})
            pieces.append(
                [
                    Chunk(i + 1, t[a:b].copy(), x[a:b].reshape(-1, 1).copy())
                    for a, b in itertools.pairwise(inner)
                ]
            )
            if n % 11 == 0:
                pieces[-1].append(ClockOffset(i + 1, now, 1e-5 * np.sin(n)))
            at[i] = stop
        while any(pieces):
            i = int(rng.choice([k for k, piece in enumerate(pieces) if piece]))
            events.append(pieces[i].pop(0))
        if not lost and now > START_S + lost_at:
            lost = True
            events.append(StreamLost(2, now, "gone"))
        for said in SAID:
            if now - period_s < said.at_s <= now:
                events.append(said)
        events.append(Tick(now, float("nan")))
    return events


SAID = (
    Annotation(START_S + 30.2, "speech_on", "A"),
    Annotation(START_S + 41.9, "speech_off", "A"),
    Annotation(START_S + 33.0, "tension", "B 4"),
)


def calibration(code: str) -> Calibration:
    """A reference so low that this session lies far above it."""
    scales = {name: Scale(mean=mean, sd=0.05, n_effective=30.0) for name, mean in LEVELS.items()}
    reference = Reference(
        participant=code,
        start_s=0.0,
        stop_s=300.0,
        valid_s=300,
        scales=scales,
        electrodermal_rho=0.2,
        correlation=((1.0, 0.1, 0.0), (0.1, 1.0, 0.2), (0.0, 0.2, 1.0)),
        responder=True,
    )
    return Calibration(participant=code, reference=reference, breathing_per_min=14.0)


LEVELS = {"ln_scl": 1.2, "scr_rate": 3.0, "heart_speed": 0.1, "ln_rmssd": 3.6}


def rows_of(events: list[Event], *, eager: bool) -> list[bytes]:
    pipeline = Pipeline(
        eager=eager, calibrations={code: lambda _utc_s, code=code: calibration(code) for code in "AB"}
    )
    results: list[Result] = []
    for event in events:
        results += pipeline.push(event)
    results += pipeline.finish()
    kept = [row for row in results if not isinstance(row, Notice)]
    ordered = sorted(kept, key=lambda row: (type(row).__name__, row[0]))
    return [
        b"|".join(struct.pack("<d", v) if isinstance(v, float) else str(v).encode() for v in row)
        for row in ordered
    ]


REFERENCE_PERIOD_S = 0.23


@pytest.fixture(scope="module")
def expected() -> dict[float, list[bytes]]:
    return {}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    period_s=st.sampled_from([0.23, 0.37, 1.0, 1.7]),
    cuts=st.lists(st.floats(0.0, 1.0), max_size=4),
    order_seed=st.integers(0, 1000),
    eager=st.booleans(),
)
def test_any_cut_order_and_eagerness_give_the_same_rows(
    period_s: float, cuts: list[float], order_seed: int, eager: bool, expected: dict[float, list[bytes]]
) -> None:
    if period_s not in expected:
        expected[period_s] = rows_of(recording(period_s, [], 0, 60.0), eager=False)
    assert len(expected[period_s]) > 1500
    assert any(row.startswith(b"A|above") for row in expected[period_s])
    assert any(b"|speech|" in row for row in expected[period_s])
    assert rows_of(recording(period_s, cuts, order_seed, 60.0), eager=eager) == expected[period_s]


def test_tables_are_identical_bytes_for_live_and_lazy_runs(tmp_path) -> None:
    events = recording(REFERENCE_PERIOD_S, [0.3], 5, 60.0)
    for name, eager in (("live", True), ("lazy", False)):
        folder = tmp_path / name
        folder.mkdir()
        pipeline, tables = Pipeline(eager=eager), TableWriter(folder)
        for event in events:
            tables.push(pipeline.push(event))
        tables.push(pipeline.finish())
        tables.close()
    for path in sorted((tmp_path / "live").iterdir()):
        assert path.read_bytes() == (tmp_path / "lazy" / path.name).read_bytes(), path.name
