"""Set-up B: the devices in one process, the computer in another, HCI over TCP between them."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install 'attune-monitor[emulator]'")

from bleak import BleakClient, BleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakError, BleakGATTProtocolError

from devices.emulator.backend import close_radio, hci_radio
from devices.protocols import heart_rate, pmd
from tests.plain_client import heard

pytestmark = pytest.mark.hardware

ADDRESS = "F0:F1:F2:F3:F4:F5"
Run = Callable[[Coroutine[Any, Any, Any]], Any]


class WorldProcess:
    """A world in a process of its own, and orders to it."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self.process = process
        self.port = int(ready["port"])

    async def order(self, do: str, **more: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        await self.process.stdin.drain()
        return await self.line()

    async def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return json.loads(await asyncio.wait_for(self.process.stdout.readline(), 20.0))


@contextlib.asynccontextmanager
async def world(
    *entries: Mapping[str, object], port: int = 0, speed: float = 5.0
) -> AsyncIterator[WorldProcess]:
    devices = json.dumps(entries or ({"kind": "polar-h10"},))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "devices.emulator.ble_world",
        "--port", str(port), "--speed", str(speed), "--devices", devices,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 30.0))
        yield WorldProcess(process, ready)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 10.0)
        if process.stdin is not None:
            process.stdin.close()
        # The pipes are closed by the transport of the process.
        process._transport.close()


@contextlib.asynccontextmanager
async def radio_to(port: int) -> AsyncIterator[Any]:
    radio = hci_radio(f"tcp-client:127.0.0.1:{port}")
    try:
        yield radio
    finally:
        await close_radio(radio)


def test_a_computer_in_another_process_scans_connects_and_streams(run: Run) -> None:
    async def work() -> None:
        async with world() as there, radio_to(there.port) as radio:
            device = await BleakScanner.find_device_by_name("Polar H10 1A2B3C4D", backend=radio.scanner)
            assert device is not None
            async with BleakClient(device, backend=radio.client) as client:
                assert client.mtu_size == 232
                values = await heard(client, 5)
                assert values == list(range(values[0], values[0] + len(values)))
            told = await there.order("truth")
            assert told["n_connections"] == 1
            assert told["n_samples"]["ecg sent"] >= len(values)

    run(work())


def test_a_device_that_vanishes_is_told_across_the_processes(run: Run) -> None:
    async def work() -> None:
        async with world() as there, radio_to(there.port) as radio:
            gone = asyncio.Event()
            client = BleakClient(ADDRESS, lambda _: gone.set(), backend=radio.client)
            await client.connect()
            assert await there.order("vanish") == {"done": "vanish"}
            await asyncio.wait_for(gone.wait(), 5.0)
            assert await there.order("come_back") == {"done": "come_back"}
            async with BleakClient(ADDRESS, backend=radio.client) as again:
                assert await again.read_gatt_char(heart_rate.MODEL) == b"H10"
            assert (await there.order("nothing")) == {"error": "no such order"}

    run(work())


def test_a_killed_world_ends_the_link_and_a_new_one_is_found_by_the_same_radio(run: Run) -> None:
    async def work() -> None:
        async with world() as there, radio_to(there.port) as radio:
            gone = asyncio.Event()
            client = BleakClient(ADDRESS, lambda _: gone.set(), backend=radio.client)
            await client.connect()
            there.process.kill()
            await asyncio.wait_for(gone.wait(), 5.0)
            assert not client.is_connected
            with pytest.raises(BleakError):
                await client.read_gatt_char(heart_rate.MODEL)
            with pytest.raises(BleakBluetoothNotAvailableError):
                await BleakClient(ADDRESS, backend=radio.client).connect()
            async with world(port=there.port), BleakClient(ADDRESS, backend=radio.client) as again:
                assert len(await heard(again, 2)) >= 146

    run(work())


def test_a_computer_that_dies_leaves_the_device_to_the_next_one(run: Run) -> None:
    async def work() -> None:
        async with world() as there:
            async with radio_to(there.port) as first:
                client = BleakClient(ADDRESS, backend=first.client)
                await client.connect()
                assert (await there.order("truth"))["connected"]
                # As a killed process does: the socket closes, nothing is said before.
                device = await first.client.central.device()
                device.host.hci_sink.transport.abort()
                await asyncio.sleep(0.1)
            async with radio_to(there.port) as second, BleakClient(ADDRESS, backend=second.client) as again:
                assert len(await heard(again, 2)) >= 146
            assert (await there.order("truth"))["n_connections"] == 2

    run(work())


def test_pairing_works_across_the_processes(run: Run) -> None:
    async def work() -> None:
        entry = {"kind": "polar-h10", "faults": {"pairing_required": True, "pairing_code": 15}}
        async with (
            world(entry) as there,
            radio_to(there.port) as radio,
            BleakClient(ADDRESS, backend=radio.client) as client,
        ):
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.read_gatt_char(pmd.CONTROL_POINT)
            assert refused.value.code == 0x0F
            await client.pair()
            assert (await client.read_gatt_char(pmd.CONTROL_POINT))[:2] == b"\x0f\x05"
            assert len(await heard(client, 2)) >= 146

    run(work())


def test_garbage_on_the_socket_harms_nobody_else(run: Run) -> None:
    async def work() -> None:
        async with (
            world() as there,
            radio_to(there.port) as radio,
            BleakClient(ADDRESS, backend=radio.client) as client,
        ):
            for junk in (b"\xff" * 100, b"GET / HTTP/1.1\r\n\r\n", b"\x01\x03\x0c\xff"):
                reader, writer = await asyncio.open_connection("127.0.0.1", there.port)
                writer.write(junk)
                with contextlib.suppress(ConnectionError):
                    await writer.drain()
                    writer.write_eof()
                    await asyncio.wait_for(reader.read(), 5.0)
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
            assert len(await heard(client, 3)) >= 219

    run(work())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--devices", "nonsense"], "Expecting value"),
        (["--devices", '[{"kind": "toaster"}]'], "polar-h10 or heart-rate"),
        (["--devices", '[{"faults": {"colour": 1}}]'], "H10Faults has no colour"),
        (["--devices", '[{"faults": {"rate_hz": -1}}]'], "outside 1 to 1000"),
        (["--speed", "0"], "not positive"),
    ],
)
def test_a_world_that_cannot_be_says_why(run: Run, arguments: list[str], words: str) -> None:
    async def work() -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "devices.emulator.ble_world", *arguments,
            stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await asyncio.wait_for(process.communicate(), 30.0)
        assert process.returncode == 1
        assert words in errors.decode()
        assert "Traceback" not in errors.decode()

    run(work())


def test_the_world_ends_with_the_pipe_on_its_standard_input(run: Run) -> None:
    async def work() -> None:
        async with world() as there:
            assert there.process.stdin is not None
            there.process.stdin.close()
            assert await asyncio.wait_for(there.process.wait(), 10.0) == 0

    run(work())
