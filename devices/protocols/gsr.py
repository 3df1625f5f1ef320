"""The GSR board of a Shimmer: words of its converter to skin conductance and back, and the marks of a range switch."""

import numpy as np
from numpy.typing import NDArray

FEEDBACK_KILOOHM = (40.2, 287.0, 1000.0, 3300.0)
"""Feedback resistor of the amplifier in each range."""

AUTO_RANGE = 4
"""Setting with which the board chooses the range by itself and says in the two top bits of a word which it was."""

SETTLING_S = 0.08
"""For how long the board repeats its last value, under the old range, before the first word of a new one."""

SWITCH_REACH_S = 0.1
"""How far from a change of range a sample is not to be trusted, on either side."""

LEAST_WORN_MICROSIEMENS = 0.05
"""Below this no skin closes the circuit: a quarter of the least the board is specified for (4.7 megaohm)."""

_STAY_FROM_ADC = (1120, 1490, 1630, 1125)
_STAY_TO_ADC = (4095, 3960, 3700, 3930)
_OPEN_CIRCUIT_ADC = 683
_LEAST_KILOOHM = 8.0
_ADC_BITS = 0x0FFF
_RANGE_SHIFT = 14


def adc_of(microsiemens: NDArray[np.float64], gsr_range: int) -> NDArray[np.float64]:
    """Give the counts of the converter for a true conductance: the amplifier equation, solved for the voltage.

    Parameters
    ----------
    microsiemens : ndarray of float64, shape (n_samples,)
        True conductance; values at or below zero are an open circuit.
    gsr_range : {0, 1, 2, 3}
        Range of the amplifier.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Whole counts, 0 to 4095.
    """
    resistance_kiloohm = 1000.0 / np.maximum(microsiemens, 1e-4)
    volts = 0.5 * (1.0 + FEEDBACK_KILOOHM[gsr_range] / resistance_kiloohm)
    counts: NDArray[np.float64] = np.clip(np.rint(volts * (4095 / 3.0)), 0, 4095)
    return counts


def conductance_microsiemens(adc: NDArray[np.float64], gsr_range: int) -> NDArray[np.float64]:
    """Compute the conductance from counts of the converter in one range.

    Parameters
    ----------
    adc : ndarray of float64, shape (n_samples,)
        Counts. Those of an open circuit count as 683, which is just above the amplifier's rest.
    gsr_range : {0, 1, 2, 3}
        Range of the amplifier.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Conductance in microsiemens, at most 125.

    Notes
    -----
    ``R = Rf / (V / 0.5 - 1)`` with ``V = adc * 3.0 / 4095``: the amplifier equation of Shimmer's GSR+ guide.
    """
    volts = np.maximum(adc, _OPEN_CIRCUIT_ADC) * (3.0 / 4095)
    resistance_kiloohm = np.maximum(FEEDBACK_KILOOHM[gsr_range] / (volts / 0.5 - 1.0), _LEAST_KILOOHM)
    conductance: NDArray[np.float64] = 1000.0 / resistance_kiloohm
    return conductance


def range_step(adc: NDArray[np.float64], gsr_range: int) -> NDArray[np.int64]:
    """Tell where the firmware leaves a range.

    Parameters
    ----------
    adc : ndarray of float64, shape (n_samples,)
        Counts of the converter.
    gsr_range : {0, 1, 2, 3}
        Range they were measured in.

    Returns
    -------
    ndarray of int64, shape (n_samples,)
        1 where it goes one range up, -1 where one down, 0 where it stays.
    """
    up = (adc < _STAY_FROM_ADC[gsr_range]) & (gsr_range < 3)
    down = (adc > _STAY_TO_ADC[gsr_range]) & (gsr_range > 0)
    return up.astype(np.int64) - down.astype(np.int64)


def settled_range(microsiemens: float) -> int:
    """Find the range a board is in that has measured a conductance for a while.

    Parameters
    ----------
    microsiemens : float
        True conductance.

    Returns
    -------
    int
        The range, 0 to 3.
    """
    level = np.array([microsiemens])
    return next(i for i in range(4) if range_step(adc_of(level, i), i)[0] == 0)


def words_of(adc: NDArray[np.float64], gsr_range: int) -> NDArray[np.uint16]:
    """Pack counts and range as the firmware sends them.

    Parameters
    ----------
    adc : ndarray of float64, shape (n_samples,)
        Counts of the converter.
    gsr_range : {0, 1, 2, 3}
        Range they were measured in.

    Returns
    -------
    ndarray of uint16, shape (n_samples,)
        Words.
    """
    return adc.astype(np.uint16) | np.uint16(gsr_range << _RANGE_SHIFT)


def ranges_of(words: NDArray[np.uint16], setting: int = AUTO_RANGE) -> NDArray[np.int64]:
    """Tell the range of each word.

    Parameters
    ----------
    words : ndarray of uint16, shape (n_samples,)
        Words as they came.
    setting : {0, 1, 2, 3, 4}
        Range the board was told to use; 4 lets it choose.

    Returns
    -------
    ndarray of int64, shape (n_samples,)
        Ranges, 0 to 3.
    """
    if setting == AUTO_RANGE:
        return (words >> _RANGE_SHIFT).astype(np.int64)
    return np.full(len(words), setting, dtype=np.int64)


def words_microsiemens(words: NDArray[np.uint16], setting: int = AUTO_RANGE) -> NDArray[np.float64]:
    """Convert words to skin conductance.

    Parameters
    ----------
    words : ndarray of uint16, shape (n_samples,)
        Words as they came: counts in the lower twelve bits, range in the upper two.
    setting : {0, 1, 2, 3, 4}
        Range the board was told to use; 4 lets it choose.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Conductance in microsiemens.
    """
    adc = (words & _ADC_BITS).astype(np.float64)
    ranges = ranges_of(words, setting)
    conductance = np.empty(len(words))
    for gsr_range in np.unique(ranges).tolist():
        here = ranges == gsr_range
        conductance[here] = conductance_microsiemens(adc[here], gsr_range)
    return conductance


def switch_flags(ticks: NDArray[np.int64], ranges: NDArray[np.int64], reach_ticks: int) -> NDArray[np.bool_]:
    """Mark the samples close to a change of range.

    Parameters
    ----------
    ticks : ndarray of int64, shape (n_samples,)
        Device time of each sample, ascending.
    ranges : ndarray of int64, shape (n_samples,)
        Range of each sample.
    reach_ticks : int
        How far from the first sample in a new range a sample is marked, in ticks, on either side.

    Returns
    -------
    ndarray of bool, shape (n_samples,)
        True where the value may be a repeated or unsettled one.
    """
    switches = ticks[1:][np.diff(ranges) != 0]
    if not len(switches):
        return np.zeros(len(ticks), dtype=np.bool_)
    after = np.searchsorted(switches, ticks)
    to_next = switches[np.minimum(after, len(switches) - 1)] - ticks
    since_last = ticks - switches[np.maximum(after - 1, 0)]
    near: NDArray[np.bool_] = (np.abs(to_next) <= reach_ticks) | (np.abs(since_last) <= reach_ticks)
    return near


class SwitchWatch:
    """Flags of a stream of samples, each given once it is known what the samples after it did.

    The flags do not depend on how the stream was cut.

    Parameters
    ----------
    reach_ticks : int
        How far from a change of range a sample is marked, in ticks; samples are held back by as much.
    """

    def __init__(self, reach_ticks: int) -> None:
        self._reach_ticks = reach_ticks
        self._ticks: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._ranges: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._n_known = 0

    def push(self, ticks: NDArray[np.int64], ranges: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Take samples and give the flags that are now known.

        Parameters
        ----------
        ticks : ndarray of int64, shape (n_samples,)
            Device time of each sample, ascending over all calls.
        ranges : ndarray of int64, shape (n_samples,)
            Range of each sample.

        Returns
        -------
        ndarray of bool, shape (n_flags,)
            Flags of the oldest samples that had none yet.
        """
        self._ticks = np.concatenate((self._ticks, ticks))
        self._ranges = np.concatenate((self._ranges, ranges))
        if not len(self._ticks):
            return np.empty(0, dtype=np.bool_)
        return self._give(int(np.searchsorted(self._ticks, self._ticks[-1] - self._reach_ticks, "right")))

    def flush(self) -> NDArray[np.bool_]:
        """Give the flags of what is held back, by what is known.

        Returns
        -------
        ndarray of bool, shape (n_flags,)
            Flags of all samples that had none yet. The watch is then as new.
        """
        flags = self._give(len(self._ticks))
        self._ticks, self._ranges, self._n_known = self._ticks[:0], self._ranges[:0], 0
        return flags

    def _give(self, stop: int) -> NDArray[np.bool_]:
        """Flag the samples up to an index, and forget those that can mark nothing any more."""
        stop = max(stop, self._n_known)
        flags = switch_flags(self._ticks, self._ranges, self._reach_ticks)[self._n_known : stop]
        # One sample more than the reach: a change is only seen from the sample before it.
        first = (
            max(0, int(np.searchsorted(self._ticks, self._ticks[stop - 1] - self._reach_ticks)) - 1)
            if stop
            else 0
        )
        self._ticks, self._ranges, self._n_known = self._ticks[first:], self._ranges[first:], stop - first
        return flags
