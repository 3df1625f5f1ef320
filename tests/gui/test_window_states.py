"""The window in all its states, offscreen, with a board in the same process."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.client import Link
from monitor.board.snapshot import Snapshot
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, BeatClass, BeatRow, MarkerRow, Reason, ScrRow, Status
from monitor.views.research.columns import Line
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import DARK, LIGHT, THEMES
from monitor.views.traces import nice_range, with_gaps

pytestmark = pytest.mark.gui


class FakeClient:
    """Reads a board without a pipe."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.link = Link.LIVE
        self.cursor = 0
        self.closed = False
        self.sent: list[tuple[str, object]] = []

    def send(self, name: str, value: object = None) -> bool:
        self.sent.append((name, value))
        return True

    def poll(self) -> Snapshot | None:
        if self.link is not Link.LIVE:
            return None
        snapshot = self.board.snapshot(self.cursor)
        self.cursor = snapshot["cursor"]
        return snapshot

    def close(self) -> None:
        self.closed = True


class Rig:
    """A window, its board and its clock."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now_s = 0.0
        self.board = Board()
        self.client = FakeClient(self.board)
        self.window = MonitorWindow(self.client, LIGHT, clock=lambda: self.now_s)  # type: ignore[arg-type]
        self.window._timer.stop()
        qtbot.addWidget(self.window)
        self.window.show()

    def refresh(self, seconds: float = 0.3) -> None:
        self.now_s += seconds
        self.window.refresh()

    def texts(self) -> str:
        labels = self.window.findChildren(QLabel)
        return "\n".join(x.text() for x in labels if not x.isHidden())

    def numbers(self) -> list[str]:
        return [x.text() for x in self.window.findChildren(Line) if x.objectName() == "number"]

    def run(self, until_s: float, *, status: Status = Status.OK, reason: Reason = Reason.NONE) -> None:
        if not self.board.snapshot()["streams"]:
            self.board.note_people([("C07", "client")])
            for number, (modality, rate_hz) in enumerate([(Modality.ECG, 130.0), (Modality.EDA, 50.0)], 1):
                info = StreamInfo(
                    stream_id=number,
                    name="<b>H10</b>",
                    type="x",
                    channel_count=1,
                    nominal_rate_hz=rate_hz,
                    channel_format="float32",
                )
                role = Binding(channel=0, key=StreamKey("C07", modality), unit="", scale=1.0, reason="")
                self.board.note_event(StreamOpened(info, (role,)))
                stamps = np.arange(round(until_s * rate_hz)) / rate_hz
                values = (np.sin(stamps * 7) * 800)[:, None]
                self.board.note_event(Chunk(number, stamps, values))
            self.board.set_origin(0.0)
            for k in range(2, int(until_s)):
                odd = k == 4
                cls = BeatClass.ECTOPIC if odd else BeatClass.NORMAL
                self.board.note_results([BeatRow("C07", "ecg", k + 0.5, 1000.0, not odd, cls)])
            self.board.note_results([ScrRow("C07", 3.0, 5.0, 0.2, 2.0, NAN)])
        value = 72.0 if status is not Status.NA else NAN
        self.board.note_results(
            MarkerRow("C07", m, until_s - 15, until_s, value, NAN, "", status, reason, 30.0, 1.0)
            for m in ("hr_bpm", "scl_us")
        )
        self.board.note_event(Tick(until_s, NAN))


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot)
    yield rig
    rig.window.close()
    assert rig.client.closed


def test_an_empty_session_says_what_to_do(rig: Rig) -> None:
    rig.refresh()
    assert "Switch the sensors on" in rig.texts()
    assert "Research use." in rig.texts()
    assert rig.numbers() == []


def test_streams_without_data_are_waited_for(rig: Rig) -> None:
    rig.board.note_people([("C07", "client")])
    info = StreamInfo(
        stream_id=1, name="s", type="x", channel_count=1, nominal_rate_hz=1.0, channel_format="float32"
    )
    rig.board.note_event(StreamOpened(info, ()))
    rig.refresh()
    assert "waiting for their first data" in rig.texts()


def test_warming_up_is_said(rig: Rig) -> None:
    rig.run(10.0, status=Status.NA, reason=Reason.WARMUP)
    rig.refresh()
    assert "Warming up" in rig.texts()
    assert rig.numbers() == ["–", "–"]


def test_a_running_session_draws_traces_peaks_and_numbers(rig: Rig) -> None:
    rig.run(10.0)
    rig.refresh()
    column = rig.window.research.columns["C07"]
    assert rig.numbers() == ["72", "72.00"]
    assert column.ecg.curve.getData()[0].size > 1000
    assert column.ecg.marks.getData()[0].size == 2 * 7
    assert column.ecg.corrected.getData()[0].size == 4
    assert column.eda.marks.getData()[0].size == 2
    assert column.rr.curve.getData()[0].size == 8
    assert "contact: ECG good · EDA good" in rig.texts()
    assert rig.window.research.table.item(0, 0).text() == "<b>H10</b>"
    assert "00:10" in rig.texts()


def test_one_lost_sensor_leaves_the_numbers_of_the_other(rig: Rig) -> None:
    rig.run(10.0)
    rig.board.note_event(StreamLost(2, 10.0, "gone"))
    rig.refresh()
    assert "one sensor lost: EDA (no data since 00:09)" in rig.texts()
    assert rig.numbers() == ["72", "–"]


def test_both_lost_sensors_leave_no_number(rig: Rig) -> None:
    rig.run(10.0)
    rig.refresh()
    rig.board.note_event(Tick(13.0, NAN))
    rig.refresh()
    assert "both sensors lost" in rig.texts()
    assert rig.numbers() == ["–", "–"]


def test_a_missing_value_shows_its_reason(rig: Rig) -> None:
    rig.run(10.0, status=Status.NA, reason=Reason.NOT_CALIBRATED)
    rig.refresh()
    assert "NA: not calibrated" in rig.texts()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"state": "error", "error": "No space left"}, "Recording fails: No space left"),
        ({"state": "recording", "disk_hours": 0.2}, "Disk nearly full: 12 min left"),
    ],
)
def test_trouble_of_the_recorder_is_a_banner(rig: Rig, state: dict[str, object], words: str) -> None:
    rig.run(10.0)
    rig.board.note_recording(state)
    rig.refresh()
    assert words in rig.window.banner.text()
    assert rig.window.banner.isVisible()


def test_when_the_engine_is_gone_no_number_stays(rig: Rig) -> None:
    rig.run(10.0)
    rig.refresh()
    rig.client.link = Link.GONE
    rig.refresh()
    assert rig.numbers() == ["–", "–"]
    assert "Engine gone" in rig.window.banner.text()
    rig.client.link = Link.LIVE
    rig.board.note_event(Tick(10.2, NAN))
    rig.refresh()
    assert rig.numbers() == ["72", "72.00"]
    assert not rig.window.banner.isVisible()


def test_when_the_clock_of_the_engine_stands_still_no_number_stays(rig: Rig) -> None:
    rig.run(10.0)
    rig.refresh()
    for _ in range(7):
        rig.refresh()
    assert rig.numbers() == ["–", "–"]
    assert "does not answer" in rig.window.banner.text()


def test_after_the_end_no_number_stays(rig: Rig) -> None:
    rig.run(10.0)
    rig.board.note_end()
    rig.refresh()
    assert rig.numbers() == ["–", "–"]
    assert "Session ended" in rig.window.banner.text()


def test_another_engine_at_the_same_address_starts_with_empty_traces(rig: Rig) -> None:
    rig.run(10.0)
    rig.refresh()
    rig.client.board, rig.client.cursor = Board(), 0
    rig.refresh()
    assert rig.window._traces.samples("C07", "ecg", 0.0).size == 0


def test_the_window_is_painted_in_both_themes(rig: Rig, qtbot: QtBot) -> None:
    rig.run(10.0)
    colours = set()
    for theme in THEMES.values():
        window = MonitorWindow(rig.client, theme, clock=lambda: 0.0)  # type: ignore[arg-type]
        window._timer.stop()
        qtbot.addWidget(window)
        image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        colours.add(image.pixelColor(2, image.height() - 2).name())
        window.close()
    assert colours == {LIGHT.background, DARK.background}


def test_lines_are_not_drawn_across_gaps() -> None:
    rows = np.array([[0.0, 0.1, 0.2, 2.0, 2.1], [1.0, 1.0, 1.0, 1.0, 1.0]])
    assert np.isnan(with_gaps(rows)[1]).nonzero()[0].tolist() == [3]


def test_a_range_stays_while_the_data_fit_it() -> None:
    first = nice_range(0.0, 10.0, (0.0, 0.0), 1.0)
    assert first[0] < 0 < 10 < first[1]
    assert nice_range(1.0, 9.0, first, 1.0) == first
    assert nice_range(1.0, 1.1, first, 1.0) != first
    assert nice_range(NAN, 1.0, first, 1.0) == first


def test_void_calls_into_qt_do_not_lose_references_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 20
