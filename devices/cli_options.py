"""What can be typed: the parsers of the commands, and what is refused before anything is opened."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from devices import registry
from devices.spec import CODE_PATTERN

if TYPE_CHECKING:
    from devices.driver import Kind

COMMANDS = {
    "scan": "list the devices in reach, with the line to type for each",
    "list": "list the kinds of devices",
    "run": "several devices of several kinds, from a file",
    "emulated": "two emulated people, each with a Polar H10 and a Shimmer3 GSR+",
    "check": "tell whether this computer can reach devices",
}
"""The commands beside the kinds of devices."""


class _Page(argparse.HelpFormatter):
    """Keeps a command and its description on one line: argparse reckons without the indent of commands."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        for command in self._iter_indented_subactions(action):
            length = len(self._format_action_invocation(command)) + self._current_indent + 2
            self._action_max_length = max(self._action_max_length, length)


class _Parser(argparse.ArgumentParser):
    """Names the help page at each error."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\nTry `{self.prog} --help`.\n")


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """Describe the command line.

    Parameters
    ----------
    command : str, optional
        The command to be run: of the kinds of devices only this one is imported for its options.

    Returns
    -------
    argparse.ArgumentParser
        Parses a whole command line.

    Raises
    ------
    DeviceError
        If `command` is a kind of another distribution that cannot be used.
    """
    top = _Parser(
        prog="attune bridge",
        description="Bridges from wearables to Lab Streaming Layer.",
        formatter_class=_Page,
        epilog="Begin with `attune bridge scan`. Ctrl+C stops the devices and ends.",
    )
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    summaries = registry.summaries()
    for name, summary in summaries.items():
        page = commands.add_parser(name, help=_escaped(summary), description=_escaped(summary))
        if name == command:
            _kind_options(page, registry.kind(name))
    for name, summary in COMMANDS.items():
        if name not in summaries:
            page = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
            if name in _OPTIONS:
                _OPTIONS[name](page)
    return top


def _escaped(text: str) -> str:
    """Keep argparse from reading a percent sign of a summary."""
    return text.replace("%", "%%")


def _kind_options(page: argparse.ArgumentParser, kind: "Kind") -> None:
    """Add what every kind takes, then its own."""
    from devices.driver import Link

    ble = kind.link is Link.BLE
    metavar = "ADDRESS" if ble else "PORT"
    # Addresses first, as they must be typed: what follows --participant is read as codes.
    page.usage = f"%(prog)s [{metavar} ...] [--participant CODE ...] [options]"
    page.add_argument(
        "addresses",
        nargs="*",
        metavar=metavar,
        help=(
            "Bluetooth address, or a part of the name such as its serial number; without it the one in reach"
            if ble
            else "serial port, such as COM5, /dev/rfcomm0 or /dev/tty.Shimmer3-1A2B; without it the one in reach"
        ),
    )
    page.add_argument(
        "--participant",
        dest="participants",
        nargs="+",
        action="extend",
        default=[],
        type=code,
        metavar="CODE",
        help="who wears it, one code per device in the same order; becomes part of the stream names",
    )
    kind.add_options(page)
    _bridge_options(page, ble=ble)


def _bridge_options(page: argparse.ArgumentParser, *, ble: bool) -> None:
    """Add what every command takes that opens streams of real devices."""
    page.add_argument(
        "--json", action="store_true", help="each change of state as a line of JSON, for programs"
    )
    page.add_argument("--seconds", type=_seconds, metavar="S", help="stop by itself after S seconds")
    if ble:
        page.add_argument(
            "--hci",
            metavar="TRANSPORT",
            help=(
                "a Bluetooth controller of its own instead of the system's, such as usb:0 or "
                "tcp-client:127.0.0.1:9000; needs `pip install 'attune-monitor[emulator]'`"
            ),
        )
    _network_options(page)


def _network_options(page: argparse.ArgumentParser) -> None:
    """Add who may find the streams."""
    scope = page.add_mutually_exclusive_group()
    scope.add_argument(
        "--lab", action="store_true", help="let other computers find the streams (opens the network)"
    )
    scope.add_argument("--lsl-config", type=Path, metavar="PATH", help="configuration file of liblsl")


def _scan_options(page: argparse.ArgumentParser) -> None:
    page.add_argument(
        "--seconds", type=_scan_seconds, default=5.0, metavar="S", help="how long to listen (default 5)"
    )
    page.add_argument("--all", action="store_true", help="also what is no device attune knows")
    page.add_argument("--json", action="store_true", help="as JSON, for programs")
    page.add_argument("--hci", metavar="TRANSPORT", help="a Bluetooth controller of its own, such as usb:0")


def _run_options(page: argparse.ArgumentParser) -> None:
    page.add_argument("file", type=Path, metavar="FILE.toml", help="what to bridge: one [[device]] for each")
    _bridge_options(page, ble=True)


def _emulated_options(page: argparse.ArgumentParser) -> None:
    page.add_argument("--client", type=code, default="C07", metavar="CODE", help="code of the client")
    page.add_argument("--therapist", type=code, default="T02", metavar="CODE", help="code of the therapist")
    page.add_argument(
        "--minutes", type=_minutes, default=60.0, metavar="M", help="length of the session (default 60)"
    )
    page.add_argument(
        "--speed", type=_speed, default=1.0, metavar="X", help="times faster than real time (default 1)"
    )
    page.add_argument(
        "--seed", type=_seed, default=1, metavar="N", help="the same seed gives the same session (default 1)"
    )
    page.add_argument(
        "--origin",
        type=_finite,
        metavar="LSL_TIME",
        help="LSL time at which the fast clock begins (default now)",
    )
    page.add_argument("--no-faults", action="store_true", help="leave out artefacts, gaps and clock errors")
    page.add_argument(
        "--hardware",
        action="store_true",
        help="through virtual devices, their protocols and their drivers, instead of straight to the network",
    )
    page.add_argument(
        "--wait-for-consumers",
        type=_wait,
        default=0.0,
        metavar="S",
        help="begin when every stream has a reader, or after S seconds; virtual hardware begins at once",
    )
    _network_options(page)


def _check_options(page: argparse.ArgumentParser) -> None:
    page.add_argument("--json", action="store_true", help="as JSON, for programs")


_OPTIONS = {
    "scan": _scan_options,
    "run": _run_options,
    "emulated": _emulated_options,
    "check": _check_options,
}


def code(text: str) -> str:
    """Read a participant's code.

    Parameters
    ----------
    text : str
        What was typed.

    Returns
    -------
    str
        The code.

    Raises
    ------
    argparse.ArgumentTypeError
        If it holds anything that is not allowed in a stream's name.
    """
    if not CODE_PATTERN.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} may hold letters, digits, - and _ only, at most 32 of them"
        )
    return text


def _seconds(text: str) -> float:
    return _number(text, 0.1, 7 * 86400.0)


def _scan_seconds(text: str) -> float:
    return _number(text, 0.1, 120.0)


def _minutes(text: str) -> float:
    return _number(text, 0.1, 24 * 60.0)


def _speed(text: str) -> float:
    return _number(text, 0.1, 200.0)


def _wait(text: str) -> float:
    return _number(text, 0.0, 3600.0)


def _finite(text: str) -> float:
    return _number(text, -1e12, 1e12)


def _number(text: str, low: float, high: float) -> float:
    """Read a number within limits."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} is outside {low:g} to {high:g}")
    return number


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)
