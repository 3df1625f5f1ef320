"""The room: who is there, and which streams are whose. Read from and written to ``room.toml``."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import tomli_w

from monitor.core.model import Modality
from monitor.core.units import accepted_units, canonical_factor, normal_unit
from monitor.errors import SettingsError

_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.ASCII | re.IGNORECASE)
"""Names Windows gives to devices: no file may be called so."""
_MAX_BYTES = 1 << 20

StreamLabel = tuple[str, str, str, str]
"""Name, type, source id and host of a stream: what it has again after its sender was restarted."""


class Kind(StrEnum):
    """What a participant is in the session."""

    CLIENT = "client"
    THERAPIST = "therapist"
    OTHER = "other"


def check_code(code: str) -> str:
    """Return a participant code if it is one.

    Parameters
    ----------
    code : str
        Candidate.

    Returns
    -------
    str
        The same code.

    Raises
    ------
    SettingsError
        If it holds anything but 1 to 32 letters, digits, ``_`` and ``-`` of ASCII, or could not be the name of
        a file on every system.
    """
    if not _CODE.fullmatch(code) or _RESERVED.fullmatch(code):
        raise SettingsError(
            f"{code[:40]!r} cannot be the code of a participant. "
            "Use 1 to 32 of the letters A-Z, a-z, digits, _ and -, and no names."
        )
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person by code; there is no field for a name.

    Parameters
    ----------
    code : str
        1 to 32 letters, digits, ``_`` and ``-``.
    kind : Kind, default Kind.OTHER
        What the person is in the session.
    """

    code: str
    kind: Kind = Kind.OTHER

    def __post_init__(self) -> None:
        """Refuse what is no code."""
        check_code(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRule:
    """Gives a participant every stream whose name, source id or host contains a text.

    Parameters
    ----------
    participant : str
        Code of the participant.
    match : str
        Text to look for, in either case.
    modality : Modality, optional
        Only channels of this modality; needed with `unit` and `channel`.
    unit : str, default ""
        What the user says the unit is; it wins over the declared one.
    channel : int, optional
        The channel, from 0, whatever it seems to be.
    exactly : StreamLabel, optional
        Only the stream of this name, type, source id and host; `match` is then for the reader alone.
    """

    participant: str
    match: str
    modality: Modality | None = None
    unit: str = ""
    channel: int | None = None
    exactly: StreamLabel | None = None

    def __post_init__(self) -> None:
        """Refuse rules that could not be obeyed."""
        check_code(self.participant)
        if not self.match.strip():
            raise SettingsError(
                f"An empty text would give {self.participant} every stream. Give a part of its name."
            )
        if self.modality is None and (self.unit or self.channel is not None):
            raise SettingsError(f"The rule for {self.match!r} has a unit or channel: say its modality too.")
        if self.channel is not None and self.channel < 0:
            raise SettingsError(f"Channel {self.channel} of {self.match!r}: channels count from 0.")
        unit = normal_unit(self.unit)
        if unit and self.modality and canonical_factor(self.modality, unit, by_user=True) is None:
            units = ", ".join(accepted_units(self.modality)) or "none"
            raise SettingsError(f"Unit {self.unit!r} of {self.match!r} cannot be used. Valid: {units}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Participants and the rules that give them their streams.

    Parameters
    ----------
    participants : tuple of Participant
        In the order of the screen.
    streams : tuple of StreamRule
        Rules; without any, each stream is a participant of its own.
    closed : bool, default False
        The rules are all there is: without any, no stream is anybody's.
    """

    participants: tuple[Participant, ...] = ()
    streams: tuple[StreamRule, ...] = ()
    closed: bool = False

    def __post_init__(self) -> None:
        """Refuse codes given twice, and rules for people who are not there."""
        codes = [participant.code for participant in self.participants]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise SettingsError(f"Participant {twice[0]} is there twice. Give each person their own code.")
        for rule in self.streams:
            if rule.participant not in codes:
                known = ", ".join(codes) or "nobody"
                raise SettingsError(
                    f"A stream is given to {rule.participant}, who is not a participant ({known})."
                )

    def of_kind(self, kind: Kind) -> tuple[str, ...]:
        """List the participants of one kind.

        Parameters
        ----------
        kind : Kind
            Kind wanted.

        Returns
        -------
        tuple of str
            Codes.
        """
        return tuple(participant.code for participant in self.participants if participant.kind is kind)

    @classmethod
    def from_options(
        cls, assign: Sequence[str] = (), client: str | None = None, therapist: str | None = None
    ) -> Self:
        """Make a room from the options of the command line.

        Parameters
        ----------
        assign : sequence of str
            ``CODE=TEXT`` each.
        client, therapist : str, optional
            Who is who. Someone named here but in no `assign` gets the streams that contain the code.

        Returns
        -------
        Room
            The room.

        Raises
        ------
        SettingsError
            If an option cannot be used.
        """
        rules: list[StreamRule] = []
        for option in assign:
            code, equals, text = option.partition("=")
            if not equals:
                raise SettingsError(f"--assign {option!r} is not CODE=TEXT. Example: --assign C07=H10.")
            rules.append(StreamRule(participant=code.strip(), match=text.strip()))
        kinds = {therapist: Kind.THERAPIST, client: Kind.CLIENT}
        if client is not None and client == therapist:
            raise SettingsError(
                f"{client} cannot be client and therapist. Give each person a code of their own."
            )
        named = [code for code in (client, therapist) if code is not None]
        codes = list(dict.fromkeys([*named, *(rule.participant for rule in rules)]))
        assigned = {rule.participant for rule in rules}
        rules += [StreamRule(participant=code, match=code) for code in named if code not in assigned]
        people = tuple(Participant(code=code, kind=kinds.get(code, Kind.OTHER)) for code in codes)
        return cls(participants=people, streams=tuple(rules))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a room from a TOML file.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        Room
            The room.

        Raises
        ------
        SettingsError
            If the file cannot be read, is not TOML, or holds an unknown key or a value that cannot be used.
        """
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise SettingsError(f"{path} is too large for a room file. Check that it is the right one.")
            document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise SettingsError(f"Cannot read {path}: {error.strerror}. Check the path.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SettingsError(f"{path} is not valid TOML: {error}. Correct that place.") from error
        try:
            _check_keys(document, ("participant", "stream", "closed"), "the file")
            return cls(
                participants=tuple(_participant(table) for table in _tables(document, "participant")),
                streams=tuple(_rule(table) for table in _tables(document, "stream")),
                closed=document.get("closed") is True,
            )
        except SettingsError as error:
            raise SettingsError(f"{path}: {error}") from error

    def to_mapping(self) -> dict[str, Any]:
        """Describe the room in plain values, as in the file.

        Returns
        -------
        dict
            What `load` reads.
        """
        room: dict[str, Any] = {
            "participant": [{"code": p.code, "kind": p.kind.value} for p in self.participants],
            "stream": [_plain(rule) for rule in self.streams],
        }
        return {"closed": True, **room} if self.closed else room

    def save(self, path: Path) -> None:
        """Write the room to a TOML file, all or nothing.

        Parameters
        ----------
        path : Path
            The file; one that exists is replaced.

        Raises
        ------
        SettingsError
            If the folder cannot be written.
        """
        draft = path.with_name(path.name + ".new")
        try:
            draft.write_text(tomli_w.dumps(self.to_mapping()), encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            raise SettingsError(f"Cannot write {path}: {error.strerror}. Choose another folder.") from error


def _plain(rule: StreamRule) -> dict[str, Any]:
    more = {
        "modality": rule.modality and rule.modality.value,
        "unit": rule.unit or None,
        "channel": rule.channel,
        "exactly": rule.exactly and list(rule.exactly),
    }
    said = {key: value for key, value in more.items() if value is not None}
    return {"participant": rule.participant, "match": rule.match, **said}


def _check_keys(table: Mapping[str, Any], valid: Sequence[str], where: str) -> None:
    for key in table:
        if key not in valid:
            raise SettingsError(f"Unknown key {key!r} in {where}. Valid keys: {', '.join(valid)}.")


def _tables(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    tables = document.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"{key!r} is no list of tables. Write [[{key}]] above each one.")
    return tables


def _text(table: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise SettingsError(f'{key!r} is {value!r}, not a text. Write {key} = "…".')
    return value


def _participant(table: Mapping[str, Any]) -> Participant:
    _check_keys(table, ("code", "kind"), "[[participant]]")
    kind = _text(table, "kind", Kind.OTHER.value)
    if kind not in set(Kind):
        raise SettingsError(f"Unknown kind {kind!r}. Valid: {', '.join(Kind)}.")
    return Participant(code=_text(table, "code"), kind=Kind(kind))


def _rule(table: Mapping[str, Any]) -> StreamRule:
    _check_keys(table, ("participant", "match", "modality", "unit", "channel", "exactly"), "[[stream]]")
    modality = _text(table, "modality", "")
    if modality and modality not in set(Modality):
        raise SettingsError(f"Unknown modality {modality!r}. Valid: {', '.join(Modality)}.")
    channel = table.get("channel")
    if channel is not None and (not isinstance(channel, int) or isinstance(channel, bool)):
        raise SettingsError(f"Channel {channel!r} is no whole number. Channels count from 0.")
    return StreamRule(
        participant=_text(table, "participant"),
        match=_text(table, "match"),
        modality=Modality(modality) if modality else None,
        unit=_text(table, "unit", ""),
        channel=channel,
        exactly=_label(table),
    )


def _label(table: Mapping[str, Any]) -> StreamLabel | None:
    match table.get("exactly"):
        case None:
            return None
        case [str(name), str(kind), str(source_id), str(host)]:
            return name, kind, source_id, host
        case other:
            raise SettingsError(
                f"'exactly' is {other!r}. Write name, type, source id and host of one stream."
            )
