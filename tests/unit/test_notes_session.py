"""Notes through a whole session: recording, tables, summary, notebook, export and analysis; free text in one place."""

import csv
import io
import json
import queue
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from calibration.edges import MarkSource
from monitor.app import main
from monitor.board.commands import Command
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.exporting.notes import NoteRow, rows_of, table_of
from monitor.live_session import LiveOptions, LiveSession
from monitor.marking.store import SessionMark, read_marks, store_mark
from monitor.room import Room
from monitor.session.manifest import read_manifest, verify_manifest
from monitor.session.notebook import WrittenNote, add_written
from monitor.settings import Settings
from monitor.xdf.source import FileSource

CANARY = "canary-she-spoke-of-her-brother"
T0_S = 7000.0
SECONDS = 40
KEYS = {
    12: Command("note", "rupture", 0.4),
    13: Command("note", "repair"),
    14: Command("undo_note"),
    20: Command("too_much", "C07", 1.5),
    21: Command("too_little", "C07"),
    22: Command("remove_note", 4.0),
    25: Command("note_text", f"0 {CANARY}", 3.0),
    26: Command("note_text", f"1 {CANARY} again"),
    27: Command("note", "laughter"),
    28: Command("note_text", f"6 {CANARY} gone"),
    29: Command("undo_note"),
}
BEGUN = "started anyway; wrong: client C07, s: no skin contact"
STANDING = [(11.6, "rupture"), (18.5, "too_much"), (22.0, "text")]


class FakeSource:
    """A source without a network, in which keys are pressed at set seconds."""

    def __init__(self) -> None:
        self.clock_s = T0_S
        self.queue: queue.SimpleQueue[Annotation] = queue.SimpleQueue()
        self.session: LiveSession | None = None

    def annotate(self, label: str, text: str, age_s: float = 0.0) -> float:
        self.queue.put(Annotation(self.clock_s - age_s, label, text))
        return self.clock_s - age_s

    def stop(self) -> None:
        pass

    def __iter__(self) -> Iterator[Event]:
        info = StreamInfo(
            stream_id=1,
            name="s",
            type="ECG",
            channel_count=1,
            nominal_rate_hz=130.0,
            channel_format="double64",
        )
        role = Binding(channel=0, key=StreamKey("C07", Modality.ECG), unit="", scale=1.0, reason="")
        yield StreamOpened(info, (role,))
        yield ClockOffset(1, T0_S, 0.0)
        for second in range(1, SECONDS + 1):
            stamps = T0_S + second - 1 + np.arange(130) / 130.0
            yield Chunk(1, stamps, np.sin(stamps * 7.0)[:, np.newaxis])
            self.clock_s = T0_S + second
            if second in KEYS and self.session is not None:
                self.session._asked(KEYS[second])
            while not self.queue.empty():
                yield self.queue.get()
            yield Tick(self.clock_s, 1.8e9 + second)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("notes")
    source = FakeSource()
    options = LiveOptions(
        room=Room.from_options([], "C07", None),
        root=root / "sessions",
        settings=Settings(),
        headless=True,
        profiles=str(root / "profiles"),
        preflight=BEGUN,
    )
    with (root / "said.txt").open("w", encoding="utf-8") as said:
        session = LiveSession(source, options, Console(file=said))  # type: ignore[arg-type]
        source.session = session
        return session.run()


def noted(summary: Path) -> list[dict[str, object]]:
    return json.loads(summary.read_text(encoding="utf-8"))["notes"]


def test_the_summary_holds_what_stands_at_the_moment_of_the_key(folder: Path) -> None:
    notes = noted(folder / "summary.json")
    assert [(round(n["t_s"], 6), n["label"]) for n in notes] == STANDING
    assert notes[1] == {**notes[1], "kind": "mark", "participant": "C07", "by": "therapist"}
    assert [n["number"] for n in notes] == [1, 3, 5]
    warnings = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["warnings"]
    assert not {w["label"] for w in warnings} & {"note", "note_undone", "preflight"}


def test_an_analysis_and_a_replay_find_the_same_notes(folder: Path, tmp_path: Path) -> None:
    assert main(["analyze", str(folder), "--out", str(tmp_path / "a")]) == 0
    assert main(["replay", str(folder), "--headless", "--speed", "0", "--out", str(tmp_path / "r")]) == 0
    live = noted(folder / "summary.json")
    assert noted(tmp_path / "a" / "summary.json") == live
    assert noted(tmp_path / "r" / "summary.json") == live
    for path in (tmp_path / "a").glob("*.parquet"):
        assert (
            path.read_bytes()
            == (folder / path.name).read_bytes()
            == (tmp_path / "r" / path.name).read_bytes()
        )


def test_how_it_was_begun_is_told_alike_by_session_and_analysis(folder: Path, tmp_path: Path) -> None:
    assert main(["analyze", str(folder), "--out", str(tmp_path)]) == 0
    for place in (folder, tmp_path):
        assert json.loads((place / "summary.json").read_text(encoding="utf-8"))["preflight"] == BEGUN
        assert (place / "report.html").read_text(encoding="utf-8").count(
            f"Check before the start: {BEGUN}."
        ) == 1


def test_only_marks_that_stand_are_kept_for_the_profile(folder: Path) -> None:
    (kept,) = read_marks(folder)
    assert (kept.mark.label, round(kept.mark.t_s, 6)) == ("too_much", 18.5)


def test_the_recording_holds_every_key_as_it_came(folder: Path) -> None:
    texts = [(e.label, e.text) for e in FileSource(folder / "recording.xdf") if isinstance(e, Annotation)]
    assert texts == [
        ("preflight", BEGUN),
        ("note", "1 rupture therapist"),
        ("note", "2 repair therapist"),
        ("note_undone", "2"),
        ("too_much", "C07 therapist 3"),
        ("too_little", "C07 therapist 4"),
        ("note_undone", "4"),
        ("note", "5 text therapist"),
        ("note", "6 laughter therapist"),
        ("note_undone", "6"),
    ]


def test_free_text_is_in_the_notebook_and_in_no_other_byte(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "exports" / "notes.csv"
    assert main(["export", "notes", str(folder), "--out", str(out)]) == 0
    assert main(["analyze", str(folder), "--out", str(tmp_path / "tables")]) == 0
    assert main(["analyze", str(folder), "--out", str(tmp_path / "csv"), "--format", "csv"]) == 0
    root = folder.parents[1]
    paths = [path for top in (root, tmp_path) for path in top.rglob("*") if path.is_file()]
    assert {path.name for path in paths} >= {
        "recording.xdf",
        "summary.json",
        "session.toml",
        "markers.csv",
        "said.txt",
    }
    holding = {path.name for path in paths if CANARY.encode() in path.read_bytes() or CANARY in path.name}
    assert holding == {"notes.toml"}
    notebook = (folder / "notes.toml").read_text(encoding="utf-8")
    assert notebook.count(CANARY) == 2
    assert "gone" not in notebook


def test_the_session_is_sealed_with_its_notebook(folder: Path) -> None:
    assert {"notes.toml", "report.html", "marks.json"} <= set(read_manifest(folder)["files"])
    assert verify_manifest(folder) == []


def test_the_export_tells_recorded_from_added(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    before = (copy / "recording.xdf").read_bytes()
    add_written(copy, WrittenNote(0, 5.0, label="silence", author="S1", text="=later"))
    (kept,) = read_marks(copy)
    mark = replace(kept.mark, t_s=30.0, by=MarkSource.REVIEW)
    store_mark(copy, SessionMark(participant="C07", mark=mark))
    plain, full = tmp_path / "plain.csv", tmp_path / "full.csv"
    assert main(["export", "notes", str(copy), "--out", str(plain)]) == 0
    assert "Free text of 3 notes stayed in notes.toml" in capsys.readouterr().err
    assert main(["export", "notes", str(copy), "--out", str(plain)]) == 1
    assert main(["export", "notes", str(copy), "--out", str(full), "--with-text"]) == 0
    assert "keep it as you keep a case file" in capsys.readouterr().err
    rows = list(csv.DictReader(plain.read_text(encoding="utf-8").splitlines()))
    assert [(r["t_s"], r["kind"], r["label"], r["by"], r["source"]) for r in rows] == [
        ("5.000", "note", "silence", "S1", "added later"),
        ("11.600", "note", "rupture", "therapist", "recording"),
        ("18.500", "mark", "too_much", "therapist", "recording"),
        ("22.000", "note", "text", "therapist", "recording"),
        ("30.000", "mark", "too_much", "review", "added later"),
    ]
    assert "text" not in rows[0]
    texts = [r["text"] for r in csv.DictReader(full.read_text(encoding="utf-8").splitlines())]
    assert texts == ["'=later", f"{CANARY} again", "", CANARY, ""]
    assert (copy / "recording.xdf").read_bytes() == before


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n@", " +"])
def test_no_cell_is_a_formula(start: str) -> None:
    row = NoteRow(1.0, "note", "rupture", f"{start}P", f"{start}B", "recording", f"{start}cmd")
    (_, cells) = csv.reader(io.StringIO(table_of([row], with_text=True).decode(), newline=""))
    sign = start.strip()
    assert cells[3:] == [f"'{sign}P", f"'{sign}B", "recording", f"'{sign}cmd"]


def test_beside_a_plain_file_nothing_is_taken_for_its_notes(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.xdf").write_bytes((folder / "recording.xdf").read_bytes())
    (tmp_path / "notes.toml").write_text('[[note]]\nt_s = 1\ntext = "of another"\n')
    assert [row.text for row in rows_of(tmp_path / "plain.xdf")] == ["", "", ""]
