"""What the streams of a strap are called: the same in every connection and process, and never those of another."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from devices import ble
from devices.ble import find
from devices.driver import Context, Wish
from devices.drivers import strap as strap_module
from devices.drivers.heart_rate import KIND
from devices.drivers.strap import Strap
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols import heart_rate
from devices.radio import Radio

A, B = "F0:F1:F2:F3:F4:F5", "F0:F1:F2:F3:F4:F6"


class Device:
    """A strap as a scan hears it, and what it tells once it is connected."""

    def __init__(self, address=A, name="", told="", serial=""):
        self.address = address
        self.name = name
        self.told = told
        self.serial = serial
        self.fails = False
        self.vanishes = False


class Link:
    """A connection to such a strap."""

    def __init__(self, device):
        self._device = device
        self.lost = False
        self.device_name = device.told

    def has(self, uuid):
        return uuid in {heart_rate.SERIAL_NUMBER, heart_rate.FIRMWARE}

    async def read(self, uuid):
        self.lost = self._device.vanishes
        if self._device.fails or self.lost:
            raise DeviceError("It did not answer.", Reason.TIMEOUT)
        return (self._device.serial if uuid == heart_rate.SERIAL_NUMBER else "2.1").encode()


@pytest.fixture
def connected(monkeypatch):
    """Connect a strap to a device once; gives the root of its source ids."""

    def connect_once(strap, device):
        async def found(*_):
            return device

        @asynccontextmanager
        async def linked(*_):
            yield Link(device)

        monkeypatch.setattr(strap_module, "find", found)
        monkeypatch.setattr(strap_module, "connect", linked)

        async def main():
            async with strap.connected():
                return strap.key

        return asyncio.run(main())

    return connect_once


def strap_of(address="", participant="C07", radio=None):
    context = Context(pace=Pace(), radio=radio or Radio())
    return Strap(
        "heart-rate", "Heart Rate", Wish(address=address, participant=participant), context, KIND.recognises
    )


def test_a_serial_number_that_cannot_be_read_again_changes_no_source_id(connected):
    strap = strap_of()
    device = Device(name="HRM", serial="SN-4711")
    first = connected(strap, device)
    device.fails = True
    assert connected(strap, device) == first == "heart-rate-sn-4711"
    assert strap.facts.firmware == "2.1"


def test_a_link_that_breaks_while_it_tells_who_it_is_does_not_name_the_device(connected):
    strap = strap_of()
    device = Device(name="HRM", serial="SN-4711")
    device.vanishes = True
    with pytest.raises(DeviceError):
        connected(strap, device)
    device.vanishes = False
    assert connected(strap, device) == "heart-rate-sn-4711"


@pytest.mark.parametrize("heard", ["", "Polar H10 1A2B3C4D"])
def test_a_name_that_was_not_heard_in_the_advertisement_is_asked_for(connected, heard):
    device = Device(name=heard, told="Polar H10 1A2B3C4D", serial="other")
    assert connected(strap_of(), device) == "heart-rate-1a2b3c4d"


@pytest.mark.parametrize("serial", ["", "0", "000000", "0123456789", "123456", "--"])
def test_a_number_that_is_nobodys_is_no_serial_number(connected, serial):
    assert connected(strap_of(), Device(name="HRM", serial=serial)) == "heart-rate-f0f1f2f3f4f5"


def test_two_straps_with_one_serial_number_never_share_a_source_id(connected):
    radio = Radio()
    first = connected(strap_of(radio=radio), Device(A, "HRM", serial="SN-1"))
    second = connected(strap_of(radio=radio, participant="C08"), Device(B, "HRM", serial="SN-1"))
    assert first != second


def test_two_straps_looked_for_by_name_are_told_apart_before_they_are_found():
    one, other = strap_of("Anna", ""), strap_of("Bea", "")
    assert one.key != other.key
    assert one.name != other.name
    assert one.key == strap_of("Anna", "").key
    assert "anna" not in one.key
    assert "anna" not in one.name.casefold()


class Adapter:
    """The system's adapter, connected to two straps."""

    @classmethod
    async def get(cls):
        return cls()

    async def get_connected_devices(self):
        return [Device(A, "Polar H10 1A2B3C4D"), Device(B, "Polar H10 5E6F7A8B")]


@pytest.mark.parametrize(
    ("address", "reason"), [("Polar H10", None), ("1A2B3C4D", Reason.NOT_FOUND), ("", Reason.NOT_FOUND)]
)
def test_a_strap_the_system_holds_is_found_if_it_was_named_and_no_bridge_has_it(monkeypatch, address, reason):
    async def hears_nothing(*_):
        return None

    monkeypatch.setattr(ble, "BleakAdapter", Adapter)
    monkeypatch.setattr(ble, "_listen", hears_nothing)
    radio = Radio(taken={A.casefold()})
    search = find(radio, address, lambda seen: seen.name.startswith("Polar H10"), Pace())
    if reason is None:
        assert asyncio.run(search).address == B
        return
    # Without a name it may as well be the strap of another program on this computer.
    with pytest.raises(DeviceError) as caught:
        asyncio.run(search)
    assert caught.value.reason is reason
