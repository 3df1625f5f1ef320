"""The zones of a whole recording, second by second: where excursions began, and how two runs differ."""

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.board.zones import AROUSAL, HALF_WINDOW_S, ZONES
from monitor.core.results import Result, Revocation, ZoneReading

OUTSIDE = ("above", "below")
_SAME_S = 1.0


class Excursion(NamedTuple):
    """An excursion of somebody.

    Parameters
    ----------
    start_s : float
        Session second in which it began, by the centre of the window.
    participant : str
        Code.
    zone : str
        ``above`` or ``below``.
    """

    start_s: float
    participant: str
    zone: str


class ZoneLog:
    """Takes readings as they come, in a few bytes a second.

    Attributes
    ----------
    excursions : list of Excursion
        In the order in which they were confirmed.
    """

    def __init__(self) -> None:
        self.excursions: list[Excursion] = []
        self._t_s: dict[str, array[float]] = {}
        self._codes: dict[str, array[int]] = {}
        self._within: dict[str, Excursion] = {}

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes of those of whom there are readings."""
        return tuple(self._t_s)

    def note(self, results: Iterable[Result]) -> None:
        """Take readings and revocations.

        Parameters
        ----------
        results : iterable of Result
            Any results, in the order in which they were emitted.
        """
        for result in results:
            if isinstance(result, ZoneReading):
                self._note(result)
            elif isinstance(result, Revocation) and AROUSAL in result.markers:
                self._revoke(result)

    def seconds(self, participant: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the seconds of a participant.

        Parameters
        ----------
        participant : str
            Code.

        Returns
        -------
        ndarray of float64, shape (n,)
            Session seconds, ascending.
        ndarray of int64, shape (n,)
            Places in `monitor.board.zones.ZONES`.
        """
        codes = np.array(self._codes.get(participant, ()), np.int64)
        return np.array(self._t_s.get(participant, ()), np.float64), codes

    def _note(self, reading: ZoneReading) -> None:
        code = reading.participant
        self._t_s.setdefault(code, array("d")).append(reading.t_centre_s)
        zone = ZONES.index(reading.zone) if reading.zone in ZONES else 0
        self._codes.setdefault(code, array("b")).append(zone)
        if reading.zone not in OUTSIDE:
            self._within.pop(code, None)
            return
        known = self._within.get(code)
        if (
            known is not None
            and known.zone == reading.zone
            and abs(known.start_s - reading.since_s) < _SAME_S
        ):
            return
        found = self._within[code] = Excursion(reading.since_s, code, reading.zone)
        self.excursions.append(found)

    def _revoke(self, revocation: Revocation) -> None:
        times, codes = self._t_s.get(revocation.participant), self._codes.get(revocation.participant)
        if times is None or codes is None:
            return
        start_s, stop_s = revocation.start_s - HALF_WINDOW_S, revocation.stop_s - HALF_WINDOW_S
        for k in range(len(times) - 1, -1, -1):
            if times[k] < start_s:
                return
            if times[k] <= stop_s:
                codes[k] = 0
