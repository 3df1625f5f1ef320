"""The bridge: share of a core with four devices, and error of the clock map over a simulated hour."""

import json
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import numpy as np
import psutil

from benchmarks.live import CONFIG
from benchmarks.table import Figure
from tests.unit.test_device_clock import deliver

WARM_S = 15.0
SECONDS = 60.0
PATIENCE_S = 60.0
STRAPS = {
    "C07": ("Polar H10 1A2B3C4D", "F0:F1:F2:F3:F4:01"),
    "T02": ("Polar H10 5E6F7A8B", "F0:F1:F2:F3:F4:02"),
}

_SHIMMERS = """
import sys
from devices.emulator.shimmer_signals import CounterShimmer
from devices.emulator.virtual_shimmer import VirtualShimmer
from devices.pace import Pace
pace = Pace()
with VirtualShimmer(CounterShimmer(), pace, name="Shimmer3-92E8") as one:
    with VirtualShimmer(CounterShimmer(), pace, name="Shimmer3-A1B2") as two:
        print(one.port, two.port, flush=True)
        sys.stdin.read()
"""

_READER = """
import select, sys
import pylsl
inlets = []
while len(inlets) < 16:
    known = {inlet.info().uid() for inlet in inlets}
    for info in pylsl.resolve_streams(1.0):
        if info.uid() not in known:
            inlets.append(pylsl.StreamInlet(info))
            inlets[-1].open_stream(5.0)
print(len(inlets), flush=True)
while not select.select([sys.stdin], [], [], 0.1)[0]:
    for inlet in inlets:
        inlet.pull_chunk(0.0)
"""
"""Reads all streams: four signals and the status of each strap, two and the status of each unit."""


def _start(*command: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[1],
    )


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(15.0)
    except subprocess.TimeoutExpired:
        process.kill()


def _orders(ports: list[str]) -> str:
    devices = [("polar-h10", name.split()[-1], code) for code, (name, _) in STRAPS.items()]
    devices += [("shimmer", port, code) for code, port in zip(STRAPS, ports, strict=True)]
    return "".join(
        f'[[device]]\nkind = "{kind}"\naddress = "{address}"\nparticipant = "{code}"\n'
        for kind, address, code in devices
    )


def _await_streaming(bridge: subprocess.Popen[str]) -> None:
    """Read the lines of the bridge until all four devices stream."""
    streaming: set[str] = set()
    end = time.monotonic() + PATIENCE_S
    while len(streaming) < 2 * len(STRAPS):
        line = bridge.stdout.readline() if bridge.stdout else ""
        if not line or time.monotonic() > end:
            raise RuntimeError(f"only {sorted(streaming)} came to stream")
        status = json.loads(line)
        if status.get("state") == "streaming":
            streaming.add(status["device"])


def _share() -> list[Figure]:
    """CPU of a bridge process at real time; the devices live in two other processes."""
    import os
    import threading

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "lsl.cfg").write_text(CONFIG.format(session=uuid.uuid4()), encoding="utf-8")
        environment = dict(os.environ, LSLAPICFG=str(folder / "lsl.cfg"))
        devices = json.dumps(
            [{"kind": "polar-h10", "name": title, "address": address} for title, address in STRAPS.values()]
        )
        world = _start(
            "-m",
            "devices.emulator.ble_world",
            "--devices",
            devices,
            environment=environment,
        )
        shimmers = _start("-c", _SHIMMERS, environment=environment)
        running = [world, shimmers]
        try:
            assert world.stdout is not None
            assert shimmers.stdout is not None
            port = int(json.loads(world.stdout.readline())["port"])
            (folder / "room.toml").write_text(_orders(shimmers.stdout.readline().split()), encoding="utf-8")
            bridge = _start(
                "-m", "devices.cli", "run", str(folder / "room.toml"), "--json",
                "--hci", f"tcp-client:127.0.0.1:{port}", environment=environment,
            )  # fmt: skip
            running.insert(0, bridge)
            _await_streaming(bridge)
            reader = _start("-c", _READER, environment=environment)
            running.append(reader)
            assert reader.stdout is not None
            reader.stdout.readline()
            threading.Thread(target=lambda: list(bridge.stdout or ()), daemon=True).start()
            time.sleep(WARM_S)
            process = psutil.Process(bridge.pid)
            before, began = process.cpu_times(), time.perf_counter()
            time.sleep(SECONDS)
            after, took_s = process.cpu_times(), time.perf_counter() - began
            memory = process.memory_info().rss / 1e6
        finally:
            for each in running:
                _end(each)
    used_s = after.user + after.system - before.user - before.system
    what = "bridge of two H10s (HCI) and two Shimmers (pty), all read, share of a core"
    return [
        Figure(what, f"{100 * used_s / took_s:.1f} % over {took_s:.0f} s", "< 10 %"),
        Figure("the same, resident memory", f"{memory:.0f} MB", "-"),
    ]


def _clock_map() -> list[Figure]:
    """Error of the clock map against the truth of a simulated hour, without the constant delay."""
    figures = []
    for kind, drifts in (("h10", (40.0, -80.0)), ("shimmer", (40.0, -80.0))):
        for seed, ppm in enumerate(drifts):
            hour = deliver(kind, ppm, seed)
            settled = np.abs(hour.error_ms[hour.truth_s > 10.0])
            steps = hour.step_error_ms
            text = (
                f"p50 {np.median(settled):.2f}, max {settled.max():.2f} ms; "
                f"steps p99 {np.percentile(steps, 99):.3f} ms"
            )
            figures.append(
                Figure(f"clock map, simulated hour, {kind}, {ppm:+.0f} ppm", text, "max < 3 ms, p99 < 0.2 ms")
            )
    return figures


def run() -> list[Figure]:
    """Measure."""
    return [*_clock_map(), *_share()]
