"""Laws of the guided procedure: they hold for any events in any order."""

import math
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.procedure import (
    Begin,
    Event,
    Pause,
    Phase,
    Procedure,
    Rated,
    Redo,
    Resume,
    SecondQuality,
    Skip,
    Span,
    Stop,
    outcome,
    quality_lines,
)
from calibration.protocol import Protocol, Rating, Step, Use

DISCARDED = (Use.SETTLE, Use.PACED, Use.TASK)


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Short protocols with every kind of step."""
    steps = []
    for number, use in enumerate(draw(st.lists(st.sampled_from(list(Use)), min_size=1, max_size=5))):
        length_s = draw(st.integers(1, 20))
        last_s = draw(st.integers(0, length_s))
        discarded = use in DISCARDED
        steps.append(
            Step(
                name=f"s{number}",
                title=f"S{number}",
                instruction=".",
                use=use,
                length_s=float(length_s),
                last_s=float(last_s),
                minimum_s=0.0 if discarded else float(draw(st.integers(1, last_s or length_s))),
                weight=0.0 if discarded else draw(st.sampled_from([0.25, 0.5, 0.0])),
                asks=tuple(draw(st.lists(st.sampled_from(list(Rating)), unique=True))),
                stop_tension=6.0 if use is Use.TASK else 0.0,
            )
        )
    return Protocol(name="p", kind="opening", title="P", steps=tuple(steps))


RATINGS = st.builds(Rated, st.sampled_from(list(Rating)), st.one_of(st.floats(0, 10), st.floats()))
TIMES = st.tuples(st.integers(1, 12), st.sampled_from([True, True, False]))
"""So many seconds more, each valid or not."""
JUMPS = st.integers(-2, 6)
"""A step of the second's number: 0 or less is a number that came before, above 1 leaves some out."""
SHORT = st.tuples(st.integers(1, 4), st.just(True))
PAUSES = st.tuples(SHORT, st.just(Pause()), SHORT, st.just(Resume()), SHORT).map(list)
TO_THE_END = st.sampled_from([[(20, True), Redo()], [(40, False)], [(20, True), Skip()]])
"""Long enough for any step to ask for ratings, or to wait."""
ANSWERS = st.just([Rated(Rating.TENSION, 2.0), Rated(Rating.PRESENT, 8.0)])
COMMANDS = st.sampled_from([Begin(), Pause(), Resume(), Skip(), Redo(), Stop()])
# What makes sense comes often, or most scripts would end before anything is recorded.
PARTS = st.one_of(
    TIMES,
    TIMES,
    TIMES,
    PAUSES,
    PAUSES,
    TO_THE_END,
    ANSWERS,
    st.sampled_from([Skip(), Redo()]),
    JUMPS,
    RATINGS,
    COMMANDS,
)
SCRIPTS = st.builds(
    lambda start, parts: [
        *start,
        *(item for part in parts for item in (part if isinstance(part, list) else [part])),
    ],
    st.sampled_from([[Begin()], [Begin()], [(3, True), Begin()], []]),
    st.lists(PARTS, min_size=4, max_size=40),
)

Script = Sequence[Event | tuple[int, bool] | int]


def events_of(script: Script) -> list[Event]:
    events: list[Event] = []
    second = 0
    for item in script:
        if isinstance(item, int):
            events.append(SecondQuality(second + item, True))
            second = max(second, second + item)
        elif isinstance(item, tuple):
            n, valid = item
            events += [SecondQuality(second + i, valid) for i in range(1, n + 1)]
            second += n
        else:
            events.append(item)
    return events


def state(procedure: Procedure) -> tuple[object, ...]:
    """Everything a user sees; the absent weights of spans are left out, NaN being unequal to itself."""
    return (
        procedure.phase, procedure.index, procedure.elapsed_s, procedure.valid_s, procedure.enough, procedure.asks,
        procedure.commands, [span[:4] for span in procedure.spans], procedure.ratings, procedure.message,
        procedure.done, procedure.skipped, outcome(procedure),
    )  # fmt: skip


def assert_ordered_and_disjoint(spans: Sequence[Span]) -> None:
    for span in spans:
        assert span.start_s < span.stop_s
    for before, after in pairwise(spans):
        assert before.stop_s <= after.start_s


def seconds_of(spans: Sequence[Span]) -> set[int]:
    return {second for span in spans for second in range(int(span.start_s) + 1, int(span.stop_s) + 1)}


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_spans_are_ordered_and_disjoint_and_hold_nothing_paused(protocol: Protocol, script: Script) -> None:
    procedure = Procedure(protocol)
    order = [step.name for step in protocol.steps]
    came: set[int] = set()
    ran: set[int] = set()
    for event in events_of(script):
        # A late number is passed over; its second may have been counted as left out.
        if isinstance(event, SecondQuality) and (not came or event.second > max(came)):
            came.add(event.second)
            if procedure.phase is Phase.RUNNING:
                ran.add(event.second)
        procedure.push(event)
        spans = procedure.spans
        assert_ordered_and_disjoint(spans)
        places = [order.index(span.step) for span in spans]
        assert places == sorted(places)
        # A second told in time, while nothing ran, is in no span; one left out may be.
        assert seconds_of(spans) & came <= ran


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_each_second_in_a_span_is_of_its_own_step(protocol: Protocol, script: Script) -> None:
    procedure = Procedure(protocol)
    ran: dict[int, str] = {}
    second = 0
    for event in events_of([item for item in script if not isinstance(item, int)]):
        if isinstance(event, SecondQuality):
            second = event.second
            if procedure.phase is Phase.RUNNING:
                ran[second] = procedure.step.name
        procedure.push(event)
    for span in procedure.spans:
        assert {ran[at] for at in seconds_of([span])} == {span.step}
    own = [span for span in procedure.spans if span.step == procedure.step.name]
    if procedure.phase in (Phase.RUNNING, Phase.PAUSED, Phase.WAITING):
        assert procedure.elapsed_s == len(seconds_of(own))


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_the_end_is_reached_only_through_every_step(protocol: Protocol, script: Script) -> None:
    procedure = Procedure(protocol)
    for event in events_of(script):
        before = len(procedure.done) + len(procedure.skipped)
        over = procedure.phase in (Phase.FINISHED, Phase.STOPPED)
        procedure.push(event)
        left = len(procedure.done) + len(procedure.skipped)
        assert not over or left == before
        assert not set(procedure.done) & set(procedure.skipped)
        assert {span.step for span in procedure.spans} - {procedure.step.name} <= set(procedure.done)
    if procedure.phase is Phase.FINISHED:
        assert sorted([*procedure.done, *procedure.skipped]) == sorted(step.name for step in protocol.steps)
        assert procedure.index == len(protocol.steps) - 1


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_what_is_valid_never_exceeds_what_counts(protocol: Protocol, script: Script) -> None:
    procedure = Procedure(protocol)
    for event in events_of(script):
        procedure.push(event)
        assert procedure.valid_s <= min(procedure.elapsed_s, procedure.step.counted_s)
        assert procedure.elapsed_s <= 2 * procedure.step.length_s
        assert len(quality_lines(procedure.recent)) >= 1
        assert (procedure.asks != ()) == (procedure.phase is Phase.RATING)


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_the_outcome_lies_in_the_spans_and_its_weights_add_up_to_one(
    protocol: Protocol, script: Script
) -> None:
    procedure = Procedure(protocol)
    for event in events_of(script):
        procedure.push(event)
    chosen = outcome(procedure)
    assert_ordered_and_disjoint(chosen)
    assert seconds_of(chosen) <= seconds_of(procedure.spans)
    steps = {step.name: step for step in protocol.steps}
    shares = {span.step: 0.0 for span in chosen}
    lengths = dict(shares)
    for span in chosen:
        shares[span.step] += span.weight * (span.stop_s - span.start_s)
        lengths[span.step] += span.stop_s - span.start_s
    assert set(shares) == {name for name in procedure.done if steps[name].weight > 0}
    assert all(0 < lengths[name] <= steps[name].counted_s for name in shares)
    if shares:
        assert math.isclose(sum(shares.values()), 1.0)
        total = sum(steps[name].weight for name in shares)
        assert all(math.isclose(shares[name], steps[name].weight / total) for name in shares)


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_an_ignored_command_changes_nothing_but_the_message(protocol: Protocol, script: Script) -> None:
    procedure = Procedure(protocol)
    for event in events_of(script):
        name = type(event).__name__.lower()
        ignored = not isinstance(event, SecondQuality | Rated) and name not in procedure.commands
        before = state(procedure)
        procedure.push(event)
        if ignored:
            assert "is not possible now" in procedure.message
            assert [a for i, a in enumerate(before) if i != 9] == [
                b for i, b in enumerate(state(procedure)) if i != 9
            ]


@given(protocols(), st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30)), max_size=8))
def test_a_gap_is_the_same_as_seconds_without_anything(
    protocol: Protocol, parts: list[tuple[int, int]]
) -> None:
    gapped, told = Procedure(protocol), Procedure(protocol)
    for procedure in (gapped, told):
        procedure.push(Begin())
    second = 0
    for n, missing in parts:
        for at in range(second + 1, second + n + 1):
            gapped.push(SecondQuality(at, True))
            told.push(SecondQuality(at, True))
        second += n
        for at in range(second + 1, second + missing + 1):
            told.push(SecondQuality(at, False))
        second += missing
    second += 1
    gapped.push(SecondQuality(second, True))
    told.push(SecondQuality(second, True))
    assert state(gapped) == state(told)


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_the_same_events_give_the_same_state(protocol: Protocol, script: Script) -> None:
    first, second = Procedure(protocol), Procedure(protocol)
    for event in events_of(script):
        first.push(event)
        second.push(event)
        assert state(first) == state(second)


@given(protocols(), SCRIPTS)
def test_a_number_that_came_before_changes_nothing(protocol: Protocol, script: Script) -> None:
    procedure = Procedure(protocol)
    came: list[int] = []
    for event in events_of(script):
        procedure.push(event)
        if isinstance(event, SecondQuality):
            came.append(event.second)
            newest = max(came)
            before = state(procedure)
            procedure.push(SecondQuality(newest, True))
            procedure.push(SecondQuality(newest - 3, True))
            assert state(procedure) == before


@settings(max_examples=100)
@given(protocols(), SCRIPTS)
def test_a_step_begun_anew_holds_only_what_came_since(protocol: Protocol, script: Script) -> None:
    procedure = Procedure(protocol)
    for event in events_of(script):
        again = isinstance(event, Redo) and "redo" in procedure.commands
        procedure.push(event)
        if again:
            assert procedure.elapsed_s == procedure.valid_s == 0
            assert procedure.step.name not in {*procedure.done, *(span.step for span in procedure.spans)}
