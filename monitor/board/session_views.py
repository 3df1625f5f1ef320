"""Plain values about a session as a whole: its set-up, calibration, notes, time line and replay."""

from typing import TypedDict


class PersonView(TypedDict):
    """A participant: code and kind (``client``, ``therapist``, ``other`` or empty)."""

    code: str
    kind: str


class TimelineView(TypedDict):
    """New cells of the time line of one participant: the whole session in steps of `monitor.board.timeline.CELL_S`.

    `t_s` is the middle of each cell, `arousal` its median or None, `zone` where most of it lay, `reason` why it is
    ``na``. `variant` counts the profiles compared in a replay; 0 is the session's own.
    """

    participant: str
    variant: int
    t_s: list[float]
    arousal: list[float | None]
    zone: list[str]
    reason: list[str]


class MarkView(TypedDict):
    """A moment somebody noted and has not taken back.

    `kind` is ``note`` for an event (`label` from the palette) and ``mark`` for a judgement of the edges (`label`
    ``too_much``, ``tolerable`` or ``too_little``). `text` is free text of the notes file; empty without.
    """

    number: int
    t_s: float
    kind: str
    label: str
    participant: str
    by: str
    text: str


class CloudView(TypedDict):
    """Where the reference seconds of a participant lie in the plane of vagal (x) and electrodermal (y) scores."""

    participant: str
    x_mean: float
    y_mean: float
    x_sd: float
    y_sd: float
    correlation: float
    minutes: float


class CheckView(TypedDict):
    """One check of a stream before the start.

    `name` is one of ``connected, rate, clock, signal, contact``; `state` one of ``ok, waiting, bad, none`` (``none``:
    does not apply). `text` says what was found, `cure` what to do about it.
    """

    name: str
    state: str
    text: str
    cure: str


class CandidateView(TypedDict):
    """A stream found before the start: whose it is, why, and what its checks say.

    `participant` is empty where nobody has it; `given_by` is one of ``you, remembered, room, option, guess`` or empty.
    `measures` are the modalities recognised, `reason` why they were.
    """

    uid: str
    title: str
    type: str
    host: str
    device: str
    measures: list[str]
    reason: str
    declared_hz: float
    measured_hz: float | None
    participant: str
    given_by: str
    checks: list[CheckView]


class SetupView(TypedDict):
    """What there is before a recording starts.

    `wrong` names the first thing wrong of the streams that are given to somebody, `cure` what to do; both are empty
    when nothing is. `can_start` is false only while there is nothing to record. `locked` says that a room file gives
    the roles.
    """

    people: list[PersonView]
    streams: list[CandidateView]
    wrong: str
    cure: str
    ready: bool
    can_start: bool
    locked: bool
    remembered: str
    message: str


class TransportView(TypedDict):
    """Where a replay is.

    `ready_s` is how far the recording is computed, `variants` the names of the profiles compared (the session's own
    first; a single one when nothing is compared), `variant` which of them is shown, `differences` what differs
    between them in a line each. `author` is who adds notes; empty where none can be added.
    """

    playing: bool
    speed: float
    position_s: float
    duration_s: float
    ready_s: float
    at_end: bool
    variant: int
    variants: list[str]
    differences: list[str]
    author: str
    message: str


class QualityView(TypedDict):
    """One line on the quality of a signal, and whether it will do."""

    text: str
    good: bool


class SeriesView(TypedDict):
    """One series a calibration used, with its level and the range of one scale around it."""

    title: str
    unit: str
    t_s: list[float]
    value: list[float | None]
    mean: float | None
    low: float | None
    high: float | None


class ResultView(TypedDict):
    """What a calibration came to, before it is accepted; `problem` is empty when it may be."""

    lines: list[str]
    problem: str
    series: list[SeriesView]


class ProcedureView(TypedDict):
    """A guided calibration as it stands.

    `breaths_per_min` is 0 when no breathing is paced. `asks` holds the ratings wanted (``tension, present``),
    `commands` the names of `monitor.board.commands.COMMANDS` that have an effect now.
    """

    participant: str
    protocol: str
    title: str
    instruction: str
    index: int
    n_steps: int
    phase: str
    elapsed_s: float
    length_s: float
    minimum_s: float
    valid_s: float
    enough: bool
    quality: list[QualityView]
    breaths_per_min: float
    inhale_share: float
    asks: list[str]
    commands: list[str]
    message: str
    result: ResultView | None
