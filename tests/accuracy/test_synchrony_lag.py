"""Who came first, and by how much: losing beats or samples of one person must not move the lag between two.

Two made-up people share a course; the client has it 2 s before the therapist. Measured in thirty minutes each:

================================================= ============== ====================
what is wrong with one of the two                 lag moves by   off the true 2 s by
================================================= ============== ====================
nothing, heart, also at 50 and 100 beats a minute                0.00 to 0.05 s
up to 4 % of beats deleted, doubled, added, moved 0.04 s         0.07 s
holes of 10 to 60 s in the beats, up to 12 %      0.02 s         0.05 s
nothing, course of the hearts below 0.1 Hz                       0.04 to 0.08 s
nothing, skin                                                    0.02 to 0.04 s
holes of 0.25 s to 2 min in the skin, up to 10 %  0.13 s         0.17 s
================================================= ============== ====================
"""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from monitor.core.events import Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.hrv import HeartWindows
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import Status, SynchronyRow
from monitor.core.rr import RrStage
from monitor.core.synchrony.prepare import detrended, slopes
from monitor.core.synchrony.statistic import SessionStatistic, session_statistic

pytestmark = [pytest.mark.accuracy, pytest.mark.slow]

Series = NDArray[np.float64]
Course = Callable[[Series], Series]

SECONDS = 1800
LEAD_S = 2.0
WITHIN_S = 0.25

KINDS = ("deleted", "doubled", "added", "misplaced", "dropout")


def course(rng: np.random.Generator, slowest_hz: float, fastest_hz: float) -> Course:
    """A course of unit variance without any repetition, known at every moment."""
    hz, phase = rng.uniform(slowest_hz, fastest_hz, 40), rng.uniform(0.0, 2.0 * np.pi, 40)
    return lambda t: np.sqrt(2.0 / 40.0) * np.sin(2.0 * np.pi * np.outer(t, hz) + phase).sum(axis=1)


def beats_of(bpm: float, modulation: Series, step_s: float) -> Series:
    """Beats where the integral of the rate passes whole numbers."""
    passed = np.cumsum(bpm / 60.0 * (1.0 + modulation)) * step_s
    return np.interp(np.arange(1, int(passed[-1])), passed, step_s * np.arange(1, passed.size + 1))


@cache
def hearts(seed: int, bpm: tuple[float, float], fastest_hz: float) -> tuple[Series, Series]:
    """Beats of client and therapist: a course in common, and one of each alone."""
    rng = np.random.default_rng(seed)
    shared, *own = course(rng, 0.02, fastest_hz), course(rng, 0.02, 0.3), course(rng, 0.02, 0.3)
    t = np.arange(0.0, SECONDS, 0.02)
    client, therapist = (
        beats_of(rate, 0.06 * shared(t - late_s) + 0.02 * alone(t), 0.02)
        for rate, late_s, alone in zip(bpm, (0.0, LEAD_S), own, strict=True)
    )
    return client, therapist


def damaged(beats: Series, kind: str, share: float, rng: np.random.Generator) -> Series:
    """Beats with a share of them mistaken, or with holes of 10 to 60 s that make up three times that share."""
    if kind == "dropout":
        kept = np.ones(beats.size, dtype=np.bool_)
        while kept.mean() > 1.0 - 3.0 * share:
            start_s = rng.uniform(30.0, SECONDS - 60.0)
            kept &= (beats < start_s) | (beats > start_s + rng.uniform(10.0, 60.0))
        return beats[kept]
    hit = np.sort(rng.choice(np.arange(30, beats.size - 5), size=round(share * beats.size), replace=False))
    following = beats[hit + 1] - beats[hit]
    if kind == "deleted":
        return np.delete(beats, hit)
    if kind == "misplaced":
        moved = beats.copy()
        moved[hit] += rng.uniform(-0.3, 0.3, hit.size) * following
        return np.sort(moved)
    late = (
        rng.uniform(0.02, 0.06, hit.size)
        if kind == "doubled"
        else rng.uniform(0.25, 0.75, hit.size) * following
    )
    return np.sort(np.concatenate((beats, beats[hit] + late)))


def intervals(beats: Series) -> Series:
    """Intervals at 4 Hz as the heart of a person gives them, second by second."""
    stage, windows, out = RrStage(), HeartWindows(), []
    rr_ms = 1000.0 * np.diff(beats)
    ends = np.searchsorted(beats[1:], np.arange(1.0, SECONDS + 31.0)).tolist()
    for second, (start, stop) in enumerate(zip([0, *ends], ends, strict=False), start=1):
        piece = slice(start, stop)
        windows.extend(stage.push(beats[1:][piece], rr_ms[piece], np.ones(stop - start, dtype=np.bool_)))
        if 30 < second <= SECONDS + 30:
            out.append(windows.intervals_at(second - 31.0, 0.25, 4, float(second)))
    return np.concatenate(out)


def of_hearts(client: Series, therapist: Series) -> SessionStatistic:
    return session_statistic(detrended(intervals(client)), detrended(intervals(therapist)))


@cache
def whole(seed: int) -> SessionStatistic:
    return of_hearts(*hearts(seed, (72.0, 66.0), 0.2))


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2),
    kind=st.sampled_from(KINDS),
    share=st.sampled_from([0.005, 0.01, 0.02, 0.04]),
    damage=st.integers(0, 10_000),
    of_client=st.booleans(),
)
def test_mistaken_beats_of_one_person_do_not_move_the_lag(
    seed: int, kind: str, share: float, damage: int, of_client: bool
) -> None:
    client, therapist = hearts(seed, (72.0, 66.0), 0.2)
    rng = np.random.default_rng(damage)
    if of_client:
        client = damaged(client, kind, share, rng)
    else:
        therapist = damaged(therapist, kind, share, rng)
    found = of_hearts(client, therapist)
    assert found.status is Status.OK
    assert found.z > 5.0
    assert abs(found.lag_s - whole(seed).lag_s) < WITHIN_S
    assert abs(found.lag_s - LEAD_S) < WITHIN_S


@pytest.mark.parametrize(
    "bpm",
    [(70.0, 70.0), (50.0, 100.0), (100.0, 50.0)],
)
def test_the_lag_does_not_depend_on_the_two_heart_rates(bpm: tuple[float, float]) -> None:
    for seed in range(3):
        assert of_hearts(*hearts(seed, bpm, 0.2)).lag_s == pytest.approx(LEAD_S, abs=WITHIN_S)


def test_a_slow_course_does_not_pull_the_lag_towards_none() -> None:
    for seed in range(3):
        assert of_hearts(*hearts(seed, (70.0, 70.0), 0.1)).lag_s == pytest.approx(LEAD_S, abs=WITHIN_S)


def responses(at_s: Series, height_us: Series, t: Series) -> Series:
    """Skin conductance with responses on a slow decline."""
    out = 5.0 - t / 2000.0
    for onset_s, height in zip(at_s, height_us, strict=True):
        near = slice(*np.searchsorted(t, (onset_s, onset_s + 25.0)))
        since = t[near] - onset_s
        out[near] += height * (np.exp(-since / 4.0) - np.exp(-since / 0.8))
    return out


@cache
def skins(seed: int, rate_hz: float) -> tuple[Series, Series, Series]:
    """Times and skin conductance of both: most responses are echoed by the therapist 2 s later."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, SECONDS, 1.0 / rate_hz)
    onset_s, height = rng.uniform(0.0, SECONDS, 160), rng.uniform(0.2, 0.8, 160)
    echoed = rng.random(160) < 0.8
    own_s, own = rng.uniform(0.0, SECONDS, 40), rng.uniform(0.2, 0.8, 40)
    heard_s = np.concatenate((onset_s[echoed] + LEAD_S + rng.normal(0.0, 0.3, echoed.sum()), own_s))
    client = responses(onset_s, height, t)
    therapist = responses(heard_s, np.concatenate((height[echoed], own)), t)
    return t, *(x + 1e-3 * rng.standard_normal(t.size) for x in (client, therapist))


def holes(rng: np.random.Generator, t: Series, share: float, shortest_s: float, longest_s: float) -> Series:
    """Which samples are lost in holes of some length that make up a share of the time."""
    lost = np.zeros(t.size, dtype=np.bool_)
    while lost.mean() < share:
        start_s = rng.uniform(0.0, SECONDS)
        lost |= (t >= start_s) & (t < start_s + rng.uniform(shortest_s, longest_s))
    return lost


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2),
    share=st.sampled_from([0.02, 0.05, 0.1]),
    length_s=st.sampled_from([(0.25, 2.0), (2.0, 12.0), (20.0, 120.0)]),
    damage=st.integers(0, 10_000),
    of_client=st.booleans(),
)
def test_gaps_in_skin_conductance_of_one_person_do_not_move_the_lag(
    seed: int, share: float, length_s: tuple[float, float], damage: int, of_client: bool
) -> None:
    t, client, therapist = skins(seed, 4.0)
    full = session_statistic(slopes(client), slopes(therapist))
    gappy = (client if of_client else therapist).copy()
    # Every short gap also takes the slopes around it: many of them leave no segment.
    gappy[
        holes(np.random.default_rng(damage), t, share if length_s[1] > 12.0 else share / 8.0, *length_s)
    ] = np.nan
    pair = (gappy, therapist) if of_client else (client, gappy)
    found = session_statistic(slopes(pair[0]), slopes(pair[1]))
    assert found.status is Status.OK
    assert found.z > 3.0
    assert abs(found.lag_s - full.lag_s) < WITHIN_S
    assert abs(found.lag_s - LEAD_S) < WITHIN_S


def session(modality: Modality, people: dict[str, tuple[Series, Series]]) -> Iterator[Event]:
    """Events of one stream for each person, second by second."""
    for number, code in enumerate(people, start=1):
        info = StreamInfo(
            stream_id=number,
            name=f"{modality} {code}",
            type=modality,
            channel_count=1,
            nominal_rate_hz=0.0 if modality is Modality.RR else 32.0,
            channel_format="double64",
        )
        key = StreamKey(code, modality)
        yield StreamOpened(info, (Binding(channel=0, key=key, unit="", scale=1.0, reason="test"),))
        yield ClockOffset(number, 1000.0, 0.0)
    for second in range(SECONDS + 40):
        for number, (t, x) in enumerate(people.values(), start=1):
            start, stop = np.searchsorted(t, (second, second + 1.0))
            if stop > start:
                yield Chunk(number, 1000.0 + t[start:stop], x[start:stop, None])
        yield Tick(1001.0 + second, float("nan"))


def last_row(events: Iterator[Event], signal: str) -> SynchronyRow:
    pipeline = Pipeline(readings=False, kinds={"C": "client", "T": "therapist"})
    rows = [row for event in events for row in pipeline.push(event) if isinstance(row, SynchronyRow)]
    # A row without a number has no lag either: the newest that has one counts.
    return [row for row in rows if row.signal == signal and row.status is Status.OK][-1]


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_through_the_whole_pipeline_the_client_comes_first_by_two_seconds_of_the_heart(kind: str) -> None:
    client, therapist = hearts(0, (72.0, 66.0), 0.2)
    if kind:
        client = damaged(client, kind, 0.02, np.random.default_rng(5))
    people = {code: (b[1:], 1000.0 * np.diff(b)) for code, b in (("T", therapist), ("C", client))}
    row = last_row(session(Modality.RR, people), "ibi")
    assert (row.first, row.second) == ("C", "T")
    assert row.lag_s == pytest.approx(LEAD_S, abs=WITHIN_S)
    assert row.z_session > max(row.chance_hi, 5.0)


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_through_the_whole_pipeline_the_client_comes_first_by_two_seconds_of_the_skin(share: float) -> None:
    t, client, therapist = skins(0, 32.0)
    kept = ~holes(np.random.default_rng(3), t, share, 20.0, 120.0)
    row = last_row(session(Modality.EDA, {"T": (t[kept], therapist[kept]), "C": (t, client)}), "eda")
    assert (row.first, row.second) == ("C", "T")
    assert row.lag_s == pytest.approx(LEAD_S, abs=WITHIN_S)
    assert row.z_session > max(row.chance_hi, 3.0)
