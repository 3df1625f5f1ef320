"""How BlueZ describes adapters, devices and errors."""

from devices.emulator.bluez_objects import Properties, variant

ADAPTER = "/org/bluez/hci0"
"""Path of the one adapter."""

_ATT_ERRORS = {
    0x02: ("NotPermitted", "Read not permitted"),
    0x03: ("NotPermitted", "Write not permitted"),
    0x05: ("NotPermitted", "Not paired"),
    0x06: ("NotSupported", "Request not supported"),
    0x08: ("NotAuthorized", "Not authorized"),
    0x0C: ("NotPermitted", "Not paired"),
    0x0F: ("NotPermitted", "Not paired"),
    0xFD: ("ImproperlyConfigured", "Improperly configured"),
}
"""What BlueZ makes of errors of the attribute protocol; the others keep their number."""


class BluezError(Exception):
    """An error as BlueZ gives it.

    Parameters
    ----------
    name : str
        Last word of its name on the bus.
    text : str
        What it says.
    """

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = f"org.bluez.Error.{name}"


def att_error(code: int) -> BluezError:
    """Say an error of the attribute protocol as BlueZ does.

    Parameters
    ----------
    code : int
        Its number.

    Returns
    -------
    BluezError
        To be raised.
    """
    return BluezError(*_ATT_ERRORS.get(code, ("Failed", f"Operation failed with ATT error: 0x{code:02x}")))


def adapter_properties() -> Properties:
    """Give the adapter its properties.

    Returns
    -------
    dict of str to Variant
        Those of an adapter that is on.
    """
    return {
        "Address": variant("s", "C0:C1:C2:C3:C4:C5"),
        "Name": variant("s", "emulated"),
        "Alias": variant("s", "emulated"),
        "Powered": variant("b", True),
        "Discovering": variant("b", False),
        "UUIDs": variant("as", []),
        "Roles": variant("as", ["central"]),
    }


def device_properties(address: str, name: str, services: list[str]) -> Properties:
    """Give a device the properties it has while it is not connected.

    Parameters
    ----------
    address, name : str
        Of the device.
    services : list of str
        UUIDs it advertises.

    Returns
    -------
    dict of str to Variant
        As BlueZ shows them.
    """
    return {
        "Address": variant("s", address),
        "AddressType": variant("s", "random"),
        "Name": variant("s", name),
        "Alias": variant("s", name),
        "Adapter": variant("o", ADAPTER),
        "UUIDs": variant("as", services),
        "Paired": variant("b", False),
        "Bonded": variant("b", False),
        "Trusted": variant("b", False),
        "Blocked": variant("b", False),
        "LegacyPairing": variant("b", False),
        "Connected": variant("b", False),
        "ServicesResolved": variant("b", False),
    }
