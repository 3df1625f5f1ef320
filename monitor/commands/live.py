"""`attune live`: find streams, give them to people, check them, show and record."""

import argparse
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from monitor.attach import RunningEngine, running_engine
from monitor.display import Window, WindowState, open_window, wants_window
from monitor.errors import MonitorError, SettingsError, StreamError
from monitor.live_session import LiveOptions, LiveSession
from monitor.lsl.binding import configure
from monitor.lsl.lookout import Lookout
from monitor.lsl.source import LslSource
from monitor.paths import config_folder, running_folder, sessions_folder
from monitor.preflight.remember import recall
from monitor.preflight.setup import Setup, Start, seats_for
from monitor.room import Room
from monitor.settings import Settings, load_settings
from monitor.stops import noting_stops
from monitor.warm import warm_up

_LOOK_S = 0.1
_NOT_STARTED = "The window was closed before a recording was started: nothing was recorded."


def run(options: argparse.Namespace) -> int:
    """Run a live session, or open the window of the one that runs.

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
    SettingsError
        If an option cannot be used.
    StreamError
        If no stream is found in time, where there is no set-up to wait in.
    """
    console = Console(stderr=True)
    if options.opening and not 3.0 <= options.opening <= 10.0:
        raise SettingsError("--opening takes 3 to 10 minutes: settle, then talk of something neutral.")
    room = _room(options)
    settings = load_settings(Path(options.settings)) if options.settings else Settings()
    shown = wants_window(headless=options.headless)
    attachable = shown and not options.room and not options.new
    engine = running_engine(running_folder()) if attachable else None
    if engine is not None:
        return _attach(engine, options, console)
    if configure(lab=options.lab) == "lab":
        console.print(
            "Streams of the whole network are seen. LSL has no encryption: anyone on it can read them."
        )
    if shown and not options.start:
        return _with_setup(options, room, settings, console, attachable=attachable)
    return _at_once(options, room, settings, console)


def _attach(engine: RunningEngine, options: argparse.Namespace, console: Console) -> int:
    """Open a window at a session that is being recorded by another process, until it is closed."""
    _say(
        console,
        f"A session is being recorded since {engine.since}; opened its window. To record a second session use --new.",
    )
    with noting_stops() as stops:
        window = open_window(engine.address, bytes.fromhex(engine.key), _theme(options))
        while not stops and window.poll() is None:
            time.sleep(_LOOK_S)
        if stops:
            window.terminate()
            window.wait()
            return 130
    if window.returncode == 0:
        _say(
            console,
            "The window is closed. A recording that still runs goes on; `attune live` opens it again.",
        )
        return 0
    raise MonitorError(
        f"The window ended unexpectedly (code {window.returncode}); the recording does not depend on it and goes on. "
        f"`attune live` opens it again; `attune doctor` checks this machine."
    )


def _theme(options: argparse.Namespace) -> list[str]:
    return ["--theme", options.theme] if options.theme else []


def _with_setup(
    options: argparse.Namespace, room: Room, settings: Settings, console: Console, *, attachable: bool
) -> int:
    """Show the set-up at once, and record from the user's start in the same window."""
    memory = recall(config_folder())
    locked = room if options.room else None
    said = room if options.assign or options.client or options.therapist else None
    seats, as_last_time = seats_for(locked=locked, options=said, memory=memory)
    setup = Setup(
        Lookout(),
        seats,
        lateness_s=settings.windows.lateness_s,
        config=config_folder(),
        as_last_time=as_last_time,
        room=locked,
        message=memory.problem,
        refuse=_second_recording if attachable else str,
    )
    window = Window(setup.board, options.theme, on_command=setup.ask)
    try:
        window.open()
        with noting_stops() as stops:
            with console.status("Preparing the computation …"):
                warm_up()
            start = setup.run(lambda: bool(stops) or window.keep() is not WindowState.OPEN)
        if start is None or stops:
            return _left(window, console, stopped=bool(stops))
        for text in start.told:
            _say(console, text)
        return _record(LslSource(start.room), start, options, settings, console, window)
    finally:
        window.close()


def _left(window: Window, console: Console, *, stopped: bool) -> int:
    """Tell that nothing was recorded."""
    if stopped:
        _say(console, "Stopped before a recording was started: nothing was recorded.")
        return 130
    if window.keep() is WindowState.BROKEN:
        raise MonitorError(
            "The window ended unexpectedly several times; nothing was recorded. `attune doctor` checks this "
            "machine; `attune live --headless` records without a window."
        )
    _say(console, _NOT_STARTED)
    return 0


def _second_recording() -> str:
    """Say that a session began elsewhere meanwhile; empty when none did."""
    engine = running_engine(running_folder())
    if engine is None:
        return ""
    return (
        f"A session is being recorded since {engine.since}. Close this window and start `attune live` to see it, or "
        f"`attune live --new` to record a second one."
    )


def _at_once(options: argparse.Namespace, room: Room, settings: Settings, console: Console) -> int:
    """Wait for streams, and record without a set-up."""
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
    return _record(source, Start(room=room, preflight=""), options, settings, console, None)


def _record(
    source: LslSource,
    start: Start,
    options: argparse.Namespace,
    settings: Settings,
    console: Console,
    window: Window | None,
) -> int:
    session = LiveSession(
        source,
        LiveOptions(
            room=start.room,
            root=sessions_folder(options.out),
            settings=settings,
            headless=options.headless,
            theme=options.theme,
            publish=options.publish,
            profiles=options.profiles,
            opening_s=60.0 * options.opening,
            seconds=options.minutes * 60.0 if options.minutes else float("inf"),
            preflight=start.preflight,
            announce=True,
        ),
        console,
        window=window,
    )
    folder = session.run()
    _say(console, f"Session saved in {folder}")
    return 130 if session.interrupted else 0


def _say(console: Console, text: str) -> None:
    # Of a terminal that is gone nobody reads.
    with suppress(OSError, SystemExit):
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _room(options: argparse.Namespace) -> Room:
    if options.room:
        if options.assign or options.client or options.therapist:
            raise SettingsError(
                f"{options.room} says who wears what; --assign, --client and --therapist would say it a second time. "
                f"Leave them out, or write them into the file."
            )
        return Room.load(Path(options.room))
    return Room.from_options(options.assign, options.client, options.therapist)
