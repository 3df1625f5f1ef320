"""Markers of what is played as an LSL stream; a jump leaves a gap."""

import math
from collections.abc import Callable

from monitor.core.events import Tick
from monitor.publish import Publisher
from monitor.replaying.journal import Journal
from monitor.replaying.steps import Step


class PlayedMarkers:
    """Publishes the steps that are played.

    Parameters
    ----------
    journal : Journal
        The run they are of.
    clock : callable
        LSL clock for the stamps.

    Attributes
    ----------
    now_s : float
        Monitor clock of the newest step played; NaN before.
    """

    def __init__(self, journal: Journal, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._publisher = Publisher(self, clock)
        self.now_s = math.nan

    @property
    def session_now_s(self) -> float:
        """Session time of the newest step played; NaN before."""
        t0_s = self._journal.t0_s
        return math.nan if t0_s is None else self.now_s - t0_s

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes in the order in which their streams opened."""
        return self._journal.participants

    def take(self, step: Step) -> None:
        """Publish a step.

        Parameters
        ----------
        step : Step
            The step.
        """
        for item in step:
            if isinstance(item, Tick):
                self.now_s = item.now_s
        for item in step:
            if isinstance(item, tuple):
                self._publisher.push(list(item))

    def close(self) -> None:
        """Take the stream away."""
        self._publisher.close()
