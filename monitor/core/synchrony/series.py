"""One person's signals on the grid of session time, as far back as anything looks."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.synchrony_series import step_scale
from monitor.core.results import NAN
from monitor.core.synchrony.segments import KEEP_S, Segments
from monitor.core.synchrony.signals import GRID_HZ, SIGNALS, Signal

SERIES_S: Final = 4 * 3600.0
"""Signals are kept for four hours, for the methods that look at a whole session."""

_FEW: Final = 4096


_LEAST_BREATH_S: Final = 300
_BREATH_STEP_S: Final = 5


class Breath(NamedTuple):
    """How somebody breathes.

    Parameters
    ----------
    per_min : float
        Median rate.
    spread_per_min : float
        Scaled median absolute deviation from it.
    """

    per_min: float
    spread_per_min: float


BREATH_UNKNOWN: Final = Breath(NAN, NAN)


class GridSeries:
    """Samples on an even grid that begins at session time 0; the oldest are forgotten.

    Parameters
    ----------
    rate_hz : float
        Samples per second.
    """

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self._most = round(SERIES_S * rate_hz)
        self._values = np.full(_FEW, np.nan)
        self._first = 0
        self.stop = 0

    @property
    def first(self) -> int:
        """Index of the oldest sample kept."""
        return self._first

    def put(self, index: int, values: NDArray[np.float64]) -> None:
        """Add samples; what lies between them and the samples before is missing.

        Parameters
        ----------
        index : int
            Place of the first on the grid, not before `stop`.
        values : ndarray of float64, shape (n,)
            Samples; NaN where missing.
        """
        stop = index + values.size
        if index - self.stop >= self._most:
            self._values[:] = np.nan
            self._first = self.stop = index
        self._make_room(stop)
        self._values[index - self._first : stop - self._first] = values
        self.stop = stop

    def cut(self, start: int, stop: int) -> NDArray[np.float64]:
        """Return a stretch of the grid.

        Parameters
        ----------
        start, stop : int
            Half-open range on the grid.

        Returns
        -------
        ndarray of float64, shape (stop - start,)
            A copy; NaN where missing, and outside of what is kept.
        """
        out = np.full(stop - start, np.nan)
        low, high = max(start, self._first), min(stop, self.stop)
        if high > low:
            out[low - start : high - start] = self._values[low - self._first : high - self._first]
        return out

    def _make_room(self, stop: int) -> None:
        if stop - self._first <= self._values.size:
            return
        if self._values.size < 2 * self._most:
            larger = np.full(max(2 * self._values.size, 2 * (stop - self._first)), np.nan)
            larger[: self._values.size] = self._values
            self._values = larger
            return
        first = max(stop - self._most, self._first)
        kept = self.cut(first, self.stop) if self.stop > first else np.empty(0)
        self._values = np.full(2 * self._most, np.nan)
        self._values[: kept.size] = kept
        self._first = first


class PersonSeries:
    """The signals of one person and their segments.

    Parameters
    ----------
    segment_s : float
        Length of a segment of the fast signals.
    lag_s : float
        Longest lag.
    """

    def __init__(self, *, segment_s: float, lag_s: float) -> None:
        self.raw = {signal.name: GridSeries(signal.rate_hz) for signal in SIGNALS}
        self._samples = GridSeries(GRID_HZ)
        self._breathing = GridSeries(1.0)
        self._breath = (0, BREATH_UNKNOWN)
        self._noise_gain = 0.0
        self.segments = {
            signal.name: Segments(
                round(segment_s * signal.segment_factor * signal.rate_hz),
                round(lag_s * signal.rate_hz),
                1.0 / signal.rate_hz,
                keep=round(KEEP_S / (segment_s * signal.segment_factor)),
            )
            for signal in SIGNALS
        }
        self.seen: set[str] = set()

    def push(
        self,
        index: int,
        eda: NDArray[np.float64] | None,
        noise_gain: float,
        intervals_ms: NDArray[np.float64] | None,
    ) -> None:
        """Take a stretch of the fast signals, final.

        Parameters
        ----------
        index : int
            Place of the first sample on the 4-Hz grid.
        eda : ndarray of float64, shape (2, n), or None
            Filtered level and untouched samples in uS.
        noise_gain : float
            What the filters leave of the noise of untouched samples.
        intervals_ms : ndarray of float64, shape (n,), or None
            Intervals between beats.
        """
        if eda is not None:
            self._put("eda", index, eda[0])
            self._samples.put(index, eda[1])
            self._noise_gain = noise_gain
        if intervals_ms is not None:
            self._put("ibi", index, intervals_ms)

    def note(self, index: int, ln_rmssd: NDArray[np.float64], breathing_per_min: NDArray[np.float64]) -> None:
        """Take a stretch of the slow markers.

        Parameters
        ----------
        index : int
            Place of the first on the grid of seconds; place 0 is the window that ends at second 1.
        ln_rmssd : ndarray of float64, shape (n,)
            Vagal index in ln ms; NaN where missing.
        breathing_per_min : ndarray of float64, shape (n,)
            Breathing rate; NaN where missing.
        """
        self._put("ln_rmssd", index, ln_rmssd)
        self._breathing.put(index, breathing_per_min)

    def breath_until(self, second: int) -> Breath:
        """Tell how the person has breathed in the session so far.

        Parameters
        ----------
        second : int
            Grid second.

        Returns
        -------
        Breath
            Over at most two hours; NaN with fewer than five minutes known.
        """
        if self._breath[0] != second:
            # Windows of 30 s overlap: every fifth tells as much.
            rates = self._breathing.cut(max(0, second - round(KEEP_S)), second)[::_BREATH_STEP_S]
            rates = rates[np.isfinite(rates)]
            found = BREATH_UNKNOWN
            if rates.size * _BREATH_STEP_S >= _LEAST_BREATH_S:
                middle = float(np.median(rates))
                found = Breath(middle, 1.4826 * float(np.median(np.abs(rates - middle))))
            self._breath = (second, found)
        return self._breath[1]

    def _put(self, name: str, index: int, values: NDArray[np.float64]) -> None:
        self.raw[name].put(index, values)
        if name not in self.seen and np.isfinite(values).any():
            self.seen.add(name)

    def close(self, signal: Signal, index: int) -> None:
        """Cut and prepare a segment; it must be the next.

        Parameters
        ----------
        signal : Signal
            Which signal.
        index : int
            Place of the segment in the session.
        """
        segments = self.segments[signal.name]
        start, stop = index * segments.n, (index + 1) * segments.n
        # The preparation sees the same surroundings here as in the whole series, so its values are the same.
        margin = round(signal.margin_s * signal.rate_hz) + 1
        raw = self.raw[signal.name].cut(max(start - margin, 0), stop + margin)
        offset = start - max(start - margin, 0)
        noise = signal.slope_noise * self._noise(start, stop) if signal.slope_noise else 0.0
        segments.add(signal.prepare(raw)[offset : offset + segments.n].copy(), noise)

    def _noise(self, start: int, stop: int) -> float:
        """Noise of the filtered level: 1.4826 times the MAD of the first differences of untouched samples."""
        return self._noise_gain * step_scale(self._samples.cut(start, stop)) / float(np.sqrt(2.0))
