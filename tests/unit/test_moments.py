"""Windows that stand out of a session: right place, right lag, stated chance; gaps and constants are missing."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from monitor.core.kernels.windows_ccf import over_lags, window_correlations
from monitor.core.results import Reason, Status
from monitor.core.synchrony.discovery import adjusted_p
from monitor.core.synchrony.moments import FALSE_SHARE, MOMENTS, Moments, find_moments
from monitor.core.synchrony.pair import Choices, MethodResult, Pair

RATE = 4
MINUTES_16, MINUTES_30 = 16 * 60 * RATE, 30 * 60 * RATE


def smooth(seed: int, n: int = MINUTES_30) -> np.ndarray:
    """Noise with a correlation of a few seconds."""
    noise = np.random.default_rng(seed).standard_normal(n + 9)
    return np.convolve(noise, np.ones(10) / 10, mode="valid")


def related(start_s: int, stop_s: int, lag: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Unrelated people, but for a stretch in which the second repeats the first."""
    x, y = smooth(1), smooth(2)
    a, b = start_s * RATE, stop_s * RATE
    y[a + lag : b + lag] = x[a:b] + 0.1 * y[a + lag : b + lag]
    return x, y


def of(x: np.ndarray, y: np.ndarray, rate_hz: float = 4.0, t0_s: float = 0.0) -> MethodResult:
    return MOMENTS.compute(Pair("C07", "T02", "eda", rate_hz, t0_s, x, y, x, y), Choices())


@pytest.mark.parametrize("gap", [False, True])
def test_the_kernel_is_the_correlation_of_numpy(gap: bool):
    x, y = smooth(1, 400).copy(), smooth(2, 400).copy()
    if gap:
        x[130:135] = y[200:210] = np.nan
    starts = np.array([20, 100, 180])
    found = window_correlations(x, y, starts, 80, 64)
    for i, start in enumerate(starts):
        for o in range(400 - 80 + 1):
            a, b = x[start : start + 80], y[o : o + 80]
            both = ~np.isnan(a) & ~np.isnan(b)
            assert found[i, o] == pytest.approx(np.corrcoef(a[both], b[both])[0, 1], abs=1e-12)


def test_the_compiled_kernels_are_their_source_bit_for_bit():
    x, y = smooth(1, 160).copy(), smooth(2, 160).copy()
    y[40:44] = np.nan
    compiled = window_correlations(x, y, np.array([10, 50]), 41, 30)
    source = window_correlations.py_func(x, y, np.array([10, 50]), 41, 30)
    assert compiled.tobytes() == source.tobytes()
    for ours, plain in zip(over_lags(compiled, 5, 2), over_lags.py_func(source, 5, 2), strict=True):
        assert np.array_equal(ours, plain, equal_nan=True)


def test_too_little_in_common_or_no_variance_is_missing_and_not_zero():
    x, y = smooth(1, 200).copy(), smooth(2, 200).copy()
    x[0:20] = np.nan
    y[100:120] = np.nan
    y[150:200] = 0.1
    found = window_correlations(x, y, np.array([0]), 50, 40)[0]
    assert np.isnan(found).all()
    found = window_correlations(x, y, np.array([30]), 50, 40)[0]
    assert np.isnan(found[[75, 100, 150]]).all()
    assert not np.isnan(found[[0, 50]]).any()


def test_the_summary_over_lags_is_mean_and_largest_with_its_lag():
    r = np.tanh(np.array([[0.1, 0.2, 0.9, 0.3, 0.4, np.nan, 0.0, 0.1, 0.2]]))
    mean_z, max_z, at = over_lags(r, 1, 1)
    assert mean_z[0, :3] == pytest.approx([0.4, 1.4 / 3, 1.6 / 3])
    assert max_z[0, :3] == pytest.approx([0.9, 0.9, 0.9])
    assert at[0, :3].tolist() == [1, 0, -1]
    assert np.isnan(mean_z[0, 3:6]).all()
    assert np.isnan(max_z[0, 3:6]).all()
    assert not np.isnan(mean_z[0, 6])


def test_adjusted_p_are_those_of_scipy():
    p = np.random.default_rng(1).uniform(size=60) ** 2
    p[7] = p[8]
    assert adjusted_p(p) == pytest.approx(false_discovery_control(p), rel=1e-14)
    assert adjusted_p(np.array([np.nan, 0.04, np.nan, 0.01])) == pytest.approx(
        [np.nan, 0.04, np.nan, 0.02], nan_ok=True
    )
    assert adjusted_p(np.empty(0)).size == 0


def test_a_related_stretch_is_found_where_it_is_with_the_lag_of_the_leader():
    x, y = related(600, 960)
    found = find_moments(x, y)
    inside = (found.t_s > 640) & (found.t_s < 920)
    assert found.kept[inside].all()
    assert found.kept[~inside].sum() <= 2
    assert found.lag_s[inside] == pytest.approx(np.full(inside.sum(), 2.0))
    assert (found.max_r[inside] > 0.9).all()


def test_who_follows_has_the_negative_lag():
    x, y = related(600, 960)
    found = find_moments(y, x)
    inside = (found.t_s > 640) & (found.t_s < 920)
    assert found.lag_s[inside] == pytest.approx(np.full(inside.sum(), -2.0))


def test_windows_do_not_overlap_and_begin_where_all_lags_are_there():
    found = find_moments(smooth(1), smooth(2))
    assert found.t_s[0] == pytest.approx(5.0 + 59.75 / 2)
    assert np.diff(found.t_s) == pytest.approx(np.full(28, 60.0))
    assert found.t_s[-1] <= 1800.0 - 5.0 - 29.0


def test_a_gap_takes_its_windows_out_and_moves_no_other():
    x, y = related(600, 960)
    whole = find_moments(x, y)
    x[670 * RATE : 700 * RATE] = np.nan
    gapped = find_moments(x, y)
    out = np.isnan(gapped.q)
    assert whole.t_s[out] == pytest.approx([694.875])
    assert not gapped.kept[out].any()
    assert gapped.max_r[~out].tobytes() == whole.max_r[~out].tobytes()


def test_scale_and_level_of_a_series_do_not_matter():
    x, y = related(600, 960)
    ours, scaled = find_moments(x, y), find_moments(3.0 * x + 2.0, 0.01 * y)
    assert ours.mean_z == pytest.approx(scaled.mean_z, abs=1e-9)
    assert (ours.kept == scaled.kept).all()


def test_nothing_is_random():
    x, y = related(600, 960)
    runs = [b"".join(np.asarray(part).tobytes() for part in find_moments(x, y)) for _ in range(2)]
    assert runs[0] == runs[1]


def test_series_shorter_than_a_window_have_none():
    found = find_moments(np.ones(100), np.ones(100))
    assert isinstance(found, Moments)
    assert found.t_s.size == found.kept.size == found.n_surrogates == 0
    with pytest.raises(ValueError, match="one length"):
        find_moments(np.ones(100), np.ones(101))


def test_the_method_says_what_chance_would_give():
    found = of(*related(600, 960), t0_s=1000.0)
    values = found.values
    assert found.status is Status.OK
    assert found.text == ""
    assert values["n_windows"] == 29
    assert values["n_moments"] == found.series["kept"].sum() >= 4
    assert values["n_moments_by_chance_at_most"] == pytest.approx(FALSE_SHARE * values["n_moments"])
    assert values["p_any_by_chance_at_most"] == FALSE_SHARE
    assert values["n_windows_p05_by_chance"] == pytest.approx(1.45)
    assert found.series["t_s"][0] == pytest.approx(1034.875)
    assert {series.size for series in found.series.values()} == {29}


def test_fifteen_minutes_are_unsure_and_eight_are_too_few():
    low = of(smooth(1, MINUTES_16), smooth(2, MINUTES_16))
    assert (low.status, low.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)
    assert "20 are needed" in low.text
    short = of(smooth(1, MINUTES_16 // 2), smooth(2, MINUTES_16 // 2))
    assert (short.status, short.reason) == (Status.NA, Reason.TOO_FEW_SEGMENTS)
    assert "10 valid minutes" in short.text
    assert not short.values


def test_what_cannot_be_compared_is_missing_with_its_reason():
    x = smooth(1)
    assert of(x, x.copy()).reason is Reason.NO_DATA
    assert of(x, np.full(x.size, np.nan)).reason is Reason.NO_DATA
    assert of(x, np.full(x.size, 0.1)).reason is Reason.ZERO_VARIANCE
    assert of(np.empty(0), np.empty(0)).status is Status.NA


def test_a_slow_signal_gets_windows_of_as_many_samples():
    found = of(smooth(1, 3000), smooth(2, 3000), rate_hz=1.0)
    assert found.values["n_windows"] == 12
    assert np.diff(found.series["t_s"]) == pytest.approx(np.full(11, 240.0))


def test_what_each_has_is_not_enough_when_they_have_it_at_different_times():
    x, y = smooth(1, 50).copy(), smooth(2, 50).copy()
    x[:8] = y[-8:] = np.nan
    assert np.isnan(window_correlations(x, y, np.array([0]), 50, 40)[0, 0])
    assert not np.isnan(window_correlations(x, y, np.array([0]), 50, 34)[0, 0])


def test_other_times_are_at_least_a_window_and_two_lags_away():
    found = find_moments(smooth(1), smooth(2))
    starts_s = np.arange(5, 1800 - 65 + 1)
    expected = sum(np.count_nonzero(np.abs(starts_s - (5 + 60 * i)) >= 70) for i in range(29))
    assert found.n_surrogates == expected
