"""The sessions of one person over time: time in zone, excursions and returns, and the width of the window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from statistics import median, median_low
from typing import Any, NamedTuple

from calibration.baseline import Scale
from calibration.edges import PRIOR, Edges, Mark
from calibration.pooling import unit_factor
from calibration.profile import Profile
from calibration.width import (
    Trend,
    Width,
    changed,
    frozen_marks,
    not_estimable,
    session_width,
    trend,
    width_of,
)
from monitor.errors import RecordingError
from monitor.history.conditions import changes
from monitor.history.files import SessionSummary, find_sessions, number
from monitor.marking.store import is_same, read_marks
from monitor.physical import PHYSICAL, Equivalent, equivalent


class Share(NamedTuple):
    """Share of the valid seconds in one zone, 0 to 1, with its 95 % interval; NaN where unknown."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session of one person.

    Parameters
    ----------
    name : str
        Name of the session folder.
    utc_s : float
        Begin in seconds since 1970; NaN where unknown.
    problem : str
        Why there are no zones; empty where there are.
    valid_minutes : float
        Minutes in which the zone was known; NaN where unknown, as all numbers here.
    within : Share
        Time within.
    near_edge_share : float
        Share of the valid seconds near an edge.
    n_above, n_below : float
        Excursions.
    return_median_s : float
        Kaplan-Meier median of the return times; NaN also where fewer than half returned.
    n_returns, n_censored : float
        Excursions it rests on, and how many of them ended by missing values or the end of the session.
    half_recovery_s : float
        Median recovery half-time.
    below_floor : bool
        Whether the median lies below the 15 s that can be resolved.
    n_marks : int
        Marks made of this session.
    width : Width
        From these marks alone.
    changes : tuple of str
        Conditions that differ from the session before.
    """

    name: str
    utc_s: float
    problem: str
    valid_minutes: float
    within: Share
    near_edge_share: float
    n_above: float
    n_below: float
    return_median_s: float
    n_returns: float
    n_censored: float
    half_recovery_s: float
    below_floor: bool
    n_marks: int
    width: Width
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All sessions of one person.

    Parameters
    ----------
    code : str
        Participant.
    sessions : tuple of SessionRow
        Oldest first, undated ones last.
    first : Width
        Of the first two sessions with a width together, where there is a later one; else of the first alone.
    n_first : int
        Sessions in `first`.
    last : Width
        Of the newest session with a width.
    changed : bool
        Whether `first` and `last` differ by more than their uncertainty.
    trend : Trend or None
        Of the width over time, from four sessions on.
    equivalents : Mapping of str to Equivalent
        One reference SD of the newest calibrated session, by series.
    told : tuple of str
        What was passed over and why.
    """

    code: str
    sessions: tuple[SessionRow, ...]
    first: Width
    n_first: int
    last: Width
    changed: bool
    trend: Trend | None
    equivalents: Mapping[str, Equivalent]
    told: tuple[str, ...]


class _Unit(NamedTuple):
    """The frozen unit as far as the profile knows it."""

    scales: Mapping[str, Scale] | None
    prior: Edges
    marks: Sequence[Mark]


def read_history(code: str, folder: Path, profile: Profile | None) -> History:
    """Read the history of a person.

    Parameters
    ----------
    code : str
        Participant.
    folder : Path
        Folder of the sessions.
    profile : Profile or None
        The person's profile, for the frozen unit and for marks made without the session at hand.

    Returns
    -------
    History
        Every session below `folder` that names the person.

    Raises
    ------
    RecordingError
        If the folder does not exist or holds no session of the person.
    """
    if not folder.is_dir():
        raise RecordingError(f"'{folder}' is no folder. Give the folder that holds the sessions.")
    found = find_sessions(code, folder)
    if not found.sessions:
        passed = f" {' '.join(found.told)}" if found.told else ""
        raise RecordingError(
            f"'{folder}' holds no session of {code}.{passed} Check the code, or give another folder."
        )
    unit = _unit(profile)
    told = list(found.told)
    rows: list[SessionRow] = []
    marks: list[list[Mark]] = []
    before: SessionSummary | None = None
    for session in found.sessions:
        made = _marks_of(code, session, unit, told)
        factor = _factor(session, unit)
        row = _row(session, before, made, session_width(made, factor, prior=unit.prior))
        rows.append(row)
        if row.width.estimable:
            marks.append(frozen_marks([mark for mark in made if isfinite(mark.arousal)], factor))
        before = session if session.calibration else before
    first, n_first = _first(marks, unit.prior)
    last = next((row.width for row in reversed(rows) if row.width.estimable), not_estimable("no marks"))
    return History(
        code=code,
        sessions=tuple(rows),
        first=first,
        n_first=n_first,
        last=last,
        changed=changed(first, last),
        trend=trend([row.width for row in rows], [row.utc_s for row in rows]),
        equivalents=_equivalents(found.sessions),
        told=tuple(told),
    )


def median_counts(history: History) -> tuple[float, float]:
    """Count excursions in the middle session.

    Parameters
    ----------
    history : History
        The history.

    Returns
    -------
    tuple of float
        Median number of excursions above and below over the sessions with zones; NaN without any.
    """
    above = [row.n_above for row in history.sessions if isfinite(row.n_above)]
    below = [row.n_below for row in history.sessions if isfinite(row.n_below)]
    return (median(above) if above else nan, median(below) if below else nan)


def _unit(profile: Profile | None) -> _Unit:
    if profile is None:
        return _Unit(None, PRIOR, ())
    return _Unit(profile.frozen_scales(), profile.prior, profile.marks)


def _marks_of(code: str, session: SessionSummary, unit: _Unit, told: list[str]) -> list[Mark]:
    """Gather the marks of a session from its folder and from the profile, each once."""
    try:
        made = [entry.mark for entry in read_marks(session.folder) if entry.participant == code]
    except RecordingError as error:
        told.append(str(error))
        made = []
    known = [mark for mark in unit.marks if mark.session == session.folder.name]
    return made + [mark for mark in known if not any(is_same(mark, other) for other in made)]


def _scales(part: object) -> dict[str, Scale]:
    """Read scales out of a summary; what is incomplete is left out."""
    found: dict[str, Scale] = {}
    for name, scale in part.items() if isinstance(part, dict) else ():
        mean, sd = (number(scale, key) if isinstance(scale, dict) else nan for key in ("mean", "sd"))
        if name in PHYSICAL and isfinite(mean) and sd > 0.0:
            found[name] = Scale(mean=mean, sd=sd, n_effective=number(scale, "n_effective"))
    return found


def _reference(session: SessionSummary) -> Mapping[str, Any]:
    """Return what the session was seen against; where none is named, what the calibration itself says."""
    reference = session.calibration.get("reference")
    return reference if isinstance(reference, dict) else session.calibration


def _factor(session: SessionSummary, unit: _Unit) -> float:
    """SD in frozen units of one SD of the session; as the session noted it, else from the profile."""
    noted = number(session.calibration, "unit_factor")
    reference = _reference(session)
    scales = _scales(reference.get("scales"))
    if isfinite(noted) or unit.scales is None or not scales:
        return noted
    correlation = _square(reference.get("correlation"))
    rho = number(reference, "electrodermal_rho")
    if correlation is None or not isfinite(rho):
        return nan
    return unit_factor(scales, unit.scales, correlation, rho)


def _square(value: object) -> list[list[float]] | None:
    """Return a 3 x 3 matrix if it is one."""
    if not isinstance(value, list) or not all(isinstance(row, list) and len(row) == 3 for row in value):
        return None
    numbers = all(isinstance(cell, int | float) for row in value for cell in row)
    return value if len(value) == 3 and numbers else None


def _row(
    session: SessionSummary, before: SessionSummary | None, marks: Sequence[Mark], width: Width
) -> SessionRow:
    zones = session.zones if number(session.zones, "valid_minutes") > 0.0 else {}
    half_s, below_floor = _half_recovery(zones)
    text = session.calibration.get("text") or session.calibration.get("problem") or "not calibrated."
    problem = "" if zones else str(text).replace("_", " ")
    shares = (number(zones, "shares", "within", key) for key in ("share", "low", "high"))
    return SessionRow(
        name=session.folder.name,
        utc_s=session.utc_s,
        problem=problem,
        valid_minutes=number(zones, "valid_minutes"),
        within=Share(*shares),
        near_edge_share=number(zones, "near_edge_share"),
        n_above=number(zones, "n_above"),
        n_below=number(zones, "n_below"),
        return_median_s=number(zones, "return_median_s"),
        n_returns=number(zones, "return_n"),
        n_censored=number(zones, "return_n_censored"),
        half_recovery_s=half_s,
        below_floor=below_floor,
        n_marks=len(marks),
        width=width,
        changes=changes(before, session) if before is not None and session.calibration else (),
    )


def _half_recovery(zones: Mapping[str, Any]) -> tuple[float, bool]:
    """Median over the excursions that came half way back, and whether it lies below what can be resolved."""
    excursions = zones.get("excursions")
    listed = [one for one in excursions if isinstance(one, dict)] if isinstance(excursions, list) else []
    known = [0.0 if one.get("below_floor") is True else number(one, "half_recovery_s") for one in listed]
    halves = [value for value in known if isfinite(value)]
    if not halves:
        return number(zones, "half_recovery_median_s"), False
    return (nan, True) if median_low(halves) == 0.0 else (median(halves), False)


def _first(marks: Sequence[Sequence[Mark]], prior: Edges) -> tuple[Width, int]:
    """Width of the first sessions: two together where a later one remains to compare with."""
    n_first = 2 if len(marks) > 2 else min(len(marks), 1)
    together = [mark for session in marks[:n_first] for mark in session]
    return width_of(together, prior=prior), n_first


def _equivalents(sessions: Sequence[SessionSummary]) -> dict[str, Equivalent]:
    for session in reversed(sessions):
        scales = _scales(_reference(session).get("scales"))
        if scales:
            return {name: equivalent(name, scales[name]) for name in PHYSICAL if name in scales}
    return {}
