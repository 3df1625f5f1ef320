import asyncio
import json
import math
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import psutil
import pylsl
import pytest

pytest.importorskip("bumble", reason="bumble is not installed")

from devices.bridge import Bridge
from devices.emulator.byte_faults import ByteFaults
from devices.emulator.h10_faults import H10Faults
from devices.emulator.h10_signals import COUNTER_MODULUS, CounterSignal
from devices.emulator.hardware import HardwareDyad, play_script
from devices.emulator.script import write_script
from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_signals import CounterShimmer
from devices.emulator.waveforms import Waveforms
from devices.fleet import run_fleet
from devices.pace import Pace

pytestmark = [
    pytest.mark.hardware,
    pytest.mark.lsl,
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals"),
]

CODES = ("C07", "T02")
ECG = ("polar-h10-1a2b3c4d-ecg", "polar-h10-5e6f7a8b-ecg")
EDA = ("shimmer3-92e8-eda", "shimmer3-4b17-eda")
STATUS = tuple(f"{source_id.rpartition('-')[0]}-status" for source_id in (*ECG, *EDA))
WARM_UP_S = 60.0
FIND_S = 15.0


class Hole(NamedTuple):
    """Samples between two that arrived."""

    n_samples: int
    before_s: float
    after_s: float


@dataclass
class Tally:
    """What arrived of one stream whose values count its samples: which are missing, and how well they are stamped."""

    modulus: int
    rate_hz: float
    true_time_s: Callable[[np.ndarray], np.ndarray]
    first: int = -1
    last: int = -1
    first_s: float = 0.0
    last_s: float = 0.0
    n: int = 0
    holes: list[Hole] = field(default_factory=list)
    n_steps: int = 0
    n_bad_steps: int = 0
    late_s: dict[int, tuple[float, float]] = field(default_factory=dict)

    def take(self, counted: np.ndarray, stamps_s: np.ndarray) -> None:
        if self.n == 0:
            # Where the counter wraps is known from the stamp of the first sample alone.
            near = round((stamps_s[0] - self.true_time_s(np.array([0]))[0]) * self.rate_hz)
            self.last = (
                near + ((int(counted[0]) - near + self.modulus // 2) % self.modulus - self.modulus // 2) - 1
            )
            self.first, self.first_s = self.last + 1, float(stamps_s[0])
            self.last_s = self.first_s - 1.0 / self.rate_hz
        since_s = np.diff(stamps_s, prepend=self.last_s)
        steps = np.diff(counted.astype(np.int64), prepend=self.last % self.modulus) % self.modulus
        # A hole of more than a round of the counter is told by the stamps.
        steps += self.modulus * np.rint((since_s * self.rate_hz - steps) / self.modulus).astype(np.int64)
        index = self.last + np.cumsum(steps)
        for i in np.flatnonzero(steps != 1):
            self.holes.append(Hole(int(steps[i]) - 1, float(stamps_s[i] - since_s[i]), float(stamps_s[i])))
        truth_s = self.true_time_s(index)
        kept = (steps == 1) & (truth_s - self.true_time_s(np.array([self.first]))[0] > WARM_UP_S)
        wrong_s = np.abs(since_s - steps / self.rate_hz)[kept]
        self.n_steps += len(wrong_s)
        self.n_bad_steps += int((wrong_s > 0.2e-3).sum())
        late_s = stamps_s - truth_s
        minute = int((truth_s[-1] - self.true_time_s(np.array([self.first]))[0]) // WARM_UP_S)
        low_s, high_s = self.late_s.get(minute, (math.inf, -math.inf))
        self.late_s[minute] = min(low_s, float(late_s.min())), max(high_s, float(late_s.max()))
        self.n += len(counted)
        self.last, self.last_s = int(index[-1]), float(stamps_s[-1])

    @property
    def n_missing(self) -> int:
        return sum(hole.n_samples for hole in self.holes)

    def spread_s(self) -> tuple[float, float]:
        """Least and greatest delay of the stamps after the warm-up of a minute."""
        late_s = [late_s for minute, late_s in self.late_s.items() if minute > 0]
        return min(low for low, _ in late_s), max(high for _, high in late_s)


class Reader(threading.Thread):
    """Pulls every stream from real inlets until told to finish."""

    def __init__(self, tallies: dict[str, Tally]) -> None:
        super().__init__(name="reader", daemon=True)
        self.tallies = tallies
        self.events: list[dict[str, Any]] = []
        self.rss: list[tuple[float, int]] = []
        self._stop_it = threading.Event()
        self.failure: Exception | None = None

    def finish(self) -> None:
        self._stop_it.set()
        self.join(FIND_S)
        assert not self.is_alive(), "the reader hangs"
        if self.failure is not None:
            raise self.failure

    def run(self) -> None:
        try:
            self._pull()
        except Exception as error:  # noqa: BLE001  raised again in the test's own thread
            self.failure = error

    def _pull(self) -> None:
        inlets: dict[str, pylsl.StreamInlet] = {}
        try:
            # A status stream is opened anew once its device has told who it is: it is looked for after the samples.
            found = {
                key: pylsl.resolve_byprop("source_id", key, timeout=FIND_S)
                for key in (*self.tallies, *STATUS)
            }
            # And it is read before them: a loss whose text was missed could not be accounted for.
            for key in (*STATUS, *self.tallies):
                inlets[key] = pylsl.StreamInlet(found[key][0], max_buflen=60)
                inlets[key].open_stream(FIND_S)
            while not self._stop_it.wait(0.02):
                for key, inlet in inlets.items():
                    self._take(key, inlet)
        finally:
            for inlet in inlets.values():
                inlet.close_stream()

    def _take(self, key: str, inlet: pylsl.StreamInlet) -> None:
        samples, stamps = inlet.pull_chunk(timeout=0.0)
        if not stamps:
            return
        if key in STATUS:
            self.events += [{"device": key, **json.loads(sample[0])} for sample in samples]
            return
        values = np.asarray(samples, dtype=np.float64)
        # The second channel of the skin conductance is the raw word.
        counted = values[:, 0] if key in ECG else values[:, 1].astype(np.int64) & 0x0FFF
        self.tallies[key].take(counted, np.asarray(stamps))

    def told(self, source_id: str, event: str) -> list[dict[str, Any]]:
        device = STATUS[(*ECG, *EDA).index(source_id)]
        label = "ECG" if source_id in ECG else "EDA"
        return [
            one
            for one in self.events
            if one["device"] == device and one["event"] == event and one.get("stream") == label
        ]


def tallies_of(dyad: HardwareDyad) -> dict[str, Tally]:
    tallies = {}
    for source_id, strap in zip(ECG, dyad.straps, strict=True):
        rate_hz = strap.faults.rate_hz
        tallies[source_id] = Tally(
            COUNTER_MODULUS,
            rate_hz,
            lambda index, strap=strap, rate_hz=rate_hz: strap.time_s(index / rate_hz),
        )
    for source_id, unit in zip(EDA, dyad.units, strict=True):
        rate_hz = 51.2 * (1.0 + unit.faults.clock_drift)
        tallies[source_id] = Tally(
            4096, rate_hz, lambda index, unit=unit, rate_hz=rate_hz: unit.power_on_s + index / rate_hz
        )
    return tallies


def played(
    seconds: float,
    speed: float,
    strap_faults: tuple[H10Faults, H10Faults],
    unit_faults: tuple[ShimmerFaults, ShimmerFaults],
    *,
    watch_memory: bool = False,
) -> tuple[Reader, HardwareDyad]:
    """Run the dyad for seconds of device time, every stream through real outlets into real inlets."""

    async def play() -> tuple[Reader, HardwareDyad]:
        pace = Pace(speed)
        straps = [
            (code, CounterSignal(faults.clock_drift), faults)
            for code, faults in zip(CODES, strap_faults, strict=True)
        ]
        units = [(code, CounterShimmer(), faults) for code, faults in zip(CODES, unit_faults, strict=True)]
        async with HardwareDyad(straps, units, pace) as dyad:
            reader = Reader(tallies_of(dyad))
            stop = asyncio.Event()
            fleet = asyncio.create_task(run_fleet([Bridge(driver, pace) for driver in dyad.drivers()], stop))
            reader.start()
            try:
                end_s = dyad.began_s + seconds
                while pace.now() < end_s and reader.is_alive():
                    await pace.sleep(min(60.0, end_s - pace.now()))
                    if watch_memory:
                        reader.rss.append((pace.now() - dyad.began_s, psutil.Process().memory_info().rss))
            finally:
                await asyncio.to_thread(reader.finish)
                stop.set()
                await fleet
        return reader, dyad

    return asyncio.run(play())


def check_accounts(reader: Reader, source_id: str) -> None:
    """Every hole among the samples is told of, with its length, and nothing else is."""
    tally = reader.tallies[source_id]
    lost = [
        one
        for one in reader.told(source_id, "lost")
        if tally.first_s - 1e-6 <= one["start_s"] and one["stop_s"] <= tally.last_s + 1e-6
    ]
    told_of: set[Hole] = set()
    # Several losses in a short time may be told of together.
    for one in lost + reader.told(source_id, "gap"):
        inside = [
            hole
            for hole in tally.holes
            if hole.before_s >= one["start_s"] - 1e-6 and hole.after_s <= one["stop_s"] + 1e-6
        ]
        told_of.update(inside)
        # 0 says that nobody can know how many: the measurement was started anew.
        if one.get("n_samples"):
            assert one["n_samples"] == sum(hole.n_samples for hole in inside), (source_id, one, inside)
    assert told_of == set(tally.holes), source_id
    assert tally.last - tally.first + 1 == tally.n + tally.n_missing


def test_two_minutes_of_the_dyad_are_accounted_for_over_losses_damage_and_lost_links() -> None:
    straps = (
        H10Faults(lost_frames=(80, 81, 100), repeated_frames=(90,), disconnect_at_s=(75.0,), away_s=3.0),
        H10Faults(rate_hz=129.4, clock_drift=-60e-6, lost_share=0.02, seed=3),
    )
    units = (
        ShimmerFaults(
            lost_packets=(2400, 2401, 2402), disconnect_at_s=(60.0,), away_s=4.0, tick_start=2**24 - 10**6
        ),
        ShimmerFaults(clock_drift=-80e-6, line=ByteFaults(drop_rate=5e-4, insert_rate=2e-4, flip_rate=5e-4)),
    )
    reader, _ = played(120.0, 8.0, straps, units)
    for source_id in (*ECG, *EDA):
        check_accounts(reader, source_id)
        tally = reader.tallies[source_id]
        assert tally.n + tally.n_missing > 0.85 * 120.0 * tally.rate_hz, source_id
    ecg, eda = reader.tallies[ECG[0]], reader.tallies[EDA[0]]
    assert {73, 146} & {hole.n_samples for hole in ecg.holes}
    assert 3 in {hole.n_samples for hole in eda.holes}
    assert len(reader.told(ECG[0], "gap")) == len(reader.told(EDA[0], "gap")) == 1
    assert reader.tallies[EDA[1]].n_missing > 20, "the line was quiet"


def test_the_scripted_session_is_played_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    t_s = np.linspace(0.0, 1.0, 200)
    beat_s = np.linspace(-0.5, 0.5, 200)
    waveforms = Waveforms(
        beat_s=beat_s,
        beat=np.where(np.abs(beat_s) < 0.49, np.exp(-((beat_s / 0.02) ** 2)), 0.0),
        scr_s=8.0 * t_s,
        scr=np.sin(np.pi * t_s) * (t_s < 1.0),
    )
    names: list[str] = []

    async def play() -> bool:
        return await play_script(
            write_script(0.5, 3),
            waveforms,
            Pace(15.0),
            asyncio.Event(),
            ready=lambda specs: names.extend(spec.name for spec in specs),
        )

    assert asyncio.run(play())
    expected = {
        f"{name} {code}{part}"
        for code in CODES
        for name, parts in (("Polar H10", ("", " ACC", " RR", " HR")), ("Shimmer GSR+", ("", " PPG")))
        for part in parts
    }
    assert set(names) == expected
    assert len(names) == len(expected)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_an_hour_of_the_dyad_costs_no_memory_and_no_stamp_is_early() -> None:
    # What the system delays counts as many times as the clock is fast, so only early stamps are judged by 3 ms here.
    straps = (
        H10Faults(clock_drift=60e-6, lost_share=0.002),
        H10Faults(rate_hz=129.1, clock_drift=-40e-6, seed=5),
    )
    units = (
        ShimmerFaults(clock_drift=80e-6, burst_s=0.05, line=ByteFaults(drop_rate=2e-5, flip_rate=2e-5)),
        ShimmerFaults(clock_drift=-50e-6, burst_s=0.05),
    )
    speed = float(os.environ.get("ATTUNE_SOAK_SPEED", "5"))
    seconds = float(os.environ.get("ATTUNE_SOAK_S", "3600"))
    reader, _ = played(seconds, speed, straps, units, watch_memory=True)
    worst_ms = worst_share = 0.0
    earliest_ms = math.inf
    for source_id in (*ECG, *EDA):
        check_accounts(reader, source_id)
        tally = reader.tallies[source_id]
        low_s, high_s = tally.spread_s()
        middle_ms, half_ms = 500.0 * (low_s + high_s), 500.0 * (high_s - low_s)
        print(  # noqa: T201  the figures are the point of a soak
            f"{source_id}: {tally.n} samples, {tally.n_missing} missing, delay {middle_ms:.2f} ms ± {half_ms:.2f} ms, "
            f"{100.0 * tally.n_bad_steps / tally.n_steps:.3f} % of steps off by more than 0.2 ms"
        )
        worst_ms = max(worst_ms, half_ms)
        earliest_ms = min(earliest_ms, 1000.0 * low_s)
        worst_share = max(worst_share, tally.n_bad_steps / tally.n_steps)
    for one in reader.events:
        if one["event"] == "state" and one["state"] == "lost":
            print(one["device"], one["text"])  # noqa: T201
    settled = [rss for at_s, rss in reader.rss if at_s > min(600.0, seconds / 2)]
    print(f"memory: {settled[0] / 2**20:.1f} MB, then at most {max(settled) / 2**20:.1f} MB")  # noqa: T201
    assert max(settled) - settled[0] < 10 * 2**20
    assert earliest_ms > 1000.0 * units[0].base_latency_s - 3.0
    assert worst_ms < 3.0 + 2.0 * speed
    assert worst_share < 0.01
