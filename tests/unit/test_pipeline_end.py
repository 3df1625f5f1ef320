"""The end of a recording: what came after windows last closed counts in every way of running."""

import math

import numpy as np

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import BeatRow

INFO = StreamInfo(
    stream_id=1, name="strap", type="RR", channel_count=1, nominal_rate_hz=0.0, channel_format="double64"
)  # fmt: skip
ROLE = Binding(channel=0, key=StreamKey("C07", Modality.RR), unit="ms", scale=1.0, reason="test")


def beats(*, eager: bool) -> list[BeatRow]:
    """A minute of a strap whose last interval comes between two ticks that close no window."""
    pipeline, out = Pipeline(eager=eager), []
    pipeline.push(StreamOpened(INFO, (ROLE,)))
    pipeline.push(ClockOffset(1, 0.0, 0.0))
    for k in range(240):
        now_s = 0.25 * (k + 1)
        if k % 4 == 2 or k == 239:
            rr_ms = 1000.0 + 20.0 * math.sin(k)
            pipeline.push(Chunk(1, np.array([now_s - 0.1]), np.array([[rr_ms]])))
        out += pipeline.push(Tick(now_s, math.nan))
    out += pipeline.finish()
    return [row for row in out if isinstance(row, BeatRow)]


def test_an_interval_of_the_last_moment_counts_whether_samples_are_processed_at_once_or_not() -> None:
    assert repr(beats(eager=False)) == repr(beats(eager=True))
    assert beats(eager=True)[-1].t_s > 57.0


def test_a_session_without_a_sample_ends_without_a_word() -> None:
    pipeline = Pipeline()
    pipeline.push(StreamOpened(INFO, (ROLE,)))
    pipeline.push(Tick(1.0, math.nan))
    assert pipeline.finish() == []
