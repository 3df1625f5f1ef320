"""The text beside exported data: what is in which column, in which unit, and what to beware of."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.core.synchrony.pair import Choices
from monitor.exporting.scripts import FOLDER, whole_seconds
from monitor.exporting.series import Group, Series, longest_stretch
from monitor.exporting.tools import FACTS, Tool

_LEAST_SEGMENTS = 10


def readme_for(
    tool: Tool,
    named: Sequence[tuple[str, Series]],
    groups: Sequence[tuple[str, Group]],
    choices: Choices,
    *,
    prepared: bool,
    program: str,
    told: Iterable[str] = (),
) -> str:
    """Write what a reader must know of an export.

    Parameters
    ----------
    tool : Tool
        The package it is for.
    named : sequence of tuple of str and Series
        Name of a data file and the pair in it.
    groups : sequence of tuple of str and Group
        Name of a data file and the group in it; empty where files hold pairs.
    choices : Choices
        Segment and longest lag.
    prepared : bool
        Whether the series are prepared.
    program : str
        Version of this program.
    told : iterable of str, optional
        What was left out and why.

    Returns
    -------
    str
        Plain text; codes, no names, no dates, no notes.
    """
    facts = FACTS[tool]
    what = "prepared for correlation" if prepared else "the signals themselves"
    lines = [
        f"For {facts.title}",
        f"Made by {program}, `attune export synchrony`. Research use.",
        "",
        f"Script:   {facts.script}, run in this folder",
        f"Files:    in {FOLDER}/: {facts.layout}",
        f"Series:   {what}, on an even grid: skin conductance (eda) low-passed at 1 Hz; intervals between beats",
        "          (ibi) joined by straight lines between usable beats, never across 2 s; vagal index (ln_rmssd) of",
        "          the last 30 s. No row is left out; a gap is missing values.",
        f"Missing:  {facts.missing}.",
        f"Lags:     {facts.sign}.",
        "",
    ]
    for name, group in groups:
        people = ", ".join(group.participants)
        lines += [f"{name}: {people}; {_extent(group, group.data.shape[1])}", *_length(group)]
    for name, series in named if not groups else ():
        segment_s, lag_s = whole_seconds(series, choices)
        lines += [
            f"{name}: first {series.first}, second {series.second}; {_extent(series, series.x.size)}",
            *_length(series),
            *_doubts(series, segment_s),
        ]
        if tool is not Tool.DYADSYNC:
            lines.append(f"  segment {segment_s} s, longest lag {lag_s} s")
    cautions = [
        *facts.cautions,
        "A similarity number alone says nothing: unrelated people have one too. Compare it with what chance gives.",
        "More similar is not better, and less similar is not worse.",
    ]
    lines += ["", "Beware:", *(f"- {text}" for text in cautions)]
    left_out = list(told)
    if left_out:
        lines += ["", "Told when it was made:", *(f"- {text}" for text in left_out)]
    return "\n".join(lines) + "\n"


def _extent(item: Series | Group, n: int) -> str:
    stop_s = item.t0_s + n / item.rate_hz
    return f"{item.signal} in {item.unit}, {item.rate_hz:g} per second, session seconds {item.t0_s:g} to {stop_s:g}"


def _length(item: Series | Group) -> list[str]:
    valid = item.valid
    return [
        f"  valid in all: {_minutes(int(valid.sum()), item.rate_hz)} of {_minutes(valid.size, item.rate_hz)} min; "
        f"longest stretch without a gap {_minutes(longest_stretch(valid), item.rate_hz)} min"
    ]


def _doubts(series: Series, segment_s: int) -> list[str]:
    out = []
    valid = series.valid
    if valid.sum() < _LEAST_SEGMENTS * segment_s * series.rate_hz:
        out.append(
            f"  SHORT: fewer than {_LEAST_SEGMENTS} segments of {segment_s} s are valid; attune gives no number"
        )
    if np.array_equal(series.x[valid], series.y[valid]):
        out.append("  SAME: both columns hold the same values; was one stream given to two people?")
    for code, values in ((series.first, series.x[valid]), (series.second, series.y[valid])):
        if _constant(values):
            out.append(f"  CONSTANT: the values of {code} do not vary")
    return out


def _constant(values: NDArray[np.float64]) -> bool:
    return bool(np.ptp(values) == 0.0)


def _minutes(n: int, rate_hz: float) -> str:
    return f"{n / rate_hz / 60.0:.1f}"
