"""Levels that hold for a phase and pass smoothly into the next, and slow random wander around them."""

import numpy as np
from numpy.typing import NDArray

GRID_HZ = 20.0
"""Rate of the time grid on which slow quantities of the script are written."""


def time_grid(duration_s: float, margin_s: float) -> NDArray[np.float64]:
    """Make the grid of the slow quantities.

    Parameters
    ----------
    duration_s : float
        Length of the session.
    margin_s : float
        How far the grid reaches beyond both ends.

    Returns
    -------
    ndarray of float64, shape (n_grid,)
        Script time in seconds.
    """
    n_margin = int(np.ceil(margin_s * GRID_HZ))
    n_inside = int(np.ceil(duration_s * GRID_HZ))
    return np.arange(-n_margin, n_inside + n_margin + 1) / GRID_HZ


def levels_at(
    t_s: NDArray[np.float64], edges_s: NDArray[np.float64], levels: tuple[float, ...]
) -> NDArray[np.float64]:
    """Follow one level per phase, with half a minute of change at every edge.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Script time in seconds.
    edges_s : ndarray of float64, shape (n_phases + 1,)
        Where the phases begin, and the end of the last.
    levels : tuple of float, length n_phases
        The level of each phase.

    Returns
    -------
    ndarray of float64, shape (n,)
        The level, in the unit of `levels`.
    """
    ramp_s = min(30.0, 0.03 * float(edges_s[-1]))
    result = np.full(len(t_s), levels[0])
    for edge_s, before, after in zip(edges_s[1:-1], levels[:-1], levels[1:], strict=True):
        share = np.clip((t_s - edge_s) / ramp_s, 0.0, 1.0)
        result += (after - before) * (0.5 - 0.5 * np.cos(np.pi * share))
    return result


def wander(
    t_s: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    low_hz: float,
    high_hz: float,
    sd: float,
    n_components: int = 6,
) -> NDArray[np.float64]:
    """Sum of a few sinusoids of random frequency and phase.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Time in seconds.
    rng : numpy.random.Generator
        Source of frequencies and phases.
    low_hz, high_hz : float
        Band of the frequencies.
    sd : float
        Standard deviation over a long time.
    n_components : int, default 6
        Number of sinusoids.

    Returns
    -------
    ndarray of float64, shape (n,)
        The wander, in the unit of `sd`, never above ``sd * sqrt(2 * n_components)``.
    """
    frequencies_hz = rng.uniform(low_hz, high_hz, n_components)
    phases = rng.uniform(0.0, 2 * np.pi, n_components)
    total = np.zeros(len(t_s))
    for frequency_hz, phase in zip(frequencies_hz, phases, strict=True):
        total += np.sin(2 * np.pi * frequency_hz * t_s + phase)
    scaled: NDArray[np.float64] = total * (sd * np.sqrt(2.0 / n_components))
    return scaled
