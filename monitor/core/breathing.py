"""Breathing rate derived from the electrocardiogram."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.breathing import FIRST_HZ, LENGTH_S, RATE_HZ, STEP_HZ, estimate_breathing
from monitor.core.results import NAN, Estimate, Reason, Status

_STATUS = (Status.OK, Status.LOW, Status.NA)
_REASON = (Reason.NONE, Reason.NO_DATA, Reason.GAP, Reason.TOO_FEW_BEATS, Reason.WARMUP, Reason.NOISE)
_KEPT_S = 100.0
_CAPACITY = 1024
_N_FREQUENCIES = 61


def _waves() -> NDArray[np.float64]:
    """Cosine and sine of 0.10, 0.11, ... 0.70 Hz sampled at 4 Hz."""
    frequencies_hz = FIRST_HZ + STEP_HZ * np.arange(_N_FREQUENCIES)
    angle = 2.0 * math.pi * np.outer(np.arange(int(LENGTH_S * RATE_HZ)), frequencies_hz) / RATE_HZ
    return np.stack([np.cos(angle), np.sin(angle)])


class BreathingWindow:
    """Breaths per minute over the last 30 s, from QRS amplitude and RR intervals.

    Both series carry the breath, each with errors of its own. Each is brought to 4 Hz with a natural cubic
    spline, detrended and tapered; its highest inner spectral maximum between 0.1 and 0.7 Hz is a guess. A
    rate is reported only where the two guesses agree within 0.03 Hz and lie below half the heart rate
    (`noise` otherwise), over at least 25 s without a hole above 2 s. Speech and sighs make them disagree;
    that is the intention.

    Notes
    -----
    Agreement of an amplitude and a timing series is one of the fusions compared in [1]_. Breathing above half
    the heart rate is aliased [2]_: the two series then agree on something slower, and nothing in them tells.
    Breathing below 6 per minute is outside the band and never reported.

    References
    ----------
    .. [1] Charlton, P. H., et al. (2016). An assessment of algorithms to estimate respiratory rate from the
       electrocardiogram and photoplethysmogram. Physiological Measurement 37(4), 610-626.
       doi:10.1088/0967-3334/37/4/610
    .. [2] Grossman, P., & Taylor, E. W. (2007). Toward understanding respiratory sinus arrhythmia. Biological
       Psychology 74(2), 263-285. doi:10.1016/j.biopsycho.2005.11.014
    """

    def __init__(self) -> None:
        self._beats = np.zeros((4, _CAPACITY))
        self._n = 0
        self._start_s = math.inf
        self._waves = _waves()
        self._scratch = np.zeros((5, _CAPACITY))
        self._bins = np.zeros((3, _N_FREQUENCIES))
        self._out = np.zeros(4)

    def extend(
        self,
        t_s: NDArray[np.float64],
        rr_ms: NDArray[np.float64],
        amplitude_uv: NDArray[np.float64],
        ok: NDArray[np.bool_],
    ) -> None:
        """Add beats.

        Parameters
        ----------
        t_s : ndarray of float64, shape (n,)
            Session times of the beats in seconds, ascending and later than all before.
        rr_ms : ndarray of float64, shape (n,)
            Interval that ends at each beat in milliseconds; NaN where none does.
        amplitude_uv : ndarray of float64, shape (n,)
            R minus S in microvolts; NaN where unknown (a source of intervals only).
        ok : ndarray of bool, shape (n,)
            Whether beat and interval are normal and usable.
        """
        n = len(t_s)
        if n == 0:
            return
        self._start_s = min(self._start_s, float(t_s[0]))
        if self._n + n > self._beats.shape[1]:
            self._make_room(n)
        part = slice(self._n, self._n + n)
        self._beats[0, part] = t_s
        self._beats[1, part] = rr_ms
        self._beats[2, part] = amplitude_uv
        self._beats[3, part] = ok
        self._n += n

    def at(self, end_s: float) -> Estimate:
        """Estimate the breathing rate of the window that ends at `end_s`.

        Parameters
        ----------
        end_s : float
            End of the window in session seconds, not more than a minute before the newest beat.

        Returns
        -------
        Estimate
            Breaths per minute, without a standard error. NA with `no_data` where there are no beats or no
            amplitudes, `warmup`, `gap`, `too_few_beats`, or `noise` where the two series disagree.
        """
        estimate_breathing(
            self._beats, self._n, end_s, self._start_s, self._waves, self._scratch, self._bins, self._out
        )
        value, status, reason, coverage = self._out.tolist()
        return Estimate(value, NAN, _STATUS[int(status)], _REASON[int(reason)], coverage)

    def _make_room(self, n: int) -> None:
        """Forget what the window can no longer reach, and grow where that is not enough."""
        times = self._beats[0, : self._n]
        first = int(np.searchsorted(times, times[-1] - _KEPT_S)) if self._n else 0
        kept = self._beats[:, first : self._n].copy()
        capacity = self._beats.shape[1]
        while capacity < 2 * (kept.shape[1] + n):
            capacity *= 2
        self._beats = np.zeros((4, capacity))
        self._beats[:, : kept.shape[1]] = kept
        self._scratch = np.zeros((5, capacity))
        self._n = kept.shape[1]
