import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline
from scipy.signal import detrend

from monitor.core.hrv import HeartWindows
from monitor.core.hrv_series import windowed_pnn50, windowed_rmssd, windowed_sdnn
from monitor.core.results import Reason, Status
from monitor.core.rr import RrIntervals, RrStage

seeds = st.integers(0, 2**32 - 1)


def pulse(seed: int, n: int = 160) -> Any:
    rng = np.random.default_rng(seed)
    rr_ms = 850.0 + 40.0 * np.sin(np.arange(n) * rng.uniform(0.8, 1.8)) + rng.normal(0.0, 15.0, n)
    odd = rng.random(n) < 0.02
    rr_ms[odd] *= rng.choice([0.5, 0.75, 2.0], np.count_nonzero(odd))
    joined = rng.random(n) > rng.choice([0.0, 0.01])
    return np.cumsum(rr_ms / 1000 + np.where(joined, 0.0, 1.0)), rr_ms, joined


def newey_west(q: Any) -> Any:
    centred = q - q.mean()
    total = plain = np.mean(centred**2)
    for lag in range(1, min(6, q.size)):
        total += 2 * (1 - lag / 6) * np.sum(centred[lag:] * centred[:-lag]) / q.size
    return max(total, 0.25 * plain)


def reference_power(t_s: Any, rr_ms: Any, end_s: float) -> Any:
    grid_s = end_s - 60.0 + np.arange(240) / 4.0
    grid_s = grid_s[(grid_s >= t_s[0]) & (grid_s <= t_s[-1])]
    x = detrend(CubicSpline(t_s, rr_ms, bc_type="natural")(grid_s))
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(x.size) / x.size)
    density = 2 * np.abs(np.fft.rfft(x * taper, 240)) ** 2 / (4.0 * np.sum(taper**2))
    return np.sum(density[9:25]) / 60.0


def slow_reference(known: Any, end_s: float, irregular: bool) -> Any:
    """The markers of one second from their definitions."""

    def window(length_s: float) -> Any:
        inside = (known.t_s >= end_s - length_s) & (known.t_s < end_s)
        return RrIntervals(*(column[inside] for column in known))

    def squares(part: Any) -> Any:
        return np.diff(part.rr_ms)[part.pair[1:]] ** 2

    values = {}
    w15, w30, w60 = window(15.0), window(30.0), window(60.0)
    ibi_ms = np.where((w15.rr_ms >= 300) & (w15.rr_ms <= 2000), w15.rr_ms, np.nan)
    ibi_ms = ibi_ms if irregular else w15.corrected_ms
    ibi_ms = ibi_ms[np.isfinite(ibi_ms)]
    q30, q60, nn60 = squares(w30), squares(w60), w60.rr_ms[w60.nn]
    with np.errstate(all="ignore"):
        if ibi_ms.size >= 8:
            se = math.sqrt(newey_west(ibi_ms) / ibi_ms.size) / ibi_ms.mean()
            values["hr_bpm"] = 60000 / ibi_ms.mean(), 60000 / ibi_ms.mean() * se
            values["heart_speed"] = -math.log(ibi_ms.mean() / 1000), se
        for name, q in (("ln_rmssd", q30), ("ln_rmssd_60s", q60)):
            if q.size >= 10:
                values[name] = 0.5 * np.log(q.mean()), 0.5 * np.sqrt(newey_west(q) / q.size) / q.mean()
        if q30.size >= 10:
            rmssd_ms = np.sqrt(q30.mean())
            values["rmssd_ms"] = rmssd_ms, rmssd_ms * values["ln_rmssd"][1]
        if nn60.size >= 10:
            values["sdnn_ms"] = np.std(nn60, ddof=1), math.nan
            values["ln_hf_60s"] = np.log(reference_power(w60.t_s[w60.nn], nn60, end_s)), math.nan
    return values


@settings(max_examples=8)
@given(seed=seeds)
def test_every_update_equals_the_definitions(seed: int) -> None:
    t_s, rr_ms, joined = pulse(seed)
    stage, heart, parts, done = RrStage(), HeartWindows(), [], 0
    for end_s in range(1, int(t_s[-1]) + 2):
        stop = int(np.searchsorted(t_s, end_s))
        parts.append(stage.push(t_s[done:stop], rr_ms[done:stop], joined[done:stop]))
        heart.extend(parts[-1])
        done = stop
        known = RrIntervals(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        estimates = heart.at(float(end_s))
        irregular = estimates["ln_rmssd"].reason is Reason.ARRHYTHMIA_SUSPECTED
        expected = slow_reference(known, float(end_s), irregular)
        for name, estimate in estimates.items():
            if estimate.status is Status.NA:
                assert math.isnan(estimate.value)
                continue
            rtol = 1e-9 if name == "ln_hf_60s" else 1e-12
            assert estimate.value == pytest.approx(expected[name][0], rel=rtol, abs=1e-12)
            assert estimate.se == pytest.approx(expected[name][1], rel=1e-9, nan_ok=True)


def estimates_of(t_s: Any, rr_ms: Any, end_s: float) -> Any:
    n = rr_ms.size
    nn = np.ones(n, dtype=bool)
    heart = HeartWindows()
    heart.extend(
        RrIntervals(t_s, rr_ms, np.zeros(n, dtype=np.int64), nn, np.arange(n) > 0, rr_ms.copy(), t_s)
    )
    return heart.at(end_s)


def calm(seed: int, n: int = 120) -> Any:
    rng = np.random.default_rng(seed)
    return 850.0 + 40.0 * np.sin(np.arange(n) * 1.3) + rng.normal(0.0, 15.0, n)


@given(seed=seeds, shift_s=st.integers(-1000, 100_000))
def test_markers_do_not_depend_on_when_the_session_began(seed: int, shift_s: float) -> None:
    rr_ms = np.round(calm(seed))
    t_s = np.round(np.cumsum(rr_ms) / 1000 * 1024) / 1024
    here, there = estimates_of(t_s, rr_ms, 90.0), estimates_of(t_s + shift_s, rr_ms, 90.0 + shift_s)
    for name, estimate in here.items():
        assert there[name].value == pytest.approx(estimate.value, rel=1e-9)


@given(seed=seeds, power=st.sampled_from([-1, 1]))
def test_variability_scales_with_the_deviation_from_the_mean(seed: int, power: int) -> None:
    rr_ms = calm(seed)
    t_s = np.cumsum(rr_ms) / 1000
    factor = 2.0**power
    wider = 850.0 + factor * (rr_ms - 850.0)
    here, there = estimates_of(t_s, rr_ms, 90.0), estimates_of(t_s, wider, 90.0)
    for name in ("rmssd_ms", "sdnn_ms"):
        assert there[name].value == pytest.approx(factor * here[name].value, rel=1e-9)
    for name in ("ln_rmssd", "ln_rmssd_60s"):
        assert there[name].value == pytest.approx(here[name].value + math.log(factor), abs=1e-9)
        assert there[name].se == pytest.approx(here[name].se, rel=1e-9)
    assert there["ln_hf_60s"].value == pytest.approx(here["ln_hf_60s"].value + 2 * math.log(factor), abs=1e-9)


@given(seed=seeds, factor=st.floats(0.5, 2.0), shift_s=st.floats(-0.2, 0.2))
def test_series_measures_obey_scale_and_shift(seed: int, factor: float, shift_s: float) -> None:
    nn_s = calm(seed) / 1000
    other_s = factor * nn_s
    for measure in (windowed_rmssd, windowed_sdnn):
        here = measure(nn_s, np.cumsum(nn_s), [0.0], length_s=1e3)[0]
        there = measure(other_s, np.cumsum(other_s), [0.0], length_s=1e3)[0]
        moved = measure(nn_s + shift_s, np.cumsum(nn_s + shift_s), [0.0], length_s=1e3)[0]
        assert there == pytest.approx(factor * here, rel=1e-9)
        assert moved == pytest.approx(here, rel=1e-9)
    assert 0.0 <= windowed_pnn50(nn_s, np.cumsum(nn_s), [0.0], length_s=1e3)[0] <= 100.0


@given(seed=seeds, cuts=st.lists(st.integers(0, 160), max_size=20))
def test_windows_do_not_depend_on_how_the_intervals_were_cut(seed: int, cuts: list[int]) -> None:
    stage = RrStage()
    decided = stage.push(*pulse(seed))
    end_s = float(np.ceil(decided.t_s[-1])) if decided.t_s.size else 1.0
    whole, pieces = HeartWindows(), HeartWindows()
    whole.extend(decided)
    for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), decided.t_s.size], strict=True):
        pieces.extend(RrIntervals(*(column[a:b] for column in decided)))
    assert repr(whole.at(end_s)) == repr(pieces.at(end_s))
