"""A recorder that is killed: at most half a second is lost, and the next start repairs the file."""

import random
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Chunk
from monitor.session.manifest import read_manifest, verify_manifest
from monitor.session.torn import find_torn, repair_torn
from monitor.xdf.reader import read_events

ROOT = Path(__file__).parents[2]
RATE_HZ = 130
ALLOWED_S = 0.5

# Two regular streams in chunks of 20 ms, ticks each 0.2 s; how much was handed over is kept in a file.
CHILD = """
import os, struct, sys, time
from pathlib import Path
import numpy as np
import monitor.session.disk_sync
slow_s = float(sys.argv[3])
if slow_s:
    # A disk that takes its time: only the sync itself is slow.
    monitor.session.disk_sync.sync_data = lambda descriptor: (time.sleep(slow_s), os.fsync(descriptor))
from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.session.recorder import Recorder
from monitor.session.folder import SessionFolder

folder = SessionFolder.create(Path(sys.argv[1]), name="s", settings={})
count = os.open(sys.argv[2], os.O_RDWR | os.O_CREAT)
recorder = Recorder(folder, header={})
recorder.start()
for number in (1, 2):
    recorder.put(StreamOpened(StreamInfo(stream_id=number, name=f"s{number}", type="ECG", channel_count=1,
                                         nominal_rate_hz=130.0, channel_format="float32"), ()))
start, n, tick = time.monotonic(), 0, 0
print("ready", flush=True)
while True:
    now = time.monotonic() - start
    due = int(now * 130)
    if due > n:
        index = np.arange(n, due)
        for number in (1, 2):
            recorder.put(Chunk(number, index / 130.0, index.astype(np.float32)[:, None]))
        n = due
        os.pwrite(count, struct.pack("<qd", n, now), 0)
    if now >= 0.2 * tick:
        recorder.put(Tick(now, time.time()))
        tick += 1
        if tick % 5 == 0:
            recorder.put(ClockOffset(1, now, 0.25))
    time.sleep(0.02)
"""


class _Stalls(threading.Thread):
    """Measures how long this machine lets a plain write wait: such a stall is not the recorder's."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._over = threading.Event()
        self._longest_s = 0.0

    def run(self) -> None:
        with self._path.open("wb", buffering=0) as file:
            last = time.monotonic()
            while not self._over.wait(0.02):
                file.write(bytes(64))
                now = time.monotonic()
                self._longest_s = max(self._longest_s, now - last - 0.02)
                last = now

    def longest_s(self) -> float:
        self._over.set()
        self.join()
        return self._longest_s


def _killed(root: Path, alive_s: list[float], slow_s: float) -> None:
    """Start one recorder per entry at the same time and kill each when its time has come."""
    children = []
    for index, _ in enumerate(alive_s):
        (root / str(index)).mkdir()
        command = [
            sys.executable,
            "-c",
            CHILD,
            str(root / str(index)),
            str(root / f"{index}.count"),
            str(slow_s),
        ]
        children.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE))
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
        began = time.monotonic()
        for wait_s, child in sorted(zip(alive_s, children, strict=True), key=lambda pair: pair[0]):
            time.sleep(max(0.0, began + wait_s - time.monotonic()))
            child.send_signal(signal.SIGKILL)
    finally:
        for child in children:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def _values(path: Path, stream_id: int) -> list[float]:
    with path.open("rb") as file:
        chunks = [e for e in read_events(file) if isinstance(e, Chunk) and e.stream_id == stream_id]
    return [float(value) for chunk in chunks for (value,) in chunk.values]


def _check(root: Path, n_children: int) -> float:
    """Repair every recording, read it twice over and return the largest loss in seconds."""
    import pyxdf

    worst_s = 0.0
    for index in range(n_children):
        assert len(find_torn(root / str(index))) == 1
        (torn,) = repair_torn(root / str(index))
        assert torn.repaired, torn.text
        assert torn.path.name == "recording.xdf"
        assert find_torn(root / str(index)) == []
        n_given, _ = struct.unpack("<qd", (root / f"{index}.count").read_bytes())
        streams, _ = pyxdf.load_xdf(torn.path, synchronize_clocks=False, dejitter_timestamps=False)
        theirs = {
            stream["info"]["stream_id"]: stream["time_series"][:, 0]
            for stream in streams
            if len(stream["time_series"])
        }
        for stream_id in (1, 2):
            ours = _values(torn.path, stream_id)
            assert ours == list(range(len(ours)))
            np.testing.assert_array_equal(theirs.get(stream_id, []), ours)
            worst_s = max(worst_s, (n_given - len(ours)) / RATE_HZ)
        assert verify_manifest(torn.path.parent) == []
        assert read_manifest(torn.path.parent)["state"] == "repaired"
        assert sorted(p.name for p in torn.path.parent.iterdir()) == [
            "manifest.json",
            "recording.xdf",
            "session.toml",
        ]
    return worst_s


def _kill_and_check(root: Path, n_children: int, seed: int, longest_s: float, slow_s: float = 0.0) -> float:
    """Return the largest loss in seconds, less what the machine itself stood still."""
    rng = random.Random(seed)
    stalls = _Stalls(root / "stalls")
    stalls.start()
    _killed(root, [rng.uniform(0.0, longest_s) for _ in range(n_children)], slow_s)
    return _check(root, n_children) - stalls.longest_s()


@pytest.mark.slow
def test_a_killed_recorder_loses_at_most_half_a_second(tmp_path: Path) -> None:
    assert _kill_and_check(tmp_path, 4, seed=1, longest_s=2.5) <= ALLOWED_S


@pytest.mark.slow
def test_a_slow_disk_costs_a_killed_recorder_no_more(tmp_path: Path) -> None:
    assert _kill_and_check(tmp_path, 4, seed=2, longest_s=4.0, slow_s=3.0) <= ALLOWED_S


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_recorders_killed_at_twelve_moments_are_all_repaired(tmp_path: Path, seed: int) -> None:
    assert _kill_and_check(tmp_path, 4, seed=100 + seed, longest_s=3.0) <= ALLOWED_S
