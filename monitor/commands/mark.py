"""`attune mark`: say of a moment of a session that it was too much, tolerable or too little."""

import argparse
import time
from pathlib import Path

from rich.console import Console

from monitor.marking.adding import add_mark
from monitor.marking.moments import parse_time
from monitor.paths import profiles_folder, sessions_folder


def run(options: argparse.Namespace) -> int:
    """Mark a moment.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options: ``session, time, label, by, participant, profiles``.

    Returns
    -------
    int
        0 when the mark is kept, whether or not it moves an edge.

    Raises
    ------
    MonitorError
        If the mark cannot be understood or kept.
    """
    outcome = add_mark(
        _session(options.session),
        parse_time(options.time),
        options.label,
        options.by,
        participant=options.participant,
        profiles=profiles_folder(options.profiles),
        now_utc_s=time.time(),
    )
    Console().print(outcome.text, highlight=False, markup=False, soft_wrap=True)
    return 0


def _session(given: str) -> Path:
    """Return the folder meant: a path, the recording inside, or a name in the user's sessions."""
    path = Path(given).expanduser()
    if path.is_file():
        return path.parent
    if not path.exists() and path.name == given:
        named = sessions_folder(None) / given
        if named.is_dir():
            return named
    return path
