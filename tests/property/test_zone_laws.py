"""Laws of the zone decision, for any course of arousal."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from calibration.edges import PRIOR, Edge, Edges
from calibration.zones import ENTER_S, LEAVE_S, START, Interval, Second, Zone, finish, step

NAN = math.nan
SYMMETRIC = Edges(upper=Edge(mean=2.5, sd=0.5), lower=Edge(mean=-2.5, sd=0.5))

# Runs of a level make dwells likely; single random seconds would never reach one.
LEVELS = st.sampled_from([0.0, 2.0, 2.6, 3.0, 4.0, -2.0, -2.6, -3.2, -4.0, NAN, NAN])
RUN = st.tuples(LEVELS, st.integers(1, 26), st.sampled_from([3, 7]), st.booleans())


@st.composite
def courses(draw: st.DrawFn) -> list[Second]:
    out = []
    for level, length, parts, coherent in draw(st.lists(RUN, min_size=1, max_size=14)):
        heart = level if coherent else 0.0
        out += [Second(level, draw(st.sampled_from([NAN, 0.2])), level, heart, -level, parts)] * length
    return out


def decide(seconds: list[Second], edges: Edges = PRIOR, first: int = 0) -> tuple[list, list[Interval]]:
    state, states, closed = START, [], []
    for index, at in enumerate(seconds, start=first):
        state = step(state, index, at, edges)
        states.append(state)
        closed += [state.closed] if state.closed else []
    last = finish(state, first + len(seconds))
    return states, closed + ([last] if last else [])


@given(courses())
def test_intervals_cover_time_without_hole_or_overlap(seconds: list[Second]):
    _, intervals = decide(seconds)
    assert intervals[0].start == 0
    assert intervals[-1].stop == len(seconds)
    assert all(a.stop == b.start for a, b in pairwise(intervals))
    assert all(interval.start < interval.stop for interval in intervals)


@given(courses())
def test_neighbouring_intervals_differ_and_never_jump_across(seconds: list[Second]):
    _, intervals = decide(seconds)
    for a, b in pairwise(intervals):
        assert a.zone is not b.zone
        assert {a.zone, b.zone} != {Zone.ABOVE, Zone.BELOW}
        if a.zone in {Zone.ABOVE, Zone.BELOW}:
            assert a.censored == (b.zone is Zone.NA)
    for before, between, after in zip(intervals[:-2], intervals[1:-1], intervals[2:], strict=True):
        if {before.zone, after.zone} == {Zone.ABOVE, Zone.BELOW} and between.zone is Zone.WITHIN:
            assert between.stop - between.start >= LEAVE_S


@given(courses())
def test_an_excursion_begins_with_twenty_valid_seconds_beyond_the_edge(seconds: list[Second]):
    _, intervals = decide(seconds)
    for interval in intervals:
        if interval.zone in {Zone.ABOVE, Zone.BELOW}:
            valid = [at.arousal for at in seconds[interval.start :] if math.isfinite(at.arousal)][:ENTER_S]
            sign = 1.0 if interval.zone is Zone.ABOVE else -1.0
            assert len(valid) == ENTER_S
            assert all(sign * value > 2.5 for value in valid)


@given(courses())
def test_missing_seconds_never_become_a_zone_but_by_the_hold(seconds: list[Second]):
    states, intervals = decide(seconds)
    run = 0
    for index, (at, state) in enumerate(zip(seconds, states, strict=True)):
        run = 0 if math.isfinite(at.arousal) else run + 1
        assert (state.zone is Zone.NA) == (run >= 10 or run == index + 1)
        assert math.isnan(state.p_above) == (run > 0)
    for interval in intervals:
        if interval.zone is Zone.NA:
            gone = seconds[interval.start : interval.stop]
            assert not any(math.isfinite(at.arousal) for at in gone)
            assert interval.start == 0 or math.isfinite(seconds[interval.start - 1].arousal)


@given(courses(), courses(), st.integers(1, 19), st.integers(1, 19))
def test_nothing_is_remembered_across_ten_missing_seconds(
    before: list[Second], after: list[Second], pending: int, again: int
):
    # A dwell under way on both sides of the gap, which two random courses seldom have.
    high, still = Second(4.0, NAN, 0.0, 0.0, NAN, 7), Second(0.0, NAN, 0.0, 0.0, NAN, 7)
    before = before + [still] * 10 + [high] * pending
    after = [high] * again + after
    gap = [Second(NAN, NAN, NAN, NAN, NAN, 0)] * 10
    with_history, _ = decide(before + gap + after)
    without, _ = decide(gap + after, first=len(before))
    # The first valid second closes the gap, which may be longer where the history ended in missing seconds.
    known = [i for i, at in enumerate(gap + after) if math.isfinite(at.arousal)]
    for index in known[1:]:
        assert with_history[len(before) + index] == without[index]


@given(courses())
def test_the_mirrored_course_gives_the_mirrored_zones(seconds: list[Second]):
    # The lower side has a condition more; heart and skin that go with arousal make it true on both sides.
    together = [at._replace(z_eda=at.arousal, z_heart=at.arousal) for at in seconds]
    mirrored = [at._replace(arousal=-at.arousal, z_eda=-at.arousal, z_heart=-at.arousal) for at in seconds]
    swap = {Zone.ABOVE: Zone.BELOW, Zone.BELOW: Zone.ABOVE}
    _, there = decide(together, SYMMETRIC)
    _, back = decide(mirrored, SYMMETRIC)
    assert back == [interval._replace(zone=swap.get(interval.zone, interval.zone)) for interval in there]


@given(courses(), st.sampled_from([0.25, 0.5, 2.0, 4.0]), st.sampled_from([-2.0, -0.5, 0.0, 1.0]))
def test_shift_and_scale_of_arousal_and_edges_together_change_nothing(
    seconds: list[Second], scale: float, shift: float
):
    moved_edges = Edges(
        upper=Edge(mean=2.5 * scale + shift, sd=0.5 * scale),
        lower=Edge(mean=-2.5 * scale + shift, sd=0.75 * scale),
    )
    moved = [at._replace(arousal=at.arousal * scale + shift, se=at.se * scale) for at in seconds]
    assert decide(moved, moved_edges)[1] == decide(seconds)[1]


@given(courses(), st.integers(0, 400))
def test_a_decision_taken_up_from_its_state_goes_on_alike(seconds: list[Second], cut: int):
    states, _ = decide(seconds)
    cut = min(cut, len(seconds) - 1)
    state = states[cut]
    for index in range(cut + 1, len(seconds)):
        state = step(state, index, seconds[index], PRIOR)
        assert state == states[index]


@given(courses())
def test_what_comes_later_never_changes_what_was_closed(seconds: list[Second]):
    _, whole = decide(seconds)
    closed: list[Interval] = []
    for state in decide(seconds)[0]:
        closed += [state.closed] if state.closed else []
        assert whole[: len(closed)] == closed
        assert state.since == (closed[-1].stop if closed else 0)
