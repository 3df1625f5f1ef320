"""What a wearable hands over: frames with stamps, and the small errors those stamps have."""

import zlib
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from devices.spec import OutletSpec

CLOCK_DRIFT = 40e-6
"""How much faster the clock of the emulated device runs than that of the computer."""

JITTER_S = 0.1e-3
"""Standard deviation of the stamps around the true sample times, in seconds."""


class Frame(NamedTuple):
    """One delivery of a device: samples of one stream that arrive together.

    Parameters
    ----------
    source_id : str
        The stream it belongs to.
    device_time : int
        What the device's own clock says of the last sample, in the device's own ticks.
    due_s : float
        Script time at which the frame reaches the computer, in seconds.
    stamps_s : ndarray of float64, shape (n_samples,)
        Script time given to each sample by the bridge, ascending.
    values : ndarray, shape (n_samples,)
        The samples, in the unit and number format of the stream.
    """

    source_id: str
    device_time: int
    due_s: float
    stamps_s: NDArray[np.float64]
    values: NDArray[np.floating]


class Wearable(Protocol):
    """A device worn by one person, with one or more streams."""

    @property
    def specs(self) -> tuple[OutletSpec, ...]:
        """What its streams declare."""
        ...

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
        ...


def generator(seed: int, *words: str) -> np.random.Generator:
    """Make the random numbers of one part of the emulation, independent of every other part.

    Parameters
    ----------
    seed : int
        Seed of the whole session, not negative.
    *words : str
        Names the part, for example the participant's code and the device.

    Returns
    -------
    numpy.random.Generator
        The same numbers for the same arguments, on every machine and in every process.
    """
    return np.random.default_rng([seed, *(zlib.crc32(word.encode()) for word in words)])


def stamped(
    true_s: NDArray[np.float64], rng: np.random.Generator, phase: float, *, faulty: bool
) -> NDArray[np.float64]:
    """Stamp samples the way a bridge does that follows the device's clock by its lower envelope.

    Parameters
    ----------
    true_s : ndarray of float64, shape (n_samples,)
        When the samples were really taken, at least 1 ms apart.
    rng : numpy.random.Generator
        Source of the jitter.
    phase : float
        Where the slow error of the clock estimate begins, in radians.
    faulty : bool
        False stamps every sample with its true time.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Stamps, ascending; wrong by at most 1.3 ms, of which 0.3 ms change from sample to sample.
    """
    if not faulty:
        return true_s
    jitter_s = np.clip(rng.normal(0.0, JITTER_S, len(true_s)), -3 * JITTER_S, 3 * JITTER_S)
    # The estimate of a 40 ppm drift lags and overshoots by about a millisecond over its window of minutes.
    wander_s = 1e-3 * np.sin(2 * np.pi * true_s / 480.0 + phase)
    stamps_s: NDArray[np.float64] = true_s + wander_s + jitter_s
    return stamps_s
