"""What the body under an emulated chest strap does: samples by number, beats by time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from devices.emulator.emulated_h10 import EmulatedH10
from devices.emulator.frames import CLOCK_DRIFT, generator
from devices.emulator.h10_faults import H10Faults, OffBody
from devices.emulator.script import FaultKind, PersonScript
from devices.emulator.waveforms import Waveforms

COUNTER_MODULUS = 1 << 22
"""The values of `CounterSignal` begin anew after this many samples; it fits the 24 bits of a sample."""

RR_TICKS_HZ = 1024.0
_COUNTER_RR_1024 = 800
_COUNTER_BEATS = 256
_LOW_BITS = 0x7FFF
_NOISE_BLOCK = 2048
_KEPT_BLOCKS = 4


class Beat(NamedTuple):
    """One heart beat as the strap counts it.

    Parameters
    ----------
    t_s : float
        When it was, in seconds since the device was switched on.
    rr_1024 : int
        Interval since the beat before, in 1/1024 s.
    """

    t_s: float
    rr_1024: int


class H10Signal(Protocol):
    """A body. All times are seconds since the device was switched on, samples are numbered from then."""

    def ecg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:
        """Give ECG samples; the calls ask for ascending numbers.

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
            Microvolts, within 24 bits.
        """
        ...

    def acc(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:
        """Give samples of the acceleration.

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
            Thousandths of g, within 16 bits.
        """
        ...

    def beats(self, after_s: float, until_s: float) -> Sequence[Beat]:
        """Give the beats of a span of time.

        Parameters
        ----------
        after_s, until_s : float
            The span, ``(after_s, until_s]``.

        Returns
        -------
        sequence of Beat
            In order.
        """
        ...


class CounterSignal:
    """Samples that are their own number, and beats that tell theirs: what is lost or doubled is named.

    The ECG counts up to `COUNTER_MODULUS`, the acceleration holds the number in 15 bits of x and 15 of y, and
    the interval of beat k is ``800 + k % 256``.

    Parameters
    ----------
    clock_drift : float, default 40e-6
        How much faster the strap counts the intervals; that of `H10Faults`.
    """

    def __init__(self, clock_drift: float = 40e-6) -> None:
        self._ticks_hz = RR_TICKS_HZ * (1.0 + clock_drift)
        self._cycle = np.cumsum(_COUNTER_RR_1024 + np.arange(_COUNTER_BEATS))

    def ecg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:  # noqa: ARG002
        """Count.

        Parameters
        ----------
        first_index : int
            Number of the first sample.
        n : int
            How many.
        rate_hz : float
            Does not matter.

        Returns
        -------
        ndarray of int64, shape (n,)
            Numbers modulo `COUNTER_MODULUS`.
        """
        return np.arange(first_index, first_index + n, dtype=np.int64) % COUNTER_MODULUS

    def acc(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:  # noqa: ARG002
        """Count.

        Parameters
        ----------
        first_index : int
            Number of the first sample.
        n : int
            How many.
        rate_hz : float
            Does not matter.

        Returns
        -------
        ndarray of int64, shape (n, 3)
            Lower and upper 15 bits of the number, and 1000.
        """
        index = np.arange(first_index, first_index + n, dtype=np.int64)
        return np.column_stack((index & _LOW_BITS, index >> 15 & _LOW_BITS, np.full(n, 1000)))

    def beats(self, after_s: float, until_s: float) -> Sequence[Beat]:
        """Give the beats of a span of time.

        Parameters
        ----------
        after_s, until_s : float
            The span, ``(after_s, until_s]``.

        Returns
        -------
        sequence of Beat
            In order.
        """
        beats = []
        number = max(0, int(after_s * self._ticks_hz) // int(self._cycle[-1])) * _COUNTER_BEATS
        while (t_s := self.beat_time_s(number)) <= until_s:
            if t_s > after_s:
                beats.append(Beat(t_s, _COUNTER_RR_1024 + number % _COUNTER_BEATS))
            number += 1
        return beats

    def beat_time_s(self, number: int) -> float:
        """Tell when a beat was.

        Parameters
        ----------
        number : int
            Number of the beat, from 0.

        Returns
        -------
        float
            Seconds since the device was switched on.
        """
        cycles, rest = divmod(number, _COUNTER_BEATS)
        return (cycles * int(self._cycle[-1]) + int(self._cycle[rest])) / self._ticks_hz


class ScriptedSignal:
    """The body of a scripted session, as `devices.emulator.emulated_h10` shows it.

    A pure function of script and seed. After the end of the script the ECG is flat and no beat comes.

    Parameters
    ----------
    person : PersonScript
        Whose heart it is.
    duration_s : float
        Length of the session.
    seed : int
        Seed of the noise.
    waveforms : Waveforms
        Shape of a beat.
    """

    def __init__(self, person: PersonScript, duration_s: float, seed: int, waveforms: Waveforms) -> None:
        self._person = person
        self._duration_s = duration_s
        self._seed = seed
        self._voltage = EmulatedH10(person, duration_s, seed, waveforms)
        self._blocks: dict[int, NDArray[np.float64]] = {}
        peaks_s = person.heart.r_peaks_s
        ticks = np.rint(peaks_s * RR_TICKS_HZ * (1.0 + CLOCK_DRIFT * person.faulty)).astype(np.int64)
        known = (peaks_s[:-1] >= 0.0) & (peaks_s[1:] < duration_s)
        for start_s, stop_s in person.spans(FaultKind.CONTACT_LOSS):
            known &= (peaks_s[1:] < start_s) | (peaks_s[:-1] >= stop_s)
        self._beat_s, self._rr_1024 = peaks_s[1:][known], np.diff(ticks)[known]

    def faults(self, base: H10Faults) -> H10Faults:
        """Give the faults the script plans for this person's strap.

        Parameters
        ----------
        base : H10Faults
            What else the device does.

        Returns
        -------
        H10Faults
            With the lost frames and the contact losses of the script.
        """
        lost = tuple(start_s for start_s, _ in self._person.spans(FaultKind.LOST_FRAME))
        return replace(
            base,
            clock_drift=base.clock_drift if self._person.faulty else 0.0,
            lost_at_s=(*base.lost_at_s, *lost),
            contact_lost=(*base.contact_lost, *self._person.spans(FaultKind.CONTACT_LOSS)),
            off_body=OffBody.KEPT,
        )

    def ecg(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:
        """Compute the voltage between the electrodes.

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
            Microvolts.
        """
        index = np.arange(first_index, first_index + n)
        t_s = index / rate_hz
        there = t_s <= self._duration_s
        values = np.zeros(n, dtype=np.int64)
        if there.any():
            noise = self._noise(index[there])
            values[there] = np.rint(self._voltage.microvolts(t_s[there], noise)).astype(np.int64)
        return values

    def acc(self, first_index: int, n: int, rate_hz: float) -> NDArray[np.int64]:
        """Compute the acceleration: an upright chest that breathes.

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
        index = np.arange(first_index, first_index + n)
        breath = self._person.heart.breath_at(index / rate_hz)
        noise = self._noise(index)
        axes = (40.0 + 8.0 * breath, -975.0 + 3.0 * noise[0], 190.0 + 14.0 * breath + 3.0 * noise[1])
        values: NDArray[np.int64] = np.rint(np.column_stack(axes)).astype(np.int64)
        return values

    def beats(self, after_s: float, until_s: float) -> Sequence[Beat]:
        """Give the beats of a span of time.

        Parameters
        ----------
        after_s, until_s : float
            The span, ``(after_s, until_s]``.

        Returns
        -------
        sequence of Beat
            In order.
        """
        low, high = np.searchsorted(self._beat_s, (after_s, until_s), side="right")
        pairs = zip(self._beat_s[low:high].tolist(), self._rr_1024[low:high].tolist(), strict=True)
        return [Beat(t_s, rr) for t_s, rr in pairs]

    def _noise(self, index: NDArray[np.int64]) -> NDArray[np.float64]:
        """Two rows of standard normal numbers that belong to these samples, whoever asks for them and when."""
        first, last = int(index[0]) // _NOISE_BLOCK, int(index[-1]) // _NOISE_BLOCK
        for number in range(first, last + 1):
            if number not in self._blocks:
                rng = generator(self._seed, self._person.code, f"noise {number}")
                self._blocks[number] = rng.standard_normal((2, _NOISE_BLOCK))
        for number in sorted(self._blocks)[:-_KEPT_BLOCKS]:
            if number < first:
                del self._blocks[number]
        joined = np.concatenate([self._blocks[number] for number in range(first, last + 1)], axis=1)
        start = int(index[0]) - first * _NOISE_BLOCK
        return joined[:, start : start + len(index)]
