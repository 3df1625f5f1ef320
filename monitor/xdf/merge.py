"""Streams of a recording without ticks, merged into the order in which a live run would have seen them."""

from collections.abc import Callable, Iterator
from heapq import merge
from itertools import pairwise
from typing import BinaryIO, Final

import numpy as np

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, StreamInfo
from monitor.xdf.index import ChunkStore
from monitor.xdf.samples import decoder_of
from monitor.xdf.timeline import ClockGroup, Floats, Track, calm

AFTERMATH_S: Final = 10.0
"""Ticks go on this long after the last sample, so that the last windows close."""

Keyed = tuple[float, int, Event]


def _filled(times: Floats, start_s: float) -> Floats:
    """Give what has no time the time of what came before it."""
    finite = np.isfinite(times)
    if finite.all():
        return times
    last = np.maximum.accumulate(np.where(finite, np.arange(times.size), -1))
    return np.where(last < 0, start_s, times[last])


def _ascending(times: Floats, start_s: float, stop_s: float) -> Floats:
    """Make times fit for ordering: within the session, never back, not held up by a wild one."""
    return np.asarray(np.maximum.accumulate(np.clip(calm(_filled(times, start_s)), start_s, stop_s)))


class Merger:
    """Merges the streams of one clock group in time.

    Parameters
    ----------
    file : BinaryIO
        A seekable file.
    base : int
        Position in `file` at which the recording begins.
    group : ClockGroup
        The clock group to emit.
    tick_s : float
        Time between ticks in seconds.
    utc_s : float
        Seconds since 1970 at the first sample; NaN where unknown.
    """

    def __init__(self, file: BinaryIO, base: int, group: ClockGroup, tick_s: float, utc_s: float) -> None:
        self._file = file
        self._base = base
        self._start_s = group.start_s
        self._stop_s = group.stop_s
        self._tick_s = tick_s
        self._utc_s = utc_s

    def events(
        self,
        tracks: list[Track],
        notes: list[Annotation | StreamLost],
        bindings_of: Callable[[StreamInfo, tuple[Binding, ...]], tuple[Binding, ...]],
    ) -> Iterator[Event]:
        """Emit the events with their ticks.

        Parameters
        ----------
        tracks : list of Track
            The streams to emit; empty streams are opened at the first sample.
        notes : list of event
            Notes to emit at their times.
        bindings_of : callable
            Gives the roles of a stream from its identity and its stored roles.

        Yields
        ------
        Event
            No tick comes before a sample that is older.
        """
        sources: list[Iterator[Keyed]] = [self._notes(notes)]
        for order, track in enumerate(tracks):
            stream = track.index.stream
            firsts = _ascending(track.firsts, self._start_s, self._stop_s) if track.firsts.size else None
            opened_s = self._start_s if firsts is None else float(firsts[0])
            opened = StreamOpened(stream.info, bindings_of(stream.info, stream.bindings))
            sources.append(iter([(opened_s, 3 * order + 1, opened)]))
            sources.append(self._offsets(track, opened_s, 3 * order + 2))
            if firsts is not None:
                sources.append(self._chunks(track, firsts, 3 * order + 3))
        n_ticks, tick = 1, self._tick(1)
        for at_s, _, event in merge(*sources):
            while at_s >= tick.now_s:
                yield tick
                n_ticks += 1
                tick = self._tick(n_ticks)
            yield event
        while self._tick(n_ticks - 1).now_s < self._stop_s + AFTERMATH_S:
            yield self._tick(n_ticks)
            n_ticks += 1

    def _tick(self, k: int) -> Tick:
        return Tick(self._start_s + k * self._tick_s, self._utc_s + k * self._tick_s)

    def _notes(self, notes: list[Annotation | StreamLost]) -> Iterator[Keyed]:
        if notes:
            times = _ascending(np.array([note.at_s for note in notes]), self._start_s, self._stop_s)
            for at_s, note in zip(times.tolist(), notes, strict=True):
                yield at_s, 0, note

    def _offsets(self, track: Track, opened_s: float, order: int) -> Iterator[Keyed]:
        """Emit clock offsets when they were measured, the first one before the first sample."""
        index = track.index
        if not track.offset_times.size:
            return
        times = _ascending(track.offset_times, opened_s, max(self._stop_s, opened_s))
        times[0] = opened_s
        number = index.stream.info.stream_id
        for at_s, collected_s, offset_s in zip(times.tolist(), index.collected, index.offsets, strict=True):
            yield at_s, order, ClockOffset(number, collected_s, offset_s)

    def _chunks(self, track: Track, firsts: Floats, order: int) -> Iterator[Keyed]:
        """Emit chunks in file order, cut wherever a tick falls between two of their samples."""
        index = track.index
        info = index.stream.info
        store, decoder = ChunkStore(self._file, self._base), decoder_of(info)
        # Whatever its stamps say, a sample is older than the next chunk: a wild one cannot hold up the rest.
        limits = np.append(firsts[1:], max(self._stop_s, float(firsts[-1])))
        lasts = np.clip(np.where(np.isfinite(track.lasts), track.lasts, firsts), firsts, limits)
        first_ticks = (firsts - self._start_s) // self._tick_s
        last_ticks = (lasts - self._start_s) // self._tick_s
        columns = zip(index.starts, index.stops, firsts.tolist(), limits.tolist(), strict=True)
        ticks = zip(first_ticks.astype(np.int64).tolist(), last_ticks.astype(np.int64).tolist(), strict=True)
        for j, ((start, stop, first_s, limit_s), (first, last)) in enumerate(
            zip(columns, ticks, strict=True)
        ):
            stamps, values = decoder.decode(*store.fetch(start, stop))
            if first == last:
                yield first_s, order, Chunk(info.stream_id, stamps, values)
                continue
            times = _sample_times(stamps, track.firsts[j], track.lasts[j], first_s, limit_s)
            bounds = self._start_s + self._tick_s * np.arange(first + 1, last + 1)
            edges = [0, *times.searchsorted(bounds).tolist(), len(stamps)]
            for a, b in pairwise(edges):
                if a < b:
                    yield float(times[a]), order, Chunk(info.stream_id, stamps[a:b], values[a:b])


def _sample_times(stamps: Floats, start_s: float, stop_s: float, first_s: float, limit_s: float) -> Floats:
    """Place the samples of a chunk on the recorder's clock, from the times of its ends, fit for ordering."""
    if not (stamps[1:] >= stamps[:-1]).all() or not np.isfinite(start_s + stop_s):
        return _wild_times(stamps, np.array((start_s, stop_s)), first_s, limit_s)
    since = stamps - stamps[0]
    drift = (stop_s - start_s) / since[-1] if since[-1] > 0.0 else 1.0
    return np.asarray(np.minimum(np.maximum(start_s + drift * since, first_s), limit_s))


@np.errstate(invalid="ignore", over="ignore")
def _wild_times(stamps: Floats, ends_s: Floats, first_s: float, limit_s: float) -> Floats:
    """Do the same for a chunk with wild stamps, by the clock offset of the first sane end."""
    shifts = ends_s - stamps[[0, -1]]
    sane = shifts[np.isfinite(shifts)]
    return _ascending(stamps + (sane[0] if sane.size else 0.0), first_s, limit_s)
