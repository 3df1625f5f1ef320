"""`attune history`: the sessions of one person over time, in the terminal, as CSV and as a figure."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from monitor.errors import RecordingError
from monitor.history.reading import History, read_history
from monitor.history.text import HEADINGS, LEGEND, csv_text, lines_of, table_rows
from monitor.paths import profiles_folder, sessions_folder
from monitor.profiles import ProfileStore
from monitor.room import check_code
from monitor.session.files import write_atomic
from monitor.views.words import FOOTER

_LEAST_COLUMNS = 120


def run(options: argparse.Namespace) -> int:
    """Show the history of one person.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options: ``code, folder, profiles, out, format``.

    Returns
    -------
    int
        0 when it was shown and written.

    Raises
    ------
    MonitorError
        If there is no session of the person, or the files cannot be written.
    """
    code = check_code(options.code)
    folder = sessions_folder(options.folder)
    profile = ProfileStore(profiles_folder(options.profiles)).load(code)
    history = read_history(code, folder, profile)
    out = Path(options.out).expanduser() if options.out else folder
    console = Console()
    if not console.is_terminal:
        # A file or a pipe has no width of its own, and cells broken at 80 columns cannot be read.
        console = Console(width=_LEAST_COLUMNS)
    written = [_write_csv(history, out)] if options.format == "csv" else _show(console, history)
    written += _draw(history, out)
    for path in written:
        console.print(f"Written: {path}", highlight=False, markup=False, soft_wrap=True)
    return 0


def _show(console: Console, history: History) -> list[Path]:
    table = Table(title=f"Sessions of {history.code}", title_justify="left", title_style="bold")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for row in table_rows(history):
        table.add_row(*row)
    console.print(table, markup=False)
    for line in (*lines_of(history), LEGEND, FOOTER):
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    return []


def _write_csv(history: History, out: Path) -> Path:
    path = out / f"history-{history.code}.csv"
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(path, csv_text(history).encode())
    except OSError as error:
        raise RecordingError(
            f"'{path}' cannot be written ({error.strerror or error}). Choose another folder with --out."
        ) from error
    return path


def _draw(history: History, out: Path) -> list[Path]:
    # matplotlib takes most of a second to import.
    from monitor.figures.history import draw_history

    return draw_history(out / f"history-{history.code}", history)
