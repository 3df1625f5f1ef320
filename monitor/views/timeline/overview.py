"""What the window keeps of the time line of the whole session."""

import numpy as np

from monitor.board.rings import FloatArray, Ring
from monitor.board.snapshot import Snapshot
from monitor.board.synchrony import TRAIL_ROWS
from monitor.board.timeline import MOST_CELLS, REASONS
from monitor.board.zones import ZONES

MOST_ROWS = 256
"""Most time lines kept, of people and of profiles compared."""

_ZONE = {zone: float(k) for k, zone in enumerate(ZONES)}
_REASON = {reason.value: float(k) for k, reason in enumerate(REASONS)}


class Overview:
    """Cells of each participant and readings of each dyad over the whole session, in bounded memory."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, int], Ring] = {}
        self._synchrony: dict[tuple[str, str, str], Ring] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._cells.clear()
        self._synchrony.clear()

    def apply(self, snapshot: Snapshot) -> bool:
        """Take what is new.

        Parameters
        ----------
        snapshot : Snapshot
            The next snapshot.

        Returns
        -------
        bool
            Whether there was anything.
        """
        for view in snapshot["timelines"]:
            key = (view["participant"], view["variant"])
            if key not in self._cells and len(self._cells) >= MOST_ROWS:
                continue
            zone = np.array([_ZONE.get(name, 0.0) for name in view["zone"]])
            reason = np.array([_REASON.get(name, 0.0) for name in view["reason"]])
            cells = self._cells.setdefault(key, Ring(MOST_CELLS, 4))
            cells.extend(0, np.array(view["t_s"]), np.array(view["arousal"], np.float64), zone, reason)
        for line in snapshot["timeline_synchrony"]:
            dyad = (line["first"], line["second"], line["signal"])
            if dyad not in self._synchrony and len(self._synchrony) >= MOST_ROWS:
                continue
            rows = self._synchrony.setdefault(dyad, Ring(TRAIL_ROWS, 5))
            numbers = (line["z_session"], line["chance_lo"], line["chance_hi"])
            sure = np.array([float(status == "OK") for status in line["status"]])
            rows.extend(0, np.array(line["t_s"]), *(np.array(x, np.float64) for x in numbers), sure)
        return bool(snapshot["timelines"] or snapshot["timeline_synchrony"])

    def variants(self) -> list[int]:
        """Return which of the profiles compared have cells.

        Returns
        -------
        list of int
            Ascending; 0 is the session's own.
        """
        return sorted({variant for _, variant in self._cells})

    def cells(self, code: str, variant: int) -> FloatArray:
        """Return the cells of a participant.

        Parameters
        ----------
        code : str
            Participant.
        variant : int
            Which of the profiles compared.

        Returns
        -------
        ndarray of float64, shape (4, n)
            Middle in session seconds, median arousal in reference SD or NaN, place in `ZONES`, place in `REASONS`.
        """
        ring = self._cells.get((code, variant))
        return np.empty((4, 0)) if ring is None else ring.view().copy()

    def synchrony(self, first: str, second: str, signal: str) -> FloatArray:
        """Return the readings of a dyad.

        Parameters
        ----------
        first, second : str
            Codes.
        signal : str
            ``eda`` or ``ibi``.

        Returns
        -------
        ndarray of float64, shape (5, n)
            As in `monitor.views.traces.Traces.synchrony`.
        """
        ring = self._synchrony.get((first, second, signal))
        return np.empty((5, 0)) if ring is None else ring.view().copy()
