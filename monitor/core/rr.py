"""RR intervals with their artefacts marked, two beats late."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.rr import N_COUNTERS, RING, WINDOW_BEATS, classify_intervals
from monitor.core.results import BeatClass

BEAT_CLASSES: tuple[BeatClass, ...] = tuple(BeatClass)
"""Class of an interval by its code."""

_FEW = 64


class RrIntervals(NamedTuple):
    """Intervals in ascending time, one per beat.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Session time in seconds of the beat that ends the interval.
    rr_ms : ndarray of float64, shape (n,)
        Interval as received or detected; NaN for a beat at which no interval ends.
    code : ndarray of int64, shape (n,)
        Index into `BEAT_CLASSES`.
    nn : ndarray of bool, shape (n,)
        The interval is normal, and both beats that bound it are.
    pair : ndarray of bool, shape (n,)
        The difference to the interval before is between two adjacent NN intervals.
    corrected_ms : ndarray of float64, shape (n,)
        Interval for heart rate and display. An extra beat is merged into the following interval (NaN at the
        beat itself), a missed beat halves the interval, misplaced beats are moved to the middle, a long or
        short interval becomes the running median. NaN where nothing sensible is known.
    known_s : ndarray of float64, shape (n,)
        Session time in seconds of the beat with which this was settled; infinite at the end of the recording.
    """

    t_s: NDArray[np.float64]
    rr_ms: NDArray[np.float64]
    code: NDArray[np.int64]
    nn: NDArray[np.bool_]
    pair: NDArray[np.bool_]
    corrected_ms: NDArray[np.float64]
    known_s: NDArray[np.float64]


class RrStage:
    """Artefact classification of Lipponen and Tarvainen [1]_, as a stream.

    An interval is decided when two more beats are known, or at once when the chain of intervals breaks. Its
    neighbourhood is then exact; the thresholds come from the last 91 beats (not from 91 beats around), the
    running median from eight intervals before to two after. Intervals outside 0.30-2.00 s are artefacts
    whatever their neighbours are.

    Nothing is emitted before 20 intervals are known: they are then classified together, so that no interval
    goes out unexamined. Thresholds outlive a gap of up to five minutes.

    Notes
    -----
    The first threshold is 5.2 quartile deviations of the signed differences, which cover 99.95 % of normally
    distributed ones. Of the absolute differences, as implementations often take it, the same factor covers
    97 %: on quiet sinus rhythm every twentieth beat then becomes an artefact. The second threshold is that of
    the absolute deviations from the median. Both are at least 20 ms, because a quantised or very regular
    series would otherwise make every change an artefact.

    References
    ----------
    .. [1] Lipponen, J. A., & Tarvainen, M. P. (2019). A robust algorithm for heart rate variability time
       series artefact correction using novel beat classification. Journal of Medical Engineering &
       Technology 43(3), 173-181. doi:10.1080/03091902.2019.1640306
    """

    def __init__(self) -> None:
        self._beats = np.full((6, RING), np.nan)
        self._history = np.zeros((2, 2, WINDOW_BEATS))
        self._state = np.zeros(N_COUNTERS, dtype=np.int64)
        self._out = np.empty((4, _FEW + RING))
        self._marks = np.empty((3, _FEW + RING), dtype=np.int64)
        self._no_numbers = np.empty(0)
        self._no_flags = np.empty(0, dtype=np.bool_)

    @property
    def n_pending(self) -> int:
        """Beats taken but not yet emitted: two, or up to 20 while the thresholds are learned."""
        return int(self._state[0] - self._state[1])

    def push(
        self, t_s: NDArray[np.float64], rr_ms: NDArray[np.float64], joined: NDArray[np.bool_]
    ) -> RrIntervals:
        """Take further beats.

        Parameters
        ----------
        t_s : ndarray of float64, shape (n,)
            Session times of the beats in seconds, ascending over all calls.
        rr_ms : ndarray of float64, shape (n,)
            Interval that ends at each beat, in milliseconds.
        joined : ndarray of bool, shape (n,)
            False where no valid interval ends (after a gap or unusable signal); the chain breaks there and
            `rr_ms` is ignored.

        Returns
        -------
        RrIntervals
            What was decided by these beats, possibly nothing.
        """
        return self._run(t_s, rr_ms, joined, False)

    def flush(self) -> RrIntervals:
        """Decide what is pending with what is known.

        Returns
        -------
        RrIntervals
            The last beats. Intervals pushed later still find their history.
        """
        return self._run(self._no_numbers, self._no_numbers, self._no_flags, True)

    def _run(
        self, t_s: NDArray[np.float64], rr_ms: NDArray[np.float64], joined: NDArray[np.bool_], final: bool
    ) -> RrIntervals:
        out, marks = self._out, self._marks
        if len(t_s) > _FEW:
            out = np.empty((4, len(t_s) + RING))
            marks = np.empty((3, len(t_s) + RING), dtype=np.int64)
        n = classify_intervals(
            np.ascontiguousarray(t_s, dtype=np.float64),
            np.ascontiguousarray(rr_ms, dtype=np.float64),
            np.ascontiguousarray(joined, dtype=np.bool_),
            final,
            self._beats,
            self._history,
            self._state,
            out,
            marks,
        )
        numbers = out[:, :n].copy()
        flags = marks[1:, :n] != 0
        return RrIntervals(
            numbers[0], numbers[1], marks[0, :n].copy(), flags[0], flags[1], numbers[2], numbers[3]
        )
