"""Skin conductance of one person over the session, and what a second person shares of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from devices.emulator.script_levels import levels_at, time_grid, wander

MARGIN_S = 10.0
FOLLOW_S = 2.0
FOLLOW_SHARE = 0.6
_FOLLOW_SD_S = 0.25
_APART_S = 1.8
_MEDIAN_MICROSIEMENS = 0.25
_LOG_SD = 0.75
_SMALLEST_MICROSIEMENS = 0.05
_LARGEST_MICROSIEMENS = 3.0
_SLOW_SD_MICROSIEMENS = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinLevels:
    """What the skin does in each phase.

    Parameters
    ----------
    scl_microsiemens : tuple of float
        Tonic level per phase.
    scr_per_min : tuple of float
        Mean number of own responses per minute and phase.
    """

    scl_microsiemens: tuple[float, ...]
    scr_per_min: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skin:
    """The truth behind the EDA.

    Parameters
    ----------
    grid_s : ndarray of float64, shape (n_grid,)
        Time grid of the tonic level.
    tonic_microsiemens : ndarray of float64, shape (n_grid,)
        Tonic level.
    slow_microsiemens : ndarray of float64, shape (n_grid,)
        The part of the tonic level a second person may share.
    scr_onsets_s : ndarray of float64, shape (n_scr,)
        Script time of the onsets, ascending.
    scr_amplitudes_microsiemens : ndarray of float64, shape (n_scr,)
        Amplitudes, between 0.05 and 3.
    """

    grid_s: NDArray[np.float64] = field(repr=False)
    tonic_microsiemens: NDArray[np.float64] = field(repr=False)
    slow_microsiemens: NDArray[np.float64] = field(repr=False)
    scr_onsets_s: NDArray[np.float64] = field(repr=False)
    scr_amplitudes_microsiemens: NDArray[np.float64] = field(repr=False)


def write_skin(
    edges_s: NDArray[np.float64],
    levels: SkinLevels,
    rng: np.random.Generator,
    *,
    leader: Skin | None = None,
    coupled_from_s: float = np.inf,
) -> Skin:
    """Write tonic level and responses of one session.

    Parameters
    ----------
    edges_s : ndarray of float64, shape (n_phases + 1,)
        Where the phases begin, and the end of the last.
    levels : SkinLevels
        What holds in each phase.
    rng : numpy.random.Generator
        Source of everything random.
    leader : Skin, optional
        Whom this person follows, `FOLLOW_S` later, in `FOLLOW_SHARE` of the responses and in slow changes.
    coupled_from_s : float, default infinity
        From when on.

    Returns
    -------
    Skin
        The truth.
    """
    t_s = time_grid(float(edges_s[-1]), MARGIN_S)
    slow = wander(t_s, rng, low_hz=0.01, high_hz=0.03, sd=_SLOW_SD_MICROSIEMENS)
    drift = wander(t_s, rng, low_hz=0.001, high_hz=0.006, sd=0.05)
    onsets_s = _onsets(edges_s, levels.scr_per_min, rng)
    amplitudes = _amplitudes(len(onsets_s), rng)
    if leader is not None:
        share = np.clip((t_s - coupled_from_s) / 20.0, 0.0, 1.0)
        slow = (1 - share) * slow + share * np.interp(t_s - FOLLOW_S, leader.grid_s, leader.slow_microsiemens)
        onsets_s, amplitudes = _follow(onsets_s, amplitudes, leader, coupled_from_s, rng)
    apart = _keep_apart(onsets_s)
    return Skin(
        grid_s=t_s,
        tonic_microsiemens=levels_at(t_s, edges_s, levels.scl_microsiemens) + slow + drift,
        slow_microsiemens=slow,
        scr_onsets_s=onsets_s[apart],
        scr_amplitudes_microsiemens=amplitudes[apart],
    )


def _onsets(
    edges_s: NDArray[np.float64], per_min: tuple[float, ...], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw onsets, independent of each other, at the rate of each phase."""
    parts = [
        rng.uniform(start_s, stop_s, rng.poisson(rate * (stop_s - start_s) / 60.0))
        for start_s, stop_s, rate in zip(edges_s[:-1], edges_s[1:], per_min, strict=True)
    ]
    return np.sort(np.concatenate(parts))


def _amplitudes(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw amplitudes with the long tail that responses have."""
    drawn = rng.lognormal(np.log(_MEDIAN_MICROSIEMENS), _LOG_SD, n)
    return np.clip(drawn, _SMALLEST_MICROSIEMENS, _LARGEST_MICROSIEMENS)


def _follow(
    onsets_s: NDArray[np.float64],
    amplitudes: NDArray[np.float64],
    leader: Skin,
    from_s: float,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add a response to most of the leader's, a moment later and similar in size."""
    led = leader.scr_onsets_s >= from_s
    led &= rng.uniform(size=len(led)) < FOLLOW_SHARE
    n = int(led.sum())
    added_s = leader.scr_onsets_s[led] + FOLLOW_S + rng.normal(0.0, _FOLLOW_SD_S, n)
    added = np.clip(
        leader.scr_amplitudes_microsiemens[led] * rng.lognormal(0.0, 0.3, n),
        _SMALLEST_MICROSIEMENS,
        _LARGEST_MICROSIEMENS,
    )
    # Own responses yield to those that follow, or the closeness rule would thin out the coupling.
    near = np.abs(onsets_s[:, None] - added_s[None, :]).min(axis=1, initial=np.inf) < _APART_S
    onsets_s = np.concatenate((onsets_s[~near], added_s))
    amplitudes = np.concatenate((amplitudes[~near], added))
    order = np.argsort(onsets_s, kind="stable")
    return onsets_s[order], amplitudes[order]


def _keep_apart(onsets_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Drop responses that begin before the one before them could have peaked."""
    keep = np.zeros(len(onsets_s), dtype=np.bool_)
    last_s = -np.inf
    for i, onset_s in enumerate(onsets_s):
        if onset_s - last_s >= _APART_S:
            keep[i] = True
            last_s = onset_s
    return keep
