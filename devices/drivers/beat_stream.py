"""The heart-rate service as streams: beat intervals with beat times, and heart rate."""

import logging
from collections import deque
from collections.abc import Callable

import numpy as np

from devices.beats import BeatClock
from devices.driver import Sink
from devices.drivers.contact import ContactWatch
from devices.errors import DeviceError
from devices.protocols import heart_rate
from devices.spec import ChannelSpec

logger = logging.getLogger(__name__)

RR_CHANNELS = (
    ChannelSpec(label="RR", unit="milliseconds", type="RR"),
    ChannelSpec(label="gap flag", unit="", type="FLAG"),
)
HR_CHANNELS = (ChannelSpec(label="HR", unit="bpm", type="HR"),)

LONGEST_RR_1024 = 4 * heart_rate.RR_UNITS_PER_S

_SCALE_BEATS = 10
_SCALE_MEMORY = 60
# The rate a strap tells is an average and lags behind the beats: over few of them only a rate that stands still says
# something of their scale.
_STEADY_BPM, _STILL_BPM = 3, 1
# Milliseconds read as 1/1024 s are too short by a factor of 1.024.
_SCALE_LEAST, _SCALE_MOST = 1.015, 1.033


class BeatStream:
    """Take the notifications of the heart-rate measurement of one connection.

    Heart rate 0 means that the strap has none and is not sent. While the strap is not worn neither rate nor
    intervals are sent. Intervals of 0 or more than 4 s are none; the next one has the gap flag.

    Parameters
    ----------
    sink : Sink
        Where everything goes.
    rr_id, hr_id : str
        Source ids of the two streams.
    contact : ContactWatch
        Whether the strap is worn.
    before_first_rr : callable, optional
        Called once, before the first intervals are pushed.
    """

    def __init__(
        self,
        sink: Sink,
        rr_id: str,
        hr_id: str,
        contact: ContactWatch,
        before_first_rr: Callable[[], None] = lambda: None,
    ) -> None:
        self._sink = sink
        self._rr_id = rr_id
        self._hr_id = hr_id
        self._contact = contact
        self._before_first_rr = before_first_rr
        self._clock = BeatClock()
        self._held_back = False
        self._last_s: float | None = None
        self._scale = _ScaleCheck()
        self.n_taken = 0
        self.has_rr = False
        self.arrived_s: float | None = None

    def take(self, data: bytes, arrival_s: float) -> None:
        """Take one notification.

        Parameters
        ----------
        data : bytes
            Value of the characteristic 2A37.
        arrival_s : float
            When it arrived, on the bridge's clock.
        """
        try:
            measured = heart_rate.decode(data)
        except DeviceError:
            self._sink.rejected("malformed")
            return
        self.arrived_s = arrival_s
        if not self._contact.measurement(measured, arrival_s):
            self._held_back = True
            # Said again and again: it is all there is to tell that the connection lives.
            self._sink.contact(False)
            return
        self.n_taken += 1
        if measured.bpm:
            self._sink.push(self._hr_id, np.array([float(measured.bpm)]), np.array([arrival_s]))
        if measured.rr_1024:
            self._push_beats(measured.rr_1024, arrival_s)
        if self._scale.wrong(measured):
            self._sink.rejected("rr_scale")
            logger.warning(
                "RR intervals and heart rate of %s do not agree: the strap may send milliseconds instead of "
                "1/1024 s. Its intervals are passed on as the standard says; compare it with another strap.",
                self._rr_id,
            )

    def _push_beats(self, rr_1024: tuple[int, ...], arrival_s: float) -> None:
        """Give the beats their times and send them."""
        if self._held_back:
            # What beat while nothing was sent is not known: the next interval does not join on.
            self._clock.restart()
            self._last_s = None
            self._held_back = False
        for _ in filter(lambda ticks: not 0 < ticks <= LONGEST_RR_1024, rr_1024):
            self._sink.rejected("implausible")
        beats = self._clock.push(arrival_s, rr_1024)
        if not len(beats.stamps_s):
            return
        if not self.has_rr:
            self.has_rr = True
            self._before_first_rr()
        for stamp_s, rr_ms, gap in zip(beats.stamps_s, beats.rr_ms, beats.gap, strict=True):
            if gap and self._last_s is not None:
                self._sink.lost(self._rr_id, 0, self._last_s, max(self._last_s, float(stamp_s - rr_ms / 1e3)))
            self._last_s = float(stamp_s)
        values = np.column_stack((beats.rr_ms, beats.gap.astype(np.float64)))
        self._sink.push(self._rr_id, values, beats.stamps_s)


class _ScaleCheck:
    """Compare intervals with the heart rate over the last minute or so, while the heart rate is steady."""

    def __init__(self) -> None:
        self._bpm: deque[int] = deque(maxlen=_SCALE_BEATS)
        self._n_beats = 0
        self._by_rr_s = self._by_bpm_s = 0.0
        self._suspected = False

    def wrong(self, measured: heart_rate.HeartRateMeasurement) -> bool:
        """Take a notification; tell whether it is the one after which the unit must be doubted."""
        rr_1024 = [ticks for ticks in measured.rr_1024 if 0 < ticks <= LONGEST_RR_1024]
        if not measured.bpm or not rr_1024:
            return False
        self._bpm.append(measured.bpm)
        spread_bpm = max(self._bpm) - min(self._bpm)
        if spread_bpm > _STEADY_BPM:
            return False
        kept = (1.0 - 1.0 / _SCALE_MEMORY) ** len(rr_1024)
        self._n_beats += len(rr_1024)
        self._by_rr_s = kept * self._by_rr_s + sum(rr_1024) / heart_rate.RR_UNITS_PER_S
        self._by_bpm_s = kept * self._by_bpm_s + len(rr_1024) * 60.0 / measured.bpm
        doubtful = _SCALE_LEAST < self._by_bpm_s / self._by_rr_s < _SCALE_MOST
        enough = _SCALE_BEATS if spread_bpm <= _STILL_BPM else _SCALE_MEMORY
        first = doubtful and not self._suspected and self._n_beats >= enough
        self._suspected = doubtful and (self._suspected or first)
        return first
