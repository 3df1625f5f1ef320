"""Pasts of the board of a run, one a minute: where a jump begins."""

import math
from bisect import bisect_right
from typing import NamedTuple

from monitor.board.past import Past, ReplayBoard

EVERY_S = 60.0
"""Session seconds between two pasts: a jump tells a board no more than so much."""


class KeptPast(NamedTuple):
    """A past, and after how many steps it was.

    Parameters
    ----------
    n_steps : int
        Number of steps.
    past : Past
        What the board was.
    """

    n_steps: int
    past: Past


class Pasts:
    """Keeps pasts of a board.

    Parameters
    ----------
    board : ReplayBoard
        The board that is told every step.
    base : Pasts, optional
        Those of a complete run over the same recording: streams and samples are kept there.
    """

    def __init__(self, board: ReplayBoard, base: "Pasts | None") -> None:
        self._board = board
        self._base = base
        self._kept: list[KeptPast] = []
        self._newest: Past | None = None
        self._kept_s = -math.inf

    def keep(self, n_steps: int, t_s: float) -> None:
        """Keep the past when it is time.

        Parameters
        ----------
        n_steps : int
            Steps the board was told.
        t_s : float
            Session seconds.
        """
        if t_s - self._kept_s < EVERY_S:
            return
        self._kept_s = t_s
        past = self._newest = self._board.keep(self._newest)
        shared = None if self._base is None else self._base.newest(n_steps)
        if shared is not None and shared.n_steps == n_steps:
            past = past.with_streams_of(shared.past)
        self._kept.append(KeptPast(n_steps, past))

    def forget(self, n_steps: int) -> None:
        """Drop the pasts that are later.

        Parameters
        ----------
        n_steps : int
            Number of steps.
        """
        self._kept = [kept for kept in self._kept if kept.n_steps <= n_steps]

    def newest(self, n_steps: int) -> KeptPast | None:
        """Return the newest past that is not later.

        Parameters
        ----------
        n_steps : int
            Number of steps.

        Returns
        -------
        KeptPast or None
            None before the first.
        """
        place = bisect_right(self._kept, n_steps, key=lambda kept: kept.n_steps)
        return self._kept[place - 1] if place else None
