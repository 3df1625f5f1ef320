"""Width of a person's window over sessions, each from its own marks, in a unit that does not change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite
from typing import NamedTuple

from calibration.edges import PRIOR, Edges, Mark, update_edges

TREND_SESSIONS = 4
"""Fewest sessions with a width before a trend is stated (SCIENCE E.9)."""

NO_MARKS = "no marks"
NO_UNIT = "no common unit before two calibrated sessions"

_CHANGED_SE = 1.96
_S_PER_DAY = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """Distance of the upper from the lower edge.

    Parameters
    ----------
    value : float
        In frozen reference SD; NaN where not estimable.
    se : float
        Its standard error; NaN where not estimable.
    n_marks : int
        Marks it rests on.
    estimable : bool
        Whether any mark spoke of either edge; a width of priors alone is constant by construction.
    prior_side : str, default ""
        ``upper`` or ``lower``: the edge no mark spoke of, which is the prior; empty where both were marked.
    reason : str, default ""
        Why it is not estimable.
    """

    value: float
    se: float
    n_marks: int
    estimable: bool
    prior_side: str = ""
    reason: str = ""


class Trend(NamedTuple):
    """Change of the width over time.

    Parameters
    ----------
    per_30_days : float
        Theil-Sen slope in frozen reference SD per 30 days.
    low, high : float
        Its 95 % confidence interval.
    n_sessions : int
        Sessions it rests on.
    """

    per_30_days: float
    low: float
    high: float
    n_sessions: int


def frozen_marks(marks: Sequence[Mark], factor: float) -> list[Mark]:
    """Bring the marks of one session into the frozen unit.

    Parameters
    ----------
    marks : sequence of Mark
        Marks of the session, in its own reference SD.
    factor : float
        SD in frozen units of the arousal index that has unit SD in the session's reference.

    Returns
    -------
    list of Mark
        The same marks; arousal and error in frozen reference SD.
    """
    return [replace(mark, arousal=mark.arousal * factor, se=mark.se * factor) for mark in marks]


def width_of(marks: Sequence[Mark], *, prior: Edges = PRIOR) -> Width:
    """Estimate the width from marks in the frozen unit.

    Parameters
    ----------
    marks : sequence of Mark
        From `frozen_marks`, of one session or of several together.
    prior : Edges, default PRIOR
        The window before any mark, in the frozen unit.

    Returns
    -------
    Width
        ``U - L`` with the error ``sqrt(sd_U^2 + sd_L^2)`` (SCIENCE E.9).

    Notes
    -----
    The marks are brought into the frozen unit before they meet the prior, not the width after: two sessions in
    which the same happened give the same width, even where the person's reference SD changed between them.
    Marks do not fade with age here: the width of a session must not depend on when it is looked at.
    """
    ageless = [replace(mark, utc_s=0.0) for mark in marks]
    edges = update_edges(ageless, prior=prior, now_utc_s=0.0)
    n_upper = edges.upper.n_marks - prior.upper.n_marks
    n_lower = edges.lower.n_marks - prior.lower.n_marks
    if n_upper + n_lower == 0:
        return not_estimable(NO_MARKS)
    side = "" if n_upper and n_lower else ("lower" if n_upper else "upper")
    return Width(
        value=edges.upper.mean - edges.lower.mean,
        se=hypot(edges.upper.sd, edges.lower.sd),
        n_marks=n_upper + n_lower,
        estimable=True,
        prior_side=side,
    )


def session_width(marks: Sequence[Mark], factor: float, *, prior: Edges = PRIOR) -> Width:
    """Estimate the width of one session from that session's marks alone.

    Parameters
    ----------
    marks : sequence of Mark
        Marks of the session, in its own reference SD.
    factor : float
        As in `frozen_marks`; NaN where there is no frozen unit.
    prior : Edges, default PRIOR
        The window before any mark, in the frozen unit.

    Returns
    -------
    Width
        Not estimable without marks that have an arousal, or without a frozen unit.
    """
    usable = [mark for mark in marks if isfinite(mark.arousal)]
    if not usable:
        return not_estimable(NO_MARKS)
    if not (isfinite(factor) and factor > 0.0):
        return not_estimable(NO_UNIT)
    return width_of(frozen_marks(usable, factor), prior=prior)


def not_estimable(reason: str) -> Width:
    """Return a width that is missing.

    Parameters
    ----------
    reason : str
        Why.

    Returns
    -------
    Width
        NaN and the reason.
    """
    return Width(value=float("nan"), se=float("nan"), n_marks=0, estimable=False, reason=reason)


def changed(first: Width, last: Width) -> bool:
    """Tell whether two widths differ by more than their uncertainty.

    Parameters
    ----------
    first, last : Width
        The widths.

    Returns
    -------
    bool
        ``|dW| > 1.96 sqrt(se_1^2 + se_2^2)``; False where either is not estimable.
    """
    if not (first.estimable and last.estimable):
        return False
    return abs(last.value - first.value) > _CHANGED_SE * hypot(first.se, last.se)


def trend(widths: Sequence[Width], utc_s: Sequence[float]) -> Trend | None:
    """Fit the change of the width over time.

    Parameters
    ----------
    widths : sequence of Width
        One a session.
    utc_s : sequence of float
        When the sessions began, in seconds since 1970; NaN where unknown.

    Returns
    -------
    Trend or None
        None with fewer than four estimable sessions of known date, or all at one moment.

    References
    ----------
    .. [1] Sen PK (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the American
       Statistical Association 63(324), 1379-1389.
    """
    known = [(t, w.value) for w, t in zip(widths, utc_s, strict=True) if w.estimable and isfinite(t)]
    if len(known) < TREND_SESSIONS or len({t for t, _ in known}) < 2:
        return None
    # Takes half a second to import, and most histories are shorter than a trend.
    from scipy.stats import theilslopes

    months = [(t - known[0][0]) / (30.0 * _S_PER_DAY) for t, _ in known]
    slope, _, low, high = theilslopes([value for _, value in known], months, alpha=0.95)
    return Trend(float(slope), float(low), float(high), len(known))
