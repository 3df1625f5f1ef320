"""The guided calibration in a terminal: a panel with keys, or plain lines where nobody looks at one."""

import time
from collections.abc import Callable
from threading import Event

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from monitor.board.session_views import ProcedureView
from monitor.board.snapshot import Snapshot
from monitor.views.calibrate.breath import Breath, Pace, breath_at, still
from monitor.views.calibrate.keys import command_of, key_line
from monitor.views.calibrate.words import (
    RESULT_TITLE,
    asks_text,
    breath_text,
    phase_text,
    progress_text,
    step_text,
)
from monitor.views.keyboard import Keyboard
from monitor.views.words import FOOTER, SESSION_STATES, recording_text

REFRESH_S = 0.2
LINE_EVERY_S = 10.0
_BAR = 40

Send = Callable[[str, float | None], object]
"""Takes the name and value of a command."""


def render(snapshot: Snapshot, breath: Breath | None = None, *, motion: bool = False) -> RenderableType:
    """Draw the state of a calibration.

    Parameters
    ----------
    snapshot : Snapshot
        What the board knows.
    breath : Breath, optional
        The moment of a paced step.
    motion : bool, default False
        Whether the breath may move.

    Returns
    -------
    RenderableType
        For a console of rich.
    """
    view = snapshot["procedure"]
    parts: list[RenderableType] = [Text(recording_text(snapshot["recording"]), style="dim")]
    if view is None:
        parts.append(Text(SESSION_STATES.get(snapshot["state"], ""), style="italic"))
    elif view["result"] is not None:
        parts += _result(view)
    else:
        parts += _step(view, breath, motion=motion)
    if view is not None:
        parts.append(Text(f"\n{key_line(view)}"))
    parts.append(Text(FOOTER, style="dim"))
    title = f"calibration of {view['participant']}" if view is not None else "calibration"
    return Panel(Group(*parts), title=title, title_align="left")


def _step(view: ProcedureView, breath: Breath | None, *, motion: bool) -> list[RenderableType]:
    head = " · ".join(part for part in (step_text(view), phase_text(view)) if part)
    parts: list[RenderableType] = [
        Text(f"\n{view['title']}", style="bold"),
        Text(head, style="dim"),
        Text(f"\n{view['instruction']}\n"),
        _bar(view["elapsed_s"] / max(view["length_s"], 1.0)),
        Text(progress_text(view)),
    ]
    if breath is not None and view["phase"] == "running":
        parts.append(Text(f"\n{breath_text(breath)}", style="bold"))
        if motion:
            parts.append(Text("█" * round(breath.fullness * _BAR)))
    parts += [Text(f"{'+' if line['good'] else '–'} {line['text']}") for line in view["quality"]]
    if asks_text(view):
        parts.append(Text(f"\n{asks_text(view)}", style="bold"))
    if view["message"]:
        parts.append(Text(f"\n{view['message']}", style="reverse"))
    return parts


def _bar(share: float) -> Text:
    full = round(min(max(share, 0.0), 1.0) * _BAR)
    return Text("━" * full).append("─" * (_BAR - full), style="dim")


def _result(view: ProcedureView) -> list[RenderableType]:
    result = view["result"]
    if result is None:
        return []
    parts: list[RenderableType] = [Text(f"\n{RESULT_TITLE}\n", style="bold")]
    parts += [Text(line) for line in result["lines"]]
    if result["problem"]:
        parts.append(Text(f"\n{result['problem']}", style="reverse"))
    return parts


def line_of(view: ProcedureView) -> str:
    """Write the state of a calibration as one line, for a log.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.

    Returns
    -------
    str
        One line without line breaks.
    """
    if view["result"] is not None:
        parts = [*view["result"]["lines"], view["result"]["problem"]]
    else:
        worse = [line["text"] for line in view["quality"] if not line["good"]]
        parts = [step_text(view), view["title"], phase_text(view), progress_text(view), *worse]
    return " | ".join(part for part in (*parts, view["message"]) if part)


def show_calibration(
    read: Callable[[], Snapshot],
    send: Send,
    stop: Event,
    *,
    motion: bool = False,
    console: Console | None = None,
    line_every_s: float = LINE_EVERY_S,
) -> None:
    """Show a calibration and pass keys on until told to stop.

    Parameters
    ----------
    read : callable
        Gives the newest snapshot.
    send : callable
        Takes commands; called in the thread that reads the keyboard.
    stop : threading.Event
        Ends the loop.
    motion : bool, default False
        Whether the pace of breathing may move; else it is words alone.
    console : Console, optional
        Where to write; by default standard output.
    line_every_s : float, default 10.0
        Seconds between plain lines.
    """
    console = console if console is not None else Console()
    if not console.is_terminal:
        _show_lines(read, stop, console, line_every_s)
        return
    pace = Pace()

    def _typed(key: str) -> None:
        view = read()["procedure"]
        command = command_of(key, view) if view is not None else None
        if command is not None:
            send(*command)

    with Keyboard(_typed), Live(Text(""), console=console, auto_refresh=False) as live:
        ending = False
        while not ending:
            ending = stop.wait(REFRESH_S)
            snapshot = read()
            breath = breath_now(snapshot["procedure"], pace, time.monotonic())
            if breath is not None and not motion:
                breath = still(breath)
            live.update(render(snapshot, breath, motion=motion), refresh=True)


def breath_now(view: ProcedureView | None, pace: Pace, now_s: float) -> Breath | None:
    """Find the breath of a paced step on the clock of a view.

    Parameters
    ----------
    view : ProcedureView or None
        The state of the procedure.
    pace : Pace
        Its running time.
    now_s : float
        Clock of the view in seconds.

    Returns
    -------
    Breath or None
        None where no breathing is paced.
    """
    if view is None:
        return None
    elapsed_s = pace.at(now_s, (view["index"], view["title"]), running=view["phase"] == "running")
    return breath_at(elapsed_s, view["breaths_per_min"], view["inhale_share"])


def _show_lines(read: Callable[[], Snapshot], stop: Event, console: Console, line_every_s: float) -> None:
    before, told_s = "", float("-inf")
    ending = False
    while not ending:
        ending = stop.wait(min(REFRESH_S, line_every_s))
        view = read()["procedure"]
        if view is None:
            continue
        key = f"{view['index']} {view['phase']} {view['message']} {view['result'] is not None}"
        now_s = time.monotonic()
        if key != before or now_s - told_s >= line_every_s:
            before, told_s = key, now_s
            console.print(line_of(view), markup=False, highlight=False, soft_wrap=True)
