"""Which kinds of wearables can be bridged: those of this package by a table, those of others by entry point.

Nothing of a kind is imported before it is asked for: the Bluetooth library alone takes longer than a help page.
"""

import importlib
import re
import warnings
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, NamedTuple

from devices.errors import DeviceError, Reason

if TYPE_CHECKING:
    from devices.driver import Kind

GROUP = "attune.devices"
"""Group of entry points another distribution declares its kinds in: ``word = "package.module:KIND"``."""


class Row(NamedTuple):
    """One kind of this package.

    Parameters
    ----------
    module : str
        Module that holds its ``KIND``.
    summary : str
        The summary of that kind, for lists that import nothing.
    """

    module: str
    summary: str


BUILT_IN: dict[str, Row] = {
    "polar-h10": Row("devices.drivers.polar_h10", "Polar H10 chest strap: ECG, acceleration, RR, heart rate"),
    "heart-rate": Row("devices.drivers.heart_rate", "any strap with the standard heart-rate service: RR"),
    "shimmer": Row("devices.drivers.shimmer", "Shimmer3 GSR+: skin conductance, PPG, ECG when fitted"),
}
"""Kinds of this package. In a scan the first that recognises a device names it."""

COMMAND_WORDS = frozenset({"scan", "list", "run", "emulated", "check"})
"""Words of the command line that no kind of another distribution may have."""

_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class KindWarning(UserWarning):
    """A kind of another distribution cannot be used; the others can."""


def names() -> tuple[str, ...]:
    """Name every kind, without importing any.

    Returns
    -------
    tuple of str
        Built-in kinds first, then those of other distributions by name.
    """
    return (*BUILT_IN, *_foreign())


def summaries() -> dict[str, str]:
    """Describe every kind in one line, without importing any.

    Returns
    -------
    dict of str to str
        By name. For a kind of another distribution it says which one brings it.
    """
    lines = {name: row.summary for name, row in BUILT_IN.items()}
    return lines | {name: f"from {_origin(entry)}" for name, entry in _foreign().items()}


def kind(name: str) -> "Kind":
    """Load one kind.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    Kind
        The kind of that name.

    Raises
    ------
    DeviceError
        If there is no such kind, or another distribution brings it and it cannot be used.
    """
    if name in BUILT_IN:
        built_in: Kind = importlib.import_module(BUILT_IN[name].module).KIND
        return built_in
    entry = _foreign().get(name)
    if entry is None:
        raise DeviceError(
            f"There is no kind of device {name!r}. There are: {', '.join(names())}.", Reason.UNSUPPORTED
        )
    return _loaded(entry)


def kinds() -> dict[str, "Kind"]:
    """Load every kind that can be used.

    Returns
    -------
    dict of str to Kind
        By name, in the order of `names`. One of another distribution that cannot be used is left out, with a
        `KindWarning` that names it.
    """
    found = {name: kind(name) for name in BUILT_IN}
    for name, entry in _foreign().items():
        try:
            found[name] = _loaded(entry)
        except DeviceError as error:
            warnings.warn(str(error), KindWarning, stacklevel=2)
    return found


def _foreign() -> dict[str, EntryPoint]:
    """Find the kinds of other distributions; a name that is taken stays with the first, and is warned of."""
    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        if entry.name in BUILT_IN or entry.name in COMMAND_WORDS:
            why = "attune itself has one of that name"
        elif not _WORD.fullmatch(entry.name):
            why = "one word of lower case letters, digits and dashes is needed"
        elif entry.name in found and found[entry.name].value != entry.value:
            why = f"{_origin(found[entry.name])} has one of that name"
        else:
            found[entry.name] = entry
            continue
        warnings.warn(
            f"The kind {entry.name!r} of {_origin(entry)} is left out: {why}. "
            f"Ask its authors for another name, or uninstall it.",
            KindWarning,
            stacklevel=3,
        )
    return found


def _loaded(entry: EntryPoint) -> "Kind":
    """Import the kind of another distribution, whatever its code does on import."""
    from devices.driver import Kind

    cure = f"Update {_origin(entry)}, or uninstall it."
    try:
        loaded = entry.load()
    except (Exception, SystemExit) as error:
        raise DeviceError(
            f"The kind {entry.name!r} of {_origin(entry)} cannot be loaded: {type(error).__name__}: {error}. {cure}",
            Reason.UNSUPPORTED,
        ) from error
    if not isinstance(loaded, Kind) or loaded.name != entry.name:
        what = f"a kind named {loaded.name!r}" if isinstance(loaded, Kind) else f"a {type(loaded).__name__}"
        raise DeviceError(
            f"The kind {entry.name!r} of {_origin(entry)} is left out: {entry.value} is {what}, not a "
            f"devices.driver.Kind of that name. {cure}",
            Reason.UNSUPPORTED,
        )
    return loaded


def _origin(entry: EntryPoint) -> str:
    """Name the distribution an entry point comes from."""
    return entry.dist.name if entry.dist is not None else entry.value
