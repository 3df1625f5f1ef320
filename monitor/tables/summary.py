"""What was found and made in one session, as ``summary.json``."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from monitor.core.reports import StreamReport
from monitor.core.results import Notice
from monitor.session.files import write_atomic
from monitor.tables.writer import Validity
from monitor.versions import versions

SUMMARY_NAME: Final = "summary.json"

_GRID_S: Final = 1.0


def build_summary(
    *,
    source: str,
    t0_lsl_s: float,
    t0_utc_s: float,
    duration_s: float,
    participants: Mapping[str, str],
    streams: Iterable[StreamReport],
    validity: Mapping[tuple[str, str], Validity],
    rows: Mapping[str, int],
    notices: Iterable[Notice],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Gather the summary of one session.

    Parameters
    ----------
    source : str
        Name of the recording, without its folder.
    t0_lsl_s : float
        LSL time of session second 0.
    t0_utc_s : float
        The same moment in seconds since 1970; NaN where unknown.
    duration_s : float
        Length of the session.
    participants : mapping of str to str
        Code to role.
    streams : iterable of StreamReport
        Every stream, in the order of their numbers.
    validity : mapping
        Grid seconds OK, LOW and NA per participant and marker (`monitor.tables.writer.TableWriter.validity`).
    rows : mapping of str to int
        Rows per table.
    notices : iterable of Notice
        What the user was told.
    settings : mapping
        Settings of the run, plain values.

    Returns
    -------
    dict
        Plain values; numbers that are not known are None, never NaN.
    """
    minutes: dict[str, dict[str, dict[str, float]]] = {}
    for (who, marker), valid in sorted(validity.items()):
        minutes.setdefault(who, {})[marker] = {
            "ok": _minutes(valid.n_ok),
            "low": _minutes(valid.n_low),
            "na": _minutes(valid.n_na),
        }
    utc = datetime.fromtimestamp(t0_utc_s, tz=UTC).isoformat() if math.isfinite(t0_utc_s) else None
    found = [_stream(report) for report in streams]
    summary = {
        "versions": versions(),
        "source": source,
        "t0_lsl_s": t0_lsl_s,
        "t0_utc": utc,
        "duration_s": duration_s,
        "participants": participants,
        "settings": settings,
        "streams": found,
        "valid_minutes": minutes,
        "totals": {
            "rows": rows,
            "n_streams": len(found),
            "n_samples": sum(stream["n_samples"] for stream in found),
            "n_rejected": sum(stream["n_rejected"] for stream in found),
            "gap_s": sum(stream["gap_s"] for stream in found),
        },
        "warnings": [notice._asdict() for notice in notices],
    }
    plain = _plain(summary)
    return dict(plain)


def write_summary(folder: Path, summary: Mapping[str, Any]) -> Path:
    """Write a summary beside the tables.

    Parameters
    ----------
    folder : Path
        Where the tables are.
    summary : mapping
        From `build_summary`.

    Returns
    -------
    Path
        The file.
    """
    path = folder / SUMMARY_NAME
    text = json.dumps(_plain(summary), indent=2, ensure_ascii=False, allow_nan=False)
    write_atomic(path, f"{text}\n".encode())
    return path


def _stream(report: StreamReport) -> dict[str, Any]:
    info = report.info
    clock = report.clock
    return {
        "stream_id": info.stream_id,
        "title": info.title,
        "type": info.type,
        "participant": report.participant or None,
        "modality": report.modality,
        "declared_rate_hz": info.nominal_rate_hz,
        "measured_rate_hz": report.measured_rate_hz,
        "channel_count": info.channel_count,
        "format": info.channel_format,
        "n_samples": report.n_samples,
        "n_rejected": report.n_rejected,
        "gaps": [{"start_s": gap.start_s, "stop_s": gap.stop_s} for gap in report.gaps],
        "gap_s": sum(gap.stop_s - gap.start_s for gap in report.gaps),
        "clock": None
        if clock is None
        else {
            "n_offsets": clock.n_offsets,
            "median_offset_s": clock.median_offset_s,
            "drift_ppm": clock.drift_ppm,
            "n_resets": clock.n_resets,
            "verified": clock.verified,
        },
        "warnings": report.warnings,
    }


def _minutes(n_seconds: int) -> float:
    return round(n_seconds * _GRID_S / 60.0, 2)


def _plain(value: Any) -> Any:  # noqa: ANN401 - settings hold any plain value
    """Return the value as JSON can write it: no NaN, no infinity, no types of our own."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str | int | None):
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    return str(value)
