"""Notes of a running session: keys of the window become notes of the recording; free text goes to the notebook."""

import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from math import nan
from pathlib import Path
from typing import Final

from monitor.board.commands import Command
from monitor.board.marks import mark_views
from monitor.board.session_views import MarkView
from monitor.core.events import Annotation, Event, Tick
from monitor.core.noting import JUDGEMENTS, WRITTEN, Moment, Noting, mark_words, note_words, undo_words
from monitor.errors import MonitorError
from monitor.session.notebook import (
    WrittenNote,
    add_written,
    read_notebook,
    remove_texts,
    texts_of,
)

UNDO_WITHIN_S: Final = 600.0
"""How long after the key was pressed the newest note can be taken back, in seconds of the session."""

MOST_NOTES: Final = 2000
"""Notes and marks of one session; more were not made by a person, and every one is shown again with each."""

BY: Final = "therapist"
"""Who presses the keys of a live session."""

COMMANDS: Final = frozenset({"note", "undo_note", "remove_note", "note_text", *JUDGEMENTS})
"""Names of the commands that are about notes."""

Annotate = Callable[[str, str, float], float]
"""Takes label, text and age in seconds of an annotation, and returns its stamp."""


class LiveNotes:
    """Turns commands into annotations, and annotations that came back from the recording into what is shown.

    What was asked for is not shown until it is an event: what the window confirms has been recorded. Commands may
    come in any thread.

    Parameters
    ----------
    annotate : callable
        Puts an annotation among the events (`monitor.lsl.source.LslSource.annotate`).
    folder : Path
        The session folder, for the notebook.
    t0_s : callable
        Gives the monitor clock at session time 0; None before there is one.
    participants : callable
        Gives the codes of everybody.
    say : callable, optional
        Takes what the user must be told; nothing of a free text is ever in it.
    """

    def __init__(
        self,
        annotate: Annotate,
        folder: Path,
        t0_s: Callable[[], float | None],
        participants: Callable[[], Collection[str]],
        say: Callable[[str], object] = lambda _text: None,
    ) -> None:
        self._annotate = annotate
        self._folder = folder
        self._t0_s = t0_s
        self._participants = participants
        self._say = say
        self._lock = threading.RLock()
        self._writing = threading.Lock()
        self._asked = Noting()
        self._recorded = Noting()
        self._now_s = nan
        self._texts: dict[int, str] = {}
        self._changed = False
        self._is_full = False
        self._origin_s: float | None = None

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What was recorded and not taken back, by time."""
        with self._lock:
            return self._recorded.moments

    def take(self, command: Command) -> bool:
        """Take a command of the window.

        Parameters
        ----------
        command : Command
            Any command.

        Returns
        -------
        bool
            Whether it is about notes; what cannot be done is passed over then.
        """
        if command.name not in COMMANDS:
            return False
        age_s = command.age_s
        match command.name, command.value:
            case "note", str(label):
                self._note(age_s, lambda number: note_words(number, label, BY))
            case "note_text", str(text):
                self._write(age_s, text)
            case "undo_note", _:
                self._undo(self._newest(), age_s)
            case "remove_note", float(number):
                self._undo(int(number), age_s)
            case judgement, str(code) if judgement in JUDGEMENTS and code in self._participants():
                self._note(age_s, lambda number: mark_words(number, judgement, code, BY))
        return True

    def observe(self, event: Event) -> bool:
        """Take an event after it was recorded.

        Parameters
        ----------
        event : Event
            Any event.

        Returns
        -------
        bool
            True when `views` are others than at the last call.
        """
        with self._lock:
            if isinstance(event, Tick):
                self._now_s = event.now_s
            elif isinstance(event, Annotation):
                self._changed |= self._recorded.push(event)
                # Whatever else writes notes, their numbers are taken.
                self._asked.push(event)
            origin_s = self._t0_s()
            if origin_s != self._origin_s:
                self._origin_s, self._changed = origin_s, True
            changed, self._changed = self._changed, False
            return changed

    def views(self) -> list[MarkView]:
        """Return what is to be shown.

        Returns
        -------
        list of MarkView
            By time; empty as long as there is no session time.
        """
        with self._lock:
            t0_s = self._t0_s()
            return [] if t0_s is None else mark_views(self._recorded.moments, t0_s, self._texts)

    def _note(self, age_s: float, words: Callable[[int], tuple[str, str]]) -> Moment | None:
        """Note something under the next number; None where it cannot be put into words for a recording."""
        with self._lock:
            number = self._asked.next_number
            if number > MOST_NOTES:
                self._refuse_more()
                return None
            try:
                label, text = words(number)
            except ValueError:
                return None
            at_s = self._annotate(label, text, age_s)
            self._asked.push(Annotation(at_s, label, text))
            return self._standing(number)

    def _refuse_more(self) -> None:
        if not self._is_full:
            self._is_full = True
            self._say(f"{MOST_NOTES} notes were made in this session: no more are taken.")

    def _write(self, age_s: float, given: str) -> None:
        """Put free text into the notebook, and into the recording only that there is one."""
        which, _, text = given.partition(" ")
        text = text.strip()
        if not text or not (which.isascii() and which.isdecimal()):
            return
        number = int(which)
        moment = self._standing(number) or (None if number else self._note(age_s, _written_words))
        if moment is None:
            self._say("A text was not kept: its note does not exist or was taken back.")
            return
        t0_s = self._t0_s()
        note = WrittenNote(
            number=moment.number,
            t_s=0.0 if t0_s is None else round(moment.at_s - t0_s, 3),
            author=BY,
            written_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            text=text,
        )
        # It may be taken back while this waits for its turn.
        self._in_notebook(lambda: add_written(self._folder, note) if self._standing(note.number) else ())

    def _newest(self) -> int:
        """Return the number of the note to be taken back; 0 for none."""
        with self._lock:
            # Before the first tick nothing is old.
            young = [m.number for m in self._asked.moments if not self._now_s - m.at_s > UNDO_WITHIN_S]
            return max(young, default=0)

    def _undo(self, number: int, age_s: float) -> None:
        with self._lock:
            if self._standing(number) is None:
                return
            label, text = undo_words(number)
            self._asked.push(Annotation(self._annotate(label, text, age_s), label, text))
        # The text may still be on its way to the disk, by another window: it goes, whether or not it is shown.
        self._in_notebook(lambda: remove_texts(self._folder, number))

    def _standing(self, number: int) -> Moment | None:
        """Return a note that was asked for and not taken back."""
        with self._lock:
            return next((m for m in self._asked.moments if number and m.number == number), None)

    def _in_notebook(self, change: Callable[[], tuple[str, ...]]) -> None:
        """Change what the notebook says of a note; the engine, which needs the other lock, never waits for a disk."""
        with self._writing:
            try:
                told = change()
                texts = texts_of(read_notebook(self._folder))
            except MonitorError as error:
                told, texts = (f"{error}",), self._texts
        with self._lock:
            self._texts, self._changed = texts, True
        for line in told:
            self._say(line)


def _written_words(number: int) -> tuple[str, str]:
    return note_words(number, WRITTEN, BY)
