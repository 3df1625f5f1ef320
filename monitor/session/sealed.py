"""Small files that are added to a session while it runs or afterwards: locked, whole or not at all, and sealed."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from monitor.errors import RecordingError
from monitor.session.files import write_atomic
from monitor.session.manifest import MANIFEST_NAME, seal, verify_manifest

LONGEST_BYTES = 1 << 24
_WAIT_S = 10.0


class DamagedFileError(RecordingError):
    """The content of a file of a session cannot be understood; the file is left as it is."""


class Changed(NamedTuple):
    """What became of a change.

    Parameters
    ----------
    written : bool
        Whether the file is another one now.
    told : tuple of str
        What the user must know, a sentence each.
    """

    written: bool
    told: tuple[str, ...]


def read_small(path: Path) -> bytes | None:
    """Read a small file of a session.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes or None
        Its content; None where there is no such file.

    Raises
    ------
    DamagedFileError
        If it is larger than anything we write.
    RecordingError
        If it cannot be read.
    """
    try:
        if path.stat().st_size > LONGEST_BYTES:
            raise DamagedFileError(f"'{path}' is too large to be what we write.")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordingError(
            f"'{path}' cannot be read ({error.strerror}). Check the permissions of the folder."
        ) from error


def change_sealed(
    session: Path, name: str, change: Callable[[bytes | None], bytes | None], *, what: str
) -> Changed:
    """Change a small file of a session, and the session's manifest with it.

    While the session is recorded its manifest is left alone: it is made at the end, of all files.

    Parameters
    ----------
    session : Path
        The session folder.
    name : str
        Name of the file in it.
    change : callable
        Takes the content, None where there is none, and returns the new one; None where nothing changes. A content
        that it refuses with `DamagedFileError` is moved aside, and the change is made to an empty file.
    what : str
        What is written, for a message (``mark``).

    Returns
    -------
    Changed
        Whether something was written, and what the user must be told.

    Raises
    ------
    RecordingError
        If the folder cannot be written, or another process keeps the file locked.
    """
    path = session / name
    if not session.is_dir():
        raise RecordingError(f"The {what} cannot be written: '{session}' is no folder.")
    try:
        with FileLock(path.with_name(f"{name}.lock"), timeout=_WAIT_S, mode=0o600):
            return _change(session, path, change)
    except Timeout as error:
        raise RecordingError(
            f"Another program has been writing '{path}' for {_WAIT_S:.0f} s. Try again when it has finished."
        ) from error
    except OSError as error:
        raise RecordingError(
            f"The {what} cannot be written to '{path}' ({error.strerror or error}). Nothing was changed; make the "
            f"folder writable or make room, and {what} again."
        ) from error


def _change(session: Path, path: Path, change: Callable[[bytes | None], bytes | None]) -> Changed:
    told: list[str] = []
    try:
        content = change(read_small(path))
    except DamagedFileError:
        aside = _move_aside(path)
        told.append(f"{path.name} was damaged: it is kept as {aside.name}, and a new one was begun.")
        content = change(None)
    if content is None:
        return Changed(False, tuple(told))
    has_manifest = (session / MANIFEST_NAME).is_file() and not (session / "recording.xdf.part").exists()
    # Sealing takes every file as it is now, so it must be known that they are as they were written.
    problems = verify_manifest(session) if has_manifest else []
    foreign = sorted({problem.file for problem in problems if not problem.file.startswith(path.name)})
    write_atomic(path, content)
    if foreign:
        told.append(
            f"The session is not as it was written ({', '.join(foreign)}), so its manifest was left alone and does "
            f"not list {path.name}. Compare the session with a copy."
        )
    elif has_manifest:
        seal(session)
    return Changed(True, tuple(told))


def _move_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside
