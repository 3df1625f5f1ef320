"""The guided calibration as a state machine: pure, deterministic, and without a clock."""

from calibration.procedure_events import (
    WINDOW_S,
    Begin,
    Event,
    KeptRating,
    Pause,
    Phase,
    Rated,
    Redo,
    Resume,
    SecondQuality,
    Skip,
    Span,
    Stop,
    quality_lines,
)
from calibration.protocol import Protocol, Rating, Step
from calibration.step_record import StepRecord, weighed

__all__ = [
    "HIGH_TENSION",
    "Begin",
    "Event",
    "KeptRating",
    "Pause",
    "Phase",
    "Procedure",
    "Rated",
    "Redo",
    "Resume",
    "SecondQuality",
    "Skip",
    "Span",
    "Stop",
    "outcome",
    "quality_lines",
]

HIGH_TENSION = 7.0
"""Rated tension that is always told; SCIENCE E.5 takes it as too much."""

LONGEST = 2.0
"""A step waits for valid seconds until this many times its planned length."""

_COMMANDS = {
    Phase.READY: ("begin", "skip", "stop"),
    Phase.RUNNING: ("pause", "skip", "redo", "stop"),
    Phase.PAUSED: ("resume", "skip", "redo", "stop"),
    Phase.RATING: ("skip", "redo", "stop"),
    Phase.WAITING: ("skip", "redo", "stop"),
    Phase.FINISHED: (),
    Phase.STOPPED: (),
}
_NAMES = {Begin: "begin", Pause: "pause", Resume: "resume", Skip: "skip", Redo: "redo", Stop: "stop"}
_NOT_ENOUGH = "Not enough valid signal. Check the sensors, then do this step again, skip it or stop."
_GOES_ON = "The step goes on until there is enough valid signal."


class Procedure:
    """A person's way through a protocol.

    Events may come in any order. A command at a wrong moment changes nothing but `message`. Time is counted in
    `SecondQuality` events, one for each grid second in ascending order; a number left out while a step runs is a
    second without anything, and a number that came before is passed over.

    Parameters
    ----------
    protocol : Protocol
        What to go through.
    """

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._phase = Phase.READY
        self._index = 0
        self._message = ""
        self._newest: int | None = None
        self._expected: int | None = None
        """The next second of the running step; None at the start of a piece, which needs no predecessor."""
        self._record = StepRecord(protocol.steps[0])
        self._spans: list[Span] = []
        self._ratings: list[KeptRating] = []
        self._unanswered: tuple[Rating, ...] = ()
        self._onward = Phase.RUNNING
        """Phase in which the step after a rating begins."""
        self._done: list[str] = []
        self._skipped: list[str] = []
        self._recent: list[SecondQuality] = []

    @property
    def phase(self) -> Phase:
        """Where the procedure stands."""
        return self._phase

    @property
    def index(self) -> int:
        """Place of the present step; the last one after the end."""
        return self._index

    @property
    def step(self) -> Step:
        """The present step; the last one after the end."""
        return self.protocol.steps[self._index]

    @property
    def elapsed_s(self) -> float:
        """Seconds of the present step, pauses left out."""
        return self._record.elapsed_s

    @property
    def valid_s(self) -> float:
        """Valid seconds of the present step, among those that would count if it ended now."""
        return self._record.valid_s

    @property
    def enough(self) -> bool:
        """Whether the present step has the valid seconds it needs; `Skip` then keeps it."""
        return self._record.enough

    @property
    def asks(self) -> tuple[Rating, ...]:
        """What the person is asked to rate now; ratings are taken at any other time too."""
        return self._unanswered if self._phase is Phase.RATING else ()

    @property
    def commands(self) -> tuple[str, ...]:
        """Names of the commands that are valid now, besides ratings."""
        return _COMMANDS[self._phase]

    @property
    def message(self) -> str:
        """What is to be said of the last event; empty when there is nothing."""
        return self._message

    @property
    def ratings(self) -> tuple[KeptRating, ...]:
        """All ratings, in order."""
        return tuple(self._ratings)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Everything kept so far, the present step included, without weights."""
        return (*self._spans, *self._record.spans())

    @property
    def done(self) -> tuple[str, ...]:
        """Names of the steps that were kept."""
        return tuple(self._done)

    @property
    def skipped(self) -> tuple[str, ...]:
        """Names of the steps that were left without enough valid seconds."""
        return tuple(self._skipped)

    @property
    def recent(self) -> tuple[SecondQuality, ...]:
        """The newest seconds, at most ten, for `quality_lines`."""
        return tuple(self._recent)

    def push(self, event: Event) -> None:
        """Take one event.

        Parameters
        ----------
        event : Event
            A command, a rating or a grid second.
        """
        if isinstance(event, SecondQuality):
            self._take_second(event)
        elif isinstance(event, Rated):
            self._take_rating(event)
        elif _NAMES[type(event)] not in self.commands:
            self._message = f"`{_NAMES[type(event)]}` is not possible now: {self._phase_words()}."
        else:
            self._take_command(event)

    def _phase_words(self) -> str:
        if self._phase in (Phase.FINISHED, Phase.STOPPED):
            return f"the calibration is {self._phase}"
        return f"choose {', '.join(self.commands)}"

    def _take_command(self, event: Begin | Pause | Resume | Skip | Redo | Stop) -> None:
        """Obey a command that is valid now."""
        self._message = ""
        if isinstance(event, Begin | Resume):
            self._run()
        elif isinstance(event, Pause):
            self._phase = Phase.PAUSED
            self._message = "Paused. What comes now is left out."
        elif isinstance(event, Redo):
            self._redo()
        elif isinstance(event, Stop):
            self._stop()
        elif self._phase is Phase.RATING:
            self._next_step()
        else:
            self._leave()

    def _run(self) -> None:
        """Let the present step run; the second that comes next begins a new piece."""
        self._phase = Phase.RUNNING
        self._expected = None

    def _redo(self) -> None:
        name = self.step.name
        if self._phase is Phase.RATING:
            self._spans = [span for span in self._spans if span.step != name]
            self._done = [done for done in self._done if done != name]
        self._record = StepRecord(self.step)
        self._run()
        self._message = "This step begins anew."

    def _stop(self) -> None:
        if self._phase is not Phase.RATING:
            self._settle()
        self._phase = Phase.STOPPED
        self._message = "Stopped. The recording is kept."

    def _take_second(self, at: SecondQuality) -> None:
        if self._newest is not None and at.second <= self._newest:
            return
        self._newest = at.second
        self._recent = [*(old for old in self._recent if old.second > at.second - WINDOW_S), at]
        # A long gap ends where the step does: each round either counts a second or leaves `running`.
        while self._phase is Phase.RUNNING and self._expected is not None and self._expected < at.second:
            self._count(self._expected, valid=False)
        if self._phase is Phase.RUNNING:
            self._count(at.second, valid=at.valid)

    def _count(self, second: int, *, valid: bool) -> None:
        """Add a second to the running step and end the step when it is time."""
        self._record.count(second, valid=valid, follows=self._expected is not None)
        self._expected = second + 1
        over_s = self.elapsed_s - self.step.length_s
        if over_s < 0:
            return
        if self.enough:
            self._message = ""
            self._end_step()
        elif self.elapsed_s >= LONGEST * self.step.length_s:
            self._phase = Phase.WAITING
            self._message = _NOT_ENOUGH
        elif over_s < 1:
            self._message = _GOES_ON

    def _settle(self, *, keep: bool = False) -> bool:
        """Keep or drop what was recorded of the present step, and tell whether it was kept."""
        keep = self.elapsed_s > 0 and (keep or self.enough)
        if keep:
            self._spans += self._record.spans()
        (self._done if keep else self._skipped).append(self.step.name)
        self._record = StepRecord(self.step)
        return keep

    def _leave(self, *, keep: bool = False, answered: Rating | None = None) -> None:
        """End the present step at somebody's wish: what comes next begins with the second that comes next."""
        self._expected = None
        step = self.step
        self._end_step(keep=keep, answered=answered)
        if step.weight > 0 and step.name in self._skipped:
            self._message = (
                f"`{step.title}` was skipped before it had enough valid signal. It does not count, "
                "and the reference may be too short."
            )

    def _end_step(self, *, keep: bool = False, answered: Rating | None = None) -> None:
        """End the present step; ask for ratings if it was kept and asks for any, else go on."""
        self._onward = self._phase if self._phase in (Phase.READY, Phase.PAUSED) else Phase.RUNNING
        self._unanswered = tuple(rating for rating in self.step.asks if rating is not answered)
        if self._settle(keep=keep) and self._unanswered:
            self._phase = Phase.RATING
        else:
            self._next_step()

    def _next_step(self) -> None:
        if self._phase is Phase.RATING:
            self._expected = None
        if self._index + 1 == len(self.protocol.steps):
            self._phase = Phase.FINISHED
            return
        self._index += 1
        self._record = StepRecord(self.step)
        self._phase = self._onward

    def _take_rating(self, event: Rated) -> None:
        # Written so that NaN is refused.
        if not 0.0 <= event.value <= 10.0:
            self._message = f"A rating of {event.value:g} cannot be taken. Give a number from 0 to 10."
            return
        self._message = ""
        second = -1 if self._newest is None else self._newest
        self._ratings.append(KeptRating(second, self.step.name, event.rating, float(event.value)))
        if event.rating is Rating.TENSION:
            self._consider_tension(event.value)
        if self._phase is Phase.RATING:
            self._unanswered = tuple(rating for rating in self._unanswered if rating is not event.rating)
            if not self._unanswered:
                self._next_step()

    def _consider_tension(self, value: float) -> None:
        """Say that tension is high, and end a step that has a rule for it."""
        words = f"Tension {value:g} of 10"
        if value >= HIGH_TENSION:
            self._message = f"{words}. Take your time; a pause is possible, and so is stopping."
        limit = self.step.stop_tension
        if not limit or value < limit:
            return
        if self._phase in (Phase.RUNNING, Phase.PAUSED, Phase.WAITING):
            self._leave(keep=True, answered=Rating.TENSION)
            self._message = f"{words}: the task ends here. Take your time."
        elif self._phase is Phase.RATING:
            self._message = f"{words} after the task. Take your time."


def outcome(procedure: Procedure) -> tuple[Span, ...]:
    """Choose what enters the reference, and weigh it.

    Of each kept step with a weight the last `Step.counted_s` seconds are taken: those the protocol names, and never
    more than the planned length of the step. The weight of the step is shared equally by its taken seconds,
    valid or not. Then all weights are scaled so that those of all seconds add up to 1; the share of a step that
    was left out goes to the others in proportion.

    Parameters
    ----------
    procedure : Procedure
        A procedure, usually finished or stopped. A step that still runs is left out.

    Returns
    -------
    tuple of Span
        In order, disjoint, each with the weight of one of its seconds; empty when no step with a weight was kept.
    """
    return weighed(procedure.protocol, procedure.spans, procedure.done)
