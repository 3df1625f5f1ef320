"""Frames with a device stamp as a stream of samples, each with its own time; what is missing is counted."""

from collections import deque

import numpy as np

from devices.clock import DeviceClock
from devices.driver import Sink
from devices.protocols.pmd import Frame

_RATE_TOLERANCE = 0.05
_FIRST_TOLERANCE = 0.10
_REMEMBERED = 64
_REORDERED_NS = 10_000_000_000
_SET_BACK = 3
_SMOOTHING = 0.1
_AGREEING = 3


class SampleStream:
    """Spread the samples of frames over time, and find out what is lost, repeated or late.

    A frame's stamp is the time of its last sample on the device's clock; the samples between two stamps are spread
    evenly. Where the time from stamp to stamp is off by more than 5 % from what the samples should take, frames
    were lost: then the samples keep their running distance and the rest is reported as lost. Three frames in a row
    that agree with one another on another rate, which lost frames cannot explain, make that the rate. Frames stamped
    before the last one are not used; when the third in a row goes on from the two before it, the clock was set back.

    Parameters
    ----------
    sink : Sink
        Where everything goes.
    source_id : str
        Of the stream.
    nominal_hz : float
        Rate the device declares; its true rate is measured.
    """

    def __init__(self, sink: Sink, source_id: str, nominal_hz: float) -> None:
        self._sink = sink
        self._source_id = source_id
        self._clock = DeviceClock()
        self._step_ns = 1e9 / nominal_hz
        self._measured = False
        self._fresh = False
        self._origin_ns = 0
        self._last_ns: int | None = None
        self._last_stamp_s: float | None = None
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)
        self._others: list[float] = []
        self._behind: list[Frame] = []
        self.arrived_s: float | None = None
        self.late_since_s: float | None = None

    @property
    def delay_s(self) -> float:
        """How much later the newest frame came than the fastest ones.

        Returns
        -------
        float
            Seconds.
        """
        return self._clock.delay_s

    @property
    def rate_hz(self) -> float:
        """Rate by the device's own clock.

        Returns
        -------
        float
            Samples per second.
        """
        return 1e9 / self._step_ns

    def restart(self) -> None:
        """Note that the stream was stopped and started: what lies between tells nothing of the rate.

        The device's clock went on meanwhile, and so does its mapping to ours.
        """
        self._fresh = True
        self._others.clear()
        self.late_since_s = None

    def take(self, frame: Frame, arrival_s: float) -> bool:
        """Take one frame.

        Parameters
        ----------
        frame : Frame
            As decoded.
        arrival_s : float
            When it arrived, on the bridge's clock.

        Returns
        -------
        bool
            Whether its samples were used.
        """
        if frame.device_ns in self._seen:
            self._sink.rejected("repeated")
            return False
        back_ns = 0 if self._last_ns is None else self._last_ns - frame.device_ns
        set_back = (
            self._last_ns is not None and back_ns < _REORDERED_NS and self._was_set_back(frame, back_ns)
        )
        if 0 <= back_ns < _REORDERED_NS and self._last_ns is not None and not set_back:
            self._sink.rejected("backwards")
            return False
        self.arrived_s = arrival_s
        n_unused = sum(len(one.samples) for one in self._behind) if set_back else 0
        self._behind.clear()
        if set_back:
            self._clock.restart()
        if back_ns > 0:
            # The device's clock was set back: what was seen before is of another clock.
            self._seen.clear()
        self._seen.append(frame.device_ns)
        if self._last_ns is None:
            self._origin_ns = frame.device_ns
        leapt = self._clock.observe(self._device_s(frame.device_ns), arrival_s)
        n_lost, step_ns = self._spread(frame, leapt)
        n_lost += n_unused
        self._fresh = False
        n_samples = len(frame.samples)
        offsets_ns = np.arange(1 - n_samples, 1, dtype=np.float64) * step_ns
        stamps_s = self._clock.stamps(self._device_s(frame.device_ns) + offsets_ns * 1e-9)
        # Over a leap of the device's clock nobody can tell how many are missing, only that some are.
        hole_s = stamps_s[0] - self._last_stamp_s if self._last_stamp_s is not None else 0.0
        unknown = leapt and hole_s > 2e-9 * n_samples * step_ns
        if (n_lost or unknown) and self._last_stamp_s is not None:
            self._sink.lost(self._source_id, n_lost, self._last_stamp_s, float(stamps_s[0]))
        self._sink.push(self._source_id, frame.samples.astype(np.float64), stamps_s)
        self._last_ns = frame.device_ns
        self._last_stamp_s = float(stamps_s[-1])
        self._tell_delay(arrival_s)
        return True

    def _was_set_back(self, frame: Frame, back_ns: int) -> bool:
        """Tell a clock that was set back by little from frames out of order, which do not go on from one another."""
        goes_on = False
        if self._behind:
            step_ns = (frame.device_ns - self._behind[-1].device_ns) / len(frame.samples)
            goes_on = abs(step_ns / self._step_ns - 1.0) <= _RATE_TOLERANCE
        if back_ns < 0:
            # It is ahead of the last one again, but by less than its samples took.
            return goes_on and -back_ns < (1.0 - _FIRST_TOLERANCE) * self._step_ns * len(frame.samples)
        if not goes_on:
            self._behind.clear()
        if len(self._behind) == _SET_BACK - 1:
            return True
        self._behind.append(frame)
        return False

    def _spread(self, frame: Frame, leapt: bool) -> tuple[int, float]:
        """Tell how many samples are missing before a frame, and the distance of its own."""
        if self._last_ns is None or leapt:
            return 0, self._step_ns
        n_samples = len(frame.samples)
        gap_ns = float(frame.device_ns - self._last_ns)
        step_ns = gap_ns / n_samples
        ratio = step_ns / self._step_ns
        if not self._fresh and abs(ratio - 1.0) <= (_RATE_TOLERANCE if self._measured else _FIRST_TOLERANCE):
            share = _SMOOTHING if self._measured else 1.0
            self._step_ns += share * (step_ns - self._step_ns)
            self._measured = True
            self._others.clear()
            return 0, step_ns
        n_lost = max(0, round(gap_ns / self._step_ns) - n_samples)
        if self._fresh:
            return n_lost, min(self._step_ns, step_ns)
        if abs(n_lost / n_samples - round(n_lost / n_samples)) > _RATE_TOLERANCE or ratio < 1.0:
            self._note_other_rate(step_ns)
        return n_lost, min(self._step_ns, step_ns)

    def _note_other_rate(self, step_ns: float) -> None:
        """Believe another rate once several frames agree on it."""
        if self._others and abs(step_ns / self._others[-1] - 1.0) > _RATE_TOLERANCE:
            self._others.clear()
        self._others.append(step_ns)
        if len(self._others) >= _AGREEING:
            self._step_ns = step_ns
            self._others.clear()
            self._sink.rejected("rate_changed")

    def _tell_delay(self, arrival_s: float) -> None:
        """Tell the delay, and since when it is above two seconds."""
        delay_s = self._clock.delay_s
        self._sink.delay(delay_s)
        if delay_s <= 2.0:
            self.late_since_s = None
        elif self.late_since_s is None:
            self.late_since_s = arrival_s

    def _device_s(self, device_ns: int) -> float:
        """Count from the first frame: whole nanoseconds since 2000 are too many for floating point."""
        return (device_ns - self._origin_ns) * 1e-9
