"""Running figures of one stream for the panel; nothing here enters a computation."""

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_SPAN_S = 10.0
_NOTE_EVERY_S = 0.5
_MIN_GAP_S = 0.1


class StreamStatus(NamedTuple):
    """What the panel shows of a stream.

    Parameters
    ----------
    title, modality, participant : str
        How it is named, and its roles, separated by commas; empty without any.
    declared_rate_hz, measured_rate_hz : float
        Rates in hertz; 0.0 declared means irregular, NaN measured means not yet known.
    n_samples, n_gaps : int
        Samples received, and steps between stamps of more than three periods.
    last_stamp_age_s : float
        Age of the newest sample on the monitor's clock, in seconds; NaN before the first.
    state : str
        One of ``connecting, live, silent, lost, not assigned, refused, ended``.
    stream_id : int
        Current number of the stream; 0 before it was opened.
    """

    title: str
    modality: str
    participant: str
    declared_rate_hz: float
    measured_rate_hz: float
    n_samples: int
    n_gaps: int
    last_stamp_age_s: float
    state: str
    stream_id: int


class StreamStats:
    """Counts samples and gaps and measures the rate over the last ten seconds of stamps.

    Parameters
    ----------
    nominal_rate_hz : float
        Declared rate; 0.0 means irregular, without gaps.
    """

    __slots__ = ("_gap_s", "_marks", "last_stamp", "n_gaps", "n_samples")

    def __init__(self, nominal_rate_hz: float) -> None:
        self._gap_s = max(3.0 / nominal_rate_hz, _MIN_GAP_S) if nominal_rate_hz > 0.0 else float("inf")
        self._marks: deque[tuple[float, int]] = deque(maxlen=int(_SPAN_S / _NOTE_EVERY_S) + 1)
        self.n_samples = 0
        self.n_gaps = 0
        self.last_stamp = float("nan")

    def take(self, stamps: NDArray[np.float64]) -> None:
        """Count one chunk.

        Parameters
        ----------
        stamps : ndarray of float64, shape (n,)
            Raw stamps, n > 0.
        """
        if stamps[0] - self.last_stamp > self._gap_s:
            self.n_gaps += 1
        if stamps.size > 1:
            self.n_gaps += int(np.count_nonzero(stamps[1:] - stamps[:-1] > self._gap_s))
        self.n_samples += stamps.size
        self.last_stamp = float(stamps[-1])
        if not self._marks or self.last_stamp - self._marks[-1][0] >= _NOTE_EVERY_S:
            self._marks.append((self.last_stamp, self.n_samples))

    @property
    def measured_rate_hz(self) -> float:
        """Samples per second of stamps, NaN before half a second."""
        marks = tuple(self._marks)
        if len(marks) < 2 or marks[-1][0] <= marks[0][0]:
            return float("nan")
        return (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0])
