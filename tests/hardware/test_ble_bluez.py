"""Set-up C: bleak's real Linux backend against a stand-in for BlueZ on a private D-Bus, in other processes."""

import asyncio
import contextlib
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install 'attune-monitor[emulator]'")
if not sys.platform.startswith("linux"):
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)
if shutil.which("dbus-daemon") is None:
    pytest.skip("no dbus-daemon: install the package dbus", allow_module_level=True)

from bleak import BleakClient, BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from devices import ble
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols import heart_rate, pmd
from devices.radio import Radio
from tests.plain_client import heard

pytestmark = pytest.mark.hardware

ADDRESS = "F0:F1:F2:F3:F4:F5"
CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of a private bus that bleak takes for that of the system."""
    folder = tmp_path_factory.mktemp("bus")
    path = Path(folder, "bus.conf")
    path.write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    with subprocess.Popen(
        ["dbus-daemon", f"--config-file={path}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    ) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        try:
            yield address
        finally:
            daemon.terminate()


class Service:
    """The stand-in in a process of its own, and orders to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def order(self, do: str, **more: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        await self.process.stdin.drain()
        return json.loads(await asyncio.wait_for(self.process.stdout.readline(), 20.0))


@contextlib.asynccontextmanager
async def bluez(address: str, **faults: object) -> AsyncIterator[Service]:
    devices = json.dumps([{"kind": "polar-h10", "faults": faults}])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "devices.emulator.bluez",
        "--bus", address, "--speed", "5", "--devices", devices,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert json.loads(await asyncio.wait_for(process.stdout.readline(), 30.0))["ready"]
        yield Service(process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 10.0)
        process.stdin.close()
        # The pipes are closed by the transport of the process.
        process._transport.close()


async def let_go() -> None:
    """Close the connection bleak keeps to the bus for the life of the loop."""
    from bleak.backends.bluezdbus import manager

    kept = await manager.get_global_bluez_manager()
    kept._bus.disconnect()
    await asyncio.wait({kept._bus_watcher_task}, timeout=5.0)


def test_the_real_backend_scans_connects_streams_and_reconnects(bus: str, run: Run) -> None:
    async def work() -> None:
        async with bluez(bus) as service:
            found = await BleakScanner.find_device_by_name("Polar H10 1A2B3C4D", timeout=5.0)
            assert found is not None
            gone = asyncio.Event()
            client = BleakClient(found, lambda _: gone.set())
            await client.connect()
            assert await client.read_gatt_char(heart_rate.SERIAL_NUMBER) == b"1A2B3C4D"
            values = await heard(client, 4)
            assert values == list(range(values[0], values[0] + len(values)))
            assert await service.order("hang_up") == {"done": "hang_up"}
            await asyncio.wait_for(gone.wait(), 5.0)
            assert not client.is_connected
            # The backend keeps its socket to the bus until it is told.
            await client.disconnect()
            async with BleakClient(found) as again:
                later = await heard(again, 2)
                assert later[0] > values[-1]
                assert later == list(range(later[0], later[0] + len(later)))
            assert (await service.order("truth"))["n_connections"] == 2
        await let_go()

    run(work())


def test_a_device_that_wants_pairing_is_said_by_bluez_in_its_own_words(bus: str, run: Run) -> None:
    async def work() -> None:
        async with bluez(bus, pairing_required=True, pairing_code=5):
            found = await BleakScanner.find_device_by_address(ADDRESS, timeout=5.0)
            assert found is not None
            async with BleakClient(found) as client:
                # BlueZ does not tell the code: only "Not paired", under a name used for other things as well.
                with pytest.raises(BleakDBusError) as refused:
                    await client.read_gatt_char(pmd.CONTROL_POINT)
                assert refused.value.dbus_error == "org.bluez.Error.NotPermitted"
                assert refused.value.dbus_error_details == "Not paired"
                await client.pair()
                assert (await client.read_gatt_char(pmd.CONTROL_POINT))[:2] == b"\x0f\x05"
        await let_go()

    run(work())


async def refused_scan() -> BleakBluetoothNotAvailableError:
    """Scan until the backend has heard that the adapter is off; before, the service itself says no."""
    while True:
        try:
            await BleakScanner.discover(0.2)
        except BleakBluetoothNotAvailableError as error:
            return error
        except BleakDBusError as error:
            if error.dbus_error != "org.bluez.Error.NotReady":
                raise
            await asyncio.sleep(0.02)


def test_an_adapter_switched_off_is_told_by_the_backend_and_by_our_own_door(bus: str, run: Run) -> None:
    async def work() -> None:
        async with bluez(bus) as service:
            found = await BleakScanner.find_device_by_address(ADDRESS, timeout=5.0)
            assert found is not None
            gone = asyncio.Event()
            client = BleakClient(found, lambda _: gone.set())
            await client.connect()
            await service.order("power", on=False)
            await asyncio.wait_for(gone.wait(), 5.0)
            await client.disconnect()
            unavailable = await asyncio.wait_for(refused_scan(), 5.0)
            assert unavailable.reason is BleakBluetoothNotAvailableReason.POWERED_OFF
            with pytest.raises(BleakDBusError) as refused:
                await BleakClient(found).connect()
            assert refused.value.dbus_error == "org.bluez.Error.NotReady"
            with pytest.raises(DeviceError) as told:
                await ble.scan(Radio(), 0.2, Pace())
            assert told.value.reason is Reason.ADAPTER_OFF
            await service.order("power", on=True)
            seen = await ble.scan(Radio(), 1.0, Pace())
            assert [device.address for device in seen] == [ADDRESS]
            assert seen[0].name == "Polar H10 1A2B3C4D"
        await let_go()

    run(work())


def test_a_bus_without_bluez_is_a_computer_without_bluetooth(bus: str, run: Run) -> None:
    async def work() -> None:
        with pytest.raises(BleakError) as unavailable:
            await BleakScanner.discover(0.2)
        assert isinstance(unavailable.value, BleakDBusError)
        assert unavailable.value.dbus_error == "org.freedesktop.DBus.Error.ServiceUnknown"
        with pytest.raises(DeviceError) as told:
            await ble.scan(Radio(), 0.2, Pace())
        assert told.value.reason is Reason.NO_ADAPTER
        # Sockets that were shut down close when the loop has seen their end.
        await asyncio.sleep(0.1)

    run(work())


def test_a_bluez_that_dies_ends_the_link_and_a_new_one_is_used(bus: str, run: Run) -> None:
    async def work() -> None:
        async with bluez(bus) as service:
            found = await BleakScanner.find_device_by_address(ADDRESS, timeout=5.0)
            assert found is not None
            client = BleakClient(found)
            await client.connect()
            service.process.kill()
            await service.process.wait()
            with pytest.raises(BleakDBusError):
                await client.read_gatt_char(heart_rate.MODEL)
            with contextlib.suppress(BleakDBusError, TimeoutError):
                async with asyncio.timeout(5.0):
                    await client.disconnect()
        async with bluez(bus):
            again = await BleakScanner.find_device_by_address(ADDRESS, timeout=5.0)
            assert again is not None
        await let_go()

    run(work())
