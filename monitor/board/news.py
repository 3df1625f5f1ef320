"""What is new on the board since a cursor, as plain values."""

import numpy as np

from monitor.board.rings import FloatArray, IntArray
from monitor.board.session_views import TimelineView
from monitor.board.snapshot import (
    BeatsView,
    RevocationView,
    RowsView,
    ScrsView,
    Snapshot,
    SynchronyTrailView,
    TraceView,
    ZoneTrailView,
)
from monitor.board.timeline import REASONS
from monitor.board.zones import ZONES
from monitor.core.model import CANONICAL_UNIT, StreamKey
from monitor.core.results import BeatClass, Revocation, Status

ItemKey = StreamKey | tuple[str, ...]
"""A role for a trace; else the kind of item (``beats, scrs, rows, zones, synchrony, timeline, overview``) and whose."""

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
        elif key[0] == "zones":
            answer["zone_trails"][key[1]] = ZoneTrailView(
                t_centre_s=_times(rows[0]),
                arousal=_numbers(rows[1]),
                zone=[ZONES[int(x)] for x in rows[2].tolist()],
            )
        elif key[0] == "timeline":
            answer["timelines"].append(
                TimelineView(
                    participant=key[1],
                    variant=int(key[2]),
                    t_s=_times(rows[0]),
                    arousal=_numbers(rows[1]),
                    zone=[ZONES[int(x)] for x in rows[2].tolist()],
                    reason=[REASONS[int(x)].value for x in rows[3].tolist()],
                )
            )
        elif key[0] in {"synchrony", "overview"}:
            trails = answer["synchrony_trails" if key[0] == "synchrony" else "timeline_synchrony"]
            trails.append(_trail(key, rows))
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


def _trail(key: tuple[str, ...], rows: FloatArray) -> SynchronyTrailView:
    return SynchronyTrailView(
        first=key[1],
        second=key[2],
        signal=key[3],
        t_s=_times(rows[0]),
        z_session=_numbers(rows[1]),
        chance_lo=_numbers(rows[2]),
        chance_hi=_numbers(rows[3]),
        status=[_STATUS[int(x)] for x in rows[4].tolist()],
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
