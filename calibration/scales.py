"""Level and scale of one series, and how many independent samples they rest on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_EFFECTIVE = 3.0
"""Fewest independent samples from which a scale is taken."""


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


def scale_of(x: NDArray[np.float64], *, robust: bool, weights: NDArray[np.float64] | None = None) -> Scale:
    """Level and scale of a reference series.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        Values at one a second; NaN where missing.
    robust : bool
        Median and 1.4826 MAD instead of mean and SD.
    weights : ndarray of float64, shape (n,), or None, default None
        Weight of each value, 0 or more; None weighs all alike.

    Returns
    -------
    Scale
        The scale is the SD times ``(1 - 1/n_effective) ** -0.5``: slow signals have few independent
        samples, and their raw SD is too small. NaN where fewer than three are left or nothing varies.
        Unequal weights leave ``sum(w)^2 / sum(w^2)`` values [1]_ before autocorrelation is counted.

    References
    ----------
    .. [1] Kish L (1965). Survey sampling. Wiley, New York.
    """
    if weights is not None:
        return _weighted_scale(x, weights, robust=robust)
    values = x[np.isfinite(x)]
    if values.size < MIN_EFFECTIVE:
        return Scale(mean=float("nan"), sd=float("nan"), n_effective=0.0)
    n_effective = values.size / integrated_autocorrelation_s(values)
    if robust:
        level = float(np.median(values))
        raw = 1.4826 * float(np.median(np.abs(values - level)))
    else:
        level, raw = float(values.mean()), float(values.std(ddof=1))
    return Scale(mean=level, sd=_corrected(raw, n_effective), n_effective=n_effective)


def _corrected(raw_sd: float, n_effective: float) -> float:
    if n_effective < MIN_EFFECTIVE or raw_sd <= 0:
        return float("nan")
    return float(raw_sd * (1.0 - 1.0 / n_effective) ** -0.5)


def _weighted_scale(x: NDArray[np.float64], weights: NDArray[np.float64], *, robust: bool) -> Scale:
    used = np.isfinite(x) & (weights > 0)
    values, w = x[used], weights[used]
    if values.size < MIN_EFFECTIVE:
        return Scale(mean=float("nan"), sd=float("nan"), n_effective=0.0)
    w = w / w.sum()
    n_kish = 1.0 / float(w @ w)
    if robust:
        level = _weighted_median(values, w)
        raw = 1.4826 * _weighted_median(np.abs(values - level), w)
    else:
        level = float(w @ values)
        raw = float(np.sqrt(w @ (values - level) ** 2 / (1.0 - 1.0 / n_kish))) if n_kish > 1.0 else 0.0
    # What a value adds to the variance goes with its weight, and so does its part in the autocorrelation.
    n_effective = n_kish / integrated_autocorrelation_s(np.sqrt(w) * (values - float(w @ values)))
    return Scale(mean=level, sd=_corrected(raw, n_effective), n_effective=n_effective)


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Value at which half the weight (adding up to 1) is reached; the middle of two where it falls between."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    first = int(np.searchsorted(reached, 0.5 - 1e-12))
    second = min(int(np.searchsorted(reached, 0.5 + 1e-12, side="right")), values.size - 1)
    return float(values[order][first] + values[order][second]) / 2.0
