"""Shapes of one heart beat and of one skin conductance response, cut from signals simulated by NeuroKit2."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BEAT_BEFORE_S = 0.30
BEAT_AFTER_S = 0.46
_BEAT_RATE_HZ = 1000
_SCR_RATE_HZ = 100
_EDGE_S = 0.04
_SCR_RISE_S = 1.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waveforms:
    """The two shapes, each on a time axis of its own.

    Parameters
    ----------
    beat_s : ndarray of float64, shape (n_beat,)
        Time from the R peak in seconds, ascending.
    beat : ndarray of float64, shape (n_beat,)
        One beat at 60 beats per minute, R peak 1, ends 0.
    scr_s : ndarray of float64, shape (n_scr,)
        Time from the onset in seconds, from 0.
    scr : ndarray of float64, shape (n_scr,)
        One skin conductance response, peak 1, ends 0.
    """

    beat_s: NDArray[np.float64] = field(repr=False)
    beat: NDArray[np.float64] = field(repr=False)
    scr_s: NDArray[np.float64] = field(repr=False)
    scr: NDArray[np.float64] = field(repr=False)


def simulate_waveforms() -> Waveforms:
    """Cut both shapes from short noise-free simulations.

    NeuroKit2 is imported here because that takes seconds, which nobody should pay who does not emulate.

    Returns
    -------
    Waveforms
        Always the same shapes.

    Notes
    -----
    The beat is the dynamical model of [1]_, the response the bi-exponential of [2]_, both as implemented in
    NeuroKit2.

    References
    ----------
    .. [1] McSharry, P. E., Clifford, G. D., Tarassenko, L. and Smith, L. A. (2003). A dynamical model for
       generating synthetic electrocardiogram signals. IEEE Transactions on Biomedical Engineering 50(3),
       289-294.
    .. [2] Bach, D. R., Flandin, G., Friston, K. J. and Dolan, R. J. (2010). Modelling event-related skin
       conductance responses. International Journal of Psychophysiology 75(3), 349-356.
    """
    import neurokit2

    ecg = np.asarray(
        neurokit2.ecg_simulate(
            duration=8, sampling_rate=_BEAT_RATE_HZ, noise=0, heart_rate=60, heart_rate_std=0, random_state=1
        ),
        dtype=np.float64,
    )
    eda = np.asarray(
        neurokit2.eda_simulate(
            duration=20, sampling_rate=_SCR_RATE_HZ, scr_number=1, noise=0, drift=0, random_state=1
        ),
        dtype=np.float64,
    )
    beat_s, beat = _cut_beat(ecg)
    scr_s, scr = _cut_scr(eda)
    return Waveforms(beat_s=beat_s, beat=beat, scr_s=scr_s, scr=scr)


def _cut_beat(ecg: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cut one beat from the middle of a regular rhythm and bring its ends to zero."""
    middle = len(ecg) // 2
    half = _BEAT_RATE_HZ // 2
    peak = middle - half + int(np.argmax(ecg[middle - half : middle + half]))
    before, after = round(BEAT_BEFORE_S * _BEAT_RATE_HZ), round(BEAT_AFTER_S * _BEAT_RATE_HZ)
    beat = ecg[peak - before : peak + after + 1]
    beat = beat - np.linspace(beat[0], beat[-1], len(beat))
    edge = round(_EDGE_S * _BEAT_RATE_HZ)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    beat[:edge] *= ramp
    beat[-edge:] *= ramp[::-1]
    return np.arange(-before, after + 1) / _BEAT_RATE_HZ, beat / beat[before]


def _cut_scr(eda: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cut the response from where it reaches one hundredth of its peak, and give it the pace of real ones.

    NeuroKit2 lays 90 s of the published function over 9 s, so that its responses rise in 0.3 s.
    """
    scr: NDArray[np.float64] = np.maximum(eda - eda[-1], 0.0)
    scr /= scr.max()
    peak = int(np.argmax(scr))
    onset = int(np.argmax(scr > 0.01)) - 1
    stop = int(np.argmax(scr[peak:] < 1e-3)) + peak + 1
    scr = scr[onset:stop]
    scr[0] = scr[-1] = 0.0
    return np.linspace(0.0, _SCR_RISE_S * (len(scr) - 1) / (peak - onset), len(scr)), scr
