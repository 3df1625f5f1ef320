"""Which Bluetooth stack is used, and what the bridges of one process share of it."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bleak.backends.client import BaseBleakClient
    from bleak.backends.scanner import BaseBleakScanner


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio:
    """The Bluetooth stack to use, shared by all bridges of a process.

    Parameters
    ----------
    client, scanner : type, optional
        Backends of bleak; those of the operating system when not given.
    turn : asyncio.Lock, optional
        Held while scanning or connecting: many adapters cannot do two of these at a time.
    taken : set of str, optional
        Addresses this process is connected to; no second bridge may have them.
    keys : dict of str to str, optional
        Address of the device behind each root of source ids; for devices whose serial numbers are no such.
    """

    client: "type[BaseBleakClient] | None" = None
    scanner: "type[BaseBleakScanner] | None" = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False, repr=False)
    taken: set[str] = field(default_factory=set, compare=False, repr=False)
    keys: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
