"""Notes and marks of a session as plain values for the views."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from monitor.board.session_views import MarkView
from monitor.core.noting import LARGEST_NUMBER, MARK, NOTE, Moment

NO_TEXTS: Final[Mapping[int, str]] = {}
_PLACES_S = 6


class Added(Protocol):
    """A note written down after the session, whatever keeps it."""

    @property
    def t_s(self) -> float:
        """Session time in seconds."""

    @property
    def label(self) -> str:
        """Which event; empty for free text alone."""

    @property
    def author(self) -> str:
        """Who wrote it."""

    @property
    def participant(self) -> str:
        """Whom it is about; empty for nobody in particular."""

    @property
    def text(self) -> str:
        """Free text; may be empty."""


def mark_views(moments: Iterable[Moment], t0_s: float, texts: Mapping[int, str] = NO_TEXTS) -> list[MarkView]:
    """Return the notes and marks of a recording.

    Parameters
    ----------
    moments : iterable of Moment
        Those that were not taken back.
    t0_s : float
        Monitor clock in seconds at session time 0.
    texts : Mapping of int to str, optional
        Free text by the number of its note.

    Returns
    -------
    list of MarkView
        In the order given.
    """
    return [
        MarkView(
            number=moment.number,
            t_s=round(moment.at_s - t0_s, _PLACES_S),
            kind=MARK if moment.kind == MARK else NOTE,
            label=moment.label,
            participant=moment.participant,
            by=moment.by,
            text=texts.get(moment.number, "") if moment.number else "",
        )
        for moment in moments
    ]


def added_views(notes: Iterable[Added]) -> list[MarkView]:
    """Return notes that were added after the session.

    Parameters
    ----------
    notes : iterable of Added
        In the order in which they are kept.

    Returns
    -------
    list of MarkView
        In the same order; the first has the number `LARGEST_NUMBER` + 1, so that none is one of the recording.
    """
    return [
        MarkView(
            number=number,
            t_s=note.t_s,
            kind=NOTE,
            label=note.label,
            participant=note.participant,
            by=note.author,
            text=note.text,
        )
        for number, note in enumerate(notes, start=LARGEST_NUMBER + 1)
    ]
