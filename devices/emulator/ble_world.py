"""Emulated Bluetooth devices in a process of their own, reached over HCI: ``python -P -m devices.emulator.ble_world``.

A bridge in another process uses them through ``tcp-client:127.0.0.1:PORT``, as it would use a dongle. Each client has
an adapter of its own; when it goes, its links time out and the devices can be found again.
"""

import argparse
import asyncio
import contextlib
import json
import os
import stat
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from devices.emulator.air import Air, AirController
from devices.emulator.ble_devices import make_device
from devices.emulator.bumble_stack import PacketParser
from devices.emulator.peripheral import Peripheral
from devices.emulator.virtual_h10 import VirtualH10
from devices.errors import DeviceError
from devices.fleet import install_signals
from devices.pace import Pace

EXIT_DONE = 0
EXIT_ERROR = 1
_MOST_WAITING_BYTES = 1 << 20


class _Sink:
    """Hands the packets of a controller to a socket."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def on_packet(self, packet: bytes) -> None:
        """Send a packet; a client that takes none any more is let go."""
        if self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > _MOST_WAITING_BYTES:
            self._transport.abort()
        else:
            self._transport.write(packet)


class HciClient(asyncio.Protocol):
    """One computer that uses the emulated air over a socket.

    Parameters
    ----------
    air : Air
        The air it is in.
    """

    def __init__(self, air: Air) -> None:
        self._air = air
        self._controller: AirController | None = None
        self._transport: asyncio.Transport | None = None
        self._parser = PacketParser()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the client an adapter.

        Parameters
        ----------
        transport : asyncio.BaseTransport
            The socket.
        """
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._controller = AirController("computer", host_sink=_Sink(transport), link=self._air)
            self._parser.set_packet_sink(self._controller)

    def data_received(self, data: bytes) -> None:
        """Take packets; a client that sends none is let go.

        Parameters
        ----------
        data : bytes
            Whatever came.
        """
        try:
            self._parser.feed_data(data)
        except Exception:  # noqa: BLE001 - the stack raises all kinds of errors over foreign bytes
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Take the adapter out of the air.

        Parameters
        ----------
        exc : Exception or None
            Why.
        """
        if self._controller is not None:
            self._air.discard(self._controller)
            self._controller = None


class BleWorld:
    """Devices on the air and a socket for computers.

    Parameters
    ----------
    devices : sequence of Peripheral
        The devices, switched off.
    air : Air, optional
        The air; a new one when not given.
    """

    def __init__(self, devices: Sequence[Peripheral], air: Air | None = None) -> None:
        self.devices = {device.address: device for device in devices}
        self.air = Air() if air is None else air
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        """Switch the devices on and listen.

        Parameters
        ----------
        port : int, default 0
            Port on this computer; 0 chooses a free one.

        Raises
        ------
        OSError
            If the port is taken.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: HciClient(self.air), "127.0.0.1", port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        for device in self.devices.values():
            await device.power_on(self.air)

    async def stop(self) -> None:
        """Switch everything off."""
        if self._server is not None:
            self._server.close()
        for device in self.devices.values():
            await device.power_off()

    async def obey(self, order: Mapping[str, Any]) -> dict[str, object]:
        """Do what a test wants done to a device.

        Parameters
        ----------
        order : mapping
            ``do``, one of ``vanish``, ``come_back``, ``hang_up``, ``power_off``, ``power_on``, ``truth``; and
            ``address`` of the device, the first one when not given.

        Returns
        -------
        dict
            What became of it; for ``truth`` the samples by measurement and fate.
        """
        device = self.devices.get(str(order.get("address", next(iter(self.devices), ""))))
        match order.get("do"), device:
            case _, None:
                return {"error": "no such device"}
            case "vanish", Peripheral():
                device.vanish()
            case "come_back", Peripheral():
                device.come_back()
            case "hang_up", Peripheral():
                device.hang_up()
            case "power_off", Peripheral():
                await device.power_off()
            case "power_on", Peripheral():
                await device.power_on(self.air)
            case "truth", Peripheral():
                return truth(device)
            case _:
                return {"error": "no such order"}
        return {"done": order["do"]}


def truth(device: Peripheral) -> dict[str, object]:
    """Tell what a device did.

    Parameters
    ----------
    device : Peripheral
        Which one.

    Returns
    -------
    dict
        Links, and of an H10 the samples by measurement and fate, and the latest frames.
    """
    told: dict[str, object] = {
        "address": device.address,
        "connected": device.is_connected,
        "n_connections": device.n_connections,
        "origin_s": device.time_s(0.0),
    }
    if isinstance(device, VirtualH10):
        told["n_samples"] = {
            f"{kind.name.lower()} {fate}": number for (kind, fate), number in device.n_samples.items()
        }
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Run devices until SIGTERM or until the pipe on standard input closes.

    One line of JSON says that they are there and on which port; each line of JSON on standard input is an order
    (see `BleWorld.obey`), answered by a line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line without the program's name; that of the process when not given.

    Returns
    -------
    int
        0 done, 1 an error told on standard error.
    """
    parser = argparse.ArgumentParser(
        prog="python -P -m devices.emulator.ble_world", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--port", type=int, default=0, help="port on this computer (default: a free one)")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than real time")
    parser.add_argument("--origin", type=float, help="LSL time at which fast and LSL clock agree")
    parser.add_argument("--devices", default='[{"kind": "polar-h10"}]', help="list of devices, as JSON")
    options = parser.parse_args(arguments)
    try:
        pace = Pace(options.speed, options.origin)
        entries = json.loads(options.devices)
        return asyncio.run(_play(pace, entries, options.port))
    except (OSError, ValueError, TypeError, DeviceError) as error:
        sys.stderr.write(f"The emulated devices stopped: {error}\n")
        return EXIT_ERROR


async def _play(pace: Pace, entries: Sequence[Mapping[str, Any]], port: int) -> int:
    """Run the world until told to stop."""
    world = BleWorld([make_device(entry, pace) for entry in entries])
    try:
        await world.start(port)
        ready = {"ready": True, "port": world.port, "devices": list(world.devices), "origin": pace.origin_s}
        await serve(ready, world.obey)
    finally:
        await world.stop()
    return EXIT_DONE


async def serve(
    ready: Mapping[str, object], obey: Callable[[Mapping[str, Any]], Awaitable[Mapping[str, object]]]
) -> None:
    """Say that a world is there, and obey orders until a signal or the end of standard input.

    Parameters
    ----------
    ready : mapping
        What is said, as one line of JSON.
    obey : callable
        Carries out an order; its result is the answer.
    """
    stop = asyncio.Event()
    install_signals(asyncio.get_running_loop(), stop)
    _say(ready)
    orders = asyncio.ensure_future(_orders(obey, stop))
    try:
        await stop.wait()
    finally:
        orders.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await orders


async def _orders(
    obey: Callable[[Mapping[str, Any]], Awaitable[Mapping[str, object]]], stop: asyncio.Event
) -> None:
    """Obey what comes on standard input; its end is the end, where it is a pipe."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        while line := await reader.readline():
            try:
                order = json.loads(line)
                _say(await obey(order))
            except (ValueError, AttributeError):
                _say({"error": "not an order"})
    finally:
        transport.close()
    stop.set()


def _say(message: Mapping[str, object]) -> None:
    """Tell the parent process, which may have gone already."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
