"""The heart of one person from a heart rate alone."""

from math import log

import numpy as np
from numpy.typing import NDArray

from monitor.core.markers import HEART_MARKERS
from monitor.core.results import NAN, Estimate, Reason, Result, Status, missing

_HR_WINDOW_S = 15.0


class RateHeart:
    """Heart of one person from a heart rate alone: the rate, and nothing made up from it."""

    def __init__(self) -> None:
        self._t = np.empty(0)
        self._bpm = np.empty(0)
        self._first = NAN

    def push(self, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        """Take heart rates.

        Parameters
        ----------
        t : ndarray of float64, shape (n,)
            Session seconds.
        x : ndarray of float64, shape (n,)
            Beats per minute.

        Returns
        -------
        list of Result
            Always empty: a rate has no beats.
        """
        if t.size and np.isnan(self._first):
            self._first = float(t[0])
        believable = (x >= 25.0) & (x <= 240.0)
        self._t = np.concatenate((self._t, t[believable]))
        self._bpm = np.concatenate((self._bpm, x[believable]))
        keep = self._t > (t[-1] if t.size else 0.0) - 8 * _HR_WINDOW_S
        self._t, self._bpm = self._t[keep], self._bpm[keep]
        return []

    def at(self, end_s: float) -> dict[str, Estimate]:
        """Estimates of the windows that end at a second.

        Parameters
        ----------
        end_s : float
            End of the windows in session seconds.

        Returns
        -------
        dict of str to Estimate
            ``hr_bpm`` as the median of the last 15 s; everything else is missing.
        """
        nothing = missing(Reason.NO_DATA)
        estimates = dict.fromkeys((*HEART_MARKERS, "heart_speed", "breathing_per_min"), nothing)
        inside = (self._t >= end_s - _HR_WINDOW_S) & (self._t < end_s)
        values, times = self._bpm[inside], self._t[inside]
        if not values.size:
            return estimates
        seconds = np.unique(np.floor(times)).size
        coverage = min(1.0, seconds / _HR_WINDOW_S)
        if coverage < 0.5:
            reason = Reason.WARMUP if end_s - self._first < _HR_WINDOW_S else Reason.GAP
            estimates["hr_bpm"] = estimates["heart_speed"] = missing(reason, coverage)
            return estimates
        status, reason = (Status.OK, Reason.NONE) if coverage >= 0.8 else (Status.LOW, Reason.GAP)
        bpm = float(np.median(values))
        estimates["hr_bpm"] = Estimate(bpm, NAN, status, reason, coverage)
        estimates["heart_speed"] = Estimate(log(bpm / 60.0), NAN, status, reason, coverage)
        return estimates

    def intervals_at(
        self,
        first_s: float,  # noqa: ARG002 - as of every other source
        step_s: float,  # noqa: ARG002
        n: int,
        end_s: float,  # noqa: ARG002
    ) -> NDArray[np.float64]:
        """Interpolate the intervals between beats at evenly spaced times.

        Parameters
        ----------
        first_s, step_s : float
            First time and step in session seconds.
        n : int
            How many times.
        end_s : float
            What was settled later is not used.

        Returns
        -------
        ndarray of float64, shape (n,)
            Always NaN: a rate has no beats.
        """
        return np.full(n, NAN)

    def finish(self) -> list[Result]:
        """Hand out what was undecided at the end.

        Returns
        -------
        list of Result
            Always empty.
        """
        return []
