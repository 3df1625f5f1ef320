"""The time line of a session: where each participant was in their band, in cells of a few seconds."""

import math

import numpy as np

from monitor.board.rings import Ring
from monitor.board.zones import AROUSAL, HALF_WINDOW_S, ZONES
from monitor.core.results import NAN, Reason, Revocation, ZoneReading

CELL_S = 5.0
"""Length of a cell in seconds."""

SETTLED_S = 15.0
"""A cell is written when the readings are this far past its end: until then they may be taken back."""

MOST_CELLS = 24 * 720
"""Cells kept per participant: 24 hours."""

REASONS = tuple(Reason)

TimelineKey = tuple[str, int]
"""Code of a participant, and which of the profiles compared."""

_Second = tuple[float, float, int, int]


class Timeline:
    """Cells of all participants, in bounded memory.

    Parameters
    ----------
    people : int
        Most participants.
    """

    def __init__(self, *, people: int) -> None:
        self.cells: dict[TimelineKey, Ring] = {}
        self._pending: dict[TimelineKey, list[_Second]] = {}
        self._people = people

    def note(self, sequence: int, reading: ZoneReading, variant: int = 0) -> None:
        """Take a reading.

        Parameters
        ----------
        sequence : int
            Count of the call.
        reading : ZoneReading
            The newest of its participant.
        variant : int, default 0
            Which of the profiles compared it was made with.
        """
        key = (reading.participant, variant)
        if key not in self._pending:
            if len(self._pending) >= self._people:
                return
            self._pending[key] = []
            self.cells[key] = Ring(MOST_CELLS, 4)
        zone = ZONES.index(reading.zone) if reading.zone in ZONES else 0
        reason = REASONS.index(reading.reason)
        self._pending[key].append((reading.t_centre_s, reading.arousal, zone, reason))
        self._write(sequence, key, reading.t_centre_s - SETTLED_S)

    def revoke(self, revocation: Revocation, variant: int = 0) -> None:
        """Make seconds missing whose arousal was taken back.

        Parameters
        ----------
        revocation : Revocation
            Of any markers.
        variant : int, default 0
            Which of the profiles compared.
        """
        pending = self._pending.get((revocation.participant, variant))
        if AROUSAL not in revocation.markers or not pending:
            return
        start_s, stop_s = revocation.start_s - HALF_WINDOW_S, revocation.stop_s - HALF_WINDOW_S
        reason = REASONS.index(revocation.reason)
        pending[:] = [
            (t_s, NAN, 0, reason) if start_s <= t_s <= stop_s else (t_s, arousal, zone, why)
            for t_s, arousal, zone, why in pending
        ]

    def copied(self, sequence: int) -> "Timeline":
        """Return a copy for another board.

        Parameters
        ----------
        sequence : int
            Count of the call there.

        Returns
        -------
        Timeline
            With the same cells, all of them new.
        """
        other = Timeline(people=self._people)
        other._pending = {key: list(seconds) for key, seconds in self._pending.items()}
        for key, ring in self.cells.items():
            other.cells[key] = ring.like()
            other.cells[key].extend(sequence, *ring.view())
        return other

    def finish(self, sequence: int) -> None:
        """Write what is left, at the end of a session.

        Parameters
        ----------
        sequence : int
            Count of the call.
        """
        for key in self._pending:
            self._write(sequence, key, math.inf)

    def _write(self, sequence: int, key: TimelineKey, until_s: float) -> None:
        pending = self._pending[key]
        while pending:
            start_s = math.floor(pending[0][0] / CELL_S) * CELL_S
            stop_s = start_s + CELL_S
            if stop_s > until_s and not math.isinf(until_s):
                return
            n = sum(1 for second in pending if second[0] < stop_s)
            self.cells[key].append(sequence, start_s + CELL_S / 2, *_cell(pending[: max(n, 1)]))
            del pending[: max(n, 1)]


def _cell(seconds: list[_Second]) -> tuple[float, float, float]:
    """Median arousal, the zone most seconds lay in, and the commonest reason of those that are missing."""
    arousal = [a for _, a, _, _ in seconds if math.isfinite(a)]
    zones = np.bincount([zone for _, _, zone, _ in seconds], minlength=len(ZONES))
    zone = int(zones.argmax())
    reasons = np.bincount([why for _, _, z, why in seconds if z == 0] or [0])
    return (float(np.median(arousal)) if arousal else NAN, float(zone), float(reasons.argmax()))
