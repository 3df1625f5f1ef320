"""The marks of one session, in ``marks.json`` beside its tables: added one by one, none ever lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any, Final, NamedTuple

from filelock import FileLock, Timeout

from calibration.edges import Mark, MarkLabel, MarkSource
from monitor.errors import RecordingError
from monitor.session.files import write_atomic
from monitor.session.manifest import MANIFEST_NAME, seal, verify_manifest

MARKS_NAME: Final = "marks.json"

_MAX_BYTES = 1 << 24
_WAIT_S = 10.0


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


class DamagedMarksError(RecordingError):
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
    try:
        return [_mark_from(item) for item in _raw(session / MARKS_NAME)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedMarksError(
            f"'{session / MARKS_NAME}' is damaged or was edited. Restore it from a copy; the next mark moves it "
            f"aside and starts a new one."
        ) from error


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
    try:
        with FileLock(path.with_name(f"{MARKS_NAME}.lock"), timeout=_WAIT_S):
            return _store(session, path, entry)
    except Timeout as error:
        raise RecordingError(
            f"Another program has been writing '{path}' for {_WAIT_S:.0f} s. Try again when it has finished."
        ) from error
    except OSError as error:
        raise RecordingError(
            f"The mark cannot be written to '{path}' ({error.strerror or error}). Nothing was changed; make the "
            f"folder writable or make room, and mark again."
        ) from error


def _store(session: Path, path: Path, entry: SessionMark) -> Stored:
    told: list[str] = []
    try:
        known = read_marks(session)
        raw = _raw(path)
    except DamagedMarksError:
        aside = _move_aside(path)
        told.append(f"{MARKS_NAME} was damaged: it is kept as {aside.name}, and a new one was begun.")
        known, raw = [], []
    content = _with_entry(raw, known, entry)
    if content is None:
        return Stored(True, tuple(told))
    has_manifest = (session / MANIFEST_NAME).is_file()
    # Sealing takes every file as it is now, so it must be known that they are as they were written.
    problems = verify_manifest(session) if has_manifest else []
    foreign = sorted({problem.file for problem in problems if not problem.file.startswith(MARKS_NAME)})
    write_atomic(path, _rendered(content))
    if foreign:
        told.append(
            f"The session is not as it was written ({', '.join(foreign)}), so its manifest was left alone and does "
            f"not list {MARKS_NAME}. Compare the session with a copy."
        )
    elif has_manifest:
        seal(session)
    return Stored(False, tuple(told))


def _with_entry(raw: list[Any], known: list[SessionMark], entry: SessionMark) -> list[Any] | None:
    """Return the list with the mark in it; None where it was there and nothing new is known of it."""
    for index, other in enumerate(known):
        if entry.is_like(other):
            # The session may have been analysed or calibrated since.
            if isfinite(other.mark.arousal) or not isfinite(entry.mark.arousal):
                return None
            return [*raw[:index], {**raw[index], **_plain(entry)}, *raw[index + 1 :]]
    return [*raw, _plain(entry)]


def _raw(path: Path) -> list[Any]:
    """Return the file's list as it is; keys of later versions stay in it."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError("too large")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RecordingError(
            f"'{path}' cannot be read ({error.strerror}). Check the permissions of the folder."
        ) from error
    if not isinstance(content, list):
        raise TypeError("no list")
    return content


def _move_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside


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
