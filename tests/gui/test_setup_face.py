"""The set-up face, offscreen: streams are given to people by mouse and by key, and the recording is started."""

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.commands import checked
from monitor.board.session_views import CandidateView, SetupView
from monitor.views.faces import Scene
from monitor.views.setup.bay import Bay
from monitor.views.setup.card import MIME, StreamCard
from monitor.views.setup.face import SetupFace
from monitor.views.setup.foot import PATIENCE
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import THEMES, style_sheet
from tests.staging import STATES, StagedClient, stage
from tests.staging_setup import (
    NO_CONTACT,
    candidate,
    checks,
    dyad_candidates,
    setup_many,
    setup_view,
    setup_wrong,
)

pytestmark = pytest.mark.gui

CLIENT, NOBODY, OTHER, THERAPIST = ("client", 0), ("nobody", 0), ("other", 0), ("therapist", 0)


class Rig:
    """A set-up face, and what it sends."""

    def __init__(self, qtbot: QtBot, theme: str = "light") -> None:
        self.qtbot = qtbot
        self.sent: list[tuple[str, object]] = []
        self.reached = True
        self.face = SetupFace(THEMES[theme], self.send)
        self.face.resize(1280, 700)
        qtbot.addWidget(self.face)
        self.face.show()
        self.face.activateWindow()

    def send(self, name: str, value: object = None) -> bool:
        checked(name, value)
        if self.reached:
            self.sent.append((name, value))
        return self.reached

    def see(self, view: SetupView, *, blank: str = "") -> None:
        board = Board()
        board.note_setup(view)
        self.face.show_scene(Scene(board.snapshot(), [], blank, recording=False))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def titles(self, identity: tuple[str, int]) -> list[str]:
        return [card.title.text() for card in self.face.bays[identity].cards]

    def card(self, uid: str) -> StreamCard:
        return self.face.cards[uid, 0]

    def press(self, uid: str, key: Qt.Key) -> None:
        self.card(uid).setFocus()
        self.qtbot.keyClick(self.card(uid), key)

    def type(self, identity: tuple[str, int], text: str) -> QLineEdit:
        field = self.face.bays[identity].code
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        return field

    def drop(self, bay: Bay, mime: QMimeData) -> bool:
        """Let something be dragged over a place and dropped there; tell whether it was wanted."""
        action, button, plain = (
            Qt.DropAction.MoveAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter = QDragEnterEvent(QPoint(5, 5), action, mime, button, plain)
        QApplication.sendEvent(bay, enter)
        event = QDropEvent(QPointF(5.0, 5.0), action, mime, button, plain)
        QApplication.sendEvent(bay, event)
        return enter.isAccepted()

    def texts(self) -> str:
        return "\n".join(x.text() for x in self.face.findChildren(QLabel) if x.isVisible())


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


def changed(uid: str, **change: object) -> list[CandidateView]:
    return [{**s, **change} if s["uid"] == uid else s for s in dyad_candidates()]  # type: ignore[typeddict-item]


def test_while_nothing_is_found_it_says_what_to_do_and_cannot_start(rig: Rig) -> None:
    rig.see(setup_view(streams=[], ready=False, can_start=False, remembered=""))
    assert "Switch the sensors on and start their bridge programs" in rig.texts()
    assert "appear in this list by themselves" in rig.texts()
    button = rig.face.foot.start_button
    assert not button.isEnabled()
    assert "no stream was found" in button.toolTip()
    assert "no stream was found" in button.accessibleDescription()


def test_every_stream_lies_with_its_person(rig: Rig) -> None:
    rig.see(setup_view(streams=[*dyad_candidates(), candidate("u9", title="Strap", participant="gone")]))
    assert rig.titles(CLIENT) == ["Polar H10 8C4A2B1F", "Shimmer 5E2F"]
    assert rig.titles(THERAPIST) == ["Polar H10 1D33A07C", "Shimmer 9B10"]
    assert rig.titles(NOBODY) == ["Strap"]
    places = [bay.mapTo(rig.face, QPoint(0, 0)).x() for bay in rig.face.bays.values()]
    assert places == sorted(places)


def test_a_card_says_what_is_known_of_its_stream(rig: Rig) -> None:
    rig.see(setup_view(streams=changed("u1", checks=checks(contact=NO_CONTACT))))
    card = rig.card("u1")
    assert card.device.text() == "Polar H10 · lab-pc"
    assert card.rate.text() == "ECG · 130 Hz declared, 129.9 measured"
    assert card.given.text() == "remembered from last time · its type and unit say ECG"
    marks = card.checks.text().replace("\u2060\u00a0", " ")
    assert marks == "✓ connected  ✓ rate  ✓ clock  ✓ signal  ! contact"
    assert card.trouble.text().startswith("! contact: electrode contact lost. Moisten the electrodes")
    assert rig.card("u2").trouble.isHidden()
    assert "contact: not right" in card.accessibleDescription()
    assert "of CLIENT C07" in card.accessibleName()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"measured_hz": None}, "ECG · 130 Hz declared, not measured yet"),
        ({"declared_hz": 0.0, "measured_hz": 1.12, "measures": ["hr", "rr"]}, "irregular, 1.1 a second"),
        ({"declared_hz": 0.0, "measured_hz": None}, "ECG · irregular, not measured yet"),
        ({"measures": []}, "not recognised: recorded only"),
    ],
)
def test_a_rate_is_said_as_far_as_it_is_known(rig: Rig, change: dict[str, object], line: str) -> None:
    rig.see(setup_view(streams=changed("u1", **change)))
    assert line in rig.card("u1").rate.text()


@pytest.mark.parametrize(
    ("by", "line"),
    [
        ("you", "given by you"),
        ("remembered", "remembered from last time"),
        ("room", "given by the room file"),
        ("option", "given by the command line"),
        ("guess", "guessed"),
        ("nonsense", "recognised"),
    ],
)
def test_who_gave_a_stream_is_said(rig: Rig, by: str, line: str) -> None:
    rig.see(setup_view(streams=changed("u1", given_by=by)))
    assert rig.card("u1").given.text().startswith(line)
    rig.see(setup_view(streams=changed("u1", given_by=by, reason="")))
    assert rig.card("u1").given.text() == (line if by != "nonsense" else "")


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_1, ("assign", "u3 C07")),
        (Qt.Key.Key_2, ("assign", "u3 T02")),
        (Qt.Key.Key_0, ("assign", "u3")),
        (Qt.Key.Key_Delete, ("assign", "u3")),
        (Qt.Key.Key_Backspace, ("assign", "u3")),
        (Qt.Key.Key_X, ("swap", None)),
        (Qt.Key.Key_5, None),
        (Qt.Key.Key_A, None),
    ],
)
def test_keys_give_the_selected_stream(rig: Rig, key: Qt.Key, command: tuple[str, object] | None) -> None:
    rig.see(setup_view())
    rig.press("u3", key)
    assert rig.sent == ([command] if command else [])


def test_a_third_person_has_a_key_too(rig: Rig) -> None:
    board = setup_many()
    view = board.snapshot()["setup"]
    assert view is not None
    rig.see(view)
    rig.press("u1", Qt.Key.Key_3)
    assert rig.sent == [("assign", "u1 P11")]
    assert "3 (others)" in rig.face.foot.hint.text()
    assert sum(len(bay.cards) for bay in rig.face.bays.values()) == 16


def test_a_card_dropped_on_a_person_is_theirs(rig: Rig) -> None:
    rig.see(setup_view())
    card = rig.card("u3")
    card.lifted.emit()
    assert rig.drop(rig.face.bays[CLIENT], card.mime())
    card.put_down.emit()
    assert rig.sent == [("assign", "u3 C07")]
    card.lifted.emit()
    assert rig.drop(rig.face.bays[NOBODY], card.mime())
    assert rig.sent[1:] == [("assign", "u3")]


def test_a_card_dropped_where_it_lies_changes_nothing(rig: Rig) -> None:
    rig.see(setup_view())
    rig.card("u3").lifted.emit()
    rig.drop(rig.face.bays[THERAPIST], rig.card("u3").mime())
    assert rig.sent == []


@pytest.mark.parametrize("kind", ["text/plain", "text/uri-list", MIME])
def test_what_comes_from_elsewhere_is_not_taken(rig: Rig, kind: str) -> None:
    rig.see(setup_view())
    mime = QMimeData()
    mime.setData(kind, b"u3")
    wanted = rig.drop(rig.face.bays[CLIENT], mime)
    # A card of another window looks like one of this one, but none is carried here.
    assert wanted == (kind == MIME)
    assert rig.sent == []


def test_the_mouse_begins_a_drag_only_when_it_has_moved(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.see(setup_view())
    card, dragged = rig.card("u1"), []
    monkeypatch.setattr(card, "_drag", dragged.append)
    start = QPoint(20, 20)
    rig.qtbot.mousePress(card, Qt.MouseButton.LeftButton, pos=start)
    rig.qtbot.mouseMove(card, start + QPoint(1, 1))
    rig.qtbot.mouseRelease(card, Qt.MouseButton.LeftButton, pos=start)
    assert dragged == []
    assert rig.sent == []


def test_while_a_card_is_carried_nothing_moves_under_it(rig: Rig) -> None:
    rig.see(setup_view())
    card = rig.card("u3")
    card.lifted.emit()
    rig.see(setup_view(streams=dyad_candidates()[:2]))
    assert rig.card("u3") is card
    assert card.title.text() == "Polar H10 1D33A07C"
    rig.drop(rig.face.bays[CLIENT], card.mime())
    card.put_down.emit()
    rig.see(setup_view(streams=dyad_candidates()[:2]))
    assert ("u3", 0) not in rig.face.cards


def test_a_selected_stream_stays_selected_where_it_goes(rig: Rig) -> None:
    rig.see(setup_view())
    rig.press("u3", Qt.Key.Key_1)
    rig.see(setup_view(streams=changed("u3", participant="C07", given_by="you")))
    assert rig.titles(CLIENT) == ["Polar H10 8C4A2B1F", "Shimmer 5E2F", "Polar H10 1D33A07C"]
    assert rig.face.focusWidget() is rig.card("u3")
    rig.see(setup_view(streams=[candidate("u0", participant="C07"), *dyad_candidates()]))
    assert rig.face.focusWidget() is rig.card("u3")


def test_a_half_typed_code_outlives_what_comes(rig: Rig) -> None:
    rig.see(setup_view())
    field = rig.type(CLIENT, "P1")
    for _ in range(3 * PATIENCE):
        rig.see(setup_view(streams=dyad_candidates()[:3]))
    assert field.text() == "P1"
    assert rig.face.focusWidget() is field
    assert rig.sent == []


def test_a_code_is_sent_once_when_it_is_one(rig: Rig) -> None:
    rig.see(setup_view())
    field = rig.type(CLIENT, "P12")
    rig.qtbot.keyClick(field, Qt.Key.Key_Return)
    field.clearFocus()
    assert rig.sent == [("person", "client P12")]
    rig.see(setup_view())
    assert field.text() == "P12"
    rig.see(setup_view(people=[{"code": "P12", "kind": "client"}, {"code": "T02", "kind": "therapist"}]))
    assert field.text() == "P12"
    assert rig.face.bays[CLIENT].place.code == "P12"


def test_a_code_the_engine_does_not_take_is_taken_back(rig: Rig) -> None:
    rig.see(setup_view())
    field = rig.type(CLIENT, "P12")
    field.clearFocus()
    assert rig.sent == [("person", "client P12")]
    for _ in range(PATIENCE + 1):
        rig.see(setup_view(message="P12 is in use."))
    assert field.text() == "C07"
    assert "P12 is in use." in rig.texts()


@pytest.mark.parametrize(("text", "said"), [("Anna Meier", "letters"), ("", "letters"), ("T02", "Somebody")])
def test_what_is_no_code_is_said_and_not_sent(rig: Rig, text: str, said: str) -> None:
    rig.see(setup_view())
    field = rig.type(CLIENT, text)
    if not text:
        rig.qtbot.keyClick(field, Qt.Key.Key_Delete)
    rig.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rig.sent == []
    assert said in rig.face.bays[CLIENT].note.text()
    assert field.text() == text
    rig.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "C07"
    assert rig.face.bays[CLIENT].note.isHidden()


def test_somebody_without_a_code_gets_streams_only_when_they_have_one(rig: Rig) -> None:
    rig.see(setup_view(people=[{"code": "C07", "kind": "client"}]))
    assert "Type a code first" in rig.texts()
    rig.press("u1", Qt.Key.Key_2)
    rig.card("u1").lifted.emit()
    assert not rig.drop(rig.face.bays[THERAPIST], rig.card("u1").mime())
    assert rig.sent == []
    rig.card("u1").put_down.emit()
    field = rig.type(THERAPIST, "T9")
    rig.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rig.sent == [("person", "therapist T9")]


def test_arrows_and_tab_reach_every_stream(rig: Rig) -> None:
    rig.see(setup_view())
    for key, uid in (
        (Qt.Key.Key_Down, "u2"),
        (Qt.Key.Key_Down, "u2"),
        (Qt.Key.Key_Right, "u4"),
        (Qt.Key.Key_Up, "u3"),
        (Qt.Key.Key_Left, "u1"),
        (Qt.Key.Key_Left, "u1"),
    ):
        focus = rig.face.focusWidget()
        rig.press("u1" if not isinstance(focus, StreamCard) else focus.key[0], key)
        assert rig.face.focusWidget() is rig.card(uid)
    assert rig.sent == []
    field = rig.face.bays[CLIENT].code
    field.setFocus()
    seen: list[QWidget | None] = []
    for _ in range(8):
        seen.append(rig.face.focusWidget())
        rig.qtbot.keyClick(rig.face.focusWidget(), Qt.Key.Key_Tab)
    foot = rig.face.foot
    therapist = rig.face.bays[THERAPIST].code
    first, second = [rig.card("u1"), rig.card("u2")], [rig.card("u3"), rig.card("u4")]
    assert seen == [field, *first, therapist, *second, foot.swap_button, foot.start_button]


def test_the_first_thing_wrong_is_said_with_its_cure(rig: Rig) -> None:
    view = setup_wrong().snapshot()["setup"]
    assert view is not None
    rig.see(view)
    foot = rig.face.foot
    assert foot.wrong.text() == (
        "! Polar H10 8C4A2B1F of C07: electrode contact lost. Moisten the electrodes of the strap and tighten it."
    )
    assert foot.start_button.text() == "Start anyway"
    assert "written into the recording" in foot.remark.text()
    rig.see(setup_view())
    assert foot.wrong.text() == "✓ All checks are fine."
    assert foot.start_button.text() == "Start recording"


def test_the_start_is_sent_once_and_offered_again_when_nothing_comes_of_it(rig: Rig) -> None:
    rig.see(setup_view())
    button = rig.face.foot.start_button
    rig.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    rig.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert rig.sent == [("start", None)]
    assert button.text() == "Starting"
    for _ in range(PATIENCE):
        rig.see(setup_view())
    assert button.isEnabled()
    assert button.text() == "Start recording"


def test_return_starts_unless_something_else_wants_it(rig: Rig) -> None:
    rig.see(setup_view(ready=False))
    (action,) = rig.face.key_actions()
    assert action.key == "Return"
    for widget, starts in (
        (rig.face.bays[CLIENT].code, False),
        (rig.face.foot.swap_button, False),
        (rig.face.foot.start_button, True),
        (rig.card("u1"), True),
    ):
        widget.setFocus()
        assert action.enabled() == starts
    rig.see(setup_view(can_start=False))
    assert not action.enabled()


def test_an_engine_that_is_not_there_takes_all_checks_and_the_start_with_it(rig: Rig) -> None:
    rig.see(setup_view(), blank="engine gone")
    assert "✓" not in rig.texts()
    assert "checks not known: engine gone" in rig.texts()
    assert not rig.face.foot.start_button.isEnabled()
    assert rig.face.bays[CLIENT].code.isReadOnly()
    rig.press("u1", Qt.Key.Key_2)
    assert rig.sent == []


def test_a_command_that_does_not_arrive_is_said(rig: Rig) -> None:
    rig.see(setup_view())
    rig.reached = False
    rig.press("u1", Qt.Key.Key_2)
    assert "could not be reached" in rig.face.foot.message.text()
    rig.reached = True
    rig.press("u1", Qt.Key.Key_2)
    assert rig.face.foot.message.isHidden()


def test_an_id_no_command_can_carry_harms_nobody(rig: Rig) -> None:
    uid = "u" * 300
    rig.see(setup_view(streams=[candidate(uid)]))
    rig.press(uid, Qt.Key.Key_1)
    assert rig.sent == []
    assert rig.face.foot.message.isVisible()


def test_a_room_file_locks_everything_but_the_start(rig: Rig) -> None:
    rig.see(setup_view(locked=True))
    assert "room file" in rig.face.foot.remark.text()
    rig.press("u1", Qt.Key.Key_2)
    rig.press("u1", Qt.Key.Key_X)
    rig.card("u1").lifted.emit()
    assert not rig.drop(rig.face.bays[THERAPIST], rig.card("u1").mime())
    rig.card("u1").put_down.emit()
    assert not rig.card("u1").movable
    assert rig.face.bays[CLIENT].code.isReadOnly()
    assert not rig.face.foot.swap_button.isEnabled()
    assert rig.sent == []
    rig.qtbot.mouseClick(rig.face.foot.start_button, Qt.MouseButton.LeftButton)
    assert rig.sent == [("start", None)]


def test_texts_of_streams_are_drawn_as_they_are(rig: Rig) -> None:
    bad = "<img src='file:///etc/passwd'><b>x</b>&lt;"
    texts = dict.fromkeys(("title", "device", "host", "reason", "type"), bad)
    wrong = checks(signal=("bad", bad, bad))
    view = setup_view(streams=changed("u1", checks=wrong, **texts), wrong=bad, cure=bad, message=bad)
    rig.see(view)
    labels = rig.face.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    tips = [widget.toolTip() for widget in rig.face.findChildren(QWidget) if bad[:4] in widget.toolTip()]
    assert tips == []
    assert "&lt;img" in rig.card("u1").title.toolTip()


def test_long_texts_do_not_push_the_rest_away(rig: Rig) -> None:
    long = "very " * 300
    view = setup_view(
        streams=changed("u1", title=long, reason=long, checks=checks(rate=("bad", long, long))),
        wrong=long,
        cure=long,
    )
    rig.see(view)
    assert rig.card("u1").height() < 400
    assert rig.face.foot.minimumSizeHint().height() < 250
    assert rig.face.minimumSizeHint().width() < 800


def test_everything_that_can_have_the_focus_has_a_name(rig: Rig) -> None:
    rig.see(setup_view(streams=[*dyad_candidates(), candidate("u9")]))
    focusable = [
        widget
        for widget in rig.face.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]
    assert len(focusable) == 9
    assert all(widget.accessibleName() for widget in focusable)
    assert all(bay.accessibleName() for bay in rig.face.bays.values())


class Counter(QObject):
    """Counts what makes Qt lay out or draw again."""

    def __init__(self) -> None:
        super().__init__()
        self.n = 0

    def eventFilter(self, _thing: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
        self.n += event.type() in {
            QEvent.Type.LayoutRequest,
            QEvent.Type.UpdateRequest,
            QEvent.Type.StyleChange,
        }
        return False


def test_the_same_again_costs_no_drawing(rig: Rig) -> None:
    rig.see(setup_view())
    rig.qtbot.wait(20)
    counter = Counter()
    for widget in (rig.face, *rig.face.findChildren(QWidget)):
        widget.installEventFilter(counter)
    for _ in range(5):
        rig.see(setup_view())
        QApplication.processEvents()
    assert counter.n == 0


def test_another_theme_reaches_every_card(rig: Rig) -> None:
    rig.see(setup_view())
    colours = []
    for theme in THEMES.values():
        rig.face.window().setStyleSheet(style_sheet(theme))
        rig.face.paint_with(theme)
        image = rig.card("u1").grab().toImage()
        colours.append(image.pixelColor(image.width() - 6, image.height() - 6).name())
    assert colours == [theme.panel for theme in THEMES.values()]


def window_of(qtbot: QtBot, client: StagedClient) -> MonitorWindow:
    clock = [0.0]
    window = MonitorWindow(client, THEMES["light"], clock=lambda: clock[0])  # type: ignore[arg-type]
    window._timer.stop()
    qtbot.addWidget(window)
    window.show()
    for _ in range(3):
        clock[0] += 0.3
        window.refresh()
        QApplication.processEvents()
    return window


def test_in_the_window_digits_belong_to_the_selected_stream(qtbot: QtBot) -> None:
    client = stage("setup_checking")
    window = window_of(qtbot, client)
    window.activateWindow()
    card = window.setup_face.cards["u3", 0]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_2)
    qtbot.keyClick(card, Qt.Key.Key_Right)
    field = window.setup_face.bays[CLIENT].code
    field.setFocus()
    qtbot.keyClicks(field, "1 2hm")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert client.sent == [("assign", "u3 T02")]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert client.sent[1:] == [("start", None)]


@pytest.mark.parametrize("name", [name for name in STATES if name.startswith("setup")])
def test_the_window_shows_the_set_up_instead_of_a_session(qtbot: QtBot, name: str) -> None:
    window = window_of(qtbot, stage(name))
    assert window.setup_face.isVisible()
    assert not any(bar.isVisible() for bar in window.bars)
    assert isinstance(window.setup_face.findChild(QPushButton, "start"), QPushButton)
