"""Command line: name guard, options, exit codes. Everything heavy is imported by the command that runs."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from monitor import __distribution__, __version__
from monitor.errors import MonitorError
from monitor.option_groups import export_options, role_options, session_options, table_options

_PACKAGES = ("monitor", "devices", "calibration")
_PROFILES = "where profiles are kept (default: your data folder)"


def taken_names() -> list[str]:
    """Find our import names that another distribution has overwritten.

    Returns
    -------
    list of str
        One line for each name that is not ours, with the file found instead.
    """
    lines = []
    for name in _PACKAGES:
        package = importlib.import_module(name)
        if getattr(package, "__distribution__", None) != __distribution__:
            lines.append(f"{name} ({getattr(package, '__file__', None) or 'no file'})")
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attune",
        description=(
            "Real-time monitor of physiological safety markers for psychotherapy. "
            "Research use; describes bodily arousal relative to each person's own reference."
        ),
    )
    parser.add_argument("--version", action="version", version=f"attune {__version__}")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    demo = commands.add_parser(
        "demo", help="two emulated people through the real path, with a recording at the end"
    )
    demo.add_argument(
        "--minutes", type=float, default=10.0, metavar="M", help="length of the script (default 10)"
    )
    demo.add_argument("--speed", type=float, default=1.0, metavar="X", help="times real time (default 1)")
    demo.add_argument("--seed", type=int, default=1, help="another seed is another two people (default 1)")
    demo.add_argument(
        "--no-faults", action="store_true", help="without lost frame, contact loss and movement"
    )
    demo.add_argument(
        "--hardware",
        action="store_true",
        help="with virtual Polar H10s and Shimmers behind the real drivers (needs attune-monitor[emulator])",
    )
    session_options(demo)

    live = commands.add_parser("live", help="find streams, assign roles, show and record")
    live.add_argument(
        "room", nargs="?", metavar="ROOM.toml", help="who wears what; without it the set-up asks"
    )
    live.add_argument("--lab", action="store_true", help="see streams of other computers (opens the network)")
    live.add_argument(
        "--wait",
        type=float,
        default=10.0,
        metavar="S",
        help="seconds to look for streams where there is no set-up (default 10)",
    )
    live.add_argument("--start", action="store_true", help="begin at once, without the set-up")
    live.add_argument(
        "--new", action="store_true", help="record a session of its own though one is being recorded"
    )
    live.add_argument("--minutes", type=float, metavar="M", help="stop by itself after M minutes")
    live.add_argument("--profiles", metavar="DIR", help=_PROFILES)
    live.add_argument(
        "--opening",
        type=float,
        default=0.0,
        metavar="M",
        help="take the first M minutes (3 to 10) as the level of the day; zones are given from then on",
    )
    live.add_argument("--publish", action="store_true", help="publish the markers as an LSL stream")
    role_options(live)
    session_options(live)

    replay = commands.add_parser("replay", help="a session or any XDF file through the same pipeline")
    replay.add_argument("path", metavar="PATH", help="session folder or XDF file")
    replay.add_argument(
        "--speed", type=float, default=1.0, metavar="X", help="times real time; 0 is as fast as it goes"
    )
    replay.add_argument("--start", metavar="TIME", help="begin there: seconds, mm:ss or hh:mm:ss")
    replay.add_argument("--paused", action="store_true", help="do not play until asked to")
    replay.add_argument(
        "--compare",
        action="append",
        default=[],
        metavar="DIR",
        help="also compute with the profiles of this folder, and compare; repeatable",
    )
    replay.add_argument(
        "--author", default="", metavar="CODE", help="who adds notes while looking: a code, no name"
    )
    replay.add_argument("--headless", action="store_true", help="no window; panel in the terminal")
    replay.add_argument("--publish", action="store_true", help="publish the markers as an LSL stream")
    replay.add_argument(
        "--lab", action="store_true", help="publish to other computers too (opens the network)"
    )
    replay.add_argument("--out", metavar="DIR", help="write the tables there")
    role_options(replay)
    replay.add_argument(
        "--theme", choices=("light", "dark"), help="colours of the window (default: as you chose in it)"
    )
    table_options(replay)

    analyze = commands.add_parser("analyze", help="the same pipeline as fast as it goes, to tables")
    analyze.add_argument("paths", nargs="+", metavar="PATH", help="session folders or XDF files")
    analyze.add_argument("--out", required=True, metavar="DIR", help="folder for the tables")
    analyze.add_argument("--no-report", action="store_true", help="tables only, without report.html")
    role_options(analyze)
    table_options(analyze)

    report = commands.add_parser("report", help="the page about one session, from its tables")
    report.add_argument("session", metavar="PATH", help="session folder, or folder of an analysis")
    report.add_argument(
        "--out", metavar="FILE", help="where the page goes (default: report.html in that folder)"
    )
    report.add_argument(
        "--with-text",
        action="store_true",
        help="take the free text of notes.toml along; it is left out otherwise",
    )

    calibrate = commands.add_parser("calibrate", help="guided calibration of one participant, to a profile")
    calibrate.add_argument("code", metavar="CODE", help="code of the participant, no name")
    calibrate.add_argument(
        "--protocol", metavar="NAME", help="first, opening, or a TOML file (default: first, then opening)"
    )
    calibrate.add_argument(
        "--from", dest="source", metavar="PATH", help="make the profile from a session folder or XDF file"
    )
    calibrate.add_argument(
        "--span",
        action="append",
        default=[],
        metavar="START:STOP",
        help="seconds of that recording to use; repeatable",
    )
    calibrate.add_argument(
        "--kind", choices=("first", "opening"), help="what the span is (default: first for a new profile)"
    )
    calibrate.add_argument(
        "--date", metavar="YYYY-MM-DD", help="day of a recording that does not hold its date"
    )
    calibrate.add_argument(
        "--assign",
        action="append",
        default=[],
        metavar="CODE=TEXT",
        help="give CODE every stream whose name, source id or host contains TEXT; repeatable",
    )
    calibrate.add_argument("--room", dest="room_file", metavar="ROOM.toml", help="who wears what")
    calibrate.add_argument("--profiles", metavar="DIR", help=_PROFILES)
    calibrate.add_argument(
        "--posture", choices=("sitting", "reclined", "lying", "standing"), help="posture; kept in the profile"
    )
    calibrate.add_argument(
        "--medication", action="append", default=[], metavar="KIND", help="such as beta_blocker; repeatable"
    )
    calibrate.add_argument(
        "--screening", action="append", default=[], metavar="KIND", help="such as pacemaker; repeatable"
    )
    calibrate.add_argument("--yes", action="store_true", help="begin and accept without asking")
    calibrate.add_argument("--motion", action="store_true", help="let the breathing pacer move smoothly")
    calibrate.add_argument(
        "--lab", action="store_true", help="see streams of other computers (opens the network)"
    )
    calibrate.add_argument(
        "--wait", type=float, default=10.0, metavar="S", help="seconds to look for streams (default 10)"
    )
    session_options(calibrate)

    mark = commands.add_parser("mark", help="say of a moment of a session that it was too much or too little")
    mark.add_argument("session", metavar="SESSION", help="session folder")
    mark.add_argument("time", metavar="TIME", help="session time: seconds, mm:ss or hh:mm:ss")
    mark.add_argument("label", metavar="LABEL", help="too-much, tolerable or too-little")
    mark.add_argument("--by", required=True, metavar="WHO", help="client, therapist or review")
    mark.add_argument("--participant", metavar="CODE", help="whose moment (default: the client's)")
    mark.add_argument("--profiles", metavar="DIR", help=_PROFILES)

    history = commands.add_parser("history", help="how one person's window changed over sessions")
    history.add_argument("code", metavar="CODE", help="code of the participant")
    history.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="folder of sessions (default: your data folder)"
    )
    history.add_argument("--profiles", metavar="DIR", help=_PROFILES)
    history.add_argument("--out", metavar="DIR", help="where figure and table go (default: the folder)")
    history.add_argument(
        "--format", choices=("text", "csv"), default="text", help="csv also writes the table"
    )

    export = commands.add_parser("export", help="data for the packages of others")
    export_options(export)

    # Its options are those of the bridges, which this package does not know: main passes them on unread.
    commands.add_parser(
        "bridge", help="a wearable to a stream: scan, polar-h10, heart-rate, shimmer, …", add_help=False
    )

    doctor = commands.add_parser("doctor", help="check this machine and say what to do")
    doctor.add_argument(
        "--fix", action="store_true", help="install missing system libraries (Debian, Ubuntu)"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        0 done; 1 an error with a message; 2 wrong usage; 130 stopped by the user with everything saved.
    """
    taken = taken_names()
    if taken:
        return _fail(
            f"The import name {', '.join(taken)} is taken by another package. "
            f"Install attune into an environment of its own: `uv tool install {__distribution__}` or "
            f"`pipx install {__distribution__}`."
        )
    line = list(sys.argv[1:] if arguments is None else arguments)
    own = _own_words(line)
    try:
        options = _parser().parse_args(line[:own])
        options.rest = line[own:]
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    try:
        command = importlib.import_module(f"monitor.commands.{options.command}")
        return int(command.run(options))
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130
    except MonitorError as error:
        if options.debug:
            raise
        return _fail(str(error))
    except Exception as error:
        if options.debug:
            raise
        return _fail(
            f"Something attune does not expect happened: {type(error).__name__}: {error}. "
            f"What was recorded is kept. Run the same command with `attune --debug {options.command} …` "
            f"and report what it prints."
        )


def _own_words(line: Sequence[str]) -> int:
    """Count the words this program reads itself: all, or those up to `bridge`."""
    command = next((place for place, word in enumerate(line) if not word.startswith("-")), len(line))
    return command + 1 if line[command : command + 1] == ["bridge"] else len(line)


def _fail(message: str) -> int:
    sys.stderr.write(f"attune: {message}\n")
    return 1
