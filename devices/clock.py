"""When a sample was taken: the clock of a wearable mapped to that of the bridge, by the least delay of its frames."""

import math
from collections import deque
from itertools import combinations
from statistics import median

import numpy as np
from numpy.typing import NDArray

_BIN_S = 10.0
_N_BINS = 18
_LINE_BINS = 3
_EARLY_S = 60.0
_DRIFT_MOST = 1e-3
# Over less than that the jitter of the minima makes a steeper line than the crystals of these devices.
_DRIFT_EARLY, _DRIFT_EARLY_S = 2e-4, 35.0
# Ahead of the frames that arrived soonest nothing can have been measured: that is corrected quickly, but, short of
# fifths of a second, no sample is moved against the one before it by more than 0.15 ms at 130 Hz.
_SLEW, _SLEW_UP_EARLY, _SLEW_DOWN_EARLY = 2e-4, 1e-3, 0.02
_FAR_S = 0.02
_FAR_TAU_S, _SLEW_MOST = 10.0, 0.5
_TAU_S = 5.0
_JUMP_S = 5.0
_NEXT_S = 1e-6


class DeviceClock:
    """Clock of one stream of one device, mapped to the bridge's clock; drift and jitter of arrival taken out.

    What arrives is late by a constant, by something random that is never negative, and now and then by seconds.
    The least delay in each ten seconds of arrivals tells of the constant; a line through these minima over three
    minutes, its slope the median of all slopes [1]_, of the drift. The mapping follows that line by at most
    200 ppm, so that steps between samples are those of the device. In the first minute, also after frames came more
    than 20 ms sooner than the line allows, it may move faster: by 2 % towards earlier stamps, and by up to a half
    where seconds are missing.

    The constant part of the delay is not observable and stays in the stamps.

    Notes
    -----
    Each stream of a device needs a clock of its own: frames of two streams are not in the order of their stamps.
    The stamps depend on the frames observed and on the device times given, not on how these are cut into calls.
    A delay that grows without end is not followed, so that `delay_s` tells of it.

    References
    ----------
    .. [1] Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the
       American Statistical Association 63(324), 1379-1389. doi:10.1080/01621459.1968.10480934
    """

    __slots__ = (
        "_arrived_s", "_bin_s", "_bins", "_first_arrival_s", "_least", "_line", "_newest_s", "_offset_s", "_origin_s",
        "_rate", "_stamped_s", "_started",
    )  # fmt: skip

    def __init__(self) -> None:
        self._stamped_s = -math.inf
        self._bins: deque[tuple[float, float]] = deque(maxlen=_N_BINS)
        self.restart()

    def restart(self) -> None:
        """Forget the estimate, as after a reconnect; stamps still never step back."""
        self._started = False
        self._bins.clear()
        self._line: tuple[float, float] | None = None
        self._least = (0.0, math.inf)
        self._origin_s = self._newest_s = self._arrived_s = self._first_arrival_s = self._bin_s = 0.0
        self._offset_s = self._rate = 0.0

    def observe(self, device_s: float, arrival_s: float) -> bool:
        """Take note of a frame, before its samples are stamped.

        Parameters
        ----------
        device_s : float
            Device time of its last sample in seconds, from any origin.
        arrival_s : float
            When it arrived, in seconds of the bridge's clock.

        Returns
        -------
        bool
            Whether the estimate was started anew: at the first frame, where the device's clock went back, and where
            it leapt ahead of ours by more than 5 s.

        Raises
        ------
        ValueError
            If a time is not finite.
        """
        if not (math.isfinite(device_s) and math.isfinite(arrival_s)):
            raise ValueError(f"a frame of device time {device_s} arrived at {arrival_s}: both must be finite")
        at_s = device_s - self._origin_s
        delay_s = arrival_s - at_s
        leapt = self._started and (at_s < self._newest_s or delay_s < self._expected(at_s) - _JUMP_S)
        if not self._started or leapt:
            self._start(device_s, arrival_s)
            return True
        if delay_s < self._expected(at_s) - _FAR_S:
            # All frames before were late, and so were their minima.
            self._begin_bins(at_s, delay_s, arrival_s)
        elif arrival_s >= self._bin_s + _BIN_S:
            self._close_bin()
            self._least = (at_s, delay_s)
            self._bin_s = arrival_s
        elif delay_s < self._least[1]:
            self._least = (at_s, delay_s)
        self._advance(at_s, arrival_s)
        return False

    def stamps(self, device_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map device times to the bridge's clock.

        Parameters
        ----------
        device_s : ndarray of float64, shape (n,)
            Device times of the samples in seconds, ascending, up to that of the newest frame observed.

        Returns
        -------
        ndarray of float64, shape (n,)
            Stamps in seconds, strictly ascending over all calls, restarts included: a sample mapped to before the
            one given out last comes a microsecond after it.

        Raises
        ------
        ValueError
            If no frame was observed since the start or restart.
        """
        if not self._started:
            raise ValueError("no frame was observed yet: observe the frame before its samples are stamped")
        if not device_s.size:
            return np.empty(0)
        at_s = device_s - self._origin_s
        mapped: NDArray[np.float64] = at_s + (self._offset_s + self._rate * (at_s - self._newest_s))
        if not (mapped[0] > self._stamped_s and bool(np.all(mapped[1:] > mapped[:-1]))):
            last = self._stamped_s
            for i, stamp in enumerate(mapped.tolist()):
                last = mapped[i] = stamp if stamp > last else last + _NEXT_S
        self._stamped_s = float(mapped[-1])
        return mapped

    @property
    def delay_s(self) -> float:
        """How much later the newest frame arrived than the soonest ones do; NaN before the first.

        Returns
        -------
        float
            Arrival minus mapped time of the newest frame, in seconds.
        """
        return self._arrived_s - (self._newest_s + self._offset_s) if self._started else math.nan

    @property
    def drift(self) -> float:
        """Estimated rate of the device's clock against ours, minus 1.

        Returns
        -------
        float
            Positive where the device's clock runs fast; 0.0 until known, after half a minute.
        """
        return 1.0 / (1.0 + self._line[0]) - 1.0 if self._line is not None else 0.0

    def _start(self, device_s: float, arrival_s: float) -> None:
        self.restart()
        self._started = True
        self._origin_s = device_s
        self._arrived_s = arrival_s
        self._offset_s = arrival_s
        self._begin_bins(0.0, arrival_s, arrival_s)

    def _begin_bins(self, at_s: float, delay_s: float, arrival_s: float) -> None:
        self._bins.clear()
        self._line = None
        self._least = (at_s, delay_s)
        self._bin_s = self._first_arrival_s = arrival_s

    def _close_bin(self) -> None:
        """Fit the line once more, with the minimum of the bin that is over."""
        self._bins.append(self._least)
        while self._bins[-1][0] - self._bins[0][0] > _N_BINS * _BIN_S:
            self._bins.popleft()
        if len(self._bins) < _LINE_BINS:
            return
        slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(self._bins, 2) if b[0] > a[0])
        most = _DRIFT_MOST if self._bins[-1][0] - self._bins[0][0] >= _DRIFT_EARLY_S else _DRIFT_EARLY
        slope = max(-most, min(most, median(slopes))) if slopes else 0.0
        # A delay is only ever added: of the minima the lower ones are nearer to the truth.
        rest_s = sorted(delay_s - slope * at_s for at_s, delay_s in self._bins)
        self._line = (slope, rest_s[len(rest_s) // 4])

    def _expected(self, at_s: float) -> float:
        """Least delay to be expected at a device time."""
        if self._line is not None:
            return self._line[1] + self._line[0] * at_s
        return min(self._least[1], min((delay for _, delay in self._bins), default=math.inf))

    def _advance(self, at_s: float, arrival_s: float) -> None:
        """Move the offset of the newest frame towards the line, no faster than allowed."""
        step_s = at_s - self._newest_s
        self._arrived_s = arrival_s
        if step_s <= 0.0:
            return
        drift = self._line[0] if self._line is not None else 0.0
        ahead = self._offset_s + drift * step_s
        missing = self._expected(at_s) - ahead
        if arrival_s - self._first_arrival_s < _EARLY_S:
            down = min(_SLEW_MOST, max(_SLEW_DOWN_EARLY, -missing / _FAR_TAU_S))
            up, share = _SLEW_UP_EARLY, 1.0
        else:
            down, up, share = _SLEW, _SLEW, min(1.0, step_s / _TAU_S)
        move = min(max(share * missing, -down * step_s), up * step_s)
        self._rate = drift + move / step_s
        self._newest_s = at_s
        self._offset_s = ahead + move
