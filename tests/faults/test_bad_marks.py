"""Damaged, foreign and busy session folders: a mark is never lost and nothing damaged is blessed."""

import json
from concurrent.futures import ThreadPoolExecutor
from math import nan
from pathlib import Path

import pytest

from calibration.profile import Profile, read_profile, save_profile
from monitor.core.results import MarkerRow, Reason, Status
from monitor.errors import RecordingError, SettingsError
from monitor.marking.adding import MarkOutcome, add_mark
from monitor.marking.store import read_marks
from monitor.session.manifest import seal, verify_manifest
from monitor.tables.writer import TableWriter

NOW_S = 1.8e9


@pytest.fixture
def session(tmp_path: Path) -> Path:
    folder = tmp_path / "s1"
    folder.mkdir()
    writer = TableWriter(folder)
    for g in range(30, 301):
        ok = (Status.OK, Reason.NONE)
        writer.push([MarkerRow("C07", "arousal", g - 15.0, g + 3.0, 2.0, 0.1, "SD", *ok, 30.0, 1.0)])
    writer.close()
    facts = {"duration_s": 300.0, "t0_utc": "2026-11-22T10:15:00+00:00", "participants": {"C07": "client"}}
    (folder / "summary.json").write_text(json.dumps(facts))
    seal(folder)
    return folder


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    save_profile(folder / "C07.toml", Profile(participant="C07", created_utc_s=NOW_S))
    return folder


def mark(session: Path, profiles: Path, time_s: float = 100.0) -> MarkOutcome:
    return add_mark(
        session, time_s, "too-much", "review", participant=None, profiles=profiles, now_utc_s=NOW_S
    )


GOOD = (
    '{"participant": "C07", "label": "too_much", "by": "review", "session": "s", "t_s": 1, "utc_s": null, '
    '"arousal": null, "se": null}'
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"{}",
        b"[1]",
        b"[{}]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        f"[{GOOD}".encode(),
        f"[{GOOD.replace('too_much', 'awful')}]".encode(),
        f"[{GOOD.replace('1', 'NaN')}]".encode(),
        f"[{GOOD.replace('null', 'Infinity')}]".encode(),
        f"[{GOOD.replace('1', '[]')}]".encode(),
    ],
)
def test_damaged_marks_are_moved_aside_and_told(session: Path, profiles: Path, content: bytes) -> None:
    (session / "marks.json").write_bytes(content)
    with pytest.raises(RecordingError, match=r"marks\.json' is damaged"):
        read_marks(session)
    outcome = mark(session, profiles)
    assert "marks.json.damaged-1" in outcome.text
    assert (session / "marks.json.damaged-1").read_bytes() == content
    assert len(read_marks(session)) == 1
    assert verify_manifest(session) == []


def test_marks_damaged_twice_keep_both(session: Path, profiles: Path) -> None:
    for number, content in enumerate((b"one", b"two"), start=1):
        (session / "marks.json").write_bytes(content)
        mark(session, profiles, 100.0 + number)
        assert (session / f"marks.json.damaged-{number}").read_bytes() == content


def test_keys_of_a_later_version_survive(session: Path, profiles: Path) -> None:
    later = json.loads(GOOD) | {"colour": "blue"}
    (session / "marks.json").write_text(json.dumps([later]))
    mark(session, profiles)
    content = json.loads((session / "marks.json").read_text())
    assert content[0] == later
    assert len(content) == 2


def test_a_changed_table_is_not_blessed_by_a_mark(session: Path, profiles: Path) -> None:
    (session / "summary.json").write_text((session / "summary.json").read_text() + "\n")
    outcome = mark(session, profiles)
    assert "not as it was written (summary.json)" in outcome.text
    assert {problem.file for problem in verify_manifest(session)} == {"summary.json", "marks.json"}
    assert len(read_marks(session)) == 1


def test_a_failed_write_leaves_the_marks_as_they_were(
    session: Path, profiles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(session, profiles)
    before = (session / "marks.json").read_bytes()

    def _full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", _full)
        with pytest.raises(RecordingError, match="No space left on device"):
            mark(session, profiles, 110.0)
    assert (session / "marks.json").read_bytes() == before
    assert verify_manifest(session) == []
    assert len(read_profile(profiles / "C07.toml", "C07").marks) == 1


def test_marks_made_at_the_same_time_are_all_kept(session: Path, profiles: Path) -> None:
    times = [60.0 + i for i in range(16)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda t: mark(session, profiles, t), times))
    assert all(outcome.counted for outcome in outcomes)
    assert sorted(entry.mark.t_s for entry in read_marks(session)) == times
    assert len(read_profile(profiles / "C07.toml", "C07").marks) == 16
    assert verify_manifest(session) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"duration_s": "x"}', b"\xff", b"{}"])
def test_a_session_without_readable_summary_is_refused(session: Path, profiles: Path, content: bytes) -> None:
    (session / "summary.json").write_bytes(content)
    with pytest.raises(RecordingError, match="attune analyze"):
        mark(session, profiles)


def test_a_session_that_was_not_closed_is_refused(session: Path, profiles: Path) -> None:
    (session / "recording.xdf.part").touch()
    with pytest.raises(RecordingError, match="was not closed"):
        mark(session, profiles)


def test_what_is_no_folder_is_refused(tmp_path: Path, profiles: Path) -> None:
    with pytest.raises(RecordingError, match="is no folder"):
        mark(tmp_path / "nothing", profiles)


@pytest.mark.parametrize("content", [None, b"", b"PAR1 and then nothing"])
def test_an_unreadable_table_costs_the_edge_not_the_mark(
    session: Path, profiles: Path, content: bytes | None
) -> None:
    (session / "markers.parquet").unlink()
    if content is not None:
        (session / "markers.parquet").write_bytes(content)
    outcome = mark(session, profiles)
    assert not outcome.counted
    assert outcome.mark.arousal != outcome.mark.arousal
    assert "markers.parquet" in outcome.text
    assert len(read_marks(session)) == 1


def test_a_table_with_other_columns_costs_the_edge_not_the_mark(session: Path, profiles: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"x": [1.0]}), session / "markers.parquet")
    outcome = mark(session, profiles)
    assert not outcome.counted
    assert len(read_marks(session)) == 1


def test_a_damaged_profile_costs_the_edge_not_the_mark(session: Path, profiles: Path) -> None:
    (profiles / "C07.toml").write_text("schema = ")
    outcome = mark(session, profiles)
    assert not outcome.counted
    assert "C07.toml" in outcome.reason
    assert len(read_marks(session)) == 1
    save_profile(profiles / "D08.toml", Profile(participant="D08", created_utc_s=NOW_S))


def test_marks_of_an_undated_session_count(session: Path, profiles: Path) -> None:
    facts = json.loads((session / "summary.json").read_text()) | {"t0_utc": None}
    (session / "summary.json").write_text(json.dumps(facts))
    assert mark(session, profiles, 100.0).counted
    assert mark(session, profiles, 110.0).counted
    assert len(read_profile(profiles / "C07.toml", "C07").marks) == 2


def test_a_code_cannot_reach_outside_the_profiles(session: Path, profiles: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be the code"):
        add_mark(
            session, 100.0, "tolerable", "review", participant="../C07", profiles=profiles, now_utc_s=nan
        )
    facts = json.loads((session / "summary.json").read_text()) | {"participants": {"../C07": "client"}}
    (session / "summary.json").write_text(json.dumps(facts))
    with pytest.raises(SettingsError, match="cannot be the code"):
        mark(session, profiles)
