"""One connection to one outlet, with its clock: measured before anything is released, checked once."""

import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from monitor.core.events import Samples
from monitor.core.model import StreamInfo
from monitor.lsl.advert import Advert, stream_info
from monitor.lsl.binding import Inlet, NotInTimeError
from monitor.lsl.doubt import Doubt, doubt_of_clock, doubt_of_missing_clock

_ANSWER_S = 2.0
_CLOCK_S = 8.0
_PROBE_S = 0.5


class Link:
    """An inlet that knows the offset of the sender's clock.

    Parameters
    ----------
    advert : Advert
        The checked declaration.
    clock : callable
        The monitor's clock, in the time of the stamps.
    tolerance_s : float
        Furthest the first newest stamp may be from the clock, in seconds.

    Attributes
    ----------
    offset_s : float
        Newest clock offset in seconds, NaN while it could not be measured.
    checked : bool
        Whether stamps were compared with the clock.
    """

    __slots__ = ("_advert", "_clock", "_doubt", "_inlet", "_tolerance_s", "checked", "offset_s")

    def __init__(self, advert: Advert, clock: Callable[[], float], tolerance_s: float) -> None:
        self._advert = advert
        self._clock = clock
        self._tolerance_s = tolerance_s
        self._inlet = Inlet(advert)
        self._doubt: Doubt | None = None
        self.offset_s = float("nan")
        self.checked = False

    def open(self) -> StreamInfo:
        """Subscribe, and fetch the complete declaration.

        Returns
        -------
        StreamInfo
            With number 0.

        Raises
        ------
        LostError
            If the outlet is gone.
        NotInTimeError
            If it does not answer.
        ValueError
            If its header cannot be used.
        """
        self._inlet.open(_ANSWER_S)
        return stream_info(self._advert, self._inlet.header(_ANSWER_S), 0)

    def measure(self, ending: threading.Event) -> None:
        """Wait for the first clock offset; what is sent meanwhile waits in the inlet.

        Parameters
        ----------
        ending : threading.Event
            Breaks the wait off.

        Raises
        ------
        LostError
            If the outlet is gone.
        """
        deadline = time.monotonic() + _CLOCK_S
        while time.monotonic() < deadline and not ending.is_set():
            try:
                self.offset_s = self._inlet.time_correction(_PROBE_S)
            except NotInTimeError:
                continue
            return

    def renew(self) -> bool:
        """Take over a newer offset if one was measured; the old one repeated is no measurement.

        Returns
        -------
        bool
            Whether there was a new one.

        Raises
        ------
        LostError
            If the outlet is gone.
        """
        try:
            offset_s = self._inlet.time_correction(0.0)
        except NotInTimeError:
            return False
        if offset_s == self.offset_s:
            return False
        self.offset_s = offset_s
        return True

    def doubt(self, stamps: NDArray[np.float64]) -> Doubt | None:
        """Judge the clock, once: later delays are the network's.

        Parameters
        ----------
        stamps : ndarray of float64, shape (n,)
            Raw stamps just received; none when nothing came yet.

        Returns
        -------
        Doubt or None
            Why the stamps cannot be used.
        """
        if not np.isfinite(self.offset_s):
            return doubt_of_missing_clock(self._advert.title)
        if stamps.size and not self.checked:
            self.checked = True
            now_s = self._clock()
            self._doubt = doubt_of_clock(self._advert.title, stamps, self.offset_s, now_s, self._tolerance_s)
        return self._doubt

    def pull(self, timeout_s: float) -> tuple[NDArray[np.float64], Samples]:
        """Wait for samples and take all that are there.

        Parameters
        ----------
        timeout_s : float
            Longest wait for the first sample, in seconds.

        Returns
        -------
        stamps : ndarray of float64, shape (n,)
            Raw stamps; empty when nothing came.
        values : Samples
            Samples in the stream's own type.

        Raises
        ------
        LostError
            If the outlet is gone and everything it sent was taken.
        """
        return self._inlet.pull(timeout_s)

    def close(self) -> None:
        """Disconnect; only when no other thread uses the link."""
        self._inlet.close()
