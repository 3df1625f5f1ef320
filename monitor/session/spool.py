"""A file that only grows by whole chunks and outlives a disk that fails.

What is written first waits in memory; `commit` brings it to the file, `sync` to the disk. What is not yet
known to be on the disk stays in memory too, because after a failed sync the system may have dropped it (so a
sync is never merely tried again).
"""

import os
from pathlib import Path
from typing import NamedTuple

from monitor.session.files import open_new, reopen, sync_data, sync_folder, write_all
from monitor.session.manifest import BlockHashes

SPOOL_BYTES = 256 * 2**20
"""Memory for what a failing disk does not take: hours of ordinary streams."""

_DROPPABLE_TAGS = (3, 5)


class PendingSync(NamedTuple):
    """A sync under way: what it brings to the disk.

    Parameters
    ----------
    descriptor : int
        The open file.
    end : int
        Length of the file when it began.
    n_parts : int
        Commits it covers.
    """

    descriptor: int
    end: int
    n_parts: int


class SpooledFile:
    """Append-only file with a memory for what could not be written.

    Parameters
    ----------
    path : Path
        The file; it must not exist.
    limit_bytes : int, default 256 MiB
        When this much waits in memory, further samples are lost and counted.
    """

    def __init__(self, path: Path, *, limit_bytes: int = SPOOL_BYTES) -> None:
        self._path = path
        self._limit_bytes = limit_bytes
        self._descriptor = -1
        self._waiting: list[bytes] = []
        self._unsynced: list[bytes] = []
        self._synced_end = 0
        self.hashes = BlockHashes()
        self.error = ""
        self.n_waiting_bytes = 0
        self.n_lost_bytes = 0

    @property
    def n_bytes(self) -> int:
        """Bytes in the file."""
        return self.hashes.n_bytes

    def write(self, data: bytes) -> int:
        """Take one whole XDF chunk into memory.

        Parameters
        ----------
        data : bytes
            A whole chunk; a call never takes less or more.

        Returns
        -------
        int
            Length of `data`.
        """
        if self.n_waiting_bytes > self._limit_bytes and _tag(data) in _DROPPABLE_TAGS:
            self.n_lost_bytes += len(data)
            return len(data)
        self._waiting.append(bytes(data))
        self.n_waiting_bytes += len(data)
        return len(data)

    def create(self) -> None:
        """Make the file with what was written so far as its first bytes.

        A file of this name thus never exists without its beginning, whenever the power fails.
        """
        first = self._path.with_name(f"{self._path.name}.new")
        first.unlink(missing_ok=True)
        self._descriptor = open_new(first)
        try:
            self._append()
            sync_data(self._descriptor)
            self._mark_synced(self.n_bytes, len(self._unsynced))
            if self._path.exists():
                raise FileExistsError(17, "File exists", str(self._path))
            first.rename(self._path)
            sync_folder(self._path.parent)
        except OSError:
            self.close()
            first.unlink(missing_ok=True)
            raise

    def commit(self) -> bool:
        """Bring everything that waits to the file; after a failure, only `recover` tries again.

        Returns
        -------
        bool
            Whether the file holds everything; if not, `error` says why.
        """
        if self.error or not self._waiting:
            return not self.error
        try:
            self._append()
        except OSError as error:
            self._fail(error)
        return not self.error

    def sync(self) -> bool:
        """Bring the file to the disk.

        Returns
        -------
        bool
            Whether it is there; if not, `error` says why.
        """
        pending = self.begin_sync()
        if pending is None:
            return not self.error
        try:
            sync_data(pending.descriptor)
        except OSError as error:
            return self.end_sync(pending, error)
        return self.end_sync(pending, None)

    def begin_sync(self) -> PendingSync | None:
        """Prepare a sync that somebody else waits for; until `end_sync` the file may grow, but not `recover`.

        Returns
        -------
        PendingSync or None
            None when there is nothing to bring to the disk, or the disk has failed.
        """
        if self.error or not self._unsynced:
            return None
        return PendingSync(self._descriptor, self.n_bytes, len(self._unsynced))

    def end_sync(self, pending: PendingSync, error: OSError | None) -> bool:
        """Note how a sync ended.

        Parameters
        ----------
        pending : PendingSync
            From `begin_sync`.
        error : OSError or None
            What it raised.

        Returns
        -------
        bool
            Whether the file is all right; if not, `error` says why.
        """
        if error is None:
            self._mark_synced(pending.end, pending.n_parts)
        else:
            self._fail(error)
        return not self.error

    def recover(self) -> bool:
        """After a failure: write again everything not known to be on the disk, then go on.

        Returns
        -------
        bool
            Whether file and disk hold everything.
        """
        try:
            self.close()
            self._descriptor = reopen(self._path)
            os.lseek(self._descriptor, self._synced_end, os.SEEK_SET)
            write_all(self._descriptor, b"".join(self._unsynced))
            os.ftruncate(self._descriptor, self.n_bytes)
            self._append()
            sync_data(self._descriptor)
            self._mark_synced(self.n_bytes, len(self._unsynced))
        except OSError as error:
            self._fail(error)
            return False
        self.error = ""
        return True

    def close(self) -> None:
        """Close the file; what waits is not written."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def _append(self) -> None:
        if not self._waiting:
            return
        data = b"".join(self._waiting)
        os.lseek(self._descriptor, self.n_bytes, os.SEEK_SET)
        write_all(self._descriptor, data)
        self.hashes.update(data)
        self._unsynced.append(data)
        self._waiting.clear()

    def _mark_synced(self, end: int, n_parts: int) -> None:
        self._synced_end = end
        self.n_waiting_bytes -= sum(map(len, self._unsynced[:n_parts]))
        del self._unsynced[:n_parts]

    def _fail(self, error: OSError) -> None:
        """Remember why, and cut what was written of an unfinished chunk, if the disk still does that."""
        self.error = error.strerror or str(error)
        try:
            os.ftruncate(self._descriptor, self.n_bytes)
        except OSError:
            # The tail stays torn until `recover`; a reader finds the last boundary before it.
            return


def _tag(chunk: bytes) -> int:
    n_length = chunk[0]
    return int.from_bytes(chunk[1 + n_length : 3 + n_length], "little")
