"""Which stretches of a recording a calibration uses: named by the user, or noted while it was recorded."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from calibration.protocol import Protocol
from monitor.core.series_log import SpanOf
from monitor.errors import SettingsError
from monitor.spans import seconds_of

STEP, PAUSE, REDO, SPAN, END = (
    "calibration_step",
    "calibration_pause",
    "calibration_redo",
    "calibration_span",
    "calibration_end",
)
"""Labels of the notes of a recorded calibration."""


class Note(NamedTuple):
    """A note of a recorded calibration, in session time."""

    at_s: float
    label: str
    text: str


def parse_span(option: str) -> SpanOf:
    """Read one use of the option ``--span START:STOP``.

    Parameters
    ----------
    option : str
        As typed.

    Returns
    -------
    tuple of float
        Start and stop in session seconds, and the weight 1.

    Raises
    ------
    SettingsError
        If it is not of that form.
    """
    values = seconds_of(option)
    if values is None:
        raise SettingsError(
            f"`--span {option[:60]}` is not of the form START:STOP in seconds of the recording, such as 60:420."
        )
    return (*values, 1.0)


def check_spans(spans: Sequence[SpanOf], length_s: float) -> None:
    """Refuse spans that lie outside the recording or overlap.

    Parameters
    ----------
    spans : sequence of (float, float, float)
        Start, stop and weight.
    length_s : float
        Length of the recording in seconds.

    Raises
    ------
    SettingsError
        With the span and what would be possible.
    """
    ordered = sorted(spans)
    for start, stop, _ in ordered:
        if not stop <= length_s:
            raise SettingsError(
                f"The span {start:g}:{stop:g} ends outside the recording, which is {length_s:.0f} s long. "
                f"Choose seconds from 0 to {math.floor(length_s) if math.isfinite(length_s) else 0}."
            )
    for before, after in pairwise(ordered):
        if after[0] < before[1]:
            raise SettingsError(
                f"The spans {before[0]:g}:{before[1]:g} and {after[0]:g}:{after[1]:g} overlap. "
                f"Give each second once."
            )


def noted_spans(notes: Iterable[Note], participant: str, protocol: Protocol, length_s: float) -> list[SpanOf]:
    """Find the spans in the notes of a recorded calibration.

    A calibration that came to its end noted what it used; of one that was interrupted the steps are taken that the
    protocol gives a weight.

    Parameters
    ----------
    notes : iterable of Note
        In order.
    participant : str
        Code of the person.
    protocol : Protocol
        The protocol it followed.
    length_s : float
        Length of the recording in seconds.

    Returns
    -------
    list of (float, float, float)
        Start, stop and weight of each second; empty when there was no calibration of this person.
    """
    own = []
    for note in notes:
        code, _, rest = note.text.partition(" ")
        if code == participant:
            own.append(note._replace(text=rest))
    used: list[SpanOf] = []
    for note in own:
        if note.label == REDO and not note.text:
            used = []
        elif note.label == SPAN:
            used.extend(_span_in(note.text))
    return used or _from_steps([*own, Note(length_s, END, "")], protocol)


def _span_in(text: str) -> list[SpanOf]:
    """Read ``STEP START STOP WEIGHT``; nothing from anything else."""
    try:
        start, stop, weight = (float(word) for word in text.split()[1:])
    except ValueError:
        return []
    return [(start, stop, weight)] if 0 <= start < stop < math.inf and 0 < weight < math.inf else []


def _from_steps(notes: Sequence[Note], protocol: Protocol) -> list[SpanOf]:
    """Take each weighted step from its note to the next note."""
    pieces: dict[str, list[tuple[float, float]]] = {}
    bounds = [note for note in notes if note.label in (STEP, PAUSE, REDO, END)]
    for note, following in pairwise(bounds):
        if note.label == REDO and not note.text:
            pieces.clear()
        elif note.label == REDO:
            pieces.pop(note.text, None)
        elif note.label == STEP and following.at_s > note.at_s:
            pieces.setdefault(note.text, []).append((note.at_s, following.at_s))
    spans: list[SpanOf] = []
    for step in protocol.steps:
        taken: list[tuple[float, float]] = []
        left_s = step.counted_s if step.weight > 0 else 0.0
        for start, stop in reversed(pieces.get(step.name, [])):
            if left_s <= 0:
                break
            begin = max(start, stop - left_s)
            left_s -= stop - begin
            taken.insert(0, (begin, stop))
        length_s = sum(stop - start for start, stop in taken)
        spans += [(start, stop, step.weight / length_s) for start, stop in taken]
    return spans
