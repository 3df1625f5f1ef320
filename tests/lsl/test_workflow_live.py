"""A whole session by hand: set-up, start, notes, taking one back, the views, the end and the report."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from monitor import app, display
from monitor.board.client import BoardClient
from monitor.board.snapshot import Snapshot
from monitor.core.events import Annotation
from monitor.core.noting import moments_of
from monitor.session.manifest import verify_manifest
from monitor.views.setup.card import StreamCard
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT
from monitor.xdf.reader import read_events
from tests.senders import Senders, heart, skin

pytestmark = [pytest.mark.lsl, pytest.mark.gui, pytest.mark.slow]

PATIENCE_MS = 40_000


class Opened:
    """In place of the window's process: where the window of this test finds its engine."""

    def __init__(self) -> None:
        self.address = ""
        self.key = b""
        self.code: int | None = None
        self.asked = threading.Event()

    def start(self, address: str, key: bytes, _arguments: list[str]) -> "Opened":
        self.address, self.key = address, key
        self.asked.set()
        return self

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.code = 0

    def wait(self, timeout: float | None = None) -> int:
        if self.code is None:
            raise subprocess.TimeoutExpired("window", timeout or 0.0)
        return self.code


@pytest.fixture
def senders() -> Iterator[Senders]:
    made = Senders()
    yield made
    made.end()


def test_from_set_up_to_report(
    qtbot: QtBot, senders: Senders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATTUNE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("DISPLAY", os.environ.get("DISPLAY", ":77"))
    # The window needs the main thread here, so the engine goes without handlers of signals.
    monkeypatch.setattr("signal.signal", lambda *_: None)
    opened = Opened()
    monkeypatch.setattr(display, "open_window", opened.start)
    codes: list[int] = []
    sessions = tmp_path / "sessions"
    arguments = ["live", "--out", str(sessions), "--profiles", str(tmp_path / "profiles")]
    engine = threading.Thread(target=lambda: codes.append(app.main(arguments)), daemon=True)
    engine.start()
    assert opened.asked.wait(40.0)
    window = MonitorWindow(BoardClient(opened.address, key=opened.key), LIGHT, path=tmp_path / "window.toml")
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()

    def until(done: Callable[[Snapshot], object]) -> None:
        def _check() -> bool:
            return window._snapshot is not None and bool(done(window._snapshot))

        qtbot.waitUntil(_check, timeout=PATIENCE_MS)

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QGuiApplication.focusWindow() or window, key, modifiers)  # type: ignore[arg-type]

    def noted() -> list[str]:
        return [] if window._snapshot is None else [mark["label"] for mark in window._snapshot["marks"]]

    # Set-up: nothing is there; then two streams come, and both are given to the client by key.
    until(lambda s: s["setup"] is not None and not s["setup"]["can_start"])
    senders.add("Strap", "ECG", "microvolts", 130.0, heart)
    senders.add("Skin", "EDA", "microsiemens", 50.0, skin)
    until(lambda s: len(s["setup"]["streams"]) == 2)  # type: ignore[index]
    qtbot.waitUntil(lambda: len(window.setup_face.findChildren(StreamCard)) == 2, timeout=PATIENCE_MS)
    for card in window.setup_face.findChildren(StreamCard):
        card.setFocus()
        qtbot.keyClick(card, Qt.Key.Key_1)
    until(lambda s: {x["participant"] for x in s["setup"]["streams"]} == {"C01"})  # type: ignore[index]
    window.setup_face.setFocus()
    press(Qt.Key.Key_Return)

    # The session: a note, taken back; another; a judgement; every view in turn.
    until(lambda s: s["setup"] is None and s["recording"]["state"] == "recording" and s["now_s"])
    until(lambda s: any(v["value"] is not None for v in s["latest"]))
    press(Qt.Key.Key_1)
    qtbot.waitUntil(lambda: noted() == ["rupture"], timeout=PATIENCE_MS)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: noted() == [], timeout=PATIENCE_MS)
    press(Qt.Key.Key_2)
    qtbot.waitUntil(lambda: noted() == ["repair"], timeout=PATIENCE_MS)
    press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: noted() == ["repair", "too_little"], timeout=PATIENCE_MS)
    for key, face in (
        (Qt.Key.Key_F3, window.glance),
        (Qt.Key.Key_F4, window.plane),
        (Qt.Key.Key_F2, window.research),
    ):
        press(key)
        qtbot.waitUntil(face.isVisible, timeout=PATIENCE_MS)

    # The end: closing asks once, and may stop the recording.
    window.close()
    assert window.isVisible()
    qtbot.mouseClick(window.question.stop_button, Qt.MouseButton.LeftButton)
    end_s = time.monotonic() + PATIENCE_MS / 1000.0
    while engine.is_alive() and time.monotonic() < end_s:
        qtbot.wait(50)
    assert codes == [0]
    window.close()
    assert not window.isVisible()

    (folder,) = sessions.iterdir()
    assert verify_manifest(folder) == []
    with (folder / "recording.xdf").open("rb") as file:
        said = [event for event in read_events(file) if isinstance(event, Annotation)]
    assert [moment.label for moment in moments_of(said)] == ["repair", "too_little"]
    assert {"rupture", "repair"} <= {word for event in said for word in event.text.split()}
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "repair" in page
    assert "rupture" not in page
    assert "C01" in page
