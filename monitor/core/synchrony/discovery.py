"""Which of many tests to keep when a few mistaken ones are acceptable: the false discovery rate."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["adjusted_p"]


def adjusted_p(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values adjusted for the false discovery rate.

    Keeping those of at most q keeps, on average, at most a share q of mistaken ones; when there is nothing to
    be found it keeps anything at all in at most a share q of sessions. Holds for independent and for positively
    dependent tests. Written here because ``scipy.stats``, the oracle in the tests, takes a second to import.

    Parameters
    ----------
    p : ndarray of float64, shape (n,)
        Above 0, at most 1; NaN where there was no test, which then does not count.

    Returns
    -------
    ndarray of float64, shape (n,)
        Adjusted p-values; NaN where `p` is.

    References
    ----------
    .. [1] Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful
       approach to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300.
       doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * tested.size / np.arange(1, tested.size + 1)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted
