"""A chest strap of any maker on the emulated air: the standard heart-rate service and nothing else."""

from collections import deque
from dataclasses import dataclass, replace
from functools import partial

from devices.emulator.beat_reports import BeatReports
from devices.emulator.bumble_stack import Service
from devices.emulator.h10_faults import Latency
from devices.emulator.h10_signals import Beat, H10Signal
from devices.emulator.peripheral import Peripheral
from devices.emulator.strap_services import NOTIFY, battery_level, heart_rate_service, information_service
from devices.pace import Pace
from devices.protocols import heart_rate

_HEART_RATE_NUMBER = 0x180D
_KEPT_RECORDS = 4096
_KILOJOULES_PER_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapStyle:
    """How a strap writes its notifications.

    Parameters
    ----------
    intervals : bool, default True
        Whether it tells RR intervals at all; many armbands and watches do not.
    contact_bits : bool, default True
        Whether it tells contact.
    energy : bool, default False
        Whether it tells energy spent, two bytes between rate and intervals.
    wide : bool, default False
        Whether the rate has 16 bits.
    every_s : float, default 1.0
        Time between notifications; 7 s fill one with nine intervals.
    lost_beats : tuple of int
        Numbers of notifications never sent.
    contact_lost : tuple of (float, float)
        When it touches no skin.
    disconnect_at_s : tuple of float
        When it ends the link.
    away_s : float, default 2.0
        How long it is out of reach after that.
    battery : int or None, default 64
        Charge in percent; None leaves the battery service out.
    maker, model : str
        What it says it is.
    """

    intervals: bool = True
    contact_bits: bool = True
    energy: bool = False
    wide: bool = False
    every_s: float = 1.0
    lost_beats: tuple[int, ...] = ()
    contact_lost: tuple[tuple[float, float], ...] = ()
    disconnect_at_s: tuple[float, ...] = ()
    away_s: float = 2.0
    battery: int | None = 64
    maker: str = "Emulated"
    model: str = "Strap"


class VirtualStrap(Peripheral):
    """An emulated heart-rate strap.

    Parameters
    ----------
    signal : H10Signal
        The body it is on; only its beats are used.
    pace : Pace
        The clock of the world.
    name : str
        What it calls itself; its last word is the serial number.
    address : str
        Its Bluetooth address.
    style : StrapStyle
        How it writes.
    latency : Latency
        How notifications wander.
    seed : int, default 0
        Seed of the latency.
    """

    def __init__(
        self,
        signal: H10Signal,
        pace: Pace,
        *,
        name: str = "Strap 0042",
        address: str = "F0:F1:F2:00:00:42",
        style: StrapStyle | None = None,
        latency: Latency | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(
            pace,
            name=name,
            address=address,
            advertised=(_HEART_RATE_NUMBER,),
            mtu=185,
            latency=Latency() if latency is None else latency,
            seed=seed,
        )
        self.style = StrapStyle() if style is None else style
        self.told_beats: deque[Beat] = deque(maxlen=_KEPT_RECORDS)
        """The newest beats told."""
        self._reports = BeatReports(signal, every_s=self.style.every_s, contact_lost=self.style.contact_lost)
        self._n_reports = 0
        self._listened = False
        self._measurement = self._notified(heart_rate.MEASUREMENT, NOTIFY)
        self._battery = self._watched(battery_level(lambda _: bytes([self.style.battery or 0])))
        for t_s in self.style.disconnect_at_s:
            self._at(t_s, partial(self.hang_up, self.style.away_s))

    def _services(self) -> list[Service]:
        """Heart rate, device information, and the battery if it tells."""
        style = self.style
        services = [
            heart_rate_service(self._measurement),
            information_service(style.maker, style.model, self.name.split()[-1], "1.0"),
        ]
        if style.battery is not None:
            services.append(Service(heart_rate.BATTERY_SERVICE, [self._battery]))
        return services

    def _unlinked(self) -> None:
        self._listened = False

    def _fill(self, now_s: float) -> float:
        """Post the reports that are ready."""
        listened = self._measurement in self._subscribed
        if listened and not self._listened:
            self._reports.begin(now_s)
        self._listened = listened
        if not listened:
            return float("inf")
        while self._reports.next_s <= now_s:
            self._post_report(self._reports.next_s)
        return self._reports.next_s

    def _post_report(self, ready_s: float) -> None:
        """Post one notification in the style of this strap."""
        report, beats = self._reports.report()
        style = self.style
        if not style.contact_bits:
            report = replace(report, contact=None)
        if style.energy:
            report = replace(report, energy_kj=int(ready_s * _KILOJOULES_PER_S))
        if not style.intervals:
            report, beats = replace(report, rr_1024=()), ()
        number, self._n_reports = self._n_reports, self._n_reports + 1
        if number not in style.lost_beats:
            told = partial(self._told_report, beats)
            self._post(ready_s, self._measurement, report.encode(wide=style.wide), told)

    def _told_report(self, beats: tuple[Beat, ...], went: bool) -> None:
        """Note which beats were told."""
        if went:
            self.told_beats.extend(beats)
