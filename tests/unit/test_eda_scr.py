"""Trough-to-peak responses, one shape at a time."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.eda import EdaStage, Scr

RATE_HZ = 64.0
STAMPS = np.arange(int(100 * RATE_HZ)) / RATE_HZ


def response(
    at_s: float, amplitude_us: float, rise_s: float = 1.5, tau_s: float = 4.0
) -> NDArray[np.float64]:
    """A raised cosine up, an exponential down."""
    since = STAMPS - at_s
    up = 0.5 - 0.5 * np.cos(np.pi * np.clip(since / rise_s, 0.0, 1.0))
    return amplitude_us * up * np.exp(-np.clip(since - rise_s, 0.0, None) / tau_s)


def run(*parts: NDArray[np.float64], level_us: float = 4.0) -> list[Scr]:
    """Responses found on a level."""
    stage = EdaStage(RATE_HZ)
    noise = 0.0005 * np.random.default_rng(5).standard_normal(STAMPS.size)
    return stage.push(STAMPS, level_us + noise + sum(parts)).scrs + stage.finish().scrs


def test_one_response_is_found_where_it_is() -> None:
    (scr,) = run(response(50.0, 0.5))
    assert scr.t_onset_s == pytest.approx(50.0, abs=0.35)
    assert scr.t_peak_s == pytest.approx(51.5, abs=0.3)
    assert scr.amplitude_us == pytest.approx(0.5, rel=0.08)
    assert scr.rise_s == pytest.approx(1.5, abs=0.4)
    assert scr.half_recovery_s == pytest.approx(4.0 * math.log(2.0), abs=0.4)


@pytest.mark.parametrize(("amplitude_us", "found"), [(0.03, 0), (0.07, 1), (3.0, 1)])
def test_only_what_reaches_the_threshold_counts(amplitude_us: float, found: int) -> None:
    assert len(run(response(50.0, amplitude_us))) == found


def test_a_rise_of_more_than_five_seconds_is_drift() -> None:
    assert run(response(50.0, 0.5, rise_s=14.0, tau_s=60.0)) == []


def test_a_response_on_the_recovery_of_another_ends_its_half_recovery() -> None:
    first, second = run(response(50.0, 0.8), response(53.0, 0.8))
    assert math.isnan(first.half_recovery_s)
    assert second.t_onset_s == pytest.approx(53.0, abs=0.5)
    assert second.half_recovery_s > 1.0


def test_a_recovery_that_never_comes_ends_after_twenty_seconds() -> None:
    (scr,) = run(response(50.0, 0.5, tau_s=500.0))
    assert math.isnan(scr.half_recovery_s)


def test_a_response_at_the_end_is_handed_out_at_the_end() -> None:
    stage = EdaStage(RATE_HZ)
    until = STAMPS < 53.0
    noise = 0.0005 * np.random.default_rng(6).standard_normal(STAMPS.size)
    assert stage.push(STAMPS[until], (4.0 + noise + response(50.0, 0.5))[until]).scrs == []
    (scr,) = stage.finish().scrs
    assert math.isnan(scr.half_recovery_s)
    assert stage.finish().scrs == []


def test_a_candidate_does_not_survive_a_hole() -> None:
    stage = EdaStage(RATE_HZ)
    noise = 0.0005 * np.random.default_rng(6).standard_normal(STAMPS.size)
    values = 4.0 + noise + response(50.0, 0.5)
    kept = (STAMPS < 50.9) | (STAMPS > 52.4)
    assert stage.push(STAMPS[kept], values[kept]).scrs == []


@pytest.mark.parametrize("rate_hz", [4.0, 8.0, 51.2])
def test_noise_raises_the_threshold(rate_hz: float) -> None:
    stage = EdaStage(rate_hz)
    stamps = np.arange(int(1200 * rate_hz)) / rate_hz
    noise = 0.05 * np.random.default_rng(7).standard_normal(stamps.size)
    assert len(stage.push(stamps, 4.0 + noise).scrs) / 20.0 < 1.2


def test_the_count_and_the_sum_are_per_sixty_valid_seconds() -> None:
    stage = EdaStage(RATE_HZ)
    noise = 0.0005 * np.random.default_rng(8).standard_normal(STAMPS.size)
    parts = [response(s, a) for s, a in ((45.0, 0.2), (60.0, 0.3), (75.0, 0.4))]
    stage.push(STAMPS, 4.0 + noise + sum(parts))
    answer = stage.at(90.0)
    assert answer["scr_per_min"].value == 3.0
    assert answer["scr_rate_z"].value == pytest.approx(2.0 * math.sqrt(3.375))
    assert answer["scr_rate_z"].se == 1.0
    assert answer["scr_sum_us"].value == pytest.approx(0.9, rel=0.08)


def test_a_response_drives_the_phasic_index() -> None:
    stage = EdaStage(RATE_HZ)
    noise = 0.0005 * np.random.default_rng(9).standard_normal(STAMPS.size)
    stage.push(STAMPS, 4.0 + noise + response(50.0, 0.5))
    assert stage.at(53.0)["eda_phasic"].value > 10.0 * stage.at(49.0)["eda_phasic"].value
