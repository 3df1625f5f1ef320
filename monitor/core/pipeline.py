"""Events in, results out: the one computation shared by live, replay and analysis."""

from collections.abc import Mapping
from math import floor

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import Reference
from monitor.core.channel import Channel
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.person import InputLog, Person
from monitor.core.plausibility import Judgement
from monitor.core.results import Notice, Result
from monitor.core.stream import OpenStream

_NEAR_S = 60.0
_SILENT_S = 10.0
"""A stream that sent nothing for so long may be followed by another one in its role."""

_ANALYSED = (Modality.ECG, Modality.RR, Modality.HR, Modality.EDA)


class Pipeline:
    """The pure pipeline: no clock of its own, no files, no network.

    Only ticks close windows: the window that ends at grid second g closes at the first tick with
    ``now >= t0 + g + lateness``. Between two ticks neither the cut of the data into chunks nor the
    interleaving of streams makes a difference.

    Parameters
    ----------
    lateness_s : float, default 3.0
        How long a window waits for data after its end.
    eager : bool, default False
        Process samples at every tick instead of only where windows close. Same results, sooner.
    references : Mapping of str to Reference, optional
        Reference of each participant that has one.
    logs : Mapping of str to InputLog, optional
        Where to collect reference spans.
    """

    def __init__(
        self,
        *,
        lateness_s: float = 3.0,
        eager: bool = False,
        references: Mapping[str, Reference] | None = None,
        logs: Mapping[str, InputLog] | None = None,
    ) -> None:
        self._lateness_s = lateness_s
        self._eager = eager
        self._references = references or {}
        self._logs = logs or {}
        self._streams: dict[int, OpenStream] = {}
        self._persons: dict[str, Person] = {}
        self._holders: dict[StreamKey, OpenStream] = {}
        self._closed = 0
        self.t0_s: float | None = None
        self.t0_utc_s: float | None = None
        self.now_s = float("nan")

    def push(self, event: Event) -> list[Result]:
        """Take one event and return what it decided.

        Parameters
        ----------
        event : Event
            The next event in order of arrival.

        Returns
        -------
        list of Result
            Rows and notices, in a fixed order.
        """
        if isinstance(event, Chunk | ClockOffset):
            stream = self._streams.get(event.stream_id)
            if stream is not None:
                stream.add(event)
            return []
        if isinstance(event, Tick):
            return self._tick(event)
        if isinstance(event, StreamOpened):
            return self._open(event)
        return self._told(event)

    def finish(self) -> list[Result]:
        """Close what was still open when the source ended.

        Returns
        -------
        list of Result
            The last beats and responses; no windows, for only ticks close them.
        """
        return [result for person in self._persons.values() for result in person.finish()]

    @property
    def session_now_s(self) -> float:
        """Session time of the last tick; NaN before there is one."""
        return self.now_s - self.t0_s if self.t0_s is not None else float("nan")

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes in the order in which their streams opened."""
        return tuple(self._persons)

    @property
    def streams(self) -> tuple[OpenStream, ...]:
        """All streams in the order in which they opened."""
        return tuple(self._streams.values())

    def _open(self, event: StreamOpened) -> list[Result]:
        first: dict[StreamKey, Binding] = {}
        for binding in event.bindings:
            if binding.key.modality in _ANALYSED:
                first.setdefault(binding.key, binding)
        wanted = tuple(first.values())
        out = [result for binding in wanted for result in self._succeed(binding.key)]
        busy = {b.key: holder.info for b in wanted if (holder := self._holder(b.key)) is not None}
        stream = OpenStream(event.info, tuple(binding for binding in wanted if binding.key not in busy))
        self._streams[event.info.stream_id] = stream
        for channel in stream.channels:
            self._retire(channel.binding.key)
            self._holders[channel.binding.key] = stream
        for binding in event.bindings:
            code = binding.key.participant
            if code not in self._persons:
                self._persons[code] = Person(code, self._references.get(code), self._logs.get(code))
        at = self.session_now_s if self.t0_s is not None else 0.0
        title = event.info.title
        return [*out, *(Notice(at, title, "role_taken", _taken(key, info)) for key, info in busy.items())]

    def _holder(self, key: StreamKey) -> OpenStream | None:
        holder = self._holders.get(key)
        return None if holder is None or holder.lost else holder

    def _succeed(self, key: StreamKey) -> list[Result]:
        """Take a role from who fell silent without a word, for good."""
        holder = self._holder(key)
        if holder is None or holder.silent_s(self.now_s) <= _SILENT_S:
            return []
        holder.tick(self.now_s)
        out = self._drain(holder)
        self._retire(key)
        return out

    def _retire(self, key: StreamKey) -> None:
        """Let no more samples into a role from who had it."""
        holder = self._holders.pop(key, None)
        for channel in holder.channels if holder is not None else ():
            channel.retired = channel.retired or channel.binding.key == key

    def _told(self, event: StreamLost | Annotation) -> list[Result]:
        at = event.at_s - self.t0_s if self.t0_s is not None else 0.0
        if isinstance(event, Annotation):
            return [Notice(at, "", event.label, event.text)]
        stream = self._streams.get(event.stream_id)
        if stream is None or stream.lost:
            return []
        # What arrived before the loss belongs to the time before the loss, whatever the rhythm of ticks.
        stream.tick(event.at_s)
        out = self._drain(stream) if self.t0_s is not None else []
        stream.lost = True
        return [*out, Notice(at, stream.info.title, "stream_lost", event.reason)]

    def _tick(self, tick: Tick) -> list[Result]:
        self.now_s = tick.now_s
        for stream in self._streams.values():
            stream.tick(tick.now_s)
        if self.t0_s is None and not self._fix_origin(tick):
            return []
        due = floor(self.session_now_s - self._lateness_s)
        if due <= self._closed and not self._eager:
            return []
        out: list[Result] = []
        for stream in self._streams.values():
            out.extend(self._drain(stream))
        emit = self.session_now_s
        for second in range(self._closed + 1, due + 1):
            for person in self._persons.values():
                out.extend(person.rows(second, emit))
        self._closed = max(self._closed, due)
        return out

    def _fix_origin(self, tick: Tick) -> bool:
        """Session time starts at the earliest stamp known at the first tick with data."""
        firsts = [first for stream in self._streams.values() for first in stream.first_stamps()]
        near = [first for first in firsts if tick.now_s - first < _NEAR_S] or firsts
        if not near:
            return False
        self.t0_s = min(near)
        if np.isfinite(tick.utc_s):
            self.t0_utc_s = tick.utc_s - (tick.now_s - self.t0_s)
        return True

    def _drain(self, stream: OpenStream) -> list[Result]:
        """Bring a stream's pending samples into the analysis."""
        out: list[Result] = []
        told = stream.clock_problem
        for block in stream.take(self.t0_s or 0.0):
            if not stream.channels:
                stream.meter.push(block.t, block.t)
            for channel in stream.channels:
                if not channel.retired:
                    column = block.values[:, channel.binding.channel].astype(np.float64)
                    out.extend(self._feed(channel, block.t, column))
        if stream.clock_problem and not told:
            out.append(Notice(self._closed, stream.info.title, "clock_disagrees", stream.clock_problem))
        return out

    def _feed(self, channel: Channel, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        released_t, released_x, verdict = channel.push(t, x)
        out: list[Result] = []
        key = channel.binding.key
        if verdict is not None:
            at = channel.intake.first_s or 0.0
            if verdict.judgement is Judgement.PLAUSIBLE:
                self._persons[key.participant].open(key.modality, channel.rate_hz)
            text = f"{key.modality.upper()} of {key.participant}: {verdict.text}."
            out.append(Notice(at, channel.info.title, f"channel_{verdict.judgement}", text))
        out.extend(self._persons[key.participant].push(key.modality, released_t, released_x))
        return out


def _taken(key: StreamKey, holder: StreamInfo) -> str:
    return (
        f"{key.modality.upper()} of {key.participant} already comes from stream {holder.stream_id} "
        f"('{holder.title}'), which still sends; this stream is not analysed. "
        f"End one of the two senders, or give each a source id of its own."
    )
