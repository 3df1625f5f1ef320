"""Notes and marks in the words of a recording, and which of them stand."""

import math

import pytest

from monitor.board.commands import LABEL
from monitor.board.marks import added_views, mark_views
from monitor.core.events import Annotation
from monitor.core.noting import (
    LARGEST_NUMBER,
    MOST_MOMENTS,
    Moment,
    Noting,
    mark_words,
    moments_of,
    note_words,
    undo_words,
)
from monitor.session.notebook import WrittenNote


def told(*words: tuple[str, str], from_s: float = 100.0) -> list[Annotation]:
    return [Annotation(from_s + i, *word) for i, word in enumerate(words)]


def test_notes_and_marks_are_read_as_they_were_worded() -> None:
    words = note_words(1, "rupture", "therapist"), mark_words(2, "too_much", "C07", "client")
    assert words == (("note", "1 rupture therapist"), ("too_much", "C07 client 2"))
    assert moments_of(told(*words)) == (
        Moment(1, 100.0, "note", "rupture", "", "therapist"),
        Moment(2, 101.0, "mark", "too_much", "C07", "client"),
    )


def test_what_is_taken_back_is_gone_and_its_number_is_not_used_again() -> None:
    noting = Noting()
    for annotation in told(note_words(1, "rupture", "therapist"), note_words(2, "repair", "therapist")):
        assert noting.push(annotation)
    assert noting.push(Annotation(110.0, *undo_words(2)))
    assert not noting.push(Annotation(111.0, *undo_words(2)))
    assert not noting.push(Annotation(112.0, *note_words(2, "silence", "therapist")))
    assert [m.label for m in noting.moments] == ["rupture"]
    assert noting.next_number == 3


def test_numbers_of_two_digits_are_taken_back_whole() -> None:
    words = [note_words(number, "rupture", "therapist") for number in range(1, 13)]
    moments = moments_of(told(*words, undo_words(12), undo_words(10)))
    assert [m.number for m in moments] == [*range(1, 10), 11]


def test_moments_are_in_the_order_of_their_times_not_of_the_recording() -> None:
    late, early = note_words(1, "late", "therapist"), note_words(2, "early", "therapist")
    moments = moments_of([Annotation(50.0, *late), Annotation(49.5, *early)])
    assert [m.label for m in moments] == ["early", "late"]


def test_marks_of_older_recordings_have_no_number_and_stay() -> None:
    old = [Annotation(5.0, "too_much", "C07 therapist"), Annotation(6.0, "too_much", "C07 therapist")]
    moments = moments_of([*old, Annotation(7.0, "note_undone", "0"), Annotation(8.0, "note_undone", "1")])
    assert [(m.number, m.at_s, m.participant) for m in moments] == [(0, 5.0, "C07"), (0, 6.0, "C07")]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("note", ""),
        ("note", "rupture"),
        ("note", "0 rupture therapist"),
        ("note", "01 rupture therapist"),
        ("note", "1000000 rupture therapist"),
        ("note", "٣ rupture therapist"),
        ("note", "1 rupture therapist she wept"),
        ("note", "1 Rupture therapist"),
        ("note", "1  rupture therapist"),
        ("note", "1 rupture therapist\n"),
        ("too_much", "C07"),
        ("too_much", "C07 therapist x"),
        ("too_much", "C07 therapist 0"),
        ("too_much", "C07 therapist 1 2"),
        ("tension", "C07 8"),
        ("note_undone", "one"),
        ("note_undone", "-1"),
        ("note_undone", "9" * 5000),
    ],
)
def test_nonsense_is_passed_over(label: str, text: str) -> None:
    assert moments_of([Annotation(1.0, label, text)]) == ()


@pytest.mark.parametrize("at_s", [math.nan, math.inf, -math.inf])
def test_a_moment_without_a_time_is_none(at_s: float) -> None:
    assert moments_of([Annotation(at_s, *note_words(1, "rupture", "therapist"))]) == ()


def test_a_recording_full_of_notes_takes_bounded_memory() -> None:
    noting = Noting()
    for number in range(1, MOST_MOMENTS + 10):
        noting.push(Annotation(1.0, *note_words(number, "a", "b")))
    assert len(noting.moments) == MOST_MOMENTS
    assert not noting.push(Annotation(2.0, "too_much", "C07 therapist"))


@pytest.mark.parametrize("label", ["she wept", "Rupture", "", "a" * 25, "ä"])
def test_free_text_never_passes_for_a_label(label: str) -> None:
    with pytest.raises(ValueError, match="no note"):
        note_words(1, label, "therapist")
    assert LABEL.fullmatch(label) is None


def test_words_that_would_not_be_read_again_are_refused() -> None:
    with pytest.raises(ValueError, match="no judgement"):
        mark_words(1, "fine", "C07", "therapist")
    with pytest.raises(ValueError, match="no too much"):
        mark_words(1, "too_much", "C 07", "therapist")
    with pytest.raises(ValueError, match="no note undone"):
        undo_words(0)
    with pytest.raises(ValueError, match="no note"):
        note_words(LARGEST_NUMBER + 1, "rupture", "therapist")


def test_views_are_in_session_time_with_the_text_of_their_number() -> None:
    moments = moments_of(
        [
            Annotation(20.25, *note_words(7, "rupture", "therapist")),
            Annotation(21.0, "too_much", "C07 therapist"),
        ]
    )
    first, second = mark_views(moments, 20.0, {7: "looks away", 0: "of nobody"})
    assert (first["number"], first["t_s"], first["label"], first["text"]) == (
        7,
        0.25,
        "rupture",
        "looks away",
    )
    assert (second["kind"], second["participant"], second["text"]) == ("mark", "C07", "")


def test_notes_added_later_never_have_the_number_of_a_note_of_the_recording() -> None:
    (view,) = added_views([WrittenNote(0, 3.5, label="repair", author="S1", text="x")])
    assert view["number"] == LARGEST_NUMBER + 1
    assert (view["t_s"], view["kind"], view["label"], view["by"], view["text"]) == (
        3.5,
        "note",
        "repair",
        "S1",
        "x",
    )
