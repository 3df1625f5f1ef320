"""What a view gets to see: the shape of a snapshot, made of plain values that fit into JSON."""

from typing import TypedDict

from monitor.board.session_views import (
    CloudView,
    MarkView,
    PersonView,
    ProcedureView,
    SetupView,
    TimelineView,
    TransportView,
)

SNAPSHOT_VERSION = 4
"""Changes when the shape changes."""


class RoleView(TypedDict):
    """A role of a stream: whose, what, and why it was taken for it."""

    participant: str
    modality: str
    reason: str


class StreamView(TypedDict):
    """Health of one stream; times in seconds of session time, None where unknown.

    `delay_s` is how long its samples take from stamp to arrival, `lost_share` the share of them missing in gaps.
    """

    stream_id: int
    title: str
    type: str
    host: str
    roles: list[RoleView]
    declared_hz: float
    measured_hz: float | None
    delay_s: float | None
    lost_share: float | None
    n_samples: int
    n_gaps: int
    newest_s: float | None
    age_s: float | None
    state: str
    note: str


class ValueView(TypedDict):
    """The newest value of one marker after the gate; `value` is None when there is nothing to show."""

    participant: str
    marker: str
    value: float | None
    se: float | None
    unit: str
    status: str
    reason: str
    hold: str
    since_s: float | None
    text: str
    t_centre_s: float
    t_emit_s: float
    window_s: float
    coverage: float
    age_s: float | None


class RecordingView(TypedDict):
    """State of the recorder; `state` is one of ``off, recording, error, closing, closed``."""

    state: str
    path: str
    bytes: float | None
    seconds: float | None
    disk_hours: float | None
    disk_free_bytes: float | None
    queue: float | None
    error: str


class NoteView(TypedDict):
    """A notice or an annotation."""

    t_s: float | None
    subject: str
    label: str
    text: str


class TraceView(TypedDict):
    """New raw samples of one role in the canonical unit, with session seconds; None for a missing sample."""

    participant: str
    modality: str
    unit: str
    t_s: list[float]
    value: list[float | None]


class BeatsView(TypedDict):
    """New beats of one participant."""

    t_s: list[float]
    rr_ms: list[float | None]
    nn: list[bool]
    beat_class: list[str]


class ScrsView(TypedDict):
    """New skin conductance responses of one participant."""

    t_onset_s: list[float]
    t_peak_s: list[float]
    amplitude_us: list[float | None]


class RowsView(TypedDict):
    """New history of one marker of one participant."""

    participant: str
    marker: str
    t_centre_s: list[float]
    value: list[float | None]
    status: list[str]


class RevocationView(TypedDict):
    """History already sent that has become NA."""

    participant: str
    markers: list[str]
    start_s: float
    stop_s: float
    reason: str


class ZoneView(TypedDict):
    """Where a participant is now, after the gate; fields as in `monitor.core.results.ZoneReading`.

    When the gate holds it back, `zone` is ``na``, every number of the reading is None, `hold` names why and
    `since_s` is the time the hold refers to; the edges stay. `text` is the reason or the hold in words.
    """

    participant: str
    t_centre_s: float
    t_emit_s: float
    zone: str
    since_s: float | None
    near: str
    arousal: float | None
    p_above: float | None
    p_below: float | None
    upper_mean: float | None
    upper_sd: float | None
    lower_mean: float | None
    lower_sd: float | None
    provisional: bool
    status: str
    reason: str
    note: str
    drift: float | None
    hold: str
    text: str


class ZoneTrailView(TypedDict):
    """New seconds of the trail of one participant; `arousal` is None where missing."""

    t_centre_s: list[float]
    arousal: list[float | None]
    zone: list[str]


class SynchronyView(TypedDict):
    """Synchrony of a dyad in one signal after the gate; fields as in `monitor.core.results.SynchronyReading`.

    When the gate holds it back, every number but the minutes is None, `hold` names why, `since_s` is the time the
    hold refers to, and `held_by` names the people whose input is missing. `text` is the reason or the hold in words.
    """

    first: str
    second: str
    signal: str
    t_s: float
    t_emit_s: float
    valid_min: float | None
    needed_min: float | None
    z_session: float | None
    chance_lo: float | None
    chance_hi: float | None
    p: float | None
    z_recent: float | None
    recent_lo: float | None
    recent_hi: float | None
    z_in_phase: float | None
    z_anti_phase: float | None
    z_lead: float | None
    lag_s: float | None
    status: str
    reason: str
    hold: str
    since_s: float | None
    held_by: list[str]
    text: str


class SynchronyTrailView(TypedDict):
    """New readings of a dyad in one signal over the session so far; None where there is no value."""

    first: str
    second: str
    signal: str
    t_s: list[float]
    z_session: list[float | None]
    chance_lo: list[float | None]
    chance_hi: list[float | None]
    status: list[str]


class Snapshot(TypedDict):
    """All small state, complete, and what is new since a cursor.

    `board` identifies the board: when it changes, a view starts anew with cursor 0. `more` is true when the
    answer was cut to its size limit and the rest is there for the next request. `complete` is false when the
    small state (from `state` to `clouds`) was not asked for and is empty. `timeline_synchrony` holds readings of the
    whole recording in a replay, past and future; it is empty live, where `synchrony_trails` says the same.
    `state` is one of ``nothing_found, waiting, warming_up, running, ended``.
    """

    version: int
    board: str
    cursor: int
    more: bool
    complete: bool
    now_s: float | None
    utc_s: float | None
    state: str
    people: list[PersonView]
    streams: list[StreamView]
    latest: list[ValueView]
    recording: RecordingView
    notices: list[NoteView]
    annotations: list[NoteView]
    zones: list[ZoneView]
    synchrony: list[SynchronyView]
    procedure: ProcedureView | None
    setup: SetupView | None
    transport: TransportView | None
    marks: list[MarkView]
    clouds: list[CloudView]
    traces: list[TraceView]
    beats: dict[str, BeatsView]
    scrs: dict[str, ScrsView]
    rows: list[RowsView]
    zone_trails: dict[str, ZoneTrailView]
    synchrony_trails: list[SynchronyTrailView]
    timelines: list[TimelineView]
    timeline_synchrony: list[SynchronyTrailView]
    revoked: list[RevocationView]
