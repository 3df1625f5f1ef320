"""The local pipe between engine and window: the window asks, the engine answers with a snapshot.

Messages are JSON over `multiprocessing.connection`, never pickles. Only the user who started the engine can
reach the pipe: it lies in a private folder, and both sides prove that they know the key of the session. A
window that hangs asks nothing and so costs nothing.
"""

import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from multiprocessing.connection import Client, Connection, Listener
from threading import Event, Lock, Thread

from monitor.board.board import Board
from monitor.board.commands import Command
from monitor.board.pipe import BROKEN, KEY_VARIABLE, admit, encode, private_address, read_request, wake
from monitor.errors import MonitorError

MAX_REQUEST_BYTES = 8192
MAX_CLIENTS = 8
COMMANDS_PER_S = 40.0
"""What one window may ask for in the long run: more than a key that is held down."""

COMMANDS_AT_ONCE = 80
"""What it may ask for at once; then its answers come later, so that no other window and no recording suffers."""


class BoardServer:
    """Answers the windows of one board, each in a thread of its own.

    Parameters
    ----------
    board : Board
        The board to read.
    address : str, optional
        Where to listen; by default a new private place.
    key : bytes, optional
        Key of the session; by default a new one.
    on_command : callable, optional
        Called with each checked command, in the thread of its window, before the request that brought it is
        answered; it must return at once. Without it commands have no effect.
    """

    def __init__(
        self,
        board: Board,
        *,
        address: str | None = None,
        key: bytes | None = None,
        on_command: Callable[[Command], None] | None = None,
    ) -> None:
        self._board = board
        self._on_command = on_command
        self._folder: str | None = None
        if address is None:
            self._folder, address = private_address()
        self.address = address
        self.key = key if key is not None else secrets.token_bytes(32)
        self._listener: Listener | None = None
        self._stopping = Event()
        self._lock = Lock()
        self._clients: dict[Connection, Thread] = {}
        self._acceptor: Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Variables a window needs to be let in."""
        return {KEY_VARIABLE: self.key.hex()}

    @property
    def n_clients(self) -> int:
        """Number of windows connected at present."""
        with self._lock:
            return len(self._clients)

    def switch(self, board: Board, on_command: Callable[[Command], None] | None = None) -> None:
        """Serve another board from the next request on; windows forget what they drew of the one before.

        Parameters
        ----------
        board : Board
            The board to read.
        on_command : callable, optional
            Takes the commands from now on.
        """
        with self._lock:
            self._board, self._on_command = board, on_command

    def start(self) -> None:
        """Start to listen.

        Raises
        ------
        MonitorError
            If the address cannot be used.
        """
        try:
            self._listener = Listener(self.address, backlog=MAX_CLIENTS)
        except OSError as error:
            message = (
                f"The window cannot be reached at {self.address}: {error}. Start again with another address."
            )
            raise MonitorError(message) from error
        self._acceptor = Thread(target=self._accept, name="board-accept", daemon=True)
        self._acceptor.start()

    def stop(self) -> None:
        """Close all connections and remove the address; may be called twice."""
        self._stopping.set()
        if self._acceptor is not None:
            # The only portable way to end a blocking accept is to connect.
            with suppress(*BROKEN):
                Client(self.address).close()
            self._acceptor.join(2.0)
            self._acceptor = None
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        with self._lock:
            clients = dict(self._clients)
        for connection, thread in clients.items():
            wake(connection)
            thread.join(2.0)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _accept(self) -> None:
        listener = self._listener
        while listener is not None and not self._stopping.is_set():
            try:
                connection = listener.accept()
            except BROKEN:
                self._stopping.wait(0.05)
                continue
            if self._stopping.is_set() or self.n_clients >= MAX_CLIENTS:
                connection.close()
                continue
            thread = Thread(target=self._serve, args=(connection,), name="board-client", daemon=True)
            with self._lock:
                self._clients[connection] = thread
            thread.start()

    def _serve(self, connection: Connection) -> None:
        try:
            admit(connection, self.key)
            paid_s = -inf
            while not self._stopping.is_set():
                request = read_request(connection.recv_bytes(MAX_REQUEST_BYTES))
                # Taken together: an order for what was there before must not reach what has come since.
                with self._lock:
                    board, on_command = self._board, self._on_command
                if on_command is not None:
                    for command in request.commands:
                        on_command(command)
                now_s = time.monotonic()
                paid_s = max(paid_s, now_s - COMMANDS_AT_ONCE / COMMANDS_PER_S)
                paid_s += len(request.commands) / COMMANDS_PER_S
                self._stopping.wait(max(paid_s - now_s, 0.0))
                connection.send_bytes(encode(board.snapshot(request.since, state=request.state)))
        except BROKEN:
            pass
        finally:
            with self._lock:
                self._clients.pop(connection, None)
            connection.close()
