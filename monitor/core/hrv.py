"""Heart rate and heart rate variability at a grid second."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.hrv import estimate_heart, store_beats
from monitor.core.kernels.hrv_survey import N_ROWS
from monitor.core.kernels.ibi import interpolate_intervals
from monitor.core.results import Estimate, Reason, Status
from monitor.core.rr import RrIntervals

HEART_MARKERS: tuple[str, ...] = (
    "hr_bpm",
    "heart_speed",
    "ln_rmssd",
    "rmssd_ms",
    "ln_rmssd_60s",
    "sdnn_ms",
    "ln_hf_60s",
)
"""What `HeartWindows.at` estimates, in its order."""

HEART_WINDOW_S: dict[str, float] = {
    "hr_bpm": 15.0,
    "heart_speed": 15.0,
    "ln_rmssd": 30.0,
    "rmssd_ms": 30.0,
    "ln_rmssd_60s": 60.0,
    "sdnn_ms": 60.0,
    "ln_hf_60s": 60.0,
}
"""Length of the window of each marker in seconds."""

_STATUS = (Status.OK, Status.LOW, Status.NA)
_REASON = (
    Reason.NONE,
    Reason.NO_DATA,
    Reason.GAP,
    Reason.TOO_FEW_BEATS,
    Reason.TOO_MANY_CORRECTED_BEATS,
    Reason.ARRHYTHMIA_SUSPECTED,
    Reason.WARMUP,
    Reason.ZERO_VARIANCE,
)
_KEPT_S = 130.0
_CAPACITY = 1024
_N_SPECTRUM = 240
_BINS = np.arange(9, 25)


def _waves() -> NDArray[np.float64]:
    """Cosine and sine of the bins at k/60 Hz from 0.15 to 0.40 Hz, sampled at 4 Hz."""
    angle = 2.0 * math.pi * (np.outer(np.arange(_N_SPECTRUM), _BINS) % _N_SPECTRUM) / _N_SPECTRUM
    return np.stack([np.cos(angle), np.sin(angle)])


class HeartWindows:
    """The last two minutes of intervals, and the heart markers of any second within them.

    A window ``[end - length, end)`` holds the intervals whose ending beat falls into it, as far as they have
    been given. Each is computed afresh from its intervals.

    =============== ======== ==============================================================================
    marker          window   what
    =============== ======== ==============================================================================
    `hr_bpm`        15 s     60000 / mean of the corrected intervals
    `heart_speed`   15 s     -ln(mean interval in seconds)
    `ln_rmssd`      30 s     ln of the root mean square of successive NN differences in ms
    `rmssd_ms`      30 s     the same without the logarithm
    `ln_rmssd_60s`  60 s     the slow companion
    `sdnn_ms`       60 s     standard deviation of NN intervals (divisor n - 1)
    `ln_hf_60s`     60 s     ln of the power in ms² between 0.15 and 0.40 Hz: natural cubic spline through
                             the NN intervals to 4 Hz, linear detrend, Hann taper, sum of the bins k/60 Hz
    =============== ======== ==============================================================================

    Notes
    -----
    *Coverage* is the time within NN intervals (for heart rate: within intervals that are valid
    after correction) over the length of the window. The newest beats are still undecided when a window
    closes; up to three intervals and one second after the last decided beat are therefore taken out of both
    sides of the ratio.

    *Corrected share* is the number of classified beats over all intervals, where the two intervals that share
    one misplaced beat count once.

    *Status*, first match wins. Variability: `no_data` (no beat in the window); `arrhythmia_suspected` (three
    ectopic beats among ten; ten differences above 20 % of the interval in alternating direction; quartile
    deviation of the absolute differences of the last 60 s above 0.15 of the median interval);
    `too_many_corrected_beats` (share above 0.2); fewer than 10 differences, less than half of those expected
    or coverage below 0.5: NA with `warmup` where the data began inside the window, else `gap` where more than
    2 s are without any interval, else `too_few_beats`; `zero_variance`. LOW: share above 0.05, then fewer
    than 20 differences, less than two thirds of those expected or coverage below 0.8. Heart rate needs 8
    beats and coverage, and stays when the rhythm is irregular, then from the intervals as they came; a share
    above 0.2 otherwise makes it LOW. `ln_hf_60s` also needs the whole minute and no hole above 2 s.

    *Standard errors* are measurement uncertainty, not that of the state: half the Newey-West long-run
    standard error (five lags, at least a quarter of the variance) of the squared differences over their mean.
    """

    def __init__(self) -> None:
        self._beats = np.zeros((N_ROWS, _CAPACITY))
        self._n = 0
        self._start_s = math.inf
        self._waves = _waves()
        self._scratch = np.zeros((5, _CAPACITY))
        self._bins = np.zeros((3, len(_BINS)))
        self._out = np.zeros((len(HEART_MARKERS), 5))

    def extend(self, intervals: RrIntervals) -> None:
        """Add intervals that have been decided.

        Parameters
        ----------
        intervals : RrIntervals
            Later than all before, in ascending time.
        """
        n = len(intervals.t_s)
        if n == 0:
            return
        if self._n == 0 and self._start_s == math.inf:
            self._start_s = float(intervals.t_s[0])
        self._make_room(n)
        store_beats(
            np.ascontiguousarray(intervals.t_s),
            np.ascontiguousarray(intervals.rr_ms),
            np.ascontiguousarray(intervals.corrected_ms),
            np.ascontiguousarray(intervals.code),
            np.ascontiguousarray(intervals.nn),
            np.ascontiguousarray(intervals.pair),
            np.ascontiguousarray(intervals.known_s),
            self._beats,
            self._n,
        )
        self._n += n

    def at(self, end_s: float, *, warming: bool = False) -> dict[str, Estimate]:
        """Estimate every heart marker for windows that end at `end_s`.

        Parameters
        ----------
        end_s : float
            End of the windows in session seconds, not more than a minute before the newest beat.
        warming : bool, default False
            Whether beats have been seen but none decided yet; the reason is then `warmup`, not `no_data`.

        Returns
        -------
        dict of str to Estimate
            Keys as `HEART_MARKERS`.
        """
        estimate_heart(
            self._beats,
            self._n,
            end_s,
            self._start_s,
            warming,
            self._waves,
            self._scratch,
            self._bins,
            self._out,
        )
        new = tuple.__new__
        return {
            name: new(Estimate, (value, se, _STATUS[int(status)], _REASON[int(reason)], coverage))
            for name, (value, se, status, reason, coverage) in zip(
                HEART_MARKERS, self._out.tolist(), strict=True
            )
        }

    def intervals_at(self, first_s: float, step_s: float, n: int, end_s: float) -> NDArray[np.float64]:
        """Interpolate the intervals between beats at evenly spaced times, for synchrony.

        Parameters
        ----------
        first_s : float
            The first time in session seconds.
        step_s : float
            From one time to the next.
        n : int
            How many times.
        end_s : float
            Only intervals that were settled by a beat until then are used.

        Returns
        -------
        ndarray of float64, shape (n,)
            Intervals in ms; NaN where NN intervals are further apart than 2 s.
        """
        out = np.empty(n)
        interpolate_intervals(self._beats, self._n, first_s, step_s, end_s, out)
        return out

    def _make_room(self, n: int) -> None:
        """Forget what no window can reach any more, and grow where that is not enough."""
        capacity = self._beats.shape[1]
        if self._n + n <= capacity:
            return
        times = self._beats[0, : self._n]
        first = int(np.searchsorted(times, times[-1] - _KEPT_S)) if self._n else 0
        kept = self._beats[:, first : self._n].copy()
        needed = kept.shape[1] + n
        while capacity < 2 * needed:
            capacity *= 2
        self._beats = np.zeros((N_ROWS, capacity))
        self._beats[:, : kept.shape[1]] = kept
        self._scratch = np.zeros((5, capacity))
        self._n = kept.shape[1]
