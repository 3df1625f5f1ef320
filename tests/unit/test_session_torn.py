"""Repair at the next start: what is touched, what is left alone, what is said."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Chunk, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.session.folder import SessionFolder
from monitor.session.locks import FileLock
from monitor.session.manifest import read_manifest, verify_manifest
from monitor.session.recording import Recording
from monitor.session.torn import find_torn, repair_torn


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A session whose recorder stopped in the middle of a chunk."""
    folder = SessionFolder.create(tmp_path, name="s", settings={})
    recording = Recording(folder, header={})
    info = StreamInfo(
        stream_id=1, name="A", type="ECG", channel_count=1, nominal_rate_hz=100.0, channel_format="int16"
    )
    recording.take(StreamOpened(info, ()))
    for i in range(50):
        recording.take(Chunk(1, np.arange(20) / 100.0 + i / 5, np.zeros((20, 1), np.int16)))
        recording.take(Tick(i / 5, 1e9))
    recording.file.close()
    folder.lock.release()
    data = folder.part.read_bytes()
    folder.part.write_bytes(data[:-7])
    return folder.part


def test_a_torn_recording_is_found_and_repaired(tmp_path: Path, torn: Path) -> None:
    assert find_torn(tmp_path) == [torn]
    (result,) = repair_torn(tmp_path)
    assert result.repaired
    assert "10 s can be read" in result.text
    assert verify_manifest(torn.parent) == []
    assert read_manifest(torn.parent)["incidents"]
    assert repair_torn(tmp_path) == []


def test_a_recording_that_is_still_written_is_left_alone(tmp_path: Path, torn: Path) -> None:
    lock = FileLock(torn.with_suffix(".lock"))
    lock.acquire()
    assert find_torn(tmp_path) == []
    assert repair_torn(tmp_path) == []
    lock.release()


def test_a_file_that_cannot_be_repaired_stays_as_it_is(tmp_path: Path, torn: Path) -> None:
    torn.write_bytes(b"no XDF")
    (result,) = repair_torn(tmp_path)
    assert not result.repaired
    assert "could not be repaired" in result.text
    assert torn.read_bytes() == b"no XDF"


def test_a_flipped_bit_before_the_repair_is_told(tmp_path: Path, torn: Path) -> None:
    data = bytearray(torn.read_bytes())
    data[60] ^= 1
    torn.write_bytes(data)
    (result,) = repair_torn(tmp_path)
    assert "differs from what was written" in result.text or not result.repaired


def test_a_repair_that_was_cut_off_itself_is_finished(tmp_path: Path, torn: Path) -> None:
    copy = tmp_path / "copy.part"
    shutil.copy(torn, copy)
    repair_torn(tmp_path)
    shutil.move(copy, torn)
    (torn.parent / "recording.xdf.repairing").write_bytes(b"half")
    (result,) = repair_torn(tmp_path)
    assert result.repaired
    assert sorted(path.name for path in torn.parent.iterdir()) == [
        "manifest.json",
        "recording.xdf",
        "session.toml",
    ]


def test_another_recording_in_the_way_is_not_overwritten(tmp_path: Path, torn: Path) -> None:
    other = torn.with_suffix("")
    other.write_bytes(torn.read_bytes()[:600])
    before = other.read_bytes()
    (result,) = repair_torn(tmp_path)
    assert not result.repaired
    assert other.read_bytes() == before
    assert torn.exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, torn: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(torn.parent)
    assert find_torn(root) == []
