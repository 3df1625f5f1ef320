"""What a virtual device truly sent, for comparison with what arrived."""

import threading
from array import array
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_KEPT_SAMPLES = 1 << 18


class SentSamples(NamedTuple):
    """What left a virtual Shimmer whole, in order; what the line did to it afterwards is not considered.

    Parameters
    ----------
    tick : ndarray of int64, shape (n_samples,)
        Device time of each sample in ticks since power-on, before it is cut to 24 bits.
    sampled_s : ndarray of float64, shape (n_samples,)
        When it was taken, on the bridge's clock.
    gsr_word : ndarray of uint16, shape (n_samples,)
        The skin conductance word; 0 when not chosen.
    ppg : ndarray of uint16, shape (n_samples,)
        The pulse channel in counts; 0 when not chosen or without power.
    """

    tick: NDArray[np.int64]
    sampled_s: NDArray[np.float64]
    gsr_word: NDArray[np.uint16]
    ppg: NDArray[np.uint16]


class SentLog:
    """Keeps what was sent, 12 bytes for each sample, at least the newest 2**18 of them; one thread may write.

    That is more than an hour at 51.2 Hz; a demonstration of days costs no more memory.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ticks, self._words, self._ppg = array("q"), array("H"), array("H")

    def add(self, tick: int, word: int, ppg: int) -> None:
        """Note a sample.

        Parameters
        ----------
        tick : int
            Its device time in ticks since power-on.
        word, ppg : int
            Its skin conductance word and its pulse channel.
        """
        with self._lock:
            self._ticks.append(tick)
            self._words.append(word)
            self._ppg.append(ppg)
            if len(self._ticks) > 2 * _KEPT_SAMPLES:
                for kept in (self._ticks, self._words, self._ppg):
                    del kept[:_KEPT_SAMPLES]

    def samples(self, power_on_s: float, ticks_hz: float) -> SentSamples:
        """Tell what was noted.

        Parameters
        ----------
        power_on_s : float
            Time of tick 0 on the bridge's clock.
        ticks_hz : float
            True ticks per second of that clock.

        Returns
        -------
        SentSamples
            All until now.
        """
        with self._lock:
            tick = np.array(self._ticks, dtype=np.int64)
            word = np.array(self._words, dtype=np.uint16)
            ppg = np.array(self._ppg, dtype=np.uint16)
        return SentSamples(tick, power_on_s + tick / ticks_hz, word, ppg)
