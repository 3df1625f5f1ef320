"""What one source said of speech, as runs of one state; and lengths of unions."""

from bisect import bisect_right
from math import inf

SILENT, SPEAKS, UNKNOWN = 0, 1, -1
"""States of a run."""

Piece = tuple[float, float, int]
"""Start and stop in session seconds, and the state between them."""


class Runs:
    """What one source said: runs of one state, each up to the begin of the next.

    Parameters
    ----------
    hold_s : float
        How long a state holds when nothing follows; infinity for ever.

    Attributes
    ----------
    newest_s : float
        Session time of the newest sample.
    refused : bool
        Whether the source was found to tell nothing of speech.
    """

    __slots__ = ("_starts", "_states", "hold_s", "newest_s", "refused")

    def __init__(self, hold_s: float) -> None:
        self.hold_s = hold_s
        self.newest_s = -inf
        self.refused = False
        self._starts: list[float] = []
        self._states: list[int] = []

    def __len__(self) -> int:
        return len(self._starts)

    def note(self, t_s: float, state: int) -> None:
        """Take the state from a moment on.

        Parameters
        ----------
        t_s : float
            Session time in seconds, not before the newest.
        state : int
            ``SILENT, SPEAKS`` or ``UNKNOWN``.
        """
        now = self._states[-1] if self._states else UNKNOWN
        known_until_s = self.newest_s + self.hold_s
        if now != UNKNOWN and known_until_s < t_s:
            self._turn(known_until_s, UNKNOWN)
            now = UNKNOWN
        if state != now:
            self._turn(t_s, state)
        self.newest_s = t_s

    def _turn(self, t_s: float, state: int) -> None:
        self._starts.append(t_s)
        self._states.append(state)

    def pieces(self, start_s: float, stop_s: float) -> list[Piece]:
        """Cut out what is known of a window.

        Parameters
        ----------
        start_s, stop_s : float
            The window in session seconds.

        Returns
        -------
        list of Piece
            In order of time, without what is unknown. Nothing noted at `stop_s` or later makes a difference.
        """
        starts, states = self._starts, self._states
        found: list[Piece] = []
        n = len(starts)
        for i in range(max(bisect_right(starts, start_s) - 1, 0), n):
            if starts[i] >= stop_s:
                break
            end_s = starts[i + 1] if i + 1 < n else self.newest_s + self.hold_s
            begin_s, end_s = max(starts[i], start_s), min(end_s, stop_s)
            if states[i] != UNKNOWN and end_s > begin_s:
                found.append((begin_s, end_s, states[i]))
        return found

    def forget(self, before_s: float) -> None:
        """Drop the runs that end before a moment.

        Parameters
        ----------
        before_s : float
            Session time in seconds.
        """
        n = bisect_right(self._starts, before_s) - 1
        if n > 0:
            del self._starts[:n], self._states[:n]


def covered_s(pieces: list[Piece]) -> float:
    """Measure the union of pieces.

    Parameters
    ----------
    pieces : list of Piece
        In order of their starts; they may overlap.

    Returns
    -------
    float
        Seconds covered by at least one.
    """
    total_s = 0.0
    begin_s = end_s = -inf
    for start_s, stop_s, _ in pieces:
        if start_s > end_s:
            if end_s > begin_s:
                total_s += end_s - begin_s
            begin_s, end_s = start_s, stop_s
        elif stop_s > end_s:
            end_s = stop_s
    return total_s + (end_s - begin_s) if end_s > begin_s else total_s
