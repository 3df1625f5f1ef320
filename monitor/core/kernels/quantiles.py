"""Order statistics of a moving window."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel


@kernel
def push_sorted(history: NDArray[np.float64], count: int, value: float) -> None:
    """Put `value` in a ring that is also kept sorted.

    Parameters
    ----------
    history : ndarray of float64, shape (2, size)
        Row 0 by arrival (a ring), row 1 ascending; changed in place.
    count : int
        Values pushed before this one.
    value : float
        A finite number.
    """
    size = history.shape[1]
    slot = count % size
    n = count
    if count >= size:
        old = history[0, slot]
        i = 0
        while history[1, i] != old:
            i += 1
        for j in range(i, size - 1):
            history[1, j] = history[1, j + 1]
        n = size - 1
    history[0, slot] = value
    while n > 0 and history[1, n - 1] > value:
        history[1, n] = history[1, n - 1]
        n -= 1
    history[1, n] = value


@kernel
def sorted_quantile(ascending: NDArray[np.float64], n: int, share: float) -> float:
    """Return a quantile of the first `n` values with linear interpolation.

    Parameters
    ----------
    ascending : ndarray of float64, shape (size,)
        Values in ascending order.
    n : int
        How many count, at least 1.
    share : float
        Which quantile, 0 to 1.

    Returns
    -------
    float
        The quantile.
    """
    position = share * (n - 1)
    i = int(position)
    if i + 1 >= n:
        return float(ascending[n - 1])
    return float(ascending[i] + (position - i) * (ascending[i + 1] - ascending[i]))
