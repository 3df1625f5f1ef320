"""Compile every kernel before the first stream opens, so that no sample ever waits for a compiler."""

import numpy as np

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline

_SECONDS = 100
_RATE_HZ = {Modality.ECG: 130.0, Modality.EDA: 51.2}


def _signal(modality: Modality, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """Make a beat a second with a little variation, or slow skin conductance."""
    t = np.arange(0.0, _SECONDS, 1.0 / rate_hz)
    if modality is Modality.EDA:
        return t, 4.0 + 0.5 * np.sin(t / 3.0)
    beat = np.exp(-0.5 * (((t + 0.02 * np.sin(t)) % 0.9 - 0.45) / 0.012) ** 2)
    return t, 1000.0 * beat + 5.0 * np.sin(40.0 * t)


def warm_up() -> None:
    """Run a hundred synthetic seconds of every kind of channel through a pipeline of its own."""
    pipeline = Pipeline()
    rr_t = np.arange(1.0, _SECONDS, 0.9)
    signals = {modality: _signal(modality, rate) for modality, rate in _RATE_HZ.items()}
    signals[Modality.RR] = (rr_t, 900.0 + 20.0 * np.sin(rr_t))
    for i, modality in enumerate(signals, start=1):
        rate = _RATE_HZ.get(modality, 0.0)
        # RR goes to a second person: a person with ECG would never use it.
        code = "B" if modality is Modality.RR else "A"
        info = StreamInfo(
            stream_id=i, name="warm", type="", channel_count=1, nominal_rate_hz=rate, channel_format="float32"
        )
        key = StreamKey(code, modality)
        pipeline.push(StreamOpened(info, (Binding(channel=0, key=key, unit="", scale=1.0, reason=""),)))
        pipeline.push(ClockOffset(i, 0.0, 0.0))
    for second in range(_SECONDS):
        for i, (t, x) in enumerate(signals.values(), start=1):
            # A hole, because what happens after one is compiled too.
            here = (t >= second) & (t < second + 1) & ~((t > 60.0) & (t < 63.0))
            pipeline.push(Chunk(i, t[here], x[here].reshape(-1, 1)))
        pipeline.push(Tick(second + 1.0, float("nan")))
    pipeline.finish()
