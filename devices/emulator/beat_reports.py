"""When a strap tells which beats: heart-rate notifications about once a second, none of them on time."""

from collections import deque

from devices.emulator.h10_faults import within
from devices.emulator.h10_signals import RR_TICKS_HZ, Beat, H10Signal
from devices.protocols.heart_rate import HeartRateMeasurement

MOST_INTERVALS = 9
"""More do not fit into a notification."""

_AVERAGED = 4
_MS = 1000


class BeatReports:
    """Collects beats and reports them.

    A beat is kept for `hold_s` at least and reported with the next notification, so that it comes 0.3 to 1.3 s
    late, one second from the one before it or none.

    Parameters
    ----------
    signal : H10Signal
        The body.
    every_s : float, default 1.0
        Time between two notifications.
    hold_s : float, default 0.3
        Least age of a reported beat.
    contact_lost : tuple of (float, float)
        When no beat is seen.
    """

    def __init__(
        self,
        signal: H10Signal,
        *,
        every_s: float = 1.0,
        hold_s: float = 0.3,
        contact_lost: tuple[tuple[float, float], ...] = (),
    ) -> None:
        self._signal = signal
        self._every_s = every_s
        self._hold_s = hold_s
        self._contact_lost = contact_lost
        self._reported_s = 0.0
        self._recent: deque[int] = deque(maxlen=_AVERAGED)
        self._slot = 0

    @property
    def next_s(self) -> float:
        """When the next notification is ready.

        Returns
        -------
        float
            Seconds since the device was switched on.
        """
        return (self._slot + 1) * self._every_s

    def begin(self, now_s: float) -> None:
        """Start afresh for a new listener: beats before now are not told.

        Parameters
        ----------
        now_s : float
            Seconds since the device was switched on.
        """
        self._reported_s = now_s
        self._slot = int(now_s / self._every_s)
        self._recent.clear()

    def report(self, *, in_ms: bool = False) -> tuple[HeartRateMeasurement, tuple[Beat, ...]]:
        """Make the notification due next.

        Parameters
        ----------
        in_ms : bool, default False
            Whether intervals are told in milliseconds, as they should not.

        Returns
        -------
        tuple of (HeartRateMeasurement, tuple of Beat)
            What is told, with contact, and which beats it is about.
        """
        ready_s = self.next_s
        self._slot += 1
        until_s = ready_s - self._hold_s
        beats: tuple[Beat, ...] = ()
        if until_s > self._reported_s:
            seen = self._signal.beats(self._reported_s, until_s)
            beats = tuple(beat for beat in seen if self._is_seen(beat))[-MOST_INTERVALS:]
            self._reported_s = until_s
        worn = not within(self._contact_lost, ready_s)
        self._recent.extend(beat.rr_1024 for beat in beats)
        if not worn:
            self._recent.clear()
        mean = sum(self._recent) / len(self._recent) if self._recent else 0.0
        told = tuple(round(beat.rr_1024 * _MS / RR_TICKS_HZ) if in_ms else beat.rr_1024 for beat in beats)
        bpm = round(60.0 * RR_TICKS_HZ / mean) if mean else 0
        return HeartRateMeasurement(bpm=bpm, contact=worn, rr_1024=told), beats

    def _is_seen(self, beat: Beat) -> bool:
        """Whether the strap touched skin from the beat before to this one."""
        before_s = beat.t_s - beat.rr_1024 / RR_TICKS_HZ
        return not any(before_s < stop_s and beat.t_s >= start_s for start_s, stop_s in self._contact_lost)
