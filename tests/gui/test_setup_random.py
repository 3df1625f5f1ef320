"""The set-up face under anything an engine could send: nothing raises, and every stream is there exactly once."""

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from monitor.board.board import Board
from monitor.board.commands import checked
from monitor.views.faces import Scene
from monitor.views.setup.face import SetupFace
from monitor.views.setup.places import places_of, streams_by_place
from monitor.views.theme import LIGHT
from tests.staging_setup import CHECKS

if TYPE_CHECKING:
    from monitor.board.session_views import SetupView

pytestmark = pytest.mark.gui

CODES = st.sampled_from(["", "C07", "T02", "P11", "c07", "<b>C</b>"])
TEXTS = st.one_of(
    st.sampled_from(["", "<img src='x'>", "&lt;b>", "{name} {0} %s", "\u202eabc", "a" * 500, "a b"]),
    st.text(max_size=12),
)
NUMBERS = st.one_of(st.none(), st.floats(width=32))
CHECK = st.fixed_dictionaries(
    {
        "name": st.one_of(st.sampled_from(CHECKS), TEXTS),
        "state": st.sampled_from(["ok", "waiting", "bad", "none", "odd"]),
        "text": TEXTS,
        "cure": TEXTS,
    }
)
STREAM = st.fixed_dictionaries(
    {
        "uid": st.one_of(st.sampled_from(["u1", "u2", "u3"]), TEXTS),
        "title": TEXTS,
        "type": TEXTS,
        "host": TEXTS,
        "device": TEXTS,
        "measures": st.lists(st.one_of(st.sampled_from(["ecg", "eda", "hr"]), TEXTS), max_size=3),
        "reason": TEXTS,
        "declared_hz": st.floats(0.0, 1e6),
        "measured_hz": NUMBERS,
        "participant": CODES,
        "given_by": st.sampled_from(["", "you", "remembered", "room", "option", "guess", "odd"]),
        "checks": st.lists(CHECK, max_size=6),
    }
)
VIEW = st.fixed_dictionaries(
    {
        "people": st.lists(
            st.fixed_dictionaries(
                {"code": CODES, "kind": st.sampled_from(["client", "therapist", "other", "", "odd"])}
            ),
            max_size=5,
        ),
        "streams": st.lists(STREAM, max_size=8),
        "wrong": TEXTS,
        "cure": TEXTS,
        "ready": st.booleans(),
        "can_start": st.booleans(),
        "locked": st.booleans(),
        "remembered": TEXTS,
        "message": TEXTS,
    }
)
KEYS = st.sampled_from(
    [
        Qt.Key.Key_0,
        Qt.Key.Key_1,
        Qt.Key.Key_2,
        Qt.Key.Key_3,
        Qt.Key.Key_X,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Down,
        Qt.Key.Key_Right,
        Qt.Key.Key_Left,
    ]
)


@given(view=VIEW)
def test_every_stream_has_one_place(view: dict[str, Any]) -> None:
    places = places_of(view["people"])
    identities = [place.identity for place in places]
    assert len(set(identities)) == len(identities)
    assert {("client", 0), ("nobody", 0), ("therapist", 0)} <= set(identities)
    keys = [place.key for place in places if place.key]
    assert len(set(keys)) == len(keys)
    lying = streams_by_place(cast("SetupView", view), places)
    found = [stream for streams in lying.values() for _, stream in streams]
    assert Counter(map(id, found)) == Counter(map(id, view["streams"]))
    assert len({key for streams in lying.values() for key, _ in streams}) == len(view["streams"])
    for place in places:
        for _, stream in lying[place.identity]:
            assert place.code == stream["participant"] or not place.is_person


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(st.tuples(VIEW, KEYS, st.integers(0, 9), st.sampled_from(["", "engine gone"])), max_size=3)
)
def test_whatever_comes_is_shown_once_and_answers_to_keys(
    qtbot: QtBot, steps: list[tuple[dict[str, Any], Qt.Key, int, str]]
) -> None:
    sent: list[tuple[str, object]] = []

    def send(name: str, value: object = None) -> bool:
        checked(name, value)
        sent.append((name, value))
        return True

    face = SetupFace(LIGHT, send)
    face.resize(900, 600)
    face.show()
    for view, key, number, blank in steps:
        board = Board()
        board.note_setup(cast("SetupView", view))
        face.show_scene(Scene(board.snapshot(), [], blank, recording=False))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        cards = [card for bay in face.bays.values() for card in bay.cards]
        assert len(cards) == len(set(map(id, cards))) == len(face.cards) == len(view["streams"])
        assert all(bay.isAncestorOf(card) for bay in face.bays.values() for card in bay.cards)
        assert all(card.isVisible() for card in cards)
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in face.findChildren(QLabel))
        before = len(sent)
        if cards:
            card = cards[number % len(cards)]
            card.setFocus()
            QTest.keyClick(card, key)
        if view["locked"] or blank:
            assert len(sent) == before
    face.hide()
    face.deleteLater()
