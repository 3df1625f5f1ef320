"""Calibration and zones of a finished run, as plain values for the summary."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import Reference
from calibration.edges import Edge
from calibration.excursions import Excursion
from calibration.occupancy import (
    ConditionalReturn,
    Return,
    conditional_return,
    joint_occupancy,
    return_median,
    time_in_zone,
)
from calibration.personal_profile import Profile
from calibration.pooling import unit_factor
from calibration.profile_facts import Conditions
from calibration.zones import Zone
from monitor.core.person import Person
from monitor.core.standing import Standing
from monitor.core.zoning import CENTRE_S, ZoneTrack

_NAMES = ("within", "above", "below")


def calibration_facts(standing: Standing, profile: Profile | None) -> dict[str, Any]:
    """Describe the calibration a person was seen against.

    Parameters
    ----------
    standing : Standing
        At the end of the run.
    profile : Profile or None
        Their profile, if there is one.

    Returns
    -------
    dict of str to Any
        Plain values.
    """
    calibration, reference = standing.calibration, standing.reference
    edges = calibration.edges
    return {
        "profile": profile is not None,
        "profile_updated_utc": _iso(profile.updated_utc_s) if profile else "",
        "calibrated_utc": _iso(profile.baselines[-1].utc_s) if profile and profile.baselines else "",
        "taken_in_session": standing.taken is not None,
        "provisional_scale": calibration.n_earlier == 0,
        "edges": {"upper": _edge(edges.upper), "lower": _edge(edges.lower)},
        "reference": _reference(reference) if reference else None,
        "unit_factor": _unit_factor(reference, profile),
        "breathing_per_min": calibration.breathing_per_min,
        "conditions": _conditions(profile.conditions) if profile else {},
        "sensors": dict(calibration.sensors),
        "problem": "" if reference else calibration.problem or "not_calibrated",
        "text": "" if reference else calibration.text,
    }


def _iso(utc_s: float) -> str:
    return datetime.fromtimestamp(utc_s, tz=UTC).isoformat() if np.isfinite(utc_s) else ""


def _edge(edge: Edge) -> dict[str, Any]:
    return {"mean": edge.mean, "sd": edge.sd, "n_marks": edge.n_marks}


def _conditions(conditions: Conditions) -> dict[str, Any]:
    return {
        "medication": list(conditions.medication),
        "posture": conditions.posture,
        "caffeine": conditions.caffeine,
        "screening": list(conditions.screening),
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return {
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
    }


def _unit_factor(reference: Reference | None, profile: Profile | None) -> float | None:
    """Convert this session's SD to the frozen unit; None before two sessions."""
    if reference is None or profile is None:
        return None
    frozen = profile.frozen_scales()
    if frozen is None:
        return None
    return unit_factor(reference.scales, frozen, reference.correlation, reference.electrodermal_rho)


def zone_facts(track: ZoneTrack) -> dict[str, Any]:
    """Describe the zones of one person over a session.

    Parameters
    ----------
    track : ZoneTrack
        The zones, second by second.

    Returns
    -------
    dict of str to Any
        Plain values.
    """
    shares = time_in_zone(track.codes)
    n_valid = int((track.codes > 0).sum())
    back = return_median(track.excursions)
    halves = [e.half_recovery_s for e in track.excursions if np.isfinite(e.half_recovery_s)]
    return {
        "valid_minutes": round(n_valid / 60.0, 2),
        "shares": {
            zone.value: {"share": shares[zone].share, "low": shares[zone].low, "high": shares[zone].high}
            for zone in (Zone.WITHIN, Zone.ABOVE, Zone.BELOW)
            if zone in shares
        },
        "near_edge_share": int(track.near.sum()) / n_valid if n_valid else None,
        "n_above": sum(e.interval.zone is Zone.ABOVE for e in track.excursions),
        "n_below": sum(e.interval.zone is Zone.BELOW for e in track.excursions),
        **_return(back),
        "half_recovery_median_s": float(np.median(halves)) if halves else None,
        "n_below_floor": sum(e.below_floor for e in track.excursions),
        "excursions": [_excursion(e) for e in track.excursions],
    }


def _return(back: Return) -> dict[str, Any]:
    return {
        "return_n": back.n,
        "return_n_censored": back.n_censored,
        "return_median_s": back.median_s,
        "return_low_s": back.low_s,
        "return_high_s": back.high_s,
    }


def _excursion(excursion: Excursion) -> dict[str, Any]:
    interval = excursion.interval
    return {
        "zone": interval.zone.value,
        "t_on_s": interval.start - CENTRE_S,
        "t_off_s": interval.stop - CENTRE_S,
        "duration_s": float(interval.stop - interval.start),
        "censored": interval.censored,
        "peak": excursion.peak,
        "peak_t_s": excursion.peak_second - CENTRE_S,
        "area": excursion.area,
        "led_by": excursion.led_by,
        "pre_level": excursion.pre_level,
        "half_recovery_s": excursion.half_recovery_s,
        "below_floor": excursion.below_floor,
        "fit_half_s": excursion.fit_half_s,
        "fit_r2": excursion.fit_r2,
        "na_share": excursion.na_share,
    }


def dyad_facts(first: Person, second: Person) -> dict[str, Any]:
    """Describe where two people were at the same time.

    Parameters
    ----------
    first, second : Person
        Client and therapist, or any two.

    Returns
    -------
    dict of str to Any
        Joint occupancy in seconds (rows: the first person's zone, columns: the second's), share of the jointly
        valid time with both within, and the first person's return with the second within or outside.
        Descriptive only.
    """
    if first.standing is None or second.standing is None:
        return {}
    tracks = [first.standing.track(), second.standing.track()]
    begin = max(track.first for track in tracks)
    stop = min(track.first + track.codes.size for track in tracks)
    ours, theirs = (_cut(track, begin, stop) for track in tracks)
    joint = joint_occupancy(ours, theirs)
    total = int(joint.sum())
    back = conditional_return(tracks[0].excursions, tracks[1].codes, first=tracks[1].first)
    return {
        "first": first.participant,
        "second": second.participant,
        "zones": list(_NAMES),
        "joint_s": joint.tolist(),
        "joint_valid_minutes": round(total / 60.0, 2),
        "both_within_share": int(joint[0, 0]) / total if total else None,
        **_conditional(back),
    }


def _cut(track: ZoneTrack, begin: int, stop: int) -> NDArray[np.uint8]:
    return track.codes[max(begin - track.first, 0) : max(stop - track.first, 0)]


def _conditional(back: ConditionalReturn) -> dict[str, Any]:
    return {
        "return_with_second_within": _return(back.within),
        "return_with_second_outside": _return(back.outside),
        "n_returns_with_second_unknown": back.n_unknown,
    }


def window_facts(people: tuple[Person, ...], profiles: Mapping[str, Profile]) -> dict[str, Any]:
    """Describe calibration, zones and joint zones of everybody.

    Parameters
    ----------
    people : tuple of Person
        Everybody, at the end of the run.
    profiles : Mapping of str to Profile
        By code.

    Returns
    -------
    dict of str to Any
        ``calibration`` and ``zones`` by code, and ``dyads``: every pair with valid time together.
    """
    standing = {person.participant: person.standing for person in people if person.standing is not None}
    pairs = [(a, b) for i, a in enumerate(people) for b in people[i + 1 :]]
    dyads = [facts for a, b in pairs if (facts := dyad_facts(a, b)).get("joint_valid_minutes")]
    return {
        "calibration": {code: calibration_facts(s, profiles.get(code)) for code, s in standing.items()},
        "zones": {code: zone_facts(s.track()) for code, s in standing.items()},
        "dyads": dyads,
    }
