"""R peaks of a running ECG, with refined times and a quality gate."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.ecg_design import new_state
from monitor.core.ecg_quality import EcgVerdicts, QualityGate, gather
from monitor.core.kernels import ecg_state as st
from monitor.core.kernels.ecg import advance

# A beat is confirmed when the stretch above the threshold has ended: at most this much after the R peak.
QRS_END_S = 0.15


def _plain(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the array the kernels were compiled for: strided or read-only, it would compile them anew."""
    flags = x.flags
    if x.dtype == np.float64 and flags.c_contiguous and flags.writeable:
        return x
    return np.array(x, dtype=np.float64)


class EcgBeats(NamedTuple):
    """R peaks in ascending time.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Refined time of the R peak on the axis of the stamps, in seconds.
    amplitude_uv : ndarray of float64, shape (n,)
        R minus S of the 0.5-40 Hz signal, in microvolts.
    usable : ndarray of bool, shape (n,)
        Whether the quality gate was open when the beat was confirmed.
    whole : ndarray of bool, shape (n,)
        Whether nothing came between this beat and the previous one (hole, closing or opening of the gate,
        turned polarity), so that an interval that ends here is real.
    refined : ndarray of bool, shape (n,)
        Whether the parabola was possible.
    late : ndarray of bool, shape (n,)
        Whether the beat was found by searching back.
    outlier : ndarray of bool, shape (n,)
        Whether the amplitude is outside 0.3 to 3 times the median of the eight beats before; a flag only.
    """

    t_s: NDArray[np.float64]
    amplitude_uv: NDArray[np.float64]
    usable: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    refined: NDArray[np.bool_]
    late: NDArray[np.bool_]
    outlier: NDArray[np.bool_]


class EcgStage:
    """R peaks and verdicts from samples, independent of how they were cut into chunks.

    Parameters
    ----------
    rate_hz : float
        Sampling rate, 100 to 1000 Hz. It designs the filters only; times come from the stamps.

    Raises
    ------
    ValueError
        If the rate is outside 100 to 1000 Hz.

    Notes
    -----
    Beats come from the gradient rule of NeuroKit2 [1]_ in a causal form: the smoothed absolute gradient
    against 1.5 times its mean over 0.75 s, centred, and so 0.43 s behind the newest sample. Each R peak is
    then placed by a parabola on the extremum of the 5-25 Hz signal, whose group delay at 15 Hz is taken off.
    A second detector and the shape of the beats decide each second whether beats are usable.

    A step of the stamps above 50 ms or 4 periods, whichever is longer, is a hole: filters start settled on
    the next sample, and beats closer to the hole than the look-ahead are lost. Where S is the larger
    deflection, the polarity is -1 and times are those of S.

    References
    ----------
    .. [1] Makowski, D. et al. (2021). NeuroKit2: A Python toolbox for neurophysiological signal processing.
       Behavior Research Methods 53, 1689-1696.
    """

    __slots__ = ("_gate", "_memory", "_rate_hz", "_state")

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = float(rate_hz)
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next sample is the first."""
        self._state = new_state(self._rate_hz)
        self._memory = self._state.memory
        self._gate = QualityGate(self._state)

    @property
    def polarity(self) -> int:
        """Direction in which R peaks point: 1 upright, -1 inverted."""
        return int(self._state.tally[st.POLARITY])

    @property
    def latency_s(self) -> float:
        """Longest time from an R peak to the sample that confirms it, in seconds; late beats take longer."""
        size = self._state.size
        return float(1 + size[st.HALF_SMOOTH] + size[st.HALF_LEVEL]) / self._rate_hz + QRS_END_S

    def push(
        self, stamps_s: NDArray[np.float64], microvolts: NDArray[np.float64]
    ) -> tuple[EcgBeats, EcgVerdicts]:
        """Take the next samples.

        Parameters
        ----------
        stamps_s : ndarray of float64, shape (n,)
            Stamps in seconds, strictly increasing also across calls.
        microvolts : ndarray of float64, shape (n,)
            Finite samples; a missing sample is left out, so that it shows as a step of the stamps.

        Returns
        -------
        tuple of EcgBeats and EcgVerdicts
            Beats confirmed and seconds completed by these samples.
        """
        t, x = _plain(stamps_s), _plain(microvolts)
        state, n = self._state, x.shape[0]
        out = np.empty((4 + int(4 * n / self._rate_hz), st.N_BEAT_COLUMNS))
        rows: list[tuple[int, NDArray[np.float64]]] = []
        state.tally[st.N_OUT] = 0
        i = 0
        while (i := advance(self._memory, t, x, i, out)) < n:
            self._gate.judge(float(t[i]), rows)
        beats = out[: state.tally[st.N_OUT]].T.copy()
        flags = beats[st.B_USABLE :] != 0.0
        return EcgBeats(beats[st.B_T], beats[st.B_AMPLITUDE], *flags), gather(rows)
