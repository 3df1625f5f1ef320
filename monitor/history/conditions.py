"""What else changed between two sessions of a person: a wider window can also be another posture or sensor."""

from collections.abc import Mapping
from typing import Any

from monitor.history.files import SessionSummary, number

_NOT_RECORDED = "not recorded"


def changes(before: SessionSummary, session: SessionSummary) -> tuple[str, ...]:
    """List the conditions that differ between two sessions.

    Parameters
    ----------
    before : SessionSummary
        The last calibrated session before.
    session : SessionSummary
        The session.

    Returns
    -------
    tuple of str
        ``what: before → now`` each: medication, posture and whatever else the profile records, sensors, edges in
        use, version of the program.
    """
    found = _mapping_changes(_dict(before, "conditions"), _dict(session, "conditions"), "")
    found += _mapping_changes(_dict(before, "sensors"), _dict(session, "sensors"), " sensor")
    edges = [_edges(one) for one in (before, session)]
    if edges[0] != edges[1]:
        found.append(f"edges in use: {edges[0]} → {edges[1]}")
    if before.program != session.program:
        found.append(f"attune: {before.program or _NOT_RECORDED} → {session.program or _NOT_RECORDED}")
    return tuple(found)


def _dict(session: SessionSummary, name: str) -> Mapping[str, Any]:
    part = session.calibration.get(name)
    return part if isinstance(part, dict) else {}


def _mapping_changes(before: Mapping[str, Any], now: Mapping[str, Any], suffix: str) -> list[str]:
    names = sorted({*before, *now})
    pairs = [(name, _said(before.get(name)), _said(now.get(name))) for name in names]
    return [f"{name.replace('_', ' ')}{suffix}: {old} → {new}" for name, old, new in pairs if old != new]


def _said(value: Any) -> str:  # noqa: ANN401 - conditions hold any plain value
    if value is None or value in ("", [], ()):
        return _NOT_RECORDED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(sorted(str(item).replace("_", " ") for item in value))
    return str(value).replace("_", " ")


def _edges(session: SessionSummary) -> str:
    upper, lower = (number(session.calibration, "edges", side, "mean") for side in ("upper", "lower"))
    return f"{lower:+.1f} to {upper:+.1f}" if upper == upper and lower == lower else _NOT_RECORDED
