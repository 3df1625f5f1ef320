"""Polar H10 chest strap: ECG and acceleration of its measurement service, RR and heart rate of the standard one."""

import argparse
import asyncio
from contextlib import suppress

from devices.ble_link import BleLink
from devices.driver import Context, Kind, Link, Seen, Sink, Wish
from devices.drivers.beat_stream import HR_CHANNELS, RR_CHANNELS, BeatStream
from devices.drivers.beat_watch import watch_beats
from devices.drivers.connect_option import add_connect_timeout
from devices.drivers.contact import ContactWatch
from devices.drivers.pmd_session import PmdSession
from devices.drivers.pmd_watch import Running, watch
from devices.drivers.sample_stream import SampleStream
from devices.drivers.strap import Strap, until_one_fails, watch_battery
from devices.errors import DeviceError, Reason
from devices.protocols import heart_rate, pmd
from devices.spec import ChannelSpec, OutletSpec

ACC_RATES_HZ = (0, 25, 50, 100, 200)

_ECG_HZ = 130
_STOP_TIMEOUT_S = 2.0

# The samples of a frame are stamped by the device when they are taken; packing, radio and stack add 30 to 60 ms
# that nobody at this end can see. This is the middle of what was measured on other stacks, not of this device.
_RADIO_DELAY_S = 0.045

_ECG_CHANNELS = (ChannelSpec(label="ECG", unit="microvolts", type="ECG"),)
_ACC_CHANNELS = tuple(ChannelSpec(label=f"ACC {axis}", unit="milli-g", type="ACC") for axis in "XYZ")


def recognises(seen: Seen) -> bool:
    """Tell whether a device in reach is a Polar H10.

    Parameters
    ----------
    seen : Seen
        As a scan saw it.

    Returns
    -------
    bool
        By its name; an H9 has no measurement service and is a heart-rate strap.
    """
    return seen.link is Link.BLE and seen.name.startswith("Polar H10")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this kind.

    Parameters
    ----------
    parser : ArgumentParser
        Of its command.
    """
    parser.add_argument(
        "--acc",
        type=int,
        choices=ACC_RATES_HZ,
        default=50,
        metavar="HZ",
        help="acceleration: 25, 50, 100 or 200 samples per second, 0 for none (default: %(default)s)",
    )
    parser.add_argument("--no-ecg", action="store_true", help="beat intervals only, which spares the battery")
    add_connect_timeout(parser)


class PolarH10:
    """One Polar H10.

    Parameters
    ----------
    wish : Wish
        Who is asked for.
    context : Context
        Clock and radio.
    """

    def __init__(self, wish: Wish, context: Context) -> None:
        options = argparse.Namespace(**{**vars(KIND.defaults()), **vars(wish.options)})
        self._wanted: dict[pmd.Measurement, int] = {}
        if not options.no_ecg:
            self._wanted[pmd.Measurement.ECG] = _ECG_HZ
        if options.acc:
            self._wanted[pmd.Measurement.ACC] = options.acc
        self._pace = context.pace
        self._strap = Strap("polar-h10", "Polar H10", wish, context, recognises, options.connect_timeout)

    @property
    def name(self) -> str:
        """What it is called in lines and messages.

        Returns
        -------
        str
            Model and the wearer's code, or what was given to find it.
        """
        return self._strap.name

    @property
    def key(self) -> str:
        """Root of its source ids.

        Returns
        -------
        str
            Such as ``polar-h10-1a2b3c4d``.
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
        """Declare and start everything, watch it, and stop it at the end."""
        contact = ContactWatch(sink.contact)
        running: dict[pmd.Measurement, Running] = {}

        def arrived(frame: pmd.Frame, arrival_s: float) -> None:
            one = running.get(frame.measurement)
            if one is None or not one.stream.take(frame, arrival_s):
                return
            if frame.measurement is pmd.Measurement.ECG:
                contact.ecg(frame.samples[:, 0], len(frame.samples) / one.stream.rate_hz)

        session = PmdSession(link, arrived, lambda: sink.rejected("malformed"))
        try:
            choices = await self._choices(session)
            specs = {measurement: self._spec(measurement, choice) for measurement, choice in choices.items()}
            beats = self._declare(sink, specs, contact)
            await link.subscribe(heart_rate.MEASUREMENT, beats.take)
            for measurement, choice in choices.items():
                spec = specs[measurement]
                stream = SampleStream(sink, spec.source_id, spec.nominal_rate_hz)
                running[measurement] = Running(stream, choice, self._pace.now())
                await session.start(measurement, choice)
            await until_one_fails(
                watch(session, running, self._pace, link.name),
                watch_beats(link, beats, self._pace, alone=not running),
                watch_battery(link, sink, self._pace),
            )
        finally:
            with suppress(DeviceError, TimeoutError):
                async with asyncio.timeout(_STOP_TIMEOUT_S):
                    await session.close()

    async def _choices(self, session: PmdSession) -> dict[pmd.Measurement, dict[pmd.Setting, int]]:
        """Choose settings for what is wanted among what the device offers."""
        if not self._wanted:
            return {}
        features = await session.open()
        choices = {}
        for measurement, rate_hz in self._wanted.items():
            if measurement not in features:
                raise DeviceError(
                    f"{self.name} cannot stream {measurement.name}. Update its firmware in Polar Flow, or leave it out "
                    f"({'--no-ecg' if measurement is pmd.Measurement.ECG else '--acc 0'}).",
                    Reason.UNSUPPORTED,
                    self.name,
                )
            choices[measurement] = choose(await session.offers(measurement), rate_hz)
        return choices

    def _declare(
        self, sink: Sink, specs: dict[pmd.Measurement, OutletSpec], contact: ContactWatch
    ) -> BeatStream:
        """Declare all streams."""
        # How long the strap thinks about a beat before it tells of it is not known, so nothing is claimed.
        rr = self._strap.spec("rr", "RR", RR_CHANNELS, 0.0)
        hr = self._strap.spec("hr", "HR", HR_CHANNELS, 0.0)
        sink.declare(*specs.values(), rr, hr)
        return BeatStream(sink, rr.source_id, hr.source_id, contact)

    def _spec(self, measurement: pmd.Measurement, choice: dict[pmd.Setting, int]) -> OutletSpec:
        """Declare one stream of the measurement service."""
        rate_hz = float(choice[pmd.Setting.RATE_HZ])
        channels = _ECG_CHANNELS if measurement is pmd.Measurement.ECG else _ACC_CHANNELS
        word = measurement.name
        return self._strap.spec(word.lower(), word, channels, rate_hz, _RADIO_DELAY_S)


def choose(offers: dict[pmd.Setting, tuple[int, ...]], rate_hz: int) -> dict[pmd.Setting, int]:
    """Choose one value for each setting on offer.

    Parameters
    ----------
    offers : dict of Setting to tuple of int
        What the device offers; at least a rate.
    rate_hz : int
        The rate wanted.

    Returns
    -------
    dict of Setting to int
        The rate wanted or the nearest to it; of everything else the most. A factor is told, not chosen.
    """
    chosen: dict[pmd.Setting, int] = {
        setting: max(values)
        for setting, values in offers.items()
        if setting is not pmd.Setting.FACTOR and values
    }
    rates_hz = offers[pmd.Setting.RATE_HZ]
    chosen[pmd.Setting.RATE_HZ] = min(
        rates_hz, key=lambda offered_hz: (abs(offered_hz - rate_hz), offered_hz)
    )
    return chosen


KIND = Kind(
    name="polar-h10",
    summary="Polar H10 chest strap: ECG, acceleration, RR, heart rate",
    link=Link.BLE,
    make=PolarH10,
    recognises=recognises,
    add_options=add_options,
)
"""The Polar H10, for the registry."""
