"""One growing table as Parquet or CSV: the same rows give the same bytes, whenever they were written."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal, Protocol

import numpy as np

from monitor.tables import arrow_arrays
from monitor.tables.schemas import Column

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

TableFormat = Literal["parquet", "csv"]

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_ZSTD_LEVEL: Final = 3


class _BatchWriter(Protocol):
    def write_table(self, table: "pa.Table") -> None: ...

    def close(self) -> None: ...


class TableFile:
    """One table; it gets its name when it is closed.

    Parameters
    ----------
    path : Path
        The file, without its suffix.
    columns : tuple of Column
        Columns in the order of the rows.
    file_format : {"parquet", "csv"}
        Kind of file.
    metadata : mapping of str to str
        Facts that do not change from run to run; kept in Parquet only.
    """

    def __init__(
        self, path: Path, columns: tuple[Column, ...], file_format: TableFormat, metadata: Mapping[str, str]
    ) -> None:
        self._columns = columns
        self._format = file_format
        self._path = path.with_name(f"{path.name}.{file_format}")
        self._part = path.with_name(f"{path.name}.{file_format}.part")
        self._schema = _schema(columns, metadata)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        self._file: BinaryIO = os.fdopen(os.open(self._part, flags, 0o600), "wb")
        self._writer = self._open_writer()
        self._filling = self._empty_columns()
        self.n_rows = 0

    def append(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take rows into the group that is being filled.

        Parameters
        ----------
        rows : sequence of tuple
            Values in the order of the columns; NaN becomes a missing value.
        """
        # Rows become columns while they are still in the cache of the processor.
        for column, values in zip(self._filling, zip(*rows, strict=True), strict=True):
            column.extend(values)
        self.n_rows += len(rows)

    def end_group(self) -> None:
        """Write the rows taken since the last group as one group; nothing where there are none."""
        import pyarrow as pa

        if self._filling[0].parts:
            arrays = [column.array() for column in self._filling]
            self._filling = self._empty_columns()
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what waits, finish the file and give it its name, in place of an older one."""
        self.end_group()
        self._writer.close()
        self._file.close()
        self._part.replace(self._path)

    def discard(self) -> None:
        """Give the unfinished file up."""
        # In this order: an Arrow writer that is left open writes its end when it is collected.
        try:
            self._writer.close()
        finally:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def _open_writer(self) -> _BatchWriter:
        if self._format == "csv":
            from pyarrow import csv

            csv_writer: _BatchWriter = csv.CSVWriter(self._file, self._schema)
            return csv_writer
        from pyarrow import parquet

        writer: _BatchWriter = parquet.ParquetWriter(
            self._file, self._schema, compression="zstd", compression_level=_ZSTD_LEVEL
        )
        return writer

    def _empty_columns(self) -> list["_Column"]:
        return [_Column(column.kind, defuse=self._format == "csv") for column in self._columns]


class _Column:
    """Values of one column for one group."""

    __slots__ = ("_codes", "_defuse", "_kind", "parts")

    def __init__(self, kind: str, *, defuse: bool) -> None:
        self._kind = kind
        self._defuse = defuse
        self._codes: dict[str, int] = {}
        self.parts: list[NDArray[Any]] = []

    def extend(self, values: tuple[Any, ...]) -> None:
        if self._kind == "number":
            self.parts.append(np.array(values, dtype=np.float64))
        elif self._kind == "flag":
            self.parts.append(np.array(values, dtype=np.bool_))
        else:
            self.parts.append(self._encoded(values))

    def array(self) -> "pa.Array":
        values = np.concatenate(self.parts)
        if self._kind == "number":
            return arrow_arrays.numbers(values)
        if self._kind == "flag":
            return arrow_arrays.flags(values)
        words = [_defused(word) for word in self._codes] if self._defuse else list(self._codes)
        return arrow_arrays.words(words, values)

    def _encoded(self, values: tuple[str, ...]) -> "NDArray[np.int32]":
        """Tell which word each value is, numbered in the order of their first appearance."""
        # By identity first: most values are the same few objects, and hashing the members of an enum is slow.
        identities = list(map(id, values))
        codes = self._codes
        code_of = {
            key: codes.setdefault(str(value), len(codes))
            for key, value in dict(zip(identities, values, strict=True)).items()
        }
        return np.fromiter(map(code_of.__getitem__, identities), np.int32, len(values))


def _defused(word: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{word}" if word.startswith(_FORMULA_STARTS) else word


def _schema(columns: Iterable[Column], metadata: Mapping[str, str]) -> "pa.Schema":
    import pyarrow as pa

    types = {
        "text": pa.dictionary(pa.int32(), pa.string()),
        "number": pa.float64(),
        "flag": pa.bool_(),
    }
    fields = [
        pa.field(column.name, types[column.kind], metadata={"unit": column.unit} if column.unit else None)
        for column in columns
    ]
    return pa.schema(fields, metadata=dict(metadata))
