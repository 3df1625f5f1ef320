"""Nothing but the window itself ever becomes a window: another one would flash and take the keyboard away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT
from tests.staging import stage

pytestmark = pytest.mark.gui


class Watch(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


@pytest.fixture
def watch(qtbot: QtBot) -> Iterator[Watch]:
    watch = Watch()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    yield watch
    application.removeEventFilter(watch)


@pytest.mark.parametrize("state", ["running", "replay_compare", "low_activation", "setup_wrong"])
def test_no_part_is_ever_a_window_of_its_own(qtbot: QtBot, watch: Watch, state: str, tmp_path: Path) -> None:
    window = MonitorWindow(stage(state), LIGHT, path=tmp_path / "window.toml")
    qtbot.addWidget(window)
    window.show()
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F2, Qt.Key.Key_F1, Qt.Key.Key_H, Qt.Key.Key_H):
        qtbot.keyClick(window, key)
        qtbot.wait(60)
    assert watch.shown == ["MonitorWindow"]
