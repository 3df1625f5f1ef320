"""The bridges as a process: a kind of another distribution end to end, exit codes, signals."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pylsl
import pytest

from tests.fake_wearable import distribution

pytestmark = [pytest.mark.lsl, pytest.mark.slow]

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the bridges beside another distribution that brings a kind, and end them whatever happens."""
    children = []
    distribution(tmp_path, "acme-wear", fake="tests.fake_wearable:KIND")
    environment = dict(
        os.environ, PYTHONPATH=os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    )

    def started(*words: str, command: tuple[str, ...] = ("-m", "devices.cli")) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-P", *command, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        children.append(child)
        return child

    yield started
    for child in children:
        child.kill()
        child.wait(timeout=60.0)
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def until_streaming(child: subprocess.Popen[str], n_devices: int = 1) -> None:
    """Read lines of JSON until each device streams."""
    assert child.stdout is not None
    streaming = set()
    while len(streaming) < n_devices:
        line = child.stdout.readline()
        assert line, child.stderr.read() if child.stderr else ""
        status = json.loads(line)
        if status["state"] == "streaming":
            streaming.add(status["device"])


def test_a_kind_of_another_distribution_is_bridged_and_stops_by_itself(start: Start) -> None:
    child = start("fake", "AB12", "CD34", "--participant", "C07", "T02", "--json", "--seconds", "6")
    until_streaming(child, 2)
    (info,) = pylsl.resolve_byprop("source_id", "fake-ab12-eda", minimum=1, timeout=20.0)
    assert (info.name(), info.nominal_srate()) == ("Fake C07", 10.0)
    inlet = pylsl.StreamInlet(info, recover=False)
    values, stamp_s = inlet.pull_sample(timeout=20.0)
    assert values == [1.0]
    assert abs(stamp_s - pylsl.local_clock()) < 60.0
    inlet.close_stream()
    assert child.wait(timeout=60.0) == 0


def test_a_file_bridges_devices_with_options_of_their_own(start: Start, tmp_path: Path) -> None:
    (tmp_path / "room.toml").write_text(
        '[[device]]\nkind = "fake"\naddress = "AB12"\nparticipant = "C07"\nrate = 25.0\n'
        '[[device]]\nkind = "fake"\naddress = "CD34"\n'
    )
    child = start("run", str(tmp_path / "room.toml"), "--json")
    until_streaming(child, 2)
    (fast,) = pylsl.resolve_byprop("name", "Fake C07", minimum=1, timeout=20.0)
    (usual,) = pylsl.resolve_byprop("name", "Fake CD34", minimum=1, timeout=20.0)
    assert (fast.nominal_srate(), usual.nominal_srate()) == (25.0, 10.0)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=60.0) == 0


def told(child: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait for the end, with the pipe on standard input open: its closing would be a reason to end."""
    assert child.stdout is not None
    assert child.stderr is not None
    child.wait(timeout=60.0)
    return child.stdout.read(), child.stderr.read()


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind do not exist there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
@pytest.mark.parametrize(
    "command",
    [("-m", "devices.cli"), ("-c", "import sys; from monitor.app import main; sys.exit(main())", "bridge")],
    ids=["attune-bridge", "attune bridge"],
)
def test_a_signal_ends_the_bridges_in_order(
    start: Start, command: tuple[str, ...], number: int, code: int
) -> None:
    child = start("fake", "AB12", "--json", command=command)
    until_streaming(child)
    child.send_signal(number)
    _, errors = told(child)
    assert (child.returncode, errors) == (code, "")


def test_a_computer_that_cannot_reach_any_device_is_exit_code_1_with_one_paragraph(start: Start) -> None:
    child = start("fake", "AB12", "--fails", "no_adapter", "--json")
    _, errors = told(child)
    assert child.returncode == 1
    assert errors == "attune bridge: No Bluetooth adapter is there. Plug one in.\n"


def test_a_device_that_is_not_in_reach_does_not_end_the_bridge(start: Start) -> None:
    child = start("fake", "AB12", "--fails", "not_found", "--json", "--seconds", "3")
    output, errors = told(child)
    assert (child.returncode, errors) == (0, "")
    assert {json.loads(line)["reason"] for line in output.splitlines()} >= {"not_found"}


def test_a_missing_configuration_of_lsl_is_said_before_anything_is_opened(start: Start) -> None:
    child = start("fake", "AB12", "--lsl-config", "/nonexistent/lsl.cfg")
    _, errors = told(child)
    assert child.returncode == 1
    assert "does not exist" in errors
    assert errors.count("\n") == 1
