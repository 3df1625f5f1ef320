"""The board: latest results, stream health and a short history of display data, for any number of readers.

It keeps the newest and forgets the rest; nothing read from it can reach the computation. One thread writes,
several may read.
"""

import math
import secrets
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from monitor.board.gate import Latest, Shown, Source, format_clock, gate, held
from monitor.board.given import GivenState
from monitor.board.news import ItemKey, Marked, cut, new_items
from monitor.board.rings import Ring
from monitor.board.session_views import PersonView
from monitor.board.snapshot import NoteView, Snapshot
from monitor.board.sources import Sources, body_part
from monitor.board.synchrony import SynchronyBoard
from monitor.board.timeline import Timeline
from monitor.board.view import (
    empty_snapshot,
    latest_view,
    note_view,
    recording_view,
    session_state,
    stream_view,
)
from monitor.board.zones import AROUSAL, ZoneBoard, zone_view
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.results import (
    NAN,
    BeatClass,
    BeatRow,
    MarkerRow,
    Notice,
    Result,
    Revocation,
    ScrRow,
    Status,
    SynchronyReading,
    ZoneReading,
)

__all__ = ["Board", "Latest", "Shown", "Snapshot", "Source", "format_clock", "gate"]

MAX_PEOPLE = 64
MAX_HISTORIES = 4096
MAX_ITEMS = 20_000
"""Most rows, beats and samples in one answer; the rest comes with the next."""

_STATUS = tuple(Status)
_CLASSES = tuple(BeatClass)


class Board(GivenState):
    """What the views may see, in bounded memory.

    Times are session seconds once `set_origin` has been called; before that there are no times to show.
    Raw stamps are mapped with the latest clock offset of their stream, for drawing only.

    Parameters
    ----------
    trace_s : float, default 30.0
        Seconds of raw samples kept per role; twice as many of slow signals.
    history_s : float, default 3600.0
        Seconds of marker history, beats and responses kept per participant.
    """

    def __init__(self, *, trace_s: float = 30.0, history_s: float = 3600.0) -> None:
        super().__init__()
        self._id = secrets.token_hex(8)
        self._sequence = 0
        self._rows_kept = max(1, math.ceil(history_s))
        self._origin_s = NAN
        self._now_s = NAN
        self._utc_s = NAN
        self._ended = False
        self._people: dict[str, str] = {}
        self._sources = Sources(trace_s=trace_s)
        self._latest: dict[tuple[str, str], MarkerRow] = {}
        self._histories: dict[tuple[str, str], Ring] = {}
        self._beats: dict[str, Ring] = {}
        self._scrs: dict[str, Ring] = {}
        self._revoked: deque[tuple[int, Revocation]] = deque(maxlen=256)
        self._notices: deque[NoteView] = deque(maxlen=16)
        self._annotations: deque[Annotation] = deque(maxlen=16)
        self._zones = ZoneBoard(rows=self._rows_kept, people=MAX_PEOPLE)
        self._synchrony = SynchronyBoard()
        self._timeline = Timeline(people=2 * MAX_PEOPLE)
        self._overview = SynchronyBoard()
        self._recording = recording_view({})

    def set_origin(self, t0_lsl_s: float) -> None:
        """Fix the origin of session time.

        Parameters
        ----------
        t0_lsl_s : float
            Monitor clock in seconds at session time 0.
        """
        with self._lock:
            if t0_lsl_s != self._origin_s:
                self._origin_s = t0_lsl_s
                self._sequence += 1
                # Samples that came before the origin were held back: they are news now.
                for ring in self._sources.traces.values():
                    ring.touch(self._sequence)

    def note_people(self, participants: Iterable[tuple[str, str]]) -> None:
        """Set who takes part, in the order of the columns on the screen.

        Parameters
        ----------
        participants : iterable of (str, str)
            Code and kind (``client``, ``therapist``, ``other``) of each.
        """
        with self._lock:
            for code, kind in participants:
                self._add_person(code, kind)

    def note_event(self, event: Event) -> None:
        """Take one event of the source.

        A tick is best noted after the results it brought, so that no reader sees the new time with old rows.

        Parameters
        ----------
        event : Event
            Any event.
        """
        with self._lock:
            self._sequence += 1
            match event:
                case Chunk():
                    self._sources.note_chunk(self._sequence, event)
                case Tick():
                    self._now_s, self._utc_s = event.now_s, event.utc_s
                    self._sources.note_tick(event.now_s)
                case ClockOffset():
                    self._sources.note_offset(event)
                case StreamOpened():
                    self._sources.open(event)
                    for binding in event.bindings:
                        self._add_person(binding.key.participant, "")
                case StreamLost():
                    self._sources.lose(event)
                case Annotation():
                    self._annotations.append(event)

    def note_results(self, results: Iterable[Result]) -> None:
        """Take results of the pipeline.

        Parameters
        ----------
        results : iterable of Result
            Marker rows, beats, responses, readings of zones and of synchrony, revocations and notices, in the
            order they were emitted; other results are for the tables only.
        """
        with self._lock:
            self._sequence += 1
            for result in results:
                match result:
                    case MarkerRow():
                        self._note_row(result)
                    case BeatRow() if self._sources.stands_back(result.participant, result.source):
                        # The strap's own intervals of a person whose ECG is there: one series is enough to see.
                        pass
                    case BeatRow():
                        ring = self._ring(self._beats, result.participant, 3 * self._rows_kept, 4)
                        code = _CLASSES.index(result.beat_class)
                        ring.append(self._sequence, result.t_s, result.rr_ms, result.nn, code)
                    case ScrRow():
                        ring = self._ring(self._scrs, result.participant, self._rows_kept, 3)
                        ring.append(self._sequence, result.t_onset_s, result.t_peak_s, result.amplitude_us)
                    case ZoneReading():
                        self._zones.note(self._sequence, result)
                        if self._transport is None:
                            self._timeline.note(self._sequence, result)
                    case SynchronyReading():
                        self._synchrony.note(self._sequence, result)
                    case Revocation():
                        self._revoke(result)
                    case Notice():
                        self._notices.append(note_view(result.t_s, result.subject, result.label, result.text))

    def note_recording(self, state: Mapping[str, Any]) -> None:
        """Take the state of the recorder.

        Parameters
        ----------
        state : mapping
            Plain values. The views read ``state`` (``off, recording, error, closing, closed``), ``path``,
            ``bytes``, ``seconds``, ``disk_hours``, ``disk_free_bytes``, ``queue`` and ``error``.
        """
        ready = recording_view(state)
        with self._lock:
            self._recording = ready

    def note_overview(self, results: Iterable[Result], variant: int = 0) -> None:
        """Take results of the whole recording of a replay, for the time line alone.

        Parameters
        ----------
        results : iterable of Result
            Readings of zones and of synchrony and revocations, in the order they were emitted; others are
            ignored.
        variant : int, default 0
            Which of the profiles compared they were made with.
        """
        with self._lock:
            self._sequence += 1
            for result in results:
                match result:
                    case ZoneReading():
                        self._timeline.note(self._sequence, result, variant)
                    case Revocation():
                        self._timeline.revoke(result, variant)
                    case SynchronyReading() if variant == 0:
                        self._overview.note(self._sequence, result)

    def finish_overview(self) -> None:
        """Write the last cells of the time line."""
        with self._lock:
            self._sequence += 1
            self._timeline.finish(self._sequence)

    def note_end(self) -> None:
        """Mark the session as ended: from now on no number is shown."""
        with self._lock:
            self._sequence += 1
            self._ended = True

    def _add_person(self, code: str, kind: str) -> None:
        if code in self._people:
            self._people[code] = kind or self._people[code]
        elif len(self._people) < MAX_PEOPLE:
            self._people[code] = kind

    def _note_row(self, row: MarkerRow) -> None:
        key = (row.participant, row.marker)
        if key not in self._latest and len(self._latest) >= MAX_HISTORIES:
            return
        self._latest[key] = row
        ring = self._histories.get(key)
        if ring is None:
            ring = self._histories[key] = Ring(self._rows_kept, 4)
        ring.append(
            self._sequence,
            row.t_centre_s,
            row.value,
            _STATUS.index(row.status),
            row.t_centre_s + row.window_s / 2,
        )

    def _ring(self, rings: dict[str, Ring], participant: str, capacity: int, columns: int) -> Ring:
        ring = rings.get(participant)
        if ring is None:
            ring = Ring(capacity, columns)
            if len(rings) < MAX_PEOPLE:
                rings[participant] = ring
        return ring

    def _revoke(self, revocation: Revocation) -> None:
        self._revoked.append((self._sequence, revocation))
        self._zones.revoke(revocation)
        if self._transport is None:
            self._timeline.revoke(revocation)
        for marker in revocation.markers:
            key = (revocation.participant, marker)
            row = self._latest.get(key)
            if row is None:
                continue
            if revocation.start_s <= row.t_centre_s + row.window_s / 2 <= revocation.stop_s:
                self._latest[key] = row._replace(
                    value=NAN, se=NAN, status=Status.NA, reason=revocation.reason
                )
            _, value, status, grid_s = self._histories[key].view()
            hit = (grid_s >= revocation.start_s) & (grid_s <= revocation.stop_s)
            value[hit] = np.nan
            status[hit] = _STATUS.index(Status.NA)

    def snapshot(self, cursor: int = 0, *, state: bool = True) -> Snapshot:
        """Return everything new since `cursor`, and all small state.

        Parameters
        ----------
        cursor : int, default 0
            The cursor of the snapshot seen last; 0 for everything kept.
        state : bool, default True
            False leaves the small state out (``complete`` is then false), which is much cheaper.

        Returns
        -------
        Snapshot
            Plain values that fit into JSON. Numbers have passed the gate (`gate`).
        """
        with self._lock:
            if not 0 <= cursor <= self._sequence:
                cursor = 0
            sequence, more, marked = self._since(cursor)
            revoked = [item for mark, item in self._revoked if mark > cursor]
            answer = empty_snapshot(self._id, sequence, self._now_s - self._origin_s, self._utc_s)
            latest = self._put_state(answer) if state else []
            origin_s = self._origin_s
        now_s = NAN if answer["now_s"] is None else answer["now_s"]
        answer["more"] = more
        answer["latest"] = [latest_view(item, gate(item, now_s)) for item in latest]
        if state:
            answer["state"] = "ended" if self._ended else session_state(answer)
        new_items(answer, marked, revoked, origin_s)
        return answer

    def _put_state(self, answer: Snapshot) -> list[Latest]:
        """Put the small state into an answer, except the latest values, which are returned for the gate."""
        origin_s, now_s = self._origin_s, self._now_s
        answer["complete"] = True
        answer["people"] = [PersonView(code=code, kind=kind) for code, kind in self._people.items()]
        streams, said_of = self._sources.streams.values(), self._sources.said_of
        answer["streams"] = [stream_view(s, now_s, origin_s, said_of(s)) for s in streams]
        answer["recording"] = self._recording
        answer["notices"] = list(self._notices)
        answer["annotations"] = [note_view(a.at_s - origin_s, "", a.label, a.text) for a in self._annotations]
        self._put_given(answer)
        sources: dict[tuple[str, str], Source] = {}

        def source_of(participant: str, part: str) -> Source:
            key = (participant, part)
            if key not in sources:
                newest_s, verified, limit_s = self._sources.source_of(*key, now_s)
                sources[key] = Source(
                    newest_s=newest_s - origin_s, verified=verified, limit_s=limit_s, ended=self._ended
                )
            return sources[key]

        for reading in self._zones.latest.values():
            source = source_of(reading.participant, body_part(AROUSAL))
            answer["zones"].append(zone_view(reading, *held(now_s - origin_s, reading.t_emit_s, source)))
        answer["synchrony"] = self._synchrony.views(now_s - origin_s, source_of)
        return [
            Latest(row, source_of(row.participant, body_part(row.marker))) for row in self._latest.values()
        ]

    def _since(self, cursor: int) -> tuple[int, bool, list[Marked]]:
        rings: list[tuple[ItemKey, Ring]] = []
        if not math.isnan(self._origin_s):
            rings += self._sources.traces.items()
        rings += ((("beats", code), ring) for code, ring in self._beats.items())
        rings += ((("scrs", code), ring) for code, ring in self._scrs.items())
        rings += ((("zones", code), ring) for code, ring in self._zones.trails.items())
        rings += ((("synchrony", *key), ring) for key, ring in self._synchrony.trails.items())
        rings += ((("timeline", key[0], str(key[1])), ring) for key, ring in self._timeline.cells.items())
        rings += ((("overview", *key), ring) for key, ring in self._overview.trails.items())
        rings += ((("rows", *key), ring) for key, ring in self._histories.items())
        marked: list[Marked] = [(key, *ring.since(cursor)) for key, ring in rings if ring.newest > cursor]
        last, kept = cut(marked, MAX_ITEMS)
        return (self._sequence, False, kept) if last is None else (last, True, kept)
