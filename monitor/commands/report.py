"""`attune report`: the page about one session, from its tables."""

import argparse
from pathlib import Path

from rich.console import Console

from monitor.report.write import write_report


def run(options: argparse.Namespace) -> int:
    """Write the report of a session.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options: ``session, out, with_text``.

    Returns
    -------
    int
        0 when it was written.

    Raises
    ------
    MonitorError
        If there are no tables, or the file cannot be written.
    """
    out = Path(options.out).expanduser() if options.out else None
    path, told = write_report(Path(options.session).expanduser(), out, with_text=options.with_text)
    console = Console(stderr=True)
    for line in told:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if options.with_text:
        text = "It holds free text from notes.toml, because you asked for it."
        console.print(text, highlight=False, markup=False, soft_wrap=True)
    console.print(f"Written: {path}", highlight=False, markup=False, soft_wrap=True)
    return 0
