"""A pseudo-terminal as a serial port: one end for a virtual device, the other one has a path to be opened."""

import os
import select
from pathlib import Path

from devices.errors import DeviceError, Reason


class PtyPort:
    """The device's end of a port that can be plugged in and pulled out.

    Parameters
    ----------
    path : Path
        Where a link to the port is while it is plugged in; nothing else may be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._device: int | None = None
        self._is_open = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)

    @property
    def is_open(self) -> bool:
        """Whether a program had the port open at the last `read`.

        Returns
        -------
        bool
            False before the first one opens it and after the last one closed it.
        """
        return self._is_open

    def plug(self) -> None:
        """Make the port; nothing, when it is there.

        Raises
        ------
        DeviceError
            Where the system has no pseudo-terminals.
        """
        if self._device is None:
            self._device = _open_raw(self.path)
            os.set_blocking(self._device, False)

    def unplug(self) -> None:
        """Take the port away, even from a program that has it open."""
        if self._device is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._device)
            self._device, self._is_open = None, False

    def wait(self, seconds: float, *, unwritten: bool) -> None:
        """Wait for bytes from the program, room for more, or `wake`.

        Parameters
        ----------
        seconds : float
            Longest time to wait, on the clock on the wall.
        unwritten : bool
            Whether there is something to write as soon as there is room.
        """
        # A port nobody has open is always "ready": waiting for it would keep the processor busy.
        ends = [self._device] if self._device is not None and self._is_open else []
        ready, _, _ = select.select(
            [self._wake_read, *ends], ends if unwritten else [], [], max(0.0, seconds)
        )
        if self._wake_read in ready:
            os.read(self._wake_read, 4096)

    def wake(self) -> None:
        """End the `wait` of another thread."""
        try:
            os.write(self._wake_write, b"!")
        except BlockingIOError:
            return

    def read(self) -> bytes:
        """Take what the program wrote.

        Returns
        -------
        bytes
            Empty when there is nothing, or nobody.
        """
        data = b""
        if self._device is not None:
            try:
                data = os.read(self._device, 4096)
            except BlockingIOError:
                self._is_open = True
            except OSError:
                self._is_open = False
            else:
                self._is_open = bool(data)
        return data

    def write(self, data: bytes | bytearray) -> int:
        """Give bytes to the program.

        Parameters
        ----------
        data : bytes
            What to send.

        Returns
        -------
        int
            How many of them found room.
        """
        if self._device is None:
            return 0
        try:
            return os.write(self._device, data)
        except BlockingIOError:
            return 0
        except OSError:
            self._is_open = False
            return 0

    def close(self) -> None:
        """Let go of everything."""
        self.unplug()
        os.close(self._wake_read)
        os.close(self._wake_write)


def _open_raw(path: Path) -> int:
    """Open a pair without line editing and echo; keep the device's end, link the other one."""
    try:
        import tty

        device, program = os.openpty()
    except (ImportError, AttributeError, OSError) as error:
        raise DeviceError(
            f"A virtual Shimmer needs a pseudo-terminal, and this system gives none ({error}). Windows has no "
            "pseudo-terminals: use the emulated session without --hardware there.",
            Reason.MISSING_LIBRARY,
            path.name,
        ) from error
    try:
        tty.setraw(device)
        tty.setraw(program)
        path.symlink_to(os.ttyname(program))
    except OSError:
        os.close(device)
        raise
    finally:
        os.close(program)
    return device
