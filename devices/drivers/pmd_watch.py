"""Watching running measurements: silence, growing delay, and measurements the device stopped by itself."""

import asyncio
import logging
from contextlib import suppress

from devices.drivers.pmd_session import PmdSession
from devices.drivers.sample_stream import SampleStream
from devices.drivers.strap import patience_s
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols import pmd

logger = logging.getLogger(__name__)

FIRST_FRAME_S = 45.0
"""So long the first frame may take; half a minute has been seen."""

SUBSCRIBE_AGAIN_S = 5.0
"""After this long without any frame it is subscribed anew: that harms nothing where the device only takes its time."""

SILENCE_S = 3.0
LATE_S = 10.0
_CALM_S = 60.0
_LOOK_EVERY_S = 0.5


class Running:
    """A measurement that was started.

    Parameters
    ----------
    stream : SampleStream
        Where its frames go.
    settings : dict of Setting to int
        With what it was started.
    started_s : float
        When, in seconds of the bridge's clock.
    """

    __slots__ = ("restarted_s", "settings", "started_s", "stream")

    def __init__(self, stream: SampleStream, settings: dict[pmd.Setting, int], started_s: float) -> None:
        self.stream = stream
        self.settings = settings
        self.started_s = started_s
        self.restarted_s: float | None = None

    def silent_s(self, now_s: float) -> float:
        """Tell for how long nothing came.

        Parameters
        ----------
        now_s : float
            The time.

        Returns
        -------
        float
            Seconds since the last frame, or the last start.
        """
        return now_s - max(self.started_s, self.stream.arrived_s or self.started_s)


async def watch(
    session: PmdSession, running: dict[pmd.Measurement, Running], pace: Pace, device: str
) -> None:
    """Restart measurements that fall silent, run late or were stopped by the device; give up when that does not help.

    Parameters
    ----------
    session : PmdSession
        The measurement service.
    running : dict of Measurement to Running
        What was started.
    pace : Pace
        The clock.
    device : str
        What to call the device.

    Raises
    ------
    DeviceError
        With reason ``silent`` or ``stopped_by_device``.
    """
    subscribed_again = False
    while True:
        stopped: tuple[pmd.Measurement, ...] = ()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_EVERY_S / pace.speed):
                stopped = await session.stopped.get() or tuple(running)
        if not subscribed_again and _nothing_came(running, pace):
            subscribed_again = True
            with suppress(DeviceError):
                await session.resubscribe()
        for measurement, one in running.items():
            await _look(session, measurement, one, pace, device, was_stopped=measurement in stopped)


def _nothing_came(running: dict[pmd.Measurement, Running], pace: Pace) -> bool:
    """Tell whether every measurement still owes its first frame, and for long."""
    patience = patience_s(pace, SUBSCRIBE_AGAIN_S)
    owed = [one.stream.arrived_s is None and one.silent_s(pace.now()) > patience for one in running.values()]
    return bool(owed) and all(owed)


async def _look(
    session: PmdSession,
    measurement: pmd.Measurement,
    one: Running,
    pace: Pace,
    device: str,
    *,
    was_stopped: bool,
) -> None:
    """Look after one measurement."""
    now_s = pace.now()
    again = one.restarted_s is not None and now_s - one.restarted_s < _CALM_S
    what = f"{device} sends no {measurement.name}"
    if was_stopped:
        if again:
            raise DeviceError(
                f"{device} stopped its {measurement.name} by itself, twice within a minute. Look at its battery, and "
                "close other programs and phones that use it.",
                Reason.STOPPED_BY_DEVICE,
                device,
            )
        await _restart(session, measurement, one, pace, "the device stopped it")
        return
    if one.stream.arrived_s is None and one.restarted_s is None:
        if one.silent_s(now_s) > patience_s(pace, FIRST_FRAME_S):
            raise DeviceError(
                f"{what}, though it was started {FIRST_FRAME_S:.0f} s ago. Take the sensor off the strap for "
                "a minute and put it on again; moisten the electrodes.",
                Reason.SILENT,
                device,
            )
        return
    if one.silent_s(now_s) > patience_s(pace, SILENCE_S):
        if again:
            raise DeviceError(
                f"{what} any more, though the connection holds, and starting it again did not help. It is connected "
                "anew; bring it closer if that happens often.",
                Reason.SILENT,
                device,
            )
        await _restart(session, measurement, one, pace, "nothing came any more")
    elif one.stream.late_since_s is not None and now_s - one.stream.late_since_s > LATE_S and not again:
        await _restart(session, measurement, one, pace, f"it came {one.stream.delay_s:.1f} s late")


async def _restart(
    session: PmdSession, measurement: pmd.Measurement, one: Running, pace: Pace, why: str
) -> None:
    """Start a measurement again."""
    logger.info("%s is started again: %s", measurement.name, why)
    await session.restart(measurement, one.settings)
    one.stream.restart()
    one.started_s = one.restarted_s = pace.now()
