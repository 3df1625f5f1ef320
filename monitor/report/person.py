"""One person's arousal against their own window: zones, excursions and what the edges rest on."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from calibration.edges import MARKS_NEEDED
from monitor.board.gate import format_clock
from monitor.history.files import number
from monitor.report.blocks import (
    MISSING,
    NARROW,
    Block,
    Listing,
    Table,
    Text,
    minutes_text,
    number_text,
    percent_text,
    reason_text,
    said,
    sentence,
)
from monitor.report.noted import Noted
from monitor.report.parameters import FLOOR_S
from monitor.report.reading import Material, mapping, mappings, moment_of, whole
from monitor.views.bands.words import WORDS, duration_text

NEAR_NOTE_S = 60.0
"""Notes this close to an excursion are named beside it."""

_MOST_LISTED = 60
_S_PER_DAY = 86400.0
_LED_BY = {"eda": "skin conductance", "heart": "heart speed", "vagal": "beat-to-beat variability"}
_ZONES = {
    "within": "within the calibrated range",
    "above": "above the upper edge",
    "below": WORDS["below"],
}
_BELOW = f"{sentence(WORDS['below'])}: {WORDS['below_more']}."


def is_calibrated(material: Material, code: str) -> bool:
    """Tell whether zones were given for somebody.

    Parameters
    ----------
    material : Material
        The session.
    code : str
        The person.

    Returns
    -------
    bool
        True when there is a reference and time in which the zone was known.
    """
    known = number(material.summary, "zones", code, "valid_minutes") > 0.0
    return known and bool(mapping(material.summary, "calibration", code, "reference"))


def person_blocks(material: Material, code: str) -> list[Block]:
    """Describe one person over a session, without the drawings.

    Parameters
    ----------
    material : Material
        The session.
    code : str
        The person.

    Returns
    -------
    list of Block
        Time in zones, edges, excursions and returns; without calibration only that there is none.
    """
    if not is_calibrated(material, code):
        return [Text(uncalibrated_text(material.summary, code), "main")]
    zones = mapping(material.summary, "zones", code)
    blocks: list[Block] = [Text(time_text(zones), "main"), _zone_table(zones)]
    if whole(zones, "n_below") > 0:
        blocks.append(Text(_BELOW))
    blocks.append(Listing("What the zones rest on", tuple(edge_lines(material, code))))
    excursions = mappings(zones, "excursions")
    if not excursions:
        blocks.append(Text("No excursion beyond an edge."))
        return blocks
    blocks.append(
        excursion_table(excursions, [one for one in material.noted if one.participant in {"", code}])
    )
    blocks.append(Text(return_text(zones)))
    blocks.append(
        Text(
            "Peak: arousal furthest beyond the edge, in reference SD. Half recovery: from the peak to "
            f"half-way back to the level before; below {FLOOR_S:.0f} s it cannot be resolved. Led by: the "
            "part of the index that changed most, a statement about the index and not about causes. An "
            "excursion is a description, not an error.",
            "aside",
        )
    )
    return blocks


def uncalibrated_text(summary: Mapping[str, Any], code: str) -> str:
    """Say why there are no zones of somebody.

    Parameters
    ----------
    summary : Mapping of str to Any
        The summary.
    code : str
        The person.

    Returns
    -------
    str
        A sentence or two.
    """
    facts = mapping(summary, "calibration", code)
    problem = said(facts.get("problem")) or "not_calibrated"
    why = said(facts.get("text"), 400).rstrip(".")
    if facts.get("reference"):
        first = "Calibrated, but the arousal index was not available for long enough to give a zone."
    else:
        first = f"{sentence(reason_text(problem))}{f': {why}' if why else ''}."
    return f"{first} No zones and no excursions are given."


def time_text(zones: Mapping[str, Any]) -> str:
    """Say how much of the valid time was spent where.

    Parameters
    ----------
    zones : Mapping of str to Any
        ``summary["zones"][CODE]``.

    Returns
    -------
    str
        Shares, always with the valid minutes.
    """
    valid = minutes_text(number(zones, "valid_minutes"))
    share = percent_text(number(zones, "shares", "within", "share"))
    low, high = (number(zones, "shares", "within", key) for key in ("low", "high"))
    between = f" (95{NARROW}% interval {percent_text(low)} to {percent_text(high)})" if isfinite(low) else ""
    rest = [
        f"{_ZONES[zone]} {percent_text(number(zones, 'shares', zone, 'share'))}"
        for zone in ("above", "below")
        if isfinite(number(zones, "shares", zone, "share"))
    ]
    near = number(zones, "near_edge_share")
    if isfinite(near):
        rest.append(f"within but near an edge {percent_text(near)}")
    return f"Within {share} of {valid} valid min{between}; {', '.join(rest)}."


def _zone_table(zones: Mapping[str, Any]) -> Table:
    valid = number(zones, "valid_minutes")
    rows = []
    for zone, words in _ZONES.items():
        found = mapping(zones, "shares", zone)
        share, low, high = (number(found, key) for key in ("share", "low", "high"))
        between = f"{percent_text(low)} to {percent_text(high)}" if isfinite(low) else MISSING
        rows.append((words, number_text(share * valid), percent_text(share), between))
    headings = ("Zone", "Minutes", f"Share of {minutes_text(valid)} valid min", "95 % interval")
    return Table("Time in zones", headings, tuple(rows), numbers=(1, 2, 3))


def edge_lines(material: Material, code: str) -> list[str]:
    """Say what the edges and the reference rest on.

    Parameters
    ----------
    material : Material
        The session.
    code : str
        The person.

    Returns
    -------
    list of str
        A sentence each.
    """
    facts = mapping(material.summary, "calibration", code)
    lines = [text for side in ("upper", "lower") if (text := _edge_line(side, mapping(facts, "edges", side)))]
    reference = mapping(facts, "reference")
    valid_s = number(reference, "valid_s")
    if isfinite(valid_s):
        lines.append(
            f"Reference: {minutes_text(valid_s / 60.0)} valid min{_age_text(material.summary, facts)}."
        )
    if facts.get("provisional_scale") is True:
        lines.append("First calibration: no earlier one to pool the scale with, so every zone is unsure.")
    if reference.get("responder") is False:
        lines.append("Skin conductance did not respond in the reference; it carries no information here.")
    return lines


def _edge_line(side: str, edge: Mapping[str, Any]) -> str:
    mean, sd, n_marks = number(edge, "mean"), number(edge, "sd"), whole(edge, "n_marks")
    if not isfinite(mean):
        return ""
    head = f"{sentence(side)} edge {number_text(mean, 2)} ± {number_text(sd, 2)} reference SD"
    if n_marks >= MARKS_NEEDED:
        return f"{head}, from {n_marks} marks."
    marks = {0: "no mark", 1: "1 mark"}.get(n_marks, f"{n_marks} marks")
    return f"{head}: provisional ({marks}, {MARKS_NEEDED} are needed)."


def _age_text(summary: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Say how old the calibration was when the session began, as far as the summary knows."""
    if facts.get("taken_in_session") is True:
        return ", taken in the opening of this session"
    made, began = moment_of(facts.get("calibrated_utc")), moment_of(summary.get("t0_utc"))
    if made is None or began is None:
        return "; the age of the calibration is not known"
    age_days = (began - made).total_seconds() / _S_PER_DAY
    if age_days < 0.0:
        return ", made after this session began"
    days = int(age_days)
    return ", of the same day" if days == 0 else f", {days} day{'s' if days > 1 else ''} old"


def excursion_table(excursions: Sequence[Mapping[str, Any]], noted: Sequence[Noted]) -> Table:
    """List excursions with the notes around them.

    Parameters
    ----------
    excursions : sequence of Mapping of str to Any
        ``summary["zones"][CODE]["excursions"]``.
    noted : sequence of Noted
        Notes and marks that may belong to them.

    Returns
    -------
    Table
        A row for each excursion.
    """
    headings = (
        "Begins",
        "Direction",
        "Lasts",
        "Peak SD",
        "Half recovery",
        "Ends",
        "Led by",
        "Notes within ±60 s",
    )
    rows = [_excursion_row(excursion, noted) for excursion in excursions[:_MOST_LISTED]]
    rest = len(excursions) - _MOST_LISTED
    caption = "Excursions" if rest <= 0 else f"Excursions (the first {_MOST_LISTED} of {len(excursions)})"
    return Table(caption, headings, tuple(rows), numbers=(2, 3, 4))


def _excursion_row(excursion: Mapping[str, Any], noted: Sequence[Noted]) -> tuple[str, ...]:
    on_s, off_s = number(excursion, "t_on_s"), number(excursion, "t_off_s")
    half_s = number(excursion, "half_recovery_s")
    half = f"< {FLOOR_S:.0f} s" if excursion.get("below_floor") is True else duration_text(half_s)
    zone, led_by = excursion.get("zone"), excursion.get("led_by")
    return (
        format_clock(on_s),
        {"above": "above", "below": WORDS["below"]}.get(zone, MISSING) if isinstance(zone, str) else MISSING,
        duration_text(number(excursion, "duration_s")) or MISSING,
        number_text(number(excursion, "peak")),
        half or "not seen",
        "censored: values missing or session over" if excursion.get("censored") is True else "returned",
        _LED_BY.get(led_by, MISSING) if isinstance(led_by, str) else MISSING,
        notes_near(noted, on_s, off_s) or MISSING,
    )


def notes_near(noted: Sequence[Noted], start_s: float, stop_s: float) -> str:
    """Name the notes and marks made during a stretch or close to it.

    Parameters
    ----------
    noted : sequence of Noted
        Notes and marks by time.
    start_s, stop_s : float
        The stretch in session seconds.

    Returns
    -------
    str
        Time and label of each; empty where there is none.
    """
    near = [one for one in noted if start_s - NEAR_NOTE_S <= one.t_s <= stop_s + NEAR_NOTE_S and one.label]
    return "; ".join(f"{format_clock(one.t_s)} {one.label.replace('_', ' ')}" for one in near)


def return_text(zones: Mapping[str, Any]) -> str:
    """Say how somebody came back from excursions.

    Parameters
    ----------
    zones : Mapping of str to Any
        ``summary["zones"][CODE]``.

    Returns
    -------
    str
        Median return time with its interval, and how many were censored.
    """
    n, n_censored = whole(zones, "return_n"), whole(zones, "return_n_censored")
    of = f"{n} excursion{'' if n == 1 else 's'}, {n_censored} of them censored"
    middle = number(zones, "return_median_s")
    if not isfinite(middle):
        return f"Median return: not reached ({of})."
    low, high = number(zones, "return_low_s"), number(zones, "return_high_s")
    upper = duration_text(high) or "not reached"
    between = f", 95{NARROW}% interval {duration_text(low)} to {upper}" if isfinite(low) else ""
    return f"Median return {duration_text(middle)} (Kaplan–Meier; {of}{between})."
