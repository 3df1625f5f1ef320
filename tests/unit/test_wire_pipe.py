"""The local pipe: who is let in, what is answered, what happens when a side goes away."""

import stat
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client
from pathlib import Path
from typing import TypeVar

import pytest

from monitor.board.board import Board
from monitor.board.client import BoardClient, Link
from monitor.board.pipe import KEY_VARIABLE, decode, enter, key_from_environment, read_request
from monitor.board.server import MAX_CLIENTS, BoardServer
from monitor.board.snapshot import Snapshot
from monitor.core.events import Tick
from monitor.errors import MonitorError

T = TypeVar("T")


def until(read: Callable[[], T | None], seconds: float = 30.0) -> T:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = read()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError("nothing came")


@pytest.fixture
def server() -> Iterator[BoardServer]:
    board = Board()
    board.set_origin(0.0)
    board.note_event(Tick(12.5, 0.0))
    server = BoardServer(board)
    server.start()
    yield server
    server.stop()


def ask(client: BoardClient) -> Snapshot:
    return until(client.poll)


def test_a_client_gets_snapshots_one_after_the_other(server: BoardServer) -> None:
    client = BoardClient(server.address, key=server.key)
    assert ask(client)["now_s"] == 12.5
    server._board.note_event(Tick(13.5, 0.0))
    assert until(lambda: (s := client.poll()) is not None and s["now_s"] == 13.5)
    assert client.link is Link.LIVE
    client.close()
    client.close()
    until(lambda: server.n_clients == 0)


def test_every_answer_is_complete_although_the_state_is_asked_for_rarely(server: BoardServer) -> None:
    server._board.note_people([("C07", "client")])
    client = BoardClient(server.address, key=server.key)
    for _ in range(5):
        snapshot = ask(client)
        assert snapshot["complete"]
        assert snapshot["people"] == [{"code": "C07", "kind": "client"}]
    client.close()


def test_the_pipe_lies_in_a_private_folder_that_goes_away(server: BoardServer) -> None:
    folder = Path(server.address).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    server.stop()
    server.stop()
    assert not folder.exists()


def test_without_the_key_nobody_gets_an_answer(server: BoardServer) -> None:
    client = BoardClient(server.address, key=b"x" * 32)
    assert until(lambda: client.link is Link.GONE)
    assert client.poll() is None
    client.close()


def test_nonsense_closes_the_pipe_and_hurts_nobody_else(server: BoardServer) -> None:
    good = BoardClient(server.address, key=server.key)
    for message in (b"\xff", b"[]", b'{"since": "x"}', b"{" * 5000):
        with Client(server.address) as connection:
            enter(connection, server.key)
            connection.send_bytes(message)
            with pytest.raises((EOFError, OSError)):
                connection.recv_bytes()
    assert ask(good)["now_s"] == 12.5
    good.close()


def test_windows_that_hang_do_not_keep_others_out(server: BoardServer) -> None:
    hung = [Client(server.address) for _ in range(MAX_CLIENTS - 1)]
    client = BoardClient(server.address, key=server.key)
    assert ask(client)["now_s"] == 12.5
    client.close()
    server.stop()
    for connection in hung:
        connection.close()


def test_a_client_notices_that_the_engine_has_gone_and_finds_it_again(tmp_path: Path) -> None:
    board = Board()
    address, key = str(tmp_path / "board"), b"k" * 32
    server = BoardServer(board, address=address, key=key)
    server.start()
    client = BoardClient(address, key=key)
    first = ask(client)["board"]
    server.stop()
    assert until(lambda: client.link is Link.GONE)
    until(lambda: client.poll() is None)
    other = BoardServer(Board(), address=address, key=key)
    other.start()
    assert ask(client)["board"] != first
    assert client.link is Link.LIVE
    client.close()
    other.stop()


def test_an_engine_that_does_not_answer_is_silent(server: BoardServer) -> None:
    now = [0.0]
    client = BoardClient(server.address, key=server.key, clock=lambda: now[0])
    ask(client)
    with server._board._lock:
        until(lambda: client.poll() is None and client._asked_s is not None)
        assert client.link is Link.LIVE
        now[0] = 2.5
        assert client.link is Link.SILENT
    assert until(lambda: client.link is Link.LIVE)
    client.close()


def test_a_taken_address_is_an_error_with_a_next_step(server: BoardServer) -> None:
    with pytest.raises(MonitorError, match="Start again"):
        BoardServer(Board(), address=server.address).start()


@pytest.mark.parametrize("text", ["", "zz"])
def test_a_window_without_a_key_says_how_to_start_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, text)
    with pytest.raises(MonitorError, match="attune live"):
        key_from_environment()


def test_the_key_travels_in_the_environment(server: BoardServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in server.environment.items():
        monkeypatch.setenv(name, text)
    assert key_from_environment() == server.key


def test_only_requests_and_snapshots_of_this_version_are_read() -> None:
    assert read_request(b'{"since": 3}') == (3, True, ())
    assert read_request(b'{"since": 3, "state": false}') == (3, False, ())
    with pytest.raises(ValueError, match="version"):
        decode(b'{"version": 0}')
