"""From the values of the board to the plain values of a snapshot."""

from collections.abc import Mapping
from typing import Any

from monitor.board.gate import Latest, Shown, clean
from monitor.board.plain import known
from monitor.board.snapshot import (
    SNAPSHOT_VERSION,
    NoteView,
    RecordingView,
    RoleView,
    Snapshot,
    StreamView,
    ValueView,
)
from monitor.board.streams import StreamHealth


def empty_snapshot(board: str, cursor: int, now_s: float, utc_s: float) -> Snapshot:
    """Return a snapshot with nothing in it.

    Parameters
    ----------
    board : str
        Identity of the board.
    cursor : int
        Cursor for the next request.
    now_s : float
        Session time in seconds.
    utc_s : float
        Seconds since 1970.

    Returns
    -------
    Snapshot
        Without state, without news.
    """
    return Snapshot(
        version=SNAPSHOT_VERSION,
        board=board,
        cursor=cursor,
        more=False,
        complete=False,
        state="",
        now_s=known(now_s),
        utc_s=known(utc_s),
        people=[],
        streams=[],
        latest=[],
        recording=recording_view({}),
        notices=[],
        annotations=[],
        zones=[],
        synchrony=[],
        procedure=None,
        setup=None,
        transport=None,
        marks=[],
        clouds=[],
        traces=[],
        beats={},
        scrs={},
        rows=[],
        zone_trails={},
        synchrony_trails=[],
        timelines=[],
        timeline_synchrony=[],
        revoked=[],
    )


def session_state(answer: Snapshot) -> str:
    """Return the state of a session that has not ended.

    Parameters
    ----------
    answer : Snapshot
        With its small state.

    Returns
    -------
    str
        One of ``nothing_found, waiting, warming_up, running``.
    """
    if not answer["streams"]:
        return "nothing_found"
    if answer["now_s"] is None or all(s["n_samples"] == 0 for s in answer["streams"]):
        return "waiting"
    reasons = {v["reason"] for v in answer["latest"]}
    if reasons <= {"warmup", "not_calibrated"} and reasons != {"not_calibrated"}:
        return "warming_up"
    return "running"


def recording_view(state: Mapping[str, Any]) -> RecordingView:
    """Return the state of the recorder as plain values.

    Parameters
    ----------
    state : mapping
        Any of the keys of `RecordingView`; others are ignored, values of another type too.

    Returns
    -------
    RecordingView
        Plain values. Without ``state``, an error, a closed or a growing file tell what it is.
    """

    def _number(key: str) -> float | None:
        value = state.get(key)
        return known(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def _text(key: str) -> str:
        value = state.get(key)
        return "" if value is None else clean(str(value), 400)

    error, path, size = _text("error"), _text("path"), _number("bytes")
    word = _text("state") or ("error" if error else "recording" if size else "off")
    return RecordingView(
        state=word,
        path=path,
        bytes=size,
        seconds=_number("seconds"),
        disk_hours=_number("disk_hours"),
        disk_free_bytes=_number("disk_free_bytes"),
        queue=_number("queue"),
        error=error,
    )


def note_view(t_s: float, subject: str, label: str, text: str) -> NoteView:
    """Return a notice or annotation as plain values.

    Parameters
    ----------
    t_s : float
        Session time in seconds.
    subject, label, text : str
        As given; cleaned here.

    Returns
    -------
    NoteView
        Plain values.
    """
    return NoteView(t_s=known(t_s), subject=clean(subject), label=clean(label), text=clean(text, 400))


def stream_view(stream: StreamHealth, now_s: float, origin_s: float, said: str = "") -> StreamView:
    """Return the health of a stream as plain values.

    Parameters
    ----------
    stream : StreamHealth
        The stream.
    now_s : float
        Monitor clock in seconds.
    origin_s : float
        Monitor clock in seconds at session time 0.
    said : str, optional
        What its device says, in words.

    Returns
    -------
    StreamView
        Plain values.
    """
    info = stream.info
    return StreamView(
        stream_id=info.stream_id,
        title=clean(info.title),
        type=clean(info.type),
        host=clean(info.hostname),
        roles=[
            RoleView(participant=b.key.participant, modality=b.key.modality.value, reason=clean(b.reason))
            for b in stream.bindings[:16]
        ],
        declared_hz=info.nominal_rate_hz,
        measured_hz=known(stream.rate_hz),
        delay_s=known(stream.delay_s),
        lost_share=known(stream.lost_share),
        n_samples=stream.n_samples,
        n_gaps=stream.n_gaps,
        newest_s=known(stream.newest_s - origin_s),
        age_s=known(now_s - stream.newest_s),
        state=stream.state(now_s).value,
        note=clean(stream.lost_reason or said),
    )


def latest_view(latest: Latest, shown: Shown) -> ValueView:
    """Return a value after the gate as plain values.

    Parameters
    ----------
    latest : Latest
        The newest row.
    shown : Shown
        What the gate lets through.

    Returns
    -------
    ValueView
        Plain values.
    """
    row = latest.row
    return ValueView(
        participant=row.participant,
        marker=row.marker,
        value=known(shown.value),
        se=known(shown.se),
        unit=row.unit,
        status=shown.status.value,
        reason=shown.reason.value,
        hold=shown.hold.value,
        since_s=known(shown.since_s),
        text=shown.text,
        t_centre_s=row.t_centre_s,
        t_emit_s=row.t_emit_s,
        window_s=row.window_s,
        coverage=row.coverage,
        age_s=known(shown.age_s),
    )
