"""What the windows over electrodermal points amount to: values, status and reason."""

import math
from typing import Final

from monitor.core.kernels.eda_layout import STEP_S
from monitor.core.kernels.eda_read import (
    COUNT_AT,
    COUNT_POINTS,
    DRIVER_AT,
    DRIVER_N_AT,
    N_SCR_AT,
    PHASIC_AT,
    PHASIC_POINTS,
    PRESENT,
    SCL_AT,
    SCR_SUM_AT,
    STEEP_N,
    TONIC_AT,
    TONIC_POINTS,
    TROUBLE,
    USABLE,
)
from monitor.core.results import NAN, Estimate, Reason, Status, missing

WINDOW_S: Final = 60.0
ENOUGH_TO_COUNT_S: Final = 45.0
STEEP_SHARE: Final = 0.05
OK_COVERAGE: Final = 0.8
LOW_COVERAGE: Final = 0.5

EDA_MARKERS: Final = ("scl_us", "ln_scl", "scr_per_min", "scr_rate_z", "scr_sum_us", "eda_phasic")
"""Electrodermal markers, in the order in which they are answered."""

REASON_OF_CODE: Final = (
    Reason.NONE,
    Reason.MOTION,
    Reason.LEAD_OFF,
    Reason.SATURATED,
    Reason.FLATLINE,
    Reason.MOTION,
    Reason.GAP,
    Reason.WARMUP,
)
"""Reason for each code of a point in the kernels."""


def eda_estimates(values: list[float]) -> dict[str, Estimate]:
    """Turn what `eda_read` found into estimates.

    Parameters
    ----------
    values : list of float
        The output row of `monitor.core.kernels.eda_read.eda_read`.

    Returns
    -------
    dict of str to Estimate
        One for each of `EDA_MARKERS`.
    """
    scl, ln_scl = _tonic(values)
    per_min, rate_z, total = _counts(values)
    return {
        "scl_us": scl,
        "ln_scl": ln_scl,
        "scr_per_min": per_min,
        "scr_rate_z": rate_z,
        "scr_sum_us": total,
        "eda_phasic": _phasic(values),
    }


def _trouble(values: list[float], window: int) -> Reason:
    """Name what is commonest among the unusable points of a window."""
    reason = REASON_OF_CODE[int(values[window + TROUBLE])]
    if values[window + PRESENT] == 0.0 and reason is Reason.GAP:
        return Reason.NO_DATA
    return reason


def _verdict(values: list[float], window: int, coverage: float) -> tuple[Status, Reason]:
    """Give status and reason of a window that has a value."""
    if coverage < OK_COVERAGE:
        return Status.LOW, _trouble(values, window)
    if values[window + STEEP_N] > STEEP_SHARE * values[window + USABLE]:
        return Status.LOW, Reason.MOTION
    return Status.OK, Reason.NONE


def _tonic(values: list[float]) -> tuple[Estimate, Estimate]:
    """Give the tonic level and its logarithm."""
    coverage = values[TONIC_AT + USABLE] / TONIC_POINTS
    scl = values[SCL_AT]
    if coverage < LOW_COVERAGE:
        absent = missing(_trouble(values, TONIC_AT), coverage)
        return absent, absent
    if math.isnan(scl):
        absent = missing(Reason.GAP, coverage)
        return absent, absent
    status, reason = _verdict(values, TONIC_AT, coverage)
    return Estimate(scl, NAN, status, reason, coverage), Estimate(
        math.log(scl), NAN, status, reason, coverage
    )


def _counts(values: list[float]) -> tuple[Estimate, Estimate, Estimate]:
    """Give rate, variance-stabilised rate and summed amplitude of the responses, per 60 valid seconds."""
    valid_s = values[COUNT_AT + USABLE] * STEP_S
    coverage = values[COUNT_AT + USABLE] / COUNT_POINTS
    if valid_s < ENOUGH_TO_COUNT_S:
        absent = missing(_trouble(values, COUNT_AT), coverage)
        return absent, absent, absent
    status, reason = _verdict(values, COUNT_AT, coverage)
    scale = WINDOW_S / valid_s
    n = values[N_SCR_AT]
    return (
        Estimate(n * scale, math.sqrt(n + 0.375) * scale, status, reason, coverage),
        Estimate(2.0 * math.sqrt(n * scale + 0.375), 1.0, status, reason, coverage),
        Estimate(values[SCR_SUM_AT] * scale, NAN, status, reason, coverage),
    )


def _phasic(values: list[float]) -> Estimate:
    """Give the mean phasic driver."""
    coverage = values[DRIVER_N_AT] / PHASIC_POINTS
    if coverage < LOW_COVERAGE:
        reason = (
            _trouble(values, PHASIC_AT)
            if values[PHASIC_AT + USABLE] < PHASIC_POINTS
            else _trouble(values, TONIC_AT)
        )
        return missing(reason, coverage)
    status, reason = _verdict(values, PHASIC_AT, coverage)
    return Estimate(values[DRIVER_AT], NAN, status, reason, coverage)
