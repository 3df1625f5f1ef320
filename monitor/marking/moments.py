"""Moments of a session: how people write them, and what arousal was before one."""

import re
from collections import Counter
from math import nan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from monitor.errors import SettingsError

_BEFORE_S = 30.0
_MIN_VALID = 10
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):([0-5]?\d(?:\.\d+)?)", re.ASCII)
_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)

_WORDS = {
    "arrhythmia_suspected": "beat pattern unsuitable for this analysis",
    "lead_off": "electrode without contact",
    "no_data": "no data",
}


class ArousalBefore(NamedTuple):
    """Arousal in the 30 s before a moment.

    Parameters
    ----------
    arousal : float
        Median of the valid seconds whose centre lies in ``[moment - 30, moment]``, in reference SD; NaN with fewer
        than ten of them.
    se : float
        Median of their standard errors; NaN where unknown.
    reason : str
        Why it is missing, for the user; empty where it is not.
    """

    arousal: float
    se: float
    reason: str


def parse_time(text: str) -> float:
    """Read a moment of a session.

    Parameters
    ----------
    text : str
        Seconds, ``mm:ss`` or ``hh:mm:ss``.

    Returns
    -------
    float
        Session seconds.

    Raises
    ------
    SettingsError
        If it is none of these.
    """
    given = text.strip()
    if _PLAIN.fullmatch(given) and len(given) < 16:
        return float(given)
    clock = _CLOCK.fullmatch(given)
    if clock and len(given) < 16:
        hours, minutes, seconds = clock.groups()
        if hours is None or int(minutes) < 60:
            return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds)
    raise SettingsError(
        f"{text[:40]!r} is no moment of a session. Give seconds (750), mm:ss (12:30) or hh:mm:ss (0:12:30)."
    )


def clock_text(time_s: float) -> str:
    """Write a moment of a session.

    Parameters
    ----------
    time_s : float
        Session seconds.

    Returns
    -------
    str
        ``mm:ss``, or ``h:mm:ss`` from an hour on; parts of a second are cut off.
    """
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def arousal_before(session: Path, code: str, time_s: float) -> ArousalBefore:
    """Tell what arousal was before a moment.

    Parameters
    ----------
    session : Path
        Folder with ``markers.parquet``.
    code : str
        Participant.
    time_s : float
        Moment in session seconds.

    Returns
    -------
    ArousalBefore
        Missing, with the reason, in a gap, without calibration and without a readable table.
    """
    import pyarrow as pa
    from pyarrow import parquet

    path = session / "markers.parquet"
    try:
        table = parquet.read_table(
            path,
            columns=["t_centre_s", "value", "se", "status", "reason"],
            filters=[
                ("participant", "=", code),
                ("marker", "=", "arousal"),
                ("t_centre_s", ">=", time_s - _BEFORE_S),
                ("t_centre_s", "<=", time_s),
            ],
        )
    except FileNotFoundError:
        again = f"`attune analyze {session} --out {session}`"
        return ArousalBefore(
            nan, nan, f"the session has no markers.parquet. {again} makes it; then mark again."
        )
    except (OSError, pa.ArrowException) as error:
        return ArousalBefore(
            nan, nan, f"markers.parquet cannot be read ({type(error).__name__}). Restore it from a copy."
        )
    value = table["value"].to_numpy(zero_copy_only=False).astype(np.float64)
    se = table["se"].to_numpy(zero_copy_only=False).astype(np.float64)
    status = np.array(table["status"].to_pylist(), dtype=object)
    valid = np.isfinite(value) & ((status == "OK") | (status == "LOW"))
    if int(valid.sum()) < _MIN_VALID:
        return ArousalBefore(nan, nan, _gap(code, time_s, int(valid.sum()), table["reason"].to_pylist()))
    errors = se[valid & np.isfinite(se)]
    return ArousalBefore(float(np.median(value[valid])), float(np.median(errors)) if errors.size else nan, "")


def _gap(code: str, time_s: float, n_valid: int, reasons: list[str | None]) -> str:
    """Say why there is no arousal; the commonest reason stands for all."""
    named = Counter(reason for reason in reasons if reason)
    reason = named.most_common(1)[0][0] if named else "no_data"
    if reason in {"not_calibrated", "calibration_expired"}:
        why = "was not calibrated" if reason == "not_calibrated" else "had a calibration that is too old"
        return (
            f"{code} {why} at that moment, so it has no arousal. Where the opening came later, choose a later one; "
            f"without a profile, make one: `attune calibrate {code}`."
        )
    words = _WORDS.get(reason, reason.replace("_", " "))
    return (
        f"in the {_BEFORE_S:.0f} s before {clock_text(time_s)} arousal of {code} was available in {n_valid} s, "
        f"and {_MIN_VALID} are needed ({words}). Choose a moment next to the gap if it says the same."
    )
