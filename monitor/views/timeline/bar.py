"""The time line of the whole session; in a replay it is the scrubber."""

import math
import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from monitor.board.gate import Hold
from monitor.board.snapshot import SynchronyView, ZoneView
from monitor.board.timeline import CELL_S
from monitor.views.actions import Send
from monitor.views.between.dyads import Dyad, dyads_of
from monitor.views.between.words import SHORT
from monitor.views.faces import Part, Scene
from monitor.views.lines import Line, tr
from monitor.views.notes.words import word_of
from monitor.views.theme import Theme
from monitor.views.timeline.canvas import TimelineCanvas
from monitor.views.timeline.model import minutes_of, spans_of
from monitor.views.timeline.plan import LEAST_SPAN_S, MarkTick, PersonRow, Picture, Place, SignalRow
from monitor.views.timeline.seeking import Seeker
from monitor.views.timeline.words import (
    NEAR_PX,
    WORDS,
    hover_text,
    mark_text,
    minutes_text,
    names_of,
    signal_text,
    state_text,
    summary_text,
)
from monitor.views.traces import Traces

MOST_ROWS = 12
LOW_WINDOW_PX = 900
PREPARING_S = 1.0
MOST_PEOPLE_SAID, MOST_NOTES_SAID = 4, 3
DyadKey = tuple[str, str, str]


class _Wanted(NamedTuple):
    """What the picture is made of beside the traces; as long as it is the same, nothing is painted anew."""

    board: str
    codes: tuple[str, ...]
    edges: tuple[tuple[float | None, ...], ...]
    dyad: tuple[str, str] | None
    limits_s: tuple[float, ...]
    marks: tuple[MarkTick, ...]
    variants: tuple[str, ...]
    variant: int
    replay: bool
    speed: float
    duration_s: float
    preparing: bool
    blank: bool


class TimelineBar(Part):
    """Bands, excursions, notes and gaps over the whole session.

    Parameters
    ----------
    theme : Theme
        Colours.
    send : callable
        Takes commands.
    clock : callable, default time.monotonic
        Seconds; for tests.
    """

    def __init__(self, theme: Theme, send: Send, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self.seeker = Seeker(send, clock=clock)
        self.title, self.hover = QLabel(tr(WORDS["title"])), Line("dim")
        self.title.setObjectName("dim")
        self.canvas = TimelineCanvas(
            theme, said_at=self._said_at, on_hover=self._hovered, on_seek=self._seek, on_step=self._step
        )
        self.canvas.setAccessibleName(tr(WORDS["title"]))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.title)
        head.addWidget(self.hover, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.canvas)
        self._wanted: _Wanted | None = None
        self._hint = ""
        self._position_s = math.nan
        self._shown_s: dict[DyadKey, float] = {}
        self._drawn: tuple[object, ...] = ()
        self._drawn_s = -math.inf

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self.canvas.paint_with(theme)

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
        before, snapshot = self._wanted, scene.snapshot
        transport = snapshot["transport"]
        dyad = next(iter(dyads_of(snapshot, scene.people)), None)
        if before is not None and before.board != snapshot["board"]:
            self._shown_s.clear()
        codes = tuple(person.code for person in scene.people)
        self._wanted = _Wanted(
            board=snapshot["board"],
            codes=codes,
            edges=tuple(_edges(person.zone) for person in scene.people),
            dyad=None if dyad is None else dyad.codes,
            limits_s=() if dyad is None or transport is not None else self._limits(dyad),
            marks=_ticks(scene, codes),
            variants=() if transport is None else _names(scene, transport["variants"]),
            variant=0 if transport is None else transport["variant"],
            replay=transport is not None,
            speed=1.0 if transport is None else transport["speed"],
            duration_s=0.0 if transport is None else transport["duration_s"],
            preparing=transport is not None and transport["ready_s"] < transport["duration_s"] - 1.0,
            blank=bool(scene.blank),
        )
        if before is not None and before.codes != codes:
            # Whoever may not be seen goes at once, whether there is something new to draw or not.
            self._drawn = ()
            self.canvas.show_picture(Picture(LEAST_SPAN_S, [], [], []))
            self.canvas.said_again()
            self._describe([], None)
        self.canvas.seekable = transport is not None
        if transport is None:
            self.seeker.forget()
            self._position_s = math.nan
            self.canvas.show_place(Place())
        else:
            self._position_s = transport["position_s"]
            self.canvas.show_place(
                Place(self.seeker.shown(transport["position_s"], transport["speed"]), transport["ready_s"])
            )
        self._hint = tr(WORDS["hint"]) if transport is not None else ""
        self.canvas.said_again()

    def _limits(self, dyad: Dyad) -> tuple[float, ...]:
        """Up to where each signal may be drawn: what the gate keeps back is not shown here either."""
        out = []
        for signal in SHORT:
            key = (*dyad.codes, signal)
            reading = dyad.readings.get(signal)
            if reading is not None:
                self._shown_s[key] = max(self._shown_s.get(key, -math.inf), _last_shown(reading))
            out.append(self._shown_s.get(key, -math.inf))
        return tuple(out)

    def draw(self, traces: Traces, right_s: float, *, slow: bool) -> None:
        """Move the cursor; five times a second, paint what is new.

        Parameters
        ----------
        traces : Traces
            Display data.
        right_s : float
            Session time in seconds at the right edge.
        slow : bool
            True five times a second.
        """
        wanted = self._wanted
        if wanted is None:
            return
        if wanted.replay:
            self.canvas.show_place(
                self.canvas.place._replace(position_s=self.seeker.shown(right_s, wanted.speed))
            )
        if not slow:
            return
        span_s = wanted.duration_s if wanted.replay else CELL_S * math.ceil(right_s / CELL_S)
        span_s = max(span_s, 60.0 if wanted.replay else LEAST_SPAN_S)
        known = [traces.version("overview")]
        if wanted.dyad is not None:
            known += [traces.version(*wanted.dyad, signal) for signal in SHORT]
        low = self.window().height() < LOW_WINDOW_PX
        # How fast it plays changes nothing that is painted.
        key = (wanted._replace(speed=0.0), span_s, low, *known)
        if key == self._drawn:
            return
        now_s = self._clock()
        # While a recording is prepared, cells come at every frame: a look once a second will do.
        some = any(row.cells.shape[1] for row in self.canvas.picture.people)
        if some and wanted.preparing and key[:3] == self._drawn[:3] and now_s - self._drawn_s < PREPARING_S:
            return
        self._drawn, self._drawn_s = key, now_s
        self.canvas.compact = low
        people, hidden = self._people(traces, wanted)
        signals = _signals(traces, wanted)
        self.canvas.show_picture(Picture(span_s, people, signals, list(wanted.marks)))
        self.canvas.said_again()
        self._describe(people, hidden)

    def _people(self, traces: Traces, wanted: _Wanted) -> tuple[list[PersonRow], int]:
        several = len(wanted.variants) > 1
        variants = [v for v in traces.variants() if v == 0 or v < len(wanted.variants)] or [0]
        rows = []
        for code, edges in zip(wanted.codes, wanted.edges, strict=True):
            for variant in variants if several else [0]:
                cells = traces.timeline(code, variant)
                label = code
                if several:
                    label = tr(WORDS["profile"]).format(who=code, profile=wanted.variants[variant])
                here = variant == wanted.variant
                said = "" if wanted.blank else minutes_text(minutes_of(cells), tr)
                upper, lower = (_pair(*edges[:2]), _pair(*edges[2:])) if here else (None, None)
                rows.append(PersonRow(code, label, several and here, cells, said, upper, lower))
        return rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS)

    def _describe(self, people: list[PersonRow], more: int | None) -> None:
        parts = [summary_text(_name(row), row.cells, minutes_of(row.cells), tr) for row in people]
        if self._wanted is not None and self._wanted.marks:
            parts.append(tr(WORDS["notes"]).format(count=len(self._wanted.marks)))
        if more:
            parts.append(tr(WORDS["more"]).format(rows=more))
        title = tr(WORDS["title"])
        title = " · ".join([title, parts[-1]]) if more else title
        if self.title.text() != title:
            self.title.setText(title)
        self.canvas.setAccessibleDescription("\n".join(parts))

    def _said_at(self, t_s: float, row: int) -> str:
        people, signals = self.canvas.picture.people, self.canvas.picture.signals
        wanted = people[row : row + 1] if row >= 0 else people[:MOST_PEOPLE_SAID]
        if row >= len(people):
            wanted, signals = [], signals[row - len(people) :][:1]
        else:
            signals = []
        states = [(p.label, state_text(p.cells, t_s, tr)) for p in wanted]
        between = [signal_text(s.label, s.spans, t_s, tr) for s in signals]
        plan = self.canvas.plan
        near_s = NEAR_PX * plan.span_s / plan.width
        notes = [m.said for m in self.canvas.picture.marks if abs(m.t_s - t_s) <= near_s]
        return hover_text(t_s, states, between + notes[:MOST_NOTES_SAID], tr)

    def _hovered(self, said: str) -> None:
        self.hover.put(said or self._hint)

    def _seek(self, t_s: float, last: bool) -> None:
        self.seeker.seek(round(t_s, 3), last=last)
        self.canvas.show_place(self.canvas.place._replace(position_s=t_s))

    def _step(self, step_s: float) -> None:
        if self._wanted is not None and math.isfinite(self._position_s):
            here_s = self.seeker.shown(self._position_s, self._wanted.speed) + step_s
            self._seek(min(max(here_s, 0.0), self._wanted.duration_s), last=True)


def _name(row: PersonRow) -> str:
    return tr(WORDS["shown"]).format(label=row.label) if row.shown else row.label


def _edges(zone: ZoneView | None) -> tuple[float | None, ...]:
    if zone is None:
        return (None,) * 4
    numbers = (zone["upper_mean"], zone["upper_sd"], zone["lower_mean"], zone["lower_sd"])
    return tuple(None if x is None else round(x, 2) for x in numbers)


def _pair(mean: float | None, sd: float | None) -> tuple[float, float] | None:
    return None if mean is None or sd is None else (mean, sd)


def _ticks(scene: Scene, codes: tuple[str, ...]) -> tuple[MarkTick, ...]:
    hidden = {person["code"] for person in scene.snapshot["people"]} - set(codes)
    out = []
    for mark in scene.snapshot["marks"]:
        label = word_of(mark["label"])
        said = mark_text(mark, label, private=bool(hidden), say=tr)
        if mark["participant"] not in hidden and not names_of(f"{label} {said}", hidden):
            out.append(MarkTick(mark["t_s"], mark["kind"], label, said))
    return tuple(out)


def _names(scene: Scene, variants: list[str]) -> tuple[str, ...]:
    hidden = {p["code"] for p in scene.snapshot["people"]} - {p.code for p in scene.people}
    return tuple("–" if names_of(name, hidden) else name for name in variants)


def _signals(traces: Traces, wanted: _Wanted) -> list[SignalRow]:
    if wanted.dyad is None:
        return []
    first, second = wanted.dyad
    out = []
    for k, signal in enumerate(SHORT):
        if wanted.replay:
            rows = traces.overview(first, second, signal)
            rows = rows if rows.shape[1] else traces.overview(second, first, signal)
        else:
            rows = traces.synchrony(first, second, signal)
            rows = rows[:, rows[0] <= wanted.limits_s[k]]
        out.append(SignalRow(tr(SHORT[signal]), spans_of(rows)))
    return out


def _last_shown(reading: SynchronyView) -> float:
    """Return the newest moment of the line that rests on data which were there in time."""
    if reading["hold"] == Hold.STALE and reading["since_s"] is not None:
        return reading["since_s"]
    return reading["t_s"] if reading["hold"] in {Hold.NONE, Hold.OUTDATED, Hold.ENDED} else -math.inf
