"""The thread that owns the recording: late it may be, but it drops nothing and decides nothing."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.core.events import Event
from monitor.session import disk
from monitor.session.beside import OwnThread
from monitor.session.folder import SessionFolder
from monitor.session.growth import StreamGrowth
from monitor.session.recording import WRITE_EVERY_S, Recording, no_answer_text

BEHIND_ALARM_S: Final = 2.0
"""When the oldest waiting event is older, the user is told that the disk is slow."""

_JOIN_GRACE_S: Final = 5.0

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderState:
    """How the recording is doing.

    Parameters
    ----------
    recording : bool
        Whether the thread runs.
    n_bytes : int
        Bytes in the file.
    duration_s : float
        Since the start.
    streams : tuple of StreamGrowth
        Growth of every stream in the file.
    stalled : tuple of str
        Titles of the regular streams that should grow and do not.
    queue_length : int
        Events that wait for the thread.
    behind_s : float
        How long the oldest of them, or the newest sync of the file, has waited for the disk.
    failing_s : float
        How long the disk has refused to write; 0.0 when all is well.
    spooled_bytes : int
        Bytes in memory that are not known to be on the disk.
    lost_bytes : int
        Bytes given up because the memory for them was full.
    disk : DiskState
        Room left.
    error : str
        What is wrong now, for the user; empty when all is well.
    """

    recording: bool
    n_bytes: int
    duration_s: float
    streams: tuple[StreamGrowth, ...]
    stalled: tuple[str, ...]
    queue_length: int
    behind_s: float
    failing_s: float
    spooled_bytes: int
    lost_bytes: int
    disk: disk.DiskState
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingReport:
    """What a recording ended with.

    Parameters
    ----------
    path : str
        The file; still ``.part`` when `error` is not empty.
    n_bytes : int
        Its length.
    duration_s : float
        From start to stop.
    n_samples : mapping of int to int
        Samples in the file per stream number.
    incidents : tuple of str
        What went wrong on the way, in words for the user.
    error : str
        Why it could not be finished; empty when it was.
    """

    path: str
    n_bytes: int
    duration_s: float
    n_samples: Mapping[int, int]
    incidents: tuple[str, ...]
    error: str


class Recorder:
    """Writes every event to the recording of a session, on its own thread.

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
    """

    def __init__(
        self,
        folder: SessionFolder,
        *,
        header: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        min_free_bytes: int = disk.MIN_FREE_BYTES,
    ) -> None:
        self._folder = folder
        self._header = dict(header)
        self._clock = clock
        self._min_free_bytes = min_free_bytes
        self._queue: queue.SimpleQueue[tuple[float, Event | None]] = queue.SimpleQueue()
        self._taken_from_s: float | None = None
        self._deadline_s = float("inf")
        self._end = ""
        self._ended = False
        self._recording: Recording | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Make the file and begin; from here on nothing raises, `state` tells.

        Raises
        ------
        RecordingError
            The folder cannot be written, has no room, holds a recording already, or another process writes
            it.
        """
        if self._thread is not None:
            raise RuntimeError("a recorder starts once")
        self._recording = Recording(
            self._folder,
            header=self._header,
            clock=self._clock,
            min_free_bytes=self._min_free_bytes,
            beside=OwnThread(),
        )
        # A daemon: a disk that never answers must not keep the program from ending.
        self._thread = threading.Thread(
            target=self._run, args=(self._recording,), name="recorder", daemon=True
        )
        self._thread.start()

    def put(self, event: Event) -> None:
        """Hand over an event; never blocks, never drops. What comes after `stop` is too late.

        Parameters
        ----------
        event : Event
            Arrays in it must not change afterwards.
        """
        self._queue.put((self._clock(), event))

    def stop(self, timeout_s: float = 10.0) -> RecordingReport:
        """Write what waits, close and name the file.

        Parameters
        ----------
        timeout_s : float, default 10.0
            How long a failing disk is tried again before the recording is left as ``.part``.

        Returns
        -------
        RecordingReport
            With `error` when something could not be written.
        """
        thread, recording = self._thread, self._recording
        if thread is None or recording is None:
            raise RuntimeError("the recorder was not started")
        if not self._ended:
            self._deadline_s = self._clock() + timeout_s
            self._queue.put((self._clock(), None))
            thread.join(timeout_s + _JOIN_GRACE_S)
        if not self._ended:
            self._end = no_answer_text(self._folder)
        return RecordingReport(
            path=str(self._folder.part if self._end else self._folder.recording),
            n_bytes=recording.file.n_bytes,
            duration_s=self._clock() - recording.started_s,
            n_samples={stream.stream_id: stream.n_samples for stream in recording.growth.streams()},
            incidents=recording.incidents,
            error=self._end,
        )

    def state(self) -> RecorderState:
        """Tell how the recording is doing; from any thread.

        Returns
        -------
        RecorderState
            As of now.
        """
        recording = self._recording
        if recording is None or self._thread is None:
            raise RuntimeError("the recorder was not started")
        now = self._clock()
        streams = recording.growth.streams()
        taken_from_s, failing_since_s = self._taken_from_s, recording.failing_since_s
        waits_since_s = [s for s in (taken_from_s, recording.syncing_since_s) if s is not None]
        behind_s = now - min(waits_since_s, default=now)
        return RecorderState(
            recording=not self._ended,
            n_bytes=recording.file.n_bytes,
            duration_s=now - recording.started_s,
            streams=streams,
            stalled=tuple(stream.title for stream in streams if stream.is_stalled(now)),
            queue_length=self._queue.qsize(),
            behind_s=behind_s,
            failing_s=0.0 if failing_since_s is None else now - failing_since_s,
            spooled_bytes=recording.file.n_waiting_bytes,
            lost_bytes=recording.file.n_lost_bytes,
            disk=recording.disk,
            error=self._end or recording.error or _slow_text(behind_s),
        )

    def stalled_streams(self) -> tuple[str, ...]:
        """Return the titles of the regular streams that should grow in the file and do not.

        Returns
        -------
        tuple of str
            Empty when every stream grows.
        """
        return self.state().stalled

    def _run(self, recording: Recording) -> None:
        try:
            while self._step(recording):
                pass
            self._end = recording.finish(self._deadline_s)
        except Exception as error:  # noqa: BLE001 - the outermost loop of the thread: a red state, not a silent death
            _LOG.exception("finishing the recording failed")
            self._end = (
                f"{self._folder.part} could not be finished ({error}). It is repaired at the next start."
            )
        self._taken_from_s = None
        self._ended = True

    def _step(self, recording: Recording) -> bool:
        """Do one thing; whatever goes wrong with one event must not cost the next."""
        try:
            put_at_s, event = self._queue.get(timeout=WRITE_EVERY_S)
        except queue.Empty:
            self._guarded(recording, recording.tend)
            return True
        self._taken_from_s = put_at_s
        if event is None:
            return False
        self._guarded(recording, lambda: recording.take(event))
        self._guarded(recording, recording.tend)
        if self._queue.empty():
            self._taken_from_s = None
        return True

    def _guarded(self, recording: Recording, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the outermost loop of the thread
            _LOG.exception("an event could not be recorded")
            recording.refuse(f"{type(error).__name__}: {error}")


def _slow_text(behind_s: float) -> str:
    if behind_s <= BEHIND_ALARM_S:
        return ""
    return f"The disk is slow: {behind_s:.0f} s of data wait for it. Nothing is lost while attune runs."
