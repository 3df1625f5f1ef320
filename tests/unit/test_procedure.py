"""The guided procedure: what each event does, at its moment and at a wrong one."""

import math

import pytest

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
    Stop,
    outcome,
)
from calibration.protocol import Protocol, Rating, Step, Use

TENSION, PRESENT = Rating.TENSION, Rating.PRESENT


def step(name: str, use: Use, length_s: float, **more: object) -> Step:
    return Step(name=name, title=name.title(), instruction=".", use=use, length_s=length_s, **more)  # type: ignore[arg-type]


PROTOCOL = Protocol(
    name="p",
    kind="opening",
    title="P",
    steps=(
        step("settle", Use.SETTLE, 5),
        step("talk", Use.TALK, 10, minimum_s=8, weight=0.5, asks=(TENSION, PRESENT)),
        step("task", Use.TASK, 6, stop_tension=6, asks=(TENSION, PRESENT)),
        step("recovery", Use.RECOVERY, 10, minimum_s=3, last_s=4, weight=0.25),
    ),
)


class Walk:
    """A procedure with a running second."""

    def __init__(self, *events: Event, protocol: Protocol = PROTOCOL) -> None:
        self.procedure = Procedure(protocol)
        self.second = 0
        for event in events:
            self.procedure.push(event)

    def do(self, *events: Event) -> "Walk":
        for event in events:
            self.procedure.push(event)
        return self

    def go(self, n: int, *, valid: bool = True) -> "Walk":
        for _ in range(n):
            self.second += 1
            self.procedure.push(SecondQuality(self.second, valid))
        return self


@pytest.fixture
def talking() -> Walk:
    walk = Walk(Begin()).go(5)
    assert walk.procedure.step.name == "talk"
    return walk


def pieces(walk: Walk) -> list[tuple[str, float, float]]:
    return [(span.step, span.start_s, span.stop_s) for span in walk.procedure.spans]


def test_seconds_before_the_beginning_do_not_count() -> None:
    walk = Walk().go(7)
    assert (walk.procedure.phase, walk.procedure.elapsed_s, pieces(walk)) == (Phase.READY, 0, [])
    walk.do(Begin()).go(2)
    assert pieces(walk) == [("settle", 7, 9)]


def test_a_step_with_enough_ends_at_its_length_and_the_next_one_begins(talking: Walk) -> None:
    assert (talking.procedure.index, talking.procedure.phase) == (1, Phase.RUNNING)
    talking.go(1)
    assert pieces(talking) == [("settle", 0, 5), ("talk", 5, 6)]
    assert (talking.procedure.elapsed_s, talking.procedure.valid_s, talking.procedure.enough) == (1, 1, False)


def test_a_step_that_asks_waits_for_all_its_ratings(talking: Walk) -> None:
    procedure = talking.go(10).procedure
    assert (procedure.phase, procedure.asks, procedure.elapsed_s) == (Phase.RATING, (TENSION, PRESENT), 0)
    talking.go(3).do(Rated(PRESENT, 8))
    assert procedure.asks == (TENSION,)
    talking.do(Rated(TENSION, 2))
    assert (procedure.phase, procedure.step.name, procedure.asks) == (Phase.RUNNING, "task", ())
    talking.go(1)
    assert pieces(talking)[-1] == ("task", 18, 19)


def test_ratings_keep_their_second_and_step(talking: Walk) -> None:
    talking.go(2).do(Rated(TENSION, 3))
    assert talking.procedure.ratings == ((7, "talk", TENSION, 3.0),)
    assert Walk(Rated(PRESENT, 0)).procedure.ratings == ((-1, "settle", PRESENT, 0.0),)


def test_a_rating_during_a_step_does_not_answer_what_is_asked_after_it(talking: Walk) -> None:
    talking.do(Rated(TENSION, 3)).go(10)
    assert talking.procedure.asks == (TENSION, PRESENT)


@pytest.mark.parametrize("value", [-0.1, 10.1, math.nan, math.inf])
def test_a_rating_outside_its_range_is_not_kept(value: float) -> None:
    procedure = Walk(Rated(TENSION, value)).procedure
    assert procedure.ratings == ()
    assert "from 0 to 10" in procedure.message


def test_a_step_goes_on_until_enough_is_valid(talking: Walk) -> None:
    procedure = talking.go(3, valid=False).go(7).procedure
    assert (procedure.phase, procedure.elapsed_s, procedure.valid_s) == (Phase.RUNNING, 10, 7)
    assert "goes on until" in procedure.message
    talking.go(1)
    assert procedure.phase is Phase.RATING


def test_a_step_waits_after_twice_its_length(talking: Walk) -> None:
    procedure = talking.go(20, valid=False).procedure
    assert (procedure.phase, procedure.commands) == (Phase.WAITING, ("skip", "redo", "stop"))
    assert "Not enough valid signal" in procedure.message
    talking.go(5)
    assert (procedure.phase, procedure.elapsed_s) == (Phase.WAITING, 20)


def test_only_what_would_count_tells_whether_it_is_enough() -> None:
    walk = Walk(Begin(), Skip(), Begin(), Skip(), Skip())
    assert walk.procedure.step.name == "recovery"
    walk.go(8).go(2, valid=False)
    assert (walk.procedure.valid_s, walk.procedure.phase) == (2, Phase.RUNNING)
    walk.go(3)
    assert walk.procedure.phase is Phase.FINISHED


def test_skip_keeps_a_step_with_enough_and_asks(talking: Walk) -> None:
    talking.go(8).do(Skip())
    assert (talking.procedure.phase, talking.procedure.done) == (Phase.RATING, ("settle", "talk"))
    assert pieces(talking)[-1] == ("talk", 5, 13)
    assert talking.procedure.message == ""


def test_skip_drops_a_step_without_enough_and_says_so(talking: Walk) -> None:
    talking.go(7).do(Skip())
    assert (talking.procedure.phase, talking.procedure.step.name) == (Phase.RUNNING, "task")
    assert talking.procedure.skipped == ("talk",)
    assert pieces(talking) == [("settle", 0, 5)]
    assert "reference may be too short" in talking.procedure.message


def test_skipping_what_does_not_count_needs_no_words(talking: Walk) -> None:
    talking.do(Skip()).do(Skip())
    assert (talking.procedure.step.name, talking.procedure.message) == ("recovery", "")
    assert talking.procedure.skipped == ("talk", "task")


def test_skip_while_rating_leaves_the_ratings_unanswered(talking: Walk) -> None:
    talking.go(10).do(Skip())
    assert (talking.procedure.step.name, talking.procedure.phase) == ("task", Phase.RUNNING)
    assert "talk" in talking.procedure.done


def test_skip_before_the_beginning_begins_with_the_next_step() -> None:
    walk = Walk(Skip()).go(3)
    assert (walk.procedure.phase, walk.procedure.step.name, pieces(walk)) == (Phase.READY, "talk", [])


def test_a_pause_splits_the_span(talking: Walk) -> None:
    talking.go(2).do(Pause()).go(4)
    assert (talking.procedure.phase, talking.procedure.elapsed_s) == (Phase.PAUSED, 2)
    talking.do(Resume()).go(3)
    assert pieces(talking)[1:] == [("talk", 5, 7), ("talk", 11, 14)]
    assert talking.procedure.elapsed_s == 5


def test_a_step_left_in_a_pause_is_followed_by_a_pause(talking: Walk) -> None:
    talking.do(Pause(), Skip()).go(2)
    assert (talking.procedure.phase, talking.procedure.step.name) == (Phase.PAUSED, "task")
    assert talking.procedure.elapsed_s == 0


def test_redo_begins_the_running_step_anew(talking: Walk) -> None:
    talking.go(4).do(Redo()).go(1)
    assert pieces(talking) == [("settle", 0, 5), ("talk", 9, 10)]


def test_redo_while_rating_takes_the_step_back(talking: Walk) -> None:
    talking.go(10).do(Redo())
    assert (talking.procedure.phase, talking.procedure.done) == (Phase.RUNNING, ("settle",))
    talking.go(10)
    assert pieces(talking) == [("settle", 0, 5), ("talk", 15, 25)]
    assert talking.procedure.asks == (TENSION, PRESENT)


def test_redo_leaves_the_waiting(talking: Walk) -> None:
    talking.go(20, valid=False).do(Redo()).go(1)
    assert (talking.procedure.phase, talking.procedure.elapsed_s) == (Phase.RUNNING, 1)


def test_stop_keeps_what_is_enough_and_drops_what_is_not(talking: Walk) -> None:
    assert pieces(talking.go(8).do(Stop()))[-1] == ("talk", 5, 13)
    short = Walk(Begin()).go(9).do(Stop())
    assert pieces(short) == [("settle", 0, 5)]
    assert short.procedure.phase is Phase.STOPPED
    rating = Walk(Begin()).go(15).do(Stop())
    assert rating.procedure.done == ("settle", "talk")


def task() -> Walk:
    walk = Walk(Begin(), Skip(), Skip()).go(3)
    assert walk.procedure.step.name == "task"
    return walk


def test_tension_at_the_limit_ends_the_task_and_keeps_it() -> None:
    walk = task().do(Rated(TENSION, 6))
    assert "the task ends here" in walk.procedure.message
    assert (walk.procedure.phase, walk.procedure.asks) == (Phase.RATING, (PRESENT,))
    assert pieces(walk) == [("task", 0, 3)]
    walk.do(Rated(PRESENT, 7)).go(1)
    assert walk.procedure.step.name == "recovery"


def test_tension_below_the_limit_lets_the_task_go_on() -> None:
    walk = task().do(Rated(TENSION, 5.9), Rated(PRESENT, 9)).go(1)
    assert (walk.procedure.step.name, walk.procedure.elapsed_s) == ("task", 4)


def test_tension_in_a_paused_task_ends_it_and_the_pause_goes_on() -> None:
    walk = task().do(Pause(), Rated(TENSION, 9), Rated(PRESENT, 3)).go(2)
    assert (walk.procedure.step.name, walk.procedure.phase) == ("recovery", Phase.PAUSED)


def test_a_task_ended_before_its_first_second_counts_as_skipped() -> None:
    walk = Walk(Begin(), Skip(), Skip(), Rated(TENSION, 6))
    assert (walk.procedure.step.name, walk.procedure.skipped) == ("recovery", ("settle", "talk", "task"))


def test_high_tension_after_the_task_is_told() -> None:
    walk = task().go(3).do(Rated(TENSION, 6))
    assert walk.procedure.message == "Tension 6 of 10 after the task. Take your time."


def test_tension_at_the_limit_before_the_task_has_begun_leaves_it_there() -> None:
    (task_step,) = (step for step in PROTOCOL.steps if step.stop_tension)
    only = Protocol(name="p", kind="opening", title="P", steps=(task_step,))
    procedure = Walk(Rated(TENSION, 6), protocol=only).procedure
    assert (procedure.phase, procedure.message) == (Phase.READY, "")


def test_high_tension_is_told_at_any_time(talking: Walk) -> None:
    assert talking.do(Rated(TENSION, 6.9)).procedure.message == ""
    assert "Tension 7 of 10" in talking.do(Rated(TENSION, 7)).procedure.message
    assert talking.procedure.phase is Phase.RUNNING
    assert "Tension 8" in talking.do(Stop(), Rated(TENSION, 8)).procedure.message


def test_numbers_left_out_are_seconds_without_anything(talking: Walk) -> None:
    talking.go(2).do(SecondQuality(10, True))
    assert (talking.procedure.elapsed_s, talking.procedure.valid_s) == (5, 3)
    assert pieces(talking)[-1] == ("talk", 5, 10)


def test_numbers_that_came_before_are_passed_over(talking: Walk) -> None:
    talking.go(2).do(SecondQuality(7, True), SecondQuality(3, True))
    assert talking.procedure.elapsed_s == 2


def test_an_endless_gap_ends_in_waiting(talking: Walk) -> None:
    talking.do(SecondQuality(10**15, True))
    assert (talking.procedure.phase, talking.procedure.elapsed_s) == (Phase.WAITING, 20)


@pytest.mark.parametrize("event", [Pause(), Resume(), Redo()])
def test_a_command_at_a_wrong_moment_only_says_so(event: Event) -> None:
    procedure = Walk(event).procedure
    assert procedure.phase is Phase.READY
    assert procedure.message.endswith("is not possible now: choose begin, skip, stop.")


def test_after_the_end_no_command_does_anything() -> None:
    walk = Walk(Begin(), Skip(), Skip(), Skip(), Skip())
    assert (walk.procedure.phase, walk.procedure.commands) == (Phase.FINISHED, ())
    assert walk.do(Begin()).procedure.message == "`begin` is not possible now: the calibration is finished."
    assert walk.procedure.step.name == "recovery"


def whole() -> Walk:
    return Walk(Begin()).go(15).do(Skip()).go(6).do(Skip()).go(10)


def test_the_outcome_takes_the_end_of_a_step_and_weighs_its_seconds() -> None:
    walk = whole()
    assert walk.procedure.phase is Phase.FINISHED
    talk, recovery = outcome(walk.procedure)
    assert (talk.step, talk.start_s, talk.stop_s) == ("talk", 5, 15)
    assert (recovery.step, recovery.start_s, recovery.stop_s) == ("recovery", 27, 31)
    assert talk.weight * 10 == pytest.approx(2 / 3)
    assert recovery.weight * 4 == pytest.approx(1 / 3)


def test_the_share_of_a_skipped_step_goes_to_the_others() -> None:
    (talk,) = outcome(Walk(Begin()).go(15).do(Stop()).procedure)
    assert talk.weight == pytest.approx(0.1)
    assert outcome(Walk(Begin()).go(5).procedure) == ()


def test_the_outcome_takes_no_more_than_the_planned_length(talking: Walk) -> None:
    talking.go(3, valid=False).go(8)
    (talk,) = outcome(talking.procedure)
    assert (talk.start_s, talk.stop_s) == (6, 16)


def test_the_outcome_cuts_the_oldest_piece_and_drops_older_ones() -> None:
    walk = Walk(Begin(), Skip(), Skip(), Skip())
    walk.go(3).do(Pause(), Resume()).go(4).do(Pause()).go(2).do(Resume()).go(3)
    spans = outcome(walk.procedure)
    assert [(span.start_s, span.stop_s) for span in spans] == [(6, 7), (9, 12)]
    assert {span.weight for span in spans} == {0.25}


def test_spans_have_no_weight_before_the_outcome(talking: Walk) -> None:
    assert all(math.isnan(span.weight) for span in talking.procedure.spans)


def test_the_newest_ten_seconds_are_kept(talking: Walk) -> None:
    talking.go(15)
    assert [at.second for at in talking.procedure.recent] == list(range(11, 21))
    talking.do(SecondQuality(26, True))
    assert [at.second for at in talking.procedure.recent] == [17, 18, 19, 20, 26]
