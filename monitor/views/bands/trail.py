"""What of a trail may be drawn: what the gate keeps back is not shown of the past either."""

import math
from functools import partial

from monitor.board.gate import REASON_WORDS, Hold
from monitor.board.snapshot import ZoneView
from monitor.board.timeline import CELL_S, REASONS
from monitor.board.zones import HALF_WINDOW_S
from monitor.views.bands.plot import LATE_S, BandPlot
from monitor.views.bands.words import shown_text
from monitor.views.lines import tr
from monitor.views.people import Person
from monitor.views.traces import Traces


class BandTrail:
    """Keeps the band of one participant up to date.

    Parameters
    ----------
    code : str
        The participant.
    plot : BandPlot
        Where it is drawn.
    """

    def __init__(self, code: str, plot: BandPlot) -> None:
        self._code = code
        self._plot = plot
        self._zone: ZoneView | None = None
        self._held = True
        self._shown_s = -math.inf
        self._why_now = ""
        self._drawn: tuple[object, ...] = ()

    def show_person(self, person: Person, blank: str) -> None:
        """Take the newest reading.

        Parameters
        ----------
        person : Person
            The participant.
        blank : str
            When not empty, nothing is known but this reason.
        """
        if self._zone is not None and person.zone is not None:
            # An engine that was started again counts from the beginning.
            again = person.zone["t_centre_s"] < self._zone["t_centre_s"]
            self._shown_s = -math.inf if again else self._shown_s
        self._zone = person.zone
        self._held = bool(blank) or person.zone is None or bool(person.zone["hold"])
        self._why_now = blank
        if person.zone is not None:
            self._shown_s = max(self._shown_s, last_shown(person.zone, held=self._held))
            missing, hold = person.zone["arousal"] is None, person.zone["hold"]
            why = shown_text(person.zone["text"], hold, person.zone["since_s"], tr) if missing else ""
            self._why_now = blank or why

    def draw(self, traces: Traces, now_s: float) -> None:
        """Draw the trail, once per second and whenever something has changed.

        Parameters
        ----------
        traces : Traces
            Display data.
        now_s : float
            Session time in seconds.
        """
        if self._zone is None:
            return
        right_s, plot = math.floor(now_s), self._plot
        versions = (traces.version(self._code, "trail"), traces.version("overview"))
        key = (versions, right_s, self._held, self._shown_s, plot.span_s, self._why_now)
        if key == self._drawn:
            return
        self._drawn = key
        rows = traces.trail(self._code, right_s - plot.span_s - LATE_S)
        rows = rows[:, rows[0] <= self._shown_s]
        why = partial(self._why, traces, right_s)
        plot.draw(rows, self._zone, right_s, present=not self._held, why=why)

    def _why(self, traces: Traces, right_s: float, start_s: float, stop_s: float) -> str:
        """Name the reason of a gap, which is that of the present moment where it lasts until now."""
        if stop_s >= 0.0 and self._why_now:
            return self._why_now
        return reason_between(traces, self._code, right_s + start_s, right_s + stop_s)


def last_shown(zone: ZoneView, *, held: bool) -> float:
    """Tell up to where a trail rests on data which were there in time.

    Parameters
    ----------
    zone : ZoneView
        The newest reading.
    held : bool
        Whether it is kept back.

    Returns
    -------
    float
        Newest second of the trail that may be drawn; minus infinity where this reading tells of none.
    """
    if not held:
        return zone["t_centre_s"]
    if zone["hold"] == Hold.STALE and zone["since_s"] is not None:
        return zone["since_s"] - HALF_WINDOW_S
    return -math.inf


def reason_between(traces: Traces, code: str, start_s: float, stop_s: float) -> str:
    """Tell why nothing is known of a stretch of a trail.

    Parameters
    ----------
    traces : Traces
        Display data.
    code : str
        The participant.
    start_s, stop_s : float
        The stretch, in session seconds of the trail.

    Returns
    -------
    str
        The commonest reason in the time line, in words; empty where it tells none.
    """
    cells = traces.timeline(code)
    first, last = cells[0].searchsorted([start_s - CELL_S / 2, stop_s + CELL_S / 2]).tolist()
    found = [int(k) for k in cells[3, first:last].tolist() if k > 0]
    if not found:
        return ""
    return tr(REASON_WORDS[REASONS[max(set(found), key=lambda k: (found.count(k), -k))]])
