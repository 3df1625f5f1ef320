"""The time line of the whole session: what is painted, told and asked for."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.session_views import MarkView, TransportView
from monitor.board.timeline import REASONS
from monitor.board.zones import ZONES
from monitor.core.events import Tick
from monitor.core.results import NAN, Reason, Status, SynchronyReading, ZoneReading
from monitor.views.faces import Scene
from monitor.views.people import people_of
from monitor.views.theme import DARK, LIGHT, THEMES
from monitor.views.timeline.bar import TimelineBar
from monitor.views.timeline.paint import Brushes, paint_picture, planned
from monitor.views.timeline.plan import MarkTick, PersonRow, Picture, SignalRow
from monitor.views.traces import Traces

pytestmark = pytest.mark.gui

DYAD = (("C07", "client"), ("T02", "therapist"))
STATES = ((0, 60, "na", Reason.WARMUP), (300, 360, "above", Reason.NONE), (450, 500, "below", Reason.NONE))
GAP = (550, 580, "na", Reason.LEAD_OFF)


def readings(code: str, stop: int, extra: tuple[Any, ...] = ()) -> list[ZoneReading]:
    out = []
    for t in range(stop):
        found = next((s for s in (*STATES, *extra) if s[0] <= t < s[1]), (0, 0, "within", Reason.NONE))
        na = found[2] == "na"
        fields = dict.fromkeys(ZoneReading._fields, NAN)
        whole = ZoneReading(**fields)._replace(  # type: ignore[arg-type]
            participant=code,
            t_centre_s=float(t),
            t_emit_s=t + 15.0,
            zone=found[2],
            near="",
            arousal=NAN if na else {"above": 3.0, "below": -3.0}.get(found[2], 0.1),
            upper_mean=2.0,
            upper_sd=0.4,
            lower_mean=-2.0,
            lower_sd=0.4,
            provisional=False,
            status=Status.NA if na else Status.OK,
            reason=found[3],
            note="",
        )
        out.append(whole)
    return out


def mark(t_s: float, label: str = "rupture", **change: Any) -> MarkView:
    whole = MarkView(number=1, t_s=t_s, kind="note", label=label, participant="", by="therapist", text="")
    return {**whole, **change}  # type: ignore[typeddict-item]


def transport(**change: Any) -> TransportView:
    whole = TransportView(
        playing=False,
        speed=1.0,
        position_s=600.0,
        duration_s=1200.0,
        ready_s=1200.0,
        at_end=False,
        variant=0,
        variants=["own"],
        differences=[],
        author="AB",
        message="",
    )
    return {**whole, **change}  # type: ignore[typeddict-item]


class Rig:
    """A time line with a board, without a window around it."""

    def __init__(self, qtbot: QtBot, *, replay: bool, stop: int = 640) -> None:
        self.now_s = 100.0
        self.sent: list[tuple[str, object]] = []
        self.bar = TimelineBar(LIGHT, self.send, clock=lambda: self.now_s)
        qtbot.addWidget(self.bar)
        self.bar.resize(1200, 160)
        self.bar.show()
        self.traces = Traces()
        self.hidden: set[str] = set()
        self.blank = ""
        self.position_s = 600.0
        self.start(replay=replay, stop=stop)

    def start(self, *, replay: bool, stop: int = 640) -> None:
        self.cursor = 0
        self.board = Board()
        self.board.set_origin(0.0)
        self.board.note_people(DYAD)
        if replay:
            self.board.note_transport(transport())
        for code, extra in (("C07", ()), ("T02", (GAP,))):
            whole = readings(code, stop, extra)
            self.board.note_overview(whole) if replay else self.board.note_results(whole)
        self.board.note_event(Tick(float(stop), NAN))
        if replay:
            self.board.finish_overview()

    def send(self, name: str, value: object = None) -> bool:
        self.sent.append((name, value))
        return True

    def refresh(self, *, slow: bool = True) -> None:
        snapshot = self.board.snapshot(self.cursor)
        self.cursor = snapshot["cursor"]
        self.traces.apply(snapshot)
        people = [p for p in people_of(snapshot) if p.code not in self.hidden]
        if slow:
            self.bar.show_scene(Scene(snapshot, people, self.blank, recording=True))
        self.bar.draw(self.traces, self.position_s, slow=slow)

    def image(self) -> QImage:
        return self.bar.canvas.grab().toImage()

    def everything_said(self) -> str:
        canvas = self.bar.canvas
        said = [
            self.bar.hover.text(),
            self.bar.title.text(),
            canvas.toolTip(),
            canvas.accessibleDescription(),
        ]
        said += [canvas.accessibleName(), *(row.label for row in canvas.picture.people)]
        return "\n".join(
            [*said, *(m.said for m in canvas.picture.marks), *(m.label for m in canvas.picture.marks)]
        )

    def mouse(self, kind: QEvent.Type, t_s: float, y: float = 5.0, *, down: bool = True) -> None:
        button = Qt.MouseButton.LeftButton if down else Qt.MouseButton.NoButton
        point = QPointF(self.bar.canvas.plan.x_of(t_s), y)
        changed = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, point, point, changed, button, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.bar.canvas, event)

    def seeks(self) -> list[float]:
        return [float(value) for name, value in self.sent if name == "seek"]  # type: ignore[arg-type]


@pytest.fixture
def live(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot, replay=False)
    rig.refresh()
    return rig


@pytest.fixture
def replay(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot, replay=True)
    rig.refresh()
    return rig


def test_a_live_session_ends_at_now_and_is_at_least_ten_minutes_wide(qtbot: QtBot) -> None:
    rig = Rig(qtbot, replay=False, stop=120)
    rig.position_s = 120.0
    rig.refresh()
    assert rig.bar.canvas.picture.span_s == 600.0
    rig.position_s = 903.0
    rig.refresh()
    assert rig.bar.canvas.picture.span_s == 905.0


def test_a_click_does_nothing_while_live(live: Rig, qtbot: QtBot) -> None:
    live.mouse(QEvent.Type.MouseButtonPress, 100.0)
    live.mouse(QEvent.Type.MouseMove, 200.0)
    live.mouse(QEvent.Type.MouseButtonRelease, 300.0, down=False)
    qtbot.keyClick(live.bar.canvas, Qt.Key.Key_Right)
    assert live.sent == []
    assert math.isnan(live.bar.canvas.place.position_s)


def test_valid_minutes_stand_beside_the_percentage(live: Rig) -> None:
    # 640 s less the minute of warming up and the last cells, which may still be taken back.
    assert live.bar.canvas.picture.people[0].said == "within 80 % of 9 valid min"


def test_no_value_is_told_when_nothing_may_be_shown(live: Rig) -> None:
    live.blank = "engine gone"
    live.refresh()
    assert [row.said for row in live.bar.canvas.picture.people] == ["", ""]


def test_a_drag_asks_ten_times_a_second_at_most_and_for_the_last_moment_always(
    replay: Rig, qtbot: QtBot
) -> None:
    replay.mouse(QEvent.Type.MouseButtonPress, 100.0)
    for k in range(100):
        replay.now_s += 0.005
        replay.mouse(QEvent.Type.MouseMove, 100.0 + 7 * k)
        # The cursor is with the mouse at once.
        assert replay.bar.canvas.place.position_s == pytest.approx(100.0 + 7 * k, abs=2.0)
    replay.mouse(QEvent.Type.MouseButtonRelease, 803.0, down=False)
    seeks = replay.seeks()
    assert 3 <= len(seeks) <= 8
    assert seeks[-1] == pytest.approx(803.0, abs=2.0)
    qtbot.wait(150)
    assert replay.seeks() == seeks


def test_a_drag_that_halts_asks_for_where_it_halts(replay: Rig, qtbot: QtBot) -> None:
    replay.mouse(QEvent.Type.MouseButtonPress, 100.0)
    replay.now_s += 0.01
    replay.mouse(QEvent.Type.MouseMove, 400.0)
    assert len(replay.seeks()) == 1
    qtbot.waitUntil(lambda: len(replay.seeks()) == 2, timeout=1000)
    assert replay.seeks()[-1] == pytest.approx(400.0, abs=2.0)


def test_the_cursor_returns_to_the_truth_within_a_second(replay: Rig) -> None:
    replay.mouse(QEvent.Type.MouseButtonPress, 100.0)
    replay.mouse(QEvent.Type.MouseButtonRelease, 100.0, down=False)
    replay.refresh()
    assert replay.bar.canvas.place.position_s == pytest.approx(100.0, abs=2.0)
    replay.now_s += 1.1
    replay.refresh()
    assert replay.bar.canvas.place.position_s == 600.0


def test_arrow_keys_go_on_and_back_when_the_time_line_has_the_focus(replay: Rig, qtbot: QtBot) -> None:
    qtbot.keyClick(replay.bar.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(replay.bar.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(replay.bar.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert replay.seeks() == [610.0, 620.0, 560.0]


def test_a_moment_is_told_with_people_reason_and_note(replay: Rig) -> None:
    replay.board.note_marks([mark(560.0, "own_word", text="<b>wild</b>")])
    replay.refresh()
    replay.mouse(QEvent.Type.MouseMove, 560.0, y=-1.0, down=False)
    said = replay.bar.hover.text()
    assert "C07: within the calibrated range" in said
    assert "T02: not available: electrode contact lost" in said
    assert "own word: <b>wild</b>" in said
    assert "&lt;b&gt;" in replay.bar.canvas.toolTip()
    replay.mouse(QEvent.Type.MouseMove, 320.0, down=False)
    assert "arousal index above the upper edge" in replay.bar.hover.text()
    assert "T02" not in replay.bar.hover.text()
    replay.mouse(QEvent.Type.MouseMove, 470.0, down=False)
    assert "low activation (unspecific)" in replay.bar.hover.text()
    QApplication.sendEvent(replay.bar.canvas, QEvent(QEvent.Type.Leave))
    assert replay.bar.hover.text() == "click or drag to go there"


def test_whoever_is_hidden_is_nowhere(replay: Rig) -> None:
    replay.board.note_marks(
        [
            mark(200.0),
            mark(300.0, "too_much", kind="mark", participant="T02"),
            mark(400.0, "repair", text="T02 moved"),
            mark(450.0, "silence", text="secret"),
        ]
    )
    replay.board.note_overview(synchrony(1200.0))
    replay.board.note_transport(transport(variants=["own", "of T02"]))
    replay.refresh()
    replay.mouse(QEvent.Type.MouseMove, 400.0, y=-1.0, down=False)
    assert "T02" in replay.everything_said()
    assert len(replay.bar.canvas.picture.signals) == 2
    replay.hidden = {"T02"}
    replay.refresh()
    said = replay.everything_said()
    assert "T02" not in said
    assert "secret" not in said
    assert [m.t_s for m in replay.bar.canvas.picture.marks] == [200.0, 400.0, 450.0]
    assert replay.bar.canvas.picture.signals == []
    assert [row.code for row in replay.bar.canvas.picture.people] == ["C07"]


def test_whoever_is_hidden_goes_even_when_nothing_is_drawn(replay: Rig) -> None:
    replay.hidden = {"T02"}
    snapshot = replay.board.snapshot(replay.cursor)
    people = [p for p in people_of(snapshot) if p.code == "C07"]
    replay.bar.show_scene(Scene(snapshot, people, "", recording=True))
    assert "T02" not in replay.everything_said()


def synchrony(until_s: float) -> list[SynchronyReading]:
    fields = dict.fromkeys(SynchronyReading._fields, NAN)
    return [
        SynchronyReading(**fields)._replace(  # type: ignore[arg-type]
            first="C07",
            second="T02",
            signal="eda",
            t_s=float(t),
            t_emit_s=float(t),
            z_session=3.0 if t > 600 else 0.0,
            chance_lo=-1.6,
            chance_hi=1.7,
            status=Status.OK,
            reason=Reason.NONE,
        )
        for t in range(300, int(until_s), 30)
    ]


def test_synchrony_of_the_whole_recording_is_shown_in_a_replay(replay: Rig) -> None:
    replay.board.note_overview(synchrony(1200.0))
    replay.refresh()
    eda, ibi = replay.bar.canvas.picture.signals
    assert [(s.start_s, s.stop_s, s.place) for s in eda.spans] == [
        (270.0, 600.0, "within"),
        (600.0, 1170.0, "above"),
    ]
    assert ibi.spans == []
    box = replay.bar.canvas.plan.signals[0]
    replay.mouse(QEvent.Type.MouseMove, 700.0, y=box.top + 1, down=False)
    assert "skin conductance: above what chance gives in this session" in replay.bar.hover.text()
    replay.mouse(QEvent.Type.MouseMove, 100.0, y=box.top + 1, down=False)
    assert "skin conductance: not available" in replay.bar.hover.text()


def test_profiles_compared_have_a_row_each_and_the_one_shown_is_named(replay: Rig) -> None:
    replay.board.note_overview(readings("C07", 640), 1)
    replay.board.note_transport(transport(variants=["own", "strict"], variant=1))
    replay.refresh()
    rows = replay.bar.canvas.picture.people
    assert [(r.label, r.shown) for r in rows] == [
        ("C07: own", False),
        ("C07: strict", True),
        ("T02: own", False),
        ("T02: strict", True),
    ]
    assert "C07: strict (shown): within" in replay.bar.canvas.accessibleDescription()


def test_many_rows_are_bounded_and_the_rest_is_told(qtbot: QtBot) -> None:
    rig = Rig(qtbot, replay=True)
    rig.board.note_people([(f"P{k}", "other") for k in range(20)])
    rig.refresh()
    assert len(rig.bar.canvas.picture.people) == 12
    assert "10 more rows are not shown here" in rig.bar.title.text()
    assert rig.bar.canvas.height() < 330


def test_nothing_is_painted_anew_while_only_the_cursor_moves(replay: Rig) -> None:
    replay.image()
    before = replay.bar.canvas.pictures
    for k in range(20):
        replay.position_s = 600.0 + k
        replay.refresh()
        replay.image()
    assert replay.bar.canvas.pictures == before


def test_the_past_is_forgotten_with_its_board(replay: Rig) -> None:
    replay.start(replay=True, stop=0)
    replay.refresh()
    assert replay.bar.canvas.picture.people[0].cells.shape[1] == 0


class CountingPainter:
    """Hands everything on to a painter and counts what is drawn."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter
        self.draws = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("draw", "fill")):
            self.draws += 1
        return getattr(self.painter, name)


def eight_hours(rng: np.random.Generator) -> Picture:
    n = 5760
    cells = np.empty((4, n))
    cells[0] = np.arange(n) * 5.0 + 2.5
    cells[1] = rng.normal(0, 2, n)
    cells[2] = rng.integers(0, len(ZONES), n)
    cells[3] = rng.integers(0, len(REASONS), n)
    people = [PersonRow(c, c, False, cells, "x", (2.0, 0.5), (-2.0, 0.5)) for c in ("C07", "T02")]
    marks = [
        MarkTick(t, "note" if k % 2 else "mark", "a", "a") for k, t in enumerate(np.linspace(0, 28800, 400))
    ]
    return Picture(28800.0, people, [SignalRow("s", []), SignalRow("t", [])], marks)


def test_eight_hours_cost_a_number_of_calls_that_the_width_bounds(qtbot: QtBot) -> None:
    image = QImage(1900, 130, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(image) as painter:
        counting = CountingPainter(painter)
        picture = eight_hours(np.random.default_rng(1))
        plan = planned(picture, QFontMetricsF(painter.font()), 1900, compact=False)
        paint_picture(counting, picture, plan, Brushes(LIGHT))  # type: ignore[arg-type]
    # 11520 cells in disorder and 400 notes: some calls a row and one per kind of what stands out.
    assert counting.draws < 500


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_above_and_below_differ_in_place_and_a_gap_from_both(replay: Rig, theme: str) -> None:
    replay.bar.paint_with(THEMES[theme])
    replay.refresh()
    image, plan = replay.image(), replay.bar.canvas.plan
    box = plan.people[0]

    def shades(t_s: float, share: float) -> list[str]:
        # A few pixels, since hatching leaves some of them bare.
        x, y = int(plan.x_of(t_s)), int(box.top + share * box.height)
        return sorted({image.pixelColor(x + dx, y).name() for dx in range(8)})

    upper = [shades(t, 0.12) for t in (200.0, 320.0, 470.0)]
    lower = [shades(t, 0.88) for t in (200.0, 320.0, 470.0)]
    assert upper[1] != upper[0] == upper[2]
    assert lower[2] != lower[0] == lower[1]
    assert shades(20.0, 0.12) != upper[0]


def test_a_theme_can_be_changed_while_it_runs(replay: Rig) -> None:
    before = replay.image()
    replay.bar.paint_with(DARK)
    assert replay.image() != before


def test_the_part_not_prepared_looks_different(replay: Rig) -> None:
    before = replay.image()
    replay.board.note_transport(transport(ready_s=700.0))
    replay.refresh()
    after, plan = replay.image(), replay.bar.canvas.plan
    y = int(plan.people[0].top) + 5
    assert after.pixelColor(int(plan.x_of(900.0)), y) != before.pixelColor(int(plan.x_of(900.0)), y)
    assert after.pixelColor(int(plan.x_of(200.0)), y) == before.pixelColor(int(plan.x_of(200.0)), y)


def test_the_focus_is_seen_when_it_came_by_key(replay: Rig, qtbot: QtBot) -> None:
    canvas = replay.bar.canvas
    replay.bar.activateWindow()
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(canvas.hasFocus, timeout=2000)
    before = replay.image()
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(canvas.hasFocus, timeout=2000)
    assert replay.image() != before


def test_a_board_told_in_pieces_paints_the_same_picture(qtbot: QtBot, replay: Rig) -> None:
    whole = replay.image()
    other = Rig(qtbot, replay=True, stop=0)
    rows = {code: readings(code, 640, extra) for code, extra in (("C07", ()), ("T02", (GAP,)))}
    for k in range(0, 640, 37):
        for code in rows:
            other.board.note_overview(rows[code][k : k + 37])
        other.refresh()
    other.board.finish_overview()
    other.refresh()
    assert other.image() == whole


def test_while_a_recording_is_prepared_it_is_looked_at_once_a_second(qtbot: QtBot) -> None:
    rig = Rig(qtbot, replay=True, stop=0)
    rig.board.note_transport(transport(ready_s=100.0))
    rig.refresh()
    rows = readings("C07", 640)
    counts = []
    for k in range(0, 640, 32):
        rig.now_s += 0.2
        rig.board.note_overview(rows[k : k + 32])
        rig.refresh()
        counts.append(rig.bar.canvas.picture.people[0].cells.shape[1])
    assert counts[1] > 0
    assert 4 <= len(set(counts[1:])) <= 6
