"""Drawings of a session: fewer points, the same gaps; names of their own; words taken as they are."""

import re

import numpy as np
import pytest

from monitor.figures.session import (
    Band,
    Chance,
    Marker,
    Row,
    draw_bands,
    draw_chance,
    draw_coverage,
    draw_markers,
)
from monitor.figures.session_parts import Line, thinned

HOSTILE = 'a "b" <c> & $\\frac$ _d_ ' + "\u202e"


def line(value: np.ndarray) -> Line:
    return Line(np.arange(value.size) + 0.5, value, np.zeros(value.size, dtype=bool))


def test_a_short_series_is_drawn_as_it_is() -> None:
    short = line(np.arange(10.0))
    assert thinned(short, 10) is short


def test_a_long_series_is_drawn_in_medians_and_its_gaps_stay() -> None:
    value = np.array([1.0, 2.0, 30.0, np.nan, np.nan, 5.0, 7.0, 8.0])
    unsure = np.array([False, True, True, True, False, False, False, False])
    fewer = thinned(Line(np.arange(8.0), value, unsure), 3)
    np.testing.assert_array_equal(fewer.value, [2.0, np.nan, 7.5])
    np.testing.assert_array_equal(fewer.unsure, [True, False, False])
    np.testing.assert_allclose(fewer.t_s[:2], [1.0, 4.0])


def test_nothing_at_all_can_be_thinned() -> None:
    assert thinned(line(np.zeros(0))).t_s.size == 0


def drawings(name: str) -> list[str]:
    value = np.sin(np.arange(100.0))
    value[40:60] = np.nan
    gap = [(40.0, 60.0, HOSTILE)]
    nothing = line(np.full(100, np.nan))
    band = Band(
        HOSTILE, line(value), (2.5, 0.5), (-2.5, 0.75), gap, [("below", 70.0, 80.0)], [(10.0, 1), (10.1, 2)]
    )
    low, high = np.full(100, -1.6), np.full(100, 1.6)
    return [
        draw_coverage(
            [Row(HOSTILE, [(0.0, 40.0)], [(60.0, 100.0)], [(40.0, 60.0)])], 100.0, f"{name}1", HOSTILE
        ),
        draw_bands([band, band._replace(line=nothing)], 100.0, f"{name}2", HOSTILE),
        draw_markers(
            [Marker(HOSTILE, "bpm", line(value), gap), Marker("x", "uS", nothing, [])],
            100.0,
            f"{name}3",
            HOSTILE,
        ),
        draw_chance(
            [Chance(HOSTILE, line(value), low, high, gap), Chance("y", nothing, low, high, [])],
            100.0,
            f"{name}4",
            HOSTILE,
        ),
    ]


def test_drawings_of_one_page_share_no_name_and_come_out_the_same() -> None:
    first, again = drawings("n"), drawings("n")
    assert first == again
    names = [set(re.findall(r'id="([^"]+)"', svg)) for svg in first]
    assert len(set.union(*names)) == sum(map(len, names))
    for svg, own in zip(first, names, strict=True):
        assert svg.startswith("<svg role=")
        assert not re.search(r"https?:|<metadata|<!DOCTYPE|<c>", svg)
        assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', svg)) <= own


@pytest.mark.parametrize("duration_s", [float("nan"), 0.0, 1.0, 86400.0])
def test_any_length_has_an_axis(duration_s: float) -> None:
    assert "session time" in draw_coverage([Row("a", [], [], [])], duration_s, "n", "a")
