"""The window's end of the pipe: asks for snapshots and hands on commands, and never blocks."""

import time
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from multiprocessing.connection import Client, Connection
from threading import Event, Lock, Thread

from monitor.board.commands import MOST_COMMANDS, Command, CommandValue, checked
from monitor.board.pipe import (
    BROKEN,
    Request,
    decode,
    enter,
    key_from_environment,
    wake,
    with_state_of,
    write_request,
)
from monitor.board.snapshot import Snapshot

MAX_ANSWER_BYTES = 16 * 2**20
MAX_QUEUED = 64
RETRY_S = 0.5
SILENT_S = 2.0
STATE_S = 0.2
"""Seconds between two requests for the small state; what is new is asked for at every poll."""


class Link(StrEnum):
    """State of the pipe as the window sees it."""

    CONNECTING = "connecting"
    LIVE = "live"
    SILENT = "silent"
    GONE = "gone"


class BoardClient:
    """Asks a board for snapshots without ever blocking the caller.

    A thread does the talking, so that a stopped engine cannot freeze a window. When the pipe breaks it
    connects again until `close`.

    Parameters
    ----------
    address : str
        Address of the server.
    key : bytes, optional
        Key of the session; by default from the environment.
    clock : callable, default time.monotonic
        Seconds; for tests.

    Raises
    ------
    MonitorError
        If there is no key, or it is not one.
    """

    def __init__(
        self, address: str, *, key: bytes | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.address = address
        self._key = key if key is not None else key_from_environment()
        self._clock = clock
        self._ask = Event()
        self._closing = Event()
        self._lock = Lock()
        self._answers: list[Snapshot] = []
        self._commands: deque[tuple[float, Command]] = deque()
        self._connection: Connection | None = None
        self._cursor = 0
        self._board = ""
        self._known: Snapshot | None = None
        self._state_s = 0.0
        self._broken = False
        self._asked_s: float | None = None
        self._thread = Thread(target=self._talk, name="board-pipe", daemon=True)
        self._thread.start()

    @property
    def link(self) -> Link:
        """State of the pipe."""
        with self._lock:
            if self._connection is None:
                return Link.GONE if self._broken else Link.CONNECTING
            waiting = self._asked_s is not None and self._clock() - self._asked_s > SILENT_S
            return Link.SILENT if waiting else Link.LIVE

    def poll(self) -> Snapshot | None:
        """Return the answer to the question before, if it is there, and ask again.

        Returns
        -------
        Snapshot or None
            None when nothing new has come yet. When its ``board`` differs from the one before, the engine
            was started again and everything drawn so far is to be forgotten.
        """
        with self._lock:
            answer = self._answers.pop() if self._answers else None
            idle = self._connection is not None and self._asked_s is None
            if idle:
                self._asked_s = self._clock()
        if idle:
            self._ask.set()
        return answer

    def send(self, name: str, value: CommandValue = None) -> bool:
        """Hand a command to the engine with the next request.

        Parameters
        ----------
        name : str
            One of `monitor.board.commands.COMMANDS`.
        value : float or str, optional
            What it takes, as `COMMANDS` says.

        Returns
        -------
        bool
            False when the engine cannot be reached or too many commands wait: the command is then dropped.

        Raises
        ------
        ValueError
            If it is no command.
        """
        command = checked(name, value)
        with self._lock:
            if self._connection is None or len(self._commands) >= MAX_QUEUED:
                return False
            self._commands.append((self._clock(), command))
        return True

    def close(self) -> None:
        """Leave; may be called twice."""
        self._closing.set()
        self._ask.set()
        with self._lock:
            connection = self._connection
        if connection is not None:
            wake(connection)
        self._thread.join(2.0)

    def _talk(self) -> None:
        while not self._closing.is_set():
            try:
                connection = Client(self.address)
            except BROKEN:
                self._break()
                self._closing.wait(RETRY_S)
                continue
            try:
                self._converse(connection)
            except BROKEN:
                self._break()
            finally:
                with self._lock:
                    self._connection = None
                connection.close()
            self._closing.wait(RETRY_S)

    def _converse(self, connection: Connection) -> None:
        enter(connection, self._key)
        self._ask.clear()
        with self._lock:
            self._connection, self._asked_s, self._broken = connection, None, False
            self._commands.clear()
        while not self._closing.is_set():
            if not self._ask.wait(RETRY_S):
                # A window that asks nothing still wants to know that the engine has gone.
                if connection.poll(0):
                    return self._break()
                continue
            self._ask.clear()
            if self._closing.is_set():
                return None
            due = self._known is None or self._clock() - self._state_s >= STATE_S
            connection.send_bytes(write_request(Request(self._cursor, due, self._take_commands())))
            answer = decode(connection.recv_bytes(MAX_ANSWER_BYTES))
            if answer["board"] != self._board:
                self._board = answer["board"]
                # The cursor belonged to another board: what it skipped here must be asked for again.
                restart = self._cursor > 0
                self._cursor, self._known = 0, None
                if restart:
                    self._ask.set()
                    continue
            self._cursor = answer["cursor"]
            answer = self._completed(answer)
            with self._lock:
                self._answers.insert(0, answer)
                self._asked_s = None
        return None

    def _take_commands(self) -> tuple[Command, ...]:
        with self._lock:
            n = min(MOST_COMMANDS, len(self._commands))
            waiting = [self._commands.popleft() for _ in range(n)]
            # The engine is told when the key was pressed, however long it took to ask.
            return tuple(checked(*c[:2], self._clock() - pressed_s) for pressed_s, c in waiting)

    def _completed(self, answer: Snapshot) -> Snapshot:
        if answer["complete"] or self._known is None:
            self._known, self._state_s = answer, self._clock()
            return answer
        return with_state_of(answer, self._known)

    def _break(self) -> None:
        with self._lock:
            self._broken = True
            self._asked_s = None
            # A command kept for an engine that comes back would find another step than it was meant for.
            self._commands.clear()
