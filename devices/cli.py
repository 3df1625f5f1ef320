"""Command line of the bridges, each a process of its own: ``python -P -m devices.cli emulated``."""

import argparse
import json
import os
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from devices.emulator import emulated_h10, emulated_shimmer
from devices.emulator.script import Script, write_script
from devices.spec import CODE_PATTERN

EXIT_DONE = 0
EXIT_ERROR = 1
EXIT_STOPPED = 130

DRIVERS = {"emulated": "two emulated people, each with a Polar H10 and a Shimmer3 GSR+"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one bridge until its end, SIGTERM, or the closing of the pipe on standard input.

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
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "list":
        sys.stdout.write("".join(f"{name}: {text}\n" for name, text in DRIVERS.items()))
        return EXIT_DONE
    if options.client == options.therapist:
        parser.error(f"client and therapist have the same code {options.client!r}; give them two")
    try:
        script = write_script(
            options.minutes,
            options.seed,
            client=options.client,
            therapist=options.therapist,
            faults=not options.no_faults,
        )
        return _play(script, options)
    except KeyboardInterrupt:
        return EXIT_STOPPED
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        sys.stderr.write(f"The emulated wearables stopped: {error}\n")
        return EXIT_ERROR


def _play(script: Script, options: argparse.Namespace) -> int:
    """Open the outlets, say so in one line of JSON, play the script."""
    from devices.emulator.waveforms import simulate_waveforms
    from devices.emulator.world import World
    from devices.outlet import configure

    configure(options.lsl_config)
    stop = threading.Event()
    received: list[int] = []
    _stop_on_signals(stop, received)
    _stop_when_input_closes(stop)
    specs = tuple(
        spec
        for person in script.people
        for spec in (*emulated_h10.specs(person.code), emulated_shimmer.spec(person.code))
    )
    # Before the outlets: the import behind this takes seconds, and an outlet that is silent so long alarms its readers.
    waveforms = simulate_waveforms()
    with World(script, specs, speed=options.speed, origin_s=options.origin) as world:
        streams = [{"name": spec.name, "type": spec.type, "source_id": spec.source_id} for spec in specs]
        _announce({"ready": True, "streams": streams, "origin": world.origin_s, "speed": options.speed})
        if not stop.is_set() and options.wait_for_consumers > 0.0:
            world.wait_for_consumers(options.wait_for_consumers, stop)
        if not stop.is_set():
            world.run(waveforms, stop)
    return EXIT_STOPPED if signal.SIGINT in received else EXIT_DONE


def _announce(message: dict[str, object]) -> None:
    """Tell the parent process, which may have gone already."""
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise OSError("nobody reads its standard output. Start it with a pipe or a terminal.") from error


def _stop_on_signals(stop: threading.Event, received: list[int]) -> None:
    """Let SIGTERM and Ctrl-C end the play in order, so that the outlets are withdrawn."""

    def note(number: int, _: object) -> None:
        received.append(number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)


def _stop_when_input_closes(stop: threading.Event) -> None:
    """End with the parent process, even one that was killed: then the pipe on standard input closes.

    Only a pipe is watched: a terminal would stop a background job that reads it, and the null device is
    always at its end.
    """
    try:
        number = sys.stdin.fileno()
        mode = os.fstat(number).st_mode
    except (AttributeError, OSError, ValueError):
        return
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return

    def watch() -> None:
        # Not through sys.stdin: its lock, held by this thread, would abort the interpreter at exit.
        while os.read(number, 1024):
            pass
        stop.set()

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def _parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="devices", description="Bridges from wearables to Lab Streaming Layer."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="list the bridges")
    emulated = commands.add_parser("emulated", help=DRIVERS["emulated"])
    emulated.add_argument("--client", type=_code, default="C07", metavar="CODE", help="code of the client")
    emulated.add_argument(
        "--therapist", type=_code, default="T02", metavar="CODE", help="code of the therapist"
    )
    emulated.add_argument("--minutes", type=_minutes, default=60.0, help="length of the session (default 60)")
    emulated.add_argument("--speed", type=_speed, default=1.0, help="times faster than real time (default 1)")
    emulated.add_argument(
        "--seed", type=_seed, default=1, help="the same seed gives the same session (default 1)"
    )
    emulated.add_argument(
        "--origin",
        type=float,
        metavar="LSL_TIME",
        help="LSL time at which the fast clock begins (default now)",
    )
    emulated.add_argument(
        "--no-faults", action="store_true", help="leave out artefacts, gaps and clock errors"
    )
    emulated.add_argument(
        "--wait-for-consumers",
        type=_wait,
        default=0.0,
        metavar="S",
        help="begin when every stream has a reader, or after S seconds",
    )
    emulated.add_argument("--lsl-config", type=Path, metavar="PATH", help="configuration file of liblsl")
    return parser


def _code(text: str) -> str:
    if not CODE_PATTERN.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} may hold letters, digits, - and _ only, at most 32 of them"
        )
    return text


def _minutes(text: str) -> float:
    return _number(text, 0.1, 24 * 60.0)


def _speed(text: str) -> float:
    return _number(text, 0.1, 200.0)


def _wait(text: str) -> float:
    return _number(text, 0.0, 3600.0)


def _number(text: str, low: float, high: float) -> float:
    """Read a number within limits; text that is none raises ValueError, which argparse reports."""
    number = float(text)
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} is outside {low:g} to {high:g}")
    return number


def _seed(text: str) -> int:
    seed = int(text)
    if seed < 0:
        raise argparse.ArgumentTypeError("a seed is not negative")
    return seed


if __name__ == "__main__":
    sys.exit(main())
