"""What a device offers, in bleak's words."""

from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection

from devices.emulator.bumble_stack import UUID, Characteristic, CharacteristicProxy, Connection, Peer

_ATT_OVERHEAD = 3
_LONG_BYTES = 16
_PROPERTIES = {
    Characteristic.Properties.BROADCAST: "broadcast",
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
}


def full_uuid(uuid: UUID) -> str:
    """Write a UUID in lower case and full length.

    Parameters
    ----------
    uuid : UUID
        Short or long.

    Returns
    -------
    str
        As bleak writes it.
    """
    octets = uuid.to_bytes()
    if len(octets) == _LONG_BYTES:
        return uuid.to_hex_str("-").lower()
    return f"{int.from_bytes(octets, 'little'):08x}-0000-1000-8000-00805f9b34fb"


def service_collection(peer: Peer, connection: Connection) -> BleakGATTServiceCollection:
    """Put the services of a device into bleak's words.

    Parameters
    ----------
    peer : Peer
        The device, its services discovered.
    connection : Connection
        The link to it.

    Returns
    -------
    BleakGATTServiceCollection
        The same for bleak.
    """
    found_services = BleakGATTServiceCollection()
    for service in peer.services:
        described = BleakGATTService(service, service.handle, full_uuid(service.uuid))
        found_services.add_service(described)
        for found in service.characteristics:
            found_services.add_characteristic(_characteristic(found, described, connection))
            characteristic = found_services.get_characteristic(found.handle)
            if characteristic is None:
                continue
            for descriptor in found.descriptors:
                found_services.add_descriptor(
                    BleakGATTDescriptor(
                        descriptor, descriptor.handle, full_uuid(descriptor.type), characteristic
                    )
                )
    return found_services


def _characteristic(
    found: CharacteristicProxy[bytes], service: BleakGATTService, connection: Connection
) -> BleakGATTCharacteristic:
    """Put one characteristic into bleak's words."""
    properties: list[Any] = [word for flag, word in _PROPERTIES.items() if found.properties & flag]
    return BleakGATTCharacteristic(
        found,
        found.handle,
        full_uuid(found.uuid),
        properties,
        lambda: int(connection.att_mtu) - _ATT_OVERHEAD,
        service,
    )
