"""Every text of the windows can be translated: with a made-up language nothing English is left standing."""

import ast
import re
from collections.abc import Iterator

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

import pyqtgraph as pg
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from monitor.views.timeline.canvas import TimelineCanvas
from monitor.views.translate import install
from tests.screens import open_window, settle
from tests.staging import stage
from tests.translations import collected, modules, source_of

pytestmark = pytest.mark.gui

OPENING, CLOSING = "⟦", "⟧"

NOT_WORDS = re.compile(
    r"""
    [A-Z]\d\d+ | [A-Z]{2}\ ?\d* | SD | µ[SV] | attune(?:\s\w+)*          # codes, units, commands
    | HR | (?:ln)?(?:RMSSD|HF) | SDNN | SC[LR] | EDA | ECG | RR | PPG   # what science calls them
    | Hz | ms | min | bpm | GB | TB | MB | kB | s | h | z | x | × | p
    | Ctrl | Shift | Alt | Space | Return | Esc(?:ape)? | Home | End | PgUp | PgDown | PgDn | Left | Right | Tab
    | Delete | Del | F\d+ | PageUp | PageDown | Up | Down | Enter | [A-Z]
    """,
    re.VERBOSE,
)
"""What is not translated: codes, numbers, units, names of keys."""

NAMES = re.compile(
    r"Polar H10[^,·⟦⟧]*|Shimmer3? GSR\+|Shimmer [0-9A-F]{2,}|Biosemi[^,·⟦⟧]*|Strap \d+|lab-pc|tablet|R\. Weiss"
    r"|recording-workstation\S*|as recorded|strict|own words|back in the room|profile of|no space left on the disk"
    r"|no samples for \d+ s|People and streams as in the session of \S+"
)
"""Names and words of the staging, as users and the engine give them: what the engine writes is English."""

COLLECTED = frozenset(collected())
LITERALS = frozenset(
    node.value
    for module in modules()
    if (source := source_of(module))
    for node in ast.walk(source.tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
)
MAIN_STATES = (
    "setup_nothing", "setup_ready", "calibrate_breathing", "calibrate_rating", "warming_up", "talking", "one_lost",
    "above", "low_activation", "disk_low", "not_calibrated", "gone", "replay_compare",
)  # fmt: skip
"""One of each kind of state; the others differ in who is concerned."""


class MadeUp(QTranslator):
    """Puts every text into brackets, and keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def isEmpty(self) -> bool:  # noqa: N802 - the name is Qt's
        return False

    def translate(self, context: str, source: str, disambiguation: str = "", n: int = -1) -> str:
        if context != "attune":
            return source
        self.asked.add(source)
        return f"{OPENING}{source}{CLOSING}"


@pytest.fixture
def made_up(qapp: QApplication) -> Iterator[MadeUp]:
    translator = MadeUp()
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


def outside(text: str) -> str:
    """What of a text stands in no bracket."""
    depth, out = 0, []
    for character in text:
        depth += character == OPENING
        if depth == 0:
            out.append(character)
        depth -= character == CLOSING
    return "".join(out)


def english_in(text: str) -> str:
    """What is left of a text when everything that needs no translation is taken away."""
    plain = re.sub(r"<[^<>]*>|&nbsp;", " ", text)
    rest = NAMES.sub(" ", outside(plain))
    rest = re.sub(r"(?<!\w)(?:" + NOT_WORDS.pattern + r")(?!\w)", " ", rest, flags=re.VERBOSE)
    return " ".join(re.findall(r"[^\W\d_]{2,}", rest))


def texts_of(window: QWidget) -> Iterator[tuple[str, str]]:
    """Every text of a window with where it stands."""
    for widget in [window, *window.findChildren(QWidget)]:
        place = f"{type(widget).__name__} {widget.objectName()}"
        yield f"{place} tooltip", widget.toolTip()
        yield f"{place} name", widget.accessibleName()
        yield f"{place} description", widget.accessibleDescription()
        match widget:
            case QLabel() | QAbstractButton():
                yield place, widget.text()
            case QLineEdit():
                yield f"{place} hint", widget.placeholderText()
            case QComboBox():
                yield from ((f"{place} item", widget.itemText(i)) for i in range(widget.count()))
            case QTableWidget():
                yield from _cells(place, widget)
            case TimelineCanvas():
                rows = [*widget.picture.people, *widget.picture.signals]
                yield from ((f"{place} row", row.label) for row in rows)
                yield from ((f"{place} said", row.said) for row in widget.picture.people)
                yield from ((f"{place} mark", mark.label) for mark in widget.picture.marks)
            case QGraphicsView():
                yield from _drawn(place, widget)
    for action in window.findChildren(QAction):
        # The menu of a plot is switched off.
        if not isinstance(action.parent(), QGraphicsScene):
            yield "action", action.text()


def _cells(place: str, table: QTableWidget) -> Iterator[tuple[str, str]]:
    for column in range(table.columnCount()):
        header = table.horizontalHeaderItem(column)
        yield f"{place} header", header.text() if header else ""
        # The name of a stream is its own, and so is its type.
        for row in range(table.rowCount() if column > 1 else 0):
            item = table.item(row, column)
            yield f"{place} column {column}", item.text() if item else ""


def _drawn(place: str, view: QGraphicsView) -> Iterator[tuple[str, str]]:
    for item in view.scene().items() if view.scene() else ():
        if isinstance(item, pg.TextItem):
            yield f"{place} text", item.toPlainText()
        elif isinstance(item, pg.LabelItem):
            yield f"{place} label", item.text
        elif isinstance(item, pg.AxisItem):
            ticks = item._tickLevels or []
            yield from ((f"{place} tick", label) for level in ticks for _, label in level)


def untranslated(window: QWidget) -> list[tuple[str, str, str]]:
    return sorted(
        {(english, place, text) for place, text in texts_of(window) if text and (english := english_in(text))}
    )


@pytest.mark.parametrize("name", MAIN_STATES)
def test_nothing_english_is_left_in_any_face(name: str, qtbot: QtBot, made_up: MadeUp) -> None:
    client = stage(name)
    window, clock = open_window(client, "light")
    qtbot.addWidget(window)
    window.show()
    settle(window, clock)
    left = untranslated(window)
    for face in () if name.startswith(("setup", "calibrate")) else window.faces:
        window.show_face(face)
        settle(window, clock, frames=2)
        left += untranslated(window)
    window.close()
    assert sorted(set(left)) == []
    # What stands in the views and nobody has collected no file can translate; the rest is written by the engine.
    assert sorted(text for text in made_up.asked - COLLECTED if text in LITERALS and english_in(text)) == []


def test_the_check_finds_what_was_forgotten(qtbot: QtBot) -> None:
    label = QLabel("forgotten words")
    label.setToolTip("⟦fine {x}⟧ C07 · 12 s")
    qtbot.addWidget(label)
    assert untranslated(label) == [("forgotten words", "QLabel ", "forgotten words")]
    assert english_in("⟦C07: ⟦within⟧⟧ 3.1 µS T02 Ctrl+Z") == ""
    assert english_in("⟦a⟧ and ⟦b⟧") == "and"


def test_a_window_speaks_german(qtbot: QtBot, qapp: QApplication) -> None:
    assert install(qapp, "de_AT") == "de"
    try:
        client = stage("above")
        window, clock = open_window(client, "light")
        qtbot.addWidget(window)
        window.show()
        settle(window, clock)
        said = "\n".join(text for _, text in texts_of(window))
        assert "Erregungsindex über dem vorl. oberen Rand dieser Person" in said
        assert "Nur für die Forschung." in said
        assert "Zeitleiste: ganze Sitzung" in said
        window.close()
    finally:
        assert install(qapp, "en") == "en"
