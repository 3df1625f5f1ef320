import itertools
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.rr import RrStage
from monitor.core.rr_clock import RrClock


def series(seed: int, n: int = 220) -> Any:
    """Intervals with artefacts, pauses and breaks, some of them above five minutes."""
    rng = np.random.default_rng(seed)
    rr_ms = 850.0 + 40.0 * np.sin(np.arange(n) * 1.3) + rng.normal(0.0, 15.0, n)
    odd = rng.random(n) < 0.08
    rr_ms[odd] *= rng.choice([0.1, 0.5, 0.7, 1.3, 2.0, 9.0, np.nan, 0.0], np.count_nonzero(odd))
    joined = rng.random(n) > rng.choice([0.0, 0.03, 0.3])
    pause_s = np.where(joined, 0.0, rng.choice([0.5, 5.0, 400.0], n, p=[0.5, 0.48, 0.02]))
    t_s = np.cumsum(np.nan_to_num(rr_ms, nan=800.0) / 1000 + 0.001 + pause_s)
    return t_s, rr_ms, joined


def in_pieces(stage_type: Any, columns: Any, cuts: list[int]) -> Any:
    stage = stage_type()
    edges = [0, *sorted(cuts), columns[0].size]
    parts = [stage.push(*(column[a:b] for column in columns)) for a, b in itertools.pairwise(edges)]
    if isinstance(stage, RrStage):
        parts.append(stage.flush())
    return [np.concatenate(columns).tobytes() for columns in zip(*parts, strict=True)]


seeds = st.integers(0, 2**32 - 1)
cut_points = st.lists(st.integers(0, 220), max_size=30)


@given(seed=seeds, cuts=cut_points)
def test_intervals_do_not_depend_on_how_the_beats_were_cut(seed: int, cuts: list[int]) -> None:
    columns = series(seed)
    whole = in_pieces(RrStage, columns, [])
    assert in_pieces(RrStage, columns, cuts) == whole
    assert in_pieces(RrStage, columns, range(1, 220)) == whole


@given(seed=seeds, cuts=cut_points)
def test_beat_times_do_not_depend_on_how_the_intervals_were_cut(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    _, rr_ms, _ = series(seed)
    late_s = rng.choice([0.0, 2.5, 8.0], rr_ms.size, p=[0.9, 0.08, 0.02])
    sent = rng.random(rr_ms.size) > 0.05
    arrival = np.maximum.accumulate(np.ceil(np.cumsum(np.nan_to_num(rr_ms, nan=800.0)) / 1000) + late_s)
    columns = (arrival[sent], rr_ms[sent])
    whole = in_pieces(RrClock, columns, [])
    assert in_pieces(RrClock, columns, [c for c in cuts if c <= columns[0].size]) == whole
    assert in_pieces(RrClock, columns, range(1, columns[0].size)) == whole


@given(seed=seeds)
def test_every_beat_comes_out_once_and_in_order(seed: int) -> None:
    t_s, rr_ms, joined = series(seed)
    stage = RrStage()
    parts = stage.push(t_s, rr_ms, joined), stage.flush()
    assert np.array_equal(np.concatenate([part.t_s for part in parts]), t_s)


@given(seed=seeds, shift_s=st.integers(-4, 100_000))
def test_the_classes_do_not_depend_on_the_time_of_day(seed: int, shift_s: float) -> None:
    t_s, rr_ms, joined = series(seed)
    t_s = np.round(t_s * 1024) / 1024
    first, second = RrStage(), RrStage()
    assert (
        first.push(t_s, rr_ms, joined).code.tolist()
        == second.push(t_s + shift_s, rr_ms, joined).code.tolist()
    )


@given(seed=seeds)
def test_no_artefact_becomes_part_of_a_difference(seed: int) -> None:
    stage = RrStage()
    decided = stage.push(*series(seed))
    pairs = np.flatnonzero(decided.pair)
    assert np.all(decided.nn[pairs])
    assert np.all(decided.nn[pairs - 1])
    assert np.all(decided.code[decided.nn] == 0)
    assert np.all((decided.rr_ms[decided.nn] >= 300.0) & (decided.rr_ms[decided.nn] <= 2000.0))
