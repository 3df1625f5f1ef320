"""From virtual devices over real drivers and LSL into a recording and its replay: no sample unaccounted for."""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import pyxdf
from rich.console import Console

pytest.importorskip("bumble")
pytest.importorskip("pty")

from devices.bridge import Bridge
from devices.driver import Context, Wish
from devices.drivers.polar_h10 import PolarH10
from devices.drivers.shimmer import Shimmer
from devices.emulator.byte_faults import ByteFaults
from devices.emulator.h10_faults import H10Faults
from devices.emulator.h10_signals import CounterSignal
from devices.emulator.radio import VirtualAir
from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_signals import CounterShimmer
from devices.emulator.virtual_h10 import Fate, VirtualH10
from devices.emulator.virtual_shimmer import VirtualShimmer
from devices.fleet import run_fleet
from devices.pace import Pace
from devices.protocols import pmd
from monitor.app import main
from monitor.core.events import Chunk, Event, StreamLost, StreamOpened
from monitor.live_session import LiveOptions, LiveSession
from monitor.lsl.binding import configure
from monitor.lsl.source import LslSource
from monitor.room import Room
from monitor.settings import Settings
from tests.contract.test_wire import shimmer, strap

pytestmark = [pytest.mark.hardware, pytest.mark.lsl, pytest.mark.slow]

CODE = "C07"
SPEED = 4.0
DEVICE_S = 80.0
SETTLED_S = 15.0
"""After a connection; before, the clock map has too few deliveries."""

LARGEST_ERROR_MS = 12.5 * SPEED
"""A fast clock makes every hesitation of this computer so much longer, in the minima the clock map rests on too; how
true it is, `tests.unit.test_device_clock` tells. A frame stamped by its first sample is 560 ms off."""

LONGEST_DELAY_S = 0.25

STRAP = H10Faults(lost_frames=(20, 21, 40), repeated_frames=(30, 50), disconnect_at_s=(45.0,), away_s=3.0)
SKIN = ShimmerFaults(
    lost_packets=(700, 701, 1200),
    disconnect_at_s=(50.0,),
    away_s=3.0,
    line=ByteFaults(drop_bytes=(9000, 15000)),
)
TABLES = ("beats", "markers", "scr", "zones", "synchrony")
Floats = np.ndarray


class World:
    """Two devices and their bridges, in a thread of their own."""

    def __init__(self) -> None:
        configure()
        self.pace = Pace(SPEED)
        self.strap = VirtualH10(CounterSignal(STRAP.clock_drift), self.pace, faults=STRAP)
        self.skin = VirtualShimmer(CounterShimmer(), self.pace, faults=SKIN)
        self.failure: BaseException | None = None
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="world", daemon=True)

    def __enter__(self) -> "World":
        self._thread.start()
        assert self._ready.wait(30.0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._stop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30.0)
        assert not self._thread.is_alive()
        assert self.failure is None

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.failure = error
        self._ready.set()

    async def _live(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        with self.skin:
            async with VirtualAir() as air:
                await air.add(self.strap)
                context = Context(pace=self.pace, radio=air.radio())
                drivers = (
                    PolarH10(Wish(address="1A2B3C4D", participant=CODE), context),
                    Shimmer(Wish(address=self.skin.port, participant=CODE), context),
                )
                bridges = [Bridge(driver, self.pace) for driver in drivers]
                self._ready.set()
                await run_fleet(bridges, self._stop)


class Stream(NamedTuple):
    """One recorded stream: header, raw stamps, and values or texts."""

    info: dict[str, Any]
    stamps_s: Floats
    values: Any


class Session(NamedTuple):
    """What was recorded, and what truly was."""

    folder: Path
    world: World
    streams: dict[str, Stream]

    def events(self, device: str, kind: str) -> list[dict[str, Any]]:
        texts = [json.loads(row[0]) for row in self.streams[f"{device} {CODE}-status"].values]
        return [text for text in texts if text["event"] == kind]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    root = tmp_path_factory.mktemp("sessions")
    room = Room.from_options([], CODE, "T02")
    with World() as world:
        source = LslSource(room, clock=world.pace.now, clock_tolerance_s=5.0 * SPEED)
        options = LiveOptions(
            room=room,
            root=root,
            settings=Settings(),
            headless=True,
            seconds=DEVICE_S / SPEED,
            use_profiles=False,
        )
        with Path(os.devnull).open("w") as sink:
            folder = LiveSession(source, options, Console(file=sink)).run()
    found, _ = pyxdf.load_xdf(
        str(folder / "recording.xdf"), synchronize_clocks=False, dejitter_timestamps=False
    )
    streams: dict[str, Stream] = {}
    for stream in found:
        name = stream["info"]["name"][0]
        assert name not in streams or not len(stream["time_stamps"]), f"{name} was opened twice"
        streams[name] = Stream(stream["info"], stream["time_stamps"], stream["time_series"])
    return Session(folder, world, streams)


def test_what_was_declared_is_what_the_contract_says(session: Session) -> None:
    for spec in (*strap(), *shimmer()):
        info = session.streams[spec.name].info
        assert info["type"] == [spec.type]
        assert info["source_id"] == [spec.source_id]
        assert info["channel_format"] == [spec.channel_format]
        assert float(info["nominal_srate"][0]) == pytest.approx(spec.nominal_rate_hz)
        channels = info["desc"][0]["channels"][0]["channel"]
        told = [(c["label"][0], c["unit"][0] or "", c["type"][0]) for c in channels]
        assert told == [(c.label, c.unit, c.type) for c in spec.channels]
        assert info["desc"][0]["synchronization"][0]["can_drop_samples"] == ["true"]


def unwrapped(numbers: Floats, modulus: int) -> Floats:
    """Sample numbers that count on where they begin anew."""
    steps = np.diff(numbers)
    return numbers + modulus * np.concatenate(([0], np.cumsum(steps < -modulus // 2)))


def account(
    numbers: Floats, stamps_s: Floats, lost: list[dict[str, Any]], gaps: list[dict[str, Any]]
) -> dict[str, int]:
    """Put every number between the first and the last into a class; each hole must be told in the right place."""
    assert np.all(np.diff(numbers) > 0)
    assert np.all(np.diff(stamps_s) > 0.0)
    sums = {"recorded": numbers.size, "lost": 0, "gap": 0, "untold": 0}
    for at in np.flatnonzero(np.diff(numbers) > 1).tolist():
        n = int(numbers[at + 1] - numbers[at] - 1)
        before_s, after_s = float(stamps_s[at]), float(stamps_s[at + 1])
        told = [
            event["n_samples"]
            for event in lost
            if abs(event["start_s"] - before_s) < 1e-6 and abs(event["stop_s"] - after_s) < 1e-6
        ]
        in_gap = any(
            abs(event["start_s"] - before_s) < 1e-6 and abs(event["stop_s"] - after_s) < 1e-6
            for event in gaps
        )
        assert sum(told) in {0, n}
        sums["lost" if told else "gap" if in_gap else "untold"] += n
    return sums


def ecg(session: Session) -> tuple[Floats, Floats]:
    stream = session.streams[f"Polar H10 {CODE}"]
    return np.rint(stream.values[:, 0]).astype(np.int64), stream.stamps_s


def eda(session: Session) -> tuple[Floats, Floats]:
    stream = session.streams[f"Shimmer GSR+ {CODE}"]
    words = np.rint(stream.values[:, 1]).astype(np.int64) & 0x0FFF
    return unwrapped(words, 4096), stream.stamps_s


def test_every_ecg_sample_is_recorded_or_told_lost_or_in_a_gap(session: Session) -> None:
    numbers, stamps_s = ecg(session)
    lost = [e for e in session.events("Polar H10", "lost") if e["stream"] == "ECG"]
    gaps = [e for e in session.events("Polar H10", "gap") if e["stream"] == "ECG"]
    sums = account(numbers, stamps_s, lost, gaps)
    assert sums["untold"] == 0
    assert sum(sums.values()) == numbers[-1] - numbers[0] + 1
    frames = [f for f in session.world.strap.sent if f.measurement is pmd.Measurement.ECG]
    inside = [f for f in frames if numbers[0] <= f.first_index <= numbers[-1]]
    assert sums["lost"] == sum(f.n_samples for f in inside if f.fate is Fate.LOST) > 0
    assert sums["gap"] >= 2.0 * STRAP.rate_hz
    sent = {
        i for f in inside if f.fate is Fate.SENT for i in range(f.first_index, f.first_index + f.n_samples)
    }
    assert set(numbers.tolist()) == {i for i in sent if numbers[0] <= i <= numbers[-1]}


def test_every_skin_sample_is_recorded_or_told_lost_or_in_a_gap(session: Session) -> None:
    numbers, stamps_s = eda(session)
    lost = [e for e in session.events("Shimmer GSR+", "lost") if e["stream"] == "EDA"]
    gaps = [e for e in session.events("Shimmer GSR+", "gap") if e["stream"] == "EDA"]
    sums = account(numbers, stamps_s, lost, gaps)
    assert sums["untold"] == 0
    assert sum(sums.values()) == numbers[-1] - numbers[0] + 1
    assert sums["lost"] >= len(SKIN.lost_packets)
    assert sums["gap"] > 0


def error_ms(stamps_s: Floats, truth_s: Floats) -> Floats:
    """Error of settled stamps in each connection, without the constant delay, which is that of a delivery."""
    begins = np.concatenate(([0], np.flatnonzero(np.diff(truth_s) > 2.0) + 1, [truth_s.size]))
    errors = []
    for start, stop in itertools.pairwise(begins):
        settled = truth_s[start:stop] > truth_s[start] + SETTLED_S
        errors.append((stamps_s - truth_s)[start:stop][settled])
    joined = np.concatenate(errors)
    assert abs(np.median(joined)) < LONGEST_DELAY_S
    return 1e3 * (joined - np.median(joined))


def test_stamps_are_true_but_for_a_constant(session: Session) -> None:
    numbers, stamps_s = ecg(session)
    truth_s = np.array([session.world.strap.sample_time_s(pmd.Measurement.ECG, int(i)) for i in numbers])
    assert np.max(np.abs(error_ms(stamps_s, truth_s))) < LARGEST_ERROR_MS
    numbers, stamps_s = eda(session)
    sent = session.world.skin.sent()
    words = unwrapped(sent.gsr_word.astype(np.int64) & 0x0FFF, 4096)
    first = np.flatnonzero((words - numbers[0]) % 4096 == 0)[0]
    at = np.searchsorted(words, numbers - numbers[0] + words[first])
    assert np.max(np.abs(error_ms(stamps_s, sent.sampled_s[at]))) < LARGEST_ERROR_MS


def test_replay_and_analysis_give_the_tables_of_the_live_run(session: Session, tmp_path: Path) -> None:
    assert (
        main(["replay", str(session.folder), "--headless", "--speed", "0", "--out", str(tmp_path / "r")]) == 0
    )
    assert main(["analyze", str(session.folder), "--out", str(tmp_path / "a")]) == 0
    for table in TABLES:
        live = (session.folder / f"{table}.parquet").read_bytes()
        assert (tmp_path / "r" / f"{table}.parquet").read_bytes() == live
        assert (tmp_path / "a" / f"{table}.parquet").read_bytes() == live
    told = [summary["warnings"] for summary in (summary_of(session.folder), summary_of(tmp_path / "a"))]
    # Live they are told as they come, in an analysis stream by stream.
    live_told, later_told = (
        sorted(
            (w for w in warnings if w["label"].startswith("device_")), key=lambda w: (w["t_s"], w["subject"])
        )
        for warnings in told
    )
    assert live_told == later_told
    assert {w["label"] for w in live_told} >= {"device_lost", "device_back"}


class Directed(LslSource):
    """A source that tells each of its events to a director before anybody else."""

    def __init__(self, room: Room, direct: Callable[[Event], None]) -> None:
        super().__init__(room)
        self._direct = direct

    def __iter__(self) -> Iterator[Event]:
        for event in super().__iter__():
            self._direct(event)
            yield event


class Director:
    """Kills the bridge when it has sent enough, starts it anew when that was noticed, ends when data are back."""

    ENOUGH = 60

    def __init__(self, port: str) -> None:
        self.command = [sys.executable, "-P", "-m", "devices.cli", "shimmer", port, "--participant", CODE]
        self.bridges = [self._started()]
        self.opened: list[StreamOpened] = []
        self.lost: list[StreamLost] = []
        self.counts: dict[int, int] = {}
        self.source: LslSource | None = None

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def __call__(self, event: Event) -> None:
        if isinstance(event, StreamOpened) and event.info.type == "EDA":
            self.opened.append(event)
        elif isinstance(event, StreamLost) and any(o.info.stream_id == event.stream_id for o in self.opened):
            self.lost.append(event)
            if len(self.bridges) == 1:
                self.bridges.append(self._started())
        elif isinstance(event, Chunk) and any(o.info.stream_id == event.stream_id for o in self.opened):
            self.counts[event.stream_id] = self.counts.get(event.stream_id, 0) + event.stamps.size
            if len(self.opened) == 1 and self.counts[event.stream_id] >= self.ENOUGH:
                self.bridges[0].send_signal(signal.SIGKILL)
            elif len(self.opened) == 2 and self.counts[event.stream_id] >= self.ENOUGH:
                assert self.source is not None
                self.source.stop()

    def end(self) -> None:
        for bridge in self.bridges:
            assert bridge.stdin is not None
            bridge.stdin.close()
            try:
                bridge.wait(15.0)
            except subprocess.TimeoutExpired:
                bridge.kill()
                raise


def test_a_bridge_that_is_killed_ends_no_session_and_goes_on_under_the_same_name(tmp_path: Path) -> None:
    configure()
    room = Room.from_options([], CODE, None)
    with VirtualShimmer(CounterShimmer(), Pace()) as unit:
        director = Director(unit.port)
        director.source = source = Directed(room, director)
        options = LiveOptions(
            room=room, root=tmp_path, settings=Settings(), headless=True, seconds=90.0, use_profiles=False
        )
        try:
            with Path(os.devnull).open("w") as sink:
                folder = LiveSession(source, options, Console(file=sink)).run()
        finally:
            director.end()
    before, after = director.opened
    assert len(director.lost) == 1
    assert before.info.source_id == after.info.source_id
    assert before.info.name == after.info.name
    assert [b.key for b in before.bindings] == [b.key for b in after.bindings] != []
    found, _ = pyxdf.load_xdf(
        str(folder / "recording.xdf"), synchronize_clocks=False, dejitter_timestamps=False
    )
    halves = [s for s in found if s["info"]["type"][0] == "EDA"]
    halves.sort(key=lambda stream: stream["time_stamps"][0])
    assert [len(half["time_stamps"]) >= Director.ENOUGH for half in halves] == [True, True]
    words = np.concatenate([np.rint(half["time_series"][:, 1]).astype(np.int64) & 0x0FFF for half in halves])
    assert np.all(np.diff(unwrapped(words, 4096)) > 0)


def summary_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))
