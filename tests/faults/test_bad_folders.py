"""A folder that cannot be written, a full disk: a message with the folder, and the recording untouched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.core.events import Tick
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice
from monitor.errors import RecordingError
from monitor.outcome import Outcome
from monitor.runner import run as drive
from monitor.settings import Settings
from monitor.tables.writer import TableWriter

ROOT = Path(__file__).parents[2]
UNWRITABLE = Path("/proc/attune")

# A process of its own, for the limit and the user would hold for the whole test run.
CHILD = """
import json, os, resource, sys
sys.path.insert(0, sys.argv[1])
from monitor.app import main
from monitor.warm import warm_up
warm_up()
for words, limit, drop in json.loads(sys.argv[2]):
    if drop and os.geteuid() == 0:
        # What is imported on the way must be there before the user who could not read it comes.
        main([*words[:-1], words[-1] + "-first"])
        os.setegid(65534)
        os.seteuid(65534)
    if limit >= 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    sys.stdout.write(f"{main(words)} ")
"""


def child(*jobs: "tuple[list[object], int, bool]") -> "tuple[str, str]":
    """Run commands with a limit on the length of files, or as a user without rights; codes and messages."""
    told = json.dumps([([str(word) for word in words], limit, drop) for words, limit, drop in jobs])
    command = [sys.executable, "-c", CHILD, str(ROOT), told]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert "Traceback" not in done.stderr + done.stdout
    assert "does not expect" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize("command", ["analyze", "replay"])
def test_a_folder_for_tables_that_cannot_be_made_is_named(attune, record, people, command) -> None:
    path = record(people.values())
    more = () if command == "analyze" else ("--headless", "--speed", "0")
    run = attune(command, path, "--out", UNWRITABLE, *more)
    assert run.code == 1
    assert f"cannot be written to '{UNWRITABLE}'" in run.text
    assert "choose another folder with --out" in run.text


def test_a_file_in_place_of_the_folder_stays_as_it_is(attune, record, people) -> None:
    path = record(people.values())
    before = path.read_bytes()
    run = attune("analyze", path, "--out", path)
    assert run.code == 1
    assert f"cannot be written to '{path}'" in run.text
    assert path.read_bytes() == before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="modes of folders")
def test_a_read_only_folder_is_named(record, people, tmp_path) -> None:
    path = record(people.values())
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    # Up to the folder of all runs; with several workers each has one more of its own.
    above = [folder for folder in tmp_path.parents if "pytest-of-" in str(folder)]
    for folder in (tmp_path, *above):
        folder.chmod(folder.stat().st_mode | 0o055)
    codes, told = child((["analyze", path, "--out", out], -1, True))
    assert codes.split() == ["1"]
    assert f"cannot be written to '{out}': Permission denied" in told
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("found", [False, True])
def test_a_place_that_may_not_be_entered_is_named(attune, tmp_path, monkeypatch, found) -> None:
    def refused(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir" if found else "exists", refused)
    run = attune("analyze", tmp_path / "session.xdf", "--out", tmp_path / "out")
    assert run.code == 1
    assert "cannot be reached: Permission denied" in run.text


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_leaves_the_recording_and_no_half_table(record, people, tmp_path) -> None:
    path = record(people.values())
    before = path.read_bytes()
    cases = [(limit, kind) for kind in ("parquet", "csv") for limit in (0, 600, 6000)]
    outs = [tmp_path / f"{kind}{limit}" for limit, kind in cases]
    jobs = [
        (["analyze", path, "--format", kind, "--out", out], limit, False)
        for (limit, kind), out in zip(cases, outs, strict=True)
    ]
    codes, told = child(*jobs)
    assert codes.split() == ["1"] * len(cases)
    assert path.read_bytes() == before
    for out in outs:
        assert f"The tables cannot be written to '{out}'" in told
        assert list(out.iterdir()) == []
    assert told.count("make room there or choose another folder") == len(cases)


def ticks(n: int) -> list[Tick]:
    return [Tick(float(k), float("nan")) for k in range(n)]


def test_what_takes_results_may_fail_and_the_recording_goes_on() -> None:
    recorded, told = [], []

    class Loud(Pipeline):
        def push(self, event):
            return [Notice(0.0, "x", "note", "text")]

    def full(results):
        raise OSError(28, "No space left on device")

    def blind(event):
        raise ValueError("cannot look")

    drive(
        ticks(5), Loud(), record=recorded.append, sinks=[full, told.extend], observers=[blind], survive=True
    )
    assert len(recorded) == 5
    labels = [notice.label for notice in told]
    assert labels.count("note") == 5
    assert labels.count("results_lost") == 2
    assert "No space left on device" in next(n.text for n in told if n.label == "results_lost")
    with pytest.raises(OSError, match="No space left"):
        drive(ticks(5), Loud(), sinks=[full])


def test_tables_that_lost_rows_are_never_finished(tmp_path, monkeypatch) -> None:
    outcome = Outcome(tmp_path / "out", "parquet", {})
    monkeypatch.setattr(TableWriter, "push", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(RecordingError, match="No space left"):
        outcome.push([])
    monkeypatch.undo()
    with pytest.raises(RecordingError, match="No space left"):
        outcome.push([])
    with pytest.raises(RecordingError, match="analyse it again"):
        outcome.close(Pipeline(), source="x", settings=Settings())
    assert list((tmp_path / "out").iterdir()) == []
