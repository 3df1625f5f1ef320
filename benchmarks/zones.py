"""How often the zone decision errs when nothing happens, and how soon it sees what does happen.

Simulated: a stationary AR(1) index of unit SD with a correlation time of 10, 30 or 60 s, a reference of 5, 8 or 12
minutes before a session of 50 minutes. The standard error of arousal is 0, the edges are those before any mark.
"""

import math
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from benchmarks.table import Figure
from calibration.baseline import Scale, scale_of
from calibration.edges import PRIOR
from calibration.zones import ENTER_P, ENTER_S, START, Second, Zone, finish, step

MINUTES = (5, 8, 12)
TAUS_S = (10.0, 30.0, 60.0)
SESSION_S = 3000
EPISODE_AT_S = 1200
RAMP_S = 20
PRIOR_DF = 10.0
TABLE = {5: (0.00, 0.06, 0.29), 8: (0.00, 0.08, 0.23), 12: (0.00, 0.04, 0.12)}


class Variant(NamedTuple):
    """How the level and the scale of arousal are taken from the reference."""

    title: str
    prior_df: float
    predictive: bool


POOLED = Variant("pooled predictive scale", PRIOR_DF, predictive=True)
VARIANTS = (
    POOLED,
    Variant("pooled, not predictive", PRIOR_DF, predictive=False),
    Variant("first session, predictive", 0.0, predictive=True),
)


def noise(rng: np.random.Generator, n_runs: int, n: int, tau_s: float) -> NDArray[np.float64]:
    """Stationary AR(1) series of unit SD, one a row."""
    phi = math.exp(-1.0 / tau_s)
    shocks = rng.standard_normal((n_runs, n))
    shocks[:, 1:] *= math.sqrt(1.0 - phi * phi)
    return np.asarray(signal.lfilter([1.0], [1.0, -phi], shocks, axis=1))


def standardised(x: NDArray[np.float64], scale: Scale, variant: Variant) -> NDArray[np.float64]:
    """Arousal from the index, by the scale of the reference as the variant has it."""
    df = scale.n_effective - 1.0
    variance = (df * scale.sd**2 + variant.prior_df) / (df + variant.prior_df)
    if variant.predictive:
        variance *= 1.0 + 1.0 / scale.n_effective
    return (x - scale.mean) / math.sqrt(variance)


def excursions(arousal: NDArray[np.float64], side: Zone = Zone.ABOVE) -> list[tuple[int, int]]:
    """Onset and second of confirmation of every excursion to one side, by the real decision."""
    sign = 1.0 if side is Zone.ABOVE else -1.0
    edge = PRIOR.upper if side is Zone.ABOVE else PRIOR.lower
    # Without a run of 20 s beyond the entering level there is no excursion, and nothing to step through.
    level = abs(edge.mean) + edge.sd * statistics.NormalDist().inv_cdf(ENTER_P) - 1e-9
    runs = np.convolve(sign * arousal >= level, np.ones(ENTER_S), mode="valid")
    if not (runs >= ENTER_S).any():
        return []
    state, found, was = START, [], Zone.NA
    for second, value in enumerate(arousal.tolist()):
        # Heart and skin go with arousal: the lower side is tested by its edge, not by its second condition.
        state = step(state, second, Second(value, 0.0, value, value, value, 7), PRIOR)
        if state.zone is side and was is not side:
            found.append((state.since, second))
        was = state.zone
    return found


class Quiet(NamedTuple):
    """False excursions in sessions in which nothing happened, one count a session."""

    counts: list[int]
    n_refused: int

    @property
    def rate(self) -> float:
        """False excursions in 50 minutes."""
        return statistics.fmean(self.counts)

    @property
    def error(self) -> float:
        """Standard error of the rate; runs are independent, excursions within a run are not."""
        return statistics.stdev(self.counts) / math.sqrt(len(self.counts))


def quiet(
    minutes: int, tau_s: float, n_runs: int, cases: Sequence[tuple[Variant, Zone]] = ((POOLED, Zone.ABOVE),)
) -> list[Quiet]:
    """Count false excursions, for all cases in the same sessions."""
    rng = np.random.default_rng([minutes, int(tau_s), 1])
    reference_s = 60 * minutes
    counts: list[list[int]] = [[] for _ in cases]
    refused = 0
    for x in noise(rng, n_runs, reference_s + SESSION_S, tau_s):
        scale = scale_of(x[:reference_s], robust=False)
        if not math.isfinite(scale.sd):
            refused += 1
            continue
        for found, (variant, side) in zip(counts, cases, strict=True):
            found.append(len(excursions(standardised(x[reference_s:], scale, variant), side)))
    return [Quiet(found, refused) for found in counts]


class Found(NamedTuple):
    """Episodes put into sessions."""

    n: int
    n_found: int
    latency_s: float


def episodes(minutes: int, tau_s: float, length_s: int, n_runs: int, *, ramp_inside: bool = False) -> Found:
    """Put +4 SD for so long, after or including a ramp of 20 s, into sessions and look for it."""
    rng = np.random.default_rng([minutes, int(tau_s), length_s])
    reference_s = 60 * minutes
    whole_s = length_s if ramp_inside else length_s + RAMP_S
    series = noise(rng, n_runs, reference_s + EPISODE_AT_S + whole_s + 60, tau_s)
    onset = reference_s + EPISODE_AT_S
    series[:, onset : onset + whole_s] += 4.0 * np.minimum(np.arange(1, whole_s + 1) / RAMP_S, 1.0)
    latencies, n = [], 0
    for x in series:
        scale = scale_of(x[:reference_s], robust=False)
        if not math.isfinite(scale.sd):
            continue
        n += 1
        events = excursions(standardised(x[reference_s:], scale, POOLED))
        confirmed = [at for _, at in events if EPISODE_AT_S <= at < EPISODE_AT_S + whole_s + ENTER_S]
        latencies += [confirmed[0] + 1 - EPISODE_AT_S] if confirmed else []
    return Found(n, len(latencies), statistics.median(latencies) if latencies else math.nan)


def step_us() -> float:
    """Microseconds of one decision, best of five."""
    rng = np.random.default_rng(0)
    seconds = [Second(value, 0.2, value, value, 0.0, 7) for value in noise(rng, 1, 5000, 30.0)[0].tolist()]

    def once() -> float:
        state, start = START, time.perf_counter()
        for index, second in enumerate(seconds):
            state = step(state, index, second, PRIOR)
        finish(state, len(seconds))
        return (time.perf_counter() - start) / len(seconds) * 1e6

    return min(once() for _ in range(5))


def _quiet_figures(minutes: int, n_runs: int) -> list[Figure]:
    cases = [(variant, Zone.ABOVE) for variant in VARIANTS] + [(POOLED, Zone.BELOW)]
    by_tau = [quiet(minutes, tau_s, n_runs, cases) for tau_s in TAUS_S]
    figures = []
    for index, (variant, side) in enumerate(cases):
        cells = [results[index] for results in by_tau]
        told = "  ".join(f"{cell.rate:.3f}±{cell.error:.3f}" for cell in cells)
        refused = sum(cell.n_refused for cell in cells)
        told += f"  ({refused} references refused)" if refused else ""
        table = "; " + " / ".join(f"{value:.2f}" for value in TABLE[minutes]) if index == 0 else ""
        figures.append(
            Figure(f"false {side} in 50 min, {minutes} min, {variant.title}", told, f"<= 0.3{table}")
        )
    return figures


def _episode_figure(minutes: int, length_s: int, n_runs: int, *, ramp_inside: bool) -> Figure:
    cells = [episodes(minutes, tau_s, length_s, n_runs, ramp_inside=ramp_inside) for tau_s in TAUS_S]
    shares = "  ".join(
        f"{cell.n_found / cell.n:.3f}±{math.sqrt(cell.n_found * (cell.n - cell.n_found) / cell.n**3):.3f}"
        for cell in cells
    )
    latency = ", ".join(f"{cell.latency_s:g}" for cell in cells)
    ramp = "including" if ramp_inside else "after"
    return Figure(
        f"+4 SD for {length_s} s {ramp} a 20-s ramp found, {minutes} min",
        f"{shares}; {latency} s",
        f"{'0.85-0.94' if length_s == 60 else '0.90-1.00'}; 33-38 s",
    )


def run(n_runs: int = 1500) -> list[Figure]:
    """Simulate; three figures in a row are those for correlation times of 10, 30 and 60 s."""
    figures = [Figure("one zone decision", f"{step_us():.2f} us", "<= 3 us")]
    for minutes in MINUTES:
        figures += _quiet_figures(minutes, n_runs)
    for length_s, ramp_inside in ((60, False), (60, True), (120, False)):
        figures += [
            _episode_figure(minutes, length_s, n_runs // 4, ramp_inside=ramp_inside) for minutes in MINUTES
        ]
    return figures
