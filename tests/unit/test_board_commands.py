"""Commands of a window: what is one, and how they reach the engine."""

import json
import math
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client

import pytest

from monitor.board.board import Board
from monitor.board.commands import ABOUT_SOMEBODY, COMMANDS, MOST_COMMANDS, Command, checked
from monitor.board.pipe import Request, enter, read_request, write_request
from monitor.board.wire import MAX_QUEUED, MAX_REQUEST_BYTES, BoardClient, BoardServer, Link

Got = list[tuple[str, float | str | None]]


def until(done: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture
def got() -> Got:
    return []


@pytest.fixture
def server(got: Got) -> Iterator[BoardServer]:
    server = BoardServer(Board(), on_command=lambda name, value: got.append((name, value)))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server: BoardServer) -> Iterator[BoardClient]:
    client = BoardClient(server.address, key=server.key)
    until(client.poll)
    yield client
    client.close()


def test_commands_reach_the_engine_in_their_order(client: BoardClient, got: Got) -> None:
    assert client.send("begin")
    assert client.send("tension", 4)
    assert client.send("stop", "tired")
    until(lambda: client.poll() and len(got) == 3)
    assert got == [("begin", None), ("tension", 4.0), ("stop", "tired")]


def test_more_commands_than_fit_into_a_request_come_with_the_next(client: BoardClient, got: Got) -> None:
    for k in range(3 * MOST_COMMANDS):
        client.send("present", k % 11)
    until(lambda: client.poll() and len(got) == 3 * MOST_COMMANDS)
    assert [value for _, value in got] == [float(k % 11) for k in range(3 * MOST_COMMANDS)]


def test_the_queue_is_bounded_and_says_so(client: BoardClient) -> None:
    assert [client.send("pause") for _ in range(MAX_QUEUED + 1)] == [True] * MAX_QUEUED + [False]


def test_a_command_for_an_engine_that_is_gone_is_not_kept(client: BoardClient, server: BoardServer) -> None:
    client.send("begin")
    server.stop()
    until(lambda: client.link is Link.GONE)
    assert not client.send("stop")
    assert not client._commands


def test_a_server_without_a_receiver_ignores_commands() -> None:
    server = BoardServer(Board())
    server.start()
    client = BoardClient(server.address, key=server.key)
    until(client.poll)
    client.send("begin")
    until(lambda: client.poll() and not client._commands)
    assert client.link is Link.LIVE
    client.close()
    server.stop()


@pytest.mark.parametrize(
    "commands",
    [
        "begin",
        [["explode", None]],
        [[["begin"], None]],
        [["begin"]],
        [["tension", None]],
        [["tension", True]],
        [["tension", 11]],
        [["tension", -0.1]],
        [["tension", math.nan]],
        [["stop", {"a": 1}]],
        [["stop", "x" * 65]],
        [["stop", "\x1b[2J"]],
        [["begin", None]] * (MOST_COMMANDS + 1),
    ],
)
def test_nonsense_closes_the_pipe_and_no_part_of_it_is_done(
    commands: object, server: BoardServer, got: Got
) -> None:
    with Client(server.address) as connection:
        enter(connection, server.key)
        connection.send_bytes(json.dumps({"since": 0, "commands": commands}).encode())
        with pytest.raises((EOFError, OSError)):
            connection.recv_bytes()
    assert got == []


def test_the_longest_request_fits_the_limit_and_is_read_back() -> None:
    commands = tuple(Command("discard", "\U0001f600" * 64) for _ in range(MOST_COMMANDS))
    message = write_request(Request(2**53, False, commands))
    assert len(message) <= MAX_REQUEST_BYTES
    assert read_request(message) == (2**53, False, commands)


@pytest.mark.parametrize("value", [12, "x" * 65, "\ud800", b"x", True])
def test_the_window_refuses_what_the_engine_would_refuse(value: object) -> None:
    with pytest.raises(ValueError, match="stop"):
        checked("stop", value)


def test_every_command_has_a_valid_form() -> None:
    values = {name: "C07" if name in ABOUT_SOMEBODY else 5 for name in COMMANDS}
    assert {checked(name, value).name for name, value in values.items()} == set(COMMANDS)


@pytest.mark.parametrize("value", [None, 5, True])
def test_a_command_about_somebody_needs_a_code(value: object) -> None:
    with pytest.raises(ValueError, match="code of a participant"):
        checked("level_start", value)
