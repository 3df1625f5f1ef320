"""What the Bluetooth stack throws, as reasons and cures."""

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from devices.ble_errors import Translated, translate
from devices.ble_words import cure
from devices.errors import DeviceError, Reason

CASES = [
    (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), Reason.NO_ADAPTER),
    (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.UNKNOWN), Reason.NO_ADAPTER),
    (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.POWERED_OFF), Reason.ADAPTER_OFF),
    (
        BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.DENIED_BY_USER),
        Reason.NO_PERMISSION,
    ),
    (BleakDeviceNotFoundError("F0:F1:F2:F3:F4:F5"), Reason.NOT_FOUND),
    (BleakCharacteristicNotFoundError("2a37"), Reason.UNSUPPORTED),
    (BleakGATTProtocolError(0x05), Reason.PAIRING),
    (BleakGATTProtocolError(0x08), Reason.PAIRING),
    (BleakGATTProtocolError(0x0F), Reason.PAIRING),
    (BleakGATTProtocolError(0x0D), Reason.REFUSED),
    (BleakDBusError("org.bluez.Error.InProgress", []), Reason.BUSY),
    (BleakDBusError("org.bluez.Error.NotAuthorized", []), Reason.NO_PERMISSION),
    (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), Reason.ADAPTER_OFF),
    (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["no owner"]), Reason.NO_ADAPTER),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), Reason.NO_PERMISSION),
    (BleakDBusError("org.bluez.Error.AuthenticationFailed", []), Reason.PAIRING),
    (BleakDBusError("org.freedesktop.DBus.Error.UnknownObject", []), Reason.NOT_FOUND),
    (BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]), Reason.LINK_LOST),
    (BleakError("Not connected"), Reason.LINK_LOST),
    (BleakError("Could not read: Access Denied"), Reason.PAIRING),
    (BleakError("Failed to start scanner. Is Bluetooth turned on?"), Reason.ADAPTER_OFF),
    (TimeoutError(), Reason.TIMEOUT),
    (FileNotFoundError(2, "No such file or directory"), Reason.NO_ADAPTER),
    (ConnectionRefusedError(), Reason.NO_ADAPTER),
    (EOFError(), Reason.NO_ADAPTER),
    (PermissionError(13, "denied"), Reason.NO_PERMISSION),
    (ModuleNotFoundError("No module named 'winrt'"), Reason.MISSING_LIBRARY),
    (ZeroDivisionError("unheard of"), Reason.LINK_LOST),
]


@pytest.mark.parametrize(("error", "reason"), CASES, ids=lambda case: str(case)[:40])
def test_each_failure_has_its_reason_and_a_cure(error, reason):
    meant = translate(error, "Polar H10 C07", "connect to")
    assert meant.reason is reason
    assert cure(reason) in str(meant)
    assert cure(reason)


@pytest.mark.parametrize(
    "error",
    [
        BleakBluetoothNotAvailableError(
            "No Bluetooth adapters found.", BleakBluetoothNotAvailableReason.UNKNOWN
        ),
        BleakGATTProtocolError(0x0F),
    ],
)
def test_a_message_is_words_and_shows_nothing_of_how_they_were_passed(error):
    text = str(translate(error, "", "listen for"))
    assert "('" not in text
    assert "BleakBluetooth" not in text
    assert "<" not in text
    assert ", '" not in text
    assert any(part in text for part in error.args if isinstance(part, str))


class WindowsError(OSError):
    def __init__(self, winerror):
        super().__init__(22, "said by Windows")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("winerror", "reason"),
    [
        (-2147023673, Reason.LINK_LOST),
        (-2147483629, Reason.LINK_LOST),
        (-2147020577, Reason.ADAPTER_OFF),
        (-2147024891, Reason.NO_PERMISSION),
        (-2147023728, Reason.NOT_FOUND),
    ],
)
def test_a_call_that_fails_on_windows_does_not_mean_that_there_is_no_adapter(winerror, reason):
    assert translate(WindowsError(winerror), "Polar H10 C07", "connect to").reason is reason


def test_what_the_system_does_not_know_while_no_device_is_meant_is_the_adapter():
    gone = BleakDBusError("org.freedesktop.DBus.Error.UnknownObject", ["no such object"])
    assert translate(gone, "", "listen for").reason is Reason.NO_ADAPTER


def test_the_code_of_the_device_is_kept():
    assert translate(BleakGATTProtocolError(0x0F), "x", "write to").code == 0x0F


def test_nothing_but_device_errors_leaves_the_block():
    with pytest.raises(DeviceError) as caught, Translated("x", "read from"):
        raise KeyError("anything")
    assert isinstance(caught.value.__cause__, KeyError)


def test_interrupts_and_device_errors_pass_as_they_are():
    with pytest.raises(KeyboardInterrupt), Translated("x", "read from"):
        raise KeyboardInterrupt
    error = DeviceError("mine", Reason.SILENT)
    with pytest.raises(DeviceError) as caught, Translated("x", "read from"):
        raise error
    assert caught.value is error


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32", "freebsd13"])
@pytest.mark.parametrize(
    "reason", [Reason.NO_ADAPTER, Reason.ADAPTER_OFF, Reason.NO_PERMISSION, Reason.PAIRING, Reason.BUSY]
)
def test_every_system_has_its_own_words(platform, reason):
    words = cure(reason, platform)
    assert words.endswith((".", ")."))
    assert ("bluetoothctl" in words or "systemctl" in words or "usermod" in words) == (
        platform in {"linux", "freebsd13"}
    )
