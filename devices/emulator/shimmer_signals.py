"""What a virtual Shimmer3 measures: a counter for accounting, or the scripted body of a session."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.emulator.emulated_h10 import EmulatedH10
from devices.emulator.emulated_shimmer import GsrConverter, true_microsiemens
from devices.emulator.frames import generator
from devices.emulator.script import PersonScript
from devices.emulator.waveforms import Waveforms
from devices.protocols import gsr

_NOISE_BLOCK = 512
_PULSE_DELAY_S = 0.25
_PULSE_ENDS_S = 1.2
_PPG_MILLIVOLTS = (1450.0, 120.0)
_COUNTS_PER_MILLIVOLT = 4095 / 3000.0
_EXG_COUNTS_PER_MICROVOLT = 4.0 * (2**23 - 1) / 2.42e6
_LEADS = (1.0, 0.6, 0.4, 0.8)


class ShimmerSignal(Protocol):
    """What is at the electrodes, in the counts of the converters.

    Samples are asked for in blocks, in order; a first index that does not continue the last block means that
    streaming was started anew. A sample of number ``index`` is taken ``index / rate_hz`` seconds after power-on.
    """

    def words(self, first_index: int, n: int, rate_hz: float, gsr_range: int) -> NDArray[np.uint16]:
        """Give words of the skin conductance board.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many.
        rate_hz : float
            True sampling rate, in samples per second of the bridge's clock.
        gsr_range : int
            Configured range: 0 to 3, or 4 for automatic.

        Returns
        -------
        ndarray of uint16, shape (n,)
            Range in the two highest bits, counts in the twelve lowest.
        """
        ...

    def ppg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.uint16]:
        """Give the pulse channel.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many.
        rate_hz : float
            True sampling rate, in samples per second of the bridge's clock.

        Returns
        -------
        ndarray of uint16, shape (n,)
            Counts of a 12-bit converter of 3.0 V.
        """
        ...

    def exg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int32]:
        """Give the channels of an ECG board.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many.
        rate_hz : float
            True sampling rate, in samples per second of the bridge's clock.

        Returns
        -------
        ndarray of int32, shape (n, 4)
            24-bit counts: both channels of chip 1, then of chip 2.
        """
        ...


class CounterShimmer:
    """Numbers instead of signals: every sample tells which one it is.

    The lowest twelve bits of the sample's number are in the skin conductance word, the next twelve in the pulse
    channel; the 24 bits together in each channel of the ECG board.

    Parameters
    ----------
    auto_range : int, default 2
        Range in the word while the firmware chooses.
    """

    def __init__(self, auto_range: int = 2) -> None:
        self._auto_range = auto_range

    def words(self, first_index: int, n: int, rate_hz: float, gsr_range: int) -> NDArray[np.uint16]:  # noqa: ARG002
        """Give the lowest twelve bits of the numbers.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many.
        rate_hz : float
            Not used.
        gsr_range : int
            Configured range: 0 to 3, or 4 for automatic.

        Returns
        -------
        ndarray of uint16, shape (n,)
            Range in the two highest bits, number in the twelve lowest.
        """
        shown = self._auto_range if gsr_range == gsr.AUTO_RANGE else gsr_range
        return (_numbers(first_index, n) % 4096 + (shown << 14)).astype(np.uint16)

    def ppg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.uint16]:  # noqa: ARG002
        """Give the next twelve bits of the numbers.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many.
        rate_hz : float
            Not used.

        Returns
        -------
        ndarray of uint16, shape (n,)
            0 to 4095.
        """
        return (_numbers(first_index, n) // 4096 % 4096).astype(np.uint16)

    def exg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int32]:  # noqa: ARG002
        """Give the numbers.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many.
        rate_hz : float
            Not used.

        Returns
        -------
        ndarray of int32, shape (n, 4)
            The same in each channel, from -2**23 upwards.
        """
        counted = _numbers(first_index, n) % 2**24 - 2**23
        return np.repeat(counted.astype(np.int32)[:, None], 4, axis=1)

    @staticmethod
    def index_of(gsr_word: NDArray[np.integer], ppg: NDArray[np.integer]) -> NDArray[np.int64]:
        """Tell which samples these are.

        Parameters
        ----------
        gsr_word : ndarray of int, shape (n,)
            Skin conductance words.
        ppg : ndarray of int, shape (n,)
            Pulse channel of the same samples, in counts.

        Returns
        -------
        ndarray of int64, shape (n,)
            Their numbers since power-on, modulo 2**24.
        """
        return (gsr_word.astype(np.int64) & 0x0FFF) + 4096 * ppg.astype(np.int64)


def _numbers(first_index: int, n: int) -> NDArray[np.int64]:
    return np.arange(first_index, first_index + n, dtype=np.int64)


class ScriptedShimmer:
    """The body of a scripted session, as `devices.emulator.emulated_shimmer` shows it.

    A pure function of script and seed; the range follows the skin, with the words repeated after each switch.
    After the end of the script the skin stays as it was and no pulse comes.

    Parameters
    ----------
    person : PersonScript
        Whose body it is.
    duration_s : float
        Length of the session.
    seed : int
        Seed of the noise.
    waveforms : Waveforms
        Shapes of a beat and of a response.
    """

    def __init__(self, person: PersonScript, duration_s: float, seed: int, waveforms: Waveforms) -> None:
        self._person = person
        self._duration_s = duration_s
        self._seed = seed
        self._waveforms = waveforms
        self._voltage = EmulatedH10(person, duration_s, seed, waveforms)
        self._converter: GsrConverter | None = None
        self._next_index = 0
        self._noise_number = -1
        self._noise_block = np.empty(0)

    def words(self, first_index: int, n: int, rate_hz: float, gsr_range: int) -> NDArray[np.uint16]:
        """Send the skin through the amplifier.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many, at least one.
        rate_hz : float
            True sampling rate, in samples per second of the bridge's clock.
        gsr_range : int
            Configured range: 0 to 3, or 4 for automatic.

        Returns
        -------
        ndarray of uint16, shape (n,)
            Range in the two highest bits, counts in the twelve lowest.
        """
        index = np.arange(first_index, first_index + n)
        t_s = np.minimum(index / rate_hz, self._duration_s)
        truth = true_microsiemens(self._person, self._waveforms, t_s, self._noise(index))
        if gsr_range != gsr.AUTO_RANGE:
            return gsr.words_of(gsr.adc_of(truth, gsr_range), gsr_range)
        if self._converter is None or first_index != self._next_index:
            self._converter = GsrConverter(rate_hz)
        self._next_index = first_index + n
        return self._converter.words(truth)

    def ppg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.uint16]:
        """Compute the light behind a finger: a wave after each beat, with its second one.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many, at least one.
        rate_hz : float
            True sampling rate, in samples per second of the bridge's clock.

        Returns
        -------
        ndarray of uint16, shape (n,)
            Counts of a 12-bit converter of 3.0 V.
        """
        t_s = np.arange(first_index, first_index + n) / rate_hz - _PULSE_DELAY_S
        peaks_s = self._person.heart.r_peaks_s
        low, high = np.searchsorted(peaks_s, (t_s[0] - _PULSE_ENDS_S, t_s[-1]))
        since_s = t_s[None, :] - peaks_s[low:high, None]
        wave = np.exp(-(((since_s - 0.15) / 0.08) ** 2)) + 0.35 * np.exp(-(((since_s - 0.45) / 0.1) ** 2))
        rest, height = _PPG_MILLIVOLTS
        millivolts = rest + height * np.where(since_s >= 0.0, wave, 0.0).sum(axis=0)
        counts: NDArray[np.uint16] = np.rint(millivolts * _COUNTS_PER_MILLIVOLT).astype(np.uint16)
        return counts

    def exg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int32]:
        """Compute the voltages of the ECG board: one heart, of another size in each lead.

        Parameters
        ----------
        first_index : int
            Number of the first sample since power-on.
        n : int
            How many, at least one.
        rate_hz : float
            True sampling rate, in samples per second of the bridge's clock.

        Returns
        -------
        ndarray of int32, shape (n, 4)
            24-bit counts at gain 4, as the registers say: both channels of chip 1, then of chip 2.
        """
        index = np.arange(first_index, first_index + n)
        t_s = np.minimum(index / rate_hz, self._duration_s)
        noise = self._noise(index)
        microvolts = self._voltage.microvolts(t_s, np.stack((noise, noise)))
        leads = microvolts[:, None] * np.array(_LEADS)
        counts: NDArray[np.int32] = np.rint(leads * _EXG_COUNTS_PER_MICROVOLT).astype(np.int32)
        return counts

    def _noise(self, index: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give standard normal numbers that belong to these samples, however they are cut."""
        parts = []
        at, stop = int(index[0]), int(index[-1]) + 1
        while at < stop:
            number = at // _NOISE_BLOCK
            if number != self._noise_number:
                rng = generator(self._seed, self._person.code, "shimmer", str(number))
                self._noise_number, self._noise_block = number, rng.standard_normal(_NOISE_BLOCK)
            end = min(stop, (number + 1) * _NOISE_BLOCK)
            parts.append(self._noise_block[at - number * _NOISE_BLOCK : end - number * _NOISE_BLOCK])
            at = end
        return np.concatenate(parts)
