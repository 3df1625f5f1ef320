"""What a replay says of itself to the window: where it is, and messages that pass."""

import math

from monitor.board.past import ReplayBoard
from monitor.board.session_views import TransportView

TELL_S = 0.2
"""Seconds between two words on where the replay is."""

MESSAGE_S = 8.0
"""Seconds for which a message stays."""

_MOVING = frozenset({"position_s", "ready_s", "duration_s"})


class Teller:
    """Tells a board where the replay is: at once when something changed, and five times a second when it only moved."""

    def __init__(self) -> None:
        self._message, self._until_s = "", -math.inf
        self._is_waiting = False
        self._told: TransportView | None = None
        self._told_s = -math.inf

    def say(self, text: str, now_s: float, *, waiting: bool = False) -> None:
        """Show a message.

        Parameters
        ----------
        text : str
            For the user; empty takes the last one away.
        now_s : float
            The clock.
        waiting : bool, default False
            Whether it is true only until `arrived`.
        """
        self._message, self._until_s, self._is_waiting = text, now_s + MESSAGE_S, waiting

    def arrived(self) -> None:
        """Take away what was said while something was awaited."""
        if self._is_waiting:
            self._message, self._is_waiting = "", False

    def message(self, now_s: float) -> str:
        """Return what there is to say.

        Parameters
        ----------
        now_s : float
            The clock.

        Returns
        -------
        str
            Empty when it has been there long enough.
        """
        return self._message if now_s <= self._until_s else ""

    def tell(self, board: ReplayBoard, view: TransportView, now_s: float, *, anew: bool = False) -> None:
        """Tell a board.

        Parameters
        ----------
        board : ReplayBoard
            The board that is shown.
        view : TransportView
            Where the replay is.
        now_s : float
            The clock.
        anew : bool, default False
            Whether this board was told nothing before, or something was asked for.
        """
        if not anew and self._told is not None:
            changed = {key for key, value in view.items() if value != self._told.get(key)}
            if not changed or (changed <= _MOVING and now_s - self._told_s < TELL_S):
                return
        board.note_transport(view)
        self._told, self._told_s = view, now_s
