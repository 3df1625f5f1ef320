"""The manifest: block hashes, sealing, verification."""

import hashlib
from pathlib import Path

import pytest

from monitor.errors import RecordingError
from monitor.session.manifest import (
    BLOCK_BYTES,
    MANIFEST_NAME,
    BlockHashes,
    hash_blocks,
    read_manifest,
    seal,
    verify_manifest,
    write_manifest,
)

CONTENT = bytes(range(256)) * 10_000


def _session(folder: Path, state: str = "closed", name: str = "recording.xdf") -> Path:
    path = folder / name
    path.write_bytes(CONTENT)
    (folder / "session.toml").write_text("a = 1\n")
    hashes = hash_blocks(path)
    write_manifest(
        folder, state=state, recording=hashes.entry(), versions={"x": "1"}, with_files=state != "recording"
    )
    return path


def test_blocks_are_hashed_one_by_one_and_the_last_one_short() -> None:
    hashes = BlockHashes()
    hashes.update(CONTENT)
    entry = hashes.entry()
    n_blocks = -(-len(CONTENT) // BLOCK_BYTES)
    assert entry["bytes"] == len(CONTENT)
    assert entry["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    starts = range(0, n_blocks * BLOCK_BYTES, BLOCK_BYTES)
    assert entry["blocks"] == [hashlib.sha256(CONTENT[a : a + BLOCK_BYTES]).hexdigest() for a in starts]


def test_an_untouched_session_has_no_problems(tmp_path: Path) -> None:
    _session(tmp_path)
    assert verify_manifest(tmp_path) == []


def test_a_flipped_bit_of_the_recording_is_located(tmp_path: Path) -> None:
    path = _session(tmp_path)
    data = bytearray(CONTENT)
    data[BLOCK_BYTES + 5] ^= 16
    path.write_bytes(data)
    (problem,) = verify_manifest(tmp_path)
    assert problem.file == "recording.xdf"
    assert (problem.start_byte, problem.stop_byte) == (BLOCK_BYTES, 2 * BLOCK_BYTES)


def test_a_shorter_and_a_longer_recording_are_problems(tmp_path: Path) -> None:
    path = _session(tmp_path)
    path.write_bytes(CONTENT[:-1])
    assert any("bytes" in problem.text for problem in verify_manifest(tmp_path))
    path.write_bytes(CONTENT + b"x")
    assert len(verify_manifest(tmp_path)) == 1


def test_a_growing_recording_may_be_longer_than_its_manifest(tmp_path: Path) -> None:
    path = _session(tmp_path, state="recording", name="recording.xdf.part")
    path.write_bytes(CONTENT + b"more")
    assert verify_manifest(tmp_path) == []


def test_missing_changed_and_added_files_are_problems(tmp_path: Path) -> None:
    _session(tmp_path)
    (tmp_path / "session.toml").write_text("a = 2\n")
    (tmp_path / "new.txt").write_text("?")
    assert {problem.file for problem in verify_manifest(tmp_path)} == {"session.toml", "new.txt"}
    (tmp_path / "session.toml").unlink()
    assert "missing" in verify_manifest(tmp_path)[0].text


def test_sealing_adds_the_tables_and_never_blesses_a_changed_recording(tmp_path: Path) -> None:
    path = _session(tmp_path)
    (tmp_path / "markers.csv").write_text("a\n")
    path.write_bytes(CONTENT[:-1] + b"?")
    seal(tmp_path)
    assert "markers.csv" in read_manifest(tmp_path)["files"]
    assert [problem.file for problem in verify_manifest(tmp_path)] == ["recording.xdf"]


def test_a_folder_of_results_without_recording_can_be_sealed(tmp_path: Path) -> None:
    (tmp_path / "markers.csv").write_text("a\n")
    seal(tmp_path)
    assert verify_manifest(tmp_path) == []
    assert list(read_manifest(tmp_path)["files"]) == ["markers.csv"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"check": 1}', b"[" * 100_000])
def test_a_foreign_manifest_is_refused_with_a_message(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(RecordingError, match="damaged"):
        read_manifest(tmp_path)
    assert verify_manifest(tmp_path)[0].file == MANIFEST_NAME


def test_a_missing_manifest_is_a_problem(tmp_path: Path) -> None:
    assert "cannot be read" in verify_manifest(tmp_path)[0].text
