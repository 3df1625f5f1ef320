"""One writer for one file: a lock that dies with its process.

The operating system's advisory lock decides where there is one; process number, its start and the boot it
belongs to are written inside, for a person who wonders and for file systems without locks.
"""

import json
import os
import sys
from pathlib import Path

from monitor.errors import RecordingError

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 4096, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # A file system without locks: what is written inside decides alone.
            return True
        return True


class FileLock:
    """The right to write one file.

    Parameters
    ----------
    path : Path
        The lock file; it exists while the lock is held.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def acquire(self) -> None:
        """Take the lock; one left by a process that is gone is taken over.

        Raises
        ------
        RecordingError
            Another process holds it.
        """
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _try_lock(descriptor) or _owner_lives(_read(descriptor)):
                os.close(descriptor)
                raise RecordingError(
                    f"Another attune is writing in {self._path.parent}. "
                    "Close it first, or choose another session folder."
                )
            if _is_same_file(descriptor, self._path):
                break
            # Its last owner removed the file between our opening and our locking of it.
            os.close(descriptor)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, json.dumps(_identity(os.getpid())).encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back and remove its file; harmless when it is not held."""
        if self._descriptor < 0:
            return
        if sys.platform == "win32":
            os.close(self._descriptor)
            self._path.unlink(missing_ok=True)
        else:
            # Removed while still locked: who waits for it sees that the name is gone.
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
        self._descriptor = -1


def is_held(path: Path) -> bool:
    """Tell whether a living process holds a lock.

    Parameters
    ----------
    path : Path
        The lock file.

    Returns
    -------
    bool
        False for no lock file or one left behind.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        return not _try_lock(descriptor) or _owner_lives(_read(descriptor))
    finally:
        os.close(descriptor)


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _read(descriptor: int) -> dict[str, object]:
    """Return what a lock says of its owner; empty for a torn or foreign file."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        value = json.loads(os.read(descriptor, 4096) or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _owner_lives(owner: dict[str, object]) -> bool:
    pid = owner.get("pid")
    if not isinstance(pid, int) or pid <= 0 or os.name == "nt":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return owner == _identity(pid)


def _identity(pid: int) -> dict[str, object]:
    """Return process number, start and boot; the last two empty where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
        start = fields[19]
    except (OSError, IndexError):
        return {"pid": pid, "boot": "", "start": ""}
    return {"pid": pid, "boot": boot, "start": start}
