"""Reference statistics of one person: means, scales and how much they are worth."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.scales import Scale, integrated_autocorrelation_s, scale_of

__all__ = [
    "INPUTS",
    "MIN_COVERAGE",
    "MIN_SERIES_S",
    "MIN_VALID_S",
    "BaselineError",
    "Reference",
    "Scale",
    "build_reference",
    "electrodermal_z",
    "integrated_autocorrelation_s",
    "scale_of",
]

INPUTS = ("ln_scl", "scr_rate", "heart_speed", "ln_rmssd")
"""The four series of which a reference is made, each at one value a second."""

MIN_VALID_S = 300
"""Shortest reference, SCIENCE E.5."""

MIN_COVERAGE = 0.8
"""Least valid share of the span, SCIENCE E.5."""

MIN_SERIES_S = 60
"""Fewest seconds with a value from which a series gets a scale, as one that is held during speech."""

_FLAGGED_SHARE = 0.05
_SHRINK = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What is usual for one person, from one span of ordinary, tolerable talking.

    Parameters
    ----------
    participant : str
        Code of the person.
    start_s, stop_s : float
        The span in session seconds.
    valid_s : int
        Seconds in which heart and skin conductance were both valid.
    scales : Mapping of str to Scale
        By name of the series (`INPUTS`), for those that could be estimated.
    electrodermal_rho : float
        Correlation of the two electrodermal series in the reference.
    correlation : tuple of tuple of float
        3 x 3 correlation of (z_eda, z_heart, -z_vagal), shrunk by 0.3 towards identity.
    responder : bool
        Whether skin conductance carries information in this person (SCIENCE D.5).
    """

    participant: str
    start_s: float
    stop_s: float
    valid_s: int
    scales: Mapping[str, Scale]
    electrodermal_rho: float
    correlation: tuple[tuple[float, ...], ...]
    responder: bool


class BaselineError(ValueError):
    """The span cannot serve as a reference; the message says why and what would.

    Parameters
    ----------
    message : str
        For the user.
    reason : str, default "coverage"
        One word, as `calibration.quality.judge` gives it.
    """

    def __init__(self, message: str, reason: str = "coverage") -> None:
        super().__init__(message)
        self.reason = reason


def electrodermal_z(z_scl: float, z_rate: float, rho: float) -> float:
    """Combine the two electrodermal scores into one of unit variance.

    Parameters
    ----------
    z_scl, z_rate : float
        Standardised tonic level and response rate; NaN where missing.
    rho : float
        Their correlation in the reference.

    Returns
    -------
    float
        ``(z_scl + z_rate) / sqrt(2 + 2 rho)``; the other one where one is missing.
    """
    # Called each second: a comparison with itself is the cheapest test for NaN, and so is math for the root.
    if z_scl != z_scl:
        return z_rate
    if z_rate != z_rate:
        return z_scl
    return (z_scl + z_rate) / math.sqrt(2.0 + 2.0 * max(rho, -0.9))


def _correlation(
    rows: NDArray[np.float64], least: int, weights: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Pairwise correlation of rows over the seconds both have; 0 where these are fewer than `least`."""
    size = rows.shape[0]
    out = np.eye(size)
    for i in range(size):
        for j in range(i):
            both = np.isfinite(rows[i]) & np.isfinite(rows[j])
            a, b = rows[i][both], rows[j][both]
            if a.size >= least and a.std() > 0 and b.std() > 0:
                out[i, j] = out[j, i] = _pair_correlation(a, b, None if weights is None else weights[both])
    return out


def _pair_correlation(
    a: NDArray[np.float64], b: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> float:
    if weights is None:
        return float(np.corrcoef(a, b)[0, 1])
    covariance = np.cov(a, b, aweights=weights)
    return float(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))


def build_reference(
    participant: str,
    start_s: float,
    stop_s: float,
    series: Mapping[str, NDArray[np.float64]],
    flagged: NDArray[np.bool_],
    *,
    responder: bool,
    weights: NDArray[np.float64] | None = None,
    minimum_s: float = MIN_VALID_S,
) -> Reference:
    """Make a reference from a span of a recording, or from several with weights.

    Parameters
    ----------
    participant : str
        Code of the person.
    start_s, stop_s : float
        The span in session seconds.
    series : Mapping of str to ndarray of float64, shape (n,)
        The series of `INPUTS`, one value for each second of the span, NaN where missing.
    flagged : ndarray of bool, shape (n,)
        Seconds in which any input was of low quality.
    responder : bool
        Whether skin conductance responded in the span.
    weights : ndarray of float64, shape (n,), or None, default None
        Weight of each second, 0 or more. A second of weight 0 is left out: it counts neither as valid nor
        as length. None takes all seconds alike.
    minimum_s : float, default 300
        Shortest reference, seconds.

    Returns
    -------
    Reference
        The reference; series that could not be estimated, or have a value in fewer than 60 seconds, are
        left out of `scales`. So `ln_rmssd`, which is held while somebody speaks, rests on the other seconds.

    Raises
    ------
    BaselineError
        If the span is shorter than `minimum_s`, or less than 80 % of it are valid.
    ValueError
        If a weight is negative or not finite.

    Notes
    -----
    The five minutes of SCIENCE E.5 are taken as the length of the span, of which 80 % must be valid: a
    minimum of five valid minutes would refuse every five-minute step for one missing second.
    """
    if weights is not None:
        if not (np.isfinite(weights).all() and (weights >= 0).all()):
            raise ValueError("Weights of a reference must be finite and not negative.")
        kept = weights > 0
        series = {name: series[name][kept] for name in INPUTS}
        flagged, weights = flagged[kept], weights[kept]
    n_valid = _n_valid(series)
    n = flagged.size
    if n < minimum_s or n_valid < MIN_COVERAGE * n:
        raise BaselineError(
            f"The reference of {participant}, {start_s:g} to {stop_s:g} s, holds {n_valid} valid of "
            f"{n} seconds; at least {minimum_s:g} s with 80 % valid are needed. "
            f"Choose a longer or quieter span."
        )
    scales = _scales(series, weights, robust=float(flagged.mean()) > _FLAGGED_SHARE)
    absent = np.full(n, np.nan)
    z = {name: scales[name].z_of(series[name]) if name in scales else absent for name in INPUTS}
    least = int(minimum_s) // 2
    rho = float(_correlation(np.array([z["ln_scl"], z["scr_rate"]]), least, weights)[0, 1])
    z_eda = np.array([electrodermal_z(a, b, rho) for a, b in zip(z["ln_scl"], z["scr_rate"], strict=True)])
    parts = np.array([z_eda, z["heart_speed"], np.negative(z["ln_rmssd"])])
    shrunk = (1.0 - _SHRINK) * _correlation(parts, least, weights)
    shrunk += _SHRINK * np.eye(3)
    return Reference(
        participant=participant,
        start_s=start_s,
        stop_s=stop_s,
        valid_s=n_valid,
        scales=scales,
        electrodermal_rho=rho,
        correlation=tuple(tuple(float(v) for v in row) for row in shrunk),
        responder=responder,
    )


def _n_valid(series: Mapping[str, NDArray[np.float64]]) -> int:
    """Seconds with heart and skin conductance, or with the one there is."""
    heart = np.isfinite(series["heart_speed"])
    skin = np.isfinite(series["ln_scl"])
    return int((heart & skin if heart.any() and skin.any() else heart | skin).sum())


def _scales(
    series: Mapping[str, NDArray[np.float64]], weights: NDArray[np.float64] | None, *, robust: bool
) -> dict[str, Scale]:
    """Scales of the series that have one."""
    enough = [name for name in INPUTS if np.isfinite(series[name]).sum() >= MIN_SERIES_S]
    made = {name: scale_of(series[name], robust=robust, weights=weights) for name in enough}
    return {name: scale for name, scale in made.items() if np.isfinite(scale.sd)}
