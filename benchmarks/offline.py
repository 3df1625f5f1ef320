"""A 50-minute dyad through `attune analyze`, against the same windows in a loop over NeuroKit2."""

import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from benchmarks.dyad import dyad, write_recording
from benchmarks.table import Figure
from monitor.offline import Offline, RunOptions
from monitor.room import Room
from monitor.settings import Settings
from monitor.warm import warm_up

MINUTES = 50
WINDOWS_TIMED = 12


def _windows_with_neurokit(ecg: np.ndarray, eda: np.ndarray, end_s: int) -> None:
    """One grid second of one person, the way a script would do it with the library's own functions."""
    import neurokit2 as nk

    last_60 = ecg[int((end_s - 60) * 130) : int(end_s * 130)]
    _, peaks = nk.ecg_peaks(
        nk.ecg_clean(last_60, sampling_rate=130), sampling_rate=130, correct_artifacts=True
    )
    nk.hrv_time(peaks, sampling_rate=130)
    nk.hrv_frequency(peaks, sampling_rate=130)
    nk.ecg_quality(last_60[-1300:], sampling_rate=130, method="zhao2018")
    rate = nk.ecg_rate(peaks, sampling_rate=130, desired_length=last_60.size)
    nk.ecg_rsp(rate, sampling_rate=130)
    last_eda = eda[int((end_s - 60) * 51.2) : int(end_s * 51.2)]
    phasic = nk.eda_phasic(nk.eda_clean(last_eda, sampling_rate=51), sampling_rate=51)
    nk.eda_peaks(phasic["EDA_Phasic"].to_numpy(), sampling_rate=51)


def run() -> list[Figure]:
    """Measure."""
    streams = dyad(MINUTES)
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder, "dyad.xdf")
        write_recording(streams, MINUTES * 60.0, recording)
        options = RunOptions(
            room=Room(),
            spans={"C07": (60, 400), "T02": (60, 400)},
            settings=Settings(),
            file_format="parquet",
        )
        plain = RunOptions(room=Room(), spans={}, settings=Settings(), file_format="parquet")
        timings = []
        for chosen in (plain, plain, plain, options):
            wall, cpu = time.perf_counter(), time.process_time()
            Offline(recording, chosen).analyze(Path(folder, "out"))
            timings.append((time.perf_counter() - wall, time.process_time() - cpu))
    best_wall, best_cpu = min(timings[:3])
    ecg, eda = streams[0][2][:, 0].astype(float), streams[1][2][:, 0].astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _windows_with_neurokit(ecg, eda, 300)
        start = time.process_time()
        for i in range(WINDOWS_TIMED):
            _windows_with_neurokit(ecg, eda, 400 + 150 * i)
        per_window = (time.process_time() - start) / WINDOWS_TIMED
    loop = per_window * MINUTES * 60 * 2
    return [
        Figure(
            "50-minute dyad, recording to tables (wall, CPU)",
            f"{best_wall:.2f} s, {best_cpu:.2f} s",
            "<= 2 s",
        ),
        Figure("the same with references and scores (CPU)", f"{timings[3][1]:.2f} s", "-"),
        Figure(
            f"the same windows in a NeuroKit2 loop ({per_window * 1000:.0f} ms each, from {WINDOWS_TIMED})",
            f"{loop:.0f} s: {loop / best_cpu:.0f} times slower",
            ">= 300",
        ),
    ]
