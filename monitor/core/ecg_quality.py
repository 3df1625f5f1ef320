"""Verdicts on the ECG, second by second."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from monitor.core.kernels import ecg_state as st
from monitor.core.kernels.ecg_quality import skip_seconds, take_segment, verdict
from monitor.core.kernels.ecg_state import EcgState
from monitor.core.results import Reason

VERDICT_REASONS: tuple[Reason, ...] = (
    Reason.NONE,
    Reason.LEAD_OFF,
    Reason.SATURATED,
    Reason.FLATLINE,
    Reason.NOISE,
    Reason.TOO_FEW_BEATS,
    Reason.WARMUP,
    Reason.GAP,
)
"""Reasons by the codes that `EcgVerdicts.reason` holds."""

LONGEST_GAP_S = 600


class EcgVerdicts(NamedTuple):
    """One verdict per integer second `k` of the stamps' axis, over the seconds before `k`.

    Parameters
    ----------
    second : ndarray of int64, shape (n,)
        The second, ascending. A hole has one entry per second, at most its last 600.
    usable : ndarray of bool, shape (n,)
        Whether the gate is open and the second is no hole.
    reason : ndarray of int64, shape (n,)
        Index into `VERDICT_REASONS`.
    bsqi : ndarray of float64, shape (n,)
        Share of beats on which two detectors agree.
    template_r : ndarray of float64, shape (n,)
        Mean correlation of the beats with the mean beat.
    ksqi : ndarray of float64, shape (n,)
        Kurtosis of the 0.5-40 Hz signal.
    psqi : ndarray of float64, shape (n,)
        Power of 5-15 Hz relative to 5-40 Hz.
    bassqi : ndarray of float64, shape (n,)
        One minus the power below 1 Hz relative to that below 40 Hz.

    Notes
    -----
    An index that could not be computed is NaN.
    """

    second: NDArray[np.int64]
    usable: NDArray[np.bool_]
    reason: NDArray[np.int64]
    bsqi: NDArray[np.float64]
    template_r: NDArray[np.float64]
    ksqi: NDArray[np.float64]
    psqi: NDArray[np.float64]
    bassqi: NDArray[np.float64]


class QualityGate:
    """The verdict of one second after another.

    Parameters
    ----------
    state : EcgState
        State of the stage; changed in place.
    """

    __slots__ = ("_memory", "_segment", "_spectrum", "_tally", "_taper")

    def __init__(self, state: EcgState) -> None:
        width = int(state.size[st.SEGMENT])
        self._tally = state.tally
        self._memory = state.memory
        self._taper: NDArray[np.float64] = np.ascontiguousarray(signal.get_window("hann", width))
        self._segment = np.zeros(width)
        self._spectrum = np.zeros(width // 2 + 1, dtype=np.complex128)

    def judge(self, now_s: float, rows: list[tuple[int, NDArray[np.float64]]]) -> None:
        """Append the verdicts on every second that a sample at `now_s` completes.

        Parameters
        ----------
        now_s : float
            Stamp of the next sample in seconds.
        rows : list of tuple of int and ndarray of float64, shape (7,)
            Seconds and their verdicts.
        """
        memory = self._memory
        second = int(self._tally[st.NEXT_SECOND])
        row = np.empty(st.N_VERDICT_COLUMNS)
        valid = take_segment(memory, self._taper, self._segment)
        if valid:
            np.fft.rfft(self._segment, out=self._spectrum)
        verdict(memory, self._spectrum, valid, row)
        rows.append((second, row))
        stop = int(np.floor(now_s)) + 1
        if stop > second + 1:
            gap = np.full(st.N_VERDICT_COLUMNS, np.nan)
            gap[st.V_USABLE], gap[st.V_REASON] = 0.0, st.GAP
            rows.extend((k, gap) for k in range(max(second + 1, stop - LONGEST_GAP_S), stop))
            skip_seconds(memory, stop)


def gather(rows: list[tuple[int, NDArray[np.float64]]]) -> EcgVerdicts:
    """Put the rows of verdicts into columns.

    Parameters
    ----------
    rows : list of tuple of int and ndarray of float64, shape (7,)
        Seconds and their verdicts.

    Returns
    -------
    EcgVerdicts
        The same in columns.
    """
    table = np.empty((st.N_VERDICT_COLUMNS, len(rows)))
    seconds = np.empty(len(rows), dtype=np.int64)
    for i, (second, row) in enumerate(rows):
        seconds[i] = second
        table[:, i] = row
    usable, reason = table[st.V_USABLE] != 0.0, table[st.V_REASON].astype(np.int64)
    return EcgVerdicts(seconds, usable, reason, *table[st.V_BSQI :])
