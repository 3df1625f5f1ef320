"""Simulated pairs of people who have nothing, or a known share of responses, to do with each other.

Skin conductance: a wandering level, responses of Bateman shape at random moments, sensor noise. Heart: a
stationary AR(1) series. 50 minutes at 4 Hz. What the specification leaves open (decay, wandering, correlation time,
whether echoes replace responses or come on top, with amplitudes of their own) was chosen so that the spread of the
effect size and the mean z of coupled pairs come near its figures; error rates had no part in the choice.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Series = NDArray[np.float64]

RATE_HZ = 4.0
SESSION_S = 3000
N = int(SESSION_S * RATE_HZ)
WARM_N = 240
SCR_PER_MIN = 5.0
RISE_S, DECAY_S = 0.75, 4.0
MEDIAN_US, LOG_SD = 0.15, 0.6
LEVEL_US, NOISE_US = 5.0, 0.001
WANDER_US = 0.04
"""Random walk of the level: standard deviation after one second."""
DROP_US, DROP_S = 2.0, 600.0
"""Skin conductance of people who settle falls by so much with this time constant."""
HEART_TAU_S = 25.0
BREATHING_HZ, BREATHING_SD = 0.25, 1.6
"""Rate, and height of the arrhythmia it makes in SD of everything slower."""
ECHO_S = 2.0

EDA_SIGNALS = ("EDA raw", "EDA raw, both decaying", "EDA 5-s slopes", "EDA high-pass 0.05")
HEART_SIGNALS = ("HR raw", "HR smoothed 10 s")
SIGNALS = (*EDA_SIGNALS, *HEART_SIGNALS)


def responses(rng: np.random.Generator, n_people: int) -> Series:
    """Impulses of responses, one person a row: amplitude in uS at the sample of onset, else 0."""
    shape = (n_people, WARM_N + N)
    happens = rng.random(shape) < SCR_PER_MIN / 60.0 / RATE_HZ
    return np.where(happens, MEDIAN_US * np.exp(LOG_SD * rng.standard_normal(shape)), 0.0)


def echoed(rng: np.random.Generator, leader: Series, share: float | Series) -> Series:
    """Responses of somebody who has their own and repeats a share of another's later, in their own strength."""
    shift = int(ECHO_S * RATE_HZ)
    repeated = (leader > 0.0) & (rng.random(leader.shape) < share)
    late = np.concatenate([np.zeros((len(leader), shift), bool), repeated[:, :-shift]], axis=1)
    strength = MEDIAN_US * np.exp(LOG_SD * rng.standard_normal(leader.shape))
    return responses(rng, len(leader)) + np.where(late, strength, 0.0)


def conductance(rng: np.random.Generator, impulses: Series, *, decaying: bool = False) -> Series:
    """Skin conductance in uS of the impulses."""
    t = np.arange(0.0, 40.0, 1.0 / RATE_HZ)
    shape = np.exp(-t / DECAY_S) - np.exp(-t / RISE_S)
    eda = signal.fftconvolve(impulses, (shape / shape.max())[None, :], axes=1)[:, WARM_N : WARM_N + N]
    eda += LEVEL_US + NOISE_US * rng.standard_normal(eda.shape)
    eda += WANDER_US / math.sqrt(RATE_HZ) * np.cumsum(rng.standard_normal(eda.shape), axis=1)
    if decaying:
        eda += DROP_US * np.exp(-np.arange(N) / RATE_HZ / DROP_S)
    return eda


def heart(rng: np.random.Generator, n_people: int) -> Series:
    """Heart rate as AR(1) of unit variance."""
    phi = math.exp(-1.0 / (HEART_TAU_S * RATE_HZ))
    shocks = rng.standard_normal((n_people, N))
    shocks[:, 1:] *= math.sqrt(1.0 - phi * phi)
    return np.asarray(signal.lfilter([1.0], [1.0, -phi], shocks, axis=1))


def breathing_heart(rng: np.random.Generator, n_people: int, spread_hz: float, tau_s: float) -> Series:
    """Heart with respiratory arrhythmia; the rate of breathing wanders by so much with this time constant."""
    phi = math.exp(-1.0 / (tau_s * RATE_HZ))
    shocks = rng.standard_normal((n_people, N))
    shocks[:, 1:] *= math.sqrt(1.0 - phi * phi)
    wander = spread_hz * signal.lfilter([1.0], [1.0, -phi], shocks, axis=1)
    turns = np.cumsum(BREATHING_HZ + wander, axis=1) / RATE_HZ + rng.random((n_people, 1))
    return heart(rng, n_people) + BREATHING_SD * np.sin(2.0 * np.pi * turns)


def least_squares_slopes(eda: Series) -> Series:
    """Slopes over 5 s (20 samples), in uS per second; NaN at the borders."""
    n = int(5 * RATE_HZ)
    t = (np.arange(n) - (n - 1) / 2) / RATE_HZ
    slope = signal.fftconvolve(eda, (t[::-1] / (t @ t))[None, :], mode="valid", axes=1)
    return np.pad(slope, ((0, 0), (n // 2, n - 1 - n // 2)), constant_values=np.nan)


def high_passed(eda: Series) -> Series:
    """Second-order Butterworth high-pass at 0.05 Hz, forwards and backwards."""
    sos = signal.butter(2, 0.05, "high", fs=RATE_HZ, output="sos")
    return np.asarray(signal.sosfiltfilt(sos, eda, axis=1))


def smoothed(series: Series) -> Series:
    """Running mean of 10 s."""
    n = int(10 * RATE_HZ)
    return np.asarray(signal.lfilter(np.full(n, 1.0 / n), [1.0], series, axis=1))


def unrelated(name: str, rng: np.random.Generator, n_people: int) -> Series:
    """People of one kind of signal who have nothing to do with each other, one a row."""
    if name.startswith("HR"):
        series = heart(rng, n_people)
        return smoothed(series) if name == "HR smoothed 10 s" else series
    eda = conductance(rng, responses(rng, n_people), decaying="decaying" in name)
    if name == "EDA 5-s slopes":
        return least_squares_slopes(eda)
    return high_passed(eda) if name == "EDA high-pass 0.05" else eda


def coupled(rng: np.random.Generator, n_pairs: int, share: float | Series) -> tuple[Series, Series]:
    """Slopes of pairs in which the second echoes a share of the first's responses; one share or one a sample."""
    leading = responses(rng, n_pairs)
    following = echoed(rng, leading, share)
    x, y = conductance(rng, leading), conductance(rng, following)
    return least_squares_slopes(x), least_squares_slopes(y)


def episode(start_s: float, stop_s: float) -> Series:
    """Shares for `coupled`: all responses of one stretch of the session, none of the rest."""
    t = (np.arange(WARM_N + N) - WARM_N) / RATE_HZ
    return ((t >= start_s) & (t < stop_s)).astype(float)
