"""One thread per stream that keeps it connected, verifies it, and tells when it stalls, ends or changes."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, Samples, StreamLost
from monitor.core.model import Modality, StreamInfo
from monitor.core.recognition import recognise
from monitor.lsl.advert import Advert
from monitor.lsl.binding import LostError, NotInTimeError
from monitor.lsl.doubt import Doubt, doubt_of_identity
from monitor.lsl.link import Link
from monitor.lsl.stats import StreamStats
from monitor.lsl.succession import Succession

_FIRST_DATA_S = 2.0
_OFFSET_EVERY_S = 5.0
_PULL_S = 0.1
_PAUSE_S = 0.007
"""What comes faster is taken together, so that the rate of samples is not the rate of wake-ups."""

_STALL_S = 2.0
_STALL_PERIODS = 3.0
_STALL_OF_BEATS_S = 8.0
_LOOK_S = 0.1
_AMBIGUOUS_S = 4.0
"""Longer than ended outlets stay listed, so that a ghost is not taken for a second candidate."""


class Opened(NamedTuple):
    """A stream was connected; its roles are decided by whoever reads this.

    Parameters
    ----------
    info : StreamInfo
        The stream, with a number of its own.
    doubt : Doubt or None
        Why it must not get a role.
    """

    info: StreamInfo
    doubt: Doubt | None


Message = Opened | Event


class _FinishedError(Exception):
    """The supervisor was asked to stop."""


class Supervisor:
    """Owns one stream from its first connection, over restarts, to the end of the session.

    A stream is pinned to what it declared first. It never recovers in silence: each stall, end and return
    becomes an event, each return is a new stream with the roles asked for anew, and a return in another guise
    carries a doubt instead of roles.

    Parameters
    ----------
    advert : Advert
        The checked declaration.
    emit : callable
        Takes each message; must not block.
    new_id : callable
        Gives the next free stream number.
    clock : callable
        The monitor's clock, in the time of the stamps.
    present : callable
        Lists the streams now present.
    tolerance_s : float, default 5.0
        Furthest a newest stamp may be from the clock.
    doubt : Doubt, optional
        Why this stream gets no role whatever it declares; such a stream is not followed over a restart.

    Attributes
    ----------
    state : str
        One of ``connecting, live, silent, lost, ended``.
    info : StreamInfo or None
        The stream as last opened.
    stats : StreamStats
        Running figures of the present connection.
    """

    def __init__(
        self,
        advert: Advert,
        *,
        emit: Callable[[Message], None],
        new_id: Callable[[], int],
        clock: Callable[[], float],
        present: Callable[[], Iterable[Advert]],
        tolerance_s: float = 5.0,
        doubt: Doubt | None = None,
    ) -> None:
        self.advert = advert
        self.state = "connecting"
        self.info: StreamInfo | None = None
        self.stats = StreamStats(advert.nominal_rate_hz)
        self._emit, self._new_id, self._clock = emit, new_id, clock
        self._tolerance_s = tolerance_s
        self._fixed_doubt = doubt
        self._pinned: StreamInfo | None = None
        self._doubt: Doubt | None = None
        self._open = False
        self._stalled = False
        self._succession = Succession(advert, present)
        self._link: Link | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lsl-{advert.name[:24]}", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def end(self) -> None:
        """Ask the thread to stop; returns at once."""
        self._ending.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread, then disconnect.

        Parameters
        ----------
        timeout_s : float
            Longest wait in seconds.

        Returns
        -------
        bool
            Whether it ended. If not, the inlet is left alone: liblsl may still be using it.
        """
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            return False
        self._disconnect()
        return True

    @property
    def ready(self) -> bool:
        """Whether the first attempt to connect is decided."""
        return self.state != "connecting"

    def follows(self, advert: Advert) -> bool:
        """Tell whether an outlet is this stream's business: itself, its return or its double.

        Parameters
        ----------
        advert : Advert
            An outlet that is present.

        Returns
        -------
        bool
            Whether nobody else should open it.
        """
        followed = self.state != "ended" and self._fixed_doubt is None
        return self._succession.knows(advert) or (followed and advert.label == self.advert.label)

    @property
    def offset_s(self) -> float:
        """Newest clock offset in seconds, NaN while it could not be measured."""
        return float("nan") if self._link is None else self._link.offset_s

    def _run(self) -> None:
        try:
            advert: Advert | None = self.advert
            while advert is not None:
                advert = self._serve_or_lose(advert)
        except _FinishedError:
            pass
        except Exception as error:  # noqa: BLE001 - a fault must reach the user
            fault = f"{type(error).__name__}: {error}"
            text = f"{self.advert.title} is no longer read ({fault}). Restart its sender."
            self._emit(Annotation(self._clock(), "stream_failed", text))
            self._lose("reading failed")
        self.state = "ended"

    def _serve_or_lose(self, advert: Advert) -> Advert | None:
        """Serve one connection to its end, then find who continues."""
        self._succession.use(advert)
        try:
            return self._serve(advert)
        except LostError:
            pass
        except NotInTimeError:
            self._succession.retry(advert)
        self._lose("the outlet is gone")
        self.state = "lost"
        self._disconnect()
        return self._await_return()

    def _serve(self, advert: Advert) -> Advert | None:
        """Connect, verify, and pass on what comes, until another outlet takes over."""
        link = self._link = Link(advert, self._clock, self._tolerance_s)
        try:
            info = link.open()
        except ValueError as error:
            text = f"{advert.title} is refused: it has {error}. Correct the sender."
            self._emit(Annotation(self._clock(), "stream_refused", text))
            return None
        self.stats = StreamStats(advert.nominal_rate_hz)
        self._doubt = self._fixed_doubt or doubt_of_identity(self._pinned, info)
        link.measure(self._ending)
        stamps, values = self._first_data(link)
        self._open_segment(link, info, stamps)
        if stamps.size:
            self._pass_on(stamps, values)
        elif _stall_limit_s(info) <= _STALL_S:
            self._note_stall("it is connected but sends nothing yet")
        return self._follow(link, _stall_limit_s(info))

    def _follow(self, link: Link, limit_s: float) -> Advert | None:
        """Pass on data; notice a stall; give way to a restarted outlet."""
        last_data = last_look = last_pull = time.monotonic()
        next_offset = last_data + _OFFSET_EVERY_S
        while True:
            stamps, values = self._pull(link)
            now = time.monotonic()
            if stamps.size:
                self._verify(link, stamps)
                self._pass_on(stamps, values)
                last_data = now
                # A sensor at 130 Hz is passed on at once; only faster arrivals are worth a wait.
                time.sleep(max(0.0, _PAUSE_S - (now - last_pull)))
                last_pull = time.monotonic()
            elif self._open and now - last_data > limit_s:
                self._note_stall(f"no data for {now - last_data:.0f} s")
            if now - last_look > _LOOK_S:
                last_look = now
                successor = self._look(data_flow=now - last_data < _LOOK_S)
                if successor is not None:
                    self._lose("its outlet was started anew")
                    self._disconnect()
                    return successor
            if self._open and now >= next_offset:
                next_offset = now + _OFFSET_EVERY_S
                self._take_offset(link)

    def _look(self, *, data_flow: bool) -> Advert | None:
        """Watch for doubles while data flow, and for a restarted outlet while they do not."""
        if self._fixed_doubt is not None:
            return None
        if self._open and data_flow:
            for advert in self._succession.new_rivals():
                text = f"A second outlet calls itself {advert.title}; it is not read. End it."
                self._emit(Annotation(self._clock(), "duplicate_stream", text))
        return self._succession.successor() if self._stalled or not self._open else None

    def _verify(self, link: Link, stamps: NDArray[np.float64]) -> None:
        """Open the stream anew when its first stamps turn out to be unusable, and note the end of a stall."""
        if self._stalled:
            # The same outlet of the same sender: what was verified still holds, and the gap is in the stamps.
            self._stalled = False
            self.state = "live"
            self._emit(Annotation(self._clock(), "stream_back", f"{self._current().title}: data again"))
        if not self._open:
            self._open_segment(link, self._current(), stamps)
        elif not link.checked and np.isfinite(link.offset_s) and link.doubt(stamps) is not None:
            self._lose("its clock disagrees")
            self._open_segment(link, self._current(), stamps)

    def _pull(self, link: Link) -> tuple[NDArray[np.float64], Samples]:
        if self._ending.is_set():
            raise _FinishedError
        return link.pull(_PULL_S)

    def _pass_on(self, stamps: NDArray[np.float64], values: Samples) -> None:
        self.stats.take(stamps)
        self._emit(Chunk(self._current().stream_id, stamps, values))

    def _current(self) -> StreamInfo:
        if self.info is None:
            raise LostError
        return self.info

    def _open_segment(self, link: Link, info: StreamInfo, stamps: NDArray[np.float64]) -> None:
        """Announce a stream under a new number, its offset first."""
        doubt = self._doubt or link.doubt(stamps)
        self.info = replace(info, stream_id=self._new_id())
        if self._pinned is None and doubt is None:
            self._pinned = self.info
        self._emit(Opened(self.info, doubt))
        if np.isfinite(link.offset_s):
            self._emit_offset(link)
        self._open = True
        self._stalled = False
        self.state = "live"

    def _emit_offset(self, link: Link) -> None:
        collected_s = self._clock() - link.offset_s
        self._emit(ClockOffset(self._current().stream_id, collected_s, link.offset_s))

    def _note_stall(self, reason: str) -> None:
        """Say once that a stream stays silent; it stays open, for it may only be waiting for its sensor."""
        if not self._stalled and self.info is not None:
            self._stalled = True
            self.state = "silent"
            self._emit(Annotation(self._clock(), "stream_silent", f"{self.info.title}: {reason}"))

    def _lose(self, reason: str) -> None:
        """Announce a stall or an end, once."""
        if self._open and self.info is not None:
            self._emit(StreamLost(self.info.stream_id, self._clock(), reason))
        self._open = False
        self._stalled = False
        self.state = "silent"

    def _take_offset(self, link: Link) -> None:
        late = not np.isfinite(link.offset_s)
        if not link.renew():
            return
        if late:
            # Recorded without a role until now; with a clock it may ask for one.
            self._lose("its clock can be measured now")
        else:
            self._emit_offset(link)

    def _first_data(self, link: Link) -> tuple[NDArray[np.float64], Samples]:
        deadline = time.monotonic() + _FIRST_DATA_S
        stamps, values = self._pull(link)
        while not stamps.size and time.monotonic() < deadline:
            stamps, values = self._pull(link)
        return stamps, values

    def _await_return(self) -> Advert | None:
        """Wait until the stream is back; None when it is not to be followed."""
        if self._fixed_doubt is not None:
            return None
        ambiguous_since: float | None = None
        while not self._ending.wait(_LOOK_S):
            successor = self._succession.successor()
            if successor is not None:
                return successor
            if len(self._succession.others()) < 2:
                ambiguous_since = None
            elif ambiguous_since is None:
                ambiguous_since = time.monotonic()
            elif time.monotonic() - ambiguous_since > _AMBIGUOUS_S:
                ambiguous_since = float("inf")
                text = f"Several outlets call themselves {self.advert.title}: none is taken. End all but one."
                self._emit(Annotation(self._clock(), "two_candidates", text))
        raise _FinishedError

    def _disconnect(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


def _stall_limit_s(info: StreamInfo) -> float:
    """Longest silence that is not a stall; markers may be silent for ever."""
    modalities = {channel.modality for channel in recognise(info)}
    if modalities & {Modality.RR, Modality.HR} and not modalities & {Modality.ECG, Modality.EDA}:
        return _STALL_OF_BEATS_S
    if info.nominal_rate_hz > 0.0 and Modality.MARKERS not in modalities:
        return max(_STALL_PERIODS / info.nominal_rate_hz, _STALL_S)
    return float("inf")
