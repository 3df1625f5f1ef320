"""Causal filters whose state is carried sample by sample, whatever the chunking."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from monitor.core.kernels.filters import sos_filter


class StreamFilter:
    """A causal Butterworth filter that starts settled on the first sample.

    Parameters
    ----------
    order : int
        Filter order.
    cutoff_hz : float or tuple of float
        Corner frequency, or both corners for a band.
    kind : {"lowpass", "highpass", "bandpass"}
        Kind of filter.
    rate_hz : float
        Sampling rate.

    Notes
    -----
    The state is initialised from the first *sample*, never from the first chunk, so that results do not
    depend on how a stream was cut.
    """

    __slots__ = ("_first", "_settled", "_sos", "_state")

    def __init__(
        self,
        order: int,
        cutoff_hz: float | tuple[float, float],
        kind: Literal["lowpass", "highpass", "bandpass"],
        rate_hz: float,
    ) -> None:
        sos = signal.butter(order, cutoff_hz, btype=kind, fs=rate_hz, output="sos")
        self._sos: NDArray[np.float64] = np.ascontiguousarray(sos, dtype=np.float64)
        self._settled: NDArray[np.float64] = np.ascontiguousarray(signal.sosfilt_zi(self._sos))
        self._state = np.zeros_like(self._settled)
        self._first = True

    def reset(self) -> None:
        """Forget the past: the next sample is taken as the level the signal always had."""
        self._first = True

    def push(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Filter the next samples.

        Parameters
        ----------
        x : ndarray of float64, shape (n,)
            Contiguous samples in order.

        Returns
        -------
        ndarray of float64, shape (n,)
            Filtered samples.
        """
        out = np.empty_like(x)
        if x.size:
            if self._first:
                np.multiply(self._settled, x[0], out=self._state)
                self._first = False
            sos_filter(self._sos, self._state, x, out)
        return out
