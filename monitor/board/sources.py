"""Streams of the board: their health, the raw traces of their roles, and which stream feeds which marker."""

import copy
import math

import numpy as np

from monitor.board.gate import STALE_S
from monitor.board.rings import Ring
from monitor.board.streams import BEATWISE, StreamHealth, StreamState
from monitor.core.events import Chunk, ClockOffset, StreamLost, StreamOpened
from monitor.core.model import Binding, Modality, StreamKey
from monitor.core.results import NAN

MAX_STREAMS = 128
MAX_TRACES = 128
MAX_TRACE_SAMPLES = 60_000
SLOW = frozenset({Modality.EDA, Modality.RESP, Modality.TEMP})
"""Modalities of which twice as many seconds are kept."""

HEART = (Modality.ECG, Modality.RR, Modality.PPG, Modality.HR)
"""Sources of the heart markers, best first."""

SKIN_MARKERS = frozenset({"scl_us", "scr_per_min", "scr_sum_us", "eda_phasic", "z_eda"})
MIXED_MARKERS = frozenset({"arousal"})
"""Markers that rest on heart and skin together; every other marker rests on the heart."""


class Sources:
    """Streams by number and traces by role, in bounded memory.

    Parameters
    ----------
    trace_s : float
        Seconds of raw samples kept per role; twice as many of slow signals.
    """

    def __init__(self, *, trace_s: float) -> None:
        self.streams: dict[int, StreamHealth] = {}
        self.traces: dict[StreamKey, Ring] = {}
        self._trace_s = trace_s
        self._owners: dict[StreamKey, StreamHealth] = {}

    def without_samples(self) -> "Sources":
        """Return a copy that knows the same of all streams, with empty traces.

        Returns
        -------
        Sources
            Shares nothing with this one that changes.
        """
        other = Sources(trace_s=self._trace_s)
        # Together: an owner is one of the streams, or one that was forgotten since.
        other.streams, other._owners = copy.deepcopy((self.streams, self._owners))
        other.traces = {key: ring.like() for key, ring in self.traces.items()}
        return other

    def open(self, event: StreamOpened) -> None:
        """Take a new stream; it takes over the roles it is bound to.

        Parameters
        ----------
        event : StreamOpened
            The stream and its roles.
        """
        stream = StreamHealth(event.info, event.bindings)
        self.streams[event.info.stream_id] = stream
        for binding in event.bindings:
            self._owners[binding.key] = stream
            if binding.key not in self.traces and len(self.traces) < MAX_TRACES and _drawable(binding):
                self.traces[binding.key] = Ring(self._capacity(binding, event.info.nominal_rate_hz), 2)
        self._forget()

    def _capacity(self, binding: Binding, rate_hz: float) -> int:
        seconds = self._trace_s * (2.0 if binding.key.modality in SLOW else 1.0)
        return min(MAX_TRACE_SAMPLES, math.ceil(seconds * (rate_hz if rate_hz > 0 else 10.0)))

    def _forget(self) -> None:
        """Drop lost streams whose roles others have taken, then the oldest lost ones."""
        owners = {id(s) for s in self._owners.values()}
        for number, stream in list(self.streams.items()):
            lost = not math.isnan(stream.lost_s)
            taken = bool(stream.bindings) and id(stream) not in owners
            if lost and (taken or len(self.streams) > MAX_STREAMS):
                del self.streams[number]
        while len(self.streams) > MAX_STREAMS:
            del self.streams[next(iter(self.streams))]

    def note_tick(self, now_s: float) -> None:
        """Measure how late the newest samples of each stream came.

        Parameters
        ----------
        now_s : float
            Monitor clock in seconds.
        """
        for stream in self.streams.values():
            stream.note_tick(now_s)

    def lose(self, event: StreamLost) -> None:
        """Mark a stream as lost.

        Parameters
        ----------
        event : StreamLost
            Which, when, why.
        """
        stream = self.streams.get(event.stream_id)
        if stream is not None:
            stream.lose(event.at_s, event.reason)

    def note_offset(self, event: ClockOffset) -> None:
        """Take a clock offset.

        Parameters
        ----------
        event : ClockOffset
            The newest offset of a stream; one that is not finite is ignored.
        """
        stream = self.streams.get(event.stream_id)
        if stream is not None and math.isfinite(event.offset_s):
            stream.offset_s = event.offset_s

    def note_chunk(self, sequence: int, chunk: Chunk) -> None:
        """Take the samples of a stream.

        Parameters
        ----------
        sequence : int
            Count of the call.
        chunk : Chunk
            Samples; those without a finite stamp are left out.
        """
        stream = self.streams.get(chunk.stream_id)
        if stream is None or chunk.stamps.size == 0:
            return
        stamps, values = chunk.stamps, chunk.values
        finite = np.isfinite(stamps)
        if not finite.all():
            stamps = stamps[finite]
            values = values[finite] if isinstance(values, np.ndarray) else values
            if stamps.size == 0:
                return
        stream.note(stamps)
        if not isinstance(values, np.ndarray):
            if stream.device is not None:
                for row in values:
                    stream.device.take(row[0])
            return
        times_s = stamps + stream.offset_s
        for binding in stream.bindings:
            ring = self.traces.get(binding.key)
            if ring is None or binding.channel >= values.shape[1] or self._owners[binding.key] is not stream:
                continue
            column = values[:, binding.channel] * binding.scale
            ring.extend(sequence, times_s, column)
            if binding.key.modality in BEATWISE:
                stream.expected_beat_s = _beat_s(binding.key.modality, float(column[-1]))

    def said_of(self, stream: StreamHealth) -> str:
        """Tell what a status stream says of the device of a stream.

        Parameters
        ----------
        stream : StreamHealth
            The status stream itself, or another one of its device.

        Returns
        -------
        str
            In words: all of it beside the status stream, only what is not as it should be beside the others.
        """
        if stream.device is not None:
            return stream.device.trouble or stream.device.words
        telling = (other.device for other in self.streams.values() if other.tells_of(stream))
        return next((device.trouble for device in telling if device is not None), "")

    def source_of(self, participant: str, part: str, now_s: float) -> tuple[float, bool, float]:
        """Return what feeds the markers of a part of the body.

        Parameters
        ----------
        participant : str
            Code.
        part : str
            As given by `body_part`.
        now_s : float
            Monitor clock in seconds.

        Returns
        -------
        float
            Monitor clock in seconds of the newest sample of the oldest source; NaN when there is none.
        bool
            True when all sources are verified.
        float
            Age in seconds from which that source is stale.
        """
        found: list[StreamHealth] = []
        if part != "skin":
            found += self._best(participant, HEART)
        if part != "heart":
            found += self._best(participant, (Modality.EDA,))
        if not found:
            return NAN, False, STALE_S
        oldest = min(found, key=lambda s: s.newest_s + s.limit_s if s.n_samples else -math.inf)
        verified = all(s.state(now_s) is StreamState.RUNNING for s in found)
        # A stream known to be lost needs no waiting: whatever its age, nothing new will come.
        limit_s = oldest.limit_s if all(math.isnan(s.lost_s) for s in found) else -math.inf
        return oldest.newest_s, verified, limit_s

    def stands_back(self, participant: str, source: str) -> bool:
        """Tell whether beats of a source are not for the eye, because the person's ECG is there.

        Parameters
        ----------
        participant : str
            Code.
        source : str
            As in the rows of beats.

        Returns
        -------
        bool
            Whether another source is shown.
        """
        ecg = self._owners.get(StreamKey(participant, Modality.ECG))
        return source != Modality.ECG and ecg is not None and math.isnan(ecg.lost_s)

    def _best(self, participant: str, modalities: tuple[Modality, ...]) -> list[StreamHealth]:
        owned = [s for m in modalities if (s := self._owners.get(StreamKey(participant, m))) is not None]
        alive = [s for s in owned if math.isnan(s.lost_s)]
        return (alive or owned)[:1]


def body_part(marker: str) -> str:
    """Return what a marker rests on.

    Parameters
    ----------
    marker : str
        Name of the marker.

    Returns
    -------
    str
        ``heart``, ``skin``, or ``both`` when it needs heart and skin together.
    """
    if marker in SKIN_MARKERS:
        return "skin"
    return "both" if marker in MIXED_MARKERS else "heart"


def _drawable(binding: Binding) -> bool:
    return binding.key.modality not in {Modality.MARKERS, Modality.SPEECH} and math.isfinite(binding.scale)


def _beat_s(modality: Modality, value: float) -> float:
    rr_s = value / 1000.0 if modality is Modality.RR else 60.0 / value if value > 0 else NAN
    return rr_s if 0.2 < rr_s < 3.0 else NAN
