"""Electrodermal activity of one person: tonic level, responses, phasic driver and their quality."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from monitor.core.eda_estimates import EDA_MARKERS, REASON_OF_CODE, eda_estimates
from monitor.core.kernels import eda_layout as at
from monitor.core.kernels.eda import eda_push, end_recording
from monitor.core.kernels.eda_read import READ_WIDTH, eda_read, read_points
from monitor.core.results import NAN, Estimate, Reason, missing

LOWPASS_HZ: Final = 1.0
LOWPASS_DELAY_S: Final = 0.23
SLOWEST_FILTERED_HZ: Final = 6.0
# Standard deviation of white noise behind a median of 3; below 1 Hz that median lets a little more through.
MEDIAN_NOISE_GAIN: Final = 0.67
MEDIAN_LOW_NOISE_GAIN: Final = 1.1
SLOWEST_HZ: Final = 2.0
FASTEST_HZ: Final = 1000.0


class Scr(NamedTuple):
    """One complete skin conductance response.

    Parameters
    ----------
    t_onset_s, t_peak_s : float
        Trough and peak in session seconds, the delay of the low-pass subtracted.
    amplitude_us : float
        Peak minus trough, in uS.
    rise_s : float
        From onset to peak.
    half_recovery_s : float
        From the peak to half the amplitude; NaN when another response, an artefact, a
        hole or 20 s came first.
    """

    t_onset_s: float
    t_peak_s: float
    amplitude_us: float
    rise_s: float
    half_recovery_s: float


class RevokedSpan(NamedTuple):
    """Seconds already answered for that later samples showed to be unusable.

    Parameters
    ----------
    start_s, stop_s : float
        ``[start_s, stop_s)`` in session seconds. Responses that peaked in it are withdrawn too.
    reason : Reason
        What was seen.
    """

    start_s: float
    stop_s: float
    reason: Reason


class EdaEvents(NamedTuple):
    """What one push completed.

    Parameters
    ----------
    scrs : list of Scr
        Responses whose recovery is over, in order of onset.
    revoked : list of RevokedSpan
        Retrospective padding of artefacts.
    """

    scrs: list[Scr]
    revoked: list[RevokedSpan]


def _params(rate_hz: float) -> NDArray[np.float64]:
    """Design the stage for one sampling rate."""
    params = np.zeros(at.N_PARAMS)
    params[at.HOLE_S] = max(1.0, 4.0 / rate_hz)
    # One sample for the median of 3, one for the interpolation to the grid of points.
    params[at.LATENCY_S] = 2.0 / rate_hz
    params[at.NOISE_GAIN] = MEDIAN_NOISE_GAIN
    if rate_hz >= SLOWEST_FILTERED_HZ:
        sos = signal.butter(2, LOWPASS_HZ, btype="lowpass", fs=rate_hz, output="sos")
        params[[at.B0, at.B1, at.B2, at.A1, at.A2]] = sos[0, [0, 1, 2, 4, 5]]
        params[[at.SETTLED_0, at.SETTLED_1]] = signal.sosfilt_zi(sos)[0]
        impulse = np.zeros(int(10.0 * rate_hz))
        impulse[0] = 1.0
        params[at.NOISE_GAIN] = MEDIAN_LOW_NOISE_GAIN * np.linalg.norm(signal.sosfilt(sos, impulse))
        params[at.FILTERED] = 1.0
        params[at.DELAY_S] = LOWPASS_DELAY_S
    return params


def _contiguous(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the array in the one form the kernels are compiled for."""
    array = np.ascontiguousarray(x, dtype=np.float64)
    return array if array.flags.writeable else array.copy()


def _events(rows: NDArray[np.float64]) -> EdaEvents:
    """Name the event rows of a kernel."""
    events = EdaEvents([], [])
    for kind, a, b, c, d, e in rows.tolist():
        if kind == at.SCR_EVENT:
            events.scrs.append(Scr(a, b, c, d, e))
        else:
            events.revoked.append(RevokedSpan(a, b, REASON_OF_CODE[int(c)]))
    return events


class EdaStage:
    """Electrodermal stage of one person, causal and independent of how the stream was cut.

    A median of 3 removes single spikes, a causal 1-Hz Butterworth low-pass of 2nd order follows (none below
    6 Hz), then everything is done on points at multiples of 0.25 s of session time.

    Parameters
    ----------
    rate_hz : float
        Sampling rate, 2 to 1000 Hz. Used for the filter design and for what counts as a hole (a step of more
        than 1 s and of more than 4 periods); every duration comes from the stamps.

    Raises
    ------
    ValueError
        If the rate is outside 2 to 1000 Hz.

    Notes
    -----
    Quality follows Kleckner et al. (2018) [1]_: range 0.05 to 60 uS, slope below 10 uS/s, 5 s of padding on
    both sides, the backward half as `EdaEvents.revoked`. Added to it:

    - slopes above 3 uS/s for more than 5 % of a window make its value LOW;
    - constant for 5 s is a flat line; longer, up to 60 s, where coarse quantisation makes repeats usual: 30
      times the mean pause between changes;
    - movement is a fall within one second of 20 % (and 0.1 uS), or of 4 % (and 0.05 uS) that undoes more
      than three quarters of the rise of the 30 s before, or a peak sharper than 8 times the scaled median
      absolute second difference of the last minute (and 0.03 uS, 3 %, 110 % of that rise). Tuned on a wrist
      recording labelled by three experts, under the condition that no response of laboratory recordings or
      of simulated ones, NeuroKit's abrupt ones included, triggers it.

    Responses are found trough to peak [2]_ with the threshold ``max(0.05 uS, 5 sigma)``, where sigma is the
    scaled MAD of the first differences at 4 Hz over the trailing 60 s, divided by the square root of 2 and
    scaled to what the low-pass leaves of white noise. The trough is the lowest point of the last 5 s; the
    onset is where the level last left it by a fifth of the threshold. A response is counted at its
    confirmation, some 2 s after its onset. The phasic driver is the inverse of the two-exponential response
    with 0.75 and 2.0 s [3]_, above the tonic level, clipped at zero: a relative index.

    References
    ----------
    .. [1] Kleckner, I. R., et al. (2018). Simple, transparent, and flexible automated quality assessment
       procedures for ambulatory electrodermal activity data. IEEE Trans. Biomed. Eng. 65(7), 1460-1467.
       doi:10.1109/TBME.2017.2758643
    .. [2] Society for Psychophysiological Research Ad Hoc Committee on Electrodermal Measures (2012).
       Publication recommendations for electrodermal measurements. Psychophysiology 49, 1017-1034.
       doi:10.1111/j.1469-8986.2012.01384.x
    .. [3] Benedek, M., & Kaernbach, C. (2010). A continuous measure of phasic electrodermal activity.
       J. Neurosci. Methods 190, 80-91. doi:10.1016/j.jneumeth.2010.04.028
    """

    __slots__ = ("_event_rows", "_params", "_read", "_ring", "_scrs", "_state")

    def __init__(self, rate_hz: float) -> None:
        if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
            raise ValueError(
                f"EDA at {rate_hz:g} Hz: the rate must be {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz; "
                "check the declared rate of the stream"
            )
        self._params = _params(rate_hz)
        self._state = np.zeros(at.N_STATE)
        self._ring = np.zeros((at.RING, at.POINT_WIDTH))
        self._scrs = np.zeros((at.SCR_RING, at.SCR_WIDTH))
        self._event_rows = np.zeros((at.EVENT_ROWS, at.EVENT_WIDTH))
        self._read = np.zeros(READ_WIDTH)
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next sample is the first."""
        state = self._state
        state[:] = 0.0
        state[[at.FIRST_S, at.FIRST_POINT, at.BIN_MIN]] = at.NEVER
        state[[at.PAD_UNTIL_S, at.LAST_PEAK_S, at.BIN_MAX]] = -at.NEVER
        state[at.SCL_NOW] = NAN
        state[at.PENDING] = -1.0
        self._ring[:] = 0.0
        self._ring[:, at.INDEX] = -at.NEVER

    def push(self, stamps_s: NDArray[np.float64], microsiemens: NDArray[np.float64]) -> EdaEvents:
        """Take the next samples.

        Parameters
        ----------
        stamps_s : ndarray of float64, shape (n,)
            Session seconds, strictly increasing, also from one call to the next.
        microsiemens : ndarray of float64, shape (n,)
            Conductance in uS, finite.

        Returns
        -------
        EdaEvents
            Responses completed and spans revoked by these samples.
        """
        stamps = _contiguous(stamps_s)
        values = _contiguous(microsiemens)
        rows = self._event_rows
        start, n = eda_push(stamps, values, 0, self._params, self._state, self._ring, self._scrs, rows)
        events = _events(rows[:n])
        while start < stamps.size:
            start, n = eda_push(
                stamps, values, start, self._params, self._state, self._ring, self._scrs, rows
            )
            more = _events(rows[:n])
            events.scrs.extend(more.scrs)
            events.revoked.extend(more.revoked)
        return events

    def finish(self) -> EdaEvents:
        """Hand out the response whose recovery was still awaited when the recording ended.

        Returns
        -------
        EdaEvents
            At most one response, without half recovery.
        """
        n = end_recording(self._state, self._scrs, self._event_rows)
        return _events(self._event_rows[:n])

    @property
    def noise_gain(self) -> float:
        """What filters leave of the noise of untouched samples."""
        return float(self._params[at.NOISE_GAIN])

    def points_at(self, first: int, n: int, end_s: float) -> NDArray[np.float64]:
        """Return points of the 4-Hz grid of session time, for synchrony.

        Parameters
        ----------
        first : int
            The first point; point k stands at ``0.25 k`` seconds.
        n : int
            How many.
        end_s : float
            Session seconds; what became known later is not used. At most 60 s after the points.

        Returns
        -------
        ndarray of float64, shape (2, n)
            Filtered level and untouched sample in uS; NaN where missing or unusable.
        """
        out = np.empty((2, n))
        read_points(self._state, self._params, self._ring, first, end_s, out)
        return out

    def at(self, end_s: float) -> dict[str, Estimate]:
        """Answer all markers for the windows that end at `end_s`.

        Parameters
        ----------
        end_s : float
            Session seconds. Only samples stamped up to `end_s` have an influence, whatever was pushed since;
            at most 60 s of later samples may have been pushed.

        Returns
        -------
        dict of str to Estimate
            ``scl_us`` (uS), ``ln_scl``, ``scr_per_min``, ``scr_rate_z`` (``2 sqrt(n + 3/8)`` with n per 60 s,
            of standard error 1), ``scr_sum_us`` (uS/min) and ``eda_phasic`` (mean of the driver over 5 s).
        """
        read = self._read
        if not eda_read(self._state, self._params, self._ring, self._scrs, float(end_s), read):
            nothing = missing(Reason.NO_DATA)
            return dict.fromkeys(EDA_MARKERS, nothing)
        return eda_estimates(read.tolist())
