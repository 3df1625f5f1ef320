"""Notes of a running session: from a command to the recording, the board, the notebook and the profile."""

import threading
from pathlib import Path

import pytest

from monitor import live_notes
from monitor.board.commands import Command
from monitor.core.events import Annotation, Tick
from monitor.live_notes import UNDO_WITHIN_S, LiveNotes
from monitor.live_opening import keep_marks
from monitor.session.notebook import WrittenNote, read_notebook

CANARY = "canary-text-about-nobody"


class Engine:
    """Stands for the source: stamps annotations, and gives them back as events when told."""

    def __init__(self, folder: Path) -> None:
        self.now_s = 1000.0
        self.t0_s: float | None = 900.0
        self.queue: list[Annotation] = []
        self.recorded: list[Annotation] = []
        self.told: list[str] = []
        self.notes = LiveNotes(
            self.annotate, folder, lambda: self.t0_s, lambda: ("C07", "T02"), self.told.append
        )

    def annotate(self, label: str, text: str, age_s: float) -> float:
        self.queue.append(Annotation(self.now_s - age_s, label, text))
        return self.now_s - age_s

    def turn(self, seconds: float = 0.0) -> bool:
        """Record what is waiting; whether there is something new to show."""
        self.now_s += seconds
        changed = False
        while self.queue:
            event = self.queue.pop(0)
            self.recorded.append(event)
            changed |= self.notes.observe(event)
        return self.notes.observe(Tick(self.now_s, float("nan"))) or changed

    def shown(self) -> list[tuple[int, float, str, str]]:
        return [(v["number"], v["t_s"], v["label"], v["text"]) for v in self.notes.views()]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = Engine(tmp_path)
    engine.turn()
    return engine


def test_a_note_bears_the_moment_of_its_key_and_is_shown_once_recorded(engine: Engine) -> None:
    assert engine.notes.take(Command("note", "rupture", 0.75))
    assert engine.shown() == []
    assert engine.turn(0.2)
    assert engine.shown() == [(1, 99.25, "rupture", "")]
    assert engine.recorded == [Annotation(999.25, "note", "1 rupture therapist")]
    assert not engine.turn(0.2)


def test_judgements_are_marks_of_people_who_take_part(engine: Engine) -> None:
    for command in (
        Command("too_much", "C07"),
        Command("tolerable", "T02", 2.0),
        Command("too_little", "X99"),
    ):
        assert engine.notes.take(command)
    engine.turn()
    assert [(a.label, a.text) for a in engine.recorded] == [
        ("too_much", "C07 therapist 1"),
        ("tolerable", "T02 therapist 2"),
    ]


@pytest.mark.parametrize("name", ["level_start", "begin", "seek", "stop_recording"])
def test_other_commands_are_left_to_others(engine: Engine, name: str) -> None:
    assert not engine.notes.take(Command(name))
    assert engine.queue == []


def test_undo_takes_back_the_newest_again_and_again(engine: Engine) -> None:
    for command in (Command("note", "rupture"), Command("too_much", "C07"), Command("note", "repair")):
        engine.notes.take(command)
    engine.turn(1.0)
    for left in ([1, 2], [1], [], []):
        engine.notes.take(Command("undo_note"))
        engine.turn(1.0)
        assert [number for number, *_ in engine.shown()] == left
    assert len(engine.recorded) == 6


def test_undo_finds_a_note_that_is_still_on_its_way(engine: Engine) -> None:
    engine.notes.take(Command("note", "rupture"))
    engine.turn(1.0)
    engine.notes.take(Command("note", "repair"))
    engine.notes.take(Command("undo_note"))
    engine.turn()
    assert engine.shown() == [(1, 100.0, "rupture", "")]


def test_after_ten_minutes_undo_leaves_a_note_but_it_can_be_removed(engine: Engine) -> None:
    engine.notes.take(Command("note", "rupture"))
    engine.turn(UNDO_WITHIN_S + 1.0)
    engine.notes.take(Command("undo_note"))
    assert engine.queue == []
    engine.notes.take(Command("remove_note", 1.0))
    engine.turn()
    assert engine.shown() == []
    engine.notes.take(Command("remove_note", 1.0))
    assert engine.queue == []


def test_free_text_goes_to_the_notebook_at_once_and_to_nothing_else(engine: Engine, tmp_path: Path) -> None:
    engine.notes.take(Command("note_text", f"0 {CANARY}", 1.0))
    (written,) = read_notebook(tmp_path)
    assert (written.number, written.t_s, written.text, written.author) == (1, 99.0, CANARY, "therapist")
    assert engine.turn()
    assert engine.shown() == [(1, 99.0, "text", CANARY)]
    assert [a.text for a in engine.recorded] == ["1 text therapist"]
    assert CANARY not in "".join(engine.told)


def test_a_text_joins_the_note_it_is_about(engine: Engine, tmp_path: Path) -> None:
    engine.notes.take(Command("note", "rupture"))
    engine.turn(5.0)
    for text in ("looks away", "then back"):
        engine.notes.take(Command("note_text", f"1 {text}"))
    assert engine.turn()
    assert engine.shown() == [(1, 100.0, "rupture", "looks away · then back")]
    assert [(n.number, n.t_s, n.text) for n in read_notebook(tmp_path)] == [
        (1, 100.0, "looks away"),
        (1, 100.0, "then back"),
    ]


def test_what_is_taken_back_takes_its_text_with_it(engine: Engine, tmp_path: Path) -> None:
    engine.notes.take(Command("note_text", f"0 {CANARY}"))
    engine.turn(1.0)
    engine.notes.take(Command("undo_note"))
    engine.turn(1.0)
    assert engine.shown() == []
    assert CANARY not in (tmp_path / "notes.toml").read_text(encoding="utf-8")
    engine.notes.take(Command("note_text", "1 too late"))
    assert "was not kept" in engine.told[-1]
    assert "too late" not in "".join(engine.told)


@pytest.mark.parametrize("value", ["", "x", "x y", "0", "0 ", "-1 a", "1.5 a", "٣ a", "9" * 300 + " a"])
def test_a_text_without_a_note_is_not_written(engine: Engine, tmp_path: Path, value: str) -> None:
    engine.notes.take(Command("note_text", value))
    assert not (tmp_path / "notes.toml").exists()
    assert engine.queue == []


def test_before_there_is_a_session_time_notes_are_recorded_and_shown_later(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    engine.t0_s = None
    engine.notes.take(Command("note", "rupture"))
    engine.turn()
    assert engine.shown() == []
    engine.t0_s = 990.0
    assert engine.turn()
    assert engine.shown() == [(1, 10.0, "rupture", "")]


def test_a_notebook_that_cannot_be_written_is_told_and_nothing_else_suffers(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "gone")
    engine.notes.take(Command("note_text", f"0 {CANARY}"))
    engine.notes.take(Command("note", "rupture"))
    engine.turn()
    assert [label for _, _, label, _ in engine.shown()] == ["text", "rupture"]
    assert "cannot be written" in "".join(engine.told)
    assert CANARY not in "".join(engine.told)


def test_the_engine_never_waits_for_the_disk(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    writing, go_on = threading.Event(), threading.Event()
    real = live_notes.add_written

    def slow(folder: Path, note: WrittenNote) -> tuple[str, ...]:
        writing.set()
        assert go_on.wait(10.0)
        return real(folder, note)

    monkeypatch.setattr(live_notes, "add_written", slow)
    asking = threading.Thread(target=engine.notes.take, args=(Command("note_text", "0 a text"),))
    asking.start()
    assert writing.wait(10.0)
    assert engine.turn()
    assert engine.shown() == [(1, 100.0, "text", "")]
    engine.notes.take(Command("note", "rupture"))
    go_on.set()
    asking.join(10.0)
    engine.turn()
    assert [text for *_, text in engine.shown()] == ["a text", ""]


def test_a_mark_that_was_taken_back_does_not_reach_the_profile(tmp_path: Path) -> None:
    said = [
        Annotation(1010.0, "too_much", "C07 therapist 1"),
        Annotation(1011.0, "too_little", "C07 therapist 2"),
        Annotation(1012.0, "note_undone", "1"),
        Annotation(1013.0, "tension", "C07 8"),
        Annotation(1009.0, "tolerable", "C07 therapist"),
    ]
    told = keep_marks(said, 1000.0, tmp_path / "nowhere", tmp_path)
    assert [line.partition(")")[0] for line in told] == [
        "A mark (tolerable",
        "A mark (too_little",
        "A mark (too_much",
    ]


def test_numbers_go_on_where_the_recording_is(engine: Engine) -> None:
    engine.notes.observe(Annotation(950.0, "note", "41 rupture therapist"))
    engine.notes.take(Command("note", "repair"))
    assert engine.queue[0].text == "42 repair therapist"
