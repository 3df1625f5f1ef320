"""The terminal panel: one look at people, streams and recorder, from snapshots of the board."""

from collections.abc import Callable
from threading import Event

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.board.gate import format_clock
from monitor.board.snapshot import Snapshot, StreamView, ValueView
from monitor.views.bands.words import zone_text
from monitor.views.between.dyads import Dyad, dyads_of
from monitor.views.between.words import SIGNALS, pairs_text, synchrony_text
from monitor.views.people import Person, contact_words, in_table_order, people_of, sensor_line
from monitor.views.words import (
    DISK_LOW_HOURS,
    FOOTER,
    KINDS,
    MODALITIES,
    SESSION_STATES,
    STATUS,
    STREAM_STATES,
    delay_text,
    marker_label,
    number_text,
    rate_text,
    recording_text,
    unit_text,
)

REFRESH_S = 0.25
LINE_EVERY_S = 10.0
MOST_DYADS = 3
"""Most pairs of which each has its lines; of more, the first and a count."""

HEADLINE = ("hr_bpm", "ln_rmssd", "scl_us", "scr_per_min")
"""Markers of the terminal, in this order."""


def render(snapshot: Snapshot) -> RenderableType:
    """Draw a snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        What the board knows.

    Returns
    -------
    RenderableType
        For a console of rich.
    """
    parts: list[RenderableType] = [Text(_header(snapshot), style="bold")]
    warning = _warning(snapshot)
    if warning:
        parts.append(Text(warning, style="reverse"))
    message = SESSION_STATES.get(snapshot["state"], snapshot["state"])
    if message:
        parts.append(Text(message, style="italic"))
    people = people_of(snapshot)
    if people:
        parts.append(_zone_table(people, "session ended" if snapshot["state"] == "ended" else ""))
        parts.append(_people_table(people))
        dyads = dyads_of(snapshot, people)
        if dyads:
            parts.append(_dyad_table(snapshot, dyads))
    if snapshot["streams"]:
        parts.append(_stream_table(snapshot["streams"]))
    parts.extend(
        Text(f"{format_clock(_seconds(n['t_s']))}  {n['subject']}  {n['text']}".strip(), style="dim")
        for n in snapshot["notices"][-3:]
    )
    parts.append(Text(f"{delay_text(snapshot)}\n{FOOTER}", style="dim"))
    return Panel(Group(*parts), title="attune", title_align="left")


def _seconds(value: float | None) -> float:
    return float("nan") if value is None else value


def _header(snapshot: Snapshot) -> str:
    alive = sum(s["state"] == "running" for s in snapshot["streams"])
    clock = format_clock(_seconds(snapshot["now_s"]))
    return f"{clock} · {recording_text(snapshot['recording'])} · {alive}/{len(snapshot['streams'])} streams"


def _warning(snapshot: Snapshot) -> str:
    recording = snapshot["recording"]
    if recording["state"] == "error":
        return f"! Recording fails: {recording['error'] or 'unknown reason'}"
    hours = recording["disk_hours"]
    if hours is not None and hours < DISK_LOW_HOURS:
        return f"! Disk nearly full: {hours * 60:.0f} min left. Free some space now; the session goes on."
    return ""


def _zone_table(people: list[Person], blank: str) -> Table:
    table = Table(expand=True, show_edge=False, show_header=False, pad_edge=False, box=None)
    table.add_column("", no_wrap=True)
    table.add_column("", ratio=1)
    for person in people:
        text = zone_text(person.zone, person.code, person.values, blank)
        line = Text(text.line)
        if text.remarks:
            line.append(f"\n{text.remarks}", style="dim")
        table.add_row(Text(person.code, style="bold"), line)
    return table


def _dyad_table(snapshot: Snapshot, dyads: list[Dyad]) -> Table:
    table = Table(expand=True, show_edge=False, show_header=False, pad_edge=False, box=None)
    table.add_column("", no_wrap=True)
    table.add_column("", ratio=1)
    blank = "session ended" if snapshot["state"] == "ended" else ""
    for dyad in dyads if len(dyads) <= MOST_DYADS else dyads[:1]:
        for signal in SIGNALS:
            table.add_row(Text(dyad.name, style="bold"), Text(synchrony_text(dyad, signal, blank).line))
    for signal in SIGNALS if len(dyads) > 1 else ():
        text = pairs_text(snapshot["synchrony"], signal)
        if text:
            table.add_row("", Text(text, style="dim"))
    return table


def _people_table(people: list[Person]) -> Table:
    table = Table(expand=True, show_edge=False, pad_edge=False)
    table.add_column("", ratio=2)
    for name in HEADLINE:
        table.add_column(marker_label(name), ratio=2)
    table.add_column("contact", ratio=3)
    for person in people:
        by_name = {v["marker"]: v for v in person.values}
        cells = [_value_cell(by_name.get(name)) for name in HEADLINE]
        state = sensor_line(person) or contact_words(person)
        table.add_row(Text(f"{KINDS.get(person.kind, '')}\n{person.code}"), *cells, Text(state))
    return table


def _value_cell(value: ValueView | None) -> Text:
    if value is None:
        return Text("–", style="dim")
    if value["value"] is None:
        return Text(f"{STATUS['NA']}\n{value['text']}", style="dim")
    number = f"{number_text(value['marker'], value['value'])} {unit_text(value['unit'])}".strip()
    note = STATUS.get(value["status"], value["status"])
    if value["text"]:
        note += f": {value['text']}"
    return Text(f"{number}\n{note}", style="" if value["status"] == "OK" else "italic")


def _stream_table(streams: list[StreamView]) -> Table:
    table = Table(expand=True, show_edge=False, pad_edge=False)
    for name in ("stream", "for", "declared / measured", "samples", "gaps", "state"):
        table.add_column(name)
    for stream in in_table_order(streams)[:16]:
        roles = ", ".join(
            f"{r['participant']} {MODALITIES.get(r['modality'], r['modality'])}" for r in stream["roles"]
        )
        state = STREAM_STATES.get(stream["state"], stream["state"])
        if stream["state"] in {"silent", "lost"}:
            state += f" since {format_clock(_seconds(stream['newest_s']))}"
        table.add_row(
            Text(stream["title"]),
            Text(roles or "recorded only"),
            Text(rate_text(stream)),
            Text(str(stream["n_samples"])),
            Text(str(stream["n_gaps"])),
            Text(state),
        )
    return table


def status_line(snapshot: Snapshot) -> str:
    """Write a snapshot as one line, for a log.

    Parameters
    ----------
    snapshot : Snapshot
        What the board knows.

    Returns
    -------
    str
        One line without line breaks.
    """
    parts = [_header(snapshot)]
    warning = _warning(snapshot)
    if warning:
        parts.append(warning)
    for person in people_of(snapshot):
        by_name = {v["marker"]: v for v in person.values}
        words = [_short(name, by_name[name]) for name in HEADLINE if name in by_name]
        head = zone_text(person.zone, person.code, person.values).head
        line = sensor_line(person)
        parts.append(" ".join([person.code, *words, f"[{head}]", *([f"({line})"] if line else [])]))
    for dyad in dyads_of(snapshot, people_of(snapshot))[:1]:
        words = [synchrony_text(dyad, s).brief for s in SIGNALS if s in dyad.readings]
        if words:
            parts.append(f"{dyad.name} {', '.join(words)}")
    if snapshot["state"] != "running":
        parts.append(snapshot["state"].replace("_", " "))
    return " | ".join(parts)


def _short(name: str, value: ValueView) -> str:
    number = number_text(name, value["value"])
    mark = {"OK": "", "LOW": "?"}.get(value["status"], f" ({value['text']})" if value["text"] else "")
    return f"{marker_label(name)} {number}{mark}"


def show(
    read: Callable[[], Snapshot | None],
    stop: Event,
    *,
    console: Console | None = None,
    line_every_s: float = LINE_EVERY_S,
) -> None:
    """Show snapshots until told to stop: a live panel, or plain lines when nobody looks at a terminal.

    Parameters
    ----------
    read : callable
        Gives the newest snapshot, or None when there is no new one.
    stop : threading.Event
        Ends the loop.
    console : Console, optional
        Where to write; by default standard output.
    line_every_s : float, default 10.0
        Seconds between plain lines.
    """
    console = console if console is not None else Console()
    if not console.is_terminal:
        _show_lines(read, stop, console, line_every_s)
        return
    with Live(Text("starting"), console=console, auto_refresh=False, transient=False) as live:
        while True:
            ending = stop.wait(REFRESH_S)
            snapshot = read()
            if snapshot is not None:
                live.update(render(snapshot), refresh=True)
            if ending:
                return


def _show_lines(
    read: Callable[[], Snapshot | None], stop: Event, console: Console, line_every_s: float
) -> None:
    while True:
        ending = stop.wait(line_every_s)
        snapshot = read()
        if snapshot is not None:
            console.print(status_line(snapshot), markup=False, highlight=False, soft_wrap=True)
        if ending:
            return
