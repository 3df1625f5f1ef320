"""The command line of the bridges: help pages, usage errors, scan and check on a computer as it is."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devices import cli, cli_options, registry
from devices.drivers.strap import Strap
from devices.errors import DeviceError, Reason
from monitor import app
from monitor.bridge_check import check_bluetooth
from monitor.commands import bridge
from monitor.findings import Verdict
from tests.fake_wearable import distribution


@pytest.fixture(autouse=True)
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring a kind of another distribution."""
    monkeypatch.syspath_prepend(tmp_path)
    distribution(tmp_path, "acme-wear", fake="tests.fake_wearable:KIND")


def help_page(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--help"])
    assert ended.value.code == 0
    page = capsys.readouterr().out
    assert max(map(len, page.splitlines())) <= 80
    return page


def test_the_first_page_names_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = help_page(monkeypatch, capsys)
    for name in (*registry.BUILT_IN, *cli_options.COMMANDS, "fake"):
        assert f"    {name} " in page
    assert "from acme-wear" in page


@pytest.mark.parametrize("name", [*registry.BUILT_IN, *cli_options.COMMANDS, "fake"])
def test_every_command_has_a_page(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"attune bridge {name}" in help_page(monkeypatch, capsys, name)


def test_the_page_of_a_kind_holds_its_own_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = help_page(monkeypatch, capsys, "fake")
    assert "--rate HZ" in page
    assert "--participant" in page


def test_the_first_page_and_the_list_import_nothing_heavy() -> None:
    code = (
        "import sys; from devices.cli import main\n"
        "main(['list'])\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "names = {'numpy', 'pylsl', 'bleak', 'serial', 'rich', 'asyncio', 'bumble', 'neurokit2'}\n"
        "print('heavy:', sorted(names & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("heavy: []\n")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "required: COMMAND"),
        (["fly"], "invalid choice: 'fly'"),
        (["fake", "--participant", "Anna B."], "may hold letters"),
        (["fake", "A1", "B2", "--participant", "C07"], "1 code for 2 devices"),
        (["fake", "A1", "A1"], "given twice"),
        (["fake", "COM3"], "is a serial port"),
        (["fake", "A1", "--seconds", "0"], "outside 0.1 to"),
        (["fake", "A1", "--seconds", "soon"], "'soon' is no number"),
        (["fake", "A1", "--lab", "--lsl-config", "x"], "not allowed with"),
        (["fake", "A1", "--sensor", "up"], "invalid choice: 'up'"),
        (["shimmer", "COM5", "--rate", "fast"], "'fast' is no number"),
        (["run"], "required: FILE.toml"),
        (["scan", "--seconds", "nan"], "outside 0.1 to 120"),
        (["emulated", "--seed", "1.5"], "no whole number"),
    ],
)
def test_wrong_usage_is_exit_code_2_with_the_reason(
    words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert why in told
    assert "--help`" in told
    assert "Traceback" not in told


def test_a_file_of_devices_that_is_wrong_is_exit_code_1_with_one_paragraph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "room.toml"
    path.write_text("[[device]]\nkind = 'fake'\nsped = 3\n")
    assert cli.main(["run", str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"attune bridge: {path}, device 1 (line 1): unknown key `sped`.")
    assert told.count("\n") == 1


def test_a_broken_kind_of_another_distribution_hinders_only_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    distribution(tmp_path, "zeta-wear", broken="no_such_module:KIND", shimmer="no_such_module:KIND")
    assert cli.main(["list"]) == 0
    told = capsys.readouterr()
    assert told.err.count("'shimmer' of zeta-wear is left out") == 1
    assert told.out.startswith("polar-h10")
    assert cli.main(["broken"]) == 1
    assert "'broken' of zeta-wear cannot be loaded: ModuleNotFoundError" in capsys.readouterr().err


def test_several_errors_are_each_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        errors = [DeviceError(text, Reason.NO_ADAPTER) for text in ("No adapter.", "No adapter.", "No port.")]
        raise ExceptionGroup("two", [errors[0], ExceptionGroup("more", errors[1:])])

    monkeypatch.setitem(cli._COMMANDS, "list", fail)
    assert cli.main(["list"]) == 1
    assert capsys.readouterr().err == "attune bridge: No adapter.\nattune bridge: No port.\n"


def test_the_unexpected_is_a_paragraph_and_with_debug_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise KeyError("rr")

    monkeypatch.setitem(cli._COMMANDS, "list", fail)
    assert cli.main(["list"]) == 1
    assert "KeyError: 'rr'. Run the same command with `attune bridge --debug list" in capsys.readouterr().err
    with pytest.raises(KeyError):
        cli.main(["--debug", "list"])


def bridges(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "devices.cli", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env=dict(os.environ, **environment),
        check=False,
    )


@pytest.mark.slow
@pytest.mark.hardware
def test_the_check_of_this_computer_answers_whatever_it_has() -> None:
    done = bridges("check", "--json")
    facts = json.loads(done.stdout)
    assert done.returncode == (0 if facts["bluetooth"]["ok"] else 1)
    assert facts["bluetooth"]["ok"] == (facts["bluetooth"]["reason"] is None)
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.hardware
@pytest.mark.skipif(sys.platform != "linux", reason="only there Bluetooth can be taken away by a variable")
def test_without_bluetooth_a_bridge_is_exit_code_1_and_says_what_to_do() -> None:
    nowhere = {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    done = bridges("polar-h10", "--json", "--seconds", "20", **nowhere)
    assert done.returncode == 1
    assert done.stderr.startswith("attune bridge: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    scanned = bridges("scan", "--seconds", "0.5", "--json", **nowhere)
    facts = json.loads(scanned.stdout)
    assert len(facts["troubles"]) == 1
    assert "Bluetooth" in facts["troubles"][0]["text"]


@pytest.mark.slow
@pytest.mark.hardware
def test_the_doctor_never_fails_for_want_of_bluetooth() -> None:
    finding = check_bluetooth()
    assert finding.name == "Bluetooth"
    assert finding.verdict in (Verdict.OK, Verdict.LOOK)
    assert "serial port" in finding.text


@pytest.mark.parametrize(
    ("answer", "verdict", "text"),
    [
        ('{"bluetooth": {"ok": true, "text": ""}, "ports": []}', Verdict.OK, "can be used; no serial port"),
        (
            '{"bluetooth": {"ok": false, "text": "It is off. Switch it on."}, "ports": ["COM5"]}',
            Verdict.LOOK,
            "Switch it on. Sensors of other programs and serial ports work without (serial ports: COM5).",
        ),
        ("", Verdict.LOOK, "the bridges did not answer"),
        ("[]", Verdict.LOOK, "the bridges did not answer"),
    ],
)
def test_the_doctor_says_what_the_bridges_say(
    monkeypatch: pytest.MonkeyPatch, answer: str, verdict: Verdict, text: str
) -> None:
    done = subprocess.CompletedProcess([], 0, stdout=answer, stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    finding = check_bluetooth()
    assert finding.verdict is verdict
    assert text in finding.text


def test_the_doctor_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("check", 10.0)

    monkeypatch.setattr(subprocess, "run", hang)
    assert check_bluetooth().verdict is Verdict.LOOK


def test_what_follows_bridge_is_passed_on_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(bridge, "_become", lambda command: started.append(command))
    monkeypatch.setattr(bridge, "_wait", lambda command: started.append(command) or 0)
    monkeypatch.setattr(sys, "platform", "win32")
    for words in (["--help"], ["polar-h10", "bridge", "--lab", "--", "x"], []):
        assert app.main(["bridge", *words]) == 0
        assert started.pop() == [sys.executable, "-P", "-m", "devices.cli", *words]
    assert app.main(["--debug", "bridge", "scan"]) == 0
    assert started.pop()[4:] == ["--debug", "scan"]


def test_on_windows_the_bridges_are_a_child_and_its_code_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", sys.executable)
    options = argparse.Namespace(debug=False, rest=["fly"])
    assert bridge.run(options) == 2


def test_a_word_bridge_of_another_command_stays_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["report", "bridge", "--no-such-option"]) == 2
    assert "--no-such-option" in capsys.readouterr().err


def test_devices_whose_streams_could_not_be_told_apart_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Strap, "key", "heart-rate")
    assert cli.main(["heart-rate", "Chest", "Arm"]) == 1
    assert "2 devices would have the same streams" in capsys.readouterr().err
