"""What was recorded of one step, and what of all steps enters the reference."""

from collections.abc import Collection, Sequence

from calibration.procedure_events import Span
from calibration.protocol import Protocol, Step


class StepRecord:
    """The seconds of one attempt at a step, without pauses.

    Parameters
    ----------
    step : Step
        The step.
    """

    def __init__(self, step: Step) -> None:
        self.step = step
        self._pieces: list[tuple[int, int]] = []
        """Grid seconds ``(before, last]`` without pause."""
        self._valid: list[bool] = []
        """One for each second of the pieces."""

    @property
    def elapsed_s(self) -> float:
        """Seconds recorded."""
        return float(len(self._valid))

    @property
    def valid_s(self) -> float:
        """Valid ones among the last `Step.counted_s` seconds."""
        return float(sum(self._valid[-int(self.step.counted_s) :]))

    @property
    def enough(self) -> bool:
        """Whether the valid seconds are as many as the step needs."""
        return self.valid_s >= self.step.minimum_s

    def count(self, second: int, *, valid: bool, follows: bool) -> None:
        """Add a second.

        Parameters
        ----------
        second : int
            Grid second, later than all before.
        valid : bool
            Whether it is valid.
        follows : bool
            Whether it goes on from the one before; else a new piece begins.
        """
        if follows and self._pieces:
            self._pieces[-1] = (self._pieces[-1][0], second)
        else:
            self._pieces.append((second - 1, second))
        self._valid.append(valid)

    def spans(self) -> list[Span]:
        """Return what was recorded.

        Returns
        -------
        list of Span
            In order and disjoint, without weights.
        """
        name, use = self.step.name, self.step.use
        return [Span(name, use, float(before), float(last), float("nan")) for before, last in self._pieces]


def weighed(protocol: Protocol, spans: Sequence[Span], done: Collection[str]) -> tuple[Span, ...]:
    """Choose what enters the reference, and weigh it.

    Parameters
    ----------
    protocol : Protocol
        Says which steps have a weight, and how much of them counts.
    spans : sequence of Span
        Everything that was kept, in order.
    done : collection of str
        Names of the steps to take.

    Returns
    -------
    tuple of Span
        As described at `calibration.procedure.outcome`.
    """
    steps = [step for step in protocol.steps if step.weight > 0 and step.name in done]
    total = sum(step.weight for step in steps)
    chosen: list[Span] = []
    for step in steps:
        taken = _last_seconds([span for span in spans if span.step == step.name], step.counted_s)
        counted_s = sum(span.stop_s - span.start_s for span in taken)
        chosen += [span._replace(weight=step.weight / total / counted_s) for span in taken]
    return tuple(chosen)


def _last_seconds(spans: list[Span], length_s: float) -> list[Span]:
    """Take the last seconds of spans in order, and cut the first one taken."""
    taken: list[Span] = []
    for span in reversed(spans):
        if length_s <= 0:
            break
        start_s = max(span.start_s, span.stop_s - length_s)
        taken.insert(0, span._replace(start_s=start_s))
        length_s -= span.stop_s - start_s
    return taken
