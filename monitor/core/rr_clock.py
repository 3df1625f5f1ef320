"""When the beats were: a clock for straps that send intervals without times."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.rr_clock import LAST_T, N_CLOCK, N_LAGS, TIMED, time_intervals


class RrClock:
    """Beat times by adding up intervals, anchored to the lower envelope of their arrival.

    A strap sends up to four intervals in one notification, about once a second and now and then a second or
    two late, so that the arrival of an interval says little of its beat. The sum of the intervals is exact;
    what it lacks, an offset, is the least lag between arrival and sum over the last minute. The offset moves
    by at most a tenth of an interval per beat, so that beats stay in order.

    A lost notification makes the lag jump and stay. It is recognised when for four seconds no lag was within
    one interval and 0.25 s of the former envelope, or at once beyond 5 s. The beats in between keep the times
    they were given. At the start and after a loss the beat that opens the first interval is emitted too, not
    joined, so that no interval is lost with the chain.

    Intervals outside 0.30-2.00 s are kept (they are artefacts of the next stage); one above 4 s cannot carry
    the clock and starts it again. Placeholders (zero, negative, NaN, infinite) are dropped and counted.

    Parameters
    ----------
    timed : bool, default False
        Whether stamps are the times of the beats already. Then they are kept. An interval is joined to the beat
        before where that is within 50 ms of its start; where it starts later, the beat that opens it is emitted;
        where it starts earlier, it is lost, its beat is not. A beat not after the last one is dropped and counted.
    """

    def __init__(self, *, timed: bool = False) -> None:
        self._lags = np.zeros((2, N_LAGS))
        self._state = np.zeros(N_CLOCK)
        self._state[LAST_T] = -np.inf
        self._state[TIMED] = float(timed)

    @property
    def n_dropped(self) -> int:
        """Placeholders, and beats at or before the one before them, dropped so far."""
        return int(self._state[5])

    def push(
        self, arrival_s: NDArray[np.float64], rr_ms: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """Take further intervals.

        Parameters
        ----------
        arrival_s : ndarray of float64, shape (n,)
            Arrival stamp of each interval in session seconds, not descending; equal within a notification. With
            `timed`, the time of the beat that ends the interval.
        rr_ms : ndarray of float64, shape (n,)
            Intervals in milliseconds, oldest first.

        Returns
        -------
        t_s : ndarray of float64, shape (m,)
            Session times of the beats in seconds, strictly ascending. The constant delay of the radio link is
            not observable and stays in them.
        rr_ms : ndarray of float64, shape (m,)
            Interval that ends at each beat; NaN at a beat that only opens one.
        joined : ndarray of bool, shape (m,)
            Whether a valid interval ends at the beat; what `RrStage.push` takes.
        """
        out = np.empty((2, 2 * len(arrival_s)))
        joined = np.empty(2 * len(arrival_s), dtype=np.bool_)
        n = time_intervals(
            np.ascontiguousarray(arrival_s, dtype=np.float64),
            np.ascontiguousarray(rr_ms, dtype=np.float64),
            self._lags,
            self._state,
            out,
            joined,
        )
        return out[0, :n], out[1, :n], joined[:n]
