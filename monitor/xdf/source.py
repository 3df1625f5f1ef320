"""A recording as a source of events, in the order and with the ticks that the pipeline needs."""

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from monitor.core.events import Annotation, Event, StreamOpened
from monitor.core.model import Binding, StreamInfo
from monitor.errors import RecordingError
from monitor.xdf.index import RecordingIndex, build_index
from monitor.xdf.merge import Merger
from monitor.xdf.reader import XdfReader
from monitor.xdf.scanner import Damage, file_name
from monitor.xdf.timeline import ClockGroup, Track, group_clocks, make_track
from monitor.xdf.xmltext import XmlError, parse

Assign = Callable[[StreamInfo], tuple[Binding, ...]]
"""Gives a stream its roles."""

_MAX_TICKS: Final = 1_000_000


class FileSource:
    """Iterates over the events of a recording; may be iterated again.

    A recording made by attune comes back event by event as the live run saw it. Any other XDF file holds
    no ticks: its streams are merged by time, and ticks are made, the same each time.

    Parameters
    ----------
    path : Path or BinaryIO
        The recording; a file object must be seekable.
    assign : callable, optional
        Gives each stream its roles, in place of those stored in the recording.
    tick_s : float, default 1.0
        Time between the ticks that are made, in seconds, greater than zero.

    Attributes
    ----------
    made_ticks : bool
        Whether the ticks are made, not recorded.
    damages : list of Damage
        What could not be read; complete after an iteration.
    clock_groups : tuple of ClockGroup
        Which streams share a clock, most samples first. Only the first group is emitted. Empty for a
        recording made by attune.
    t0_utc : float or None
        Seconds since 1970 at which the recording began, where the file says so.

    Raises
    ------
    RecordingError
        If the file cannot be opened, is empty or no XDF file, or spans more than a million ticks.
    """

    def __init__(self, path: Path | BinaryIO, *, assign: Assign | None = None, tick_s: float = 1.0) -> None:
        if not tick_s > 0.0:
            raise ValueError(f"tick_s must be greater than zero, not {tick_s}")
        self._path = path
        self._assign = assign
        self._tick_s = tick_s
        self._base = 0 if isinstance(path, Path) else path.tell()
        self.damages: list[Damage] = []
        with self._open() as file:
            self._name = file_name(file)
            index = build_index(file, self.damages.append)
        self.made_ticks = not index.has_ticks
        self.t0_utc = _recorded_utc(index.header_xml)
        self.clock_groups: tuple[ClockGroup, ...] = ()
        self._streams: list[StreamInfo] | None = None
        self._notes = index.notes
        self._tracks: list[Track] = []
        if self.made_ticks:
            self._place(index)

    def with_roles(self, assign: Assign) -> "FileSource":
        """Return this recording with other roles, without looking through the file again.

        Parameters
        ----------
        assign : callable
            Gives each stream its roles.

        Returns
        -------
        FileSource
            A source of the same file.
        """
        other = copy.copy(self)
        other._assign = assign  # noqa: SLF001 - a copy of this very object
        other.damages = list(self.damages)
        return other

    def _open(self) -> AbstractContextManager[BinaryIO]:
        if isinstance(self._path, Path):
            try:
                return self._path.open("rb")
            except OSError as error:
                raise RecordingError(
                    f"{self._path} cannot be opened: {error.strerror}. Check the name and your permissions."
                ) from error
        if not self._path.seekable():
            raise RecordingError(
                f"{file_name(self._path)} cannot be rewound. Save it to disk and choose the copy."
            )
        self._path.seek(self._base)
        return nullcontext(self._path)

    def _place(self, index: RecordingIndex) -> None:
        self._streams = [found.stream.info for found in index.streams.values()]
        self._tracks = [make_track(found) for found in index.streams.values()]
        self.clock_groups = tuple(group_clocks(self._tracks))
        if self.clock_groups:
            main = self.clock_groups[0]
            if (main.stop_s - main.start_s) / self._tick_s > _MAX_TICKS:
                raise RecordingError(
                    f"{self._name} spans {main.stop_s - main.start_s:.0f} s, which is no session: "
                    "the stamps of its streams are damaged. Leave out the stream with wild stamps."
                )

    @property
    def streams(self) -> list[StreamInfo]:
        """Every stream of the recording, in the order of the headers."""
        if self._streams is None:
            with self._open() as file:
                reader = XdfReader(file)
                self._streams = [event.info for event in reader.headers()]
        return self._streams

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes of the people whose roles the recording itself holds, in the order of its streams."""
        with self._open() as file:
            opened = list(XdfReader(file).headers())
        return tuple(dict.fromkeys(b.key.participant for event in opened for b in event.bindings))

    def _bindings(self, info: StreamInfo, stored: tuple[Binding, ...]) -> tuple[Binding, ...]:
        return stored if self._assign is None else self._assign(info)

    def __iter__(self) -> Iterator[Event]:
        """Yield the events."""
        with self._open() as file:
            if self.made_ticks:
                yield from self._merged(file)
                return
            self.damages.clear()
            events = XdfReader(file, on_damage=self.damages.append).events()
            if self._assign is None:
                yield from events
                return
            for event in events:
                if isinstance(event, StreamOpened):
                    yield StreamOpened(event.info, self._assign(event.info))
                else:
                    yield event

    def _merged(self, file: BinaryIO) -> Iterator[Event]:
        if not self.clock_groups:
            for track in self._tracks:
                stream = track.index.stream
                yield StreamOpened(stream.info, self._bindings(stream.info, stream.bindings))
            return
        main = self.clock_groups[0]
        left_out = {number for group in self.clock_groups[1:] for number in group.stream_ids}
        notes = [self._disagrees(track, main) for track in self._tracks if _number(track) in left_out]
        kept = [track for track in self._tracks if _number(track) not in left_out]
        utc_s = float("nan") if self.t0_utc is None else self.t0_utc
        merger = Merger(file, self._base, main, self._tick_s, utc_s)
        yield from merger.events(kept, [*notes, *self._notes], self._bindings)

    def _disagrees(self, track: Track, main: ClockGroup) -> Annotation:
        away_s = track.start_s - main.start_s
        text = (
            f"Stream {track.index.stream.info.title!r} is stamped by another clock: it begins {away_s:+.1f} "
            "s from the other streams and never meets them. It is left out. "
            "To analyse it, record it again with its clock synchronised, or on its own."
        )
        return Annotation(main.start_s, "clock_disagrees", text)


def _number(track: Track) -> int:
    return track.index.stream.info.stream_id


def _recorded_utc(header_xml: str) -> float | None:
    """Moment of the file header in seconds since 1970, when it names its time zone."""
    try:
        moment = datetime.fromisoformat((parse(header_xml).findtext("datetime") or "").strip())
    except (XmlError, ValueError):
        return None
    return None if moment.tzinfo is None else moment.timestamp()
