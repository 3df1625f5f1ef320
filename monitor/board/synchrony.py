"""Synchrony on the board: the newest reading and the trail of each dyad and signal, and what may be shown of them."""

from collections.abc import Callable

from monitor.board.gate import HOLD_WORDS, REASON_WORDS, Hold, Source, format_clock, held_dyad
from monitor.board.plain import known
from monitor.board.rings import Ring
from monitor.board.snapshot import SynchronyView
from monitor.core.results import NAN, Reason, Status, SynchronyReading

PART_OF = {"eda": "skin", "ibi": "heart"}
"""Part of the body each signal rests on, in the order of the screen."""

MAX_DYADS = 512
"""Most dyads and signals kept."""

TRAIL_ROWS = 1440
"""Readings kept per dyad and signal: twelve hours of one every 30 s."""

SAME_WORDS = "the same signal was given for both"
ZERO_WORDS = {
    "eda": "skin conductance of one person does not vary",
    "ibi": "beat-to-beat intervals of one person do not vary",
}
_STATUS = tuple(Status)

DyadKey = tuple[str, str, str]
"""First, second, signal."""


class SynchronyBoard:
    """Newest reading and trail of each dyad and signal, in bounded memory."""

    def __init__(self) -> None:
        self.latest: dict[DyadKey, SynchronyReading] = {}
        self.trails: dict[DyadKey, Ring] = {}

    def note(self, sequence: int, reading: SynchronyReading) -> None:
        """Take a reading.

        Parameters
        ----------
        sequence : int
            Count of the call.
        reading : SynchronyReading
            The newest of its dyad and signal.
        """
        key = (reading.first, reading.second, reading.signal)
        trail = self.trails.get(key)
        if trail is None:
            if len(self.trails) >= MAX_DYADS or reading.signal not in PART_OF:
                return
            trail = self.trails[key] = Ring(TRAIL_ROWS, 5)
        self.latest[key] = reading
        absent = reading.status is Status.NA
        curve = (NAN, NAN, NAN) if absent else (reading.z_session, reading.chance_lo, reading.chance_hi)
        trail.append(sequence, reading.t_s, *curve, _STATUS.index(reading.status))

    def views(self, now_s: float, source_of: Callable[[str, str], Source]) -> list[SynchronyView]:
        """Return the newest readings after the gate.

        Parameters
        ----------
        now_s : float
            Session time in seconds of the newest tick.
        source_of : callable
            Source of a part of the body of a participant.

        Returns
        -------
        list of SynchronyView
            In the order in which dyads and signals came first.
        """
        out = []
        for reading in self.latest.values():
            part = PART_OF[reading.signal]
            sources = (source_of(reading.first, part), source_of(reading.second, part))
            hold, since_s, whose = held_dyad(now_s, reading.t_emit_s, *sources)
            codes = [c for c, hit in zip((reading.first, reading.second), whose, strict=True) if hit]
            out.append(synchrony_view(reading, hold, since_s, codes))
        return out


def synchrony_view(
    reading: SynchronyReading, hold: Hold, since_s: float, held_by: list[str]
) -> SynchronyView:
    """Return a reading after the gate as plain values.

    Parameters
    ----------
    reading : SynchronyReading
        The newest of its dyad and signal.
    hold : Hold
        Why the gate keeps its numbers back.
    since_s : float
        Session time in seconds the hold refers to; NaN where it has none.
    held_by : list of str
        Whose input holds it back.

    Returns
    -------
    SynchronyView
        Plain values; no number of a reading that is held back or NA.
    """
    status, reason = reading.status, reading.reason
    if hold is not Hold.NONE:
        status, reason = Status.NA, Reason.NO_DATA
        text = HOLD_WORDS[hold].format(clock=format_clock(since_s))
    elif reason is Reason.NO_DATA and reading.valid_min > 0.0:
        text = SAME_WORDS
    else:
        text = ZERO_WORDS[reading.signal] if reason is Reason.ZERO_VARIANCE else REASON_WORDS[reason]

    number = _nothing if status is Status.NA else known
    return SynchronyView(
        first=reading.first,
        second=reading.second,
        signal=reading.signal,
        t_s=reading.t_s,
        t_emit_s=reading.t_emit_s,
        valid_min=known(reading.valid_min),
        needed_min=known(reading.needed_min),
        z_session=number(reading.z_session),
        chance_lo=number(reading.chance_lo),
        chance_hi=number(reading.chance_hi),
        p=number(reading.p),
        z_recent=number(reading.z_recent),
        recent_lo=number(reading.recent_lo),
        recent_hi=number(reading.recent_hi),
        z_in_phase=number(reading.z_in_phase),
        z_anti_phase=number(reading.z_anti_phase),
        z_lead=number(reading.z_lead),
        lag_s=number(reading.lag_s),
        status=status.value,
        reason=reason.value,
        hold=hold.value,
        since_s=known(since_s) if hold is not Hold.NONE else None,
        held_by=held_by,
        text=text,
    )


def _nothing(_value: float) -> None:
    return None
