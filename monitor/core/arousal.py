"""Position relative to the person's own reference: electrodermal, heart and vagal scores, and arousal."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import Reference, Scale, electrodermal_z
from monitor.core.results import NAN, Estimate, Reason, Status, missing

_WEIGHTS = np.array([0.5, 0.25, 0.25])
"""Electrodermal, heart speed, minus vagal: cardiac channels share half the weight, because heart rate
contains vagal withdrawal already (SCIENCE E.1)."""

_NOT_CALIBRATED = dict.fromkeys(("z_eda", "z_heart", "z_vagal", "arousal"), missing(Reason.NOT_CALIBRATED))


class Inputs(NamedTuple):
    """The four series of the scores at one grid second."""

    ln_scl: Estimate
    scr_rate: Estimate
    heart_speed: Estimate
    ln_rmssd: Estimate


def _standardised(estimate: Estimate, scale: Scale | None) -> Estimate:
    if estimate.status is Status.NA:
        return missing(estimate.reason, estimate.coverage)
    if scale is None:
        return missing(Reason.ZERO_VARIANCE, estimate.coverage)
    return estimate._replace(value=scale.z(estimate.value), se=estimate.se / scale.sd)


def _electrodermal(inputs: Inputs, reference: Reference) -> Estimate:
    if not reference.responder:
        return missing(Reason.ZERO_VARIANCE, inputs.ln_scl.coverage)
    level = _standardised(inputs.ln_scl, reference.scales.get("ln_scl"))
    rate = _standardised(inputs.scr_rate, reference.scales.get("scr_rate"))
    if level.status is Status.NA and rate.status is Status.NA:
        return level
    value = electrodermal_z(level.value, rate.value, reference.electrodermal_rho)
    coverage = min(level.coverage, rate.coverage)
    if Status.NA in (level.status, rate.status):
        return Estimate(value, NAN, Status.LOW, Reason.COMPOSITION_CHANGED, coverage)
    low = level if level.status is Status.LOW else rate
    return Estimate(value, NAN, low.status, low.reason, coverage)


def _combined(scores: tuple[Estimate, Estimate, Estimate], correlation: NDArray[np.float64]) -> Estimate:
    """Arousal from the electrodermal, heart and vagal scores, over the ones present."""
    eda, heart, vagal = scores
    coverage = min(score.coverage for score in scores)
    if eda.status is Status.NA or heart.status is Status.NA:
        # Heart rate alone is posture and speech; skin conductance alone is temperature and contact.
        return missing(eda.reason if eda.status is Status.NA else heart.reason, coverage)
    present = np.array([True, True, vagal.status is not Status.NA])
    z = np.array([eda.value, heart.value, -vagal.value])[present]
    weights = _WEIGHTS[present]
    norm = float(np.sqrt(weights @ correlation[np.ix_(present, present)] @ weights))
    value = float(weights @ z) / norm
    errors = np.array([eda.se, heart.se, vagal.se])[present]
    known = np.isfinite(errors)
    se = float(np.sqrt(np.sum((weights[known] * errors[known] / norm) ** 2))) if known.any() else NAN
    if not present.all():
        return Estimate(value, se, Status.LOW, Reason.COMPOSITION_CHANGED, coverage)
    low = next((score for score in scores if score.status is Status.LOW), None)
    status, reason = (low.status, low.reason) if low else (Status.OK, Reason.NONE)
    return Estimate(value, se, status, reason, coverage)


def scores_at(inputs: Inputs, reference: Reference | None) -> Mapping[str, Estimate]:
    """Standardise one second of a person against their reference.

    Parameters
    ----------
    inputs : Inputs
        The four series at this second.
    reference : Reference or None
        The reference; None gives NA `not_calibrated` throughout.

    Returns
    -------
    Mapping of str to Estimate
        ``z_eda``, ``z_heart``, ``z_vagal`` and ``arousal`` in reference SD. With
        ``z = (z_eda, z_heart, -z_vagal)`` arousal is ``w z / sqrt(w R w)``, w = (0.5, 0.25, 0.25), R the
        shrunk correlation in the reference, so that it has unit variance there. Without the vagal score
        the rest is renormalised and LOW; without skin conductance or heart rate it is NA. The error
        contains the measurement error of the parts that have one.
    """
    if reference is None:
        return _NOT_CALIBRATED
    eda = _electrodermal(inputs, reference)
    heart = _standardised(inputs.heart_speed, reference.scales.get("heart_speed"))
    vagal = _standardised(inputs.ln_rmssd, reference.scales.get("ln_rmssd"))
    arousal = _combined((eda, heart, vagal), np.array(reference.correlation))
    return {"z_eda": eda, "z_heart": heart, "z_vagal": vagal, "arousal": arousal}
