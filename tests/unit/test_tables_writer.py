"""The tables: columns, missing values, revocation, formats."""

import csv
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from monitor.core.results import (
    NAN,
    BeatClass,
    BeatRow,
    MarkerRow,
    Notice,
    Reason,
    Revocation,
    ScrRow,
    Status,
)
from monitor.tables.schemas import SCHEMAS
from monitor.tables.writer import HOLD_S, ROWS_PER_GROUP, TableWriter

DESIGN_COLUMNS = {
    "markers": "participant, marker, t_centre_s, t_emit_s, value, se, unit, status, reason, "
    "window_s, coverage",
    "beats": "participant, source, t_s, rr_ms, nn, class",
    "scr": "participant, t_onset_s, t_peak_s, amplitude_us, rise_s, half_recovery_s",
    "zones": "participant, zone, t_start_s, t_end_s, censored, peak, area, half_recovery_s",
    "synchrony": "first, second, signal, t_s, z_session, chance_lo, chance_hi, lag_s, status, reason",
}


def marker(second: float, participant: str = "C07", name: str = "scl_us", value: float = 4.0) -> MarkerRow:
    status, reason = (Status.OK, Reason.NONE) if value == value else (Status.NA, Reason.GAP)
    return MarkerRow(
        participant, name, second - 15.0, second + 1.0, value, NAN, "uS", status, reason, 30.0, 1.0
    )


def read(folder: Path, name: str = "markers") -> list[dict[str, object]]:
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def test_the_columns_are_those_of_the_design(tmp_path: Path) -> None:
    counts = TableWriter(tmp_path).close()
    assert counts == dict.fromkeys(DESIGN_COLUMNS, 0)
    for name, columns in DESIGN_COLUMNS.items():
        assert pq.read_schema(tmp_path / f"{name}.parquet").names == columns.split(", ")


def test_rows_have_the_order_of_their_columns() -> None:
    assert tuple(column.name for column in SCHEMAS["markers"]) == MarkerRow._fields
    assert tuple(column.name for column in SCHEMAS["beats"])[:-1] == BeatRow._fields[:-1]
    assert tuple(column.name for column in SCHEMAS["scr"]) == ScrRow._fields


def test_units_are_kept_with_the_columns(tmp_path: Path) -> None:
    TableWriter(tmp_path).close()
    assert pq.read_schema(tmp_path / "scr.parquet").field("amplitude_us").metadata[b"unit"] == b"uS"


def test_values_come_back_and_nan_is_null(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path)
    beat = BeatRow("C07", "ecg", 1.25, NAN, False, BeatClass.UNUSABLE)
    writer.push(
        [
            marker(1.0),
            marker(2.0, value=NAN),
            beat,
            ScrRow("C07", 1.0, 2.0, 0.1, 1.0, NAN),
            Notice(0.0, "", "", ""),
        ]
    )
    assert writer.close() == {"markers": 2, "beats": 1, "scr": 1, "zones": 0, "synchrony": 0}
    first, second = read(tmp_path)
    assert (first["value"], first["se"], first["status"], first["reason"]) == (4.0, None, "OK", "")
    assert (second["value"], second["status"], second["reason"]) == (None, "NA", "gap")
    assert read(tmp_path, "beats") == [
        {"participant": "C07", "source": "ecg", "t_s": 1.25, "rr_ms": None, "nn": False, "class": "unusable"}
    ]
    assert read(tmp_path, "scr")[0]["half_recovery_s"] is None


def test_a_revocation_takes_back_the_grid_seconds_it_names(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path)
    rows = [row for s in range(5) for row in (marker(s), marker(s, "T02"), marker(s, name="hr_bpm"))]
    writer.push([*rows, Revocation("C07", ("scl_us", "scr_per_min"), 1.0, 3.0, Reason.FLATLINE), marker(5.0)])
    writer.close()
    revoked = [row for row in read(tmp_path) if row["status"] == "NA"]
    assert [(row["participant"], row["marker"], row["t_emit_s"]) for row in revoked] == [
        ("C07", "scl_us", 2.0),
        ("C07", "scl_us", 3.0),
        ("C07", "scl_us", 4.0),
    ]
    assert {(row["value"], row["se"], row["reason"]) for row in revoked} == {(None, None, "flatline")}


@pytest.mark.parametrize(("age_s", "status"), [(HOLD_S, "NA"), (HOLD_S + 1.0, "OK")])
def test_a_row_can_be_revoked_for_ten_seconds(tmp_path: Path, age_s: float, status: str) -> None:
    writer = TableWriter(tmp_path)
    writer.push([marker(0.0)])
    writer.push([marker(age_s, "T02"), Revocation("C07", ("scl_us",), 0.0, 0.0, Reason.NOISE)])
    writer.close()
    assert read(tmp_path)[0]["status"] == status


def test_valid_seconds_are_counted_after_revocation(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path)
    rows = [marker(float(s)) for s in range(6)]
    rows.append(marker(6.0)._replace(status=Status.LOW))
    writer.push([*rows, Revocation("C07", ("scl_us",), 0.0, 1.0, Reason.NOISE)])
    writer.close()
    assert writer.validity == {("C07", "scl_us"): (4, 1, 2)}


def test_long_tables_have_row_groups_of_fixed_length(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path)
    beats = [
        BeatRow("C07", "ecg", float(i), 800.0, True, BeatClass.NORMAL) for i in range(ROWS_PER_GROUP + 7)
    ]
    for beat in beats:
        writer.push([beat])
    writer.close()
    file = pq.ParquetFile(tmp_path / "beats.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [ROWS_PER_GROUP, 7]


def test_csv_holds_the_same_and_no_formula(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path, file_format="csv")
    evil = '=HYPERLINK("http://x"),1'
    writer.push(
        [
            marker(1.0, "-C07"),
            marker(2.0, value=-3.5),
            BeatRow("C07", evil, -1.0, NAN, True, BeatClass.NORMAL),
        ]
    )
    writer.close()
    with (tmp_path / "markers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == DESIGN_COLUMNS["markers"].split(", ")
    assert rows[0]["participant"] == "'-C07"
    assert (rows[1]["value"], rows[1]["se"], rows[1]["reason"]) == ("-3.5", "", "")
    with (tmp_path / "beats.csv").open(newline="") as file:
        beat = next(csv.DictReader(file))
    assert beat["source"] == f"'{evil}"
    assert beat["t_s"] == "-1"


def test_tables_appear_whole_and_private_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "markers.parquet").write_bytes(b"old")
    writer = TableWriter(tmp_path)
    writer.push([marker(1.0)])
    assert (tmp_path / "markers.parquet").read_bytes() == b"old"
    writer.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["markers.parquet"]
    writer = TableWriter(tmp_path)
    writer.close()
    writer.discard()
    assert len(list(tmp_path.iterdir())) == len(SCHEMAS)
    assert (tmp_path / "markers.parquet").stat().st_mode & 0o077 == 0 or sys.platform == "win32"
