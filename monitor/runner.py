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
        Live: an error in the computation ends the numbers, tells the user, and never ends the recording.

    Raises
    ------
    Exception
        Whatever the computation raises, unless `survive` is set.
    """
    computing = True

    def hand_on(results: list[Result]) -> None:
        if results:
            for sink in sinks:
                sink(results)

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
            hand_on(results)
        for observe in observers:
            observe(event)
    if computing:
        hand_on(pipeline.finish())


def _failure(pipeline: Pipeline, error: Exception) -> Notice:
    text = (
        f"The computation stopped ({type(error).__name__}: {error}). Recording goes on; "
        f"run `attune analyze` on the recording later, and report this message."
    )
    return Notice(pipeline.session_now_s, "attune", "computation_failed", text)
