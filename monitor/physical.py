"""The series of a reference in units people know."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import Scale

_ANSCOMBE = 3.0 / 8.0


class Physical(NamedTuple):
    """How a series of a reference is shown to people.

    Parameters
    ----------
    title : str
        Words for it.
    unit : str
        Unit of the values shown.
    digits : int
        Decimals worth showing.
    convert : callable
        From the values of the series, an array of any shape, to values in that unit.
    """

    title: str
    unit: str
    digits: int
    convert: Callable[[NDArray[np.float64]], NDArray[np.float64]]


def _rate_per_min(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undo ``2 sqrt(n + 3/8)``; what noise would make negative is no response at all."""
    return np.asarray(np.maximum((np.maximum(x, 0.0) / 2.0) ** 2 - _ANSCOMBE, 0.0))


def _exp(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(x))


def _bpm(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(60.0 * np.exp(x))


PHYSICAL: Final[Mapping[str, Physical]] = MappingProxyType(
    {
        "ln_scl": Physical("skin conductance level", "µS", 2, _exp),
        "scr_rate": Physical("skin conductance responses", "per min", 1, _rate_per_min),
        "heart_speed": Physical("heart rate", "bpm", 1, _bpm),
        "ln_rmssd": Physical("beat-to-beat variability (RMSSD)", "ms", 1, _exp),
    }
)
"""Series (`calibration.baseline.INPUTS`) to how it is shown."""


class Equivalent(NamedTuple):
    """One reference SD of a series in a unit people know.

    Parameters
    ----------
    level : float
        The reference level.
    up, down : float
        Change from the level by one SD more and by one SD less, both in the unit and both positive; they differ
        because the series are logarithms or roots.
    """

    level: float
    up: float
    down: float


def equivalent(name: str, scale: Scale) -> Equivalent:
    """Tell what one reference SD of a series means at the reference level.

    Parameters
    ----------
    name : str
        A series of `PHYSICAL`.
    scale : Scale
        Its level and scale.

    Returns
    -------
    Equivalent
        In the unit of `PHYSICAL`; NaN where the scale is.

    Raises
    ------
    KeyError
        If there is no such series.
    """
    points = np.array([scale.mean - scale.sd, scale.mean, scale.mean + scale.sd])
    low, level, high = (float(value) for value in PHYSICAL[name].convert(points))
    return Equivalent(level, high - level, level - low)
