"""The commands of the bridges over the whole emulated Bluetooth stack: scanning, and bridging through ``--hci``."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install 'attune-monitor[emulator]'")

from devices import registry, scan
from devices.driver import Link, Seen
from devices.emulator.central import AdapterState
from devices.emulator.h10_signals import CounterSignal
from devices.emulator.radio import VirtualAir
from devices.emulator.virtual_h10 import VirtualH10
from devices.emulator.virtual_strap import VirtualStrap
from devices.errors import Reason
from devices.pace import Pace
from devices.scan import Found, look, scan_table

pytestmark = pytest.mark.hardware

Run = Callable[[Coroutine[Any, Any, Any]], Any]
PORT = Seen(link=Link.SERIAL, address="/dev/tty.Shimmer3-92E8", name="Shimmer3-92E8")


@pytest.fixture(autouse=True)
def ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "list_ports", lambda: [PORT])


async def looked(state: AdapterState = AdapterState.ON) -> Found:
    pace = Pace()
    async with VirtualAir() as air:
        await air.add(
            VirtualH10(CounterSignal(), pace),
            VirtualH10(CounterSignal(), pace, name="Polar H10 9E8F7A6B", address="F0:F1:F2:F3:F4:F6"),
            VirtualStrap(CounterSignal(), pace),
        )
        await air.central.set_state(state)
        return await look(registry.kinds(), air.radio(), pace, seconds=1.0)


def test_a_scan_tells_straps_and_ports_apart(run: Run) -> None:
    found = run(looked())
    assert {(name, device.name, device.address) for device, name in found.seen} == {
        ("polar-h10", "Polar H10 1A2B3C4D", "F0:F1:F2:F3:F4:F5"),
        ("polar-h10", "Polar H10 9E8F7A6B", "F0:F1:F2:F3:F4:F6"),
        ("heart-rate", "Strap 0042", "F0:F1:F2:00:00:42"),
        ("shimmer", "Shimmer3-92E8", "/dev/tty.Shimmer3-92E8"),
    }
    text = scan_table(found)
    assert max(map(len, text.splitlines())) <= 80
    for line in ("polar-h10 1A2B3C4D", "polar-h10 9E8F7A6B", "heart-rate 0042", f"shimmer {PORT.address}"):
        assert f"  attune bridge {line}\n" in f"{text}\n"


@pytest.mark.parametrize(
    ("state", "reason"), [(AdapterState.ABSENT, Reason.NO_ADAPTER), (AdapterState.OFF, Reason.ADAPTER_OFF)]
)
def test_what_is_wrong_with_the_adapter_is_said_and_ports_are_listed(
    run: Run, state: AdapterState, reason: Reason
) -> None:
    found = run(looked(state))
    assert [trouble.reason for trouble in found.troubles] == [reason]
    assert [name for _, name in found.seen] == ["shimmer"]


@pytest.fixture
def world() -> Iterator[str]:
    """Start a process with two straps in its air; give what --hci takes."""
    devices = [
        {"kind": "polar-h10"},
        {"kind": "polar-h10", "name": "Polar H10 9E8F7A6B", "address": "F0:F1:F2:F3:F4:F6"},
    ]
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "devices.emulator.ble_world", "--devices", json.dumps(devices)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        yield f"tcp-client:127.0.0.1:{json.loads(child.stdout.readline())['port']}"
        child.kill()


def statuses(*words: str) -> Iterator[dict[str, Any]]:
    """Run the bridges until the reader has seen enough."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "devices.cli", *words, "--json", "--seconds", "40"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            for line in child.stdout:
                yield json.loads(line)
        finally:
            child.stdin.close()
            child.stdout.read()
            assert child.wait(30.0) == 0


@pytest.mark.lsl
@pytest.mark.slow
def test_two_straps_are_bridged_by_a_controller_of_our_own(world: str) -> None:
    streaming = set()
    reader = statuses("polar-h10", "1A2B3C4D", "9E8F", "--participant", "C07", "T02", "--hci", world)
    for status in reader:
        if status["state"] == "streaming":
            streaming.add(status["device"])
        if len(streaming) == 2:
            break
    reader.close()
    assert streaming == {"Polar H10 C07", "Polar H10 T02"}


@pytest.mark.lsl
@pytest.mark.slow
def test_one_strap_under_two_names_is_bridged_once(world: str) -> None:
    seen: dict[str, dict[str, Any]] = {}
    reader = statuses("polar-h10", "1A2B3C4D", "F0:F1:F2:F3:F4:F5", "--hci", world)
    for status in reader:
        seen[status["device"]] = status
        if {one["state"] for one in seen.values()} == {"streaming", "lost"}:
            break
    reader.close()
    (refused,) = [one for one in seen.values() if one["state"] == "lost"]
    assert refused["reason"] == "busy"
    assert refused["n_connections"] == 0


@pytest.mark.parametrize("transport", ["tcp-client:127.0.0.1:1", "nonsense"])
def test_a_controller_that_is_not_there_is_named(transport: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "devices.cli", "polar-h10", "--hci", transport],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"attune bridge: The Bluetooth controller {transport!r} of --hci cannot be used"
    )
    assert done.stderr.count("\n") == 1


@pytest.mark.lsl
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_the_emulated_people_on_virtual_hardware_say_when_they_are_ready_and_end_with_the_pipe() -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "devices.cli",
            "emulated",
            "--hardware",
            "--minutes",
            "5",
            "--no-faults",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        ready = json.loads(child.stdout.readline())
        child.stdin.close()
        assert child.stdout.read() == ""
        assert child.stderr.read() == ""
        assert child.wait(30.0) == 0
    assert (ready["ready"], ready["speed"]) == (True, 1.0)
    names = {stream["name"] for stream in ready["streams"]}
    assert names >= {"Polar H10 C07", "Polar H10 T02 RR", "Shimmer GSR+ C07", "Shimmer GSR+ T02"}


@pytest.mark.parametrize("words", [("emulated", "--hardware"), ("heart-rate", "--hci", "usb:0")])
def test_without_bumble_it_is_said_how_to_get_it(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "bumble.py").write_text("raise ModuleNotFoundError('no bumble')\n")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "devices.cli", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env=dict(os.environ, PYTHONPATH=str(tmp_path)),
        check=False,
    )
    assert done.returncode == 1
    assert "pip install" in done.stderr
    assert "attune-monitor[emulator]" in done.stderr
    assert done.stderr.count("\n") == 1
