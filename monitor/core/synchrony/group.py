"""One index for a whole group, with its null distribution."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.synchrony_group import joint_null, joint_permutations
from monitor.core.results import NAN, Reason, Status
from monitor.core.synchrony.coupling import Coupling, chance_band
from monitor.core.synchrony.gate import MIN_SEGMENTS, SURE_SEGMENTS


class GroupStatistic(NamedTuple):
    """Synchrony of a group over the session so far.

    Parameters
    ----------
    n_pairs : int
        Pairs that count.
    n_segments : int
        Segments of the pair that has fewest.
    z : float
        Mean similarity of all pairs at the true times, in SD of its null distribution around its mean.
    p : float
        One-sided, never 0.
    chance_lo, chance_hi : float
        5 and 95 % of the null distribution, in the unit of `z`.
    status : Status
        NA with fewer than three people in pairs of 10 segments, LOW when one of those pairs is below 20.
    reason : Reason
        Why not OK.
    """

    n_pairs: int
    n_segments: int
    z: float
    p: float
    chance_lo: float
    chance_hi: float
    status: Status
    reason: Reason


def group_statistic(
    couplings: list[tuple[int, int, Coupling]], *, n_permutations: int, seed: int
) -> GroupStatistic:
    """Compare a group at the true times with the same group when everybody's segments are permuted.

    Parameters
    ----------
    couplings : list of (int, int, Coupling)
        Number of the first and of the second person, and their similarity. Pairs below 10 segments are left out.
    n_permutations : int
        Permutations.
    seed : int
        Seed.

    Returns
    -------
    GroupStatistic
        The index: the mean over pairs of the mean similarity of simultaneous segments. Its null distribution
        permutes the segments of each person independently; pairs of segments less than two places apart do not
        count.
    """
    usable = [(a, b, c) for a, b, c in couplings if c.n_segments >= MIN_SEGMENTS and not c.is_same_signal]
    people = sorted({person for a, b, _ in usable for person in (a, b)})
    if len(people) < 3:
        n = min((c.n_segments for _, _, c in usable), default=0)
        return GroupStatistic(len(usable), n, NAN, NAN, NAN, NAN, Status.NA, Reason.TOO_FEW_SEGMENTS)
    n_places = 1 + max(int(c.members[-1]) for _, _, c in usable)
    order = joint_permutations(len(people), n_places, n_permutations, seed)
    null = np.zeros(n_permutations)
    true = 0.0
    for a, b, coupling in usable:
        members, similarity = coupling.members, np.ascontiguousarray(coupling.similarity)
        true += float(np.diagonal(similarity).astype(np.float64).mean())
        null += _pair_null(order, people.index(a), people.index(b), members, similarity, n_places)
    mean, sd = float(null.mean()), float(null.std())
    n = min(c.n_segments for _, _, c in usable)
    if not sd > 0.0:
        return GroupStatistic(len(usable), n, NAN, NAN, NAN, NAN, Status.NA, Reason.ZERO_VARIANCE)
    low, high = chance_band(null, mean, sd)
    status = Status.OK if n >= SURE_SEGMENTS else Status.LOW
    return GroupStatistic(
        n_pairs=len(usable),
        n_segments=n,
        z=(true - mean) / sd,
        p=(1 + int(np.count_nonzero(null >= true))) / (n_permutations + 1),
        chance_lo=low,
        chance_hi=high,
        status=status,
        reason=Reason.NONE if status is Status.OK else Reason.TOO_FEW_SEGMENTS,
    )


def _pair_null(
    order: NDArray[np.int16],
    first: int,
    second: int,
    members: NDArray[np.int64],
    similarity: NDArray[np.float32],
    n_places: int,
) -> NDArray[np.float64]:
    """Mean similarity of one pair under every joint permutation."""
    place = np.full(n_places, -1, dtype=np.int64)
    place[members] = np.arange(members.size)
    out = np.empty(order.shape[0])
    joint_null(order, first, second, place, similarity, out)
    return out
