"""Files that are replaced whole, by one writer at a time, with the one before kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from calibration.profile_facts import ProfileError

_LOCK_S = 10.0


def previous_of(path: Path) -> Path:
    """Return where the file before is kept.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Path
        Beside it, with ``.previous`` added.
    """
    return path.with_name(f"{path.name}.previous")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the right to write a profile; its lock file stays, since who waits for it has it open.

    Parameters
    ----------
    path : Path
        The profile; its folder is made when missing.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    ProfileError
        If somebody else writes for more than 10 s, or the disk refuses, now or in what is done meanwhile.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=_LOCK_S, mode=0o600):
            yield
    except Timeout as error:
        raise ProfileError(
            f"Another attune has been writing '{path}' for {_LOCK_S:.0f} s. Close it and try again."
        ) from error
    except OSError as error:
        raise ProfileError(
            f"'{path}' cannot be written ({error.strerror or error}). Free some space or check that its folder may "
            "be written. The profile before is kept."
        ) from error


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and keep the one before; the lock is held.

    Parameters
    ----------
    path : Path
        The file.
    content : bytes
        All of it.

    Raises
    ------
    OSError
        If the disk refuses; the file is then as it was.
    """
    for stale in path.parent.glob(f"{path.name}.*.new"):
        stale.unlink(missing_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}.new")
    kept = path.with_name(f"{path.name}.previous.{os.getpid()}.new")
    try:
        _write_durably(made, content)
        if path.exists():
            _write_durably(kept, path.read_bytes())
            kept.replace(previous_of(path))
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        kept.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a renaming last through a power cut, where a folder can be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
