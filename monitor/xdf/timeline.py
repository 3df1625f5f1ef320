"""One time line for the streams of a recording that holds no ticks."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.xdf.index import StreamIndex

Floats = NDArray[np.float64]

_WILD_S: Final = 6 * 3600.0
"""A stream whose stamps jump further than this is not a session any more: the smaller part is wild."""

_APART_S: Final = 2.0
"""Streams without usable clock offsets must overlap, but for this, to share a clock."""

_OFFSET_REACH_S: Final = 60.0
"""Stamps this far from all times at which offsets were collected are not of the clock they belong to."""


@dataclass(slots=True, eq=False)
class Track:
    """A stream on the common time line.

    Parameters
    ----------
    index : StreamIndex
        The stream.
    firsts, lasts : ndarray of float64, shape (n_chunks,)
        Times of the first and last sample of each chunk on the recorder's clock, in seconds.
    offset_times : ndarray of float64, shape (n_offsets,)
        When the clock offsets were measured, on the recorder's clock, in seconds.
    start_s, stop_s : float
        Range of the stream without wild stamps; NaN when it is empty.
    verified : bool
        Whether clock offsets were measured on the clock that made the stamps.
    """

    index: StreamIndex
    firsts: Floats
    lasts: Floats
    offset_times: Floats
    start_s: float
    stop_s: float
    verified: bool


@dataclass(frozen=True, slots=True)
class ClockGroup:
    """Streams on one clock.

    Parameters
    ----------
    stream_ids : tuple of int
        The streams.
    start_s, stop_s : float
        What they span together, in seconds.
    n_samples : int
        Samples of all of them.
    """

    stream_ids: tuple[int, ...]
    start_s: float
    stop_s: float
    n_samples: int


def calm(values: Floats) -> Floats:
    """Take the running median of five.

    One or two wild values vanish, a lasting step stays where it is, and an ascending series stays as it is.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        At least one value.

    Returns
    -------
    ndarray of float64, shape (n,)
        The medians, the ends repeated beyond the ends.
    """
    padded = np.pad(values, 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1))


def _nearest(index: StreamIndex, stamps: Floats) -> NDArray[np.int64]:
    """Find for each chunk the offset before or after it that was collected nearest to its stamp."""
    places = np.array(index.places)
    collected = np.array(index.collected)
    n_chunks = len(index.starts)
    # Some writers store all offsets before or after all samples; then only time tells what belongs together.
    apart = len(places) > 1 and n_chunks > 0 and (places[0] == places[-1])
    order = np.argsort(collected, kind="stable") if apart else np.arange(len(places))
    if apart:
        after = np.searchsorted(collected[order], stamps)
    else:
        after = np.searchsorted(places, np.arange(n_chunks), side="right")
    left = order[np.clip(after - 1, 0, len(order) - 1)]
    right = order[np.clip(after, 0, len(order) - 1)]
    nearer = np.abs(collected[right] - stamps) < np.abs(collected[left] - stamps)
    return np.where(nearer, right, left)


def _main_part(index: StreamIndex, firsts: Floats, lasts: Floats) -> tuple[float, float]:
    """Find the range of the part of a stream that holds most samples, between jumps that no session has."""
    counts = np.array(index.counts, np.float64)
    span = lasts - firsts
    # A chunk may span hours when a writer stores a stream as a whole; then it has the samples to show for it.
    rate_hz = index.stream.info.nominal_rate_hz
    full = (counts >= 0.5 * span * rate_hz) & (rate_hz > 0.0)
    solid = (span >= 0.0) & ((span <= _WILD_S) | full)
    starts = np.concatenate([firsts[solid], firsts[~solid], lasts[~solid]])
    stops = np.concatenate([lasts[solid], firsts[~solid], lasts[~solid]])
    weights = np.concatenate([counts[solid], counts[~solid], counts[~solid]])
    finite = np.isfinite(starts) & np.isfinite(stops)
    if not finite.any():
        return float("nan"), float("nan")
    order = np.argsort(starts[finite], kind="stable")
    starts, weights = starts[finite][order], weights[finite][order]
    stops = np.maximum.accumulate(stops[finite][order])
    edges = np.concatenate([[0], np.flatnonzero(starts[1:] - stops[:-1] > _WILD_S) + 1, [starts.size]])
    best = int(np.argmax(np.add.reduceat(weights, edges[:-1])))
    return float(starts[edges[best]]), float(stops[edges[best + 1] - 1])


@np.errstate(invalid="ignore", over="ignore")
def make_track(index: StreamIndex) -> Track:
    """Place a stream on the recorder's clock.

    The times serve only to order events. Each chunk takes the clock offset collected nearest to it, so
    that it finds its place also around a reset of the sender's clock.

    Parameters
    ----------
    index : StreamIndex
        The stream.

    Returns
    -------
    Track
        Its times.
    """
    firsts, lasts = np.array(index.firsts), np.array(index.lasts)
    collected, offsets = np.array(index.collected), np.array(index.offsets)
    verified = False
    usable = bool(np.isfinite(collected).all() and np.isfinite(offsets).all())
    if offsets.size and firsts.size and usable:
        nearest = _nearest(index, firsts)
        distance = np.abs(firsts - collected[nearest])
        distance[~np.isfinite(distance)] = np.inf
        verified = bool(np.sort(distance)[distance.size // 2] <= _OFFSET_REACH_S)
        smooth = calm(offsets)
        firsts = firsts + smooth[nearest]
        lasts = lasts + smooth[_nearest(index, lasts)]
    start_s, stop_s = _main_part(index, firsts, lasts)
    return Track(index, firsts, lasts, collected + offsets, start_s, stop_s, verified)


def group_clocks(tracks: list[Track]) -> list[ClockGroup]:
    """Find which streams share a clock; the main group comes first.

    Streams with verified clock offsets do. Any other belongs to those it overlaps in time.

    Parameters
    ----------
    tracks : list of Track
        The streams.

    Returns
    -------
    list of ClockGroup
        The groups, most samples first. Streams without samples are in none.
    """
    spans: list[tuple[float, float, tuple[Track, ...]]] = []
    filled = [track for track in tracks if np.isfinite(track.start_s)]
    verified = tuple(track for track in filled if track.verified)
    if verified:
        start_s = min(track.start_s for track in verified)
        spans.append((start_s, max(track.stop_s for track in verified), verified))
    spans += [(track.start_s, track.stop_s, (track,)) for track in filled if not track.verified]
    merged: list[tuple[float, float, tuple[Track, ...]]] = []
    for start_s, stop_s, members in sorted(spans, key=lambda span: span[:2]):
        if merged and start_s <= merged[-1][1] + _APART_S:
            before = merged.pop()
            merged.append((before[0], max(before[1], stop_s), before[2] + members))
        else:
            merged.append((start_s, stop_s, members))
    groups = [
        ClockGroup(
            tuple(sorted(track.index.stream.info.stream_id for track in members)),
            start_s,
            stop_s,
            sum(track.index.n_samples for track in members),
        )
        for start_s, stop_s, members in merged
    ]
    return sorted(groups, key=lambda group: (-group.n_samples, group.start_s))
