"""The acceptance test: emulators through liblsl, recorded live, replayed and analysed to the same bytes."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import pyxdf

pytestmark = [pytest.mark.lsl, pytest.mark.slow]
TABLES = ("beats", "markers", "scr", "zones", "synchrony")


def attune(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from monitor.app import main; sys.exit(main(sys.argv[1:]))"
    environment = dict(os.environ, PYTHONUTF8="1")
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=280,
        check=False,
    )


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sessions")
    done = attune("demo", "--headless", "--speed", "15", "--minutes", "5", "--out", str(root))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    (folder,) = root.iterdir()
    assert str(folder) in done.stderr.replace("\n", "")
    return folder


def test_replay_and_analysis_give_the_bytes_of_the_live_run(session: Path, tmp_path: Path) -> None:
    replayed = attune("replay", str(session), "--headless", "--speed", "0", "--out", str(tmp_path / "replay"))
    assert replayed.returncode == 0, replayed.stderr
    paced = attune("replay", str(session), "--headless", "--speed", "60", "--out", str(tmp_path / "paced"))
    assert paced.returncode == 0, paced.stderr
    analysed = attune("analyze", str(session), "--out", str(tmp_path / "analyze"))
    assert analysed.returncode == 0, analysed.stderr
    for table in TABLES:
        live = (session / f"{table}.parquet").read_bytes()
        for way in ("replay", "paced", "analyze"):
            assert (tmp_path / way / f"{table}.parquet").read_bytes() == live, (table, way)


def test_the_live_session_holds_numbers_of_both_people(session: Path) -> None:
    rows = pq.read_table(session / "markers.parquet").to_pylist()
    valid = {(row["participant"], row["marker"]) for row in rows if row["status"] == "OK"}
    for code in ("C07", "T02"):
        for marker in ("hr_bpm", "ln_rmssd", "ln_rmssd_60s", "scl_us", "scr_per_min", "breathing_per_min"):
            assert (code, marker) in valid
    assert all(row["value"] is None for row in rows if row["status"] == "NA")


def test_the_opening_of_the_demo_gives_zones_to_both_people(session: Path) -> None:
    rows = pq.read_table(session / "zones.parquet").to_pylist()
    for code in ("C07", "T02"):
        mine = [row for row in rows if row["participant"] == code]
        assert [row["zone"] for row in mine][:2] == ["na", "within"]
        assert all(a["t_end_s"] == b["t_start_s"] for a, b in itertools.pairwise(mine))
    summary = json.loads((session / "summary.json").read_text(encoding="utf-8"))
    assert {warning["label"] for warning in summary["warnings"]} >= {"reference_taken"}
    assert summary["zones"]["C07"]["valid_minutes"] > 0.2
    assert summary["dyads"][0]["first"] == "C07"


def test_the_summary_tells_measured_rates_and_the_scripted_faults(session: Path) -> None:
    summary = json.loads((session / "summary.json").read_text(encoding="utf-8"))
    ecg = [s for s in summary["streams"] if s["modality"] == "ecg" and s["n_samples"]]
    assert len(ecg) == 2
    for stream in ecg:
        assert abs(stream["measured_rate_hz"] - 130.16) < 0.05
        assert stream["clock"]["verified"]
    assert any(stream["gaps"] for stream in ecg)
    assert summary["participants"] == {"C07": "client", "T02": "therapist"}


def test_the_recording_is_read_by_pyxdf_with_no_samples_moved(session: Path) -> None:
    streams, _ = pyxdf.load_xdf(
        str(session / "recording.xdf"), synchronize_clocks=True, dejitter_timestamps=True
    )
    ecg = [s for s in streams if s["info"]["type"][0] == "ECG" and len(s["time_stamps"]) > 1000]
    assert len(ecg) == 2
    for stream in ecg:
        steps = stream["time_stamps"][1:] - stream["time_stamps"][:-1]
        assert (steps > 0).all()
