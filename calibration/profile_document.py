"""A profile as a tree of plain values, and back."""

import itertools
import math
import re
from collections.abc import Mapping
from typing import Any

from calibration.baseline import INPUTS, Reference, Scale
from calibration.checked_table import CheckedTable
from calibration.edges import Edge, Edges, EdgesError, Mark, MarkLabel, MarkSource
from calibration.personal_profile import Profile
from calibration.profile_facts import (
    Baseline,
    BaselineKind,
    Conditions,
    Medication,
    Posture,
    ProfileError,
    Screening,
)

SCHEMA = 2
"""Version of the form of a profile."""

_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_LAST_UTC_S = 253402300799.0
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.ASCII | re.IGNORECASE)


def check_participant(code: str) -> str:
    """Check the code of a person.

    Parameters
    ----------
    code : str
        As typed.

    Returns
    -------
    str
        The same code: nothing in it can lead out of a folder.

    Raises
    ------
    ProfileError
        If it is not 1 to 32 of A-Z, a-z, digits, _ and -, or the name of a device of Windows.
    """
    if _CODE.fullmatch(code) is None or _RESERVED.fullmatch(code) is not None:
        raise ProfileError(
            f"{code[:40]!r} cannot be the code of a person. Use 1 to 32 letters A-Z, a-z, digits, _ and -, such as C07."
        )
    return code


def document_of(profile: Profile) -> dict[str, Any]:
    """Write a profile as plain values.

    Parameters
    ----------
    profile : Profile
        The profile.

    Returns
    -------
    dict of str to Any
        Numbers, texts, lists and tables; what is unknown (NaN) is left out.
    """
    return {
        "schema": SCHEMA,
        "participant": profile.participant,
        "created": profile.created_utc_s,
        "updated": profile.updated_utc_s,
        "conditions": profile.conditions.as_mapping(),
        "sensors": dict(profile.sensors),
        "versions": dict(profile.versions),
        "prior": edges_document(profile.prior),
        "edges": edges_document(profile.edges),
        "baselines": [_baseline_document(baseline) for baseline in profile.baselines],
        "marks": [_mark_document(mark) for mark in profile.marks],
    }


def edges_document(edges: Edges) -> dict[str, Any]:
    """Write edges as plain values.

    Parameters
    ----------
    edges : Edges
        The edges.

    Returns
    -------
    dict of str to Any
        A table for each side.
    """
    return {
        side: {"mean": edge.mean, "sd": edge.sd, "n_marks": edge.n_marks}
        for side, edge in (("upper", edges.upper), ("lower", edges.lower))
    }


def profile_from(document: Mapping[str, Any]) -> Profile:
    """Read a profile from plain values.

    Parameters
    ----------
    document : Mapping of str to Any
        As `document_of` gives it, of the present schema.

    Returns
    -------
    Profile
        The profile.

    Raises
    ------
    ProfileError
        If anything is missing, unknown, of the wrong type or out of range; the message names the key.
    """
    top = CheckedTable(document)
    top.count("schema")
    participant = check_participant(top.text("participant"))
    baselines = tuple(_baseline(table, participant) for table in top.tables("baselines"))
    if any(late.utc_s < early.utc_s for early, late in itertools.pairwise(baselines)):
        raise ProfileError("`baselines` are not in the order of their `utc_s`")
    profile = Profile(
        participant=participant,
        created_utc_s=_moment(top, "created"),
        updated_utc_s=_moment(top, "updated"),
        conditions=_conditions(top.table("conditions")),
        sensors=top.table("sensors").texts(),
        versions=top.table("versions").texts(),
        prior=_edges(top, "prior"),
        edges=_edges(top, "edges"),
        marks=tuple(_mark(table) for table in top.tables("marks")),
        baselines=baselines,
    )
    top.close()
    return profile


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is unknown."""
    return {
        key: value for key, value in values.items() if not (isinstance(value, float) and math.isnan(value))
    }


def _moment(table: CheckedTable, key: str, missing: float | None = None) -> float:
    return table.number(key, low=0.0, high=_LAST_UTC_S, missing=missing)


def _conditions(table: CheckedTable) -> Conditions:
    conditions = Conditions(
        medication=table.words("medication", Medication),
        posture=table.word("posture", Posture) if table.has("posture") else None,
        caffeine=table.flag("caffeine") if table.has("caffeine") else None,
        screening=table.words("screening", Screening),
    )
    table.close()
    return conditions


def _edges(parent: CheckedTable, key: str) -> Edges:
    table = parent.table(key)
    sides = []
    for side in ("upper", "lower"):
        part = table.table(side)
        sides.append(
            Edge(
                mean=part.number("mean", low=-100.0, high=100.0),
                sd=part.number("sd", low=0.0, high=100.0),
                n_marks=part.count("n_marks"),
            )
        )
        part.close()
    table.close()
    try:
        return Edges(upper=sides[0], lower=sides[1])
    except EdgesError as error:
        raise ProfileError(f"`{key}`: {error}") from error


def _mark_document(mark: Mark) -> dict[str, Any]:
    return _known(
        {
            "label": str(mark.label),
            "by": str(mark.by),
            "session": mark.session,
            "t_s": mark.t_s,
            "utc_s": mark.utc_s,
            "arousal": mark.arousal,
            "se": mark.se,
        }
    )


def _mark(table: CheckedTable) -> Mark:
    mark = Mark(
        label=table.word("label", MarkLabel),
        by=table.word("by", MarkSource),
        session=table.text("session"),
        t_s=table.number("t_s"),
        utc_s=_moment(table, "utc_s", math.nan),
        arousal=table.number("arousal", low=-1e6, high=1e6, missing=math.nan),
        se=table.number("se", low=0.0, high=1e6, missing=math.nan),
    )
    table.close()
    return mark


def _baseline_document(baseline: Baseline) -> dict[str, Any]:
    reference = baseline.reference
    return _known(
        {
            "utc_s": baseline.utc_s,
            "kind": str(baseline.kind),
            "session": baseline.session,
            "protocol": baseline.protocol,
            "breathing_per_min": baseline.breathing_per_min,
            "tension": list(baseline.tension),
            "present": list(baseline.present),
            "reference": {
                "start_s": reference.start_s,
                "stop_s": reference.stop_s,
                "valid_s": reference.valid_s,
                "responder": reference.responder,
                "electrodermal_rho": reference.electrodermal_rho,
                "correlation": [list(row) for row in reference.correlation],
                "scales": {
                    name: {"mean": scale.mean, "sd": scale.sd, "n_effective": scale.n_effective}
                    for name, scale in reference.scales.items()
                },
            },
        }
    )


def _baseline(table: CheckedTable, participant: str) -> Baseline:
    baseline = Baseline(
        utc_s=_moment(table, "utc_s"),
        kind=table.word("kind", BaselineKind),
        session=table.text("session"),
        protocol=table.text("protocol"),
        reference=_reference(table.table("reference"), participant),
        breathing_per_min=table.number("breathing_per_min", low=0.0, high=200.0, missing=math.nan),
        tension=table.numbers("tension", low=0.0, high=10.0),
        present=table.numbers("present", low=0.0, high=10.0),
    )
    table.close()
    return baseline


def _reference(table: CheckedTable, participant: str) -> Reference:
    reference = Reference(
        participant=participant,
        start_s=table.number("start_s"),
        stop_s=table.number("stop_s"),
        valid_s=table.count("valid_s"),
        scales=_scales(table.table("scales")),
        electrodermal_rho=table.number("electrodermal_rho", low=-1.001, high=1.001),
        correlation=_correlation(table),
        responder=table.flag("responder"),
    )
    if reference.start_s >= reference.stop_s:
        raise ProfileError(f"`{table.name('stop_s')}` is not after `start_s`")
    table.close()
    return reference


def _correlation(table: CheckedTable) -> tuple[tuple[float, ...], ...]:
    rows = table.matrix("correlation", 3, low=-1.001, high=1.001)
    for i, row in enumerate(rows):
        if row[i] <= 0.0 or any(row[j] != rows[j][i] for j in range(i)):
            raise ProfileError(f"`{table.name('correlation')}` is not the matrix of a correlation")
    return rows


def _scales(table: CheckedTable) -> dict[str, Scale]:
    scales = {}
    for name in INPUTS:
        if not table.has(name):
            continue
        part = table.table(name)
        scale = Scale(
            mean=part.number("mean", low=-1e6, high=1e6),
            sd=part.number("sd", low=0.0, high=1e6),
            n_effective=part.number("n_effective", low=0.0, high=1e6),
        )
        if min(scale.sd, scale.n_effective) <= 0.0:
            raise ProfileError(f"`{part.name('sd')}` and `n_effective` must be above 0")
        part.close()
        scales[name] = scale
    table.close()
    return scales
