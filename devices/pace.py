"""The clock a bridge lives by: that of the computer, or a faster one for emulated devices."""

import asyncio
from collections.abc import Callable

from devices.outlet import local_clock


class Pace:
    """Time of a bridge and of everything it waits for.

    Parameters
    ----------
    speed : float, default 1.0
        How many times faster than real time; for emulated devices.
    origin_s : float, optional
        LSL time at which fast clock and LSL clock agree; now, when not given.
    clock : callable, optional
        Clock behind this one; that of LSL when not given.

    Raises
    ------
    ValueError
        If `speed` is not positive.
    """

    __slots__ = ("_clock", "origin_s", "speed")

    def __init__(
        self,
        speed: float = 1.0,
        origin_s: float | None = None,
        clock: Callable[[], float] = local_clock,
    ) -> None:
        if not speed > 0.0:
            raise ValueError(f"a speed of {speed} is not positive")
        self._clock = clock
        self.speed = speed
        self.origin_s = clock() if origin_s is None else origin_s

    def now(self) -> float:
        """Read the clock.

        Returns
        -------
        float
            Seconds of LSL time, `speed` times as fast since `origin_s`.
        """
        return self.origin_s + (self._clock() - self.origin_s) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait.

        Parameters
        ----------
        seconds : float
            Seconds on this clock.
        """
        await asyncio.sleep(max(0.0, seconds) / self.speed)

    def timeout(self, seconds: float) -> asyncio.Timeout:
        """Bound what is done in an ``async with`` block.

        Parameters
        ----------
        seconds : float
            Seconds on this clock; never less than a quarter of a second of real time, which a faster clock
            does not shorten.

        Returns
        -------
        asyncio.Timeout
            Raises TimeoutError when the time is over.
        """
        return asyncio.timeout(max(0.25, seconds / self.speed))
