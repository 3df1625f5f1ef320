"""Responses found in simulated skin conductance whose truth is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.eda import EdaStage, Scr

RATE_HZ = 51.2


def simulated(
    seed: int, seconds: float, noise_us: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Two-exponential responses, Poisson 5 per minute, lognormal with median 0.15 uS; with their onsets."""
    rng = np.random.default_rng(seed)
    stamps = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    since = np.arange(0.0, 30.0, 1.0 / RATE_HZ)
    shape = np.exp(-since / 2.0) - np.exp(-since / 0.75)
    shape /= shape.max()
    onsets = np.sort(rng.uniform(0.0, seconds, rng.poisson(5.0 * seconds / 60.0)))
    values = 5.0 + noise_us * rng.standard_normal(stamps.size)
    for onset_s in onsets:
        first = int(onset_s * RATE_HZ)
        n = min(shape.size, stamps.size - first)
        values[first : first + n] += 0.15 * np.exp(0.8 * rng.standard_normal()) * shape[:n]
    return stamps, values, onsets


def matched(true_s: NDArray[np.float64], found_s: NDArray[np.float64], within_s: float) -> int:
    """Number of one-to-one pairs, each found response taking the nearest free truth."""
    free = np.ones(true_s.size, dtype=bool)
    n = 0
    for t in found_s:
        near = np.flatnonzero(free & (np.abs(true_s - t) <= within_s))
        if near.size:
            free[near[np.argmin(np.abs(true_s[near] - t))]] = False
            n += 1
    return n


@pytest.mark.parametrize("noise_us", [0.001, 0.005, 0.01])
def test_isolated_and_overlapping_responses_are_found(noise_us: float) -> None:
    hits = n_true = n_found = 0
    errors: list[float] = []
    for seed in range(6):
        stamps, values, onsets = simulated(seed, 1200.0, noise_us)
        stage = EdaStage(RATE_HZ)
        events = stage.push(stamps, values)
        scrs: list[Scr] = events.scrs + stage.finish().scrs
        assert events.revoked == []
        found = np.array([s.t_onset_s for s in scrs])
        hits += matched(onsets, found, 0.7)
        n_true += onsets.size
        n_found += found.size
        errors.extend(float(t - onsets[np.argmin(np.abs(onsets - t))]) for t in found)
    assert hits / n_true >= 0.74
    assert hits / n_found >= 0.97
    assert -0.3 <= float(np.median(errors)) <= 0.1


def test_the_count_agrees_with_a_simulation_of_neurokit() -> None:
    neurokit2 = pytest.importorskip("neurokit2")
    for seed, n_scr in ((1, 4), (2, 8), (3, 12)):
        values = neurokit2.eda_simulate(
            duration=120, sampling_rate=100, scr_number=n_scr, noise=0.01, drift=-0.01, random_state=seed
        )
        stage = EdaStage(100.0)
        # Its level is near 0 and its responses are near 1; a skin has a level.
        events = stage.push(np.arange(values.size) / 100.0, np.asarray(values, dtype=np.float64) + 4.0)
        assert len(events.scrs + stage.finish().scrs) == n_scr
        assert events.revoked == []
