"""Why a serial port does not open, and what to do, in the words of each operating system."""

import errno
import re
import sys
from collections.abc import Sequence

from devices.driver import Seen
from devices.errors import DeviceError, Reason

_PAIR: dict[str, str] = {
    "linux": (
        "Pair it with the PIN 1234 (`bluetoothctl`, then `scan on`, `pair ADDRESS`, `trust ADDRESS`) and bind the "
        "port: `sudo rfcomm bind 0 ADDRESS 1`, which makes /dev/rfcomm0."
    ),
    "darwin": (
        "Pair it in System Settings, Bluetooth, with the PIN 1234; the port is then /dev/tty.Shimmer3-XXXX."
    ),
    "win32": (
        "Pair it in Settings, Bluetooth & devices, with the PIN 1234; the port is the outgoing one under More "
        "Bluetooth settings, COM Ports."
    ),
}
_PERMISSION: dict[str, str] = {
    "linux": "Let the administrator run `sudo usermod -aG dialout $USER` (`uucp` on Arch), then log in again.",
}
_NO_ANSWER = "Is it switched on, out of its dock, charged, and near? If it never worked here: {pair}"
_NOT_FOUND = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR})
_NO_PORT = frozenset({errno.ENOTTY, errno.EISDIR})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_BUSY = frozenset({errno.EBUSY, errno.EAGAIN})
_UNPAIRED = frozenset({getattr(errno, "EBADE", -1), errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED})


def open_error(port: str, error: Exception, present: Sequence[Seen]) -> DeviceError:
    """Say why a port did not open.

    Parameters
    ----------
    port : str
        The port.
    error : Exception
        What the system said.
    present : sequence of Seen
        The ports there are.

    Returns
    -------
    DeviceError
        Cause and cure.
    """
    number = _number_of(error)
    pair = _PAIR.get(sys.platform, _PAIR["linux"])
    if number in _NOT_FOUND or number in _NO_PORT or isinstance(error, ValueError):
        ports = ", ".join(f"{seen.address} ({seen.name})" if seen.name else seen.address for seen in present)
        there = f"There are: {ports}." if ports else "There is none at all."
        what = f"{port} is no serial port" if number in _NO_PORT else f"There is no serial port {port}"
        return DeviceError(f"{what}. {there} {pair}", Reason.NOT_FOUND, port, number)
    if number in _BUSY or (number in _FORBIDDEN and sys.platform == "win32"):
        return DeviceError(
            f"Another program uses {port}. Close it (Consensys, another bridge), or wait until it has let go.",
            Reason.BUSY,
            port,
            number,
        )
    if number in _FORBIDDEN:
        cure = _PERMISSION.get(sys.platform, "Ask the administrator for access to it.")
        return DeviceError(f"This account may not use {port}. {cure}", Reason.NO_PERMISSION, port, number)
    if number in _UNPAIRED:
        return DeviceError(
            f"The device behind {port} refused the connection: it is not paired, or was with a wrong PIN. "
            f"Remove the old pairing first. {pair}",
            Reason.PAIRING,
            port,
            number,
        )
    said = f" ({error})" if str(error) else ""
    return DeviceError(
        f"Nobody answers behind {port}{said}. {_NO_ANSWER.format(pair=pair)}", Reason.TIMEOUT, port, number
    )


def _number_of(error: Exception) -> int | None:
    """Find the system's error number: on Windows, and where a port cannot be set up, it is only in the text."""
    number = getattr(error, "errno", None)
    if isinstance(number, int):
        return number
    text = str(error)
    if told := re.search(r"could not configure port: \((\d+),", text, re.IGNORECASE):
        return int(told.group(1))
    if error.args and isinstance(error.args[0], int):
        return error.args[0]
    if "FileNotFoundError" in text or "No such file" in text:
        return errno.ENOENT
    if "PermissionError" in text or "Access is denied" in text:
        return errno.EACCES
    return None
