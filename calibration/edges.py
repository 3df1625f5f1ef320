"""The edges of a person's window of tolerance, as far as marks have told where they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

MARKS_NEEDED = 3
"""Marks on a side before its edge is no longer provisional (SCIENCE E.5)."""


class MarkLabel(StrEnum):
    """What somebody says of a moment."""

    TOO_MUCH = "too_much"
    TOLERABLE = "tolerable"
    TOO_LITTLE = "too_little"


class MarkSource(StrEnum):
    """Who said it."""

    CLIENT = "client"
    THERAPIST = "therapist"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One edge with its uncertainty, in reference SD of arousal.

    Parameters
    ----------
    mean : float
        Where the edge is thought to be.
    sd : float
        How uncertain that is; greater than zero.
    n_marks : int, default 0
        Marks that spoke of this side.
    """

    mean: float
    sd: float
    n_marks: int = 0

    @property
    def provisional(self) -> bool:
        """Whether too few marks tell where the edge is."""
        return self.n_marks < MARKS_NEEDED


class EdgesError(ValueError):
    """The edges cannot be those of a window; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Both edges of one person.

    Parameters
    ----------
    upper, lower : Edge
        Above and below which it becomes too much or too little.

    Raises
    ------
    EdgesError
        If they are crossed, not finite, or without uncertainty.
    """

    upper: Edge
    lower: Edge

    def __post_init__(self) -> None:
        for side, edge in (("upper", self.upper), ("lower", self.lower)):
            if not math.isfinite(edge.mean):
                raise EdgesError(
                    f"The {side} edge is {edge.mean}; it must be a finite number of reference SD."
                )
            if not (math.isfinite(edge.sd) and edge.sd > 0.0):
                raise EdgesError(
                    f"The uncertainty of the {side} edge is {edge.sd}; it must be a finite number above 0."
                )
            if edge.n_marks < 0:
                raise EdgesError(f"The {side} edge rests on {edge.n_marks} marks; it must be 0 or more.")
        if self.lower.mean >= self.upper.mean:
            raise EdgesError(
                f"The edges are crossed: the lower one, {self.lower.mean:g}, is not below the upper one, "
                f"{self.upper.mean:g}. Exchange or correct them."
            )


PRIOR = Edges(upper=Edge(mean=2.5, sd=0.5), lower=Edge(mean=-2.5, sd=0.75))
"""Where the edges are thought to be before any mark; own proposal, SCIENCE E.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One judgement of a moment.

    Parameters
    ----------
    label : MarkLabel
        What was said.
    by : MarkSource
        Who said it.
    session : str
        Name of the session folder.
    t_s : float
        Moment in session seconds.
    utc_s : float
        The same in seconds since 1970; NaN where unknown.
    arousal : float
        Median of arousal over the 30 s before, in reference SD of that session; NaN in a gap.
    se : float
        Its standard error; NaN where unknown.
    """

    label: MarkLabel
    by: MarkSource
    session: str
    t_s: float
    utc_s: float
    arousal: float
    se: float


_STEP = 0.05
_GRID = np.linspace(1.0, 8.0, 141)
_SCATTER = 0.5
"""How sharply a person can tell the edge, in reference SD."""

_LAPSE = 0.05
"""Share of marks that say nothing of the moment: people mis-time them."""

_OLD_S = 180 * 86400.0
_OLD_WEIGHT = 0.5


def update_edges(marks: Sequence[Mark], *, prior: Edges = PRIOR, now_utc_s: float) -> Edges:
    """Say where the edges are after some marks.

    Each edge is estimated on a grid of 0.05 from 1 to 8 reference SD (-8 to -1 below), from a normal prior
    truncated to that range. A mark at arousal A with error se is past the upper edge U with probability
    ``Phi((A - U) / sqrt(0.5^2 + se^2))``, and past the lower edge L with ``Phi((L - A) / sqrt(...))``; one mark
    in twenty is any of the three labels by chance. "Tolerable" is the product of the complements, so that
    it moves both edges and they stay independent.

    Parameters
    ----------
    marks : sequence of Mark
        All marks of the person, in any order; the order does not change a bit of the result. A mark without
        arousal moves nothing and is not counted. An unknown `se` is taken as 0.
    prior : Edges, default PRIOR
        Where the edges are thought to be without marks.
    now_utc_s : float
        Seconds since 1970; marks more than 180 days older, and marks of unknown age, have half the weight.

    Returns
    -------
    Edges
        Mean and SD of the posterior, the SD never below 0.05; the prior itself where no mark has an
        arousal. A mark is counted at the side it speaks of: "too much" at the upper, "too little" at the
        lower, "tolerable" at the side on which its arousal lies (0 is the upper).
    """
    told = sorted((mark for mark in marks if math.isfinite(mark.arousal)), key=_order)
    if not told:
        return prior
    arousal = np.array([mark.arousal for mark in told])
    spread = np.array([math.hypot(_SCATTER, mark.se if math.isfinite(mark.se) else 0.0) for mark in told])
    weight = np.array([1.0 if now_utc_s - mark.utc_s <= _OLD_S else _OLD_WEIGHT for mark in told])
    labels = [mark.label for mark in told]
    n_upper = sum(_speaks_of_upper(mark) for mark in told)
    upper = _posterior(prior.upper, arousal, spread, weight, _signs(labels, MarkLabel.TOO_MUCH))
    mirrored = Edge(mean=-prior.lower.mean, sd=prior.lower.sd)
    lower = _posterior(mirrored, -arousal, spread, weight, _signs(labels, MarkLabel.TOO_LITTLE))
    return Edges(
        upper=Edge(mean=upper[0], sd=upper[1], n_marks=prior.upper.n_marks + n_upper),
        lower=Edge(mean=-lower[0], sd=lower[1], n_marks=prior.lower.n_marks + len(told) - n_upper),
    )


def _order(mark: Mark) -> tuple[float, float, str, float]:
    """Sort by what enters the sum, so that its rounding does not depend on the order of the marks."""
    utc_s = mark.utc_s if math.isfinite(mark.utc_s) else -1.0
    return mark.arousal, mark.se if math.isfinite(mark.se) else 0.0, mark.label, utc_s


def _speaks_of_upper(mark: Mark) -> bool:
    return mark.label is MarkLabel.TOO_MUCH or (mark.label is MarkLabel.TOLERABLE and mark.arousal >= 0.0)


def _signs(labels: Sequence[MarkLabel], past: MarkLabel) -> NDArray[np.int64]:
    """1 where a mark says "past this edge", -1 where it says "not past", 0 where it is about the other edge."""
    return np.array(
        [1 if label is past else -1 if label is MarkLabel.TOLERABLE else 0 for label in labels],
        dtype=np.int64,
    )


def _posterior(
    prior: Edge,
    arousal: NDArray[np.float64],
    spread: NDArray[np.float64],
    weight: NDArray[np.float64],
    signs: NDArray[np.int64],
) -> tuple[float, float]:
    """Mean and SD of an edge above zero; `signs` 1 past it, -1 not past it, 0 nothing said of it."""
    past = (1.0 - _LAPSE) * ndtr((arousal[:, None] - _GRID) / spread[:, None]) + _LAPSE / 3.0
    likelihood = np.where(signs[:, None] > 0, past, np.where(signs[:, None] < 0, 1.0 - past, 1.0))
    log_density = (weight[:, None] * np.log(likelihood)).sum(axis=0)
    log_density -= 0.5 * ((_GRID - prior.mean) / prior.sd) ** 2
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    mean = float(density @ _GRID)
    variance = float(density @ (_GRID - mean) ** 2)
    return mean, max(math.sqrt(max(variance, 0.0)), _STEP)
