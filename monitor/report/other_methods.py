"""What the methods for a whole session gave, each with what it is compared with."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from monitor.history.files import number
from monitor.report.blocks import MISSING, Table, number_text, p_text, reason_text, said
from monitor.report.parameters import METHOD_TITLES
from monitor.report.reading import Material, mapping, mappings
from monitor.report.synchrony import SIGNALS

_SHOWN = {
    "susy": ("z", "z_pseudo", "es", "es_no_abs"),
    "suco": ("index", "index_pseudo", "es"),
    "marci": ("index", "mean_z"),
    "windowed": ("z", "z_abs"),
    "rmea": ("z", "z_abs"),
    "coherence": ("coherence", "chance_lo", "chance_hi", "p", "share_above", "p_share"),
    "amico_v1": ("score", "chance_lo", "chance_hi", "p"),
    "amico_v2": ("score", "chance_lo", "chance_hi", "p"),
    "moments": ("n_moments", "n_windows", "n_moments_by_chance_at_most"),
}
"""Which numbers of a method are printed; all of them are in the summary."""

_P_NAMES = ("p", "p_share", "p_lag")


def method_table(material: Material, pairs: list[tuple[str, str]]) -> Table | None:
    """List what the methods for a whole session gave.

    Parameters
    ----------
    material : Material
        The session.
    pairs : list of tuple of str
        The pairs to list.

    Returns
    -------
    Table or None
        A row for each method, pair and signal, with its null model; None without any.
    """
    rows = []
    for item in mappings(material.summary, "synchrony", "methods"):
        if (item.get("first"), item.get("second")) not in pairs:
            continue
        name, signal = said(item.get("method"), 64), said(item.get("signal"), 64)
        rows.append(
            (
                METHOD_TITLES.get(name, name),
                f"{said(item.get('first'))} – {said(item.get('second'))}",
                SIGNALS.get(signal, signal),
                _value_text(item, name),
                "; ".join(_p_texts(mapping(item, "values"))) or "none",
                said(item.get("null_model"), 400) or MISSING,
            )
        )
    headings = ("Method", "Pair", "Signal", "Values", "p", "Compared with")
    return Table("Methods for the whole session", headings, tuple(rows)) if rows else None


def _value_text(item: Mapping[str, Any], name: str) -> str:
    values = mapping(item, "values")
    if item.get("status") == "NA" or not values:
        return f"not available ({said(item.get('text'), 300) or reason_text(said(item.get('reason')))})"
    shown = [key for key in _SHOWN.get(name, tuple(values)[:4]) if key in values and key not in _P_NAMES]
    text = "; ".join(f"{key.replace('_', ' ')} {number_text(number(values, key), 2)}" for key in shown)
    return (
        f"{text} (unsure: {reason_text(said(item.get('reason')))})" if item.get("status") == "LOW" else text
    )


def _p_texts(values: Mapping[str, Any]) -> list[str]:
    return [
        f"{key.replace('_', ' ')} {p_text(number(values, key))}"
        for key in _P_NAMES
        if isfinite(number(values, key))
    ]
