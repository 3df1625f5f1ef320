"""Floors on real recordings: beats of MIT-BIH, intervals of a strap, human labels of signal quality."""

import gzip
from pathlib import Path

import neurokit2
import numpy as np
import pytest
import rdata
import wfdb
from numpy.typing import NDArray
from scipy import signal

from monitor.core.ecg import EcgStage

pytestmark = pytest.mark.accuracy

Signal = NDArray[np.float64]

BEAT_SYMBOLS = frozenset("NLRBAaJSVrFejnE/fQ?")
LEARNING_S = 5.0


def mit_bih(folder: Path, record: str) -> tuple[Signal, Signal]:
    """First lead (MLII) in microvolts at 130 Hz, and the times of the annotated beats."""
    data = wfdb.rdrecord(str(folder / record))
    x = data.p_signal[:, data.sig_name.index("MLII")] * 1000.0
    table = folder / "tpcp_annotations" / f"{record}_all.csv"
    if table.exists():
        samples = np.loadtxt(table, delimiter=",", skiprows=1)[:, 1]
    else:
        notes = wfdb.rdann(str(folder / record), "atr")
        samples = np.array(
            [at for at, symbol in zip(notes.sample, notes.symbol, strict=True) if symbol in BEAT_SYMBOLS]
        )
    return np.ascontiguousarray(signal.resample_poly(x, 13, 36)), samples / 360.0


def match(truth: Signal, found: Signal, tolerance_s: float) -> tuple[float, float, float]:
    """Sensitivity and predictivity in percent, scatter in ms; one to one, greedy by time."""
    i = j = 0
    pairs = []
    while i < truth.size and j < found.size:
        if abs(found[j] - truth[i]) <= tolerance_s:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif found[j] < truth[i]:
            j += 1
        else:
            i += 1
    hit = np.array(pairs)
    counted_truth, counted_found = truth >= LEARNING_S, found >= LEARNING_S
    offset = found[hit[:, 1]] - truth[hit[:, 0]]
    scatter = 1.4826 * np.median(np.abs(offset - np.median(offset)))
    sensitivity = np.isin(np.flatnonzero(counted_truth), hit[:, 0]).mean()
    predictivity = np.isin(np.flatnonzero(counted_found), hit[:, 1]).mean()
    return 100.0 * float(sensitivity), 100.0 * float(predictivity), 1000.0 * float(scatter)


@pytest.mark.parametrize(
    ("record", "floor", "floor_50_ms"),
    [("100", 99.5, 99.5), ("103", 99.5, 99.5), ("119", 99.5, 99.5), ("105", 99.0, 98.5)],
)
def test_beats_of_mit_bih_at_130_hz(data_dir: Path, record: str, floor: float, floor_50_ms: float) -> None:
    x, truth = mit_bih(data_dir / "mitdb", record)
    beats, _ = EcgStage(130.0).push(np.arange(x.size) / 130.0, x)
    sensitivity, predictivity, scatter_ms = match(truth, beats.t_s, 0.150)
    assert sensitivity >= floor
    assert predictivity >= floor
    assert scatter_ms <= 1.7
    assert min(match(truth, beats.t_s, 0.050)[:2]) >= floor_50_ms


def test_beats_under_calibrated_electrode_motion(data_dir: Path) -> None:
    x, truth = mit_bih(data_dir / "nstdb", "118e24")
    beats, _ = EcgStage(130.0).push(np.arange(x.size) / 130.0, x)
    sensitivity, predictivity, _ = match(truth, beats.t_s, 0.150)
    assert sensitivity >= 99.5
    assert predictivity >= 99.5


def test_beats_equal_those_of_the_batch_detector_on_a_clean_record(data_dir: Path) -> None:
    x, _ = mit_bih(data_dir / "mitdb", "103")
    beats, _ = EcgStage(130.0).push(np.arange(x.size) / 130.0, x)
    _, found = neurokit2.ecg_peaks(neurokit2.ecg_clean(x, 130), 130)
    sensitivity, predictivity, _ = match(found["ECG_R_Peaks"] / 130.0, beats.t_s, 0.050)
    assert sensitivity >= 99.8
    assert predictivity >= 99.8


def align(first: Signal, second: Signal, gap_ms: float = 60.0) -> list[tuple[int, int]]:
    """Pair two sequences of intervals in order with as little difference and as few left out as possible."""
    n, m = first.size, second.size
    cost = np.full((n + 1, m + 1), np.inf)
    cost[0], cost[:, 0] = gap_ms * np.arange(m + 1), gap_ms * np.arange(n + 1)
    apart = np.minimum(np.abs(first[:, None] - second[None, :]), 200.0)
    for i in range(1, n + 1):
        for j in range(max(1, i - 40), min(m, i + 40) + 1):
            cost[i, j] = min(
                cost[i - 1, j - 1] + apart[i - 1, j - 1], cost[i - 1, j] + gap_ms, cost[i, j - 1] + gap_ms
            )
    pairs = []
    i, j = n, m
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + apart[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif cost[i, j] == cost[i - 1, j] + gap_ms:
            i -= 1
        else:
            j -= 1
    return pairs


@pytest.mark.filterwarnings("ignore")
def test_intervals_equal_those_of_the_strap(data_dir: Path) -> None:
    table = rdata.read_rda(data_dir / "h10_detectpvc" / "polar_h10.RData")["polar_h10"]
    nanoseconds = table["time"].to_numpy()
    t = (nanoseconds - nanoseconds[0]) / 1e9
    strap_ms = table["rr"].to_numpy(dtype=np.float64, na_value=np.nan)
    strap_ms = strap_ms[~np.isnan(strap_ms)]
    beats, verdicts = EcgStage(130.0).push(t, table["ecg"].to_numpy(dtype=np.float64) * 1000.0)
    assert (t.size - 1) / t[-1] == pytest.approx(130.16, abs=0.01)
    ours_ms = 1000.0 * np.diff(beats.t_s)
    pairs = np.array(align(ours_ms, strap_ms))
    error_ms = ours_ms[pairs[:, 0]] - strap_ms[pairs[:, 1]]
    assert error_ms.size >= 780
    assert np.median(np.abs(error_ms)) <= 0.5
    assert abs(np.median(error_ms)) <= 0.1
    assert abs(np.mean(error_ms)) <= 0.1
    assert np.mean(np.abs(error_ms) < 20.0) >= 0.998
    # One beat in three is ectopic here: the gate must not take arrhythmia for noise.
    assert verdicts.usable.mean() >= 0.95


def test_the_gate_agrees_with_human_labels(data_dir: Path) -> None:
    folder = data_dir / "ecg_artifact_labels_kalouskova"
    labels, closed = [], []
    for path in sorted(folder.glob("*/labels/*_2.csv.gz")):
        with gzip.open(path.parents[1] / path.name.replace("_2.csv", ".csv"), "rt") as lines:
            x = np.array([float(line.split(";")[1]) for line in lines if ";" in line and line[0].isdigit()])
        _, verdicts = EcgStage(500.0).push(np.arange(x.size) / 500.0, x)
        usable = dict(zip(verdicts.second.tolist(), verdicts.usable.tolist(), strict=True))
        with gzip.open(path, "rt") as lines:
            for line in list(lines)[1:]:
                _, stop, _, label, _ = line.split(";")
                second = int(stop) // 500
                if second >= 8 and second in usable:
                    labels.append(int(label))
                    closed.append(not usable[second])
    label, shut = np.array(labels), np.array(closed)
    assert label.size > 800
    assert shut[label == 4].mean() >= 0.70
    assert shut[label <= 2].mean() <= 0.05
    assert shut[label == 1].mean() <= 0.01
