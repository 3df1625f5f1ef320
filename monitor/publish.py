"""Markers as an LSL stream, for other programs, from a live session or a replay."""

from collections.abc import Callable
from typing import Protocol

from monitor.core.markers import MARKERS
from monitor.core.results import MarkerRow, Result
from monitor.lsl.outlet import MarkerChannel, MarkerOutlet


class Progress(Protocol):
    """What a publisher asks of a run, whether it runs or is played again."""

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes in the order in which their streams opened."""

    @property
    def now_s(self) -> float:
        """Monitor clock at the last tick."""

    @property
    def session_now_s(self) -> float:
        """Session time of the last tick."""


class Publisher:
    """A sink that sends marker rows to an outlet, made when the participants are known.

    Parameters
    ----------
    pipeline : Progress
        The pipeline whose results come here.
    clock : callable, optional
        LSL clock for the stamps of a replay; without it the stamps are those of the session.
    """

    def __init__(self, pipeline: Progress, clock: Callable[[], float] | None = None) -> None:
        self._pipeline = pipeline
        self._clock = clock
        self._outlet: MarkerOutlet | None = None

    def push(self, results: list[Result]) -> None:
        """Send the rows among the results, one sample for each grid second.

        Parameters
        ----------
        results : list of Result
            In the order in which the pipeline gave them.
        """
        by_second: dict[float, list[MarkerRow]] = {}
        for row in results:
            if isinstance(row, MarkerRow):
                by_second.setdefault(round(row.t_centre_s + row.window_s / 2.0, 3), []).append(row)
        if not by_second:
            return
        if self._outlet is None:
            codes = self._pipeline.participants
            channels = [MarkerChannel(code, spec.name, spec.unit) for code in codes for spec in MARKERS]
            self._outlet = MarkerOutlet(channels)
        now = self._clock() if self._clock else self._pipeline.now_s
        for second, rows in by_second.items():
            self._outlet.push(rows, now - (self._pipeline.session_now_s - second))

    def close(self) -> None:
        """Take the outlet away."""
        if self._outlet is not None:
            self._outlet.close()
