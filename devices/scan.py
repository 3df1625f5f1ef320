"""What is in reach: devices over Bluetooth and at serial ports, with what to type for each."""

import json
import shlex
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devices.ble import scan
from devices.driver import Kind, Link, Seen
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.radio import Radio
from devices.registry import KindWarning
from devices.serial_port import list_ports

_LONGEST_NAME = 24
_STRONG_DBM, _WEAK_DBM = -65, -85

NO_STRAP = """\
No strap is in reach.
  - It is silent until it is worn: moisten its electrodes, put it on, wait ten
    seconds.
  - While a phone, a watch or another program holds it, it is not seen: end the
    connection there.
`attune bridge scan --all` shows everything that answers."""
"""What to do when Bluetooth works and no known device answers."""

NO_PORT = """\
No serial port is there.
  - A Shimmer gets one when it is paired: switch it on, and pair it in the
    settings of the system."""
"""What to do when there is no serial port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a scan saw, and what it could not look at.

    Parameters
    ----------
    seen : tuple of (Seen, str)
        Each device with the name of its kind; empty for a stranger, if strangers were asked for.
    ports : tuple of Seen
        Serial ports that do not say what is behind them.
    serial_kind : str
        The kind to try with these; empty where there is none.
    troubles : tuple of DeviceError
        Why Bluetooth or serial ports could not be looked at.
    heard : bool
        Whether Bluetooth could be listened to.
    """

    seen: tuple[tuple[Seen, str], ...]
    ports: tuple[Seen, ...]
    serial_kind: str
    troubles: tuple[DeviceError, ...]
    heard: bool

    @property
    def looked(self) -> bool:
        """Whether anything could be looked at.

        Returns
        -------
        bool
            True if Bluetooth could be listened to, or there is a serial port.
        """
        return self.heard or bool(self.ports or self.seen)


async def look(
    kinds: Mapping[str, Kind], radio: Radio, pace: Pace, *, seconds: float, everything: bool = False
) -> Found:
    """Look for devices over Bluetooth and at serial ports. What cannot be looked at does not hinder the rest.

    Parameters
    ----------
    kinds : mapping of str to Kind
        Kinds by name; the first that recognises a device names it.
    radio : Radio
        The Bluetooth stack.
    pace : Pace
        The clock.
    seconds : float
        How long to listen.
    everything : bool, default False
        Also what no kind recognises.

    Returns
    -------
    Found
        Devices by kind, the strongest signal first.
    """
    troubles = []
    air: list[Seen] = []
    ports: list[Seen] = []
    heard = False
    try:
        air = await scan(radio, seconds, pace)
        heard = True
    except DeviceError as error:
        troubles.append(error)
    try:
        ports = list_ports()
    except DeviceError as error:
        troubles.append(error)
    named = [(device, recognised(device, kinds)) for device in (*air, *ports)]
    order = {name: rank for rank, name in enumerate(kinds)}
    named.sort(
        key=lambda pair: (order.get(pair[1], len(order)), -(pair[0].rssi_dbm or -999), pair[0].address)
    )
    return Found(
        seen=tuple(
            (device, name) for device, name in named if name or (everything and device.link is Link.BLE)
        ),
        ports=tuple(device for device, name in named if not name and device.link is Link.SERIAL),
        serial_kind=next((name for name, kind in kinds.items() if kind.link is Link.SERIAL), ""),
        troubles=tuple(troubles),
        heard=heard,
    )


def only_port(kind: Kind) -> str:
    """Find the one serial port of a kind, where none was given.

    Parameters
    ----------
    kind : Kind
        A kind reached by a serial port.

    Returns
    -------
    str
        The port.

    Raises
    ------
    DeviceError
        If no port, or more than one, says that a device of this kind is behind it.
    """
    ports = list_ports()
    known = [port.address for port in ports if kind.recognises(port)]
    if len(known) == 1:
        return known[0]
    there = ", ".join(known or [port.address for port in ports])
    raise DeviceError(
        f"Which serial port is the {kind.name} at? {'There are' if there else 'There is none on this computer'}"
        f"{f': {there}' if there else ''}. Give it: `attune bridge {kind.name} PORT`.",
        Reason.NOT_FOUND,
    )


def recognised(device: Seen, kinds: Mapping[str, Kind]) -> str:
    """Name the kind of a scanned device.

    Parameters
    ----------
    device : Seen
        The device.
    kinds : mapping of str to Kind
        Kinds by name.

    Returns
    -------
    str
        The first that recognises it; empty when none does.
    """
    for name, kind in kinds.items():
        if kind.link is device.link and _says_yes(kind, device):
            return name
    return ""


def _says_yes(kind: Kind, device: Seen) -> bool:
    """Ask a kind whether a device is one of its own; one of another distribution may fail at that."""
    try:
        return bool(kind.recognises(device))
    except Exception as error:  # noqa: BLE001
        warnings.warn(
            f"The kind {kind.name!r} cannot tell what is in reach: {type(error).__name__}: {error}. Update it, or "
            f"uninstall what brings it.",
            KindWarning,
            stacklevel=2,
        )
        return False


def scan_table(found: Found) -> str:
    """Write what was seen for a person.

    Parameters
    ----------
    found : Found
        Outcome of `look`.

    Returns
    -------
    str
        A table, the line to type for each device, and what to do where there is none.
    """
    parts = []
    if found.seen:
        parts.append(_table(found.seen))
    commands = [line for device, name in found.seen if (line := _command(device, name, found.seen))]
    if commands:
        parts.append("To start one, type its line; --participant CODE says who wears it:")
        parts.append("\n".join(f"  {command}" for command in commands))
    if found.heard and not any(name and device.link is Link.BLE for device, name in found.seen):
        parts.append(NO_STRAP)
    if found.ports:
        parts.append(
            "These serial ports do not say what is behind them. A paired Shimmer may be:"
            if found.serial_kind == "shimmer"
            else "These serial ports do not say what is behind them:"
        )
        parts.append("\n".join(f"  {_port_line(port, found.serial_kind)}" for port in found.ports))
    elif not commands:
        parts.append(NO_PORT)
    return "\n\n".join(parts)


def _table(seen: Sequence[tuple[Seen, str]]) -> str:
    """Align what was seen in columns."""
    rows = [("KIND", "NAME", "ADDRESS", "SIGNAL")]
    rows += [
        (name or "-", _shown(device.name) or "-", _shown(device.address, 64), _signal(device.rssi_dbm))
        for device, name in seen
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _port_line(port: Seen, kind: str) -> str:
    """Write what to type to try a port, and what the system says of it."""
    line = f"attune bridge {kind} {shlex.quote(port.address)}" if kind else port.address
    told = _shown(port.name, 42)
    return f"{line}  ({told})" if told and told not in port.address else line


def scan_json(found: Found) -> str:
    """Write what was seen for a program.

    Parameters
    ----------
    found : Found
        Outcome of `look`.

    Returns
    -------
    str
        A JSON object on one line: ``devices`` and ``troubles``.
    """
    devices = [
        {
            "kind": name or None,
            "link": str(device.link),
            "name": device.name,
            "address": device.address,
            "rssi_dbm": device.rssi_dbm,
            "command": _command(device, name, found.seen) or None,
        }
        for device, name in (*found.seen, *((port, "") for port in found.ports))
    ]
    troubles = [{"reason": str(trouble.reason), "text": str(trouble)} for trouble in found.troubles]
    return json.dumps({"devices": devices, "troubles": troubles})


def _command(device: Seen, kind: str, seen: Sequence[tuple[Seen, str]]) -> str:
    """Write what to type for one device; nothing where no kind knows it."""
    if not kind:
        return ""
    return f"attune bridge {kind} {shlex.quote(_shortest(device, [other for other, _ in seen]))}"


def _shortest(device: Seen, seen: Sequence[Seen]) -> str:
    """Choose the serial number in the name where it tells the device from all others, else the address."""
    last = device.name.rsplit(maxsplit=1)[-1] if device.name.strip() else ""
    fits = 4 <= len(last) <= _LONGEST_NAME and last.isascii() and last.isalnum()
    speaks = fits and any(letter.isdigit() for letter in last)
    if device.link is not Link.BLE or not speaks:
        return device.address
    alike = [other for other in seen if last.casefold() in other.name.casefold()]
    return last if len(alike) == 1 else device.address


def _shown(text: str, longest: int = _LONGEST_NAME) -> str:
    """Make text of a stranger harmless for the terminal, and short."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def _signal(rssi_dbm: int | None) -> str:
    """Say how strong a signal is."""
    if rssi_dbm is None:
        return ""
    word = "strong" if rssi_dbm >= _STRONG_DBM else "weak" if rssi_dbm < _WEAK_DBM else "good"
    return f"{rssi_dbm} dBm, {word}"
