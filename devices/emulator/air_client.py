"""Bleak's client on an adapter of our own."""
# ruff: noqa: ARG002 - the interface of bleak has options that mean nothing here

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError

from devices.emulator.air_services import service_collection
from devices.emulator.bumble_stack import ATT_Error, BaseBumbleError, BumbleTimeout, Connection, Peer
from devices.emulator.central import Central

WANTED_MTU = 517
"""Largest packet asked for; the device has the last word."""

_CCC = "00002902-0000-1000-8000-00805f9b34fb"
_SMALLEST_MTU = 23
_GATT_S = 30.0
_NOT_CONNECTED = "Not connected"
_NOTIFY, _INDICATE, _NEITHER = b"\x01\0", b"\x02\0", b"\0\0"
_T = TypeVar("_T")


class AirClient(BaseBleakClient):
    """Bleak's client on an adapter of our own. `bleak_radio` makes a class for each adapter.

    Parameters
    ----------
    address_or_ble_device : BLEDevice or str
        The device.
    disconnected_callback : callable or None
        Called when the link ends.
    timeout : float
        Longest time to connect, in seconds.
    **kwargs : Any
        Options of other backends, without effect.
    """

    central: ClassVar[Central]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **kwargs: object,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout, **kwargs
        )
        self._name = address_or_ble_device.name if isinstance(address_or_ble_device, BLEDevice) else None
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def name(self) -> str:
        """Name of the device, or its address.

        Returns
        -------
        str
            As a scan saw it.
        """
        return self._name or self.address

    @property
    def mtu_size(self) -> int:
        """Largest packet of the link.

        Returns
        -------
        int
            Bytes; 23 while there is no link.
        """
        return int(self._connection.att_mtu) if self._connection is not None else _SMALLEST_MTU

    @property
    def is_connected(self) -> bool:
        """Whether there is a link.

        Returns
        -------
        bool
            As far as the adapter knows.
        """
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: object) -> None:
        """Make the link, agree on packets, look for services.

        Parameters
        ----------
        pair : bool
            Whether to pair first.
        **kwargs : Any
            Options of other backends, without effect.

        Raises
        ------
        BleakDeviceNotFoundError
            If the device was never heard and does not answer.
        TimeoutError
            If it was heard and does not answer.
        BleakError
            If the link ends at once.
        """
        if self._connection is not None:
            raise BleakError("Client is already connected")
        try:
            connection = await self.central.connect(self.address, self._timeout)
        except TimeoutError as error:
            if self.central.was_heard(self.address):
                raise
            raise BleakDeviceNotFoundError(self.address, f"device {self.address} was not found") from error
        except BaseBumbleError as error:
            raise BleakError(f"failed to connect: {error}") from error
        self._connection = connection
        self._lost = asyncio.get_running_loop().create_future()
        connection.on(Connection.EVENT_DISCONNECTION, self._ended)
        self._peer = Peer(connection)
        try:
            await self._restore_encryption(connection)
            if pair:
                await self.pair()
            await self._within_link(self._peer.request_mtu(WANTED_MTU))
            await self._within_link(self._peer.discover_all())  # type: ignore[no-untyped-call]  # bumble leaves it untyped
            self.services = service_collection(self._peer, connection)
        except BaseException:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        """End the link, if there is one."""
        if self._connection is None:
            return
        with contextlib.suppress(BaseBumbleError, asyncio.CancelledError):
            await asyncio.ensure_future(self._connection.disconnect())
        self._ended(0)

    async def pair(self, *args: object, **kwargs: object) -> None:
        """Pair and encrypt.

        Parameters
        ----------
        *args, **kwargs : Any
            Options of other backends, without effect.

        Raises
        ------
        BleakError
            If the device refuses.
        """
        if self._connection is None:
            raise BleakError(_NOT_CONNECTED)
        try:
            await self._within_link(self._connection.pair())
        except BaseBumbleError as error:
            raise BleakError(f"failed to pair: {error}") from error

    async def unpair(self) -> None:
        """Forget the keys of the device."""
        device = await self.central.device()
        if device.keystore is not None:
            with contextlib.suppress(KeyError):
                await device.keystore.delete(str(self.central.address_of(self.address)))

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **kwargs: object,
    ) -> bytearray:
        """Read a value.

        Parameters
        ----------
        characteristic : BleakGATTCharacteristic
            Of what.
        use_cached : bool, default False
            Without effect; there is no cache.
        **kwargs : Any
            Options of other backends, without effect.

        Returns
        -------
        bytearray
            The value.
        """
        return await self._read(characteristic.handle)

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,
        **kwargs: object,
    ) -> bytearray:
        """Read a descriptor.

        Parameters
        ----------
        descriptor : BleakGATTDescriptor
            Which one.
        use_cached : bool, default False
            Without effect; there is no cache.
        **kwargs : Any
            Options of other backends, without effect.

        Returns
        -------
        bytearray
            The value.
        """
        return await self._read(descriptor.handle)

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a value.

        Parameters
        ----------
        characteristic : BleakGATTCharacteristic
            Of what.
        data : bytes-like
            The value.
        response : bool
            Whether to wait until the device has it.
        """
        await self._within_link(self._gatt().write_value(characteristic.handle, bytes(data), response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write a descriptor.

        Parameters
        ----------
        descriptor : BleakGATTDescriptor
            Which one.
        data : bytes-like
            The value.
        """
        await self._within_link(self._gatt().write_value(descriptor.handle, bytes(data), True))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: Callable[[bytearray], None],
        **kwargs: object,
    ) -> None:
        """Subscribe to a value; by indications where there are no notifications.

        Parameters
        ----------
        characteristic : BleakGATTCharacteristic
            Of what.
        callback : callable
            Called with each value.
        **kwargs : Any
            Options of other backends, without effect.
        """
        notifies = "notify" in characteristic.properties
        client = self._gatt().gatt_client

        # The proxy of the stack would keep every value; a plain function does not.
        subscribers = client.notification_subscribers if notifies else client.indication_subscribers
        subscribers[characteristic.handle] = {lambda value: callback(bytearray(value))}
        await self._write_ccc(characteristic, _NOTIFY if notifies else _INDICATE)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """End a subscription.

        Parameters
        ----------
        characteristic : BleakGATTCharacteristic
            Of what.
        """
        client = self._gatt().gatt_client
        await self._write_ccc(characteristic, _NEITHER)
        for subscribers in (client.notification_subscribers, client.indication_subscribers):
            subscribers.pop(characteristic.handle, None)

    async def _write_ccc(self, characteristic: BleakGATTCharacteristic, value: bytes) -> None:
        """Tell the device whether its values are wanted."""
        descriptor = characteristic.get_descriptor(_CCC)
        if descriptor is None:
            raise BleakError(f"{characteristic.uuid} cannot be subscribed to")
        await self.write_gatt_descriptor(descriptor, value)

    async def _read(self, handle: int) -> bytearray:
        """Read an attribute."""
        return bytearray(await self._within_link(self._gatt().read_value(handle)))

    def _gatt(self) -> Peer:
        """Give the other side, or an error as the backends of the systems do."""
        if self._peer is None:
            raise BleakError(_NOT_CONNECTED)
        return self._peer

    async def _restore_encryption(self, connection: Connection) -> None:
        """Encrypt with the keys of an earlier pairing; a device that forgot them stays in the open."""
        device = connection.device
        if device.keystore is None or await device.keystore.get(str(connection.peer_address)) is None:
            return
        with contextlib.suppress(BaseBumbleError):
            await self._within_link(connection.encrypt())

    async def _within_link(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Wait for an answer; a link that ends meanwhile is an error, not a cancellation."""
        if self._connection is None:
            work.close()
            raise BleakError(_NOT_CONNECTED)
        task = asyncio.ensure_future(work)
        try:
            ends: set[asyncio.Future[Any]] = {task, self._lost}
            await asyncio.wait(ends, timeout=_GATT_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not task.done():
                task.cancel()
        if self._lost.done() or task.cancelled():
            raise BleakError("disconnected while waiting for an answer")
        if not task.done():
            raise TimeoutError(f"{self.address} did not answer")
        try:
            return task.result()
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except BumbleTimeout as error:
            raise TimeoutError(str(error)) from error

    def _ended(self, _reason: int) -> None:
        """Note that the link is gone, whoever ended it."""
        if self._connection is None:
            return
        self._connection = self._peer = None
        self.services = None
        self._lost.set_result(None)
        if self._disconnected_callback is not None:
            self._disconnected_callback()
