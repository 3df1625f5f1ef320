"""A role belongs to one stream at a time, and passes on without a word lost."""

import numpy as np

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice, Result


def opened(stream_id: int, modality: Modality, rate_hz: float) -> StreamOpened:
    info = StreamInfo(
        stream_id=stream_id,
        name=modality,
        type="",
        channel_count=1,
        nominal_rate_hz=rate_hz,
        channel_format="float32",
    )
    key = StreamKey("A", modality)
    return StreamOpened(info, (Binding(channel=0, key=key, unit="", scale=1.0, reason="test"),))


def test_an_offset_of_the_silent_holder_just_before_its_successor_does_no_harm() -> None:
    pipeline = Pipeline()
    pipeline.push(opened(1, Modality.ECG, 130.0))
    pipeline.push(ClockOffset(1, 0.0, 0.0))
    t = np.arange(0.0, 1.0, 1.0 / 130.0)
    pipeline.push(Chunk(1, t, np.sin(t)[:, None]))
    for second in range(1, 20):
        pipeline.push(Tick(float(second), float("nan")))
    pipeline.push(ClockOffset(1, 19.0, 0.0))
    assert pipeline.push(opened(2, Modality.ECG, 130.0)) == []


def session(rr_scale: float) -> list[Result]:
    """Two minutes of one strap: ECG, and its own intervals in a unit that may be wrong."""
    pipeline, out = Pipeline(), []
    for i, (modality, rate) in enumerate(((Modality.ECG, 130.0), (Modality.RR, 0.0)), start=1):
        pipeline.push(opened(i, modality, rate))
        pipeline.push(ClockOffset(i, 0.0, 0.0))
    t = np.arange(0.0, 150.0, 1.0 / 130.0)
    beats = 0.4 + np.cumsum(np.full(180, 0.85) + 0.02 * np.sin(np.arange(180)))
    x = 4.0 * np.sin(t * 97.0)
    for beat in beats:
        near = np.abs(t - beat) < 0.2
        x[near] += 900.0 * np.exp(-0.5 * ((t[near] - beat) / 0.011) ** 2)
    rr_ms = np.diff(beats) * 1000.0 * rr_scale
    for second in range(150):
        here = (t >= second) & (t < second + 1)
        pipeline.push(Chunk(1, t[here], x[here][:, None]))
        arrived = (beats[1:] + 0.6 >= second) & (beats[1:] + 0.6 < second + 1)
        if arrived.any():
            pipeline.push(Chunk(2, beats[1:][arrived] + 0.6, rr_ms[arrived][:, None]))
        out += pipeline.push(Tick(second + 1.0, float("nan")))
    return out


def strap_notices(results: list[Result]) -> list[Notice]:
    return [row for row in results if isinstance(row, Notice) and row.label == "strap_disagrees"]


def test_a_strap_whose_intervals_agree_with_its_ecg_says_nothing() -> None:
    assert strap_notices(session(1.0)) == []


def test_intervals_in_another_unit_than_declared_are_told_against_the_ecg() -> None:
    (notice,) = strap_notices(session(1.024))
    assert notice.subject == "A"
    assert "unit of the RR stream" in notice.text
