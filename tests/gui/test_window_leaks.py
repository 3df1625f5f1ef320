"""Whether a window that is open for hours keeps what it should have let go."""

import gc
import weakref

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QGraphicsView
from pytestqt.qtbot import QtBot

from monitor.views.shell.looks import set_text_scale
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT
from tests.staging import Session, clouds, marks, stage

pytestmark = pytest.mark.gui


class Rig:
    """A window whose pipe can be turned to other boards."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now_s = 0.0
        self.client = stage("running")
        other = Session(people=(("C11", "client"), ("T05", "therapist"))).feed().board
        other.note_marks(marks())
        other.note_clouds(clouds())
        self.boards = [self.client.board, stage("setup_ready").board, other]
        self.window = MonitorWindow(self.client, LIGHT, clock=lambda: self.now_s)  # type: ignore[arg-type]
        self.window._timer.stop()
        qtbot.addWidget(self.window, before_close_func=lambda w: w._close_now())
        self.window.show()
        self.turn()

    def turn(self) -> None:
        for _ in range(2):
            self.now_s += 0.05
            self.window.refresh_now()
            QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def switch_board(self, k: int) -> None:
        self.client.board, self.client.cursor = self.boards[k % len(self.boards)], 0
        self.turn()

    def switch_looks(self, k: int) -> None:
        if k % 5 == 0:
            self.window.looks.toggle_theme()
        if k % 7 == 0:
            self.window.toggle_private()
        if k % 11 == 0:
            self.window.looks.toggle_dim()
        if k % 13 == 0:
            self.window.toggle_help()
        self.window.show_face(self.window.faces[k % 3])
        self.turn()

    def counted(self) -> dict[str, int]:
        """Everything of the window that could pile up."""
        gc.collect()
        self.turn()
        views = self.window.findChildren(QGraphicsView)
        return {
            "objects": len(self.window.findChildren(QObject)),
            "items": sum(len(view.scene().items()) for view in views if view.scene() is not None),
            "top": len(QApplication.topLevelWidgets()),
            "columns": len(self.window.research.columns),
        }


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


def settled(rig: Rig) -> dict[str, int]:
    """Count when everything was shown once, and the choices are back where they began."""
    rig.window._sight.private = rig.window.help.shown = False
    for k in (2, 1, 0):
        rig.switch_board(k)
    for face in rig.window.faces:
        rig.window.show_face(face)
        rig.turn()
    return rig.counted()


@pytest.mark.slow
def test_views_and_colours_can_be_switched_for_hours(rig: Rig) -> None:
    for k in range(1, 15):
        rig.switch_looks(k)
    before = settled(rig)
    for k in range(1, 31):
        rig.switch_looks(k)
    assert settled(rig) == before


@pytest.mark.slow
def test_sessions_can_follow_each_other_under_one_window(rig: Rig) -> None:
    before = settled(rig)
    for k in range(1, 13):
        rig.switch_board(k)
    assert rig.client.board is rig.boards[0]
    assert settled(rig) == before
    assert set(rig.window.research.columns) == {"C07", "T02"}


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_five_hundred_looks_and_two_hundred_sessions_stay_in_bounds(rig: Rig) -> None:
    process = psutil.Process()
    for k in range(1, 31):
        rig.switch_looks(k)
        rig.switch_board(k)
    before = settled(rig)
    rss = process.memory_info().rss
    for k in range(31, 501):
        rig.switch_looks(k)
        if k <= 200:
            rig.switch_board(k)
    assert settled(rig) == before
    assert process.memory_info().rss - rss < 40e6


def test_a_closed_window_is_let_go(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    gone = weakref.ref(rig.window.research)
    rig.window._close_now()
    rig.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qtbot._request.node._qt_widgets = []  # type: ignore[attr-defined]
    del rig
    gc.collect()
    assert gone() is None
    set_text_scale(1.0)


def test_nothing_is_laid_out_anew_while_nothing_has_changed(rig: Rig) -> None:
    class Sizes(QObject):
        n = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
            self.n += event.type() is QEvent.Type.Resize
            return False

    for face in rig.window.faces:
        rig.window.show_face(face)
        for _ in range(3):
            rig.turn()
        sizes = Sizes()
        for view in rig.window.findChildren(QGraphicsView):
            view.installEventFilter(sizes)
        for _ in range(5):
            rig.turn()
        assert sizes.n == 0
