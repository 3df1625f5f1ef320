"""Synchrony depends neither on cuts, order and ticks nor on who is called first, and says why it is missing."""

import itertools
import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from monitor.core.events import Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice, Reason, Result, Status, SynchronyReading, SynchronyRow
from monitor.core.synchrony.pair import Choices
from monitor.core.synchrony.statistic import session_statistic

Series = NDArray[np.float64]

SECONDS = 330
START_S = 5000.0
LEAD_S = 1.0
# Short segments: the laws do not depend on their length, and 20 of them fit into a short session.
SHORT = Choices(segment_s=10.0, lag_s=2.0, n_surrogates=99)
KINDS = {"A": "client", "B": "therapist"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """A stream, and whose channel it is; one channel may be given to several people."""

    codes: str
    modality: Modality
    t: Series
    x: Series
    rate_hz: float = 0.0


def heart(code: str, late_s: float, *, bpm: float = 70.0, seconds: int = SECONDS) -> Worn:
    """Intervals between beats that follow a course in common."""
    rng, t = np.random.default_rng(7), np.arange(0.0, seconds, 0.02)
    hz, phase = rng.uniform(0.05, 0.25, 30), rng.uniform(0.0, 6.0, 30)
    course = np.sin(2.0 * np.pi * np.outer(t - late_s, hz) + phase).sum(axis=1)
    own = np.random.default_rng(ord(code[0]))
    hz, phase = own.uniform(0.05, 0.4, 30), own.uniform(0.0, 6.0, 30)
    alone = np.sin(2.0 * np.pi * np.outer(t, hz) + phase).sum(axis=1)
    passed = np.cumsum(bpm / 60.0 * (1.0 + 0.015 * course + 0.005 * alone)) * 0.02
    beats = np.interp(np.arange(1, int(passed[-1])), passed, t + 0.02)
    return Worn(codes=code, modality=Modality.RR, t=beats[1:], x=1000.0 * np.diff(beats))


def skin(code: str, late_s: float, *, rate_hz: float = 32.0, seconds: int = SECONDS) -> Worn:
    """Skin conductance with responses at moments in common and at moments of one's own."""
    shared, own = np.random.default_rng(8), np.random.default_rng(ord(code[0]) + 50)
    t = np.arange(0.0, seconds, 1.0 / rate_hz)
    x = 4.0 - t / 500.0 + 5e-4 * own.standard_normal(t.size)
    onsets = [
        *(shared.uniform(0.0, seconds, seconds // 5) + late_s),
        *own.uniform(0.0, seconds, seconds // 20),
    ]
    for onset_s in onsets:
        since = np.clip(t - onset_s, 0.0, None)
        x += 0.5 * (np.exp(-since / 2.0) - np.exp(-since / 0.75))
    return Worn(codes=code, modality=Modality.EDA, t=t, x=x, rate_hz=rate_hz)


def without(worn: Worn, start_s: float, stop_s: float) -> Worn:
    kept = (worn.t < start_s) | (worn.t >= stop_s)
    return Worn(
        codes=worn.codes, modality=worn.modality, t=worn.t[kept], x=worn.x[kept], rate_hz=worn.rate_hz
    )


def opened(number: int, worn: Worn) -> StreamOpened:
    info = StreamInfo(
        stream_id=number,
        name=f"{worn.modality} {worn.codes}",
        type=worn.modality,
        channel_count=1,
        nominal_rate_hz=worn.rate_hz,
        channel_format="double64",
    )
    keys = [StreamKey(code, worn.modality) for code in worn.codes]
    return StreamOpened(
        info, tuple(Binding(channel=0, key=key, unit="", scale=1.0, reason="test") for key in keys)
    )


def events(
    streams: Iterable[Worn], *, period_s: float = 1.0, cuts: Iterable[float] = (), order_seed: int = 0
) -> list[Event]:
    """A session whose chunks end at ticks and, in between, wherever `cuts` says."""
    streams, rng = list(streams), np.random.default_rng(order_seed)
    out: list[Event] = []
    for number, worn in enumerate(streams, start=1):
        out += [opened(number, worn), ClockOffset(number, START_S, 0.0)]
    at = [0] * len(streams)
    last_s = max(worn.t[-1] for worn in streams)
    for now in np.arange(1, math.ceil((last_s + 50.0) / period_s)) * period_s:
        pieces: list[list[Chunk]] = []
        for i, worn in enumerate(streams):
            stop = int(np.searchsorted(worn.t, now))
            inner = sorted({at[i], stop, *(at[i] + int(c * (stop - at[i])) for c in cuts)})
            pieces.append(
                [
                    Chunk(i + 1, START_S + worn.t[a:b], worn.x[a:b].reshape(-1, 1).copy())
                    for a, b in itertools.pairwise(inner)
                ]
            )
            at[i] = stop
        while any(pieces):
            chosen = int(rng.choice([k for k, piece in enumerate(pieces) if piece]))
            out.append(pieces[chosen].pop(0))
        out.append(Tick(START_S + now, math.nan))
    return out


def run(
    session: Iterable[Event],
    *,
    kinds: dict[str, str] = KINDS,
    choices: Choices = SHORT,
    eager: bool = False,
) -> list[Result]:
    pipeline = Pipeline(eager=eager, kinds=kinds, synchrony=choices)
    results = [result for event in session for result in pipeline.push(event)]
    return results + pipeline.finish()


def rows_of(results: Iterable[Result], signal: str = "") -> list[SynchronyRow]:
    return [row for row in results if isinstance(row, SynchronyRow) and row.signal.startswith(signal)]


def readings_of(results: Iterable[Result]) -> list[SynchronyReading]:
    return [row for row in results if isinstance(row, SynchronyReading)]


def as_bytes(results: list[Result]) -> list[bytes]:
    """All rows and readings in their order, with every bit of their numbers; only the emission is left out."""
    told = [*rows_of(results), *(reading._replace(t_emit_s=0.0) for reading in readings_of(results))]
    return [
        b"|".join(struct.pack("<d", v) if isinstance(v, float) else str(v).encode() for v in row)
        for row in told
    ]


def disturbed(worn: Worn) -> Worn:
    """Falls of movement, spikes, and losses too short for a hole: what is known of a point changes afterwards."""
    rng, x, kept = np.random.default_rng(9), worn.x.copy(), np.ones(worn.t.size, dtype=np.bool_)
    for start_s, factor, length_s in ((82.0, 0.6, 3.0), (171.3, 0.7, 2.0), (251.0, 3.0, 0.1)):
        x[(worn.t > start_s) & (worn.t < start_s + length_s)] *= factor
    for start_s in rng.uniform(5.0, SECONDS, 12):
        kept &= (worn.t < start_s) | (worn.t > start_s + rng.uniform(0.1, 0.9))
    return Worn(codes=worn.codes, modality=worn.modality, t=worn.t[kept], x=x[kept], rate_hz=worn.rate_hz)


def mistaken(worn: Worn) -> Worn:
    """Every fortieth beat comes early."""
    x = worn.x.copy()
    x[25:-2:40] -= 250.0
    x[26:-1:40] += 250.0
    return Worn(codes=worn.codes, modality=worn.modality, t=worn.t, x=x)


DYAD = (
    without(heart("A", 0.0), 120.0, 133.0),
    disturbed(skin("A", 0.0)),
    mistaken(heart("B", LEAD_S, bpm=64.0)),
    without(skin("B", LEAD_S, rate_hz=15.0), 200.0, 221.5),
)


@pytest.fixture(scope="module")
def expected() -> list[Result]:
    return run(events(DYAD))


def test_the_session_of_these_tests_has_numbers_lags_and_holes(expected: list[Result]) -> None:
    for signal in ("eda", "ibi"):
        rows = [row for row in rows_of(expected) if row.signal == signal]
        assert {row.status for row in rows} == set(Status)
        last = [row for row in rows if row.status is Status.OK][-1]
        assert last.lag_s == pytest.approx(LEAD_S, abs=0.25)
        assert last.z_session > 3.0
    assert {row.signal for row in rows_of(expected)} == {"eda", "eda_5min", "ibi", "ibi_5min", "ln_rmssd"}


@settings(max_examples=14, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    period_s=st.sampled_from([0.2, 0.37, 0.9, 1.0, 1.3]),
    cuts=st.lists(st.floats(0.0, 1.0), max_size=4),
    order_seed=st.integers(0, 1000),
    eager=st.booleans(),
)
def test_any_cut_order_tick_and_eagerness_give_the_same_synchrony(
    period_s: float, cuts: list[float], order_seed: int, eager: bool, expected: list[Result]
) -> None:
    session = events(DYAD, period_s=period_s, cuts=cuts, order_seed=order_seed)
    assert as_bytes(run(session, eager=eager)) == as_bytes(expected)


def test_sample_by_sample_gives_the_same_synchrony_as_in_pieces(expected: list[Result]) -> None:
    one_by_one: list[Event] = []
    for event in events(DYAD, period_s=0.9):
        if isinstance(event, Chunk):
            pairs = zip(event.stamps, event.values, strict=True)
            one_by_one += [Chunk(event.stream_id, t[None], x[None]) for t, x in pairs]
        else:
            one_by_one.append(event)
    assert as_bytes(run(one_by_one, eager=True)) == as_bytes(expected)


@pytest.mark.parametrize(("from_s", "until_s"), [(150.5, 180.5), (2.5, 48.5)])
def test_one_tick_after_a_long_silence_gives_the_same_synchrony(from_s: float, until_s: float) -> None:
    """The engine was held up, also while a slow heart was being learned: everything is there, only later."""
    session = events([heart("A", 0.0, bpm=34.0), *DYAD[1:]])
    held = [
        event
        for event in session
        if not (isinstance(event, Tick) and START_S + from_s < event.now_s < START_S + until_s)
    ]
    assert as_bytes(run(held)) == as_bytes(run(session))


def same_bits(first: float, second: float) -> bool:
    return struct.pack("<d", first) == struct.pack("<d", second) or (math.isnan(first) and math.isnan(second))


def test_calling_the_other_person_first_turns_the_direction_and_nothing_else(expected: list[Result]) -> None:
    swapped = run(events(DYAD), kinds={"A": "therapist", "B": "client"})
    pairs = [
        *zip(rows_of(expected), rows_of(swapped), strict=True),
        *zip(readings_of(expected), readings_of(swapped), strict=True),
    ]
    directed = 0
    for one, other in pairs:
        assert (one.first, one.second) == (other.second, other.first) == ("A", "B")
        # The parabola through the peak adds its three points from left to right: not the same last bit.
        assert one.lag_s == pytest.approx(-other.lag_s, rel=1e-12, nan_ok=True)
        turned = other._replace(first="A", second="B", lag_s=one.lag_s)
        if isinstance(turned, SynchronyReading):
            turned = turned._replace(z_lead=-turned.z_lead)
        for a, b in zip(one, turned, strict=True):
            assert same_bits(a, b) if isinstance(a, float) else a == b
        directed += not math.isnan(one.lag_s)
    assert directed > 5


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    n_segments=st.integers(9, 40),
    coupling=st.sampled_from([0.0, 0.5, 1.0]),
    late=st.integers(-15, 15),
    lost=st.sampled_from([0.0, 0.02, 0.3]),
)
def test_swapping_two_series_turns_the_direction_and_nothing_else(
    seed: int, n_segments: int, coupling: float, late: int, lost: float
) -> None:
    rng = np.random.default_rng(seed)
    x = np.convolve(rng.standard_normal(n_segments * 120 + 50), np.ones(6), "same")[: n_segments * 120 + 17]
    y = coupling * np.roll(x, late) + rng.uniform(0.3, 3.0) * rng.standard_normal(x.size)
    for series in (x, y):
        for start in rng.uniform(0.0, x.size, int(lost * n_segments)).astype(int).tolist():
            series[start : start + int(rng.integers(1, 200))] = np.nan
    one, other = (session_statistic(*pair, n_permutations=99) for pair in ((x, y), (y, x)))
    assert one.lag_s == pytest.approx(-other.lag_s, rel=1e-12, nan_ok=True)
    turned = other._replace(z_lead=-other.z_lead, lag_s=one.lag_s)
    for a, b in zip(one, turned, strict=True):
        assert same_bits(a, b) if isinstance(a, float) else a == b


def numbers(row: SynchronyRow | SynchronyReading) -> list[float]:
    return [
        value
        for name, value in row._asdict().items()
        if isinstance(value, float) and name not in {"t_s", "t_emit_s", "valid_min", "needed_min"}
    ]


def checked(results: list[Result]) -> list[Result]:
    """What must hold of every row, whatever came in."""
    for row in (*rows_of(results), *readings_of(results)):
        assert (row.reason is Reason.NONE) == (row.status is Status.OK)
        if row.status is Status.NA:
            assert all(math.isnan(value) for value in numbers(row))
        else:
            assert math.isfinite(row.z_session)
            assert row.chance_lo < 0.0 < row.chance_hi
        if row.status is not Status.OK:
            assert math.isnan(row.lag_s)
    return results


def test_every_row_of_a_good_session_has_a_number_or_a_reason(expected: list[Result]) -> None:
    checked(expected)


def test_while_one_person_is_missing_there_is_no_number_and_afterwards_it_goes_on() -> None:
    results = checked(run(events([skin("A", 0.0), without(skin("B", LEAD_S), 150.0, 245.0)])))
    rows = {row.t_s: row for row in rows_of(results) if row.signal == "eda"}
    assert {rows[t].status for t in (110.0, 120.0, 130.0)} == {Status.LOW}
    missing = [rows[t] for t in np.arange(160.0, 241.0, 10.0)]
    assert {(row.status, row.reason) for row in missing} == {(Status.NA, Reason.GAP)}
    assert {rows[t].status for t in (290.0, 300.0)} <= {Status.LOW, Status.OK}


def test_who_never_sends_leaves_rows_without_numbers() -> None:
    nobody = skin("B", 0.0)
    silent = Worn(codes="B", modality=Modality.EDA, t=nobody.t[:0], x=nobody.x[:0], rate_hz=32.0)
    session = events([skin("A", 0.0), heart("B", 0.0)])
    session[2:2] = [opened(9, silent)]
    rows = rows_of(checked(run(session)), "eda")
    assert len(rows) > 20
    assert {row.status for row in rows} == {Status.NA}
    assert {row.reason for row in rows} <= {Reason.NO_DATA, Reason.GAP, Reason.TOO_FEW_SEGMENTS}
    assert {row.reason for row in rows[30:]} == {Reason.NO_DATA}


@pytest.mark.parametrize("level_us", [0.0, 2.0, 4095.0])
def test_a_constant_has_no_synchrony(level_us: float) -> None:
    flat = skin("B", 0.0)
    flat.x[:] = level_us
    rows = rows_of(checked(run(events([skin("A", 0.0), flat]))), "eda")
    assert len(rows) > 20
    assert {row.status for row in rows} == {Status.NA}


def test_nothing_but_noise_has_no_synchrony_and_says_so() -> None:
    noise = skin("B", 0.0)
    noise.x[:] = 3.0 + 0.002 * np.random.default_rng(3).standard_normal(noise.t.size)
    rows = rows_of(checked(run(events([skin("A", 0.0), noise]))), "eda")
    assert {row.status for row in rows} == {Status.NA}
    assert rows[-1].reason is Reason.ZERO_VARIANCE


def test_fewer_than_ten_segments_give_no_number() -> None:
    seconds = 105
    results = checked(
        run(events([skin(code, late_s, seconds=seconds) for code, late_s in (("A", 0.0), ("B", LEAD_S))]))
    )
    rows = rows_of(results, "eda")
    # The tenth segment ends at 100 s, but its last slopes are not known.
    assert [row.t_s for row in rows if row.signal == "eda"][:9] == [10.0 * k for k in range(1, 10)]
    early = [row for row in rows if row.t_s < 100.0]
    assert {(row.status, row.reason) for row in early} == {(Status.NA, Reason.TOO_FEW_SEGMENTS)}


def test_one_stream_given_to_both_is_no_synchrony_but_a_notice() -> None:
    results = checked(run(events([skin("AB", 0.0), heart("A", 0.0), heart("B", LEAD_S)])))
    rows = rows_of(results, "eda")
    assert len(rows) > 20
    assert {row.status for row in rows} == {Status.NA}
    assert rows[-1].reason is Reason.NO_DATA
    notices = [row for row in results if isinstance(row, Notice) and row.label == "same_signal"]
    assert len(notices) == 1
    assert notices[0].subject == "A, B"
    # The hearts are two, and have their numbers.
    assert Status.OK in {row.status for row in rows_of(results, "ibi")}


@pytest.mark.parametrize(
    ("gain", "late_s"),
    [(0.7, 0.0), (1.0, 0.75), (1.0, 0.6)],
)
def test_a_copy_in_another_unit_or_a_little_late_is_no_synchrony_either(gain: float, late_s: float) -> None:
    one = skin("A", 0.0)
    other = Worn(codes="B", modality=Modality.EDA, t=one.t + late_s, x=gain * one.x, rate_hz=32.0)
    results = checked(run(events([one, other])))
    assert {row.status for row in rows_of(results, "eda")} == {Status.NA}
    assert any(isinstance(row, Notice) and row.label == "same_signal" for row in results)


@pytest.mark.parametrize("rates_hz", [(15.0, 128.0), (50.0, 51.2), (4.0, 51.2)])
def test_people_with_different_rates_meet_on_one_grid(rates_hz: tuple[float, float]) -> None:
    pair = [
        skin(code, late_s, rate_hz=rate_hz)
        for code, late_s, rate_hz in zip("AB", (0.0, LEAD_S), rates_hz, strict=True)
    ]
    rows = [row for row in rows_of(checked(run(events(pair)))) if row.signal == "eda"]
    # After the last sample nothing is known any more, and no row goes on as if it were.
    assert (rows[-1].status, rows[-1].reason) == (Status.NA, Reason.GAP)
    row = [row for row in rows if row.status is Status.OK][-1]
    assert row.z_session > 3.0
    assert row.lag_s == pytest.approx(LEAD_S, abs=0.25)


def test_a_heart_rate_without_beats_has_no_synchrony() -> None:
    t = np.arange(0.0, SECONDS, 1.0)
    rates = [
        Worn(codes=code, modality=Modality.HR, t=t, x=70.0 + 5.0 * np.sin(t / 9.0), rate_hz=1.0)
        for code in "AB"
    ]
    assert {row.status for row in rows_of(checked(run(events(rates))))} <= {Status.NA}
