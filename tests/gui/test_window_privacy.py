"""Nothing of a hidden person reaches a part of the window, whatever the engine sends."""

import json

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from hypothesis import given
from hypothesis import strategies as st

from monitor.board.snapshot import Snapshot
from monitor.views.shell.privacy import Sight, therapists, without
from tests.staging import STATES, Session, marks, recording

pytestmark = pytest.mark.gui

CODES = ("C07", "T02", "T0", "T02-b", "P.1")
KINDS = ("client", "therapist", "other", "")


def whole(people: tuple[tuple[str, str], ...]) -> Snapshot:
    session = Session(people=people, now_s=90.0).feed()
    board = session.board
    board.note_marks([{**m, "participant": c, "text": f"about {c}"} for m in marks() for c, _ in people])
    board.note_recording(recording(path=f"/data/{people[-1][0]}", error=f"{people[-1][0]} full"))
    return board.snapshot()


@pytest.mark.parametrize("name", [n for n in STATES if not n.startswith("setup")])
def test_no_state_lets_a_word_of_the_therapist_through(name: str) -> None:
    snapshot = STATES[name].make().snapshot()
    assert "T02" not in json.dumps(without(snapshot, frozenset({"T02"})))
    assert without(snapshot, frozenset()) is snapshot


@given(
    st.lists(
        st.tuples(st.sampled_from(CODES), st.sampled_from(KINDS)),
        min_size=1,
        max_size=3,
        unique_by=lambda p: p[0],
    ),
    st.sets(st.sampled_from(CODES)),
)
def test_whoever_is_hidden_leaves_nothing_and_the_others_keep_all(
    people: list[tuple[str, str]], hidden: set[str]
) -> None:
    snapshot = whole(tuple(people))
    seen = without(snapshot, frozenset(hidden))
    # A code inside another one is not a mention of it.
    words = json.dumps(seen).replace('"', " ").replace("/", " ").split()
    assert not hidden & set(words)
    for code, _ in people:
        if code not in hidden:
            assert [v for v in seen["latest"] if v["participant"] == code] == [
                v for v in snapshot["latest"] if v["participant"] == code
            ]
            assert [p for p in seen["people"] if p["code"] == code]


def test_what_is_hidden_is_forgotten_once_and_what_has_gone_too() -> None:
    forgotten: list[frozenset[str]] = []
    sight = Sight(private=False, forget=forgotten.append)
    first = Session(now_s=30.0).feed().board.snapshot()
    assert therapists(first) == {"T02"}
    assert sight.hidden(first) == frozenset()
    sight.private = True
    assert sight.hidden(first) == sight.hidden(first) == {"T02"}
    assert forgotten == [{"T02"}]
    other = Session(people=(("C11", "client"),), now_s=30.0).feed().board
    empty = {**other.snapshot(), "people": []}
    assert sight.hidden(empty) == frozenset()  # type: ignore[arg-type]
    sight.hidden(other.snapshot())
    assert forgotten[1:] == [{"C07", "T02"}]


def test_a_sensor_named_after_its_owner_does_not_name_the_owner() -> None:
    snapshot = Session(now_s=30.0).feed().board.snapshot()
    streams = [
        {**snapshot["streams"][0], "title": "strap of T02", "roles": []},
        {**snapshot["streams"][1], "note": "as T02, which T020 is not", "host": "T02-laptop"},
    ]
    seen = without({**snapshot, "streams": streams}, frozenset({"T02"}))["streams"]  # type: ignore[typeddict-item]
    assert [s["title"] for s in seen] == ["strap of …", snapshot["streams"][1]["title"]]
    assert (seen[1]["note"], seen[1]["host"]) == ("as …, which T020 is not", "…-laptop")
    assert seen[1]["roles"] == snapshot["streams"][1]["roles"]
