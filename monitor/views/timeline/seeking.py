"""Asking a replay for another moment: not too often while the mouse moves, and always for the last one."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from monitor.views.actions import Send

SPACING_S = 0.1
"""Least time between two requests."""

WISH_S = 1.0
"""How long the wished moment is shown before what the engine says counts again."""

NEAR_S = 0.5
LATE_S = 0.7
"""What a replay may have played since it came to the wished moment, at speed 1."""


class Seeker(QObject):
    """Sends moments to the engine, at most ten a second and the last one always.

    Parameters
    ----------
    send : callable
        Takes commands.
    clock : callable, default time.monotonic
        Seconds; for tests.
    """

    def __init__(self, send: Send, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._send = send
        self._clock = clock
        self._wish_s = math.nan
        self._wished_s = -math.inf
        self._asked_s = math.nan
        self._sent_s = -math.inf
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._flush)

    def seek(self, t_s: float, *, last: bool = True) -> None:
        """Wish for a moment.

        Parameters
        ----------
        t_s : float
            Session time in seconds.
        last : bool, default True
            False while the mouse still moves.
        """
        now_s = self._clock()
        self._wish_s, self._wished_s = t_s, now_s
        wait_s = self._sent_s + SPACING_S - now_s
        if last or wait_s <= 0:
            self._flush()
        elif not self._timer.isActive():
            self._timer.start(max(1, math.ceil(1000 * wait_s)))

    def _flush(self) -> None:
        self._timer.stop()
        if self._asked_s != self._wish_s and math.isfinite(self._wish_s):
            self._asked_s, self._sent_s = self._wish_s, self._clock()
            self._send("seek", self._wish_s)

    def shown(self, position_s: float, speed: float = 1.0) -> float:
        """Return the moment to show as the present one.

        Parameters
        ----------
        position_s : float
            Where the engine is, in seconds of session time.
        speed : float, default 1.0
            How fast it plays, times real time.

        Returns
        -------
        float
            The moment wished for until the engine is there, for `WISH_S` at most; else `position_s`.
        """
        if math.isfinite(self._wish_s):
            late = self._clock() - self._wished_s > WISH_S
            past_s = position_s - self._wish_s
            there = self._asked_s == self._wish_s and -NEAR_S < past_s < NEAR_S + LATE_S * speed
            if not (late or there):
                return self._wish_s
            self.forget()
        return position_s

    def forget(self) -> None:
        """Drop the wish, and what has not been sent of it."""
        self._timer.stop()
        self._wish_s = self._asked_s = math.nan
