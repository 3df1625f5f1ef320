"""The computer's side of emulated Bluetooth: an adapter without an operating system."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from enum import StrEnum

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

from devices.emulator.bumble_stack import (
    Address,
    Advertisement,
    BaseBumbleError,
    BumbleTimeout,
    Connection,
    Device,
    HCI_LE_Create_Connection_Cancel_Command,
    PairingConfig,
    PairingDelegate,
    Transport,
    USBError,
    open_transport,
)

_OPEN_S = 5.0
_CLOSE_S = 2.0

Listener = Callable[[Advertisement], None]


class AdapterState(StrEnum):
    """What can be the matter with a Bluetooth adapter."""

    ON = "on"
    OFF = "off"
    ABSENT = "absent"
    FORBIDDEN = "forbidden"


_REASONS = {
    AdapterState.OFF: BleakBluetoothNotAvailableReason.POWERED_OFF,
    AdapterState.ABSENT: BleakBluetoothNotAvailableReason.NO_BLUETOOTH,
    AdapterState.FORBIDDEN: BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM,
}


class Central:
    """An adapter that scans and connects, shared by everything in a process that uses it.

    Parameters
    ----------
    open_device : callable
        Opens the adapter; called at the first use, and again after it was lost. Raises OSError when there is none.
    close_way : callable, optional
        Closes what leads to the adapter.
    """

    def __init__(
        self,
        open_device: Callable[[], Awaitable[Device]],
        close_way: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.hanging_connects = 0
        """How many of the next attempts to connect never come to an end by themselves."""
        self._open_device = open_device
        self._close_way = close_way
        self._device: Device | None = None
        self._state = AdapterState.ON
        self._opening = asyncio.Lock()
        self._connecting = asyncio.Lock()
        self._scanning = asyncio.Lock()
        self._listeners: set[Listener] = set()
        self._addresses: dict[str, Address] = {}

    async def device(self) -> Device:
        """Give the adapter, opened.

        Returns
        -------
        Device
            Powered on.

        Raises
        ------
        BleakBluetoothNotAvailableError
            If there is none, it is off, or forbidden.
        """
        if self._state is not AdapterState.ON:
            raise BleakBluetoothNotAvailableError(
                f"the emulated adapter is {self._state}", _REASONS[self._state]
            )
        async with self._opening:
            if self._device is None:
                try:
                    async with asyncio.timeout(_OPEN_S):
                        self._device = await self._open_device()
                except (OSError, TimeoutError, BaseBumbleError) as error:
                    raise BleakBluetoothNotAvailableError(
                        f"the adapter cannot be opened: {error}",
                        BleakBluetoothNotAvailableReason.NO_BLUETOOTH,
                    ) from error
                self._device.pairing_config_factory = _without_keys
                self._device.on(Device.EVENT_ADVERTISEMENT, self._heard)
                self._device.on(Device.EVENT_FLUSH, self._lost)
            return self._device

    async def set_state(self, state: AdapterState) -> None:
        """Switch the adapter, as a user or a system would; links end when it goes off.

        Parameters
        ----------
        state : AdapterState
            How it is from now on.
        """
        self._state = state
        if state is not AdapterState.ON and self._device is not None:
            for connection in list(self._device.connections.values()):
                with contextlib.suppress(BaseBumbleError):
                    await connection.disconnect()

    def address_of(self, text: str) -> Address:
        """Find the address of a device as it was heard, with its type.

        Parameters
        ----------
        text : str
            Address as a scan gives it.

        Returns
        -------
        Address
            A random one where the device was not heard yet.
        """
        return self._addresses.get(text.upper()) or Address(text)

    def was_heard(self, text: str) -> bool:
        """Whether a device was heard since the adapter was opened.

        Parameters
        ----------
        text : str
            Its address.

        Returns
        -------
        bool
            False for one that was never in reach of a scan.
        """
        return text.upper() in self._addresses

    @contextlib.asynccontextmanager
    async def scan(self, listener: Listener) -> AsyncGenerator[None, None]:
        """Listen to advertisements for a while; several may listen at once.

        Parameters
        ----------
        listener : callable
            Called with every one heard.

        Yields
        ------
        None
            While it listens.
        """
        device = await self.device()
        self._listeners.add(listener)
        try:
            async with self._scanning:
                if not device.is_scanning:
                    await device.start_scanning(active=False)
            yield
        finally:
            self._listeners.discard(listener)
            async with self._scanning:
                if not self._listeners and device is self._device and device.is_scanning:
                    with contextlib.suppress(BaseBumbleError):
                        await device.stop_scanning()

    async def connect(self, text: str, timeout_s: float) -> Connection:
        """Make a link; one attempt at a time.

        Parameters
        ----------
        text : str
            Address of the device.
        timeout_s : float
            Longest time to wait for it.

        Returns
        -------
        Connection
            The link.

        Raises
        ------
        TimeoutError
            If the device is not there.
        BleakBluetoothNotAvailableError
            If the adapter is not.
        """
        if self.hanging_connects > 0:
            self.hanging_connects -= 1
            await asyncio.get_running_loop().create_future()
        device = await self.device()
        async with asyncio.timeout(timeout_s), self._connecting:
            attempt = asyncio.ensure_future(device.connect(self.address_of(text), timeout=None))
            try:
                return await asyncio.shield(attempt)
            except BumbleTimeout as error:
                raise TimeoutError(f"no answer from {text}") from error
            except asyncio.CancelledError:
                await self._give_up(device, attempt)
                raise

    async def close(self) -> None:
        """Give the adapter back."""
        device, self._device = self._device, None
        if device is not None:
            with contextlib.suppress(TimeoutError, BaseBumbleError):
                async with asyncio.timeout(_CLOSE_S):
                    if device.is_scanning:
                        await device.stop_scanning()
                    for connection in list(device.connections.values()):
                        await connection.disconnect()
                    await device.power_off()
        if self._close_way is not None:
            await self._close_way()

    async def _give_up(self, device: Device, attempt: "asyncio.Future[Connection]") -> None:
        """End an attempt nobody waits for, so that the next one may begin."""
        if not attempt.done():
            with contextlib.suppress(BaseBumbleError, TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await device.send_sync_command(HCI_LE_Create_Connection_Cancel_Command())
                    await asyncio.wait({attempt})
        if attempt.done() and not attempt.cancelled() and attempt.exception() is None:
            with contextlib.suppress(BaseBumbleError):
                await attempt.result().disconnect()
        attempt.cancel()

    def _heard(self, advertisement: Advertisement) -> None:
        """Hand an advertisement to everybody who listens."""
        self._addresses[advertisement.address.to_string(with_type_qualifier=False)] = advertisement.address
        for listener in list(self._listeners):
            listener(advertisement)

    def _lost(self) -> None:
        """Note that the way to the adapter broke; the next use opens it anew."""
        self._device = None


def random_address() -> Address:
    """Draw an address for an adapter, so that two of them do not collide.

    Returns
    -------
    Address
        A random static one.
    """
    octets = bytearray(secrets.token_bytes(6))
    octets[0] |= 0xC0
    return Address(":".join(f"{octet:02X}" for octet in octets))


def hci_central(transport_name: str) -> Central:
    """Use an adapter without the Bluetooth stack of the operating system.

    Parameters
    ----------
    transport_name : str
        As bumble names transports: ``tcp-client:127.0.0.1:17655`` for an emulated world in another process,
        ``usb:0`` for the first Bluetooth dongle, which the operating system must not use meanwhile.

    Returns
    -------
    Central
        Opened at the first use.
    """
    transports: list[Transport] = []

    async def close_way() -> None:
        """Close the transport, if one is open."""
        while transports:
            await transports.pop().close()

    async def open_device() -> Device:
        """Open transport and adapter."""
        await close_way()
        try:
            transport = await open_transport(transport_name)
        except (ValueError, AttributeError) as error:
            raise OSError(f"{transport_name!r} is no transport: {error}") from error
        except USBError as error:
            raise OSError(f"no USB controller can be used: {error}") from error
        transports.append(transport)
        device = Device.with_hci("computer", random_address(), transport.source, transport.sink)
        await device.power_on()
        return device

    return Central(open_device, close_way)


def _without_keys(_connection: Connection) -> PairingConfig:
    """Pair without asking anybody."""
    return PairingConfig(mitm=False, delegate=PairingDelegate())
