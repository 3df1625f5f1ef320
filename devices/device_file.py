"""A file of devices to bridge together, in TOML: ``[[device]]`` with kind, address, participant and options."""

import argparse
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from devices import registry
from devices.driver import Kind, Wish
from devices.errors import DeviceError
from devices.orders import Order, OrderError, check_address, refuse_twins
from devices.spec import CODE_PATTERN

_HEADER = re.compile(r"\s*\[\[\s*device\s*\]\]")
_LARGEST_BYTES = 1 << 20


class DeviceFileError(ValueError):
    """A file of devices cannot be used; the message names file, entry and what is valid."""


class _OptionParser(argparse.ArgumentParser):
    """Parses the own options of a kind, and raises where the usual one ends the process."""

    def error(self, message: str) -> NoReturn:
        raise OrderError(f"{message}.")


def read_device_file(path: Path) -> list[Order]:
    """Read which devices to bridge.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of Order
        In the order of the file.

    Raises
    ------
    DeviceFileError
        If it cannot be read, is no TOML, holds an unknown key or value, or two entries may mean one device.
    """
    text = _text(path)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeviceFileError(f"{path} is no TOML: {error}. Check it at that place.") from None
    except RecursionError:
        raise DeviceFileError(f"{path} is nested too deeply for a file of devices. Check the path.") from None
    unknown = sorted(tables.keys() - {"device"})
    if unknown:
        raise DeviceFileError(
            f"{path}: unknown key `{unknown[0]}`. Valid at the top: one [[device]] per device."
        )
    entries = tables.get("device")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise DeviceFileError(
            f"{path} names no device. Write one [[device]] per device, with kind = "
            f'"{next(iter(registry.BUILT_IN))}", address and participant.'
        )
    places = _places(text, len(entries))
    orders = []
    for place, entry in zip(places, entries, strict=True):
        try:
            orders.append(_order(entry))
        except (OrderError, DeviceError) as error:
            raise DeviceFileError(f"{path}, {place}: {error}") from error
    try:
        refuse_twins(orders)
    except OrderError as error:
        raise DeviceFileError(f"{path}: {error}") from error
    return orders


def _text(path: Path) -> str:
    """Read the file, bounded."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise DeviceFileError(f"{path} cannot be read: {error.strerror}. Check the path.") from None
    if len(raw) > _LARGEST_BYTES:
        raise DeviceFileError(f"{path} is larger than a file of devices can be. Check the path.")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise DeviceFileError(f"{path} is no UTF-8 text. Save it as UTF-8.") from None


def _places(text: str, n_entries: int) -> list[str]:
    """Say where each entry begins, where the lines of the headers can be told."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _HEADER.match(line)]
    if len(lines) != n_entries:
        return [f"device {number}" for number in range(1, n_entries + 1)]
    return [f"device {number} (line {line})" for number, line in enumerate(lines, 1)]


def _order(entry: Mapping[str, object]) -> Order:
    """Make the order of one entry."""
    name = entry.get("kind")
    if not isinstance(name, str) or name not in registry.names():
        raise OrderError(f"kind is {name!r}. Valid kinds: {', '.join(registry.names())}.")
    kind = registry.kind(name)
    participant = _string(entry, "participant")
    if participant and not CODE_PATTERN.fullmatch(participant):
        raise OrderError(
            f"participant {participant!r} may hold letters, digits, - and _ only, at most 32 of them."
        )
    options = {key: value for key, value in entry.items() if key not in {"kind", "address", "participant"}}
    address = check_address(_string(entry, "address"), kind)
    return Order(kind, Wish(address=address, participant=participant, options=_options(kind, options)))


def _string(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise OrderError(f'{key} must be text in quotes, such as {key} = "{value}".')
    return value


def _options(kind: Kind, given: Mapping[str, object]) -> argparse.Namespace:
    """Give a kind's own options the values of a file, by way of its parser, so that one set of checks counts."""
    parser = _OptionParser(add_help=False, allow_abbrev=False)
    kind.add_options(parser)
    # The only way argparse has to tell what was added; groups of options hide the rest.
    added = parser._actions  # noqa: SLF001
    valid = {name[2:]: action for action in added for name in action.option_strings if name.startswith("--")}
    line: list[str] = []
    for key, value in given.items():
        action = valid.get(key.replace("_", "-"))
        if action is None:
            keys = ", ".join(("kind", "address", "participant", *valid))
            raise OrderError(f"unknown key `{key}`. Valid keys for {kind.name}: {keys}.")
        line += _words(key, value, takes_value=action.nargs != 0)
    return parser.parse_args(line)


def _words(key: str, value: object, *, takes_value: bool) -> list[str]:
    """Write one key of the file as it would be typed."""
    option = f"--{key.replace('_', '-')}"
    if not takes_value:
        if not isinstance(value, bool):
            raise OrderError(f"`{key}` must be true or false.")
        return [option] if value else []
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise OrderError(f"`{key}` must be a number or a text.")
    return [f"{option}={value}"]
