"""Filters and lengths of the ECG stage for one sampling rate."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from monitor.core.kernels import ecg_state as st
from monitor.core.kernels.ecg_quality import SEGMENT_S
from monitor.core.kernels.ecg_state import EcgState

BASELINE_HZ = 0.5
LOWPASS_HZ = 40.0
FIDUCIAL_HZ = (5.0, 25.0)
PULSE_HZ = (8.0, 16.0)
# Where the QRS has its energy: the group delay there is taken off as a constant.
QRS_HZ = 15.0
SMOOTH_S = 0.1
LEVEL_S = 0.75
PULSE_SMOOTH_S = 0.08
RING_S = 12.0
HOLE_S = 0.05
HOLE_PERIODS = 4.0
SHORTEST_USUAL_S = 0.06


def _delay_s(sos: NDArray[np.float64], rate_hz: float) -> float:
    b, a = signal.sos2tf(sos)
    _, delay = signal.group_delay((b, a), w=[QRS_HZ], fs=rate_hz)
    return float(delay[0]) / rate_hz


def _half(seconds: float, rate_hz: float) -> int:
    return max(1, round(seconds * rate_hz / 2))


def new_state(rate_hz: float) -> EcgState:
    """Design the filters for a rate and return a state that has seen nothing.

    Parameters
    ----------
    rate_hz : float
        Sampling rate, 100 to 1000 Hz.

    Returns
    -------
    EcgState
        Fresh state.

    Raises
    ------
    ValueError
        If the rate is outside 100 to 1000 Hz.
    """
    if not 100.0 <= rate_hz <= 1000.0:
        raise ValueError(f"an ECG of {rate_hz:g} Hz cannot be analysed: beats need 100 to 1000 Hz")
    fiducial = signal.butter(2, FIDUCIAL_HZ, "bandpass", fs=rate_hz, output="sos")
    pulse = signal.butter(1, PULSE_HZ, "bandpass", fs=rate_hz, output="sos")
    base = signal.butter(2, BASELINE_HZ, "highpass", fs=rate_hz, output="sos")
    low = signal.butter(2, LOWPASS_HZ, "lowpass", fs=rate_hz, output="sos")
    sections = np.zeros((st.N_SECTIONS, 10))
    sections[:, :6] = np.vstack([base, low, fiducial, pulse])
    # The low-pass follows the settled high-pass, whose output is zero.
    sections[st.SOS_BASE, 6:8] = signal.sosfilt_zi(base)[0]
    sections[st.SOS_BAND : st.SOS_BAND_2 + 1, 6:8] = signal.sosfilt_zi(fiducial)
    sections[st.SOS_PULSE, 6:8] = signal.sosfilt_zi(pulse)[0]

    size = np.zeros(st.N_SIZES, dtype=np.int64)
    size[st.HALF_SMOOTH] = _half(SMOOTH_S, rate_hz)
    size[st.HALF_LEVEL] = _half(LEVEL_S, rate_hz)
    tau_s = _delay_s(fiducial, rate_hz)
    for entry, seconds in (
        (st.REFRACTORY, 0.30),
        (st.REFINE_BEFORE, 0.09),
        (st.REFINE_AFTER, 0.05),
        (st.BAND_DELAY, tau_s),
        (st.NEAR_R, 0.04),
        (st.S_WAVE, 0.08),
        (st.TEMPLATE_BEFORE, 0.15),
        (st.TEMPLATE_AFTER, 0.25),
        (st.PULSE_SMOOTH, PULSE_SMOOTH_S),
        (st.FLAT_RUN, 0.25),
        (st.SECOND, 1.0),
        (st.SEGMENT, float(SEGMENT_S)),
        (st.POLARITY_BLOCK, 10.0),
    ):
        size[entry] = round(seconds * rate_hz)

    value = np.zeros(st.N_VALUES)
    value[st.RATE] = rate_hz
    value[st.HOLE] = max(HOLE_S, HOLE_PERIODS / rate_hz)
    value[st.TAU] = tau_s
    value[st.PULSE_TAU] = _delay_s(pulse, rate_hz) + PULSE_SMOOTH_S / 2
    value[st.MIN_LENGTH] = SHORTEST_USUAL_S * rate_hz
    count = np.zeros(st.N_COUNTS, dtype=np.int64)
    count[st.POLARITY] = 1
    count[[st.LAST_PEAK, st.PULSE_LAST, st.PULSE_BEST_AT]] = -1
    length = 1 << int(np.ceil(np.log2(RING_S * rate_hz)))
    kept = np.zeros((st.N_KEPT_ROWS, st.N_BEATS_KEPT))
    kept[st.BELOW_1_HZ : st.FROM_5_TO_40_HZ + 1] = np.nan
    return EcgState(
        sections=sections,
        ring=np.zeros((st.N_RINGS, length)),
        kept=kept,
        template=np.zeros(int(size[st.TEMPLATE_BEFORE] + size[st.TEMPLATE_AFTER])),
        value=value,
        tally=count,
        size=size,
    )
