"""Windowed cross-correlation against numpy, both variants, peaks, and when no number is given."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.results import Reason, Status
from monitor.core.synchrony.pair import Choices, Method, Pair
from monitor.core.synchrony.windowed import (
    RMEA,
    WINDOWED,
    Variant,
    WindowedCorrelation,
    pick_peaks,
    summarise,
    windowed_cross_correlation,
)

Array = NDArray[np.float64]
RATE_HZ = 4.0
BOTH: tuple[Variant, Variant] = ("symmetric", "rmea")
METHODS = (WINDOWED, RMEA)


def smooth(n: int, seed: int) -> Array:
    noise = np.random.default_rng(seed).normal(size=n + 9)
    return np.convolve(noise, np.ones(10) / 10, mode="valid")


def correlate(x: Array, y: Array, variant: Variant) -> WindowedCorrelation:
    return windowed_cross_correlation(
        x, y, rate_hz=RATE_HZ, window_s=10.0, step_s=2.0, lag_s=1.5, variant=variant
    )


def pair(x: Array, y: Array) -> Pair:
    return Pair("C07", "T02", "eda", RATE_HZ, 100.0, x.cumsum(), y.cumsum(), x, y)


def rows(*values: list[float]) -> WindowedCorrelation:
    r = np.array(values)
    longest = r.shape[1] // 2
    return WindowedCorrelation(
        t_s=np.arange(float(r.shape[0])), lag_s=np.arange(-longest, longest + 1.0), r=r
    )


@pytest.mark.parametrize("variant", BOTH)
def test_each_cell_is_the_pearson_correlation_of_its_two_pieces(variant: Variant) -> None:
    x, y = smooth(400, 1), smooth(400, 2)
    found = correlate(x, y, variant)
    for w, k in ((0, 0), (3, 6), (5, -6), (11, 1), (20, -2)):
        start = 8 * w + (6 if variant == "symmetric" else 0)
        x_start, y_start = (start - k, start) if variant == "rmea" and k < 0 else (start, start + k)
        expected = np.corrcoef(x[x_start : x_start + 40], y[y_start : y_start + 40])[0, 1]
        assert found.r[w, k + 6] == pytest.approx(expected, abs=1e-13)
        assert found.lag_s[k + 6] == k / RATE_HZ
        assert found.t_s[w] == (start + 19.5) / RATE_HZ


@pytest.mark.parametrize("variant", BOTH)
def test_a_follower_shows_at_positive_lags(variant: Variant) -> None:
    x = smooth(400, 3)
    found = summarise(correlate(x, np.roll(x, 3), variant))
    np.testing.assert_array_equal(found.best_lag_s[3:], 0.75)
    assert found.first_earlier.mean() > found.second_earlier.mean()


def test_an_exchange_in_the_symmetric_variant_asks_for_the_row_that_the_lag_moved_to() -> None:
    x, y = smooth(200, 4), smooth(200, 5)
    one, other = (
        windowed_cross_correlation(
            *both, rate_hz=RATE_HZ, window_s=10.0, step_s=0.25, lag_s=1.5, variant="symmetric"
        ).r
        for both in ((x, y), (y, x))
    )
    for k in range(-6, 7):
        row = np.arange(6, one.shape[0] - 6)
        np.testing.assert_array_equal(other[row, 6 + k], one[row + k, 6 - k])


@pytest.mark.parametrize("variant", BOTH)
def test_a_gap_empties_the_cells_it_fills_and_changes_no_other(variant: Variant) -> None:
    x, y = smooth(800, 6), smooth(800, 7)
    whole = correlate(x, y, variant).r
    x[400:409] = np.nan
    holed = correlate(x, y, variant).r
    # A window is 40 samples and bears 8 missing ones: only with all 9 inside a cell is empty.
    assert np.isnan(holed).any()
    touched = (np.arange(whole.shape[0]) * 8 < 420) & (np.arange(whole.shape[0]) * 8 > 340)
    np.testing.assert_array_equal(holed[~touched], whole[~touched])


@pytest.mark.parametrize("variant", BOTH)
def test_a_longer_gap_moves_the_rows_behind_it_and_changes_none(variant: Variant) -> None:
    x, y = smooth(800, 8), smooth(800, 9)
    short, long = (
        correlate(*(np.concatenate((one[:400], np.full(n, np.nan), one[400:])) for one in (x, y)), variant).r
        for n in (16, 80)
    )
    np.testing.assert_array_equal(short[54:], long[62:])


@pytest.mark.parametrize("variant", BOTH)
def test_four_fifths_of_a_window_must_be_valid_in_both(variant: Variant) -> None:
    x, y = smooth(52, 10), smooth(52, 11)
    x[20:24] = np.nan
    y[24:28] = np.nan
    known = np.isfinite(x[6:46]) & np.isfinite(y[6:46])
    one = windowed_cross_correlation(
        x[6:46], y[6:46], rate_hz=RATE_HZ, window_s=10.0, step_s=1.0, lag_s=0.0, variant=variant
    )
    assert one.r[0, 0] == pytest.approx(np.corrcoef(x[6:46][known], y[6:46][known])[0, 1], abs=1e-13)
    y[30] = np.nan
    one = windowed_cross_correlation(
        x[6:46], y[6:46], rate_hz=RATE_HZ, window_s=10.0, step_s=1.0, lag_s=0.0, variant=variant
    )
    assert np.isnan(one.r[0, 0])


@pytest.mark.parametrize("variant", BOTH)
def test_a_constant_has_no_correlation_whatever_its_value(variant: Variant) -> None:
    for value in (0.0, 0.1, 1e9 + 0.1):
        assert np.isnan(correlate(np.full(200, value), smooth(200, 1), variant).r).all()


@pytest.mark.parametrize("variant", BOTH)
def test_series_shorter_than_a_window_give_no_row(variant: Variant) -> None:
    found = correlate(smooth(40, 1), smooth(40, 2), variant)
    assert found.r.shape == (0, 13)
    summary = summarise(found)
    assert summary.n_windows == 0
    assert np.isnan(summary.grand_average)


def test_averages_leave_out_what_is_missing() -> None:
    found = summarise(rows([0.1, np.nan, 0.3], [np.nan] * 3, [0.5, 0.2, -0.4]))
    z = np.arctanh([0.1, 0.3, 0.5, 0.2, -0.4])
    assert found.n_windows == 2
    np.testing.assert_allclose(found.by_window, [z[:2].mean(), np.nan, z[2:].mean()])
    assert found.grand_average == pytest.approx((z[:2].mean() + z[2:].mean()) / 2)
    np.testing.assert_array_equal(found.best_lag_s, [1.0, np.nan, -1.0])
    np.testing.assert_allclose(found.by_lag, [z[[0, 2]].mean(), z[3], z[[1, 4]].mean()])


def test_absolute_values_are_taken_before_any_average() -> None:
    found = summarise(rows([0.1, 0.2, -0.4]), absolute=True)
    assert found.grand_average == pytest.approx(np.arctanh([0.1, 0.2, 0.4]).mean())
    assert found.best_lag_s[0] == 1.0


@pytest.mark.parametrize(
    ("r", "peak"),
    [
        ([0.0, 0.1, 0.2, 0.3, 0.5, 0.4, 0.3], (0.5, 1.0)),
        ([0.9, 0.1, 0.2, 0.3, 0.2, 0.1, 0.8], (0.3, 0.0)),
        ([0.1, 0.5, 0.3, 0.2, 0.3, 0.4, 0.2], None),
        ([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], None),
        ([0.1, 0.2, 0.3, 0.3, 0.2, 0.1, 0.0], None),
        ([0.1, 0.2, 0.3, np.nan, 0.2, 0.1, 0.0], None),
    ],
)
def test_the_nearest_lag_from_which_r_falls_on_both_sides_is_the_peak(
    r: list[float], peak: tuple[float, float] | None
) -> None:
    height, lag_s = pick_peaks(rows(r))
    np.testing.assert_array_equal((height[0], lag_s[0]), peak or (np.nan, np.nan))


def test_of_two_peaks_at_one_distance_the_higher_counts_and_of_equals_none() -> None:
    height, lag_s = pick_peaks(rows([0.1, 0.4, 0.1, 0.5, 0.2], [0.1, 0.4, 0.1, 0.4, 0.2]), neighbours=1)
    np.testing.assert_array_equal(height, [0.5, np.nan])
    np.testing.assert_array_equal(lag_s, [1.0, np.nan])


def test_smoothing_removes_a_peak_of_one_lag() -> None:
    ragged = rows([0.0, 0.1, 0.2, 0.3, 0.4, 0.35, 0.45, 0.6, 0.5, 0.2, 0.1])
    assert pick_peaks(ragged, neighbours=1)[1][0] == -1.0
    assert pick_peaks(ragged, neighbours=1, smoothing=3)[1][0] == 2.0


def test_too_few_lags_hold_no_peak() -> None:
    assert np.isnan(pick_peaks(rows([0.1, 0.2, 0.1]), neighbours=2)).all()


@pytest.mark.parametrize("choice", [{"neighbours": 0}, {"smoothing": 2}])
def test_peaks_refuse_choices_that_make_no_sense(choice: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="odd"):
        pick_peaks(rows([0.1, 0.2, 0.1]), **choice)


@pytest.mark.parametrize("choice", [{"window_s": 0.5}, {"step_s": 0.1}, {"lag_s": -1.0}, {"rate_hz": -4.0}])
def test_choices_that_make_no_sense_are_refused(choice: dict[str, float]) -> None:
    usual = {"rate_hz": RATE_HZ, "window_s": 10.0, "step_s": 1.0, "lag_s": 1.0}
    with pytest.raises(ValueError, match=r"makes? no sense"):
        windowed_cross_correlation(smooth(400, 1), smooth(400, 2), **(usual | choice), variant="rmea")


def test_series_that_differ_in_length_and_unknown_variants_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        correlate(smooth(400, 1), smooth(401, 2), "rmea")
    with pytest.raises(ValueError, match="symmetric and rmea"):
        correlate(smooth(400, 1), smooth(400, 2), "boker")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_gives_lags_in_our_sign_and_times_of_the_session(method: Method) -> None:
    x = smooth(2400, 1)
    y = np.roll(x, 8) + 0.2 * smooth(2400, 2)
    result = method.compute(pair(x, y), Choices())
    assert (result.status, result.reason) == (Status.OK, Reason.NONE)
    assert result.series["lag_s"][result.series["z_by_lag"].argmax()] == 2.0
    assert result.values["z_first_earlier"] > result.values["z_second_earlier"]
    assert result.series["t_s"][0] == pytest.approx(
        100.0 + 30.0 + (5.0 if method is WINDOWED else 0.0) - 0.125
    )
    assert result.series["t_s"].shape == result.series["z_by_time"].shape


@pytest.mark.parametrize("method", METHODS)
def test_short_constant_and_doubled_signals_give_no_number(method: Method) -> None:
    x, y = smooth(2400, 1), smooth(2400, 2)
    reasons = {
        Reason.TOO_FEW_SEGMENTS: pair(x[:900], y[:900]),
        Reason.ZERO_VARIANCE: pair(np.full(2400, 0.1), y),
        Reason.NO_DATA: pair(x, x.copy()),
    }
    for reason, made in reasons.items():
        result = method.compute(made, Choices())
        assert (result.status, result.reason, result.values) == (Status.NA, reason, {})
        assert result.text


@pytest.mark.parametrize("method", METHODS)
def test_below_twice_the_minimum_a_number_is_unsure(method: Method) -> None:
    result = method.compute(pair(smooth(1600, 1), smooth(1600, 2)), Choices())
    assert (result.status, result.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)


@pytest.mark.parametrize("method", METHODS)
def test_a_signal_with_holes_everywhere_gives_no_number(method: Method) -> None:
    x, y = smooth(4800, 1), smooth(4800, 2)
    x[np.arange(4800) % 4 == 0] = np.nan
    assert method.compute(pair(x, y), Choices()).reason is Reason.TOO_FEW_SEGMENTS
