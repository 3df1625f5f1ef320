"""The devices of a process as a table that stays in its place in a terminal."""

from collections.abc import Callable, Sequence
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from devices.outlet import local_clock
from devices.status import STATE_WORDS, State, Status

UPDATES_PER_S = 2.0

WIDE_COLUMNS = 120
"""From this width on the rates have a column of their own."""

_RATES_COLUMNS = 48

_NAME_COLUMNS = 24

_TROUBLE_LINES = 7
"""Room for a message beneath the table, which must not be cut off by the lines above."""

_FIGURES = {"battery": 7, "worn": 4, "lost": 6, "late": 6, "since": 5}
"""Titles and widths of the columns of figures."""

LOW_BATTERY_PERCENT = 20

LATE_S = 2.0
"""A delivery later than this is worth a look."""

_STYLES = {State.STREAMING: "green", State.LOST: "bold red", State.STOPPED: "dim"}


class PanelTable:
    """A line per device, and beneath them the newest trouble with its cure.

    Parameters
    ----------
    console : Console
        A terminal.
    names : sequence of str
        Names of the devices, in the order of the lines.
    clock : callable, optional
        The bridge's clock; that of LSL when not given.
    """

    def __init__(
        self, console: Console, names: Sequence[str], clock: Callable[[], float] = local_clock
    ) -> None:
        self._console = console
        self._clock = clock
        self._statuses: dict[str, Status | None] = dict.fromkeys(names)
        self._live = Live(
            console=console,
            refresh_per_second=UPDATES_PER_S,
            get_renderable=self.render,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        # A second Ctrl+C ends the process without any clean-up, which must not cost the user the cursor.
        self._console.show_cursor(True)
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, status: Status) -> None:
        """Take a status; the next update, at most half a second later, shows it.

        Parameters
        ----------
        status : Status
            The newest.
        """
        self._statuses[status.device] = status

    def render(self) -> RenderableType:
        """Draw what is known.

        Returns
        -------
        RenderableType
            For a console of rich.
        """
        statuses = dict(self._statuses)
        wide = self._console.width >= WIDE_COLUMNS
        table = Table(expand=True, box=None, pad_edge=False, padding=(0, 1, 0, 0))
        name_columns = min(_NAME_COLUMNS, max(map(len, ("device", *statuses))))
        table.add_column("device", no_wrap=True, width=name_columns)
        table.add_column("state", ratio=1)
        if wide:
            table.add_column("samples per second (measured/declared)", width=_RATES_COLUMNS)
            room = _RATES_COLUMNS
        else:
            room = self._console.width - name_columns - sum(_FIGURES.values()) - len(_FIGURES) - 2
        if not wide and self._lines(statuses, room) + _TROUBLE_LINES > self._console.height:
            room = 0
        for title, columns in _FIGURES.items():
            table.add_column(title, justify="right", no_wrap=True, width=columns)
        for name, status in statuses.items():
            table.add_row(*self._row(name, status, wide=wide, room=room))
        return Group(table, *_trouble([status for status in statuses.values() if status is not None]))

    def _lines(self, statuses: dict[str, Status | None], room: int) -> int:
        """Count the lines of the table; by the declared rates, so that a lost device does not change its form."""
        n_lines = 1
        for status in statuses.values():
            declared_hz = {} if status is None else status.declared_hz
            figures = [f"{label} 000.0" + ("/000" if hz else "") for label, hz in declared_hz.items()]
            n_lines += 1 + len(_wrapped(figures, room).splitlines())
        return n_lines

    def _row(self, name: str, status: Status | None, *, wide: bool, room: int) -> list[Text]:
        if status is None:
            return [Text(name, style="bold"), Text("starting")]
        state = Text(_state_words(status), style=_STYLES.get(status.state, "yellow"))
        if status.text and status.state is not State.STOPPED:
            state.stylize(_STYLES[State.LOST])
        rates = _wrapped(rate_words(status), room)
        if rates and not wide:
            state.append(f"\n{rates}", style="default")
        cells = [Text(name, style="bold"), state]
        if wide:
            cells.append(Text(rates))
        return [
            *cells,
            _battery(status.battery_percent),
            Text("–" if status.worn is None else "yes" if status.worn else "NO"),
            Text(str(status.n_lost)),
            _delay(status),
            Text(_span(self._clock() - status.since_s)),
        ]


def rate_words(status: Status) -> list[str]:
    """Put the rates of a device's streams into words.

    Parameters
    ----------
    status : Status
        How it is doing.

    Returns
    -------
    list of str
        Such as ``ECG 130.2/130`` and ``RR 1.1``: measured, and declared where it is; streams without a figure
        are left out.
    """
    words = []
    for label, declared_hz in status.declared_hz.items():
        rate_hz = status.rates_hz.get(label)
        if rate_hz is not None:
            declared = f"/{declared_hz:.4g}" if declared_hz else ""
            words.append(f"{label} {rate_hz:.1f}{declared}")
    return words


def _wrapped(words: list[str], room: int) -> str:
    """Set figures side by side, none torn apart at the end of a line; nothing where there is no room."""
    if not room or not words:
        return ""
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 2 + len(word) <= room:
            lines[-1] += f"  {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _state_words(status: Status) -> str:
    """Say the state; one that is tried again for a known reason is still lost."""
    words = STATE_WORDS[status.state]
    if status.text and status.state in (State.SEARCHING, State.CONNECTING):
        return f"lost, {words}"
    return words


def _battery(percent: int | None) -> Text:
    if percent is None:
        return Text("–")
    if percent <= LOW_BATTERY_PERCENT:
        return Text(f"{percent} % low", style="bold red")
    return Text(f"{percent} %")


def _delay(status: Status) -> Text:
    if status.state is not State.STREAMING:
        return Text("–")
    if status.delay_s > LATE_S:
        return Text(f"{status.delay_s:.1f} s!", style="bold red")
    return Text(f"{1000.0 * max(0.0, status.delay_s):.0f} ms")


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}" if hours else f"{minutes}:{rest:02d}"


def _trouble(statuses: list[Status]) -> list[Text]:
    """Give the newest trouble in full, and say how many more there are."""
    troubled = sorted((status for status in statuses if status.text), key=lambda status: status.since_s)
    if not troubled:
        return []
    newest = troubled[-1]
    text = newest.text if newest.device in newest.text else f"{newest.device}: {newest.text}"
    lines = [Text(""), Text(f"! {text}", style="bold")]
    if len(troubled) > 1:
        others = ", ".join(status.device for status in troubled[:-1])
        lines.append(Text(f"Also in trouble: {others}", style="dim"))
    return lines
