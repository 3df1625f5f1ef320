"""From the values of the board to the plain values of a snapshot."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from monitor.board.gate import Latest, Shown, clean
from monitor.board.rings import FloatArray, IntArray
from monitor.board.snapshot import (
    SNAPSHOT_VERSION,
    BeatsView,
    NoteView,
    RecordingView,
    RevocationView,
    RoleView,
    RowsView,
    ScrsView,
    Snapshot,
    StreamView,
    TraceView,
    ValueView,
)
from monitor.board.streams import StreamHealth
from monitor.core.model import CANONICAL_UNIT, StreamKey
from monitor.core.results import BeatClass, Revocation, Status

ItemKey = StreamKey | tuple[str, ...]
"""A role for a trace; else the kind of item (``beats, scrs, rows``) and whose."""

Marked = tuple[ItemKey, IntArray, FloatArray]
"""Rows of one ring with the count of the call that brought each."""

_STATUS = tuple(s.value for s in Status)
_CLASSES = tuple(c.value for c in BeatClass)


def cut(marked: list[Marked], most: int) -> tuple[int | None, list[Marked]]:
    """Limit an answer to its oldest rows.

    Parameters
    ----------
    marked : list of Marked
        All new rows.
    most : int
        Rows wanted; the rows of one call stay together, so that a few more may remain.

    Returns
    -------
    int or None
        Count of the last call that is in the answer; None when nothing was cut.
    list of Marked
        The rows that remain.
    """
    if sum(sequence.size for _, sequence, _ in marked) <= most:
        return None, marked
    everything = np.concatenate([sequence for _, sequence, _ in marked])
    last = int(np.partition(everything, most - 1)[most - 1])
    kept: list[Marked] = []
    for key, sequence, rows in marked:
        stop = int(np.searchsorted(sequence, last, side="right"))
        kept.append((key, sequence[:stop], rows[:, :stop]))
    return last, kept


def known(value: float) -> float | None:
    """Return a number, or None when it is not finite.

    Parameters
    ----------
    value : float
        Any number.

    Returns
    -------
    float or None
        What JSON can hold.
    """
    return float(value) if math.isfinite(value) else None


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
        traces=[],
        beats={},
        scrs={},
        rows=[],
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


def stream_view(stream: StreamHealth, now_s: float, origin_s: float) -> StreamView:
    """Return the health of a stream as plain values.

    Parameters
    ----------
    stream : StreamHealth
        The stream.
    now_s : float
        Monitor clock in seconds.
    origin_s : float
        Monitor clock in seconds at session time 0.

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
        roles=[
            RoleView(participant=b.key.participant, modality=b.key.modality.value, reason=clean(b.reason))
            for b in stream.bindings[:16]
        ],
        declared_hz=info.nominal_rate_hz,
        measured_hz=known(stream.rate_hz),
        n_samples=stream.n_samples,
        n_gaps=stream.n_gaps,
        newest_s=known(stream.newest_s - origin_s),
        age_s=known(now_s - stream.newest_s),
        state=stream.state(now_s).value,
        note=clean(stream.lost_reason),
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


def new_items(answer: Snapshot, marked: list[Marked], revoked: list[Revocation], origin_s: float) -> None:
    """Put what is new into an answer.

    Parameters
    ----------
    answer : Snapshot
        Changed in place.
    marked : list of Marked
        New rows.
    revoked : list of Revocation
        New revocations.
    origin_s : float
        Monitor clock in seconds at session time 0.
    """
    for key, sequence, rows in marked:
        if sequence.size == 0:
            continue
        if isinstance(key, StreamKey):
            answer["traces"].append(_trace(key, rows, origin_s))
        elif key[0] == "beats":
            answer["beats"][key[1]] = BeatsView(
                t_s=_times(rows[0]),
                rr_ms=_numbers(rows[1]),
                nn=[bool(x) for x in rows[2].tolist()],
                beat_class=[_CLASSES[int(x)] for x in rows[3].tolist()],
            )
        elif key[0] == "scrs":
            answer["scrs"][key[1]] = ScrsView(
                t_onset_s=_times(rows[0]), t_peak_s=_times(rows[1]), amplitude_us=_numbers(rows[2])
            )
        else:
            answer["rows"].append(
                RowsView(
                    participant=key[1],
                    marker=key[2],
                    t_centre_s=_times(rows[0]),
                    value=_numbers(rows[1]),
                    status=[_STATUS[int(x)] for x in rows[2].tolist()],
                )
            )
    answer["revoked"] = [
        RevocationView(
            participant=r.participant,
            markers=list(r.markers),
            start_s=r.start_s,
            stop_s=r.stop_s,
            reason=r.reason.value,
        )
        for r in revoked
    ]


def _trace(key: StreamKey, rows: FloatArray, origin_s: float) -> TraceView:
    return TraceView(
        participant=key.participant,
        modality=key.modality.value,
        unit=CANONICAL_UNIT.get(key.modality, ""),
        t_s=_times(rows[0] - origin_s),
        value=_numbers(rows[1]),
    )


def _times(seconds: FloatArray) -> list[float]:
    """Tenths of milliseconds are finer than any screen and halve the message."""
    rounded: list[float] = seconds.round(4).tolist()
    return rounded


def _numbers(values: FloatArray) -> list[float | None]:
    finite = np.isfinite(values)
    rounded: list[float | None] = values.round(4).tolist()
    if finite.all():
        return rounded
    return [x if ok else None for x, ok in zip(rounded, finite.tolist(), strict=True)]
