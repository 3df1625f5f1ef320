"""`attune live`: find streams, assign roles, show and record."""

import argparse
from pathlib import Path

from rich.console import Console

from monitor.errors import SettingsError, StreamError
from monitor.live_session import LiveOptions, LiveSession
from monitor.lsl.binding import configure
from monitor.lsl.source import LslSource
from monitor.paths import sessions_folder
from monitor.room import Room
from monitor.settings import Settings, load_settings
from monitor.warm import warm_up


def run(options: argparse.Namespace) -> int:
    """Run a live session.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options.

    Returns
    -------
    int
        0, or 130 when the user stopped it; either way everything is saved.

    Raises
    ------
    StreamError
        If no stream is found in time.
    """
    console = Console(stderr=True)
    if options.opening and not 3.0 <= options.opening <= 10.0:
        raise SettingsError("--opening takes 3 to 10 minutes: settle, then talk of something neutral.")
    room = _room(options)
    settings = load_settings(Path(options.settings)) if options.settings else Settings()
    scope = configure(lab=options.lab)
    if scope == "lab":
        console.print(
            "Streams of the whole network are seen. LSL has no encryption: anyone on it can read them."
        )
    with console.status("Preparing the computation …"):
        warm_up()
    source = LslSource(room)
    with console.status("Looking for streams …"):
        found = source.wait_for_streams(options.wait)
    if not found:
        raise StreamError(
            f"No stream was found within {options.wait:g} s. Start the bridge or sensor program first; streams of "
            f"another computer need --lab; `attune doctor` checks discovery on this machine."
        )
    for info in found:
        console.print(f"found {info.title} ({info.type}, {info.nominal_rate_hz:g} Hz)", highlight=False)
    session = LiveSession(
        source,
        LiveOptions(
            room=room,
            root=sessions_folder(options.out),
            settings=settings,
            headless=options.headless,
            theme=options.theme,
            publish=options.publish,
            profiles=options.profiles,
            opening_s=60.0 * options.opening,
            seconds=options.minutes * 60.0 if options.minutes else float("inf"),
        ),
        console,
    )
    folder = session.run()
    console.print(f"Session saved in {folder}", highlight=False, soft_wrap=True)
    return 130 if session.interrupted else 0


def _room(options: argparse.Namespace) -> Room:
    if options.room:
        if options.assign or options.client or options.therapist:
            raise SettingsError(
                f"{options.room} says who wears what; --assign, --client and --therapist would say it a second time. "
                f"Leave them out, or write them into the file."
            )
        return Room.load(Path(options.room))
    return Room.from_options(options.assign, options.client, options.therapist)
