"""Two people at the same time: in which zones they were together, and how one came back beside the other."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from monitor.history.files import number
from monitor.report.blocks import (
    Block,
    Heading,
    Table,
    Text,
    minutes_text,
    number_text,
    percent_text,
    said,
    sentence,
)
from monitor.report.reading import Material, mapping, mappings, whole
from monitor.views.bands.words import duration_text

_ZONES = ("within", "above", "low activation")
MOST_PAIRS = 6
"""Pairs described one by one; of more the rest is a table."""


def dyads_of(material: Material) -> list[Mapping[str, Any]]:
    """List the pairs with valid time together, that of client and therapist first.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of Mapping of str to Any
        As in ``summary["dyads"]``.
    """
    dyads = [
        dyad for dyad in mappings(material.summary, "dyads") if number(dyad, "joint_valid_minutes") > 0.0
    ]

    def _is_other(dyad: Mapping[str, Any]) -> bool:
        return {material.kind(str(dyad.get(side))) for side in ("first", "second")} != {"client", "therapist"}

    return sorted(dyads, key=_is_other)


def pair_blocks(material: Material, dyad: Mapping[str, Any]) -> list[Block]:
    """Describe one pair, without the drawing.

    Parameters
    ----------
    material : Material
        The session.
    dyad : Mapping of str to Any
        One of `dyads_of`.

    Returns
    -------
    list of Block
        Occupancy, share with both within, conditional return.
    """
    first, second = (material.called(str(dyad.get(side))) for side in ("first", "second"))
    valid = minutes_text(number(dyad, "joint_valid_minutes"))
    share = percent_text(number(dyad, "both_within_share"))
    blocks: list[Block] = [
        Heading(f"{sentence(first)} and {second}"),
        Text(f"Both within {share} of {valid} min valid in both.", "main"),
        _occupancy(dyad, first, second),
        Text(conditional_text(dyad, first, second)),
        Text("Descriptive, mostly from few excursions; no statement about cause.", "aside"),
    ]
    return blocks


def _occupancy(dyad: Mapping[str, Any], first: str, second: str) -> Table:
    joint = dyad.get("joint_s")
    cells = joint if isinstance(joint, list) else []
    rows = []
    for place, zone in enumerate(_ZONES):
        row = cells[place] if place < len(cells) and isinstance(cells[place], list) else []
        known = [
            float(v) if isinstance(v, int | float) else float("nan") for v in [*row, None, None, None][:3]
        ]
        rows.append((f"{first} {zone}", *(number_text(value / 60.0) for value in known)))
    headings = ("Minutes", *(f"{second} {zone}" for zone in _ZONES))
    valid = minutes_text(number(dyad, "joint_valid_minutes"))
    return Table(f"Zones of both at the same time, of {valid} valid min", headings, tuple(rows), (1, 2, 3))


def conditional_text(dyad: Mapping[str, Any], first: str, second: str) -> str:
    """Say how the first came back by where the second was when the excursion began.

    Parameters
    ----------
    dyad : Mapping of str to Any
        As in ``summary["dyads"]``.
    first, second : str
        How they are called.

    Returns
    -------
    str
        Medians with the number of excursions.
    """
    parts = [
        f"with {second} {where}: {_median(mapping(dyad, f'return_with_second_{where}'))}"
        for where in ("within", "outside")
    ]
    unknown = whole(dyad, "n_returns_with_second_unknown")
    if unknown:
        parts.append(f"with the zone of {second} unknown: {unknown} excursion{'' if unknown == 1 else 's'}")
    return f"Median return of {first} from an excursion, by where the other was when it began: {'; '.join(parts)}."


def _median(back: Mapping[str, Any]) -> str:
    n, n_censored = whole(back, "return_n"), whole(back, "return_n_censored")
    if n == 0:
        return "no excursion"
    middle = number(back, "return_median_s")
    of = f"{n} excursion{'' if n == 1 else 's'}, {n_censored} censored"
    return f"{duration_text(middle) if isfinite(middle) else 'not reached'} ({of})"


def pairs_table(material: Material, dyads: list[Mapping[str, Any]]) -> Table:
    """List many pairs.

    Parameters
    ----------
    material : Material
        The session.
    dyads : list of Mapping of str to Any
        From `dyads_of`.

    Returns
    -------
    Table
        A row for each pair.
    """
    del material
    rows = tuple(
        (
            f"{said(dyad.get('first'))} – {said(dyad.get('second'))}",
            minutes_text(number(dyad, "joint_valid_minutes")),
            percent_text(number(dyad, "both_within_share")),
        )
        for dyad in dyads
    )
    return Table("Pairs", ("Pair", "Valid in both, min", "Both within"), rows, numbers=(1, 2))
