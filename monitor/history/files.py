"""The sessions of one person as their folders tell them: summaries found, read and checked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite, nan
from pathlib import Path
from typing import Any, Final, NamedTuple

SUMMARY_NAME: Final = "summary.json"

_MAX_BYTES = 1 << 26
_DEPTH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """What the summary of one session says of one person.

    Parameters
    ----------
    folder : Path
        The session folder.
    utc_s : float
        Begin in seconds since 1970; NaN where unknown.
    program : str
        Version of attune that computed it.
    calibration : Mapping of str to Any
        As in ``summary["calibration"][CODE]``; empty where there was none.
    zones : Mapping of str to Any
        As in ``summary["zones"][CODE]``; empty where there were none.
    """

    folder: Path
    utc_s: float
    program: str
    calibration: Mapping[str, Any]
    zones: Mapping[str, Any]


class Found(NamedTuple):
    """Sessions found below a folder.

    Parameters
    ----------
    sessions : tuple of SessionSummary
        Those that name the person, oldest first, undated ones last.
    told : tuple of str
        What was passed over and why, a sentence each.
    """

    sessions: tuple[SessionSummary, ...]
    told: tuple[str, ...]


class _UnusableSummaryError(Exception):
    """A summary that is not one of ours; the message says what is wrong."""


def find_sessions(code: str, folder: Path) -> Found:
    """Find the sessions of a person.

    Parameters
    ----------
    code : str
        Participant.
    folder : Path
        A folder of sessions, of groups of sessions, or one session.

    Returns
    -------
    Found
        A session found twice (its folder and a folder of tables made from it) counts once: the folder that holds
        the recording is taken.
    """
    told: list[str] = []
    sessions: list[SessionSummary] = []
    for place in _candidates(folder):
        try:
            session = _read(code, place)
        except _UnusableSummaryError as error:
            told.append(f"{place.name} was passed over: {error}")
            continue
        if session is not None:
            sessions.append(session)
    kept = _once(sessions, told)
    return Found(tuple(sorted(kept, key=_age)), tuple(told))


def _age(session: SessionSummary) -> tuple[bool, float, str]:
    dated = isfinite(session.utc_s)
    return (not dated, session.utc_s if dated else 0.0, session.folder.name)


def _candidates(folder: Path) -> Iterator[Path]:
    """Yield folders that look like sessions, at most two levels down; what a session holds is not searched."""
    level = [folder]
    for depth in range(_DEPTH + 1):
        below: list[Path] = []
        for place in level:
            if any((place / name).exists() for name in (SUMMARY_NAME, "session.toml", "recording.xdf")):
                yield place
            elif depth < _DEPTH:
                below += _folders_in(place)
        level = below


def _folders_in(place: Path) -> list[Path]:
    try:
        return sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []


def _read(code: str, folder: Path) -> SessionSummary | None:
    """Return what a session says of the person; None where the person did not take part."""
    summary = _summary(folder / SUMMARY_NAME)
    if code not in summary["participants"]:
        return None
    versions = summary.get("versions")
    return SessionSummary(
        folder=folder,
        utc_s=_utc_s(summary.get("t0_utc")),
        program=str(versions.get("attune-monitor", "")) if isinstance(versions, dict) else "",
        calibration=_part(summary, "calibration", code),
        zones=_part(summary, "zones", code),
    )


def _summary(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise _UnusableSummaryError(f"its {SUMMARY_NAME} is too large to be one of ours.")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise _UnusableSummaryError(
            f"it has no {SUMMARY_NAME}. `attune analyze {path.parent} --out {path.parent}` makes one."
        ) from error
    except OSError as error:
        raise _UnusableSummaryError(f"its {SUMMARY_NAME} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise _UnusableSummaryError(
            f"its {SUMMARY_NAME} is damaged. Restore it from a copy, or make it anew with `attune analyze`."
        ) from error
    if not isinstance(content, dict) or not isinstance(content.get("participants"), dict):
        raise _UnusableSummaryError(f"its {SUMMARY_NAME} is not of this program.")
    return content


def _part(summary: Mapping[str, Any], name: str, code: str) -> Mapping[str, Any]:
    part = summary.get(name)
    found = part.get(code) if isinstance(part, dict) else None
    return found if isinstance(found, dict) else {}


def _utc_s(text: object) -> float:
    if not isinstance(text, str) or not text:
        return nan
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _once(sessions: list[SessionSummary], told: list[str]) -> list[SessionSummary]:
    """Keep one of those that began at the same moment: the one with the recording."""
    kept: dict[float, SessionSummary] = {}
    undated = [session for session in sessions if not isfinite(session.utc_s)]
    for session in sorted(sessions, key=lambda s: not (s.folder / "session.toml").exists()):
        if not isfinite(session.utc_s):
            continue
        first = kept.setdefault(session.utc_s, session)
        if first is not session:
            told.append(
                f"{session.folder.name} was passed over: it is the same session as {first.folder.name}."
            )
    return [*kept.values(), *undated]


def number(part: Mapping[str, Any], *keys: str) -> float:
    """Take a number out of nested plain values.

    Parameters
    ----------
    part : Mapping of str to Any
        Part of a summary.
    *keys : str
        Way to the number.

    Returns
    -------
    float
        NaN where there is none.
    """
    value: Any = part
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else nan
