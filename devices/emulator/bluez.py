"""A stand-in for BlueZ on a D-Bus of its own: ``python -P -m devices.emulator.bluez --bus ADDRESS``.

It shows bleak's real Linux backend emulated devices, through the same objects and calls as the service of the
operating system. Needs a running dbus-daemon, never that of the system.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakBluetoothNotAvailableError, BleakError, BleakGATTProtocolError

from devices.emulator.air_client import AirClient
from devices.emulator.air_scanner import advertised_services
from devices.emulator.backend import bleak_radio
from devices.emulator.ble_devices import make_device
from devices.emulator.ble_world import BleWorld, serve
from devices.emulator.bluez_objects import Bus, variant
from devices.emulator.bluez_words import ADAPTER, BluezError, adapter_properties, att_error, device_properties
from devices.emulator.bumble_stack import Advertisement, AdvertisingData
from devices.emulator.central import AdapterState
from devices.emulator.radio import VirtualAir
from devices.errors import DeviceError
from devices.pace import Pace

_ADAPTER, _DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
_SERVICE, _CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
_CONNECT_S = 25.0


class FakeBluez:
    """The service ``org.bluez`` with one adapter, in front of emulated air.

    Parameters
    ----------
    air : VirtualAir
        The air its adapter is in.
    bus : Bus
        The bus it is on.
    """

    def __init__(self, air: VirtualAir, bus: Bus) -> None:
        self._air = air
        self._bus = bus
        self._client = bleak_radio(air.central).client
        self._links: dict[str, AirClient] = {}
        self._connecting: set[str] = set()
        self._scan: contextlib.AsyncExitStack | None = None
        self._calls: dict[tuple[str, str], Callable[[str, list[Any]], Awaitable[Any]]] = {
            (_ADAPTER, "SetDiscoveryFilter"): self._nothing,
            (_ADAPTER, "StartDiscovery"): self._start_discovery,
            (_ADAPTER, "StopDiscovery"): self._stop_discovery,
            (_ADAPTER, "RemoveDevice"): self._remove_device,
            (_DEVICE, "Connect"): self._connect,
            (_DEVICE, "Disconnect"): self._disconnect,
            (_DEVICE, "Pair"): self._pair,
            (_CHARACTERISTIC, "ReadValue"): self._read,
            (_CHARACTERISTIC, "WriteValue"): self._write,
            (_CHARACTERISTIC, "StartNotify"): self._start_notify,
            (_CHARACTERISTIC, "StopNotify"): self._stop_notify,
        }

    async def start(self) -> None:
        """Appear on the bus, with one adapter that is on."""
        self._bus.add(ADAPTER, _ADAPTER, adapter_properties())
        await self._bus.start("org.bluez", self._call)

    async def set_powered(self, powered: bool) -> None:
        """Switch the adapter.

        Parameters
        ----------
        powered : bool
            Whether it is on from now on.
        """
        await self._air.central.set_state(AdapterState.ON if powered else AdapterState.OFF)
        if not powered:
            await self._end_scan()
        self._bus.change(ADAPTER, _ADAPTER, {"Powered": variant("b", powered)})

    async def close(self) -> None:
        """Leave the bus."""
        await self._end_scan()
        for client in list(self._links.values()):
            await client.disconnect()
        await self._bus.close()

    async def _call(self, path: str, interface: str, member: str, body: list[Any]) -> tuple[str, list[Any]]:
        """Do what is called; errors are those of BlueZ."""
        call = self._calls.get((interface, member))
        if call is None:
            raise BluezError("NotSupported", f"{interface}.{member}")
        try:
            result = await call(path, body)
        except BleakBluetoothNotAvailableError as error:
            raise BluezError("NotReady", "Resource Not Ready") from error
        except BleakGATTProtocolError as error:
            raise att_error(error.code) from error
        except (BleakError, TimeoutError) as error:
            raise BluezError("Failed", str(error)) from error
        return ("ay", [bytes(result)]) if isinstance(result, (bytes, bytearray)) else ("", [])

    async def _nothing(self, _path: str, _body: list[Any]) -> None:
        """Take a wish that changes nothing here."""

    async def _start_discovery(self, _path: str, _body: list[Any]) -> None:
        if self._scan is not None:
            raise BluezError("InProgress", "Operation already in progress")
        stack = contextlib.AsyncExitStack()
        await stack.enter_async_context(self._air.central.scan(self._heard))
        self._scan = stack
        self._bus.change(ADAPTER, _ADAPTER, {"Discovering": variant("b", True)})

    async def _stop_discovery(self, _path: str, _body: list[Any]) -> None:
        if self._scan is None:
            raise BluezError("Failed", "No discovery started")
        await self._end_scan()

    async def _end_scan(self) -> None:
        stack, self._scan = self._scan, None
        if stack is not None:
            await stack.aclose()
            self._bus.change(ADAPTER, _ADAPTER, {"Discovering": variant("b", False)})

    async def _remove_device(self, _path: str, body: list[Any]) -> None:
        path = str(body[0])
        await self._disconnect(path, [])
        self._bus.remove(path)

    def _heard(self, advertisement: Advertisement) -> None:
        """Make an object of a device heard, or tell its new signal strength."""
        address = advertisement.address.to_string(with_type_qualifier=False)
        path = f"{ADAPTER}/dev_{address.replace(':', '_')}"
        strength = {"RSSI": variant("n", int(advertisement.rssi))}
        if self._bus.has(path):
            self._bus.change(path, _DEVICE, strength)
            return
        name = advertisement.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        services = advertised_services(advertisement)
        self._bus.add(path, _DEVICE, {**device_properties(address, str(name), services), **strength})

    async def _connect(self, path: str, _body: list[Any]) -> None:
        if path in self._connecting:
            raise BluezError("InProgress", "Operation already in progress")
        if path in self._links:
            raise BluezError("AlreadyConnected", "Already Connected")
        address = str(self._bus.value(path, _DEVICE, "Address"))
        client = self._made(address, path)
        self._connecting.add(path)
        try:
            await client.connect(pair=False)
        finally:
            self._connecting.discard(path)
        self._links[path] = client
        self._bus.change(path, _DEVICE, {"Connected": variant("b", True)})
        for service in client.services or ():
            self._bus.add(
                f"{path}/service{service.handle:04x}",
                _SERVICE,
                {
                    "UUID": variant("s", service.uuid),
                    "Primary": variant("b", True),
                    "Device": variant("o", path),
                },
            )
            for characteristic in service.characteristics:
                self._add_characteristic(f"{path}/service{service.handle:04x}", characteristic)
        self._bus.change(path, _DEVICE, {"ServicesResolved": variant("b", True)})

    def _made(self, address: str, path: str) -> AirClient:
        """Make a client of our own for a device."""
        if self._client is None or not issubclass(self._client, AirClient):
            raise BluezError("Failed", "no adapter")
        return self._client(address, disconnected_callback=lambda: self._ended(path), timeout=_CONNECT_S)

    def _add_characteristic(self, service: str, characteristic: BleakGATTCharacteristic) -> None:
        """Make an object of a characteristic."""
        self._bus.add(
            f"{service}/char{characteristic.handle:04x}",
            _CHARACTERISTIC,
            {
                "UUID": variant("s", characteristic.uuid),
                "Service": variant("o", service),
                "Value": variant("ay", b""),
                "Notifying": variant("b", False),
                "Flags": variant("as", list(characteristic.properties)),
            },
        )

    def _ended(self, path: str) -> None:
        """Tell that a link is gone, and forget its services."""
        if self._links.pop(path, None) is None:
            return
        off = {"Connected": variant("b", False), "ServicesResolved": variant("b", False)}
        self._bus.change(path, _DEVICE, off)
        self._bus.remove(f"{path}/service")

    async def _disconnect(self, path: str, _body: list[Any]) -> None:
        client = self._links.get(path)
        if client is not None:
            await client.disconnect()

    async def _pair(self, path: str, _body: list[Any]) -> None:
        client = self._links.get(path)
        if client is None:
            await self._connect(path, [])
            client = self._links[path]
        try:
            await client.pair()
        except BleakError as error:
            raise BluezError("AuthenticationFailed", "Authentication Failed") from error
        self._bus.change(path, _DEVICE, {"Paired": variant("b", True)})

    def _found(self, path: str) -> tuple[AirClient, BleakGATTCharacteristic]:
        """Give the client and the characteristic behind a path."""
        device, _, rest = path.partition("/service")
        client = self._links.get(device)
        if client is None or client.services is None:
            raise BluezError("Failed", "Not connected")
        characteristic = client.services.get_characteristic(int(rest[-4:], 16))
        if characteristic is None:
            raise BluezError("Failed", "no such characteristic")
        return client, characteristic

    async def _read(self, path: str, _body: list[Any]) -> bytearray:
        client, characteristic = self._found(path)
        return await client.read_gatt_char(characteristic)

    async def _write(self, path: str, body: list[Any]) -> None:
        client, characteristic = self._found(path)
        response = body[1].get("type") is None or body[1]["type"].value != "command"
        await client.write_gatt_char(characteristic, bytes(body[0]), response)

    async def _start_notify(self, path: str, _body: list[Any]) -> None:
        client, characteristic = self._found(path)

        def tell(value: bytearray) -> None:
            self._bus.change(path, _CHARACTERISTIC, {"Value": variant("ay", bytes(value))})

        await client.start_notify(characteristic, tell)
        self._bus.change(path, _CHARACTERISTIC, {"Notifying": variant("b", True)})

    async def _stop_notify(self, path: str, _body: list[Any]) -> None:
        client, characteristic = self._found(path)
        await client.stop_notify(characteristic)
        self._bus.change(path, _CHARACTERISTIC, {"Notifying": variant("b", False)})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run devices and the stand-in until SIGTERM or until the pipe on standard input closes.

    Orders are those of `devices.emulator.ble_world`, and ``power`` with ``on`` for the adapter.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line without the program's name; that of the process when not given.

    Returns
    -------
    int
        0 done, 1 an error told on standard error.
    """
    summary = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -P -m devices.emulator.bluez", description=summary)
    parser.add_argument("--bus", required=True, help="address of a D-Bus daemon of its own")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than real time")
    parser.add_argument("--devices", default='[{"kind": "polar-h10"}]', help="list of devices, as JSON")
    options = parser.parse_args(arguments)
    try:
        pace = Pace(options.speed)
        return asyncio.run(_play(pace, json.loads(options.devices), options.bus))
    except (OSError, ValueError, TypeError, DeviceError) as error:
        sys.stderr.write(f"The emulated Bluetooth service stopped: {error}\n")
        return 1


async def _play(pace: Pace, entries: Sequence[Mapping[str, Any]], address: str) -> int:
    """Run devices and service until told to stop."""
    async with VirtualAir() as air:
        devices = [make_device(entry, pace) for entry in entries]
        await air.add(*devices)
        world = BleWorld(devices, air.air)
        bluez = FakeBluez(air, Bus(address))

        async def obey(order: Mapping[str, Any]) -> Mapping[str, object]:
            if order.get("do") == "power":
                await bluez.set_powered(bool(order.get("on")))
                return {"done": "power"}
            return await world.obey(order)

        await bluez.start()
        try:
            await serve({"ready": True, "devices": list(world.devices), "origin": pace.origin_s}, obey)
        finally:
            await bluez.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
