"""Messages, handshake and address of the local pipe."""

import hmac
import json
import os
import secrets
import socket
import sys
import tempfile
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, cast

from monitor.board.commands import Command, read_commands
from monitor.board.snapshot import SNAPSHOT_VERSION, Snapshot
from monitor.errors import MonitorError

KEY_VARIABLE = "ATTUNE_BOARD_KEY"
"""Environment variable in which the engine hands the key to its window."""

BROKEN = (OSError, EOFError, ValueError)
"""What a pipe may raise when the other side is gone, is not ours, or talks nonsense."""

LONGEST_SOCKET_PATH = 100
"""Longest path of a socket that every Unix takes."""


def encode(snapshot: Snapshot) -> bytes:
    """Write a snapshot as a message.

    Parameters
    ----------
    snapshot : Snapshot
        Plain values.

    Returns
    -------
    bytes
        JSON in UTF-8.

    Raises
    ------
    ValueError
        If a number in it is not finite.
    """
    return json.dumps(snapshot, allow_nan=False, separators=(",", ":")).encode()


def decode(message: bytes) -> Snapshot:
    """Read a message.

    Parameters
    ----------
    message : bytes
        As written by `encode`.

    Returns
    -------
    Snapshot
        Plain values.

    Raises
    ------
    ValueError
        If it is no snapshot of this version.
    """
    value = json.loads(message)
    if not isinstance(value, dict) or value.get("version") != SNAPSHOT_VERSION:
        raise ValueError("not a snapshot of this version")
    return cast("Snapshot", value)


def with_state_of(answer: Snapshot, known: Snapshot) -> Snapshot:
    """Complete an answer that came without the small state.

    Parameters
    ----------
    answer : Snapshot
        What is new.
    known : Snapshot
        The newest complete snapshot.

    Returns
    -------
    Snapshot
        A complete one.
    """
    return {
        **answer,
        "complete": True,
        "state": known["state"],
        "people": known["people"],
        "streams": known["streams"],
        "latest": known["latest"],
        "recording": known["recording"],
        "notices": known["notices"],
        "annotations": known["annotations"],
        "zones": known["zones"],
        "synchrony": known["synchrony"],
        "procedure": known["procedure"],
        "setup": known["setup"],
        "transport": known["transport"],
        "marks": known["marks"],
        "clouds": known["clouds"],
    }


class Request(NamedTuple):
    """What a window asks.

    Parameters
    ----------
    since : int
        Cursor of the snapshot seen last.
    state : bool
        Whether the small state is wanted.
    commands : tuple of Command
        What the user wants done first.
    """

    since: int
    state: bool
    commands: tuple[Command, ...]


def write_request(request: Request) -> bytes:
    """Write a request.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    bytes
        JSON in UTF-8, of at most 8192 bytes.
    """
    value: dict[str, object] = {"since": request.since, "state": request.state}
    if request.commands:
        value["commands"] = request.commands
    return json.dumps(value, ensure_ascii=False).encode()


def read_request(message: bytes) -> Request:
    """Read a request.

    Parameters
    ----------
    message : bytes
        JSON with a whole number ``since``, ``"state": false`` unless the small state is wanted, and
        ``commands``, a list of name, value and age in seconds, if there are any.

    Returns
    -------
    Request
        The request, its commands checked.

    Raises
    ------
    ValueError
        If it is no request.
    """
    try:
        value = json.loads(message)
    except RecursionError as error:
        raise ValueError("not a request") from error
    since = value.get("since") if isinstance(value, dict) else None
    if not isinstance(since, int):
        raise ValueError("not a request")  # noqa: TRY004 - one kind of error for all nonsense from outside
    return Request(since, value.get("state") is not False, read_commands(value.get("commands", [])))


def key_from_environment() -> bytes:
    """Return the key of the session that the engine left in the environment.

    Returns
    -------
    bytes
        The key.

    Raises
    ------
    MonitorError
        If there is none, or it is not one.
    """
    text = os.environ.get(KEY_VARIABLE, "")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if not key:
        raise MonitorError(
            f"This window has no key of a session ({KEY_VARIABLE} is not set). Windows are opened by the "
            "engine: start `attune live`, `attune demo` or `attune replay`."
        )
    return key


def _proof(key: bytes, side: bytes, nonce: bytes) -> bytes:
    return hmac.digest(key, side + nonce, "sha256")


def admit(connection: Connection, key: bytes) -> None:
    """Let a window in that knows the key, and prove that the engine knows it too.

    Parameters
    ----------
    connection : Connection
        The pipe.
    key : bytes
        Key of the session.

    Raises
    ------
    ValueError
        If the other side does not know the key.
    """
    nonce = secrets.token_bytes(32)
    connection.send_bytes(nonce)
    answer = connection.recv_bytes(64)
    if len(answer) != 64 or not hmac.compare_digest(answer[32:], _proof(key, b"window", nonce)):
        raise ValueError("wrong key")
    connection.send_bytes(_proof(key, b"engine", answer[:32]))


def enter(connection: Connection, key: bytes) -> None:
    """Show an engine that the window knows the key, and check that the engine knows it too.

    Parameters
    ----------
    connection : Connection
        The pipe.
    key : bytes
        Key of the session.

    Raises
    ------
    ValueError
        If the other side does not know the key.
    """
    nonce = secrets.token_bytes(32)
    connection.send_bytes(nonce + _proof(key, b"window", connection.recv_bytes(32)))
    if not hmac.compare_digest(connection.recv_bytes(32), _proof(key, b"engine", nonce)):
        raise ValueError("wrong key")


def private_address() -> tuple[str | None, str]:
    """Return a place for the pipe that only this user can reach.

    Returns
    -------
    str or None
        Folder to remove afterwards; None where the pipe is not in a folder.
    str
        The address.
    """
    if sys.platform == "win32":
        return None, rf"\\.\pipe\attune-{secrets.token_hex(16)}"
    folder = Path(tempfile.mkdtemp(prefix="attune-"))
    if len(str(folder)) > LONGEST_SOCKET_PATH - len("/board"):
        # Socket paths are limited to about 100 bytes; a temporary folder of the system may be longer.
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="attune-", dir="/tmp"))
    return str(folder), str(folder / "board")


def wake(connection: Connection) -> None:
    """Break a pipe, which ends a read or write that blocks another thread.

    Parameters
    ----------
    connection : Connection
        The pipe.
    """
    with suppress(*BROKEN):
        if sys.platform == "win32":
            connection.close()
        else:
            with socket.socket(fileno=os.dup(connection.fileno())) as twin:
                twin.shutdown(socket.SHUT_RDWR)
