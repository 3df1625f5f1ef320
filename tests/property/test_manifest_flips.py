"""Any flipped bit of a session is found, wherever it is."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import RecordingError
from monitor.session.manifest import (
    MANIFEST_NAME,
    BlockHashes,
    hash_blocks,
    read_manifest,
    verify_manifest,
    write_manifest,
)

FILES = {
    "recording.xdf": bytes(range(251)) * 40,
    "session.toml": b"[settings]\nhop_s = 1.0\n",
    "markers.csv": b"a,b\n1,2\n",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("session")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    entry = hash_blocks(folder / "recording.xdf").entry()
    write_manifest(
        folder, state="closed", recording=entry, versions={"numpy": "2.0"}, incidents=["ü"], with_files=True
    )
    return folder


def _flip(path: Path, position: int) -> None:
    with path.open("r+b") as file:
        file.seek(position // 8)
        (byte,) = file.read(1)
        file.seek(position // 8)
        file.write(bytes([byte ^ 1 << position % 8]))


def _found(path: Path, folder: Path, position: int) -> bool:
    place = position % (8 * path.stat().st_size)
    _flip(path, place)
    try:
        return bool(verify_manifest(folder))
    finally:
        _flip(path, place)


def _manifest_refused(path: Path, position: int) -> bool:
    _flip(path, position)
    try:
        read_manifest(path.parent)
    except RecordingError:
        return True
    finally:
        _flip(path, position)
    return False


@given(name=st.sampled_from(sorted(FILES)), position=st.integers(0, 10**6))
def test_a_flipped_bit_of_any_file_is_found(session: Path, name: str, position: int) -> None:
    assert _found(session / name, session, position)
    assert not verify_manifest(session)


def test_every_flipped_bit_of_the_manifest_itself_is_found(tmp_path: Path) -> None:
    entry = BlockHashes().entry()
    write_manifest(tmp_path, state="recording", recording=entry, versions={"numpy": "2.0"}, incidents=["ü"])
    path = tmp_path / MANIFEST_NAME
    n_bits = 8 * path.stat().st_size
    missed = [position for position in range(n_bits) if not _manifest_refused(path, position)]
    assert missed == []


@given(cuts=st.lists(st.integers(0, 5000), max_size=20), content=st.binary(max_size=5000))
def test_hashes_do_not_depend_on_how_the_bytes_came(cuts: list[int], content: bytes) -> None:
    whole = BlockHashes(block_bytes=512)
    whole.update(content)
    pieces = BlockHashes(block_bytes=512)
    edges = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    for start, stop in itertools.pairwise(edges):
        pieces.update(content[start:stop])
    assert pieces.entry() == whole.entry()
