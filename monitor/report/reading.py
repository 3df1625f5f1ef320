"""What a session folder, or a folder of tables, says of a session: read once, checked, never trusted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from monitor.errors import RecordingError
from monitor.history.files import SUMMARY_NAME, number
from monitor.report.blocks import said, without_hosts
from monitor.report.noted import Noted, read_noted
from monitor.report.tables import Tables, read_tables
from monitor.session.manifest import MANIFEST_NAME, read_manifest

_MAX_BYTES = 1 << 26
_KINDS = ("client", "therapist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a page is made of.

    Parameters
    ----------
    name : str
        Name of the session: of its folder.
    summary : Mapping of str to Any
        ``summary.json`` as it was written.
    tables : Tables
        The tables as far as they are there.
    noted : tuple of Noted
        Notes and marks by time.
    incidents : tuple of str
        What went wrong while it was recorded.
    told : tuple of str
        What could not be read, a sentence each.
    """

    name: str
    summary: Mapping[str, Any]
    tables: Tables
    noted: tuple[Noted, ...]
    incidents: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Codes, the client first and the therapist last."""
        codes = list(mapping(self.summary, "participants"))
        return tuple(sorted(codes, key=lambda code: {"client": 0, "therapist": 2}.get(self.kind(code), 1)))

    @property
    def duration_s(self) -> float:
        """Length of the session in seconds; NaN where unknown."""
        return number(self.summary, "duration_s")

    def kind(self, code: str) -> str:
        """Tell as what somebody takes part.

        Parameters
        ----------
        code : str
            The person.

        Returns
        -------
        str
            ``client``, ``therapist`` or ``participant``.
        """
        kind = mapping(self.summary, "participants").get(code)
        return kind if kind in _KINDS else "participant"

    def called(self, code: str) -> str:
        """Name somebody as the page does.

        Parameters
        ----------
        code : str
            The person.

        Returns
        -------
        str
            Kind and code.
        """
        return f"{self.kind(code)} {said(code)}"


def read_material(folder: Path, *, with_text: bool = False) -> Material:
    """Read a session.

    Parameters
    ----------
    folder : Path
        A session folder or a folder with the tables of an analysis.
    with_text : bool, default False
        Whether the free text of the notebook is taken along.

    Returns
    -------
    Material
        Whatever is there; what is missing is told.

    Raises
    ------
    RecordingError
        If there is no readable summary.
    """
    summary = _summary(folder)
    told: list[str] = []
    tables = read_tables(folder, _rows(summary), told)
    noted = read_noted(folder, summary, told, with_text=with_text)
    return Material(
        name=folder.resolve().name,
        summary=summary,
        tables=tables,
        noted=noted,
        incidents=_incidents(folder, summary),
        told=tuple(told),
    )


def mapping(part: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Take a mapping out of nested plain values.

    Parameters
    ----------
    part : Mapping of str to Any
        Part of a summary.
    *keys : str
        Way to it.

    Returns
    -------
    Mapping of str to Any
        Empty where there is none.
    """
    value: Any = part
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def mappings(part: Mapping[str, Any], *keys: str) -> list[Mapping[str, Any]]:
    """Take a list of mappings out of nested plain values.

    Parameters
    ----------
    part : Mapping of str to Any
        Part of a summary.
    *keys : str
        Way to it.

    Returns
    -------
    list of Mapping of str to Any
        Without whatever is no mapping; empty where there is no list.
    """
    found = mapping(part, *keys[:-1]).get(keys[-1])
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def whole(part: Mapping[str, Any], *keys: str) -> int:
    """Take a count out of nested plain values.

    Parameters
    ----------
    part : Mapping of str to Any
        Part of a summary.
    *keys : str
        Way to it.

    Returns
    -------
    int
        0 where there is none.
    """
    value = number(part, *keys)
    return int(value) if isfinite(value) else 0


def _summary(folder: Path) -> dict[str, Any]:
    path = folder / SUMMARY_NAME
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise RecordingError(f"'{path}' is too large to be one of ours. {_again(folder)}")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RecordingError(_absent(folder)) from error
    except OSError as error:
        raise RecordingError(
            f"'{path}' cannot be read ({error.strerror}). Check the permissions of the folder."
        ) from error
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"'{path}' is damaged. {_again(folder)}") from error
    if not isinstance(content, dict) or not isinstance(content.get("participants"), dict):
        raise RecordingError(f"'{path}' is no summary of this program. {_again(folder)}")
    return content


def _absent(folder: Path) -> str:
    if folder.is_file():
        return (
            f"'{folder}' is a file. A report is made of tables: `attune analyze {folder} --out DIR` writes "
            "them to DIR, and the report with them."
        )
    if not folder.exists():
        return f"'{folder}' does not exist. Give a session folder, or the folder of an analysis."
    if not any((folder / name).exists() for name in ("recording.xdf", "recording.xdf.part")):
        return (
            f"'{folder}' holds no {SUMMARY_NAME}. Give a session folder or the folder of an analysis, or "
            f"make one: `attune analyze FILE.xdf --out {folder}`."
        )
    return f"'{folder}' holds no {SUMMARY_NAME}. {_again(folder)}"


def _again(folder: Path) -> str:
    source = folder if (folder / "recording.xdf").exists() else "PATH"
    return f"Make it anew: `attune analyze {source} --out {folder}`."


def _rows(summary: Mapping[str, Any]) -> dict[str, int]:
    rows = mapping(summary, "totals", "rows")
    return {name: int(rows[name]) for name in rows if isfinite(number(rows, name))}


def _incidents(folder: Path, summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Gather what the recorder noted, and what a repair noted in the manifest later."""
    found = mapping(summary, "recording").get("incidents")
    texts = list(found) if isinstance(found, list) else []
    titles = [stream.get("title") for stream in mappings(summary, "streams")]
    if (folder / MANIFEST_NAME).is_file():
        try:
            texts += read_manifest(folder).get("incidents", [])
        except RecordingError as error:
            texts.append(str(error).replace(f"{folder}", folder.name))
    return tuple(dict.fromkeys(text for item in texts if (text := without_hosts(said(item, 400), titles))))


def utc_text(summary: Mapping[str, Any], key: str = "t0_utc") -> str:
    """Write when a session began, without its seconds.

    Parameters
    ----------
    summary : Mapping of str to Any
        A summary.
    key : str, default "t0_utc"
        Which moment.

    Returns
    -------
    str
        ``YYYY-MM-DD, hh:mm UTC``; empty where unknown.
    """
    moment = moment_of(summary.get(key))
    return moment.strftime("%Y-%m-%d, %H:%M UTC") if moment else ""


def moment_of(text: object) -> datetime | None:
    """Read a date and time.

    Parameters
    ----------
    text : object
        ISO 8601; without a zone it is UTC.

    Returns
    -------
    datetime or None
        In UTC; None for whatever else.
    """
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
