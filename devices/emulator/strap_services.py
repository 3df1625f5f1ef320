"""The services every emulated strap has: heart rate, battery, device information."""

from collections.abc import Callable

from devices.emulator.bumble_stack import (
    AdvertisingData,
    Attribute,
    Characteristic,
    CharacteristicValue,
    Connection,
    Service,
)
from devices.protocols import heart_rate

_CHEST = b"\x01"
_HARDWARE = "00002a27-0000-1000-8000-00805f9b34fb"
_SOFTWARE = "00002a28-0000-1000-8000-00805f9b34fb"

READ = Characteristic.Properties.READ
NOTIFY = Characteristic.Properties.NOTIFY


def fixed(uuid: str, value: bytes) -> Characteristic[bytes]:
    """Make a characteristic that can be read and stays as it is.

    Parameters
    ----------
    uuid : str
        Its identity.
    value : bytes
        Its value.

    Returns
    -------
    Characteristic
        The characteristic.
    """
    return Characteristic(uuid, READ, Attribute.Permissions.READABLE, value)


def heart_rate_service(measurement: Characteristic[bytes]) -> Service:
    """Make the heart-rate service of a chest strap.

    Parameters
    ----------
    measurement : Characteristic
        What is notified.

    Returns
    -------
    Service
        The service.
    """
    return Service(heart_rate.HEART_RATE_SERVICE, [measurement, fixed(heart_rate.BODY_LOCATION, _CHEST)])


def battery_level(read: Callable[[Connection], bytes]) -> Characteristic[bytes]:
    """Make the characteristic of the charge.

    Parameters
    ----------
    read : callable
        Gives the charge.

    Returns
    -------
    Characteristic
        To be watched and put into a battery service.
    """
    return Characteristic(
        heart_rate.BATTERY_LEVEL,
        READ | NOTIFY,
        Attribute.Permissions.READABLE,
        CharacteristicValue(read=read),
    )


def information_service(maker: str, model: str, serial: str, firmware: str) -> Service:
    """Make the device information.

    Parameters
    ----------
    maker, model, serial, firmware : str
        What it says.

    Returns
    -------
    Service
        The service.
    """
    texts = {
        heart_rate.MAKER: maker,
        heart_rate.MODEL: model,
        heart_rate.SERIAL_NUMBER: serial,
        heart_rate.FIRMWARE: firmware,
        _HARDWARE: "00760690.03",
        _SOFTWARE: firmware,
    }
    return Service(
        heart_rate.INFORMATION_SERVICE, [fixed(uuid, text.encode()) for uuid, text in texts.items()]
    )


def advertisement(name: str, services: tuple[int, ...]) -> bytes:
    """Write what a strap advertises.

    Parameters
    ----------
    name : str
        What it calls itself.
    services : tuple of int
        Short numbers of some of its services.

    Returns
    -------
    bytes
        Flags, services and name.
    """
    numbers = b"".join(number.to_bytes(2, "little") for number in services)
    return bytes(
        AdvertisingData(
            [
                (AdvertisingData.FLAGS, b"\x06"),
                (AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, numbers),
                (AdvertisingData.COMPLETE_LOCAL_NAME, name.encode()),
            ]
        )
    )
