"""What a view gets to see: the shape of a snapshot, made of plain values that fit into JSON."""

from typing import TypedDict

SNAPSHOT_VERSION = 1
"""Changes when the shape changes."""


class PersonView(TypedDict):
    """A participant: code and kind (``client``, ``therapist``, ``other`` or empty)."""

    code: str
    kind: str


class RoleView(TypedDict):
    """A role of a stream: whose, what, and why it was taken for it."""

    participant: str
    modality: str
    reason: str


class StreamView(TypedDict):
    """Health of one stream; times in seconds of session time, None where unknown."""

    stream_id: int
    title: str
    type: str
    roles: list[RoleView]
    declared_hz: float
    measured_hz: float | None
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


class Snapshot(TypedDict):
    """All small state, complete, and what is new since a cursor.

    `board` identifies the board: when it changes, a view starts anew with cursor 0. `more` is true when the
    answer was cut to its size limit and the rest is there for the next request. `complete` is false when the
    small state (from `state` to `annotations`) was not asked for and is empty. `state` is one of
    ``nothing_found, waiting, warming_up, running, ended``.
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
    traces: list[TraceView]
    beats: dict[str, BeatsView]
    scrs: dict[str, ScrsView]
    rows: list[RowsView]
    revoked: list[RevocationView]
