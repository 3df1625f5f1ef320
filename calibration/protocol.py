"""What a calibration consists of: steps with their length, their use and their share in the reference."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from calibration.protocol_table import LONGEST_MIN, ProtocolError, Table, is_code

__all__ = [
    "DEFAULT_STOP_TENSION",
    "REFERENCE_USES",
    "REQUIRED_S",
    "Protocol",
    "ProtocolError",
    "Rating",
    "Step",
    "Use",
    "protocol_from",
]

REQUIRED_S = {"first": 300.0, "opening": 180.0}
"""Least valid time of a reference by kind of protocol, SCIENCE E.5 and E.10."""

DEFAULT_STOP_TENSION = 6.0
"""Rated tension from which a task ends, SCIENCE E.5."""

_MOST_STEPS = 30
_TITLE_LENGTH = 60
_INSTRUCTION_LENGTH = 500


class Use(StrEnum):
    """What a step is for."""

    SETTLE = "settle"
    REST = "rest"
    TALK = "talk"
    PACED = "paced"
    TASK = "task"
    RECOVERY = "recovery"


REFERENCE_USES = frozenset({Use.REST, Use.TALK, Use.RECOVERY})
"""Uses that may enter a reference; paced breathing and tasks change what is measured."""


class Rating(StrEnum):
    """What a person rates from 0 to 10."""

    TENSION = "tension"
    PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a protocol; all times are whole seconds.

    Parameters
    ----------
    name : str
        Code of the step, unique in its protocol.
    title, instruction : str
        Shown to the person.
    use : Use
        What the step is for.
    length_s : float
        Planned length in seconds.
    minimum_s : float, default 0.0
        Valid seconds needed to go on, among those that count; 0 where the step is discarded.
    weight : float, default 0.0
        Share in the reference, 0 to 1; 0 where it does not enter.
    last_s : float, default 0.0
        Only so many seconds at the end of the step count; 0 for all.
    breaths_per_min : float, default 0.0
        Breathing rate to follow; 0 where there is none.
    inhale_share : float, default 0.5
        Part of a breath spent breathing in.
    asks : tuple of Rating, default ()
        What is asked for after the step.
    stop_tension : float, default 0.0
        Rated tension from which the step ends at once; 0 for no such rule.
    """

    name: str
    title: str
    instruction: str
    use: Use
    length_s: float
    minimum_s: float = 0.0
    weight: float = 0.0
    last_s: float = 0.0
    breaths_per_min: float = 0.0
    inhale_share: float = 0.5
    asks: tuple[Rating, ...] = ()
    stop_tension: float = 0.0

    @property
    def counted_s(self) -> float:
        """Greatest number of seconds, at the end of the step, that count."""
        return self.last_s or self.length_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A calibration from beginning to end.

    Parameters
    ----------
    name : str
        Code, kept in the profile.
    kind : str
        ``first`` for a full calibration, ``opening`` for the level of a day.
    title : str
        Shown to the person.
    steps : tuple of Step
        In order.
    """

    name: str
    kind: str
    title: str
    steps: tuple[Step, ...]

    @property
    def required_s(self) -> float:
        """Least valid seconds of the reference this kind of protocol is for."""
        return REQUIRED_S[self.kind]


_PROTOCOL_KEYS = ("name", "kind", "title", "steps")
_STEP_KEYS = (
    "name",
    "title",
    "instruction",
    "use",
    "minutes",
    "minimum_minutes",
    "weight",
    "last_minutes",
    "breaths_per_min",
    "inhale_share",
    "asks",
    "stop_tension",
)


def protocol_from(document: Mapping[str, Any], where: str) -> Protocol:
    """Make a protocol from the plain values of its file.

    Parameters
    ----------
    document : Mapping of str to Any
        Keys ``name``, ``kind``, ``title`` and ``steps``, as read from TOML.
    where : str
        Name of the file, for messages.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    ProtocolError
        If a key is unknown or missing, a value is out of range, two steps have one name, no step enters the
        reference, or the steps together ask for less valid time than a reference of this kind needs.
    """
    table = Table(document, f"`{where}`")
    table.check_keys(_PROTOCOL_KEYS)
    entries = table.required("steps")
    if not isinstance(entries, list | tuple) or not 0 < len(entries) <= _MOST_STEPS:
        raise table.error(f"`steps` must be 1 to {_MOST_STEPS} tables, each begun with [[steps]].")
    protocol = Protocol(
        name=table.code("name"),
        kind=table.choice("kind", tuple(REQUIRED_S)),
        title=table.text("title", _TITLE_LENGTH),
        steps=tuple(_step(entry, number, where) for number, entry in enumerate(entries, start=1)),
    )
    _check_whole(protocol, table)
    return protocol


def _check_whole(protocol: Protocol, table: Table) -> None:
    """Refuse steps that are each valid but make no reference together."""
    name, times = Counter(step.name for step in protocol.steps).most_common(1)[0]
    if times > 1:
        raise table.error(f"{times} steps have the name `{name}`. Give each step a name of its own.")
    weighted = [step for step in protocol.steps if step.weight > 0]
    if not weighted:
        raise table.error(
            "no step has a `weight` above 0, so there would be no reference. "
            "Give at least one step of use rest, talk or recovery a weight, such as 0.5."
        )
    total_s = sum(step.minimum_s for step in weighted)
    if total_s < protocol.required_s:
        names = ", ".join(f"`{step.name}`" for step in weighted)
        raise table.error(
            f"the steps with a weight ({names}) ask for {total_s / 60:g} valid minutes together; a protocol of kind "
            f"`{protocol.kind}` needs {protocol.required_s / 60:g}. Raise `minimum_minutes` of these steps."
        )


def _step(entry: object, number: int, where: str) -> Step:
    """One step of the document."""
    place = f"`{where}`, step {number}"
    if not isinstance(entry, Mapping):
        raise ProtocolError(f"{place} must be a table with the keys {', '.join(_STEP_KEYS)}.")
    if is_code(entry.get("name")):
        place += f" (`{entry['name']}`)"
    table = Table(entry, place)
    table.check_keys(_STEP_KEYS)
    use = Use(table.choice("use", tuple(Use)))
    table.required("minutes")
    step = Step(
        name=table.code("name"),
        title=table.text("title", _TITLE_LENGTH),
        instruction=table.text("instruction", _INSTRUCTION_LENGTH),
        use=use,
        length_s=table.seconds("minutes"),
        minimum_s=table.seconds("minimum_minutes"),
        weight=table.number("weight", 0.0, 0.0, 1.0),
        last_s=table.seconds("last_minutes"),
        asks=_asks(table),
        **_special(table, use),
    )
    _check_step(step, table)
    return step


def _special(table: Table, use: Use) -> dict[str, float]:
    """Values of keys that only one use has."""
    owners = {"breaths_per_min": Use.PACED, "inhale_share": Use.PACED, "stop_tension": Use.TASK}
    for key, owner in owners.items():
        if key in table.values and use is not owner:
            raise table.error(
                f"`{key}` is only for steps of use {owner}, and this one is {use}. Leave it out."
            )
    if use is Use.PACED:
        table.required("breaths_per_min")
        return {
            "breaths_per_min": table.number("breaths_per_min", 0.0, 3.0, 20.0),
            "inhale_share": table.number("inhale_share", 0.5, 0.2, 0.8),
        }
    if use is Use.TASK:
        return {"stop_tension": table.number("stop_tension", DEFAULT_STOP_TENSION, 1.0, 10.0)}
    return {}


def _asks(table: Table) -> tuple[Rating, ...]:
    """Read what the step asks for."""
    value = table.values.get("asks", ())
    known = tuple(Rating)
    if not isinstance(value, list | tuple) or any(name not in known for name in value):
        raise table.error(f"`asks` is {str(value)[:40]!r}. It must be a list of: {', '.join(known)}.")
    if len(set(value)) < len(value):
        raise table.error("`asks` names a rating twice. Name each once.")
    return tuple(Rating(name) for name in value)


def _check_step(step: Step, table: Table) -> None:
    """Refuse values that contradict each other."""
    if step.length_s < 1:
        raise table.error(
            f"`minutes` is {table.values['minutes']}. Choose 1 second (0.017) to {LONGEST_MIN:g} minutes."
        )
    if step.last_s > step.length_s:
        raise table.error("`last_minutes` is longer than `minutes`. Choose at most the length of the step.")
    if step.minimum_s > step.counted_s:
        key = "last_minutes" if step.last_s else "minutes"
        raise table.error(f"`minimum_minutes` is more than `{key}`, and could not be reached. Choose less.")
    if step.weight > 0 and step.use not in REFERENCE_USES:
        raise table.error(
            f"a step of use {step.use} cannot have a `weight`: only {', '.join(sorted(REFERENCE_USES))} enter the "
            "reference. Set `weight` to 0 or leave it out."
        )
    if step.weight > 0 and step.minimum_s <= 0:
        raise table.error("a step with a `weight` needs `minimum_minutes` above 0. Add it.")
    if step.use is Use.SETTLE and step.minimum_s > 0:
        raise table.error("a step of use settle is discarded. Leave out its `minimum_minutes`.")
