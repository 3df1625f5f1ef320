"""Watching the heart-rate service: silence, and straps that send no intervals."""

import logging
from contextlib import suppress

from devices.ble_link import BleLink
from devices.drivers.beat_stream import BeatStream
from devices.drivers.strap import patience_s
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols import heart_rate

logger = logging.getLogger(__name__)

FIRST_S = 30.0
SILENCE_S = 5.0
GIVE_UP_S = 15.0
_WITHOUT_RR = 30
_LOOK_EVERY_S = 1.0


async def watch_beats(link: BleLink, beats: BeatStream, pace: Pace, *, alone: bool = True) -> None:
    """Subscribe anew after a silence of 5 s, and give up after 15 s (30 s for the first notification).

    Parameters
    ----------
    link : BleLink
        The connection.
    beats : BeatStream
        What takes the notifications.
    pace : Pace
        The clock.
    alone : bool, default True
        Whether nothing else comes from this device; otherwise the connection is kept.

    Raises
    ------
    DeviceError
        With reason ``silent``.
    """
    since_s = pace.now()
    tried = told = False
    while True:
        await pace.sleep(_LOOK_EVERY_S)
        last_s = beats.arrived_s
        silent_s = pace.now() - (since_s if last_s is None else last_s)
        if alone and silent_s > patience_s(pace, FIRST_S if last_s is None else GIVE_UP_S):
            raise DeviceError(
                f"{link.name} is connected and sends no heart rate. Wear it, moisten the electrodes, and close other "
                "programs and phones that may hold it.",
                Reason.SILENT,
                link.name,
            )
        if silent_s <= patience_s(pace, SILENCE_S):
            tried = False
        elif not tried:
            tried = True
            # What a stack that lost the subscription says to this must not end the connection: other streams may run,
            # and where none does, the silence goes on.
            with suppress(DeviceError):
                await link.unsubscribe(heart_rate.MEASUREMENT)
            with suppress(DeviceError):
                await link.subscribe(heart_rate.MEASUREMENT, beats.take)
        if not told and not beats.has_rr and beats.n_taken >= _WITHOUT_RR:
            told = True
            logger.warning(
                "%s sends a heart rate and no beat intervals, so that no heart rate variability can be computed. "
                "Wear a chest strap that sends them; watches and armbands mostly do not.",
                link.name,
            )
