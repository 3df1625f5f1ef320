"""Where the reference seconds of each person lie in the plane of vagal and electrodermal scores."""

import math

from calibration.baseline import Reference
from calibration.pooling import PRIOR_DF
from monitor.board.session_views import CloudView
from monitor.core.pipeline import Pipeline
from monitor.core.standing import Standing

_VAGAL = "ln_rmssd"
_SKIN = ("ln_scl", "scr_rate")
_KEPT = 0.7
"""Share of the correlation that is left after it was shrunk towards none, SCIENCE E.1."""

_LEAST_N = 3.0
_LEAST_RHO = -0.9


def cloud_views(pipeline: Pipeline) -> list[CloudView]:
    """Describe the reference of everybody who has one, for `monitor.board.board.Board.note_clouds`.

    Parameters
    ----------
    pipeline : Pipeline
        At any moment of its run; call again after each tick in which a reference may have come into use.

    Returns
    -------
    list of CloudView
        One for each participant whose reference has both axes, in the order in which their streams opened.
    """
    made = (cloud_of(person.standing) for person in pipeline.people if person.standing is not None)
    return [cloud for cloud in made if cloud is not None]


def cloud_of(standing: Standing) -> CloudView | None:
    """Describe the reference of one person.

    Parameters
    ----------
    standing : Standing
        Where they stand.

    Returns
    -------
    CloudView or None
        None without a reference, or where skin conductance or the vagal index has no scale in it.

    Notes
    -----
    Scores are distances from the level in use, so that the cloud has its centre at 0, also after the level was taken
    anew. Its SD is that of the reference seconds in units of the scale in use. That scale is larger than theirs: it is
    corrected for autocorrelation and predictive, by ``sqrt((n + 1) / (n - 1))`` with n effective samples in the
    opening, and may be pooled with earlier sessions. Of an opening taken in this session the SD of its own seconds is
    known; of another one it is taken to be that of the scale in use, without the factor.

    With the SD ``r1, r2`` of the two electrodermal series and their correlation ``q`` among the seconds, and ``p``
    in the reference in use, the electrodermal SD is ``sqrt((r1^2 + r2^2 + 2 q r1 r2) / (2 + 2 p))``. The correlation
    is that of the plane, the vagal index pointing to the right, and is not shrunk.
    """
    used, taken = standing.reference, standing.taken
    if used is None or not used.responder:
        return None
    own = used if taken is None else taken.reference
    sd = {name: _sd_of_seconds(standing, used, name) for name in (_VAGAL, *_SKIN) if name in used.scales}
    if _VAGAL not in sd or not any(name in sd for name in _SKIN):
        return None
    return CloudView(
        participant=standing.calibration.participant,
        x_mean=0.0,
        y_mean=0.0,
        x_sd=sd[_VAGAL],
        y_sd=_skin_sd(
            [sd[name] for name in _SKIN if name in sd], own.electrodermal_rho, used.electrodermal_rho
        ),
        correlation=max(-1.0, min(1.0, -own.correlation[0][2] / _KEPT)),
        minutes=used.valid_s / 60.0,
    )


def _sd_of_seconds(standing: Standing, used: Reference, name: str) -> float:
    """SD of the reference seconds of one series, in units of the scale in use."""
    scale = used.scales[name]
    day = None if standing.taken is None else standing.taken.reference.scales.get(name)
    if day is not None:
        return day.sd * math.sqrt(1.0 - 1.0 / day.n_effective) / scale.sd
    pooled = name in standing.calibration.scales
    n = max(scale.n_effective - (PRIOR_DF if pooled else 0.0), _LEAST_N)
    return math.sqrt((n - 1.0) / (n + 1.0))


def _skin_sd(sd: list[float], among: float, used: float) -> float:
    if len(sd) == 1:
        return sd[0]
    variance = sd[0] ** 2 + sd[1] ** 2 + 2.0 * max(among, _LEAST_RHO) * sd[0] * sd[1]
    return math.sqrt(variance / (2.0 + 2.0 * max(used, _LEAST_RHO)))
