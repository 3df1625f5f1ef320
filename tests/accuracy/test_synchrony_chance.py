"""A small slice of benchmarks/synchrony.py: unrelated people are seldom called related, related ones are seen."""

import math

import numpy as np
import pytest
from scipy import signal
from scipy.stats import binom

from monitor.core.synchrony.moments import FALSE_SHARE, find_moments
from monitor.core.synchrony.prepare import slopes
from monitor.core.synchrony.statistic import session_statistic
from monitor.core.synchrony.surrogates import generator_of
from monitor.core.synchrony.susy import susy

pytestmark = pytest.mark.accuracy

N = 12000
N_SESSIONS = 60
ECHO = 8
UNLIKELY = 1e-3


def heart(rng: np.random.Generator) -> np.ndarray:
    """AR(1) with a correlation time of 25 s, 50 minutes at 4 Hz."""
    phi = math.exp(-1.0 / 100.0)
    shocks = rng.standard_normal(N)
    shocks[1:] *= math.sqrt(1.0 - phi * phi)
    return signal.lfilter([1.0], [1.0, -phi], shocks)


def impulses(rng: np.random.Generator) -> np.ndarray:
    """Five responses a minute with amplitudes of median 0.15 uS."""
    happens = rng.random(N) < 5.0 / 240.0
    return np.where(happens, 0.15 * np.exp(0.6 * rng.standard_normal(N)), 0.0)


def conductance(rng: np.random.Generator, given: np.ndarray | None = None) -> np.ndarray:
    """Slopes of responses on a wandering level."""
    t = np.arange(0.0, 40.0, 0.25)
    shape = np.exp(-t / 4.0) - np.exp(-t / 0.75)
    response = np.convolve(impulses(rng) if given is None else given, shape / shape.max())[:N]
    return slopes(5.0 + response + 0.02 * np.cumsum(rng.standard_normal(N)))


def within(n_flagged: int, n: int, share: float) -> bool:
    """Whether a count is one that chance gives of so many, in all but two of a thousand runs."""
    return binom.ppf(UNLIKELY, n, share) <= n_flagged <= binom.ppf(1.0 - UNLIKELY, n, share)


@pytest.mark.parametrize("person", [heart, conductance])
def test_unrelated_people_are_flagged_in_one_session_of_twenty(person):
    rng = generator_of(4, person.__name__)
    found = [session_statistic(person(rng), person(rng), seed=i) for i in range(N_SESSIONS)]
    assert within(sum(one.p <= 0.05 for one in found), N_SESSIONS, 0.05)
    assert within(sum(abs(one.z) > 1.96 for one in found), N_SESSIONS, 0.05)
    assert within(sum(one.p <= 0.5 for one in found), N_SESSIONS, 0.5)
    told = [one for one in found if not math.isnan(one.lag_s)]
    assert len(told) <= binom.ppf(1.0 - UNLIKELY, N_SESSIONS, 0.05 * 0.05)


def test_the_effect_size_of_susy_is_no_z_score_of_a_session():
    rng = generator_of(4, "effect size")
    found = [susy(heart(rng), heart(rng), rate_hz=4.0) for _ in range(40)]
    assert sum(abs(one.es_no_abs) > 1.96 for one in found) > 30
    assert not any(abs(one.es) > 1.96 for one in found)


@pytest.mark.parametrize("person", [heart, conductance])
def test_a_session_of_unrelated_people_seldom_shows_any_moment(person):
    rng = generator_of(5, person.__name__)
    found = [find_moments(person(rng), person(rng)) for _ in range(N_SESSIONS // 2)]
    n_any = sum(bool(one.kept.any()) for one in found)
    assert n_any <= binom.ppf(1.0 - UNLIKELY, len(found), FALSE_SHARE)
    shares = np.array([np.mean(one.p_mean_z <= 0.05) for one in found])
    assert abs(shares.mean() - 0.05) < 3.3 * shares.std(ddof=1) / math.sqrt(shares.size)


def test_echoed_responses_are_seen_in_most_sessions_and_the_leader_with_them():
    rng = generator_of(6, "echo")
    found = []
    for _ in range(40):
        leading = impulses(rng)
        late = np.concatenate((np.zeros(ECHO), leading[:-ECHO])) > 0.0
        strength = 0.15 * np.exp(0.6 * rng.standard_normal(N))
        following = impulses(rng) + np.where(late & (rng.random(N) < 0.6), strength, 0.0)
        found.append(session_statistic(conductance(rng, leading), conductance(rng, following)))
    # The benchmark finds z 3.6 and a standard deviation of 1.
    assert np.mean([one.z for one in found]) == pytest.approx(3.6, abs=0.8)
    assert sum(one.p <= 0.05 for one in found) >= 34
    lags = np.array([one.lag_s for one in found if not math.isnan(one.lag_s)])
    assert lags.size >= 20
    assert np.median(lags) == pytest.approx(2.0, abs=0.25)
