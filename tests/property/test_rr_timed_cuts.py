"""RR intervals with beat times: no cut matters, beats ascend, and a lost beat costs one interval."""

import itertools
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.heart import StrapHeart
from monitor.core.rr_clock import RrClock

N = 150
seeds = st.integers(0, 2**32 - 1)
cut_points = st.lists(st.integers(0, N), max_size=20)


def wild(seed: int) -> Any:
    """Beats with lost ones, equal and backward stamps, shifts around the tolerance, placeholders and pauses."""
    rng = np.random.default_rng(seed)
    rr_ms = rng.normal(850.0, 40.0, N)
    t_s = 20.0 + np.cumsum(rr_ms) / 1000.0
    t_s += np.cumsum(rng.choice([0.0, 0.049, 0.051, -0.051, 0.9, -1.0], N, p=[0.9, *[0.02] * 5]))
    t_s[1:] = np.where(rng.random(N - 1) < 0.03, t_s[:-1], t_s[1:])
    odd = rng.random(N) < 0.06
    rr_ms[odd] = rng.choice([0.0, np.nan, -1.0, 250.0, 3900.0, 5000.0], np.count_nonzero(odd))
    return t_s, rr_ms


def pieces(cuts: list[int]) -> Any:
    return itertools.pairwise([0, *sorted(cuts), N])


@given(seed=seeds, cuts=cut_points)
def test_timed_beats_do_not_depend_on_how_they_were_cut(seed: int, cuts: list[int]) -> None:
    t_s, rr_ms = wild(seed)

    def run(at: list[int]) -> list[bytes]:
        clock = RrClock(timed=True)
        parts = [clock.push(t_s[a:b], rr_ms[a:b]) for a, b in pieces(at)]
        return [np.concatenate(columns).tobytes() for columns in zip(*parts, strict=True)]

    whole = run([])
    assert run(cuts) == whole
    assert run(list(range(1, N))) == whole


@given(seed=seeds, cuts=cut_points)
def test_rows_of_a_timed_strap_do_not_depend_on_how_its_beats_were_cut(seed: int, cuts: list[int]) -> None:
    t_s, rr_ms = wild(seed)

    def run(at: list[int]) -> str:
        heart = StrapHeart("A", timed=True)
        rows = [row for a, b in pieces(at) for row in heart.push(t_s[a:b], rr_ms[a:b])]
        return repr([*rows, *heart.finish()])

    assert run(cuts) == run([])


@given(seed=seeds)
def test_timed_beats_ascend_and_keep_their_stamps(seed: int) -> None:
    t_s, rr_ms = wild(seed)
    clock = RrClock(timed=True)
    out_s, out_ms, joined = clock.push(t_s, rr_ms)
    kept = np.isfinite(out_ms)
    assert np.all(np.diff(out_s) > 0.0)
    assert set(out_s[kept].tolist()) <= set(t_s.tolist())
    assert np.count_nonzero(kept) + clock.n_dropped == N
    assert np.all(out_ms[joined] <= 4000.0)
    starts_s = out_s[1:] - out_ms[1:] / 1000.0
    assert np.all(np.abs(starts_s - out_s[:-1])[joined[1:]] < 0.0501)


@given(seed=seeds, lost=st.sets(st.integers(1, N - 2), max_size=30))
def test_lost_beats_cost_their_own_intervals_and_no_other(seed: int, lost: set[int]) -> None:
    rr_ms = np.random.default_rng(seed).normal(850.0, 40.0, N)
    t_s = 20.0 + np.cumsum(rr_ms) / 1000.0
    here = np.array([i for i in range(N) if i not in lost])
    out_s, out_ms, joined = RrClock(timed=True).push(t_s[here], rr_ms[here])
    assert out_s[joined].tolist() == t_s[here].tolist()
    assert out_ms[joined].tolist() == rr_ms[here].tolist()
    assert np.count_nonzero(~joined) == 1 + sum(i - 1 not in lost for i in lost)
