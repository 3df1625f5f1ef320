"""One stream on the path of a session, alone and unrecorded: what its checks rest on."""

import math
from collections.abc import Sequence
from dataclasses import replace

from monitor.board.sources import Sources
from monitor.board.streams import BEATWISE, StreamHealth
from monitor.core.channel import Channel
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Modality, StreamInfo
from monitor.core.pipeline import Pipeline
from monitor.core.plausibility import Judgement
from monitor.core.recognition import Recognised, recognise
from monitor.core.results import NAN, MarkerRow, Result
from monitor.lsl.advert import Advert, device_of, stream_info
from monitor.lsl.supervisor import Message, Opened
from monitor.preflight.facts import ChannelFacts, StreamFacts
from monitor.roles import bind, doubts
from monitor.room import Participant, Room, StreamLabel, StreamRule

_ALONE = "stream"
"""Whose a stream is while it is looked at."""

_TELLS_CONTACT = {Modality.ECG: "hr_bpm", Modality.EDA: "scl_us"}


def label_of(info: StreamInfo | Advert) -> StreamLabel:
    """Tell what a stream has again after its sender was restarted.

    Parameters
    ----------
    info : StreamInfo or Advert
        The stream.

    Returns
    -------
    StreamLabel
        Name, type, source id and host.
    """
    return (info.name, info.type, info.source_id, info.hostname)


class StreamWatch:
    """Looks at one outlet with the recognition, the checks of values and the markers of a session.

    Values that were found implausible are judged again and again, for before the start sensors are put on and senders
    corrected.

    Parameters
    ----------
    advert : Advert
        The outlet.
    rules : sequence of StreamRule
        What the room file says of this stream; empty where nothing does.
    lateness_s : float
        How long a window waits for data after its end.
    found_s : float
        Monitor clock in seconds when it was found.

    Attributes
    ----------
    info : StreamInfo
        The declaration; without channels until it was opened.
    device : str
        Manufacturer and model, as far as they are declared.
    measures : tuple of str
        Modalities recognised.
    reason : str
        Why they were.
    """

    def __init__(
        self, advert: Advert, rules: Sequence[StreamRule], *, lateness_s: float, found_s: float
    ) -> None:
        self.advert = advert
        self.label = label_of(advert)
        self.info = stream_info(advert, "<info/>", 0)
        self.device = ""
        self.measures: tuple[str, ...] = ()
        self.reason = ""
        self._rules = tuple(replace(rule, participant=_ALONE) for rule in rules)
        self._lateness_s = lateness_s
        self._found_s = found_s
        self._opened: StreamOpened | None = None
        self._opened_s = NAN
        self._offset: ClockOffset | None = None
        self._refused = ""
        self._clock_problem = ""
        self._unbound: tuple[str, ...] = ()
        self._sources = Sources(trace_s=1.0)
        self._pipeline = self._new_pipeline()
        self._rows: dict[str, MarkerRow] = {}
        self._problems: dict[Modality, str] = {}
        self._verified_s: dict[Modality, float] = {}
        self._fault = ""

    @property
    def analysed(self) -> frozenset[Modality]:
        """What of it a session would analyse."""
        return frozenset(b.key.modality for b in self._opened.bindings) if self._opened else frozenset()

    def take(self, message: Message, now_s: float) -> None:
        """Take what came from the outlet.

        Parameters
        ----------
        message : Message
            What came.
        now_s : float
            Monitor clock in seconds.
        """
        if isinstance(message, Opened):
            self._open(message, now_s)
        elif isinstance(message, Annotation):
            self._note(message)
        elif not isinstance(message, Tick):
            self._feed(message)

    def tick(self, tick: Tick) -> None:
        """Judge what came until now.

        Parameters
        ----------
        tick : Tick
            The monitor's clock.
        """
        self._sources.note_tick(tick.now_s)
        if self._opened is None or not self._opened.bindings or self._fault:
            return
        self._hear(self._push(tick))
        self._judge(tick.now_s)

    def facts(self, now_s: float, link: str, offset_s: float, *, double: bool) -> StreamFacts:
        """Gather what is known.

        Parameters
        ----------
        now_s : float
            Monitor clock in seconds.
        link : str
            State of the connection.
        offset_s : float
            Newest clock offset in seconds; NaN while unknown.
        double : bool
            Whether another outlet calls itself the same.

        Returns
        -------
        StreamFacts
            For the checks.
        """
        facts = StreamFacts(
            found_s=now_s - self._found_s,
            link=link,
            double=double,
            refused=self._refused,
            declared_hz=self.advert.nominal_rate_hz,
        )
        health = self._health
        if health is None:
            return facts
        return replace(
            facts,
            opened=True,
            measured_hz=health.rate_hz,
            state=health.state(now_s),
            opened_s=now_s - self._opened_s,
            n_samples=health.n_samples,
            age_s=now_s - health.newest_s,
            delay_s=health.delay_s,
            beatwise=bool(self.analysed & BEATWISE),
            offset_s=offset_s,
            clock_problem=self._clock_problem or self._pipeline_clock_problem,
            channels=tuple(self._channel(channel, now_s) for channel in self._channels),
            unbound=self._unbound,
        )

    @property
    def _health(self) -> StreamHealth | None:
        return None if self._opened is None else self._sources.streams.get(self._opened.info.stream_id)

    @property
    def _channels(self) -> tuple[Channel, ...]:
        return self._pipeline.streams[-1].channels if self._pipeline.streams else ()

    @property
    def _pipeline_clock_problem(self) -> str:
        return self._pipeline.streams[-1].clock_problem if self._pipeline.streams else ""

    def _new_pipeline(self) -> Pipeline:
        return Pipeline(lateness_s=self._lateness_s, eager=True, readings=False, compare=False)

    def _open(self, message: Opened, now_s: float) -> None:
        info = message.info
        room = self._room(info)
        found = recognise(info)
        # Looked at even where the clock is in doubt: the other checks tell something all the same.
        self._opened = StreamOpened(info, bind(info, room))
        self._opened_s = now_s
        self._unbound = doubts(info, room)
        self._clock_problem = "" if message.doubt is None else message.doubt.text
        self.info, self.device = info, device_of(info)
        self.measures = tuple(dict.fromkeys(channel.modality.value for channel in found))
        self.reason = _reason(found)
        self._offset, self._fault = None, ""
        self._sources.open(self._opened)
        self._rows.clear()
        self._problems.clear()
        self._verified_s.clear()
        self._begin()

    def _room(self, info: StreamInfo) -> Room:
        """Return the rules of the room for this stream, or one that gives it whole to nobody in particular."""
        whole = StreamRule(participant=_ALONE, match=info.uid or "stream", exactly=label_of(info))
        return Room(participants=(Participant(code=_ALONE),), streams=self._rules or (whole,))

    def _begin(self) -> None:
        """Put the stream before a pipeline that knows nothing yet."""
        self._pipeline = self._new_pipeline()
        if self._opened is not None and self._opened.bindings:
            self._push(self._opened)
            if self._offset is not None:
                self._push(self._offset)

    def _note(self, note: Annotation) -> None:
        if note.label in {"stream_refused", "stream_failed"}:
            self._refused = note.text.removeprefix(f"{self.advert.title} ")

    def _feed(self, event: Event) -> None:
        if isinstance(event, Chunk):
            self._sources.note_chunk(0, event)
        elif isinstance(event, ClockOffset):
            self._sources.note_offset(event)
            self._offset = event
        elif isinstance(event, StreamLost):
            self._sources.lose(event)
        if self._opened is not None and self._opened.bindings and not self._fault:
            self._hear(self._push(event))

    def _push(self, event: Event) -> list[Result]:
        try:
            return self._pipeline.push(event)
        except Exception as error:  # noqa: BLE001 - a mistake in a marker may not end the looking
            self._fault = f"it could not be checked ({type(error).__name__}: {error}): start, and report this"
            return []

    def _hear(self, results: list[Result]) -> None:
        for result in results:
            if isinstance(result, MarkerRow):
                self._rows[result.marker] = result

    def _judge(self, now_s: float) -> None:
        again = False
        for channel in self._channels:
            modality = channel.binding.key.modality
            if channel.verdict is None:
                if channel.problem:
                    self._problems[modality] = channel.problem
            elif channel.verdict.judgement is Judgement.PLAUSIBLE:
                self._problems.pop(modality, None)
                self._verified_s.setdefault(modality, now_s)
            else:
                self._problems[modality] = channel.verdict.text
                self._verified_s.pop(modality, None)
                again = True
        if again:
            self._begin()

    def _channel(self, channel: Channel, now_s: float) -> ChannelFacts:
        modality = channel.binding.key.modality
        row = self._rows.get(_TELLS_CONTACT.get(modality, ""))
        problem = self._fault or self._problems.get(modality, "")
        verdict = channel.verdict
        facts = ChannelFacts(
            modality=modality,
            judgement=Judgement.UNDECIDED if problem else None if verdict is None else verdict.judgement,
            text=problem or ("" if verdict is None else verdict.text),
            verified_s=now_s - self._verified_s.get(modality, math.nan),
        )
        return facts if row is None else replace(facts, status=row.status, reason=row.reason)


def _reason(found: Sequence[Recognised]) -> str:
    texts = dict.fromkeys(f"{channel.modality.value.upper()}: {channel.reason}" for channel in found)
    return "; ".join(texts)[:300] if texts else "it declares nothing that is known here"
