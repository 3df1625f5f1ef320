"""Commands of a window: what is one, and how they reach the engine."""

import json
import math
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client

import pytest

from monitor.board.board import Board
from monitor.board.client import MAX_QUEUED, BoardClient, Link
from monitor.board.commands import COMMANDS, LONGEST_TEXT, MOST_COMMANDS, OLDEST_S, Command, Takes, checked
from monitor.board.pipe import Request, enter, read_request, write_request
from monitor.board.server import MAX_REQUEST_BYTES, BoardServer

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
    server = BoardServer(Board(), on_command=lambda c: got.append((c.name, c.value)))
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
    assert client.send("too_much", "C07")
    until(lambda: client.poll() and len(got) == 3)
    assert got == [("begin", None), ("tension", 4.0), ("too_much", "C07")]


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
        [["explode", None, 0.0]],
        [[["begin"], None, 0.0]],
        [["begin", None]],
        [["begin", 1.0, 0.0]],
        [["tension", None, 0.0]],
        [["tension", True, 0.0]],
        [["tension", 11, 0.0]],
        [["tension", -0.1, 0.0]],
        [["tension", math.nan, 0.0]],
        [["tension", 1, "now"]],
        [["too_much", {"a": 1}, 0.0]],
        [["too_much", "x" * 65, 0.0]],
        [["too_much", "\x1b[2J", 0.0]],
        [["note", "A name and a story", 0.0]],
        [["speed", 51, 0.0]],
        [["seek", -1, 0.0]],
        [["variant", 0.5, 0.0]],
        [["begin", None, 0.0]] * (MOST_COMMANDS + 1),
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
    commands = tuple(Command("note_text", "\U0001f600" * LONGEST_TEXT) for _ in range(MOST_COMMANDS))
    message = write_request(Request(2**53, False, commands))
    assert len(message) <= MAX_REQUEST_BYTES
    assert read_request(message) == (2**53, False, commands)


@pytest.mark.parametrize("value", [12, "x" * 65, "\ud800", b"x", True, "", None])
def test_the_window_refuses_what_the_engine_would_refuse(value: object) -> None:
    with pytest.raises(ValueError, match="too_much"):
        checked("too_much", value)


def test_every_command_has_a_valid_form() -> None:
    forms: dict[Takes, float | str | None] = {Takes.NOTHING: None, Takes.LABEL: "rupture"}
    texts = dict.fromkeys((Takes.PERSON, Takes.CODES, Takes.TEXT), "C07")
    forms = dict.fromkeys(Takes, 5.0) | forms | texts
    assert {checked(name, forms[takes]).name for name, takes in COMMANDS.items()} == set(COMMANDS)


def test_the_engine_learns_how_long_ago_a_key_was_pressed() -> None:
    got: list[Command] = []
    server = BoardServer(Board(), on_command=got.append)
    server.start()
    now = [100.0]
    client = BoardClient(server.address, key=server.key, clock=lambda: now[0])
    until(client.poll)
    client.send("note", "rupture")
    now[0] += 1.5
    until(lambda: client.poll() and got)
    client.close()
    server.stop()
    assert got == [Command("note", "rupture", 1.5)]


@pytest.mark.parametrize(("age_s", "kept_s"), [(-1.0, 0.0), (0.25, 0.25), (1e9, OLDEST_S)])
def test_an_age_is_kept_within_reason(age_s: float, kept_s: float) -> None:
    assert checked("begin", None, age_s).age_s == kept_s


def test_a_window_that_is_given_another_board_forgets_the_one_before() -> None:
    first, second = Board(), Board()
    first.note_people([("C07", "client")])
    second.note_people([("T02", "therapist")])
    got: list[Command] = []
    server = BoardServer(first)
    server.start()
    client = BoardClient(server.address, key=server.key)
    seen: list[list[str]] = []

    def people() -> list[str]:
        snapshot = client.poll()
        if snapshot is not None:
            seen.append([p["code"] for p in snapshot["people"]])
        return seen[-1] if seen else []

    until(lambda: people() == ["C07"])
    server.switch(second, got.append)
    until(lambda: people() == ["T02"])
    client.send("play")
    until(lambda: client.poll() and got)
    client.close()
    server.stop()


@pytest.mark.parametrize("value", [None, 5, True])
def test_a_command_about_somebody_needs_a_code(value: object) -> None:
    with pytest.raises(ValueError, match="code of a participant"):
        checked("level_start", value)
