"""Notes and marks as a table."""

from monitor.board.gate import format_clock
from monitor.report.blocks import MISSING, Block, Table, Text
from monitor.report.noted import MOST_NOTES, Noted
from monitor.report.reading import Material

_KINDS = {"note": "note", "mark": "mark"}


def note_blocks(material: Material, *, with_text: bool) -> list[Block]:
    """List the notes and marks of a session.

    Parameters
    ----------
    material : Material
        The session.
    with_text : bool
        Whether free text was asked for.

    Returns
    -------
    list of Block
        A table; a sentence where there is none.
    """
    blocks: list[Block] = []
    if with_text:
        blocks.append(
            Text(
                "This page holds free text from notes.toml, because it was asked for. Think before it is "
                "handed on.",
                "main",
            )
        )
    if not material.noted:
        return [*blocks, Text("No notes and no marks.")]
    blocks.append(note_table(material.noted, with_text=with_text))
    if not with_text:
        blocks.append(Text("Free text is left out; `attune report … --with-text` takes it along.", "aside"))
    return blocks


def note_table(noted: tuple[Noted, ...], *, with_text: bool) -> Table:
    """List notes and marks.

    Parameters
    ----------
    noted : tuple of Noted
        By time.
    with_text : bool
        Whether there is a column for free text.

    Returns
    -------
    Table
        Numbered as in the charts.
    """
    headings = ("No.", "Time", "Kind", "What", "Person", "By", "Made", *(("Text",) if with_text else ()))
    rows = tuple(
        (
            f"{place}",
            format_clock(one.t_s),
            _KINDS.get(one.kind, MISSING),
            one.label.replace("_", " ") or MISSING,
            one.participant or MISSING,
            one.by or MISSING,
            one.source,
            *((one.text or MISSING,) if with_text else ()),
        )
        for place, one in enumerate(noted, start=1)
    )
    caption = "Notes and marks" if len(noted) < MOST_NOTES else f"Notes and marks (the first {MOST_NOTES})"
    return Table(caption, headings, rows, numbers=(0, 1))
