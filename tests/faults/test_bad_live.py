"""Faulty streams through `attune live`: everything is recorded, nothing wrong is computed, all is told."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Chunk, StreamOpened
from monitor.xdf.reader import read_events

pytestmark = [pytest.mark.lsl, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("bad_outlets.py")
LIVE = [sys.executable, "-c", "import sys; from monitor.app import main; sys.exit(main())", "live"]
SECONDS = 14


def spec(name, kind, **more):
    skin = kind in {"eda", "kohm"}
    return {
        "name": name,
        "type": "EDA" if skin else "ECG",
        "unit": "microsiemens" if skin else "microvolts",
        "rate": 51.2 if skin else 130.0,
        "id": name,
        "kind": kind,
        **more,
    }


@pytest.fixture
def outlets():
    processes = []

    def start(*specs):
        process = subprocess.Popen([sys.executable, str(CHILD), json.dumps(specs)], stdout=subprocess.PIPE)
        processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def live(tmp_path, *options, seconds=SECONDS):
    command = [
        *LIVE,
        "--headless",
        "--minutes",
        str(seconds / 60.0),
        "--out",
        str(tmp_path / "sessions"),
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    text = " ".join((done.stderr + done.stdout).split())
    assert "Traceback" not in text
    assert "does not expect" not in text
    folders = [path for path in (tmp_path / "sessions").glob("*") if path.is_dir()]
    return done.returncode, text, folders[0] if folders else None


def test_no_stream_found_says_how_long_and_what_to_do(tmp_path) -> None:
    code, text, folder = live(tmp_path, "--wait", "1")
    assert code == 1
    assert "No stream was found within 1 s" in text
    assert "attune doctor" in text
    assert folder is None


def test_faulty_live_streams_are_recorded_told_and_never_computed(outlets, tmp_path, attune) -> None:
    specs = [
        spec("ECG of A", "mv"),
        spec("EDA of A", "kohm"),
        spec("ECG of B", "ecg"),
        spec("EDA of B", "eda"),
        spec("ECG of C", "flat"),
        spec("ECG of D", "inf"),
        spec("ECG of E", "ecg", declared=250.0),
        spec("EEG of F", "ecg", type="EEG", channels=64),
        spec("ECG of G", "disordered"),
        spec("ECG one of H", "ecg"),
        spec("ECG two of H", "ecg"),
    ]
    outlets(*specs)
    people = "ABCDEFGH"
    roles = [word for code in people for word in ("--assign", f"{code}=of {code}")]
    code, text, folder = live(tmp_path, *roles)
    assert code == 0, text
    assert folder is not None
    with (folder / "recording.xdf").open("rb") as file:
        events = list(read_events(file))
    names = {event.info.stream_id: event.info.name for event in events if isinstance(event, StreamOpened)}
    assert set(names.values()) == {one["name"] for one in specs}
    n_samples = dict.fromkeys(names.values(), 0)
    for event in events:
        if isinstance(event, Chunk) and event.stream_id in names:
            n_samples[names[event.stream_id]] += len(event.stamps)
            if names[event.stream_id] == "EEG of F":
                assert np.shape(event.values)[1] == 64
    for one in specs:
        assert n_samples[one["name"]] > 0.6 * SECONDS * one["rate"], n_samples
    run = attune("analyze", folder, "--out", tmp_path / "again", folder=folder)
    for who in "ACDEFH":
        assert run.values(who) == [], who
    assert run.values("B", "scl_us")
    told = "\n".join(f"{w['subject']}: {w['text']}" for w in run.summary["warnings"])
    told += "\n".join(text for stream in run.summary["streams"] for text in stream["warnings"])
    assert "looks like millivolts" in told
    assert "looks like kilo-ohm" in told
    assert "a flat line" in told
    assert "declared 250 Hz, measured 130" in told
    assert "Two streams claim ecg of H" in told
    assert run.stream("ECG of D")["n_rejected"] > 500
    assert run.stream("ECG of G")["n_rejected"] > 30
    assert "EEG of F" in [stream["title"].split(" @")[0] for stream in run.summary["streams"]]
    # What the session wrote live is what the recording gives again.
    for name in ("markers", "beats", "scr"):
        table = f"{name}.parquet"
        assert (folder / table).read_bytes() == (tmp_path / "again" / table).read_bytes()
