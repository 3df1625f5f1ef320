"""The emulated Bluetooth stack. The only importer of bumble, which comes with the extra ``emulator``."""

from devices.errors import DeviceError, Reason

try:
    from bumble.att import ATT_Error, Attribute, Bearer
    from bumble.controller import Connection as LinkEnd
    from bumble.controller import Controller
    from bumble.core import UUID, AdvertisingData, BaseBumbleError, PhysicalTransport
    from bumble.core import TimeoutError as BumbleTimeout
    from bumble.device import Advertisement, Connection, Device, DeviceConfiguration, Peer
    from bumble.gatt import Characteristic, CharacteristicValue, Service
    from bumble.gatt_client import CharacteristicProxy, DescriptorProxy
    from bumble.hci import (
        Address,
        HCI_ErrorCode,
        HCI_LE_Connection_Complete_Event,
        HCI_LE_Create_Connection_Cancel_Command,
        HCI_StatusReturnParameters,
        Role,
    )
    from bumble.link import LocalLink
    from bumble.ll import AdvertisingPdu, ControlPdu
    from bumble.pairing import PairingConfig, PairingDelegate
    from bumble.transport import open_transport
    from bumble.transport.common import PacketParser, Transport, TransportSink
    from usb1 import USBError
except ImportError as error:
    raise DeviceError(
        "Emulated Bluetooth devices, and adapters used without the Bluetooth of the operating system, need the library "
        "bumble. Install it: pip install 'attune-monitor[emulator]'",
        Reason.MISSING_LIBRARY,
    ) from error

__all__ = [
    "UUID",
    "ATT_Error",
    "Address",
    "Advertisement",
    "AdvertisingData",
    "AdvertisingPdu",
    "Attribute",
    "BaseBumbleError",
    "Bearer",
    "BumbleTimeout",
    "Characteristic",
    "CharacteristicProxy",
    "CharacteristicValue",
    "Connection",
    "ControlPdu",
    "Controller",
    "DescriptorProxy",
    "Device",
    "DeviceConfiguration",
    "HCI_ErrorCode",
    "HCI_LE_Connection_Complete_Event",
    "HCI_LE_Create_Connection_Cancel_Command",
    "HCI_StatusReturnParameters",
    "LinkEnd",
    "LocalLink",
    "PacketParser",
    "PairingConfig",
    "PairingDelegate",
    "Peer",
    "PhysicalTransport",
    "Role",
    "Service",
    "Transport",
    "TransportSink",
    "USBError",
    "open_transport",
]
