"""Second-order sections applied sample by sample with carried state."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel


@kernel
def sos_filter(
    sos: NDArray[np.float64], state: NDArray[np.float64], x: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """Filter `x` into `out` (transposed direct form II), updating `state` in place.

    Parameters
    ----------
    sos : ndarray of float64, shape (n_sections, 6)
        Sections as designed by `scipy.signal.butter(..., output="sos")`, with ``a0 == 1``.
    state : ndarray of float64, shape (n_sections, 2)
        Carried state; changed in place.
    x : ndarray of float64, shape (n,)
        Input samples in order.
    out : ndarray of float64, shape (n,)
        Output samples.
    """
    for i in range(x.shape[0]):
        value = x[i]
        for s in range(sos.shape[0]):
            y = sos[s, 0] * value + state[s, 0]
            state[s, 0] = sos[s, 1] * value - sos[s, 4] * y + state[s, 1]
            state[s, 1] = sos[s, 2] * value - sos[s, 5] * y
            value = y
        out[i] = value
