"""Scales pooled over sessions: how much a person varies, beyond what one short reference can tell."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from calibration.baseline import INPUTS, Reference, Scale

PRIOR_DF = 10.0
"""Degrees of freedom that earlier sessions are worth, SCIENCE E.6."""

AROUSAL_WEIGHTS = (0.5, 0.25, 0.25)
"""Electrodermal, heart speed, minus vagal: the weights of arousal, SCIENCE E.1."""

_SESSIONS_OF_UNIT = 2
_LEAST_RHO = -0.9


def pooled_scales(references: Sequence[Reference]) -> dict[str, Scale]:
    """Pool the scales of several sessions.

    Parameters
    ----------
    references : sequence of Reference
        One for each session, oldest first.

    Returns
    -------
    dict of str to Scale
        By series, for those that any session has. From session to session
        ``s^2 = ((n_eff - 1) s^2 + 10 s0^2) / (n_eff - 1 + 10)`` with s0 as pooled until then; the first session
        stands for itself. `mean` is that of the newest session that has the series; `n_effective` is one more
        than the degrees of freedom of `sd`.
    """
    pooled: dict[str, Scale] = {}
    for reference in references:
        for name, scale in reference.scales.items():
            pooled[name] = _pooled(scale, pooled.get(name))
    return pooled


def frozen_scales(references: Sequence[Reference]) -> dict[str, Scale] | None:
    """Return the unit in which sessions are compared: the first two sessions pooled, SCIENCE E.9.

    Parameters
    ----------
    references : sequence of Reference
        One for each session, oldest first.

    Returns
    -------
    dict of str to Scale or None
        By series; None before two sessions.
    """
    if len(references) < _SESSIONS_OF_UNIT:
        return None
    return pooled_scales(references[:_SESSIONS_OF_UNIT])


def day_reference(day: Reference, earlier: Sequence[Reference]) -> Reference:
    """Make the reference a session is seen against: the level of the day, the scale of all sessions.

    Parameters
    ----------
    day : Reference
        From the opening of the day.
    earlier : sequence of Reference
        Of earlier sessions, oldest first; may be empty.

    Returns
    -------
    Reference
        Span, valid seconds and levels of `day`. Each scale is pooled with `earlier` and predictive: times
        ``sqrt(1 + 1/n_eff)`` with the n_eff of the day, because the level of the day is itself uncertain.
        Correlation, electrodermal correlation and responder are those of the reference with the most valid
        seconds (`day` among equals), because three minutes tell little of them. A series without a
        scale today has no level today and is left out.
    """
    pooled = pooled_scales(earlier)
    scales = {}
    for name, scale in day.scales.items():
        both = _pooled(scale, pooled.get(name))
        scales[name] = replace(both, sd=both.sd * math.sqrt(1.0 + 1.0 / scale.n_effective))
    longest = max([day, *reversed(earlier)], key=lambda reference: reference.valid_s)
    return replace(
        day,
        scales=scales,
        correlation=longest.correlation,
        electrodermal_rho=longest.electrodermal_rho,
        responder=longest.responder,
    )


def unit_factor(
    session: Mapping[str, Scale],
    frozen: Mapping[str, Scale],
    correlation: Sequence[Sequence[float]],
    electrodermal_rho: float,
) -> float:
    """Convert arousal of one session to the frozen unit.

    Parameters
    ----------
    session : Mapping of str to Scale
        Scales of the session.
    frozen : Mapping of str to Scale
        The unit, from `frozen_scales`.
    correlation : sequence of sequence of float, shape (3, 3)
        Of (z_eda, z_heart, -z_vagal) in the session.
    electrodermal_rho : float
        Correlation of the two electrodermal series.

    Returns
    -------
    float
        SD, in frozen units, of the arousal index that has unit SD in the session's reference; 2 where
        everything varied twice as much as in the first sessions. NaN where skin conductance or heart speed
        is missing in either, as arousal then is, and where the correlations leave no variance.
    """
    ratio = {
        name: session[name].sd / frozen[name].sd for name in INPUTS if name in session and name in frozen
    }
    skin = [ratio[name] for name in ("ln_scl", "scr_rate") if name in ratio]
    if not skin or "heart_speed" not in ratio:
        return math.nan
    rho = max(electrodermal_rho, _LEAST_RHO)
    eda = skin[0] if len(skin) == 1 else _skin_factor(skin[0], skin[1], rho)
    factors = np.array([eda, ratio["heart_speed"], ratio.get("ln_rmssd", 0.0)])
    weights = np.array(AROUSAL_WEIGHTS)
    weights[2] *= "ln_rmssd" in ratio
    matrix = np.array(correlation)
    scaled = weights * factors
    in_frozen, in_session = float(scaled @ matrix @ scaled), float(weights @ matrix @ weights)
    # Correlations are pairwise, so that a combination may come out without variance.
    return math.sqrt(in_frozen / in_session) if min(in_frozen, in_session) > 0.0 else math.nan


def _pooled(scale: Scale, earlier: Scale | None) -> Scale:
    if earlier is None:
        return scale
    df = max(scale.n_effective - 1.0, 0.0)
    variance = (df * scale.sd**2 + PRIOR_DF * earlier.sd**2) / (df + PRIOR_DF)
    return Scale(mean=scale.mean, sd=math.sqrt(variance), n_effective=df + PRIOR_DF + 1.0)


def _skin_factor(level: float, rate: float, rho: float) -> float:
    """SD of the electrodermal score when its two parts vary by these factors."""
    return math.sqrt((level**2 + rate**2 + 2.0 * level * rate * rho) / (2.0 + 2.0 * rho))
