"""Everything that can leave the pipeline; a missing value is missing, with status and reason."""

from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """How far a value may be trusted."""

    OK = "OK"
    LOW = "LOW"
    NA = "NA"


class Reason(StrEnum):
    """Why a value is LOW or NA: a closed list; empty when OK."""

    NONE = ""
    NO_DATA = "no_data"
    GAP = "gap"
    LEAD_OFF = "lead_off"
    SATURATED = "saturated"
    FLATLINE = "flatline"
    NOISE = "noise"
    TOO_FEW_BEATS = "too_few_beats"
    TOO_MANY_CORRECTED_BEATS = "too_many_corrected_beats"
    ARRHYTHMIA_SUSPECTED = "arrhythmia_suspected"
    RANGE_SWITCH = "range_switch"
    MOTION = "motion"
    WARMUP = "warmup"
    NOT_CALIBRATED = "not_calibrated"
    CALIBRATION_EXPIRED = "calibration_expired"
    COMPOSITION_CHANGED = "composition_changed"
    TOO_FEW_SEGMENTS = "too_few_segments"
    ZERO_VARIANCE = "zero_variance"


class BeatClass(StrEnum):
    """Class of the interval that ends at a beat."""

    NORMAL = "normal"
    ECTOPIC = "ectopic"
    MISSED = "missed"
    EXTRA = "extra"
    LONG = "long"
    SHORT = "short"
    UNUSABLE = "unusable"


NAN = float("nan")


class Estimate(NamedTuple):
    """One number with what is known of it, before it gets its place on the grid.

    Parameters
    ----------
    value : float
        NaN when `status` is NA.
    se : float
        Standard error; NaN where none is defined.
    status : Status
        How far it may be trusted.
    reason : Reason
        Why not OK.
    coverage : float
        Valid share of the window, 0 to 1.
    """

    value: float
    se: float
    status: Status
    reason: Reason
    coverage: float


def missing(reason: Reason, coverage: float = 0.0) -> Estimate:
    """Return a missing estimate.

    Parameters
    ----------
    reason : Reason
        Why it is missing.
    coverage : float, default 0.0
        Valid share of the window, 0 to 1.

    Returns
    -------
    Estimate
        NA, with NaN for value and error.
    """
    return Estimate(NAN, NAN, Status.NA, reason, coverage)


class MarkerRow(NamedTuple):
    """One marker of one participant at one second of the session grid."""

    participant: str
    marker: str
    t_centre_s: float
    t_emit_s: float
    value: float
    se: float
    unit: str
    status: Status
    reason: Reason
    window_s: float
    coverage: float


class BeatRow(NamedTuple):
    """One detected R peak or received RR interval."""

    participant: str
    source: str
    t_s: float
    rr_ms: float
    nn: bool
    beat_class: BeatClass


class ScrRow(NamedTuple):
    """One skin conductance response."""

    participant: str
    t_onset_s: float
    t_peak_s: float
    amplitude_us: float
    rise_s: float
    half_recovery_s: float


class Revocation(NamedTuple):
    """Values already emitted that later data showed to be unusable.

    Rows of `markers` of `participant` whose grid second lies in ``[start_s, stop_s]`` become NA with `reason`.
    """

    participant: str
    markers: tuple[str, ...]
    start_s: float
    stop_s: float
    reason: Reason


class Notice(NamedTuple):
    """Something the user must be told about a stream or a person.

    Parameters
    ----------
    t_s : float
        Session time in seconds.
    subject : str
        Stream title or participant code.
    label : str
        Short machine-readable label.
    text : str
        What happened and what to do.
    """

    t_s: float
    subject: str
    label: str
    text: str


Result = MarkerRow | BeatRow | ScrRow | Revocation | Notice
