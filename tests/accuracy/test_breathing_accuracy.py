"""Breathing from the electrocardiogram against a respiration belt."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.core.breathing import BreathingWindow
from monitor.core.results import Status
from monitor.core.rr import RrStage

pytestmark = [pytest.mark.accuracy, pytest.mark.slow]

RATE_HZ = 100


def beats_of(ecg: Any) -> Any:
    """R peaks by an independent detector, with a parabola, and R minus S."""
    import neurokit2 as nk

    clean = nk.ecg_clean(ecg, sampling_rate=RATE_HZ)
    peaks = nk.ecg_peaks(clean, sampling_rate=RATE_HZ)[1]["ECG_R_Peaks"]
    left, middle, right = clean[peaks - 1], clean[peaks], clean[peaks + 1]
    t_s = (peaks + np.clip(0.5 * (left - right) / (left - 2 * middle + right), -0.5, 0.5)) / RATE_HZ
    amplitude_uv = np.array([1000 * (clean[k - 3 : k + 4].max() - clean[k : k + 9].min()) for k in peaks])
    return t_s, amplitude_uv


@pytest.mark.parametrize(
    ("name", "reported", "median_error", "within_two"),
    [("bio_resting_5min_100hz", 0.4, 0.8, 0.75), ("bio_resting_8min_100hz", 0.7, 0.8, 0.85)],
)
def test_reported_rates_agree_with_the_belt(
    data_dir: Path, name: str, reported: float, median_error: float, within_two: float
) -> None:
    table = np.genfromtxt(data_dir / f"neurokit/{name}.csv", delimiter=",", names=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import neurokit2 as nk

        t_s, amplitude_uv = beats_of(table["ECG"])
        belt = nk.rsp_clean(table["RSP"], sampling_rate=RATE_HZ)
        breaths_s = nk.rsp_findpeaks(belt, sampling_rate=RATE_HZ)["RSP_Peaks"] / RATE_HZ
    rr_ms = np.diff(t_s, prepend=np.nan) * 1000
    stage = RrStage()
    decided = stage.push(t_s, rr_ms, np.isfinite(rr_ms)), stage.flush()
    window = BreathingWindow()
    window.extend(t_s, rr_ms, amplitude_uv, np.concatenate([part.nn for part in decided]))
    errors, n = [], 0
    for end_s in range(30, int(t_s[-1])):
        n += 1
        estimate = window.at(float(end_s))
        inside = breaths_s[(breaths_s >= end_s - 30) & (breaths_s < end_s)]
        if estimate.status is not Status.NA:
            errors.append(abs(estimate.value - 60.0 / np.mean(np.diff(inside))))
    assert len(errors) >= reported * n
    assert np.median(errors) <= median_error
    assert np.mean(np.array(errors) <= 2.0) >= within_two
