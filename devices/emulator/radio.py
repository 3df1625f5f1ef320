"""Air with emulated devices and one computer in it."""

from types import TracebackType
from typing import Self

from devices.emulator.air import Air, AirController
from devices.emulator.backend import bleak_radio
from devices.emulator.bumble_stack import Device
from devices.emulator.central import Central, random_address
from devices.emulator.peripheral import Peripheral
from devices.radio import Radio


class VirtualAir:
    """Air with emulated devices and one computer in it, all in this process.

    To be used with ``async with``, or `close` when done.
    """

    def __init__(self) -> None:
        self.air = Air()
        self.central = Central(self._open)
        self._devices: list[Peripheral] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def add(self, *devices: Peripheral) -> None:
        """Switch devices on.

        Parameters
        ----------
        *devices : Peripheral
            Such as a `VirtualH10`.
        """
        for device in devices:
            await device.power_on(self.air)
            self._devices.append(device)

    def radio(self) -> Radio:
        """Give the adapter of this air.

        Returns
        -------
        Radio
            For drivers, in place of the system's Bluetooth.
        """
        return bleak_radio(self.central)

    async def close(self) -> None:
        """Switch everything off."""
        await self.central.close()
        for device in self._devices:
            await device.power_off()
        self._devices.clear()

    async def _open(self) -> Device:
        """Make the computer's adapter."""
        controller = AirController("computer", link=self.air)
        device = Device.with_hci("computer", random_address(), controller, controller)
        await device.power_on()
        return device
