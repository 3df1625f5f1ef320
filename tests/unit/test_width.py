"""Width of a window over sessions: its unit, its uncertainty, and when a change may be stated."""

from math import hypot, nan

import pytest

from calibration.edges import PRIOR, Mark, MarkLabel, MarkSource, update_edges
from calibration.width import NO_MARKS, NO_UNIT, Width, changed, frozen_marks, session_width, trend, width_of

DAY_S = 86400.0


def a_mark(label: MarkLabel, arousal: float, *, se: float = 0.1, utc_s: float = 0.0) -> Mark:
    return Mark(label=label, by=MarkSource.REVIEW, session="s", t_s=60.0, utc_s=utc_s, arousal=arousal, se=se)


def both_sides(factor: float = 1.0) -> list[Mark]:
    return [
        a_mark(MarkLabel.TOO_MUCH, 3.2 * factor, se=0.1 * factor),
        a_mark(MarkLabel.TOLERABLE, 1.5 * factor, se=0.1 * factor),
        a_mark(MarkLabel.TOO_LITTLE, -2.0 * factor, se=0.1 * factor),
    ]


def a_width(value: float, se: float = 0.5) -> Width:
    return Width(value=value, se=se, n_marks=3, estimable=True)


def test_the_width_is_upper_minus_lower_with_both_errors() -> None:
    edges = update_edges(both_sides(), now_utc_s=0.0)
    width = session_width(both_sides(), 1.0)
    assert width.value == edges.upper.mean - edges.lower.mean
    assert width.se == hypot(edges.upper.sd, edges.lower.sd)
    assert (width.n_marks, width.estimable, width.prior_side) == (3, True, "")


def test_without_marks_the_width_is_not_estimable_whatever_the_prior() -> None:
    for marks in ([], [a_mark(MarkLabel.TOO_MUCH, nan)]):
        width = session_width(marks, 1.0)
        assert (width.estimable, width.reason) == (False, NO_MARKS)
        assert width.value != width.value


@pytest.mark.parametrize("factor", [nan, 0.0, -1.0])
def test_without_a_frozen_unit_the_width_is_not_estimable(factor: float) -> None:
    width = session_width(both_sides(), factor)
    assert (width.estimable, width.reason) == (False, NO_UNIT)


def test_a_shrunken_reference_sd_does_not_widen_the_window() -> None:
    # The same bodily moments, seen in a session whose reference SD is half as large: twice as many SD.
    usual = session_width(both_sides(), 1.0)
    shrunken = session_width(both_sides(2.0), 0.5)
    assert shrunken.value == pytest.approx(usual.value, abs=1e-12)
    assert shrunken.se == pytest.approx(usual.se, abs=1e-12)


def test_an_edge_nobody_marked_is_named() -> None:
    assert session_width([a_mark(MarkLabel.TOO_MUCH, 3.0)], 1.0).prior_side == "lower"
    assert session_width([a_mark(MarkLabel.TOO_LITTLE, -3.0)], 1.0).prior_side == "upper"


def test_the_width_of_an_old_session_does_not_fade() -> None:
    young = session_width(both_sides(), 1.0)
    old = [a_mark(mark.label, mark.arousal, utc_s=1.6e9) for mark in both_sides()]
    undated = [a_mark(mark.label, mark.arousal, utc_s=nan) for mark in both_sides()]
    assert session_width(old, 1.0) == young == session_width(undated, 1.0)


def test_marks_of_two_sessions_together_know_more_than_one() -> None:
    one = width_of(frozen_marks(both_sides(), 1.0))
    two = width_of([*frozen_marks(both_sides(), 1.0), *frozen_marks(both_sides(2.0), 0.5)])
    assert two.n_marks == 6
    assert two.se < one.se < hypot(PRIOR.upper.sd, PRIOR.lower.sd)


def test_a_change_must_exceed_its_uncertainty() -> None:
    limit = 1.96 * hypot(0.5, 0.5)
    assert not changed(a_width(5.0), a_width(5.0 + 0.99 * limit))
    assert changed(a_width(5.0), a_width(5.0 + 1.01 * limit))
    assert changed(a_width(5.0), a_width(5.0 - 1.01 * limit))
    assert not changed(a_width(5.0), session_width([], 1.0))


def test_a_trend_takes_four_dated_sessions() -> None:
    widths = [a_width(4.0 + 0.1 * i) for i in range(4)]
    days = [7.0 * DAY_S * i for i in range(4)]
    assert trend(widths[:3], days[:3]) is None
    assert trend(widths, [*days[:3], nan]) is None
    assert trend([*widths[:3], session_width([], 1.0)], days) is None
    assert trend(widths, [0.0] * 4) is None
    found = trend(widths, days)
    assert found is not None
    assert found.n_sessions == 4
    assert found.per_30_days == pytest.approx(0.1 * 30 / 7)
    assert found.low <= found.per_30_days <= found.high


def test_one_stray_session_does_not_make_a_trend() -> None:
    values = [4.0, 4.1, 3.9, 4.0, 9.0]
    found = trend([a_width(v) for v in values], [7.0 * DAY_S * i for i in range(5)])
    assert found is not None
    assert found.low <= 0.0 <= found.high
