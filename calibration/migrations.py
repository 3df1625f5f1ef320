"""Older forms of a profile brought to the present one."""

from collections.abc import Mapping
from typing import Any

from calibration.baseline import INPUTS, MIN_VALID_S
from calibration.checked_table import CheckedTable
from calibration.edges import PRIOR
from calibration.profile_document import SCHEMA, edges_document
from calibration.profile_facts import BaselineKind, ProfileError


def migrated(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring a document of any known version to the present one.

    Parameters
    ----------
    document : Mapping of str to Any
        As parsed; dates are seconds since 1970.

    Returns
    -------
    Mapping of str to Any
        Of the present schema; the same object if it was that already.

    Raises
    ------
    ProfileError
        If the version is missing, newer than this program or unknown, or an old document has flaws.
    """
    version = document.get("schema")
    if version is None:
        raise ProfileError("`schema` is missing, so that this seems to be no profile")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ProfileError(f"`schema` must be a whole number from 1 to {SCHEMA}")
    if version > SCHEMA:
        raise ProfileError(
            f"the profile was written by a newer attune (`schema` above {SCHEMA}), so that this one must not "
            "touch it; update attune"
        )
    return document if version == SCHEMA else _from_1(document)


def _from_1(document: Mapping[str, Any]) -> dict[str, Any]:
    """Version 1 held one reference: a flat table with level, SD and n_effective of each series."""
    top = CheckedTable(document)
    top.count("schema")
    made_utc_s = top.number("date")
    participant = top.text("participant")
    scales = _scales_1(top.table("reference"))
    top.close()
    reference = {
        "start_s": 0.0,
        "stop_s": float(MIN_VALID_S),
        "valid_s": MIN_VALID_S,
        "responder": True,
        # Version 1 did not keep how the series go together; independence claims least.
        "electrodermal_rho": 0.0,
        "correlation": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        "scales": scales,
    }
    baseline = {
        "utc_s": made_utc_s,
        "kind": str(BaselineKind.FIRST),
        "session": "",
        "protocol": "",
        "tension": [],
        "present": [],
        "reference": reference,
    }
    return {
        "schema": SCHEMA,
        "participant": participant,
        "created": made_utc_s,
        "updated": made_utc_s,
        "conditions": {"medication": [], "screening": []},
        "sensors": {},
        "versions": {},
        "prior": edges_document(PRIOR),
        "edges": edges_document(PRIOR),
        "baselines": [baseline],
        "marks": [],
    }


def _scales_1(table: CheckedTable) -> dict[str, dict[str, float]]:
    scales = {}
    for name in INPUTS:
        keys = {"mean": f"{name}_level", "sd": f"{name}_sd", "n_effective": f"{name}_n_effective"}
        named = [table.has(key) for key in keys.values()]
        if any(named):
            scales[name] = {part: table.number(key) for part, key in keys.items()}
    table.close()
    return scales
