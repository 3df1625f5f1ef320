"""One recording as a sequence of duties: take, write, sync, hash, recover, finish. No thread of its own."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, cast

from monitor.core.events import Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.errors import RecordingError
from monitor.session import disk
from monitor.session.beside import Beside, Inline
from monitor.session.coalesce import ChunkCoalescer
from monitor.session.disk_sync import DiskSync
from monitor.session.files import sync_folder
from monitor.session.folder import SessionFolder
from monitor.session.growth import GrowthWatch
from monitor.session.manifest import write_manifest
from monitor.session.spool import SpooledFile
from monitor.versions import versions
from monitor.xdf.writer import XdfWriter

WRITE_EVERY_S: Final = 0.25
"""Nothing waits longer in memory alone, even when ticks are rare."""

_EVERY_S: Final = {"boundary": 1.0, "sync": 1.0, "retry": 2.0, "disk": 5.0, "manifest": 10.0}
_FINISH_RETRY_S: Final = 0.2
_MOST_INCIDENTS: Final = 200


class Recording:
    """The recording of one session; every method is called from one thread.

    Parameters
    ----------
    folder : SessionFolder
        A new session.
    header : mapping of str to str
        More elements for the file header.
    clock : callable, default time.monotonic
        Seconds that never go back.
    min_free_bytes : int, default 64 MiB
        With less room on the disk a recording is not begun.
    beside : Beside, optional
        Waits for the disk while the file goes on growing; by default nothing goes on meanwhile.

    Raises
    ------
    RecordingError
        The folder cannot be written, has no room, holds a recording already, or another process writes it.
    """

    def __init__(
        self,
        folder: SessionFolder,
        *,
        header: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        min_free_bytes: int = disk.MIN_FREE_BYTES,
        beside: Beside | None = None,
    ) -> None:
        _refuse_early(folder, min_free_bytes)
        self._folder = folder
        self._clock = clock
        self._coalescer = ChunkCoalescer()
        self._pending_since = 0.0
        self._uncommitted: Counter[int] = Counter()
        self._refused: Counter[str] = Counter()
        self._incidents: list[str] = []
        self._last_error = ""
        self.growth = GrowthWatch()
        self.file = SpooledFile(folder.part)
        self._sync = DiskSync(folder.path, self.file, beside or Inline(), clock)
        try:
            folder.lock.acquire()
            # The writer needs nothing of a file but `write`.
            self._writer = XdfWriter(cast("BinaryIO", self.file), header=header)
            self.file.create()
        except OSError as error:
            folder.lock.release()
            raise RecordingError(
                f"{folder.part} cannot be made ({error.strerror}). Choose another session folder."
            ) from error
        self.started_s = clock()
        self.failing_since_s: float | None = None
        self.disk = disk.judge(disk.free_bytes(folder.path), 0.0)
        self._due = {duty: self.started_s + every_s for duty, every_s in _EVERY_S.items()}
        self._bounded_at = self._writer.bytes_written
        self._write_first_manifest()

    @property
    def incidents(self) -> tuple[str, ...]:
        """What went wrong so far, in words for the user."""
        refused = [f"{n} times not recorded: {text}" for text, n in tuple(self._refused.items())]
        return (*self._incidents, *refused)

    @property
    def error(self) -> str:
        """What is wrong now, for the user; empty when all is well."""
        failing_since_s = self.failing_since_s
        if failing_since_s is not None:
            failing_s = self._clock() - failing_since_s
            if self.file.n_lost_bytes:
                held = f"Memory for it is full: {self.file.n_lost_bytes} bytes are lost so far."
            else:
                held = f"The last {failing_s:.0f} s are kept in memory and written when it answers."
            return (
                f"The disk refuses to write the recording ({self._last_error}). {held} "
                "Free some space or connect the disk again."
            )
        if self._refused:
            return f"Some data could not be recorded: {next(iter(self._refused))}"
        return ""

    def take(self, event: Event) -> None:
        """Take the next event; what cannot be written as XDF is counted and left out.

        Parameters
        ----------
        event : Event
            In the order of arrival.
        """
        if isinstance(event, Chunk):
            if not self._coalescer:
                self._pending_since = self._clock()
            self._coalescer.add(event)
            return
        if isinstance(event, ClockOffset):
            self._write_chunks(self._coalescer.take(event.stream_id))
        else:
            self._write_chunks(self._coalescer.take_all())
        self._write(event)
        if isinstance(event, StreamOpened):
            self.growth.opened(event.info, self._clock())
        elif isinstance(event, StreamLost):
            self.growth.ended(event.stream_id)
        elif isinstance(event, Tick):
            self._commit()

    def tend(self) -> None:
        """Do whatever is due by the clock."""
        now = self._clock()
        if self._coalescer and now - self._pending_since >= WRITE_EVERY_S:
            self._write_chunks(self._coalescer.take_all())
            self._commit()
        self._collect()
        if self.file.error:
            if not self._sync.running and self._is_due("retry", now):
                self._recover()
        else:
            if self._is_due("boundary", now) and self._writer.bytes_written > self._bounded_at:
                self._writer.boundary()
                self._bounded_at = self._writer.bytes_written
                self._commit()
            if self._is_due("sync", now):
                self._commit()
                if not self._sync.running:
                    facts = {"state": "recording", "incidents": self.incidents}
                    self._sync.start(manifest=facts if self._is_due("manifest", now) else None)
                    self._collect()
        if self._is_due("disk", now):
            rate = self.file.n_bytes / max(now - self.started_s, 1.0)
            self.disk = disk.judge(disk.free_bytes(self._folder.path), rate)

    def finish(self, deadline_s: float, *, wait: Callable[[float], None] = time.sleep) -> str:
        """Write what waits and the footers, bring all to the disk, write the manifest and name the file.

        Parameters
        ----------
        deadline_s : float
            Clock up to which a failing disk is tried again.
        wait : callable, default time.sleep
            Waits some seconds between two tries.

        Returns
        -------
        str
            Why the recording could not be finished, for the user; empty when it was.
        """
        self._write_chunks(self._coalescer.take_all())
        self._writer.footers()
        self._commit()
        self._collect()
        while self._sync.running and self._clock() < deadline_s:
            wait(_FINISH_RETRY_S / 10)
            self._collect()
        if self._sync.running:
            # The file is left open: closing it would wait for the disk as well.
            self._folder.lock.release()
            return no_answer_text(self._folder)
        while not self.file.sync():
            self._note_failure()
            if self._clock() >= deadline_s:
                break
            wait(_FINISH_RETRY_S)
            self._recover()
        try:
            self.file.close()
            if self.file.error:
                return f"{self.error} {self._folder.part} is repaired at the next start."
            return self._close()
        except OSError as error:
            why = error.strerror or str(error)
            return f"{self._folder.part} could not be finished ({why}). It is repaired at the next start."
        finally:
            self._folder.lock.release()

    def refuse(self, text: str) -> None:
        """Count something that could not be recorded.

        Parameters
        ----------
        text : str
            What and why, for the user.
        """
        self._refused[text if len(self._refused) < _MOST_INCIDENTS else "and more"] += 1

    def _close(self) -> str:
        """Write the last manifest, then name the file: a crash between leaves a `.part` to be named."""
        if self._folder.recording.exists():
            return f"{self._folder.recording} exists already. Rename {self._folder.part} by hand."
        write_manifest(
            self._folder.path,
            state="closed",
            recording=self.file.hashes.entry(),
            versions=versions(),
            incidents=self.incidents,
            with_files=True,
        )
        self._folder.part.rename(self._folder.recording)
        sync_folder(self._folder.path)
        return ""

    @property
    def syncing_since_s(self) -> float | None:
        """Since when the disk has been waited for; None when it is not."""
        return self._sync.since_s

    def _collect(self) -> None:
        """Note how a sync ended that was waited for beside."""
        manifest_error = self._sync.collect()
        self._note_failure()
        if manifest_error is not None:
            self._add_incident(f"the manifest could not be written ({manifest_error.strerror})")

    def _is_due(self, duty: str, now_s: float) -> bool:
        if now_s < self._due[duty]:
            return False
        self._due[duty] = now_s + _EVERY_S[duty]
        return True

    def _write_chunks(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            if self._write(chunk):
                self._uncommitted[chunk.stream_id] += len(chunk.stamps)

    def _write(self, event: Event) -> bool:
        try:
            self._writer.write(event)
        except (ValueError, TypeError, AttributeError, KeyError, ArithmeticError) as error:
            self.refuse(f"{type(event).__name__}: {error}")
            return False
        return True

    def _commit(self) -> None:
        if self.file.commit():
            self._count_growth()
        self._note_failure()

    def _recover(self) -> None:
        failing_since_s = self.failing_since_s
        if not self.file.recover():
            self._last_error = self.file.error
            return
        self._count_growth()
        if failing_since_s is not None:
            self._add_incident(
                f"the disk took everything again after {self._clock() - failing_since_s:.0f} s"
            )
        self.failing_since_s = None

    def _count_growth(self) -> None:
        if self._uncommitted:
            self.growth.grew(self._uncommitted, self._clock())
            self._uncommitted.clear()

    def _note_failure(self) -> None:
        if self.file.error and self.failing_since_s is None:
            self._last_error = self.file.error
            self.failing_since_s = self._clock()
            self._due["retry"] = self.failing_since_s + _EVERY_S["retry"]
            self._add_incident(f"the disk refused to write ({self.file.error})")

    def _add_incident(self, text: str) -> None:
        if len(self._incidents) < _MOST_INCIDENTS:
            self._incidents.append(f"{self._clock() - self.started_s:.0f} s after the start {text}.")

    def _write_first_manifest(self) -> None:
        """Write the manifest beside the new recording; a failure costs no sample and is noted."""
        if not self.file.sync():
            self._note_failure()
            return
        try:
            write_manifest(
                self._folder.path,
                state="recording",
                recording=self.file.hashes.entry(),
                versions=versions(),
                incidents=self.incidents,
            )
        except OSError as error:
            self._add_incident(f"the manifest could not be written ({error.strerror})")


def no_answer_text(folder: SessionFolder) -> str:
    """Say that the end of a recording was not waited for.

    Parameters
    ----------
    folder : SessionFolder
        The session.

    Returns
    -------
    str
        For the user.
    """
    return f"The disk does not answer. {folder.part} is repaired at the next start."


def _refuse_early(folder: SessionFolder, min_free_bytes: int) -> None:
    """Refuse a folder in which no recording can be made, before anybody relies on it."""
    for path in (folder.recording, folder.part):
        if path.exists():
            raise RecordingError(f"{path} exists already. Begin a new session; nothing is overwritten.")
    if not disk.is_writable(folder.path):
        raise RecordingError(
            f"{folder.path} cannot be written. Choose another folder, on a disk that can be written."
        )
    n_free = disk.free_bytes(folder.path)
    if 0 <= n_free < min_free_bytes:
        raise RecordingError(
            f"{folder.path} has {n_free / 2**20:.0f} MiB left, {min_free_bytes / 2**20:.0f} MiB are needed. "
            "Free some space or choose another folder."
        )
