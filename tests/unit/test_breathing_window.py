from typing import Any

import numpy as np
import pytest

from monitor.core.breathing import BreathingWindow
from monitor.core.kernels.breathing import estimate_breathing
from monitor.core.results import Reason, Status


def beats(
    breaths_per_min: float = 15.0,
    amplitude_per_min: float | None = None,
    n: int = 100,
    mean_ms: float = 850.0,
) -> Any:
    """Beats whose interval and amplitude follow a breath."""
    t_s, rr_ms = np.empty(n), np.empty(n)
    now_s = 0.0
    for i in range(n):
        rr_ms[i] = mean_ms + 30.0 * np.sin(2 * np.pi * breaths_per_min / 60 * now_s)
        now_s += rr_ms[i] / 1000
        t_s[i] = now_s
    amplitude_per_min = breaths_per_min if amplitude_per_min is None else amplitude_per_min
    noise = np.random.default_rng(0).normal(0.0, 5.0, n)
    amplitude_uv = 1200.0 + 60.0 * np.sin(2 * np.pi * amplitude_per_min / 60 * t_s + 1.0) + noise
    return t_s, rr_ms, amplitude_uv, np.ones(n, dtype=bool)


def window(columns: Any) -> Any:
    breathing = BreathingWindow()
    breathing.extend(*columns)
    return breathing


@pytest.mark.parametrize("rate", [7.5, 9.0, 12.0, 15.0, 20.0, 25.0])
def test_a_steady_breath_is_found(rate: float) -> None:
    estimate = window(beats(rate)).at(60.0)
    assert estimate.status is Status.OK
    assert estimate.value == pytest.approx(rate, abs=0.5)


def test_two_series_that_disagree_are_noise() -> None:
    estimate = window(beats(12.0, amplitude_per_min=20.0)).at(60.0)
    assert estimate[2:4] == (Status.NA, Reason.NOISE)
    assert np.isnan(estimate.value)


def test_a_source_without_amplitudes_has_no_data() -> None:
    t_s, rr_ms, _, ok = beats()
    assert window((t_s, rr_ms, np.full(t_s.size, np.nan), ok)).at(60.0).reason is Reason.NO_DATA


def test_no_beats_are_no_data() -> None:
    assert BreathingWindow().at(30.0).reason is Reason.NO_DATA
    assert window(beats()).at(500.0).reason is Reason.NO_DATA


def test_less_than_25_seconds_is_a_warm_up() -> None:
    assert window(beats()).at(24.0).reason is Reason.WARMUP
    assert window(beats()).at(28.0).status is Status.OK


def test_a_hole_is_a_gap() -> None:
    t_s, rr_ms, amplitude_uv, ok = beats()
    ok[48:52] = False
    assert window((t_s, rr_ms, amplitude_uv, ok)).at(60.0)[2:4] == (Status.NA, Reason.GAP)


def test_no_rate_above_half_the_heart_rate_is_reported() -> None:
    for rate in np.arange(20.0, 40.0):
        estimate = window(beats(rate, mean_ms=1300.0)).at(60.0)
        assert not estimate.value >= 0.5 * 60000 / 1300.0


def test_a_flat_series_has_no_peak() -> None:
    t_s, rr_ms, _amplitude_uv, ok = beats()
    estimate = window((t_s, rr_ms, np.full(t_s.size, 1000.0), ok)).at(60.0)
    assert estimate.reason is Reason.NOISE


def test_old_beats_are_forgotten_and_the_estimate_stays() -> None:
    columns = beats(n=4000)
    pieces = BreathingWindow()
    for i in range(0, 4000, 7):
        pieces.extend(*(column[i : i + 7] for column in columns))
    end_s = float(np.floor(columns[0][-1]))
    assert repr(pieces.at(end_s)) == repr(window(columns).at(end_s))
    assert pieces._beats.shape[1] == 1024


def test_the_breathing_kernel_has_one_signature() -> None:
    window(beats()).at(60.0)
    assert len(estimate_breathing.signatures) == 1
