"""Health of the streams as the board shows it: counts, measured rate, gaps, age, state."""

import math
from collections import deque
from enum import StrEnum
from statistics import median

import numpy as np
from numpy.typing import NDArray

from monitor.board.gate import FUTURE_S, LONGEST_BEATS_S, STALE_S
from monitor.core.device_status import DeviceState
from monitor.core.model import Binding, Modality, StreamInfo
from monitor.core.recognition import STATUS_SUFFIX, is_device_status
from monitor.core.results import NAN

RATE_WINDOW_S = 10
"""Seconds of stamps over which a rate is measured; ten times as long for irregular streams."""

RATE_TOLERANCE = 0.10
"""Largest relative difference of measured and declared rate of a verified stream."""

VERIFY_S = 2.0
"""Seconds of stamps needed before a measured rate counts."""

DELAYS_KEPT = 50
"""Ticks over which the delay is measured."""

BEATWISE = frozenset({Modality.RR, Modality.HR})
"""Modalities that send a sample per beat."""


class StreamState(StrEnum):
    """State of a stream in one word."""

    WAITING = "waiting"
    RUNNING = "running"
    SILENT = "silent"
    RATE_DIFFERS = "rate_differs"
    CLOCK_DIFFERS = "clock_differs"
    LOST = "lost"


class StreamHealth:
    """What is known of one stream; counts, gaps and rate do not depend on how the stream is cut into chunks.

    Parameters
    ----------
    info : StreamInfo
        Declared identity.
    bindings : tuple of Binding
        Roles of its channels.

    Attributes
    ----------
    device : DeviceState or None
        Of a status stream: how its device is doing.
    """

    __slots__ = (
        "_anchors",
        "_delays",
        "_gap_s",
        "_missing",
        "_seen",
        "_stamp",
        "_verified",
        "bindings",
        "device",
        "expected_beat_s",
        "info",
        "lost_reason",
        "lost_s",
        "n_gaps",
        "n_samples",
        "newest_s",
        "offset_s",
    )

    def __init__(self, info: StreamInfo, bindings: tuple[Binding, ...]) -> None:
        self.info = info
        self.bindings = bindings
        self.device = DeviceState() if is_device_status(info) else None
        self.n_samples = 0
        self.n_gaps = 0
        self.newest_s = NAN
        self.offset_s = 0.0
        self.expected_beat_s = NAN
        self.lost_s = NAN
        self.lost_reason = ""
        rate_hz = info.nominal_rate_hz
        self._gap_s = max(4.0 / rate_hz, 0.25) if rate_hz > 0 else math.inf
        self._missing = 0
        self._seen = 0
        self._delays: deque[float] = deque(maxlen=DELAYS_KEPT)
        self._stamp = NAN
        # Kept over gaps: a lost packet is no reason to doubt the rate; another rate or a clock set back is.
        self._verified = rate_hz <= 0
        # The first sample of each whole second of the sender's clock: (stamp, samples before it).
        self._anchors: deque[tuple[float, int]] = deque(
            maxlen=RATE_WINDOW_S if rate_hz > 0 else 10 * RATE_WINDOW_S
        )

    def note(self, stamps: NDArray[np.float64]) -> None:
        """Take the stamps of a chunk.

        Parameters
        ----------
        stamps : ndarray of float64, shape (n,)
            Raw stamps in seconds, finite, at least one.
        """
        steps = np.empty(stamps.size)
        steps[0] = stamps[0] - self._stamp
        np.subtract(stamps[1:], stamps[:-1], out=steps[1:])
        # Stamps of a bridge that stamps on arrival may overlap by a few milliseconds: that is no gap.
        odd = np.abs(steps) > self._gap_s
        breaks = np.flatnonzero(odd).tolist() if odd.any() else []
        start = 0
        for stop in (*breaks, stamps.size):
            if stop > start:
                self._extend(stamps[start:stop])
                # At the end of every piece without a gap, or the verdict would depend on how it was cut.
                self._judge_rate()
            if stop < stamps.size:
                self.n_gaps += 1
                if steps[stop] > 0:
                    self._missing += round(float(steps[stop]) * self.info.nominal_rate_hz) - 1
                self._anchors.clear()
                self._verified = self._verified and bool(steps[stop] >= 0)
            start = stop
        self.newest_s = float(np.fmax(self.newest_s, stamps.max() + self.offset_s))
        # A stream that sends again is not lost, whatever was said of it before.
        self.lost_s, self.lost_reason = NAN, ""

    def _extend(self, stamps: NDArray[np.float64]) -> None:
        anchors = self._anchors
        second = math.floor(anchors[-1][0]) if anchors else -math.inf
        if math.floor(stamps[-1]) > second:
            seconds = np.floor(stamps)
            new = np.flatnonzero(np.diff(seconds, prepend=second) > 0)
            anchors.extend((float(stamps[i]), self.n_samples + int(i)) for i in new)
        self.n_samples += stamps.size
        self._stamp = float(stamps[-1])

    def _judge_rate(self) -> None:
        declared_hz, rate_hz = self.info.nominal_rate_hz, self.rate_hz
        if declared_hz > 0 and not math.isnan(rate_hz):
            self._verified = abs(rate_hz - declared_hz) <= RATE_TOLERANCE * declared_hz

    def tells_of(self, other: "StreamHealth") -> bool:
        """Tell whether this is the status stream of another one's device, which is still there.

        Parameters
        ----------
        other : StreamHealth
            Any stream.

        Returns
        -------
        bool
            Whether both have the host in common, and the root of the source id or the name of the device: a bridge
            may learn the serial number only when it has connected.
        """
        mine, its = self.info, other.info
        if self.device is None or not math.isnan(self.lost_s) or mine.hostname != its.hostname:
            return False
        root, device = mine.source_id.rpartition("-")[0], mine.name.removesuffix(STATUS_SUFFIX)
        return its.name in {device, f"{device} {its.type}"} or root == its.source_id.rpartition("-")[0] != ""

    def note_tick(self, now_s: float) -> None:
        """Measure how late the newest samples came, if there are any since the tick before.

        Parameters
        ----------
        now_s : float
            Monitor clock in seconds.
        """
        if self.n_samples > self._seen:
            self._seen = self.n_samples
            self._delays.append(now_s - self.newest_s)

    @property
    def delay_s(self) -> float:
        """Median age of the newest sample at the tick that followed it, over some ten seconds; NaN before."""
        return median(self._delays) if self._delays else NAN

    @property
    def lost_share(self) -> float:
        """Share of the samples that are missing in gaps, by the declared rate; NaN for irregular streams."""
        if self.info.nominal_rate_hz <= 0 or self.n_samples == 0:
            return NAN
        return self._missing / (self._missing + self.n_samples)

    def lose(self, at_s: float, reason: str) -> None:
        """Mark the stream as lost.

        Parameters
        ----------
        at_s : float
            Monitor clock in seconds.
        reason : str
            In words for the user.
        """
        self.lost_s = at_s
        self.lost_reason = reason

    @property
    def span_s(self) -> float:
        """Seconds over which the rate is measured at present."""
        return self._stamp - self._anchors[0][0] if self._anchors else 0.0

    @property
    def rate_hz(self) -> float:
        """Measured rate since the last gap, over at most the rate window; NaN before `VERIFY_S` seconds."""
        span_s = self.span_s
        if span_s < VERIFY_S:
            return NAN
        return (self.n_samples - 1 - self._anchors[0][1]) / span_s

    @property
    def limit_s(self) -> float:
        """Age in seconds from which the stream is stale: 2 s, or three beats of a beat-wise stream."""
        if math.isnan(self.expected_beat_s):
            return STALE_S
        return max(STALE_S, min(3.0 * self.expected_beat_s, LONGEST_BEATS_S))

    def state(self, now_s: float) -> StreamState:
        """Return the state at a moment.

        Parameters
        ----------
        now_s : float
            Monitor clock in seconds.

        Returns
        -------
        StreamState
            One word.
        """
        if not math.isnan(self.lost_s):
            return StreamState.LOST
        if self.n_samples == 0:
            return StreamState.WAITING
        age_s = now_s - self.newest_s
        if age_s < -FUTURE_S:
            return StreamState.CLOCK_DIFFERS
        declared_hz = self.info.nominal_rate_hz
        watched = declared_hz > 0 or any(b.key.modality in BEATWISE for b in self.bindings)
        if watched and age_s > self.limit_s:
            return StreamState.SILENT
        if self._verified:
            return StreamState.RUNNING
        return StreamState.WAITING if math.isnan(self.rate_hz) else StreamState.RATE_DIFFERS
