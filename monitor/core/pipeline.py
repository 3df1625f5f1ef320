"""Events in, results out: the one computation shared by live, replay and analysis."""

from collections.abc import Callable, Mapping
from functools import partial
from math import floor

import numpy as np
from numpy.typing import NDArray

from calibration.personal import Calibration
from monitor.core.channel import Channel
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamKey
from monitor.core.noting import NOTE, NOTE_UNDONE, PREFLIGHT, Noting
from monitor.core.person import SETTLE_S, Person
from monitor.core.plausibility import Judgement
from monitor.core.recognition import has_beat_times, is_speech_marks
from monitor.core.results import REVOCABLE_S, Notice, Result
from monitor.core.series_log import SeriesLog
from monitor.core.speech import SpeechLog
from monitor.core.stream import Block, OpenStream, role_taken_text
from monitor.core.synchrony.pair import Choices
from monitor.core.synchrony.stage import SynchronyStage

_NEAR_S = 60.0
_MAX_SPEAKERS = 64
_SILENT_S = 10.0
"""A stream that sent nothing for so long may be followed by another one in its role."""

_ANALYSED = (Modality.ECG, Modality.RR, Modality.HR, Modality.EDA)

SAID_OF_SOMEBODY = frozenset(
    {"reference_start", "reference_stop", "speech_on", "speech_off", "demanding_on", "demanding_off"}
    | {"tension", "present", "too_much", "tolerable", "too_little"}
    | {f"calibration_{what}" for what in ("step", "pause", "redo", "span", "end")}
)
"""Labels of annotations whose text begins with the code of the person they are about."""


CalibrationSource = Callable[[float], Calibration]
"""Gives the calibration of a person for a session that begins at so many seconds since 1970."""


class Pipeline:
    """The pure pipeline: no clock of its own, no files, no network.

    Only ticks close windows: the window that ends at grid second g closes at the first tick with
    ``now >= t0 + g + lateness``. Between two ticks neither the cut of the data into chunks nor the
    interleaving of streams makes a difference.

    Parameters
    ----------
    lateness_s : float, default 3.0
        How long a window waits for data after its end.
    eager : bool, default False
        Process samples at every tick instead of only where windows close. Same results, sooner.
    calibrations : Mapping of str to callable, optional
        For each participant that has one: gives the calibration for a session that begins at so many seconds since
        1970 (NaN where unknown).
    logs : Mapping of str to SeriesLog, optional
        Where to collect the series of a participant.
    readings : bool, default True
        Whether to give a reading of each person's zone each second, for the eye; nothing else depends on it.
    kinds : Mapping of str to str, optional
        ``client``, ``therapist`` or ``other`` by code: a lag above 0 means that the client leads.
    synchrony : Choices, optional
        How synchrony is computed.
    compare : bool, default True
        Whether people are compared at all; not where nobody asks for it.
    """

    def __init__(
        self,
        *,
        lateness_s: float = 3.0,
        eager: bool = False,
        calibrations: Mapping[str, CalibrationSource] | None = None,
        logs: Mapping[str, SeriesLog] | None = None,
        readings: bool = True,
        kinds: Mapping[str, str] | None = None,
        synchrony: Choices | None = None,
        compare: bool = True,
    ) -> None:
        self.synchrony = SynchronyStage(synchrony or Choices(), kinds or {}, readings=readings)
        self._compare = compare
        self._lateness_s = lateness_s
        self._eager = eager
        self._calibrations = calibrations or {}
        self._logs = logs or {}
        self._readings = readings
        self._streams: dict[int, OpenStream] = {}
        self._persons: dict[str, Person] = {}
        self._speech: dict[str, SpeechLog] = {}
        self._holders: dict[StreamKey, OpenStream] = {}
        self._closed = 0
        self.t0_s: float | None = None
        self.t0_utc_s: float | None = None
        self.now_s = float("nan")
        self.noting = Noting()

    def push(self, event: Event) -> list[Result]:
        """Take one event and return what it decided.

        Parameters
        ----------
        event : Event
            The next event in order of arrival.

        Returns
        -------
        list of Result
            Rows and notices, in a fixed order.
        """
        if isinstance(event, Chunk | ClockOffset):
            stream = self._streams.get(event.stream_id)
            if stream is not None:
                stream.add(event)
            return []
        if isinstance(event, Tick):
            return self._tick(event)
        if isinstance(event, StreamOpened):
            return self._open(event)
        return self._told(event)

    def finish(self) -> list[Result]:
        """Close what was still open when the source ended.

        Returns
        -------
        list of Result
            The last beats and responses; no windows, for only ticks close them.
        """
        known = {code.casefold() for code in self._persons}
        strangers = ", ".join(sorted(set(self._speech) - known))
        out: list[Result] = []
        for stream in self._streams.values() if self.t0_s is not None else ():
            # What came since windows last closed: an eager run has taken it in already.
            stream.tick(self.now_s)
            out.extend(self._drain(stream))
        out.extend(result for person in self._persons.values() for result in person.finish())
        if strangers:
            text = (
                f"Speech was marked for {strangers}, who is nobody here ({', '.join(self._persons)}). "
                f"Let the sender use the codes of the session."
            )
            out.append(Notice(float(self._closed), "", "speech_of_nobody", text))
        return out

    @property
    def session_now_s(self) -> float:
        """Session time of the last tick; NaN before there is one."""
        return self.now_s - self.t0_s if self.t0_s is not None else float("nan")

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes in the order in which their streams opened."""
        return tuple(self._persons)

    @property
    def n_closed(self) -> int:
        """The last grid second whose windows are closed; 0 before the first."""
        return self._closed

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, in the order in which their streams opened."""
        return tuple(self._persons.values())

    @property
    def streams(self) -> tuple[OpenStream, ...]:
        """All streams in the order in which they opened."""
        return tuple(self._streams.values())

    def _open(self, event: StreamOpened) -> list[Result]:
        first: dict[StreamKey, Binding] = {}
        for binding in event.bindings:
            if binding.key.modality in _ANALYSED:
                first.setdefault(binding.key, binding)
        wanted = tuple(first.values())
        out = [result for binding in wanted for result in self._succeed(binding.key)]
        busy = {b.key: holder.info for b in wanted if (holder := self._holder(b.key)) is not None}
        stream = OpenStream(
            event.info,
            tuple(binding for binding in wanted if binding.key not in busy),
            tuple(binding for binding in event.bindings if binding.key.modality is Modality.SPEECH),
            tells_speech=is_speech_marks(event.info),
        )
        self._streams[event.info.stream_id] = stream
        for channel in stream.channels:
            self._retire(channel.binding.key)
            self._holders[channel.binding.key] = stream
        for binding in event.bindings:
            code = binding.key.participant
            if code not in self._persons:
                calibrate = partial(self._calibration, code)
                self._persons[code] = Person(
                    code,
                    calibrate,
                    self._logs.get(code),
                    self._speech_of(code),
                    self.synchrony.series_for(code) if self._compare else None,
                    readings=self._readings,
                )
        at = self.session_now_s if self.t0_s is not None else 0.0
        title = event.info.title
        return [
            *out,
            *(Notice(at, title, "role_taken", role_taken_text(key, info)) for key, info in busy.items()),
        ]

    def _calibration(self, code: str) -> Calibration:
        source = self._calibrations.get(code)
        if source is None:
            return Calibration(participant=code)
        return source(float("nan") if self.t0_utc_s is None else self.t0_utc_s)

    def _holder(self, key: StreamKey) -> OpenStream | None:
        holder = self._holders.get(key)
        return None if holder is None or holder.lost else holder

    def _succeed(self, key: StreamKey) -> list[Result]:
        """Take a role from who fell silent without a word, for good."""
        holder = self._holder(key)
        if holder is None or holder.silent_s(self.now_s) <= _SILENT_S:
            return []
        holder.tick(self.now_s)
        out = self._drain(holder)
        self._retire(key)
        return out

    def _retire(self, key: StreamKey) -> None:
        """Let no more samples into a role from who had it."""
        holder = self._holders.pop(key, None)
        for channel in holder.channels if holder is not None else ():
            channel.retired = channel.retired or channel.binding.key == key

    def _told(self, event: StreamLost | Annotation) -> list[Result]:
        at = event.at_s - self.t0_s if self.t0_s is not None else 0.0
        if isinstance(event, Annotation):
            return self._said(at, event)
        stream = self._streams.get(event.stream_id)
        if stream is None or stream.lost:
            return []
        # What arrived before the loss belongs to the time before the loss, whatever the rhythm of ticks.
        stream.tick(event.at_s)
        out = self._drain(stream) if self.t0_s is not None else []
        stream.lost = True
        for log in self._speech.values():
            log.end(at, stream.info.stream_id)
        return [*out, Notice(at, stream.info.title, "stream_lost", event.reason)]

    def _said(self, at_s: float, event: Annotation) -> list[Result]:
        """Hand what the user said of somebody to them; everything else is only told."""
        code, _, rest = event.text.partition(" ")
        person = self._persons.get(code)
        self.noting.push(event)
        if event.label in {NOTE, NOTE_UNDONE, PREFLIGHT}:
            return []
        if person is None or event.label not in SAID_OF_SOMEBODY:
            return [Notice(at_s, "", event.label, event.text)]
        person.told(at_s, event.label, rest)
        return []

    def _tick(self, tick: Tick) -> list[Result]:
        self.now_s = tick.now_s
        for stream in self._streams.values():
            stream.tick(tick.now_s)
        if self.t0_s is None and not self._fix_origin(tick):
            return []
        due = floor(self.session_now_s - self._lateness_s)
        if due <= self._closed and not self._eager:
            return []
        out: list[Result] = []
        for stream in self._streams.values():
            out.extend(self._drain(stream))
        emit = self.session_now_s
        for second in range(self._closed + 1, due + 1):
            for person in self._persons.values():
                out.extend(person.rows(second, emit))
            if self._compare:
                settled = second - second % SETTLE_S
                out.extend(self.synchrony.push(settled, settled - int(REVOCABLE_S), emit))
        self._closed = max(self._closed, due)
        return out

    def _fix_origin(self, tick: Tick) -> bool:
        """Session time starts at the earliest stamp known at the first tick with data."""
        firsts = [first for stream in self._streams.values() for first in stream.first_stamps()]
        near = [first for first in firsts if tick.now_s - first < _NEAR_S] or firsts
        if not near:
            return False
        self.t0_s = min(near)
        if np.isfinite(tick.utc_s):
            self.t0_utc_s = tick.utc_s - (tick.now_s - self.t0_s)
        return True

    def _drain(self, stream: OpenStream) -> list[Result]:
        """Bring a stream's pending samples into the analysis."""
        out: list[Result] = []
        told = stream.clock_problem
        for block in stream.take(self.t0_s or 0.0):
            if not stream.channels:
                stream.meter.push(block.t, block.t)
            if stream.marks is not None or stream.voices:
                out.extend(self._heard(stream, block))
            out.extend(stream.told_of_device(block))
            for channel in stream.channels:
                if not channel.retired:
                    column = block.values[:, channel.binding.channel].astype(np.float64)
                    out.extend(self._feed(channel, block.t, column))
        if stream.clock_problem and not told:
            out.append(Notice(self._closed, stream.info.title, "clock_disagrees", stream.clock_problem))
        return out

    def _speech_of(self, code: str) -> SpeechLog:
        """Return when somebody spoke; capitals do not count, and marks may come before the person's streams."""
        key = code.casefold()
        if key not in self._speech and len(self._speech) >= _MAX_SPEAKERS:
            return SpeechLog()
        return self._speech.setdefault(key, SpeechLog())

    def _heard(self, stream: OpenStream, block: Block) -> list[Result]:
        """Take in who speaks, as marks or as voice activity."""
        problems: list[str] = []
        if stream.marks is not None:
            marks, problem = stream.marks.push(block.t.tolist(), block.values[:, 0].tolist())
            problems.append(problem)
            for mark in marks:
                self._speech_of(mark.participant).set(mark.t_s, mark.speaking, stream.info.stream_id)
        for voice in stream.voices:
            column = block.values[:, voice.channel].astype(np.float64)
            log = self._speech_of(voice.key.participant)
            problems.append(log.push(block.t, column, stream.info.stream_id, stream.info.nominal_rate_hz))
        at_s = float(self._closed)
        return [Notice(at_s, stream.info.title, "speech_unreadable", text) for text in problems if text]

    def _feed(self, channel: Channel, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        released_t, released_x, verdict = channel.push(t, x)
        out: list[Result] = []
        key = channel.binding.key
        if verdict is not None:
            at = channel.intake.first_s or 0.0
            if verdict.judgement is Judgement.PLAUSIBLE:
                timed = key.modality is Modality.RR and has_beat_times(channel.info)
                person = self._persons[key.participant]
                person.open(key.modality, channel.rate_hz, channel.info.name, timed=timed)
            text = f"{key.modality.upper()} of {key.participant}: {verdict.text}."
            out.append(Notice(at, channel.info.title, f"channel_{verdict.judgement}", text))
        out.extend(self._persons[key.participant].push(key.modality, released_t, released_x))
        return out
