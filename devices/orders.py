"""Which devices somebody asked for, checked before anything is opened."""

import argparse
import re
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from devices.driver import Kind, Link, Wish

_MAC = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")
_PORT = re.compile(r"COM\d+|/.*|\\\\\.\\.*|[a-z0-9]+://.*", re.IGNORECASE)
_LONGEST_ADDRESS = 200


class OrderError(ValueError):
    """What was asked for cannot be."""


class Order(NamedTuple):
    """One device that was asked for.

    Parameters
    ----------
    kind : Kind
        Its kind.
    wish : Wish
        Which one, on whom, and its options.
    """

    kind: Kind
    wish: Wish

    @property
    def title(self) -> str:
        """How to speak of it before it is found.

        Returns
        -------
        str
            Kind and address.
        """
        return f"{self.kind.name} {self.wish.address}".rstrip()


def orders_from_options(kind: Kind, options: argparse.Namespace) -> list[Order]:
    """Make the orders of a command line.

    Parameters
    ----------
    kind : Kind
        What the command is about.
    options : argparse.Namespace
        The parsed line, with ``addresses``, ``participants`` and the kind's own options.

    Returns
    -------
    list of Order
        One for each address; one without address where none is given.

    Raises
    ------
    OrderError
        If an address cannot be one, codes and addresses do not match, or two orders may mean the same device.
    """
    addresses: list[str] = options.addresses or [""]
    codes: list[str] = options.participants
    if codes and len(codes) != len(addresses):
        raise OrderError(
            f"{_count(len(codes), 'code')} for {_count(len(addresses), 'device')}. Give one code for each device in "
            f"the same order, addresses first: `{kind.name} ADDRESS ADDRESS --participant CODE CODE`."
        )
    own = argparse.Namespace(**{name: getattr(options, name) for name in vars(kind.defaults())})
    orders = [
        Order(kind, Wish(address=check_address(address, kind), participant=code, options=own))
        for address, code in zip(addresses, codes or [""] * len(addresses), strict=True)
    ]
    refuse_twins(orders)
    return orders


def refuse_twins(orders: Sequence[Order]) -> None:
    """Refuse orders of which two may mean the same device, or would give streams of the same name.

    Parameters
    ----------
    orders : sequence of Order
        All that one process is to bridge.

    Raises
    ------
    OrderError
        With the two in question.
    """
    for first, second in combinations(orders, 2):
        same_kind = first.kind.name == second.kind.name
        if same_kind and first.wish.participant and first.wish.participant == second.wish.participant:
            raise OrderError(
                f"{first.title} and {second.title} have the same code {first.wish.participant}: their streams "
                f"would have the same names. Give each wearer a code of their own."
            )
        if first.kind.link is second.kind.link:
            _refuse_same(first, second)


def _refuse_same(first: Order, second: Order) -> None:
    """Refuse two orders over the same link that one device may answer."""
    one, other = first.wish.address.casefold(), second.wish.address.casefold()
    if one == other and one:
        raise OrderError(f"{first.wish.address} is given twice. Each device is bridged once.")
    if not one or not other:
        raise OrderError(
            f"{first.title} and {second.title} may mean the same device: where there are several, each needs its "
            f"address. `attune bridge scan` lists them."
        )
    if first.kind.link is Link.BLE and (one in other or other in one):
        raise OrderError(
            f"{first.wish.address} and {second.wish.address} may mean the same device: one is part of the other. Give "
            f"the whole name or address of each."
        )


def check_address(text: str, kind: Kind) -> str:
    """Refuse what cannot be an address. A port that is not there yet is none of that: the bridge waits for it.

    Parameters
    ----------
    text : str
        What was given; empty means "the one in reach".
    kind : Kind
        What is to be reached by it.

    Returns
    -------
    str
        The address without blanks around it.

    Raises
    ------
    OrderError
        With what is expected instead.
    """
    address = text.strip()
    if not address.isprintable() or len(address) > _LONGEST_ADDRESS or (text and not address):
        raise OrderError(f"{text[:40]!r} is no address. `attune bridge scan` lists them.")
    ble = kind.link is Link.BLE
    if ble and _PORT.fullmatch(address):
        raise OrderError(
            f"{address} is a serial port; {kind.name} is reached by Bluetooth. Give its Bluetooth address or a part "
            f"of its name; `attune bridge scan` lists them."
        )
    if ble and ":" in address and not _MAC.fullmatch(address):
        raise OrderError(
            f"{address} is no Bluetooth address. One has six pairs of digits, as in F0:F1:F2:F3:F4:F5; a part of the "
            f"device's name will do as well."
        )
    if not ble and _MAC.fullmatch(address):
        raise OrderError(
            f"{address} is a Bluetooth address; {kind.name} is reached by a serial port. Pair it in the settings of "
            f"the system and give the port made for it; `attune bridge scan` lists them."
        )
    return address


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
