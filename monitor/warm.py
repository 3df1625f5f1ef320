"""Compile every kernel before the first stream opens, so that no sample ever waits for a compiler."""

import numpy as np

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.synchrony.coupling import Coupling
from monitor.core.synchrony.group import group_statistic
from monitor.core.synchrony.methods import DEFAULT_METHODS, METHODS
from monitor.core.synchrony.pair import Choices, Pair
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.segments import Segments

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
    _warm_up_synchrony()


def _warm_up_synchrony() -> None:
    """Compare three synthetic people, in as few segments as give a number."""
    rng = np.random.default_rng(1)
    n, lags, n_segments = 120, 20, 12
    people = [Segments(n, lags, 0.25, keep=n_segments) for _ in range(3)]
    pairings = Pairings(19, 1)
    couplings = [(a, b, Coupling(people[a], people[b], pairings)) for a, b in ((0, 1), (0, 2), (1, 2))]
    for index in range(n_segments):
        for segments in people:
            segments.add(rng.normal(size=n), 0.0)
        for _, _, coupling in couplings:
            coupling.close(index)
    for _, _, coupling in couplings:
        coupling.statistic()
    group_statistic(couplings, n_permutations=19, seed=1)
    x, y = rng.normal(size=(2, n * n_segments))
    pair = Pair("A", "B", "eda", 4.0, 0.0, 4.0 + 0.01 * x, 4.0 + 0.01 * y, x, y)
    for name in DEFAULT_METHODS:
        METHODS[name].compute(pair, Choices(n_surrogates=199))
