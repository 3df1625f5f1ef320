"""Whether a person's skin conductance says anything."""

from typing import Final

RESPONDER_SCL_US: Final = 1.0
"""Least tonic level of a skin that responds, in microsiemens (SCIENCE D.5)."""


def responder(scl_us: float, n_scr: int) -> bool:
    """Tell whether the reference shows that this skin responds at all.

    Without a response in the reference, no response later means nothing: it is not calm.

    Parameters
    ----------
    scl_us : float
        Tonic level of the reference, in uS; NaN when there is none.
    n_scr : int
        Responses of at least 0.05 uS in the whole reference.

    Returns
    -------
    bool
        False for a level below 1 uS, no response, or no level.
    """
    return scl_us >= RESPONDER_SCL_US and n_scr >= 1
