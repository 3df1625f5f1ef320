"""Notes and marks of a session from wherever they were written; free text only when asked for."""

from collections.abc import Mapping
from math import inf, isfinite
from pathlib import Path
from typing import Any, NamedTuple

from monitor.errors import RecordingError
from monitor.history.files import number
from monitor.marking.store import read_marks
from monitor.report.blocks import said
from monitor.session.notebook import WrittenNote, read_notebook

MOST_NOTES = 2000
_SAME_S = 0.5


class Noted(NamedTuple):
    """One note or mark.

    Parameters
    ----------
    t_s : float
        Moment in session seconds.
    kind : str
        ``note`` or ``mark``.
    label : str
        Which event or judgement; empty for free text alone.
    participant : str
        Whom it is about; may be empty.
    by : str
        Who said it; may be empty.
    source : str
        ``recording`` or ``added later``.
    number : int, default 0
        Of a note of the recording; 0 where unknown.
    text : str, default ""
        Free text.
    """

    t_s: float
    kind: str
    label: str
    participant: str
    by: str
    source: str
    number: int = 0
    text: str = ""


def read_noted(
    folder: Path, summary: Mapping[str, Any], told: list[str], *, with_text: bool = False
) -> tuple[Noted, ...]:
    """Gather the notes and marks of a session.

    Parameters
    ----------
    folder : Path
        The session folder or folder of tables.
    summary : Mapping of str to Any
        Its summary, which lists those of the recording.
    told : list of str
        What cannot be read is added here.
    with_text : bool, default False
        Whether free text is taken out of the notebook; without it no word of it leaves this function.

    Returns
    -------
    tuple of Noted
        By time, each once.
    """
    found = _of_recording(summary)
    try:
        for entry in read_marks(folder):
            mark = entry.mark
            later = Noted(mark.t_s, "mark", mark.label.value, entry.participant, mark.by.value, "added later")
            if not any(_alike(later, known) for known in found):
                found.append(later)
    except RecordingError:
        told.append("marks.json is damaged or cannot be read; the marks in it are left out.")
    try:
        written = read_notebook(folder)
    except RecordingError:
        told.append("notes.toml is damaged or cannot be read; what is in it is left out.")
        written = []
    found = _with_texts(found, written, told) if with_text else found
    found += [
        _added(note, with_text=with_text)
        for note in written
        if note.number == 0 and (note.label or with_text)
    ]
    return tuple(sorted(found, key=lambda one: (one.t_s, one.number))[:MOST_NOTES])


def _of_recording(summary: Mapping[str, Any]) -> list[Noted]:
    listed = summary.get("notes")
    found = []
    for item in listed if isinstance(listed, list) else ():
        t_s = number(item, "t_s") if isinstance(item, Mapping) else inf
        if not isfinite(t_s):
            continue
        kind, label, participant, by = (
            said(item.get(key), 64) for key in ("kind", "label", "participant", "by")
        )
        count = number(item, "number")
        found.append(
            Noted(t_s, kind, label, participant, by, "recording", int(count) if isfinite(count) else 0)
        )
    return found


def _alike(one: Noted, other: Noted) -> bool:
    return (
        other.kind == "mark"
        and (one.participant, one.label, one.by) == (other.participant, other.label, other.by)
        and abs(one.t_s - other.t_s) <= _SAME_S
    )


def _with_texts(found: list[Noted], written: list[WrittenNote], told: list[str]) -> list[Noted]:
    """Give each note of the recording its text; the text of a note that was taken back stays where it is."""
    texts = [note for note in written if note.number and note.text]
    out = list(found)
    for note in texts:
        place = next((i for i, one in enumerate(out) if _belongs(note, one)), -1)
        if place < 0:
            told.append(
                f"Note {note.number} was taken back or is not in the recording; its text is left out."
            )
        else:
            out[place] = out[place]._replace(
                text=" · ".join(filter(None, (out[place].text, said(note.text, 400))))
            )
    return out


def _belongs(note: WrittenNote, one: Noted) -> bool:
    if one.source != "recording":
        return False
    return note.number == one.number if one.number else abs(note.t_s - one.t_s) <= _SAME_S


def _added(note: WrittenNote, *, with_text: bool) -> Noted:
    text = said(note.text, 400) if with_text else ""
    return Noted(
        note.t_s,
        "note",
        said(note.label, 64),
        said(note.participant, 64),
        said(note.author, 64),
        "added later",
        0,
        text,
    )
