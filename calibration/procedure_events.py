"""What a guided calibration takes in, and the values it gives out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from calibration.protocol import Rating, Use

WINDOW_S = 10
"""Seconds the quality lines look back."""

_GOOD_SHARE = 0.8
_BAD_SHARE = 0.2


class Phase(StrEnum):
    """Where a procedure stands; ``waiting`` is a step that ran out of time without enough valid signal."""

    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    RATING = "rating"
    WAITING = "waiting"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin the first step."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Leave out what comes until `Resume`."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Go on to the next step now.

    This is also the way onward before a step is over: what was recorded is kept where it has enough valid
    seconds (`Procedure.enough`; the ratings of the step are then asked for) and dropped where it has not. While
    ratings are asked for, they stay unanswered and the step stays kept.
    """


@dataclass(frozen=True, slots=True)
class Redo:
    """Drop what was recorded of the step and begin it anew; while ratings are asked for, the step just ended."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the procedure; the present step is kept where it has enough valid seconds."""


@dataclass(frozen=True, slots=True)
class Rated:
    """The person rated something.

    Parameters
    ----------
    rating : Rating
        What.
    value : float
        From 0 to 10.
    """

    rating: Rating
    value: float


class SecondQuality(NamedTuple):
    """How good one grid second is; also the only clock of a procedure.

    Parameters
    ----------
    second : int
        Grid second.
    valid : bool
        Whether heart and skin conductance are both there.
    arrhythmia : bool, default False
        Whether the pattern of beats is unsuitable.
    movement : bool, default False
        Whether movement disturbed the electrodes.
    weak : bool, default False
        Whether anything is of low quality.
    breathing_per_min : float, default NaN
        Breathing rate; NaN where unknown.
    """

    second: int
    valid: bool
    arrhythmia: bool = False
    movement: bool = False
    weak: bool = False
    breathing_per_min: float = float("nan")


Event = Begin | SecondQuality | Pause | Resume | Skip | Redo | Stop | Rated
"""Everything a procedure takes."""


class Span(NamedTuple):
    """A stretch of one step without pause.

    Parameters
    ----------
    step : str
        Name of the step.
    use : Use
        What the step is for.
    start_s, stop_s : float
        The grid seconds in ``(start_s, stop_s]``; a grid second carries the time of its end.
    weight : float
        Weight of each of its seconds; NaN where not yet decided.
    """

    step: str
    use: Use
    start_s: float
    stop_s: float
    weight: float


class KeptRating(NamedTuple):
    """A rating with its place.

    Parameters
    ----------
    second : int
        Newest grid second when it came; -1 when there was none.
    step : str
        Name of the step.
    rating : Rating
        What was rated.
    value : float
        From 0 to 10.
    """

    second: int
    step: str
    rating: Rating
    value: float


def quality_lines(window: Sequence[SecondQuality]) -> tuple[tuple[str, bool], ...]:
    """Say in words how good the signals are.

    Parameters
    ----------
    window : sequence of SecondQuality
        The newest seconds, as in `Procedure.recent`.

    Returns
    -------
    tuple of (str, bool)
        Lines for the person, each with whether it is good; one line "waiting for signals" when there is nothing yet.
    """
    n = len(window)
    if not n:
        return (("waiting for signals", False),)
    if sum(at.valid for at in window) >= _GOOD_SHARE * n:
        weak = sum(at.weak for at in window) > _BAD_SHARE * n
        lines = [("signals weak: please check the sensors", False) if weak else ("signals good", True)]
    elif any(at.valid for at in window):
        lines = [("signals come and go: please check the sensors", False)]
    else:
        lines = [("no usable signal: please check the sensors", False)]
    if sum(at.movement for at in window) > _BAD_SHARE * n:
        lines.append(("movement: please rest the hand", False))
    if sum(at.arrhythmia for at in window) > _BAD_SHARE * n:
        lines.append(("heart beat pattern unsuitable for this analysis", False))
    return tuple(lines)
