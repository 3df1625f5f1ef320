"""Zones of the board: the newest reading and the trail of each participant, and what may be shown of them."""

from monitor.board.gate import HOLD_WORDS, REASON_WORDS, Hold, format_clock
from monitor.board.plain import known
from monitor.board.rings import Ring
from monitor.board.snapshot import ZoneView
from monitor.core.results import NAN, Reason, Revocation, Status, ZoneReading

AROUSAL = "arousal"
HALF_WINDOW_S = 15.0
"""Half of the window of arousal: a grid second lies this far behind the centre of its row."""

ZONES = ("na", "within", "above", "below")
"""Zones in the order of their codes."""

UNCALIBRATED = frozenset({Reason.NOT_CALIBRATED, Reason.CALIBRATION_EXPIRED})
"""Reasons that hold whatever the sensors do, and that tell the user what to do."""


class ZoneBoard:
    """Newest reading and trail of each participant, in bounded memory.

    Parameters
    ----------
    rows : int
        Seconds of trail kept per participant.
    people : int
        Most participants.
    """

    def __init__(self, *, rows: int, people: int) -> None:
        self.latest: dict[str, ZoneReading] = {}
        self.trails: dict[str, Ring] = {}
        self._rows = rows
        self._people = people

    def note(self, sequence: int, reading: ZoneReading) -> None:
        """Take a reading.

        Parameters
        ----------
        sequence : int
            Count of the call.
        reading : ZoneReading
            The newest of its participant.
        """
        trail = self.trails.get(reading.participant)
        if trail is None:
            if len(self.trails) >= self._people:
                return
            trail = self.trails[reading.participant] = Ring(self._rows, 3)
        self.latest[reading.participant] = reading
        code = ZONES.index(reading.zone) if reading.zone in ZONES else 0
        trail.append(sequence, reading.t_centre_s, reading.arousal, code)

    def revoke(self, revocation: Revocation) -> None:
        """Make readings missing whose arousal was taken back.

        Parameters
        ----------
        revocation : Revocation
            Of any markers.
        """
        reading = self.latest.get(revocation.participant)
        if AROUSAL not in revocation.markers or reading is None:
            return
        start_s, stop_s = revocation.start_s - HALF_WINDOW_S, revocation.stop_s - HALF_WINDOW_S
        if start_s <= reading.t_centre_s <= stop_s:
            since_s = reading.since_s if reading.zone == "na" else reading.t_centre_s
            self.latest[revocation.participant] = _without_numbers(
                reading, revocation.reason, since_s, note=""
            )
        t_centre_s, arousal, code = self.trails[revocation.participant].view()
        hit = (t_centre_s >= start_s) & (t_centre_s <= stop_s)
        arousal[hit], code[hit] = NAN, 0


def _without_numbers(reading: ZoneReading, reason: Reason, since_s: float, *, note: str) -> ZoneReading:
    return reading._replace(
        zone="na",
        since_s=since_s,
        near="",
        arousal=NAN,
        p_above=NAN,
        p_below=NAN,
        status=Status.NA,
        reason=reason,
        note=note,
        drift=NAN,
    )


def zone_view(reading: ZoneReading, hold: Hold, since_s: float) -> ZoneView:
    """Return a reading after the gate as plain values.

    Parameters
    ----------
    reading : ZoneReading
        The newest of its participant.
    hold : Hold
        Why the gate keeps its arousal back.
    since_s : float
        Session time in seconds the hold refers to; NaN where it has none.

    Returns
    -------
    ZoneView
        Plain values; a participant without calibration stays one whatever the sensors do, except after the
        end of the session.
    """
    if hold is not Hold.NONE and reading.reason in UNCALIBRATED and hold is not Hold.ENDED:
        hold = Hold.NONE
    if hold is not Hold.NONE:
        reading = _without_numbers(reading, Reason.NO_DATA, since_s, note="")
        text = HOLD_WORDS[hold].format(clock=format_clock(since_s))
    else:
        text = REASON_WORDS[reading.reason]
    return ZoneView(
        participant=reading.participant,
        t_centre_s=reading.t_centre_s,
        t_emit_s=reading.t_emit_s,
        zone=reading.zone,
        since_s=known(reading.since_s),
        near=reading.near,
        arousal=known(reading.arousal),
        p_above=known(reading.p_above),
        p_below=known(reading.p_below),
        upper_mean=known(reading.upper_mean),
        upper_sd=known(reading.upper_sd),
        lower_mean=known(reading.lower_mean),
        lower_sd=known(reading.lower_sd),
        provisional=reading.provisional,
        status=reading.status.value,
        reason=reading.reason.value,
        note=reading.note,
        drift=known(reading.drift),
        hold=hold.value,
        text=text,
    )
