"""A board whose past can be kept and shown again: what a replay jumps with."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from monitor.board.board import Board
from monitor.board.news import ItemKey
from monitor.board.rings import FloatArray, Ring
from monitor.board.snapshot import NoteView
from monitor.board.sources import Sources
from monitor.board.synchrony import DyadKey, SynchronyBoard
from monitor.board.timeline import Timeline
from monitor.core.events import Annotation
from monitor.core.model import StreamKey
from monitor.core.results import MarkerRow, Revocation, SynchronyReading, ZoneReading

_REACH_S = 900.0
"""How far before the start of a revocation the centre of a row may lie that it takes back: half of any window."""


class Piece(NamedTuple):
    """Rows of one ring that came between two pasts.

    Parameters
    ----------
    last : int
        Count of the last call of the later past.
    rows : ndarray of float64, shape (columns, n)
        The rows, as they were then; never changed.
    """

    last: int
    rows: FloatArray


class Kept(NamedTuple):
    """Everything one ring held; what did not change is shared with the past before.

    Parameters
    ----------
    empty : Ring
        A ring of the same size.
    pieces : tuple of Piece
        Oldest first; the first may hold rows that had already left the ring.
    """

    empty: Ring
    pieces: tuple[Piece, ...]


class Past(NamedTuple):
    """A board as it was after a call.

    Parameters
    ----------
    sequence : int
        Count of the call.
    origin_s, now_s, utc_s : float
        Clocks.
    people : dict of str to str
        Kind by code.
    sources : Sources
        Streams, without samples.
    latest : dict of tuple of str to MarkerRow
        Newest rows.
    readings : dict of str to ZoneReading
        Newest zone of each participant.
    dyads : dict of tuple of str to SynchronyReading
        Newest synchrony.
    notices : tuple of NoteView
        Newest notices.
    annotations : tuple of Annotation
        Newest annotations.
    revoked : tuple of Revocation
        Newest revocations.
    rings : dict of ItemKey to Kept
        Traces and histories.
    """

    sequence: int
    origin_s: float
    now_s: float
    utc_s: float
    people: dict[str, str]
    sources: Sources
    latest: dict[tuple[str, str], MarkerRow]
    readings: dict[str, ZoneReading]
    dyads: dict[DyadKey, SynchronyReading]
    notices: tuple[NoteView, ...]
    annotations: tuple[Annotation, ...]
    revoked: tuple[Revocation, ...]
    rings: dict[ItemKey, Kept]

    def with_streams_of(self, other: "Past") -> "Past":
        """Return this past with the streams and samples of another one, which are the same, so that they are kept once.

        Parameters
        ----------
        other : Past
            Of the same moment of the same recording.

        Returns
        -------
        Past
            With everything else of this one.
        """
        samples = {key: kept for key, kept in other.rings.items() if isinstance(key, StreamKey)}
        rest = {key: kept for key, kept in self.rings.items() if not isinstance(key, StreamKey)}
        return self._replace(sources=other.sources, rings=samples | rest)


class ReplayBoard(Board):
    """A board of a replay.

    Parameters
    ----------
    trace_s, history_s : float
        As in `Board`.
    """

    def __init__(self, *, trace_s: float = 30.0, history_s: float = 3600.0) -> None:
        super().__init__(trace_s=trace_s, history_s=history_s)
        self._touched_s = math.inf

    def keep(self, before: Past | None = None) -> Past:
        """Keep what the board shows now.

        Parameters
        ----------
        before : Past, optional
            The one kept last of this board; what did not change since is shared with it.

        Returns
        -------
        Past
            For `show`. The time line is no part of it.
        """
        with self._lock:
            rings = {
                key: self._pieces(ring, None if before is None else before.rings.get(key), before)
                for key, ring in self._rings()
            }
            self._touched_s = math.inf
            return Past(
                sequence=self._sequence,
                origin_s=self._origin_s,
                now_s=self._now_s,
                utc_s=self._utc_s,
                people=dict(self._people),
                sources=self._sources.without_samples(),
                latest=dict(self._latest),
                readings=dict(self._zones.latest),
                dyads=dict(self._synchrony.latest),
                notices=tuple(self._notices),
                annotations=tuple(self._annotations),
                revoked=tuple(item for _, item in self._revoked),
                rings=rings,
            )

    def show(self, past: Past) -> None:
        """Become what a board was; this one must be new and of the same size.

        Parameters
        ----------
        past : Past
            From `keep`.
        """
        with self._lock:
            self._origin_s, self._now_s, self._utc_s = past.origin_s, past.now_s, past.utc_s
            self._people = dict(past.people)
            self._sources = past.sources.without_samples()
            self._latest = dict(past.latest)
            self._zones.latest = dict(past.readings)
            self._synchrony.latest = dict(past.dyads)
            self._notices.extend(past.notices)
            self._annotations.extend(past.annotations)
            self._fill(past.rings)
            # The rows have been taken back already: said once, with the first answer, that is enough.
            self._revoked.extend((1, item) for item in past.revoked)

    def take_overview(self, other: "ReplayBoard") -> None:
        """Take over the time line of the whole recording.

        Parameters
        ----------
        other : ReplayBoard
            The board that was shown before.
        """
        with self._lock:
            self._sequence += 1
            self._timeline, self._overview = other.overview(self._sequence)

    def overview(self, sequence: int) -> tuple[Timeline, SynchronyBoard]:
        """Return copies of the time line of the whole recording.

        Parameters
        ----------
        sequence : int
            Count of the call of the board that wants them.

        Returns
        -------
        Timeline
            Cells of all participants.
        SynchronyBoard
            Readings of all dyads.
        """
        with self._lock:
            dyads = SynchronyBoard()
            dyads.latest = dict(self._overview.latest)
            for key, ring in self._overview.trails.items():
                dyads.trails[key] = ring.like()
                dyads.trails[key].extend(sequence, *ring.view())
            return self._timeline.copied(sequence), dyads

    def _revoke(self, revocation: Revocation) -> None:
        super()._revoke(revocation)
        self._touched_s = min(self._touched_s, revocation.start_s)

    def _rings(self) -> Iterator[tuple[ItemKey, Ring]]:
        yield from self._sources.traces.items()
        yield from ((("zones", code), ring) for code, ring in self._zones.trails.items())
        yield from ((("synchrony", *key), ring) for key, ring in self._synchrony.trails.items())
        yield from ((("beats", code), ring) for code, ring in self._beats.items())
        yield from ((("scrs", code), ring) for code, ring in self._scrs.items())
        yield from ((("rows", *key), ring) for key, ring in self._histories.items())

    def _pieces(self, ring: Ring, kept: Kept | None, before: Past | None) -> Kept:
        empty, pieces = (ring.like(), ()) if kept is None else kept
        pieces = self._touched(ring, pieces)
        _, rows = ring.since(0 if kept is None or before is None else before.sequence)
        if rows.shape[1]:
            pieces = (*pieces, Piece(self._sequence, rows))
        n, first = sum(piece.rows.shape[1] for piece in pieces), 0
        while pieces[first:] and n - pieces[first].rows.shape[1] >= len(ring):
            n -= pieces[first].rows.shape[1]
            first += 1
        return Kept(empty, pieces[first:])

    def _touched(self, ring: Ring, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """Keep those pieces anew in which something was taken back since."""
        from_s = self._touched_s - _REACH_S
        if not pieces or math.isinf(from_s) or pieces[-1].rows[0].max() < from_s:
            return pieces
        sequence, rows = ring.since(0)
        out, start = [], 0
        for piece in pieces:
            stop = int(np.searchsorted(sequence, piece.last, side="right"))
            now = rows[:, start:stop]
            same = piece.rows[0].max() < from_s or np.array_equal(
                piece.rows[:, piece.rows.shape[1] - now.shape[1] :], now, equal_nan=True
            )
            out.append(piece if same else Piece(piece.last, now.copy()))
            start = stop
        return tuple(out)

    def _fill(self, rings: dict[ItemKey, Kept]) -> None:
        """Put rows into new rings, so counted that what is looked at first is sent first, in messages of some size."""
        moments = sorted({piece.last for kept in rings.values() for piece in kept.pieces})
        place = {last: k for k, last in enumerate(moments, start=1)}
        for key, kept in rings.items():
            ring = kept.empty.like()
            self._put_ring(key, ring)
            if isinstance(key, StreamKey):
                self._sequence += 1
                for piece in kept.pieces:
                    ring.extend(self._sequence, *piece.rows)
                continue
            count = self._sequence + (len(moments) if key[0] == "rows" else 0)
            for piece in kept.pieces:
                ring.extend(count + place[piece.last], *piece.rows)
        self._sequence += 2 * len(moments)

    def _put_ring(self, key: ItemKey, ring: Ring) -> None:
        if isinstance(key, StreamKey):
            self._sources.traces[key] = ring
        elif key[0] == "zones":
            self._zones.trails[key[1]] = ring
        elif key[0] == "synchrony":
            self._synchrony.trails[(key[1], key[2], key[3])] = ring
        elif key[0] == "rows":
            self._histories[(key[1], key[2])] = ring
        else:
            (self._beats if key[0] == "beats" else self._scrs)[key[1]] = ring
