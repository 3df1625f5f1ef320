"""Protocols: the two built in, and what is refused of a laboratory's own, with a way out."""

import copy
from pathlib import Path
from typing import Any

import pytest

from calibration.protocol import Protocol, ProtocolError, Rating, Use, is_code, protocol_from
from monitor.errors import SettingsError
from monitor.protocols import BUILT_IN, load_protocol

GOOD: dict[str, Any] = {
    "name": "lab-1",
    "kind": "opening",
    "title": "Ours",
    "steps": [
        {"name": "settle", "title": "Sit", "instruction": "Sit down.", "use": "settle", "minutes": 1},
        {
            "name": "talk",
            "title": "Talk",
            "instruction": "Talk about\n   the way here.",
            "use": "talk",
            "minutes": 4,
            "minimum_minutes": 3,
            "weight": 0.5,
            "asks": ["tension"],
        },
    ],
}


def changed(step: int | None = None, drop: str = "", **values: Any) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    table = document if step is None else document["steps"][step]
    table.update(values)
    table.pop(drop, None)
    return document


def step_of(protocol: Protocol, name: str) -> Any:
    return next(step for step in protocol.steps if step.name == name)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_built_in_protocols_are_valid_and_named_after_their_files(name: str) -> None:
    protocol = load_protocol(name)
    assert (protocol.name, protocol.kind) == (name, name)


def test_the_first_protocol_follows_the_specification() -> None:
    protocol = load_protocol("first")
    assert [step.use for step in protocol.steps] == list(Use)
    assert [step.length_s / 60 for step in protocol.steps] == [9, 5, 5, 2, 3, 5]
    assert {s.name: s.weight for s in protocol.steps if s.weight} == {
        "rest": 0.25,
        "talk": 0.5,
        "recovery": 0.25,
    }
    assert step_of(protocol, "recovery").counted_s == 180
    assert step_of(protocol, "paced").breaths_per_min == 6
    assert step_of(protocol, "task").stop_tension == 6
    assert protocol.required_s == 300


def test_each_built_in_minimum_is_four_fifths_of_what_counts() -> None:
    for name in BUILT_IN:
        for step in load_protocol(name).steps:
            if step.weight:
                assert step.minimum_s == 0.8 * step.counted_s


def test_the_opening_is_three_to_five_minutes_and_needs_three_valid_ones() -> None:
    protocol = load_protocol("opening")
    assert 180 <= sum(step.length_s for step in protocol.steps) <= 300
    assert sum(step.minimum_s for step in protocol.steps) >= protocol.required_s == 180


def test_a_protocol_of_a_laboratory_is_read_with_its_defaults() -> None:
    protocol = protocol_from(GOOD, "lab.toml")
    settle, talk = protocol.steps
    assert (settle.minimum_s, settle.weight, settle.last_s, settle.asks, settle.stop_tension) == (
        0,
        0,
        0,
        (),
        0,
    )
    assert talk.instruction == "Talk about the way here."
    assert talk.asks == (Rating.TENSION,)
    assert talk.counted_s == talk.length_s == 240


def test_a_task_without_a_stop_rule_gets_the_usual_one() -> None:
    assert protocol_from(changed(0, use="task"), "x").steps[0].stop_tension == 6
    assert protocol_from(changed(0, use="task", stop_tension=4), "x").steps[0].stop_tension == 4


def test_lengths_are_whole_seconds() -> None:
    assert protocol_from(changed(1, minutes=4.007), "x").steps[1].length_s == 240


@pytest.mark.parametrize(
    ("document", "parts"),
    [
        (changed(stepz=1), ["`lab.toml`", "`stepz`", "name, kind, title, steps"]),
        (changed(drop="kind"), ["`kind` is missing"]),
        (changed(kind="second"), ["`kind`", "'second'", "first, opening"]),
        (changed(kind=3), ["`kind`", "first, opening"]),
        (changed(title=""), ["`title`", "1 to 60"]),
        (changed(name="two words"), ["`name`", "two words", "A-Z"]),
        (changed(drop="steps"), ["`steps` is missing"]),
        (changed(steps=[]), ["1 to 30", "[[steps]]"]),
        (changed(steps={}), ["[[steps]]"]),
        (changed(steps=[3]), ["step 1", "must be a table", "minimum_minutes"]),
        (changed(1, weights=1), ["step 2 (`talk`)", "unknown key `weights`", " weight,"]),
        (changed(1, use="chat"), ["`use`", "'chat'", "settle, rest, talk, paced, task, recovery"]),
        (changed(1, drop="use"), ["step 2 (`talk`)", "`use` is missing"]),
        (changed(1, drop="minutes"), ["`minutes` is missing"]),
        (changed(1, drop="name"), ["step 2", "`name` is missing"]),
        (changed(1, name="ä"), ["step 2:", "`name`"]),
        (changed(1, minutes=0), ["`minutes` is 0", "1 second"]),
        (changed(1, minutes=-1), ["`minutes`", "0 to 60"]),
        (changed(1, minutes=61), ["`minutes`", "0 to 60"]),
        (changed(1, minutes=float("nan")), ["`minutes` is 'nan'"]),
        (changed(1, minutes=float("inf")), ["`minutes` is 'inf'"]),
        (changed(1, minutes=10**400), ["`minutes`", "0 to 60"]),
        (changed(1, minutes=True), ["`minutes` is 'True'"]),
        (changed(1, minutes="4"), ["`minutes`", "number"]),
        (changed(1, instruction="a\x1b[2J"), ["`instruction`", "printable"]),
        (changed(1, instruction="a" * 501), ["`instruction`", "500"]),
        (changed(1, instruction=7), ["`instruction`"]),
        (changed(1, weight=1.5), ["`weight`", "0 to 1"]),
        (changed(1, weight=0), ["no step has a `weight`", "rest, talk or recovery"]),
        (changed(1, drop="minimum_minutes"), ["needs `minimum_minutes` above 0"]),
        (changed(1, minimum_minutes=2), ["2 valid minutes", "`opening` needs 3", "`talk`"]),
        (changed(kind="first"), ["3 valid minutes", "`first` needs 5"]),
        (changed(1, minimum_minutes=5), ["more than `minutes`"]),
        (changed(1, last_minutes=2), ["more than `last_minutes`"]),
        (changed(1, last_minutes=5), ["`last_minutes` is longer"]),
        (changed(1, use="paced", breaths_per_min=6), ["use paced", "cannot have a `weight`"]),
        (changed(1, use="task"), ["use task", "cannot have a `weight`"]),
        (changed(0, weight=0.5), ["use settle", "cannot have a `weight`"]),
        (changed(0, minimum_minutes=1), ["settle is discarded"]),
        (changed(0, use="paced"), ["`breaths_per_min` is missing"]),
        (changed(0, use="paced", breaths_per_min=60), ["`breaths_per_min`", "3 to 20"]),
        (changed(0, use="paced", breaths_per_min=6, inhale_share=1), ["`inhale_share`", "0.2 to 0.8"]),
        (changed(1, breaths_per_min=6), ["only for steps of use paced", "talk"]),
        (changed(1, stop_tension=6), ["only for steps of use task"]),
        (changed(0, use="task", stop_tension=0), ["`stop_tension`", "1 to 10"]),
        (changed(1, asks=["sud"]), ["`asks`", "tension, present"]),
        (changed(1, asks=[["tension"]]), ["`asks`"]),
        (changed(1, asks="tension"), ["`asks`", "list"]),
        (changed(1, asks=["tension", "tension"]), ["twice"]),
        (changed(0, name="talk"), ["2 steps have the name `talk`"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place_and_what_is_valid(
    document: dict[str, Any], parts: list[str]
) -> None:
    with pytest.raises(ProtocolError) as caught:
        protocol_from(document, "lab.toml")
    message = str(caught.value)
    assert message.startswith("`lab.toml`")
    assert [part for part in parts if part not in message] == []


def test_codes_are_plain() -> None:
    assert is_code("a_B-9")
    assert not any(is_code(value) for value in ("", "a" * 33, "a b", "é", "../x", 7, None))


TEXT = """\
name = "lab"
kind = "opening"
title = "Ours"
[[steps]]
name = "talk"
title = "Talk"
instruction = "Talk."
use = "talk"
minutes = 4
minimum_minutes = 3
weight = 1
"""


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "lab.toml"
    path.write_bytes(start + TEXT.encode())
    assert load_protocol(str(path)).name == "lab"


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (TEXT.encode().replace(b"weight", b"wait"), ["`lab.toml`, step 1 (`talk`)", "`wait`"]),
        (b"name = ", ["`lab.toml` is not valid TOML", "Correct"]),
        (TEXT.encode() + b"weight = 1", ["not valid TOML"]),
        (b"\xff\xfe", ["not valid TOML"]),
        (b"a = " + b"9" * 5000, ["not valid TOML"]),
        (b"a=" + b"[" * 100_000, ["not valid TOML"]),
        (b"#" * (1 << 20) + b"\n", ["larger than 1 MB"]),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, parts: list[str]) -> None:
    path = tmp_path / "lab.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_protocol(str(path))
    assert [part for part in parts if part not in str(caught.value)] == []


@pytest.mark.parametrize("chosen", ["nowhere/lab.toml", "second", "", "a\0b"])
def test_an_absent_file_is_refused_and_the_built_in_ones_are_named(chosen: str) -> None:
    with pytest.raises(SettingsError, match=r"Cannot read the protocol .* first or opening"):
        load_protocol(chosen)
