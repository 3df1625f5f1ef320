"""The usual shape of a beat."""

import numpy as np

from monitor.core.kernels import ecg_state as st
from monitor.core.kernels import kernel
from monitor.core.kernels.ecg_state import EcgState

LEARNING_RATE = 0.1
ACCEPTED_R = 0.66
GIVE_UP_AFTER = 10


@kernel
def template_correlation(s: EcgState, r: int) -> float:
    """Correlate a beat with the mean beat; a beat that resembles it moves the mean.

    Parameters
    ----------
    s : EcgState
        Carried state; changed in place.
    r : int
        Sample number of the R peak.

    Returns
    -------
    float
        Pearson correlation; NaN for the first beat, and where the beat lies across an edge of the segment.
    """
    c = s.tally
    base = s.ring[st.BASE]
    mask = base.shape[0] - 1
    first = r - s.size[st.TEMPLATE_BEFORE]
    width = s.template.shape[0]
    if first < c[st.SEGMENT_START] or first + width - 1 > c[st.N]:
        return np.nan
    mean = mean_template = 0.0
    for i in range(width):
        mean += base[(first + i) & mask]
        mean_template += s.template[i]
    mean /= width
    mean_template /= width
    xx = yy = xy = 0.0
    for i in range(width):
        x = base[(first + i) & mask] - mean
        y = s.template[i] - mean_template
        xx += x * x
        yy += y * y
        xy += x * y
    r_value = np.nan
    if c[st.TEMPLATE_N] > 0 and xx > 0.0 and yy > 0.0:
        r_value = xy / np.sqrt(xx * yy)
    if c[st.TEMPLATE_N] == 0 or r_value >= ACCEPTED_R:
        c[st.TEMPLATE_N] += 1
        c[st.TEMPLATE_MISSES] = 0
        rate = max(LEARNING_RATE, 1.0 / c[st.TEMPLATE_N])
        for i in range(width):
            s.template[i] += rate * (base[(first + i) & mask] - mean - s.template[i])
    else:
        c[st.TEMPLATE_MISSES] += 1
        if c[st.TEMPLATE_MISSES] >= GIVE_UP_AFTER:
            # What the template learned is no longer what arrives: learn anew.
            c[st.TEMPLATE_N] = 0
            c[st.TEMPLATE_MISSES] = 0
    return r_value
