"""The conductor of a calibration, with a log filled by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.protocol import Protocol, Rating, protocol_from
from monitor.board.commands import COMMANDS
from monitor.calibrating.conductor import Conductor
from monitor.calibrating.result import attempt, result_lines, result_view
from monitor.calibrating.spans import Note, noted_spans
from monitor.core.arousal import Inputs
from monitor.core.results import Estimate, Reason, Revocation, Status, missing
from monitor.core.series_log import SeriesLog


def protocol(**talk: object) -> Protocol:
    steps = [
        {"name": "settle", "title": "Settle", "instruction": "Sit.", "use": "settle", "minutes": 0.1},
        {
            "name": "talk",
            "title": "Talk",
            "instruction": "Talk.",
            "use": "talk",
            "minutes": 3.2,
            "minimum_minutes": 3.0,
            "weight": 1.0,
            "asks": ["tension"],
            **talk,
        },
    ]
    return protocol_from({"name": "short", "kind": "opening", "title": "Short", "steps": steps}, "short.toml")


def fine(value: float) -> Estimate:
    return Estimate(value, 0.1, Status.OK, Reason.NONE, 1.0)


def note(log: SeriesLog, second: int, *, good: bool = True, movement: bool = False) -> None:
    slow = math.sin(second / 7.0) + math.sin(second / 3.1)
    bad = missing(Reason.GAP)
    inputs = Inputs(*(fine(1.0 + 0.1 * k + 0.05 * slow) if good else bad for k in range(4)))
    scl = missing(Reason.MOTION) if movement else fine(4.0)
    log.note(second, inputs, fine(14.0), scl, Reason.NONE)


class Rig:
    """A conductor with its log and everything it noted."""

    def __init__(self, *, by_itself: bool = False, **talk: object) -> None:
        self.log = SeriesLog()
        self.notes: list[Note] = []
        self.protocol = protocol(**talk)
        self.conductor = Conductor("C07", self.protocol, self.log, self.annotate, by_itself=by_itself)

    def annotate(self, label: str, text: str) -> None:
        self.notes.append(Note(float(self.log.first + self.log.n_seconds), label, text))

    def run(self, seconds: int, **how: bool) -> None:
        for _ in range(seconds):
            second = self.log.first + self.log.n_seconds if self.log.n_seconds else 5
            note(self.log, second, **how)
            if second % 20 == 0:
                self.log.note_response(float(second))
            self.conductor.advance()

    @property
    def phase(self) -> str:
        return self.conductor.view()["phase"]


def test_a_person_is_led_through_all_steps_to_a_result_that_waits_to_be_accepted() -> None:
    rig = Rig()
    rig.run(4)
    assert rig.phase == "ready"
    rig.conductor.command("begin")
    rig.run(6 + 192)
    assert rig.phase == "rating"
    rig.conductor.command("tension", 3.0)
    assert rig.phase == "finished"
    view = rig.conductor.view()
    assert view["result"] is None
    assert view["commands"] == []
    assert "looked at" in view["message"]
    rig.run(12)
    view = rig.conductor.view()
    assert view["result"] is not None
    assert view["result"]["problem"] == ""
    assert view["commands"] == ["accept", "redo", "discard"]
    assert not rig.conductor.decided
    rig.conductor.command("accept")
    assert rig.conductor.accepted
    assert rig.conductor.ratings == [(Rating.TENSION, 3.0)]
    assert [(n.label, n.text) for n in rig.notes[:4]] == [
        ("calibration_step", "C07 settle"),
        ("calibration_step", "C07 talk"),
        ("calibration_pause", "C07 talk"),
        ("tension", "C07 3"),
    ]
    assert [n.label for n in rig.notes[4:]] == ["calibration_span", "calibration_end"]


def test_a_result_waits_until_nothing_it_used_can_be_taken_back() -> None:
    rig = Rig(asks=[])
    rig.run(3)
    rig.conductor.command("begin")
    rig.run(6 + 192 + 9)
    assert rig.conductor.attempt is None
    last = float(rig.log.first + rig.log.n_seconds - 1)
    rig.log.revoke(Revocation("C07", (), last - 60.0, last, Reason.MOTION))
    rig.run(5)
    assert rig.conductor.attempt is not None
    assert rig.conductor.attempt.quality.n_movement > 40
    assert rig.conductor.attempt.problem


def test_the_notes_in_the_recording_give_the_spans_back() -> None:
    rig = Rig(by_itself=True)
    rig.run(230)
    tried = rig.conductor.attempt
    assert tried is not None
    assert tuple(noted_spans(rig.notes, "C07", rig.protocol, 300.0)) == tried.spans
    again = attempt("C07", rig.log, noted_spans(rig.notes, "C07", rig.protocol, 300.0), minimum_s=180.0)
    assert again.reference == tried.reference


def test_led_by_itself_it_accepts_what_is_good() -> None:
    rig = Rig(by_itself=True)
    rig.run(230)
    assert rig.conductor.accepted is True
    assert rig.conductor.ratings == []


def test_led_by_itself_it_discards_what_is_refused() -> None:
    rig = Rig(by_itself=True)
    rig.run(60)
    rig.run(500, good=False)
    assert rig.conductor.accepted is False
    assert rig.conductor.attempt is not None
    assert "seconds were valid" in rig.conductor.attempt.problem


def test_a_refused_result_says_why_cannot_be_accepted_and_can_be_taken_again() -> None:
    rig = Rig()
    rig.run(3)
    rig.conductor.command("begin")
    rig.run(6 + 192 + 15, movement=True)
    rig.conductor.command("skip")
    rig.run(15)
    view = rig.conductor.view()
    assert view["result"] is not None
    assert "movement" in view["result"]["problem"]
    assert view["commands"] == ["redo", "discard"]
    rig.conductor.command("accept")
    assert not rig.conductor.decided
    assert "not possible" in rig.conductor.view()["message"]
    rig.conductor.command("redo")
    assert (rig.phase, rig.conductor.view()["n_steps"]) == ("ready", 1)
    rig.conductor.command("begin")
    rig.run(192)
    rig.conductor.command("skip")
    rig.run(12)
    result = rig.conductor.view()["result"]
    assert result is not None
    assert result["problem"] == ""
    # What was refused is not taken from the recording either.
    assert rig.conductor.attempt is not None
    assert tuple(noted_spans(rig.notes, "C07", rig.protocol, 999.0)) == rig.conductor.attempt.spans


def test_stopping_early_gives_a_refusal_and_nothing_to_accept() -> None:
    rig = Rig()
    rig.run(3)
    rig.conductor.command("begin")
    rig.run(30)
    rig.conductor.command("stop")
    rig.run(2)
    assert rig.conductor.view()["commands"] == ["redo", "discard"]
    rig.conductor.command("discard")
    assert rig.conductor.accepted is False
    assert rig.conductor.view()["commands"] == []


def test_stopping_before_any_signal_ends_it_too() -> None:
    rig = Rig()
    rig.conductor.command("stop")
    rig.conductor.advance()
    assert rig.conductor.attempt is not None
    assert rig.conductor.attempt.problem


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_command_at_a_wrong_moment_changes_anything(name: str) -> None:
    rig = Rig()
    if name not in rig.conductor.view()["commands"]:
        rig.conductor.command(name, 5.0)
        assert rig.phase == "ready"
        assert rig.notes == []
        assert not rig.conductor.decided


def test_pauses_and_repetitions_are_noted_so_that_an_interrupted_recording_can_be_used() -> None:
    rig = Rig()
    rig.run(3)
    rig.conductor.command("begin")
    rig.run(6 + 20)
    rig.conductor.command("redo")
    rig.run(100)
    rig.conductor.command("pause")
    rig.run(50)
    rig.conductor.command("resume")
    rig.run(80)
    spans = noted_spans(rig.notes, "C07", rig.protocol, float(rig.log.first + rig.log.n_seconds))
    assert len(spans) == 2
    assert sum(stop - start for start, stop, _ in spans) == pytest.approx(180.0, abs=3.0)
    assert spans[1][0] - spans[0][1] == pytest.approx(50.0, abs=2.0)
    assert sum((stop - start) * weight for start, stop, weight in spans) == pytest.approx(1.0)


def test_of_an_interrupted_second_attempt_only_the_second_is_taken() -> None:
    rig = Rig(asks=[])
    rig.run(3)
    rig.conductor.command("begin")
    rig.run(6 + 192 + 12, movement=True)
    rig.conductor.command("redo")
    rig.conductor.command("begin")
    rig.run(100)
    last = float(rig.log.first + rig.log.n_seconds)
    without_end = [n for n in rig.notes if n.label != "calibration_span"]
    ((start, stop, _),) = noted_spans(without_end, "C07", rig.protocol, last)
    assert (start, stop) == (last - 100.0, last)


def test_notes_of_another_person_or_of_nobody_give_nothing() -> None:
    rig = Rig(by_itself=True)
    rig.run(230)
    assert noted_spans(rig.notes, "T02", rig.protocol, 300.0) == []
    assert noted_spans([Note(1.0, "calibration_span", "C07 talk nan x 3")], "C07", rig.protocol, 300.0) == []
    assert noted_spans([Note(1.0, "calibration_span", "C07")], "C07", rig.protocol, 300.0) == []


def test_the_lines_of_a_result_use_units_people_know() -> None:
    rig = Rig(by_itself=True)
    rig.run(230)
    assert rig.conductor.attempt is not None
    text = "\n".join(result_lines(rig.conductor.attempt))
    for unit in ("min", "µS", "bpm", "ms", "independent samples", "breathing: 14 per min"):
        assert unit in text
    assert "nan" not in text


def test_a_result_for_the_eye_is_short_and_has_a_gap_where_nothing_was_used() -> None:
    log = SeriesLog()
    for second in range(1, 2001):
        note(log, second)
    tried = attempt("C07", log, [(0.0, 900.0, 1.0), (1100.0, 2000.0, 1.0)], minimum_s=300.0)
    view = result_view(tried, log)
    for series in view["series"]:
        assert len(series["t_s"]) == len(series["value"]) <= 300
        gap = [v for t, v in zip(series["t_s"], series["value"], strict=True) if 900 < t <= 1100]
        assert gap
        assert all(v is None for v in gap)


def test_a_series_without_a_scale_is_told_as_left_out() -> None:
    log = SeriesLog()
    for second in range(1, 401):
        inputs = Inputs(
            fine(1.0 + 0.1 * math.sin(second)), missing(Reason.GAP), fine(math.sin(second / 5)), fine(3.5)
        )
        log.note(second, inputs, missing(Reason.GAP), fine(4.0), Reason.NONE)
        if second % 20 == 0:
            log.note_response(float(second))
    tried = attempt("C07", log, [(0.0, 400.0, 1.0)], minimum_s=300.0)
    lines = "\n".join(result_lines(tried))
    assert "left out" in lines
    assert "breathing: not known" in lines


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30))
@settings(max_examples=15)
def test_how_many_seconds_come_at_once_makes_no_difference(sizes: list[int]) -> None:
    whole, cut = Rig(asks=[]), Rig(asks=[])
    for rig in (whole, cut):
        rig.run(3)
        rig.conductor.command("begin")
    whole.run(215)
    left = 215
    while left:
        n = min(left, sizes.pop() if sizes else 7)
        for _ in range(n):
            second = cut.log.first + cut.log.n_seconds
            note(cut.log, second)
            if second % 20 == 0:
                cut.log.note_response(float(second))
        cut.conductor.advance()
        left -= n
    assert cut.conductor.attempt == whole.conductor.attempt
    assert cut.conductor.attempt is not None
    assert [(n.label, n.text) for n in cut.notes] == [(n.label, n.text) for n in whole.notes]


@given(st.lists(st.tuples(st.sampled_from(sorted(COMMANDS)), st.integers(0, 40), st.booleans()), max_size=25))
@settings(max_examples=40)
def test_whatever_is_pressed_when_only_a_good_result_is_ever_accepted(
    presses: list[tuple[str, int, bool]],
) -> None:
    rig = Rig()
    for name, seconds, good in presses:
        rig.conductor.command(name, 5.0)
        rig.run(seconds, good=good)
        view = rig.conductor.view()
        assert set(view["commands"]) <= COMMANDS.keys()
        assert (view["result"] is None) == (rig.conductor.attempt is None)
    if rig.conductor.accepted:
        assert rig.conductor.attempt is not None
        assert rig.conductor.attempt.reference is not None
        assert rig.conductor.attempt.problem == ""


def test_a_heart_that_never_varies_is_no_reference() -> None:
    log = SeriesLog()
    for second in range(1, 401):
        slow = math.sin(second / 7.0) + math.sin(second / 3.1)
        skin, response, vagal = (fine(1.0 + 0.05 * slow) for _ in range(3))
        log.note(second, Inputs(skin, response, fine(0.2), vagal), fine(14.0), fine(4.0), Reason.NONE)
    log.note_response(50.0)
    tried = attempt("C07", log, [(0.0, 400.0, 1.0)], minimum_s=300.0)
    assert tried.reference is None
    assert "heart rate did not vary" in tried.problem
