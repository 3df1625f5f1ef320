"""The calibrated statistic of a session, for two whole series."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.synchrony.coupling import Coupling, SessionStatistic
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.segments import Segments


def session_statistic(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    rate_hz: float = 4.0,
    segment_s: float = 30.0,
    lag_s: float = 5.0,
    n_permutations: int = 999,
    seed: int = 1,
    noise: tuple[float, float] = (0.0, 0.0),
) -> SessionStatistic:
    """Compute the calibrated statistic of a whole session.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Prepared series of the first and the second person on one grid; NaN where missing.
    rate_hz : float, default 4.0
        Samples per second.
    segment_s : float, default 30.0
        Length of a segment; what remains at the end is not used.
    lag_s : float, default 5.0
        Longest lag.
    n_permutations : int, default 999
        Permutations.
    seed : int, default 1
        Their seed.
    noise : tuple of float, default (0, 0)
        Standard deviation of the noise of each series; segments with less than three times as much are flat.

    Returns
    -------
    SessionStatistic
        The same as live at the last segment.

    Raises
    ------
    ValueError
        If the series differ in length.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> x = rng.normal(size=12000)
    >>> y = np.roll(x, 8) + rng.normal(size=12000)
    >>> found = session_statistic(x, y)
    >>> found.z > 10.0, round(found.lag_s, 1), found.status
    (True, 2.0, <Status.OK: 'OK'>)
    """
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"x and y must be vectors of one length, not {x.shape} and {y.shape}")
    n, lags = round(segment_s * rate_hz), round(lag_s * rate_hz)
    total = x.size // n
    people = [Segments(n, lags, 1.0 / rate_hz, keep=max(total, 1)) for _ in range(2)]
    coupling = Coupling(people[0], people[1], Pairings(n_permutations, seed))
    for index in range(total):
        for segments, series, level in zip(people, (x, y), noise, strict=True):
            segments.add(np.ascontiguousarray(series[index * n : (index + 1) * n], dtype=np.float64), level)
        coupling.close(index)
    return coupling.statistic()
