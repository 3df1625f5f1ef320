"""Small files written whole or not at all, readable by their owner only."""

import os
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)
_PRIVATE = 0o600


def open_new(path: Path) -> int:
    """Create a file that must not exist yet.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    int
        Descriptor open for reading and writing; mode 0600.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, _PRIVATE)


def reopen(path: Path) -> int:
    """Open an existing file for reading and writing.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    int
        Descriptor.
    """
    return os.open(path, os.O_RDWR | _BINARY)


def sync_data(descriptor: int) -> None:
    """Bring the content of an open file to the disk.

    Parameters
    ----------
    descriptor : int
        The open file.
    """
    # fdatasync saves the journal write for the time stamps; Windows and macOS have only fsync.
    getattr(os, "fdatasync", os.fsync)(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can.

    Parameters
    ----------
    folder : Path
        The folder.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes at the current position, however many calls it takes.

    Parameters
    ----------
    descriptor : int
        The open file.
    data : bytes
        What to write.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a small file in one step: a reader sees the old or the new one, never half.

    Parameters
    ----------
    path : Path
        The file.
    data : bytes
        Its new content.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, _PRIVATE)
    try:
        try:
            write_all(descriptor, data)
            sync_data(descriptor)
        finally:
            os.close(descriptor)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
