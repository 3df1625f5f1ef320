"""The checks of a stream before the start: every state, with what to do."""

import math
from dataclasses import replace

import pytest

from monitor.board.streams import StreamState
from monitor.core.model import Modality
from monitor.core.plausibility import Judgement
from monitor.core.results import Reason, Status
from monitor.preflight.checks import checks_of, said
from monitor.preflight.facts import ChannelFacts, StreamFacts

WELL_ECG = ChannelFacts(
    modality=Modality.ECG,
    judgement=Judgement.PLAUSIBLE,
    text="spans 1200 uV",
    status=Status.OK,
    verified_s=30.0,
)
WELL = StreamFacts(
    found_s=40.0,
    link="live",
    opened=True,
    declared_hz=130.0,
    measured_hz=130.2,
    state=StreamState.RUNNING,
    opened_s=38.0,
    n_samples=5000,
    age_s=0.1,
    delay_s=0.08,
    offset_s=1e-5,
    channels=(WELL_ECG,),
)


def states(facts: StreamFacts) -> str:
    return " ".join(check["state"] for check in checks_of(facts))


def check(facts: StreamFacts, name: str) -> tuple[str, str, str]:
    (found,) = [c for c in checks_of(facts) if c["name"] == name]
    return found["state"], found["text"], found["cure"]


def test_a_good_stream_passes_all_five_checks_in_their_order() -> None:
    assert [c["name"] for c in checks_of(WELL)] == ["connected", "rate", "clock", "signal", "contact"]
    assert states(WELL) == "ok ok ok ok ok"
    assert all(c["cure"] == "" for c in checks_of(WELL))


def test_what_is_not_connected_is_not_judged_further() -> None:
    assert states(StreamFacts(found_s=1.0)) == "waiting waiting waiting waiting waiting"
    assert states(StreamFacts(found_s=9.0)).startswith("bad waiting")
    state, text, cure = check(replace(WELL, link="lost"), "connected")
    assert (state, text) == ("bad", "the stream is gone")
    assert "bridge program is still running" in cure
    assert states(replace(WELL, link="lost")) == "bad waiting waiting waiting waiting"


def test_doubles_and_refused_streams_are_named_with_their_cure() -> None:
    assert check(replace(WELL, double=True), "connected")[0] == "bad"
    refused = StreamFacts(refused="is refused: it has a header that is no XML. Correct the sender.")
    assert check(refused, "connected") == (
        "bad",
        "is refused: it has a header that is no XML",
        "Correct the sender.",
    )


@pytest.mark.parametrize(
    ("changes", "state", "word"),
    [
        ({"measured_hz": 117.1}, "ok", "117.1 Hz measured, 130 Hz declared"),
        ({"measured_hz": 116.0, "state": StreamState.RATE_DIFFERS}, "bad", "116 Hz measured"),
        ({"measured_hz": 1000.0, "state": StreamState.RATE_DIFFERS}, "bad", "1000 Hz measured"),
        ({"measured_hz": math.nan, "state": StreamState.WAITING}, "waiting", "measuring"),
        ({"n_samples": 0, "opened_s": 3.0, "state": StreamState.WAITING}, "waiting", "no samples yet"),
        ({"n_samples": 0, "opened_s": 9.0, "state": StreamState.WAITING}, "bad", "it sends nothing"),
        ({"state": StreamState.SILENT, "age_s": 12.4}, "bad", "no samples for 12 s"),
        ({"declared_hz": 0.0, "beatwise": True}, "ok", "each beat"),
        ({"declared_hz": 0.0, "beatwise": True, "n_samples": 0, "opened_s": 9.0}, "waiting", "no samples"),
        ({"declared_hz": 0.0, "beatwise": True, "n_samples": 0, "opened_s": 19.0}, "bad", "sends nothing"),
        ({"declared_hz": 0.0, "beatwise": False, "n_samples": 0}, "none", "something happens"),
    ],
)
def test_the_rate_is_the_measured_one(changes: dict[str, object], state: str, word: str) -> None:
    facts = replace(WELL, **changes)  # type: ignore[arg-type]
    found = check(facts, "rate")
    assert found[0] == state
    assert word in found[1]
    assert bool(found[2]) == (state == "bad")


def test_a_clock_is_measured_and_sane_before_it_is_ok() -> None:
    assert check(replace(WELL, offset_s=math.nan), "clock")[0] == "waiting"
    assert check(replace(WELL, n_samples=0), "clock")[0] == "waiting"
    assert check(replace(WELL, state=StreamState.CLOCK_DIFFERS), "clock")[0] == "bad"
    text = (
        "Stamps of Polar @ lab are 1.7e+09 s off this computer's clock. It is recorded but not used. "
        "Let the sender stamp with the LSL clock."
    )
    assert check(replace(WELL, clock_problem=text), "clock") == (
        "bad",
        "Stamps of Polar @ lab are 1.7e+09 s off this computer's clock",
        "Let the sender stamp with the LSL clock.",
    )


def test_a_signal_that_is_not_what_it_is_declared_to_be_says_so() -> None:
    text = (
        "median 250: looks like kilo-ohm or nanosiemens, not uS (no unit declared). "
        "Correct the unit at the sender, or name it with unit = … in room.toml"
    )
    wrong = ChannelFacts(modality=Modality.EDA, judgement=Judgement.UNDECIDED, text=text)
    state, found, cure = check(replace(WELL, channels=(WELL_ECG, wrong)), "signal")
    assert state == "bad"
    assert found.startswith("median 250: looks like kilo-ohm")
    assert cure.startswith("Correct the unit at the sender")
    assert check(replace(WELL, channels=(wrong,)), "contact")[0] == "waiting"
    unknown = replace(
        WELL, channels=(), unbound=('type "EDA"; a resistance is not converted; let the sender x',)
    )
    assert check(unknown, "signal") == (
        "bad",
        'type "EDA"; a resistance is not converted',
        "Let the sender x.",
    )
    assert states(replace(WELL, channels=())).endswith("none none")


@pytest.mark.parametrize(
    ("status", "reason", "verified_s", "state", "cure"),
    [
        (None, Reason.NONE, 2.0, "waiting", ""),
        (Status.NA, Reason.TOO_FEW_BEATS, 10.0, "waiting", ""),
        (Status.NA, Reason.TOO_FEW_BEATS, 26.0, "bad", "Moisten"),
        (Status.NA, Reason.LEAD_OFF, 3.0, "bad", "Moisten"),
        (Status.NA, Reason.MOTION, 30.0, "bad", "Sit still"),
        (Status.LOW, Reason.NOISE, 30.0, "ok", ""),
        (Status.OK, Reason.NONE, 30.0, "ok", ""),
    ],
)
def test_contact_is_what_the_newest_value_says(
    status: Status | None, reason: Reason, verified_s: float, state: str, cure: str
) -> None:
    channel = replace(WELL_ECG, status=status, reason=reason, verified_s=verified_s)
    found = check(replace(WELL, channels=(channel,)), "contact")
    assert found[0] == state
    assert found[2].startswith(cure)
    assert bool(found[2]) == bool(cure)


def test_a_heart_rate_alone_tells_nothing_of_contact() -> None:
    rate = replace(WELL_ECG, modality=Modality.HR, status=None)
    assert check(replace(WELL, channels=(rate,)), "contact")[0] == "none"


@pytest.mark.parametrize(
    ("text", "found", "cure"),
    [
        ("a flat line: check that the strap is worn", "a flat line", "Check that the strap is worn."),
        ("spans 3: looks like millivolts: declare mV", "spans 3: looks like millivolts", "Declare mV."),
        ("it is broken", "it is broken", "Otherwise."),
    ],
)
def test_a_message_is_parted_into_what_was_found_and_what_to_do(text: str, found: str, cure: str) -> None:
    assert said(text, "Otherwise.") == (found, cure)
