"""From the packets of a Shimmer3 to samples with stamps: what is declared of its streams, and how they are filled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.clock import DeviceClock
from devices.driver import Sink, stream_title
from devices.drivers.shimmer_setup import SetUp
from devices.errors import DeviceError, Reason
from devices.protocols.exg import exg_millivolts
from devices.protocols.gsr import (
    LEAST_WORN_MICROSIEMENS,
    SWITCH_REACH_S,
    SwitchWatch,
    ranges_of,
    words_microsiemens,
)
from devices.protocols.shimmer import TICKS_HZ, Answer, Hardware
from devices.protocols.shimmer_facts import Battery
from devices.protocols.shimmer_packets import EXG1_CH1, EXG1_CH2, GSR_WORD, INTERNAL_A13
from devices.protocols.shimmer_reader import Loss, PacketReader, Taken
from devices.spec import ChannelSpec, OutletSpec

OFFSET_MEAN_S = 0.03
"""Shortest way of a sample through Bluetooth's serial port and this computer, which cannot be observed.

An estimate from the class of the link, not measured: half to a whole slot of the radio, the buffer of the unit's
module (one packet) and of the computer's serial port.
"""

_CONTACT_S = 2.0
_PPG_MILLIVOLTS = 3000.0 / 4095


def specs(setup: SetUp, participant: str, key: str) -> tuple[OutletSpec, ...]:
    """Declare the streams of a unit.

    Parameters
    ----------
    setup : SetUp
        What it sends.
    participant : str
        Code of the wearer; empty without.
    key : str
        Its identity, root of the source ids.

    Returns
    -------
    tuple of OutletSpec
        EDA, PPG and ECG, of these what the unit sends.
    """
    eda = (
        ChannelSpec(label="EDA", unit="microsiemens", type="EDA"),
        ChannelSpec(label="raw word", unit="raw", type="RAW"),
        ChannelSpec(label="range switch flag", unit="", type="FLAG"),
    )
    ppg = (ChannelSpec(label="PPG", unit="millivolts", type="PPG"),)
    ecg = tuple(
        ChannelSpec(label=label, unit="millivolts", type="ECG") for label in ("ECG LL-RA", "ECG LA-RA")
    )
    sent = set(setup.packets.channels)
    streams = (
        (GSR_WORD, "", "EDA", eda),
        (INTERNAL_A13, "PPG", "PPG", ppg),
        (EXG1_CH1, "ECG", "ECG", ecg),
    )
    serial = setup.serial or key.rsplit("-", 1)[-1]
    title = stream_title("Shimmer GSR+", participant, serial)
    generation = "Shimmer3R" if setup.hardware == Hardware.SHIMMER3R else "Shimmer3"
    return tuple(
        OutletSpec(
            name=f"{title} {suffix}".rstrip(),
            type=kind,
            source_id=f"{key}-{kind.lower()}",
            channels=channels,
            nominal_rate_hz=setup.packets.rate_hz,
            channel_format="float32",
            manufacturer="Shimmer",
            model=f"{generation} {'GSR+' if GSR_WORD in sent else 'ECG'}",
            serial_number=serial,
            firmware=str(setup.firmware),
            offset_mean_s=OFFSET_MEAN_S,
        )
        for code, suffix, kind, channels in streams
        if code in sent
    )


@dataclass(slots=True)
class _Worn:
    """Whether skin closes the circuit, judged over two seconds."""

    worn: bool | None = None
    since_tick: int | None = None


class ShimmerStream:
    """Turns what a connection brings into samples of the declared streams.

    Skin conductance is held back by a tenth of a second: only then it is known whether the board was about to change
    its range, for which it repeats old values.

    Parameters
    ----------
    sink : Sink
        Where the samples go.
    setup : SetUp
        What the unit sends.
    key : str
        Root of the source ids.
    """

    def __init__(self, sink: Sink, setup: SetUp, key: str) -> None:
        self._sink = sink
        self._setup = setup
        self._source_ids = [f"{key}-{kind}" for kind in ("eda", "ppg", "ecg")]
        self._reader = PacketReader(setup.packets, setup.n_status)
        self._clock = DeviceClock()
        self._watch = SwitchWatch(round(SWITCH_REACH_S * TICKS_HZ))
        self._held: NDArray[np.float64] = np.empty((0, 4))
        self._observed_tick = -1
        self._arrived_s = 0.0
        self._last_stamp_s: float | None = None
        self._worn = _Worn()

    def take(self, piece: bytes, arrival_s: float) -> int:
        """Take bytes.

        Parameters
        ----------
        piece : bytes
            What came.
        arrival_s : float
            When, on the bridge's clock.

        Returns
        -------
        int
            How many packets they completed.

        Raises
        ------
        DeviceError
            If stamps of 16 bits may have gone round once more than they show.
        """
        reader = self._reader
        before = reader.n_skipped_bytes, reader.n_repeated, reader.n_backwards
        taken = reader.push(piece)
        self._count(before)
        if taken.newest_tick is not None and taken.newest_tick > self._observed_tick:
            self._refuse_hidden_turn(taken.newest_tick, arrival_s)
            self._observed_tick, self._arrived_s = taken.newest_tick, arrival_s
            self._clock.observe(taken.newest_tick / TICKS_HZ, arrival_s)
        for answer in taken.answers:
            self._hear(answer)
        if len(taken.ticks):
            self._deliver(taken)
        return len(taken.ticks)

    def flush(self) -> None:
        """Give what is held back, at the end of a connection."""
        if len(self._held):
            self._push_eda(self._watch.flush())

    def _refuse_hidden_turn(self, newest_tick: int, arrival_s: float) -> None:
        """Give up on the stamps of old firmware after a hole: they go round in 2 s, and do not say how often."""
        packets = self._setup.packets
        half_turn_s = (1 << 8 * packets.tick_bytes) / TICKS_HZ / 2.0
        missing_s = arrival_s - self._arrived_s - (newest_tick - self._observed_tick) / TICKS_HZ
        if self._observed_tick >= 0 and missing_s > half_turn_s:
            raise DeviceError(
                f"The Shimmer {self._setup.serial} was silent for so long that the stamps of {self._setup.firmware} do "
                f"not tell how long. It is started anew; bring it nearer, or bring its firmware up to date "
                f"(LogAndStream, with Consensys).",
                Reason.LINK_LOST,
                self._setup.serial,
            )

    def _count(self, before: tuple[int, int, int]) -> None:
        """Report what was passed over, once for each piece."""
        reader = self._reader
        now = reader.n_skipped_bytes, reader.n_repeated, reader.n_backwards
        for what, old, new in zip(("malformed", "repeated", "backwards"), before, now, strict=True):
            if new > old:
                self._sink.rejected(what)

    def _deliver(self, taken: Taken) -> None:
        """Stamp packets and hand over their samples."""
        stamps_s = self._clock.stamps(taken.ticks / TICKS_HZ)
        ends = dict(zip(taken.ticks.tolist(), stamps_s.tolist(), strict=True))
        for loss in taken.losses:
            self._lose(loss, ends)
        self._last_stamp_s = float(stamps_s[-1])
        _, ppg, ecg = self._source_ids
        values = taken.values
        if GSR_WORD in values:
            self._hold(taken.ticks, values[GSR_WORD], stamps_s)
        if INTERNAL_A13 in values:
            self._sink.push(ppg, values[INTERNAL_A13] * _PPG_MILLIVOLTS, stamps_s)
        if EXG1_CH1 in values:
            first, second = self._setup.ecg_gains
            both = (exg_millivolts(values[EXG1_CH1], first), exg_millivolts(values[EXG1_CH2], second))
            self._sink.push(ecg, np.column_stack(both), stamps_s)
        self._sink.delay(self._clock.delay_s)

    def _lose(self, loss: Loss, ends: dict[int, float]) -> None:
        """Report packets that never came, for each stream."""
        stop_s = ends[loss.after_tick]
        start_s = ends.get(loss.before_tick, self._last_stamp_s)
        sent = zip((GSR_WORD, INTERNAL_A13, EXG1_CH1), self._source_ids, strict=True)
        for code, source_id in sent:
            if code in self._setup.packets.channels:
                self._sink.lost(source_id, loss.n_packets, stop_s if start_s is None else start_s, stop_s)

    def _hold(
        self, ticks: NDArray[np.int64], words: NDArray[np.int64], stamps_s: NDArray[np.float64]
    ) -> None:
        """Convert skin conductance, and push as much of it as is certain."""
        raw = words.astype(np.uint16)
        setting = self._setup.gsr_range
        microsiemens = words_microsiemens(raw, setting)
        new: NDArray[np.float64] = np.column_stack((stamps_s, microsiemens, raw, np.zeros(len(raw))))
        self._held = np.concatenate((self._held, new)) if len(self._held) else new
        self._touch(ticks, microsiemens)
        self._push_eda(self._watch.push(ticks, ranges_of(raw, setting)))

    def _push_eda(self, flags: NDArray[np.bool_]) -> None:
        """Push the oldest samples held back, as many as there are flags."""
        n = len(flags)
        if not n:
            return
        given, self._held = self._held[:n], self._held[n:]
        given[:, 3] = flags
        self._sink.push(self._source_ids[0], given[:, 1:], np.ascontiguousarray(given[:, 0]))

    def _touch(self, ticks: NDArray[np.int64], microsiemens: NDArray[np.float64]) -> None:
        """Tell whether the electrodes are on, when it has been the same for two seconds."""
        state = self._worn
        for tick, is_on in zip(
            ticks.tolist(), (microsiemens >= LEAST_WORN_MICROSIEMENS).tolist(), strict=True
        ):
            if is_on == state.worn:
                state.since_tick = None
            elif state.since_tick is None:
                state.since_tick = tick
            elif tick - state.since_tick >= _CONTACT_S * TICKS_HZ:
                state.worn, state.since_tick = is_on, None
                self._sink.contact(is_on)

    def _hear(self, answer: bytes) -> None:
        """Pass on what the unit said between packets."""
        if answer[0] == Answer.BATTERY:
            try:
                battery = Battery.from_bytes(answer[1:])
            except DeviceError:
                return
            self._sink.battery(battery.percent)
