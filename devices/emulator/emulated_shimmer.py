"""An emulated Shimmer3 GSR+: skin conductance of one scripted person through its amplifier and converter."""

import numpy as np
from numpy.typing import NDArray

from devices.emulator.frames import CLOCK_DRIFT, Frame, generator, stamped
from devices.emulator.script import FaultKind, PersonScript
from devices.emulator.waveforms import Waveforms
from devices.protocols import gsr
from devices.spec import ChannelSpec, OutletSpec

NOMINAL_RATE_HZ = 51.2
TRUE_RATE_HZ = 51.2 * 1.0005
"""The crystal is a little fast."""

FRAME_SAMPLES = 10
TICKS_HZ = 32768
_BLOCK_FRAMES = 48
_NOISE_MICROSIEMENS = 0.002


class GsrConverter:
    """Amplifier, range switch and converter of the GSR board, which chooses its range by itself.

    After a switch the firmware repeats the last word for about 80 ms.

    Parameters
    ----------
    rate_hz : float
        Sampling rate, which tells how many samples are repeated.
    """

    def __init__(self, rate_hz: float) -> None:
        self._n_repeated = round(gsr.SETTLING_S * rate_hz)
        self._range: int | None = None
        self._left = 0
        self._last = np.uint16(0)

    def convert(self, microsiemens: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what a reader of the board's words takes a true conductance for.

        Parameters
        ----------
        microsiemens : ndarray of float64, shape (n_samples,)
            True conductance; values at or below zero are an open circuit.

        Returns
        -------
        ndarray of float64, shape (n_samples,)
            Reported conductance in microsiemens. The range is carried over to the next call.
        """
        return gsr.words_microsiemens(self.words(microsiemens))

    def words(self, microsiemens: NDArray[np.float64]) -> NDArray[np.uint16]:
        """Give the words of the board for a true conductance.

        Parameters
        ----------
        microsiemens : ndarray of float64, shape (n_samples,)
            True conductance; values at or below zero are an open circuit.

        Returns
        -------
        ndarray of uint16, shape (n_samples,)
            Range in the two highest bits, counts in the twelve lowest. The range is carried over to the next call.
        """
        words = np.empty(len(microsiemens), dtype=np.uint16)
        if not len(microsiemens):
            return words
        now = gsr.settled_range(float(microsiemens[0])) if self._range is None else self._range
        start = 0
        while start < len(microsiemens):
            repeated = min(self._left, len(microsiemens) - start)
            words[start : start + repeated] = self._last
            self._left -= repeated
            start += repeated
            adc = gsr.adc_of(microsiemens[start:], now)
            leave = gsr.range_step(adc, now)
            leaves = bool(leave.any())
            n = int(np.argmax(leave != 0)) + 1 if leaves else len(adc)
            words[start : start + n] = gsr.words_of(adc[:n], now)
            if n:
                self._last = words[start + n - 1]
            if leaves:
                now += int(leave[n - 1])
                self._left = self._n_repeated
            start += n
        self._range = now
        return words


class EmulatedShimmer:
    """One GSR+ unit with an EDA stream, 0.05 % faster than declared.

    The output is a pure function of script and seed; how often `next` is called changes nothing.

    Parameters
    ----------
    person : PersonScript
        Whose skin it is.
    duration_s : float
        Length of the session.
    seed : int
        Seed of noise, jitter and latency.
    waveforms : Waveforms
        Shape of a response.
    """

    def __init__(self, person: PersonScript, duration_s: float, seed: int, waveforms: Waveforms) -> None:
        self.specs = (spec(person.code),)
        self._person = person
        self._waveforms = waveforms
        self._rng = generator(seed, person.code, "eda")
        self._stamp_phase = float(self._rng.uniform(0.0, 2 * np.pi))
        self._converter = GsrConverter(TRUE_RATE_HZ)
        self._n_frames = int(duration_s * TRUE_RATE_HZ) // FRAME_SAMPLES
        self._made_frames = 0
        self._due_s = 0.0
        self._waiting: list[Frame] = []

    def next(self, until_s: float) -> list[Frame]:
        """Give what has arrived since the last call.

        Parameters
        ----------
        until_s : float
            Script time in seconds, not earlier than at the last call.

        Returns
        -------
        list of Frame
            Frames due at or before `until_s`, in order of arrival.
        """
        while (
            self._made_frames < self._n_frames and self._made_frames * FRAME_SAMPLES <= until_s * TRUE_RATE_HZ
        ):
            self._waiting += self._block()
        n = next((i for i, frame in enumerate(self._waiting) if frame.due_s > until_s), len(self._waiting))
        arrived = self._waiting[:n]
        del self._waiting[:n]
        return arrived

    def _block(self) -> list[Frame]:
        """Make the next frames; always the same ones, so that random numbers do not depend on the calls."""
        first = self._made_frames
        n_frames = min(_BLOCK_FRAMES, self._n_frames - first)
        self._made_frames += n_frames
        index = np.arange(first * FRAME_SAMPLES, (first + n_frames) * FRAME_SAMPLES)
        t_s = index / TRUE_RATE_HZ
        noise = self._rng.standard_normal(len(t_s))
        truth = true_microsiemens(self._person, self._waveforms, t_s, noise)
        values = self._converter.convert(truth).astype(np.float32)
        stamps_s = stamped(t_s, self._rng, self._stamp_phase, faulty=self._person.faulty)
        latencies_s = 0.05 + self._rng.exponential(0.015, n_frames)
        frames = []
        for i in range(n_frames):
            part = slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES)
            last_s = float(t_s[part][-1])
            self._due_s = max(self._due_s, last_s + float(latencies_s[i]))
            ticks = round(last_s * (1.0 + CLOCK_DRIFT) * TICKS_HZ) % 2**24
            frames.append(Frame(self.specs[0].source_id, ticks, self._due_s, stamps_s[part], values[part]))
        return frames


def true_microsiemens(
    person: PersonScript, waveforms: Waveforms, t_s: NDArray[np.float64], noise: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the true conductance under the electrodes.

    Parameters
    ----------
    person : PersonScript
        Whose skin it is.
    waveforms : Waveforms
        Shape of a response.
    t_s : ndarray of float64, shape (n_samples,)
        Script time of each sample, ascending, at least one.
    noise : ndarray of float64, shape (n_samples,)
        Random numbers of standard deviation 1.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Conductance in microsiemens; 0 while an electrode is off.
    """
    skin, shape_s = person.skin, waveforms.scr_s
    signal: NDArray[np.float64] = np.interp(t_s, skin.grid_s, skin.tonic_microsiemens)
    low, high = np.searchsorted(skin.scr_onsets_s, (t_s[0] - shape_s[-1], t_s[-1]))
    for onset_s, amplitude in zip(
        skin.scr_onsets_s[low:high], skin.scr_amplitudes_microsiemens[low:high], strict=True
    ):
        signal += amplitude * np.interp(t_s - onset_s, shape_s, waveforms.scr, left=0.0, right=0.0)
    signal += _NOISE_MICROSIEMENS * noise
    for start_s, stop_s in person.spans(FaultKind.MOVEMENT):
        signal = _moved(signal, t_s, noise, start_s, stop_s)
    for start_s, stop_s in person.spans(FaultKind.ELECTRODE_OFF):
        signal = np.where((t_s >= start_s) & (t_s < stop_s), 0.0, signal)
    return signal


def _moved(
    signal: NDArray[np.float64],
    t_s: NDArray[np.float64],
    noise: NDArray[np.float64],
    start_s: float,
    stop_s: float,
) -> NDArray[np.float64]:
    """Let the electrodes be pressed and lifted: abrupt steps no sweat gland can make."""
    share = (t_s - start_s) / (stop_s - start_s)
    pressure = np.select([share < 0.15, share < 0.4, share < 0.55, share < 0.8], [0.55, 1.5, 0.7, 1.35], 0.85)
    moved: NDArray[np.float64] = signal * pressure + 0.05 * noise
    return np.where((share >= 0.0) & (share < 1.0), moved, signal)


def spec(code: str) -> OutletSpec:
    """Declare the stream of a unit.

    Parameters
    ----------
    code : str
        The wearer's code; part of name and identity.

    Returns
    -------
    OutletSpec
        The EDA stream.
    """
    return OutletSpec(
        name=f"Shimmer GSR+ {code}",
        type="EDA",
        source_id=f"shimmer3-gsr-{code}-eda",
        channels=(ChannelSpec(label="EDA", unit="microsiemens", type="EDA"),),
        nominal_rate_hz=NOMINAL_RATE_HZ,
        channel_format="float32",
        manufacturer="Shimmer",
        model="Shimmer3 GSR+",
        serial_number=f"emulated-{code}",
        firmware="emulated",
    )
