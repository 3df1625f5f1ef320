"""Several bridges in one process: started together, stopped together, none ended by another."""

import asyncio
import logging
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from devices.bridge import Bridge

STOP_S = 6.0
"""Longest time for all bridges to let go of their devices, on the clock on the wall."""

BOUNCE_S = 0.3
"""A second Ctrl+C this soon is the first one again, passed on by a parent process."""

_log = logging.getLogger(__name__)


async def run_fleet(bridges: Sequence[Bridge], stop: asyncio.Event) -> None:
    """Run bridges until told to stop, or until each has ended by itself.

    Parameters
    ----------
    bridges : sequence of Bridge
        The devices, each with a key of its own.
    stop : asyncio.Event
        Ends them all: each driver stops its device, which is given 6 s.

    Raises
    ------
    ExceptionGroup
        After all have ended: of the errors of those that could not begin, because the computer is to be put right.
    ValueError
        If two bridges have the same key; readers could not tell their streams apart.
    """
    keys = [bridge.key for bridge in bridges]
    twins = sorted({key for key in keys if keys.count(key) > 1})
    if twins:
        raise ValueError(
            f"the same device is named twice: {', '.join(twins)}. Give each an address of its own."
        )
    tasks = {asyncio.create_task(bridge.run(), name=f"bridge of {bridge.name}") for bridge in bridges}
    stopping = asyncio.create_task(stop.wait(), name="stop of the fleet")
    try:
        running = set(tasks)
        while running and not stopping.done():
            done, _ = await asyncio.wait({stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
            running -= done
    finally:
        stopping.cancel()
        await _stop(tasks)
    errors = _errors(tasks)
    if errors:
        raise ExceptionGroup(f"{len(errors)} of {len(tasks)} devices could not be bridged", errors)


async def _stop(tasks: "set[asyncio.Task[None]]") -> None:
    """Cancel what runs, wait, and cancel again what did not end."""
    running = {task for task in tasks if not task.done()}
    for seconds in (STOP_S, 1.0):
        for task in running:
            task.cancel()
        if running:
            _, running = await asyncio.wait(running, timeout=seconds)
    for task in running:
        _log.warning("the %s did not end and is left behind", task.get_name())


def _errors(tasks: "set[asyncio.Task[None]]") -> list[Exception]:
    """Collect what ended bridges other than their cancellation."""
    errors = []
    for task in sorted(tasks, key=lambda task: task.get_name()):
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, Exception):
            errors.append(error)
        elif error is not None:
            raise error
    return errors


def install_signals(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> list[int]:
    """Let SIGINT, SIGTERM, SIGHUP and, on Windows, SIGBREAK stop a fleet in order. To be called in the main thread.

    A second Ctrl+C, more than 0.3 s after the first, ends the process at once with exit code 130; devices may
    then go on measuring until they notice. A SIGHUP that is ignored, as under ``nohup``, goes on being ignored.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
        The loop of the fleet.
    stop : asyncio.Event
        To be set.

    Returns
    -------
    list of int
        Fills with the numbers of the signals received.
    """
    received: list[int] = []
    first_s: list[float] = []

    def _note(number: int) -> None:
        if number == signal.SIGINT:
            if first_s and loop.time() - first_s[0] > BOUNCE_S:
                os._exit(130)
            first_s[:] = first_s or [loop.time()]
        received.append(number)
        with suppress(RuntimeError):
            # At the very end the loop is closed already: there is nothing left to stop.
            loop.call_soon_threadsafe(stop.set)

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # Who started this with `nohup` wants it to outlive the terminal.
        if number is None or (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            continue
        # Not through the loop: a loop that is stuck in a call would never see the second Ctrl+C.
        signal.signal(number, lambda number, _: _note(number))
    return received


def stop_when_input_closes(ended: Callable[[], None]) -> None:
    """End with the parent process, even one that was killed: then the pipe on standard input closes.

    Only a pipe is watched: a terminal would stop a background job that reads it, and the null device is always
    at its end.

    Parameters
    ----------
    ended : callable
        Called from a thread of its own, such as ``lambda: loop.call_soon_threadsafe(stop.set)``.
    """
    try:
        number = sys.stdin.fileno()
        mode = os.fstat(number).st_mode
    except (AttributeError, OSError, ValueError):
        return
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return

    def _watch() -> None:
        # Not through sys.stdin: its lock, held by this thread, would abort the interpreter at exit.
        while os.read(number, 1024):
            pass
        ended()

    threading.Thread(target=_watch, name="stdin", daemon=True).start()
