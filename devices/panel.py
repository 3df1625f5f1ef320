"""How the devices of a process are doing: a live table in a terminal, lines elsewhere, JSON for programs."""

import dataclasses
import json
import math
import time
from collections.abc import Callable, Sequence
from typing import Protocol, Self

from rich.console import Console

from devices.outlet import local_clock
from devices.panel_table import PanelTable
from devices.status import STATE_WORDS, State, Status


class Display(Protocol):
    """What shows statuses."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, status: Status) -> None:
        """Show how a device is doing.

        Parameters
        ----------
        status : Status
            The newest.
        """
        ...


def status_json(status: Status) -> str:
    """Write a status as one line of JSON.

    Parameters
    ----------
    status : Status
        How a device is doing.

    Returns
    -------
    str
        An object with the fields of `Status`; what is unknown is null.
    """
    fields = dataclasses.asdict(status)
    for name, value in fields.items():
        if isinstance(value, float) and not math.isfinite(value):
            fields[name] = None
    return json.dumps(fields, ensure_ascii=False, allow_nan=False)


class Panel:
    """Shows devices: a table in a terminal, else a line per change of state, or JSON where a program reads.

    Parameters
    ----------
    console : Console
        Where to.
    names : sequence of str
        Names of the devices.
    as_json : bool, default False
        Whether a program reads.
    clock : callable, optional
        The bridge's clock; that of LSL when not given.
    on_closed : callable, optional
        Called once when nobody reads any more.
    """

    def __init__(
        self,
        console: Console,
        names: Sequence[str],
        *,
        as_json: bool = False,
        clock: Callable[[], float] = local_clock,
        on_closed: Callable[[], None] = lambda: None,
    ) -> None:
        self._display: Display
        if as_json:
            self._display = JsonLines(console, on_closed)
        elif console.is_terminal:
            self._display = PanelTable(console, names, clock)
        else:
            self._display = PlainLines(console, on_closed)

    def __enter__(self) -> Self:
        self._display.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._display.__exit__(*exception)

    def show(self, status: Status) -> None:
        """Show how a device is doing; to be the `on_status` of its bridge.

        Parameters
        ----------
        status : Status
            The newest.
        """
        self._display.show(status)


class JsonLines:
    """Every status as one line of JSON.

    Parameters
    ----------
    console : Console
        Its file is written to.
    on_closed : callable, optional
        Called once when nobody reads any more.
    """

    def __init__(self, console: Console, on_closed: Callable[[], None] = lambda: None) -> None:
        self._write = _Writer(console, on_closed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    def show(self, status: Status) -> None:
        """Write a status.

        Parameters
        ----------
        status : Status
            The newest.
        """
        self._write(status_json(status))


class PlainLines:
    """One line at each change of state, for log files and services.

    An attempt between two equal failures is no change: a device that is off all night costs one line.

    Parameters
    ----------
    console : Console
        Its file is written to.
    on_closed : callable, optional
        Called once when nobody reads any more.
    """

    def __init__(self, console: Console, on_closed: Callable[[], None] = lambda: None) -> None:
        self._write = _Writer(console, on_closed)
        self._said: dict[str, tuple[State, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    def show(self, status: Status) -> None:
        """Write a line if the state is another one.

        Parameters
        ----------
        status : Status
            The newest.
        """
        if status.text and status.state in (State.SEARCHING, State.CONNECTING):
            return
        now = (status.state, status.text)
        if self._said.get(status.device) == now:
            return
        self._said[status.device] = now
        trouble = f": {status.text}" if status.text else ""
        stamp = time.strftime("%H:%M:%S")
        self._write(f"{stamp} {status.device}: {STATE_WORDS[status.state]}{trouble}")


class _Writer:
    """Writes lines until nobody reads them; a bridge goes on without."""

    def __init__(self, console: Console, on_closed: Callable[[], None]) -> None:
        self._console = console
        self._on_closed = on_closed
        self._closed = False

    def __call__(self, line: str) -> None:
        if self._closed:
            return
        try:
            self._console.file.write(" ".join(line.splitlines()) + "\n")
            self._console.file.flush()
        except (OSError, ValueError):
            self._closed = True
            self._on_closed()
