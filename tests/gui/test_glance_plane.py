"""The glance face and the window-of-tolerance face in all their states, offscreen, with a board in the same process."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

import pyqtgraph as pg
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.session_views import CloudView
from monitor.board.snapshot import Snapshot
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, MarkerRow, Reason, Status, ZoneReading
from monitor.views.bands.glance import GlanceFace, GlancePerson
from monitor.views.bands.plot import thinned
from monitor.views.faces import Face, Scene
from monitor.views.people import people_of
from monitor.views.plane.cloud import depth_at, shape_of
from monitor.views.plane.face import PlaneFace
from monitor.views.plane.panel import PlanePerson
from monitor.views.theme import DARK, LIGHT, Theme, style_sheet
from monitor.views.traces import Traces

pytestmark = pytest.mark.gui

PEOPLE = (("C07", "client"), ("T02", "therapist"))
STOP = 120
EDGES = ("upper_mean", "upper_sd", "lower_mean", "lower_sd")
CLOUD = CloudView(
    participant="C07", x_mean=0.0, y_mean=0.0, x_sd=0.9, y_sd=0.8, correlation=-0.5, minutes=5.0
)
NOTHING: dict[str, Any] = {}


def reading(code: str, second: int, **change: object) -> ZoneReading:
    whole = ZoneReading(
        participant=code,
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
        provisional=False,
        status=Status.OK,
        reason=Reason.NONE,
        note="",
        drift=NAN,
    )
    return whole._replace(**change)  # type: ignore[arg-type]


def score(code: str, name: str, second: int, value: float, reason: Reason) -> MarkerRow:
    status = Status.NA if np.isnan(value) else Status.OK
    se = 0.4 if name == "z_vagal" and status is Status.OK else NAN
    return MarkerRow(code, name, second - 15.0, float(second), value, se, "SD", status, reason, 30.0, 1.0)


class Rig:
    """A face, its board and its people."""

    def __init__(
        self,
        qtbot: QtBot,
        face: Callable[[Theme, Any], Face],
        people: tuple[tuple[str, str], ...] = PEOPLE,
        size: tuple[int, int] = (1280, 800),
        theme: Theme = LIGHT,
    ) -> None:
        self.board = Board()
        self.board.set_origin(0.0)
        self.board.note_people(people)
        self.codes = [code for code, _ in people]
        self.streams: dict[int, str] = {}
        for number, (code, modality) in enumerate(
            ((c, m) for c in self.codes for m in (Modality.ECG, Modality.EDA)), 1
        ):
            info = StreamInfo(
                stream_id=number,
                name="s",
                type="x",
                channel_count=1,
                nominal_rate_hz=2.0,
                channel_format="float32",
            )
            role = Binding(channel=0, key=StreamKey(code, modality), unit="", scale=1.0, reason="")
            self.board.note_event(StreamOpened(info, (role,)))
            self.streams[number] = code
        self.sent: list[tuple[str, object]] = []
        self.window = QMainWindow()
        self.window.setStyleSheet(style_sheet(theme))
        self.face = face(theme, lambda *command: self.sent.append(command))
        self.window.setCentralWidget(self.face)
        self.window.resize(*size)
        qtbot.addWidget(self.window)
        self.window.show()
        self.traces, self.cursor, self.blank, self.recording = Traces(), 0, "", False
        self.hidden: set[str] = set()
        self.lost: set[int] = set()

    def second(
        self,
        second: int,
        change: dict[str, Any] = NOTHING,
        *,
        only: str = "",
        x: float = 0.5,
        y: float = -0.5,
        why_x: Reason = Reason.NONE,
        why_y: Reason = Reason.NONE,
    ) -> None:
        for number in self.streams:
            if number not in self.lost:
                stamps = second - 1.0 + np.arange(2) / 2.0
                self.board.note_event(Chunk(number, stamps, np.ones((2, 1))))
        for code in self.codes:
            own = not only or code == only
            self.board.note_results(
                [
                    reading(code, second, **(change if own else {})),
                    score(code, "z_vagal", second, x if own else 0.5, why_x if own else Reason.NONE),
                    score(code, "z_eda", second, y if own else -0.5, why_y if own else Reason.NONE),
                ]
            )
        self.board.note_event(Tick(float(second), NAN))

    def fill(self, stop: int = STOP) -> None:
        for second in range(max(30, stop - 40), stop + 1):
            self.second(second, x=0.5 * np.sin(second / 9.0), y=0.5 * np.cos(second / 9.0))

    def refresh(self, times: int = 2) -> Snapshot:
        snapshot = self.board.snapshot(self.cursor)
        self.cursor = snapshot["cursor"]
        self.traces.apply(snapshot)
        seen = [p for p in people_of(snapshot) if p.code not in self.hidden]
        for _ in range(times):
            self.face.show_scene(Scene(snapshot, seen, self.blank, self.recording))
            self.face.draw(self.traces, snapshot["now_s"] or 0.0, slow=True)
            pg.Qt.QtWidgets.QApplication.processEvents()
        return snapshot

    def texts(self) -> str:
        return "\n".join(x.text() for x in self.window.findChildren(QLabel) if x.isVisible())

    def image(self) -> QImage:
        return self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.fixture
def glance(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot, GlanceFace)
    rig.fill()
    yield rig
    rig.window.close()


@pytest.fixture
def plane(qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(qtbot, PlaneFace)
    rig.board.note_clouds([CLOUD])
    rig.fill()
    yield rig
    rig.window.close()


def cell(rig: Rig, code: str = "C07") -> GlancePerson:
    assert isinstance(rig.face, GlanceFace)
    return rig.face.cells[code]


def person(rig: Rig, code: str = "C07") -> PlanePerson:
    assert isinstance(rig.face, PlaneFace)
    return rig.face.people[code]


def uncalibrated(reason: Reason) -> dict[str, Any]:
    edges = dict.fromkeys((*EDGES, "arousal", "p_above", "p_below"), NAN)
    return {"zone": "na", "status": Status.NA, "reason": reason, **edges}


def test_a_glance_shows_state_time_and_certainty_and_no_number_of_a_marker(glance: Rig) -> None:
    glance.refresh()
    texts = glance.texts().split("\n")
    said = ["within", "1 min 30 s · sure"]
    assert [t for t in texts if t] == ["CLIENT  C07", *said, "THERAPIST  T02", *said]
    assert glance.face.bare
    assert cell(glance).plot.dot.getData()[0].size == 2
    assert cell(glance).accessibleName() == "C07: within, 1 min 30 s · sure"


@pytest.mark.parametrize(
    ("change", "state", "detail", "remark"),
    [
        ({"zone": "above", "p_above": 0.99}, "above upper edge", "1 min 31 s · sure", ""),
        ({"near": "above", "p_above": 0.6}, "near the upper edge", "unsure", ""),
        (
            {"zone": "below", "p_below": 0.9, "status": Status.LOW},
            "low activation (unspecific)",
            "1 min 31 s · unsure",
            "could be calm, tired, cold hands or electrode; please judge",
        ),
        (
            {"zone": "na", "arousal": NAN, "since_s": 100.0, "status": Status.NA, "reason": Reason.LEAD_OFF},
            "not available",
            "",
            "electrode contact lost since 01:55",
        ),
        (
            {"zone": "na", "arousal": NAN, "status": Status.NA, "reason": Reason.WARMUP},
            "not available",
            "",
            "warming up",
        ),
        (
            {"arousal": NAN, "p_above": NAN, "p_below": NAN, "status": Status.NA, "reason": Reason.GAP},
            "within",
            "1 min 31 s · unsure",
            "no value for the moment: gap in the data",
        ),
        (uncalibrated(Reason.NOT_CALIBRATED), "not calibrated", "", "run attune calibrate C07"),
        (
            uncalibrated(Reason.CALIBRATION_EXPIRED),
            "calibration expired",
            "",
            "run attune calibrate C07 again",
        ),
    ],
)
def test_every_state_has_its_few_words(
    glance: Rig, change: dict[str, Any], state: str, detail: str, remark: str
) -> None:
    glance.second(STOP + 1, change, only="C07")
    glance.refresh()
    said = cell(glance)
    assert (said.state.text(), said.detail.text(), said.remark.text()) == (state, detail, remark)
    assert said.remark.font().pixelSize() < said.state.font().pixelSize() / 2
    assert said.plot.isVisible() == (not np.isnan(change.get("upper_mean", 0.0)))
    assert cell(glance, "T02").state.text() == "within"


def test_after_the_end_and_without_the_engine_no_place_is_shown(glance: Rig) -> None:
    glance.refresh()
    glance.blank = "session ended"
    glance.refresh()
    assert cell(glance).state.text() == "not available"
    assert cell(glance).remark.text() == "session ended"
    assert cell(glance).plot.dot.getData()[0] is None or not cell(glance).plot.dot.getData()[0].size


def test_a_lost_sensor_leaves_a_hatched_gap_with_its_reason(glance: Rig) -> None:
    glance.refresh()
    glance.board.note_event(StreamLost(2, float(STOP), "gone"))
    glance.lost = {2}
    for second in range(STOP + 1, STOP + 30):
        glance.second(second, only="T02")
    glance.refresh()
    shown = cell(glance)
    assert shown.state.text() == "not available"
    assert shown.remark.text() == "no data since 01:59"
    assert shown.plot.missing[-1][1] == 0.0
    assert shown.plot.reasons[-1] == "no data since 01:59"


def test_a_gap_that_is_over_keeps_its_reason(glance: Rig) -> None:
    change = {"zone": "na", "arousal": NAN, "status": Status.NA, "reason": Reason.MOTION}
    for second in range(STOP + 1, STOP + 41):
        glance.second(second, change)
    for second in range(STOP + 41, STOP + 80):
        glance.second(second)
    glance.refresh()
    assert cell(glance).plot.reasons == ["movement"]


@pytest.mark.parametrize("size", [(600, 400), (1280, 800), (1920, 1080), (800, 1280)])
def test_the_state_is_an_eighteenth_of_the_window_or_more(qtbot: QtBot, size: tuple[int, int]) -> None:
    rig = Rig(qtbot, GlanceFace, size=size)
    rig.fill(60)
    rig.refresh()
    assert (rig.window.width(), rig.window.height()) == size
    for code, _ in PEOPLE:
        shown = cell(rig, code)
        assert shown.state.font().pixelSize() * 18 >= size[1]
        assert shown.plot.height() > size[1] / 5
        assert shown.state.geometry().right() <= shown.width()
    if size == (1920, 1080):
        assert cell(rig).plot.dot.opts["pen"].widthF() >= 20.0
    places = [cell(rig, code).geometry().center() for code, _ in PEOPLE]
    upright = size[1] > size[0]
    assert (places[0].x() == places[1].x()) == upright
    assert (places[0].y() == places[1].y()) == (not upright)
    rig.window.close()


def test_somebody_alone_stands_in_the_middle_and_four_in_a_grid(qtbot: QtBot) -> None:
    alone = Rig(qtbot, GlanceFace, PEOPLE[:1])
    alone.fill(40)
    alone.refresh()
    assert abs(cell(alone).geometry().center().x() - alone.face.width() / 2) < 12
    four = Rig(qtbot, GlanceFace, (*PEOPLE, ("P3", "other"), ("P4", "other")))
    four.fill(40)
    four.refresh()
    assert len({cell(four, c).x() for c in four.codes}) == len({cell(four, c).y() for c in four.codes}) == 2
    for rig in (alone, four):
        rig.window.close()


@pytest.mark.parametrize("kind", ["glance", "plane"])
def test_a_hidden_person_is_nowhere(kind: str, request: pytest.FixtureRequest) -> None:
    rig: Rig = request.getfixturevalue(kind)
    rig.refresh()
    assert "T02" in rig.texts()
    rig.hidden = {"T02"}
    rig.refresh()
    assert "T02" not in rig.texts()
    assert "THERAPIST" not in rig.texts()
    assert "C07" in rig.texts()
    rig.hidden = {"T02", "C07"}
    rig.refresh()
    assert "C07" not in rig.texts()
    rig.hidden = set()
    rig.refresh()
    assert "T02" in rig.texts()
    assert "C07" in rig.texts()


@pytest.mark.parametrize("kind", ["glance", "plane"])
def test_when_nothing_has_changed_nothing_is_set(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig: Rig = request.getfixturevalue(kind)
    rig.refresh()
    calls: list[str] = []
    for owner, name in ((pg.PlotCurveItem, "setData"), (QLabel, "setText"), (QLabel, "setFont")):
        monkeypatch.setattr(owner, name, lambda *_a, name=name, **_k: calls.append(name))
    rig.refresh(times=5)
    assert calls == []
    rig.second(STOP + 1)
    rig.refresh()
    assert "setData" in calls


@pytest.mark.parametrize("kind", ["glance", "plane"])
def test_another_theme_can_be_taken_while_it_runs(kind: str, request: pytest.FixtureRequest) -> None:
    rig: Rig = request.getfixturevalue(kind)
    rig.refresh()
    before = rig.image()
    rig.face.paint_with(DARK)
    rig.window.setStyleSheet(style_sheet(DARK))
    rig.refresh()
    after = rig.image()
    assert lightness(after) < lightness(before) - 100


def lightness(image: QImage) -> float:
    rgb = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3]
    return float(rgb.mean())


def test_the_plane_shows_place_cross_cloud_and_words(plane: Rig) -> None:
    plane.second(STOP + 1, x=-1.5, y=2.0, only="C07")
    plane.refresh()
    shown = person(plane).plane
    place = shown.plot.present.place
    assert place is not None
    assert (place.x, place.y, place.x_se, place.y_se, place.hollow) == (-1.5, 2.0, 0.4, None, False)
    assert shown.sentence.text() == (
        "skin conductance higher than reference\nbeat-to-beat variability (lnRMSSD) lower than reference"
    )
    assert shown.cloud_line.text().startswith("cloud: 5 valid min")
    assert "analogy" in plane.texts()
    assert "skin conductance is not cardiac drive" in plane.texts()
    x, y = (np.concatenate([part.getData()[k] for part in shown.plot.trail]) for k in (0, 1))
    assert x.size > 40
    assert np.nanmax(y) == 2.0
    assert person(plane, "T02").plane.cloud_line.text().startswith("no reference cloud")


@pytest.mark.parametrize(
    ("why", "words"),
    [(Reason.SPEECH, "talking: vagal index held"), (Reason.RESP_CONFOUNDED, "breathing: vagal index held")],
)
def test_a_held_vagal_index_leaves_a_hollow_point_and_its_reason(plane: Rig, why: Reason, words: str) -> None:
    plane.second(STOP + 1, x=NAN, y=1.0, why_x=why, only="C07")
    plane.refresh()
    shown = person(plane).plane
    place = shown.plot.present.place
    assert place is not None
    assert (place.x, place.y, place.hollow) == (None, 1.0, True)
    assert shown.sentence.text().startswith(words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": NAN, "why_x": Reason.TOO_FEW_BEATS}, "vagal index: too few beats in the window"),
        ({"y": NAN, "why_y": Reason.LEAD_OFF}, "skin conductance: electrode contact lost"),
    ],
)
def test_a_missing_axis_leaves_no_point(plane: Rig, change: dict[str, Any], words: str) -> None:
    plane.second(STOP + 1, only="C07", **change)
    plane.refresh()
    shown = person(plane).plane
    place = shown.plot.present.place
    assert place is not None
    assert (place.x, place.y) == (None, None)
    assert shown.sentence.text() == f"no place in the plane: {words}"


def test_a_lost_stream_takes_the_place_in_the_plane_with_it(plane: Rig) -> None:
    plane.refresh()
    plane.board.note_event(StreamLost(2, float(STOP), "gone"))
    plane.lost = {2}
    for second in range(STOP + 1, STOP + 6):
        plane.second(second, y=7.0, only="C07")
    plane.refresh()
    shown = person(plane).plane
    place = shown.plot.present.place
    assert place is not None
    assert place.y is None
    assert "no data since 01:59" in shown.sentence.text()
    assert all(7.0 not in part.getData()[1] for part in shown.plot.trail)


@pytest.mark.parametrize("blank", ["session ended", "engine gone"])
def test_without_an_engine_the_plane_has_no_point(plane: Rig, blank: str) -> None:
    plane.refresh()
    plane.blank = blank
    plane.refresh()
    place = person(plane).plane.plot.present.place
    assert place is not None
    assert place.y is None
    assert blank in person(plane).plane.sentence.text()


@pytest.mark.parametrize("reason", [Reason.NOT_CALIBRATED, Reason.CALIBRATION_EXPIRED])
def test_without_a_calibration_it_is_said_what_to_do(plane: Rig, reason: Reason) -> None:
    plane.second(STOP + 1, uncalibrated(reason), x=NAN, y=NAN, why_x=reason, why_y=reason, only="C07")
    plane.refresh()
    shown = person(plane)
    assert shown.plane.isHidden()
    assert "run attune calibrate C07" in shown.band.message.text()
    assert not person(plane, "T02").plane.isHidden()


def test_both_axes_widen_together_in_whole_sd(plane: Rig) -> None:
    view = person_view(plane)
    assert np.allclose(view, [[-4.0, 4.0], [-4.0, 4.0]])
    plane.second(STOP + 1, x=0.0, y=6.5)
    assert np.allclose(person_view(plane), [[-7.0, 7.0], [-7.0, 7.0]])


def person_view(rig: Rig) -> list[list[float]]:
    rig.refresh()
    ranges: list[list[float]] = person(rig).plane.plot.getPlotItem().getViewBox().viewRange()
    return ranges


def test_a_sd_is_as_long_upwards_as_to_the_right(plane: Rig) -> None:
    plane.refresh()
    for size in ((1280, 800), (900, 1200), (1920, 1000)):
        plane.window.resize(*size)
        plane.refresh()
        view = person(plane).plane.plot.getPlotItem().getViewBox()
        assert view.width() == pytest.approx(view.height(), abs=3.0)
        assert view.width() > 100


def test_longer_and_shorter_spans_have_keys(plane: Rig) -> None:
    plane.refresh()
    longer, shorter = plane.face.key_actions()
    assert (longer.key, shorter.key) == ("-", "=")
    assert longer.enabled()
    spans = []
    for action in (longer, longer, longer, shorter):
        action.do()
        plane.refresh()
        spans.append(person(plane).band.plot.span_s)
    assert spans == [900.0, 3600.0, 3600.0, 900.0]
    assert person(plane).band.plot.getPlotItem().getViewBox().viewRange()[0] == [-900.0, 0.0]
    assert person(plane).band.plot.dot.getData()[0].size == 2
    plane.face.hide()
    assert not longer.enabled()


def test_the_level_button_works_while_recording(plane: Rig) -> None:
    plane.refresh()
    assert person(plane).band.level.isHidden()
    plane.recording = True
    plane.refresh()
    person(plane).band.level.click()
    assert plane.sent == [("level_start", "C07")]


def test_the_ellipses_hold_the_shares_of_a_bivariate_gaussian() -> None:
    rng = np.random.default_rng(3)
    cloud = CLOUD | {"x_mean": 0.4, "y_mean": -0.2, "correlation": -0.7}
    sd = np.array([cloud["x_sd"], cloud["y_sd"]])
    covariance = np.outer(sd, sd) * np.array([[1.0, -0.7], [-0.7, 1.0]])
    points = rng.multivariate_normal([0.4, -0.2], covariance, 40_000)
    circle = np.linalg.solve(shape_of(cloud), (points - [0.4, -0.2]).T)  # type: ignore[arg-type]
    radius = np.hypot(*circle)
    assert (radius < 1.0).mean() == pytest.approx(1.0 - np.exp(-0.5), abs=0.01)
    assert (radius < 2.0).mean() == pytest.approx(1.0 - np.exp(-2.0), abs=0.01)


def test_the_cloud_is_painted_where_it_lies_and_has_no_hard_edge(plane: Rig) -> None:
    plane.window.resize(1600, 1000)
    plane.board.note_clouds([CLOUD | {"correlation": -0.9, "x_sd": 1.2, "y_sd": 1.2}])  # type: ignore[list-item]
    plane.refresh()
    plot = person(plane).plane.plot
    plot.present.put(None)
    for part in plot.trail:
        part.clear()
    plot.ground.hide()
    pg.Qt.QtWidgets.QApplication.processEvents()
    view = plot.getPlotItem().getViewBox()
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    def depth(x: float, y: float) -> int:
        at = view.mapToScene(view.mapFromView(pg.QtCore.QPointF(x, y)))
        return abs(
            image.pixelColor(round(at.x()), round(at.y())).lightness() - QColor(LIGHT.panel).lightness()
        )

    assert depth(0.0, 0.0) > 20
    # Along its long axis, from upper left to lower right, and across it.
    assert depth(-1.3, 1.3) > 8
    assert depth(1.3, -1.3) > 8
    assert depth(1.3, 1.3) == 0
    assert depth(-1.3, -1.3) == 0
    steps = [depth(-k / 40.0, k / 40.0) for k in range(100)]
    assert max(abs(a - b) for a, b in pairwise(steps)) <= 4
    assert depth_at(0.0) > depth_at(1.5) > depth_at(3.0)
    assert depth_at(3.0) < 0.01


def test_a_long_trail_is_thinned_and_its_gaps_stay() -> None:
    t_s = np.arange(-3599.0, 1.0)
    arousal = np.ones(t_s.size)
    arousal[1000:1020] = np.nan
    arousal[-1] = 3.0
    thin_t, thin = thinned(t_s, arousal, 5003.0, 3600.0)
    assert thin_t.size <= 455
    assert (thin_t[-1], thin[-1]) == (0.0, 3.0)
    inside = (thin_t >= t_s[1000]) & (thin_t <= t_s[1019])
    assert np.isnan(thin[inside]).all()
    assert np.isfinite(thin[~inside]).sum() > 440
    later_t, _ = thinned(t_s[1:] - 1.0, arousal[1:], 5004.0, 3600.0)
    # Time goes on under the same means.
    assert np.isin(np.round(later_t[5:-5] + 1.0, 6), np.round(thin_t, 6)).all()
    assert thinned(t_s[-300:], arousal[-300:], 0.0, 300.0)[0].size == 300
