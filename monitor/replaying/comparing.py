"""What differs between runs over one recording with different profiles, in words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.board.zones import ZONES
from monitor.replaying.zone_log import ZoneLog

_MINUTE_S = 60.0


def differences(names: Sequence[str], logs: Sequence[ZoneLog]) -> list[str]:
    """Say where each person was in each run, and for how long the runs say something else.

    Parameters
    ----------
    names : sequence of str
        Names of the runs, the one to compare with first.
    logs : sequence of ZoneLog
        Their zones, as far as they are complete.

    Returns
    -------
    list of str
        A line for each person and run, after the first with the seconds that differ; empty for a single run.
    """
    if len(logs) < 2:
        return []
    lines = []
    for code in dict.fromkeys(code for log in logs for code in log.participants):
        first = logs[0].seconds(code)
        for name, log in zip(names, logs, strict=False):
            other = log.seconds(code)
            line = f"{code}, {name}: {_minutes(other[1])}"
            lines.append(line if log is logs[0] else f"{line}; {_differ(first, other)}")
    return lines


def _minutes(zones: NDArray[np.int64]) -> str:
    n_valid = int((zones != 0).sum())
    if n_valid == 0:
        return "no valid minutes"
    parts = []
    for zone in ZONES[1:]:
        n = int((zones == ZONES.index(zone)).sum())
        parts.append(f"{zone} {n / _MINUTE_S:.1f} min ({100.0 * n / n_valid:.0f} %)")
    return f"{', '.join(parts)} of {n_valid / _MINUTE_S:.1f} valid min"


def _differ(
    first: tuple[NDArray[np.float64], NDArray[np.int64]], other: tuple[NDArray[np.float64], NDArray[np.int64]]
) -> str:
    _, mine, its = np.intersect1d(first[0].round(3), other[0].round(3), return_indices=True)
    a, b = first[1][mine], other[1][its]
    valid = (a != 0) & (b != 0)
    zone_s, valid_s = int((valid & (a != b)).sum()), int(((a != 0) != (b != 0)).sum())
    return f"another zone in {zone_s} s, valid in only one of the two in {valid_s} s"
