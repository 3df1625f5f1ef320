"""`attune bridge`: a wearable to a stream, in a process of its own with the same words and the same terminal."""

import argparse
import os
import signal
import subprocess
import sys


def run(options: argparse.Namespace) -> int:
    """Give way to the program of the bridges; on Windows wait for it.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options, with what follows ``bridge`` in ``rest``.

    Returns
    -------
    int
        What the bridges return.
    """
    command = [
        sys.executable,
        "-P",
        "-m",
        "devices.cli",
        *(["--debug"] if options.debug else []),
        *options.rest,
    ]
    if sys.platform != "win32":
        _become(command)
    return _wait(command)


def _become(command: list[str]) -> None:
    """Replace this process: terminal, signals and exit code are then those of the bridges by themselves."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606


def _wait(command: list[str]) -> int:
    """Run the bridges as a child; Ctrl+C reaches them by the terminal, so it must not end this process first."""
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, usual)
