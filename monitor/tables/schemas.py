"""The columns of the tables, with their units: an interface, changed only with a line in the changelog."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Column(NamedTuple):
    """One column of a table.

    Parameters
    ----------
    name : str
        As in the file.
    kind : str
        ``text``, ``number`` or ``flag``.
    unit : str
        Unit of a number; empty for text, and where the unit is in a column of its own.
    """

    name: str
    kind: str
    unit: str = ""


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text") for name in names)


def _numbers(**units: str) -> tuple[Column, ...]:
    return tuple(Column(name, "number", unit) for name, unit in units.items())


SCHEMAS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {
        "markers": (
            *_text("participant", "marker"),
            *_numbers(t_centre_s="s", t_emit_s="s", value="", se=""),
            *_text("unit", "status", "reason"),
            *_numbers(window_s="s", coverage="1"),
        ),
        "beats": (
            *_text("participant", "source"),
            *_numbers(t_s="s", rr_ms="ms"),
            Column("nn", "flag"),
            *_text("class"),
        ),
        "scr": (
            *_text("participant"),
            *_numbers(t_onset_s="s", t_peak_s="s", amplitude_us="uS", rise_s="s", half_recovery_s="s"),
        ),
        "zones": (
            *_text("participant", "zone"),
            *_numbers(t_start_s="s", t_end_s="s"),
            Column("censored", "flag"),
            *_numbers(peak="SD", area="SD s", half_recovery_s="s"),
        ),
        "synchrony": (
            *_text("first", "second", "signal"),
            *_numbers(t_s="s", z_session="1", chance_lo="1", chance_hi="1", lag_s="s"),
            *_text("status", "reason"),
        ),
    }
)
"""Table to its columns, in the order of the rows."""
