"""Session folders: names, modes, codes, locks."""

import json
import os
import stat
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.events import StreamOpened
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.errors import RecordingError, SettingsError
from monitor.session.folder import SessionFolder, check_codes
from monitor.session.locks import FileLock, is_held

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def _create(root: Path, **kwargs: object) -> SessionFolder:
    return SessionFolder.create(
        root, settings={"hop_s": 1.0}, participants={"C07": "client"}, now=NOW, **kwargs
    )  # type: ignore[arg-type]


def test_a_session_is_named_after_its_start_and_codes(tmp_path: Path) -> None:
    assert _create(tmp_path).path.name == "2026-11-22_101500_C07"


def test_an_existing_session_is_left_alone(tmp_path: Path) -> None:
    first = _create(tmp_path)
    first.session_toml.write_text("mine = 1\n")
    names = [_create(tmp_path).path.name for _ in range(2)]
    assert names == ["2026-11-22_101500_C07-2", "2026-11-22_101500_C07-3"]
    assert first.session_toml.read_text() == "mine = 1\n"


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_only_the_owner_can_read_a_session(tmp_path: Path) -> None:
    session = _create(tmp_path / "new" / "root")
    assert stat.S_IMODE(session.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(session.session_toml.stat().st_mode) == 0o600
    assert stat.S_IMODE(session.path.parent.stat().st_mode) == 0o700


def test_session_toml_says_who_with_what_settings_and_versions(tmp_path: Path) -> None:
    session = SessionFolder.create(
        tmp_path,
        name="s",
        settings={"a": None, "b": (1, 2.5), "c": {"d": Modality.ECG}},
        participants={"T02": "therapist"},
    )
    binding = Binding(
        channel=0, key=StreamKey("T02", Modality.ECG), unit="uV", scale=1.0, reason="unit is uV"
    )
    info = StreamInfo(
        stream_id=1,
        name="Polar",
        type="ECG",
        hostname="anna-laptop",
        channel_count=1,
        nominal_rate_hz=130.0,
        channel_format="float32",
    )
    session.describe_streams([StreamOpened(info, (binding,))])
    facts = tomllib.loads(session.session_toml.read_text())
    assert facts["participants"] == {"T02": "therapist"}
    assert facts["settings"] == {"b": [1, 2.5], "c": {"d": "ecg"}}
    assert {"attune-monitor", "numpy", "scipy", "numba", "pylsl"} <= facts["versions"].keys()
    assert facts["streams"][0]["bindings"][0]["modality"] == "ecg"
    assert "anna" not in session.session_toml.read_text()


@pytest.mark.parametrize(
    "code", ["", "../../x", "CON", "com1", "a/b", "a" * 33, "C07.", "ü", "😀", "a b", "a\n", "\x00"]
)
def test_a_code_that_is_no_code_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(SettingsError, match="1 to 32"):
        SessionFolder.create(tmp_path, settings={}, participants={code: "client"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "a/b", "", "NUL", "x" * 121, ".hidden"])
def test_a_session_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="name of a session"):
        SessionFolder.create(tmp_path / "root", name=name, settings={})


def test_codes_that_differ_in_capitals_only_are_refused() -> None:
    with pytest.raises(SettingsError, match="capitals"):
        check_codes(["c07", "C07"])


def test_a_root_that_is_a_file_is_refused_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match="Choose another folder"):
        SessionFolder.create(tmp_path / "file", settings={})


def test_a_lock_keeps_the_second_writer_out(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    first.acquire()
    with pytest.raises(RecordingError, match="Another attune"):
        second.acquire()
    assert is_held(tmp_path / "lock")
    first.release()
    assert not is_held(tmp_path / "lock")
    second.acquire()
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_says_who_holds_it(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    lock.acquire()
    assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()
    lock.release()
    lock.release()


@pytest.mark.parametrize(
    "content", ["", "no json", "[]", '{"pid": 99999999}', '{"pid": -1}', '{"pid": 1, "boot": "old"}']
)
def test_a_lock_left_behind_is_cleared(tmp_path: Path, content: str) -> None:
    path = tmp_path / "lock"
    path.write_text(content)
    assert not is_held(path)
    lock = FileLock(path)
    lock.acquire()
    lock.release()


@pytest.mark.slow
def test_a_lock_of_a_living_process_holds_and_dies_with_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from monitor.session.locks import FileLock\n"
        "FileLock(Path(sys.argv[1])).acquire(); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        assert is_held(tmp_path / "lock")
        child.kill()
    assert not is_held(tmp_path / "lock")
