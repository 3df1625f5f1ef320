"""The one loop of live, replay and analysis: record, then compute, then show."""

from collections.abc import Callable, Iterable, Sequence

from monitor.core.events import Event
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice, Result

Sink = Callable[[list[Result]], None]
"""Takes the results of one event."""

Observer = Callable[[Event], None]
"""Takes an event."""


def run(
    source: Iterable[Event],
    pipeline: Pipeline,
    *,
    record: Observer | None = None,
    sinks: Sequence[Sink] = (),
    observers: Sequence[Observer] = (),
    survive: bool = False,
) -> None:
    """Drive the pipeline with everything a source has.

    Parameters
    ----------
    source : iterable of Event
        A live source or a file.
    pipeline : Pipeline
        The computation.
    record : callable, optional
        Takes every event before the pipeline sees it.
    sinks : sequence of callable, optional
        Take the results.
    observers : sequence of callable, optional
        Take every event after its results, so that no view sees the new time with old rows.
    survive : bool, default False
        Live: an error in the computation ends the numbers, one in a sink or observer ends that one; the user
        is told, and the recording goes on.

    Raises
    ------
    Exception
        Whatever the computation raises, unless `survive` is set.
    """
    computing = True
    taking, watching = list(sinks), list(observers)

    def _hand_on(results: list[Result]) -> None:
        if not results:
            return
        for sink in tuple(taking):
            try:
                sink(results)
            except Exception as error:  # what takes the numbers may not end the recording
                if not survive:
                    raise
                taking.remove(sink)
                _hand_on([_lost_taker(pipeline, error)])

    for event in source:
        if record is not None:
            record(event)
        if computing:
            try:
                results = pipeline.push(event)
            except Exception as error:  # the recording must outlive any mistake in a marker
                if not survive:
                    raise
                computing = False
                results = [_failure(pipeline, error)]
            _hand_on(results)
        for observe in tuple(watching):
            try:
                observe(event)
            except Exception as error:  # nor may what watches it
                if not survive:
                    raise
                watching.remove(observe)
                _hand_on([_lost_taker(pipeline, error)])
    if computing:
        _hand_on(pipeline.finish())


def _failure(pipeline: Pipeline, error: Exception) -> Notice:
    text = (
        f"The computation stopped ({type(error).__name__}: {error}). Recording goes on; "
        f"run `attune analyze` on the recording later, and report this message."
    )
    return Notice(pipeline.session_now_s, "attune", "computation_failed", text)


def _lost_taker(pipeline: Pipeline, error: Exception) -> Notice:
    text = (
        f"Showing or writing results stopped in one place: {error}. Recording goes on; "
        f"run `attune analyze` on the recording later."
    )
    return Notice(pipeline.session_now_s, "attune", "results_lost", text)
