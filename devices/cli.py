"""Command line of the bridges, a process of its own: ``attune bridge``, or ``python -P -m devices.cli``."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from devices import cli_options, registry
from devices.cli_errors import paragraphs

EXIT_DONE = 0
EXIT_ERROR = 1
EXIT_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command until its end, a signal, or the closing of the pipe on standard input.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line without the program's name; that of the process when not given.

    Returns
    -------
    int
        0 done, 1 an error told on standard error, 130 stopped by the user. Wrong usage ends the process
        with 2.
    """
    line = list(sys.argv[1:] if arguments is None else arguments)
    command = next((word for word in line if not word.startswith("-")), None)
    debug = "--debug" in line
    with _plain_warnings():
        try:
            parser = cli_options.parser(command)
            options = parser.parse_args(line)
            return _COMMANDS.get(options.command, _bridge)(options, parser)
        except KeyboardInterrupt:
            return EXIT_STOPPED
        except BrokenPipeError:
            # Whoever read us has gone; what Python still holds back would raise again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return EXIT_ERROR
        except Exception as error:
            if debug:
                raise
            for text in paragraphs(error, command or ""):
                sys.stderr.write(f"attune bridge: {text}\n")
            return EXIT_ERROR


def _list(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Name the kinds, and the emulated people."""
    del options, parser
    lines = registry.summaries() | {"emulated": cli_options.COMMANDS["emulated"]}
    width = max(map(len, lines))
    sys.stdout.write("".join(f"{name:<{width}}  {text}\n" for name, text in lines.items()))
    return EXIT_DONE


def _scan(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    del parser
    from devices.cli_bridge import run_scan

    return EXIT_DONE if run_scan(options) else EXIT_ERROR


def _check(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    del parser
    from devices.cli_bridge import run_check

    return EXIT_DONE if run_check(options) else EXIT_ERROR


def _run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    del parser
    from devices.cli_bridge import run_orders
    from devices.device_file import read_device_file

    return EXIT_STOPPED if run_orders(read_device_file(options.file), options) else EXIT_DONE


def _bridge(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Bridge devices of one kind."""
    from devices.cli_bridge import run_orders
    from devices.orders import OrderError, orders_from_options

    try:
        orders = orders_from_options(registry.kind(options.command), options)
    except OrderError as error:
        parser.error(str(error))
    return EXIT_STOPPED if run_orders(orders, options) else EXIT_DONE


def _emulated(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    if options.client == options.therapist:
        parser.error(f"client and therapist have the same code {options.client!r}; give them two")
    from devices.cli_emulated import run_emulated

    try:
        return EXIT_STOPPED if run_emulated(options) else EXIT_DONE
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        if options.debug:
            raise
        sys.stderr.write(f"The emulated wearables stopped: {error}\n")
        return EXIT_ERROR


_COMMANDS: dict[str, Callable[[argparse.Namespace, argparse.ArgumentParser], int]] = {
    "list": _list,
    "scan": _scan,
    "check": _check,
    "run": _run,
    "emulated": _emulated,
}


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Write what is to be told of kinds of other distributions as sentences, each once."""
    told: set[str] = set()
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, registry.KindWarning):
                usual(message, category, filename, lineno, file, line)
            elif str(message) not in told:
                told.add(str(message))
                sys.stderr.write(f"attune bridge: {message}\n")

        warnings.showwarning = show
        warnings.simplefilter("always", registry.KindWarning)
        yield


if __name__ == "__main__":
    sys.exit(main())
