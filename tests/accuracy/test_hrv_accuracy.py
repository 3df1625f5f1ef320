"""Heart rate variability against published numbers, to the digits they were printed with."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.core.hrv import HeartWindows
from monitor.core.hrv_series import windowed_heart_rate, windowed_pnn50, windowed_rmssd, windowed_sdnn
from monitor.core.results import Status
from monitor.core.rr import RrStage

pytestmark = pytest.mark.accuracy


def whole_series(rr_ms: Any) -> Any:
    nn_s = np.asarray(rr_ms, dtype=float) / 1000
    arguments = (nn_s, np.cumsum(nn_s), [0.0])
    return {
        "rmssd": windowed_rmssd(*arguments, length_s=1e6)[0],
        "sdnn": windowed_sdnn(*arguments, length_s=1e6)[0],
        "pnn50": windowed_pnn50(*arguments, length_s=1e6)[0],
        "rate": windowed_heart_rate(*arguments, length_s=1e6)[0],
    }


def stream(t_s: Any, rr_ms: Any) -> Any:
    """Estimates of every second of a series, with their number."""
    stage, heart, done = RrStage(), HeartWindows(), 0
    for end_s in range(1, int(t_s[-1])):
        stop = int(np.searchsorted(t_s, end_s))
        heart.extend(stage.push(t_s[done:stop], rr_ms[done:stop], np.ones(stop - done, dtype=bool)))
        done = stop
        yield end_s, heart.at(float(end_s))


def test_the_recording_compared_with_kubios(data_dir: Path) -> None:
    values = whole_series(np.loadtxt(data_dir / "systole/rr.txt", delimiter=",", skiprows=1)[:, 1])
    assert values["sdnn"] == pytest.approx(84.69054351160723, rel=1e-12)
    assert values["rmssd"] == pytest.approx(45.5466693541162, rel=1e-12)
    assert values["pnn50"] == pytest.approx(26.229508196721312, rel=1e-12)
    assert values["rate"] == pytest.approx(67.93185249083457, rel=1e-12)
    assert round(values["sdnn"], 2) == 84.69
    assert abs(values["rmssd"] - 45.545) < 0.002


def test_the_thousand_intervals_of_hrv_analysis(data_dir: Path) -> None:
    values = whole_series(np.loadtxt(data_dir / "hrv_analysis/test_nn_intervals.txt"))
    assert values["sdnn"] == pytest.approx(43.113074968427306, rel=1e-12)
    assert values["rmssd"] == pytest.approx(19.519400785039664, rel=1e-12)
    assert values["pnn50"] == pytest.approx(2.4024024024024024, rel=1e-12)
    assert values["rate"] == pytest.approx(83.53660574063554, rel=1e-6)


def test_the_samples_of_pyhrv(data_dir: Path) -> None:
    short = whole_series(np.load(data_dir / "pyhrv/SampleNNISeriesShort.npy"))
    assert short["rmssd"] == pytest.approx(101.30063401766522, rel=1e-12)
    assert short["sdnn"] == pytest.approx(95.69035398754956, rel=1e-12)
    long = whole_series(np.load(data_dir / "pyhrv/SampleNNISeriesLong.npy"))
    assert long["rmssd"] == pytest.approx(60.523479806961085, rel=1e-12)
    assert long["pnn50"] == pytest.approx(28.57142857142857, rel=1e-12)


@pytest.mark.parametrize(
    ("pattern", "low_ms2", "high_ms2"), [("HRV256_TP2", 595.0, 630.0), ("HRV256_TP3", 0.0, 10.0)]
)
def test_the_standard_patterns_have_the_standard_power(
    data_dir: Path, pattern: str, low_ms2: float, high_ms2: float
) -> None:
    path = data_dir / f"ec57_hrv_patterns/Physionet_EC57TPs/{pattern}.txt"
    t_s, rr_s = np.loadtxt(path, delimiter=",", max_rows=500).T
    powers = [
        np.exp(estimates["ln_hf_60s"].value)
        for _, estimates in stream(t_s, rr_s * 1000)
        if estimates["ln_hf_60s"].status is not Status.NA
    ]
    assert len(powers) > 250
    assert low_ms2 <= min(powers) <= max(powers) <= high_ms2


def test_an_hour_of_real_sinus_rhythm_has_its_index_nearly_always(data_dir: Path) -> None:
    wfdb = pytest.importorskip("wfdb")
    path = str(data_dir / "nsr2db_afdb/Physionet_nsr2db/nsr001")
    annotation = wfdb.rdann(path, "ecg", sampto=128 * 3600)
    is_beat = np.isin(annotation.symbol, list("NSVA"))
    samples = np.asarray(annotation.sample)[is_beat]
    beats_s = (samples - samples[0]) / 128.0
    values = [estimates for _, estimates in stream(beats_s[1:], np.diff(beats_s) * 1000)]
    known = [v["ln_rmssd"] for v in values if v["ln_rmssd"].status is not Status.NA]
    assert len(known) > 0.97 * len(values)
    assert all(0.5 < e.value < 6.0 and 0.0 < e.se < 1.0 and e.coverage <= 1.0 for e in known)
