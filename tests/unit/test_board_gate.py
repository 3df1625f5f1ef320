"""The gate: which numbers may be shown."""

import math

import pytest

from monitor.board.gate import HOLD_WORDS, REASON_WORDS, Hold, Latest, Source, clean, format_clock, gate
from monitor.core.results import NAN, MarkerRow, Reason, Status

ROW = MarkerRow("C07", "hr_bpm", 90.0, 100.0, 72.0, 1.0, "bpm", Status.OK, Reason.NONE, 15.0, 1.0)


def latest(
    *, row: MarkerRow = ROW, source_s: float = 99.9, verified: bool = True, ended: bool = False
) -> Latest:
    return Latest(row, Source(newest_s=source_s, verified=verified, ended=ended))


def test_a_fresh_value_of_a_verified_stream_is_shown() -> None:
    shown = gate(latest(), 100.2)
    assert (shown.value, shown.status, shown.hold, shown.text) == (72.0, Status.OK, Hold.NONE, "")
    assert shown.age_s == pytest.approx(0.3)


def test_a_value_older_than_two_seconds_is_not_shown_and_says_since_when() -> None:
    assert gate(latest(), 101.9).value == 72.0
    shown = gate(latest(), 101.901)
    assert math.isnan(shown.value)
    assert (shown.status, shown.reason, shown.hold) == (Status.NA, Reason.NO_DATA, Hold.STALE)
    assert shown.text == "no data since 01:39"


@pytest.mark.parametrize(
    ("change", "now_s", "hold"),
    [
        ({"verified": False}, 100.2, Hold.UNVERIFIED),
        ({"source_s": NAN}, 100.2, Hold.NO_STREAM),
        ({"source_s": 106.0}, 100.2, Hold.UNVERIFIED),
        ({"ended": True}, 100.2, Hold.ENDED),
        ({}, NAN, Hold.STALE),
        ({"source_s": 103.4}, 103.5, Hold.OUTDATED),
    ],
)
def test_no_number_passes_without_a_fresh_verified_source(
    change: dict[str, object], now_s: float, hold: Hold
) -> None:
    shown = gate(latest(**change), now_s)  # type: ignore[arg-type]
    assert shown.hold is hold
    assert math.isnan(shown.value)
    assert math.isnan(shown.se)
    assert shown.status is Status.NA
    assert shown.text


def test_a_missing_value_keeps_its_reason_in_words() -> None:
    row = ROW._replace(value=NAN, status=Status.NA, reason=Reason.ARRHYTHMIA_SUSPECTED)
    assert gate(latest(row=row), 100.2).text == "beat pattern unsuitable for this analysis"


def test_a_row_that_says_ok_without_a_number_is_missing() -> None:
    shown = gate(latest(row=ROW._replace(value=NAN)), 100.2)
    assert (shown.status, shown.reason) == (Status.NA, Reason.NO_DATA)


def test_every_reason_and_every_hold_has_words() -> None:
    assert set(REASON_WORDS) == set(Reason)
    assert set(HOLD_WORDS) == set(Hold)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.9, "00:00"), (61, "01:01"), (3661, "1:01:01"), (NAN, "--:--")]
)
def test_session_times_are_written_for_the_reader(seconds: float, text: str) -> None:
    assert format_clock(seconds) == text


def test_texts_from_outside_lose_their_control_characters() -> None:
    assert clean("a\x1b[31mb\nc") == "a [31mb c"
    assert len(clean("x" * 10_000)) == 160
