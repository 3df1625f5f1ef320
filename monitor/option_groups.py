"""Options that several commands share, and those of exports."""

import argparse


def export_options(parser: argparse.ArgumentParser) -> None:
    """Add what `attune export` takes.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of the command.
    """
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    synchrony = kinds.add_parser(
        "synchrony", help="the aligned series of two people, with a script that reads them"
    )
    synchrony.add_argument("path", metavar="PATH", help="session folder or XDF file")
    synchrony.add_argument(
        "--for",
        dest="tool",
        required=True,
        choices=("susy", "dyadsync", "rmea", "multisyncpy"),
        help="the package that will read them",
    )
    synchrony.add_argument("--out", required=True, metavar="DIR", help="folder for the export")
    synchrony.add_argument(
        "--signal", choices=("eda", "ibi", "ln_rmssd"), help="only this signal (default: all)"
    )
    synchrony.add_argument(
        "--pair",
        metavar="FIRST,SECOND",
        help="only these two people, in this order (default: all, client first)",
    )
    synchrony.add_argument(
        "--prepared",
        action="store_true",
        help="slopes and detrended series in place of the signals themselves",
    )
    synchrony.add_argument("--force", action="store_true", help="replace files that exist")
    synchrony.add_argument(
        "--room",
        dest="room_file",
        metavar="ROOM.toml",
        help="who wears what, in place of the roles in the file; replaces --assign, --client, --therapist",
    )
    synchrony.add_argument("--settings", metavar="FILE", help="settings in TOML")
    role_options(synchrony)
    # What a run over a recording asks for, and an export has no use for.
    synchrony.set_defaults(reference=[], format="parquet", profiles=None)
    notes = kinds.add_parser("notes", help="notes and marks of a session as one table")
    notes.add_argument("path", metavar="PATH", help="session folder or XDF file")
    notes.add_argument("--out", required=True, metavar="FILE.csv", help="the table")
    notes.add_argument(
        "--with-text",
        action="store_true",
        help="with the free text of notes.toml, which is left out otherwise",
    )
    notes.add_argument("--force", action="store_true", help="replace the file if it exists")


def session_options(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes that records.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of the command.
    """
    parser.add_argument("--headless", action="store_true", help="no window; panel in the terminal")
    parser.add_argument(
        "--out", metavar="DIR", help="where session folders are made (default: your data folder)"
    )
    parser.add_argument("--settings", metavar="FILE", help="settings in TOML")
    parser.add_argument(
        "--theme", choices=("light", "dark"), help="colours of the window (default: as you chose in it)"
    )


def role_options(parser: argparse.ArgumentParser) -> None:
    """Add who wears what.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of the command.
    """
    parser.add_argument(
        "--assign",
        action="append",
        default=[],
        metavar="CODE=TEXT",
        help="give CODE every stream whose name, source id or host contains TEXT; repeatable",
    )
    parser.add_argument("--client", metavar="CODE", help="who is the client")
    parser.add_argument("--therapist", metavar="CODE", help="who is the therapist")


def table_options(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes that writes tables.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of the command.
    """
    parser.add_argument(
        "--room",
        dest="room_file",
        metavar="ROOM.toml",
        help="who wears what, in place of the roles in the file; replaces --assign, --client, --therapist",
    )
    parser.add_argument(
        "--format", choices=("parquet", "csv"), default="parquet", help="format of the tables"
    )
    parser.add_argument("--settings", metavar="FILE", help="settings in TOML")
    parser.add_argument(
        "--profiles",
        metavar="DIR",
        help="where profiles are kept (default: the copies in the session folder, else your data folder)",
    )
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="CODE=START:STOP",
        help="take these seconds of the recording as that person's reference; repeatable",
    )
