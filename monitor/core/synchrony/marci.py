"""Concordance of two people's slopes (Marci)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.ccf import running_slopes, windowed_correlations
from monitor.core.results import Reason
from monitor.core.synchrony.gate import (
    LARGEST_INDEX,
    MINIMUM_S,
    VALID_SHARE,
    graded,
    samples,
    unavailable,
    withheld,
)
from monitor.core.synchrony.pair import WAVES, Choices, Method, MethodResult, Pair

_Series = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marci:
    """Concordance of two series by their slopes.

    Parameters
    ----------
    index : float
        ``ln(sum of r > 0 / |sum of r < 0|)``; 0 is balance. Infinite where one sign is absent, NaN without r.
    one_sided : bool
        Whether one sign has less than 5 % of the sum of all ``|r|``: the index then says next to nothing
        but that, and is not to be shown.
    sum_positive, sum_negative : float
        The two sums, the second not above 0.
    mean_z : float
        Mean of Fisher's z over the windows.
    slopes_x, slopes_y : ndarray of float64, shape (n_slopes,)
        Slopes per second; NaN where a sample of the window is missing.
    r : ndarray of float64, shape (n_windows,)
        Correlation of the slopes in running windows; NaN where less than 80 % is valid in both or either does
        not vary.
    """

    index: float
    one_sided: bool
    sum_positive: float
    sum_negative: float
    mean_z: float
    slopes_x: NDArray[np.float64]
    slopes_y: NDArray[np.float64]
    r: NDArray[np.float64]


def marci(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    rate_hz: float,
    slope_s: float = 5.0,
    window_s: float = 15.0,
    step_s: float = 1.0,
    window_step_s: float = 1.0,
    lag_s: float = 0.0,
) -> Marci:
    """Concordance index of Marci and colleagues: how much more two signals go the same way than not.

    The r of a window rests on slopes that overlap and has about four degrees of freedom, and the logarithm of
    a ratio explodes when one sign is rare. Of two *unrelated* people's skin conductance over 50 minutes the
    index has a standard deviation of 0.164 (95 % between -0.29 and 0.36): 0.3 is within chance. Nor is 0 the
    level of chance: rare responses with slow ends resemble each other (200 simulated unrelated pairs each:
    mean 0.12 at 8 responses a minute, 0.21 at 5, 0.34 at 3).

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        The signals themselves on one even grid, NaN where missing.
    rate_hz : float
        Samples per second, above 0.
    slope_s : float, default 5.0
        Window of a slope, at least two samples.
    window_s : float, default 15.0
        Window of a correlation, in time between starts of slopes: at least three slopes.
    step_s : float, default 1.0
        From one slope to the next.
    window_step_s : float, default 1.0
        From one correlation to the next.
    lag_s : float, default 0.0
        Slopes of x at t are compared with those of y at ``t + lag_s``: above zero the first comes first.

    Returns
    -------
    Marci
        Exactly what the formula gives, infinities included; `one_sided` says whether it may be shown.

    Raises
    ------
    ValueError
        If lengths differ, or a choice makes no sense.

    References
    ----------
    .. [1] Marci, C. D., Ham, J., Moran, E., & Orr, S. P. (2007). The Journal of Nervous and Mental Disease
       195(2), 103-111. doi:10.1097/01.nmd.0000253731.71025.fc
    .. [2] Marci, C. D., & Orr, S. P. (2006). The effect of emotional distance on psychophysiologic concordance
       and perceived empathy between patient and interviewer. Appl. Psychophysiol. Biofeedback 31(2), 115-128.
       doi:10.1007/s10484-006-9008-4
    """
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"two series of one length are needed, not of shapes {x.shape} and {y.shape}")
    slopes_x, slopes_y = (
        slopes(series, rate_hz=rate_hz, slope_s=slope_s, step_s=step_s) for series in (x, y)
    )
    width, step = samples(window_s, 1.0 / step_s), samples(window_step_s, 1.0 / step_s)
    if width < 3 or step < 1:
        raise ValueError(
            f"windows of {window_s:g} s each {window_step_s:g} s make no sense for a slope each {step_s:g} s"
        )
    shift = samples(abs(lag_s), 1.0 / step_s)
    n = max(0, slopes_x.size - shift)
    early, late = (slopes_x, slopes_y) if lag_s >= 0.0 else (slopes_y, slopes_x)
    r = np.empty((max(0, (n - width) // step + 1), 1))
    enough = int(np.ceil(VALID_SHARE * width - 1e-9))
    windowed_correlations(
        early[:n].copy(), late[slopes_x.size - n :].copy(), 0, step, width, False, enough, r
    )
    known = r[~np.isnan(r)]
    positive, negative = float(known[known > 0.0].sum()), float(known[known < 0.0].sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        index = float(np.log(np.float64(positive) / np.abs(negative)))
        mean_z = float(np.arctanh(known).mean()) if known.size else float("nan")
    return Marci(
        index=index,
        one_sided=abs(index) > LARGEST_INDEX,
        sum_positive=positive,
        sum_negative=negative,
        mean_z=mean_z,
        slopes_x=slopes_x,
        slopes_y=slopes_y,
        r=r[:, 0].copy(),
    )


def slopes(
    values: NDArray[np.float64], *, rate_hz: float, slope_s: float, step_s: float
) -> NDArray[np.float64]:
    """Slopes of the lines of least squares in running windows.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Series on an even grid, NaN where missing.
    rate_hz : float
        Samples per second, above 0.
    slope_s : float
        Window of a slope, at least two samples.
    step_s : float
        From one slope to the next, at least one sample.

    Returns
    -------
    ndarray of float64, shape (n_slopes,)
        Slope per second; NaN where a sample of the window is missing.

    Raises
    ------
    ValueError
        If a choice makes no sense.
    """
    width, step = samples(slope_s, rate_hz), samples(step_s, rate_hz)
    if width < 2 or step < 1:
        raise ValueError(f"slopes over {slope_s:g} s each {step_s:g} s make no sense at {rate_hz:g} Hz")
    out = np.empty(max(0, (values.size - width) // step + 1))
    running_slopes(np.where(np.isfinite(values), values, np.nan), step, width, rate_hz, out)
    return out


def _compute(pair: Pair, choices: Choices) -> MethodResult:  # noqa: ARG001 - all its times are the published ones
    """Apply the published parameters to the raw signals, and again with the second's slopes 1 to 7 s later."""
    refusal = withheld(pair, pair.raw_x, pair.raw_y)
    if refusal is not None:
        return refusal
    lags_s = np.arange(8, dtype=np.float64)
    by_lag = [marci(pair.raw_x, pair.raw_y, rate_hz=pair.rate_hz, lag_s=float(lag_s)) for lag_s in lags_s]
    result = by_lag[0]
    n_windows = np.count_nonzero(~np.isnan(result.r))
    if n_windows == 0:
        return unavailable(Reason.GAP, "No stretch between two gaps is long enough for a window of slopes.")
    if not np.isfinite(result.mean_z):
        return unavailable(Reason.NO_DATA, "In some windows the same signal was given for both.")
    if result.one_sided:
        # Both signals are there and vary: what is missing are windows of one sign, and only more windows help.
        return unavailable(
            Reason.TOO_FEW_SEGMENTS,
            "Nearly all windows go the same way, or nearly all opposite ways; their ratio is no number to show.",
        )
    return graded(
        pair,
        pair.raw_x,
        pair.raw_y,
        values={
            "index": result.index,
            "mean_z": result.mean_z,
            "sum_positive": result.sum_positive,
            "sum_negative": result.sum_negative,
            "n_windows": float(n_windows),
        },
        series={
            "t_s": pair.t0_s + 9.5 + np.arange(result.r.size, dtype=np.float64) - 0.5 / pair.rate_hz,
            "r": result.r,
            "lag_s": lags_s,
            "index_by_lag": np.array([np.nan if one.one_sided else one.index for one in by_lag]),
            "mean_z_by_lag": np.array([one.mean_z for one in by_lag]),
        },
    )


MARCI: Final = Method(
    name="marci",
    title="Concordance index (Marci)",
    unit="1",
    reference="Marci, Ham, Moran & Orr (2007), doi:10.1097/01.nmd.0000253731.71025.fc",
    minimum_s=MINIMUM_S,
    null_model="none: unrelated people's skin conductance over 50 min gives SD 0.164 (95 % between -0.29 and "
    "0.36), and a mean above 0 where responses are rare",
    signals=WAVES,
    compute=_compute,
)
"""The entry of the registry: `marci` on the raw signals, with the second's slopes up to 7 s later as series."""
