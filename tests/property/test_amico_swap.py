"""Swapping the two people flips the lags and nothing else; the assignment is the best of all."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.kernels.amico import assign
from monitor.core.synchrony.amico import amico


@st.composite
def banded(draw):
    """Likenesses with 0 to 5 rows and columns, candidates in ranges that never go back."""
    n_x, n_y = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    lo = sorted(draw(st.lists(st.integers(0, n_y), min_size=n_x, max_size=n_x)))
    hi = sorted(draw(st.lists(st.integers(0, n_y), min_size=n_x, max_size=n_x)))
    hi = [max(a, b) for a, b in zip(lo, hi, strict=True)]
    full = np.zeros((n_x, n_y))
    for i in range(n_x):
        for j in range(lo[i], hi[i]):
            # Eighths add up without rounding, so that equal sums are equal.
            full[i, j] = draw(st.integers(0, 8)) / 8.0
    return full, lo, hi


def best_of_all(full):
    n_x, n_y = full.shape
    return max(
        sum(full[i, j] for i, j in zip(rows, columns, strict=True))
        for n in range(min(n_x, n_y) + 1)
        for rows in combinations(range(n_x), n)
        for columns in combinations(range(n_y), n)
    )


@given(banded())
def test_the_assignment_is_as_good_as_the_best_of_all(case) -> None:
    full, lo, hi = case
    start = np.concatenate(([0], np.cumsum(np.array(hi, dtype=np.int64) - np.array(lo, dtype=np.int64))))
    table = np.stack((np.array([*lo, full.shape[1]], dtype=np.int64), start.astype(np.int64)), axis=1)
    likeness = np.array([full[i, j] for i in range(len(lo)) for j in range(lo[i], hi[i])], dtype=np.float64)
    matched = np.empty(len(lo), dtype=np.int64)
    total = assign(likeness, table, full.shape[1], matched)
    rows = np.flatnonzero(matched >= 0)
    assert total == best_of_all(full)
    assert full[rows, matched[rows]].sum() == total
    assert np.all(full[rows, matched[rows]] > 0)
    assert np.all(np.diff(matched[rows]) > 0)


@st.composite
def people(draw):
    """Two rough wandering signals, with gaps of their own."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(100, 1500))
    both = np.cumsum(rng.normal(0.0, 0.1, (2, n)), axis=1)
    both[1] += draw(st.sampled_from([0.0, 1.0])) * np.roll(both[0], draw(st.integers(-12, 12)))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, n - 1))
        both[draw(st.integers(0, 1)), start : start + draw(st.integers(1, 80))] = np.nan
    return both[0], both[1]


@pytest.mark.parametrize("version", [1, 2])
@given(case=people())
def test_swapping_the_two_flips_the_lags_and_nothing_else(version: int, case) -> None:
    one = amico(*case, rate_hz=4.0, version=version)
    other = amico(*case[::-1], rate_hz=4.0, version=version)
    np.testing.assert_array_equal(one.first_s, other.second_s)
    np.testing.assert_array_equal(one.second_s, other.first_s)
    np.testing.assert_array_equal(one.t_s, other.t_s)
    np.testing.assert_array_equal(one.length_s, other.length_s)
    np.testing.assert_allclose(one.likeness, other.likeness, rtol=1e-12)
    np.testing.assert_allclose(one.score, other.score, rtol=1e-9, atol=1e-12)
    assert (one.n_first, one.n_second) == (other.n_second, other.n_first)
    assert one.lag_s == -other.lag_s or (np.isnan(one.lag_s) and np.isnan(other.lag_s))


@pytest.mark.parametrize("version", [1, 2])
@given(case=people(), gain=st.floats(2.0, 50.0), level=st.floats(-5.0, 5.0))
def test_scale_matters_only_through_the_least_amplitude(
    version: int, case, gain: float, level: float
) -> None:
    # A person far above the least amplitude keeps all features when the signal grows further.
    large = [20.0 * one for one in case]
    one = amico(*large, rate_hz=4.0, version=version)
    other = amico(large[0], level + large[1], rate_hz=4.0, version=version)
    np.testing.assert_array_equal(one.first_s, other.first_s)
    np.testing.assert_allclose(one.score, other.score, rtol=1e-6, atol=1e-6)
    more = amico(large[0], gain * large[1], rate_hz=4.0, version=version)
    assert more.n_first == one.n_first
    assert more.n_second >= one.n_second
