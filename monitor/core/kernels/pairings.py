"""Random pairings of the segments of a session; no segment meets itself or a neighbour."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel

NEAREST = 2
"""Fewest places between two paired segments."""

_TRIES = 200


@kernel
def scramble(state: np.uint64) -> np.uint64:
    """Mix all bits of a counter: the finaliser of SplitMix64.

    Parameters
    ----------
    state : uint64
        The counter.

    Returns
    -------
    uint64
        Its bits, mixed.
    """
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def draw(state: NDArray[np.uint64], n: int) -> int:
    """Draw an integer below `n`; its bias of n / 2**32 is of no account.

    Parameters
    ----------
    state : ndarray of uint64, shape (1,)
        State of the generator; changed in place.
    n : int
        Above 0.

    Returns
    -------
    int
        From 0 to n - 1.
    """
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    return int(((scramble(state[0]) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@kernel
def permute(position: NDArray[np.int64], n: int, state: NDArray[np.uint64], out: NDArray[np.int64]) -> bool:
    """Draw a pairing in which no segment meets itself or a neighbour.

    A random permutation is drawn; partners that are too near are exchanged with random others until none is.

    Parameters
    ----------
    position : ndarray of int64, shape (>= n,)
        Place of each segment in the session, ascending.
    n : int
        How many segments.
    state : ndarray of uint64, shape (1,)
        State of the generator; changed in place.
    out : ndarray of int64, shape (>= n,)
        Written: partner of each.

    Returns
    -------
    bool
        Whether such a pairing was found.
    """
    for i in range(n):
        out[i] = i
    for i in range(n - 1, 0, -1):
        j = draw(state, i + 1)
        out[i], out[j] = out[j], out[i]
    for i in range(n):
        tries = 0
        while abs(position[i] - position[out[i]]) < NEAREST:
            j = draw(state, n)
            tries += 1
            if tries > _TRIES:
                return False
            a, b = out[j], out[i]
            # The earlier ones are settled; the exchange may not unsettle any of them.
            if abs(position[i] - position[a]) >= NEAREST and (
                j > i or abs(position[j] - position[b]) >= NEAREST
            ):
                out[i], out[j] = a, b
    return True


@kernel
def draw_pairings(position: NDArray[np.int64], n: int, seed: int, out: NDArray[np.int16]) -> int:
    """Draw many pairings; the same seed and positions give the same draws.

    Parameters
    ----------
    position : ndarray of int64, shape (>= n,)
        Place of each segment in the session, ascending.
    n : int
        How many segments.
    seed : int
        Seed.
    out : ndarray of int16, shape (n_permutations, n)
        Written: partner of each segment.

    Returns
    -------
    int
        How many were found; less than wanted only where the segments lie too close together.
    """
    state = np.empty(1, np.uint64)
    state[0] = scramble(np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15) * np.uint64(n + 1))
    partner = np.empty(n, np.int64)
    found = 0
    for _ in range(2 * out.shape[0]):
        if found == out.shape[0]:
            break
        if permute(position, n, state, partner):
            for i in range(n):
                out[found, i] = partner[i]
            found += 1
    return found
