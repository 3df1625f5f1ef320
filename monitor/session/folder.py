"""The folder of one session: made once, never overwritten, readable by its owner only."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import tomli_w

from monitor.core.events import StreamOpened
from monitor.errors import RecordingError, SettingsError
from monitor.room import check_code
from monitor.session.files import sync_folder, write_atomic
from monitor.session.locks import FileLock
from monitor.versions import versions

_NAME = re.compile(r"[A-Za-z0-9_-]{1,120}", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.ASCII | re.IGNORECASE)
_RECORDING = "recording.xdf"
_MOST_OF_ONE_NAME = 999


def check_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Check the codes of everybody in a session.

    Parameters
    ----------
    codes : iterable of str
        As typed.

    Returns
    -------
    tuple of str
        The same codes.

    Raises
    ------
    SettingsError
        One cannot be used, or two are the same on a disk that ignores case.
    """
    checked = tuple(check_code(code) for code in codes)
    if len({code.lower() for code in checked}) < len(checked):
        raise SettingsError(
            f"Two participants have the same code ({', '.join(checked)}; capitals do not count). "
            "Change one of them."
        )
    return checked


class SessionFolder:
    """The paths of one session and the lock on its recording.

    Parameters
    ----------
    path : Path
        An existing session folder; a new one comes from `create`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = FileLock(path / f"{_RECORDING}.lock")
        self._facts: dict[str, Any] = {}

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        name: str | None = None,
        settings: Mapping[str, Any],
        participants: Mapping[str, str] | None = None,
        now: datetime | None = None,
    ) -> "SessionFolder":
        """Make a new session folder; an existing one of that name is left alone and the new one numbered.

        Parameters
        ----------
        root : Path
            Where sessions are kept; made when missing.
        name : str or None, default None
            Name of the folder; None makes one of local time and codes, such as ``2026-11-22_101500_C07_T02``.
        settings : mapping
            Settings of the session: plain values, written to ``session.toml``.
        participants : mapping of str to str or None, default None
            Code to role (``client``, ``therapist`` or any word).
        now : datetime or None, default None
            Local time for the name; None for the present.

        Returns
        -------
        SessionFolder
            With mode 0700 and its ``session.toml`` written.

        Raises
        ------
        SettingsError
            A code or the name cannot be used.
        RecordingError
            The folder cannot be made.
        """
        roles = dict(participants or {})
        codes = check_codes(roles)
        if name is None:
            moment = now if now is not None else datetime.now().astimezone()
            name = "_".join((moment.strftime("%Y-%m-%d_%H%M%S"), *codes))[:120]
        if _NAME.fullmatch(name) is None or _RESERVED.fullmatch(name) is not None:
            raise SettingsError(
                f"{name!r} cannot be the name of a session. Use letters A-Z, a-z, digits, _ and -."
            )
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            session = cls(_make_folder(root, name))
            session._facts = {
                "participants": roles,
                "settings": dict(settings),
                "versions": versions(),
                "streams": [],
            }
            session._write_facts()
            sync_folder(root)
        except OSError as error:
            raise RecordingError(
                f"No session folder can be made in {root} ({error.strerror}). Choose another folder."
            ) from error
        return session

    @property
    def recording(self) -> Path:
        """The finished recording."""
        return self.path / _RECORDING

    @property
    def part(self) -> Path:
        """The recording while it is written."""
        return self.path / f"{_RECORDING}.part"

    @property
    def session_toml(self) -> Path:
        """Who by code, streams, settings, versions."""
        return self.path / "session.toml"

    @property
    def tables(self) -> Path:
        """Folder of the tables: the session folder itself."""
        return self.path

    def describe_streams(self, opened: Iterable[StreamOpened]) -> None:
        """Write which streams were bound to whom; host names stay in the recording alone.

        Parameters
        ----------
        opened : iterable of StreamOpened
            All streams so far.
        """
        self._facts["streams"] = [
            {
                "stream_id": event.info.stream_id,
                "name": event.info.name,
                "type": event.info.type,
                "source_id": event.info.source_id,
                "nominal_rate_hz": event.info.nominal_rate_hz,
                "format": event.info.channel_format,
                "bindings": [
                    {
                        "channel": binding.channel,
                        "participant": binding.key.participant,
                        "modality": binding.key.modality,
                        "unit": binding.unit,
                        "scale": binding.scale,
                        "reason": binding.reason,
                    }
                    for binding in event.bindings
                ],
            }
            for event in opened
        ]
        self._write_facts()

    def _write_facts(self) -> None:
        write_atomic(self.session_toml, tomli_w.dumps(_plain(self._facts)).encode())


def _make_folder(root: Path, name: str) -> Path:
    """Make the first folder that does not exist of ``name, name-2, name-3 …``."""
    for number in range(1, _MOST_OF_ONE_NAME):
        path = root / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return path
    raise RecordingError(f"{root} has too many sessions named {name}. Choose another name.")


def _plain(value: Any) -> Any:  # noqa: ANN401 - settings hold any value TOML can write
    """Return the value as TOML can write it; what is None is left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value if item is not None]
    if isinstance(value, Path):
        return str(value)
    return value


def read_participants(path: Path) -> dict[str, str]:
    """Read who takes part from a ``session.toml``.

    Parameters
    ----------
    path : Path
        The file; it may be missing.

    Returns
    -------
    dict of str to str
        Code to role; empty where the file is missing or says nothing readable.
    """
    return {str(code): str(role) for code, role in _table(path, "participants").items()}


def read_settings(path: Path) -> dict[str, Any]:
    """Read with which settings a session was made from a ``session.toml``.

    Parameters
    ----------
    path : Path
        The file; it may be missing.

    Returns
    -------
    dict of str to Any
        Nested by section; empty where the file is missing or says nothing readable.
    """
    return _table(path, "settings")


def _table(path: Path, name: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get(name, {})
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
