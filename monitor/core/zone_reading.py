"""Where a person is at one second, for the eye: the state of the decision and how far it may be trusted."""

from calibration.edges import MARKS_NEEDED
from calibration.personal import Calibration
from calibration.zones import Zone, ZoneState
from monitor.core.results import NAN, Estimate, Status, ZoneReading
from monitor.core.zoning import CENTRE_S


def reading_of(
    calibration: Calibration,
    state: ZoneState | None,
    arousal: Estimate,
    t_centre_s: float,
    emit_s: float,
    *,
    note: str,
    drift: float,
) -> ZoneReading:
    """Describe one second of a person.

    Parameters
    ----------
    calibration : Calibration
        What is known of the person.
    state : ZoneState or None
        The decision after this second; None without a reference.
    arousal : Estimate
        Arousal of this second.
    t_centre_s : float
        Centre of its window in session seconds.
    emit_s : float
        Session time of the tick that closed it.
    note : str
        What else is to be said, as in `ZoneReading`.
    drift : float
        Drift in reference SD; NaN where unknown.

    Returns
    -------
    ZoneReading
        LOW in a first session, and below with fewer than three marks of "too little" (SCIENCE E.4), whatever
        arousal says.
    """
    who = calibration.participant
    if state is None:
        gone = (NAN,) * 7
        return ZoneReading(
            who, t_centre_s, emit_s, Zone.NA.value, NAN, "", *gone, False, Status.NA, arousal.reason, note, drift
        )  # fmt: skip
    upper, lower = calibration.edges.upper, calibration.edges.lower
    side = state.zone.value if state.zone in {Zone.ABOVE, Zone.BELOW} else state.near
    edge = {"above": upper, "below": lower}.get(side)
    provisional = edge.provisional if edge else upper.provisional or lower.provisional
    status = arousal.status
    if state.zone is Zone.NA:
        status = Status.NA
    elif status is not Status.NA and (
        calibration.n_earlier == 0 or (state.zone is Zone.BELOW and calibration.n_low_marks < MARKS_NEEDED)
    ):
        status = Status.LOW
    return ZoneReading(
        who,
        t_centre_s,
        emit_s,
        state.zone.value,
        state.since - CENTRE_S,
        state.near,
        arousal.value,
        state.p_above,
        state.p_below,
        upper.mean,
        upper.sd,
        lower.mean,
        lower.sd,
        provisional,
        status,
        arousal.reason,
        note,
        drift,
    )
