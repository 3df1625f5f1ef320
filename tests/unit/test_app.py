"""The command line: names, options and exit codes."""

import subprocess
import sys
import types

import pytest

from monitor import app
from monitor.errors import SettingsError
from monitor.settings import Settings, settings_from
from monitor.spans import parse_spans


def test_version_and_help_import_nothing_heavy() -> None:
    code = (
        "import sys; from monitor.app import main; main(['--version']); main(['--help']); "
        "names = {'numpy', 'numba', 'scipy', 'pylsl', 'PySide6', 'pyarrow', 'neurokit2', 'rich'}; "
        "heavy = names & set(sys.modules); "
        "print('heavy:', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "attune 0.1.0" in done.stdout
    assert "heavy: []" in done.stdout


def test_wrong_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["analyze"]) == 2
    assert app.main(["fly"]) == 2
    assert "usage:" in capsys.readouterr().err


def test_a_taken_import_name_is_named_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = types.ModuleType("calibration")
    stranger.__file__ = "/elsewhere/calibration/__init__.py"
    monkeypatch.setitem(sys.modules, "calibration", stranger)
    assert app.main(["--version"]) == 1
    message = capsys.readouterr().err
    assert "calibration (/elsewhere/calibration/__init__.py)" in message
    assert "uv tool install attune-monitor" in message


def test_spans_are_read_and_wrong_ones_refused() -> None:
    assert parse_spans(["C07=60:420"]) == {"C07": (60.0, 420.0)}
    for wrong in ("C07", "C07=5", "C07=9:3", "=1:2", "C07=a:b", "C07=0:inf"):
        with pytest.raises(SettingsError, match="CODE=START:STOP"):
            parse_spans([wrong])


def test_unknown_settings_name_the_valid_ones() -> None:
    assert settings_from({"windows": {"lateness_s": 4}}, "s.toml").windows.lateness_s == 4.0
    assert settings_from({}, "s.toml") == Settings()
    with pytest.raises(
        SettingsError, match=r"unknown key `windows.lenght_s`. Valid keys in `windows`: lateness_s"
    ):
        settings_from({"windows": {"lenght_s": 4}}, "s.toml")
    with pytest.raises(SettingsError, match="Valid sections: windows"):
        settings_from({"window": {}}, "s.toml")
    with pytest.raises(SettingsError, match="must be a number"):
        settings_from({"windows": {"lateness_s": "4"}}, "s.toml")
