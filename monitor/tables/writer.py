"""The results of a session as tables, row by row, in bounded memory."""

import json
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from monitor.core.results import (
    NAN,
    REVOCABLE_S,
    BeatRow,
    MarkerRow,
    Result,
    Revocation,
    ScrRow,
    Status,
    SynchronyRow,
    ZoneRow,
)
from monitor.tables.files import TableFile, TableFormat
from monitor.tables.schemas import SCHEMAS
from monitor.versions import versions

HOLD_S: Final = REVOCABLE_S
"""Event time for which a marker row may still be revoked; then it is written."""

ROWS_PER_GROUP: Final = 32768
_ROWS_PER_BATCH: Final = 1024
"""Rows brought into columns at a time; a whole number of them makes a group."""

_SLACK_S: Final = 1e-6


class Validity(NamedTuple):
    """How many grid seconds of one marker of one participant were OK, LOW and NA."""

    n_ok: int
    n_low: int
    n_na: int


class TableWriter:
    """Writes markers, beats, skin conductance responses, zones and synchrony.

    The bytes depend on the sequence of the results alone, not on how it was cut into calls or when it was
    written.

    Parameters
    ----------
    folder : Path
        Where the tables go; it must exist.
    file_format : {"parquet", "csv"}, default "parquet"
        Kind of file.
    participants : mapping of str to str or None, default None
        Code to role, kept in the metadata of the files.
    """

    def __init__(
        self,
        folder: Path,
        *,
        file_format: TableFormat = "parquet",
        participants: Mapping[str, str] | None = None,
    ) -> None:
        metadata = {
            "attune.versions": json.dumps(versions(), sort_keys=True),
            "attune.participants": json.dumps(dict(participants or {}), sort_keys=True),
        }
        self._files = {
            name: TableFile(folder / name, columns, file_format, metadata | {"attune.table": name})
            for name, columns in SCHEMAS.items()
        }
        self._rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in SCHEMAS}
        self._held: deque[tuple[float, list[MarkerRow]]] = deque()
        self._held_until_s = -float("inf")
        self._loose_beats: list[BeatRow] = []
        self._loose_scrs: list[ScrRow] = []
        self._counts: Counter[tuple[str, str, Status]] = Counter()
        self._closed = False

    @property
    def validity(self) -> dict[tuple[str, str], Validity]:
        """Grid seconds OK, LOW and NA per participant and marker, of the rows written so far."""
        keys = sorted({key[:2] for key in self._counts})
        counts = self._counts
        return {
            (who, what): Validity(*(counts[who, what, status] for status in Status)) for who, what in keys
        }

    def push(self, results: Iterable[Result]) -> None:
        """Take the next results.

        Parameters
        ----------
        results : iterable of Result
            In the order in which the pipeline gave them; notices are not for tables.
        """
        held, held_until_s = self._held, self._held_until_s
        for row in results:
            if isinstance(row, MarkerRow):
                if row.t_emit_s != held_until_s:
                    held_until_s = self._advance(row.t_emit_s)
                held[-1][1].append(row)
            elif isinstance(row, BeatRow):
                self._loose_beats.append(row)
            elif isinstance(row, ScrRow):
                self._loose_scrs.append(row)
            elif isinstance(row, ZoneRow):
                self._rows["zones"].append(row)
            elif isinstance(row, SynchronyRow):
                self._rows["synchrony"].append(row)
            elif isinstance(row, Revocation):
                self._revoke(row)
        self._flush(_ROWS_PER_BATCH)

    def close(self) -> dict[str, int]:
        """Write what waits and finish the files.

        Returns
        -------
        dict of str to int
            Table to its number of rows.
        """
        if not self._closed:
            self._closed = True
            self._settle()
            self._release(float("inf"))
            self._flush(1)
            for file in self._files.values():
                file.close()
        return {name: file.n_rows for name, file in self._files.items()}

    def discard(self) -> None:
        """Give the unfinished tables up and leave earlier ones as they are; harmless after `close`."""
        if not self._closed:
            self._closed = True
            for file in self._files.values():
                file.discard()

    def _advance(self, emitted_s: float) -> float:
        """Open the group of rows emitted at this moment and release those that can no longer be revoked."""
        self._settle()
        self._held_until_s = emitted_s
        self._held.append((emitted_s, []))
        self._release(emitted_s)
        return emitted_s

    def _settle(self) -> None:
        """Bring beats and responses since windows last closed into an order of their own.

        A live run hands them out at every tick, an analysis when windows close: the rows are the same, the
        order in which two people's rows meet is not.
        """
        self._loose_beats.sort(key=lambda row: (row.participant, row.source, row.t_s))
        self._loose_scrs.sort(key=lambda row: (row.participant, row.t_onset_s))
        self._rows["beats"].extend(self._loose_beats)
        self._rows["scr"].extend(self._loose_scrs)
        self._loose_beats, self._loose_scrs = [], []

    def _release(self, now_s: float) -> None:
        held, ready = self._held, self._rows["markers"]
        while held and now_s - held[0][0] > HOLD_S + _SLACK_S:
            ready.extend(held.popleft()[1])

    def _revoke(self, revocation: Revocation) -> None:
        """Turn the held rows it names into missing values."""
        earliest_s, latest_s = revocation.start_s - _SLACK_S, revocation.stop_s + _SLACK_S
        markers = frozenset(revocation.markers)
        for _, rows in self._held:
            for index, row in enumerate(rows):
                if (
                    row.participant == revocation.participant
                    and row.marker in markers
                    and earliest_s <= row.t_centre_s + 0.5 * row.window_s <= latest_s
                ):
                    rows[index] = row._replace(value=NAN, se=NAN, status=Status.NA, reason=revocation.reason)

    def _flush(self, at_least: int) -> None:
        """Write whole batches, or at the end whatever there is."""
        for name, rows in self._rows.items():
            file = self._files[name]
            while len(rows) >= at_least and rows:
                batch, self._rows[name] = rows[:_ROWS_PER_BATCH], rows[_ROWS_PER_BATCH:]
                rows = self._rows[name]
                if name == "markers":
                    self._count(batch)
                file.append(batch)
                if file.n_rows % ROWS_PER_GROUP == 0:
                    file.end_group()

    def _count(self, rows: Iterable[tuple[object, ...]]) -> None:
        self._counts.update(zip(*([row[i] for row in rows] for i in (0, 1, 7)), strict=True))
