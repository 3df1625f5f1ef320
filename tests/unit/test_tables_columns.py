"""Columns of a table come back as they were written, from either format."""

from pathlib import Path

import numpy as np
import pytest

from monitor.core.results import ScrRow, ZoneRow
from monitor.tables.columns import TableColumns
from monitor.tables.files import TableFormat
from monitor.tables.writer import TableWriter

NAN = float("nan")
ROWS = [
    ZoneRow("-x", "within", 0.0, 5.0, False, NAN, NAN, NAN),
    ZoneRow("B", "above", 5.0, 9.25, True, 3.5, 12.0, NAN),
    ZoneRow("-x", "na", 9.25, 10.0, False, NAN, NAN, 20.0),
]


def written(folder: Path, file_format: TableFormat, rows: list[ZoneRow]) -> Path:
    writer = TableWriter(folder, file_format=file_format)
    writer.push(rows)
    writer.close()
    return folder / f"zones.{file_format}"


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_words_and_numbers_come_back(tmp_path: Path, file_format: TableFormat) -> None:
    file = TableColumns(
        written(tmp_path, file_format, ROWS), ("participant", "zone", "t_end_s", "peak", "half_recovery_s")
    )
    found = file.gathered()
    assert file.n_rows == 3
    words = file.words("participant")
    assert [words[place] for place in found["participant"]] == ["-x", "B", "-x"]
    words = file.words("zone")
    assert [words[place] for place in found["zone"]] == ["within", "above", "na"]
    assert found["t_end_s"].tolist() == [5.0, 9.25, 10.0]
    np.testing.assert_array_equal(found["peak"], [NAN, 3.5, NAN])
    np.testing.assert_array_equal(found["half_recovery_s"], [NAN, NAN, 20.0])


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_an_empty_table_has_columns_without_rows(tmp_path: Path, file_format: TableFormat) -> None:
    file = TableColumns(written(tmp_path, file_format, []), ("participant", "peak"))
    found = file.gathered()
    assert file.n_rows == 0
    assert {name: (values.dtype.kind, values.size) for name, values in found.items()} == {
        "participant": ("i", 0),
        "peak": ("f", 0),
    }


def test_many_batches_share_their_words(tmp_path: Path) -> None:
    rows = [ScrRow(f"P{i % 3}", float(i), i + 1.0, 0.1, 1.0, NAN) for i in range(70_000)]
    writer = TableWriter(tmp_path)
    for start in range(0, len(rows), 1000):
        writer.push(rows[start : start + 1000])
    writer.close()
    file = TableColumns(tmp_path / "scr.parquet", ("participant", "t_onset_s"))
    assert len(list(file.batches())) > 1
    found = file.gathered(lambda batch: {name: values[::2] for name, values in batch.items()})
    assert file.n_rows == 70_000
    assert sorted(file.words("participant")) == ["P0", "P1", "P2"]
    assert found["t_onset_s"].size == 35_000
    words = np.array(file.words("participant"))
    assert (words[found["participant"]] == [f"P{int(t) % 3}" for t in found["t_onset_s"]]).all()


def test_a_column_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        TableColumns(written(tmp_path, "parquet", ROWS), ("nothing",))


def test_reading_needs_no_pandas(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = written(tmp_path, "parquet", ROWS)
    code = (
        "import sys; from pathlib import Path; from monitor.tables.columns import TableColumns; "
        f"TableColumns(Path({str(path)!r}), ('participant', 'peak')).gathered(); sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
