"""Beats of one person over the session: mean rate, breathing, slower rhythms, occasional ectopic beats."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from devices.emulator.script_levels import GRID_HZ, levels_at, time_grid, wander

MARGIN_S = 5.0
_LF_SD_MS = 16.0
_VLF_SD_MS = 14.0
_BEAT_SD_MS = 2.0
_PREMATURE_SHARE = 0.30


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartLevels:
    """What the heart does in each phase.

    Parameters
    ----------
    bpm : tuple of float
        Mean heart rate per phase.
    rmssd_ms : tuple of float
        Aim of the root mean square of successive differences per phase.
    ectopics_per_hour : float
        Mean number of premature beats.
    """

    bpm: tuple[float, ...]
    rmssd_ms: tuple[float, ...]
    ectopics_per_hour: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heart:
    """The truth behind ECG and RR.

    Parameters
    ----------
    r_peaks_s : ndarray of float64, shape (n_beats,)
        Script time of the R peaks, from a little before the session to a little after it.
    ectopic : ndarray of bool, shape (n_beats,)
        Which of them came too early.
    grid_s : ndarray of float64, shape (n_grid,)
        Time grid of the breathing.
    breath_phase : ndarray of float64, shape (n_grid,)
        Phase of the breathing in radians, ascending; a breath each 2 pi.
    """

    r_peaks_s: NDArray[np.float64] = field(repr=False)
    ectopic: NDArray[np.bool_] = field(repr=False)
    grid_s: NDArray[np.float64] = field(repr=False)
    breath_phase: NDArray[np.float64] = field(repr=False)

    def breath_at(self, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the breathing as a sine of its phase.

        Parameters
        ----------
        t_s : ndarray of float64, shape (n,)
            Script time in seconds.

        Returns
        -------
        ndarray of float64, shape (n,)
            Between -1 and 1.
        """
        breath: NDArray[np.float64] = np.sin(np.interp(t_s, self.grid_s, self.breath_phase))
        return breath


def write_heart(edges_s: NDArray[np.float64], levels: HeartLevels, rng: np.random.Generator) -> Heart:
    """Write the beats of one session.

    Parameters
    ----------
    edges_s : ndarray of float64, shape (n_phases + 1,)
        Where the phases begin, and the end of the last.
    levels : HeartLevels
        What holds in each phase.
    rng : numpy.random.Generator
        Source of everything random.

    Returns
    -------
    Heart
        The beats.

    Notes
    -----
    The instantaneous interval is the mean plus a sinusoid with the breathing, rhythms near 0.1 Hz and slower
    ones; beats are placed where the integral of its inverse passes a whole number (integral pulse frequency
    modulation). A sinusoid of amplitude A and frequency f, sampled at intervals T, has an RMSSD of
    ``sqrt(2) A |sin(pi f T)|``, and placing beats by the integral weakens it by ``sin(pi f T) / (pi f T)``.
    A is chosen accordingly.
    """
    duration_s = float(edges_s[-1])
    t_s = time_grid(duration_s, MARGIN_S)
    mean_s = 60.0 / levels_at(t_s, edges_s, levels.bpm)
    breath_hz = 0.235 + np.clip(wander(t_s, rng, low_hz=0.003, high_hz=0.02, sd=0.014), -0.03, 0.03)
    breath_phase = rng.uniform(0, 2 * np.pi) + 2 * np.pi * np.cumsum(breath_hz) / GRID_HZ
    slow_ms = wander(t_s, rng, low_hz=0.08, high_hz=0.12, sd=_LF_SD_MS)
    slow_ms += wander(t_s, rng, low_hz=0.003, high_hz=0.03, sd=_VLF_SD_MS)
    # What slower rhythms and the scatter of single beats already add is not asked of the breathing again.
    others_ms2 = 2 * _LF_SD_MS**2 * 2 * np.sin(np.pi * 0.1 * mean_s) ** 2 + 6 * _BEAT_SD_MS**2
    wanted_ms2 = np.maximum(levels_at(t_s, edges_s, levels.rmssd_ms) ** 2 - others_ms2, 25.0)
    angle = np.pi * breath_hz * mean_s
    amplitude_ms = np.sqrt(wanted_ms2 / 2) / (np.sin(angle) ** 2 / angle)
    interval_s = mean_s + 1e-3 * (amplitude_ms * np.sin(breath_phase) + slow_ms)
    rate_hz = 1.0 / np.clip(interval_s, 0.4, 1.8)
    beats = np.concatenate(([0.0], np.cumsum((rate_hz[1:] + rate_hz[:-1]) / (2 * GRID_HZ)))) + rng.uniform()
    r_peaks_s = np.interp(np.arange(1, int(beats[-1]) + 1), beats, t_s)
    r_peaks_s += 1e-3 * np.clip(
        rng.normal(0.0, _BEAT_SD_MS, len(r_peaks_s)), -3 * _BEAT_SD_MS, 3 * _BEAT_SD_MS
    )
    ectopic = _choose_ectopics(r_peaks_s, levels.ectopics_per_hour, rng)
    index = np.flatnonzero(ectopic)
    r_peaks_s[index] -= _PREMATURE_SHARE * (r_peaks_s[index] - r_peaks_s[index - 1])
    return Heart(r_peaks_s=r_peaks_s, ectopic=ectopic, grid_s=t_s, breath_phase=breath_phase)


def _choose_ectopics(
    r_peaks_s: NDArray[np.float64], per_hour: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Choose premature beats, at least 20 s apart so that nothing looks like an arrhythmia."""
    ectopic = rng.uniform(size=len(r_peaks_s)) < per_hour / 3600.0 * np.diff(r_peaks_s, prepend=0.0)
    ectopic[:2] = False
    last_s = -np.inf
    for i in np.flatnonzero(ectopic):
        if r_peaks_s[i] - last_s < 20.0:
            ectopic[i] = False
        else:
            last_s = r_peaks_s[i]
    return ectopic
