"""The files of an export: a pure function of the series."""

import io
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.synchrony.pair import Choices
from monitor.errors import RecordingError
from monitor.exporting.readme import readme_for
from monitor.exporting.scripts import FOLDER, script_for
from monitor.exporting.series import Group, Series, groups_of
from monitor.exporting.tools import FACTS, Tool

README: Final = "README.txt"

_SUFFIX: Final = {Tool.SUSY: "txt", Tool.RMEA: "txt", Tool.DYADSYNC: "csv"}


class ExportFile(NamedTuple):
    """One file of an export.

    Parameters
    ----------
    name : str
        Where it goes, relative to the folder of the export; parts are joined by ``/``.
    data : bytes
        Its content.
    """

    name: str
    data: bytes


def files_of(
    series: Sequence[Series],
    tool: Tool,
    choices: Choices,
    *,
    prepared: bool,
    program: str,
    told: Iterable[str] = (),
) -> list[ExportFile]:
    """Make the files of an export.

    Parameters
    ----------
    series : sequence of Series
        What is exported.
    tool : Tool
        The package it is for.
    choices : Choices
        Segment, longest lag, surrogates and seed, for the script.
    prepared : bool
        Whether the series are prepared.
    program : str
        Version of this program.
    told : iterable of str, optional
        What the user was told; goes into the text beside the data.

    Returns
    -------
    list of ExportFile
        Data, script, text. The same series give the same bytes.

    Raises
    ------
    RecordingError
        If two files would have one name where capitals do not count.
    """
    groups: list[tuple[str, Group]] = []
    if tool is Tool.MULTISYNCPY:
        groups = [(f"{group.signal}.npz", group) for group in groups_of(series)]
        named = [(name, next(s for s in series if s.signal == group.signal)) for name, group in groups]
        data = [ExportFile(f"{FOLDER}/{name}", _npz(group)) for name, group in groups]
    else:
        named = [(f"{s.first}.{s.second}.{s.signal}.{_SUFFIX[tool]}", s) for s in series]
        data = [ExportFile(f"{FOLDER}/{name}", _columns(tool, item)) for name, item in named]
    _refuse_one_name([file.name for file in data])
    text = readme_for(tool, named, groups, choices, prepared=prepared, program=program, told=told)
    script = script_for(tool, named, choices, prepared=prepared)
    return [*data, ExportFile(FACTS[tool].script, script.encode()), ExportFile(README, text.encode())]


def _columns(tool: Tool, series: Series) -> bytes:
    columns = [_texts(series.x), _texts(series.y)]
    # A prefix keeps a code that begins with a digit or a sign a name in R and in spreadsheets.
    names = [f"first_{series.first}", f"second_{series.second}"]
    if tool is Tool.DYADSYNC:
        columns.insert(0, _texts(series.t0_s + np.arange(series.x.size) / series.rate_hz))
        names.insert(0, "t_s")
    between = "," if tool is Tool.DYADSYNC else " "
    head = [] if tool is Tool.RMEA else [between.join(names)]
    return "\n".join([*head, *map(between.join, zip(*columns, strict=True)), ""]).encode()


def _texts(values: NDArray[np.float64]) -> list[str]:
    """Write each number so that reading it gives the same bits."""
    return [repr(value) if value == value else "NA" for value in values.tolist()]


def _npz(group: Group) -> bytes:
    buffer = io.BytesIO()
    np.savez(
        buffer,
        data=group.data,
        participants=np.array(group.participants),
        rate_hz=np.array(group.rate_hz),
        t0_s=np.array(group.t0_s),
        signal=np.array(group.signal),
        unit=np.array(group.unit),
    )
    return buffer.getvalue()


def _refuse_one_name(names: list[str]) -> None:
    folded = [name.casefold() for name in names]
    twice = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if twice:
        raise RecordingError(
            f"{twice[0]} and {twice[1]} would be one file on many computers, where capitals do not count. "
            f"Export one pair at a time with --pair, or give people codes that differ in more than capitals."
        )
