"""Bringing a growing file to the disk without waiting for the disk."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from monitor.session.beside import Beside
from monitor.session.files import sync_data
from monitor.session.manifest import write_manifest
from monitor.session.spool import PendingSync, SpooledFile
from monitor.versions import versions


class DiskSync:
    """Syncs a file beside the thread that writes it; a slow disk then costs nothing when the program dies.

    Every method is called from the thread that writes.

    Parameters
    ----------
    folder : Path
        Session folder, for the manifest.
    file : SpooledFile
        The file.
    beside : Beside
        Where the disk is waited for.
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, folder: Path, file: SpooledFile, beside: Beside, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._file = file
        self._beside = beside
        self._clock = clock
        self._pending: PendingSync | None = None
        self._error: OSError | None = None
        self._manifest_error: OSError | None = None
        self.since_s: float | None = None

    @property
    def running(self) -> bool:
        """Whether the disk is being waited for."""
        return self._pending is not None

    def start(self, *, manifest: Mapping[str, Any] | None) -> None:
        """Begin a sync, unless one runs or there is nothing to bring to the disk.

        Parameters
        ----------
        manifest : Mapping of str to Any or None
            What to write into the manifest once the file is on the disk (`write_manifest`).
        """
        pending = None if self.running else self._file.begin_sync()
        if pending is None:
            return
        self._pending, self.since_s = pending, self._clock()
        self._error = self._manifest_error = None
        # Hashes of now: by the time the manifest is written, the file has grown.
        facts = None if manifest is None else dict(manifest, recording=self._file.hashes.entry())
        self._beside.run(lambda: self._wait(pending, facts))

    def _wait(self, pending: PendingSync, facts: Mapping[str, Any] | None) -> None:
        try:
            sync_data(pending.descriptor)
        except OSError as error:
            self._error = error
            return
        if facts is None:
            return
        try:
            write_manifest(self._folder, versions=versions(), **facts)
        except OSError as error:
            self._manifest_error = error

    def collect(self) -> OSError | None:
        """Note how a sync ended that has ended; the file knows then whether it is on the disk.

        Returns
        -------
        OSError or None
            Why the manifest could not be written, if it could not.
        """
        if self._pending is None or self._beside.busy:
            return None
        pending, self._pending, self.since_s = self._pending, None, None
        self._file.end_sync(pending, self._error)
        return self._manifest_error
