"""The bytes of a table depend on the sequence of the results alone."""

import itertools
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.results import NAN, BeatClass, BeatRow, MarkerRow, Reason, Result, Revocation, Status
from monitor.tables.writer import TableFormat, TableWriter

PARTICIPANTS = ("C07", "T02")
MARKERS = ("scl_us", "scr_per_min", "hr_bpm")


@st.composite
def result_lists(draw: st.DrawFn) -> list[Result]:
    results: list[Result] = []
    for second in range(draw(st.integers(0, 40))):
        for participant in PARTICIPANTS:
            for name in MARKERS:
                value = draw(st.sampled_from((1.0, 2.5, NAN)))
                status = Status.OK if value == value else Status.NA
                row = (
                    participant,
                    name,
                    second - 5.0,
                    second + 1.0,
                    value,
                    0.1,
                    "uS",
                    status,
                    Reason.NONE,
                    10.0,
                    1.0,
                )
                results.append(MarkerRow(*row))
        if draw(st.booleans()):
            results.append(BeatRow("C07", "ecg", second + 0.5, 800.0, True, BeatClass.NORMAL))
        if draw(st.integers(0, 4)) == 0:
            start = second - draw(st.integers(0, 14))
            who = draw(st.sampled_from(PARTICIPANTS))
            results.append(Revocation(who, MARKERS[:2], start, start + draw(st.integers(0, 9)), Reason.NOISE))
    return results


def written(pieces: list[list[Result]], file_format: TableFormat) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writer = TableWriter(folder, file_format=file_format, participants={"C07": "client"})
        for piece in pieces:
            writer.push(piece)
        writer.close()
        return {path.name: path.read_bytes() for path in folder.iterdir()}


@settings(max_examples=15)
@given(results=result_lists(), data=st.data(), file_format=st.sampled_from(("parquet", "csv")))
def test_tables_do_not_depend_on_how_results_were_cut(
    results: list[Result], data: st.DataObject, file_format: TableFormat
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(results)), max_size=12)))
    edges = [0, *cuts, len(results)]
    pieces = [results[start:stop] for start, stop in itertools.pairwise(edges)]
    whole = written([results], file_format)
    assert written(pieces, file_format) == whole
    assert written([[result] for result in results], file_format) == whole
