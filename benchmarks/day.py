"""A simulated day through pipeline, tables and board: memory must stay, and time per hour too."""

import tempfile
import time
from functools import partial
from pathlib import Path

import psutil

from benchmarks.dyad import Streams, dyad, events_of
from benchmarks.table import Figure
from calibration.personal import Calibration
from monitor.board.board import Board
from monitor.core.pipeline import Pipeline
from monitor.spans import references_from
from monitor.tables.writer import TableWriter
from monitor.warm import warm_up

HOURS = 24


def _calibrations(streams: Streams) -> dict[str, Calibration]:
    """Everybody against the first quarter of their first hour, so that zones are decided all day."""
    spans = {"C07": (60.0, 960.0), "T02": (60.0, 960.0)}
    found = references_from(lambda: events_of(streams, 1000.0), spans, lateness_s=3.0)
    return {code: Calibration(participant=code, reference=one) for code, one in found.items()}


def _of_day(calibration: Calibration, _utc_s: float) -> Calibration:
    return calibration


def run() -> list[Figure]:
    """Measure."""
    streams = dyad(60, with_rr=True)
    warm_up()
    process = psutil.Process()
    sizes, times = [], []
    with tempfile.TemporaryDirectory() as folder:
        known = _calibrations(streams)
        pipeline = Pipeline(eager=True, calibrations={code: partial(_of_day, c) for code, c in known.items()})
        board, tables = Board(), TableWriter(Path(folder))
        for hour in range(HOURS):
            start = time.process_time()
            for event in events_of(streams, 3600.0, offset_s=3600.0 * hour, open_streams=hour == 0):
                results = pipeline.push(event)
                tables.push(results)
                board.note_results(results)
                board.note_event(event)
            times.append(time.process_time() - start)
            sizes.append(process.memory_info().rss / 1e6)
        tables.push(pipeline.finish())
        tables.close()
    # The board keeps an hour of history, so the first hour fills it and the second is the base.
    growth = sizes[-1] - sizes[1]
    return [
        Figure(
            "24 h of a dyad: memory after hour 24 minus hour 2",
            f"{growth:+.1f} MB of {sizes[-1]:.0f}",
            "<= 10 MB",
        ),
        Figure(
            "time per hour, last three against hours 2 to 4",
            f"{sum(times[-3:]) / sum(times[1:4]):.2f}",
            "constant",
        ),
    ]
