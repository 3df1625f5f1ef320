"""From ECG, RR intervals or a heart rate to the cardiac markers of one person."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.core.breathing import BreathingWindow
from monitor.core.ecg import EcgStage
from monitor.core.ecg_quality import VERDICT_REASONS
from monitor.core.hrv import HeartWindows
from monitor.core.kernels.rr import join_beats
from monitor.core.results import NAN, BeatClass, BeatRow, Estimate, Reason, Result, Status, missing
from monitor.core.rr import RrIntervals, RrStage
from monitor.core.rr_clock import RrClock

_CLASSES = tuple(BeatClass)
_VERDICTS_KEPT = 30
_UNDECIDED_TAIL = 2
"""Intervals always undecided while the classification runs; more of them means it is still learning."""
_CONTACT_REASONS = {Reason.NO_DATA, Reason.GAP, Reason.TOO_FEW_BEATS, Reason.WARMUP}


class HeartSource(Protocol):
    """Anything that turns one cardiac channel into estimates."""

    def push(self, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        """Take samples and return what they decided.

        Parameters
        ----------
        t : ndarray of float64, shape (n,)
            Session seconds, ascending.
        x : ndarray of float64, shape (n,)
            Values in the canonical unit.
        """
        ...

    def at(self, end_s: float) -> dict[str, Estimate]:
        """Estimate the windows that end at a second.

        Parameters
        ----------
        end_s : float
            End of the windows in session seconds.
        """
        ...

    def intervals_at(self, first_s: float, step_s: float, n: int, end_s: float) -> NDArray[np.float64]:
        """Interpolate the intervals between beats at evenly spaced times, for synchrony.

        Parameters
        ----------
        first_s : float
            The first time in session seconds.
        step_s : float
            From one time to the next.
        n : int
            How many times.
        end_s : float
            What was settled later is not used.

        Returns
        -------
        ndarray of float64, shape (n,)
            Intervals in ms; NaN where missing.
        """
        ...

    def finish(self) -> list[Result]:
        """Hand out what was undecided at the end."""
        ...


class _Intervals:
    """RR intervals to beats and windows; shared by ECG and strap."""

    def __init__(self, participant: str, source: str) -> None:
        self._participant = participant
        self._source = source
        self._stage = RrStage()
        self._windows = HeartWindows()

    def push(
        self, t: NDArray[np.float64], rr_ms: NDArray[np.float64], joined: NDArray[np.bool_]
    ) -> list[Result]:
        return self._rows(self._stage.push(t, rr_ms, joined)) if t.size else []

    def finish(self) -> list[Result]:
        return self._rows(self._stage.flush())

    def _rows(self, decided: RrIntervals) -> list[Result]:
        self._windows.extend(decided)
        columns = (decided.t_s, decided.rr_ms, decided.nn, decided.code)
        rows = zip(*map(np.ndarray.tolist, columns), strict=True)
        return [
            BeatRow(self._participant, self._source, t, rr, nn, _CLASSES[code]) for t, rr, nn, code in rows
        ]

    def at(self, end_s: float) -> dict[str, Estimate]:
        return self._windows.at(end_s, warming=self._stage.n_pending > _UNDECIDED_TAIL)

    def intervals_at(self, first_s: float, step_s: float, n: int, end_s: float) -> NDArray[np.float64]:
        return self._windows.intervals_at(first_s, step_s, n, end_s)


class EcgHeart:
    """Heart of one person from ECG.

    Parameters
    ----------
    participant : str
        Code of the person.
    rate_hz : float
        Sampling rate for the design of the filters.
    """

    def __init__(self, participant: str, rate_hz: float) -> None:
        self._stage = EcgStage(rate_hz)
        self._intervals = _Intervals(participant, "ecg")
        self._breathing = BreathingWindow()
        self._last_beat = (NAN, False)
        self._verdicts: dict[int, tuple[bool, Reason]] = {}

    def push(self, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        """Take ECG samples.

        Parameters
        ----------
        t : ndarray of float64, shape (n,)
            Session seconds, strictly ascending.
        x : ndarray of float64, shape (n,)
            Microvolts.

        Returns
        -------
        list of BeatRow
            Intervals classified meanwhile.
        """
        beats, verdicts = self._stage.push(t, x)
        for second, usable, reason in zip(
            verdicts.second.tolist(), verdicts.usable.tolist(), verdicts.reason.tolist(), strict=True
        ):
            self._verdicts[second] = (usable, VERDICT_REASONS[reason])
            self._verdicts.pop(second - _VERDICTS_KEPT, None)
        if not beats.t_s.size:
            return []
        rr_ms, joined = np.empty(beats.t_s.size), np.empty(beats.t_s.size, dtype=np.bool_)
        join_beats(beats.t_s, beats.usable, beats.whole, *self._last_beat, rr_ms, joined)
        self._last_beat = (float(beats.t_s[-1]), bool(beats.usable[-1]))
        self._breathing.extend(beats.t_s, rr_ms, beats.amplitude_uv, joined)
        return self._intervals.push(beats.t_s, rr_ms, joined)

    def at(self, end_s: float) -> dict[str, Estimate]:
        """Estimates of the windows that end at a second.

        Parameters
        ----------
        end_s : float
            End of the windows in session seconds.

        Returns
        -------
        dict of str to Estimate
            Cardiac markers, ``heart_speed`` and ``breathing_per_min``. Where they are missing and the
            signal was unusable, the reason is that of the signal.
        """
        estimates = self._intervals.at(end_s)
        estimates["breathing_per_min"] = self._breathing.at(end_s)
        usable, reason = self._verdicts.get(int(end_s), (True, Reason.NONE))
        if not usable and reason is not Reason.NONE:
            for name, estimate in estimates.items():
                if estimate.status is Status.NA and estimate.reason in _CONTACT_REASONS:
                    estimates[name] = missing(reason, estimate.coverage)
        return estimates

    def intervals_at(self, first_s: float, step_s: float, n: int, end_s: float) -> NDArray[np.float64]:
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
            Intervals in ms; NaN where missing.
        """
        return self._intervals.intervals_at(first_s, step_s, n, end_s)

    def finish(self) -> list[Result]:
        """Hand out what was undecided at the end.

        Returns
        -------
        list of BeatRow
            The last beats.
        """
        return self._intervals.finish()


class StrapHeart:
    """Heart of one person from the RR intervals a strap sends.

    Parameters
    ----------
    participant : str
        Code of the person.
    timed : bool, default False
        Whether the stamps are the times of the beats, not those of their arrival.
    """

    def __init__(self, participant: str, *, timed: bool = False) -> None:
        self._clock = RrClock(timed=timed)
        self._intervals = _Intervals(participant, "rr")

    def push(self, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        """Take RR intervals as they arrived.

        Parameters
        ----------
        t : ndarray of float64, shape (n,)
            Arrival in session seconds, or time of the beat that ends each interval.
        x : ndarray of float64, shape (n,)
            RR intervals in milliseconds.

        Returns
        -------
        list of BeatRow
            Intervals classified meanwhile.
        """
        return self._intervals.push(*self._clock.push(t, x))

    def at(self, end_s: float) -> dict[str, Estimate]:
        """Estimates of the windows that end at a second.

        Parameters
        ----------
        end_s : float
            End of the windows in session seconds.

        Returns
        -------
        dict of str to Estimate
            Cardiac markers and ``heart_speed``; breathing is missing, it needs the ECG.
        """
        estimates = self._intervals.at(end_s)
        estimates["breathing_per_min"] = missing(Reason.NO_DATA)
        return estimates

    def intervals_at(self, first_s: float, step_s: float, n: int, end_s: float) -> NDArray[np.float64]:
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
            Intervals in ms; NaN where missing.
        """
        return self._intervals.intervals_at(first_s, step_s, n, end_s)

    def finish(self) -> list[Result]:
        """Hand out what was undecided at the end.

        Returns
        -------
        list of BeatRow
            The last beats.
        """
        return self._intervals.finish()
