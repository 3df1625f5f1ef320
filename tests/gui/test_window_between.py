"""Synchrony between two people in the window, offscreen."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.client import Link
from monitor.board.snapshot import Snapshot
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, Reason, Status, SynchronyReading
from monitor.views.between.panel import BetweenPanel, SignalPanel
from monitor.views.lines import Line
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT, THEMES, Theme

pytestmark = pytest.mark.gui

DYAD = (("C07", "client"), ("T02", "therapist"))
FOUR = (*DYAD, ("P11", "other"), ("P12", "other"))
END = 1800


class FakeClient:
    """Reads a board without a pipe."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.link = Link.LIVE
        self.cursor = 0

    def send(self, _name: str, _value: object = None) -> bool:
        return True

    def poll(self) -> Snapshot:
        snapshot = self.board.snapshot(self.cursor)
        self.cursor = snapshot["cursor"]
        return snapshot

    def close(self) -> None:
        pass


def reading(t_s: float, pair: tuple[str, str] = ("C07", "T02"), **change: Any) -> SynchronyReading:
    few, low = t_s < 300, t_s < 600
    whole = SynchronyReading(
        first=pair[0],
        second=pair[1],
        signal="eda",
        t_s=t_s,
        t_emit_s=t_s,
        valid_min=t_s / 60,
        needed_min=10.0,
        z_session=NAN if few else 2.6,
        chance_lo=NAN if few else -1.6,
        chance_hi=NAN if few else 1.7,
        p=0.004,
        z_recent=0.4,
        recent_lo=-1.5,
        recent_hi=1.8,
        z_in_phase=3.0,
        z_anti_phase=0.1,
        z_lead=2.4,
        lag_s=2.0,
        status=Status.NA if few else Status.LOW if low else Status.OK,
        reason=Reason.TOO_FEW_SEGMENTS if low else Reason.NONE,
    )
    return whole._replace(**change)


class Rig:
    """A window on a session of some people."""

    def __init__(
        self, qtbot: QtBot, people: tuple[tuple[str, str], ...] = DYAD, theme: Theme = LIGHT
    ) -> None:
        self.now_s = 0.0
        self.board = Board()
        self.board.set_origin(0.0)
        self.board.note_people(people)
        self.people = people
        self.fed = 0
        roles = [(code, modality) for code, _ in people for modality in (Modality.ECG, Modality.EDA)]
        for number, (code, modality) in enumerate(roles, 1):
            info = StreamInfo(
                stream_id=number,
                name="s",
                type="x",
                channel_count=1,
                nominal_rate_hz=10.0,
                channel_format="float32",
            )
            role = Binding(channel=0, key=StreamKey(code, modality), unit="", scale=1.0, reason="")
            self.board.note_event(StreamOpened(info, (role,)))
        self.client = FakeClient(self.board)
        self.window = MonitorWindow(self.client, theme, clock=lambda: self.now_s)  # type: ignore[arg-type]
        self.window._timer.stop()
        qtbot.addWidget(self.window)
        self.window.show()

    def run(self, until_s: float, *, without: int = 0) -> None:
        """Let all streams but one arrive up to a moment."""
        stop = round(10 * until_s)
        stamps = np.arange(max(self.fed, stop - 50), stop) / 10.0
        self.fed = stop
        for number in range(1, 2 * len(self.people) + 1):
            if number != without:
                self.board.note_event(Chunk(number, stamps, np.ones((stamps.size, 1))))
        self.board.note_event(Tick(until_s, NAN))

    def session(self, **last: Any) -> None:
        """Half an hour with a reading every 30 s."""
        times = np.arange(30.0, END + 1.0, 30.0).tolist()
        self.board.note_results([reading(t, **(last if t == END else {})) for t in times])
        self.run(float(END))

    def refresh(self) -> None:
        for _ in range(2):
            self.now_s += 0.3
            self.window.refresh()

    @property
    def between(self) -> BetweenPanel:
        return self.window.research.between

    @property
    def eda(self) -> SignalPanel:
        return self.between.signals["eda"]

    def line(self) -> list[float]:
        parts = [p.getData()[1] for p in (self.eda.plot.curve,)]
        return [] if parts[0] is None else parts[0].tolist()

    def has_dot(self) -> bool:
        x, _ = self.eda.plot.dot.getData()
        return x is not None and x.size > 0


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot)
    yield rig
    rig.window.close()


def said(panel: SignalPanel) -> str:
    return f"{panel.sentence.text()} | {panel.details.text()}".replace("\u00a0", " ")


def test_the_panel_shows_line_band_place_and_words(rig: Rig) -> None:
    rig.session()
    rig.refresh()
    assert rig.between.isVisible()
    assert said(rig.eda) == (
        "similarity of skin conductance changes so far: above what chance gives in this session (z 2.6, 30 min) | "
        "last 5 min: within · moved the same way more often than chance · "
        "client's changes tended to come about 2 s earlier (30 min); not a causal statement"
    )
    assert said(rig.between.signals["ibi"]) == "cardiac: not yet | "
    assert len(rig.line()) == (END - 300) // 30 + 1
    box = rig.eda.plot.band.path().boundingRect()
    assert (box.left(), box.right()) == (5.0, 30.0)
    assert (box.top(), box.bottom()) == pytest.approx((-1.6, 1.7))
    assert rig.has_dot()
    assert rig.eda.plot.missing == []
    assert "C07 – T02: similarity of skin conductance" in rig.eda.plot.accessibleName()
    assert "C07 – T02" in rig.between.title.text()


def test_the_panel_stands_between_the_two_people(rig: Rig) -> None:
    rig.refresh()
    left, right = (rig.window.research.columns[code].x() for code in ("C07", "T02"))
    assert left < rig.between.x() < right


def test_one_person_alone_has_no_panel_and_no_empty_room(qtbot: QtBot) -> None:
    rig = Rig(qtbot, DYAD[:1])
    rig.run(100.0)
    rig.refresh()
    assert rig.between.isHidden()
    assert rig.window.research.columns["C07"].width() > 0.95 * rig.window.width()
    rig.window.close()


def test_a_first_value_is_unsure_and_dashed(rig: Rig) -> None:
    rig.board.note_results([reading(t) for t in (270.0, 300.0, 330.0, 360.0)])
    rig.run(360.0)
    rig.refresh()
    assert "(z 2.6, 6 of 10 min); unsure: fewer than 20 segments" in said(rig.eda)
    plot = rig.eda.plot
    assert plot.unsure.opts["connect"].tolist() == [1, 1, 0]
    assert plot.curve.opts["connect"].tolist() == [0, 0, 0]


def test_missing_readings_are_hatched_and_not_bridged(rig: Rig) -> None:
    gap: dict[str, Any] = {
        "status": Status.NA,
        "reason": Reason.GAP,
        "z_session": NAN,
        "chance_lo": NAN,
        "chance_hi": NAN,
    }
    rig.board.note_results([reading(t, **(gap if 900 <= t <= 990 else {})) for t in range(600, 1201, 30)])
    rig.board.note_results([reading(1500.0), reading(1530.0)])
    rig.run(1530.0)
    rig.refresh()
    plot = rig.eda.plot
    assert plot.missing == [(14.5, 17.0), (20.0, 25.0)]
    assert plot.curve.opts["connect"].sum() == len(rig.line()) - 3
    assert plot.band.path().elementCount() > 0


def test_a_reading_without_value_ends_the_line_and_takes_the_dot(rig: Rig) -> None:
    rig.session(status=Status.NA, reason=Reason.ZERO_VARIANCE)
    rig.refresh()
    assert said(rig.eda).startswith(
        "skin conductance: not available: skin conductance of one person does not vary"
    )
    assert not rig.has_dot()
    assert rig.eda.plot.missing == [(29.5, 30.0)]


def test_a_lost_stream_takes_every_number_and_leaves_the_line_so_far(rig: Rig) -> None:
    rig.session()
    rig.refresh()
    before = rig.line()
    rig.board.note_event(StreamLost(4, float(END), "gone"))
    rig.board.note_results([reading(END + 30.0, z_session=9.0)])
    rig.run(END + 30.0, without=4)
    rig.refresh()
    assert said(rig.eda) == "skin conductance: on hold since 29:59: no data from T02 | "
    assert rig.line() in (before, before[:-1])
    assert not rig.has_dot()
    assert 9.0 not in rig.line()
    assert "2.6" not in rig.eda.plot.accessibleName()


@pytest.mark.parametrize("trouble", ["gone", "ended"])
def test_when_nothing_is_known_the_line_so_far_stays(rig: Rig, trouble: str) -> None:
    rig.session()
    rig.refresh()
    before = rig.line()
    if trouble == "gone":
        rig.client.link = Link.GONE
    else:
        rig.board.note_end()
    rig.refresh()
    assert "not available" in said(rig.eda)
    assert "2.6" not in said(rig.eda)
    assert rig.line() == before
    assert not rig.has_dot()


def test_a_window_that_opens_after_the_end_shows_the_line(qtbot: QtBot, rig: Rig) -> None:
    rig.session()
    rig.board.note_end()
    late = FakeClient(rig.board)
    window = MonitorWindow(late, LIGHT, clock=lambda: rig.now_s)  # type: ignore[arg-type]
    window._timer.stop()
    qtbot.addWidget(window)
    rig.now_s += 0.3
    window.refresh()
    assert window.research.between.signals["eda"].plot.curve.getData()[1].size > 40
    window.close()


def test_the_line_is_drawn_when_a_reading_came_and_only_then(rig: Rig) -> None:
    rig.session()
    rig.refresh()
    drawn = rig.eda.plot.drawings
    for _ in range(10):
        rig.run(rig.fed / 10.0 + 1.0)
        rig.refresh()
    assert rig.eda.plot.drawings == drawn
    rig.board.note_results([reading(END + 30.0)])
    rig.refresh()
    assert rig.eda.plot.drawings == drawn + 1


def test_an_engine_that_starts_again_starts_a_new_line(rig: Rig) -> None:
    rig.session()
    rig.refresh()
    fresh = Board()
    fresh.set_origin(0.0)
    fresh.note_people(DYAD)
    fresh.note_event(Tick(5.0, NAN))
    rig.client.board, rig.client.cursor = fresh, 0
    rig.refresh()
    assert rig.line() == []
    assert rig.eda.plot.band.path().isEmpty()


def test_of_four_people_any_pair_can_be_chosen_by_keyboard(qtbot: QtBot) -> None:
    rig = Rig(qtbot, FOUR)
    rig.session()
    rig.board.note_results([reading(float(END), ("C07", "P11"), z_session=0.1)])
    rig.refresh()
    chooser = rig.between.chooser
    names = [chooser.itemText(i) for i in range(chooser.count())]
    assert (len(names), names[:2]) == (6, ["C07 – T02", "C07 – P11"])
    assert chooser.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert rig.between.choose_label.buddy() is chooser
    assert rig.between.pairs.text() == (
        "skin conductance: 1 of 2 pairs above chance; by chance alone 0.1 are expected"
    )
    assert len(rig.line()) > 40
    qtbot.keyClick(chooser, Qt.Key.Key_Down)  # type: ignore[no-untyped-call]
    rig.refresh()
    assert chooser.currentText() == "C07 – P11"
    assert "within what chance gives" in said(rig.eda)
    assert rig.line() == [0.1]
    rig.window.close()


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_no_text_is_cut_and_nothing_needs_to_be_scrolled(
    qtbot: QtBot, rig: Rig, size: tuple[int, int]
) -> None:
    rig.session()
    rig.board.note_results([reading(float(END), signal="ibi", lag_s=-4.0, z_anti_phase=3.0)])
    rig.window.resize(*size)
    rig.refresh()
    qtbot.wait(50)
    rig.refresh()
    for panel in rig.between.signals.values():
        for label in (panel.sentence, panel.details, rig.between.caption):
            assert label.height() >= label.heightForWidth(label.width())
    for line in (*rig.between.findChildren(Line), *(c.title for c in rig.window.research.columns.values())):
        assert QFontMetrics(line.font()).horizontalAdvance(line.text()) <= line.width()
    scroll = rig.window.findChild(QScrollArea)
    assert scroll is not None
    assert not scroll.verticalScrollBar().isVisible()
    assert rig.window.footer_line.isVisible()


@pytest.mark.parametrize("name", sorted(THEMES))
def test_the_band_is_grey_and_can_be_seen(qtbot: QtBot, name: str) -> None:
    theme = THEMES[name]
    rig = Rig(qtbot, theme=theme)
    rig.session()
    rig.refresh()
    plot = rig.eda.plot
    spot = plot.mapFromScene(
        plot.getPlotItem().getViewBox().mapViewToScene(plot.band.path().boundingRect().center())
    )
    found = plot.grab().toImage().pixelColor(spot)
    assert abs(found.lightness() - QColor(theme.panel).lightness()) > 20
    assert max(found.red(), found.green(), found.blue()) - min(found.red(), found.green(), found.blue()) < 16
    rig.window.close()
