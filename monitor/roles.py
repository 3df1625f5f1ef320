"""Who gets which channel of which stream, and that nobody's role is ever taken over in silence."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.core.model import CANONICAL_UNIT, Binding, Modality, StreamInfo, StreamKey
from monitor.core.recognition import Recognised, recognise
from monitor.core.units import canonical_factor, normal_unit
from monitor.errors import StreamError
from monitor.room import Room, StreamRule

_MAX_CODE = 32
_TAKEN = frozenset({*CANONICAL_UNIT, Modality.SPEECH})
"""What is bound; the rest of what is recognised is only recorded."""


class RoleConflict(StreamError):  # noqa: N818 - a conflict is what it is called on the screen
    """Two streams claim one role, or one stream is given to two people.

    Parameters
    ----------
    message : str
        Names both and the next step.
    key : StreamKey, optional
        The role.
    """

    def __init__(self, message: str, key: StreamKey | None = None) -> None:
        super().__init__(message)
        self.key = key


class Source(NamedTuple):
    """What stays the same when the program behind a stream is restarted."""

    name: str
    type: str
    source_id: str
    hostname: str


def source_of(info: StreamInfo) -> Source:
    """Tell which source a stream comes from.

    Parameters
    ----------
    info : StreamInfo
        The stream.

    Returns
    -------
    Source
        Equal for a stream and for the same stream after a restart.
    """
    return Source(info.name, info.type, info.source_id, info.hostname)


def participant_of(info: StreamInfo, room: Room) -> str | None:
    """Tell whose a stream is.

    Parameters
    ----------
    info : StreamInfo
        The stream.
    room : Room
        The rules; without any, a stream is a participant of its own, named after it, unless the room is closed.

    Returns
    -------
    str or None
        Code of the participant; None when no rule fits.

    Raises
    ------
    RoleConflict
        If rules give the stream to more than one person.
    """
    if not room.streams and room.closed:
        return None
    if not room.streams:
        return re.sub(r"[^A-Za-z0-9_-]+", "_", info.name).strip("_")[:_MAX_CODE] or f"stream{info.stream_id}"
    fitting = [rule for rule in room.streams if fits(rule, info)]
    people = sorted({rule.participant for rule in fitting})
    if len(people) > 1:
        texts = " and ".join(f"{rule.participant}={rule.match}" for rule in fitting)
        raise RoleConflict(
            f"Stream {info.title} fits {' and '.join(people)} ({texts}). Give --assign a text only one has."
        )
    return people[0] if people else None


def bind(info: StreamInfo, room: Room) -> tuple[Binding, ...]:
    """Bind the channels of a stream to roles.

    Only what was recognised beyond doubt is bound, unless a rule names modality and unit or channel: what the
    user says wins. Of several channels for one role the first is taken, and the reason says so.

    Parameters
    ----------
    info : StreamInfo
        The stream.
    room : Room
        Participants and rules.

    Returns
    -------
    tuple of Binding
        Empty when the stream is only to be recorded.

    Raises
    ------
    RoleConflict
        If rules give the stream to more than one person.
    """
    participant = participant_of(info, room)
    if participant is None:
        return ()
    rules = [rule for rule in room.streams if fits(rule, info)]
    channels = _by_rules(recognise(info), rules, info.channel_count)
    bindings: dict[Modality, Binding] = {}
    spare: dict[Modality, int] = {}
    for channel in channels:
        if not channel.certain or channel.modality not in _TAKEN:
            continue
        if channel.modality is Modality.SPEECH and not room.streams:
            # Whose voice it is, only a rule can say.
            continue
        if channel.modality in bindings:
            spare[channel.modality] = spare.get(channel.modality, 1) + 1
            continue
        key = StreamKey(participant, channel.modality)
        bindings[channel.modality] = Binding(
            channel=channel.channel, key=key, unit=channel.unit, scale=channel.scale, reason=channel.reason
        )
    return tuple(
        replace(binding, reason=f"{binding.reason}; the first of {spare[modality]} such channels")
        if modality in spare
        else binding
        for modality, binding in bindings.items()
    )


def doubts(info: StreamInfo, room: Room) -> tuple[str, ...]:
    """Say why channels of a stream are not bound though they measure something analysed.

    Parameters
    ----------
    info : StreamInfo
        The stream.
    room : Room
        Participants and rules.

    Returns
    -------
    tuple of str
        One readable reason per channel in doubt.
    """
    rules = [rule for rule in room.streams if fits(rule, info)]
    channels = _by_rules(recognise(info), rules, info.channel_count)
    return tuple(c.reason for c in channels if not c.certain and c.modality in _TAKEN)


class Roles:
    """Keeps which stream holds each role.

    A role stays with the source that took it first. The same source may take it again after a restart; any
    other source is refused, even when the first is gone.
    """

    __slots__ = ("_holders",)

    def __init__(self) -> None:
        self._holders: dict[StreamKey, tuple[StreamInfo, bool]] = {}

    def claim(self, info: StreamInfo, bindings: Iterable[Binding]) -> None:
        """Take the roles of a stream, all of them or none.

        Parameters
        ----------
        info : StreamInfo
            The stream.
        bindings : iterable of Binding
            Its bindings.

        Raises
        ------
        RoleConflict
            If another stream holds one of the roles.
        """
        keys = [binding.key for binding in bindings]
        for key in keys:
            holder, live = self._holders.get(key, (info, False))
            if live or source_of(holder) != source_of(info):
                raise _conflict(key, holder, info)
        for key in keys:
            self._holders[key] = (info, True)

    def release(self, stream_id: int) -> None:
        """Note that a stream ended; its roles wait for the same source.

        Parameters
        ----------
        stream_id : int
            The stream.
        """
        for key, (holder, _) in self._holders.items():
            if holder.stream_id == stream_id:
                self._holders[key] = (holder, False)

    def holder(self, key: StreamKey) -> StreamInfo | None:
        """Tell which stream holds a role, or held it last.

        Parameters
        ----------
        key : StreamKey
            The role.

        Returns
        -------
        StreamInfo or None
            None when nobody ever took it.
        """
        entry = self._holders.get(key)
        return None if entry is None else entry[0]


def contested(claims: Sequence[tuple[StreamInfo, Sequence[Binding]]]) -> dict[StreamKey, RoleConflict]:
    """Find the roles that several streams claim at once; of equals none is chosen.

    Parameters
    ----------
    claims : sequence of (StreamInfo, sequence of Binding)
        Streams present at the same time with the roles they would take.

    Returns
    -------
    dict
        The conflict for each contested role.
    """
    first: dict[StreamKey, StreamInfo] = {}
    conflicts: dict[StreamKey, RoleConflict] = {}
    for info, bindings in claims:
        for binding in bindings:
            holder = first.setdefault(binding.key, info)
            if holder is not info:
                conflicts[binding.key] = _conflict(binding.key, holder, info)
    return conflicts


def _conflict(key: StreamKey, holder: StreamInfo, claimant: StreamInfo) -> RoleConflict:
    who = f"{key.modality.value} of {key.participant}"
    return RoleConflict(
        f"Two streams claim {who}: {_described(holder)} and {_described(claimant)}. "
        f"Say which with --assign {key.participant}=TEXT, where TEXT is in only one of them.",
        key,
    )


def _described(info: StreamInfo) -> str:
    return f"{info.title} (source id {info.source_id!r})"


def fits(rule: StreamRule, info: StreamInfo) -> bool:
    """Tell whether a rule is about a stream.

    Parameters
    ----------
    rule : StreamRule
        The rule.
    info : StreamInfo
        The stream.

    Returns
    -------
    bool
        Whether its name, source id or host holds the text of the rule, or it is the one stream the rule names.
    """
    if rule.exactly is not None:
        return rule.exactly == source_of(info)
    text = rule.match.casefold()
    return any(text in field.casefold() for field in (info.name, info.source_id, info.hostname))


def _by_rules(
    channels: Sequence[Recognised], rules: Sequence[StreamRule], n_channels: int
) -> list[Recognised]:
    """Let the user's rules limit and overrule what was recognised."""
    wide = not rules or any(rule.modality is None for rule in rules)
    named = {rule.modality for rule in rules if rule.modality is not None}
    result = [channel for channel in channels if wide or channel.modality in named]
    for rule in rules:
        modality = rule.modality
        if modality is None or (not rule.unit and rule.channel is None):
            continue
        ruled = [c for c in result if c.modality is modality and rule.channel in {None, c.channel}]
        if rule.channel is not None:
            if rule.channel >= n_channels:
                continue
            ruled = ruled or [Recognised(rule.channel, modality, "", 1.0, f"channel {rule.channel}", True)]
        result = [channel for channel in result if channel.modality is not modality]
        result += [_overruled(channel, rule, modality) for channel in ruled]
    return result


def _overruled(channel: Recognised, rule: StreamRule, modality: Modality) -> Recognised:
    reason = f"assigned by the user ({rule.match}); {channel.reason}"
    if not rule.unit:
        # Naming the channel settles which one it is, not the unit of what it carries.
        return channel._replace(reason=reason, certain=channel.scale == channel.scale)
    unit = normal_unit(rule.unit)
    scale = canonical_factor(modality, unit, by_user=True)
    factor = 1.0 if scale is None else scale
    return channel._replace(
        unit=unit, scale=factor, reason=f"{reason}; unit {unit} named by the user", certain=True
    )
