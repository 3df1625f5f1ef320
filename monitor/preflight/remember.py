"""Who wore what last time: codes and streams, for a proposal and never for a unit or a modality."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from monitor.errors import SettingsError
from monitor.room import Participant, Room, StreamLabel
from monitor.session.files import write_atomic

FILE_NAME = "last_room.toml"
MOST_STREAMS = 64
_MAX_BYTES = 1 << 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was kept of last time.

    Parameters
    ----------
    people : tuple of Participant
        Who took part; empty when nothing is known.
    streams : mapping of StreamLabel to str
        Code by stream.
    problem : str
        Why what was kept cannot be used; empty when it can, or there is none.
    """

    people: tuple[Participant, ...] = ()
    streams: Mapping[StreamLabel, str] = field(default_factory=dict)
    problem: str = ""


def recall(folder: Path) -> Memory:
    """Read what was kept.

    Parameters
    ----------
    folder : Path
        The user's configuration folder.

    Returns
    -------
    Memory
        Empty where there is none; empty with its problem where it is damaged.
    """
    path = folder / FILE_NAME
    try:
        if path.stat().st_size > _MAX_BYTES:
            return Memory(problem=_damaged(f"{path} is too large."))
        # A room of this application, so that one parser checks what both of them may hold.
        room = Room.load(path)
    except FileNotFoundError:
        return Memory()
    except OSError as error:
        return Memory(problem=_damaged(f"{path} cannot be read ({error.strerror})."))
    except SettingsError as error:
        return Memory(problem=_damaged(str(error)))
    streams = {rule.exactly: rule.participant for rule in room.streams if rule.exactly is not None}
    return Memory(people=room.participants, streams=dict(list(streams.items())[:MOST_STREAMS]))


def keep(folder: Path, room: Room) -> str:
    """Keep who wears what for next time.

    Parameters
    ----------
    folder : Path
        The user's configuration folder; made when missing.
    room : Room
        The room of the session, made of exact rules.

    Returns
    -------
    str
        Why it could not be kept; empty when it was.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(path, tomli_w.dumps(_plain(room)).encode())
    except OSError as error:
        return f"Who wears what could not be kept for next time in {path}: {error.strerror}."
    return ""


def _plain(room: Room) -> dict[str, Any]:
    """Describe the room without anything that says what a channel is."""
    rules = [rule for rule in room.streams if rule.exactly is not None][:MOST_STREAMS]
    return {
        "participant": [{"code": p.code, "kind": p.kind.value} for p in room.participants],
        "stream": [
            {"participant": r.participant, "match": r.match, "exactly": list(r.exactly or ())} for r in rules
        ],
    }


def _damaged(cause: str) -> str:
    return f"What was kept of last time is left aside: {cause}"
