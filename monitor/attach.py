"""Where the running session of this user is to be found, so that a window can be opened at it again."""

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.board.client import BoardClient, Link
from monitor.session.files import write_atomic

_ANSWER_S = 3.0
_LOOK_S = 0.02
_MAX_BYTES = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningEngine:
    """A session that is being recorded.

    Parameters
    ----------
    pid : int
        Number of its process.
    host : str
        Its computer; the folder may be shared by several.
    address : str
        Where its board is served.
    key : str
        What a window must know, in hexadecimal digits.
    session : str
        Name of the session folder.
    started : str
        When it began, in UTC.
    """

    pid: int
    host: str
    address: str
    key: str
    session: str
    started: str

    @property
    def since(self) -> str:
        """When it began, as a time of day of this place."""
        return datetime.fromisoformat(self.started).astimezone().strftime("%H:%M")


@contextmanager
def announced(folder: Path, *, address: str, key: bytes, session: str) -> Iterator[str]:
    """Let others of this user find a session while it is recorded.

    Parameters
    ----------
    folder : Path
        Where sessions are announced; made when missing, for this user only.
    address : str
        Where the board is served.
    key : bytes
        What a window must know.
    session : str
        Name of the session folder.

    Yields
    ------
    str
        Why it cannot be announced; empty when it is.
    """
    engine = RunningEngine(
        pid=os.getpid(),
        host=platform.node(),
        address=address,
        key=key.hex(),
        session=session,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    path = folder / f"{session}.{engine.pid}.json"
    problem = ""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        write_atomic(path, json.dumps(asdict(engine)).encode())
    except OSError as error:
        problem = (
            f"Another window cannot be opened at this session: {path} cannot be written ({error.strerror})."
        )
    try:
        yield problem
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def running_engine(folder: Path) -> RunningEngine | None:
    """Find a session of this user that is being recorded on this computer.

    Parameters
    ----------
    folder : Path
        Where sessions are announced.

    Returns
    -------
    RunningEngine or None
        The one that began last; what is left of others that are gone is removed.
    """
    found = []
    for path in _files(folder):
        engine = _read(path)
        if engine is None or engine.host != platform.node():
            continue
        if _answers(engine):
            found.append(engine)
        else:
            with suppress(OSError):
                path.unlink()
    return max(found, key=lambda engine: engine.started, default=None)


def _files(folder: Path) -> list[Path]:
    try:
        mine = os.name == "nt" or folder.stat().st_uid == os.getuid()
        return sorted(folder.glob("*.json")) if mine else []
    except OSError:
        return []


def _read(path: Path) -> RunningEngine | None:
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        value = json.loads(path.read_text(encoding="utf-8"))
        engine = RunningEngine(**value)
        bytes.fromhex(engine.key)
        datetime.fromisoformat(engine.started)
    except (OSError, ValueError, TypeError):
        return None
    texts = (engine.host, engine.address, engine.session)
    return engine if engine.key and all(isinstance(text, str) for text in texts) else None


def _answers(engine: RunningEngine) -> bool:
    """Whether somebody who knows the key is there; one who is busy is taken to be."""
    client = BoardClient(engine.address, key=bytes.fromhex(engine.key))
    try:
        deadline = time.monotonic() + _ANSWER_S
        while client.link is Link.CONNECTING and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
        return client.link is not Link.GONE
    finally:
        client.close()
