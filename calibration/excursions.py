"""What an excursion beyond an edge was like, and how the person came back from it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from calibration.edges import Edges
from calibration.zones import MISSING_S, Interval, Zone

HORIZON_S = 600
"""Longest wait for the half-recovery after the end of an excursion."""

BEFORE_S = 60
"""Seconds before the onset from which the level before the excursion is taken."""

FIT_S = 120
"""Seconds after the peak that the exponential is fitted to, or up to the end of the excursion if that is later."""

FLOOR_S = 15.0
"""Shortest recovery that windows of 30 s can resolve, SCIENCE E.8."""

HOLD_S = 10
"""Seconds at or beyond the half level that make a recovery."""

_NEAR_ONSET_S = 10
_MIN_BEFORE = 30
_MIN_FIT_S = 60
_MIN_R2 = 0.5
_TAU_S = (3.0, 600.0)
_CHANNELS = ("eda", "heart", "vagal")
_WEIGHTS = (0.5, 0.25, -0.25)
_AROUSAL, _FIRST_Z, _PARTS = 0, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """One excursion.

    Parameters
    ----------
    interval : Interval
        Where it lies.
    pre_level : float
        Median of arousal from 60 to 10 s before the onset; NaN with fewer than 30 valid seconds.
    peak : float
        Arousal furthest beyond the edge, in reference SD.
    peak_second : int
        Grid second of the peak, the first one where several are alike.
    area : float
        Sum of the distances from the edge over the valid seconds, positive beyond it, in SD s.
    led_by : str
        ``eda``, ``heart`` or ``vagal``: whose weighted change up to the peak was largest; empty where unknown.
    na_share : float
        Missing share of its seconds, 0 to 1.
    half_recovery_s : float
        Recovery half-time in seconds; NaN where it was not seen or is below the floor.
    below_floor : bool
        Whether the recovery took less than 15 s, which cannot be resolved.
    fit_half_s : float
        Half-time of the exponential fit in seconds; NaN with less than 60 s after the peak, or a poor fit.
    fit_r2 : float
        Explained share of variance of that fit; NaN where there is none.
    """

    interval: Interval
    pre_level: float
    peak: float
    peak_second: int
    area: float
    led_by: str
    na_share: float
    half_recovery_s: float
    below_floor: bool
    fit_half_s: float
    fit_r2: float


def half_recovery(
    arousal: NDArray[np.float64], start_index: int, peak_index: int, pre_level: float
) -> tuple[float, bool] | None:
    """Time from the peak until half of the way back has been gone and kept.

    Parameters
    ----------
    arousal : ndarray of float64, shape (n,)
        Arousal at one value a second, NaN where missing, as far as it is known.
    start_index : int
        Index of the onset.
    peak_index : int
        Index of the peak, not before the onset.
    pre_level : float
        Level before the excursion; the side is that of the peak relative to it.

    Returns
    -------
    tuple of (float, bool) or None
        Half-time in seconds and whether it is below the floor of 15 s (then NaN). NaN and False where it can
        never be known: no level before, or 10 missing seconds in a row before the recovery. None while undecided.

    Raises
    ------
    ValueError
        If the indices do not fit the series.

    Notes
    -----
    ``min{t > t_peak: A <= A_pre + (A_peak - A_pre) / 2 for 10 s} - t_peak`` (SCIENCE E.8), mirrored for the lower
    side. Fewer than 10 missing seconds neither count nor break the 10 s.
    """
    if not 0 <= start_index <= peak_index < arousal.size:
        raise ValueError(
            f"The onset ({start_index}) and the peak ({peak_index}) do not lie in this order within the "
            f"{arousal.size} seconds given; pass indices into `arousal`."
        )
    peak = float(arousal[peak_index])
    side = math.copysign(1.0, peak - pre_level)
    half = side * (pre_level + 0.5 * (peak - pre_level))
    if not math.isfinite(half) or peak == pre_level:
        return math.nan, False
    since = n_held = n_missing = 0
    for index, value in enumerate(arousal[peak_index + 1 :].tolist(), start=1):
        if not math.isfinite(value):
            n_missing += 1
            if n_missing == MISSING_S:
                return math.nan, False
            continue
        n_missing = 0
        if side * value > half:
            n_held = 0
            continue
        n_held += 1
        if n_held == 1:
            since = index
        if n_held == HOLD_S:
            return (float(since), False) if since >= FLOOR_S else (math.nan, True)
    return None


def _before(values: NDArray[np.float64], start: int, comparable: NDArray[np.bool_]) -> float:
    """Median from 60 to 10 s before the onset, of the seconds composed like the peak."""
    span = slice(max(start - BEFORE_S, 0), max(start - _NEAR_ONSET_S + 1, 0))
    known = values[span][comparable[span] & np.isfinite(values[span])]
    return float(np.median(known)) if known.size >= _MIN_BEFORE else math.nan


def _led_by(seconds: NDArray[np.float64], start: int, peak: int, side: float) -> str:
    """Channel with the largest weighted change towards the excursion; empty unless two can be compared."""
    comparable = seconds[:, _PARTS] == seconds[peak, _PARTS]
    changes = {}
    for column, (channel, weight) in enumerate(zip(_CHANNELS, _WEIGHTS, strict=True), start=_FIRST_Z):
        scores = seconds[:, column]
        change = side * weight * (float(scores[peak]) - _before(scores, start, comparable))
        if math.isfinite(change):
            changes[channel] = change
    if len(changes) < 2:
        return ""
    channel = max(changes, key=lambda name: changes[name])
    return channel if changes[channel] > 0 else ""


def _fit(after: NDArray[np.float64], side: float) -> tuple[float, float]:
    """Half-time and R2 of ``A_inf + (A_peak - A_inf) exp(-t / tau)`` on the values from the peak on."""
    known = np.isfinite(after)
    if after.size <= _MIN_FIT_S or int(known.sum()) <= 0.8 * after.size:
        return math.nan, math.nan
    peak = float(after[0])
    t_s = np.flatnonzero(known).astype(np.float64)
    fallen = after[known] - peak
    total = float(np.sum((fallen - fallen.mean()) ** 2))
    if total <= 0:
        return math.nan, math.nan

    # For a given tau the model is linear in A_inf, which leaves one unknown to search for.
    def fall(tau_s: float) -> tuple[float, float]:
        gone = -np.expm1(-t_s / tau_s)
        depth = float(gone @ fallen) / float(gone @ gone)
        return float(np.sum((fallen - depth * gone) ** 2)), depth

    found = optimize.minimize_scalar(
        lambda log_tau: fall(math.exp(log_tau))[0],
        bounds=(math.log(_TAU_S[0]), math.log(_TAU_S[1])),
        method="bounded",
        options={"xatol": 1e-6},
    )
    tau_s = math.exp(float(found.x))
    squares, depth = fall(tau_s)
    r2 = 1.0 - squares / total
    inside = _TAU_S[0] * 1.01 < tau_s < _TAU_S[1] / 1.01
    good = r2 >= _MIN_R2 and side * depth < 0 and inside
    return (tau_s * math.log(2.0) if good else math.nan), r2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """The excursion in rows of the array it was given with."""

    start: int
    stop: int
    peak: int
    side: float
    pre_level: float
    arousal: NDArray[np.float64]

    def recovery(self) -> tuple[float, bool] | None:
        """Half-recovery within the horizon."""
        if self.side * (float(self.arousal[self.peak]) - self.pre_level) <= 0:
            return math.nan, False
        return half_recovery(self.arousal[: self.stop + HORIZON_S], self.start, self.peak, self.pre_level)


def _course(interval: Interval, first: int, seconds: NDArray[np.float64]) -> _Course:
    """Find the peak and the level before it; seconds composed unlike the peak count as missing for both."""
    side = {Zone.ABOVE: 1.0, Zone.BELOW: -1.0}.get(interval.zone)
    start, stop = interval.start - first, min(interval.stop - first, len(seconds))
    within = side is not None and 0 <= start < stop
    inside = side * seconds[start:stop, _AROUSAL] if side is not None and within else np.empty(0)
    if side is None or not np.isfinite(inside).any():
        raise ValueError(
            f"{interval} is not an excursion with a valid second within the {len(seconds)} seconds from {first} on; "
            f"pass an interval above or below, and the seconds it covers."
        )
    peak = start + int(np.nanargmax(np.where(np.isfinite(inside), inside, np.nan)))
    comparable = seconds[:, _PARTS] == seconds[peak, _PARTS]
    pre_level = _before(seconds[:, _AROUSAL], start, comparable)
    arousal = np.where(comparable, seconds[:, _AROUSAL], np.nan)
    return _Course(start=start, stop=stop, peak=peak, side=side, pre_level=pre_level, arousal=arousal)


def recovered(interval: Interval, first: int, seconds: NDArray[np.float64]) -> bool:
    """Whether later seconds can no longer change the half-recovery of an excursion.

    Parameters
    ----------
    interval : Interval
        The excursion, complete.
    first : int
        Grid second of the first row.
    seconds : ndarray of float64, shape (n, 6)
        The seconds known so far, in the columns of `Second`.

    Returns
    -------
    bool
        True once the half-recovery is found, can never be found, or the horizon of 600 s after the end is reached.

    Raises
    ------
    ValueError
        If the interval is no excursion or lies outside the seconds.
    """
    if first + len(seconds) >= interval.stop + HORIZON_S:
        return True
    return _course(interval, first, seconds).recovery() is not None


def describe(interval: Interval, first: int, seconds: NDArray[np.float64], edges: Edges) -> Excursion:
    """Describe an excursion.

    Parameters
    ----------
    interval : Interval
        The excursion, complete.
    first : int
        Grid second of the first row.
    seconds : ndarray of float64, shape (n, 6)
        Seconds in the columns of `Second`: ideally from 60 s before the onset until `recovered`, for the fit at
        least 120 s after the peak. NaN where missing.
    edges : Edges
        The window in use.

    Returns
    -------
    Excursion
        Its statistics (SCIENCE E.8), NaN where the seconds do not carry them.

    Raises
    ------
    ValueError
        If the interval is no excursion or lies outside the seconds.

    Notes
    -----
    Arousal is not compared across a change of composition: seconds composed otherwise than the peak count as
    missing in the level before and in the recovery.
    """
    course = _course(interval, first, seconds)
    edge = edges.upper if course.side > 0 else edges.lower
    inside = seconds[course.start : course.stop, _AROUSAL]
    known = inside[np.isfinite(inside)]
    half_s, below_floor = course.recovery() or (math.nan, False)
    stop = max(course.stop, course.peak + FIT_S + 1)
    fit_half_s, fit_r2 = _fit(course.arousal[course.peak : stop], course.side)
    return Excursion(
        interval=interval,
        pre_level=course.pre_level,
        peak=float(seconds[course.peak, _AROUSAL]),
        peak_second=first + course.peak,
        area=float(np.sum(course.side * (known - edge.mean))),
        led_by=_led_by(seconds, course.start, course.peak, course.side),
        na_share=1.0 - known.size / inside.size,
        half_recovery_s=half_s,
        below_floor=below_floor,
        fit_half_s=fit_half_s,
        fit_r2=fit_r2,
    )
