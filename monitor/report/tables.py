"""The tables of a session, Parquet or CSV, as arrays of each person."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.tables.columns import Batch, TableColumns

_Floats = NDArray[np.float64]

DRAWN: Final = ("arousal", "hr_bpm", "ln_rmssd", "scl_us")
"""Markers that are drawn over time."""

OK, LOW, NA = 0, 1, 2
_STATUSES = ("OK", "LOW", "NA")
_KEY = ("participant", "marker", "status", "reason")


class Course(NamedTuple):
    """One marker of one person over a session, second by second.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        Centre of each window in session seconds, rising.
    value : ndarray of float64, shape (n,)
        NaN where not available.
    status : ndarray of int64, shape (n,)
        0 OK, 1 LOW, 2 not available.
    reasons : tuple of str
        The reasons there are.
    reason : ndarray of int64, shape (n,)
        Which of them; -1 for none.
    """

    t_s: _Floats
    value: _Floats
    status: NDArray[np.int64]
    reasons: tuple[str, ...]
    reason: NDArray[np.int64]


class Similarity(NamedTuple):
    """Similarity of two people in one signal over a session, segment by segment.

    Parameters
    ----------
    t_s : ndarray of float64, shape (n,)
        End of the newest segment in session seconds.
    z, low, high : ndarray of float64, shape (n,)
        The statistic and its chance band; NaN where not available.
    status : ndarray of int64, shape (n,)
        0 OK, 1 LOW, 2 not available.
    reasons : tuple of str
        The reasons there are.
    reason : ndarray of int64, shape (n,)
        Which of them; -1 for none.
    """

    t_s: _Floats
    z: _Floats
    low: _Floats
    high: _Floats
    status: NDArray[np.int64]
    reasons: tuple[str, ...]
    reason: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables as far as a page needs them.

    Parameters
    ----------
    seconds : Mapping
        Seconds by (participant, marker, status, reason).
    courses : Mapping
        Markers over time by (participant, marker), for those of `DRAWN`.
    stretches : Mapping of str to tuple
        Stretches of zones by participant: zone, start and stop in session seconds.
    similarity : Mapping
        By (first, second, signal).
    absent : frozenset of str
        Tables that are missing or cannot be read.
    """

    seconds: Mapping[tuple[str, str, str, str], int] = field(default_factory=dict)
    courses: Mapping[tuple[str, str], Course] = field(default_factory=dict)
    stretches: Mapping[str, tuple[tuple[str, float, float], ...]] = field(default_factory=dict)
    similarity: Mapping[tuple[str, str, str], Similarity] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


def read_tables(folder: Path, rows: Mapping[str, int], told: list[str]) -> Tables:
    """Read the tables of a folder.

    Parameters
    ----------
    folder : Path
        Where they are.
    rows : Mapping of str to int
        Rows each table should have, as the summary says.
    told : list of str
        What is missing or cannot be used is added here.

    Returns
    -------
    Tables
        What is there.
    """
    found = {name: _read(folder, name, reader, rows, told) for name, reader in _READERS.items()}
    seconds, courses = found["markers"] or ({}, {})
    return Tables(
        seconds=seconds,
        courses=courses,
        stretches=found["zones"] or {},
        similarity=found["synchrony"] or {},
        absent=frozenset(name for name, table in found.items() if table is None),
    )


def _read(
    folder: Path,
    name: str,
    reader: Callable[[Path], tuple[Any, int]],
    rows: Mapping[str, int],
    told: list[str],
) -> Any:  # noqa: ANN401 - each table has a form of its own
    """Read a table; of a Parquet and a CSV file the one the summary speaks of."""
    import pyarrow as pa

    paths = [path for kind in ("parquet", "csv") if (path := folder / f"{name}.{kind}").is_file()]
    problem = "" if paths else f"The table {name} is missing, and with it what is drawn from it."
    for path in paths:
        try:
            table, n_rows = reader(path)
        except (OSError, pa.ArrowException, KeyError, ValueError) as error:
            problem = (
                f"The table {path.name} cannot be read ({type(error).__name__}); restore it from a copy."
            )
            continue
        if rows.get(name, n_rows) == n_rows:
            return table
        problem = (
            f"The table {path.name} has {n_rows} rows, the summary speaks of {rows[name]}: they are of "
            "different analyses, and it is left out. Analyse the recording again."
        )
    told.append(problem)
    return None


def _groups(file: TableColumns, batch: Batch, *columns: str) -> dict[tuple[str, ...], NDArray[np.int64]]:
    """Return the rows of each combination of words, each in the order of the table."""
    if batch[columns[0]].size == 0:
        return {}
    words = [file.words(column) for column in columns]
    sizes = [len(known) for known in words]
    flat = np.ravel_multi_index([batch[column] for column in columns], sizes)
    order = np.argsort(flat, kind="stable")
    starts = np.flatnonzero(np.diff(flat[order], prepend=-1))
    found = {}
    for rows in np.split(order, starts[1:]):
        places = np.unravel_index(flat[rows[0]], sizes)
        found[tuple(known[place] for known, place in zip(words, places, strict=True))] = rows
    return found


def _statuses(file: TableColumns, batch: Batch) -> NDArray[np.int64]:
    """Return 0, 1 or 2 for each row; what is no status is not available."""
    known = [_STATUSES.index(word) if word in _STATUSES else NA for word in file.words("status")]
    return np.array([*known, NA], dtype=np.int64)[batch["status"]]


def _reasons(file: TableColumns, batch: Batch) -> NDArray[np.int64]:
    """Return the place of each row's reason; -1 for none."""
    places = [place if word else -1 for place, word in enumerate(file.words("reason"))]
    return np.array([*places, -1], dtype=np.int64)[batch["reason"]]


def _read_markers(path: Path) -> tuple[Any, int]:
    file = TableColumns(path, (*_KEY, "t_centre_s", "value"))
    seconds: Counter[tuple[str, ...]] = Counter()

    def keep(batch: Batch) -> Batch:
        seconds.update({key: rows.size for key, rows in _groups(file, batch, *_KEY).items()})
        drawn = np.array([word in DRAWN for word in file.words("marker")], dtype=np.bool_)
        kept = drawn[batch["marker"]] if drawn.size else np.zeros(0, dtype=np.bool_)
        return {name: values[kept] for name, values in batch.items()}

    batch = file.gathered(keep)
    status, reasons, reason = _statuses(file, batch), tuple(file.words("reason")), _reasons(file, batch)
    courses: dict[tuple[str, ...], Course] = {}
    for key, found in _groups(file, batch, "participant", "marker").items():
        rows = found[np.argsort(batch["t_centre_s"][found], kind="stable")]
        value = batch["value"][rows]
        known = np.where((status[rows] < NA) & np.isfinite(value), value, np.nan)
        states = np.where(np.isfinite(known), status[rows], NA)
        courses[key] = Course(batch["t_centre_s"][rows], known, states, reasons, reason[rows])
    return (dict(seconds), courses), file.n_rows


def _read_zones(path: Path) -> tuple[Any, int]:
    file = TableColumns(path, ("participant", "zone", "t_start_s", "t_end_s"))
    batch = file.gathered()
    words, starts, stops = file.words("zone"), batch["t_start_s"], batch["t_end_s"]
    stretches = {
        key[0]: tuple(
            (words[batch["zone"][row]], float(starts[row]), float(stops[row]))
            for row in rows[np.argsort(starts[rows], kind="stable")]
        )
        for key, rows in _groups(file, batch, "participant").items()
    }
    return stretches, file.n_rows


def _read_synchrony(path: Path) -> tuple[Any, int]:
    numbers = ("t_s", "z_session", "chance_lo", "chance_hi")
    file = TableColumns(path, ("first", "second", "signal", *numbers, "status", "reason"))
    batch = file.gathered()
    status, reasons, reason = _statuses(file, batch), tuple(file.words("reason")), _reasons(file, batch)
    similarity: dict[tuple[str, ...], Similarity] = {}
    for key, found in _groups(file, batch, "first", "second", "signal").items():
        rows = found[np.argsort(batch["t_s"][found], kind="stable")]
        t_s, z, low, high = (batch[name][rows] for name in numbers)
        similarity[key] = Similarity(t_s, z, low, high, status[rows], reasons, reason[rows])
    return similarity, file.n_rows


_READERS: Final = MappingProxyType(
    {"markers": _read_markers, "zones": _read_zones, "synchrony": _read_synchrony}
)
