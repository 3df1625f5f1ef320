"""A recording run through the pipeline, kept in memory: every step of it, and how to begin anywhere."""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping

from monitor.board.past import ReplayBoard
from monitor.board.session_views import CloudView, TransportView
from monitor.core.events import Chunk, Event, StreamOpened, Tick
from monitor.core.results import Notice, Result, Revocation, SynchronyReading, ZoneReading
from monitor.replaying.pasts import Pasts
from monitor.replaying.steps import Step, StepBuilder, feed, with_events_of
from monitor.replaying.zone_log import ZoneLog

CLOUDS_EVERY_S = 10.0
"""Session seconds between two looks at the references, beside those after every notice."""

LAST_LOOK_S = 1.0
"""Seconds after the last samples at which a replay ends."""

AFTERMATH_S = 15.0
"""Longest time without samples at the end that only lets the last windows close; a longer one is shown."""

OVERVIEW = (ZoneReading, SynchronyReading, Revocation)
"""What the time line of the whole recording is made of."""

NO_TRANSPORT = TransportView(
    playing=False,
    speed=1.0,
    position_s=0.0,
    duration_s=0.0,
    ready_s=0.0,
    at_end=False,
    variant=0,
    variants=[],
    differences=[],
    author="",
    message="",
)


class Journal:
    """Steps of one run; one thread writes, another reads what is complete.

    Parameters
    ----------
    participants : Mapping of str to str
        Code and kind of those who are known beforehand.
    base : Journal, optional
        A complete run over the same recording; its events are shared.
    on_overview : callable, optional
        Takes what the time line is made of, as it comes.

    Attributes
    ----------
    t0_s : float or None
        Monitor clock in seconds at session time 0; None while it is not known.
    zones : ZoneLog
        Zones of the whole recording.
    is_done : bool
        Whether the run is complete.
    """

    def __init__(
        self,
        participants: Mapping[str, str],
        *,
        base: "Journal | None" = None,
        on_overview: Callable[[list[Result]], None] | None = None,
    ) -> None:
        self._people = dict(participants)
        self._codes: dict[str, None] = {}
        self._base = base
        self._on_overview = on_overview or (lambda _results: None)
        self._clouds_of: Callable[[], list[CloudView]] = list
        self._t0_of: Callable[[], float | None] = lambda: None
        self._steps: list[Step] = []
        self._limit: int | None = None
        self._sampled_s = 0.0
        self._times: list[float] = []
        self._n_before_t0 = 0
        self._builder = StepBuilder()
        self._clouds: list[tuple[int, list[CloudView]]] = [(0, [])]
        self._looked_s = -math.inf
        self._board = self._new_board()
        self._pasts: Pasts = Pasts(self._board, None if base is None else base._pasts)  # noqa: SLF001 - of this class
        self.t0_s: float | None = None
        self.zones = ZoneLog()
        self.is_done = False

    def begin(self, t0_of: Callable[[], float | None], clouds_of: Callable[[], list[CloudView]]) -> None:
        """Learn of the run before its first event.

        Parameters
        ----------
        t0_of : callable
            Gives the origin of session time on the monitor's clock; None while it is not known.
        clouds_of : callable
            Gives where the references lie.
        """
        self._t0_of, self._clouds_of = t0_of, clouds_of

    def note_results(self, results: list[Result]) -> None:
        """Take the results of the next event.

        Parameters
        ----------
        results : list of Result
            In the order in which they were emitted.
        """
        self._builder.note_results(results)
        self.zones.note(results)
        told: list[Result] = [result for result in results if isinstance(result, OVERVIEW)]
        if told:
            self._on_overview(told)

    def note_event(self, event: Event) -> None:
        """Take an event, after its results.

        Parameters
        ----------
        event : Event
            The next event.
        """
        self._builder.note_event(event)
        if isinstance(event, Tick):
            self._close(event.now_s)
        elif isinstance(event, StreamOpened):
            self._codes.update(dict.fromkeys(binding.key.participant for binding in event.bindings))

    def finish(self) -> None:
        """Take what came after the last tick as the last step: the run is complete."""
        rest, n_shown = self._builder.take(), self._n_shown()
        self._pasts.forget(n_shown)
        if rest and n_shown == self.n_steps and n_shown:
            self._add(rest, self._times[-1])
        elif rest and n_shown:
            # In place of the first step that is not shown; whoever reads meanwhile finds everything in order.
            self._times[n_shown] = self._times[n_shown - 1]
            self._steps[n_shown] = rest
        self._limit = n_shown + bool(rest and n_shown)
        self.is_done = True

    @property
    def n_steps(self) -> int:
        """Number of steps that are complete."""
        return len(self._steps) if self._limit is None else self._limit

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes of those whose streams have opened, in that order."""
        return tuple(self._codes)

    @property
    def ready_s(self) -> float:
        """Session seconds up to which the recording has been run."""
        n = self.n_steps
        return self._times[n - 1] if n else 0.0

    def time_of(self, n_steps: int) -> float:
        """Return the session time after some steps.

        Parameters
        ----------
        n_steps : int
            Number of steps, at most `n_steps`.

        Returns
        -------
        float
            Seconds; 0 before the first step.
        """
        return self._times[n_steps - 1] if n_steps else 0.0

    def n_steps_at(self, position_s: float) -> int:
        """Count the steps up to a moment.

        Parameters
        ----------
        position_s : float
            Session seconds.

        Returns
        -------
        int
            Number of complete steps whose tick is not later.
        """
        return bisect_right(self._times, position_s, 0, self.n_steps)

    def clouds_at(self, n_steps: int) -> list[CloudView]:
        """Return where the references lie after some steps.

        Parameters
        ----------
        n_steps : int
            Number of steps.

        Returns
        -------
        list of CloudView
            The same object as long as nothing changes.
        """
        known = self._clouds
        return known[bisect_right(known, n_steps, key=lambda item: item[0]) - 1][1]

    def step(self, number: int) -> Step:
        """Return a step.

        Parameters
        ----------
        number : int
            From 0.

        Returns
        -------
        Step
            Its items.
        """
        return self._steps[number]

    def tell(self, board: ReplayBoard, number: int) -> None:
        """Tell a board one step.

        Parameters
        ----------
        board : ReplayBoard
            A board that was told all steps before.
        number : int
            Which step, from 0.
        """
        # The origin counts from the step in which it was found; in a run it is known only then.
        feed(board, self._steps[number], self.t0_s if number >= self._n_before_t0 else None)

    def board_at(self, n_steps: int) -> ReplayBoard:
        """Make a board as it is after some steps.

        Parameters
        ----------
        n_steps : int
            Number of steps.

        Returns
        -------
        ReplayBoard
            New, without time line.
        """
        board = self._new_board()
        first = 0
        kept = self._pasts.newest(n_steps)
        if kept is not None:
            first = kept.n_steps
            board.show(kept.past)
        for number in range(first, n_steps):
            self.tell(board, number)
        board.note_clouds(self.clouds_at(n_steps))
        return board

    def _n_shown(self) -> int:
        """Count the steps up to the end of the samples: that the recording ended is no loss of a sensor."""
        n = self.n_steps
        if self.ready_s - self._sampled_s > AFTERMATH_S:
            return n
        return bisect_right(self._times, self._sampled_s + LAST_LOOK_S, 0, n)

    def _new_board(self) -> ReplayBoard:
        board = ReplayBoard()
        board.note_transport(NO_TRANSPORT)
        board.note_people(self._people.items())
        return board

    def _close(self, now_s: float) -> None:
        step = self._builder.take()
        self.t0_s = self._t0_of()
        if self.t0_s is None:
            self._n_before_t0 += 1
            self._add(step, 0.0)
        else:
            self._add(step, max(now_s - self.t0_s, self.ready_s))

    def _add(self, step: Step, t_s: float) -> None:
        n = self.n_steps
        if self._base is not None and n < self._base.n_steps:
            step = with_events_of(step, self._base.step(n))
        feed(self._board, step, self.t0_s if n >= self._n_before_t0 else None)
        self._pasts.keep(n + 1, t_s)
        if any(isinstance(item, Chunk) for item in step):
            self._sampled_s = t_s
        self._look(n + 1, t_s, step)
        # The reader counts steps: a step is there when all else of it is.
        self._times.append(t_s)
        self._steps.append(step)

    def _look(self, n_steps: int, t_s: float, step: Step) -> None:
        told = any(isinstance(result, Notice) for item in step if isinstance(item, tuple) for result in item)
        if not told and t_s - self._looked_s < CLOUDS_EVERY_S:
            return
        self._looked_s = t_s
        clouds = self._clouds_of()
        if clouds != self._clouds[-1][1]:
            self._clouds.append((n_steps, clouds))
