"""Columns of a table read back, batch by batch in bounded memory. Without pandas, which Arrow imports where it can."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from monitor.tables.schemas import SCHEMAS

if TYPE_CHECKING:
    import pyarrow as pa

Batch = dict[str, NDArray[Any]]
"""Column to its values: float64 for numbers with NaN where missing, int64 places among its words for texts."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class TableColumns:
    """Some columns of one table.

    Parameters
    ----------
    path : Path
        A file ``NAME.parquet`` or ``NAME.csv`` of `monitor.tables.writer.TableWriter`.
    columns : sequence of str
        The columns to read: numbers and texts.

    Attributes
    ----------
    n_rows : int
        Rows of the table, once they were gathered.

    Raises
    ------
    KeyError
        If the table has no such column.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        kinds = {column.name: column.kind for column in SCHEMAS[path.name.partition(".")[0]]}
        self.n_rows = 0
        self._path = path
        self._kinds = {column: kinds[column] for column in columns}
        self._places: dict[str, dict[str, int]] = {c: {} for c in columns if kinds[c] == "text"}

    def words(self, column: str) -> list[str]:
        """Return the words of a text column, in the order of their first appearance so far.

        Parameters
        ----------
        column : str
            The column.

        Returns
        -------
        list of str
            The words; missing text is the empty word.
        """
        return list(self._places[column])

    def batches(self) -> Iterator[Batch]:
        """Yield the rows in the order of the file.

        Yields
        ------
        dict of str to ndarray
            By column.

        Raises
        ------
        OSError, pyarrow.ArrowException, ValueError
            If the file cannot be read, or a column is of another type.
        """
        for record in self._csv() if self._path.suffix == ".csv" else self._parquet():
            yield {
                name: self._codes(name, record.column(name))
                if kind == "text"
                else _numbers(record.column(name))
                for name, kind in self._kinds.items()
            }

    def gathered(self, keep: Callable[[Batch], Batch] = lambda batch: batch) -> Batch:
        """Return all rows at once, or those that are kept of them.

        Parameters
        ----------
        keep : callable, optional
            Takes a batch and returns what is kept of it.

        Returns
        -------
        dict of str to ndarray
            By column.

        Raises
        ------
        OSError, pyarrow.ArrowException, ValueError
            As `batches`.
        """
        self.n_rows = 0
        return _joined(self._kinds, map(keep, self._counted()))

    def _counted(self) -> Iterator[Batch]:
        for batch in self.batches():
            self.n_rows += next(iter(batch.values())).size
            yield batch

    def _parquet(self) -> Iterator["pa.RecordBatch"]:
        from pyarrow import parquet

        with parquet.ParquetFile(self._path) as file:
            yield from file.iter_batches(columns=list(self._kinds))

    def _csv(self) -> Iterator["pa.RecordBatch"]:
        import pyarrow as pa
        from pyarrow import csv

        types = {"text": pa.dictionary(pa.int32(), pa.string()), "number": pa.float64()}
        options = csv.ConvertOptions(
            column_types={name: types[kind] for name, kind in self._kinds.items()},
            include_columns=list(self._kinds),
            null_values=[""],
            strings_can_be_null=False,
        )
        with csv.open_csv(self._path, convert_options=options) as reader:
            yield from reader

    def _codes(self, name: str, column: "pa.Array") -> NDArray[np.int64]:
        import pyarrow as pa

        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        places = self._places[name]
        own = [*(_undefused(word or "") for word in column.dictionary.to_pylist()), ""]
        # A missing text is the empty word, which gets a place only where it is met.
        codes = np.where(_valid(column), _values(column.indices, np.int32), len(own) - 1)
        met, which = np.unique(codes, return_inverse=True)
        table = np.array([places.setdefault(own[i], len(places)) for i in met], dtype=np.int64)
        return table[which]


def _joined(kinds: Mapping[str, str], batches: Iterable[Batch]) -> Batch:
    found = list(batches)
    if not found:
        return {
            name: np.zeros(0, dtype=np.int64 if kind == "text" else np.float64)
            for name, kind in kinds.items()
        }
    return {name: np.concatenate([batch[name] for batch in found]) for name in kinds}


def _undefused(word: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return word[1:] if word.startswith("'") and word[1:].startswith(_FORMULA_STARTS) else word


def _numbers(column: "pa.Array") -> NDArray[np.float64]:
    if str(column.type) != "double":
        raise ValueError(f"{column.type} where numbers should be")
    return np.where(_valid(column), _values(column, np.float64), np.nan)


def _values(column: "pa.Array", kind: type[np.float64] | type[np.int32]) -> NDArray[Any]:
    """Return the values of an Arrow array from its buffer."""
    if len(column) == 0:
        return np.zeros(0, dtype=kind)
    data = np.frombuffer(column.buffers()[1], dtype=kind)
    return data[column.offset : column.offset + len(column)]


def _valid(column: "pa.Array") -> NDArray[np.bool_]:
    bits = column.buffers()[0]
    if bits is None or column.null_count == 0:
        return np.ones(len(column), dtype=np.bool_)
    flags = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little")
    return flags[column.offset : column.offset + len(column)].astype(np.bool_)
