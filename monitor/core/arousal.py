"""Position relative to the person's own reference: electrodermal, heart and vagal scores, and arousal."""

from collections.abc import Mapping
from math import isnan, nan, sqrt
from typing import NamedTuple

import numpy as np

from calibration.baseline import Reference, electrodermal_z
from calibration.pooling import AROUSAL_WEIGHTS
from monitor.core.results import NAN, Estimate, Reason, Status, missing

EDA_PART, HEART_PART, VAGAL_PART, LEVEL_ONLY, RATE_ONLY = 1, 2, 4, 8, 16
"""Bits of `Scores.parts`."""

PART_BITS = 5


class Inputs(NamedTuple):
    """The four series of the scores at one grid second."""

    ln_scl: Estimate
    scr_rate: Estimate
    heart_speed: Estimate
    ln_rmssd: Estimate


class Scores(NamedTuple):
    """The scores of one grid second, in reference SD.

    Parameters
    ----------
    z_eda, z_heart, z_vagal, arousal : Estimate
        The markers of these names.
    parts : int
        What entered arousal: 1 electrodermal, 2 heart speed, 4 vagal, and 8 or 16 where the electrodermal score
        rests on the level or on the response rate alone; added. 0 without arousal.
    """

    z_eda: Estimate
    z_heart: Estimate
    z_vagal: Estimate
    arousal: Estimate
    parts: int

    def as_mapping(self) -> Mapping[str, Estimate]:
        """Return the markers by name.

        Returns
        -------
        Mapping of str to Estimate
            The four scores.
        """
        return {
            "z_eda": self.z_eda,
            "z_heart": self.z_heart,
            "z_vagal": self.z_vagal,
            "arousal": self.arousal,
        }


def no_scores(reason: Reason) -> Scores:
    """Return scores that are all missing.

    Parameters
    ----------
    reason : Reason
        Why.

    Returns
    -------
    Scores
        NA throughout.
    """
    gone = missing(reason)
    return Scores(gone, gone, gone, gone, 0)


class Scorer:
    """Standardises the seconds of a person against their reference.

    With ``z = (z_eda, z_heart, -z_vagal)`` arousal is ``w z / sqrt(w R w)``, w = (0.5, 0.25, 0.25), R the
    shrunk correlation in the reference, so that it has unit variance there. Without the vagal score the rest is
    renormalised and LOW; without skin conductance or heart rate it is NA. The error contains the measurement
    error of the parts that have one.

    Parameters
    ----------
    reference : Reference
        The person's reference.
    """

    def __init__(self, reference: Reference) -> None:
        self._responder = reference.responder
        self._rho = reference.electrodermal_rho
        self._scales = {name: (scale.mean, scale.sd) for name, scale in reference.scales.items()}
        weights, correlation = np.array(AROUSAL_WEIGHTS), np.array(reference.correlation)
        self._norm_full = sqrt(float(weights @ correlation @ weights))
        self._norm_two = sqrt(float(weights[:2] @ correlation[:2, :2] @ weights[:2]))

    def at(self, inputs: Inputs, held: Reason = Reason.NONE) -> Scores:
        """Standardise one second.

        Parameters
        ----------
        inputs : Inputs
            The four series at this second.
        held : Reason, optional
            Why the vagal index is held, if it is.

        Returns
        -------
        Scores
            The four scores and what arousal is made of.
        """
        eda, alone = self._electrodermal(inputs)
        heart = self._standardised(inputs.heart_speed, "heart_speed")
        if held and inputs.ln_rmssd.status is not Status.NA:
            vagal = missing(held, inputs.ln_rmssd.coverage)
        else:
            vagal = self._standardised(inputs.ln_rmssd, "ln_rmssd")
        return self._combined(eda, heart, vagal, alone)

    def _standardised(self, estimate: Estimate, name: str) -> Estimate:
        if estimate.status is Status.NA:
            return missing(estimate.reason, estimate.coverage)
        scale = self._scales.get(name)
        if scale is None:
            return missing(Reason.ZERO_VARIANCE, estimate.coverage)
        value, se, status, reason, coverage = estimate
        mean, sd = scale
        return Estimate((value - mean) / sd, se / sd, status, reason, coverage)

    def _electrodermal(self, inputs: Inputs) -> tuple[Estimate, int]:
        """Return the electrodermal score, and which of its two series stands alone."""
        if not self._responder:
            return missing(Reason.ZERO_VARIANCE, inputs.ln_scl.coverage), 0
        level = self._standardised(inputs.ln_scl, "ln_scl")
        rate = self._standardised(inputs.scr_rate, "scr_rate")
        if level.status is Status.NA and rate.status is Status.NA:
            return level, 0
        value = electrodermal_z(level.value, rate.value, self._rho)
        coverage = min(level.coverage, rate.coverage)
        if Status.NA in (level.status, rate.status):
            alone = RATE_ONLY if level.status is Status.NA else LEVEL_ONLY
            return Estimate(value, NAN, Status.LOW, Reason.COMPOSITION_CHANGED, coverage), alone
        low = level if level.status is Status.LOW else rate
        return Estimate(value, NAN, low.status, low.reason, coverage), 0

    def _combined(self, eda: Estimate, heart: Estimate, vagal: Estimate, alone: int) -> Scores:
        """Arousal from the electrodermal, heart and vagal scores, over the ones present."""
        coverage = min(eda.coverage, heart.coverage, vagal.coverage)
        if eda.status is Status.NA or heart.status is Status.NA:
            # Heart rate alone is posture and speech; skin conductance alone is temperature and contact.
            reason = eda.reason if eda.status is Status.NA else heart.reason
            return Scores(eda, heart, vagal, missing(reason, coverage), 0)
        full = vagal.status is not Status.NA
        parts = (eda, heart, vagal) if full else (eda, heart)
        norm = self._norm_full if full else self._norm_two
        total = AROUSAL_WEIGHTS[0] * eda.value + AROUSAL_WEIGHTS[1] * heart.value
        if full:
            total -= AROUSAL_WEIGHTS[2] * vagal.value
        se = _error(parts, norm)
        if not full:
            arousal = Estimate(total / norm, se, Status.LOW, Reason.COMPOSITION_CHANGED, coverage)
            return Scores(eda, heart, vagal, arousal, EDA_PART | HEART_PART | alone)
        status, reason = Status.OK, Reason.NONE
        for part in parts:
            if part.status is Status.LOW:
                status, reason = part.status, part.reason
                break
        arousal = Estimate(total / norm, se, status, reason, coverage)
        return Scores(eda, heart, vagal, arousal, EDA_PART | HEART_PART | VAGAL_PART | alone)


def _error(parts: tuple[Estimate, ...], norm: float) -> float:
    """Root of the summed squares of the weighted errors that are known."""
    squares = known = 0.0
    for weight, part in zip(AROUSAL_WEIGHTS, parts, strict=False):
        if not isnan(part.se):
            squares += (weight * part.se / norm) ** 2
            known = 1.0
    return sqrt(squares) if known else nan
