"""What this machine must have: each check says what it saw and what to do."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from monitor.bridge_check import check_bluetooth
from monitor.findings import Finding, Verdict

QT_PACKAGES = (
    "libglib2.0-0",
    "libgl1",
    "libegl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
    "libx11-6",
)
"""Debian packages without which Qt cannot even be imported."""

WINDOW_PACKAGES = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libx11-xcb1",
)
"""Debian packages without which Qt aborts when it opens a window under X."""

_LSL_PROBE = """
import sys
from monitor.lsl import probe
found, seconds, version = probe.see_own_outlet()
print(f"{found} {seconds:.2f} {version}")
"""

_KERNEL_PROBE = """
import time
start = time.perf_counter()
from monitor.warm import warm_up
warm_up()
print(f"{time.perf_counter() - start:.1f}")
"""


def _run(code: str, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter: a library that aborts must not take the doctor with it."""
    environment = dict(os.environ, PYTHONUTF8="1")
    return subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        timeout=seconds,
        env=environment,
        check=False,
    )


def check_python() -> Finding:
    """Tell the version of Python; an older one than 3.11 cannot install attune.

    Returns
    -------
    Finding
        Always OK.
    """
    return Finding("Python", Verdict.OK, ".".join(map(str, sys.version_info[:3])))


def missing_packages() -> list[str]:
    """Find the Debian packages Qt needs that are not installed.

    Returns
    -------
    list of str
        Package names; empty on systems without dpkg.
    """
    if shutil.which("dpkg-query") is None:
        return []
    missing = []
    for package in (*QT_PACKAGES, *WINDOW_PACKAGES):
        # Since 2024 some carry the suffix t64, for the change of time_t.
        names = (package, f"{package}t64")
        states = [
            subprocess.run(
                ["dpkg-query", "-W", "-f", "${Status}", name], capture_output=True, text=True, check=False
            ).stdout
            for name in names
        ]
        if not any("ok installed" in state for state in states):
            missing.append(package)
    return missing


def check_qt() -> Finding:
    """Check that Qt can be imported and paint.

    Returns
    -------
    Finding
        FAIL with the missing libraries where it cannot.
    """
    code = (
        "from PySide6.QtWidgets import QApplication; app = QApplication([]); "
        "import PySide6; print(PySide6.__version__)"
    )
    missing = missing_packages()
    environment_note = f"Missing system libraries: {' '.join(missing)}. " if missing else ""
    try:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        done = _run(code, 60)
    except subprocess.TimeoutExpired:
        return Finding(
            "Qt libraries", Verdict.FAIL, "Qt did not start within 60 s. Run `attune doctor` again."
        )
    if done.returncode == 0 and not missing:
        return Finding("Qt libraries", Verdict.OK, f"PySide6 {done.stdout.strip()}")
    last = done.stderr.strip().splitlines()[-1:] or [""]
    if done.returncode == 0:
        return Finding(
            "Qt libraries",
            Verdict.LOOK,
            f"{environment_note}A window may not open. Run `attune doctor --fix`.",
        )
    return Finding(
        "Qt libraries",
        Verdict.FAIL,
        f"{environment_note}{last[0]} Run `attune doctor --fix`, then this again.",
    )


def has_display() -> bool:
    """Tell whether a window can be shown.

    Returns
    -------
    bool
        Always true on Windows and macOS; elsewhere whether an X or Wayland display is named.
    """
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check_display() -> Finding:
    """Check for a display.

    Returns
    -------
    Finding
        LOOK without one: the terminal panel takes over.
    """
    if has_display():
        return Finding(
            "Display", Verdict.OK, os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or "yes"
        )
    return Finding("Display", Verdict.LOOK, "none; the panel in the terminal takes over, nothing is lost.")


def check_lsl() -> Finding:
    """Check that a stream made on this machine is found on this machine.

    Returns
    -------
    Finding
        FAIL where liblsl does not load or sees nothing.
    """
    try:
        done = _run(_LSL_PROBE, 30)
    except subprocess.TimeoutExpired:
        return Finding(
            "LSL discovery", Verdict.FAIL, "no answer within 30 s. Check that the loopback network is up."
        )
    words = done.stdout.split()
    if done.returncode or len(words) < 3:
        last = done.stderr.strip().splitlines()[-1:] or ["liblsl did not load"]
        return Finding(
            "LSL discovery",
            Verdict.FAIL,
            f"{last[0]}. Reinstall pylsl, or set PYLSL_LIB to a liblsl of your own.",
        )
    if words[0] != "True":
        return Finding(
            "LSL discovery",
            Verdict.FAIL,
            "a stream of this machine is not found. Allow UDP 16571 and TCP/UDP 16572-16604 in the firewall, "
            "and check that the loopback network is up.",
        )
    return Finding("LSL discovery", Verdict.OK, f"own stream found in {words[1]} s, liblsl {words[2]}")


def check_disk(folder: Path) -> Finding:
    """Check the room for recordings.

    Parameters
    ----------
    folder : Path
        Where session folders are made.

    Returns
    -------
    Finding
        FAIL where nothing can be written, LOOK below 2 GB.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / ".attune-doctor"
        trial.write_bytes(b"x")
        trial.unlink()
    except OSError as error:
        return Finding(
            "Disk", Verdict.FAIL, f"{folder}: {error.strerror}. Choose another folder with `--out`."
        )
    free_gb = shutil.disk_usage(folder).free / 1e9
    if free_gb < 2.0:
        return Finding(
            "Disk", Verdict.LOOK, f"{free_gb:.1f} GB free in {folder}. Make room: an hour takes 20 MB."
        )
    return Finding("Disk", Verdict.OK, f"{free_gb:.0f} GB free in {folder}")


def check_clocks() -> Finding:
    """Check that the monotonic clock is fine-grained and runs with the wall clock.

    Returns
    -------
    Finding
        LOOK where one runs away from the other.
    """
    wall, steady = time.time(), time.monotonic()
    time.sleep(0.5)
    apart_ms = abs((time.time() - wall) - (time.monotonic() - steady)) * 1000
    grain_us = time.get_clock_info("monotonic").resolution * 1e6
    if apart_ms > 20 or grain_us > 20_000:
        return Finding(
            "Clocks",
            Verdict.LOOK,
            f"wall and steady clock differ by {apart_ms:.0f} ms in half a second. "
            "Is the time being set right now? Run this again in a minute.",
        )
    return Finding("Clocks", Verdict.OK, f"wall and steady clock within {apart_ms:.1f} ms")


def check_kernels() -> Finding:
    """Check that the kernels compile and are kept.

    Returns
    -------
    Finding
        LOOK where they must be compiled at each start.
    """
    try:
        first = _run(_KERNEL_PROBE, 300)
        again = _run(_KERNEL_PROBE, 300)
    except subprocess.TimeoutExpired:
        return Finding(
            "Kernel cache", Verdict.FAIL, "compiling took more than 5 minutes. Is the machine busy?"
        )
    if first.returncode or again.returncode:
        last = (first.stderr or again.stderr).strip().splitlines()[-1:] or [""]
        return Finding("Kernel cache", Verdict.FAIL, f"{last[0]}. Reinstall attune into a fresh environment.")
    seconds = float(again.stdout)
    if seconds > 15:
        return Finding(
            "Kernel cache",
            Verdict.LOOK,
            f"kernels are compiled anew at each start ({seconds:.0f} s): the cache cannot be written. "
            "Set NUMBA_CACHE_DIR to a folder you own.",
        )
    return Finding("Kernel cache", Verdict.OK, f"first {first.stdout.strip()} s, then {seconds:.1f} s")


def all_checks(folder: Path) -> list[Callable[[], Finding]]:
    """List the checks of `attune doctor` in order.

    Parameters
    ----------
    folder : Path
        Where session folders are made.

    Returns
    -------
    list of callable
        Each returns a Finding.
    """
    return [
        check_python,
        check_qt,
        check_display,
        check_lsl,
        check_bluetooth,
        lambda: check_disk(folder),
        check_clocks,
        check_kernels,
    ]
