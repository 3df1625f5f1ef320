"""Skin conductance of real people: quality against three experts, and sane numbers elsewhere."""

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.eda import EdaStage
from monitor.core.kernels import eda_layout as layout
from monitor.core.results import Status

pytestmark = pytest.mark.accuracy

TUNED_ON = "2013_05_14_40mins_eating"
HELD_OUT = ("2013_05_28_1hour_walking", "2013_06_03_1hour_lunch")


def labelled(folder: Path, name: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """EDA at 8 Hz and, per 5 s, whether most of three experts saw an artefact."""
    lines = (folder / f"{name}.csv").read_text(encoding="latin-1").splitlines()[8:]
    eda = np.array([float(line.split(",")[5]) for line in lines if line.count(",") >= 5])
    with (folder / f"{name}_Epochs.csv").open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))[1:]
    votes = np.array([[float(v or 0) for v in row[3:6]] for row in rows])
    return eda, (votes == 2.0).sum(axis=1) >= 2


def unusable(eda: NDArray[np.float64], n_epochs: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per 5 s, whether nothing of it was left after padding: through movement, and through anything."""
    stage = EdaStage(8.0)
    codes = np.zeros(n_epochs * 20 + 80)
    for start in range(0, eda.size, 160):
        values = eda[start : start + 160]
        stage.push(np.arange(start, start + values.size) / 8.0, values)
        known = stage._ring[stage._ring[:, layout.INDEX] >= 0.0]
        revoked = known[:, layout.REVOKED_S] < layout.NEVER
        codes[known[:, layout.INDEX].astype(int)] = np.where(
            revoked, known[:, layout.REVOKED_CODE], known[:, layout.CODE]
        )
    epochs = codes[: n_epochs * 20].reshape(n_epochs, 20)
    return (epochs == layout.MOTION).all(axis=1), (epochs >= layout.FIRST_BAD).all(axis=1)


def agreement(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Sensitivity, specificity and Cohen's kappa."""
    chance = found.mean() * truth.mean() + (1 - found.mean()) * (1 - truth.mean())
    kappa = ((found == truth).mean() - chance) / (1 - chance)
    return float(found[truth].mean()), float((~found)[~truth].mean()), float(kappa)


def test_artefacts_agree_with_the_majority_of_three_experts(data_dir: Path) -> None:
    folder = data_dir / "eda_aww_artifact_labels" / "raw"
    moved: list[NDArray[np.bool_]] = []
    lost: list[NDArray[np.bool_]] = []
    truth: list[NDArray[np.bool_]] = []
    for name in (TUNED_ON, *HELD_OUT):
        eda, majority = labelled(folder, name)
        movement, anything = unusable(eda, majority.size)
        moved.append(movement)
        lost.append(anything)
        truth.append(majority)
    assert agreement(moved[0], truth[0])[2] >= 0.64
    sensitivity, specificity, kappa = agreement(np.concatenate(moved[1:]), np.concatenate(truth[1:]))
    assert sensitivity >= 0.7
    assert specificity >= 0.97
    assert kappa >= 0.7
    # The plateaus of this coarsely quantised sensor are clean to the experts and flat to us.
    assert agreement(np.concatenate(lost[1:]), np.concatenate(truth[1:]))[2] >= 0.57


@pytest.mark.parametrize("name", ["bio_resting_8min_100hz", "bio_eventrelated_100hz"])
def test_laboratory_recordings_raise_no_artefact(data_dir: Path, name: str) -> None:
    with (data_dir / "neurokit" / f"{name}.csv").open(encoding="utf-8") as stream:
        eda = np.array([float(row["EDA"]) for row in csv.DictReader(stream)])
    stage = EdaStage(100.0)
    assert stage.push(np.arange(eda.size) / 100.0, eda).revoked == []
    end_s = float(eda.size // 100 - 1)
    answer = stage.at(end_s)
    assert {e.status for e in answer.values()} == {Status.OK}
    last = eda[int((end_s - 10) * 100) : int(end_s * 100)]
    assert last.min() - 0.1 <= answer["scl_us"].value <= last.max() + 0.1


def test_events_of_a_laboratory_recording_are_followed_by_responses(data_dir: Path) -> None:
    with (data_dir / "neurokit" / "bio_eventrelated_100hz.csv").open(encoding="utf-8") as stream:
        eda = np.array([float(row["EDA"]) for row in csv.DictReader(stream)])
    stage = EdaStage(100.0)
    onsets = np.array([s.t_onset_s for s in stage.push(np.arange(eda.size) / 100.0, eda).scrs])
    hits = [np.any((onsets > t) & (onsets < t + 5.0)) for t in (10.23, 49.57, 92.23, 129.83)]
    assert sum(hits) >= 3


@pytest.mark.parametrize("person", ["S01", "S02", "S03", "S04", "S05"])
def test_an_hour_of_a_wristband_keeps_most_of_its_tonic_level(data_dir: Path, person: str) -> None:
    eda = np.loadtxt(data_dir / "stress_predict_e4" / person / "EDA.csv", skiprows=2)
    stage = EdaStage(4.0)
    stamps = np.arange(eda.size) / 4.0
    levels: list[float] = []
    usable = 0
    seconds = range(60, int(stamps[-1]))
    stage.push(stamps[:240], eda[:240])
    for second in seconds:
        stage.push(stamps[second * 4 : second * 4 + 4], eda[second * 4 : second * 4 + 4])
        answer = stage.at(second + 0.75)["scl_us"]
        usable += answer.status is not Status.NA
        levels.append(answer.value)
    assert usable / len(seconds) >= 0.75
    assert np.nanmedian(levels) == pytest.approx(np.median(eda), rel=0.08, abs=0.02)
