"""Reference statistics of one person: means, scales and how much they are worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

INPUTS = ("ln_scl", "scr_rate", "heart_speed", "ln_rmssd")
"""The four series of which a reference is made, each at one value a second."""

MIN_VALID_S = 300
"""Shortest valid reference, SCIENCE E.5."""

MIN_COVERAGE = 0.8
"""Least valid share of the span, SCIENCE E.5."""

MIN_EFFECTIVE = 3.0
"""Fewest independent samples from which a scale is taken."""

_FLAGGED_SHARE = 0.05
_SHRINK = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Level and scale of one series.

    Parameters
    ----------
    mean : float
        Mean, or median where more than 5 % of the seconds were flagged.
    sd : float
        Standard deviation corrected for autocorrelation; NaN where it cannot be estimated.
    n_effective : float
        Number of independent samples the series is worth.
    """

    mean: float
    sd: float
    n_effective: float

    def z(self, value: float) -> float:
        """Standardise a value.

        Parameters
        ----------
        value : float
            A value of the series.

        Returns
        -------
        float
            Distance from the reference mean in reference SD; NaN where either is missing.
        """
        return (value - self.mean) / self.sd

    def z_of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standardise a series.

        Parameters
        ----------
        values : ndarray of float64, shape (n,)
            Values of the series.

        Returns
        -------
        ndarray of float64, shape (n,)
            Distances from the reference mean in reference SD.
        """
        return (values - self.mean) / self.sd


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
    """The span cannot serve as a reference; the message says why and what would."""


def integrated_autocorrelation_s(x: NDArray[np.float64]) -> float:
    """Integrated autocorrelation time of a series, in samples.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        Finite values at one a second.

    Returns
    -------
    float
        ``1 + 2 sum rho_k (1 - k/n)``, summed until the lag reaches five times the result [1]_; at least 1.

    References
    ----------
    .. [1] Sokal A (1997). Monte Carlo methods in statistical mechanics: foundations and new algorithms.
       In: Functional Integration, NATO ASI Series 361, 131-192.
    """
    n = x.size
    centred = x - x.mean()
    variance = float(centred @ centred)
    if n < 2 or variance <= 0:
        return 1.0
    tau = 1.0
    for lag in range(1, n):
        rho = float(centred[:-lag] @ centred[lag:]) / variance
        tau += 2.0 * rho * (1.0 - lag / n)
        if lag >= 5.0 * max(tau, 1.0):
            break
    return max(tau, 1.0)


def scale_of(x: NDArray[np.float64], *, robust: bool) -> Scale:
    """Level and scale of a reference series.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        Values at one a second; NaN where missing.
    robust : bool
        Median and 1.4826 MAD instead of mean and SD.

    Returns
    -------
    Scale
        The scale is the SD times ``(1 - 1/n_effective) ** -0.5``: slow signals have few independent
        samples, and their raw SD is too small. NaN where fewer than three are left or nothing varies.
    """
    values = x[np.isfinite(x)]
    if values.size < MIN_EFFECTIVE:
        return Scale(mean=float("nan"), sd=float("nan"), n_effective=0.0)
    n_effective = values.size / integrated_autocorrelation_s(values)
    if robust:
        level = float(np.median(values))
        raw = 1.4826 * float(np.median(np.abs(values - level)))
    else:
        level, raw = float(values.mean()), float(values.std(ddof=1))
    sd = raw * (1.0 - 1.0 / n_effective) ** -0.5 if n_effective >= MIN_EFFECTIVE and raw > 0 else float("nan")
    return Scale(mean=level, sd=sd, n_effective=n_effective)


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
    if np.isnan(z_scl):
        return z_rate
    if np.isnan(z_rate):
        return z_scl
    return float((z_scl + z_rate) / np.sqrt(2.0 + 2.0 * max(rho, -0.9)))


def _correlation(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pairwise correlation of rows over the seconds both have; 0 where there are too few."""
    size = rows.shape[0]
    out = np.eye(size)
    for i in range(size):
        for j in range(i):
            both = np.isfinite(rows[i]) & np.isfinite(rows[j])
            a, b = rows[i][both], rows[j][both]
            if a.size >= MIN_VALID_S // 2 and a.std() > 0 and b.std() > 0:
                out[i, j] = out[j, i] = float(np.corrcoef(a, b)[0, 1])
    return out


def build_reference(
    participant: str,
    start_s: float,
    stop_s: float,
    series: Mapping[str, NDArray[np.float64]],
    flagged: NDArray[np.bool_],
    *,
    responder: bool,
) -> Reference:
    """Make a reference from a span of a recording.

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

    Returns
    -------
    Reference
        The reference; series that could not be estimated are left out of `scales`.

    Raises
    ------
    BaselineError
        If fewer than 300 s or less than 80 % of the span are valid.
    """
    heart = np.isfinite(series["heart_speed"])
    skin = np.isfinite(series["ln_scl"])
    valid = heart & skin if heart.any() and skin.any() else heart | skin
    n_valid = int(valid.sum())
    if (
        n_valid < MIN_VALID_S * MIN_COVERAGE
        or n_valid < MIN_COVERAGE * valid.size
        or valid.size < MIN_VALID_S
    ):
        raise BaselineError(
            f"The reference of {participant}, {start_s:g} to {stop_s:g} s, holds {n_valid} valid of "
            f"{valid.size} seconds; at least {MIN_VALID_S} s with 80 % valid are needed. "
            f"Choose a longer or quieter span."
        )
    robust = float(flagged.mean()) > _FLAGGED_SHARE
    scales = {name: scale_of(series[name], robust=robust) for name in INPUTS}
    scales = {name: scale for name, scale in scales.items() if np.isfinite(scale.sd)}
    absent = np.full(valid.size, np.nan)
    z = {name: scales[name].z_of(series[name]) if name in scales else absent for name in INPUTS}
    rho = float(_correlation(np.array([z["ln_scl"], z["scr_rate"]]))[0, 1])
    z_eda = np.array([electrodermal_z(a, b, rho) for a, b in zip(z["ln_scl"], z["scr_rate"], strict=True)])
    shrunk = (1.0 - _SHRINK) * _correlation(np.array([z_eda, z["heart_speed"], np.negative(z["ln_rmssd"])]))
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
