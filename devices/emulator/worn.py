"""A body seen by electrodes that now and then touch no skin."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from devices.emulator.h10_faults import H10Faults, OffBody
from devices.emulator.h10_signals import Beat, H10Signal

_RUBBING_MICROVOLTS = 2500


class Worn:
    """A signal with the contact losses of a device laid over it.

    Parameters
    ----------
    signal : H10Signal
        The body.
    faults : H10Faults
        When contact is lost, and what the ECG shows then.
    """

    def __init__(self, signal: H10Signal, faults: H10Faults) -> None:
        self._signal = signal
        self._spans = faults.contact_lost if faults.off_body is not OffBody.KEPT else ()
        self._is_flat = faults.off_body is OffBody.FLAT
        self._rng = np.random.default_rng([faults.seed, 0x0B])

    def ecg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:
        """Give ECG samples.

        Parameters
        ----------
        first_index : int
            Number of the first sample.
        n : int
            How many.
        rate_hz : float
            True rate.

        Returns
        -------
        ndarray of int64, shape (n,)
            Microvolts; 0 or noise where there is no contact.
        """
        samples = self._signal.ecg(first_index, n, rate_hz)
        if not self._spans:
            return samples
        t_s = np.arange(first_index, first_index + n) / rate_hz
        off = np.zeros(n, dtype=bool)
        for start_s, stop_s in self._spans:
            off |= (t_s >= start_s) & (t_s < stop_s)
        shown = 0 if self._is_flat else self._rng.integers(-_RUBBING_MICROVOLTS, _RUBBING_MICROVOLTS, n)
        return np.where(off, shown, samples)

    def acc(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:
        """Give samples of the acceleration, which needs no contact.

        Parameters
        ----------
        first_index : int
            Number of the first sample.
        n : int
            How many.
        rate_hz : float
            True rate.

        Returns
        -------
        ndarray of int64, shape (n, 3)
            Thousandths of g.
        """
        return self._signal.acc(first_index, n, rate_hz)

    def beats(self, after_s: float, until_s: float) -> Sequence[Beat]:
        """Give the beats of the body; a strap reports those it sees.

        Parameters
        ----------
        after_s, until_s : float
            The span, ``(after_s, until_s]``.

        Returns
        -------
        sequence of Beat
            In order.
        """
        return self._signal.beats(after_s, until_s)
