"""Notifications on their way: in order, and late as a radio makes them."""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from devices.emulator.bumble_stack import Characteristic
from devices.emulator.h10_faults import Latency


class Due(NamedTuple):
    """A notification on its way.

    Parameters
    ----------
    due_s : float
        When it goes out, in seconds since the device was switched on.
    characteristic : Characteristic
        Of which it is the value.
    value : bytes
        The value.
    told : callable
        Called with whether it went out, when it did or no longer can.
    """

    due_s: float
    characteristic: Characteristic[bytes]
    value: bytes
    told: Callable[[bool], None]


class Outbox:
    """Keeps what was posted until it is due.

    Parameters
    ----------
    latency : Latency
        How late things get.
    seed : int
        Seed of that.
    """

    def __init__(self, latency: Latency, seed: int) -> None:
        self._latency = latency
        self._rng = np.random.default_rng([seed, 0x4C])
        self._queue: deque[Due] = deque()
        self._last_due_s = 0.0

    @property
    def next_s(self) -> float:
        """When the next one goes out.

        Returns
        -------
        float
            Seconds since the device was switched on; infinite when there is none.
        """
        return self._queue[0].due_s if self._queue else np.inf

    def post(
        self,
        ready_s: float,
        characteristic: Characteristic[bytes],
        value: bytes,
        told: Callable[[bool], None],
    ) -> None:
        """Send a value that was ready at a moment, after its latency, behind everything posted before.

        Parameters
        ----------
        ready_s : float
            The moment, in seconds since the device was switched on.
        characteristic : Characteristic
            Of which it is the value.
        value : bytes
            The value.
        told : callable
            Called with whether it went out.
        """
        latency = self._latency
        due_s = ready_s + latency.base_s + latency.jitter_s * float(self._rng.exponential())
        if self._rng.random() < latency.stall_share:
            due_s += latency.stall_s * float(self._rng.exponential())
        if latency.interval_s > 0.0:
            due_s = float(np.ceil(due_s / latency.interval_s)) * latency.interval_s
        self._last_due_s = max(self._last_due_s, due_s)
        self._queue.append(Due(self._last_due_s, characteristic, value, told))

    def take(self, now_s: float) -> Due | None:
        """Take the next one, if it is due.

        Parameters
        ----------
        now_s : float
            Seconds since the device was switched on.

        Returns
        -------
        Due or None
            The oldest one.
        """
        return self._queue.popleft() if self.next_s <= now_s else None

    def clear(self) -> None:
        """Give up everything on its way."""
        while self._queue:
            self._queue.popleft().told(False)
