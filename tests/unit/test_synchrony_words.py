"""Sentences about synchrony, and where the terminal puts them."""

import io
from typing import Any

import pytest
from rich.console import Console

from monitor.board.board import Board
from monitor.board.gate import Hold
from monitor.board.synchrony import synchrony_view
from monitor.core.results import NAN, Reason, Status, SynchronyReading
from monitor.views.between.dyads import Dyad, dyads_of
from monitor.views.between.words import (
    KINDS,
    PLACES,
    SHORT,
    SIGNALS,
    WORDS,
    SynchronyText,
    pairs_text,
    place_of,
    synchrony_text,
)
from monitor.views.people import Person, people_of
from monitor.views.terminal import render, status_line

READING = SynchronyReading(
    first="C07",
    second="T02",
    signal="eda",
    t_s=1870.0,
    t_emit_s=1875.0,
    valid_min=31.9,
    needed_min=10.0,
    z_session=2.6,
    chance_lo=-1.6,
    chance_hi=1.7,
    p=0.004,
    z_recent=0.4,
    recent_lo=-1.5,
    recent_hi=1.8,
    z_in_phase=0.9,
    z_anti_phase=0.1,
    z_lead=0.4,
    lag_s=NAN,
    status=Status.OK,
    reason=Reason.NONE,
)
CLIENT, THERAPIST = Person("C07", "client", [], []), Person("T02", "therapist", [], [])
ABOVE = (
    "similarity of skin conductance changes so far: above what chance gives in this session (z 2.6, 31 min)"
)
FEW: dict[str, Any] = {"status": Status.NA, "reason": Reason.TOO_FEW_SEGMENTS, "z_session": NAN}
LOW: dict[str, Any] = {"status": Status.LOW, "reason": Reason.TOO_FEW_SEGMENTS}
GONE: dict[str, Any] = {"status": Status.NA, "z_session": NAN}


def text(
    hold: Hold = Hold.NONE,
    since_s: float = NAN,
    whose: tuple[str, ...] = (),
    people: tuple[Person, Person] = (CLIENT, THERAPIST),
    **change: Any,
) -> SynchronyText:
    reading = READING._replace(**change)
    view = synchrony_view(reading, hold, since_s, list(whose))
    return synchrony_text(Dyad(*people, {reading.signal: view}), reading.signal)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, f"{ABOVE} · last 5 min: within · no direction beyond chance"),
        ({"z_recent": NAN}, f"{ABOVE} · no direction beyond chance"),
        ({"z_session": 1.7}, f"{ABOVE.replace('above', 'within').replace('2.6', '1.7')} · last 5 min: within"),
        (
            {"z_session": -2.31, "z_recent": -2.0, "z_anti_phase": 2.2},
            f"{ABOVE.replace('above', 'below').replace('2.6', '−2.3')} · last 5 min: below"
            " · moved opposite ways more often than chance",
        ),
        (
            {"z_in_phase": 3.1, "lag_s": 2.2},
            f"{ABOVE} · last 5 min: within · moved the same way more often than chance"
            " · client's changes tended to come about 2 s earlier (31 min); not a causal statement",
        ),
        (
            {"lag_s": -0.4},
            f"{ABOVE} · last 5 min: within"
            " · therapist's changes tended to come less than 1 s earlier (31 min); not a causal statement",
        ),
        ({"z_session": -0.04}, f"{ABOVE.replace('above', 'within').replace('2.6', '0.0')} · last 5 min: within"),
        (
            {**LOW, "valid_min": 6.7, "lag_s": 2.0, "z_in_phase": 3.0},
            f"{ABOVE.replace('31 min', '6 of 10 min')}; unsure: fewer than 20 segments · last 5 min: within",
        ),
        ({**FEW, "valid_min": 3.99}, "skin conductance: not yet (3 of 10 min)"),
        ({**FEW, "signal": "ibi", "valid_min": 0.0}, "cardiac: not yet (0 of 10 min)"),
        (
            {**GONE, "reason": Reason.ZERO_VARIANCE},
            "skin conductance: not available: skin conductance of one person does not vary",
        ),
        ({**GONE, "reason": Reason.GAP}, "skin conductance: not available: gap in the data"),
    ],
)  # fmt: skip
def test_every_state_has_its_sentence(change: dict[str, Any], line: str) -> None:
    assert text(**change).line == line


@pytest.mark.parametrize(
    ("hold", "since_s", "whose", "line"),
    [
        (Hold.STALE, 724.0, ("T02",), "skin conductance: on hold since 12:04: no data from T02"),
        (Hold.STALE, 724.0, ("C07", "T02"), "skin conductance: on hold since 12:04: no data from C07 and T02"),
        (Hold.UNVERIFIED, NAN, ("C07",), "skin conductance: on hold: stream of C07 not verified"),
        (Hold.OUTDATED, 724.0, (), "skin conductance: on hold since 12:04: not renewed"),
        (Hold.NO_STREAM, NAN, ("T02",), "skin conductance: not available: no skin conductance stream of T02"),
        (Hold.ENDED, NAN, (), "skin conductance: not available: session ended"),
    ],
)  # fmt: skip
def test_what_the_gate_keeps_back_is_named_without_a_number(
    hold: Hold, since_s: float, whose: tuple[str, ...], line: str
) -> None:
    held = text(hold, since_s, whose, lag_s=2.0, z_in_phase=4.0)
    assert held.line == line
    assert "2.6" not in held.brief


def test_people_of_one_kind_are_called_by_their_codes() -> None:
    pair = (Person("P11", "other", [], []), Person("P12", "other", [], []))
    assert "P11's changes tended to come about 3 s earlier" in text(people=pair, lag_s=3.0).line
    assert "P12's changes tended to come about 3 s earlier" in text(people=pair, lag_s=-3.0).line


def test_before_the_first_reading_a_missing_sensor_or_patience_is_named() -> None:
    bare = Dyad(CLIENT, THERAPIST, {})
    assert synchrony_text(bare, "ibi").line == "cardiac: not available: no cardiac stream of C07 and T02"
    assert synchrony_text(bare, "ibi", "engine gone").line == "cardiac: not available: engine gone"


def test_a_reading_in_few_words() -> None:
    assert text().brief == "skin conductance above chance (z 2.6, 31 min)"
    assert text(status=Status.LOW, reason=Reason.TOO_FEW_SEGMENTS).brief.endswith("?")
    assert text(**FEW, valid_min=6.0).brief == "skin conductance not yet (6 of 10 min)"
    assert text(Hold.STALE, 1.0, ("T02",)).brief == "skin conductance on hold"


def test_a_value_at_the_limit_of_chance_is_within() -> None:
    assert [place_of(z, -1.0, 1.0) for z in (-1.1, -1.0, 0.0, 1.0, 1.1)] == [
        "below", "within", "within", "within", "above"
    ]  # fmt: skip
    assert place_of(None, -1.0, 1.0) == place_of(0.0, None, 1.0) == place_of(0.0, -1.0, None) == ""


def test_pairs_are_counted_beside_what_chance_gives() -> None:
    views = [synchrony_view(READING._replace(second=f"T{k}", z_session=z), Hold.NONE, NAN, [])
             for k, z in enumerate((2.0, 3.0, 0.0, -2.0, 1.0, 0.5))]  # fmt: skip
    expected = "skin conductance: 2 of 6 pairs above chance; by chance alone 0.3 are expected"
    assert pairs_text(views, "eda") == expected
    assert pairs_text([*views, synchrony_view(READING, Hold.STALE, 1.0, ["T02"])], "eda") == expected
    assert pairs_text(views[:1], "eda") == pairs_text(views, "ibi") == ""


def test_every_piece_is_translated_before_it_is_filled_in() -> None:
    asked: set[str] = set()

    def say(piece: str) -> str:
        asked.add(piece)
        return piece

    view = synchrony_view(READING._replace(lag_s=2.0, z_in_phase=3.0), Hold.NONE, NAN, [])
    synchrony_text(Dyad(CLIENT, THERAPIST, {"eda": view}), "eda", say=say)
    tables = {*WORDS.values(), *PLACES.values(), *KINDS.values(), *SIGNALS.values(), *SHORT.values()}
    assert asked <= tables
    assert {WORDS["similar"], WORDS["lead"], SIGNALS["eda"], "client"} <= asked


@pytest.mark.parametrize(
    ("people", "first"),
    [
        ([("C07", "client"), ("T02", "therapist")], "C07 – T02"),
        ([("T02", "therapist"), ("C07", "client")], "C07 – T02"),
        ([("P1", "other"), ("T02", "therapist"), ("C07", "client")], "C07 – T02"),
        ([("P1", "other"), ("P2", "other"), ("P3", "")], "P1 – P2"),
        ([("C07", "client")], None),
    ],
)
def test_the_client_and_the_therapist_come_first(people: list[tuple[str, str]], first: str | None) -> None:
    board = Board()
    board.note_people(people)
    snapshot = board.snapshot()
    dyads = dyads_of(snapshot, people_of(snapshot))
    assert len(dyads) == len(people) * (len(people) - 1) // 2
    assert (dyads[0].name if dyads else None) == first


def test_a_dyad_is_told_in_the_order_of_its_readings() -> None:
    board = Board()
    board.note_people([("P1", "other"), ("P2", "other")])
    board.note_results([READING._replace(first="P2", second="P1")])
    snapshot = board.snapshot()
    (dyad,) = dyads_of(snapshot, people_of(snapshot))
    assert (dyad.codes, set(dyad.readings)) == (("P2", "P1"), {"eda"})


def terminal(n_people: int) -> tuple[str, str]:
    board = Board()
    codes = [f"P{k}" for k in range(n_people)]
    board.note_people([(code, "other") for code in codes])
    board.note_results(
        READING._replace(first=a, second=b) for i, a in enumerate(codes) for b in codes[i + 1 :]
    )
    console = Console(file=io.StringIO(), width=150)
    console.print(render(board.snapshot()))
    return console.file.getvalue(), status_line(board.snapshot())  # type: ignore[attr-defined]


def test_the_terminal_has_a_line_for_each_dyad_and_signal() -> None:
    shown, line = terminal(2)
    assert "P0 – P1  skin conductance: not available: no skin conductance stream of P0 and P1" in shown
    assert "P0 – P1  cardiac: not available: no cardiac stream of P0 and P1" in shown
    assert "P0 – P1 skin conductance not available" in line


def test_the_terminal_stays_short_with_many_people_and_silent_with_one() -> None:
    shown, line = terminal(6)
    assert "P0 – P1" in shown
    assert "P0 – P2" not in shown
    assert " – " not in terminal(1)[1].partition("|")[2]
    assert line.count(" – P") == 1


def test_steady_breathing_of_both_makes_hearts_unsure_with_its_reason() -> None:
    found = text(signal="ibi", status=Status.LOW, reason=Reason.RESP_CONFOUNDED).sentence
    assert found.endswith("unsure: both breathe steadily at one rate, which alone makes hearts alike")
    assert "vagal" not in found
