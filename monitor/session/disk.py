"""How long the disk will last at the present rate of writing."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

WARN_MINUTES = (30.0, 10.0)
"""Remaining time at which the user is told, and told again."""

MIN_FREE_BYTES = 64 * 2**20
"""Below this a recording is not begun."""

_LEAST_RATE = 500.0
_SYNC_FOLDERS = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud",
    "mobile documents",
    "nextcloud",
    "owncloud",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskState:
    """Room on the disk of a recording.

    Parameters
    ----------
    free_bytes : int
        Bytes this user may still write; -1 where the system does not tell.
    hours_left : float
        At the present rate of writing; NaN where unknown.
    warning : str
        For the user; empty while there is room.
    """

    free_bytes: int
    hours_left: float
    warning: str


def free_bytes(folder: Path) -> int:
    """Return the bytes that may still be written in a folder.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Returns
    -------
    int
        Bytes; -1 where the system does not tell.
    """
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return -1


def judge(n_free: int, rate_bytes_per_s: float) -> DiskState:
    """Say how long the disk will last.

    Parameters
    ----------
    n_free : int
        Free bytes; negative where unknown.
    rate_bytes_per_s : float
        Rate of writing; at least 500 bytes per second are assumed, so that a silent start promises no age.

    Returns
    -------
    DiskState
        With a warning below 30 and below 10 minutes.
    """
    if n_free < 0:
        return DiskState(free_bytes=-1, hours_left=float("nan"), warning="")
    minutes = n_free / max(rate_bytes_per_s, _LEAST_RATE) / 60.0
    early, late = WARN_MINUTES
    warning = ""
    if minutes < late:
        warning = f"The disk is full in {minutes:.0f} min. Free some space now; recording goes on."
    elif minutes < early:
        warning = f"The disk is full in {minutes:.0f} min. Free some space."
    return DiskState(free_bytes=n_free, hours_left=minutes / 60.0, warning=warning)


def sync_warning(folder: Path) -> str:
    """Warn of a folder that a synchronisation service copies or locks.

    Parameters
    ----------
    folder : Path
        Where sessions are kept.

    Returns
    -------
    str
        For the user; empty for an ordinary folder.
    """
    parts = [part.lower() for part in folder.resolve().parts]
    for name in _SYNC_FOLDERS:
        if any(part == name or part.startswith((f"{name} ", f"{name}-")) for part in parts):
            return (
                f"{folder} looks like a folder of a synchronisation service, which may lock or upload a "
                "recording. Choose a folder that stays on this computer."
            )
    return ""


def is_writable(folder: Path) -> bool:
    """Tell whether a file can be made in a folder, by making one.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Returns
    -------
    bool
        False for a read-only disk, missing rights or a missing folder.
    """
    probe = folder / f".attune-{os.getpid()}.probe"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT, 0o600))
        probe.unlink()
    except OSError:
        return False
    return True
