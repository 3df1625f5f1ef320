"""`attune analyze`: recordings to tables, as fast as it goes."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.errors import MonitorError, SettingsError
from monitor.offline import Offline, RunOptions
from monitor.outcome import warning_lines
from monitor.paths import recording_in, session_name
from monitor.report.write import report_lines


def run(options: argparse.Namespace) -> int:
    """Analyse recordings.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options.

    Returns
    -------
    int
        0 when every table was written; 1 when one of several recordings could not be analysed.

    Raises
    ------
    MonitorError
        If the only recording cannot be analysed.
    """
    console = Console(stderr=True)
    chosen = RunOptions.from_namespace(options)
    out = Path(options.out).expanduser()
    recordings = [recording_in(Path(path)) for path in options.paths]
    folders = _folders(out, recordings)
    n_failed = 0
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as progress:
        for recording, folder in zip(recordings, folders, strict=True):
            task = progress.add_task(f"analyze {recording.name}", total=None)
            job = Offline(recording, chosen)
            try:
                _tell(console, folder, job.analyze(folder))
                if not options.no_report:
                    _report(console, folder)
            except MonitorError as error:
                if len(recordings) == 1:
                    raise
                n_failed += 1
                console.print(f"attune: {error}", highlight=False, markup=False, soft_wrap=True)
            progress.remove_task(task)
    return 1 if n_failed else 0


def _report(console: Console, folder: Path) -> None:
    """Write the page about the session; the tables are there whatever becomes of it."""
    for line in report_lines(folder):
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def _folders(out: Path, recordings: list[Path]) -> list[Path]:
    """One folder for one recording, a folder inside for each of several."""
    if len(recordings) == 1:
        return [out]
    names = [session_name(path) for path in recordings]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SettingsError(
            f"Two recordings would write to the folder {twice[0]}. Analyse them one at a time, each with its own --out."
        )
    return [out / name for name in names]


def _tell(console: Console, folder: Path, summary: dict[str, object]) -> None:
    totals = summary["totals"]
    rows = totals["rows"] if isinstance(totals, dict) else {}
    counts = f"{rows['markers']} marker rows, {rows['beats']} beats, {rows['scr']} responses"
    if rows["synchrony"]:
        counts += f", {rows['synchrony']} synchrony rows"
    console.print(f"{folder}: {counts}", markup=False, soft_wrap=True)
    for line in warning_lines(summary):
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
