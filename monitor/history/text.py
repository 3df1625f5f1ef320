"""A history in words and as a table; it describes and never judges a session or a person."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite

from calibration.width import TREND_SESSIONS, Trend, Width
from monitor.history.reading import History, SessionRow, median_counts
from monitor.physical import PHYSICAL

HEADINGS = (
    "session",
    "valid min",
    "within %",
    "above / below",
    "return",
    "half recovery",
    "near edge %",
    "marks",
    "width ± se",
)
"""Columns of `table_rows`."""

MISSING = "–"

LEGEND = (
    "– not available. within %: share of the valid minutes, with its 95 % interval. above / below: excursions; below "
    "is low activation (unspecific), which could be calm, tired, cold hands or electrode. "
    "return: median time until the return, with the number of excursions and, of these, how many were cut off by "
    "missing values or the end. half recovery: time from the peak to half the way back; below 15 s it cannot be "
    "resolved. width ± se: distance of the two edges by the marks of that session, in reference SD of the first "
    "two calibrated sessions. Edges are provisional until three marks on their side."
)

_CSV = (
    "participant",
    "session",
    "t0_utc",
    "valid_min",
    "within_share",
    "within_low",
    "within_high",
    "n_above",
    "n_below",
    "return_median_s",
    "n_returns",
    "n_censored",
    "half_recovery_s",
    "half_recovery_below_15_s",
    "near_edge_share",
    "n_marks",
    "width_frozen_sd",
    "width_se",
    "width_note",
    "changed",
    "problem",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def day_text(utc_s: float) -> str:
    """Write the day of a moment, in local time.

    Parameters
    ----------
    utc_s : float
        Seconds since 1970; NaN where unknown.

    Returns
    -------
    str
        Such as ``2026-11-22``; ``no date`` where unknown.
    """
    if not isfinite(utc_s):
        return "no date"
    return datetime.fromtimestamp(utc_s, tz=UTC).astimezone().strftime("%Y-%m-%d")


def duration_text(seconds: float) -> str:
    """Write a duration.

    Parameters
    ----------
    seconds : float
        Seconds; NaN where unknown.

    Returns
    -------
    str
        Such as ``45 s`` or ``2 min 10 s``; a dash where unknown.
    """
    if not isfinite(seconds):
        return MISSING
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest} s"
    return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"


def width_text(width: Width) -> str:
    """Write a width with its error, or why there is none.

    Parameters
    ----------
    width : Width
        The width.

    Returns
    -------
    str
        Such as ``5.1 ± 0.8``; ``not estimable: no marks`` where it is the prior alone.
    """
    if not width.estimable:
        return f"not estimable: {width.reason}"
    side = f" ({width.prior_side} edge not marked)" if width.prior_side else ""
    return f"{width.value:.1f} ± {width.se:.1f}{side}"


def table_rows(history: History) -> list[tuple[str, ...]]:
    """Write one row for each session.

    Parameters
    ----------
    history : History
        The history.

    Returns
    -------
    list of tuple of str
        Cells in the order of `HEADINGS`.
    """
    return [
        (
            day_text(row.utc_s) if isfinite(row.utc_s) else f"{row.name} (no date)",
            _rounded(row.valid_minutes),
            _share_text(row),
            f"{_rounded(row.n_above)} / {_rounded(row.n_below)}",
            _return_text(row),
            "< 15 s" if row.below_floor else duration_text(row.half_recovery_s),
            _percent(row.near_edge_share),
            str(row.n_marks),
            width_text(row.width),
        )
        for row in history.sessions
    ]


def lines_of(history: History) -> list[str]:
    """Write what the table does not hold: changed conditions, the width over time, units, what was left out.

    Parameters
    ----------
    history : History
        The history.

    Returns
    -------
    list of str
        One paragraph each, without the standing footer.
    """
    lines = [f"{day_text(row.utc_s)}: no zones, {row.problem}" for row in history.sessions if row.problem]
    lines += [
        f"{day_text(row.utc_s)}: changed since the session before: {'; '.join(row.changes)}."
        for row in history.sessions
        if row.changes
    ]
    lines += [comparison_text(history), trend_text(history)]
    above, below = median_counts(history)
    if isfinite(above):
        lines.append(f"Middle session: {above:g} excursions above, {below:g} below.")
    if history.equivalents:
        lines.append(unit_text(history))
    return lines + [f"Note: {text}" for text in history.told]


def comparison_text(history: History) -> str:
    """Compare the newest width with the first ones.

    Parameters
    ----------
    history : History
        The history.

    Returns
    -------
    str
        Whether the difference is within its uncertainty; never which is better.
    """
    if not history.last.estimable:
        reasons = sorted({row.width.reason for row in history.sessions})
        return f"Width not estimable: {', '.join(reasons)}."
    if sum(row.width.estimable for row in history.sessions) == 1:
        return (
            f"Estimated width {width_text(history.last)}, from one session; nothing to compare it with yet."
        )
    first = "first sessions" if history.n_first > 1 else "first session"
    verdict = (
        "difference larger than its uncertainty; see what else changed"
        if history.changed
        else "difference within uncertainty"
    )
    return f"Estimated width {width_text(history.last)} ({first} {width_text(history.first)}); {verdict}."


def trend_text(history: History) -> str:
    """Write the trend of the width.

    Parameters
    ----------
    history : History
        The history.

    Returns
    -------
    str
        The slope with its interval, or how many sessions there are of those it takes.
    """
    if history.trend is None:
        dated = sum(row.width.estimable and isfinite(row.utc_s) for row in history.sessions)
        return (
            f"No trend of the width: it takes {TREND_SESSIONS} dated sessions with marks, there are {dated}."
        )
    slope = history.trend
    return (
        f"Trend of the width over {slope.n_sessions} sessions: {slope.per_30_days:+.2f} reference SD in 30 days, "
        f"95 % interval {slope.low:+.2f} to {slope.high:+.2f}{_trend_verdict(slope)}."
    )


def unit_text(history: History) -> str:
    """Write what one reference SD is in units people know.

    Parameters
    ----------
    history : History
        The history.

    Returns
    -------
    str
        At the reference level of the newest calibrated session.
    """
    parts = []
    for name, one in history.equivalents.items():
        shown = PHYSICAL[name]
        parts.append(
            f"{shown.title} {one.level:.{shown.digits}f} {shown.unit} "
            f"+{one.up:.{shown.digits}f}/−{one.down:.{shown.digits}f}"
        )
    return f"One reference SD, newest calibrated session: {'; '.join(parts)}."


def csv_text(history: History) -> str:
    """Write a history as CSV, one row for each session.

    Parameters
    ----------
    history : History
        The history.

    Returns
    -------
    str
        With a header; an empty cell is a missing value.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_CSV)
    for row in history.sessions:
        writer.writerow([_cell(value) for value in _csv_row(history.code, row)])
    return file.getvalue()


def _csv_row(code: str, row: SessionRow) -> Sequence[str | float | int]:
    dated = datetime.fromtimestamp(row.utc_s, tz=UTC).isoformat() if isfinite(row.utc_s) else ""
    note = f"{row.width.prior_side} edge not marked" if row.width.prior_side else row.width.reason
    return (
        code,
        row.name,
        dated,
        row.valid_minutes,
        *row.within,
        row.n_above,
        row.n_below,
        row.return_median_s,
        row.n_returns,
        row.n_censored,
        row.half_recovery_s,
        int(row.below_floor),
        row.near_edge_share,
        row.n_marks,
        row.width.value,
        row.width.se,
        note,
        "; ".join(row.changes),
        row.problem,
    )


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        # No spreadsheet may take a text of a file for a formula.
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return f"{value:.6g}" if isfinite(value) else ""


def _rounded(value: float) -> str:
    return f"{value:.0f}" if isfinite(value) else MISSING


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f}" if isfinite(share) else MISSING


def _share_text(row: SessionRow) -> str:
    share, low, high = row.within
    interval = f" ({_percent(low)}–{_percent(high)})" if isfinite(low) and isfinite(high) else ""
    return f"{_percent(share)}{interval}"


def _return_text(row: SessionRow) -> str:
    if not isfinite(row.n_returns):
        return MISSING
    if row.n_returns == 0:
        return "none"
    middle = duration_text(row.return_median_s) if isfinite(row.return_median_s) else "not reached"
    cut = f", {row.n_censored:.0f} cut off" if row.n_censored > 0 else ""
    return f"{middle} ({row.n_returns:.0f}{cut})"


def _trend_verdict(slope: Trend) -> str:
    return "; the interval holds zero" if slope.low <= 0.0 <= slope.high else ""
