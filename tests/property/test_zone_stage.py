"""The zone stage gives what the decision gives on the final values, whatever was taken back on the way."""

import itertools
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calibration.edges import PRIOR
from calibration.zones import START, Interval, Second, finish, step
from monitor.core.results import NAN, REVOCABLE_S, Reason, Revocation, ZoneRow
from monitor.core.zoning import CENTRE_S, ZoneStage

FIRST = 3


def second(arousal: float, parts: int = 7) -> Second:
    if math.isnan(arousal):
        return Second(NAN, NAN, NAN, NAN, NAN, 0)
    return Second(arousal, 0.1, arousal, arousal, -arousal, parts)


def oracle(values: list[Second]) -> list[tuple[str, float, float, bool]]:
    state, found = START._replace(since=FIRST), []
    for i, at in enumerate(values):
        state = step(state, FIRST + i, at, PRIOR)
        if state.closed:
            found.append(state.closed)
    last = finish(state, FIRST + len(values))
    if last:
        found.append(last)
    return [plain(interval) for interval in found]


def plain(interval: Interval) -> tuple[str, float, float, bool]:
    return (interval.zone.value, interval.start - CENTRE_S, interval.stop - CENTRE_S, interval.censored)


def piece() -> st.SearchStrategy[list[float]]:
    level = st.sampled_from([0.0, 1.5, 2.6, 4.0, -4.0, math.nan])
    return st.tuples(level, st.integers(1, 45)).map(lambda item: [item[0]] * item[1])


values_of = st.lists(piece(), min_size=1, max_size=12).map(lambda pieces: [v for p in pieces for v in p])
revoked_of = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 12), st.integers(0, 9)), max_size=6)


@given(values=values_of, revoked=revoked_of, late=st.sampled_from([1.0, 1.7, 4.0]))
def test_rows_are_those_of_the_final_values(
    values: list[float], revoked: list[tuple[int, int, int]], late: float
) -> None:
    stage = ZoneStage("C07", FIRST)
    final = [second(v) for v in values]
    emitted: list[float] = []
    rows: list[ZoneRow] = []
    for i, value in enumerate(values):
        # Windows close in bundles when ticks come seldom.
        emit = math.ceil((FIRST + i + 3.0) / late) * late
        rows += stage.push(FIRST + i, emit, second(value), PRIOR, speaking=False)
        emitted.append(emit)
        for moment, back, length in revoked:
            if moment == i:
                start, stop = FIRST + i - back, FIRST + i - back + length
                stage.revoke(Revocation("C07", ("arousal",), start, stop, Reason.MOTION))
                for k in range(i + 1):
                    if start <= FIRST + k <= stop and emitted[k] >= emit - REVOCABLE_S - 1e-6:
                        final[k] = second(NAN)
        # What was decided lately is what the decision gives on the values as they are now.
    rows += stage.finish()
    found = [(row.zone, row.t_start_s, row.t_end_s, row.censored) for row in rows]
    assert found == oracle(final)
    assert rows[0].t_start_s == FIRST - CENTRE_S
    assert all(a.t_end_s == b.t_start_s for a, b in itertools.pairwise(rows))
    assert rows[-1].t_end_s == FIRST + len(values) - CENTRE_S


@given(values=values_of)
def test_a_missing_second_never_counts_as_time_in_a_zone(values: list[float]) -> None:
    stage = ZoneStage("C07", FIRST)
    for i, value in enumerate(values):
        stage.push(FIRST + i, FIRST + i + 3.0, second(value), PRIOR, speaking=False)
    stage.finish()
    track = stage.track()
    assert track.codes.size == len(values)
    np.testing.assert_array_equal(track.codes == 0, np.isnan(values))


def test_an_excursion_waits_for_its_recovery_and_keeps_the_order() -> None:
    stage = ZoneStage("C07", 1)
    values = [0.0] * 100 + [5.0] * 40 + [2.2] * 60 + [0.0] * 200
    rows: list[ZoneRow] = []
    seen_at: dict[str, int] = {}
    for i, value in enumerate(values, start=1):
        for row in stage.push(i, i + 3.0, second(value), PRIOR, speaking=False):
            rows.append(row)
            seen_at.setdefault(row.zone, i)
    rows += stage.finish()
    assert [row.zone for row in rows] == ["within", "above", "within"]
    above = rows[1]
    assert (above.t_start_s, above.t_end_s) == (101 - CENTRE_S, 141 - CENTRE_S)
    assert above.peak == 5.0
    assert above.half_recovery_s == 40.0
    assert 151 < seen_at["above"] < 260


def test_without_edges_the_whole_time_is_not_available() -> None:
    stage = ZoneStage("C07", 1)
    for i in range(1, 50):
        assert stage.push(i, i + 3.0, second(NAN), None, speaking=False) == []
    (row,) = stage.finish()
    assert (row.zone, row.t_start_s, row.t_end_s) == ("na", 1 - CENTRE_S, 50 - CENTRE_S)


def test_a_session_of_hours_keeps_little() -> None:
    stage = ZoneStage("C07", 1)
    for i in range(1, 20_000):
        stage.push(i, i + 3.0, second(0.1 * math.sin(i / 9.0)), PRIOR, speaking=False)
    assert len(stage._trail) < 600
    assert len(stage._open) <= 12
