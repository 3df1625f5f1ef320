"""`attune calibrate`: what is usual for one person, measured step by step or taken from a recording."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from monitor.calibrating.from_file import calibrate_from_file
from monitor.calibrating.keep import chosen_protocol, conditions_from
from monitor.calibrating.live import CalibrationOptions, CalibrationSession
from monitor.core.model import StreamInfo
from monitor.display import wants_window
from monitor.errors import SettingsError, StreamError
from monitor.lsl.binding import configure
from monitor.lsl.source import LslSource
from monitor.paths import profiles_folder, sessions_folder
from monitor.profiles import ProfileStore
from monitor.roles import bind
from monitor.room import Participant, Room, StreamRule, check_code
from monitor.settings import Settings, load_settings
from monitor.warm import warm_up


def run(options: argparse.Namespace) -> int:
    """Calibrate one person.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options.

    Returns
    -------
    int
        0 when a calibration was stored or discarded by the user, 1 when it was refused, 130 when the user stopped.

    Raises
    ------
    SettingsError
        If an option cannot be used.
    StreamError
        If the person wears nothing that can be seen.
    """
    console = Console(stderr=True)
    check_code(options.code)
    store = ProfileStore(profiles_folder(options.profiles))
    if options.source:
        return calibrate_from_file(options, store, console)
    if options.span or options.date:
        raise SettingsError(
            "--span and --date are for a recording. Name it with --from PATH, or leave them out."
        )
    return _live(options, store, console)


def _live(options: argparse.Namespace, store: ProfileStore, console: Console) -> int:
    protocol, kind = chosen_protocol(options, store.load(options.code))
    conditions = conditions_from(options)
    settings = load_settings(Path(options.settings)) if options.settings else Settings()
    _refuse_silence(options)
    if configure(lab=options.lab) == "lab":
        console.print(
            "Streams of the whole network are seen. LSL has no encryption: anyone on it can read them."
        )
    with console.status("Preparing the computation …"):
        warm_up()
    room = _room(options, console)
    session = CalibrationSession(
        LslSource(room),
        CalibrationOptions(
            code=options.code,
            protocol=protocol,
            kind=kind,
            store=store,
            room=room,
            root=sessions_folder(options.out),
            settings=settings,
            conditions=conditions,
            headless=options.headless,
            theme=options.theme,
            motion=options.motion,
            by_itself=options.yes,
        ),
        console,
    )
    folder = session.run()
    console.print(f"Recorded in {folder}", highlight=False, markup=False, soft_wrap=True)
    if session.profile is not None:
        return 0
    if session.interrupted:
        console.print(
            f"Stopped: nothing was stored in the profile. `attune calibrate {options.code} --from {folder}` can still "
            f"use what was recorded.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        return 130
    return 1 if session.problem else 0


def _refuse_silence(options: argparse.Namespace) -> None:
    """Refuse to wait for somebody who can neither see nor press anything."""
    if options.yes or wants_window(headless=options.headless):
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SettingsError(
            "There is neither a window nor a terminal to lead through the calibration. Run it in a terminal, or add "
            "--yes to go through all steps without being asked."
        )


def _room(options: argparse.Namespace, console: Console) -> Room:
    """Find out which streams are this person's."""
    code = options.code
    if options.room_file and options.assign:
        raise SettingsError(
            f"{options.room_file} says who wears what; --assign would say it a second time. Leave one out."
        )
    room = Room.load(Path(options.room_file)) if options.room_file else Room.from_options(options.assign)
    if room.streams and code not in {rule.participant for rule in room.streams}:
        raise SettingsError(f"No stream is given to {code}. Add --assign {code}=TEXT.")
    with console.status("Looking for streams …"):
        found = _found(room, options.wait)
    for info in found:
        console.print(f"found {info.title} ({info.type}, {info.nominal_rate_hz:g} Hz)", highlight=False)
    if not room.streams:
        room = guessed_room(code, found)
        names = ", ".join(rule.match for rule in room.streams if rule.match != code)
        if names:
            line = f"No stream names {code}; taken for {code}: {names}"
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    if not any(binding.key.participant == code for info in found for binding in bind(info, room)):
        titles = ", ".join(info.title for info in found) or "no stream at all"
        raise StreamError(
            f"No ECG, RR intervals, heart rate or skin conductance of {code} was found within {options.wait:g} s "
            f"({titles}). Start the bridge or sensor program, or give streams with --assign {code}=TEXT."
        )
    return room


def _found(room: Room, wait_s: float) -> list[StreamInfo]:
    """Look once, with a source that records nothing."""
    scout = LslSource(room)
    found = scout.wait_for_streams(wait_s)
    scout.stop()
    for _ in scout:
        continue
    return found


def guessed_room(code: str, found: Sequence[StreamInfo]) -> Room:
    """Give a person the streams that name them, else all streams when these can be of one person.

    Parameters
    ----------
    code : str
        Code of the person.
    found : sequence of StreamInfo
        The streams there are.

    Returns
    -------
    Room
        With one rule for each stream of the person.

    Raises
    ------
    SettingsError
        If two streams measure the same and none names the person.
    """
    person = (Participant(code=code),)
    own = Room(participants=person, streams=(StreamRule(participant=code, match=code),))
    if any(bind(info, own) for info in found):
        return own
    rules = tuple(StreamRule(participant=code, match=info.name) for info in found if info.name.strip())
    room = Room(participants=person, streams=rules)
    taken: dict[str, str] = {}
    for info in found:
        for binding in bind(info, room):
            other = taken.setdefault(binding.key.modality.value, info.title)
            if other != info.title:
                raise SettingsError(
                    f"'{other}' and '{info.title}' both measure {binding.key.modality.value}, and neither names "
                    f"{code}. Say which is worn with --assign {code}=TEXT."
                )
    return room
