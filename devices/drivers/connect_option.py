"""The option all Bluetooth straps have: how long connecting may take."""

import argparse

from devices.ble import CONNECT_TIMEOUT_S

SHORTEST_S, LONGEST_S = 1.0, 45.0
"""A bridge gives an attempt up after a minute, searching and asking included."""


def add_connect_timeout(parser: argparse.ArgumentParser) -> None:
    """Add ``--connect-timeout``.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command of a kind.
    """
    parser.add_argument(
        "--connect-timeout",
        type=_seconds,
        default=CONNECT_TIMEOUT_S,
        metavar="S",
        help=f"seconds one attempt to connect may take, {SHORTEST_S:g} to {LONGEST_S:g} (default: %(default)g)",
    )


def _seconds(text: str) -> float:
    """Read seconds within the bounds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = float("nan")
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of seconds between {SHORTEST_S:g} and {LONGEST_S:g}"
        )
    return seconds
