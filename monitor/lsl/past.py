"""What the monitor's clock said a little while ago."""

import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

KEPT_S: Final = 90.0
"""How far back is remembered, in seconds of wall time: longer than a key press can be under way."""


class PastClock:
    """Remembers pairs of wall time and the monitor's clock, which need not run at the same pace.

    Parameters
    ----------
    clock : callable
        The monitor's clock.
    wall : callable, optional
        Wall time in seconds that never steps; by default the monotonic clock of the system.
    """

    def __init__(self, clock: Callable[[], float], wall: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wall = wall
        self._lock = Lock()
        self._pairs: deque[tuple[float, float]] = deque()

    def note(self) -> None:
        """Remember the present."""
        with self._lock:
            self._pairs.append(self._now())
            while self._pairs[0][0] < self._pairs[-1][0] - KEPT_S:
                self._pairs.popleft()

    def at(self, age_s: float) -> float:
        """Return what the clock said.

        Parameters
        ----------
        age_s : float
            How long ago, in seconds of wall time; 0 for the present.

        Returns
        -------
        float
            Time of the monitor's clock in seconds. Between two pairs it ran evenly; before the first one it ran at
            the pace of wall time.
        """
        with self._lock:
            wall_s, clock_s = self._now()
            pairs = [*self._pairs, (wall_s, clock_s)]
        wanted_s = wall_s - max(age_s, 0.0)
        if wanted_s >= wall_s:
            return clock_s
        place = bisect_left(pairs, wanted_s, key=_wall_of)
        if place == 0:
            return pairs[0][1] - (pairs[0][0] - wanted_s)
        (wall_0, clock_0), (wall_1, clock_1) = pairs[place - 1], pairs[place]
        return clock_0 + (clock_1 - clock_0) * (wanted_s - wall_0) / (wall_1 - wall_0)

    def _now(self) -> tuple[float, float]:
        return self._wall(), self._clock()


def _wall_of(pair: tuple[float, float]) -> float:
    return pair[0]
