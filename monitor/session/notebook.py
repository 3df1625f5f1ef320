"""The notebook of a session, ``notes.toml``: free text, and notes added after the recording.

It is a file of its own so that words about people never get into recordings, tables or exports.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import tomli_w

from monitor.session.sealed import Changed, DamagedFileError, change_sealed, read_small

NOTEBOOK_NAME: Final = "notes.toml"
LONGEST_TEXT: Final = 400
"""Longest free text in characters."""

_FORMAT = 1
_LARGEST_NUMBER = 999_999
_FURTHEST_S = 1e9
_TEXTS = ("label", "author", "written_utc", "text", "participant")
_SEPARATOR = " · "


class WrittenNote(NamedTuple):
    """One entry of the notebook.

    Parameters
    ----------
    number : int
        Note of the recording whose text this is; 0 for a note that is not in the recording.
    t_s : float
        Moment in session seconds.
    label : str, default ""
        Which event; empty for free text alone.
    author : str, default ""
        Who wrote it.
    written_utc : str, default ""
        When it was written, ISO 8601.
    text : str, default ""
        Free text; may be empty.
    participant : str, default ""
        Whom it is about; empty for nobody in particular.
    """

    number: int
    t_s: float
    label: str = ""
    author: str = ""
    written_utc: str = ""
    text: str = ""
    participant: str = ""


class DamagedNotebookError(DamagedFileError):
    """The notebook of a session cannot be understood; the file is left as it is."""


def read_notebook(folder: Path) -> list[WrittenNote]:
    """Read the notebook of a session.

    Parameters
    ----------
    folder : Path
        The session folder.

    Returns
    -------
    list of WrittenNote
        In the order in which they were written; empty without a notebook.

    Raises
    ------
    DamagedNotebookError
        If the file is not one of ours.
    RecordingError
        If it cannot be read.
    """
    path = folder / NOTEBOOK_NAME
    return _notes_from(_entries(read_small(path), path), path)


def add_written(folder: Path, note: WrittenNote) -> tuple[str, ...]:
    """Add a note to the notebook of a session and to the session's manifest.

    Parameters
    ----------
    folder : Path
        The session folder; running or finished.
    note : WrittenNote
        The note.

    Returns
    -------
    tuple of str
        What the user must be told, a sentence each.

    Raises
    ------
    ValueError
        If it would not be read again as this note.
    RecordingError
        If the folder cannot be written, or another process keeps the notebook locked.
    """
    if not _is_note(_plain(note)):
        raise ValueError("this is no note for a notebook")
    return _changed(folder, lambda entries: [*entries, _plain(note)]).told


def remove_written(folder: Path, note: WrittenNote) -> tuple[str, ...]:
    """Take a note out of the notebook of a session.

    Parameters
    ----------
    folder : Path
        The session folder; running or finished.
    note : WrittenNote
        As it was read. Where there are several like it, the last one goes; where there is none, nothing happens.

    Returns
    -------
    tuple of str
        What the user must be told, a sentence each.

    Raises
    ------
    RecordingError
        If the folder cannot be written, or another process keeps the notebook locked.
    """

    def _without(entries: list[Any]) -> list[Any]:
        places = [place for place, item in enumerate(entries) if _note_from(item) == note]
        return [item for place, item in enumerate(entries) if place not in places[-1:]]

    return _changed(folder, _without).told


def remove_texts(folder: Path, number: int) -> tuple[str, ...]:
    """Take out the free text of a note of the recording that was taken back.

    Parameters
    ----------
    folder : Path
        The session folder; running or finished.
    number : int
        Number of the note, greater than 0.

    Returns
    -------
    tuple of str
        What the user must be told, a sentence each.

    Raises
    ------
    RecordingError
        If the folder cannot be written, or another process keeps the notebook locked.
    """
    if not (folder / NOTEBOOK_NAME).exists():
        return ()
    return _changed(folder, lambda entries: [e for e in entries if _note_from(e).number != number]).told


def texts_of(notes: Iterable[WrittenNote]) -> dict[int, str]:
    """Return the free texts that belong to notes of the recording.

    Parameters
    ----------
    notes : iterable of WrittenNote
        From `read_notebook`.

    Returns
    -------
    dict of int to str
        By the number of the note; several texts of one note are one line.
    """
    texts: dict[int, str] = {}
    for note in notes:
        if note.number and note.text:
            texts[note.number] = _SEPARATOR.join(filter(None, (texts.get(note.number, ""), note.text)))
    return texts


def added_of(notes: Iterable[WrittenNote]) -> list[WrittenNote]:
    """Return the notes that were added after the recording.

    Parameters
    ----------
    notes : iterable of WrittenNote
        From `read_notebook`.

    Returns
    -------
    list of WrittenNote
        In the same order.
    """
    return [note for note in notes if note.number == 0]


def _changed(folder: Path, change: Callable[[list[Any]], list[Any]]) -> Changed:
    path = folder / NOTEBOOK_NAME

    def _change(content: bytes | None) -> bytes | None:
        entries = _entries(content, path)
        _notes_from(entries, path)
        after = change(entries)
        return None if after == entries else _rendered(after)

    return change_sealed(folder, NOTEBOOK_NAME, _change, what="note")


def _entries(content: bytes | None, path: Path) -> list[Any]:
    """Return the entries of a file as they are; keys of later versions stay in them."""
    if content is None:
        return []
    try:
        entries = tomllib.loads(content.decode("utf-8-sig"))["note"]
    except (ValueError, KeyError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(entries, list):
        raise _damaged(path)
    return entries


def _notes_from(entries: list[Any], path: Path) -> list[WrittenNote]:
    if not all(_is_note(item) for item in entries):
        raise _damaged(path)
    return [_note_from(item) for item in entries]


def _is_note(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    number, t_s = item.get("number", 0), item.get("t_s")
    # Compared, not tested for being finite: a whole number of a TOML file may be too large for that.
    return (
        isinstance(number, int)
        and not isinstance(number, bool)
        and 0 <= number <= _LARGEST_NUMBER
        and isinstance(t_s, int | float)
        and not isinstance(t_s, bool)
        and abs(t_s) <= _FURTHEST_S
        and all(_is_text(item.get(name, "")) for name in _TEXTS)
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _note_from(item: Mapping[str, Any]) -> WrittenNote:
    texts = {name: item.get(name, "") for name in _TEXTS}
    return WrittenNote(number=item.get("number", 0), t_s=float(item["t_s"]), **texts)


def _damaged(path: Path) -> DamagedNotebookError:
    return DamagedNotebookError(
        f"'{path}' is damaged or was edited. Restore it from a copy; the next note moves it aside and starts a new "
        f"one."
    )


def _plain(note: WrittenNote) -> dict[str, Any]:
    """Return the entry of a note without what is empty."""
    return {name: value for name, value in note._asdict().items() if name == "t_s" or value}


def _rendered(entries: list[Any]) -> bytes:
    return tomli_w.dumps({"format": _FORMAT, "note": entries}).encode()
