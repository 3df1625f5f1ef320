"""Commands that reach real devices: bridging them, and looking what is there."""

import argparse
import asyncio
import dataclasses
import importlib.util
import json
import signal
import sys
from collections.abc import Sequence

from rich.console import Console

from devices import registry
from devices.bridge import Bridge
from devices.cli_errors import about_hci, leaves
from devices.driver import Context, Driver, Link
from devices.errors import DeviceError, Reason
from devices.fleet import install_signals, run_fleet, stop_when_input_closes
from devices.orders import Order
from devices.pace import Pace
from devices.panel import Panel
from devices.radio import Radio
from devices.scan import look, only_port, scan_json, scan_table
from devices.scope import choose_scope

_CHECK_S = 0.5
_CHECK_TIMEOUT_S = 6.0


def run_orders(orders: Sequence[Order], options: argparse.Namespace) -> bool:
    """Bridge devices until a signal, the closing of the pipe on standard input, or the time given.

    Parameters
    ----------
    orders : sequence of Order
        The devices.
    options : argparse.Namespace
        The parsed command line.

    Returns
    -------
    bool
        Whether the user stopped it.

    Raises
    ------
    DeviceError
        If a serial port is to be chosen and cannot be.
    ExceptionGroup
        Of a DeviceError for each device this computer cannot reach at all.
    """
    found = [_with_port(order) for order in orders]
    choose_scope(options)
    try:
        return asyncio.run(_bridge(found, options))
    except* DeviceError as group:
        hci = getattr(options, "hci", None)
        raise ExceptionGroup(group.message, [about_hci(error, hci) for error in leaves(group)]) from group


def _with_port(order: Order) -> Order:
    """Choose the port of an order that leaves it open; over Bluetooth the driver chooses, as devices come and go."""
    if order.wish.address or order.kind.link is not Link.SERIAL:
        return order
    return order._replace(wish=dataclasses.replace(order.wish, address=only_port(order.kind)))


async def _bridge(orders: Sequence[Order], options: argparse.Namespace) -> bool:
    """Run the fleet and show how it is doing."""
    pace = Pace()
    context = Context(pace=pace, radio=radio(getattr(options, "hci", None)))
    drivers = [order.kind.make(order.wish, context) for order in orders]
    _refuse_alike(drivers)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    received = install_signals(loop, stop)

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)

    stop_when_input_closes(end)
    if options.seconds is not None:
        loop.call_later(options.seconds, stop.set)
    with Panel(Console(), [driver.name for driver in drivers], as_json=options.json) as panel:
        bridges = [Bridge(driver, pace, on_status=panel.show) for driver in drivers]
        await run_fleet(bridges, stop)
    return signal.SIGINT in received


def _refuse_alike(drivers: Sequence[Driver]) -> None:
    """Refuse devices whose streams could not be told apart until they have told their serial numbers."""
    names = [driver.name for driver in drivers]
    keys = [driver.key for driver in drivers]
    alike = [name for name, key in zip(names, keys, strict=True) if keys.count(key) > 1]
    if alike:
        raise DeviceError(
            f"{len(alike)} devices would have the same streams ({alike[0]}). Say who wears each of them, with a code "
            f"of their own (participant), or name each by its whole address or its serial number.",
            Reason.UNSUPPORTED,
        )


def radio(transport: str | None) -> Radio:
    """Choose the Bluetooth stack.

    Parameters
    ----------
    transport : str, optional
        Where a controller of our own is, as bumble names it; the system's when not given.

    Returns
    -------
    Radio
        The stack.

    Raises
    ------
    DeviceError
        If the library for a controller of our own is not installed.
    """
    if transport is None:
        return Radio()
    from devices.emulator.backend import hci_radio

    return hci_radio(transport)


def run_scan(options: argparse.Namespace) -> bool:
    """Look what is in reach and print it.

    Parameters
    ----------
    options : argparse.Namespace
        The parsed command line.

    Returns
    -------
    bool
        Whether anything could be looked at.
    """
    kinds = registry.kinds()
    found = asyncio.run(
        look(kinds, radio(options.hci), Pace(), seconds=options.seconds, everything=options.all)
    )
    if options.json:
        sys.stdout.write(scan_json(found) + "\n")
        return found.looked
    for trouble in found.troubles:
        sys.stderr.write(f"{about_hci(trouble, options.hci)}\n\n")
    sys.stdout.write(f"{scan_table(found)}\n")
    return found.looked


def run_check(options: argparse.Namespace) -> bool:
    """Tell whether this computer can reach devices.

    Parameters
    ----------
    options : argparse.Namespace
        The parsed command line.

    Returns
    -------
    bool
        Whether Bluetooth can be used.
    """
    trouble: DeviceError | None = None
    ports: list[str] = []
    try:
        asyncio.run(_listen())
    except DeviceError as error:
        trouble = error
    bumble = importlib.util.find_spec("bumble") is not None
    ports = _ports()
    ok = trouble is None
    if options.json:
        facts = {
            "bluetooth": {
                "ok": ok,
                "reason": None if trouble is None else str(trouble.reason),
                "text": "" if trouble is None else str(trouble),
            },
            "ports": ports,
            "emulator": bumble,
        }
        sys.stdout.write(json.dumps(facts) + "\n")
        return ok
    sys.stdout.write(f"Bluetooth:         {'can be used' if trouble is None else trouble}\n")
    sys.stdout.write(f"Serial ports:      {', '.join(ports) or 'none'}\n")
    sys.stdout.write(f"Virtual Bluetooth: {'can be used' if bumble else 'bumble is not installed'}\n")
    return ok


async def _listen() -> None:
    """Scan for a moment: the one way to know that adapter, service and permission are all there."""
    from devices.ble import scan

    try:
        async with asyncio.timeout(_CHECK_TIMEOUT_S):
            await scan(Radio(), _CHECK_S, Pace())
    except TimeoutError as error:
        raise DeviceError(
            f"Bluetooth does not answer within {_CHECK_TIMEOUT_S:g} s. Switch it off and on in the settings.",
            Reason.TIMEOUT,
        ) from error


def _ports() -> list[str]:
    from devices.serial_port import list_ports

    try:
        return [port.address for port in list_ports()]
    except DeviceError:
        return []
