"""Marks of moments of a session: what somebody said of them, and what arousal was then."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite, nan
from pathlib import Path
from typing import Any, NamedTuple

from calibration.edges import MARKS_NEEDED, Edges, Mark, MarkLabel, MarkSource
from calibration.profile import Profile, ProfileError, update_profile
from monitor.errors import RecordingError, SettingsError
from monitor.marking.moments import arousal_before, clock_text
from monitor.marking.store import SessionMark, store_mark
from monitor.room import Kind, check_code
from monitor.session.folder import read_participants
from monitor.session.locks import is_held


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOutcome:
    """What became of a mark.

    Parameters
    ----------
    participant : str
        Whose moment it is.
    mark : Mark
        The mark with the arousal found; NaN where there was none.
    counted : bool
        Whether it has now entered the person's profile and moves an edge.
    repeated : bool
        Whether session and profile had it already, so that it was not counted again.
    reason : str
        Why it moves no edge; empty where it does, or where it had been counted before.
    text : str
        All of this for the user.
    """

    participant: str
    mark: Mark
    counted: bool
    repeated: bool
    reason: str
    text: str


class _Facts(NamedTuple):
    duration_s: float
    t0_utc_s: float
    people: Mapping[str, str]


def add_mark(
    session: Path,
    time_s: float,
    label: str,
    by: str,
    *,
    participant: str | None,
    profiles: Path,
    now_utc_s: float,
) -> MarkOutcome:
    """Mark a moment: in the session always, in the person's profile where arousal was known.

    Parameters
    ----------
    session : Path
        A session folder, or the folder of its tables.
    time_s : float
        Moment in session seconds.
    label : str
        ``too-much``, ``tolerable`` or ``too-little``; underscores do as well.
    by : str
        ``client``, ``therapist`` or ``review``.
    participant : str or None
        Code; None for the client, or for the only person there is.
    profiles : Path
        Folder of the profiles.
    now_utc_s : float
        The present, in seconds since 1970: old marks fade.

    Returns
    -------
    MarkOutcome
        What was found and done. Arousal is the median of the valid seconds whose centre lies in
        ``[time_s - 30, time_s]``, its error their median error; fewer than ten valid seconds are a gap.

    Raises
    ------
    SettingsError
        If label, source, code or moment cannot be used.
    RecordingError
        If this is no closed session, or it cannot be written.
    """
    word = _choice(MarkLabel, label.replace("-", "_"), label, "label")
    source = _choice(MarkSource, by, by, "--by")
    facts = _facts(session)
    code = _participant(facts.people, participant)
    if not (isfinite(time_s) and 0.0 <= time_s <= facts.duration_s):
        raise SettingsError(
            f"{time_s:g} s is outside the session, which is {clock_text(facts.duration_s)} "
            f"({facts.duration_s:.0f} s) long. Give a moment inside it."
        )
    found = arousal_before(session, code, time_s)
    mark = Mark(
        label=word,
        by=source,
        session=session.resolve().name,
        t_s=time_s,
        utc_s=facts.t0_utc_s + time_s,
        arousal=found.arousal,
        se=found.se,
    )
    stored = store_mark(session, SessionMark(participant=code, mark=mark, reason=found.reason))
    if found.reason:
        profiled = _Profiled(counted=False, known=True, reason=found.reason)
    else:
        profiled = _into_profile(profiles / f"{code}.toml", code, mark, now_utc_s)
    repeated = stored.repeated and profiled.known
    lines = [_what(code, mark, repeated=repeated), profiled.text]
    if profiled.reason:
        lines.append(f"It is kept in the session and moves no edge: {profiled.reason}")
    return MarkOutcome(
        participant=code,
        mark=mark,
        counted=profiled.counted,
        repeated=repeated,
        reason=profiled.reason,
        text=" ".join(line for line in (*lines, *stored.told) if line),
    )


class _Profiled(NamedTuple):
    """What the profile did with a mark; `known` where there was nothing left for it to do."""

    counted: bool
    known: bool
    reason: str = ""
    text: str = ""


def _choice(kind: type[MarkLabel] | type[MarkSource], value: str, given: str, what: str) -> Any:  # noqa: ANN401
    if value in set(kind):
        return kind(value)
    valid = ", ".join(item.value.replace("_", "-") for item in kind)
    raise SettingsError(f"Unknown {what} {given[:40]!r} of a mark. Valid: {valid}.")


def _facts(session: Path) -> _Facts:
    """Tell how long a closed session is, when it began and who took part."""
    if not session.is_dir():
        raise RecordingError(f"'{session}' is no folder. Give the folder of a session.")
    if (session / "recording.xdf.part").exists():
        if is_held(session / "recording.xdf.lock"):
            raise RecordingError(
                f"'{session.name}' is still being recorded. Note the time, and mark it once the session has ended."
            )
        raise RecordingError(
            f"'{session}' was not closed. `attune live --out {session.parent}` repairs it when it starts; mark it then."
        )
    path = session / "summary.json"
    try:
        summary = json.loads(path.read_text(encoding="utf-8-sig"))
        duration_s = float(summary["duration_s"])
        people = {str(code): str(kind) for code, kind in dict(summary["participants"]).items()}
        began = summary.get("t0_utc")
        t0_utc_s = datetime.fromisoformat(began).timestamp() if began else nan
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RecordingError(
            f"'{session}' has no readable summary.json, so nobody knows how long it is and who took part. "
            f"Make it anew: `attune analyze {session} --out {session}`."
        ) from error
    return _Facts(duration_s, t0_utc_s, people | read_participants(session / "session.toml"))


def _participant(people: Mapping[str, str], given: str | None) -> str:
    codes = ", ".join(f"{code} ({kind})" for code, kind in people.items()) or "nobody"
    if given is not None:
        if check_code(given) in people:
            return given
        raise SettingsError(f"{given} does not take part in this session. It holds {codes}.")
    clients = [code for code, kind in people.items() if kind == Kind.CLIENT.value]
    chosen = clients or list(people)
    if len(chosen) == 1:
        return check_code(chosen[0])
    raise SettingsError(f"Say whose moment this is with --participant CODE. The session holds {codes}.")


def _into_profile(path: Path, code: str, mark: Mark, now_utc_s: float) -> _Profiled:
    if not path.is_file():
        return _Profiled(
            counted=False,
            known=False,
            reason=f"there is no profile of {code}. Make one with `attune calibrate {code}`, then mark again.",
        )
    counted = False

    def _with_mark(profile: Profile) -> Profile:
        nonlocal counted
        marked = profile.with_mark(mark, now_utc_s)
        counted = marked is not profile
        return marked

    try:
        profile = update_profile(path, code, _with_mark)
    except (ProfileError, OSError) as error:
        return _Profiled(counted=False, known=False, reason=f"{error}")
    return _Profiled(counted, not counted, text=_edge_line(profile.edges, mark) if counted else "")


def _edge_line(edges: Edges, mark: Mark) -> str:
    upper = mark.label is MarkLabel.TOO_MUCH or (mark.label is MarkLabel.TOLERABLE and mark.arousal >= 0.0)
    side, edge = ("Upper", edges.upper) if upper else ("Lower", edges.lower)
    marks = f"{edge.n_marks} mark{'' if edge.n_marks == 1 else 's'}"
    kind = f"provisional edge, {marks} of {MARKS_NEEDED} needed" if edge.provisional else marks
    return f"{side} edge now {edge.mean:.2f} ± {edge.sd:.2f} reference SD ({kind})."


def _what(code: str, mark: Mark, *, repeated: bool) -> str:
    words = f"{mark.label.value.replace('_', ' ')} at {clock_text(mark.t_s)}, by {mark.by.value}"
    if repeated:
        return f"{code}: {words} was marked before; it is not counted twice."
    known = f", arousal {mark.arousal:+.1f} reference SD in the 30 s before" if isfinite(mark.arousal) else ""
    return f"{code}: {words}{known}."
