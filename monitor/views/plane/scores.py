"""What the window keeps of the places of people in the plane of vagal and electrodermal scores."""

import numpy as np

from monitor.board.rings import FloatArray, Ring
from monitor.board.snapshot import Snapshot
from monitor.board.zones import HALF_WINDOW_S

MAX_SCORES = 400
SCORES = ("z_vagal", "z_eda")
"""Axes of the plane, x first."""


class ScoreTrails:
    """The last minutes of both scores of each participant, in bounded memory."""

    def __init__(self) -> None:
        self._rings: dict[tuple[str, str], Ring] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._rings.clear()

    def apply(self, snapshot: Snapshot) -> set[str]:
        """Take what is new.

        Parameters
        ----------
        snapshot : Snapshot
            The next snapshot.

        Returns
        -------
        set of str
            Codes of those of whom there was anything.
        """
        changed: set[str] = set()
        # What was taken back is already missing in the rows of the same snapshot: only older ones are touched.
        for revoked in snapshot["revoked"]:
            for marker in set(SCORES).intersection(revoked["markers"]):
                known = self._rings.get((revoked["participant"], marker))
                if known is not None:
                    grid_s, value = known.view()
                    value[(grid_s >= revoked["start_s"]) & (grid_s <= revoked["stop_s"])] = np.nan
                    changed.add(revoked["participant"])
        for row in snapshot["rows"]:
            if row["marker"] in SCORES:
                ring = self._rings.setdefault((row["participant"], row["marker"]), Ring(MAX_SCORES, 2))
                grid_s = np.array(row["t_centre_s"]) + HALF_WINDOW_S
                ring.extend(0, grid_s, np.array(row["value"], np.float64))
                changed.add(row["participant"])
        return changed

    def places(self, code: str, start_s: float) -> FloatArray:
        """Return the places of a participant from a moment on.

        Parameters
        ----------
        code : str
            Participant.
        start_s : float
            Session time in seconds.

        Returns
        -------
        ndarray of float64, shape (3, n)
            Grid second in session seconds, vagal and electrodermal score in reference SD, NaN where missing.
        """
        rings = [self._rings.get((code, marker)) for marker in SCORES]
        x, y = (np.empty((2, 0)) if ring is None else ring.view() for ring in rings)
        x, y = (rows[:, int(np.searchsorted(rows[0], start_s)) :] for rows in (x, y))
        if np.array_equal(x[0], y[0]):
            return np.vstack((x, y[1]))
        seconds = np.union1d(x[0], y[0])
        out = np.full((3, seconds.size), np.nan)
        out[0] = seconds
        for row, axis in ((1, x), (2, y)):
            out[row, np.searchsorted(seconds, axis[0])] = axis[1]
        return out
