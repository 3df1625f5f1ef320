"""`attune doctor`: is this machine fit, and what to do where it is not."""

import argparse
import os
import shutil
import subprocess

from rich.console import Console
from rich.markup import escape

from monitor.checks import all_checks, missing_packages
from monitor.errors import MonitorError
from monitor.findings import Verdict
from monitor.paths import sessions_folder

_STYLE = {Verdict.OK: "cyan", Verdict.LOOK: "yellow", Verdict.FAIL: "bold magenta"}


def run(options: argparse.Namespace) -> int:
    """Check this machine.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options.

    Returns
    -------
    int
        1 where something would cost a session, else 0.
    """
    console = Console()
    if options.fix:
        _fix(console)
    worst = Verdict.OK
    for check in all_checks(sessions_folder(None)):
        finding = check()
        console.print(
            f"[{_STYLE[finding.verdict]}]{finding.verdict:>5}[/]  {finding.name:<14} {escape(finding.text)}"
        )
        if finding.verdict is Verdict.FAIL:
            worst = Verdict.FAIL
    console.print("This machine is not fit yet." if worst is Verdict.FAIL else "This machine is fit.")
    return 1 if worst is Verdict.FAIL else 0


def _fix(console: Console) -> None:
    """Install the missing system libraries with apt-get."""
    missing = missing_packages()
    if not missing:
        console.print("No system library is missing.")
        return
    if shutil.which("apt-get") is None:
        raise MonitorError(
            f"--fix knows apt-get only, which this system lacks. Install by hand what is called here: "
            f"{' '.join(missing)}."
        )
    elevate = []
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise MonitorError(f"Run as root: apt-get install {' '.join(missing)}")
        elevate = ["sudo"]
    console.print(f"Installing {' '.join(missing)} …")
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run([*elevate, "apt-get", *step], env=quiet, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise MonitorError(
                f"`apt-get {step[0]}` failed with code {done.returncode}. Run it by hand to see why: "
                f"apt-get install {' '.join(missing)}"
            )
