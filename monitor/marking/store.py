"""The marks of one session, in ``marks.json`` beside its tables: added one by one, none ever lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any, Final, NamedTuple

from calibration.edges import Mark, MarkLabel, MarkSource
from monitor.session.sealed import DamagedFileError, change_sealed, read_small

MARKS_NAME: Final = "marks.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMark:
    """One mark as a session keeps it.

    Parameters
    ----------
    participant : str
        Whose moment it is.
    mark : Mark
        The judgement.
    reason : str, default ""
        Why it moves no edge, for the user; empty when it does.
    """

    participant: str
    mark: Mark
    reason: str = ""

    def is_like(self, other: "SessionMark") -> bool:
        """Tell whether somebody said the same of the same moment.

        Parameters
        ----------
        other : SessionMark
            Another mark.

        Returns
        -------
        bool
            True for the same participant, moment, label and source.
        """
        return self.participant == other.participant and is_same(self.mark, other.mark)


class DamagedMarksError(DamagedFileError):
    """The marks of a session cannot be understood; the file is left as it is."""


class Stored(NamedTuple):
    """What became of a mark in its session.

    Parameters
    ----------
    repeated : bool
        Whether it was there already; then nothing was written.
    told : tuple of str
        What else the user must know, a sentence each.
    """

    repeated: bool
    told: tuple[str, ...]


def is_same(one: Mark, other: Mark) -> bool:
    """Tell whether two marks are one judgement of one moment by one person.

    Parameters
    ----------
    one, other : Mark
        The marks.

    Returns
    -------
    bool
        Whatever arousal they carry.
    """
    return (one.session, one.t_s, one.label, one.by) == (other.session, other.t_s, other.label, other.by)


def read_marks(session: Path) -> list[SessionMark]:
    """Read the marks of a session.

    Parameters
    ----------
    session : Path
        The session folder.

    Returns
    -------
    list of SessionMark
        In the order in which they were made; empty without a file.

    Raises
    ------
    DamagedMarksError
        If the file is not one of ours.
    RecordingError
        If it cannot be read.
    """
    path = session / MARKS_NAME
    return _marks_from(_raw(read_small(path), path), path)


def store_mark(session: Path, entry: SessionMark) -> Stored:
    """Add a mark to its session and to the session's manifest.

    The same mark again changes nothing, unless arousal was missing before and is known now.

    Parameters
    ----------
    session : Path
        The session folder.
    entry : SessionMark
        The mark.

    Returns
    -------
    Stored
        Whether it was there already, and what the user must be told.

    Raises
    ------
    RecordingError
        If the folder cannot be written, or another process keeps the marks locked.
    """
    path = session / MARKS_NAME

    def _change(content: bytes | None) -> bytes | None:
        raw = _raw(content, path)
        after = _with_entry(raw, _marks_from(raw, path), entry)
        return None if after is None else _rendered(after)

    outcome = change_sealed(session, MARKS_NAME, _change, what="mark")
    return Stored(not outcome.written, outcome.told)


def _with_entry(raw: list[Any], known: list[SessionMark], entry: SessionMark) -> list[Any] | None:
    """Return the list with the mark in it; None where it was there and nothing new is known of it."""
    for index, other in enumerate(known):
        if entry.is_like(other):
            # The session may have been analysed or calibrated since.
            if isfinite(other.mark.arousal) or not isfinite(entry.mark.arousal):
                return None
            return [*raw[:index], {**raw[index], **_plain(entry)}, *raw[index + 1 :]]
    return [*raw, _plain(entry)]


def _raw(content: bytes | None, path: Path) -> list[Any]:
    """Return the file's list as it is; keys of later versions stay in it."""
    if content is None:
        return []
    try:
        entries = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(entries, list):
        raise _damaged(path)
    return entries


def _marks_from(raw: list[Any], path: Path) -> list[SessionMark]:
    try:
        return [_mark_from(item) for item in raw]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DamagedMarksError:
    return DamagedMarksError(
        f"'{path}' is damaged or was edited. Restore it from a copy; the next mark moves it aside and starts a new "
        f"one."
    )


def _mark_from(item: Mapping[str, Any]) -> SessionMark:
    t_s = float(item["t_s"])
    participant, session = item["participant"], item["session"]
    if not (isfinite(t_s) and isinstance(participant, str) and isinstance(session, str)):
        raise ValueError("no mark")
    mark = Mark(
        label=MarkLabel(item["label"]),
        by=MarkSource(item["by"]),
        session=session,
        t_s=t_s,
        utc_s=_number(item["utc_s"]),
        arousal=_number(item["arousal"]),
        se=_number(item["se"]),
    )
    return SessionMark(participant=participant, mark=mark, reason=str(item.get("reason", "")))


def _number(value: float | None) -> float:
    if value is None:
        return nan
    number = float(value)
    if not isfinite(number):
        raise ValueError("no number")
    return number


def _plain(entry: SessionMark) -> dict[str, Any]:
    mark = entry.mark
    numbers = {"utc_s": mark.utc_s, "arousal": mark.arousal, "se": mark.se}
    return {
        "participant": entry.participant,
        "label": mark.label.value,
        "by": mark.by.value,
        "session": mark.session,
        "t_s": mark.t_s,
        **{name: value if isfinite(value) else None for name, value in numbers.items()},
        "reason": entry.reason,
    }


def _rendered(content: list[Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
