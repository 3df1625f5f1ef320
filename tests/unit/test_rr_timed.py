"""RR intervals whose stamps are the times of the beats."""

from typing import Any

import numpy as np
import pytest

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import ChannelInfo, Modality, StreamInfo
from monitor.core.pipeline import Pipeline
from monitor.core.recognition import has_beat_times, recognise
from monitor.core.results import BeatRow
from monitor.core.rr_clock import RrClock
from monitor.roles import bind
from monitor.room import Room

RR = ChannelInfo(label="RR", unit="milliseconds", type="RR")
FLAG = ChannelInfo(label="gap flag", unit="", type="FLAG")


def strap(*channels: ChannelInfo) -> StreamInfo:
    return StreamInfo(
        stream_id=1,
        name="Polar H10 C07 RR",
        type="RR",
        source_id="polar-h10-1a2b3c4d-rr",
        channel_count=len(channels),
        nominal_rate_hz=0.0,
        channel_format="double64",
        channels=channels,
    )


def beats(n: int = 300, seed: int = 1) -> Any:
    """Times of beats in seconds and the intervals that end at them in ms."""
    rr_ms = 830.0 + 30.0 * np.sin(np.arange(n) * 0.7) + np.random.default_rng(seed).normal(0.0, 15.0, n)
    return 10.0 + np.cumsum(rr_ms) / 1000.0, rr_ms


def taken(t_s: Any, rr_ms: Any) -> Any:
    return RrClock(timed=True).push(np.asarray(t_s, dtype=float), np.asarray(rr_ms, dtype=float))


def test_beat_times_are_kept_as_they_came() -> None:
    t_s, rr_ms = beats()
    out_s, out_ms, joined = taken(t_s, rr_ms)
    assert out_s[1:].tobytes() == t_s.tobytes()
    assert out_ms[1:].tobytes() == rr_ms.tobytes()
    assert joined.tolist() == [False] + [True] * rr_ms.size
    assert out_s[0] == pytest.approx(10.0)


def test_a_lost_beat_moves_nothing_where_the_envelope_of_arrival_would_be_off_for_a_minute() -> None:
    t_s, rr_ms = beats()
    here = np.arange(rr_ms.size) != 100
    after = t_s[here] > t_s[100]
    by_arrival_s, _, joined = RrClock().push(t_s[here], rr_ms[here])
    error_s = np.abs(by_arrival_s[joined] - t_s[here])
    minute = after & (t_s[here] < t_s[100] + 59.0)
    assert np.all(error_s[minute] > 0.7)
    timed_s, _, joined = taken(t_s[here], rr_ms[here])
    assert np.array_equal(timed_s[joined], t_s[here])


def test_a_lost_beat_costs_its_own_interval_only() -> None:
    t_s, rr_ms = beats()
    here = np.arange(rr_ms.size) != 100
    out_s, out_ms, joined = taken(t_s[here], rr_ms[here])
    assert np.array_equal(out_ms[joined], rr_ms[here])
    opening = np.flatnonzero(~joined)[1]
    assert np.isnan(out_ms[opening])
    assert out_s[opening] == pytest.approx(t_s[100])


@pytest.mark.parametrize("shift_s", [-0.04, 0.04])
def test_a_clock_that_moves_by_less_than_50_ms_breaks_no_chain(shift_s: float) -> None:
    t_s, rr_ms = beats(20)
    t_s[10:] += shift_s
    assert np.count_nonzero(~taken(t_s, rr_ms)[2]) == 1


def test_an_interval_that_begins_before_the_last_beat_is_not_joined_and_the_chain_goes_on() -> None:
    t_s, rr_ms = beats(20)
    t_s[10:] -= 0.2
    out_s, _, joined = taken(t_s, rr_ms)
    assert np.flatnonzero(~joined).tolist() == [0, 11]
    assert np.all(np.diff(out_s) > 0.0)


@pytest.mark.parametrize("back_s", [0.0, 0.5])
def test_a_beat_at_or_before_the_last_one_is_dropped_and_counted(back_s: float) -> None:
    clock = RrClock(timed=True)
    out_s, _, _ = clock.push(np.array([10.0, 11.0, 11.0 - back_s, 12.0]), np.full(4, 1000.0))
    assert out_s.tolist() == [9.0, 10.0, 11.0, 12.0]
    assert clock.n_dropped == 1


def test_placeholders_are_dropped_and_a_pause_no_heart_makes_is_no_interval() -> None:
    clock = RrClock(timed=True)
    t_s = np.array([10.0, 10.5, 11.0, 17.0, 18.0])
    out_s, _, joined = clock.push(t_s, np.array([1000.0, 0.0, 1000.0, 6000.0, 1000.0]))
    assert clock.n_dropped == 1
    assert out_s.tolist() == [9.0, 10.0, 11.0, 17.0, 18.0]
    assert joined.tolist() == [False, True, True, False, True]


def test_only_the_first_channel_of_a_timed_stream_is_bound_and_without_doubt() -> None:
    (found,) = recognise(strap(RR, FLAG))
    assert (found.channel, found.modality, found.unit, found.certain) == (0, Modality.RR, "ms", True)
    (binding,) = bind(strap(RR, FLAG), Room.from_options(client="C07"))
    assert (binding.channel, binding.scale) == (0, 1.0)


@pytest.mark.parametrize(
    ("channels", "timed"),
    [
        ((RR, FLAG), True),
        ((RR, ChannelInfo(label="Gap Flag ")), True),
        ((RR,), False),
        ((FLAG, RR), False),
        ((), False),
    ],
)
def test_a_gap_flag_beside_the_intervals_tells_that_stamps_are_beat_times(
    channels: tuple[ChannelInfo, ...], timed: bool
) -> None:
    assert has_beat_times(strap(*channels)) is timed


@pytest.mark.parametrize("channels", [(RR, FLAG), (RR,)])
def test_the_header_decides_what_the_pipeline_makes_of_the_stamps(channels: tuple[ChannelInfo, ...]) -> None:
    t_s, rr_ms = beats(60)
    here = np.arange(rr_ms.size) != 30
    info = strap(*channels)
    pipeline = Pipeline()
    pipeline.push(StreamOpened(info, bind(info, Room.from_options(client="C07"))))
    pipeline.push(ClockOffset(1, 0.0, 0.0))
    values = np.zeros((rr_ms.size, len(channels)))
    values[:, 0] = rr_ms
    rows = []
    for second in range(10, 70):
        now = here & (t_s > second) & (t_s <= second + 1)
        pipeline.push(Chunk(1, t_s[now], values[now]))
        rows += pipeline.push(Tick(second + 1.0, float("nan")))
    rows += pipeline.finish()
    found_s = np.array([row.t_s for row in rows if isinstance(row, BeatRow)])[1:] + pipeline.t0_s
    kept_s = np.isin(np.round(t_s[here], 6), np.round(found_s, 6))
    assert np.all(kept_s) == (len(channels) == 2)
