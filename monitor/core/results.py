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
    RESP_CONFOUNDED = "resp_confounded"
    SPEECH = "speech"


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


REVOCABLE_S = 10.0
"""How long after its emission a value may be revoked; then it is final."""


class Revocation(NamedTuple):
    """Values already emitted that later data showed to be unusable.

    Rows of `markers` of `participant` whose grid second lies in ``[start_s, stop_s]`` become NA with `reason`.
    """

    participant: str
    markers: tuple[str, ...]
    start_s: float
    stop_s: float
    reason: Reason


class ZoneRow(NamedTuple):
    """One stretch of one zone of one participant, complete.

    Times are those of the centre of the arousal window, so that a row covers the arousal rows with
    ``t_start_s <= t_centre_s < t_end_s``.

    Parameters
    ----------
    participant : str
        Code.
    zone : str
        ``within, above, below`` or ``na``.
    t_start_s, t_end_s : float
        Session seconds, back-dated to the first second of the dwell.
    censored : bool
        Whether it ended by missing values or the end of the session.
    peak, area : float
        Of an excursion: furthest arousal, and the integral of its distance from the edge in SD s; else NaN.
    half_recovery_s : float
        Of an excursion: recovery half-time; NaN where unknown or below the floor of 15 s.
    """

    participant: str
    zone: str
    t_start_s: float
    t_end_s: float
    censored: bool
    peak: float
    area: float
    half_recovery_s: float


class ZoneReading(NamedTuple):
    """Where a participant is now; for the eye, one per grid second, never written to a table.

    Parameters
    ----------
    participant : str
        Code.
    t_centre_s : float
        Centre of the arousal window.
    t_emit_s : float
        Tick at which it was given out.
    zone : str
        ``within, above, below`` or ``na``: the confirmed state.
    since_s : float
        When the state began (back-dated, on the axis of `t_centre_s`).
    near : str
        ``above`` or ``below`` when within but near that edge, else empty.
    arousal : float
        NaN where missing.
    p_above, p_below : float
        Probability of being beyond each edge; NaN where missing.
    upper_mean, upper_sd, lower_mean, lower_sd : float
        The edges in use; NaN where there is no calibration.
    provisional : bool
        Whether the edge that matters has fewer than three marks.
    status : Status
        LOW for the lower side without marks, for a first session, or with a channel missing; NA without zone.
    reason : Reason
        Why arousal is missing or LOW.
    note : str
        ``opening`` (a level is being taken), ``low_eda`` (only the electrodermal part is low), ``flat`` (little
        change during marked demand), ``drift`` (a pause to take the level anew is suggested) or empty.
    drift : float
        Slow drift of arousal within the zone, in SD; NaN where unknown.
    """

    participant: str
    t_centre_s: float
    t_emit_s: float
    zone: str
    since_s: float
    near: str
    arousal: float
    p_above: float
    p_below: float
    upper_mean: float
    upper_sd: float
    lower_mean: float
    lower_sd: float
    provisional: bool
    status: Status
    reason: Reason
    note: str
    drift: float


class SynchronyRow(NamedTuple):
    """Synchrony of two participants in one signal at one step; the sign of lags is that of the whole project.

    Parameters
    ----------
    first, second : str
        Codes; the client, where there is one, is first.
    signal : str
        ``eda, ibi, ln_rmssd`` over the session so far, or the same with ``_5min``: weighted to the last minutes.
    t_s : float
        Session time up to which the row looks.
    z_session : float
        Synchrony in SD of its permutation distribution; NaN when `status` is NA.
    chance_lo, chance_hi : float
        5 and 95 % of what permuted segments give, in the same unit.
    lag_s : float
        Lag of the strongest similarity; above 0 when the first tended to come earlier. NaN unless its direction
        itself is beyond chance.
    status : Status
        OK, LOW or NA.
    reason : Reason
        Why not OK.
    """

    first: str
    second: str
    signal: str
    t_s: float
    z_session: float
    chance_lo: float
    chance_hi: float
    lag_s: float
    status: Status
    reason: Reason


class SynchronyReading(NamedTuple):
    """Synchrony of two participants in one signal as the eye gets it; never written to a table.

    Parameters
    ----------
    first, second, signal : str
        As in `SynchronyRow`; the signal is ``eda`` or ``ibi``.
    t_s, z_session, chance_lo, chance_hi, lag_s : float
        As in `SynchronyRow`.
    t_emit_s : float
        Tick at which it was given out.
    valid_min, needed_min : float
        Minutes valid in both so far, and those needed for status OK.
    p, z_recent, recent_lo, recent_hi, z_in_phase, z_anti_phase, z_lead : float
        As in `monitor.core.synchrony.coupling.SessionStatistic`.
    status : Status
        OK, LOW or NA.
    reason : Reason
        Why not OK; ``no_data`` with minutes valid in both: both were given one signal.
    """

    first: str
    second: str
    signal: str
    t_s: float
    t_emit_s: float
    valid_min: float
    needed_min: float
    z_session: float
    chance_lo: float
    chance_hi: float
    p: float
    z_recent: float
    recent_lo: float
    recent_hi: float
    z_in_phase: float
    z_anti_phase: float
    z_lead: float
    lag_s: float
    status: Status
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


Result = (
    MarkerRow
    | BeatRow
    | ScrRow
    | ZoneRow
    | ZoneReading
    | SynchronyRow
    | SynchronyReading
    | Revocation
    | Notice
)
