"""One open stream inside the pipeline: its clock, its channels, and what arrived lately."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.channel import Channel
from monitor.core.clock import OffsetMap
from monitor.core.device_status import DeviceNotices
from monitor.core.events import Chunk, ClockOffset
from monitor.core.intake import Intake, gap_limit_s
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.recognition import is_device_status
from monitor.core.results import Notice
from monitor.core.speech_marks import SpeechMarks

FUTURE_S = 2.0
"""Samples further ahead of the monitor's clock than this were stamped by a clock that is not synchronised."""

LATE_S = 60.0
"""Samples older than this on arrival: no buffer of a sensor holds so much, a clock that is off does."""

_MOST_WAITING = 4096
"""Chunks of a status stream kept while nothing measured has come: it does not begin a session."""


class Block(NamedTuple):
    """Samples of one stream in session time, in order of arrival."""

    t: NDArray[np.float64]
    values: NDArray[np.generic]


class OpenStream:
    """A stream between its opening and its loss.

    Parameters
    ----------
    info : StreamInfo
        The stream.
    bindings : tuple of Binding
        Its channels that are analysed.
    voices : tuple of Binding, optional
        Its channels that tell whether somebody speaks.
    tells_speech : bool, default False
        Whether its texts are marks of speech.
    """

    __slots__ = (
        "_arrived_by",
        "_pending",
        "_sent",
        "_status",
        "channels",
        "clock",
        "clock_problem",
        "info",
        "lost",
        "marks",
        "meter",
        "n_off_clock",
        "n_samples",
        "newest_arrival_s",
        "voices",
    )  # fmt: skip

    def __init__(
        self,
        info: StreamInfo,
        bindings: tuple[Binding, ...],
        voices: tuple[Binding, ...] = (),
        *,
        tells_speech: bool = False,
    ) -> None:
        self.info = info
        self.voices = voices
        self.marks = SpeechMarks() if tells_speech else None
        self._status = DeviceNotices(info) if is_device_status(info) else None
        self.channels = tuple(Channel(info, binding) for binding in bindings)
        self.clock = OffsetMap()
        self.clock_problem = ""
        self.lost = False
        self.newest_arrival_s = float("nan")
        self.n_samples = 0
        self.n_off_clock = 0
        # A stream that is only recorded is metered all the same: its rate and gaps belong in the summary.
        self.meter = self.channels[0].intake if self.channels else Intake(Modality.MARKERS, gap_limit_s(info))
        self._pending: list[Chunk | ClockOffset] = []
        self._arrived_by: list[float] = []
        self._sent = False

    def add(self, item: Chunk | ClockOffset) -> None:
        """Take what arrived.

        Parameters
        ----------
        item : Chunk or ClockOffset
            The next of this stream.
        """
        self._sent = self._sent or isinstance(item, Chunk)
        if self._status is not None and isinstance(item, Chunk) and len(self._pending) >= _MOST_WAITING:
            self.n_samples += item.stamps.size
            return
        self._pending.append(item)

    def tick(self, now_s: float) -> None:
        """Note the clock after a round of arrivals.

        Parameters
        ----------
        now_s : float
            Monitor clock in seconds.
        """
        missing = len(self._pending) - len(self._arrived_by)
        if missing:
            self._arrived_by.extend([now_s] * missing)
        if self._sent:
            self.newest_arrival_s = now_s
            self._sent = False

    def silent_s(self, now_s: float) -> float:
        """Time since samples last came.

        Parameters
        ----------
        now_s : float
            Monitor clock in seconds at the last tick.

        Returns
        -------
        float
            Seconds, to the resolution of ticks; 0 when nothing came yet, for that tells nothing.
        """
        if self._sent:
            return 0.0
        silent = now_s - self.newest_arrival_s
        return silent if np.isfinite(silent) else 0.0

    def first_stamps(self) -> list[float]:
        """First stamp of each pending chunk, as far as it is known now.

        Returns
        -------
        list of float
            On the monitor's clock, those in the future left out. None of a status stream: when its bridge was
            started is no matter of what was measured.
        """
        if self._status is not None:
            return []
        clock, firsts = OffsetMap(), []
        for item, now_s in zip(self._pending, self._arrived_by, strict=True):
            if isinstance(item, ClockOffset):
                clock.update(item.collected_s, item.offset_s)
                continue
            mapped = clock.map(item.stamps)
            firsts.extend(mapped[np.isfinite(mapped) & (mapped <= now_s + FUTURE_S)][:1].tolist())
        return firsts

    def take(self, origin_s: float) -> list[Block]:
        """Remove and return what is pending, in session time.

        Parameters
        ----------
        origin_s : float
            Where session time begins, on the monitor's clock.

        Returns
        -------
        list of Block
            Samples joined between clock offsets. Samples stamped far off the monitor's clock are left out and
            named in `clock_problem`.
        """
        blocks: list[Block] = []
        run: list[Chunk] = []
        bounds: list[float] = []
        for item, now_s in zip(self._pending, self._arrived_by, strict=True):
            if isinstance(item, Chunk):
                run.append(item)
                bounds.append(now_s)
                continue
            if run:
                blocks.append(self._joined(run, bounds, origin_s))
                run, bounds = [], []
            self.clock.update(item.collected_s, item.offset_s)
        if run:
            blocks.append(self._joined(run, bounds, origin_s))
        self._pending, self._arrived_by = [], []
        return blocks

    def told_of_device(self, block: Block) -> list[Notice]:
        """Read what a status stream says of its device.

        Parameters
        ----------
        block : Block
            The next of this stream.

        Returns
        -------
        list of Notice
            Empty for every other stream.
        """
        if self._status is None:
            return []
        return self._status.push(block.t.tolist(), block.values[:, 0].tolist())

    def _joined(self, run: list[Chunk], bounds: list[float], origin_s: float) -> Block:
        stamps = np.concatenate([chunk.stamps for chunk in run])
        self.n_samples += stamps.size
        values: NDArray[np.generic]
        if self.channels or self.voices:
            values = np.concatenate([chunk.values for chunk in run if isinstance(chunk.values, np.ndarray)])
        elif self.marks is not None or self._status is not None:
            values = np.array([str(row[0]) for chunk in run for row in chunk.values], dtype=object).reshape(
                -1, 1
            )
        else:
            values = np.empty((stamps.size, 0))
        limits_s = (max(bounds) - LATE_S, min(bounds) + FUTURE_S)
        session_s = self.clock.to_session(stamps, limits_s, origin_s)
        if session_s is not None:
            return Block(session_s, values)
        t = self.clock.map(stamps)
        arrived = np.repeat(bounds, [chunk.stamps.size for chunk in run])
        ahead, behind = t > arrived + FUTURE_S, t < arrived - LATE_S
        for wrong, how in ((ahead, "ahead of"), (behind, "behind")):
            if wrong.any():
                self.n_off_clock += int(wrong.sum())
                self._note_clock(f"{np.abs(t - arrived)[wrong].max():.6g} s {how}")
        here = ~(ahead | behind)
        return Block(t[here] - origin_s, values[here])

    def _note_clock(self, how: str) -> None:
        if not self.clock_problem:
            self.clock_problem = (
                f"Stamps of '{self.info.title}' run {how} the session clock; such samples are recorded but "
                f"enter no number. Check the clock of the computer that sends this stream."
            )


def role_taken_text(key: StreamKey, holder: StreamInfo) -> str:
    """Say that a stream gets no role because another one has it.

    Parameters
    ----------
    key : StreamKey
        The role.
    holder : StreamInfo
        Who has it.

    Returns
    -------
    str
        For the user.
    """
    return (
        f"{key.modality.upper()} of {key.participant} already comes from stream {holder.stream_id} "
        f"('{holder.title}'), which still sends; this stream is not analysed. "
        f"End one of the two senders, or give each a source id of its own."
    )
