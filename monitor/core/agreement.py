"""Whether a strap's own RR intervals and those from its ECG tell the same."""

import math
from collections import deque

from monitor.core.results import Estimate, Status

EVERY_S = 5
_KEPT = 12
_ENOUGH = 9
LARGEST_MS = 4.0
"""Two series of one strap agree within a millisecond; a mean difference above this is another unit, another
person, or a sender that rounds."""


class StrapAgreement:
    """Compares the mean heart periods of two sources of one person over the last minute.

    Differences of 15-s means are averaged: the strap's beat times are only known to within a second, and over a
    minute such a shift cancels.
    """

    __slots__ = ("_differences_ms", "_told")

    def __init__(self) -> None:
        self._differences_ms: deque[float] = deque(maxlen=_KEPT)
        self._told = False

    def note(self, ecg: Estimate, strap: Estimate) -> str:
        """Take the heart speeds of both sources at one grid second, every fifth second.

        Parameters
        ----------
        ecg, strap : Estimate
            ``-ln`` of the mean interval in seconds over 15 s.

        Returns
        -------
        str
            What to tell the user, once for each time the two part; else empty.
        """
        if ecg.status is not Status.OK or strap.status is not Status.OK:
            return ""
        self._differences_ms.append(1000.0 * (math.exp(-strap.value) - math.exp(-ecg.value)))
        if len(self._differences_ms) < _ENOUGH:
            return ""
        mean_ms = math.fsum(self._differences_ms) / len(self._differences_ms)
        if abs(mean_ms) <= LARGEST_MS:
            self._told = False
            return ""
        if self._told:
            return ""
        self._told = True
        return (
            f"the strap's own RR intervals are {mean_ms:+.1f} ms from those of its ECG on average over a minute. "
            f"Check that both streams are of the same person, and the unit of the RR stream"
        )
