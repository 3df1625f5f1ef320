"""Missing, empty, truncated, flipped and foreign files: a message with the file, or what is left of it."""

import gzip
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.session.manifest import hash_blocks, write_manifest

NO_RECORDING = {
    "empty": (b"", "is empty"),
    "half a magic": (b"XD", "no XDF recording"),
    "nothing but the magic": (b"XDF:", "holds no stream"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "no XDF recording"),
    "a table": (b"time,value\n0,1\n", "no XDF recording"),
    "zeros": (bytes(4096), "no XDF recording"),
    "packed": (gzip.compress(b"XDF:" + bytes(100)), "gunzip"),
}
NEXT_STEP = r"Choose|Check|check|Unpack|Give"


def commands(path, out):
    return [("analyze", path, "--out", out), ("replay", path, "--headless", "--speed", "0")]


@pytest.mark.parametrize("which", [0, 1])
def test_a_missing_file_is_named_with_the_next_step(attune, tmp_path, which) -> None:
    run = attune(*commands(tmp_path / "lost.xdf", tmp_path / "out")[which])
    assert run.code == 1
    assert "lost.xdf" in run.text
    assert re.search(NEXT_STEP, run.text)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("kind", NO_RECORDING)
def test_what_is_no_recording_is_refused_by_name(attune, tmp_path, kind, which) -> None:
    raw, words = NO_RECORDING[kind]
    path = tmp_path / "thing.xdf"
    path.write_bytes(raw)
    run = attune(*commands(path, tmp_path / "out")[which])
    assert run.code == 1
    assert "thing.xdf" in run.text
    assert words in run.text
    assert re.search(NEXT_STEP, run.text)
    assert not list(tmp_path.glob("out/*"))


def test_a_folder_without_a_recording_is_named(attune, tmp_path) -> None:
    run = attune("analyze", tmp_path, "--out", tmp_path / "out")
    assert run.code == 1
    assert f"'{tmp_path}' holds no recording.xdf" in run.text


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("which", [0, 1])
def test_streams_without_a_sample_are_named_and_nothing_is_written(
    attune, record, people, tmp_path, own, which
) -> None:
    empty = [stream.but(t=stream.t[:0], x=stream.x[:0]) for stream in people.values()]
    path = record(empty, own=own)
    run = attune(*commands(path, tmp_path / "out")[which])
    assert run.code == 1
    assert "'ECG of A'" in run.text
    assert "not one sample" in run.text
    assert "attune doctor" in run.text
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("share", [0.3, 0.61, 0.999])
def test_of_a_truncated_file_everything_before_the_cut_is_analysed(
    analyze, record, people, own, share
) -> None:
    path = record(people.values(), own=own)
    whole = analyze(path, own=own).markers("B")
    raw = path.read_bytes()
    path.write_bytes(raw[: int(share * len(raw))])
    run = analyze(path, own=own)
    assert run.code == 0
    assert "session.xdf" in run.text
    assert "bytes lost" in run.text
    assert [w["label"] for w in run.summary["warnings"]].count("damage") == 1
    rows = run.markers("B")
    assert rows
    # Windows that closed before the cut are as they were.
    for row, before in zip(rows, whole, strict=False):
        end_s = row["t_centre_s"] + row["window_s"] / 2
        if end_s < share * 90.0 - 25.0:
            assert row == before


@pytest.mark.parametrize("cut", [5, 60, 300, 700])
def test_a_file_cut_within_its_headers_gives_a_message(attune, record, people, tmp_path, cut) -> None:
    path = record(people.values())
    path.write_bytes(path.read_bytes()[:cut])
    run = attune("analyze", path, "--out", tmp_path / "out")
    assert run.code == 1
    assert "session.xdf" in run.text


def test_flipped_bits_never_end_in_anything_but_rows_or_a_message(analyze, record, people) -> None:
    raw = record(
        [stream.but(t=stream.t[:4000], x=stream.x[:4000]) for stream in people.values()]
    ).read_bytes()
    path = record([], "flipped.xdf")
    rng = random.Random(3)
    for n in range(24):
        torn = bytearray(raw)
        # Half of them where headers are.
        reach = 3000 if n % 2 else len(torn)
        for _ in range(rng.choice((1, 3, 30))):
            torn[rng.randrange(4, reach)] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(torn))
        run = analyze(path)
        assert run.code in {0, 1}
        assert run.code == 0 or "flipped.xdf" in run.text or "stream" in run.text.lower()


def test_a_flipped_bit_in_a_session_folder_is_found_and_told(attune, record, people, tmp_path) -> None:
    path = record(people.values(), "recording.xdf", own=True)
    entry = hash_blocks(path).entry()
    write_manifest(tmp_path, state="closed", recording=entry, versions={}, with_files=False)
    sound = attune("analyze", tmp_path, "--out", tmp_path / "a", folder=tmp_path / "a")
    assert sound.code == 0
    assert "differs" not in sound.text
    torn = bytearray(path.read_bytes())
    torn[len(torn) // 2] ^= 4
    path.write_bytes(bytes(torn))
    run = attune("analyze", tmp_path, "--out", tmp_path / "b", folder=tmp_path / "b")
    assert "recording.xdf differs from what was written" in run.text
    assert "restore the file from a copy" in run.text
    assert "not_as_written" in [warning["label"] for warning in run.summary["warnings"]]
    again = attune("replay", tmp_path, "--headless", "--speed", "0")
    assert "recording.xdf differs from what was written" in again.text


def test_one_bad_file_does_not_cost_the_others(attune, record, people, tmp_path) -> None:
    good = record(people.values(), "good.xdf")
    bad = tmp_path / "bad.xdf"
    bad.write_bytes(b"")
    run = attune("analyze", bad, good, "--out", tmp_path / "out", folder=tmp_path / "out" / "good")
    assert run.code == 1
    assert "bad.xdf is empty" in run.text
    assert run.table("markers")


def test_a_bad_file_gives_a_message_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "thing.xdf"
    path.write_bytes(b"RIFF" + bytes(60))
    command = [sys.executable, "-c", "import sys; from monitor.app import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, "analyze", str(path), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "thing.xdf" in done.stderr
    assert "Traceback" not in done.stderr
