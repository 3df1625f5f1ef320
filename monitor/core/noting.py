"""Notes and marks as annotations of the recording: how they are worded, and which of them still stand."""

import re
from collections.abc import Iterable
from math import isfinite
from typing import Final, NamedTuple

from monitor.core.events import Annotation

NOTE: Final = "note"
MARK: Final = "mark"
NOTE_UNDONE: Final = "note_undone"
PREFLIGHT: Final = "preflight"
"""Label of the note that says how a recording was begun."""

JUDGEMENTS: Final = ("too_much", "tolerable", "too_little")
"""Labels of marks: what somebody says of a moment."""

WRITTEN: Final = "text"
"""Label of a note that stands for free text; the text itself is never in the recording."""

LARGEST_NUMBER: Final = 999_999
MOST_MOMENTS: Final = 10_000
"""Moments kept of one recording; a file with more was not made by hand."""

_NUMBER = r"([1-9][0-9]{0,5})"
_WORD = r"([a-z][a-z0-9_]{0,23})"
_CODE = r"([^\s\x00-\x1f\x7f]{1,64})"
_NOTE_TEXT = re.compile(rf"{_NUMBER} {_WORD} {_WORD}")
_MARK_TEXT = re.compile(rf"{_CODE} {_WORD}(?: {_NUMBER})?")
_UNDO_TEXT = re.compile(_NUMBER)


class Moment(NamedTuple):
    """A moment that somebody noted.

    Parameters
    ----------
    number : int
        Counts the notes and marks of a recording from 1; 0 for a mark of an older recording, which has none and
        cannot be taken back.
    at_s : float
        Monitor clock in seconds when the key was pressed.
    kind : str
        ``note`` for an event, ``mark`` for a judgement of the edges.
    label : str
        Which event, or one of `JUDGEMENTS`.
    participant : str
        Whose moment a mark is; empty for a note.
    by : str
        Who said it.
    """

    number: int
    at_s: float
    kind: str
    label: str
    participant: str
    by: str


class Noting:
    """Keeps account of what was noted and taken back, in the order of the recording.

    Whatever cannot be understood is passed over: recordings are untrusted input.

    Attributes
    ----------
    preflight : str
        What was wrong when the recording was begun, or that nothing was; empty where it does not say.
    """

    def __init__(self) -> None:
        self.preflight = ""
        self._kept: dict[int, Moment] = {}
        self._unnumbered: list[Moment] = []
        self._used: set[int] = set()
        self._sorted: tuple[Moment, ...] | None = ()

    def push(self, annotation: Annotation) -> bool:
        """Take the next annotation.

        Parameters
        ----------
        annotation : Annotation
            Any annotation of the recording.

        Returns
        -------
        bool
            True when something was noted or taken back.
        """
        if annotation.label == PREFLIGHT:
            self.preflight = self.preflight or annotation.text
            return False
        changed = self._undo(annotation) if annotation.label == NOTE_UNDONE else self._note(annotation)
        if changed:
            self._sorted = None
        return changed

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What was noted and not taken back, by time."""
        if self._sorted is None:
            moments = (*self._unnumbered, *self._kept.values())
            self._sorted = tuple(sorted(moments, key=lambda moment: (moment.at_s, moment.number)))
        return self._sorted

    @property
    def next_number(self) -> int:
        """The number that was never used and follows all others."""
        return max(self._used, default=0) + 1

    def _undo(self, annotation: Annotation) -> bool:
        found = _UNDO_TEXT.fullmatch(annotation.text)
        return found is not None and self._kept.pop(int(found[1]), None) is not None

    def _note(self, annotation: Annotation) -> bool:
        moment = _moment(annotation)
        if moment is None or len(self._used) + len(self._unnumbered) >= MOST_MOMENTS:
            return False
        if moment.number == 0:
            self._unnumbered.append(moment)
            return True
        if moment.number in self._used:
            return False
        self._used.add(moment.number)
        self._kept[moment.number] = moment
        return True


def moments_of(annotations: Iterable[Annotation]) -> tuple[Moment, ...]:
    """Return what was noted in a recording and not taken back.

    Parameters
    ----------
    annotations : iterable of Annotation
        In the order of the recording.

    Returns
    -------
    tuple of Moment
        By time.
    """
    noting = Noting()
    for annotation in annotations:
        noting.push(annotation)
    return noting.moments


def note_words(number: int, label: str, by: str) -> tuple[str, str]:
    """Word a note for the recording.

    Parameters
    ----------
    number : int
        From `Noting.next_number`.
    label : str
        Which event: a short word in small letters.
    by : str
        Who said it, a short word.

    Returns
    -------
    tuple of (str, str)
        Label and text of the annotation.

    Raises
    ------
    ValueError
        If it would not be read again as this note; free text never passes.
    """
    return _worded(NOTE, f"{number} {label} {by}", _NOTE_TEXT)


def mark_words(number: int, judgement: str, participant: str, by: str) -> tuple[str, str]:
    """Word a mark for the recording.

    Parameters
    ----------
    number : int
        From `Noting.next_number`.
    judgement : str
        One of `JUDGEMENTS`.
    participant : str
        Code of the person.
    by : str
        Who said it.

    Returns
    -------
    tuple of (str, str)
        Label and text of the annotation.

    Raises
    ------
    ValueError
        If it would not be read again as this mark.
    """
    if judgement not in JUDGEMENTS:
        raise ValueError(f"{judgement!r} is no judgement")
    return _worded(judgement, f"{participant} {by} {number}", _MARK_TEXT)


def undo_words(number: int) -> tuple[str, str]:
    """Word for the recording that a note or mark is taken back.

    Parameters
    ----------
    number : int
        Its number.

    Returns
    -------
    tuple of (str, str)
        Label and text of the annotation.

    Raises
    ------
    ValueError
        If that is no number of a note.
    """
    return _worded(NOTE_UNDONE, f"{number}", _UNDO_TEXT)


def _worded(label: str, text: str, form: re.Pattern[str]) -> tuple[str, str]:
    if form.fullmatch(text) is None:
        raise ValueError(f"this is no {label.replace('_', ' ')} for a recording")
    return label, text


def _moment(annotation: Annotation) -> Moment | None:
    if not isfinite(annotation.at_s):
        return None
    if annotation.label == NOTE and (found := _NOTE_TEXT.fullmatch(annotation.text)):
        return Moment(int(found[1]), annotation.at_s, NOTE, found[2], "", found[3])
    if annotation.label in JUDGEMENTS and (found := _MARK_TEXT.fullmatch(annotation.text)):
        return Moment(int(found[3] or 0), annotation.at_s, MARK, annotation.label, found[1], found[2])
    return None
