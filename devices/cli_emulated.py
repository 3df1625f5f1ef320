"""`attune bridge emulated`: the people of a script, straight to the network or through virtual hardware."""

import argparse
import asyncio
import json
import signal
import sys
import threading
from collections.abc import Sequence

from devices.emulator import emulated_h10, emulated_shimmer
from devices.emulator.script import Script, write_script
from devices.emulator.waveforms import simulate_waveforms
from devices.emulator.world import World
from devices.fleet import install_signals, stop_when_input_closes
from devices.pace import Pace
from devices.scope import choose_scope
from devices.spec import OutletSpec


def run_emulated(options: argparse.Namespace) -> bool:
    """Play a script until its end, a signal, or the closing of the pipe on standard input.

    Parameters
    ----------
    options : argparse.Namespace
        The parsed command line.

    Returns
    -------
    bool
        Whether the user stopped it.

    Raises
    ------
    DeviceError
        If the virtual hardware needs what this computer lacks.
    """
    script = write_script(
        options.minutes,
        options.seed,
        client=options.client,
        therapist=options.therapist,
        faults=not options.no_faults,
    )
    choose_scope(options)
    if options.hardware:
        return asyncio.run(_play_hardware(script, options))
    return _play(script, options)


async def _play_hardware(script: Script, options: argparse.Namespace) -> bool:
    """Let virtual devices measure the people of the script, and bridge them like real ones.

    The script begins when the devices are switched on, so there is no waiting for consumers.
    """
    from devices.emulator.hardware import play_script

    pace = Pace(options.speed, options.origin)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    received = install_signals(loop, stop)

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)

    def ready(specs: Sequence[OutletSpec]) -> None:
        announce(ready_line(specs, pace.origin_s, pace.speed))

    stop_when_input_closes(end)
    await play_script(script, simulate_waveforms(), pace, stop, ready=ready)
    return signal.SIGINT in received


def ready_line(specs: Sequence[OutletSpec], origin_s: float, speed: float) -> dict[str, object]:
    """Say which streams there are now, and by which clock.

    Parameters
    ----------
    specs : sequence of OutletSpec
        The streams.
    origin_s : float
        LSL time at which the fast clock began.
    speed : float
        How many times faster than real time it is.

    Returns
    -------
    dict
        What `announce` takes.
    """
    streams = [{"name": spec.name, "type": spec.type, "source_id": spec.source_id} for spec in specs]
    return {"ready": True, "streams": streams, "origin": origin_s, "speed": speed}


def _play(script: Script, options: argparse.Namespace) -> bool:
    """Open the outlets, say so in one line of JSON, play the script."""
    stop = threading.Event()
    received: list[int] = []
    _stop_on_signals(stop, received)
    stop_when_input_closes(stop.set)
    specs = tuple(
        spec
        for person in script.people
        for spec in (*emulated_h10.specs(person.code), emulated_shimmer.spec(person.code))
    )
    # Before the outlets: the import behind this takes seconds, and an outlet that is silent so long alarms its readers.
    waveforms = simulate_waveforms()
    with World(script, specs, speed=options.speed, origin_s=options.origin) as world:
        announce(ready_line(specs, world.origin_s, options.speed))
        if not stop.is_set() and options.wait_for_consumers > 0.0:
            world.wait_for_consumers(options.wait_for_consumers, stop)
        if not stop.is_set():
            world.run(waveforms, stop)
    return signal.SIGINT in received


def announce(message: dict[str, object]) -> None:
    """Tell the parent process, which may have gone already, in one line of JSON.

    Parameters
    ----------
    message : dict
        What to tell.

    Raises
    ------
    OSError
        If nobody reads it.
    """
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
