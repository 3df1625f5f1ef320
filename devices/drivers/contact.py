"""Whether a strap is worn: from the contact bits, or from what it measures where it has none."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from devices.protocols.heart_rate import HeartRateMeasurement

FLAT_UV = 30.0
"""An ECG that moves less than this in `ECG_WINDOW_S` comes from no heart; R waves on a chest have 200 µV and more."""

ECG_WINDOW_S = 3.0
NO_BEATS_S = 5.0
"""So long no interval at all: slower than 12 beats per minute."""

_CLIPPED_SHARE = 0.25


class ContactWatch:
    """Decide whether the strap touches skin, and tell when that changes.

    Contact bits decide where the strap sends them. A Polar H10 does not: then it counts as taken off while its ECG
    over three seconds is flat or clipped, and while it has sent notifications without any interval, or with heart
    rate 0, for five seconds; and as worn again with the next interval that comes while the ECG is neither. So does a
    strap without ECG that has sent intervals: taken off, it may go on repeating its last heart rate. Of one that never
    sent any, a rate other than 0 is enough.

    Electrodes that rub on cloth can give a signal in which the strap finds beats: that is not seen here.

    Parameters
    ----------
    tell : callable
        Called with every change.
    """

    def __init__(self, tell: Callable[[bool | None], None]) -> None:
        self._tell = tell
        self._worn: bool | None = None
        self._has_ecg = self._has_rr = self._bad_ecg = False
        self._beat_s: float | None = None
        self._window: list[NDArray[np.int64]] = []
        self._window_s = 0.0

    @property
    def worn(self) -> bool | None:
        """Whether the strap touches skin, as far as is known.

        Returns
        -------
        bool or None
            None before there is any evidence.
        """
        return self._worn

    def measurement(self, measured: HeartRateMeasurement, arrival_s: float) -> bool:
        """Take a heart-rate notification.

        Parameters
        ----------
        measured : HeartRateMeasurement
            The notification.
        arrival_s : float
            When it arrived.

        Returns
        -------
        bool
            Whether its beats may be used.
        """
        if measured.contact is not None:
            self._decide(measured.contact)
            return measured.contact
        if self._beat_s is None:
            self._beat_s = arrival_s
        self._has_rr |= bool(measured.rr_1024)
        if measured.bpm and (measured.rr_1024 or not (self._has_ecg or self._has_rr)):
            self._beat_s = arrival_s
            self._decide(not self._bad_ecg)
        elif arrival_s - self._beat_s >= NO_BEATS_S:
            self._decide(False)
        return self._worn is not False

    def ecg(self, samples_uv: NDArray[np.int64], seconds: float) -> None:
        """Take a frame of ECG.

        Parameters
        ----------
        samples_uv : ndarray of int64, shape (n_samples,)
            In µV.
        seconds : float
            How long it lasts.
        """
        self._has_ecg = True
        self._window.append(samples_uv)
        self._window_s += seconds
        if self._window_s < ECG_WINDOW_S:
            return
        signal = np.concatenate(self._window)
        self._window, self._window_s = [], 0.0
        low, high = int(signal.min()), int(signal.max())
        clipped = max(int((signal == low).sum()), int((signal == high).sum())) > _CLIPPED_SHARE * signal.size
        self._bad_ecg = high - low < FLAT_UV or clipped
        if self._bad_ecg:
            self._decide(False)

    def _decide(self, worn: bool) -> None:
        """Tell what is new."""
        if worn is not self._worn:
            self._worn = worn
            self._tell(worn)
