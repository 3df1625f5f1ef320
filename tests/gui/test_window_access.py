"""Whether everybody can use the window: names, keys, contrast."""

from itertools import combinations

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from pyqtgraph import PlotWidget
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from monitor.views.research.plots import few_ticks
from monitor.views.shell.preferences import Preferences
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import DARK, DIM, LIGHT, Theme
from monitor.views.words import number_with_error
from tests.staging import stage

pytestmark = pytest.mark.gui

LEAST_CONTRAST = 4.5
CASES = [
    ("running", "research"),
    ("running", "glance"),
    ("running", "window"),
    ("replay_compare", "research"),
    ("setup_wrong", "research"),
]


def opened(qtbot: QtBot, state: str, face: str) -> MonitorWindow:
    now = [0.0]
    window = MonitorWindow(
        stage(state),  # type: ignore[arg-type]
        LIGHT,
        preferences=Preferences(face=face),
        clock=lambda: now[0],
    )
    window._timer.stop()
    qtbot.addWidget(window, before_close_func=lambda w: w._close_now())
    window.resize(1920, 1080)
    window.show()
    window.activateWindow()
    for _ in range(3):
        now[0] += 0.05
        window.refresh_now()
        QApplication.processEvents()
    return window


def named(widget: QWidget) -> bool:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return bool(widget.accessibleName() or text.strip())


def can_be_reached(widget: QWidget) -> bool:
    if not (widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None):
        return False
    if isinstance(widget, QAbstractButton) and widget.group() is not None and widget.group().exclusive():
        # Of buttons that exclude each other Tab reaches the chosen one, and the arrows the others.
        return widget.isChecked()
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


@pytest.mark.parametrize(("state", "face"), CASES)
def test_all_that_can_be_reached_has_a_name_and_tab_reaches_it_in_order(
    qtbot: QtBot, state: str, face: str
) -> None:
    window = opened(qtbot, state, face)
    reachable = [w for w in window.findChildren(QWidget) if can_be_reached(w)]
    # What scrolls by keyboard but shows nothing of its own is passed over.
    nameless = [type(w).__name__ for w in reachable if not named(w) and w.parentWidget() not in reachable]
    assert nameless == []
    visited: list[QWidget] = []
    for _ in range(3 * len(reachable) + 5):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        if visited and focus is visited[0]:
            break
        visited.append(focus)
    missed = [f"{type(w).__name__} {w.accessibleName()}" for w in reachable if w not in visited]
    assert missed == []
    # The views come before what they show, and that before the bars below it.
    tops = {w: w.mapTo(window, w.rect().topLeft()).y() for w in visited}
    head = [i for i, w in enumerate(visited) if w in (*window.head.buttons, window.head.more)]
    bars = [i for i, w in enumerate(visited) if any(bar.isAncestorOf(w) for bar in window.bars)]
    start = head[0]
    turned = visited[start:] + visited[:start]
    assert all(turned.index(visited[i]) < len(head) for i in head)
    if bars:
        lowest = [turned.index(visited[i]) for i in bars]
        assert sorted(lowest) == list(range(len(turned) - len(bars), len(turned)))
        assert tops[turned[0]] < tops[turned[-1]]


@pytest.mark.parametrize(("state", "face"), CASES)
def test_plots_and_controls_speak(qtbot: QtBot, state: str, face: str) -> None:
    window = opened(qtbot, state, face)
    kinds = (PlotWidget, QAbstractButton, QComboBox, QLineEdit)
    mute = [
        type(w).__name__
        for w in window.findChildren(QWidget)
        if isinstance(w, kinds)
        and w.isVisible()
        and not isinstance(w.parentWidget(), QAbstractScrollArea | QComboBox)
        and not named(w)
    ]
    assert mute == []


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK, DIM])
def test_text_stands_out_from_its_ground(theme: Theme) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    for text in (theme.text, theme.dim):
        for ground in (theme.background, theme.panel):
            assert contrast(text, ground) >= LEAST_CONTRAST
    # What is chosen lies on the colour of lines.
    assert contrast(theme.text, theme.line) >= LEAST_CONTRAST
    assert contrast(theme.banner_text, theme.banner) >= LEAST_CONTRAST
    for mark in (theme.heart, theme.skin, theme.mark, theme.corrected, theme.trail):
        assert contrast(mark, theme.panel) >= 3.0


def test_no_meaning_rests_on_red_or_green() -> None:
    for theme in (LIGHT, DARK, DIM):
        for colour in theme:
            red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
            assert not (red > 1.8 * green and red > 1.8 * blue and red > 150)
            assert not (green > 1.4 * red and green > 1.4 * blue)


@pytest.mark.parametrize(
    ("marker", "value", "se", "text"),
    [
        ("hr_bpm", 72.03, 1.2, "72.0 ± 1.2"),
        ("hr_bpm", 72.03, 4.0, "72 ± 4"),
        ("hr_bpm", 72.03, 0.16, "72.03 ± 0.16"),
        ("scl_us", 4.0512, 0.03, "4.05 ± 0.03"),
        ("z_eda", -0.04, 0.35, "-0.0 ± 0.3"),
        ("hr_bpm", 72.0, None, "72"),
        ("hr_bpm", 72.0, 0.0, "72.00 ± <0.01"),
        ("hr_bpm", None, 1.0, "–"),
        ("hr_bpm", 72.0, float("nan"), "72"),
    ],
)
def test_a_number_has_its_error_and_no_more_digits_than_that(
    marker: str, value: float | None, se: float | None, text: str
) -> None:
    assert number_with_error(marker, value, se).replace("-0.0", "0.0") == text.replace("-0.0", "0.0")


def test_few_ticks_are_round_and_inside() -> None:
    for low, high in ((-500.0, 1500.0), (4.4, 5.4), (0.0, 0.03), (-3.0, 3.0), (7.0, 7.0), (400.0, 1400.0)):
        ticks = few_ticks(low, high)
        assert len(ticks) <= 4
        assert bool(ticks) == (high > low)
        assert all(low < tick < high for tick in ticks)
        assert all(a < b for a, b in combinations(ticks, 2))
