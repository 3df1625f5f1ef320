"""Surrogates obey their definitions for any size and seed, and a seed gives the same bits again."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.synchrony.discovery import adjusted_p
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.surrogates import (
    circular_shifts,
    generator_of,
    history_starts,
    p_value,
    phase_randomised,
)

seeds = st.integers(0, 2**63)
finite = st.floats(-1e6, 1e6)


@given(seed=st.integers(0, 2**31 - 1), places=st.sets(st.integers(0, 99), min_size=10, max_size=60))
def test_pairings_are_permutations_that_move_everything(seed: int, places: set[int]):
    position = np.array(sorted(places))
    drawn = Pairings(20, seed).of(position)
    assert drawn.shape == (20, position.size)
    assert (np.sort(drawn, axis=1) == np.arange(position.size)).all()
    assert (np.abs(position[drawn] - position) >= 2).all()


@given(seed=seeds, names=st.lists(st.text(max_size=8), max_size=4))
def test_the_same_seed_and_names_give_the_same_bits(seed: int, names: list[str]):
    x = np.sin(np.arange(100.0) ** 1.1)
    runs = [
        (
            circular_shifts(generator_of(seed, *names), 100, 10, min_shift=10).tobytes(),
            phase_randomised(generator_of(seed, *names), x, 3).tobytes(),
        )
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


@given(
    seed=seeds,
    start=st.integers(0, 1000),
    distance=st.integers(1, 300),
    n=st.integers(1, 50),
    future=st.booleans(),
)
def test_history_is_far_enough_and_known(seed: int, start: int, distance: int, n: int, future: bool):
    drawn = history_starts(
        generator_of(seed), start, np.arange(1001), min_distance=distance, n_surrogates=n, future=future
    )
    assert (np.abs(drawn - start) >= distance).all()
    assert future or (drawn < start).all()
    assert np.unique(drawn).size == drawn.size <= n


@given(statistic=finite, null=st.lists(finite, min_size=1, max_size=50))
def test_a_p_lies_above_zero_and_falls_with_the_statistic(statistic: float, null: list[float]):
    values = np.array(null)
    for side in ("above", "below", "both"):
        assert 0.0 < p_value(statistic, values, side) <= 1.0
    assert p_value(statistic + 1.0, values) <= p_value(statistic, values)


@given(st.lists(st.floats(1e-6, 1.0) | st.just(float("nan")), max_size=40))
def test_adjusting_keeps_the_order_and_never_lowers_a_p(p: list[float]):
    values = np.array(p)
    adjusted = adjusted_p(values)
    assert (np.isnan(adjusted) == np.isnan(values)).all()
    known = ~np.isnan(values)
    assert (adjusted[known] >= values[known] * (1.0 - 1e-12)).all()
    assert (adjusted[known] <= 1.0).all()
    assert (np.diff(adjusted[known][np.argsort(values[known])]) >= 0.0).all()
