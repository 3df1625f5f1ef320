"""The live engine on real outlets: share of a core, and time from the sender to the board."""

import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import numpy as np
import psutil

from benchmarks.table import Figure

SECONDS = 60
CONFIG = """[multicast]
ResolveScope = machine
AddressesOverride = {{127.0.0.1, 224.0.0.183}}
Interfaces = {{127.0.0.1}}
TTLOverride = 0
[ports]
IPv6 = disable
[lab]
SessionID = bench-{session}
[log]
level = -3
"""

_SENDER = """
import sys, time
import numpy as np
import pylsl
info = pylsl.StreamInfo("Bench ECG", "ECG", 1, 130.0, "double64", "bench")
info.set_channel_labels(["ECG"]); info.set_channel_units(["microvolts"])
outlet = pylsl.StreamOutlet(info)
end = time.monotonic() + float(sys.argv[1])
n = 0
while time.monotonic() < end:
    time.sleep(0.1)
    now = pylsl.local_clock()
    x = 200.0 * np.sin(np.arange(n, n + 13) / 5.0) + 900.0 * (np.arange(n, n + 13) % 110 < 3)
    # Each value carries when it was sent, so that the receiver can tell how long it took.
    outlet.push_chunk(x.reshape(-1, 1).tolist(), [now - (12 - i) / 130.0 for i in range(13)])
    n += 13
"""


def _engine_share() -> Figure:
    """CPU of the engine process with a dyad in real time, without the emulated people."""
    code = (
        "import sys, json, time, threading\n"
        "from rich.console import Console\n"
        "from pathlib import Path\n"
        "from monitor.lsl.binding import configure\n"
        "configure()\n"
        "from monitor.warm import warm_up; warm_up()\n"
        "from monitor.live_session import LiveOptions, LiveSession\n"
        "from monitor.lsl.source import LslSource\n"
        "from monitor.room import Room\n"
        "from monitor.settings import Settings\n"
        "room = Room.from_options([], 'C07', 'T02')\n"
        "options = LiveOptions(room=room, root=Path(sys.argv[1]), settings=Settings(), headless=True)\n"
        "session = LiveSession(LslSource(room), options, Console(file=sys.stderr))\n"
        "marks = []\n"
        "def watch():\n"
        f"    time.sleep(20); a = time.process_time(); time.sleep({SECONDS}); b = time.process_time()\n"
        f"    marks.append((b - a) / {SECONDS}); session.stop()\n"
        "threading.Thread(target=watch, daemon=True).start()\n"
        "session.run()\n"
        "print(json.dumps(marks))\n"
    )
    emulator = subprocess.Popen(
        [sys.executable, "-P", "-m", "devices.cli", "emulated", "--minutes", "3", "--no-faults"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert emulator.stdout is not None
        emulator.stdout.readline()
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-c", code, folder], capture_output=True, text=True, check=True
            )
    finally:
        assert emulator.stdin is not None
        emulator.stdin.close()
        emulator.wait(20)
    share = float(done.stdout.strip().splitlines()[-1].strip("[]"))
    return Figure(
        "live engine, one dyad (ECG, RR, EDA each), share of a core", f"{share * 100:.1f} %", "<= 3 %"
    )


def _latency() -> Figure:
    """Time from the push in another process to the board of this one."""
    from monitor.board.board import Board
    from monitor.core.events import Chunk, Event
    from monitor.core.pipeline import Pipeline
    from monitor.lsl.binding import local_clock
    from monitor.lsl.source import LslSource
    from monitor.room import Room
    from monitor.runner import run

    seconds = 30
    sender = subprocess.Popen([sys.executable, "-c", _SENDER, str(seconds + 12)])
    source, board, delays = LslSource(Room()), Board(), []

    def observe(event: Event) -> None:
        board.note_event(event)
        if isinstance(event, Chunk):
            delays.append(local_clock() - float(event.stamps[-1]))

    threading.Timer(seconds + 6.0, source.stop).start()
    run(source, Pipeline(eager=True), observers=(observe,), sinks=(board.note_results,))
    sender.wait()
    ms = np.array(delays[20:]) * 1000
    text = f"p50 {np.median(ms):.1f}, p99 {np.percentile(ms, 99):.1f}, max {ms.max():.1f} ms (n {ms.size})"
    return Figure("sample sent to board, another process, loopback", text, "p99 <= 10 ms")


def run() -> list[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "lsl.cfg")
        config.write_text(CONFIG.format(session=uuid.uuid4()), encoding="utf-8")
        os.environ["LSLAPICFG"] = str(config)
        load = psutil.getloadavg()[0]
        figures = [_latency(), _engine_share()]
        time.sleep(0.1)
        return [*figures, Figure("load of the machine before these", f"{load:.1f}", "-")]
