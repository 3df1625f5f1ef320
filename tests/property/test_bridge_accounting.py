"""Whatever a device does, each sample it handed over is on the wire once, or counted, and every gap is told."""

import asyncio
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import Reason
from tests.bridge_fakes import ECG, Bench, FakeDriver, fails, hangs, in_virtual_time, link_lost


class Step(NamedTuple):
    wait_s: float
    n_samples: int
    back_s: float
    n_lost: int


STEPS = st.builds(
    Step,
    wait_s=st.sampled_from([0.0, 0.1, 0.5, 3.0]),
    n_samples=st.integers(0, 5),
    back_s=st.sampled_from([0.0, 0.0, 0.0, 0.2, 2.0]),
    n_lost=st.sampled_from([0, 0, 0, 7]),
)
ENDS = st.sampled_from(["lost", "bug", "hang", "late", "end"])
LIVES = st.lists(st.tuples(st.lists(STEPS, max_size=6), ENDS), min_size=1, max_size=5)


class Truth:
    """What the scripted device did, in the order it did it."""

    def __init__(self) -> None:
        self.offered: list[tuple[float, float]] = []
        self.first_of_connection: list[int] = []
        self.n_lost = 0
        self.n_late = 0


def connection(steps, end, truth):
    async def run(sink, pace):
        sink.declare(ECG)
        truth.first_of_connection.append(len(truth.offered))
        for step in steps:
            await pace.sleep(step.wait_s)
            stamps_s = pace.now() - step.back_s + np.arange(step.n_samples) * 0.01
            values = np.arange(step.n_samples) + float(len(truth.offered))
            truth.offered += zip(values.tolist(), stamps_s.tolist(), strict=True)
            sink.push(ECG.source_id, values, stamps_s)
            if step.n_lost:
                truth.n_lost += step.n_lost
                sink.lost(ECG.source_id, step.n_lost, pace.now(), pace.now() + 1.0)
        if end == "hang":
            await hangs(sink, pace)
        if end == "late":
            asyncio.get_running_loop().call_later(0.1, late, sink, pace)
        if end == "bug":
            raise ValueError("a fault of the driver")
        if end != "end":
            raise link_lost()

    def late(sink, pace):
        truth.n_late += 1
        sink.push(ECG.source_id, np.array([-1.0]), np.array([pace.now()]))

    return run


def ascending(offered):
    """The samples that may go out: each later than all before it."""
    sent, last_s = [], -np.inf
    for value, stamp_s in offered:
        if stamp_s > last_s:
            sent.append((value, stamp_s))
            last_s = stamp_s
    return sent


@given(LIVES)
@settings(max_examples=60)
def test_every_sample_is_sent_once_or_counted_and_the_gaps_add_up(lives):
    truth = Truth()

    async def main(pace):
        runs = [connection(steps, end, truth) for steps, end in lives]
        bench = Bench(FakeDriver(pace, *runs, fails(link_lost())), pace)
        await bench.run_for(400.0)
        return bench

    bench = in_virtual_time(main)
    sent = ascending(truth.offered)
    (outlet,) = bench.samples
    assert list(zip(outlet.values, outlet.stamps_s, strict=True)) == sent
    status = bench.bridge.status
    assert bench.bridge.rejects.get("backwards", 0) == len(truth.offered) - len(sent)
    assert bench.bridge.rejects.get("late", 0) == truth.n_late
    assert status.n_lost == truth.n_lost
    assert sum(event["n_samples"] for event in bench.texts.events("lost")) == truth.n_lost
    assert status.n_connections == len(lives)
    assert gaps_told(bench) == gaps_of(sent, truth.first_of_connection)
    assert np.isclose(status.gap_s, sum(stop_s - start_s for start_s, stop_s in gaps_told(bench)))
    assert status.reason is None or status.reason in Reason


def gaps_told(bench):
    return [(event["start_s"], event["stop_s"]) for event in bench.texts.events("gap")]


def gaps_of(sent, first_of_connection):
    """Stretches between neighbours on the wire that came in different connections."""
    connections = np.searchsorted(first_of_connection, [value for value, _ in sent], side="right")
    return [
        (before[1], after[1])
        for index, (before, after) in enumerate(pairwise(sent))
        if connections[index] != connections[index + 1]
    ]
