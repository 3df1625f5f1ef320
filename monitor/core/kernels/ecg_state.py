"""The carried state of the ECG stage: which array holds what, and where in it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Rows of `EcgState.ring`, each indexed by sample number modulo the ring length.
RAW, TIME, RUN, BASE, BAND, STEEP, SMOOTH, LEVEL, PULSE, CHANGE, ENERGY = range(11)
N_RINGS = 11

# Rows of `EcgState.sections`: baseline removal, 40-Hz low-pass, two of the
# 5-25 Hz band, one of the 8-16 Hz band.
SOS_BASE, SOS_LOW, SOS_BAND, SOS_BAND_2, SOS_PULSE = range(5)
N_SECTIONS = 5

# Entries of `EcgState.size`, in samples.
(
    HALF_SMOOTH,
    HALF_LEVEL,
    REFRACTORY,
    REFINE_BEFORE,
    REFINE_AFTER,
    BAND_DELAY,
    NEAR_R,
    S_WAVE,
    TEMPLATE_BEFORE,
    TEMPLATE_AFTER,
    PULSE_SMOOTH,
    PULSE_DELAY,
    FLAT_RUN,
    SECOND,
    SEGMENT,
    POLARITY_BLOCK,
) = range(16)
N_SIZES = 16

# Entries of `EcgState.tally`.
(
    N,
    SEGMENT_START,
    IN_QRS,
    QRS_START,
    LAST_PEAK,
    N_LENGTHS,
    N_RR,
    N_BEATS,
    N_OUT,
    BROKEN,
    SEARCHED,
    POLARITY,
    BLOCK_START,
    BLOCK_UP,
    BLOCK_DOWN,
    BLOCK_NUMBER,
    TEMPLATE_N,
    TEMPLATE_MISSES,
    PULSE_LAST,
    N_PULSES,
    N_QRS_LEVELS,
    N_NOISE_LEVELS,
    N_PULSE_RR,
    PULSE_BEST_AT,
    OPEN,
    NEXT_SECOND,
    WINDOW_FLOOR,
    AVAILABLE_FROM,
    STARTED,
) = range(29)
N_COUNTS = 29

# Entries of `EcgState.value`.
(
    LAST_T,
    LAST_BEAT_T,
    RR_MEDIAN,
    QRS_THRESHOLD,
    PULSE_RR_MEAN,
    PULSE_BEST,
    RATE,
    HOLE,
    TAU,
    PULSE_TAU,
    MIN_LENGTH,
    JUDGED_FROM,
) = range(12)
N_VALUES = 12

# Columns of a row of beats and of a row of verdicts.
B_T, B_AMPLITUDE, B_USABLE, B_WHOLE, B_REFINED, B_LATE, B_OUTLIER = range(7)
N_BEAT_COLUMNS = 7
V_USABLE, V_REASON, V_BSQI, V_TEMPLATE, V_KSQI, V_PSQI, V_BASSQI = range(7)
N_VERDICT_COLUMNS = 7

# Values of column V_REASON.
(OK, LEAD_OFF, SATURATED, FLATLINE, NOISE, TOO_FEW_BEATS, WARMUP, GAP) = range(8)

# Rows of `EcgState.kept`: the latest of something, used in turn. A beat too close to a hole to be judged by
# both detectors has no time (NaN) in BEAT_T and PULSE_T.
(
    RR_S,
    HEIGHT,
    AMPLITUDE,
    LENGTH,
    BEAT_T,
    BEAT_R,
    PULSE_T,
    QRS_LEVEL,
    NOISE_LEVEL,
    PULSE_RR,
    MARK,
    BELOW_1_HZ,
    BELOW_40_HZ,
    FROM_5_TO_15_HZ,
    FROM_5_TO_40_HZ,
) = range(15)
N_KEPT_ROWS = 15
N_LATEST = 8
N_LENGTHS_KEPT = 30
N_BEATS_KEPT = 64
N_SECONDS_KEPT = 16


_Floats = NDArray[np.float64]
_Integers = NDArray[np.int64]

EcgMemory = tuple[_Floats, _Floats, _Floats, _Floats, _Floats, _Integers, _Integers]
"""The fields of `EcgState` as a plain tuple, with which a kernel is entered in less than half the time."""


class EcgState(NamedTuple):
    """Everything the ECG kernels carry from sample to sample.

    Parameters
    ----------
    sections : ndarray of float64, shape (5, 10)
        Second-order sections: six coefficients, the two states for a constant input of 1, the two states.
    ring : ndarray of float64, shape (11, power of two)
        Recent samples.
    kept : ndarray of float64, shape (15, 64)
        The latest intervals, heights, amplitudes, beats, and what is known of the latest seconds.
    template : ndarray of float64
        Mean beat.
    value : ndarray of float64
        Scalars.
    tally : ndarray of int64
        Counters and flags.
    size : ndarray of int64
        Lengths in samples.
    """

    sections: NDArray[np.float64]
    ring: NDArray[np.float64]
    kept: NDArray[np.float64]
    template: NDArray[np.float64]
    value: NDArray[np.float64]
    tally: NDArray[np.int64]
    size: NDArray[np.int64]

    @property
    def memory(self) -> EcgMemory:
        """The same arrays as a plain tuple."""
        return (self.sections, self.ring, self.kept, self.template, self.value, self.tally, self.size)
