"""Notes and marks of a recording, and those that somebody adds while looking at it; the recording stays as it is."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from math import isfinite, nan
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Final, NamedTuple

from monitor.board.commands import Command
from monitor.board.marks import added_views, mark_views
from monitor.board.session_views import MarkView
from monitor.core.events import Annotation
from monitor.core.noting import JUDGEMENTS, LARGEST_NUMBER, MARK, moments_of
from monitor.errors import MonitorError
from monitor.marking.adding import add_mark
from monitor.marking.moments import clock_text
from monitor.marking.store import SessionMark, read_marks
from monitor.session.notebook import (
    WrittenNote,
    add_written,
    added_of,
    read_notebook,
    remove_written,
    texts_of,
)

NOTE_COMMANDS: Final = frozenset({"note", "note_text", "undo_note", "remove_note", *JUDGEMENTS})

NO_AUTHOR = "Notes can be added when the replay is started with --author CODE."
NO_FOLDER = "Notes need a session folder, or a folder given with --out."

_SAME_S = 1.0


class _Asked(NamedTuple):
    command: Command
    t_s: float


class Remarks:
    """All that was said of moments of a recording.

    Parameters
    ----------
    folder : Path or None
        Where notes are kept; None where there is no place for them.
    author : str
        Code of who adds notes; empty for nobody.
    profiles : Path
        Folder of the profiles, for judgements of the edges.
    annotations : iterable of Annotation
        Of the recording.
    on_change : callable
        Takes a text for the user whenever something came of a command, in a thread of this object; then the
        views have changed.
    """

    def __init__(
        self,
        folder: Path | None,
        author: str,
        *,
        profiles: Path,
        annotations: Iterable[Annotation],
        on_change: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._author = author
        self._profiles = profiles
        self._moments = moments_of(annotations)
        self._on_change = on_change
        self._written: list[WrittenNote] = []
        self._added: list[tuple[int, WrittenNote]] = []
        self._next_number = LARGEST_NUMBER + 1
        self._judged: list[SessionMark] = []
        self._t0_s = nan
        self.problem = self._read()
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._worker = Thread(target=self._work, name="replay-notes", daemon=True)
        self._worker.start()

    @property
    def author(self) -> str:
        """Who adds notes; empty where none can be added."""
        return self._author if self._folder is not None else ""

    @property
    def refusal(self) -> str:
        """Why no notes can be added, for the user; empty where they can."""
        if self._folder is None:
            return NO_FOLDER
        return "" if self._author else NO_AUTHOR

    def views(self, t0_s: float | None) -> list[MarkView]:
        """Return everything said, past and future, by time.

        Parameters
        ----------
        t0_s : float or None
            Monitor clock in seconds at session time 0; None while it is not known.

        Returns
        -------
        list of MarkView
            Notes of the recording only once `t0_s` is known.
        """
        written, judged = self._written, self._judged
        self._t0_s = nan if t0_s is None else t0_s
        views = [] if t0_s is None else mark_views(self._moments, t0_s, texts_of(written))
        added = self._added
        plain = added_views(note for _, note in added)
        views += [MarkView(**view | {"number": n}) for (n, _), view in zip(added, plain, strict=True)]
        views += [_judged_view(mark) for mark in judged if not _is_among(mark, views)]
        return sorted(views, key=lambda view: view["t_s"])

    def take(self, command: Command, t_s: float) -> str:
        """Take a command; what comes of it is told later.

        Parameters
        ----------
        command : Command
            One of `NOTE_COMMANDS`.
        t_s : float
            Session seconds at which the replay was when the key was pressed.

        Returns
        -------
        str
            Why nothing will come of it; empty where something will.
        """
        if not self.refusal:
            self._asked.put(_Asked(command, t_s))
        return self.refusal

    def close(self) -> None:
        """Write what is still waiting."""
        self._asked.put(None)
        self._worker.join()

    def _read(self) -> str:
        problems = []
        if self._folder is not None:
            try:
                self._written = read_notebook(self._folder)
                self._added = self._numbered(added_of(self._written))
            except MonitorError as error:
                problems.append(str(error))
            try:
                self._judged = read_marks(self._folder)
            except MonitorError as error:
                problems.append(str(error))
        return " ".join(problems)

    def _numbered(self, notes: list[WrittenNote]) -> list[tuple[int, WrittenNote]]:
        """Give each note a number that stays its own as long as this object lives."""
        known, numbered = list(self._added), []
        for note in notes:
            place = next((k for k, (_, other) in enumerate(known) if other == note), None)
            if place is None:
                numbered.append((self._next_number, note))
                self._next_number += 1
            else:
                numbered.append(known.pop(place))
        return numbered

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            try:
                told = self._obey(*asked)
            except (MonitorError, ValueError) as error:
                told = f"{error}"
            except Exception as error:  # noqa: BLE001 - the notes that follow must not vanish without a word
                told = f"The note could not be kept ({type(error).__name__}: {error})."
            self._read()
            self._on_change(told)

    def _obey(self, command: Command, t_s: float) -> str:
        folder, value = self._folder, command.value
        if folder is None:
            return NO_FOLDER
        match command.name:
            case "note":
                return self._add(folder, self._note(t_s, label=str(value)), f"{value}".replace("_", " "))
            case "note_text":
                number, _, text = str(value).partition(" ")
                return self._text(folder, int(number) if number.isdecimal() else 0, text.strip(), t_s)
            case "undo_note":
                return self._remove(folder, -1)
            case "remove_note":
                return self._remove(folder, int(value or 0))
        outcome = add_mark(
            folder,
            t_s,
            command.name,
            "review",
            participant=str(value),
            profiles=self._profiles,
            now_utc_s=datetime.now(UTC).timestamp(),
        )
        return outcome.text

    def _note(self, t_s: float, *, label: str = "", text: str = "", number: int = 0) -> WrittenNote:
        return WrittenNote(
            number=number,
            t_s=round(t_s, 3),
            label=label,
            author=self._author,
            written_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            text=text,
        )

    def _add(self, folder: Path, note: WrittenNote, word: str) -> str:
        told = add_written(folder, note)
        return " ".join((f"{clock_text(note.t_s)} {word} noted by {self._author}.", *told))

    def _text(self, folder: Path, number: int, text: str, t_s: float) -> str:
        if not text:
            return "A note without words was not kept."
        if number > LARGEST_NUMBER:
            old = self._mine(number)
            if old is None:
                return "Only your own notes can be changed."
            new = old._replace(text=text)
            told = self._add(folder, new, "words")
            remove_written(folder, old)
            self._added = [(n, new if note is old else note) for n, note in self._added]
            return told
        if number == 0:
            return self._add(folder, self._note(t_s, text=text), "words")
        moments = {moment.number: moment.at_s - self._t0_s for moment in self._moments}
        if not isfinite(moments.get(number, nan)):
            return f"There is no note {number} in this recording."
        return self._add(folder, self._note(moments[number], text=text, number=number), "words")

    def _mine(self, number: int) -> WrittenNote | None:
        """Return what is written under a number, if it is the author's own: a note, or words to one of the session."""
        if number <= LARGEST_NUMBER:
            mine = [note for note in self._written if number and note.number == number]
        else:
            mine = [note for n, note in self._added if n == number]
        return next((note for note in reversed(mine) if note.author == self._author), None)

    def _remove(self, folder: Path, number: int) -> str:
        newest = max((n for n, note in self._added if note.author == self._author), default=0)
        note = self._mine(newest if number < 0 else number)
        if note is None:
            return (
                "There is no note of yours to take back. What was noted in the session and judgements of the "
                "edges stay."
            )
        told = remove_written(folder, note)
        word = (note.label or "words").replace("_", " ")
        return " ".join((f"{clock_text(note.t_s)} {word} taken back.", *told))


def _judged_view(mark: SessionMark) -> MarkView:
    return MarkView(
        number=0,
        t_s=mark.mark.t_s,
        kind=MARK,
        label=mark.mark.label.value,
        participant=mark.participant,
        by=mark.mark.by.value,
        text="",
    )


def _is_among(mark: SessionMark, views: Iterable[MarkView]) -> bool:
    """Tell whether the recording has the same: marks of a session are kept in both places."""
    wanted = (mark.participant, mark.mark.label.value, mark.mark.by.value)
    return any(
        (view["participant"], view["label"], view["by"]) == wanted
        and view["kind"] == MARK
        and abs(view["t_s"] - mark.mark.t_s) < _SAME_S
        for view in views
    )
