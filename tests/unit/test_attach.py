"""A session that is being recorded is found by a second program of the same user, and only as long as it lives."""

import json
import stat
from pathlib import Path

import pytest

from monitor.attach import announced, running_engine
from monitor.board.board import Board
from monitor.board.server import BoardServer


@pytest.fixture
def server() -> BoardServer:
    return BoardServer(Board())


def test_a_session_is_found_while_it_runs_and_not_after(tmp_path: Path, server: BoardServer) -> None:
    folder = tmp_path / "running"
    server.start()
    try:
        with announced(folder, address=server.address, key=server.key, session="2026-11-22_C07") as problem:
            assert problem == ""
            (path,) = folder.iterdir()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            found = running_engine(folder)
            assert found is not None
            assert (found.address, found.session) == (server.address, "2026-11-22_C07")
            assert bytes.fromhex(found.key) == server.key
            assert len(found.since) == len("12:34")
        assert running_engine(folder) is None
        assert list(folder.iterdir()) == []
    finally:
        server.stop()


def test_what_a_killed_session_left_behind_is_removed(tmp_path: Path, server: BoardServer) -> None:
    server.start()
    with announced(tmp_path, address=server.address, key=server.key, session="s"):
        (path,) = tmp_path.glob("*.json")
        left = path.read_text()
    server.stop()
    path.write_text(left)
    assert running_engine(tmp_path) is None
    assert not path.exists()


def test_another_key_at_the_same_address_is_not_our_session(tmp_path: Path, server: BoardServer) -> None:
    server.start()
    try:
        with announced(tmp_path, address=server.address, key=b"x" * 32, session="s"):
            assert running_engine(tmp_path) is None
    finally:
        server.stop()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "\x00", "9" * 100_000, '{"key": "zz"}'])
def test_nonsense_in_the_folder_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.1.json").write_text(text)
    assert running_engine(tmp_path) is None
    assert running_engine(tmp_path / "missing") is None


def test_a_session_of_another_computer_is_left_alone(tmp_path: Path, server: BoardServer) -> None:
    with announced(tmp_path, address=server.address, key=server.key, session="s"):
        (path,) = tmp_path.glob("*.json")
        value = json.loads(path.read_text())
        path.write_text(json.dumps({**value, "host": "elsewhere"}))
        assert running_engine(tmp_path) is None
        assert path.exists()
    server.stop()


def test_a_folder_that_cannot_be_written_is_told_and_ends_nothing(
    tmp_path: Path, server: BoardServer
) -> None:
    (tmp_path / "file").write_text("")
    with announced(tmp_path / "file", address=server.address, key=server.key, session="s") as problem:
        assert "cannot be written" in problem
    server.stop()
