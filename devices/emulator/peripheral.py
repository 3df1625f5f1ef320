"""What all emulated Bluetooth wearables share: power, reach, one link, and notifications that take their time."""

import asyncio
import contextlib
import heapq
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine

import numpy as np

from devices.emulator.air import Air, AirController
from devices.emulator.bumble_stack import (
    Address,
    Attribute,
    BaseBumbleError,
    Characteristic,
    Connection,
    Device,
    DeviceConfiguration,
    PairingConfig,
    PairingDelegate,
    Service,
)
from devices.emulator.h10_faults import Latency
from devices.emulator.outbox import Outbox
from devices.emulator.strap_services import advertisement
from devices.pace import Pace

_ADVERTISING_INTERVAL_MS = 30.0
_LONGEST_WAIT_S = 3600.0
_POWER_OFF_S = 1.0
_DRAIN_S = 0.5


class Peripheral(ABC):
    """A switched-on wearable: advertises, accepts one link, notifies in order and late.

    A subclass gives the services, and with `_fill` what is ready when.

    Parameters
    ----------
    pace : Pace
        The clock of the world.
    name : str
        What it calls itself.
    address : str
        Its random static Bluetooth address.
    advertised : tuple of int
        Short numbers of the services it advertises.
    mtu : int
        The most it agrees to.
    latency : Latency
        How notifications wander.
    seed : int
        Seed of the latency.
    """

    def __init__(
        self,
        pace: Pace,
        *,
        name: str,
        address: str,
        advertised: tuple[int, ...],
        mtu: int,
        latency: Latency,
        seed: int,
    ) -> None:
        self.name = name
        self.address = address
        self.n_connections = 0
        self._pace = pace
        self._advertised = advertised
        self._mtu = mtu
        self._outbox = Outbox(latency, seed)
        self._origin_s = 0.0
        self._connection: Connection | None = None
        self._subscribed: set[Characteristic[bytes]] = set()
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_reach = False
        self._mute_until_s = 0.0
        self._air: Air | None = None
        self._controller: AirController | None = None
        self._device: Device | None = None

    @property
    def is_connected(self) -> bool:
        """Whether a computer holds a link to it.

        Returns
        -------
        bool
            From the device's point of view.
        """
        return self._connection is not None

    def elapsed_s(self) -> float:
        """Tell how long the device is on.

        Returns
        -------
        float
            Seconds.
        """
        return self._pace.now() - self._origin_s

    def time_s(self, elapsed_s: float) -> float:
        """Put a moment of the device on the clock of the world.

        Parameters
        ----------
        elapsed_s : float
            Seconds since the device was switched on.

        Returns
        -------
        float
            Seconds as `Pace.now` gives them.
        """
        return self._origin_s + elapsed_s

    async def power_on(self, air: Air) -> None:
        """Switch it on: its clock begins, it advertises.

        Parameters
        ----------
        air : Air
            Where it is.
        """
        if self._device is not None:
            return
        self._air = air
        self._controller = AirController(self.name, link=air)
        configuration = DeviceConfiguration(
            name=self.name,
            address=Address(self.address),
            advertising_interval_min=_ADVERTISING_INTERVAL_MS,
            advertising_interval_max=_ADVERTISING_INTERVAL_MS,
            advertising_data=advertisement(self.name, self._advertised),
            irk=bytes(range(16)),
        )
        self._device = Device.from_config_with_hci(configuration, self._controller, self._controller)
        self._device.pairing_config_factory = self._pairing
        self._device.gatt_server.max_mtu = self._mtu
        self._device.add_services(self._services())
        self._device.on(Device.EVENT_CONNECTION, self._connected)
        self._origin_s = self._pace.now()
        self._in_reach = True
        await self._device.power_on()
        await self._device.start_advertising()
        self._spawn(self._run())

    async def power_off(self) -> None:
        """Switch it off; a link is lost, not closed."""
        if self._device is None or self._air is None or self._controller is None:
            return
        self._in_reach = False
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._air.discard(self._controller)
        # The end of the link travels as a packet to the device's own host.
        for _ in range(3):
            await asyncio.sleep(0)
        with contextlib.suppress(TimeoutError, BaseBumbleError):
            async with asyncio.timeout(_POWER_OFF_S):
                await self._device.stop_advertising()
                await self._device.power_off()
        self._device = self._controller = self._air = None

    def vanish(self, *, link_stays: bool = False) -> None:
        """Carry it out of reach.

        Parameters
        ----------
        link_stays : bool, default False
            Whether the computer goes on believing in the link (for ever, unless `come_back` is called); otherwise
            the link times out at once.
        """
        if self._air is None or self._controller is None:
            return
        self._in_reach = False
        self._air.leave(self._controller)
        if not link_stays:
            self._air.cut(self._controller)

    def come_back(self) -> None:
        """Bring it back into reach. A link that stayed goes on; otherwise it advertises."""
        if self._air is None or self._controller is None:
            return
        self._in_reach = True
        self._air.enter(self._controller)
        if self._connection is None:
            self._spawn(self._advertise())

    def hang_up(self, away_s: float = 0.0) -> None:
        """End the link as a device does, and stay away for a while.

        Parameters
        ----------
        away_s : float, default 0.0
            For how long it cannot be found.
        """
        self._mute_until_s = self.elapsed_s() + away_s
        if self._connection is not None:
            # What is not on the air yet never gets there.
            self._subscribed.clear()
            self._spawn(self._end(self._connection))

    @abstractmethod
    def _services(self) -> list[Service]:
        """Make what it offers over its link."""

    @abstractmethod
    def _fill(self, now_s: float) -> float:
        """Post everything ready by now; say when there will be more."""

    def _linked(self, connection: Connection) -> None:  # noqa: B027 - a device may leave it out
        """Somebody connected."""

    def _unlinked(self) -> None:  # noqa: B027 - a device may leave it out
        """Note that the link is gone."""

    def _pairing(self, _connection: Connection) -> PairingConfig:
        """Let everybody pair who asks; there is no screen and no key."""
        return PairingConfig(mitm=False, delegate=PairingDelegate())

    def _notified(self, uuid: str, properties: Characteristic.Properties) -> Characteristic[bytes]:
        """Make a characteristic that can only be subscribed to."""
        return self._watched(Characteristic(uuid, properties, Attribute.Permissions(0), b""))

    def _watched(self, characteristic: Characteristic[bytes]) -> Characteristic[bytes]:
        """Keep track of who wants the values of a characteristic."""

        def subscription(_bearer: object, notified: bool, indicated: bool) -> None:
            if notified or indicated:
                self._subscribed.add(characteristic)
            else:
                self._subscribed.discard(characteristic)
            self._wake.set()

        characteristic.on(Characteristic.EVENT_SUBSCRIPTION, subscription)
        return characteristic

    def _post(
        self,
        ready_s: float,
        characteristic: Characteristic[bytes],
        value: bytes,
        told: Callable[[bool], None],
    ) -> None:
        """Send a value that was ready at a moment, behind everything posted before."""
        self._outbox.post(ready_s, characteristic, value, told)

    def _indicate(self, characteristic: Characteristic[bytes], value: bytes) -> None:
        """Send a value and wait for its confirmation, beside everything else."""
        if self._connection is not None:
            self._spawn(self._indicated(self._connection, characteristic, value))

    def _at(self, elapsed_s: float, action: Callable[[], None]) -> None:
        """Do something at a moment of the device's life."""
        heapq.heappush(self._agenda, (elapsed_s, len(self._agenda), action))

    def _withheld(self, _due_s: float) -> bool:
        """Whether a value due now is never sent."""
        return False

    async def _run(self) -> None:
        """Do what is due, for as long as the device is on."""
        while True:
            self._wake.clear()
            now_s = self.elapsed_s()
            while self._agenda and self._agenda[0][0] <= now_s:
                heapq.heappop(self._agenda)[2]()
            next_s = self._fill(now_s)
            await self._flush(now_s)
            next_s = min(next_s, self._outbox.next_s, self._agenda[0][0] if self._agenda else np.inf)
            wait_s = min(max(0.0, next_s - self.elapsed_s()), _LONGEST_WAIT_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s / self._pace.speed):
                    await self._wake.wait()

    async def _flush(self, now_s: float) -> None:
        """Send what is due."""
        while due := self._outbox.take(now_s):
            goes = (
                self._connection is not None
                and self._in_reach
                and due.characteristic in self._subscribed
                and not self._withheld(due.due_s)
            )
            if goes and self._device is not None and self._connection is not None:
                await self._device.gatt_server.notify_subscriber(
                    self._connection, due.characteristic, due.value
                )
            due.told(goes)

    def _connected(self, connection: Connection) -> None:
        """Note the link."""
        self.n_connections += 1
        self._connection = connection
        connection.on(Connection.EVENT_DISCONNECTION, self._disconnected)
        self._linked(connection)
        self._wake.set()

    def _disconnected(self, _reason: int) -> None:
        """Drop what was on its way, and be found again."""
        self._connection = None
        self._subscribed.clear()
        self._outbox.clear()
        self._unlinked()
        self._wake.set()
        if self._in_reach:
            self._spawn(self._advertise())

    async def _advertise(self) -> None:
        """Be found, once the time away is over."""
        await self._pace.sleep(self._mute_until_s - self.elapsed_s())
        if self._device is not None and self._connection is None and self._in_reach:
            await self._device.start_advertising()

    async def _end(self, connection: Connection) -> None:
        """End a link, if it is still there, once all that was sent is on the air."""
        with contextlib.suppress(TimeoutError, BaseBumbleError):
            async with asyncio.timeout(_DRAIN_S):
                await connection.drain()
        with contextlib.suppress(BaseBumbleError):
            await connection.disconnect()

    async def _indicated(
        self, connection: Connection, characteristic: Characteristic[bytes], value: bytes
    ) -> None:
        """Send an indication; a link that ends meanwhile ends the wait."""
        if self._device is not None:
            with contextlib.suppress(BaseBumbleError, TimeoutError):
                await self._device.gatt_server.indicate_subscriber(connection, characteristic, value)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside; never longer than the device is on."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
