"""The edges of a window, before and after marks."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from calibration.edges import PRIOR, Edge, Edges, EdgesError, Mark, MarkLabel, MarkSource, update_edges

NOW = 1.79e9
DAY = 86400.0


def mark(label: str, arousal: float, *, se: float = 0.2, age_days: float = 1.0) -> Mark:
    return Mark(
        label=MarkLabel(label),
        by=MarkSource.REVIEW,
        session="s",
        t_s=60.0,
        utc_s=NOW - age_days * DAY,
        arousal=arousal,
        se=se,
    )


def slow_posterior(marks: list[tuple[str, float, float, float]], side: str) -> tuple[float, float]:
    """E.5 written out loop by loop, on the grid of the side."""
    grid = [1.0 + 0.05 * i for i in range(141)]
    mean, sd = (2.5, 0.5) if side == "upper" else (-2.5, 0.75)
    density = []
    for size in grid:
        edge = size if side == "upper" else -size
        p = norm.pdf(edge, mean, sd)
        for label, arousal, se, weight in marks:
            scatter = math.sqrt(0.25 + se**2)
            past = norm.cdf((arousal - edge) / scatter if side == "upper" else (edge - arousal) / scatter)
            past = 0.95 * past + 0.05 / 3
            if label == ("too_much" if side == "upper" else "too_little"):
                p *= past**weight
            elif label == "tolerable":
                p *= (1 - past) ** weight
        density.append(p)
    edges = np.array(grid) if side == "upper" else -np.array(grid)
    weights = np.array(density) / sum(density)
    average = float((weights * edges).sum())
    return average, math.sqrt(float((weights * (edges - average) ** 2).sum()))


def test_without_marks_the_edges_are_the_prior_and_provisional() -> None:
    edges = update_edges([], now_utc_s=NOW)
    assert edges is PRIOR
    assert edges.upper.provisional
    assert edges.lower.provisional


def test_the_posterior_is_that_of_the_formula_written_out() -> None:
    marks = [
        mark("too_much", 2.0),
        mark("too_much", 1.6, se=0.4),
        mark("tolerable", 1.9, age_days=200.0),
        mark("tolerable", -1.0),
        mark("too_little", -2.0, se=float("nan")),
        mark("too_little", -1.5, age_days=400.0),
    ]
    told = [
        ("too_much", 2.0, 0.2, 1.0),
        ("too_much", 1.6, 0.4, 1.0),
        ("tolerable", 1.9, 0.2, 0.5),
        ("tolerable", -1.0, 0.2, 1.0),
        ("too_little", -2.0, 0.0, 1.0),
        ("too_little", -1.5, 0.2, 0.5),
    ]
    edges = update_edges(marks, now_utc_s=NOW)
    assert (edges.upper.mean, edges.upper.sd) == pytest.approx(slow_posterior(told, "upper"), rel=1e-9)
    assert (edges.lower.mean, edges.lower.sd) == pytest.approx(slow_posterior(told, "lower"), rel=1e-9)
    assert (edges.upper.n_marks, edges.lower.n_marks) == (3, 3)
    assert not edges.upper.provisional


def test_a_tolerable_mark_counts_on_the_side_it_lies_on() -> None:
    edges = update_edges([mark("tolerable", 0.0), mark("tolerable", 3.0)], now_utc_s=NOW)
    assert (edges.upper.n_marks, edges.lower.n_marks) == (2, 0)
    assert update_edges([mark("tolerable", -0.1)], now_utc_s=NOW).lower.n_marks == 1


def test_a_tolerable_high_moment_widens_the_window() -> None:
    assert update_edges([mark("tolerable", 3.0)], now_utc_s=NOW).upper.mean > 2.6


def test_a_mark_in_a_gap_moves_nothing_and_does_not_count() -> None:
    assert update_edges([mark("too_much", float("nan"))], now_utc_s=NOW) is PRIOR


def test_marks_of_half_a_year_ago_weigh_half_and_so_do_undated_ones() -> None:
    fresh = update_edges([mark("too_much", 1.5, age_days=180.0)], now_utc_s=NOW).upper.mean
    old = update_edges([mark("too_much", 1.5, age_days=180.1)], now_utc_s=NOW).upper.mean
    undated = update_edges([mark("too_much", 1.5, age_days=float("nan"))], now_utc_s=NOW).upper.mean
    assert fresh < old < 2.5
    assert undated == old


def test_one_wild_mark_cannot_carry_an_edge_away() -> None:
    wild = update_edges([mark("too_much", -30.0, se=0.0)], now_utc_s=NOW)
    assert wild.upper.mean == pytest.approx(2.5, abs=0.05)


def test_the_edge_stays_in_its_range_and_its_uncertainty_above_the_grid_step() -> None:
    many = [mark("too_much", 0.2, se=0.0)] * 400 + [mark("tolerable", 0.0, se=0.0)] * 400
    edges = update_edges(many, now_utc_s=NOW)
    assert 1.0 <= edges.upper.mean < 1.3
    assert edges.upper.sd >= 0.05
    assert edges.lower.mean <= -1.0
    sure = Edges(upper=Edge(mean=2.5, sd=0.001), lower=Edge(mean=-2.5, sd=0.001))
    assert update_edges(many, prior=sure, now_utc_s=NOW).upper.sd == 0.05


def test_marks_add_to_those_of_the_prior() -> None:
    prior = Edges(upper=Edge(mean=2.0, sd=0.4, n_marks=5), lower=Edge(mean=-2.0, sd=0.4, n_marks=2))
    edges = update_edges([mark("too_little", -2.0)], prior=prior, now_utc_s=NOW)
    assert (edges.upper.n_marks, edges.lower.n_marks) == (5, 3)


@pytest.mark.parametrize(
    ("upper", "lower", "text"),
    [
        (Edge(mean=-1.0, sd=0.5), Edge(mean=1.0, sd=0.5), "crossed"),
        (Edge(mean=1.0, sd=0.5), Edge(mean=1.0, sd=0.5), "crossed"),
        (Edge(mean=float("nan"), sd=0.5), Edge(mean=-1.0, sd=0.5), "upper edge is nan"),
        (Edge(mean=1.0, sd=0.5), Edge(mean=-math.inf, sd=0.5), "lower edge is -inf"),
        (Edge(mean=1.0, sd=0.0), Edge(mean=-1.0, sd=0.5), "uncertainty of the upper"),
        (Edge(mean=1.0, sd=0.5), Edge(mean=-1.0, sd=float("nan")), "uncertainty of the lower"),
        (Edge(mean=1.0, sd=math.inf), Edge(mean=-1.0, sd=0.5), "uncertainty of the upper"),
        (Edge(mean=1.0, sd=0.5, n_marks=-1), Edge(mean=-1.0, sd=0.5), "rests on -1 marks"),
    ],
)
def test_edges_that_are_none_are_refused(upper: Edge, lower: Edge, text: str) -> None:
    with pytest.raises(EdgesError, match=text):
        Edges(upper=upper, lower=lower)
