"""One pass over stamps and values that lets only ordered, finite samples through."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel

LAST, HELD_T, HELD_X, HELD, FIRST, STARTED, STATE_SIZE = range(7)
"""Places in the state: last accepted stamp; a held sample and whether there is one; the first accepted stamp
and whether there was one."""

DISORDERED, NOT_FINITE, OUTLIER, ACCEPTED, GAPS, COUNTS_SIZE = range(6)
"""Places in the counts: samples rejected by cause, samples accepted, gaps found in this call."""


@kernel
def to_session(
    stamps: NDArray[np.float64],
    since_s: float,
    offset_s: float,
    drift: float,
    low_s: float,
    high_s: float,
    origin_s: float,
    out: NDArray[np.float64],
) -> bool:
    """Map raw stamps to session time if all of them are believable, which is nearly always.

    Parameters
    ----------
    stamps : ndarray of float64, shape (n,)
        Raw stamps in seconds.
    since_s, offset_s, drift : float
        The offset is `offset_s` at the raw stamp `since_s`, and `drift` seconds more with each second.
    low_s, high_s : float
        Limits on the monitor's clock.
    origin_s : float
        Where session time begins, on the monitor's clock.
    out : ndarray of float64, shape (n,)
        Written: session seconds; only meaningful when the answer is yes.

    Returns
    -------
    bool
        False where a stamp is outside the limits or no number.
    """
    for i in range(stamps.shape[0]):
        t = stamps[i] + (offset_s + drift * (stamps[i] - since_s))
        if not low_s <= t <= high_s:
            return False
        out[i] = t - origin_s
    return True


@kernel
def flawless(
    t: NDArray[np.float64],
    x: NDArray[np.float64],
    limit: float,
    longest_s: float,
    state: NDArray[np.float64],
    counts: NDArray[np.int64],
) -> bool:
    """Take the samples as they are if nothing is to be said of any of them, which is nearly always.

    Parameters
    ----------
    t, x : ndarray of float64, shape (n,)
        Stamps in seconds and values.
    limit : float
        Largest believable magnitude of a value.
    longest_s : float
        Longest step that is neither gap nor jump.
    state, counts : ndarray
        As in `screen`; changed only when the answer is yes.

    Returns
    -------
    bool
        Whether all were taken.
    """
    if state[STARTED] == 0.0 or state[HELD] > 0.0 or t.shape[0] == 0:
        return False
    last = state[LAST]
    for i in range(t.shape[0]):
        if not (0.0 < t[i] - last <= longest_s and abs(x[i]) <= limit):
            return False
        last = t[i]
    state[LAST] = last
    counts[ACCEPTED] += t.shape[0]
    return True


@kernel
def _accept(
    t: float, state: NDArray[np.float64], counts: NDArray[np.int64], gap_s: float, gaps: NDArray[np.float64]
) -> None:
    """Note an accepted stamp, and the gap before it if there is one."""
    if state[STARTED] == 0.0:
        state[STARTED] = 1.0
        state[FIRST] = t
    elif t - state[LAST] > gap_s:
        gaps[counts[GAPS], 0] = state[LAST]
        gaps[counts[GAPS], 1] = t
        counts[GAPS] += 1
    state[LAST] = t
    counts[ACCEPTED] += 1


@kernel
def screen(
    t: NDArray[np.float64],
    x: NDArray[np.float64],
    limit: float,
    jump_s: float,
    gap_s: float,
    min_step_s: float,
    state: NDArray[np.float64],
    counts: NDArray[np.int64],
    out_t: NDArray[np.float64],
    out_x: NDArray[np.float64],
    gaps: NDArray[np.float64],
) -> int:
    """Copy the acceptable samples and return how many there are.

    A sample more than `jump_s` ahead of the last one is held until the next sample agrees with it: one wild
    stamp must not make all that follow look late.

    Parameters
    ----------
    t, x : ndarray of float64, shape (n,)
        Stamps in seconds and values.
    limit : float
        Largest believable magnitude of a value.
    jump_s : float
        Longest step taken without confirmation.
    gap_s : float
        Longest step that is not a gap.
    min_step_s : float
        Shortest step that ascends: the smallest positive number for samples, 0 for events that may share a
        stamp.
    state : ndarray of float64, shape (STATE_SIZE,)
        Last and first accepted stamp and the held sample; changed in place.
    counts : ndarray of int64, shape (COUNTS_SIZE,)
        Rejected samples by cause, accepted ones and gaps; changed in place.
    out_t, out_x : ndarray of float64, shape (n + 1,)
        Where accepted samples go.
    gaps : ndarray of float64, shape (n + 1, 2)
        Where start and stop of gaps go.

    Returns
    -------
    int
        Number of samples accepted.
    """
    n = 0
    counts[GAPS] = 0
    for i in range(t.shape[0]):
        if not np.isfinite(t[i]) or not np.isfinite(x[i]) or abs(x[i]) > limit:
            counts[NOT_FINITE] += 1
            continue
        if t[i] - state[LAST] < min_step_s:
            counts[DISORDERED] += 1
            continue
        if state[HELD] > 0.0:
            if min_step_s <= t[i] - state[HELD_T] <= jump_s:
                out_t[n] = state[HELD_T]
                out_x[n] = state[HELD_X]
                n += 1
                _accept(state[HELD_T], state, counts, gap_s, gaps)
            else:
                counts[OUTLIER] += 1
            state[HELD] = 0.0
        if t[i] - state[LAST] > jump_s:
            state[HELD] = 1.0
            state[HELD_T] = t[i]
            state[HELD_X] = x[i]
            continue
        out_t[n] = t[i]
        out_x[n] = x[i]
        n += 1
        _accept(t[i], state, counts, gap_s, gaps)
    return n
