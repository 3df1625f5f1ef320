"""From a signal on the grid to the series that are correlated.

Raw levels are never correlated: two declining session trends always agree.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.synchrony_series import detrended as _detrended
from monitor.core.kernels.synchrony_series import slopes as _slopes

SLOPE_HALF_S: Final = 2.5
"""Half of the window of a slope."""

TREND_HALF_S: Final = 30.0
"""Half of the window of a running line."""


def slopes(signal: NDArray[np.float64], *, rate_hz: float = 4.0) -> NDArray[np.float64]:
    """Least-squares slopes in windows of 5 s, as in the concordance index of Marci.

    Parameters
    ----------
    signal : ndarray of float64, shape (n,)
        Skin conductance in uS on an even grid; NaN where missing.
    rate_hz : float, default 4.0
        Samples per second.

    Returns
    -------
    ndarray of float64, shape (n,)
        Slope in uS/s at the centre of its window; NaN where any sample of the window is missing.

    References
    ----------
    .. [1] Marci, C. D., Ham, J., Moran, E., & Orr, S. P. (2007). Physiologic correlates of perceived therapist
       empathy and social-emotional process during psychotherapy. Journal of Nervous and Mental Disease 195(2),
       103-111. doi:10.1097/01.nmd.0000253731.71025.fc
    """
    out = np.empty(signal.size)
    _slopes(_contiguous(signal), round(SLOPE_HALF_S * rate_hz), 1.0 / rate_hz, 0, out)
    return out


def detrended(signal: NDArray[np.float64], *, rate_hz: float = 4.0) -> NDArray[np.float64]:
    """Intervals between beats without their slow course: minus the line through the 60 s around each sample.

    Parameters
    ----------
    signal : ndarray of float64, shape (n,)
        Intervals in ms on an even grid; NaN where missing.
    rate_hz : float, default 4.0
        Samples per second.

    Returns
    -------
    ndarray of float64, shape (n,)
        Intervals in ms around zero; NaN where missing or where less than half of the 60 s is valid (at the
        ends of a recording: of the half that is there).
    """
    out = np.empty(signal.size)
    half = round(TREND_HALF_S * rate_hz)
    _detrended(_contiguous(signal), half, half, 0, out)
    return out


def differences(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """First differences, for lnRMSSD: windows of 30 s share most of their beats, and levels drift.

    Parameters
    ----------
    signal : ndarray of float64, shape (n,)
        Values each second; NaN where missing.

    Returns
    -------
    ndarray of float64, shape (n,)
        Difference to the value before; the first is NaN.
    """
    out = np.full(signal.size, np.nan)
    out[1:] = signal[1:] - signal[:-1]
    return out


def _contiguous(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the array in the one form the kernels are compiled for."""
    array = np.ascontiguousarray(signal, dtype=np.float64)
    return array if array.flags.writeable else array.copy()
