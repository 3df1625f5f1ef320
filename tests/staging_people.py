"""Two made-up people by formula: where they are in their band, and how they move together."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.results import NAN, Reason, Status, SynchronyReading, ZoneReading

DYAD = (("C07", "client"), ("T02", "therapist"))
NOW_S = 1872.0
"""Session time of the staged moment: half an hour in."""

UPPER = {"C07": (2.5, 0.45), "T02": (2.9, 0.35)}
LOWER = {"C07": (-2.2, 0.6), "T02": (-2.6, 0.5)}


class Bump(NamedTuple):
    """A rise (or fall) of arousal: middle, height and width in seconds."""

    middle_s: float
    height: float
    width_s: float


class Missing(NamedTuple):
    """A stretch without arousal, on the axis of the centres."""

    start_s: float
    stop_s: float
    reason: Reason


PAST = {
    "C07": (Bump(650.0, 4.0, 45.0), Bump(1190.0, -3.7, 50.0)),
    "T02": (Bump(690.0, 2.2, 40.0), Bump(1420.0, 3.6, 30.0)),
}
GAPS = {
    "C07": (Missing(900.0, 945.0, Reason.LEAD_OFF), Missing(1640.0, 1652.0, Reason.MOTION)),
    "T02": (Missing(1300.0, 1345.0, Reason.NO_DATA),),
}
ABOVE_NOW = Bump(NOW_S - 15.0, 4.1, 70.0)
BELOW_NOW = Bump(NOW_S - 15.0, -4.0, 80.0)


def shift_of(person: str) -> int:
    return sum(person.encode()) % 17


def arousal_of(person: str, t_s: NDArray[np.float64], bumps: Sequence[Bump]) -> NDArray[np.float64]:
    """Return made-up arousal of a person at some moments, in SD."""
    shift = shift_of(person)
    slow = 0.45 * np.sin(t_s / 31.0 + shift) + 0.35 * np.sin(t_s / 13.7 + 2.0 * shift)
    fast = 0.12 * np.sin(t_s / 2.9 + shift) + 0.08 * np.sin(t_s / 1.7)
    total = slow + fast
    for bump in bumps:
        total = total + bump.height * np.exp(-(((t_s - bump.middle_s) / bump.width_s) ** 4))
    return total


def _beyond(distance: float, sd: float) -> float:
    return 0.5 * (1.0 + math.erf(distance / math.hypot(sd, 0.25) / math.sqrt(2.0)))


def readings_of(
    person: str,
    seconds: range,
    bumps: Sequence[Bump] = (),
    missing: Sequence[Missing] = (),
    *,
    calibration: str = "",
    shift: float = 0.0,
) -> list[ZoneReading]:
    """Return one made-up reading of the zone for each second.

    Parameters
    ----------
    person : str
        Code.
    seconds : range
        Grid seconds.
    bumps, missing : sequence
        What happens.
    calibration : str, default ''
        ``not_calibrated`` or ``calibration_expired`` for somebody without edges.
    shift : float, default 0.0
        Added to both edges, as another profile might have them.
    """
    arousal = arousal_of(person, np.array(seconds, dtype=np.float64) - 15.0, bumps)
    upper, lower = UPPER.get(person, (2.5, 0.5)), LOWER.get(person, (-2.5, 0.6))
    out: list[ZoneReading] = []
    zone, since_s = "na", 0.0
    for second, value in zip(seconds, arousal.tolist(), strict=True):
        centre_s = second - 15.0
        gap = next((m.reason for m in missing if m.start_s <= centre_s < m.stop_s), None)
        reason = Reason(calibration) if calibration else Reason.WARMUP if centre_s < 45.0 else gap
        p_above = _beyond(value - upper[0] - shift, upper[1])
        p_below = _beyond(lower[0] + shift - value, lower[1])
        new = "na" if reason else "above" if p_above > 0.6 else "below" if p_below > 0.6 else "within"
        if new != zone:
            zone, since_s = new, centre_s
        near = "" if new != "within" else "above" if p_above > 0.3 else "below" if p_below > 0.3 else ""
        edges = (NAN,) * 4 if calibration else (upper[0] + shift, upper[1], lower[0] - shift, lower[1])
        low = new == "below"
        out.append(
            ZoneReading(
                participant=person,
                t_centre_s=centre_s,
                t_emit_s=float(second),
                zone=zone,
                since_s=since_s,
                near=near,
                arousal=NAN if reason else value,
                p_above=NAN if reason else p_above,
                p_below=NAN if reason else p_below,
                upper_mean=edges[0],
                upper_sd=edges[1],
                lower_mean=edges[2],
                lower_sd=edges[3],
                provisional=person == "C07" and not calibration,
                status=Status.NA if reason else Status.LOW if low else Status.OK,
                reason=reason or Reason.NONE,
                note="",
                drift=0.1,
            )
        )
    return out


def synchrony_of(
    seconds: float, pair: tuple[str, str] = ("C07", "T02"), *, strength: float = 2.6
) -> list[SynchronyReading]:
    """Return made-up readings of synchrony of two people, one each 30 s."""
    out = []
    for signal, needed_min, end in (("eda", 10.0, strength), ("ibi", 10.0, 0.6)):
        for t_s in np.arange(90.0, seconds + 0.1, 30.0).tolist():
            valid_min = 0.93 * t_s / 60.0
            few = valid_min < 4.0
            status = Status.NA if few else Status.LOW if valid_min < needed_min else Status.OK
            z = end * (1.0 - math.exp(-t_s / 700.0)) + 0.35 * math.sin(t_s / 170.0)
            out.append(
                SynchronyReading(
                    first=pair[0],
                    second=pair[1],
                    signal=signal,
                    t_s=t_s,
                    t_emit_s=t_s,
                    valid_min=valid_min,
                    needed_min=needed_min,
                    z_session=NAN if few else z,
                    chance_lo=NAN if few else -1.62,
                    chance_hi=NAN if few else 1.66,
                    p=NAN if few else 0.5 * math.erfc(z / math.sqrt(2.0)),
                    z_recent=NAN if few else z - 0.4,
                    recent_lo=-1.6,
                    recent_hi=1.7,
                    z_in_phase=NAN if few else z + 0.3,
                    z_anti_phase=NAN if few else -0.2,
                    z_lead=2.3 if signal == "eda" else 0.3,
                    lag_s=2.0 if signal == "eda" and not few else NAN,
                    status=status,
                    reason=Reason.NONE if status is Status.OK else Reason.TOO_FEW_SEGMENTS,
                )
            )
    return out
