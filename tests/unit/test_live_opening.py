"""What a live session says and keeps: its opening, levels taken anew, and marks."""

from math import nan
from pathlib import Path
from types import SimpleNamespace

import pytest

from calibration.baseline import INPUTS, Reference, Scale
from calibration.profile import Profile, read_profile, save_profile
from monitor.core.events import Annotation
from monitor.core.standing import Taken
from monitor.live_opening import BEGIN_S, LiveOpening, keep_marks, keep_openings, said_by
from monitor.profiles import ProfileStore

REFERENCE = Reference(
    participant="C07",
    start_s=30.0,
    stop_s=330.0,
    valid_s=280,
    scales={name: Scale(mean=1.0, sd=0.1, n_effective=20.0) for name in INPUTS},
    electrodermal_rho=0.0,
    correlation=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    responder=True,
)


def told_at(opening: LiveOpening, pipeline: SimpleNamespace, moments: list[float]) -> None:
    for now_s in moments:
        pipeline.session_now_s = now_s
        opening.on_tick()


def test_the_opening_is_noted_once_for_everybody_and_ends_after_its_length() -> None:
    told: list[tuple[str, str]] = []
    pipeline = SimpleNamespace(session_now_s=nan, participants=("C07", "T02"))
    opening = LiveOpening(pipeline, lambda *note: told.append(note), 300.0)
    told_at(opening, pipeline, [nan, 1.0, BEGIN_S - 1.0])
    assert told == []
    told_at(opening, pipeline, [BEGIN_S, BEGIN_S + 1.0, BEGIN_S + 299.0])
    assert told == [("reference_start", "C07 opening"), ("reference_start", "T02 opening")]
    told_at(opening, pipeline, [BEGIN_S + 300.0, BEGIN_S + 400.0])
    assert told[2:] == [("reference_stop", "C07"), ("reference_stop", "T02")]


def test_without_a_length_there_is_no_opening() -> None:
    told: list[tuple[str, str]] = []
    pipeline = SimpleNamespace(session_now_s=100.0, participants=("C07",))
    LiveOpening(pipeline, lambda *note: told.append(note), 0.0).on_tick()
    assert told == []


@pytest.mark.parametrize(
    ("name", "value", "note"),
    [
        ("level_start", "C07", ("reference_start", "C07 again")),
        ("level_stop", "C07", ("reference_stop", "C07")),
        ("too_much", "C07", None),
        ("too_much", "X99", None),
        ("level_start", None, None),
        ("begin", "C07", None),
    ],
)
def test_commands_of_the_window_become_notes(
    name: str, value: str | None, note: tuple[str, str] | None
) -> None:
    assert said_by(name, value, ("C07", "T02")) == note


def pipeline_with(taken: Taken | None, t0_utc_s: float | None = 1.8e9) -> SimpleNamespace:
    person = SimpleNamespace(participant="C07", standing=SimpleNamespace(taken=taken))
    stranger = SimpleNamespace(participant="T02", standing=None)
    return SimpleNamespace(people=(person, stranger), t0_utc_s=t0_utc_s)


def test_an_opening_taken_in_the_session_joins_the_profile(tmp_path: Path) -> None:
    save_profile(tmp_path / "C07.toml", Profile(participant="C07", created_utc_s=1.7e9))
    store = ProfileStore(tmp_path)
    known = {"C07": store.load("C07")}
    taken = Taken(30.0, REFERENCE, 14.0)
    assert keep_openings(pipeline_with(taken), known, store, "2026-11-22_101500_C07") == []
    (kept,) = read_profile(tmp_path / "C07.toml", "C07").baselines
    assert (kept.kind, kept.session, kept.utc_s) == ("opening", "2026-11-22_101500_C07", 1.8e9 + 30.0)
    assert kept.reference == REFERENCE


def test_an_opening_without_a_date_is_told_and_not_kept(tmp_path: Path) -> None:
    save_profile(tmp_path / "C07.toml", Profile(participant="C07", created_utc_s=1.7e9))
    store = ProfileStore(tmp_path)
    known = {"C07": store.load("C07")}
    (told,) = keep_openings(pipeline_with(Taken(30.0, REFERENCE, nan), None), known, store, "s")
    assert "has no date" in told
    assert read_profile(tmp_path / "C07.toml", "C07").baselines == ()


def test_nobody_without_a_profile_gets_one(tmp_path: Path) -> None:
    assert keep_openings(pipeline_with(Taken(30.0, REFERENCE, nan)), {}, ProfileStore(tmp_path), "s") == []
    assert list(tmp_path.iterdir()) == []


def test_a_mark_that_cannot_be_kept_is_told_and_stays_in_the_recording(tmp_path: Path) -> None:
    notes = [
        Annotation(1012.0, "too_much", "C07 therapist"),
        Annotation(1013.0, "other", "C07"),
        Annotation(1014.0, "tension", "C07 6.5"),
        Annotation(1015.0, "tension", "C07 7"),
        Annotation(1016.0, "tension", "C07 much"),
    ]
    told = keep_marks(notes, 1000.0, tmp_path / "nowhere", tmp_path)
    assert len(told) == 2
    assert all("is in the recording only" in text for text in told)
