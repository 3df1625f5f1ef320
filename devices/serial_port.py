"""Serial ports, of Bluetooth or cable. The only importer of pyserial."""

import asyncio
import contextlib
import threading
from collections.abc import Callable

import serial
from serial.tools.list_ports import comports

from devices.driver import Link, Seen
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.serial_words import open_error

BAUD = 115200
_OPEN_TIMEOUT_S = 25.0
_READ_TIMEOUT_S = 0.1
_WRITE_TIMEOUT_S = 1.0
_CLOSE_TIMEOUT_S = 2.0
_MOST_WAITING_BYTES = 1 << 17


def list_ports() -> list[Seen]:
    """List the serial ports of this computer.

    Returns
    -------
    list of Seen
        The ports, by name. What a port is called depends on the system; a paired Shimmer shows by its own name on
        macOS only.
    """
    return [
        Seen(
            link=Link.SERIAL, address=port.device, name="" if port.description == "n/a" else port.description
        )
        for port in sorted(comports(), key=lambda port: port.device)
    ]


class SerialLink:
    """An open serial port, read by a thread of its own; to be made by `open`.

    Parameters
    ----------
    port : str
        The port.
    pace : Pace
        The clock that stamps what arrives.
    """

    def __init__(self, port: str, pace: Pace) -> None:
        self.port = port
        self.n_dropped_bytes = 0
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._arrived = asyncio.Event()
        self._lock = threading.Lock()
        self._waiting: list[tuple[bytes, float]] = []
        self._n_waiting_bytes = 0
        self._error: DeviceError | None = None
        self._closing = threading.Event()
        self._ended = asyncio.Event()
        self._serial: serial.Serial | None = None
        self._thread = threading.Thread(target=self._live, name=f"serial {port}, opening", daemon=True)

    @classmethod
    async def open(cls, port: str, pace: Pace) -> "SerialLink":
        """Open a port; with Bluetooth that is when the device is called.

        Parameters
        ----------
        port : str
            Such as ``COM5``, ``/dev/rfcomm0``, ``/dev/tty.Shimmer3-92E8``, or a URL of pyserial such as
            ``socket://127.0.0.1:7000``.
        pace : Pace
            The clock that stamps what arrives.

        Returns
        -------
        SerialLink
            The open port.

        Raises
        ------
        DeviceError
            If it does not open within 25 s: it does not exist, is forbidden, is in use, or nobody answers behind it;
            or if the system still hangs in an earlier attempt.
        """
        link = cls(port, pace)
        if any(thread.name == link._thread.name for thread in threading.enumerate()):
            # Each further attempt would leave one more thread behind.
            raise open_error(port, TimeoutError("the system has not let go of it yet"), ())
        link._thread.start()
        try:
            # The opening of a Bluetooth port takes seconds of real time, whatever the pace.
            async with asyncio.timeout(_OPEN_TIMEOUT_S):
                await link._opened
        except BaseException as error:
            # A thread that hangs in the system's call is left to itself; it lets go of the port when it comes back.
            link._closing.set()
            if isinstance(error, TimeoutError):
                raise open_error(port, error, ()) from error
            if isinstance(error, DeviceError):
                await link.close()
            raise
        return link

    async def read(self) -> tuple[bytes, float]:
        """Wait for bytes.

        Returns
        -------
        tuple of (bytes, float)
            All that has come, never empty, and when the last of it did, on the bridge's clock. What arrived before the
            port was lost is given first.

        Raises
        ------
        DeviceError
            If the port was lost, or closed, or so much was left unread that bytes had to be dropped.
        """
        while True:
            with self._lock:
                if self._waiting:
                    data = b"".join(piece for piece, _ in self._waiting)
                    arrival_s = self._waiting[-1][1]
                    self._waiting.clear()
                    self._n_waiting_bytes = 0
                    return data, arrival_s
                error = self._error
                self._arrived.clear()
            if error is not None:
                raise error
            await self._arrived.wait()

    async def write(self, data: bytes) -> None:
        """Send bytes.

        Parameters
        ----------
        data : bytes
            What to send.

        Raises
        ------
        DeviceError
            If the port is lost or takes nothing for 1 s.
        """
        port = self._serial
        if port is None or self._closing.is_set():
            raise self._lost("is closed")
        try:
            await asyncio.to_thread(port.write, data)
        except (OSError, TypeError, AttributeError) as error:
            # A port closed by the other thread in this moment has no descriptor left, which is a TypeError.
            raise self._lost(f"takes nothing any more ({error})") from error

    async def close(self) -> None:
        """Let go of the port; may be called again. Bounded, even where the system does not answer."""
        self._closing.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                await self._ended.wait()

    def discard(self) -> int:
        """Drop what has arrived and was not read.

        Returns
        -------
        int
            How many bytes that were.
        """
        with self._lock:
            n_bytes = self._n_waiting_bytes
            self._waiting.clear()
            self._n_waiting_bytes = 0
        return n_bytes

    def _live(self) -> None:
        """Be the thread."""
        try:
            self._serve()
        except Exception as error:  # noqa: BLE001
            # Such as termios.error, which is no OSError: the loop must hear of it whatever it is.
            self._tell(self._fail_to_open, open_error(self.port, error, ()))
            self._end(self._lost(f"was lost ({error})"))
        finally:
            # Told apart from a thread that hangs, even in the moment before it is gone.
            self._thread.name = f"serial {self.port}, ended"
            self._tell(self._ended.set)

    def _serve(self) -> None:
        """Open, read until the end, close."""
        try:
            port = serial.serial_for_url(
                self.port,
                baudrate=BAUD,
                timeout=_READ_TIMEOUT_S,
                write_timeout=_WRITE_TIMEOUT_S,
                exclusive=True,
            )
        except (OSError, ValueError) as error:
            # Here, since a list of ports may take a while.
            self._tell(self._fail_to_open, open_error(self.port, error, list_ports()))
            return
        with contextlib.closing(port):
            self._serial = port
            self._thread.name = f"serial {self.port}"
            self._tell(self._open_now)
            try:
                while not self._closing.is_set():
                    self._read_once(port)
            except (OSError, TypeError) as error:
                self._end(self._lost(f"was lost ({error})"))
                return
        self._end(self._lost("is closed"))

    def _read_once(self, port: serial.Serial) -> None:
        """Take what there is, and stamp it once its last byte is there."""
        piece = port.read(1)
        if not piece:
            return
        if n_more := port.in_waiting:
            piece += port.read(n_more)
        # Not before: this thread may have to wait between the two, and nothing can have come earlier than it was sent.
        arrival_s = self._pace.now()
        with self._lock:
            if self._n_waiting_bytes + len(piece) > _MOST_WAITING_BYTES:
                self.n_dropped_bytes += len(piece)
                self._error = DeviceError(
                    f"This computer did not keep up with {self.port}: {self.n_dropped_bytes} bytes were dropped. "
                    "Close other programs.",
                    Reason.LINK_LOST,
                    self.port,
                )
            else:
                self._waiting.append((piece, arrival_s))
                self._n_waiting_bytes += len(piece)
            is_first = len(self._waiting) == 1 or self._error is not None
        if is_first:
            self._tell(self._arrived.set)

    def _tell(self, what: Callable[..., object], *arguments: object) -> None:
        """Run something in the loop, unless the loop has ended."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what, *arguments)

    def _end(self, error: DeviceError) -> None:
        """Let the reader know that nothing more will come."""
        with self._lock:
            self._error = self._error or error
        self._tell(self._arrived.set)

    def _open_now(self) -> None:
        if not self._opened.done():
            self._opened.set_result(None)

    def _fail_to_open(self, error: DeviceError) -> None:
        if not self._opened.done():
            self._opened.set_exception(error)

    def _lost(self, what: str) -> DeviceError:
        """Say that the port is gone."""
        return DeviceError(
            f"The serial port {self.port} {what}. Is the device switched on, charged, and near? It is tried again.",
            Reason.LINK_LOST,
            self.port,
        )
