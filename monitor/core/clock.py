"""From a sender's clock to the monitor's clock, causally, from the offsets measured so far."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.intake import to_session

_KEEP = 24
"""Offsets remembered: two minutes at one each five seconds."""

_MIN_SPAN_S = 45.0
"""Shorter histories give a drift dominated by the noise of single offsets; then their median is used."""

_MAX_DRIFT = 500e-6
"""Crystals drift by tens of parts per million; more is a fault of the measurement."""

_JUMP_S = 0.05
"""An offset further than this from the prediction is an outlier or a new clock, never drift."""


class OffsetMap:
    """Robust, causal mapping of raw stamps to the monitor's clock.

    A line is fitted through the last two minutes of offsets (Theil-Sen); only offsets already measured
    count, so that a replay maps each stamp as it was mapped live. One offset that jumps is ignored; a
    second that agrees with it means that the sender's clock was set anew, and the history starts over.
    """

    __slots__ = ("_collected", "_intercept", "_n", "_offsets", "_slope", "_suspect", "_x0", "resets")

    def __init__(self) -> None:
        self._collected: list[float] = []
        self._offsets: list[float] = []
        self._suspect: float | None = None
        self._n = 0
        self._x0 = 0.0
        self._intercept = 0.0
        self._slope = 0.0
        self.resets = 0

    @property
    def n_offsets(self) -> int:
        """Number of offsets measured, outliers included."""
        return self._n

    @property
    def median_offset_s(self) -> float:
        """Median of the offsets remembered; NaN while none was measured."""
        return float(np.median(self._offsets)) if self._offsets else float("nan")

    @property
    def drift_ppm(self) -> float:
        """Drift of the sender's clock in parts per million; NaN while the history is too short."""
        long_enough = bool(self._collected) and self._collected[-1] - self._collected[0] >= _MIN_SPAN_S
        return self._slope * 1e6 if long_enough else float("nan")

    @property
    def verified(self) -> bool:
        """Whether at least one offset was measured."""
        return bool(self._offsets)

    def update(self, collected_s: float, offset_s: float) -> None:
        """Take one measured offset.

        Parameters
        ----------
        collected_s : float
            When it was measured, on the sender's clock, in seconds.
        offset_s : float
            What to add to a raw stamp, in seconds. Offsets that are not finite are ignored.
        """
        if not (np.isfinite(collected_s) and np.isfinite(offset_s)):
            return
        self._n += 1
        if self._offsets and abs(offset_s - self.offset_at(collected_s)) > _JUMP_S:
            if self._suspect is None or abs(offset_s - self._suspect) > _JUMP_S:
                self._suspect = offset_s
                return
            self._collected.clear()
            self._offsets.clear()
            self.resets += 1
        self._suspect = None
        self._collected = [*self._collected[1 - _KEEP :], collected_s]
        self._offsets = [*self._offsets[1 - _KEEP :], offset_s]
        self._fit()

    def _fit(self) -> None:
        x = np.array(self._collected)
        y = np.array(self._offsets)
        self._x0 = float(x[-1])
        self._slope = 0.0
        if x[-1] - x[0] >= _MIN_SPAN_S:
            i, j = np.triu_indices(x.size, k=1)
            apart = x[j] != x[i]
            slopes = (y[j] - y[i])[apart] / (x[j] - x[i])[apart]
            self._slope = float(np.clip(np.median(slopes), -_MAX_DRIFT, _MAX_DRIFT))
        self._intercept = float(np.median(y - self._slope * (x - self._x0)))

    def offset_at(self, stamp_s: float) -> float:
        """Offset for one raw stamp.

        Parameters
        ----------
        stamp_s : float
            Raw stamp in seconds.

        Returns
        -------
        float
            Offset in seconds; 0.0 while none was measured.
        """
        return self._intercept + self._slope * (stamp_s - self._x0)

    def map(self, stamps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map raw stamps to the monitor's clock.

        Parameters
        ----------
        stamps : ndarray of float64, shape (n,)
            Raw stamps in seconds.

        Returns
        -------
        ndarray of float64, shape (n,)
            Stamps on the monitor's clock; unchanged while no offset was measured.
        """
        return stamps + (self._intercept + self._slope * (stamps - self._x0))

    def to_session(
        self, stamps: NDArray[np.float64], limits_s: tuple[float, float], origin_s: float
    ) -> NDArray[np.float64] | None:
        """Map raw stamps to session time if all of them are within limits.

        Parameters
        ----------
        stamps : ndarray of float64, shape (n,)
            Raw stamps in seconds; contiguous and writeable.
        limits_s : tuple of float
            First and last believable moment on the monitor's clock.
        origin_s : float
            Where session time begins, on the monitor's clock.

        Returns
        -------
        ndarray of float64, shape (n,), or None
            Session seconds; None where a stamp is outside the limits or no number.
        """
        out = np.empty(stamps.size)
        low_s, high_s = limits_s
        found = to_session(stamps, self._x0, self._intercept, self._slope, low_s, high_s, origin_s, out)
        return out if found else None
