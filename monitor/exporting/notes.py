"""Notes and marks of a session as one CSV file."""

import csv
import io
from collections.abc import Iterable
from math import isfinite
from pathlib import Path
from typing import Final, NamedTuple

from monitor.core.events import Annotation
from monitor.core.noting import MARK, NOTE, WRITTEN, moments_of
from monitor.core.pipeline import Pipeline
from monitor.errors import RecordingError
from monitor.exporting.files import ExportFile
from monitor.exporting.writing import write_export
from monitor.marking.store import read_marks
from monitor.paths import recording_in
from monitor.session.notebook import NOTEBOOK_NAME, added_of, read_notebook, texts_of
from monitor.xdf.source import FileSource

COLUMNS: Final = ("t_s", "kind", "label", "participant", "by", "source")
RECORDED, ADDED = "recording", "added later"

_SAME_S = 0.01
_FORMULA = ("=", "+", "-", "@")


class NoteRow(NamedTuple):
    """One row of the table.

    Parameters
    ----------
    t_s : float
        Moment in session seconds.
    kind : str
        ``note`` or ``mark``.
    label, participant, by : str
        What, whose moment (empty for nobody in particular), and who said it.
    source : str
        ``recording`` or ``added later``.
    text : str
        Free text; empty without.
    """

    t_s: float
    kind: str
    label: str
    participant: str
    by: str
    source: str
    text: str


def export_notes(path: Path, out: Path, *, with_text: bool, force: bool) -> list[str]:
    """Write the notes and marks of a session.

    Parameters
    ----------
    path : Path
        A session folder or an XDF file.
    out : Path
        The CSV file.
    with_text : bool
        Whether free text is written too.
    force : bool
        Whether a file that exists may be replaced.

    Returns
    -------
    list of str
        What the user must be told.

    Raises
    ------
    RecordingError
        If the recording or what belongs to it cannot be read, or the file cannot be written.
    """
    recording = recording_in(path)
    rows = rows_of(recording)
    write_export(out.parent, [ExportFile(out.name, table_of(rows, with_text=with_text))], force=force)
    marks = sum(row.kind == MARK for row in rows)
    told = [f"{out}: {len(rows) - marks} notes, {marks} marks"]
    n_texts = sum(bool(row.text) for row in rows)
    if with_text:
        told.append(f"It holds free text in {n_texts} rows: keep it as you keep a case file.")
    elif n_texts:
        told.append(f"Free text of {n_texts} notes stayed in {NOTEBOOK_NAME}; --with-text exports it.")
    return told


def rows_of(recording: Path) -> list[NoteRow]:
    """Gather the notes and marks of a session.

    Parameters
    ----------
    recording : Path
        The XDF file; beside it may lie what was added later.

    Returns
    -------
    list of NoteRow
        By time: what was recorded and not taken back, and what was added afterwards.

    Raises
    ------
    RecordingError
        If one of the files cannot be read, or the recording has no data.
    """
    t0_s, annotations = _told_in(recording)
    # Only the files of a session are called so: beside any other XDF file they belong to something else.
    beside = recording.parent if recording.name == "recording.xdf" else None
    written = read_notebook(beside) if beside else []
    texts = texts_of(written)
    rows = [
        NoteRow(m.at_s - t0_s, m.kind, m.label, m.participant, m.by, RECORDED, texts.get(m.number, ""))
        for m in moments_of(annotations)
    ]
    rows += [
        NoteRow(note.t_s, NOTE, note.label or WRITTEN, note.participant, note.author, ADDED, note.text)
        for note in added_of(written)
    ]
    rows += _marked_later(beside, rows) if beside else []
    return sorted(rows, key=lambda row: row.t_s)


def table_of(rows: Iterable[NoteRow], *, with_text: bool) -> bytes:
    """Write rows as CSV.

    Parameters
    ----------
    rows : iterable of NoteRow
        The rows.
    with_text : bool
        Whether the free text is a column.

    Returns
    -------
    bytes
        UTF-8 with a header; times to a millisecond. No spreadsheet takes a cell for a formula.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *(("text",) if with_text else ())])
    for row in rows:
        words = [_harmless(str(word)) for word in row[1 : None if with_text else -1]]
        writer.writerow([f"{row.t_s:.3f}", *words])
    return file.getvalue().encode()


def _told_in(recording: Path) -> tuple[float, list[Annotation]]:
    """Give the clock at session time 0 and every annotation; only the start is computed, which gives the former."""
    pipeline = Pipeline(compare=False)
    annotations: list[Annotation] = []
    for event in FileSource(recording):
        if isinstance(event, Annotation):
            annotations.append(event)
        if pipeline.t0_s is None:
            pipeline.push(event)
    if pipeline.t0_s is None or not isfinite(pipeline.t0_s):
        raise RecordingError(
            f"'{recording}' holds no data, so nobody knows when its session began. It may have been stopped before "
            f"the first sample."
        )
    return pipeline.t0_s, annotations


def _marked_later(session: Path, rows: list[NoteRow]) -> list[NoteRow]:
    """Give the marks that are not those of the recording, which the session keeps in the same file."""
    marked = [
        NoteRow(kept.mark.t_s, MARK, kept.mark.label.value, kept.participant, kept.mark.by.value, ADDED, "")
        for kept in read_marks(session)
    ]
    return [row for row in marked if not any(_is_same(row, other) for other in rows)]


def _is_same(row: NoteRow, other: NoteRow) -> bool:
    return row[1:5] == other[1:5] and abs(row.t_s - other.t_s) < _SAME_S


def _harmless(word: str) -> str:
    # A notebook is text that anybody may have edited.
    word = "".join(c if c.isprintable() else " " for c in word).strip()
    return f"'{word}" if word.startswith(_FORMULA) else word
