"""The emulated session in real time, or faster: everything due is pushed to its outlet."""

import threading
from typing import Self

import numpy as np

from devices.emulator import dress
from devices.emulator.script import Script
from devices.emulator.waveforms import Waveforms
from devices.outlet import Outlet, local_clock
from devices.spec import OutletSpec

STEP_S = 0.05
"""Time between two pushes, on the clock on the wall."""

LINGER_S = 2.0
"""How long the outlets stay after the last sample, so that nothing is left in a buffer; in script time, but
never less than `LINGER_LEAST_S` on the clock on the wall."""

LINGER_LEAST_S = 0.5

_LAST_LATENCY_S = 1.5


class World:
    """Two people with their wearables and the outlets these are seen through.

    Stamps are ``origin_s + (local_clock() - origin_s) * speed``: a reader that knows origin and speed has the
    same fast clock. The outlets exist from construction until `close`.

    Parameters
    ----------
    script : Script
        What happens.
    specs : tuple of OutletSpec
        The streams, as the wearables of the script declare them.
    speed : float, default 1.0
        How many times faster than real time.
    origin_s : float, optional
        LSL time at which fast clock and LSL clock agree; now, when not given.
    """

    def __init__(
        self,
        script: Script,
        specs: tuple[OutletSpec, ...],
        *,
        speed: float = 1.0,
        origin_s: float | None = None,
    ) -> None:
        self.origin_s = local_clock() if origin_s is None else origin_s
        self._script = script
        self._speed = speed
        self._outlets = {spec.source_id: Outlet(spec) for spec in specs}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fast_clock(self) -> float:
        """Read the clock the stamps are in.

        Returns
        -------
        float
            Seconds.
        """
        return self.origin_s + (local_clock() - self.origin_s) * self._speed

    def wait_for_consumers(self, timeout_s: float, stop: threading.Event) -> bool:
        """Wait until every stream is read by someone.

        Parameters
        ----------
        timeout_s : float
            Longest time to wait, on the clock on the wall.
        stop : threading.Event
            Ends the wait.

        Returns
        -------
        bool
            Whether every stream has a reader.
        """
        until_s = local_clock() + timeout_s
        while not all(outlet.has_consumers() for outlet in self._outlets.values()):
            if local_clock() >= until_s or stop.wait(STEP_S):
                return False
        return True

    def run(self, waveforms: Waveforms, stop: threading.Event) -> bool:
        """Play the script from its beginning to its end.

        Parameters
        ----------
        waveforms : Waveforms
            Shapes of a beat and of a response.
        stop : threading.Event
            Ends the play.

        Returns
        -------
        bool
            Whether the end was reached.
        """
        wearables = dress(self._script, waveforms)
        start_s = self.fast_clock()
        end_s = self._script.duration_s + _LAST_LATENCY_S
        now_s = 0.0
        while now_s < end_s:
            if stop.wait(STEP_S):
                return False
            now_s = self.fast_clock() - start_s
            for wearable in wearables:
                # Frames due together go out as one chunk: each chunk wakes up a thread in every reader.
                due = wearable.next(now_s)
                for source_id in dict.fromkeys(frame.source_id for frame in due):
                    mine = [frame for frame in due if frame.source_id == source_id]
                    self._outlets[source_id].push(
                        np.concatenate([frame.values for frame in mine]),
                        start_s + np.concatenate([frame.stamps_s for frame in mine]),
                    )
        return not stop.wait(max(LINGER_LEAST_S, LINGER_S / self._speed))

    def close(self) -> None:
        """Withdraw all streams."""
        for outlet in self._outlets.values():
            outlet.close()
