"""When the heart beat: times for the RR intervals of a strap, which come with nothing but their arrival."""

import math
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_TICKS_HZ = 1024
_LONGEST = 4 * _TICKS_HZ
_ENVELOPE_S = 60.0
_MOST_LAGS = 256
_EARLY_S = 60.0
_FAR_S = 0.25
_AHEAD_S = 1.0
# Far below the 50 ms by which the monitor tells whether two beats are neighbours.
_SLEW_S, _SLEW_FAST_S = 0.002, 0.03
_STAY_S, _STAY_N = 3.0, 4
_BURST_S = 0.2
_TOLERANCE_S = 0.05
_N_RECENT = 8
_NEXT_S = 0.001
# Readers that go by the stamps must not take beats on both sides of a gap for neighbours.
_APART_S = 0.06


class Beats(NamedTuple):
    """Beats of one notification, oldest first.

    Parameters
    ----------
    stamps_s : ndarray of float64, shape (n,)
        Time of the beat that ends each interval, in seconds of the bridge's clock; strictly ascending.
    rr_ms : ndarray of float64, shape (n,)
        The intervals in milliseconds, exactly ``n * 1000 / 1024``.
    gap : ndarray of bool, shape (n,)
        Whether beats are missing between the beat before and the start of this interval.
    """

    stamps_s: NDArray[np.float64]
    rr_ms: NDArray[np.float64]
    gap: NDArray[np.bool_]


class _Beat(NamedTuple):
    cumulated: int
    ticks: int
    gap: bool
    anew: bool


class BeatClock:
    """Beat times by adding up intervals exactly, anchored to the lower envelope of their arrival.

    A strap tells of its beats about once a second, up to nine at a time and now and then seconds late; only the
    last beat of a notification is near its arrival. What the sum of the intervals lacks, an offset, is the least
    lag of a last beat over the last minute. It moves by at most 2 ms per beat, in the first minute after a start
    or a gap, and where beats would lie more than 0.25 s too late, by 30 ms. Where a beat would lie more than a
    second after its own arrival, the offset is given up: such beats get a gap, and lie close together until they are
    where they belong.

    Lost beats make the lag jump and stay. They are reported when four notifications in a row, over three seconds
    or more and a burst taken for one, came later than the envelope by more than the longest of the last eight
    intervals and 50 ms: a strap that lost nothing never lags so far behind, except for a while. The gap is
    therefore marked some seconds after it happened, and the beats in between are stamped too early by what was
    lost. A loss that does not show within a minute is followed by the offset and never marked.

    Where the heart keeps step with the notifications for minutes, the lag of the last beat hardly changes, and
    the offset may be too large by up to an interval.

    A strap's constant delay is not observable and stays in the stamps.
    """

    __slots__ = (
        "_anchored_s", "_cumulated", "_fresh", "_gap", "_high", "_lags", "_offset_s", "_recent", "_stamped_s",
    )  # fmt: skip

    def __init__(self) -> None:
        self._stamped_s = -math.inf
        self._lags: deque[tuple[float, float]] = deque(maxlen=_MOST_LAGS)
        self._recent: deque[int] = deque(maxlen=_N_RECENT)
        self.restart()

    def restart(self) -> None:
        """Begin anew, as after a reconnect: the next interval has a gap before it; stamps never step back."""
        self._lags.clear()
        self._recent.clear()
        self._cumulated = 0
        self._offset_s = self._anchored_s = 0.0
        self._high: list[tuple[float, float]] = []
        self._fresh = self._gap = True

    def push(self, arrival_s: float, rr_1024: Sequence[int]) -> Beats:
        """Take one notification.

        Parameters
        ----------
        arrival_s : float
            When it arrived, in seconds of the bridge's clock; not descending.
        rr_1024 : sequence of int
            Its intervals in units of 1/1024 s, oldest first; possibly none. Zero, and more than 4 s, are no
            intervals: they are left out, and the next one has a gap before it.

        Returns
        -------
        Beats
            One beat for each interval.

        Raises
        ------
        ValueError
            If the arrival is not finite.
        """
        if not math.isfinite(arrival_s):
            raise ValueError(f"a notification arrived at {arrival_s}, which is no time")
        beats = self._intervals(rr_1024)
        if not beats:
            return Beats(np.empty(0), np.empty(0), np.empty(0, dtype=np.bool_))
        lost = self._note_lag(arrival_s, beats)
        least_s = min(lag_s for _, lag_s in self._lags)
        stamps_s = np.empty(len(beats))
        gap = np.array([beat.gap for beat in beats])
        gap[0] |= lost
        for i, beat in enumerate(beats):
            soonest_s = self._stamped_s + _NEXT_S
            if beat.anew or (lost and i == 0):
                self._offset_s, self._anchored_s = least_s, arrival_s
                # The beat that opens the interval lies after the last one, too.
                soonest_s += _APART_S + beat.ticks / _TICKS_HZ
            else:
                self._slew(least_s, arrival_s)
                if beat.cumulated / _TICKS_HZ + self._offset_s > arrival_s + _AHEAD_S:
                    self._offset_s = least_s
                    soonest_s += _APART_S
                    gap[i] = True
            self._offset_s = max(self._offset_s, soonest_s - beat.cumulated / _TICKS_HZ)
            self._stamped_s = stamps_s[i] = beat.cumulated / _TICKS_HZ + self._offset_s
        rr_ms = np.array([beat.ticks * 1000.0 / _TICKS_HZ for beat in beats])
        return Beats(stamps_s, rr_ms, gap)

    def _intervals(self, rr_1024: Sequence[int]) -> list[_Beat]:
        """Add the intervals up, and leave out what is none."""
        beats: list[_Beat] = []
        for ticks in rr_1024:
            if not 0 < ticks <= _LONGEST:
                self._gap = True
                # Nobody knows how long it truly was, so that nothing before it tells of the offset.
                self._fresh |= ticks > _LONGEST
                continue
            self._cumulated += ticks
            self._recent.append(ticks)
            beats.append(_Beat(self._cumulated, ticks, self._gap, self._fresh))
            self._gap = self._fresh = False
        return beats

    def _note_lag(self, arrival_s: float, beats: list[_Beat]) -> bool:
        """Take the lag of the last beat into the envelope; tell whether beats must have been lost."""
        lag_s = arrival_s - beats[-1].cumulated / _TICKS_HZ
        if any(beat.anew for beat in beats):
            self._lags.clear()
            self._high.clear()
        self._lags.append((arrival_s, lag_s))
        while self._lags[0][0] < arrival_s - _ENVELOPE_S:
            self._lags.popleft()
        longest_s = max(self._recent) / _TICKS_HZ
        if lag_s <= min(lag_s for _, lag_s in self._lags) + longest_s + _TOLERANCE_S:
            self._high.clear()
            return False
        if self._high and arrival_s - self._high[-1][0] < _BURST_S:
            # What was held back together tells once, not many times, that it is late.
            self._high[-1] = (self._high[-1][0], min(lag_s, self._high[-1][1]))
        else:
            self._high.append((arrival_s, lag_s))
        if len(self._high) < _STAY_N or arrival_s - self._high[0][0] < _STAY_S:
            return False
        self._lags.clear()
        self._lags.extend(self._high)
        self._high.clear()
        return True

    def _slew(self, least_s: float, arrival_s: float) -> None:
        missing_s = least_s - self._offset_s
        early = arrival_s - self._anchored_s < _EARLY_S
        most_s = _SLEW_FAST_S if early or missing_s < -_FAR_S else _SLEW_S
        self._offset_s += max(-most_s, min(most_s, missing_s))
