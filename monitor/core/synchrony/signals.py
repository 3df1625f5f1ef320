"""The signals whose synchrony is looked at, and how each is prepared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.synchrony.pair import Choices
from monitor.core.synchrony.prepare import (
    SLOPE_HALF_S,
    TREND_HALF_S,
    detrended,
    differences,
    slopes,
)

GRID_HZ: Final = 4.0
"""Rate of skin conductance and of intervals between beats."""

_SLOPE_NOISE: Final = 0.2
"""SD of slopes over 5 s for noise of SD 1 below 1 Hz, per second: 0.144 for white noise, and what is left of it
lies at half the frequencies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal of the registry.

    Parameters
    ----------
    name : str
        As in the tables.
    title : str
        For a reader.
    unit : str
        Of the signal itself.
    prepared_unit : str
        Of the series that is correlated, with what was done.
    rate_hz : float
        Of its grid.
    segment_factor : float
        Segments are so many times as long as chosen in the settings.
    margin_s : float
        How much beyond the end of a segment its preparation looks.
    recent : bool
        Whether the recent, weighted statistic is given too.
    prepare : callable
        From the signal on its grid to the series that is correlated.
    breathed : bool
        Whether breathing is in the signal: two steady rhythms of one rate are alike by themselves.
    slope_noise : float
        SD of the prepared series for noise of SD 1 in the signal; 0 where noise is not judged.
    """

    name: str
    title: str
    unit: str
    prepared_unit: str
    rate_hz: float
    segment_factor: float
    margin_s: float
    recent: bool
    prepare: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    breathed: bool = False
    slope_noise: float = 0.0


SIGNALS: Final[tuple[Signal, ...]] = (
    Signal(
        name="eda",
        title="skin conductance, slopes over 5 s",
        unit="uS",
        prepared_unit="uS/s (slope over 5 s)",
        rate_hz=GRID_HZ,
        segment_factor=1.0,
        margin_s=SLOPE_HALF_S,
        recent=True,
        prepare=slopes,
        slope_noise=_SLOPE_NOISE,
    ),
    Signal(
        name="ibi",
        title="intervals between beats, without their course over 60 s",
        unit="ms",
        prepared_unit="ms (minus the line of the 60 s around)",
        rate_hz=GRID_HZ,
        segment_factor=1.0,
        margin_s=TREND_HALF_S,
        recent=True,
        prepare=detrended,
        breathed=True,
    ),
    Signal(
        name="ln_rmssd",
        title="vagal index (30 s), differences from second to second",
        unit="ln ms",
        prepared_unit="ln ms (difference to the second before)",
        rate_hz=1.0,
        # Each value already spans 30 s: shorter segments hold next to nothing of their own.
        segment_factor=4.0,
        margin_s=0.0,
        recent=False,
        prepare=differences,
    ),
)
"""All signals, in the order of the tables."""

BY_NAME: Final[Mapping[str, Signal]] = MappingProxyType({signal.name: signal for signal in SIGNALS})
"""All signals by name."""


def choices_for(name: str, choices: Choices) -> Choices:
    """Return the choices for one signal: slow signals have longer segments.

    Parameters
    ----------
    name : str
        Name of the signal.
    choices : Choices
        As chosen for the fast signals.

    Returns
    -------
    Choices
        With the segments of this signal.
    """
    return replace(choices, segment_s=BY_NAME[name].segment_factor * choices.segment_s)
