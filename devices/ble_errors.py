"""What goes wrong in the Bluetooth stack, as `DeviceError` with a reason and a cure."""

import logging
from types import TracebackType

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from devices.ble_words import cure
from devices.errors import DeviceError, Reason

logger = logging.getLogger(__name__)

PAIRING_CODES = frozenset({0x05, 0x08, 0x0C, 0x0F})
"""Codes by which a device asks for pairing: insufficient authentication, authorization, key size, encryption."""

_NOT_AVAILABLE: dict[BleakBluetoothNotAvailableReason, Reason] = {
    BleakBluetoothNotAvailableReason.POWERED_OFF: Reason.ADAPTER_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: Reason.NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: Reason.NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: Reason.NO_PERMISSION,
}

_DBUS: dict[str, Reason] = {
    "InProgress": Reason.BUSY,
    "AlreadyConnected": Reason.BUSY,
    "NotReady": Reason.ADAPTER_OFF,
    "NotAuthorized": Reason.NO_PERMISSION,
    "AccessDenied": Reason.NO_PERMISSION,
    "ServiceUnknown": Reason.NO_ADAPTER,
    "NameHasNoOwner": Reason.NO_ADAPTER,
    "Disconnected": Reason.NO_ADAPTER,
    "NoReply": Reason.TIMEOUT,
    "Timeout": Reason.TIMEOUT,
    "TimedOut": Reason.TIMEOUT,
    "AuthenticationFailed": Reason.PAIRING,
    "AuthenticationCanceled": Reason.PAIRING,
    "AuthenticationRejected": Reason.PAIRING,
    "AuthenticationTimeout": Reason.PAIRING,
    "NotPermitted": Reason.PAIRING,
    "UnknownObject": Reason.NOT_FOUND,
    "DoesNotExist": Reason.NOT_FOUND,
    "NotSupported": Reason.UNSUPPORTED,
}
"""By the last part of the name of a D-Bus error."""

_WINDOWS: dict[int, Reason] = {
    -2147020577: Reason.ADAPTER_OFF,
    -2147024891: Reason.NO_PERMISSION,
    -2147023728: Reason.NOT_FOUND,
}
"""By the code of Windows: device not ready (the radio is off), access denied, element not found."""

_HAPPENED: dict[Reason, str] = {
    Reason.NO_ADAPTER: "This computer has no Bluetooth that can be used",
    Reason.ADAPTER_OFF: "Bluetooth is switched off",
    Reason.NO_PERMISSION: "This program is not allowed to use Bluetooth",
    Reason.NOT_FOUND: "{device} is not in reach",
    Reason.BUSY: "Bluetooth is busy with {device}",
    Reason.TIMEOUT: "{device} did not answer in time",
    Reason.PAIRING: "{device} asks to be paired first",
    Reason.UNSUPPORTED: "{device} does not have what is needed",
    Reason.REFUSED: "{device} refused",
    Reason.LINK_LOST: "The connection to {device} was lost",
    Reason.MISSING_LIBRARY: "A library for Bluetooth is missing",
}


def translate(error: Exception, device: str, doing: str, otherwise: Reason = Reason.LINK_LOST) -> DeviceError:
    """Say what an exception of the Bluetooth stack means.

    Parameters
    ----------
    error : Exception
        As it came.
    device : str
        Name or address of the device; empty when none is meant.
    doing : str
        What was being done, such as ``connect to``.
    otherwise : Reason, default ``link_lost``
        Reason where nothing better is known.

    Returns
    -------
    DeviceError
        With reason, message and cure.
    """
    reason, code = _reason(error, otherwise)
    if reason is Reason.NOT_FOUND and not device:
        # Where no device is meant, what the system does not know any more is the adapter.
        reason = Reason.NO_ADAPTER
    happened = _HAPPENED.get(reason, "Bluetooth failed").format(device=device or "the device")
    detail = _words_of(error)
    return DeviceError(
        f"{happened} (trying to {doing} {device or 'devices'}: {detail}). {cure(reason)}".rstrip(),
        reason,
        device,
        code,
    )


class Translated:
    """Turn whatever is raised inside a ``with`` block into a `DeviceError`.

    Parameters
    ----------
    device : str
        Name or address of the device; empty when none is meant.
    doing : str
        What is being done, such as ``connect to``.
    otherwise : Reason, default ``link_lost``
        Reason where nothing better is known.
    """

    def __init__(self, device: str, doing: str, otherwise: Reason = Reason.LINK_LOST) -> None:
        self._device = device
        self._doing = doing
        self._otherwise = otherwise

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise what it means; cancellation and interrupts pass."""
        if isinstance(error, Exception) and not isinstance(error, DeviceError):
            logger.debug("trying to %s %s", self._doing, self._device, exc_info=error)
            raise translate(error, self._device, self._doing, self._otherwise) from error


def _reason(error: Exception, otherwise: Reason) -> tuple[Reason, int | None]:
    """Find the reason, and the code where there is one."""
    match error:
        case BleakBluetoothNotAvailableError():
            return _NOT_AVAILABLE.get(error.reason, Reason.NO_ADAPTER), None
        case BleakDeviceNotFoundError():
            return Reason.NOT_FOUND, None
        case BleakGATTProtocolError():
            code = int(error.code)
            return (Reason.PAIRING if code in PAIRING_CODES else Reason.REFUSED), code
        case BleakCharacteristicNotFoundError():
            return Reason.UNSUPPORTED, None
        case BleakDBusError():
            return _DBUS.get(error.dbus_error.rsplit(".", 1)[-1], otherwise), None
        case BleakError():
            return _by_text(str(error), otherwise), None
        case TimeoutError():
            return Reason.TIMEOUT, None
        case ImportError():
            return Reason.MISSING_LIBRARY, None
        case PermissionError():
            return Reason.NO_PERMISSION, None
        case OSError() if hasattr(error, "winerror") and error.winerror is not None:
            # Windows says so of every call that fails, also because the device went away.
            return _WINDOWS.get(error.winerror, otherwise), None
        case EOFError() | OSError():
            # The socket of the system's message bus is missing, refuses or broke.
            return Reason.NO_ADAPTER, None
    return otherwise, None


def _words_of(error: Exception) -> str:
    """Give the text of an exception, which bleak puts beside codes that are of no use to people."""
    if isinstance(error, (BleakBluetoothNotAvailableError, BleakGATTProtocolError)):
        return next((part for part in error.args if isinstance(part, str)), type(error).__name__)
    return str(error).strip() or type(error).__name__


def _by_text(text: str, otherwise: Reason) -> Reason:
    """Tell the plain errors of bleak's backends apart, which have nothing but their text."""
    text = text.casefold()
    if "access denied" in text:
        return Reason.PAIRING
    if "turned on" in text:
        return Reason.ADAPTER_OFF
    if "adapter" in text and "not found" in text:
        return Reason.NO_ADAPTER
    if "pair" in text:
        return Reason.PAIRING
    if "unsupported backend" in text or "requires bluez" in text:
        return Reason.MISSING_LIBRARY
    return otherwise
