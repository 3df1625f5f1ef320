"""Artefacts injected into real NN intervals; the floors are the marks of the design."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.core.rr import RrStage

pytestmark = pytest.mark.accuracy

N_BEATS = 500
EVERY = 40


def classify(rr_ms: Any) -> Any:
    stage = RrStage()
    parts = stage.push(np.cumsum(rr_ms) / 1000, rr_ms, np.ones(rr_ms.size, dtype=bool)), stage.flush()
    return np.concatenate([part.code for part in parts])


def published_batch(beats_ms: Any) -> Any:
    """Indices the centred batch algorithm classifies, by an independent implementation."""
    from neurokit2.signal.signal_fixpeaks import _find_artifacts

    return _find_artifacts(beats_ms, sampling_rate=1000)[0]


def test_quiet_sinus_rhythm_is_left_alone(nn_runs: list[Any]) -> None:
    flagged = [np.mean(classify(run) != 0) for run in nn_runs]
    assert np.mean(flagged) <= 0.005


@pytest.fixture(scope="module")
def nn_runs(data_dir: Path) -> Any:
    """Stretches of annotated sinus beats from the whole day of one person."""
    wfdb = pytest.importorskip("wfdb")
    annotation = wfdb.rdann(str(data_dir / "nsr2db_afdb/Physionet_nsr2db/nsr001"), "ecg")
    symbol, rr_ms = np.asarray(annotation.symbol), np.diff(annotation.sample) / 128.0 * 1000.0
    normal = (symbol[1:] == "N") & (symbol[:-1] == "N")
    runs, i = [], 0
    while i + N_BEATS < rr_ms.size:
        run = rr_ms[i : i + N_BEATS]
        plausible = normal[i : i + N_BEATS].all() and run.min() > 300.0 and run.max() < 2000.0
        if plausible and np.max(np.abs(np.diff(run))) < 0.25 * np.median(run):
            runs.append(run)
            i += N_BEATS
        else:
            i += 50
    return runs[:: len(runs) // 24]


def inject(rr_ms: Any, kind: str, rng: np.random.Generator) -> Any:
    """Beats with artefacts, and for each artefact the times of the beats whose interval it touches."""
    beats = np.concatenate([[0.0], np.cumsum(rr_ms)])
    index = np.arange(EVERY, beats.size - 20, EVERY)
    index = index + rng.integers(-8, 8, index.size)
    if kind == "missed":
        return np.delete(beats, index), [[t] for t in beats[index + 1]]
    if kind == "extra":
        extra = beats[index] + rng.uniform(0.25, 0.75, index.size) * (beats[index + 1] - beats[index])
        return np.sort(np.concatenate([beats, extra])), list(zip(extra, beats[index + 1], strict=True))
    moved = beats.copy()
    moved[index] -= 100.0 if kind == "misplaced" else 0.3 * (beats[index] - beats[index - 1])
    return moved, list(zip(moved[index], beats[index + 1], strict=True))


def sensitivity_and_specificity(runs: list[Any], kind: str) -> tuple[float, float]:
    rng = np.random.default_rng(1)
    found = n_artefacts = false = n_clean = 0
    for run in runs:
        beats, touched = inject(run, kind, rng)
        flagged = classify(np.diff(beats)) != 0
        clean = np.ones(flagged.size, dtype=bool)
        for times in touched:
            places = [int(np.argmin(np.abs(beats[1:] - t))) for t in times]
            found += bool(np.any(flagged[places]))
            clean[places] = False
        n_artefacts += len(touched)
        false += np.count_nonzero(flagged & clean)
        n_clean += np.count_nonzero(clean)
    return found / n_artefacts, 1 - false / n_clean


@pytest.mark.parametrize("kind", ["missed", "extra", "ectopic"])
def test_injected_artefacts_are_found_and_little_else(nn_runs: list[Any], kind: str) -> None:
    sensitivity, specificity = sensitivity_and_specificity(nn_runs, kind)
    assert sensitivity >= 0.998
    assert specificity >= 0.995


def test_a_beat_misplaced_by_100_ms_stands_out_where_variability_is_small(nn_runs: list[Any]) -> None:
    # With an RMSSD of 60 ms a shift of 100 ms is within what the heart does by itself.
    quiet = [run for run in nn_runs if 13.0 <= np.sqrt(np.mean(np.diff(run) ** 2)) <= 29.0]
    assert len(quiet) >= 12
    sensitivity, specificity = sensitivity_and_specificity(quiet, "misplaced")
    assert sensitivity >= 0.985
    assert specificity >= 0.99


def test_a_doubled_interval_is_halved_and_a_tiny_one_merged(data_dir: Path) -> None:
    rr_ms = np.loadtxt(data_dir / "systole/rr.txt", delimiter=",", skiprows=1)[:, 1]
    for value, expected in ((1600.0, 2), (100.0, 3)):
        edited = rr_ms.copy()
        edited[10] = value
        assert classify(edited)[10] == expected


def test_positions_equal_those_of_the_batch_algorithm_on_its_own_fixtures() -> None:
    rr_ms = 1000.0 + np.random.default_rng(42).normal(np.sin(np.arange(1000)), 0.1) * 125.0
    beats = np.cumsum(np.rint(rr_ms))
    index = np.arange(100, 1000, 100)
    missed = np.delete(beats, index)
    assert (np.flatnonzero(classify(np.diff(missed)) == 2) + 1).tolist() == published_batch(missed)["missed"]
    extra = np.sort(np.concatenate([beats, beats[index] + (beats[index + 1] - beats[index]) / 15]))
    assert (np.flatnonzero(classify(np.diff(extra)) == 3) + 1).tolist() == published_batch(extra)["extra"]
