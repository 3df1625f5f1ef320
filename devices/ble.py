"""Bluetooth Low Energy. The only importer of bleak outside the emulator."""

from dataclasses import dataclass

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio:
    """The Bluetooth stack to use.

    Parameters
    ----------
    client, scanner : type, optional
        Backends of bleak; those of the operating system when not given.
    """

    client: type[BaseBleakClient] | None = None
    scanner: type[BaseBleakScanner] | None = None
