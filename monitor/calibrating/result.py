"""What a calibration came to: its quality, its reference, and both in words and curves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import BaselineError, Reference
from calibration.quality import BaselineQuality, judge, refusal
from monitor.board.session_views import ResultView, SeriesView
from monitor.core.series_log import SeriesLog, SpanOf
from monitor.physical import PHYSICAL, equivalent

_MOST_POINTS = 300
"""Points of a curve on the screen: more would not be seen, and would be sent again with each snapshot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A calibration that was measured and not yet kept.

    Parameters
    ----------
    participant : str
        Code of the person.
    spans : tuple of (float, float, float)
        Start and stop in session seconds, and weight of each second, of what was used.
    quality : BaselineQuality
        How good that was.
    reference : Reference or None
        What was made of it; None when it was refused.
    breathing_per_min : float
        Breathing rate; NaN where unknown.
    problem : str
        For the user: why it was refused; empty when it was not.
    """

    participant: str
    spans: tuple[SpanOf, ...]
    quality: BaselineQuality
    reference: Reference | None
    breathing_per_min: float
    problem: str


def attempt(participant: str, log: SeriesLog, spans: Sequence[SpanOf], *, minimum_s: float) -> Attempt:
    """Make a reference of the spans, or say why there is none.

    Parameters
    ----------
    participant : str
        Code of the person.
    log : SeriesLog
        The series of the person.
    spans : sequence of (float, float, float)
        Start and stop in session seconds, and weight of each second.
    minimum_s : float
        Least length in seconds.

    Returns
    -------
    Attempt
        With a reference, or with a problem.
    """
    chosen = tuple(spans)
    quality = log.quality(chosen)
    reason = judge(quality, minimum_s=minimum_s)
    problem = refusal(participant, quality, reason, minimum_s=minimum_s)
    reference = None
    if not problem:
        try:
            reference = log.reference(participant, chosen, minimum_s=minimum_s)
        except BaselineError as error:
            problem = str(error)
    if reference is not None and (problem := _without_scale(reference)):
        reference = None
    return Attempt(
        participant=participant,
        spans=chosen,
        quality=quality,
        reference=reference,
        breathing_per_min=log.breathing(chosen),
        problem=problem,
    )


def _without_scale(reference: Reference) -> str:
    """Say which part of arousal has no scale, so that the reference could never give a zone."""
    missing = [] if "heart_speed" in reference.scales else [PHYSICAL["heart_speed"].title]
    if not {"ln_scl", "scr_rate"} & reference.scales.keys():
        missing.append(PHYSICAL["ln_scl"].title)
    if not missing:
        return ""
    return (
        f"The reference of {reference.participant} is not stored: {' and '.join(missing)} did not vary, or had too few "
        f"independent values for a scale. Check that the sensor really measures, and take a longer stretch."
    )


def result_lines(tried: Attempt) -> list[str]:
    """Describe a calibration in units people know.

    Parameters
    ----------
    tried : Attempt
        The calibration.

    Returns
    -------
    list of str
        Usable time, each series with level and scale, breathing, skin response, edges.
    """
    quality = tried.quality
    lines = [f"usable: {quality.n_valid / 60.0:.1f} of {quality.n_seconds / 60.0:.1f} min"]
    if tried.reference is None:
        return lines
    for name, known in PHYSICAL.items():
        scale = tried.reference.scales.get(name)
        if scale is None:
            lines.append(f"{known.title}: not enough of it, or it did not vary; left out")
            continue
        level, up, down = equivalent(name, scale)
        lines.append(
            f"{known.title}: {level:.{known.digits}f} {known.unit}, one SD is +{up:.{known.digits}f} / "
            f"-{down:.{known.digits}f} ({scale.n_effective:.0f} independent samples)"
        )
    breathing = tried.breathing_per_min
    lines.append(
        f"breathing: {breathing:.0f} per min" if math.isfinite(breathing) else "breathing: not known"
    )
    lines.append(f"skin conductance responds: {'yes' if tried.reference.responder else 'no'}")
    return lines


def result_view(tried: Attempt, log: SeriesLog) -> ResultView:
    """Prepare a calibration for the eye.

    Parameters
    ----------
    tried : Attempt
        The calibration.
    log : SeriesLog
        The series it was made from.

    Returns
    -------
    ResultView
        Lines, problem, and the series of the time that was used.
    """
    arrays = log.arrays()
    t_s = arrays["t_s"]
    begin = min((start for start, _, _ in tried.spans), default=math.inf)
    end = max((stop for _, stop, _ in tried.spans), default=-math.inf)
    chosen = np.flatnonzero((t_s > begin) & (t_s <= end))
    chosen = chosen[:: max(1, -(-chosen.size // _MOST_POINTS))]
    used = np.zeros(t_s.size, dtype=np.bool_)
    for start, stop, _ in tried.spans:
        used |= (t_s > start) & (t_s <= stop)
    series = [
        _series(name, t_s[chosen], np.where(used, arrays[name], np.nan)[chosen], tried.reference)
        for name in PHYSICAL
        if chosen.size
    ]
    return {"lines": result_lines(tried), "problem": tried.problem, "series": series}


def _series(
    name: str, t_s: NDArray[np.float64], values: NDArray[np.float64], reference: Reference | None
) -> SeriesView:
    known = PHYSICAL[name]
    scale = reference.scales.get(name) if reference is not None else None
    mean, low, high = None, None, None
    if scale is not None:
        level, up, down = equivalent(name, scale)
        mean, low, high = level, level - down, level + up
    shown = known.convert(values)
    return {
        "title": known.title,
        "unit": known.unit,
        "t_s": [float(t) for t in t_s],
        "value": [float(v) if math.isfinite(v) else None for v in shown],
        "mean": mean,
        "low": low,
        "high": high,
    }
