"""What the bar of notes says: names of notes and judgements, what can be taken back, what has been noted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from monitor.board.gate import format_clock
from monitor.board.session_views import MarkView
from monitor.board.snapshot import Snapshot
from monitor.core.noting import LARGEST_NUMBER, MARK, WRITTEN
from monitor.views.lines import tr

PALETTE: Final[Mapping[str, str]] = MappingProxyType(
    {"1": "rupture", "2": "repair", "3": "intervention", "4": "silence"}
)
"""Notes of the digits, unless the user has others."""

DIGITS: Final = "123456789"
UNDO_WITHIN_S: Final = 600.0
"""How long after its key was pressed a note of a running session can be taken back, as the engine has it."""

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rupture": "rupture",
        "repair": "repair",
        "intervention": "intervention",
        "silence": "silence",
        "too_much": "too much",
        "tolerable": "tolerable",
        "too_little": "too little",
        WRITTEN: "written note",
    }
)
"""How labels are shown; those of the user are their own words."""

NOT_RECORDING = "Notes can be made while a session is recorded."
NO_AUTHOR = "To add notes to a recording, open it with --author and your code."
NO_ANSWER = "Not noted: the engine does not answer."
NOT_YET = "Not noted yet; waiting for the engine."
KEPT_IN = "Kept in notes.toml, not in the recording or exports. Return keeps it, Escape leaves it."


class Place(NamedTuple):
    """Where notes would go now.

    Parameters
    ----------
    active : bool
        Whether notes can be made.
    why : str
        Why not, translated; empty where they can.
    author : str
        Who adds notes to a recording; empty in a running session.
    now_s : float
        Session time in seconds.
    past : bool
        Whether a recording is looked at.
    """

    active: bool
    why: str
    author: str
    now_s: float
    past: bool


def place_of(snapshot: Snapshot, *, recording: bool, blank: str) -> Place:
    """Tell whether notes can be made.

    Parameters
    ----------
    snapshot : Snapshot
        The newest.
    recording : bool
        Whether the engine records now.
    blank : str
        Why nothing may be shown now; empty where something may.

    Returns
    -------
    Place
        Where notes would go.
    """
    transport = snapshot["transport"]
    if transport is not None:
        author = transport["author"]
        why = blank or ("" if author else tr(NO_AUTHOR))
        return Place(not why, why, author, transport["position_s"], True)
    why = "" if recording else blank or tr(NOT_RECORDING)
    now_s = snapshot["now_s"]
    return Place(not why, why, "", float("nan") if now_s is None else now_s, False)


def word_of(label: str) -> str:
    """Return how a label is shown.

    Parameters
    ----------
    label : str
        Label of a note or judgement.

    Returns
    -------
    str
        Translated words.
    """
    return tr(WORDS.get(label, label.replace("_", " ")))


def mark_text(mark: MarkView, visible: Collection[str]) -> str:
    """Return what a note or mark is, in two or three words.

    Parameters
    ----------
    mark : MarkView
        The note or mark.
    visible : collection of str
        Codes that may be seen.

    Returns
    -------
    str
        Of a mark with its person; of one about somebody who is hidden only that it is one.
    """
    if not mark["participant"]:
        return word_of(mark["label"] or WRITTEN)
    if mark["participant"] not in visible:
        return tr("note") if mark["kind"] != MARK else tr("judgement")
    return tr("{what}, {code}").format(what=word_of(mark["label"]), code=mark["participant"])


def undoable(marks: Iterable[MarkView], place: Place) -> MarkView | None:
    """Return what undo would take back.

    Parameters
    ----------
    marks : iterable of MarkView
        All that stand.
    place : Place
        Where notes go.

    Returns
    -------
    MarkView or None
        The newest of the last ten minutes; of a recording the newest the same author has added.
    """
    if not place.active:
        return None
    if place.author:
        mine = [m for m in marks if m["number"] > LARGEST_NUMBER and m["by"] == place.author]
    else:
        mine = [m for m in marks if m["number"] > 0 and not place.now_s - m["t_s"] > UNDO_WITHIN_S]
    return max(mine, key=lambda mark: mark["number"], default=None)


def news_of(before: Sequence[MarkView], after: Sequence[MarkView], visible: Collection[str]) -> str:
    """Say what has been noted or taken back since.

    Parameters
    ----------
    before, after : sequence of MarkView
        All that stood before, and that stand now.
    visible : collection of str
        Codes that may be seen.

    Returns
    -------
    str
        About the newest of them; empty when nothing changed.
    """
    known, standing = _by_number(before), _by_number(after)
    if new := [m for number, m in standing.items() if number not in known]:
        newest = max(new, key=lambda mark: mark["number"])
        return _said(tr("{clock} {what} noted"), newest, visible)
    if gone := [m for number, m in known.items() if number not in standing]:
        return _said(tr("{clock} {what} taken back"), max(gone, key=lambda mark: mark["number"]), visible)
    written = [m for number, m in standing.items() if m["text"] and m["text"] != known[number]["text"]]
    return _said(tr("{clock} {what}: text kept"), written[-1], visible) if written else ""


def last_of(marks: Sequence[MarkView], place: Place, visible: Collection[str]) -> str:
    """Say what the last note of a running session was.

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
        Empty without notes, and of a recording, whose time line has them all.
    """
    return _said(tr("last: {clock} {what}"), marks[-1], visible) if marks and not place.past else ""


def undo_text(mark: MarkView | None, visible: Collection[str]) -> str:
    """Say what undo would take back.

    Parameters
    ----------
    mark : MarkView or None
        From `undoable`.
    visible : collection of str
        Codes that may be seen.

    Returns
    -------
    str
        For a button.
    """
    return tr("undo") if mark is None else _said(tr("undo {what} {clock}"), mark, visible)


def _said(form: str, mark: MarkView, visible: Collection[str]) -> str:
    return form.format(clock=format_clock(mark["t_s"]), what=mark_text(mark, visible))


def _by_number(marks: Iterable[MarkView]) -> dict[tuple[int, float], MarkView]:
    # Marks of older recordings have no number; their moment tells them apart.
    return {(m["number"], 0.0 if m["number"] else m["t_s"]): m for m in marks}
