"""Which moment a typed text is about, and whether it has been kept."""

import math
from collections.abc import Collection, Sequence
from typing import Final

from monitor.board.gate import format_clock
from monitor.board.session_views import MarkView
from monitor.core.noting import WRITTEN
from monitor.views.actions import Send
from monitor.views.lines import tr
from monitor.views.notes.words import Place, mark_text

NEAR_S: Final = 60.0
"""How long after a note a text is taken to be about it, in seconds."""


class NoteTarget:
    """Gives a text its moment: the last note where there was one just now, else the moment the key was pressed.

    In a running session that moment is noted at once, so that typing takes no time from it.

    Parameters
    ----------
    send : callable
        Takes commands.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._number: int | None = None
        self._own = False
        self._known: frozenset[int] = frozenset()
        self._text = ""
        self._about: MarkView | None = None
        self._at_s = math.nan

    def begin(self, marks: Sequence[MarkView], place: Place, visible: Collection[str]) -> str:
        """Choose the moment.

        Parameters
        ----------
        marks : sequence of MarkView
            All that stand.
        place : Place
            Where notes go.
        visible : collection of str
            Codes that may be seen.

        Returns
        -------
        str
            What the text is about, translated.
        """
        self._known, self._text = frozenset(m["number"] for m in marks), ""
        self._about, self._at_s = None, place.now_s
        near = [m for m in marks if m["number"] and not m["text"] and 0.0 <= place.now_s - m["t_s"] <= NEAR_S]
        newest = max(near, key=lambda mark: mark["number"], default=None)
        if newest is not None and not place.author:
            self._number, self._own = newest["number"], False
            self._about, self._at_s = newest, newest["t_s"]
            return self.title(visible)
        self._number, self._own = (0, False) if place.author else (None, True)
        if self._own:
            self._send("note", WRITTEN)
        return self.title(visible)

    def title(self, visible: Collection[str]) -> str:
        """Say what the text is about.

        Parameters
        ----------
        visible : collection of str
            Codes that may be seen.

        Returns
        -------
        str
            The moment and the note, translated; without the name of anybody who may not be seen.
        """
        clock = format_clock(self._at_s)
        if self._about is None:
            return tr("Text at {clock}").format(clock=clock)
        return tr("Text to {clock} {what}").format(clock=clock, what=mark_text(self._about, visible))

    def give(self, text: str) -> None:
        """Take the text; it goes out as soon as its moment has a number.

        Parameters
        ----------
        text : str
            Printable, not empty.
        """
        self._text = text
        self._put()

    def take_back(self) -> None:
        """Give up; a moment noted for the text alone is taken back."""
        if self._own and self._number:
            self._send("remove_note", float(self._number))
            self._own = False
        self._text = ""

    def look(self, marks: Sequence[MarkView], *, is_open: bool) -> bool:
        """Look what has become of it.

        Parameters
        ----------
        marks : sequence of MarkView
            All that stand.
        is_open : bool
            Whether the user still wants to give a text.

        Returns
        -------
        bool
            Whether the text given has been kept.
        """
        if self._own and self._number is None:
            new = [m["number"] for m in marks if m["label"] == WRITTEN and m["number"] not in self._known]
            if new:
                self._number = max(new)
                if not is_open:
                    self.take_back()
                elif self._text:
                    self._put()
        if not self._text or not any(self._is_it(mark) for mark in marks):
            return False
        self._own, self._text = False, ""
        return True

    def _is_it(self, mark: MarkView) -> bool:
        """Whether a mark holds the text given; where texts are hidden, whether it now holds one."""
        mine = mark["number"] == self._number or (self._number == 0 and mark["number"] not in self._known)
        return mine and bool(mark["text"])

    def _put(self) -> None:
        if self._number is not None:
            self._send("note_text", f"{self._number} {self._text}")
