"""Live streams as events: whatever depends on the wall clock is decided here and comes out as an event."""

import itertools
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator

from monitor.core.events import Annotation, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, StreamInfo, StreamKey
from monitor.core.recognition import is_audio, is_speech_marks
from monitor.lsl.advert import Advert, stream_info
from monitor.lsl.binding import Inlet, LostError, NotInTimeError, local_clock
from monitor.lsl.discovery import Discovery
from monitor.lsl.doubt import Doubt
from monitor.lsl.past import PastClock
from monitor.lsl.stats import StreamStatus
from monitor.lsl.supervisor import Message, Opened, Supervisor
from monitor.roles import RoleConflict, Roles, bind, contested, doubts, participant_of
from monitor.room import Room

_NO_AUDIO = (
    "Stream {} is sound, which is neither needed nor recorded. To mark who speaks, let its sender publish voice "
    "activity or marks of speech instead."
)
_SETTLE_AT_MOST_S = 4.0
_END_WITHIN_S = 1.5
_LONG_QUEUE = 20_000
_HEADER_S = 1.0
_STABLE_S = 1.0


class LslSource:
    """Iterable of the events of all streams of a room, until `stop`.

    A stream appears as `StreamOpened` (numbers count from 1), then its first `ClockOffset`, then chunks with
    raw stamps in the stream's own type. Whenever a stream comes back, from a stall or a restart, it is opened
    under a new number. Ticks come about every `tick_s` of wall time whether or not anything arrives. Nothing
    is ever dropped.

    Parameters
    ----------
    room : Room
        Who gets which stream.
    clock : callable, default local_clock
        The monitor's clock, in the time of the stamps.
    tick_s : float, default 0.2
        Time between ticks in seconds of wall time.
    settle_s : float, default 1.0
        How long streams are collected at the start, in seconds, so that of two that claim one role neither
        wins by being found first.
    record_unassigned : bool, optional
        Whether to subscribe to streams that no rule gives to anybody; by default if there are no rules.
    clock_tolerance_s : float, default 5.0
        Furthest the newest stamp of a stream may be from `clock` when it is opened.
    """

    def __init__(
        self,
        room: Room,
        *,
        clock: Callable[[], float] = local_clock,
        tick_s: float = 0.2,
        settle_s: float = 1.0,
        record_unassigned: bool | None = None,
        clock_tolerance_s: float = 5.0,
    ) -> None:
        self._room = room
        self._clock = clock
        self._past = PastClock(clock)
        self._tick_s = tick_s
        self._settle_s = settle_s
        self._record_unassigned = not room.streams if record_unassigned is None else record_unassigned
        self._tolerance_s = clock_tolerance_s
        self._discovery = Discovery()
        self._queue: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._ids = itertools.count(1)
        self._supervisors: tuple[Supervisor, ...] = ()
        self._roles = Roles()
        self._bindings: dict[int, tuple[Binding, ...]] = {}
        self._contested: dict[StreamKey, RoleConflict] = {}
        self._told: set[str] = set()
        self._left: dict[str, Advert] = {}
        self._last_tick = float("-inf")
        self._alarmed = False
        self._ending = threading.Event()
        self._headers: dict[str, StreamInfo] = {}

    def __iter__(self) -> Iterator[Event]:
        """Run until `stop`; may be iterated once.

        Yields
        ------
        Event
            In the order in which they are to be recorded and computed.
        """
        try:
            self._discovery.start()
            yield from self._settle()
            next_tick = time.monotonic()
            while not self._ending.is_set():
                yield from self._until(next_tick)
                next_tick = max(next_tick + self._tick_s, time.monotonic())
                yield from self._notes()
                yield from self._drained()
                yield self._tick()
            self._join()
            yield from self._drained()
            yield self._tick()
        finally:
            self._ending.set()
            self._join()
            self._discovery.stop()

    def stop(self) -> None:
        """End the iteration with what has arrived and a last tick; for any thread, and for signals."""
        self._ending.set()
        self._queue.put(None)

    def annotate(self, label: str, text: str, age_s: float = 0.0) -> float:
        """Put a note of the application among the events; for any thread.

        Parameters
        ----------
        label : str
            Short machine-readable label.
        text : str
            For the reader, or what the label needs.
        age_s : float, default 0.0
            How long ago in seconds of wall time it was said: that moment is its stamp.

        Returns
        -------
        float
            The stamp, on the monitor's clock.
        """
        at_s = self._past.at(age_s)
        self._queue.put(Annotation(at_s, label, text))
        return at_s

    def status(self) -> dict[str, StreamStatus]:
        """Describe each stream for the panel.

        Returns
        -------
        dict of str to StreamStatus
            By the uid of the outlet first connected, or the title of one refused.
        """
        table = {supervisor.advert.uid: self._status_of(supervisor) for supervisor in self._supervisors}
        for uid, advert in self._left.items():
            table[uid] = _idle(advert.title, advert.nominal_rate_hz, "not assigned")
        for title in self._discovery.refused:
            table[title] = _idle(title, float("nan"), "refused")
        return table

    def wait_for_streams(self, timeout_s: float, required: Collection[StreamKey] = ()) -> list[StreamInfo]:
        """Look which streams are there, before anything is recorded.

        Parameters
        ----------
        timeout_s : float
            Longest wait in seconds.
        required : collection of StreamKey, optional
            Roles to wait for. Without any, the wait ends when the list has not grown for a second.

        Returns
        -------
        list of StreamInfo
            Present streams with their channel metadata and number 0; those that did not answer are left out.
        """
        self._discovery.start()
        deadline = time.monotonic() + timeout_s
        stable_since, n_before = time.monotonic(), 0
        while True:
            infos = [
                info for advert in self._discovery.adverts if (info := self._header_of(advert)) is not None
            ]
            now = time.monotonic()
            if len(infos) != n_before:
                stable_since, n_before = now, len(infos)
            enough = set(required) <= self._roles_of(infos) if required else bool(infos)
            if now >= deadline or (enough and now - stable_since >= _STABLE_S) or self._ending.wait(0.1):
                return infos

    def _roles_of(self, infos: list[StreamInfo]) -> set[StreamKey]:
        keys: set[StreamKey] = set()
        for info in infos:
            try:
                keys.update(binding.key for binding in bind(info, self._room))
            except RoleConflict:
                continue
        return keys

    def _header_of(self, advert: Advert) -> StreamInfo | None:
        if advert.uid not in self._headers:
            inlet = Inlet(advert)
            try:
                self._headers[advert.uid] = stream_info(advert, inlet.header(_HEADER_S), 0)
            except (LostError, NotInTimeError, ValueError):
                return None
            finally:
                inlet.close()
        return self._headers[advert.uid]

    def _settle(self) -> Iterator[Event]:
        """Collect the streams that are there, then settle who may have which role."""
        begin = time.monotonic()
        while not self._ending.is_set():
            yield from self._notes()
            yield self._tick()
            waited = time.monotonic() - begin
            all_ready = all(supervisor.ready for supervisor in self._supervisors)
            if waited >= _SETTLE_AT_MOST_S or (waited >= self._settle_s and all_ready):
                break
            self._ending.wait(self._tick_s)
        waiting = list(self._taken())
        claims = [(m.info, self._wanted(m)) for m in waiting if isinstance(m, Opened)]
        self._contested = contested(claims)
        for message in waiting:
            yield from self._events(message)

    def _until(self, moment: float) -> Iterator[Event]:
        """Pass on what arrives until a moment of wall time."""
        while not self._ending.is_set() and (wait := moment - time.monotonic()) > 0.0:
            try:
                message = self._queue.get(timeout=wait)
            except queue.Empty:
                return
            if message is not None:
                yield from self._events(message)

    def _taken(self) -> Iterator[Message]:
        """Take what is in the queue now, not what comes while it is taken."""
        for _ in range(self._queue.qsize()):
            message = self._queue.get()
            if message is not None:
                yield message

    def _drained(self) -> Iterator[Event]:
        for message in self._taken():
            yield from self._events(message)

    def _tick(self) -> Tick:
        self._past.note()
        self._last_tick = max(self._last_tick, self._clock())
        return Tick(self._last_tick, time.time())

    def _events(self, message: Message) -> Iterator[Event]:
        if isinstance(message, Opened):
            yield from self._opened(message)
            return
        if isinstance(message, StreamLost):
            self._roles.release(message.stream_id)
        yield message

    def _wanted(self, message: Opened) -> tuple[Binding, ...]:
        """Bindings a stream would get if nobody else wanted them."""
        if message.doubt is not None:
            return ()
        try:
            return bind(message.info, self._room)
        except RoleConflict:
            return ()

    def _opened(self, message: Opened) -> Iterator[Event]:
        """Give a stream its roles, or say why not."""
        info = message.info
        notes: list[tuple[str, str]] = []
        granted: list[Binding] = []
        if message.doubt is not None:
            notes.append(message.doubt)
        else:
            try:
                wanted = bind(info, self._room)
            except RoleConflict as conflict:
                notes.append(("role_conflict", str(conflict)))
                wanted = ()
            for binding in wanted:
                problem = self._claimed(info, binding)
                if problem:
                    notes.append(("role_conflict", problem))
                else:
                    granted.append(binding)
            notes += [("stream_unbound", f"{info.title}: {text}") for text in doubts(info, self._room)]
        self._bindings[info.stream_id] = tuple(granted)
        yield StreamOpened(info, tuple(granted))
        for label, text in notes:
            yield Annotation(self._clock(), label, text)

    def _claimed(self, info: StreamInfo, binding: Binding) -> str:
        """Claim one role; the problem if it cannot be had."""
        if binding.key in self._contested:
            return str(self._contested[binding.key])
        try:
            self._roles.claim(info, (binding,))
        except RoleConflict as conflict:
            return str(conflict)
        return ""

    def _notes(self) -> Iterator[Event]:
        """Take on new streams; tell what is not taken, and a queue that grows."""
        for advert in self._discovery.adverts:
            if advert.uid in self._left or any(
                supervisor.follows(advert) for supervisor in self._supervisors
            ):
                continue
            info = stream_info(advert, "<info/>", 0)
            if is_audio(info):
                self._left[advert.uid] = advert
                yield from self._once(advert.uid, "audio_left_out", _NO_AUDIO.format(advert.title))
            elif self._record_unassigned or is_speech_marks(info) or self._is_assigned(advert):
                self._supervise(advert)
            else:
                self._left[advert.uid] = advert
        for title, problem in self._discovery.refused.items():
            yield from self._once(title, "stream_refused", f"Stream {title} {problem}.")
        if self._discovery.n_left_out:
            text = "Too many streams: only the first 64 are looked at. Use another session id or network."
            yield from self._once("too many", "too_many_streams", text)
        size = self._queue.qsize()
        if size > _LONG_QUEUE and not self._alarmed:
            self._alarmed = True
            text = (
                f"{size} messages wait to be processed: this computer is too slow now. Close other programs."
            )
            yield Annotation(self._clock(), "queue_long", text)
        elif size < _LONG_QUEUE // 2:
            self._alarmed = False

    def _once(self, key: str, label: str, text: str) -> Iterator[Event]:
        if key not in self._told and len(self._told) < _LONG_QUEUE:
            self._told.add(key)
            yield Annotation(self._clock(), label, text)

    def _is_assigned(self, advert: Advert) -> bool:
        try:
            return participant_of(stream_info(advert, "<info/>", 0), self._room) is not None
        except RoleConflict:
            return True

    def _supervise(self, advert: Advert) -> None:
        doubles = any(advert in group for group in self._discovery.duplicates())
        text = f"Several outlets call themselves {advert.title}: none is used. End all but one."
        supervisor = Supervisor(
            advert,
            emit=self._queue.put,
            new_id=self._ids.__next__,
            clock=self._clock,
            present=lambda: self._discovery.adverts,
            tolerance_s=self._tolerance_s,
            doubt=Doubt("duplicate_stream", text) if doubles else None,
        )
        self._supervisors = (*self._supervisors, supervisor)
        supervisor.start()

    def _join(self) -> None:
        """End the threads, then their inlets; an inlet whose thread hangs in liblsl is left alone."""
        for supervisor in self._supervisors:
            supervisor.end()
        deadline = time.monotonic() + _END_WITHIN_S
        for supervisor in self._supervisors:
            supervisor.join(max(0.0, deadline - time.monotonic()))

    def _status_of(self, supervisor: Supervisor) -> StreamStatus:
        info, stats = supervisor.info, supervisor.stats
        bindings = self._bindings.get(info.stream_id, ()) if info is not None else ()
        return StreamStatus(
            title=supervisor.advert.title,
            modality=", ".join(binding.key.modality.value for binding in bindings),
            participant=", ".join(dict.fromkeys(binding.key.participant for binding in bindings)),
            declared_rate_hz=supervisor.advert.nominal_rate_hz,
            measured_rate_hz=stats.measured_rate_hz,
            n_samples=stats.n_samples,
            n_gaps=stats.n_gaps,
            last_stamp_age_s=self._clock() - stats.last_stamp - supervisor.offset_s,
            state=supervisor.state,
            stream_id=info.stream_id if info is not None else 0,
        )


def _idle(title: str, rate_hz: float, state: str) -> StreamStatus:
    nan = float("nan")
    return StreamStatus(title, "", "", rate_hz, nan, 0, 0, nan, state, 0)
