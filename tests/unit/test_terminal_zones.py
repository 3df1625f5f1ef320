"""Sentences about zones, and where the terminal puts them."""

import io

import pytest
from rich.console import Console

from monitor.board.board import Board
from monitor.board.gate import Hold
from monitor.board.snapshot import ValueView, ZoneView
from monitor.board.zones import zone_view
from monitor.core.results import NAN, Reason, Status, ZoneReading
from monitor.views.bands.words import certainty, duration_text, edge_label, zone_text
from monitor.views.people import people_of
from monitor.views.terminal import render, status_line
from monitor.views.words import DEFAULT_DELAY_S, delay_text

READING = ZoneReading(
    participant="C07",
    t_centre_s=735.0,
    t_emit_s=750.0,
    zone="within",
    since_s=600.0,
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
GONE = {"zone": "na", "status": Status.NA, "arousal": NAN, "p_above": NAN, "p_below": NAN}


def view(hold: Hold = Hold.NONE, hold_s: float = NAN, **change: object) -> ZoneView:
    return zone_view(READING._replace(**change), hold, hold_s)  # type: ignore[arg-type]


def value(marker: str, number: float | None, reason: str = "") -> ValueView:
    return ValueView(
        participant="C07",
        marker=marker,
        value=number,
        se=None,
        unit="",
        status="LOW" if reason else "OK",
        reason=reason,
        hold="",
        since_s=None,
        text="",
        t_centre_s=735.0,
        t_emit_s=750.0,
        window_s=30.0,
        coverage=1.0,
        age_s=0.1,
    )


def line(zone: ZoneView | None, *values: ValueView) -> str:
    text = zone_text(zone, "C07", list(values))
    return " | ".join(filter(None, (text.line, text.remarks)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "within the calibrated range · 2 min 15 s · sure"),
        ({"near": "above", "p_above": 0.6}, "near the provisional upper edge · unsure"),
        (
            {"near": "below", "p_below": 0.6, "provisional": False},
            "near the lower edge · unsure",
        ),
        (
            {"zone": "above", "since_s": 605.0, "p_above": 0.99},
            "arousal index above this person's provisional upper edge for 2 min 10 s · likely",
        ),
        (
            {"zone": "above", "p_above": 0.99, "provisional": False},
            "arousal index above this person's upper edge for 2 min 15 s · sure",
        ),
        (
            {"zone": "below", "p_below": 0.99, "status": Status.LOW},
            "low activation (unspecific) – could be calm, tired, cold hands or electrode; please judge"
            " · 2 min 15 s · unsure",
        ),
        ({"note": "low_eda"}, "within the calibrated range · 2 min 15 s · sure | low EDA – check electrode"),
        ({"note": "flat"}, "within the calibrated range · 2 min 15 s · sure | little change in the last 3 min"),
        ({"note": "drift", "drift": -1.23}, "| level has drifted by −1.2 SD: a quiet minute"),
        (
            {"reason": Reason.SPEECH, "status": Status.LOW},
            "within the calibrated range · 2 min 15 s · unsure | talking: vagal index held",
        ),
        (
            {**GONE, "zone": "within", "reason": Reason.GAP},
            "within the calibrated range · 2 min 15 s · unsure | no value for the moment: gap in the data",
        ),
        ({**GONE, "since_s": 709.0, "reason": Reason.LEAD_OFF}, "not available: electrode contact lost since 12:04"),
        ({**GONE, "reason": Reason.WARMUP}, "not available: warming up"),
        ({**GONE, "status": Status.OK}, "not available: the zone needs some seconds to settle"),
        ({**GONE, "reason": Reason.NOT_CALIBRATED}, "not calibrated: run attune calibrate C07"),
        ({**GONE, "reason": Reason.CALIBRATION_EXPIRED}, "calibration expired: run attune calibrate C07 again"),
    ],
)  # fmt: skip
def test_every_state_has_its_sentence(change: dict[str, object], expected: str) -> None:
    text = line(view(**change))
    assert expected in text if expected.startswith("|") else text.startswith(expected)


def test_what_the_gate_keeps_back_is_named() -> None:
    assert line(view(Hold.STALE, 700.0)) == "not available: no data since 11:40"
    assert line(view(Hold.ENDED)) == "not available: session ended"
    assert zone_text(view(), "C07", [], "engine gone").line == "not available: engine gone"


def test_before_the_first_reading_arousal_tells_what_is_missing() -> None:
    assert line(None) == "not available: no value yet"
    assert line(None, value("arousal", None, "not_calibrated")) == "not calibrated: run attune calibrate C07"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([value("z_vagal", 0.1, "speech"), value("breathing_per_min", 26.2)], "talking: vagal index held"),
        (
            [value("ln_rmssd", 3.1, "resp_confounded"), value("breathing_per_min", 26.2)],
            "breathing 26/min: vagal index held",
        ),
        ([value("z_vagal", 0.1, "resp_confounded")], "breathing: vagal index held"),
        ([value("z_vagal", 0.1)], ""),
    ],
)
def test_what_holds_the_vagal_index_is_told(values: list[ValueView], expected: str) -> None:
    assert zone_text(view(), "C07", values).remarks == expected


def test_certainty_follows_the_probability_of_the_state() -> None:
    assert [certainty(view(p_above=p)) for p in (0.01, 0.1, 0.3)] == ["sure", "likely", "unsure"]
    assert certainty(view(zone="above", p_above=0.7, provisional=False)) == "unsure"
    assert certainty(view(p_above=NAN)) == "unsure"
    assert certainty(view(**GONE)) == ""


def test_durations_are_written_as_precisely_as_they_matter() -> None:
    written = [duration_text(s) for s in (-1.0, 59.9, 60.0, 130.4, 601.0, 3900.0, NAN)]
    assert written == ["0 s", "59 s", "1 min", "2 min 10 s", "10 min", "1 h 5 min", ""]


def test_an_edge_is_provisional_until_it_is_not() -> None:
    assert edge_label("upper", provisional=True) == "provisional upper edge"
    assert edge_label("lower", provisional=False) == "lower edge"


def test_the_terminal_shows_zone_time_and_certainty_of_each_person() -> None:
    board = Board()
    board.note_people([("C07", "client"), ("T02", "therapist")])
    bare = READING._replace(**GONE, reason=Reason.NOT_CALIBRATED)  # type: ignore[arg-type]
    board.note_results([bare])
    console = Console(file=io.StringIO(), width=120)
    console.print(render(board.snapshot()))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "not calibrated: run attune calibrate C07" in text
    assert "not available: no value yet" in text
    assert "[not calibrated]" in status_line(board.snapshot())
    assert people_of(board.snapshot())[1].zone is None


def test_the_delay_is_never_told_shorter_than_a_zone_takes() -> None:
    snapshot = Board().snapshot()
    snapshot["latest"] = [value("hr_bpm", 72.0)]
    assert delay_text(snapshot) == f"changes appear about {DEFAULT_DELAY_S} s after they happen"
    snapshot["latest"][0]["t_centre_s"] = 709.0
    assert "about 45 s" in delay_text(snapshot)
