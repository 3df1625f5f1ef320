"""Reasons to record a stream without using it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.model import StreamInfo
from monitor.lsl.advert import changes


class Doubt(NamedTuple):
    """Why a stream is recorded but not used.

    Parameters
    ----------
    label : str
        Short machine-readable label.
    text : str
        What was found and what to do.
    """

    label: str
    text: str


def doubt_of_identity(pinned: StreamInfo | None, info: StreamInfo) -> Doubt | None:
    """Compare a stream that came back with what it was.

    Parameters
    ----------
    pinned : StreamInfo or None
        The stream as it was first accepted; None when it never was.
    info : StreamInfo
        The stream now.

    Returns
    -------
    Doubt or None
        Labelled ``stream_changed``; None when nothing changed.
    """
    changed = changes(pinned, info) if pinned is not None else ""
    if not changed:
        return None
    text = f"{info.title} came back changed: {changed}. Is it the same sensor? It is recorded but not used."
    return Doubt("stream_changed", f"{text} Restart it as it was, or start a new session.")


def doubt_of_clock(
    title: str, stamps: NDArray[np.float64], offset_s: float, now_s: float, tolerance_s: float
) -> Doubt | None:
    """Compare the newest stamp of a connection with the monitor's clock.

    Parameters
    ----------
    title : str
        Name of the stream for the message.
    stamps : ndarray of float64, shape (n,)
        Raw stamps in seconds, n > 0.
    offset_s : float
        Measured offset of the sender's clock, in seconds; NaN when it could not be measured.
    now_s : float
        The monitor's clock in seconds.
    tolerance_s : float
        Largest difference allowed, in seconds.

    Returns
    -------
    Doubt or None
        Labelled ``clock_disagrees``; None when they agree.
    """
    finite = stamps[np.isfinite(stamps)]
    error_s = float(finite.max()) + offset_s - now_s if finite.size else float("nan")
    if abs(error_s) <= tolerance_s:
        return None
    text = f"Stamps of {title} are {error_s:.6g} s off this computer's clock. It is recorded but not used."
    return Doubt("clock_disagrees", f"{text} Let the sender stamp with the LSL clock.")


def doubt_of_missing_clock(title: str) -> Doubt:
    """Say that no clock offset could be measured.

    Parameters
    ----------
    title : str
        Name of the stream for the message.

    Returns
    -------
    Doubt
        Labelled ``clock_not_verified``.
    """
    text = f"The clock of {title} cannot be measured. It is recorded but not used until it can."
    return Doubt("clock_not_verified", f"{text} Open UDP ports 16572-16604 in the firewall.")
