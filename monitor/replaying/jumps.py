"""Where a replay goes when the next or previous excursion or note is asked for."""

from collections.abc import Iterable

from monitor.board.session_views import MarkView
from monitor.replaying.zone_log import Excursion

EXCURSION_LEAD_S = 10.0
NOTE_LEAD_S = 5.0
"""Seconds before the moment at which the replay arrives."""

_NEAR_S = 0.5
"""A target so near is where the replay is."""


def excursion_targets(excursions: Iterable[Excursion]) -> list[float]:
    """Return where to go for each excursion.

    Parameters
    ----------
    excursions : iterable of Excursion
        In any order.

    Returns
    -------
    list of float
        Session seconds, ascending.
    """
    return sorted({max(excursion.start_s - EXCURSION_LEAD_S, 0.0) for excursion in excursions})


def note_targets(marks: Iterable[MarkView]) -> list[float]:
    """Return where to go for each note or mark.

    Parameters
    ----------
    marks : iterable of MarkView
        In any order.

    Returns
    -------
    list of float
        Session seconds, ascending.
    """
    return sorted({max(mark["t_s"] - NOTE_LEAD_S, 0.0) for mark in marks})


def following(targets: list[float], position_s: float) -> float | None:
    """Return the next target.

    Parameters
    ----------
    targets : list of float
        Ascending.
    position_s : float
        Where the replay is.

    Returns
    -------
    float or None
        None past the last.
    """
    return next((target for target in targets if target > position_s + _NEAR_S), None)


def preceding(targets: list[float], position_s: float, grace_s: float = 0.0) -> float | None:
    """Return the previous target.

    Parameters
    ----------
    targets : list of float
        Ascending.
    position_s : float
        Where the replay is.
    grace_s : float, default 0.0
        A target that was passed no longer ago is passed over: one pressed "previous" again to get past it.

    Returns
    -------
    float or None
        None before the first.
    """
    limit_s = position_s - max(grace_s, _NEAR_S)
    return next((target for target in reversed(targets) if target < limit_s), None)
