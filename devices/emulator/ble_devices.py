"""Emulated Bluetooth devices made from what a file or a command line says of them."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from devices.emulator.h10_faults import H10Faults, Latency, OffBody
from devices.emulator.h10_signals import CounterSignal, H10Signal, ScriptedSignal
from devices.emulator.peripheral import Peripheral
from devices.emulator.script import write_script
from devices.emulator.virtual_h10 import VirtualH10
from devices.emulator.virtual_strap import StrapStyle, VirtualStrap
from devices.pace import Pace

_NAMES = {"polar-h10": "Polar H10 1A2B3C4D", "heart-rate": "Strap 0042"}
_ADDRESSES = {"polar-h10": "F0:F1:F2:F3:F4:F5", "heart-rate": "F0:F1:F2:00:00:42"}


def make_device(entry: Mapping[str, Any], pace: Pace) -> Peripheral:
    """Make a device from what a file or a command line says of it.

    Parameters
    ----------
    entry : mapping
        ``kind`` (``polar-h10`` or ``heart-rate``), ``name``, ``address``; ``signal`` (``counter`` or ``scripted``),
        for the latter ``code``, ``minutes`` and ``seed``; ``faults`` of an H10, ``style`` of a strap, as their
        classes name them.
    pace : Pace
        The clock of the world.

    Returns
    -------
    Peripheral
        The device, switched off.

    Raises
    ------
    ValueError
        If something is unknown or outside its range.
    """
    body = _signal(entry)
    latency = Latency(**_checked(Latency, entry.get("faults", {}).get("latency", {})))
    kind = entry.get("kind", "polar-h10")
    name, address = (
        str(entry.get("name", _NAMES.get(kind, ""))),
        str(entry.get("address", _ADDRESSES.get(kind, ""))),
    )
    match kind:
        case "polar-h10":
            given = {**_checked(H10Faults, entry.get("faults", {})), "latency": latency}
            faults = H10Faults(**given)
            if isinstance(body, ScriptedSignal):
                faults = body.faults(faults)
            return VirtualH10(body, pace, name=name, address=address, faults=faults)
        case "heart-rate":
            style = StrapStyle(**_checked(StrapStyle, entry.get("style", {})))
            return VirtualStrap(body, pace, name=name, address=address, style=style, latency=latency)
        case _:
            raise ValueError(f"unknown kind {kind!r}; use polar-h10 or heart-rate")


def _signal(entry: Mapping[str, Any]) -> H10Signal:
    """Make the body a device is on."""
    match entry.get("signal", "counter"):
        case "counter":
            return CounterSignal()
        case "scripted":
            from devices.emulator.waveforms import simulate_waveforms

            script = write_script(float(entry.get("minutes", 60.0)), int(entry.get("seed", 0)))
            code = entry.get("code", script.client.code)
            person = script.therapist if code == script.therapist.code else script.client
            return ScriptedSignal(person, script.duration_s, script.seed, simulate_waveforms())
        case other:
            raise ValueError(f"unknown signal {other!r}; use counter or scripted")


def _checked(kind: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a dataclass from JSON: lists become tuples, unknown names are refused."""
    known = {field.name for field in fields(kind)}
    if unknown := sorted(set(given) - known):
        raise ValueError(f"{kind.__name__} has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")
    values = {key: _tuples(value) for key, value in given.items()}
    if "off_body" in values:
        values["off_body"] = OffBody(str(values["off_body"]))
    return values


def _tuples(value: object) -> object:
    """Make tuples of lists, all the way down."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
