"""Slow drift within the window, and too little change."""

import math

import numpy as np
import pytest

from calibration.drift import DRIFT_START, DriftState, is_flat, step_drift

NAN = math.nan


def after(values: np.ndarray, state: DriftState = DRIFT_START) -> DriftState:
    for value in values.tolist():
        state = step_drift(state, value)
    return state


def test_drift_is_unknown_before_a_minute_was_seen():
    assert math.isnan(after(np.zeros(59)).level)
    assert after(np.zeros(60)).level == 0.0
    assert math.isnan(after(np.full(600, NAN)).level)


def test_drift_follows_a_lasting_change_of_level_slowly():
    state = after(np.full(120, 1.0))
    assert 0.1 < state.level < 0.5
    assert after(np.full(2400, 1.0)).level == pytest.approx(1.0, abs=0.05)


def test_missing_seconds_leave_the_estimate_and_widen_it():
    state = after(np.full(600, 1.0))
    later = after(np.full(300, NAN), state)
    assert later.mean == state.mean
    assert later.variance > state.variance
    assert later.n_seen == state.n_seen


def test_drift_becomes_unknown_after_half_an_hour_without_a_second():
    assert math.isnan(after(np.full(1800, NAN), after(np.full(600, 1.0))).level)


def test_a_pause_is_suggested_after_ten_minutes_beyond_one():
    state, first = DRIFT_START, 0
    while state.mean <= 1.0:
        state, first = step_drift(state, 1.2), first + 1
    assert not after(np.full(first + 598, 1.2)).suggest
    assert after(np.full(first + 599, 1.2)).suggest


def test_a_pause_is_suggested_on_either_side():
    assert after(np.full(3000, 1.5)).suggest
    assert after(np.full(3000, -1.5)).suggest
    assert not after(np.full(3000, 0.9)).suggest


def test_missing_seconds_do_not_count_towards_the_suggestion():
    state = after(np.full(2000, 1.5))
    far = state._replace(n_far=500)
    assert not after(np.full(900, NAN), far).suggest
    assert after(np.full(100, 1.5), far).suggest


def test_coming_back_ends_the_suggestion():
    state = DriftState(1.001, 0.08, 4000, 900)
    assert state.suggest
    assert not after(np.full(10, 0.0), state).suggest


def test_the_estimate_equals_a_written_out_kalman_filter():
    rng = np.random.default_rng(5)
    values = rng.standard_normal(500)
    mean, variance = 0.0, 0.2
    for value in values:
        variance += (0.5 / 1.96) ** 2 / 600.0
        gain = variance / (variance + 60.0)
        mean, variance = mean + gain * (value - mean), variance - gain * variance
    state = after(values)
    assert state.mean == pytest.approx(mean, rel=1e-10)
    assert state.variance == pytest.approx(variance, rel=1e-10)


def test_noise_of_a_quiet_session_rarely_suggests_a_pause():
    rng = np.random.default_rng(11)
    suggested = 0
    for _ in range(40):
        x = np.zeros(3000)
        shocks = rng.standard_normal(3000) * math.sqrt(1.0 - math.exp(-2.0 / 30.0))
        for i in range(1, 3000):
            x[i] = math.exp(-1.0 / 30.0) * x[i - 1] + shocks[i]
        state = DRIFT_START
        for value in x.tolist():
            state = step_drift(state, value)
            suggested += state.n_far == 600
    assert suggested == 0


def test_flat_is_little_change_over_three_minutes():
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(180)
    assert is_flat(3.0 + 0.4 * noise)
    assert not is_flat(noise)
    assert is_flat(np.concatenate([9.0 * noise, 0.4 * noise]))


def test_flat_asks_for_three_minutes_of_which_most_are_valid():
    still = np.zeros(180)
    assert not is_flat(still[:179])
    still[:36] = NAN
    assert is_flat(still)
    still[36] = NAN
    assert not is_flat(still)
