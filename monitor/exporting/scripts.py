"""Scripts that go beside the data: ready to run, with the right rate, segment and longest lag."""

from collections.abc import Sequence
from typing import Final

from monitor.core.synchrony.pair import Choices
from monitor.core.synchrony.signals import choices_for
from monitor.exporting.series import Series
from monitor.exporting.tools import Tool

FOLDER: Final = "series"
"""Folder of the data, apart from what else is written: some packages read every text file of a folder."""

_LONGEST_R = """\
# The longest stretch without a missing value. Joining the rows around a gap would make one moment of another.
longest <- function(d) {
  run <- rle(stats::complete.cases(d))
  if (!any(run$values)) return(d[0, , drop = FALSE])
  last <- cumsum(run$lengths)
  best <- which.max(ifelse(run$values, run$lengths, 0))
  d[(last[best] - run$lengths[best] + 1):last[best], , drop = FALSE]
}
"""

_PYTHON = '''\
"""Coherence of everybody with everybody, beside what shuffled windows give. Needs: pip install multiSyncPy."""

import random
from pathlib import Path

import numpy as np
from multiSyncPy import synchrony_metrics as metrics

FILES = {{{files}}}  # file: length of a window in seconds
N_SURROGATES = {n_surrogates}
SEED = {seed}


def longest(data):
    """The longest stretch in which everybody has a value; stretches around a gap are never joined."""
    valid = np.concatenate(([False], np.isfinite(data).all(axis=0), [False]))
    edges = np.flatnonzero(np.diff(valid.astype(int)))
    if not edges.size:
        return data[:, :0]
    best = np.argmax(edges[1::2] - edges[::2])
    return data[:, edges[2 * best] : edges[2 * best + 1]]


for name, window_s in FILES.items():
    random.seed(SEED)
    np.random.seed(SEED)
    with np.load(Path(__file__).parent / "{folder}" / name, allow_pickle=False) as kept:
        data, rate_hz = kept["data"], float(kept["rate_hz"])
        who = ", ".join(kept["participants"])
    window = round(window_s * rate_hz)
    whole = longest(data)
    whole = whole[:, : whole.shape[1] // window * window]
    share = whole.shape[1] / data.shape[1]
    print(f"{{name}} ({{who}}): {{whole.shape[1] / rate_hz / 60:.1f}} min without a gap, {{share:.0%}} of all")
    if whole.shape[1] < 10 * window:
        print("  too short: fewer than ten windows")
        continue
    if np.any(whole.std(axis=1) == 0):
        print("  somebody's signal does not vary")
        continue
    real = metrics.coherence_team(whole, nperseg=window)
    shuffled = [metrics.shuffle_time_windows(whole, window) for _ in range(N_SURROGATES)]
    chance = np.array([metrics.coherence_team(one, nperseg=window) for one in shuffled])
    low, high = np.percentile(chance, [5, 95])
    p = (1 + np.sum(chance >= real)) / (N_SURROGATES + 1)
    print(f"  coherence {{real:.4f}}; shuffled windows give {{low:.4f}} to {{high:.4f}} (5 to 95 %), p {{p:.3f}}")
'''


def script_for(tool: Tool, named: Sequence[tuple[str, Series]], choices: Choices, *, prepared: bool) -> str:
    """Write the script of a package.

    Parameters
    ----------
    tool : Tool
        The package.
    named : sequence of tuple of str and Series
        Name of each data file and a series in it; for multiSyncPy one of several.
    choices : Choices
        Segment, longest lag, surrogates and seed.
    prepared : bool
        Whether the series are prepared; what wants the signal itself is then not called.

    Returns
    -------
    str
        R or Python.
    """
    if tool is Tool.MULTISYNCPY:
        files = ", ".join(f'"{name}": {_segment_s(series, choices)}' for name, series in named)
        return _PYTHON.format(
            files=files, n_surrogates=choices.n_surrogates, seed=choices.seed, folder=FOLDER
        )
    if tool is Tool.DYADSYNC:
        calls = _dyadsync(named, matched=not prepared)
    else:
        calls = _susy(named, choices) if tool is Tool.SUSY else _rmea(named, choices)
    head = ["# Run in the folder of this file: setwd(...), then source(...)."]
    return "\n".join([*head, *calls]) + "\n"


def whole_seconds(series: Series, choices: Choices) -> tuple[int, int]:
    """Tell segment and longest lag in whole seconds, as SUSY and rMEA want them.

    Parameters
    ----------
    series : Series
        What is cut into segments.
    choices : Choices
        What the lab chose.

    Returns
    -------
    tuple of int
        Segment, and a lag of at most half of it.
    """
    segment_s = _segment_s(series, choices)
    return segment_s, min(max(1, round(choices.lag_s)), segment_s // 2)


def _segment_s(series: Series, choices: Choices) -> int:
    return max(2, round(choices_for(series.signal, choices).segment_s))


def _rate(series: Series) -> str:
    return f"{series.rate_hz:g}"


def _susy(named: Sequence[tuple[str, Series]], choices: Choices) -> list[str]:
    lines = ['# install.packages("SUSY")', "library(SUSY)", "", _LONGEST_R]
    lines += [
        "one <- function(file, segment, hz, maxlag) {",
        f'  d <- read.csv(file.path("{FOLDER}", file), header = TRUE, sep = " ",',
        '                na.strings = "NA", check.names = FALSE)',
        "  kept <- longest(d)",
        '  cat(sprintf("%s: %.1f min without a gap, %.0f %% of all\\n",',
        "              file, nrow(kept) / hz / 60, 100 * nrow(kept) / nrow(d)))",
        '  if (nrow(kept) < 10 * segment * hz) return(cat("  too short: fewer than ten segments\\n"))',
        "  print(susy(kept, segment = segment, Hz = hz, maxlag = maxlag))",
        "}",
        "",
    ]
    for name, series in named:
        segment_s, lag_s = whole_seconds(series, choices)
        lines.append(f'one("{name}", segment = {segment_s}L, hz = {_rate(series)}L, maxlag = {lag_s}L)')
    return lines


def _rmea(named: Sequence[tuple[str, Series]], choices: Choices) -> list[str]:
    lines = ['# install.packages("rMEA")', "library(rMEA)", ""]
    for name, series in named:
        segment_s, lag_s = whole_seconds(series, choices)
        lines += [
            f'mea <- readMEA(file.path("{FOLDER}", "{name}"), s1Col = 1, s2Col = 2, sampRate = {_rate(series)},',
            f'               s1Name = "{series.first}", s2Name = "{series.second}", idOrder = NA,',
            '               header = FALSE, sep = " ", na.strings = "NA")',
            f"mea <- MEAccf(mea, lagSec = {lag_s}, winSec = {segment_s}, incSec = {segment_s},",
            "              r2Z = TRUE, ABS = FALSE)",
            "print(summary(mea))",
            "",
        ]
    return lines[:-1]


def _dyadsync(named: Sequence[tuple[str, Series]], *, matched: bool) -> list[str]:
    lines = [
        "# DyadSync is installed from a copy of its repository, as its authors advise.",
        "library(DyadSync)",
        "",
    ]
    for name, series in named:
        lines += [
            "# The seventh argument is the rate; its name is not the same in all versions.",
            f'd <- readDyadSignals(file.path("{FOLDER}", "{name}"), 2, 3, "{series.first}", "{series.second}",',
            f'                     "{series.signal}", {_rate(series)},',
            '                     idOrder = NA, header = TRUE, sep = ",", na.strings = "NA")',
        ]
        if matched and series.signal == "eda":
            lines.append(
                'd <- AMICo(d, signal = "eda", correctionRangeSeconds = 0.5, minPeakAmplitude = 0.05)'
            )
        lines += ["print(d)", ""]
    return lines[:-1]
