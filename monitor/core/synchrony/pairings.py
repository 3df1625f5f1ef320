"""Permutations of the segments of a session, drawn once for everybody who has the same segments."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.pairings import draw_pairings


class Pairings:
    """Draws the pairings of a null distribution, and keeps the newest.

    Parameters
    ----------
    n_permutations : int
        How many.
    seed : int
        Seed; the draws depend on it and on the places of the segments alone.
    """

    def __init__(self, n_permutations: int, seed: int) -> None:
        self.n_permutations = n_permutations
        self._seed = seed
        self._key = b""
        self._newest = np.empty((0, 0), dtype=np.int16)

    def of(self, position: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return the pairings of segments at these places.

        Parameters
        ----------
        position : ndarray of int64, shape (n,)
            Place of each segment in the session, ascending.

        Returns
        -------
        ndarray of int16, shape (n_permutations, n)
            Partner of each segment, at least two places away; fewer rows only where segments lie too close.
        """
        key = position.tobytes()
        if key != self._key:
            table = np.empty((self.n_permutations, position.size), dtype=np.int16)
            found = draw_pairings(position, position.size, self._seed, table)
            self._key, self._newest = key, table[:found]
        return self._newest
