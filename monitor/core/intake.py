"""What of a channel may enter the analysis: ordered stamps, finite values, gaps counted."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.intake import (
    ACCEPTED,
    COUNTS_SIZE,
    DISORDERED,
    FIRST,
    GAPS,
    LAST,
    NOT_FINITE,
    OUTLIER,
    STARTED,
    STATE_SIZE,
    flawless,
    screen,
)
from monitor.core.model import Modality, StreamInfo

_LIMIT: dict[Modality, float] = {
    Modality.ECG: 1e6,
    Modality.EDA: 1e7,
    Modality.RR: 1e7,
    Modality.HR: 1e4,
}
"""Magnitudes no sensor of this kind sends, in its canonical unit; generous, because a wrong unit must
reach the plausibility check that names it."""

_JUMP_S = 5.0
_FAR = 1e30
_EVENTS = frozenset({Modality.RR, Modality.HR})
"""Sent as they happen: a notification may hold several under one stamp."""

_SMALLEST = 5e-324
_GAP_MIN_S = 0.2
_GAP_PERIODS = 4.0


def gap_limit_s(info: StreamInfo) -> float:
    """Longest step between stamps of a stream that is not a gap.

    Parameters
    ----------
    info : StreamInfo
        The stream.

    Returns
    -------
    float
        Four periods and at least 0.2 s; infinity for irregular streams.
    """
    rate = info.nominal_rate_hz
    return max(_GAP_MIN_S, _GAP_PERIODS / rate) if rate > 0 else float("inf")


class Intake:
    """Screens one channel before the analysis; nothing here changes what is recorded.

    Parameters
    ----------
    modality : Modality
        What the channel measures.
    gap_s : float
        Longest step between stamps that is not reported as a gap; infinity for irregular streams.

    Attributes
    ----------
    n_accepted, n_disordered, n_not_finite, n_outliers : int
        Samples let through, and refused because their stamp does not ascend, because stamp or value is not a
        believable number, or because a single stamp leapt ahead.
    gaps : list of tuple of float
        Start and stop of every gap, on the time axis of the stamps given.
    """

    __slots__ = (
        "_counts",
        "_gap_s",
        "_in_gaps_s",
        "_limit",
        "_longest_s",
        "_min_step_s",
        "_seeded",
        "_state",
        "gaps",
    )

    def __init__(self, modality: Modality, gap_s: float) -> None:
        self._limit = _LIMIT.get(modality, _FAR)
        self._gap_s = gap_s
        self._longest_s = min(gap_s, _JUMP_S)
        self._min_step_s = 0.0 if modality in _EVENTS else _SMALLEST
        self._state = np.zeros(STATE_SIZE)
        self._counts = np.zeros(COUNTS_SIZE, dtype=np.int64)
        self._seeded = False
        self._in_gaps_s = 0.0
        self.gaps: list[tuple[float, float]] = []

    @property
    def n_accepted(self) -> int:
        """Samples let through."""
        return int(self._counts[ACCEPTED])

    @property
    def n_disordered(self) -> int:
        """Samples whose stamp does not ascend."""
        return int(self._counts[DISORDERED])

    @property
    def n_not_finite(self) -> int:
        """Samples whose stamp or value is not a believable number."""
        return int(self._counts[NOT_FINITE])

    @property
    def n_outliers(self) -> int:
        """Single samples whose stamp leapt ahead."""
        return int(self._counts[OUTLIER])

    @property
    def first_s(self) -> float | None:
        """Stamp of the first accepted sample."""
        return float(self._state[FIRST]) if self._state[STARTED] else None

    @property
    def last_s(self) -> float | None:
        """Stamp of the last accepted sample."""
        return float(self._state[LAST]) if self._state[STARTED] else None

    @property
    def overall_rate_hz(self) -> float:
        """Samples per second from the first to the last, gaps and all; NaN before two samples."""
        seconds = float(self._state[LAST] - self._state[FIRST])
        return (self.n_accepted - 1) / seconds if self.n_accepted > 1 and seconds > 0 else float("nan")

    @property
    def measured_rate_hz(self) -> float:
        """Samples per second outside gaps; NaN before two samples."""
        if self.n_accepted < 2:
            return float("nan")
        seconds = float(self._state[LAST] - self._state[FIRST]) - self._in_gaps_s
        return (self.n_accepted - 1 - len(self.gaps)) / seconds if seconds > 0 else float("nan")

    def push(
        self, t: NDArray[np.float64], x: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Screen the next samples.

        Parameters
        ----------
        t : ndarray of float64, shape (n,)
            Stamps in seconds, as mapped to the monitor's clock.
        x : ndarray of float64, shape (n,)
            Values in the canonical unit.

        Returns
        -------
        t, x : ndarray of float64, shape (m,)
            Accepted samples: stamps strictly ascending, values finite.
        """
        if flawless(t, x, self._limit, self._longest_s, self._state, self._counts):
            return t, x
        if not self._seeded:
            finite = t[np.isfinite(t)]
            if not finite.size:
                self._counts[NOT_FINITE] += t.size
                return np.empty(0), np.empty(0)
            # The first stamp is accepted as it is: nothing is known yet that it could contradict.
            self._state[LAST] = finite[0] - _JUMP_S / 2
            self._seeded = True
        out_t, out_x, gaps = np.empty(t.size + 1), np.empty(t.size + 1), np.empty((t.size + 1, 2))
        n = screen(
            t,
            x,
            self._limit,
            _JUMP_S,
            self._gap_s,
            self._min_step_s,
            self._state,
            self._counts,
            out_t,
            out_x,
            gaps,
        )
        for start, stop in gaps[: self._counts[GAPS]].tolist():
            self.gaps.append((start, stop))
            self._in_gaps_s += stop - start
        return out_t[:n], out_x[:n]
