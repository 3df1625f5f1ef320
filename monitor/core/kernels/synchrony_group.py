"""Joint permutations of the segments of several people."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel
from monitor.core.kernels.pairings import NEAREST, draw, scramble


@kernel
def joint_permutations(n_people: int, n_places: int, n_permutations: int, seed: int) -> NDArray[np.int16]:
    """Draw a permutation of the segments of every person, many times over.

    Parameters
    ----------
    n_people, n_places, n_permutations : int
        How many of each.
    seed : int
        Seed.

    Returns
    -------
    ndarray of int16, shape (n_permutations, n_people, n_places)
        Places.
    """
    out = np.empty((n_permutations, n_people, n_places), np.int16)
    state = np.empty(1, np.uint64)
    state[0] = scramble(np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15) * np.uint64(n_places + 1))
    for s in range(n_permutations):
        for person in range(n_people):
            order = out[s, person]
            for i in range(n_places):
                order[i] = i
            for i in range(n_places - 1, 0, -1):
                j = draw(state, i + 1)
                order[i], order[j] = order[j], order[i]
    return out


@kernel
def joint_null(
    order: NDArray[np.int16],
    first: int,
    second: int,
    place: NDArray[np.int64],
    similarity: NDArray[np.float32],
    out: NDArray[np.float64],
) -> None:
    """Average the similarity of two people under joint permutations.

    Parameters
    ----------
    order : ndarray of int16, shape (n_permutations, n_people, n_places)
        From `joint_permutations`.
    first, second : int
        Who.
    place : ndarray of int64, shape (n_places,)
        Row of each segment in `similarity`; -1 where it does not count.
    similarity : ndarray of float32, shape (n, n)
        Segment of the first by segment of the second.
    out : ndarray of float64, shape (n_permutations,)
        Written: the mean over segments that count and are at least two places apart.
    """
    for s in range(order.shape[0]):
        total = 0.0
        count = 0
        for i in range(order.shape[2]):
            a = order[s, first, i]
            b = order[s, second, i]
            if abs(a - b) >= NEAREST and place[a] >= 0 and place[b] >= 0:
                total += similarity[place[a], place[b]]
                count += 1
        out[s] = total / count if count else 0.0
