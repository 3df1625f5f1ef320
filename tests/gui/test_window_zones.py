"""The band of a participant in the window, offscreen."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.client import Link
from monitor.board.snapshot import Snapshot
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, Reason, Revocation, Status, ZoneReading
from monitor.views.bands.panel import BandPanel
from monitor.views.bands.plot import gaps_of
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import LIGHT, THEMES, Theme

pytestmark = pytest.mark.gui

STOP = 120


class FakeClient:
    """Reads a board without a pipe."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.link = Link.LIVE
        self.cursor = 0
        self.sent: list[tuple[str, object]] = []

    def send(self, name: str, value: object = None) -> bool:
        self.sent.append((name, value))
        return True

    def poll(self) -> Snapshot:
        snapshot = self.board.snapshot(self.cursor)
        self.cursor = snapshot["cursor"]
        return snapshot

    def close(self) -> None:
        pass


def reading(second: int, **change: object) -> ZoneReading:
    whole = ZoneReading(
        participant="C07",
        t_centre_s=second - 15.0,
        t_emit_s=float(second),
        zone="within",
        since_s=15.0,
        near="",
        arousal=0.3,
        p_above=0.01,
        p_below=0.01,
        upper_mean=2.5,
        upper_sd=0.5,
        lower_mean=-2.5,
        lower_sd=0.75,
        provisional=True,
        status=Status.OK,
        reason=Reason.NONE,
        note="",
        drift=NAN,
    )
    return whole._replace(**change)  # type: ignore[arg-type]


class Rig:
    """A window with one participant."""

    def __init__(self, qtbot: QtBot, theme: Theme = LIGHT) -> None:
        self.now_s = 0.0
        self.board = Board()
        self.board.set_origin(0.0)
        self.board.note_people([("C07", "client")])
        for number, modality in ((1, Modality.ECG), (2, Modality.EDA)):
            info = StreamInfo(
                stream_id=number,
                name="s",
                type="x",
                channel_count=1,
                nominal_rate_hz=10.0,
                channel_format="float32",
            )
            role = Binding(channel=0, key=StreamKey("C07", modality), unit="", scale=1.0, reason="")
            self.board.note_event(StreamOpened(info, (role,)))
        self.client = FakeClient(self.board)
        self.window = MonitorWindow(self.client, theme, clock=lambda: self.now_s)  # type: ignore[arg-type]
        self.window._timer.stop()
        qtbot.addWidget(self.window)
        self.window.show()

    def second(self, second: int, *, eda: bool = True, **change: object) -> None:
        for number in (1, 2) if eda else (1,):
            stamps = second - 1.0 + np.arange(10) / 10.0
            self.board.note_event(Chunk(number, stamps, np.ones((10, 1))))
        self.board.note_results([reading(second, **change)])
        self.board.note_event(Tick(float(second), NAN))

    def refresh(self) -> None:
        for _ in range(2):
            self.now_s += 0.3
            self.window.refresh()

    @property
    def band(self) -> BandPanel:
        return self.window.research.columns["C07"].band

    def trail(self) -> list[float]:
        x, y = self.band.plot.curve.getData()
        return [] if x is None else y.tolist()

    def has_dot(self) -> bool:
        x, _ = self.band.plot.dot.getData()
        return x is not None and x.size > 0

    def texts(self) -> list[str]:
        band = self.band
        return [x for x in (band.state.text(), band.sentence.text(), band.remarks.text()) if x]


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot)
    for second in range(30, STOP + 1):
        rig.second(second)
    yield rig
    rig.window.close()


def test_the_band_shows_trail_place_edges_and_words(rig: Rig) -> None:
    rig.refresh()
    assert rig.texts() == ["within · 1 min 30 s · sure", "within the calibrated range"]
    assert len(rig.trail()) == STOP - 29
    assert rig.has_dot()
    assert rig.band.plot.missing == []
    assert rig.band.plot.labels["upper"].toPlainText() == "provisional upper edge"
    assert rig.band.pages.currentWidget() is rig.band.plot
    assert "within the calibrated range" in rig.band.plot.accessibleName()


def test_without_a_calibration_words_take_the_place_of_the_band(rig: Rig) -> None:
    edges = dict.fromkeys(("upper_mean", "upper_sd", "lower_mean", "lower_sd", "arousal"), NAN)
    rig.second(STOP + 1, zone="na", status=Status.NA, reason=Reason.NOT_CALIBRATED, **edges)
    rig.refresh()
    assert rig.band.pages.currentWidget() is rig.band.message
    assert rig.band.message.text() == "not calibrated: run attune calibrate C07"
    assert rig.texts() == ["not calibrated"]


def test_missing_seconds_are_hatched_and_not_bridged(rig: Rig) -> None:
    for second in range(STOP + 1, STOP + 8):
        rig.second(second, arousal=NAN, status=Status.NA, reason=Reason.GAP)
    rig.second(STOP + 8)
    rig.refresh()
    ((start, stop),) = rig.band.plot.missing
    assert stop - start == 7.0
    assert np.isnan(rig.trail()).sum() == 7
    assert rig.has_dot()


def test_a_lost_stream_takes_place_and_state_with_it(rig: Rig) -> None:
    rig.refresh()
    rig.board.note_event(StreamLost(2, float(STOP), "gone"))
    for second in range(STOP + 1, STOP + 6):
        rig.second(second, eda=False, zone="above", arousal=9.0)
    rig.refresh()
    assert rig.texts() == ["not available", "not available: no data since 01:59"]
    assert not rig.has_dot()
    assert 9.0 not in rig.trail()
    assert rig.band.plot.missing[-1][1] == 0.0


def test_a_window_that_opens_during_a_loss_shows_what_was_known_before(rig: Rig) -> None:
    rig.board.note_event(StreamLost(2, float(STOP), "gone"))
    rig.second(STOP + 3, eda=False, arousal=9.0)
    rig.refresh()
    assert len(rig.trail()) > 80
    assert 9.0 not in rig.trail()


@pytest.mark.parametrize("trouble", ["gone", "ended"])
def test_when_nothing_is_known_no_place_is_shown(rig: Rig, trouble: str) -> None:
    rig.refresh()
    if trouble == "gone":
        rig.client.link = Link.GONE
    else:
        rig.board.note_end()
    rig.refresh()
    assert rig.band.state.text() == "not available"
    assert not rig.has_dot()


def test_values_taken_back_leave_the_trail(rig: Rig) -> None:
    rig.refresh()
    rig.board.note_results([Revocation("C07", ("arousal",), STOP - 4.0, float(STOP), Reason.LEAD_OFF)])
    rig.refresh()
    assert np.isnan(rig.trail()[-5:]).all()
    assert np.isfinite(rig.trail()[:-5]).all()
    assert not rig.has_dot()
    assert "electrode contact lost" in rig.texts()[1]


def test_an_engine_that_starts_again_starts_a_new_trail(rig: Rig) -> None:
    rig.refresh()
    board, rig.board = rig.board, Board()
    rig.client.board, rig.client.cursor = rig.board, 0
    assert board is not rig.board
    rig.board.set_origin(0.0)
    rig.board.note_people([("C07", "client")])
    rig.board.note_results([reading(30)])
    rig.board.note_event(Tick(30.0, NAN))
    rig.refresh()
    assert "no stream" in rig.texts()[1]
    assert rig.trail() == []


def test_edges_are_soft_and_the_middle_is_clear(qtbot: QtBot) -> None:
    for theme in THEMES.values():
        rig = Rig(qtbot, theme)
        for second in range(30, STOP + 1):
            rig.second(second, arousal=0.0)
        rig.refresh()
        rig.window.resize(1280, 800)
        image = rig.band.plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        x = image.width() // 4
        ground = QColor(theme.panel).lightness()
        depth = [abs(image.pixelColor(x, y).lightness() - ground) for y in range(30, image.height() // 2 - 8)]
        assert depth[0] > 15
        assert depth[-1] <= 1
        # No step that an eye would take for a line.
        assert max(abs(a - b) for a, b in pairwise(depth)) <= 6
        rig.window.close()


@pytest.mark.parametrize(
    ("t_s", "arousal", "gaps"),
    [
        ([], [], []),
        ([-17.0, -16.0, -15.0], [1.0, 1.0, 1.0], []),
        ([-18.0, -17.0, -16.0, -15.0], [1.0, NAN, 1.0, 1.0], [(-17.5, -16.5)]),
        ([-20.0, -16.0, -15.0], [1.0, 1.0, 1.0], [(-19.5, -16.5)]),
        ([-60.0, -59.0], [1.0, 1.0], [(-58.5, 0.0)]),
        ([-16.0, -15.0], [NAN, 1.0], [(-16.5, -15.5)]),
        ([-30.0, -29.0], [NAN, NAN], [(-30.5, 0.0)]),
    ],
)
def test_gaps_are_where_nothing_is_known(
    t_s: list[float], arousal: list[float], gaps: list[tuple[float, float]]
) -> None:
    assert gaps_of(np.array(t_s), np.array(arousal)) == gaps


def test_the_level_button_asks_the_engine_while_it_records_and_only_then(rig: Rig) -> None:
    rig.refresh()
    button = rig.band.level
    assert button.isHidden()
    rig.board.note_recording({"state": "recording"})
    rig.refresh()
    assert not button.isHidden()
    button.click()
    rig.second(STOP + 1, note="opening")
    rig.refresh()
    assert button.text() == "level taken: stop"
    button.click()
    assert rig.client.sent == [("level_start", "C07"), ("level_stop", "C07")]
