"""The sessions of one person over time, as a figure."""

from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from monitor.figures.style import ABOVE, BAND, BELOW, DIM, HEART, TEXT, new_figure, save, shown_in, soften
from monitor.history.reading import History, SessionRow
from monitor.history.text import comparison_text, day_text, trend_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_S_PER_DAY = 86400.0
_MOST_TICKS = 9
_OFFSET = 0.006
"""Share of the time axis by which markers of one session stand apart."""


def draw_history(path: Path, history: History) -> list[Path]:
    """Draw a history, as PNG and SVG.

    Parameters
    ----------
    path : Path
        File name without suffix; its folder is made when missing.
    history : History
        The history; sessions without a date are left out, and the figure says so.

    Returns
    -------
    list of Path
        The PNG and the SVG file.

    Raises
    ------
    RecordingError
        If they cannot be written.
    """
    rows = [row for row in history.sessions if isfinite(row.utc_s)]
    figure = new_figure(9.0, 9.6)
    shown_in(figure, (f"Sessions of {history.code}", *_subtitle(history, rows)))
    axes = figure.subplots(4, 1, sharex=True)
    draw = (_draw_shares, _draw_counts, _draw_recovery, _draw_width)
    for panel, one in zip(axes, draw, strict=True):
        one(panel, history, rows)
        _draw_changes(panel, rows)
    _date_axis(axes, rows)
    return save(figure, path)


def _subtitle(history: History, rows: Sequence[SessionRow]) -> list[str]:
    lines = []
    n_undated = len(history.sessions) - len(rows)
    if n_undated:
        lines.append(f"{n_undated} without a date left out.")
    if any(row.changes for row in rows):
        lines.append("Dotted lines: other conditions changed (medication, posture, sensors, edges, program).")
    return lines


def _moments(rows: Sequence[SessionRow]) -> list[float]:
    """Return when the sessions began, in days since 1970."""
    return [row.utc_s / _S_PER_DAY for row in rows]


def _draw_shares(panel: "Axes", history: History, rows: Sequence[SessionRow]) -> None:
    del history
    soften(panel, "time within the calibrated range, with 95 % interval, and near an edge", "% of valid min")
    known = [row for row in rows if isfinite(row.within.share)]
    share = np.array([row.within for row in known]).reshape(-1, 3) * 100.0
    errors = np.abs(np.stack([share[:, 0] - share[:, 1], share[:, 2] - share[:, 0]]))
    moments = _moments(known)
    panel.errorbar(
        moments, share[:, 0], yerr=np.nan_to_num(errors), fmt="o", color=BAND, capsize=3, label="within"
    )
    near = [100.0 * row.near_edge_share for row in known]
    panel.plot(
        moments, near, linestyle="none", marker="D", markerfacecolor="white", color=DIM, label="near an edge"
    )
    for row, moment in zip(known, moments, strict=True):
        panel.annotate(
            f"{row.valid_minutes:.0f} min",
            (moment, 104.0),
            ha="center",
            va="bottom",
            fontsize=7,
            color=DIM,
            annotation_clip=False,
        )
    panel.set_ylim(0.0, 118.0)
    panel.set_yticks([0, 25, 50, 75, 100])
    _finish(panel, known)


def _draw_counts(panel: "Axes", history: History, rows: Sequence[SessionRow]) -> None:
    del history
    soften(panel, "excursions", "number")
    known = [row for row in rows if isfinite(row.n_above) and isfinite(row.n_below)]
    _beside(panel, known, lambda row: row.n_above, -1.0, {"marker": "^", "color": ABOVE, "label": "above"})
    _beside(
        panel,
        known,
        lambda row: row.n_below,
        1.0,
        {"marker": "v", "color": BELOW, "label": "low activation (unspecific)"},
    )
    top = max((max(row.n_above, row.n_below) for row in known), default=0.0)
    panel.set_ylim(-0.4, max(top, 2.0) + 0.8)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    _finish(panel, known)


def _draw_recovery(panel: "Axes", history: History, rows: Sequence[SessionRow]) -> None:
    del history
    soften(panel, "return from excursions, median of the session", "min")
    known = [row for row in rows if isfinite(row.return_median_s) or isfinite(row.half_recovery_s)]
    _beside(
        panel,
        known,
        lambda row: row.return_median_s / 60.0,
        -1.0,
        {"marker": "o", "color": HEART, "label": "return"},
    )
    half = {"marker": "s", "color": HEART, "markerfacecolor": "white", "label": "half recovery"}
    _beside(panel, known, lambda row: row.half_recovery_s / 60.0, 1.0, half)
    longest = [v / 60.0 for row in known for v in (row.return_median_s, row.half_recovery_s) if isfinite(v)]
    panel.set_ylim(0.0, 1.15 * max(longest, default=1.0))
    _finish(panel, known)


def _draw_width(panel: "Axes", history: History, rows: Sequence[SessionRow]) -> None:
    soften(panel, "width of the window by the marks of each session, ± one standard error", "frozen SD")
    known = [row for row in rows if row.width.estimable]
    for row, moment in zip(known, _moments(known), strict=True):
        face = "white" if row.width.prior_side else TEXT
        panel.errorbar(
            [moment],
            [row.width.value],
            yerr=[row.width.se],
            fmt="o",
            color=TEXT,
            markerfacecolor=face,
            capsize=3,
        )
    if any(row.width.prior_side for row in known):
        panel.plot([], [], "o", color=TEXT, markerfacecolor="white", label="one edge not marked")
    without = [row for row in rows if not row.width.estimable]
    low, high = _limits([(row.width.value, row.width.se) for row in known])
    panel.set_ylim(low, high)
    if without:
        panel.plot(
            _moments(without),
            [low] * len(without),
            linestyle="none",
            marker="x",
            color=DIM,
            clip_on=False,
            label="not estimable",
        )
    _finish(panel, known or without)
    text = f"{comparison_text(history)}\n{trend_text(history)}"
    panel.annotate(
        text,
        (0.0, 0.0),
        xycoords="axes fraction",
        xytext=(0, -38),
        textcoords="offset points",
        va="top",
        fontsize=8,
        color=TEXT,
        annotation_clip=False,
    )


def _limits(widths: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Axis of the width: always some SD high, so that small differences look small."""
    low = min([3.0, *(value - se for value, se in widths)]) - 0.3
    high = max([7.0, *(value + se for value, se in widths)]) + 0.3
    return low, high


def _beside(
    panel: "Axes",
    rows: Sequence[SessionRow],
    value: Callable[[SessionRow], float],
    side: float,
    look: dict[str, str],
) -> None:
    """Draw one value of each session a little to one side, so that equal values of two kinds stay apart."""
    moments = np.array(_moments(rows))
    if moments.size:
        moments += side * _OFFSET * np.ptp(moments)
    panel.plot(moments, [value(row) for row in rows], linestyle="none", **look)  # type: ignore[arg-type]


def _draw_changes(panel: "Axes", rows: Sequence[SessionRow]) -> None:
    for moment in _moments([row for row in rows if row.changes]):
        panel.axvline(moment, color=DIM, linewidth=0.8, linestyle=":", zorder=0)


def _finish(panel: "Axes", known: Sequence[SessionRow]) -> None:
    """Say when there is nothing, else what is what."""
    if not known:
        panel.text(0.5, 0.5, "not available", transform=panel.transAxes, ha="center", va="center", color=DIM)
        return
    if panel.get_legend_handles_labels()[1]:
        panel.legend(
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=3,
            fontsize=8,
            frameon=False,
            borderaxespad=0.0,
        )


def _date_axis(axes: Sequence["Axes"], rows: Sequence[SessionRow]) -> None:
    """Put the dates below, those of sessions, as many as can be read."""
    moments = _moments(rows)
    span = moments[-1] - moments[0] if moments else 0.0
    ticks: list[float] = []
    for moment in moments:
        if not ticks or moment - ticks[-1] > span / _MOST_TICKS:
            ticks.append(moment)
    last = axes[-1]
    last.set_xticks(ticks, [day_text(tick * _S_PER_DAY) for tick in ticks])
    if moments:
        margin = max(0.05 * span, 1.0)
        last.set_xlim(moments[0] - margin, moments[-1] + margin)
