"""`attune demo`: two emulated people through the real path, ending in a recorded session."""

import argparse
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from monitor.errors import MonitorError, SettingsError
from monitor.live_opening import BEGIN_S
from monitor.live_session import LiveOptions, LiveSession
from monitor.lsl.binding import configure, local_clock
from monitor.lsl.source import LslSource
from monitor.paths import sessions_folder
from monitor.room import Room
from monitor.settings import Settings, load_settings
from monitor.warm import warm_up

CLIENT, THERAPIST = "C07", "T02"
_CALM_SHARE = 0.35
_LEAST_OPENING_S = 185.0
_ZONES_S = 60.0


def run(options: argparse.Namespace) -> int:
    """Run the demo.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options.

    Returns
    -------
    int
        0, or 130 when the user stopped it; either way the session is saved.
    """
    console = Console(stderr=True)
    if not 0.1 <= options.minutes <= 600 or not 0.1 <= options.speed <= 50:
        raise SettingsError("--minutes takes 0.1 to 600 and --speed 0.1 to 50.")
    configure()
    settings = load_settings(Path(options.settings)) if options.settings else Settings()
    console.print("This is a demonstration with two emulated people; nothing here was measured on anybody.")
    origin = local_clock()
    emulator = _start_emulator(options, origin)
    with console.status("Preparing the computation and the emulated people …"):
        warm_up()
        _await(emulator)
    source = LslSource(
        Room.from_options([], CLIENT, THERAPIST),
        clock=_fast_clock(origin, options.speed),
        clock_tolerance_s=5.0 * max(1.0, options.speed),
    )
    session = LiveSession(
        source,
        LiveOptions(
            room=Room.from_options([], CLIENT, THERAPIST),
            root=sessions_folder(options.out),
            settings=settings,
            headless=options.headless,
            theme=options.theme,
            opening_s=_opening_s(options.minutes),
            use_profiles=False,
        ),
        console,
    )
    threading.Thread(target=_stop_with, args=(emulator, session), name="emulator-watch", daemon=True).start()
    try:
        folder = session.run()
    finally:
        _end(emulator)
    console.print(f"Session saved in {folder}", highlight=False, soft_wrap=True)
    console.print(
        f"Tables as CSV:  attune analyze {folder} --out tables --format csv", highlight=False, soft_wrap=True
    )
    return 130 if session.interrupted else 0


def _opening_s(minutes: float) -> float:
    """Return how much of the script before the rupture to take as the opening; 0 where it is too short."""
    if 60.0 * minutes < BEGIN_S + _LEAST_OPENING_S + _ZONES_S:
        return 0.0
    return max(_LEAST_OPENING_S, _CALM_SHARE * 60.0 * minutes - BEGIN_S)


def _fast_clock(origin: float, speed: float) -> Callable[[], float]:
    """Return the LSL clock, `speed` times as fast since `origin`: the emulator stamps with the same one."""
    return lambda: origin + (local_clock() - origin) * speed


def _start_emulator(options: argparse.Namespace, origin: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "devices.cli", "emulated"]
    command += ["--client", CLIENT, "--therapist", THERAPIST, "--minutes", str(options.minutes)]
    command += ["--speed", str(options.speed), "--seed", str(options.seed), "--origin", repr(origin)]
    command += ["--wait-for-consumers", "60", *(["--no-faults"] if options.no_faults else [])]
    command += ["--hardware"] if options.hardware else []
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def _await(emulator: subprocess.Popen[str]) -> None:
    """Wait for the line that says that the outlets are there."""
    line = emulator.stdout.readline() if emulator.stdout else ""
    try:
        ready = bool(json.loads(line).get("ready"))
    except ValueError:
        ready = False
    if not ready:
        raise MonitorError(
            "The emulated wearables did not start; what they said is above. `attune doctor` checks this machine."
        )


def _stop_with(emulator: subprocess.Popen[str], session: LiveSession) -> None:
    """End the session when the script of the emulated people ends."""
    emulator.wait()
    session.stop()


def _end(emulator: subprocess.Popen[str]) -> None:
    if emulator.stdin is not None:
        emulator.stdin.close()
    try:
        emulator.wait(5.0)
    except subprocess.TimeoutExpired:
        emulator.kill()
