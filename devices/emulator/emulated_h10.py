"""An emulated Polar H10: ECG frames and RR notifications of one scripted heart."""

import numpy as np
from numpy.typing import NDArray

from devices.emulator.frames import CLOCK_DRIFT, Frame, generator, stamped
from devices.emulator.script import FaultKind, PersonScript
from devices.emulator.waveforms import BEAT_AFTER_S, BEAT_BEFORE_S, Waveforms
from devices.spec import ChannelSpec, OutletSpec

TRUE_RATE_HZ = 130.16
"""What a device gave that calls itself 130 Hz."""

NOMINAL_RATE_HZ = 130.0
FRAME_SAMPLES = 73
RR_TICKS_HZ = 1024.0
_DEVICE_EPOCH_NS = 599_616_000 * 10**9
_BLOCK_FRAMES = 16
_R_MICROVOLTS = 1100.0
_NOISE_MICROVOLTS = 10.0
_ST_SEGMENT_S = 0.06


class EmulatedH10:
    """One chest strap with an ECG and an RR stream.

    The strap's rate is 0.12 % above the declared one. The output is a pure function of script and seed;
    how often `next` is called changes nothing.

    Parameters
    ----------
    person : PersonScript
        Whose heart it is.
    duration_s : float
        Length of the session.
    seed : int
        Seed of noise, jitter and latency.
    waveforms : Waveforms
        Shape of a beat.
    """

    def __init__(self, person: PersonScript, duration_s: float, seed: int, waveforms: Waveforms) -> None:
        self.specs = specs(person.code)
        self._person = person
        self._waveforms = waveforms
        self._rng = generator(seed, person.code, "ecg")
        self._stamp_phase = float(self._rng.uniform(0.0, 2 * np.pi))
        self._wander_phase = self._rng.uniform(0.0, 2 * np.pi, 3)
        self._n_frames = int(duration_s * TRUE_RATE_HZ) // FRAME_SAMPLES
        self._made_frames = 0
        self._due_s = 0.0
        self._ecg: list[Frame] = []
        self._rr = _rr_notifications(person, duration_s, generator(seed, person.code, "rr"))

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
            self._ecg += self._ecg_block()
        arrived: list[Frame] = []
        for waiting in (self._ecg, self._rr):
            n = next((i for i, frame in enumerate(waiting) if frame.due_s > until_s), len(waiting))
            arrived += waiting[:n]
            del waiting[:n]
        return sorted(arrived, key=_due)

    def _ecg_block(self) -> list[Frame]:
        """Make the next frames; always the same ones, so that random numbers do not depend on the calls."""
        first = self._made_frames
        n_frames = min(_BLOCK_FRAMES, self._n_frames - first)
        self._made_frames += n_frames
        index = np.arange(first * FRAME_SAMPLES, (first + n_frames) * FRAME_SAMPLES)
        t_s = index / TRUE_RATE_HZ
        noise = self._rng.standard_normal((2, n_frames * FRAME_SAMPLES))
        values = np.rint(self.microvolts(t_s, noise)).astype(np.float32)
        stamps_s = stamped(t_s, self._rng, self._stamp_phase, faulty=self._person.faulty)
        latencies_s = 0.03 + self._rng.exponential(0.012, n_frames)
        frames = []
        for i in range(n_frames):
            part = slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES)
            last_s = float(t_s[part][-1])
            self._due_s = max(self._due_s, last_s + float(latencies_s[i]))
            if self._is_lost(float(t_s[part][0]), last_s):
                continue
            device_ns = _DEVICE_EPOCH_NS + round(last_s * (1.0 + CLOCK_DRIFT) * 1e9)
            frames.append(
                Frame(self.specs[0].source_id, device_ns, self._due_s, stamps_s[part], values[part])
            )
        return frames

    def _is_lost(self, first_s: float, last_s: float) -> bool:
        """Whether a lost frame was planned to begin between these samples."""
        return any(
            first_s <= start_s < last_s + 1 / TRUE_RATE_HZ
            for start_s, _ in self._person.spans(FaultKind.LOST_FRAME)
        )

    def microvolts(self, t_s: NDArray[np.float64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute the voltage between the electrodes.

        Parameters
        ----------
        t_s : ndarray of float64, shape (n,)
            Script time in seconds, ascending, within the session.
        noise : ndarray of float64, shape (2, n)
            Standard normal numbers: of the amplifier, and of electrodes that rub.

        Returns
        -------
        ndarray of float64, shape (n,)
            Microvolts.
        """
        breath = self._person.heart.breath_at(t_s)
        signal = _R_MICROVOLTS * self._beats(t_s)
        signal += 40.0 * breath
        for amplitude, hz, phase in zip(
            (30.0, 20.0, 12.0), (0.05, 0.013, 0.11), self._wander_phase, strict=True
        ):
            signal += amplitude * np.sin(2 * np.pi * hz * t_s + phase)
        signal += _NOISE_MICROVOLTS * noise[0]
        for start_s, stop_s in self._person.spans(FaultKind.CONTACT_LOSS):
            signal = _without_contact(signal, t_s, noise[1], start_s, stop_s)
        return signal

    def _beats(self, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the beat under way and the one about to come, in units of the mean R wave."""
        peaks_s = self._person.heart.r_peaks_s
        low, high = np.searchsorted(peaks_s, (t_s[0] - BEAT_AFTER_S - 1.0, t_s[-1] + BEAT_BEFORE_S + 1.0))
        near_s = peaks_s[max(low - 2, 0) : high + 2]
        # The chest moves the heart's axis: this is what breathing is read from.
        size = 1.0 + 0.07 * self._person.heart.breath_at(near_s)
        rr_s = np.diff(near_s, prepend=2 * near_s[0] - near_s[1])
        coming = np.searchsorted(near_s, t_s, side="right")
        shape_s, shape = self._waveforms.beat_s, self._waveforms.beat
        total = size[coming] * np.interp(t_s - near_s[coming], shape_s, shape, left=0.0, right=0.0)
        # Repolarisation shortens with the square root of the interval (Bazett), depolarisation does not.
        since_s = t_s - near_s[coming - 1]
        stretch = 1.0 / np.sqrt(rr_s[coming - 1])
        since_s = np.where(
            since_s > _ST_SEGMENT_S, _ST_SEGMENT_S + (since_s - _ST_SEGMENT_S) * stretch, since_s
        )
        result: NDArray[np.float64] = total + size[coming - 1] * np.interp(
            since_s, shape_s, shape, left=0.0, right=0.0
        )
        return result


def specs(code: str) -> tuple[OutletSpec, OutletSpec]:
    """Declare the two streams of a strap.

    Parameters
    ----------
    code : str
        The wearer's code; part of names and identities.

    Returns
    -------
    tuple of OutletSpec
        ECG and RR.
    """
    ecg = OutletSpec(
        name=f"Polar H10 {code}",
        type="ECG",
        source_id=f"polar-h10-{code}-ecg",
        channels=(ChannelSpec(label="ECG", unit="microvolts", type="ECG"),),
        nominal_rate_hz=NOMINAL_RATE_HZ,
        channel_format="float32",
        manufacturer="Polar",
        model="H10",
        serial_number=f"emulated-{code}",
        firmware="emulated",
    )
    rr = OutletSpec(
        name=f"Polar H10 {code} RR",
        type="RR",
        source_id=f"polar-h10-{code}-rr",
        channels=(ChannelSpec(label="RR", unit="milliseconds", type="RR"),),
        nominal_rate_hz=0.0,
        channel_format="double64",
        manufacturer="Polar",
        model="H10",
        serial_number=f"emulated-{code}",
        firmware="emulated",
    )
    return ecg, rr


def _rr_notifications(person: PersonScript, duration_s: float, rng: np.random.Generator) -> list[Frame]:
    """Bundle the intervals into notifications, about one a second, each stamped with its arrival.

    The strap keeps an interval 0.3 s at least and sends what it has when the next notification is due, so
    that one arrives 0.3 to 1.5 s after its beat.
    """
    peaks_s = person.heart.r_peaks_s
    ticks = np.rint(peaks_s * (1.0 + CLOCK_DRIFT * person.faulty) * RR_TICKS_HZ)
    rr_ms = np.diff(ticks) * (1000.0 / RR_TICKS_HZ)
    from_s, end_s = peaks_s[:-1], peaks_s[1:]
    known = (from_s >= 0.0) & (end_s < duration_s - 1.6)
    for start_s, stop_s in person.spans(FaultKind.CONTACT_LOSS):
        known &= (end_s < start_s) | (from_s >= stop_s)
    rr_ms, end_s = rr_ms[known], end_s[known]
    first_s = float(rng.uniform(0.3, 1.3))
    slot = np.ceil(end_s + 0.3 - first_s).astype(np.int64)
    source_id = specs(person.code)[1].source_id
    numbers, firsts = np.unique(slot, return_index=True)
    dues_s = first_s + numbers + rng.uniform(0.0, 0.2, len(numbers))
    return [
        Frame(source_id, 0, float(due_s), np.full(len(part_ms), due_s), part_ms)
        for due_s, part_ms in zip(dues_s, np.split(rr_ms, firsts[1:]), strict=False)
    ]


def _without_contact(
    signal: NDArray[np.float64],
    t_s: NDArray[np.float64],
    noise: NDArray[np.float64],
    start_s: float,
    stop_s: float,
) -> NDArray[np.float64]:
    """Put a flat line and then rubbing electrodes in place of the heart, and let the amplifier settle."""
    middle_s = 0.5 * (start_s + stop_s)
    signal = np.where((t_s >= start_s) & (t_s < middle_s), 0.0, signal)
    rubbing = 500.0 * noise + 1500.0 * np.sin(2 * np.pi * 0.7 * (t_s - middle_s))
    signal = np.where((t_s >= middle_s) & (t_s < stop_s), rubbing, signal)
    settling = np.where(t_s >= stop_s, 2000.0 * np.exp(-np.clip(t_s - stop_s, 0.0, 30.0) / 0.5), 0.0)
    result: NDArray[np.float64] = signal + settling
    return result


def _due(frame: Frame) -> float:
    return frame.due_s
