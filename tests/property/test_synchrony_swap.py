"""An exchange of the two people reverses the lags and changes nothing else, in any series with any gaps."""

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from monitor.core.synchrony.marci import MARCI, marci
from monitor.core.synchrony.pair import Choices, Method, MethodResult, Pair
from monitor.core.synchrony.suco import SUCO, suco
from monitor.core.synchrony.susy import SUSY, susy
from monitor.core.synchrony.windowed import RMEA, pick_peaks, summarise, windowed_cross_correlation

Array = NDArray[np.float64]
RATE_HZ = 4.0


@st.composite
def two_series(draw: st.DrawFn, n_min: int = 300, n_max: int = 900) -> tuple[Array, Array]:
    """Two smooth series of one length with holes and flat stretches."""
    n = draw(st.integers(n_min, n_max))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    both = [np.convolve(rng.normal(size=n + 5), np.ones(6) / 6, mode="valid") for _ in range(2)]
    for one in both:
        for value in (np.nan, 0.1):
            for _ in range(draw(st.integers(0, 3))):
                start = draw(st.integers(0, n - 1))
                one[start : start + draw(st.integers(1, 150))] = value
    return both[0], both[1]


SWAPPED = {"z_lead1": "z_lead2", "z_lead2": "z_lead1", "es_lead1": "es_lead2", "es_lead2": "es_lead1"}
BY_LAG = ("real_r", "pseudo_r", "real_z", "pseudo_z", "real_z_no_abs", "pseudo_z_no_abs")


@given(two_series(), st.integers(1, 25))
def test_susy_bit_for_bit(both: tuple[Array, Array], lag: int) -> None:
    one, other = (
        susy(*series, rate_hz=RATE_HZ, segment_s=7.5, lag_s=lag / RATE_HZ) for series in (both, both[::-1])
    )
    for field in fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, SWAPPED.get(field.name, field.name))
        assert_array_equal(mine, theirs[::-1] if field.name in BY_LAG else theirs, err_msg=field.name)


@given(two_series(), st.integers(0, 25), st.booleans())
def test_windows_with_the_earlier_piece_anchored_bit_for_bit(
    both: tuple[Array, Array], lag: int, absolute: bool
) -> None:
    one, other = (
        windowed_cross_correlation(
            *series, rate_hz=RATE_HZ, window_s=10.0, step_s=3.0, lag_s=lag / RATE_HZ, variant="rmea"
        )
        for series in (both, both[::-1])
    )
    assert_array_equal(one.r, other.r[:, ::-1])
    assert_array_equal(one.t_s, other.t_s)
    mine, theirs = summarise(one, absolute=absolute), summarise(other, absolute=absolute)
    assert mine.n_windows == theirs.n_windows
    assert_array_equal(mine.grand_average, theirs.grand_average)
    assert_array_equal(mine.by_window, theirs.by_window)
    assert_array_equal(mine.first_earlier, theirs.second_earlier)
    assert_array_equal(mine.best_lag_s, -theirs.best_lag_s)
    assert_array_equal(mine.by_lag, theirs.by_lag[::-1])
    (height, at), (their_height, their_at) = pick_peaks(one), pick_peaks(other)
    assert_array_equal(height, their_height)
    assert_array_equal(at, -their_at)


@given(two_series())
def test_concordance_bit_for_bit(both: tuple[Array, Array]) -> None:
    one, other = (marci(*series, rate_hz=RATE_HZ) for series in (both, both[::-1]))
    assert_array_equal(one.r, other.r)
    assert_array_equal(one.slopes_x, other.slopes_y)
    assert_array_equal((one.index, one.mean_z, one.one_sided), (other.index, other.mean_z, other.one_sided))


@given(two_series(), st.integers(-7, 7))
def test_concordance_at_a_lag_is_that_of_the_exchange_at_the_opposite_lag(
    both: tuple[Array, Array], lag_s: int
) -> None:
    one = marci(*both, rate_hz=RATE_HZ, lag_s=lag_s)
    other = marci(*both[::-1], rate_hz=RATE_HZ, lag_s=-lag_s)
    assert_array_equal(one.r, other.r)
    assert_array_equal(one.index, other.index)


@given(two_series())
def test_surrogate_concordance_bit_for_bit(both: tuple[Array, Array]) -> None:
    one, other = (suco(*series, rate_hz=RATE_HZ) for series in (both, both[::-1]))
    for field in fields(one):
        assert_array_equal(getattr(one, field.name), getattr(other, field.name), err_msg=field.name)


def compute(method: Method, both: tuple[Array, Array]) -> tuple[MethodResult, MethodResult]:
    pair = Pair("C07", "T02", "eda", RATE_HZ, 0.0, *both, *both)
    back = Pair("C07", "T02", "eda", RATE_HZ, 0.0, *both[::-1], *both[::-1])
    return method.compute(pair, Choices()), method.compute(back, Choices())


@given(two_series(n_min=1100, n_max=2600), st.sampled_from((SUSY, RMEA, MARCI, SUCO)))
def test_what_a_method_may_say_does_not_depend_on_who_is_first(
    both: tuple[Array, Array], method: Method
) -> None:
    one, other = compute(method, both)
    assert (one.status, one.reason) == (other.status, other.reason)
    assert len(one.values) == len(other.values)
    for by_lag in ("real_z", "z_by_lag"):
        if by_lag in one.series:
            assert_array_equal(one.series[by_lag], other.series[by_lag][::-1])
            assert_array_equal(one.series["lag_s"], -other.series["lag_s"][::-1])
