"""Emulated Bluetooth, or a dongle without the operating system's stack, as backends of bleak."""

from devices.emulator.air_client import AirClient
from devices.emulator.air_scanner import AirScanner
from devices.emulator.central import Central, hci_central
from devices.radio import Radio


def bleak_radio(central: Central) -> Radio:
    """Make the backends of bleak for one adapter.

    Parameters
    ----------
    central : Central
        The adapter.

    Returns
    -------
    Radio
        For drivers, in place of the system's Bluetooth.
    """
    client = type("BoundAirClient", (AirClient,), {"central": central})
    scanner = type("BoundAirScanner", (AirScanner,), {"central": central})
    return Radio(client=client, scanner=scanner)


def hci_radio(transport_name: str) -> Radio:
    """Use an adapter without the Bluetooth stack of the operating system.

    Parameters
    ----------
    transport_name : str
        As bumble names transports: ``tcp-client:127.0.0.1:17655``, ``usb:0``.

    Returns
    -------
    Radio
        For drivers; the adapter is opened at the first use.
    """
    return bleak_radio(hci_central(transport_name))


async def close_radio(radio: Radio) -> None:
    """Give an adapter of our own back, at the end of a program.

    Parameters
    ----------
    radio : Radio
        From `hci_radio` or `bleak_radio`; the Bluetooth of the operating system is left alone.
    """
    if radio.client is not None and issubclass(radio.client, AirClient):
        await radio.client.central.close()
