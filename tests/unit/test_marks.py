"""Marks of a session: what they find, where they are kept, and what moves an edge."""

import json
from math import isnan, nan
from pathlib import Path

import pytest
import tomli_w

from calibration.edges import PRIOR, MarkLabel, MarkSource
from calibration.profile import Profile, read_profile, save_profile
from monitor.core.results import MarkerRow, Reason, Status
from monitor.errors import SettingsError
from monitor.marking.adding import MarkOutcome, add_mark
from monitor.marking.moments import clock_text, parse_time
from monitor.marking.store import read_marks
from monitor.session.manifest import seal, verify_manifest
from monitor.tables.writer import TableWriter

NOW_S = 1.8e9
LENGTH_S = 600


def arousal_row(code: str, second: int, value: float) -> MarkerRow:
    known = value == value
    return MarkerRow(
        code,
        "arousal",
        second - 15.0,
        second + 3.0,
        value,
        0.1 if known else nan,
        "SD",
        Status.OK if known else Status.NA,
        Reason.NONE if known else Reason.MOTION,
        30.0,
        1.0,
    )


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """Ten minutes of C07, rising by 0.01 a second, with a gap around 300 s, and of T02, never calibrated."""
    folder = tmp_path / "2026-11-22_101500_C07_T02"
    folder.mkdir()
    roles = {"C07": "client", "T02": "therapist"}
    (folder / "session.toml").write_text(tomli_w.dumps({"participants": roles}))
    with_tables(folder, roles)
    facts = {"duration_s": float(LENGTH_S), "t0_utc": "2026-11-22T10:15:00+00:00", "participants": roles}
    (folder / "summary.json").write_text(json.dumps(facts))
    seal(folder)
    return folder


def with_tables(folder: Path, roles: dict[str, str]) -> None:
    writer = TableWriter(folder, participants=roles)
    for second in range(30, LENGTH_S + 1):
        value = nan if 250 <= second <= 320 else 0.01 * (second - 15)
        untold = arousal_row("T02", second, nan)._replace(reason=Reason.NOT_CALIBRATED)
        writer.push([arousal_row("C07", second, value), untold])
    writer.close()


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    save_profile(folder / "C07.toml", Profile(participant="C07", created_utc_s=NOW_S))
    return folder


def mark(session: Path, profiles: Path, time_s: float, label: str = "too-much", **more: str) -> MarkOutcome:
    by = more.pop("by", "review")
    participant = more.pop("participant", None)
    return add_mark(session, time_s, label, by, participant=participant, profiles=profiles, now_utc_s=NOW_S)


def test_a_mark_takes_the_median_arousal_of_the_thirty_seconds_before(session: Path, profiles: Path) -> None:
    outcome = mark(session, profiles, 200.0)
    assert outcome.mark.arousal == pytest.approx(0.01 * 185.0)
    assert outcome.mark.se == 0.1
    assert outcome.mark.utc_s == 1795342500.0 + 200.0
    assert outcome.counted
    assert not outcome.reason


def test_a_mark_enters_session_and_profile_and_moves_the_edge(session: Path, profiles: Path) -> None:
    outcome = mark(session, profiles, 200.0, by="client")
    profile = read_profile(profiles / "C07.toml", "C07")
    assert profile.marks == (outcome.mark,)
    assert profile.edges.upper.mean < PRIOR.upper.mean
    assert [entry.mark for entry in read_marks(session)] == [outcome.mark]
    assert (outcome.mark.label, outcome.mark.by) == (MarkLabel.TOO_MUCH, MarkSource.CLIENT)
    assert "provisional edge, 1 mark of 3 needed" in outcome.text


def test_the_manifest_knows_the_marks(session: Path, profiles: Path) -> None:
    mark(session, profiles, 200.0)
    assert verify_manifest(session) == []
    mark(session, profiles, 210.0)
    assert verify_manifest(session) == []
    assert len(read_marks(session)) == 2


def test_a_folder_without_manifest_gets_none(session: Path, profiles: Path) -> None:
    (session / "manifest.json").unlink()
    mark(session, profiles, 200.0)
    assert not (session / "manifest.json").exists()


def test_the_same_mark_twice_is_counted_once(session: Path, profiles: Path) -> None:
    mark(session, profiles, 200.0)
    again = mark(session, profiles, 200.0)
    assert (again.repeated, again.counted) == (True, False)
    assert "not counted twice" in again.text
    assert len(read_profile(profiles / "C07.toml", "C07").marks) == len(read_marks(session)) == 1
    other = mark(session, profiles, 200.0, by="therapist")
    assert other.counted


def test_a_mark_in_a_gap_is_kept_and_moves_nothing(session: Path, profiles: Path) -> None:
    outcome = mark(session, profiles, 300.0)
    assert isnan(outcome.mark.arousal)
    assert not outcome.counted
    assert "moves no edge" in outcome.text
    assert "motion" in outcome.text
    assert read_marks(session)[0].reason == outcome.reason
    assert read_profile(profiles / "C07.toml", "C07").marks == ()


@pytest.mark.parametrize(("time_s", "n_valid"), [(255.0, 10), (256.0, 9)])
def test_ten_valid_seconds_are_enough_and_nine_are_not(
    session: Path, profiles: Path, time_s: float, n_valid: int
) -> None:
    # Centres run to 234 s before the gap, so [time - 30, time] holds 265 - time of them.
    outcome = mark(session, profiles, time_s)
    assert outcome.counted == (n_valid >= 10)


def test_a_person_without_calibration_is_told_so(session: Path, profiles: Path) -> None:
    outcome = mark(session, profiles, 200.0, participant="T02")
    assert not outcome.counted
    assert "T02 was not calibrated" in outcome.text
    assert "attune calibrate T02" in outcome.text
    assert len(read_marks(session)) == 1


def test_a_mark_without_profile_waits_in_the_session_and_enters_it_later(
    session: Path, profiles: Path, tmp_path: Path
) -> None:
    waiting = mark(session, tmp_path / "nowhere", 200.0)
    assert not waiting.counted
    assert "no profile of C07" in waiting.text
    later = mark(session, profiles, 200.0)
    assert (later.counted, later.repeated) == (True, False)
    assert len(read_marks(session)) == 1


def test_the_client_is_meant_unless_a_code_is_given(session: Path, profiles: Path) -> None:
    assert mark(session, profiles, 200.0).participant == "C07"
    assert mark(session, profiles, 200.0, participant="T02").participant == "T02"
    with pytest.raises(SettingsError, match=r"X99 does not take part.*C07 \(client\), T02 \(therapist\)"):
        mark(session, profiles, 200.0, participant="X99")


def test_without_a_client_the_codes_are_listed(session: Path, profiles: Path) -> None:
    (session / "session.toml").unlink()
    facts = json.loads((session / "summary.json").read_text())
    facts["participants"] = {"A": "other", "B": "other"}
    (session / "summary.json").write_text(json.dumps(facts))
    with pytest.raises(SettingsError, match=r"--participant CODE.*A \(other\), B \(other\)"):
        mark(session, profiles, 200.0)


@pytest.mark.parametrize("time_s", [-0.1, 600.1, nan, float("inf")])
def test_a_moment_outside_the_session_names_its_length(session: Path, profiles: Path, time_s: float) -> None:
    with pytest.raises(SettingsError, match=r"10:00 \(600 s\) long"):
        mark(session, profiles, time_s)
    assert read_marks(session) == []


def test_unknown_words_name_the_valid_ones(session: Path, profiles: Path) -> None:
    with pytest.raises(SettingsError, match="Valid: too-much, tolerable, too-little"):
        mark(session, profiles, 200.0, "awful")
    with pytest.raises(SettingsError, match="Valid: client, therapist, review"):
        mark(session, profiles, 200.0, by="nobody")
    assert mark(session, profiles, 200.0, "too_little").mark.label is MarkLabel.TOO_LITTLE


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("750", 750.0),
        ("12:30", 750.0),
        ("0:12:30", 750.0),
        ("75:00", 4500.0),
        ("1:02:03.5", 3723.5),
        (" 5 ", 5.0),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "-5", "nan", "inf", "1e3", "12:60", "1:60:00", "12:", ":30", "a", "1:2:3:4", "٣", "9" * 40]
)
def test_what_is_no_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(SettingsError, match="mm:ss"):
        parse_time(text)


def test_a_moment_is_written_as_a_clock() -> None:
    assert [clock_text(t) for t in (0.0, 59.9, 750.0, 3723.0)] == ["00:00", "00:59", "12:30", "1:02:03"]


def test_hours_of_marks_stay_in_the_order_they_were_made(session: Path, profiles: Path) -> None:
    for time_s in (500.0, 100.0, 220.0):
        mark(session, profiles, time_s, "tolerable")
    assert [entry.mark.t_s for entry in read_marks(session)] == [500.0, 100.0, 220.0]


def test_a_mark_made_again_after_analysis_gets_its_arousal(session: Path, profiles: Path) -> None:
    table = session / "markers.parquet"
    content = table.read_bytes()
    table.unlink()
    assert isnan(mark(session, profiles, 200.0).mark.arousal)
    table.write_bytes(content)
    again = mark(session, profiles, 200.0)
    assert again.counted
    assert not again.repeated
    assert [entry.mark for entry in read_marks(session)] == [again.mark]
    assert read_marks(session)[0].reason == ""
    assert mark(session, profiles, 200.0).repeated
