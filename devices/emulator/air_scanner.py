"""Bleak's scanner on an adapter of our own."""
# ruff: noqa: ARG002 - the interface of bleak has options that mean nothing here

import contextlib
from typing import ClassVar

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner

from devices.emulator.air_services import full_uuid
from devices.emulator.bumble_stack import Advertisement, AdvertisingData
from devices.emulator.central import Central

_SERVICE_LISTS = (
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


class AirScanner(BaseBleakScanner):
    """Bleak's scanner on an adapter of our own. `bleak_radio` makes a class for each adapter.

    Parameters
    ----------
    detection_callback : callable or None
        Called with each device heard.
    service_uuids : list of str or None
        Only devices that advertise one of these are told.
    scanning_mode : str
        Without effect.
    **kwargs : Any
        Options of other backends, without effect.
    """

    central: ClassVar[Central]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str,
        **kwargs: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._scan: contextlib.AsyncExitStack | None = None

    async def start(self) -> None:
        """Listen."""
        self.seen_devices = {}
        stack = contextlib.AsyncExitStack()
        await stack.enter_async_context(self.central.scan(self._heard))
        self._scan = stack

    async def stop(self) -> None:
        """Listen no more."""
        stack, self._scan = self._scan, None
        if stack is not None:
            await stack.aclose()

    def _heard(self, advertisement: Advertisement) -> None:
        """Tell of a device."""
        data, uuids = advertisement.data, advertised_services(advertisement)
        name = data.get(AdvertisingData.COMPLETE_LOCAL_NAME) or data.get(AdvertisingData.SHORTENED_LOCAL_NAME)
        name = name if isinstance(name, str) else None
        told = AdvertisementData(
            local_name=name,
            manufacturer_data={},
            service_data={},
            service_uuids=uuids,
            tx_power=None,
            rssi=int(advertisement.rssi),
            platform_data=(),
        )
        address = advertisement.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, name, advertisement.address, told)
        if self.is_allowed_uuid(uuids):
            self.call_detection_callbacks(device, told)


def advertised_services(advertisement: Advertisement) -> list[str]:
    """List the services a device advertises.

    Parameters
    ----------
    advertisement : Advertisement
        What was heard.

    Returns
    -------
    list of str
        UUIDs in lower case and full length.
    """
    return [
        full_uuid(uuid)
        for kind in _SERVICE_LISTS
        for found in advertisement.data.get_all(kind)
        if isinstance(found, list)
        for uuid in found
    ]
