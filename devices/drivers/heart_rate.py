"""Any strap with the standard heart-rate service: RR with beat times, heart rate, battery, contact."""

import argparse

from devices.ble_link import BleLink
from devices.driver import Context, Kind, Link, Seen, Sink, Wish
from devices.drivers.beat_stream import HR_CHANNELS, RR_CHANNELS, BeatStream
from devices.drivers.beat_watch import watch_beats
from devices.drivers.connect_option import add_connect_timeout
from devices.drivers.contact import ContactWatch
from devices.drivers.strap import Strap, until_one_fails, watch_battery
from devices.errors import DeviceError, Reason
from devices.protocols import heart_rate


def recognises(seen: Seen) -> bool:
    """Tell whether a device in reach advertises the heart-rate service.

    Parameters
    ----------
    seen : Seen
        As a scan saw it.

    Returns
    -------
    bool
        By its services; a Polar H10 too.
    """
    return seen.link is Link.BLE and heart_rate.HEART_RATE_SERVICE in seen.services


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this kind.

    Parameters
    ----------
    parser : ArgumentParser
        Of its command.
    """
    add_connect_timeout(parser)


class HeartRateStrap:
    """One strap.

    Parameters
    ----------
    wish : Wish
        Who is asked for.
    context : Context
        Clock and radio.
    """

    def __init__(self, wish: Wish, context: Context) -> None:
        options = argparse.Namespace(**{**vars(KIND.defaults()), **vars(wish.options)})
        self._pace = context.pace
        self._strap = Strap("heart-rate", "Heart Rate", wish, context, recognises, options.connect_timeout)

    @property
    def name(self) -> str:
        """What it is called in lines and messages.

        Returns
        -------
        str
            Kind and the wearer's code, or what was given to find it.
        """
        return self._strap.name

    @property
    def key(self) -> str:
        """Root of its source ids.

        Returns
        -------
        str
            Such as ``heart-rate-4f2a91``.
        """
        return self._strap.key

    async def run(self, sink: Sink) -> None:
        """Connect and deliver until the link ends or the task is cancelled.

        Parameters
        ----------
        sink : Sink
            Where everything goes.

        Raises
        ------
        DeviceError
            Whenever the connection ends otherwise than by cancellation.
        """
        async with self._strap.connected() as link:
            await until_one_fails(link.wait_lost(), self._deliver(link, sink))

    async def _deliver(self, link: BleLink, sink: Sink) -> None:
        """Declare, subscribe, and watch."""
        if not link.has(heart_rate.MEASUREMENT):
            raise DeviceError(
                f"{link.name} has no heart-rate service. Some watches have to be told to send their heart rate over "
                "Bluetooth; else it cannot be used.",
                Reason.UNSUPPORTED,
                link.name,
            )
        rr = self._strap.spec("rr", "RR", RR_CHANNELS, 0.0)
        hr = self._strap.spec("hr", "HR", HR_CHANNELS, 0.0)
        sink.declare(hr)
        beats = BeatStream(
            sink, rr.source_id, hr.source_id, ContactWatch(sink.contact), lambda: sink.declare(hr, rr)
        )
        await link.subscribe(heart_rate.MEASUREMENT, beats.take)
        await until_one_fails(watch_beats(link, beats, self._pace), watch_battery(link, sink, self._pace))


KIND = Kind(
    name="heart-rate",
    summary="any strap with the standard heart-rate service: RR",
    link=Link.BLE,
    make=HeartRateStrap,
    recognises=recognises,
    add_options=add_options,
)
"""Straps with the standard service, for the registry."""
