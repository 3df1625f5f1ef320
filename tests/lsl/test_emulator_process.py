import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pylsl
import pytest

from devices.cli import main
from devices.emulator import render

pytestmark = [pytest.mark.lsl, pytest.mark.slow]

Start = Callable[..., tuple[subprocess.Popen[str], dict[str, Any]]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the emulator as its parent would, and end it whatever happens."""
    children = []

    def started(*options: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "devices.cli", "emulated", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        assert child.stdout is not None
        return child, json.loads(child.stdout.readline())

    yield started
    for child in children:
        child.kill()
        child.wait(timeout=60.0)
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def codes() -> tuple[str, str]:
    token = uuid.uuid4().hex[:8]
    return f"C-{token}", f"T-{token}"


def inlets_of(ready: dict[str, Any]) -> dict[str, pylsl.StreamInlet]:
    inlets = {}
    for stream in ready["streams"]:
        (info,) = pylsl.resolve_byprop("source_id", stream["source_id"], minimum=1, timeout=20.0)
        assert (info.name(), info.type()) == (stream["name"], stream["type"])
        inlets[stream["name"]] = pylsl.StreamInlet(info, max_buflen=600, recover=False)
        inlets[stream["name"]].open_stream(timeout=20.0)
    return inlets


def pull_all(inlets: dict[str, pylsl.StreamInlet]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pull until every stream is lost, which is how a reader sees the end."""
    values: dict[str, list[float]] = {name: [] for name in inlets}
    stamps_s: dict[str, list[float]] = {name: [] for name in inlets}
    going = dict(inlets)
    while going:
        for name, inlet in list(going.items()):
            try:
                rows, at_s = inlet.pull_chunk(timeout=0.05, max_samples=4096, min_samples=1)
            except pylsl.util.LostError:
                del going[name]
                continue
            values[name] += [row[0] for row in rows]
            stamps_s[name] += at_s
    return {name: (np.array(stamps_s[name]), np.array(values[name])) for name in inlets}


def test_what_arrives_through_lsl_is_what_was_rendered_on_a_fast_clock(start: Start) -> None:
    client, therapist = codes()
    origin_s = pylsl.local_clock() - 1.0
    child, ready = start(
        *("--client", client, "--therapist", therapist, "--minutes", "0.5", "--speed", "20", "--seed", "6"),
        *("--origin", repr(origin_s), "--wait-for-consumers", "20"),
    )
    assert ready["ready"] is True
    assert ready["origin"] == origin_s
    assert len(ready["streams"]) == 6
    received = pull_all(inlets_of(ready))
    last_fast_s = origin_s + 20.0 * (pylsl.local_clock() - origin_s)
    assert child.wait(timeout=60.0) == 0
    expected = render(0.5, 6, client=client, therapist=therapist)
    assert set(received) == set(expected)
    begin_s = received[f"Shimmer GSR+ {client}"][0][0] - expected[f"Shimmer GSR+ {client}"][0][0]
    assert origin_s < begin_s < last_fast_s - 30.0
    for name, (stamps_s, values) in expected.items():
        assert np.array_equal(received[name][1], values)
        assert np.allclose(received[name][0] - begin_s, stamps_s, rtol=0.0, atol=1e-6)


def test_it_ends_when_its_parent_closes_the_pipe(start: Start) -> None:
    client, therapist = codes()
    child, ready = start("--client", client, "--therapist", therapist, "--minutes", "30")
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=60.0) == 0
    gone = pylsl.resolve_byprop("source_id", ready["streams"][0]["source_id"], minimum=1, timeout=0.5)
    assert gone == []


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind do not exist there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_in_order(start: Start, number: int, code: int) -> None:
    client, therapist = codes()
    child, _ = start("--client", client, "--therapist", therapist, "--minutes", "30", "--no-faults")
    child.send_signal(number)
    _, errors = child.communicate(timeout=60.0)
    assert child.returncode == code
    assert errors == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["emulated", "--minutes", "0"],
        ["emulated", "--minutes", "nan"],
        ["emulated", "--speed", "fast"],
        ["emulated", "--seed", "-1"],
        ["emulated", "--client", "Anna B."],
        ["emulated", "--client", "P1", "--therapist", "P1"],
    ],
)
def test_wrong_usage_ends_with_2_and_without_a_traceback(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_error_is_one_paragraph_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulated", "--lsl-config", "/nonexistent/lsl.cfg"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_list_names_the_bridges(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    listed = [line.split(maxsplit=1)[0] for line in capsys.readouterr().out.splitlines()]
    assert listed[:3] == ["polar-h10", "heart-rate", "shimmer"]
    assert listed[-1] == "emulated"
