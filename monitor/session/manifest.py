"""The list of all files of a session with their SHA-256, and of each block of the recording.

XDF has no checksum; with the hashes of its blocks a flipped bit is found and located. The list detects
accidents and naive edits, not an owner who rewrites both the file and the list.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from monitor.errors import RecordingError
from monitor.session.files import write_atomic
from monitor.versions import versions as current_versions

MANIFEST_NAME = "manifest.json"
BLOCK_BYTES = 2**20
_RECORDING_NAME = "recording.xdf"
_UNLISTED_SUFFIXES = (".part", ".new", ".lock", ".probe", ".repairing")


class Problem(NamedTuple):
    """One difference between a session and its manifest.

    Parameters
    ----------
    file : str
        Name of the file, relative to the session folder.
    start_byte, stop_byte : int
        Where in the file, half-open; -1 where the file as a whole is meant.
    text : str
        For the user.
    """

    file: str
    start_byte: int
    stop_byte: int
    text: str


class BlockHashes:
    """SHA-256 of each block of a growing file, and of the whole.

    Parameters
    ----------
    block_bytes : int, default 1 MiB
        Length of a block.
    """

    def __init__(self, block_bytes: int = BLOCK_BYTES) -> None:
        self._block_bytes = block_bytes
        self._closed: list[str] = []
        self._block = hashlib.sha256()
        self._whole = hashlib.sha256()
        self.n_bytes = 0

    def update(self, data: bytes) -> None:
        """Take the next bytes of the file.

        Parameters
        ----------
        data : bytes
            They follow what came before.
        """
        self._whole.update(data)
        rest = memoryview(data)
        while rest:
            room = self._block_bytes - self.n_bytes % self._block_bytes
            piece, rest = rest[:room], rest[room:]
            self._block.update(piece)
            self.n_bytes += len(piece)
            if len(piece) == room:
                self._closed.append(self._block.hexdigest())
                self._block = hashlib.sha256()

    def entry(self) -> dict[str, Any]:
        """Return what the manifest says of the file so far.

        Returns
        -------
        dict
            Bytes, hash of the whole, block length and hash of each block; the last block may be shorter.
        """
        blocks = list(self._closed)
        if self.n_bytes % self._block_bytes:
            blocks.append(self._block.hexdigest())
        return {
            "bytes": self.n_bytes,
            "sha256": self._whole.hexdigest(),
            "block_bytes": self._block_bytes,
            "blocks": blocks,
        }


def write_manifest(
    folder: Path,
    *,
    state: str,
    recording: Mapping[str, Any] | None,
    versions: Mapping[str, str],
    incidents: Sequence[str] = (),
    with_files: bool = False,
) -> None:
    """Write the manifest of a session in one step.

    Parameters
    ----------
    folder : Path
        The session folder.
    state : str
        ``recording``, ``closed`` or ``repaired``.
    recording : mapping or None
        Entry of the recording (see `BlockHashes.entry`); None for a folder without one.
    versions : mapping of str to str
        Versions of the program and its libraries.
    incidents : sequence of str, default ()
        What went wrong while recording, in words for the user.
    with_files : bool, default False
        Also hash every other file of the folder.
    """
    files: dict[str, Any] = {}
    if recording is not None:
        files[_RECORDING_NAME] = dict(recording)
    if with_files:
        for path in _other_files(folder):
            files[path.relative_to(folder).as_posix()] = _hash_file(path)
    content = {
        "format": 1,
        "state": state,
        "versions": dict(versions),
        "incidents": list(incidents),
        "files": files,
    }
    write_atomic(folder / MANIFEST_NAME, _render(content))


def seal(folder: Path) -> None:
    """Add the files written after the recording (tables, report) to the manifest.

    The entry of the recording stays as it was made while recording: hashing it again would bless a flipped
    bit.

    Parameters
    ----------
    folder : Path
        The session folder, or a folder of results without a recording.
    """
    if not (folder / MANIFEST_NAME).exists():
        write_manifest(folder, state="closed", recording=None, versions=current_versions(), with_files=True)
        return
    content = read_manifest(folder)
    write_manifest(
        folder,
        state=content["state"],
        recording=content["files"].get(_RECORDING_NAME),
        versions=content["versions"],
        incidents=content["incidents"],
        with_files=True,
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a manifest and check that it is what was written.

    Parameters
    ----------
    folder : Path
        The session folder.

    Returns
    -------
    dict
        Keys ``format, state, versions, incidents, files``.

    Raises
    ------
    RecordingError
        It is missing or was changed.
    """
    path = folder / MANIFEST_NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be read ({error.strerror}). This folder cannot be verified."
        ) from error
    damaged = RecordingError(
        f"{path} is damaged or was edited. Restore it from a copy, or verify against a backup."
    )
    try:
        content = json.loads(data)
        content.pop("check")
        intact = _render(content) == data
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise damaged from error
    if not intact:
        raise damaged
    return dict(content)


def verify_manifest(folder: Path) -> list[Problem]:
    """Compare every file of a session with its manifest.

    Parameters
    ----------
    folder : Path
        The session folder.

    Returns
    -------
    list of Problem
        Empty when every byte is as written. Of a recording that was torn, the part hashed before is checked.
    """
    try:
        content = read_manifest(folder)
    except RecordingError as error:
        return [Problem(MANIFEST_NAME, -1, -1, str(error))]
    growing = content["state"] == "recording"
    problems: list[Problem] = []
    for name, entry in content["files"].items():
        path = folder / name
        if name == _RECORDING_NAME and not path.exists():
            path = folder / f"{name}.part"
        if not path.exists():
            problems.append(Problem(name, -1, -1, f"{name} is missing."))
        elif "blocks" in entry:
            problems += _verify_blocks(path, name, entry, growing=growing)
        elif _hash_file(path) != entry:
            problems.append(Problem(name, -1, -1, f"{name} is not what was written."))
    if not growing:
        for path in _other_files(folder):
            name = path.relative_to(folder).as_posix()
            if name not in content["files"]:
                problems.append(Problem(name, -1, -1, f"{name} was added after the manifest was closed."))
    return problems


def hash_blocks(path: Path) -> BlockHashes:
    """Hash a file block by block.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    BlockHashes
        Of its present content.
    """
    hashes = BlockHashes()
    with path.open("rb") as file:
        while data := file.read(BLOCK_BYTES):
            hashes.update(data)
    return hashes


def _verify_blocks(path: Path, name: str, entry: Mapping[str, Any], *, growing: bool) -> Iterator[Problem]:
    """Yield each block that differs; bytes beyond the last hashed one are normal while recording."""
    n_bytes, block_bytes = entry["bytes"], entry["block_bytes"]
    size = path.stat().st_size
    if size < n_bytes or (size > n_bytes and not growing):
        yield Problem(
            name, min(size, n_bytes), max(size, n_bytes), f"{name} has {size} bytes, {n_bytes} were written."
        )
    with path.open("rb") as file:
        for index, expected in enumerate(entry["blocks"]):
            start = index * block_bytes
            data = file.read(min(block_bytes, n_bytes - start))
            if hashlib.sha256(data).hexdigest() != expected:
                text = f"{name} differs from what was written, between byte {start} and {start + len(data)}."
                yield Problem(name, start, start + len(data), text)


def _other_files(folder: Path) -> list[Path]:
    """Return the files to be listed besides the recording, in a fixed order."""
    names = {MANIFEST_NAME, _RECORDING_NAME}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in names and path.suffix not in _UNLISTED_SUFFIXES
    )


def _hash_file(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _render(content: Mapping[str, Any]) -> bytes:
    """Return the one way to write this content, with a hash of it: any other byte sequence was changed."""
    body = json.dumps(content, indent=1, sort_keys=True, allow_nan=False)
    check = hashlib.sha256(body.encode()).hexdigest()
    return (
        json.dumps({**content, "check": check}, indent=1, sort_keys=True, allow_nan=False) + "\n"
    ).encode()
