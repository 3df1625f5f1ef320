"""A window that is taken apart while events still come to its parts."""

import gc

import pytest
import shiboken6

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.views.notes.flow import Flow
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT
from monitor.views.timeline.canvas import TimelineCanvas
from monitor.views.transport.parts import Groups
from tests.staging import stage

pytestmark = pytest.mark.gui


def events() -> list[QEvent]:
    """What Qt sends to the parts of a window that goes."""
    kinds = (
        QEvent.Type.FontChange,
        QEvent.Type.StyleChange,
        QEvent.Type.PaletteChange,
        QEvent.Type.LayoutRequest,
        QEvent.Type.Leave,
    )
    tab = Qt.FocusReason.TabFocusReason
    return [
        *(QEvent(kind) for kind in kinds),
        QHideEvent(),
        QResizeEvent(QSize(300, 60), QSize(200, 50)),
        QFocusEvent(QEvent.Type.FocusIn, tab),
        QFocusEvent(QEvent.Type.FocusOut, tab),
        QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
    ]


@pytest.mark.parametrize("state", ["running", "replay_compare", "setup_wrong"])
@pytest.mark.parametrize("way", ["delete", "later", "collect"])
def test_events_to_the_parts_of_a_dying_window_do_no_harm(qtbot: QtBot, state: str, way: str) -> None:
    now = [0.0]
    window = MonitorWindow(stage(state), LIGHT, clock=lambda: now[0])  # type: ignore[arg-type]
    window._timer.stop()
    window.show()
    window.activateWindow()
    for _ in range(2):
        now[0] += 0.1
        window.refresh_now()
        QApplication.processEvents()
    canvas = window.timeline.canvas
    QTest.mouseMove(canvas, QPoint(canvas.width() // 2, 8))
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    kids = window.findChildren(QWidget)
    sent = [0]

    def during() -> None:
        for kid in kids:
            for event in events():
                if shiboken6.isValid(kid):
                    QApplication.sendEvent(kid, event)
                    sent[0] += 1

    window.destroyed.connect(during)
    if way == "delete":
        shiboken6.delete(window)
    elif way == "later":
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    else:
        del window, canvas
        gc.collect()
    QApplication.processEvents()
    # A window that is collected by Python says nothing of it to a slot.
    assert sent[0] > 500 or way == "collect"


def test_the_painted_time_line_looks_at_nothing_beside_itself(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    canvas = TimelineCanvas(
        LIGHT, said_at=lambda _t, _row: "there", on_hover=said.append, on_seek=lambda _t, _last: None,
        on_step=lambda _s: None,
    )  # fmt: skip
    window = QMainWindow()
    window.setCentralWidget(canvas)
    qtbot.addWidget(window)
    window.show()
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(300, 5),
        QPointF(300, 5),
        none,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(canvas, moved)
    assert said[-1] == "there"
    monkeypatch.setattr(TimelineCanvas, "window", lambda _self: pytest.fail("it asked for its window"))
    for event in events():
        QApplication.sendEvent(canvas, event)
    assert said[-1] == ""
    said.clear()
    canvas.hide()
    for event in events():
        QApplication.sendEvent(canvas, event)
    assert said == []


@pytest.mark.parametrize("kind", [Flow, Groups])
def test_a_row_outlives_what_stands_in_it(qtbot: QtBot, kind: type[QWidget]) -> None:
    buttons = [QPushButton(str(k)) for k in range(3)]
    if kind is Flow:
        row: QWidget = Flow()
        for button in buttons[:2]:
            row.add(button)  # type: ignore[attr-defined]
        row.fill_with(buttons[2])  # type: ignore[attr-defined]
        parts = list(buttons)
    else:
        row = Groups(*[[button] for button in buttons])
        parts = [button.parentWidget() for button in buttons]
    qtbot.addWidget(row)
    row.resize(400, 60)
    row.show()
    for part in parts:
        shiboken6.delete(part)
        for event in events():
            QApplication.sendEvent(row, event)
        assert row.sizeHint().height() >= 0
        assert row.minimumSizeHint().height() >= 0
