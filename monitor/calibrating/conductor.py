"""Leads one person through a calibration: seconds and commands in; notes for the recording and a view out."""

import math
from collections.abc import Callable
from dataclasses import replace

from calibration.procedure import (
    Begin,
    Event,
    Pause,
    Phase,
    Procedure,
    Rated,
    Redo,
    Resume,
    Skip,
    Span,
    Stop,
    outcome,
    quality_lines,
)
from calibration.protocol import Protocol, Rating
from monitor.board.commands import CommandValue
from monitor.board.session_views import ProcedureView, ResultView
from monitor.calibrating.result import Attempt, attempt, result_view
from monitor.core.results import REVOCABLE_S
from monitor.core.series_log import SeriesLog

Annotate = Callable[[str, str], object]
"""Puts label and text into the recording."""

_COMMANDS: dict[str, type[Begin | Pause | Resume | Skip | Redo | Stop]] = {
    "begin": Begin,
    "pause": Pause,
    "resume": Resume,
    "skip": Skip,
    "redo": Redo,
    "stop": Stop,
}
_OVER = (Phase.FINISHED, Phase.STOPPED)
_RATABLE = (Phase.RUNNING, Phase.PAUSED, Phase.WAITING, Phase.RATING)
_SETTLE_S = REVOCABLE_S + 1.0


class Conductor:
    """The guided calibration of one person as the engine runs it.

    Everything happens in the thread that calls; nothing here knows a clock.

    Parameters
    ----------
    participant : str
        Code of the person.
    protocol : Protocol
        What to go through.
    log : SeriesLog
        Filled by the pipeline.
    annotate : callable
        Puts a note into the recording.
    by_itself : bool, default False
        Begin, go on and accept without being told; what is asked stays unanswered.
    """

    def __init__(
        self,
        participant: str,
        protocol: Protocol,
        log: SeriesLog,
        annotate: Annotate,
        *,
        by_itself: bool = False,
    ) -> None:
        self.participant = participant
        self.protocol = protocol
        self._log = log
        self._annotate = annotate
        self._by_itself = by_itself
        self._procedure = Procedure(protocol)
        self._next = 0
        self._message = ""
        self._spans: tuple[Span, ...] = ()
        self._result: ResultView | None = None
        self.attempt: Attempt | None = None
        self.accepted: bool | None = None
        self.ratings: list[tuple[Rating, float]] = []

    @property
    def decided(self) -> bool:
        """Whether the result was accepted or discarded."""
        return self.accepted is not None

    def advance(self) -> None:
        """Take the seconds that are new in the log."""
        begin = max(self._next, self._log.first) if self._log.n_seconds else self._next
        end = self._log.first + self._log.n_seconds
        for second in range(begin, end):
            self._push(self._log.second(second))
        self._next = max(begin, end) if self._log.n_seconds else begin
        if self._by_itself and not self.decided:
            self._go_on()
        if self._procedure.phase in _OVER and self.attempt is None and self._settled():
            self._conclude()

    def command(self, name: str, value: CommandValue = None) -> None:
        """Obey a command, or say why not.

        Parameters
        ----------
        name : str
            One of `monitor.board.commands.COMMANDS`.
        value : float or str, optional
            Value of a rating.
        """
        self._message = ""
        if name not in self._commands():
            self._message = f"'{name}' is not possible now."
        elif name in ("accept", "discard"):
            self.accepted = name == "accept"
        elif name in set(Rating):
            if isinstance(value, int | float):
                self._rate(Rating(name), float(value))
        elif self._procedure.phase in _OVER:
            self._again()
        else:
            self._push(_COMMANDS[name]())

    def view(self) -> ProcedureView:
        """Describe where the procedure stands.

        Returns
        -------
        ProcedureView
            For the board.
        """
        procedure, step = self._procedure, self._procedure.step
        over = procedure.phase in _OVER
        tried = self.attempt
        waiting = "The last seconds are being looked at." if over and tried is None else ""
        return {
            "participant": self.participant,
            "protocol": self.protocol.title,
            "title": step.title,
            "instruction": step.instruction,
            "index": procedure.index,
            "n_steps": len(procedure.protocol.steps),
            "phase": procedure.phase.value,
            "elapsed_s": procedure.elapsed_s,
            "length_s": step.length_s,
            "minimum_s": step.minimum_s,
            "valid_s": procedure.valid_s,
            "enough": procedure.enough,
            "quality": [{"text": text, "good": good} for text, good in quality_lines(procedure.recent)],
            "breaths_per_min": step.breaths_per_min,
            "inhale_share": step.inhale_share,
            "asks": [ask.value for ask in procedure.asks],
            "commands": self._commands(),
            "message": self._message or waiting or procedure.message,
            "result": self._result,
        }

    def _commands(self) -> list[str]:
        if self.decided:
            return []
        if self.attempt is not None:
            return [*([] if self.attempt.problem else ["accept"]), "redo", "discard"]
        ratings = [rating.value for rating in Rating] if self._procedure.phase in _RATABLE else []
        return [*self._procedure.commands, *ratings]

    def _go_on(self) -> None:
        """Do what a user would who only says yes."""
        phase = self._procedure.phase
        if phase is Phase.READY and self._log.n_seconds:
            self._push(Begin())
        elif phase in (Phase.RATING, Phase.WAITING):
            self._push(Skip())
        elif self.attempt is not None:
            self.accepted = not self.attempt.problem

    def _push(self, event: Event) -> None:
        """Hand an event to the procedure and note in the recording what it changed."""
        procedure = self._procedure
        before = (procedure.phase, procedure.index)
        procedure.push(event)
        after = (procedure.phase, procedure.index)
        name = f"{self.participant} {procedure.step.name}"
        if isinstance(event, Redo) and after[0] is Phase.RUNNING:
            self._annotate("calibration_redo", name)
            self._annotate("calibration_step", name)
        elif after[0] is Phase.RUNNING and after != before:
            self._annotate("calibration_step", name)
        elif before[0] is Phase.RUNNING and after[0] is not Phase.RUNNING:
            self._annotate("calibration_pause", name)

    def _rate(self, rating: Rating, value: float) -> None:
        self._annotate(rating.value, f"{self.participant} {value:g}")
        self.ratings.append((rating, value))
        self._push(Rated(rating, value))

    def _settled(self) -> bool:
        """Whether nothing that was used can be taken back any more."""
        spans = outcome(self._procedure)
        last = max((span.stop_s for span in spans), default=-math.inf)
        return self._log.first + self._log.n_seconds - 1 >= last + _SETTLE_S

    def _conclude(self) -> None:
        self._spans = outcome(self._procedure)
        chosen = [(span.start_s, span.stop_s, span.weight) for span in self._spans]
        self.attempt = attempt(self.participant, self._log, chosen, minimum_s=self.protocol.required_s)
        self._result = result_view(self.attempt, self._log)
        for span in self._spans:
            self._annotate(
                "calibration_span",
                f"{self.participant} {span.step} {span.start_s:g} {span.stop_s:g} {span.weight!r}",
            )
        self._annotate("calibration_end", self.participant)

    def _again(self) -> None:
        """Take the steps of the reference once more; the rest of the procedure need not be repeated."""
        steps = tuple(step for step in self.protocol.steps if step.weight > 0)
        self._procedure = Procedure(replace(self.protocol, steps=steps))
        self.attempt, self._result = None, None
        self._message = "The steps that make the reference begin anew."
        self._annotate("calibration_redo", self.participant)
