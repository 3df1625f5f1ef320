"""A person's signals on the grid: kept in place, prepared in pieces as in one."""

import numpy as np
import pytest

from monitor.core.synchrony import series as module
from monitor.core.synchrony.prepare import detrended, differences, slopes
from monitor.core.synchrony.segments import Segments
from monitor.core.synchrony.series import GridSeries, PersonSeries
from monitor.core.synchrony.signals import SIGNALS


def test_what_was_not_given_is_missing() -> None:
    grid = GridSeries(4.0)
    grid.put(2, np.array([1.0, 2.0]))
    grid.put(6, np.array([3.0]))
    np.testing.assert_array_equal(
        grid.cut(0, 9), [np.nan, np.nan, 1.0, 2.0, np.nan, np.nan, 3.0, np.nan, np.nan]
    )
    assert (grid.first, grid.stop) == (0, 7)


def test_only_the_last_hours_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SERIES_S", 100.0)
    monkeypatch.setattr(module, "_FEW", 16)
    grid = GridSeries(1.0)
    for second in range(1000):
        grid.put(second, np.array([float(second)]))
        low = max(0, second - 99)
        np.testing.assert_array_equal(grid.cut(low, second + 1), np.arange(low, second + 1.0))
    assert grid.first > 700
    assert np.isnan(grid.cut(0, grid.first)).all()


def test_somebody_who_comes_after_a_day_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW", 16)
    grid = GridSeries(4.0)
    grid.put(10**9, np.array([1.0, 2.0]))
    assert grid.cut(10**9, 10**9 + 2).tolist() == [1.0, 2.0]
    assert grid._values.size == 16


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_segments_are_prepared_as_the_whole_series_is(signal, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(1)
    n_s = 600
    person = PersonSeries(segment_s=30.0, lag_s=5.0)
    eda = 4.0 + np.cumsum(rng.normal(0.0, 0.01, 4 * n_s))
    ibi = 800.0 + np.cumsum(rng.normal(0.0, 2.0, 4 * n_s))
    vagal = 3.5 + np.cumsum(rng.normal(0.0, 0.02, n_s))
    eda[500:560], ibi[900:910], vagal[300:310] = np.nan, np.nan, np.nan
    for second in range(1, n_s + 1):
        here = slice(4 * (second - 1), 4 * second)
        person.push(4 * second - 4, np.stack([eda[here], eda[here]]), 1.0, ibi[here])
        person.note(second - 1, vagal[second - 1 : second], np.array([15.0]))
    taken: list[np.ndarray] = []
    monkeypatch.setattr(Segments, "add", lambda self, values, noise: taken.append(values.copy()))
    raw = {"eda": eda, "ibi": ibi, "ln_rmssd": vagal}[signal.name]
    n_segments = int((n_s - signal.margin_s) // (30.0 * signal.segment_factor))
    for index in range(n_segments):
        person.close(signal, index)
    found = np.concatenate(taken)
    np.testing.assert_array_equal(found, signal.prepare(raw)[: found.size])
    assert np.isfinite(found).mean() > 0.8


def test_noise_is_that_of_untouched_samples() -> None:
    rng = np.random.default_rng(2)
    person = PersonSeries(segment_s=30.0, lag_s=5.0)
    level = 4.0 + 0.2 * np.sin(np.arange(800) / 30.0)
    sample = level + rng.normal(0.0, 0.01, 800)
    for second in range(1, 201):
        here = slice(4 * (second - 1), 4 * second)
        person.push(4 * second - 4, np.stack([level[here], sample[here]]), 0.5, None)
    assert person._noise(0, 800) == pytest.approx(0.5 * 0.01, rel=0.15)
    assert person._noise(4000, 4100) == 0.0


def test_breathing_is_told_by_median_and_spread_of_what_is_known() -> None:
    rng = np.random.default_rng(5)
    person = PersonSeries(segment_s=30.0, lag_s=5.0)
    rates = 14.0 + rng.normal(0.0, 0.5, 600)
    rates[100:150] = np.nan
    person.note(0, np.full(600, np.nan), rates)
    assert np.isnan(person.breath_until(300).per_min)
    found = person.breath_until(600)
    assert found.per_min == pytest.approx(14.0, abs=0.1)
    assert found.spread_per_min == pytest.approx(0.5, rel=0.15)


def test_a_slope_is_that_of_least_squares_around_its_place() -> None:
    rng = np.random.default_rng(3)
    raw = rng.normal(size=100)
    found = slopes(raw)
    t = np.arange(-10, 11) / 4.0
    for centre in (10, 50, 89):
        wanted = np.polyfit(t, raw[centre - 10 : centre + 11], 1)[0]
        assert found[centre] == pytest.approx(wanted, abs=1e-12)
    assert np.isnan(found[:10]).all()
    assert np.isnan(found[90:]).all()


def test_a_slope_next_to_a_gap_is_missing() -> None:
    raw = np.arange(100.0)
    raw[50] = np.nan
    found = slopes(raw)
    assert np.flatnonzero(np.isnan(found[10:90])).tolist() == list(range(30, 51))
    np.testing.assert_allclose(found[10:40], 4.0)


def test_a_running_line_takes_slow_courses_out_and_leaves_fast_ones() -> None:
    t = np.arange(2400) / 4.0
    assert np.abs(detrended(800.0 + 0.3 * t)).max() < 1e-9
    fast = 30.0 * np.sin(2.0 * np.pi * 0.1 * t)
    inner = slice(200, -200)
    np.testing.assert_allclose(detrended(800.0 + 0.3 * t + fast)[inner], fast[inner], atol=1.0)


def test_a_running_line_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(4)
    raw = 800.0 + rng.normal(0.0, 20.0, 600)
    raw[100:130] = np.nan
    found = detrended(raw)
    for centre in (130, 300, 599):
        around = np.arange(max(0, centre - 120), min(600, centre + 121))
        valid = around[~np.isnan(raw[around])]
        _, level = np.polyfit(valid - centre, raw[valid], 1)
        assert found[centre] == pytest.approx(raw[centre] - level, abs=1e-8)
    assert np.isnan(found[100:130]).all()


def test_a_running_line_needs_half_a_minute() -> None:
    raw = np.full(600, np.nan)
    raw[200:319] = 800.0
    assert np.isnan(detrended(raw)).all()
    raw[319] = 800.0
    assert np.isfinite(detrended(raw)[260])


def test_differences_never_reach_over_what_is_missing() -> None:
    found = differences(np.array([1.0, 3.0, np.nan, 4.0, 4.5]))
    np.testing.assert_array_equal(found, [np.nan, 2.0, np.nan, np.nan, 0.5])
