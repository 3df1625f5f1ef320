"""Which frames an emulated device made and what became of them: the truth for tests."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from devices.emulator.h10_faults import H10Faults
from devices.protocols import pmd


class Fate(StrEnum):
    """What became of a frame."""

    SENT = "sent"
    LOST = "lost"
    REPEATED = "repeated"
    SWAPPED = "swapped"
    CUT = "cut"


class SentFrame(NamedTuple):
    """One frame the device made: the truth for tests.

    Parameters
    ----------
    number : int
        Number of the frame among those of its measurement, over all connections.
    measurement : Measurement
        What was measured.
    first_index, n_samples : int
        Which samples it holds; see `VirtualH10.sample_time_s`.
    device_ns : int
        Its stamp.
    fate : Fate
        Sent; lost on purpose; the second of two (the first one is sent); sent after the next one; or cut, because the
        link was gone, silent or not listened to.
    """

    number: int
    measurement: pmd.Measurement
    first_index: int
    n_samples: int
    device_ns: int
    fate: Fate


class FrameFates:
    """Decides what becomes of ECG frames, as planned or drawn.

    Parameters
    ----------
    faults : H10Faults
        The plan and the shares.
    """

    def __init__(self, faults: H10Faults) -> None:
        self._faults = faults
        self._rng = np.random.default_rng([faults.seed, 0xFA])

    def decide(self, number: int, from_s: float, until_s: float) -> Fate:
        """Decide about the next frame.

        Parameters
        ----------
        number : int
            Its number.
        from_s, until_s : float
            Time of its first sample, and of the one after its last, in seconds since the device was switched on.

        Returns
        -------
        Fate
            Lost, repeated, swapped with the next one, or sent.
        """
        faults, draw = self._faults, float(self._rng.random())
        if number in faults.lost_frames or any(from_s <= t_s < until_s for t_s in faults.lost_at_s):
            return Fate.LOST
        if number in faults.repeated_frames:
            return Fate.REPEATED
        if number in faults.swapped_frames:
            return Fate.SWAPPED
        for fate, share in (
            (Fate.LOST, faults.lost_share),
            (Fate.REPEATED, faults.repeated_share),
            (Fate.SWAPPED, faults.swapped_share),
        ):
            if draw < share:
                return fate
            draw -= share
        return Fate.SENT
