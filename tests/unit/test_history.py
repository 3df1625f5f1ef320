"""The history of one person: which sessions count, what is said of them, and what is never said."""

import csv
import io
import json
import re
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from math import exp, isnan
from pathlib import Path
from typing import Any

import pytest

from calibration.baseline import Reference, Scale
from calibration.edges import Mark, MarkLabel, MarkSource
from calibration.profile import Baseline, BaselineKind, Profile
from calibration.width import NO_MARKS, NO_UNIT
from monitor.commands import history as command
from monitor.errors import RecordingError, SettingsError
from monitor.history.reading import History, median_counts, read_history
from monitor.history.text import LEGEND, csv_text, duration_text, lines_of, table_rows, width_text
from monitor.marking.store import SessionMark, store_mark
from monitor.views.words import FOOTER

START = datetime(2026, 9, 7, 12, tzinfo=UTC)
FORBIDDEN = (
    "safe|unsafe|danger|dysregulated|hyperarous|hypoarous|dissociation|freeze|shutdown|dorsal|ventral|"
    "stress detected|in sync|alarm|normal|vagal tone|sympathetic|green zone|improved|worse|better|widened|leads"
)
SCALES = {
    "ln_scl": {"mean": 1.4, "sd": 0.2, "n_effective": 9.0},
    "scr_rate": {"mean": 4.0, "sd": 1.0, "n_effective": 12.0},
    "heart_speed": {"mean": 0.15, "sd": 0.05, "n_effective": 30.0},
    "ln_rmssd": {"mean": 3.4, "sd": 0.3, "n_effective": 20.0},
}
CORRELATION = [[1.0, 0.3, 0.2], [0.3, 1.0, 0.4], [0.2, 0.4, 1.0]]


def excursion(half_s: float | None, *, below_floor: bool = False) -> dict[str, Any]:
    return {"zone": "above", "half_recovery_s": half_s, "below_floor": below_floor}


def a_session(root: Path, week: int, marks: tuple[tuple[str, float], ...] = (), **more: Any) -> Path:
    """Write one weekly session folder of C07 as a run leaves it, with marks if any."""
    began = START + timedelta(weeks=week)
    folder = root / f"{began:%Y-%m-%d}_C07"
    folder.mkdir(parents=True)
    (folder / "session.toml").write_text("[participants]\nC07 = 'client'\n")
    calibration = {
        "profile": True,
        "edges": {"upper": {"mean": 2.5, "sd": 0.5}, "lower": {"mean": -2.5, "sd": 0.75}},
        "reference": {"scales": SCALES, "correlation": CORRELATION, "electrodermal_rho": 0.2},
        "unit_factor": 1.0,
        "conditions": {"medication": ["none_known"], "posture": "sitting"},
        "sensors": {"ecg": "Polar H10"},
        "problem": "",
        "text": "",
    }
    zones = {
        "valid_minutes": 43.2,
        "shares": {"within": {"share": 0.81, "low": 0.7, "high": 0.9}},
        "near_edge_share": 0.06,
        "n_above": 2,
        "n_below": 0,
        "return_median_s": 130.0,
        "return_n": 2,
        "return_n_censored": 1,
        "half_recovery_median_s": 45.0,
        "excursions": [excursion(45.0), excursion(None)],
    }
    summary = {
        "versions": {"attune-monitor": "0.1.0"},
        "t0_utc": began.isoformat(),
        "duration_s": 3000.0,
        "participants": {"C07": "client", "T02": "therapist"},
        "calibration": {"C07": calibration | more.pop("calibration", {})},
        "zones": {"C07": zones | more.pop("zones", {})},
    }
    (folder / "summary.json").write_text(json.dumps(summary | more))
    for number, (label, arousal) in enumerate(marks):
        made = Mark(
            label=MarkLabel(label),
            by=MarkSource.REVIEW,
            session=folder.name,
            t_s=60.0 * number,
            utc_s=began.timestamp(),
            arousal=arousal,
            se=0.1,
        )
        store_mark(folder, SessionMark(participant="C07", mark=made))
    return folder


BOTH = (("too_much", 3.0), ("tolerable", 1.8), ("too_little", -2.2))


def all_text(history: History) -> str:
    return "\n".join([*(" | ".join(row) for row in table_rows(history)), *lines_of(history), LEGEND])


def test_sessions_are_told_in_the_order_of_their_dates(tmp_path: Path) -> None:
    for week in (2, 0, 1):
        a_session(tmp_path, week)
    history = read_history("C07", tmp_path, None)
    assert [row.name for row in history.sessions] == ["2026-09-07_C07", "2026-09-14_C07", "2026-09-21_C07"]
    assert not history.told


def test_a_row_says_what_the_summary_says(tmp_path: Path) -> None:
    a_session(tmp_path, 0, BOTH)
    (row,) = table_rows(read_history("C07", tmp_path, None))
    assert row[:8] == (
        "2026-09-07",
        "43",
        "81 (70–90)",
        "2 / 0",
        "2 min 10 s (2, 1 cut off)",
        "45 s",
        "6",
        "3",
    )
    assert re.fullmatch(r"\d\.\d ± \d\.\d", row[8])


def test_sessions_one_and_two_levels_down_are_found(tmp_path: Path) -> None:
    a_session(tmp_path, 0)
    a_session(tmp_path / "group", 1)
    a_session(tmp_path / "group" / "deeper", 2)
    assert len(read_history("C07", tmp_path, None).sessions) == 2
    assert len(read_history("C07", tmp_path / "group" / "deeper" / "2026-09-21_C07", None).sessions) == 1


def test_other_people_are_not_in_it(tmp_path: Path) -> None:
    a_session(tmp_path, 0)
    a_session(tmp_path, 1, participants={"D08": "client"})
    assert len(read_history("C07", tmp_path, None).sessions) == 1
    with pytest.raises(RecordingError, match="holds no session of X99"):
        read_history("X99", tmp_path, None)
    with pytest.raises(RecordingError, match="is no folder"):
        read_history("C07", tmp_path / "nothing", None)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"\xff", b'{"participants": ["C07"]}', b"[" * 50_000]
)
def test_a_damaged_or_foreign_summary_is_told_and_passed_over(tmp_path: Path, content: bytes) -> None:
    a_session(tmp_path, 0)
    (a_session(tmp_path, 1) / "summary.json").write_bytes(content)
    history = read_history("C07", tmp_path, None)
    assert len(history.sessions) == 1
    assert len(history.told) == 1
    assert history.told[0].startswith("2026-09-14_C07 was passed over")


def test_a_session_that_was_never_analysed_is_told(tmp_path: Path) -> None:
    a_session(tmp_path, 0)
    (a_session(tmp_path, 1) / "summary.json").unlink()
    assert "attune analyze" in read_history("C07", tmp_path, None).told[0]


@pytest.mark.parametrize("part", ["calibration", "zones"])
@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {"C07": None},
        {"C07": {"excursions": [3], "edges": 1}},
        {"C07": {"excursions": 3, "valid_minutes": 9}},
    ],
)
def test_a_part_that_is_not_as_expected_is_missing_not_an_error(
    tmp_path: Path, part: str, value: object
) -> None:
    a_session(tmp_path, 0)
    a_session(tmp_path, 1, BOTH)
    folder = a_session(tmp_path, 2, BOTH)
    summary = json.loads((folder / "summary.json").read_text())
    (folder / "summary.json").write_text(json.dumps(summary | {part: value}))
    history = read_history("C07", tmp_path, None)
    assert len(table_rows(history)) == 3
    assert csv_text(history)


def test_a_session_and_its_tables_elsewhere_count_once(tmp_path: Path) -> None:
    session = a_session(tmp_path, 0)
    copy = tmp_path / "0_tables"
    copy.mkdir()
    (copy / "summary.json").write_bytes((session / "summary.json").read_bytes())
    history = read_history("C07", tmp_path, None)
    assert [row.name for row in history.sessions] == [session.name]
    assert "0_tables was passed over: it is the same session" in history.told[0]


def test_without_calibration_numbers_are_missing_and_the_reason_is_said(tmp_path: Path) -> None:
    folder = a_session(
        tmp_path, 0, calibration={"reference": None, "problem": "not_calibrated", "text": "Opening is old."}
    )
    summary = json.loads((folder / "summary.json").read_text())
    summary["zones"]["C07"] = {"valid_minutes": 0.0, "n_above": 0, "n_below": 0, "return_n": 0}
    (folder / "summary.json").write_text(json.dumps(summary))
    history = read_history("C07", tmp_path, None)
    assert table_rows(history)[0][1:7] == ("–", "–", "– / –", "–", "–", "–")
    assert "2026-09-07: no zones, Opening is old." in lines_of(history)
    assert all(isnan(value) for value in median_counts(history))


def test_without_marks_the_width_is_not_estimable(tmp_path: Path) -> None:
    for week in range(5):
        a_session(tmp_path, week)
    history = read_history("C07", tmp_path, None)
    assert {width_text(row.width) for row in history.sessions} == {f"not estimable: {NO_MARKS}"}
    assert "Width not estimable: no marks." in lines_of(history)
    assert history.trend is None


def test_without_a_common_unit_the_width_is_not_estimable(tmp_path: Path) -> None:
    a_session(tmp_path, 0, BOTH, calibration={"unit_factor": None})
    (row,) = read_history("C07", tmp_path, None).sessions
    assert row.width.reason == NO_UNIT


def a_reference(sd: float) -> Reference:
    return Reference(
        participant="C07",
        start_s=0.0,
        stop_s=300.0,
        valid_s=300,
        scales={name: Scale(mean=s["mean"], sd=s["sd"] * sd, n_effective=10.0) for name, s in SCALES.items()},
        electrodermal_rho=0.2,
        correlation=tuple(map(tuple, CORRELATION)),
        responder=True,
    )


def a_profile(*marks: Mark) -> Profile:
    baselines = tuple(
        Baseline(
            utc_s=(START + timedelta(weeks=week)).timestamp(),
            kind=BaselineKind.FIRST if week == 0 else BaselineKind.OPENING,
            session=f"s{week}",
            protocol="first",
            reference=a_reference(2.0),
        )
        for week in range(2)
    )
    return Profile(participant="C07", created_utc_s=START.timestamp(), baselines=baselines, marks=marks)


def test_a_unit_not_noted_in_the_session_is_taken_from_the_profile(tmp_path: Path) -> None:
    a_session(tmp_path, 0, BOTH, calibration={"unit_factor": None})
    a_session(tmp_path, 1, BOTH, calibration={"unit_factor": 0.5})
    missing, noted = read_history("C07", tmp_path, a_profile()).sessions
    # All scales of the session are half those of the frozen unit.
    assert missing.width.value == pytest.approx(noted.width.value, abs=1e-9)


def test_marks_in_session_and_profile_count_once(tmp_path: Path) -> None:
    folder = a_session(tmp_path, 0, BOTH)
    common = {"by": MarkSource.REVIEW, "session": folder.name, "utc_s": 0.0, "se": 0.1}
    same = Mark(label=MarkLabel.TOO_MUCH, t_s=0.0, arousal=3.0, **common)
    other = Mark(label=MarkLabel.TOO_MUCH, t_s=500.0, arousal=3.0, **common)
    (row,) = read_history("C07", tmp_path, a_profile(same, other)).sessions
    assert row.n_marks == 4


def test_a_difference_within_uncertainty_is_said_so(tmp_path: Path) -> None:
    for week in range(4):
        a_session(tmp_path, week, BOTH)
    history = read_history("C07", tmp_path, None)
    assert history.n_first == 2
    line = next(line for line in lines_of(history) if line.startswith("Estimated width"))
    assert re.fullmatch(
        r"Estimated width \d\.\d ± \d\.\d \(first sessions \d\.\d ± \d\.\d\); difference within uncertainty\.",
        line,
    )
    assert history.trend is not None
    assert any("the interval holds zero" in line for line in lines_of(history))


def test_a_large_difference_points_to_what_else_changed(tmp_path: Path) -> None:
    narrow = (
        ("too_much", 1.2),
        ("too_much", 1.4),
        ("too_much", 1.3),
        ("too_little", -1.2),
        ("too_little", -1.3),
    ) * 3
    wide = (("tolerable", 5.5), ("tolerable", 5.0), ("tolerable", -5.0), ("tolerable", -5.5)) * 3
    a_session(tmp_path, 0, narrow)
    a_session(
        tmp_path, 1, wide, calibration={"conditions": {"medication": ["beta_blocker"], "posture": "sitting"}}
    )
    history = read_history("C07", tmp_path, None)
    assert history.changed
    text = all_text(history)
    assert "difference larger than its uncertainty; see what else changed" in text
    assert "medication: none known → beta blocker" in text
    assert "No trend of the width: it takes 4 dated sessions with marks, there are 2." in text


def test_conditions_are_compared_with_the_session_before(tmp_path: Path) -> None:
    a_session(tmp_path, 0)
    a_session(tmp_path, 1, calibration={"conditions": {"medication": [], "posture": "lying"}, "sensors": {}})
    a_session(tmp_path, 2, versions={"attune-monitor": "0.2.0"})
    history = read_history("C07", tmp_path, None)
    assert history.sessions[0].changes == ()
    assert history.sessions[1].changes == (
        "medication: none known → not recorded",
        "posture: sitting → lying",
        "ecg sensor: Polar H10 → not recorded",
    )
    assert "attune: 0.1.0 → 0.2.0" in history.sessions[2].changes


def test_recoveries_below_the_floor_are_not_dropped_from_the_median(tmp_path: Path) -> None:
    short = excursion(None, below_floor=True)
    a_session(
        tmp_path, 0, zones={"excursions": [short, short, excursion(60.0)], "half_recovery_median_s": 60.0}
    )
    a_session(tmp_path, 1, zones={"excursions": [short, excursion(20.0), excursion(60.0)]})
    a_session(tmp_path, 2, zones={"excursions": [excursion(None)], "half_recovery_median_s": None})
    assert [row[5] for row in table_rows(read_history("C07", tmp_path, None))] == ["< 15 s", "20 s", "–"]


def test_a_return_that_half_did_not_reach_is_said_so(tmp_path: Path) -> None:
    a_session(tmp_path, 0, zones={"return_median_s": None, "return_n": 1, "return_n_censored": 1})
    a_session(tmp_path, 1, zones={"return_median_s": None, "return_n": 0, "return_n_censored": 0})
    cells = [row[4] for row in table_rows(read_history("C07", tmp_path, None))]
    assert cells == ["not reached (1, 1 cut off)", "none"]


def test_one_sd_is_said_in_units_people_know(tmp_path: Path) -> None:
    a_session(tmp_path, 0)
    history = read_history("C07", tmp_path, None)
    skin = history.equivalents["ln_scl"]
    assert (skin.level, skin.up, skin.down) == pytest.approx(
        (exp(1.4), exp(1.6) - exp(1.4), exp(1.4) - exp(1.2))
    )
    assert history.equivalents["scr_rate"].level == pytest.approx(4.0 - 3.0 / 8.0)
    text = all_text(history)
    assert "skin conductance level 4.06 µS +0.90/−0.74" in text
    assert "heart rate 69.7 bpm +3.6/−3.4" in text
    assert "(RMSSD) 30.0 ms +10.5/−7.8" in text


def test_an_undated_session_comes_last_and_is_in_no_trend(tmp_path: Path) -> None:
    a_session(tmp_path, 0, BOTH, t0_utc=None)
    for week in range(1, 4):
        a_session(tmp_path, week, BOTH)
    history = read_history("C07", tmp_path, None)
    assert history.trend is None
    assert table_rows(history)[-1][0] == "2026-09-07_C07 (no date)"


def test_nothing_said_judges_the_person(tmp_path: Path) -> None:
    for week in range(5):
        a_session(tmp_path, week, BOTH, zones={"n_below": week})
    a_session(tmp_path, 6, zones={"valid_minutes": 0}, calibration={"posture": "lying"})
    found = re.findall(rf"\b({FORBIDDEN})", all_text(read_history("C07", tmp_path, None)), re.IGNORECASE)
    assert found == []


def test_csv_holds_numbers_units_and_empty_cells(tmp_path: Path) -> None:
    a_session(tmp_path, 0, BOTH)
    a_session(tmp_path, 1, zones={"return_median_s": None})
    rows = list(csv.DictReader(io.StringIO(csv_text(read_history("C07", tmp_path, None)))))
    assert rows[0]["t0_utc"] == "2026-09-07T12:00:00+00:00"
    assert float(rows[0]["within_share"]) == 0.81
    assert rows[1]["return_median_s"] == rows[1]["width_frozen_sd"] == ""
    assert rows[1]["width_note"] == NO_MARKS


def test_csv_holds_no_formula(tmp_path: Path) -> None:
    a_session(tmp_path, 0, zones={"valid_minutes": 0}, calibration={"text": "=1+1"})
    assert "'=1+1" in csv_text(read_history("C07", tmp_path, None))


@pytest.mark.parametrize(
    ("seconds", "text"), [(45.2, "45 s"), (120.0, "2 min"), (129.6, "2 min 10 s"), (59.7, "1 min")]
)
def test_durations_are_written_for_people(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def options(code: str, folder: Path, **more: str | None) -> Namespace:
    chosen = {"out": None, "format": "text", "profiles": str(folder / "profiles")} | more
    return Namespace(code=code, folder=str(folder), **chosen)


def test_the_command_shows_the_table_and_draws_the_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for week in range(5):
        a_session(tmp_path, week, BOTH if week % 2 == 0 else ())
    assert command.run(options("C07", tmp_path)) == 0
    said = capsys.readouterr().out
    assert "Sessions of C07" in said
    assert FOOTER in said
    for kind in ("png", "svg"):
        assert (tmp_path / f"history-C07.{kind}").stat().st_size > 10_000
    assert not list(tmp_path.glob("*.part"))


def test_the_command_writes_csv_where_it_is_asked_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_session(tmp_path, 0)
    assert command.run(options("C07", tmp_path, out=str(tmp_path / "new"), format="csv")) == 0
    assert (tmp_path / "new" / "history-C07.csv").read_text().startswith("participant,session,")
    assert "history-C07.csv" in capsys.readouterr().out


def test_the_same_history_is_the_same_figure(tmp_path: Path) -> None:
    from monitor.figures.history import draw_history

    a_session(tmp_path, 0, BOTH, t0_utc=None)
    history = read_history("C07", tmp_path, None)
    first = [path.read_bytes() for path in draw_history(tmp_path / "a", history)]
    assert first == [path.read_bytes() for path in draw_history(tmp_path / "a", history)]


def test_a_figure_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    a_session(tmp_path, 0)
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match="--out"):
        command.run(options("C07", tmp_path, out=str(tmp_path / "file")))


def test_what_is_no_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be the code"):
        command.run(options("../x", tmp_path))
