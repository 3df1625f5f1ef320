"""Zones of a person's window: the decision second by second, with dwell, hysteresis and missing values."""

import math
from enum import StrEnum
from typing import NamedTuple

from calibration.edges import Edges

ENTER_P = 0.80
"""Probability of being beyond an edge from which a second counts towards an excursion, SCIENCE E.7."""

LEAVE_P = 0.50
"""Probability below which a second counts towards the return, SCIENCE E.7."""

ENTER_S = 20
"""Consecutive valid seconds that confirm an excursion."""

LEAVE_S = 10
"""Consecutive valid seconds that confirm a return."""

MISSING_S = 10
"""Consecutive missing seconds after which nothing is known any more."""

LOW_EDA_Z = -1.0
"""Electrodermal score at or below which the lower zone may be entered, SCIENCE E.4."""

LOW_HEART_Z = -0.5
"""Heart score at or below which the lower zone may be entered, SCIENCE E.4."""


class Zone(StrEnum):
    """Where arousal lies relative to the person's own edges."""

    WITHIN = "within"
    ABOVE = "above"
    BELOW = "below"
    NA = "na"


class Second(NamedTuple):
    """What the decision sees of one grid second; NaN where missing.

    Parameters
    ----------
    arousal, se : float
        Arousal and its standard error, in reference SD.
    z_eda, z_heart, z_vagal : float
        The scores it is made of.
    parts : int
        What arousal is composed of, as a number: another number is another composition.
    """

    arousal: float
    se: float
    z_eda: float
    z_heart: float
    z_vagal: float
    parts: int


class Interval(NamedTuple):
    """A stretch of one zone.

    Parameters
    ----------
    zone : Zone
        The zone.
    start, stop : int
        Grid seconds, ``[start, stop)``; onset and end are back-dated to the first second of the dwell.
    censored : bool
        Whether it ended by missing values or by the end of the session, not by a return.
    """

    zone: Zone
    start: int
    stop: int
    censored: bool


class ZoneState(NamedTuple):
    """All that the decision remembers from one second to the next.

    Parameters
    ----------
    zone : Zone
        The confirmed zone.
    since : int
        First grid second of it, back-dated.
    p_above, p_below : float
        Probability of being beyond each edge in the last second; NaN where arousal was missing.
    near : str
        ``above`` or ``below`` when within but more likely than not beyond that edge; else empty.
    low_eda : bool
        Whether the last second would count towards the lower zone if the heart were slow as well.
    closed : Interval or None
        The interval that the last second completed.
    towards : Zone
        The zone the running dwell leads to; `zone` itself when there is none.
    dwell : int
        Valid seconds of the running dwell.
    onset : int
        First grid second of it.
    n_missing : int
        Consecutive missing seconds up to the last one.
    parts : int
        Composition of arousal in the last valid second; 0 when there was none.
    """

    zone: Zone
    since: int
    p_above: float
    p_below: float
    near: str
    low_eda: bool
    closed: Interval | None
    towards: Zone
    dwell: int
    onset: int
    n_missing: int
    parts: int


# Looked up several times a second: a module global is cheaper than an attribute of the enumeration.
_WITHIN, _ABOVE, _BELOW, _NA = Zone.WITHIN, Zone.ABOVE, Zone.BELOW, Zone.NA
_NAN = math.nan

START = ZoneState(_NA, 0, _NAN, _NAN, "", False, None, _NA, 0, 0, 0, 0)
"""Before the first second: nothing is known."""


def probabilities(arousal: float, se: float, edges: Edges) -> tuple[float, float]:
    """Probability of being above the upper and below the lower edge.

    Parameters
    ----------
    arousal : float
        Arousal in reference SD, finite.
    se : float
        Its standard error; NaN counts as 0.
    edges : Edges
        The window.

    Returns
    -------
    tuple of float
        ``Phi((arousal - U) / sqrt(sd_U^2 + se^2))`` and ``Phi((L - arousal) / sqrt(sd_L^2 + se^2))``.
    """
    upper, lower = edges.upper, edges.lower
    variance = 0.0 if math.isnan(se) else se * se
    above = (arousal - upper.mean) / math.sqrt(2.0 * (upper.sd * upper.sd + variance))
    below = (lower.mean - arousal) / math.sqrt(2.0 * (lower.sd * lower.sd + variance))
    return 0.5 * (1.0 + math.erf(above)), 0.5 * (1.0 + math.erf(below))


def _missing(state: ZoneState, second: int) -> ZoneState:
    """State after a missing second: held at first, unknown from the tenth on, back-dated."""
    n_missing = state.n_missing + 1
    if state.zone is _NA:
        since = min(state.since, second)
        return ZoneState(_NA, since, _NAN, _NAN, "", False, None, _NA, 0, second, n_missing, 0)
    if n_missing < MISSING_S:
        return ZoneState(
            state.zone, state.since, _NAN, _NAN, "", False, None,
            state.towards, state.dwell, state.onset, n_missing, state.parts,
        )  # fmt: skip
    gone = second - MISSING_S + 1
    closed = Interval(state.zone, state.since, gone, state.zone is not _WITHIN)
    return ZoneState(_NA, gone, _NAN, _NAN, "", False, closed, _NA, 0, second, n_missing, 0)


def step(state: ZoneState, second: int, at: Second, edges: Edges) -> ZoneState:
    """Decide about one more second.

    Parameters
    ----------
    state : ZoneState
        State after the second before; `START` for the first.
    second : int
        Grid second, one more than in the call before.
    at : Second
        What is known of it.
    edges : Edges
        The window; the same in each call of one session.

    Returns
    -------
    ZoneState
        The new state; `closed` holds the interval that this second completed, if any.

    Notes
    -----
    An excursion is confirmed by 20 consecutive valid seconds with a probability of at least 0.8, a return by 10
    below 0.5 (SCIENCE E.7); both are back-dated to the first of them. The way from one side to the other leads
    through a confirmed `within`. Fewer than 10 missing seconds hold the zone and freeze the dwell; with the tenth
    nothing is known from the first of them on, and an excursion in progress is censored. A change of composition
    starts the dwell anew and leaves the zone as it is (SCIENCE E.1).
    """
    if not math.isfinite(at.arousal):
        return _missing(state, second)
    p_above, p_below = probabilities(at.arousal, at.se, edges)
    zone, since, closed = state.zone, state.since, None
    if zone is _NA:
        if second > since:
            closed = Interval(_NA, since, second, False)
        zone, since = _WITHIN, second

    low = p_below >= ENTER_P and at.z_eda <= LOW_EDA_Z
    heart_low = at.z_heart <= LOW_HEART_Z
    towards = zone
    if zone is _WITHIN:
        if p_above >= ENTER_P:
            towards = _ABOVE
        elif low and heart_low:
            towards = _BELOW
    elif (p_above if zone is _ABOVE else p_below) < LEAVE_P:
        towards = _WITHIN

    dwell, onset = 0, second
    if towards is not zone:
        dwell = 1
        if towards is state.towards and at.parts == state.parts:
            dwell, onset = state.dwell + 1, state.onset
        if dwell == (ENTER_S if zone is _WITHIN else LEAVE_S):
            if onset > since:
                closed = Interval(zone, since, onset, False)
            zone, since, dwell = towards, onset, 0

    near = ""
    if zone is _WITHIN and p_above >= LEAVE_P:
        near = "above"
    elif zone is _WITHIN and p_below >= LEAVE_P:
        near = "below"
    low_eda = low and not heart_low
    return ZoneState(
        zone, since, p_above, p_below, near, low_eda, closed, towards, dwell, onset, 0, at.parts
    )  # fmt: skip


def finish(state: ZoneState, stop: int) -> Interval | None:
    """Close what is open at the end.

    Parameters
    ----------
    state : ZoneState
        State after the last second.
    stop : int
        The grid second after it.

    Returns
    -------
    Interval or None
        The last interval, censored if it is an excursion; None if it would be empty.
    """
    if stop <= state.since:
        return None
    return Interval(state.zone, state.since, stop, state.zone in {_ABOVE, _BELOW})
