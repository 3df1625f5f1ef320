"""Synchrony against the same definitions in plain numpy and in a package, and the live step of a full room."""

import time
from collections.abc import Callable
from types import ModuleType

import numpy as np

from benchmarks import synchrony_people as people
from benchmarks import synchrony_plain as plain
from benchmarks.synchrony_people import RATE_HZ, Series
from benchmarks.table import Figure
from monitor.core.synchrony.moments import find_moments
from monitor.core.synchrony.pair import Choices
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.stage import SynchronyStage
from monitor.core.synchrony.statistic import session_statistic
from monitor.core.synchrony.surrogates import generator_of
from monitor.core.synchrony.windowed import windowed_cross_correlation

N_PEOPLE = 16
WARM_S, TIMED_S = 3000, 120
WINDOW_S, STEP_S, LAG_S = 60.0, 5.0, 5.0


def _best_s(work: Callable[[], object], n: int = 5) -> float:
    """CPU seconds of the best of a few runs, after one that may compile."""
    work()
    times = []
    for _ in range(n):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _session_figures(x: Series, y: Series) -> list[Figure]:
    ours_s = _best_s(lambda: session_statistic(x, y))
    n_segments = x.size // plain.SEGMENT_N
    permutations = Pairings(999, 1).of(np.arange(n_segments)).astype(np.int64)
    start = time.process_time()
    z = plain.loop_statistic(x, y, permutations)
    loop_s = time.process_time() - start
    products_s = _best_s(lambda: plain.permutation_z(plain.fisher_z(x, y).mean(axis=0), permutations), 3)
    difference = abs(z - session_statistic(x, y).z)
    return [
        Figure("session statistic, 50 minutes, 999 permutations (CPU)", f"{ours_s * 1e3:.1f} ms", "-"),
        Figure(
            "the same in loops over numpy; difference of z",
            f"{loop_s:.2f} s: {loop_s / ours_s:.0f} times slower; {difference:.1e}",
            "<= 1e-6: kept in single precision",
        ),
        Figure(
            "the same as matrix products of numpy, one a lag",
            f"{products_s * 1e3:.1f} ms: {products_s / ours_s:.1f} of that",
            "-",
        ),
        Figure("moments of 50 minutes (CPU)", f"{_best_s(lambda: find_moments(x, y), 3) * 1e3:.0f} ms", "-"),
    ]


def _package() -> ModuleType | None:
    """Return the metrics of multiSyncPy where it is installed."""
    try:
        from multiSyncPy import synchrony_metrics
    except ImportError:
        return None
    return synchrony_metrics


def _windowed_figures(x: Series, y: Series) -> list[Figure]:
    def ours() -> Series:
        return windowed_cross_correlation(
            x, y, rate_hz=RATE_HZ, window_s=WINDOW_S, step_s=STEP_S, lag_s=LAG_S, variant="symmetric"
        ).r

    ours_s = _best_s(ours)
    what = "windowed cross-correlation, 60 s each 5 s, lags to 5 s"
    figures = [Figure(f"{what} (CPU)", f"{ours_s * 1e3:.1f} ms", "-")]
    metrics = _package()
    if metrics is None:
        return [*figures, Figure(f"{what}, multiSyncPy", "not installed: pip install multiSyncPy", "-")]
    window, longest = round(WINDOW_S * RATE_HZ), plain.LONGEST

    def lagged(both: Series) -> Series:
        fixed = both[0, longest : longest + window]
        return np.array([np.corrcoef(fixed, both[1, k : k + window])[0, 1] for k in range(2 * longest + 1)])

    # The package has no lagged correlation: its windows are used, with a function of one's own as it intends.
    start = time.process_time()
    theirs = metrics.apply_windowed(
        np.ascontiguousarray([x, y]), lagged, window + 2 * longest, round(STEP_S * RATE_HZ)
    )
    their_s = time.process_time() - start
    difference = np.abs(theirs - ours()).max()
    told = f"{their_s:.2f} s: {their_s / ours_s:.0f} times slower; {difference:.1e}"
    return [
        *figures,
        Figure(f"{what}, windows of multiSyncPy, np.corrcoef in them", told, "<= 1e-9"),
    ]


def _live_figures() -> list[Figure]:
    """Sixteen people from the start to the 50th minute; then two minutes are timed second by second."""
    rng = generator_of(1, "live")
    minutes = (WARM_S + TIMED_S) // people.SESSION_S + 1
    eda = np.concatenate(
        [people.conductance(rng, people.responses(rng, N_PEOPLE)) for _ in range(minutes)], axis=1
    )
    ibi = 850.0 + 40.0 * np.concatenate([people.heart(rng, N_PEOPLE) for _ in range(minutes)], axis=1)
    stage = SynchronyStage(Choices(), {})
    series = [stage.series_for(f"P{i:02d}") for i in range(N_PEOPLE)]
    times, n_results = [], 0
    for second in range(1, WARM_S + TIMED_S + 1):
        at = slice(4 * (second - 1), 4 * second)
        start = time.perf_counter()
        for i, one in enumerate(series):
            level = np.ascontiguousarray(eda[i, at])
            one.push(at.start, np.stack((level, level)), 1.0, np.ascontiguousarray(ibi[i, at]))
            slow = ibi[i, at.start : at.start + 1]
            one.note(second - 1, slow / 200.0, slow / 50.0)
        n_results += len(stage.push(second, second, float(second)))
        times.append(time.perf_counter() - start)
    timed_ms = np.array(times[WARM_S:]) * 1e3
    couplings = [dyad.coupling.n_segments for dyad in stage.dyads if dyad.signal.name == "eda"]
    return [
        Figure(
            f"live step, {N_PEOPLE} people, {len(couplings)} pairs, 3 signals, {max(couplings)} segments",
            f"mean {timed_ms.mean():.1f}, p99 {np.percentile(timed_ms, 99):.1f}, max {timed_ms.max():.1f} ms a second",
            "<= 50 ms",
        ),
        Figure("the same, share of a core; results given", f"{timed_ms.mean() / 10:.1f} %; {n_results}", "-"),
    ]


def figures() -> list[Figure]:
    """Measure."""
    x, y = (one[0] for one in people.coupled(generator_of(1, "speed"), 1, 0.4))
    # Both complete: the package knows no missing samples.
    whole = [np.ascontiguousarray(np.nan_to_num(one)) for one in (x, y)]
    return [*_session_figures(*whole), *_windowed_figures(*whole), *_live_figures()]
