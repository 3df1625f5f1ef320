"""A Polar H10 that exists only on the emulated air, with every service the real one streams over."""

from collections import Counter, deque
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from devices.emulator.beat_reports import BeatReports
from devices.emulator.bumble_stack import (
    ATT_Error,
    Attribute,
    Characteristic,
    CharacteristicValue,
    Connection,
    PairingConfig,
    PairingDelegate,
    Service,
)
from devices.emulator.h10_faults import H10Faults, within
from devices.emulator.h10_signals import Beat, H10Signal
from devices.emulator.peripheral import Peripheral
from devices.emulator.pmd_point import H10_OFFERS, ControlPoint
from devices.emulator.sent_frames import Fate, FrameFates, SentFrame
from devices.emulator.strap_services import (
    NOTIFY,
    READ,
    battery_level,
    heart_rate_service,
    information_service,
)
from devices.emulator.worn import Worn
from devices.pace import Pace
from devices.protocols import heart_rate, pmd

FIRMWARE = "3.3.1"
NOMINAL_RATE_HZ = 130

_HEAD_BYTES = 13
_SAMPLE_BYTES = {pmd.Measurement.ECG: 3, pmd.Measurement.ACC: 6}
_FRAME_TYPES = {pmd.Measurement.ECG: 0, pmd.Measurement.ACC: 1}
_CLOCK_2026_NS = 820_540_800_000_000_000
_CCC_MISSING = 0xFD
_KEPT_RECORDS = 4096
_HEART_RATE_NUMBER, _FILE_TRANSFER_NUMBER = 0x180D, 0xFEEE


@dataclass(slots=True)
class _Stream:
    """A running measurement."""

    rate_hz: float
    next_index: int
    n_samples: int

    @property
    def ready_s(self) -> float:
        """When the last sample of the next frame is taken."""
        return (self.next_index + self.n_samples - 1) / self.rate_hz


class VirtualH10(Peripheral):
    """An emulated Polar H10.

    It measures from the moment it is switched on: sample i of the ECG is taken at ``i / faults.rate_hz`` seconds,
    listened to or not, so that what was not delivered can be counted.

    Parameters
    ----------
    signal : H10Signal
        The body it is on.
    pace : Pace
        The clock of the world.
    name : str
        What it calls itself; its last word is the serial number.
    address : str
        Its Bluetooth address.
    faults : H10Faults
        What it does wrong.
    """

    def __init__(
        self,
        signal: H10Signal,
        pace: Pace,
        *,
        name: str = "Polar H10 1A2B3C4D",
        address: str = "F0:F1:F2:F3:F4:F5",
        faults: H10Faults | None = None,
    ) -> None:
        faults = H10Faults() if faults is None else faults
        super().__init__(
            pace,
            name=name,
            address=address,
            advertised=(_HEART_RATE_NUMBER, _FILE_TRANSFER_NUMBER),
            mtu=faults.mtu,
            latency=faults.latency,
            seed=faults.seed,
        )
        self.faults = faults
        self.sent: deque[SentFrame] = deque(maxlen=_KEPT_RECORDS)
        """The newest frames made, whatever became of them."""
        self.told_beats: deque[Beat] = deque(maxlen=_KEPT_RECORDS)
        """The newest beats told."""
        self.n_samples: Counter[tuple[pmd.Measurement, Fate]] = Counter()
        """Samples by what became of them, over all connections."""
        self._signal = Worn(signal, faults)
        self._charge = faults.battery
        self._fates = FrameFates(faults)
        self._streams: dict[pmd.Measurement, _Stream] = {}
        self._numbers: Counter[pmd.Measurement] = Counter()
        self._n_reports = 0
        self._reports = BeatReports(signal, contact_lost=faults.contact_lost)
        self._listened = False
        self._refusals = faults.refused_connections
        self._point = ControlPoint(H10_OFFERS, self._start, self._stop)
        self._make_characteristics()
        self._plan()

    def sample_time_s(self, measurement: pmd.Measurement, index: int) -> float:
        """Tell when a sample was taken.

        Parameters
        ----------
        measurement : Measurement
            ECG, or an acceleration that runs.
        index : int
            Number of the sample.

        Returns
        -------
        float
            On the clock of the world.
        """
        rate_hz = self.faults.rate_hz
        if measurement is not pmd.Measurement.ECG:
            rate_hz = self._streams[measurement].rate_hz
        return self.time_s(index / rate_hz)

    def n_told(self, measurement: pmd.Measurement) -> int:
        """Count samples that went out, each once, also those in repeated and swapped frames.

        Parameters
        ----------
        measurement : Measurement
            Of what.

        Returns
        -------
        int
            Over all connections.
        """
        return self.n_samples[measurement, Fate.SENT] + self.n_samples[measurement, Fate.SWAPPED]

    def _make_characteristics(self) -> None:
        """Make what can be subscribed to."""
        indicate, write = Characteristic.Properties.INDICATE, Characteristic.Properties.WRITE
        self._measurement = self._notified(heart_rate.MEASUREMENT, NOTIFY)
        self._battery = self._watched(battery_level(lambda _: bytes([self._charge or 0])))
        self._data = self._notified(pmd.DATA, NOTIFY)
        self._control = self._watched(
            Characteristic(
                pmd.CONTROL_POINT,
                READ | write | indicate,
                Attribute.READABLE | Attribute.WRITEABLE,
                CharacteristicValue(read=self._read_features, write=self._command),
            )
        )

    def _plan(self) -> None:
        """Put what happens at fixed moments into the agenda."""
        for t_s in self.faults.disconnect_at_s:
            self._at(t_s, partial(self.hang_up, self.faults.away_s))
        for t_s in self.faults.stop_at_s:
            self._at(t_s, self._stop_by_itself)
        for t_s, percent in self.faults.battery_steps:
            self._at(t_s, partial(self._set_charge, percent))

    def _services(self) -> list[Service]:
        """Offer what a real one does, as far as it matters here."""
        services = [heart_rate_service(self._measurement)]
        if self.faults.battery is not None:
            services.append(Service(heart_rate.BATTERY_SERVICE, [self._battery]))
        if not self.faults.no_information:
            serial = self.name.split()[-1]
            services.append(information_service("Polar Electro Oy", "H10", serial, FIRMWARE))
        if not self.faults.no_pmd:
            services.append(Service(pmd.SERVICE, [self._control, self._data]))
        return services

    def _pairing(self, connection: Connection) -> PairingConfig:
        """Let everybody pair, or nobody."""
        if self.faults.pairing_refused:
            return PairingConfig(mitm=False, delegate=_Refusing())
        return super()._pairing(connection)

    def _linked(self, connection: Connection) -> None:
        """Turn away those to be refused."""
        if self._refusals > 0:
            self._refusals -= 1
            self._spawn(self._end(connection))

    def _unlinked(self) -> None:
        """Stop measuring, unless the firmware forgets to."""
        self._listened = False
        if not self.faults.streams_survive:
            self._point.stop_all()
            self._streams.clear()
        self._drop_held()

    def _withheld(self, due_s: float) -> bool:
        return within(self.faults.silent, due_s)

    def _read_features(self, connection: Connection) -> bytes:
        """Tell what can be measured."""
        self._check_encryption(connection)
        return self._point.features

    def _command(self, connection: Connection, value: bytes) -> None:
        """Carry out a command, and answer by an indication."""
        self._check_encryption(connection)
        listening = self._control in self._subscribed
        if value[:1] == bytes([pmd.Command.START]):
            listening = listening and self._data in self._subscribed
        if not listening:
            raise ATT_Error(_CCC_MISSING)
        self._indicate(self._control, self._point.answer(value, connection.att_mtu))

    def _check_encryption(self, connection: Connection) -> None:
        """Refuse an open link where a closed one is asked for."""
        if self.faults.pairing_required and not connection.is_encrypted:
            raise ATT_Error(self.faults.pairing_code)

    def _start(self, measurement: pmd.Measurement, settings: dict[pmd.Setting, int]) -> None:
        """Begin to send a measurement."""
        if self._connection is None:
            return
        rate_hz = settings[pmd.Setting.RATE_HZ] * self.faults.rate_hz / NOMINAL_RATE_HZ
        first = int(np.ceil((self.elapsed_s() + self.faults.first_frame_after_s) * rate_hz))
        n_samples = (self._connection.att_mtu - _HEAD_BYTES) // _SAMPLE_BYTES[measurement]
        self._streams[measurement] = _Stream(rate_hz, first, n_samples)
        self._wake.set()

    def _stop(self, measurement: pmd.Measurement) -> None:
        """End a measurement."""
        self._streams.pop(measurement, None)
        if measurement is pmd.Measurement.ECG:
            self._drop_held()

    def _stop_by_itself(self) -> None:
        """End all measurements, and say so."""
        ended = self._point.stop_all()
        for measurement in ended:
            self._stop(measurement)
        if ended:
            self._indicate(self._control, pmd.encode_stopped(*ended))

    def _set_charge(self, percent: int) -> None:
        """Change the charge, and say so."""
        self._charge = percent
        self._post(self.elapsed_s(), self._battery, bytes([percent]), _forget)

    def _fill(self, now_s: float) -> float:
        """Post frames and reports in the order in which they get ready."""
        listened = self._measurement in self._subscribed
        if listened and not self._listened:
            self._reports.begin(now_s)
        self._listened = listened
        while True:
            next_s = self._reports.next_s if listened else np.inf
            chosen = None
            for measurement, stream in self._streams.items():
                if stream.ready_s < next_s:
                    next_s, chosen = stream.ready_s, measurement
            if next_s > now_s:
                return next_s
            if chosen is None:
                self._post_report(next_s)
            else:
                self._post_frame(chosen, self._streams[chosen])

    def _post_report(self, ready_s: float) -> None:
        """Post the beats of about a second."""
        report, beats = self._reports.report(in_ms=self.faults.rr_in_ms)
        if not self.faults.contact_bits:
            report = replace(report, contact=None)
        number, self._n_reports = self._n_reports, self._n_reports + 1
        if number not in self.faults.lost_beats:
            self._post(ready_s, self._measurement, report.encode(), partial(self._told_report, beats))

    def _told_report(self, beats: tuple[Beat, ...], went: bool) -> None:
        """Note which beats were told."""
        if went:
            self.told_beats.extend(beats)

    def _post_frame(self, measurement: pmd.Measurement, stream: _Stream) -> None:
        """Make the next frame of a measurement, and let it meet its fate."""
        faults, ready_s, first = self.faults, stream.ready_s, stream.next_index
        epoch_ns = pmd.DEFAULT_CLOCK_NS if faults.epoch_2019 else _CLOCK_2026_NS
        device_ns = epoch_ns + round(ready_s * (1.0 + faults.clock_drift) * 1e9)
        is_ecg = measurement is pmd.Measurement.ECG
        take = self._signal.ecg if is_ecg else self._signal.acc
        samples = take(first, stream.n_samples, stream.rate_hz)
        value = pmd.encode_frame(
            pmd.Frame(
                measurement=measurement,
                device_ns=device_ns,
                samples=samples.reshape(stream.n_samples, -1),
                frame_type=_FRAME_TYPES[measurement],
                compressed=faults.compressed_acc and not is_ecg,
            )
        )
        number = self._numbers[measurement]
        self._numbers[measurement] += 1
        stream.next_index += stream.n_samples
        frame = SentFrame(number, measurement, first, stream.n_samples, device_ns, Fate.SENT)
        notified = self._fates.meet(value, frame, stream.rate_hz) if is_ecg else [(value, frame)]
        for each, noted in notified:
            if each is None:
                self._note(noted)
            else:
                self._post(ready_s, self._data, each, partial(self._told_frame, noted))

    def _drop_held(self) -> None:
        """Give up a frame that waits for the next one."""
        if held := self._fates.give_up():
            self._told_frame(held, went=False)

    def _told_frame(self, frame: SentFrame, went: bool) -> None:
        """Note what became of a frame."""
        self._note(frame if went else frame._replace(fate=Fate.CUT))

    def _note(self, frame: SentFrame) -> None:
        """Keep the truth."""
        self.sent.append(frame)
        self.n_samples[frame.measurement, frame.fate] += frame.n_samples


class _Refusing(PairingDelegate):
    """Lets nobody pair."""

    async def accept(self) -> bool:
        return False


def _forget(_went: bool) -> None:
    """Of some values nothing is noted."""
