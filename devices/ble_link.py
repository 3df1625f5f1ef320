"""One Bluetooth connection: reading, writing, notifications, pairing."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Never

from bleak import BleakClient

from devices.ble_errors import Translated
from devices.ble_words import cure
from devices.errors import DeviceError, Reason
from devices.pace import Pace

OPERATION_TIMEOUT_S = 8.0
"""Longest time one operation may take."""

_PAIRING_TIMEOUT_S = 30.0

# macOS pairs by itself in the middle of an operation, and takes its question away when the connection is left.
_ANSWER_TIMEOUT_S = _PAIRING_TIMEOUT_S if sys.platform == "darwin" else OPERATION_TIMEOUT_S

Callback = Callable[[bytes, float], None]
"""Takes the bytes of a notification, and when it arrived in seconds of the bridge's clock."""


class BleLink:
    """One connection to a device, from `connect` until it is lost or left.

    Parameters
    ----------
    client : BleakClient
        Connected.
    name : str
        What to call the device in messages.
    pace : Pace
        Stamps arrivals.
    lost : asyncio.Event
        Set when the connection ends.
    """

    def __init__(self, client: BleakClient, name: str, pace: Pace, lost: asyncio.Event) -> None:
        self._client = client
        self._pace = pace
        self._lost = lost
        self.name = name
        self.address: str = client.address

    @property
    def lost(self) -> bool:
        """Whether the connection ended.

        Returns
        -------
        bool
            True once it is lost or left.
        """
        return self._lost.is_set()

    @property
    def device_name(self) -> str:
        """What the device calls itself, which may be known only now.

        Returns
        -------
        str
            Empty when it says nothing.
        """
        with suppress(DeviceError), Translated(self.name, "ask for the name of"):
            return self._client.name or ""
        return ""

    def has(self, uuid: str) -> bool:
        """Tell whether the device has a characteristic.

        Parameters
        ----------
        uuid : str
            Of the characteristic.

        Returns
        -------
        bool
            True if it was found among the services.
        """
        with Translated(self.name, "list the services of"):
            return self._client.services.get_characteristic(uuid) is not None

    async def read(self, uuid: str) -> bytes:
        """Read a characteristic.

        Parameters
        ----------
        uuid : str
            Of the characteristic.

        Returns
        -------
        bytes
            Its value.

        Raises
        ------
        DeviceError
            If it cannot be read.
        """
        with Translated(self.name, "read from"):
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                return bytes(await self._client.read_gatt_char(uuid))

    async def write(self, uuid: str, data: bytes) -> None:
        """Write a characteristic and wait until the device has it.

        Parameters
        ----------
        uuid : str
            Of the characteristic.
        data : bytes
            Its new value.

        Raises
        ------
        DeviceError
            If it cannot be written.
        """
        with Translated(self.name, "write to"):
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                await self._client.write_gatt_char(uuid, data, response=True)

    async def subscribe(self, uuid: str, callback: Callback) -> None:
        """Ask for the notifications or indications of a characteristic.

        Parameters
        ----------
        uuid : str
            Of the characteristic.
        callback : callable
            Called in the event loop with the bytes and the time of arrival; never after the connection was left.

        Raises
        ------
        DeviceError
            If the device does not let itself be subscribed to.
        """
        with Translated(self.name, "subscribe to"):
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                await self._client.start_notify(
                    uuid, lambda _characteristic, data: self._notified(callback, bytes(data))
                )

    async def unsubscribe(self, uuid: str) -> None:
        """Ask for no more notifications of a characteristic.

        Parameters
        ----------
        uuid : str
            Of the characteristic.

        Raises
        ------
        DeviceError
            If the device does not answer.
        """
        with Translated(self.name, "unsubscribe from"):
            async with asyncio.timeout(OPERATION_TIMEOUT_S):
                await self._client.stop_notify(uuid)

    async def pair(self) -> None:
        """Pair with the device; where the system does so by itself (macOS), nothing happens.

        Raises
        ------
        DeviceError
            With reason ``pairing`` if it fails.
        """
        try:
            with Translated(self.name, "pair with", otherwise=Reason.PAIRING), suppress(NotImplementedError):
                async with asyncio.timeout(_PAIRING_TIMEOUT_S):
                    await self._client.pair()
        except DeviceError as error:
            if error.reason in {Reason.LINK_LOST, Reason.PAIRING}:
                raise
            raise DeviceError(
                f"{self.name} could not be paired: {error}", Reason.PAIRING, self.name, error.code
            ) from error

    async def wait_lost(self) -> Never:
        """Wait until the connection ends.

        Raises
        ------
        DeviceError
            With reason ``link_lost``, always.
        """
        await self._lost.wait()
        raise DeviceError(
            f"The connection to {self.name} was lost. {cure(Reason.LINK_LOST)}", Reason.LINK_LOST, self.name
        )

    def _notified(self, callback: Callback, data: bytes) -> None:
        """Stamp what arrived and hand it on, unless the connection was left meanwhile."""
        arrival_s = self._pace.now()
        if not self._lost.is_set():
            callback(data, arrival_s)
