"""Steps of a replay: what the board is told of one tick, as small as it can be kept."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np

from monitor.board.board import Board
from monitor.core.events import Chunk, Event, Samples, Tick
from monitor.core.results import Result, SynchronyRow, ZoneRow

Item = Event | tuple[Result, ...]
"""An event, or results that came before the next event."""

Step = tuple[Item, ...]
"""Everything up to a tick, in the order in which a board is told; the tick is the last."""

_FOR_TABLES = (ZoneRow, SynchronyRow)


class StepBuilder:
    """Collects the items of a step, the chunks of each stream in one piece.

    Nothing on the board depends on how a stream was cut, only on what lay between: so chunks are joined as long as
    nothing but chunks and results came.
    """

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._chunks: dict[int, list[Chunk]] = {}

    def note_results(self, results: Iterable[Result]) -> None:
        """Take results; those that are for the tables only are left out.

        Parameters
        ----------
        results : iterable of Result
            In the order in which they were emitted.
        """
        kept = tuple(result for result in results if not isinstance(result, _FOR_TABLES))
        if kept:
            self._join()
            self._items.append(kept)

    def note_event(self, event: Event) -> None:
        """Take an event.

        Parameters
        ----------
        event : Event
            After the results it brought.
        """
        if isinstance(event, Chunk):
            self._chunks.setdefault(event.stream_id, []).append(event)
            return
        self._join()
        self._items.append(event)

    def take(self) -> Step:
        """Return the step and begin the next.

        Returns
        -------
        Step
            Its items.
        """
        self._join()
        step = tuple(self._items)
        self._items.clear()
        return step

    def _join(self) -> None:
        self._items.extend(_joined(chunks) for chunks in self._chunks.values())
        self._chunks.clear()


def with_events_of(step: Step, other: Step) -> Step:
    """Return a step with the very events of another one, so that they are in memory once.

    Parameters
    ----------
    step : Step
        A step of a run over a recording.
    other : Step
        The same step of another run over the same recording.

    Returns
    -------
    Step
        With the results of the first.
    """
    events = [item for item in other if not isinstance(item, tuple)]
    if len(events) != sum(1 for item in step if not isinstance(item, tuple)):
        return step
    following = iter(events)
    return tuple(item if isinstance(item, tuple) else next(following) for item in step)


def _joined(chunks: list[Chunk]) -> Chunk:
    # Also of a single one: what was read from a file may be a view that keeps a whole block alive.
    stamps = np.concatenate([chunk.stamps for chunk in chunks])
    first = chunks[0].values
    values: Samples
    if isinstance(first, np.ndarray):
        values = np.concatenate([_array(chunk) for chunk in chunks])
    else:
        values = tuple(chain.from_iterable(chunk.values for chunk in chunks))
    return Chunk(chunks[0].stream_id, stamps, values)


def _array(chunk: Chunk) -> Any:  # noqa: ANN401 - a stream keeps its own type of number
    return chunk.values


def feed(board: Board, step: Step, t0_s: float | None) -> None:
    """Tell a board a step, as a run over the recording would.

    Parameters
    ----------
    board : Board
        The board.
    step : Step
        The step.
    t0_s : float or None
        Monitor clock in seconds at session time 0; None while it is not known.
    """
    for item in step:
        if isinstance(item, tuple):
            board.note_results(item)
            continue
        if t0_s is not None and isinstance(item, Tick):
            board.set_origin(t0_s)
        board.note_event(item)
