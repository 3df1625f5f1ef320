"""A 50-minute dyad through `attune analyze`, against the same windows in a loop over NeuroKit2."""

import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.dyad import dyad, write_recording
from benchmarks.table import Figure
from calibration.profile import Baseline, BaselineKind, Profile
from monitor.offline import Offline, RunOptions
from monitor.profiles import ProfileStore
from monitor.room import Room
from monitor.settings import Settings
from monitor.spans import references_from
from monitor.warm import warm_up
from monitor.xdf.source import FileSource

MINUTES = 50
SECONDS = MINUTES * 60 * 2
"""Grid seconds of both people."""
WINDOWS_TIMED = 12


def _windows_with_neurokit(ecg: np.ndarray, eda: np.ndarray, end_s: int) -> None:
    """One grid second of one person, the way a script would do it with the library's own functions."""
    import neurokit2 as nk

    def beats(seconds: int) -> tuple[np.ndarray, dict]:
        last = nk.ecg_clean(ecg[int((end_s - seconds) * 130) : int(end_s * 130)], sampling_rate=130)
        return last, nk.ecg_peaks(last, sampling_rate=130, correct_artifacts=True)[1]

    _, of_60 = beats(60)
    nk.hrv_time(of_60, sampling_rate=130)
    nk.hrv_frequency(of_60, sampling_rate=130)
    last_30, of_30 = beats(30)
    nk.hrv_time(of_30, sampling_rate=130)
    nk.ecg_rsp(nk.ecg_rate(of_30, sampling_rate=130, desired_length=last_30.size), sampling_rate=130)
    last_15, of_15 = beats(15)
    nk.ecg_rate(of_15, sampling_rate=130, desired_length=last_15.size)
    last_10, of_10 = beats(10)
    nk.ecg_quality(last_10, rpeaks=of_10["ECG_R_Peaks"], sampling_rate=130, method="zhao2018")
    last_eda = nk.eda_clean(eda[int((end_s - 60) * 51.2) : int(end_s * 51.2)], sampling_rate=51)
    phasic = nk.eda_phasic(last_eda, sampling_rate=51)
    nk.eda_peaks(phasic["EDA_Phasic"].to_numpy(), sampling_rate=51)


def _windows_by_the_book(ecg: np.ndarray, eda: np.ndarray, end_s: int) -> None:
    """One grid second of one person with the processing functions its documentation begins with."""
    import neurokit2 as nk

    last_60 = ecg[int((end_s - 60) * 130) : int(end_s * 130)]
    signals, info = nk.ecg_process(last_60, sampling_rate=130)
    nk.hrv_time(info, sampling_rate=130)
    nk.hrv_frequency(info, sampling_rate=130)
    nk.ecg_rsp(signals["ECG_Rate"], sampling_rate=130)
    nk.eda_process(eda[int((end_s - 60) * 51.2) : int(end_s * 51.2)], sampling_rate=51)


def _seconds_each(
    loop: Callable[[np.ndarray, np.ndarray, int], None], ecg: np.ndarray, eda: np.ndarray
) -> float:
    """CPU seconds for one grid second of one person."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loop(ecg, eda, 300)
        start = time.process_time()
        for i in range(WINDOWS_TIMED):
            loop(ecg, eda, 400 + 150 * i)
        return (time.process_time() - start) / WINDOWS_TIMED


def _profiles(recording: Path, folder: Path) -> Path:
    """Profiles of both people, from their first quarter of an hour."""
    spans = {"C07": (60.0, 960.0), "T02": (60.0, 960.0)}
    found = references_from(lambda: FileSource(recording), spans, lateness_s=Settings().windows.lateness_s)
    for code, reference in found.items():
        made = Profile(participant=code, created_utc_s=1e9)
        baseline = Baseline(
            utc_s=1e9, kind=BaselineKind.FIRST, session="benchmark", protocol="first", reference=reference
        )
        ProfileStore(folder).save(made.with_baseline(baseline))
    return folder


def run() -> list[Figure]:
    """Measure."""
    streams = dyad(MINUTES)
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder, "dyad.xdf")
        write_recording(streams, MINUTES * 60.0, recording)
        plain = RunOptions(room=Room(), spans={}, settings=Settings(), file_format="parquet")
        calibrated = replace(plain, profiles=str(_profiles(recording, Path(folder, "profiles"))))
        timings = []
        for chosen in (calibrated, calibrated, calibrated, plain):
            wall, cpu = time.perf_counter(), time.process_time()
            Offline(recording, chosen).analyze(Path(folder, "out"))
            timings.append((time.perf_counter() - wall, time.process_time() - cpu))
    best_wall, best_cpu = min(timings[:3])
    ecg, eda = streams[0][2][:, 0].astype(float), streams[1][2][:, 0].astype(float)
    loops = {
        "single functions": _seconds_each(_windows_with_neurokit, ecg, eda),
        "ecg_process, hrv, eda_process": _seconds_each(_windows_by_the_book, ecg, eda),
    }
    return [
        Figure(
            "50-minute dyad, recording to tables, scores and zones (wall, CPU)",
            f"{best_wall:.2f} s, {best_cpu:.2f} s",
            "<= 2 s",
        ),
        Figure("the same without a calibration (CPU)", f"{timings[3][1]:.2f} s", "-"),
        *(
            Figure(
                f"the same windows, NeuroKit2 loop: {name} ({each * 1000:.0f} ms)",
                f"{each * SECONDS:.0f} s: {each * SECONDS / best_cpu:.0f} times slower",
                ">= 300",
            )
            for name, each in loops.items()
        ),
    ]
