"""The gate before the eyes: which values may be shown, and the words for those that may not."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from monitor.core.results import NAN, MarkerRow, Reason, Status

STALE_S = 2.0
"""Age in seconds of the newest input beyond which no number is shown."""

ROW_LIMIT_S = 3.0
"""Age in seconds of a row beyond which it is no longer shown: a hop, a tick and the limit of its input."""

SYNCHRONY_LIMIT_S = 90.0
"""Age in seconds of a reading of synchrony beyond which it is no longer shown.

One comes about every 30 s and looks back over minutes, so that a late one changes little; when three in a row fail to
come, its computation has stopped. Its inputs get no such grace: a person who cannot be measured now is not compared
with anybody now, so the signals of both must pass the same limits as every other number.
"""

FUTURE_S = 5.0
"""Seconds by which a stamp may lie ahead of the monitor before its clock counts as not verified."""

LONGEST_BEATS_S = 4.5
"""Longest that three expected beats may take."""

REASON_WORDS: dict[Reason, str] = {
    Reason.NONE: "",
    Reason.NO_DATA: "no data",
    Reason.GAP: "gap in the data",
    Reason.LEAD_OFF: "electrode contact lost",
    Reason.SATURATED: "signal at the limit of the sensor",
    Reason.FLATLINE: "flat signal",
    Reason.NOISE: "signal too noisy",
    Reason.TOO_FEW_BEATS: "too few beats in the window",
    Reason.TOO_MANY_CORRECTED_BEATS: "too many corrected beats",
    Reason.ARRHYTHMIA_SUSPECTED: "beat pattern unsuitable for this analysis",
    Reason.RANGE_SWITCH: "sensor changed its range",
    Reason.MOTION: "movement",
    Reason.WARMUP: "warming up",
    Reason.NOT_CALIBRATED: "not calibrated",
    Reason.CALIBRATION_EXPIRED: "calibration expired",
    Reason.COMPOSITION_CHANGED: "set of sensors changed",
    Reason.TOO_FEW_SEGMENTS: "too little data so far",
    Reason.ZERO_VARIANCE: "signal does not vary",
    Reason.RESP_CONFOUNDED: "breathing out of range: vagal index held",
    Reason.SPEECH: "talking: vagal index held",
}
"""Each reason in words for the user."""


class Hold(StrEnum):
    """Why the gate keeps a value back; empty when it passes."""

    NONE = ""
    STALE = "stale"
    UNVERIFIED = "unverified"
    NO_STREAM = "no_stream"
    OUTDATED = "outdated"
    ENDED = "ended"


GRAVEST_FIRST = (Hold.ENDED, Hold.NO_STREAM, Hold.STALE, Hold.UNVERIFIED, Hold.OUTDATED)
"""Which of two holds is named."""

HOLD_WORDS: dict[Hold, str] = {
    Hold.NONE: "",
    Hold.STALE: "no data since {clock}",
    Hold.UNVERIFIED: "stream not verified",
    Hold.NO_STREAM: "no stream",
    Hold.OUTDATED: "not updated since {clock}",
    Hold.ENDED: "session ended",
}
"""Each hold in words for the user; ``{clock}`` stands for a session time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What feeds a value.

    Parameters
    ----------
    newest_s : float
        Session time in seconds of the newest sample; NaN when there is none.
    verified : bool
        True when its streams send what they declare.
    limit_s : float, default STALE_S
        Age in seconds from which it is stale.
    ended : bool, default False
        True when the session has ended.
    """

    newest_s: float
    verified: bool
    limit_s: float = STALE_S
    ended: bool = False


class Latest(NamedTuple):
    """The newest row of one marker with what is known of its source.

    Parameters
    ----------
    row : MarkerRow
        The row.
    source : Source
        Its source.
    """

    row: MarkerRow
    source: Source


class Shown(NamedTuple):
    """What may be shown of a value.

    Parameters
    ----------
    value, se : float
        NaN when there is nothing to show.
    status : Status
        NA when held back.
    reason : Reason
        Why not OK.
    hold : Hold
        Why the gate keeps the value back.
    since_s : float
        Session time in seconds the hold refers to; NaN where it has none.
    text : str
        Reason or hold in words; empty when the value is OK.
    age_s : float
        Age in seconds of the newest sample of the source; NaN when it has none.
    """

    value: float
    se: float
    status: Status
    reason: Reason
    hold: Hold
    since_s: float
    text: str
    age_s: float


def gate(latest: Latest, now_s: float) -> Shown:
    """Decide what may be shown of a value.

    Parameters
    ----------
    latest : Latest
        The newest row and its source.
    now_s : float
        Session time in seconds of the newest tick; NaN before the first.

    Returns
    -------
    Shown
        The value, or NA with its reason. A number comes out only when its row is not NA, its stream is
        verified and its newest input is no older than the limit.
    """
    row = latest.row
    age_s = now_s - latest.source.newest_s
    hold, since_s = held(now_s, row.t_emit_s, latest.source)
    if hold is not Hold.NONE:
        text = HOLD_WORDS[hold].format(clock=format_clock(since_s))
        return Shown(NAN, NAN, Status.NA, Reason.NO_DATA, hold, since_s, text, age_s)
    if row.status is Status.NA or not math.isfinite(row.value):
        reason = row.reason if row.reason is not Reason.NONE else Reason.NO_DATA
        return Shown(NAN, NAN, Status.NA, reason, hold, NAN, REASON_WORDS[reason], age_s)
    return Shown(row.value, row.se, row.status, row.reason, hold, NAN, REASON_WORDS[row.reason], age_s)


def held(
    now_s: float, t_emit_s: float, source: Source, *, row_limit_s: float = ROW_LIMIT_S
) -> tuple[Hold, float]:
    """Decide whether the gate keeps back what rests on a source, whatever its value.

    Parameters
    ----------
    now_s : float
        Session time in seconds of the newest tick; NaN before the first.
    t_emit_s : float
        Session time in seconds of the tick that gave out the value.
    source : Source
        What is known of its source.
    row_limit_s : float, default ROW_LIMIT_S
        Age in seconds beyond which the value itself is too old.

    Returns
    -------
    Hold
        Why; empty when it passes.
    float
        Session time in seconds the hold refers to; NaN where it has none.
    """
    age_s = now_s - source.newest_s
    if source.ended:
        return Hold.ENDED, NAN
    if math.isnan(source.newest_s):
        return Hold.NO_STREAM, NAN
    # Written so that an unknown clock (NaN) counts as stale.
    if not age_s <= source.limit_s:
        return Hold.STALE, source.newest_s
    if not source.verified or age_s < -FUTURE_S:
        return Hold.UNVERIFIED, NAN
    if not now_s - t_emit_s <= row_limit_s:
        return Hold.OUTDATED, t_emit_s
    return Hold.NONE, NAN


def held_dyad(
    now_s: float, t_emit_s: float, first: Source, second: Source
) -> tuple[Hold, float, tuple[bool, bool]]:
    """Decide whether the gate keeps back what rests on a source of each of two people.

    Parameters
    ----------
    now_s : float
        Session time in seconds of the newest tick; NaN before the first.
    t_emit_s : float
        Session time in seconds of the tick that gave out the value.
    first, second : Source
        What is known of the source of each.

    Returns
    -------
    Hold
        Why: the graver one when both are held; empty when both pass.
    float
        Session time in seconds the hold refers to, the earlier of two; NaN where it has none.
    (bool, bool)
        Whose source it is; none when the value itself is too old or the session has ended.
    """
    found = [held(now_s, t_emit_s, s, row_limit_s=SYNCHRONY_LIMIT_S) for s in (first, second)]
    hold = next((h for h in GRAVEST_FIRST if any(h is f for f, _ in found)), Hold.NONE)
    since_s = min((s for h, s in found if h is hold), default=NAN)
    named = hold in {Hold.NO_STREAM, Hold.STALE, Hold.UNVERIFIED}
    return hold, since_s, (named and found[0][0] is hold, named and found[1][0] is hold)


def format_clock(seconds: float) -> str:
    """Write a session time for the reader.

    Parameters
    ----------
    seconds : float
        Session time in seconds.

    Returns
    -------
    str
        ``mm:ss``, from one hour on ``h:mm:ss``; ``--:--`` when it is not finite.
    """
    if not math.isfinite(seconds):
        return "--:--"
    whole = max(0, math.floor(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def clean(text: str, limit: int = 160) -> str:
    """Make a text from outside harmless to draw.

    Parameters
    ----------
    text : str
        Text of a stream, a note or a file.
    limit : int, default 160
        Longest result.

    Returns
    -------
    str
        The text without control and other unprintable characters, cut to `limit`.
    """
    head = text[: 2 * limit]
    kept = head if head.isprintable() else "".join(c if c.isprintable() else " " for c in head)
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
