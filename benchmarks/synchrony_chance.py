"""How often measures of synchrony call unrelated people related, and how often they see those who are.

Every share stands beside the figure of the specification (F.3, F.4, F.8). Where nothing is said the difference
is within 99 % of the sampling error of the share here; how many sessions theirs rest on is not known, so that
"differs" may also be their error.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks import synchrony_people as people
from benchmarks import synchrony_plain as plain
from benchmarks.synchrony_people import RATE_HZ, Series
from benchmarks.table import Figure
from monitor.core.kernels.windows_ccf import over_lags, window_correlations
from monitor.core.results import Status
from monitor.core.synchrony.moments import find_moments
from monitor.core.synchrony.prepare import detrended, slopes
from monitor.core.synchrony.statistic import session_statistic
from monitor.core.synchrony.surrogates import (
    generator_of,
    history_starts,
    p_value,
    phase_randomised,
)

BEYOND = 1.96
Z99 = 2.576
SEED = 20
LONGEST = plain.LONGEST
HISTORY_S = 600.0
N_HISTORY = 199
LOST = 0.1

BREATHING = (
    ("free (SD 0.03 Hz, 5 s)", 0.03, 5.0),
    ("calm (SD 0.02 Hz, 30 s)", 0.02, 30.0),
    ("steady (SD 0.005 Hz, 30 s)", 0.005, 30.0),
    ("paced (SD 0.001 Hz, 100 s)", 0.001, 100.0),
)

EFFECT_SIZES = {
    "EDA raw": (0.0, 0.92, 0.03, 0.05),
    "EDA raw, both decaying": (0.0, 0.92, 0.11, 0.04),
    "EDA 5-s slopes": (0.03, 0.79, 0.05, 0.07),
    "EDA high-pass 0.05": (0.01, 0.82, 0.03, 0.05),
    "HR raw": (0.0, 0.92, 0.07, 0.07),
    "HR smoothed 10 s": (0.0, 0.95, 0.04, 0.07),
}
"""SCIENCE F.3: share beyond 1.96 of ES(abs), ES(noAbs), permutation z(abs), permutation z(noAbs)."""

SPREADS = {
    "EDA raw": (0.34, 32.0),
    "EDA raw, both decaying": (0.42, 28.0),
    "EDA 5-s slopes": (0.95, 11.0),
    "EDA high-pass 0.05": (0.87, 8.8),
    "HR raw": (0.28, 27.0),
    "HR smoothed 10 s": (0.22, 63.0),
}
"""SCIENCE F.3: SD of the two effect sizes."""

POWER = {0.0: (-0.1, 0.9), 0.2: (1.2, 1.2), 0.4: (2.3, 1.2), 0.6: (3.3, 0.8), 0.8: (4.9, 0.8)}
"""SCIENCE F.4: mean and SD of z by the share of responses that is echoed."""

WINDOWS = {
    ("EDA 5-s slopes", 60): (0.052, 0.047, 0.075, 0.556),
    ("EDA 5-s slopes", 120): (0.049, 0.044, 0.080, 0.560),
    ("EDA raw, both decaying", 60): (0.064, 0.068, 0.090, 0.801),
    ("HR raw", 60): (0.054, 0.045, 0.192, 0.732),
    ("HR smoothed 10 s", 60): (0.060, 0.056, 0.088, 0.840),
}
"""SCIENCE F.8: history shift by max r and by mean z, phase randomised by max r, Fisher at lag 0."""


class Share(NamedTuple):
    """A share with its standard error; trials of one session are taken together."""

    value: float
    error: float
    n: int

    def told(self, published: float | None = None, rounding: float = 0.005) -> str:
        """In words, beside the published figure where there is one."""
        told = f"{self.value:.3f}±{self.error:.3f}"
        if published is None:
            return told
        # None or all of n has an error too: that of one more session on either side.
        one_more = math.sqrt((self.n + 1.0) / (self.n + 2.0) ** 2 / self.n)
        allowed = Z99 * (self.error or one_more) + rounding
        return f"{told} ({published:g}{'' if abs(self.value - published) <= allowed else ', differs'})"


def share_of(flags: Sequence[float]) -> Share:
    """Mean over sessions of a flag, or of a share within each session."""
    values = np.asarray(flags, dtype=float)
    error = values.std(ddof=1) / math.sqrt(values.size)
    return Share(float(values.mean()), float(error), values.size)


def pairs(name: str, n: int, purpose: str) -> tuple[Series, Series]:
    """Pairs of unrelated people."""
    both = people.unrelated(name, generator_of(SEED, purpose, name), 2 * n)
    return both[::2], both[1::2]


class Sessions(NamedTuple):
    """Effect sizes and permutation z of simulated sessions, one row a session."""

    effect: Series
    z: Series
    p: Series
    uniform_z: Series


def sessions(xs: Series, ys: Series) -> Sessions:
    """Both effect sizes and both permutation statistics of every pair, and the statistic of the application."""
    n_segments = xs.shape[1] // plain.SEGMENT_N
    permutations = plain.uniform_permutations(generator_of(SEED, "permutations"), n_segments, 999)
    effect, z, p, uniform = [], [], [], []
    for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
        by_lag = plain.fisher_z(x, y)
        absolute = np.abs(by_lag)
        effect.append((plain.effect_size(absolute), plain.effect_size(by_lag)))
        found = plain.permutation_z(absolute.mean(axis=0), permutations)
        ours = session_statistic(x, y, seed=i)
        z.append((found[0], ours.z))
        p.append((found[1], ours.p))
        uniform.append(plain.permutation_z(by_lag.mean(axis=0), permutations)[0])
    return Sessions(np.array(effect), np.array(z), np.array(p), np.array(uniform))


def effect_size_figures(n: int) -> list[Figure]:
    """Table F.3, and the 5 % of the application's own flag."""
    figures = []
    for name in people.SIGNALS:
        found = sessions(*pairs(name, n, "effect size"))
        published = EFFECT_SIZES[name]
        columns = np.column_stack((found.effect, found.z))
        shares = [share_of(np.abs(column) > BEYOND) for column in columns.T]
        told = [share.told(figure) for share, figure in zip(shares, published, strict=True)]
        spread = " and ".join(
            f"{sd:.2g} ({figure:g})"
            for sd, figure in zip(found.effect.std(axis=0, ddof=1), SPREADS[name], strict=True)
        )
        figures += [
            Figure(f"unrelated, {name}: |ES(abs)| > 1.96", told[0], "no z-score"),
            Figure(f"unrelated, {name}: |ES(noAbs)| > 1.96", told[1], "no z-score"),
            Figure(f"unrelated, {name}: SD of ES(abs) and ES(noAbs)", spread, "1 if a z-score"),
            Figure(f"unrelated, {name}: |permutation z(abs)| > 1.96", told[2], "0.05"),
            Figure(f"unrelated, {name}: |session z| > 1.96", told[3], "0.05"),
            Figure(
                f"unrelated, {name}: flagged above chance, p <= 0.05",
                share_of(found.p[:, 1] <= 0.05).told(),
                "0.05 ± 0.02",
            ),
            Figure(
                f"unrelated, {name}: session z, largest difference from uniform permutations",
                f"{np.abs(found.z[:, 1] - found.uniform_z).max():.2f}",
                "sampling of 999",
            ),
        ]
    return figures


def application_figures(n: int) -> list[Figure]:
    """What the application itself gives of unrelated people: its own preparation, trends and gaps."""
    falling = people.unrelated("EDA raw, both decaying", generator_of(SEED, "application", "EDA"), 2 * n)
    gapped = people.unrelated("EDA raw", generator_of(SEED, "application", "gaps"), 2 * n)
    heart = people.unrelated("HR raw", generator_of(SEED, "application", "HR"), 2 * n)
    lost = generator_of(SEED, "lost").random((2 * n, people.SESSION_S // 10)) < LOST
    gapped[np.repeat(lost, round(10 * RATE_HZ), axis=1)] = np.nan
    cases = {
        "EDA, both decaying, its slopes": [slopes(one) for one in falling],
        "EDA, a tenth lost in pieces of 10 s, its slopes": [slopes(one) for one in gapped],
        "HR minus its line over 60 s": [detrended(one) for one in heart],
        **{
            f"HR with breathing of one mean rate, {title}": [
                detrended(one)
                for one in people.breathing_heart(
                    generator_of(SEED, "application", title), 2 * n, spread_hz, tau_s
                )
            ]
            for title, spread_hz, tau_s in BREATHING
        },
    }
    figures = []
    for title, series in cases.items():
        found = [session_statistic(x, y) for x, y in zip(series[::2], series[1::2], strict=True)]
        given = [one for one in found if one.status is not Status.NA]
        told = f"{share_of([one.p <= 0.05 for one in given]).told()}; "
        told += f"{share_of([abs(one.z) > BEYOND for one in given]).told()}; "
        told += f"{share_of([not math.isnan(one.lag_s) for one in given]).told()}; {n - len(given)} NA"
        figures.append(
            Figure(f"unrelated, {title}: p <= 0.05; |session z| > 1.96; lag told", told, "0.05 ± 0.02")
        )
    return figures


def power_figures(n: int) -> list[Figure]:
    """Table F.4."""
    figures = []
    for share, (mean, sd) in POWER.items():
        pair = people.coupled(generator_of(SEED, "power", f"{share:g}"), n, share)
        found = [session_statistic(x, y) for x, y in zip(*pair, strict=True)]
        z = np.array([one.z for one in found])
        error = z.std(ddof=1) / math.sqrt(n)
        agrees = abs(z.mean() - mean) <= Z99 * error + 0.05
        told = f"z {z.mean():.2f}±{z.std(ddof=1):.2f} ({mean:g}±{sd:g}{'' if agrees else ', differs'})"
        lag = np.array([one.lag_s for one in found])
        seen = lag[~np.isnan(lag)]
        leads = f"; lag told in {seen.size / n:.2f}" + (
            f", median {np.median(seen):.2f} s" if seen.size else ""
        )
        flagged = share_of([one.p <= 0.05 for one in found]).told()
        figures.append(
            Figure(f"echoed share {share:g}: z, p <= 0.05, lag", f"{told}; {flagged}{leads}", "2 s")
        )
    return figures


class Windows(NamedTuple):
    """Shares of flagged windows, one value a session."""

    max_r: list[float]
    mean_z: list[float]
    phase: list[float]
    fisher: list[float]
    any_mean_z: list[float]
    any_fisher: list[float]


def windows(xs: Series, ys: Series, window_s: int, n_phase: int) -> Windows:
    """Single windows every 30 s against their own history, `n_phase` a session against random phases."""
    window, hop = round(window_s * RATE_HZ), round(30 * RATE_HZ)
    found = Windows([], [], [], [], [], [])
    generator = generator_of(SEED, "windows", str(window_s))
    first = round(HISTORY_S * RATE_HZ) + window + LONGEST
    for x, y in zip(np.nan_to_num(xs), np.nan_to_num(ys), strict=True):
        places = np.arange(first, x.size - window - LONGEST, hop, dtype=np.int64)
        correlations = window_correlations(x, y, places, window, window)
        mean_z, max_z, _ = over_lags(correlations, LONGEST, 1)
        columns, starts = places - LONGEST, np.arange(mean_z.shape[1])
        flags = np.empty((places.size, 3), bool)
        for i, column in enumerate(columns):
            far = history_starts(
                generator,
                int(column),
                starts,
                min_distance=window + 2 * LONGEST,
                n_surrogates=N_HISTORY,
                future=False,
            )
            flags[i, 0] = p_value(max_z[i, column], max_z[i, far]) <= 0.05
            flags[i, 1] = p_value(mean_z[i, column], mean_z[i, far]) <= 0.05
            flags[i, 2] = abs(math.atanh(correlations[i, places[i]])) * math.sqrt(window - 3) > BEYOND
        some = places[:: max(1, places.size // n_phase)][:n_phase]
        phase = [_beyond_phases(generator, x, y, int(place), window) for place in some]
        for kept, value in zip(
            found,
            (
                *flags.mean(axis=0)[:2],
                float(np.mean(phase)),
                flags[:, 2].mean(),
                flags[:, 1].any(),
                flags[:, 2].any(),
            ),
            strict=True,
        ):
            kept.append(float(value))
    return found


def _beyond_phases(generator: np.random.Generator, x: Series, y: Series, place: int, window: int) -> bool:
    fixed, other = x[place : place + window], y[place - LONGEST : place + window + LONGEST]
    made = phase_randomised(generator, other, N_HISTORY)
    true = float(plain.sliding_r(fixed, other[None]).max())
    return p_value(true, plain.sliding_r(fixed, made).max(axis=-1)) <= 0.05


def window_figures(n: int) -> list[Figure]:
    """Table F.8."""
    figures = []
    for (name, window_s), published in WINDOWS.items():
        found = windows(*pairs(name, n, f"windows {window_s}"), window_s, 4)
        where = f"single windows of {window_s} s, {name}"
        shares = [share_of(values) for values in found]
        labels = (
            "history shift, max r",
            "history shift, mean z",
            "phase randomised, max r",
            "Fisher at lag 0",
        )
        figures += [
            Figure(f"{where}: {label}", share.told(figure, 0.0005), "0.05")
            for label, share, figure in zip(labels, shares, published, strict=False)
        ]
        told = f"{shares[4].told()} by history shift, {shares[5].told()} by Fisher"
        figures.append(Figure(f"{where}: any in a session", told, "0.84 to 1.00"))
    return figures


def moment_figures(n: int) -> list[Figure]:
    """The budget of the whole session, and what is found of an episode."""
    figures = []
    for name in ("EDA 5-s slopes", "HR raw", "HR smoothed 10 s", "EDA raw, both decaying"):
        found = [find_moments(x, y) for x, y in zip(*pairs(name, n, "moments"), strict=True)]
        told = share_of([one.kept.any() for one in found]).told()
        told += f"; {np.mean([one.kept.sum() for one in found]):.2f} a session"
        single = share_of([np.mean(one.p_mean_z <= 0.05) for one in found]).told()
        figures.append(
            Figure(f"moments, unrelated, {name}: any in a session", f"{told}; p <= 0.05: {single}", "<= 0.10")
        )
    stretch = people.episode(1200.0, 1500.0)
    cases: dict[str, float | NDArray[np.float64]] = {
        "all responses echoed for 5 min of 50": stretch,
        "share 0.8 echoed all the time": 0.8,
    }
    figures += [_found_figure(title, share, max(n // 4, 2)) for title, share in cases.items()]
    return figures


def _found_figure(title: str, share: float | NDArray[np.float64], n: int) -> Figure:
    pair = people.coupled(generator_of(SEED, "moments", title), n, share)
    found = [find_moments(x, y) for x, y in zip(*pair, strict=True)]
    inside = [(one.t_s >= 1200.0) & (one.t_s < 1500.0) for one in found]
    told = f"{share_of([one.kept.any() for one in found]).told()} of sessions"
    hits = np.mean([one.kept[here].sum() for one, here in zip(found, inside, strict=True)])
    told += f"; {np.mean([one.kept.sum() for one in found]):.2f} a session, {hits:.2f} of them in minutes 20 to 25"
    return Figure(f"moments, {title}: any", told, "-")


TABLES: tuple[Callable[[int], list[Figure]], ...] = (
    effect_size_figures,
    application_figures,
    power_figures,
    window_figures,
    moment_figures,
)
