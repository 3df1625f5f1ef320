"""The notebook of a session: what is written stays, and nobody else's bytes change."""

import os
import stat
import threading
from pathlib import Path

import pytest

from monitor.errors import RecordingError
from monitor.session.manifest import read_manifest, seal, verify_manifest
from monitor.session.notebook import (
    WrittenNote,
    add_written,
    added_of,
    read_notebook,
    remove_texts,
    remove_written,
    texts_of,
)

TEXT = WrittenNote(
    3, 12.5, author="therapist", written_utc="2026-11-22T10:00:00+00:00", text='she "wept" \\ ü'
)
ADDED = WrittenNote(0, 40.0, label="repair", author="S1")


@pytest.fixture
def session(tmp_path: Path) -> Path:
    (tmp_path / "recording.xdf").write_bytes(b"XDF:")
    (tmp_path / "summary.json").write_text("{}")
    seal(tmp_path)
    return tmp_path


def test_without_a_notebook_there_are_no_notes(session: Path) -> None:
    assert read_notebook(session) == []
    assert remove_texts(session, 3) == ()
    assert not (session / "notes.toml").exists()


def test_what_was_written_is_read_again_and_the_session_is_sealed(session: Path) -> None:
    assert add_written(session, TEXT) == ()
    assert add_written(session, ADDED) == ()
    assert read_notebook(session) == [TEXT, ADDED]
    assert (texts_of([TEXT, ADDED]), added_of([TEXT, ADDED])) == ({3: TEXT.text}, [ADDED])
    assert verify_manifest(session) == []
    assert "notes.toml" in read_manifest(session)["files"]


@pytest.mark.skipif(os.name == "nt", reason="no modes on Windows")
def test_only_the_owner_can_read_it(session: Path) -> None:
    add_written(session, TEXT)
    for name in ("notes.toml", "notes.toml.lock"):
        assert stat.S_IMODE((session / name).stat().st_mode) == 0o600


def test_several_texts_of_one_note_are_one_line(session: Path) -> None:
    assert texts_of([TEXT, TEXT._replace(text="more")]) == {3: f"{TEXT.text} · more"}


def test_one_note_is_taken_out_and_the_others_stay(session: Path) -> None:
    for note in (TEXT, ADDED, TEXT, ADDED._replace(t_s=41.0)):
        add_written(session, note)
    assert remove_written(session, TEXT) == ()
    assert read_notebook(session) == [TEXT, ADDED, ADDED._replace(t_s=41.0)]
    remove_texts(session, 3)
    remove_written(session, TEXT)
    assert read_notebook(session) == [ADDED, ADDED._replace(t_s=41.0)]
    assert verify_manifest(session) == []


def test_while_the_session_is_recorded_its_manifest_is_left_alone(session: Path) -> None:
    (session / "recording.xdf").rename(session / "recording.xdf.part")
    before = (session / "manifest.json").read_bytes()
    assert add_written(session, TEXT) == ()
    assert (session / "manifest.json").read_bytes() == before
    assert read_notebook(session) == [TEXT]


def test_a_session_that_was_changed_is_told_and_not_blessed(session: Path) -> None:
    (session / "summary.json").write_text("{ }")
    (told,) = add_written(session, TEXT)
    assert "summary.json" in told
    assert "notes.toml" not in read_manifest(session)["files"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"note = 3",
        b"note = [3]",
        b"[[note]]\nnumber = 1",
        b'[[note]]\nt_s = "1"',
        b"[[note]]\nt_s = nan",
        b"[[note]]\nt_s = true",
        b"[[note]]\nt_s = 1" + b"0" * 400,
        b"[[note]]\nt_s = 1\nnumber = -1",
        b"[[note]]\nt_s = 1\nnumber = 1.5",
        b"[[note]]\nt_s = 1\ntext = 5",
        b'[[note]]\nt_s = 1\ntext = "' + b"a" * 401 + b'"',
        b"\xff\xfe",
        b"note = " + b"[" * 100_000,
    ],
)
def test_a_damaged_notebook_is_moved_aside_and_told(session: Path, content: bytes) -> None:
    (session / "notes.toml").write_bytes(content)
    with pytest.raises(RecordingError, match=r"notes\.toml' is damaged"):
        read_notebook(session)
    told = add_written(session, TEXT)
    assert any("notes.toml.damaged-1" in line for line in told)
    assert (session / "notes.toml.damaged-1").read_bytes() == content
    assert read_notebook(session) == [TEXT]


def test_keys_of_later_versions_stay(session: Path) -> None:
    (session / "notes.toml").write_text('[[note]]\nt_s = 1\ncolour = "blue"\n')
    add_written(session, TEXT)
    assert 'colour = "blue"' in (session / "notes.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("note", [TEXT._replace(text="a" * 401), TEXT._replace(t_s=float("nan"))])
def test_what_could_not_be_read_again_is_not_written(session: Path, note: WrittenNote) -> None:
    with pytest.raises(ValueError, match="no note"):
        add_written(session, note)
    assert not (session / "notes.toml").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written")
def test_a_folder_that_cannot_be_written_is_told(session: Path) -> None:
    session.chmod(0o500)
    with pytest.raises(RecordingError, match="cannot be written"):
        add_written(session, TEXT)
    session.chmod(0o700)


def test_nothing_is_lost_when_several_write_at_once(session: Path) -> None:
    def write(which: int) -> None:
        for i in range(5):
            add_written(session, ADDED._replace(t_s=float(10 * which + i)))

    threads = [threading.Thread(target=write, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(note.t_s for note in read_notebook(session)) == [
        10 * w + i for w in range(4) for i in range(5)
    ]
    assert verify_manifest(session) == []
