"""References taken from a span of the recording itself."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from calibration.baseline import MIN_VALID_S, BaselineError, Reference
from monitor.core.events import Event
from monitor.core.pipeline import Pipeline
from monitor.core.results import REVOCABLE_S
from monitor.core.series_log import SeriesLog
from monitor.errors import SettingsError


def seconds_of(text: str) -> tuple[float, float] | None:
    """Read ``START:STOP``.

    Parameters
    ----------
    text : str
        As typed.

    Returns
    -------
    tuple of float or None
        Start and stop in seconds; None where it is not of that form, or the start is not before the stop.
    """
    start, _, stop = text.partition(":")
    try:
        values = (float(start), float(stop))
    except ValueError:
        return None
    return values if 0 <= values[0] < values[1] < math.inf else None


def parse_spans(options: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Read the option ``--reference CODE=START:STOP``.

    Parameters
    ----------
    options : sequence of str
        Each use of the option.

    Returns
    -------
    dict of str to tuple of float
        Start and stop in session seconds, by participant.

    Raises
    ------
    SettingsError
        If one is not of that form.
    """
    spans: dict[str, tuple[float, float]] = {}
    for option in options:
        code, equals, span = option.partition("=")
        values = seconds_of(span)
        if values is None or not (code and equals):
            raise SettingsError(
                f"`--reference {option}` is not of the form CODE=START:STOP in seconds, such as C07=60:420."
            )
        if code in spans:
            raise SettingsError(f"`--reference` is given twice for {code}. Give one span for each person.")
        spans[code] = values
    return spans


def references_from(
    events: Callable[[], Iterable[Event]],
    spans: Mapping[str, tuple[float, float]],
    *,
    lateness_s: float,
    minima_s: Mapping[str, float] | None = None,
) -> dict[str, Reference]:
    """Run the pipeline once over the spans to learn what is usual in them.

    Parameters
    ----------
    events : callable
        Opens the recording anew.
    spans : Mapping of str to tuple of float
        Start and stop in session seconds, by participant.
    lateness_s : float
        As in the settings.
    minima_s : Mapping of str to float, optional
        Least length of a span in seconds, by participant; 300 for all others.

    Returns
    -------
    dict of str to Reference
        One reference for each participant.

    Raises
    ------
    SettingsError
        If a code is not in the recording, or a span lies outside it or cannot serve.
    """
    if not spans:
        return {}
    logs = {code: SeriesLog(*span) for code, span in spans.items()}
    last = max(stop for _, stop in spans.values())
    pipeline = Pipeline(lateness_s=lateness_s, logs=logs, compare=False)
    for event in events():
        pipeline.push(event)
        # Skin conductance may still be taken back for a while after it was given out.
        if pipeline.session_now_s > last + lateness_s + REVOCABLE_S + 1.0:
            break
    unknown = [code for code in spans if code not in pipeline.participants]
    if unknown:
        known = ", ".join(pipeline.participants) or "nobody"
        raise SettingsError(
            f"`--reference` names {', '.join(unknown)}, but the recording holds {known}. "
            f"Use one of these codes, or give streams to it with --assign CODE=TEXT."
        )
    for code, (start_s, _) in spans.items():
        if start_s >= pipeline.session_now_s:
            raise SettingsError(
                f"`--reference` of {code} begins at {start_s:g} s, but the recording is {pipeline.session_now_s:.0f} s "
                f"long. Choose a span within it."
            )
    try:
        return {
            code: log.reference(
                code, [(*spans[code], 1.0)], minimum_s=(minima_s or {}).get(code, MIN_VALID_S)
            )
            for code, log in logs.items()
        }
    except BaselineError as error:
        raise SettingsError(str(error)) from error
