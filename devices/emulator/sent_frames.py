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
    """Decides what becomes of ECG frames, as planned or drawn, and holds back those to be swapped.

    Parameters
    ----------
    faults : H10Faults
        The plan and the shares.
    """

    def __init__(self, faults: H10Faults) -> None:
        self._faults = faults
        self._rng = np.random.default_rng([faults.seed, 0xFA])
        self._held: tuple[bytes, SentFrame] | None = None

    def meet(self, value: bytes, frame: SentFrame, rate_hz: float) -> list[tuple[bytes | None, SentFrame]]:
        """Let the next frame meet its fate.

        Parameters
        ----------
        value : bytes
            What would be notified.
        frame : SentFrame
            The frame.
        rate_hz : float
            True rate of its samples.

        Returns
        -------
        list of (bytes or None, SentFrame)
            What to notify now, in order; None for a frame that is lost.
        """
        from_s = frame.first_index / rate_hz
        fate = self._decide(frame.number, from_s, from_s + frame.n_samples / rate_hz)
        held, self._held = self._held, None
        notified: list[tuple[bytes | None, SentFrame]] = []
        if fate is Fate.LOST:
            notified.append((None, frame._replace(fate=fate)))
        elif fate is Fate.SWAPPED:
            self._held = (value, frame._replace(fate=fate))
        else:
            notified.append((value, frame))
            if fate is Fate.REPEATED:
                notified.append((value, frame._replace(fate=fate)))
        if held is not None:
            notified.append(held)
        return notified

    def give_up(self) -> SentFrame | None:
        """Let go of the frame that waits for the next one.

        Returns
        -------
        SentFrame or None
            The frame, never sent.
        """
        held, self._held = self._held, None
        return None if held is None else held[1]

    def _decide(self, number: int, from_s: float, until_s: float) -> Fate:
        """Decide about a frame with samples of ``[from_s, until_s)``."""
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
