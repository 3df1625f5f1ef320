"""All sentences of the time line and of the transport. They describe where the body was, and grade nothing."""

import math
import re
from collections.abc import Callable, Iterable

from monitor.board.gate import REASON_WORDS, format_clock
from monitor.board.rings import FloatArray
from monitor.board.session_views import MarkView
from monitor.core.results import Reason
from monitor.views.between.words import PLACES
from monitor.views.timeline.model import Minutes, Segment, Span, cell_at, segments_of

WORDS: dict[str, str] = {
    "title": "time line: whole session",
    "hint": "click or drag to go there",
    "valid": "within {share} % of {minutes} valid min",
    "no_valid": "no valid minutes so far",
    "within": "within the calibrated range",
    "above": "arousal index above the upper edge",
    "below": "low activation (unspecific)",
    "na": "not available: {reason}",
    "na_alone": "not available",
    "nothing": "no value yet",
    "person": "{who}: {state}",
    "profile": "{who}: {profile}",
    "shown": "{label} (shown)",
    "marked": "{label}, {who}",
    "written": "{label}: {text}",
    "more": "{rows} more rows are not shown here",
    "summary": "{who}: {valid}; above the upper edge {above} times, low activation {below} times; {missing}",
    "synchrony": "{signal}: {place} what chance gives in this session",
    "synchrony_na": "{signal}: not available",
    "synchrony_unsure": "{text}, unsure",
    "missing": "{minutes} min not available ({reasons})",
    "none_missing": "no gaps",
    "notes": "{count} notes",
}
"""Every piece of text of the time line."""

NEAR_PX = 6.0
"""A note this near to the pointer is told."""

Say = Callable[[str], str]
"""Translates a text of the tables."""


def mark_text(mark: MarkView, label: str, *, private: bool, say: Say = str) -> str:
    """Write a note with what belongs to it.

    Parameters
    ----------
    mark : MarkView
        The note.
    label : str
        Its label in words.
    private : bool
        Whether its free text is left out, because not everybody may see everything.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Label, whom it is about, text.
    """
    said = label
    if mark["participant"]:
        said = say(WORDS["marked"]).format(label=said, who=mark["participant"])
    if mark["text"] and not private:
        said = say(WORDS["written"]).format(label=said, text=mark["text"]) if said else mark["text"]
    return said


def minutes_text(minutes: Minutes, say: Say = str) -> str:
    """Write how much of the valid time lay within.

    Parameters
    ----------
    minutes : Minutes
        The counts.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        A percentage, always beside its valid minutes.
    """
    if not math.isfinite(minutes.within):
        return say(WORDS["no_valid"])
    share = round(100 * minutes.within)
    # All and nothing are said only when it was all or nothing.
    share = min(share, 99) if minutes.within < 1.0 else share
    share = max(share, 1) if minutes.within > 0.0 else share
    # Minutes are never rounded up.
    return say(WORDS["valid"]).format(share=share, minutes=math.floor(minutes.valid + 1e-9))


def state_text(cells: FloatArray, t_s: float, say: Say = str) -> str:
    """Say where a participant was.

    Parameters
    ----------
    cells : ndarray of float64, shape (4, n)
        As in `monitor.views.timeline.overview.Overview.cells`.
    t_s : float
        Session time in seconds.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        The zone, or why it is not available.
    """
    found = cell_at(cells, t_s)
    if found is None:
        return say(WORDS["nothing"])
    zone, reason = found
    if zone != "na":
        return say(WORDS[zone])
    words = say(REASON_WORDS[Reason(reason)])
    return say(WORDS["na"]).format(reason=words) if words else say(WORDS["na_alone"])


def signal_text(signal: str, spans: list[Span], t_s: float, say: Say = str) -> str:
    """Say where synchrony lay at a moment.

    Parameters
    ----------
    signal : str
        Its name on the screen.
    spans : list of Span
        In the order of time.
    t_s : float
        Session time in seconds.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Its place beside chance, or that there is none.
    """
    span = next((s for s in spans if s.start_s <= t_s < s.stop_s), None)
    if span is None:
        return say(WORDS["synchrony_na"]).format(signal=signal)
    text = say(WORDS["synchrony"]).format(signal=signal, place=say(PLACES[span.place]))
    return text if span.sure else say(WORDS["synchrony_unsure"]).format(text=text)


def hover_text(t_s: float, states: Iterable[tuple[str, str]], others: Iterable[str], say: Say = str) -> str:
    """Say everything about a moment in a line.

    Parameters
    ----------
    t_s : float
        Session time in seconds.
    states : iterable of (str, str)
        Who, and where they were.
    others : iterable of str
        Notes near it, and whatever else there is to say.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Time, people, notes.
    """
    people = (say(WORDS["person"]).format(who=who, state=state) for who, state in states)
    return " · ".join([format_clock(t_s), *people, *others])


def summary_text(who: str, cells: FloatArray, minutes: Minutes, say: Say = str) -> str:
    """Describe a row for those who cannot see it.

    Parameters
    ----------
    who : str
        Label of the row.
    cells : ndarray of float64, shape (4, n)
        As in `monitor.views.timeline.overview.Overview.cells`.
    minutes : Minutes
        Counts of the same.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        A sentence.
    """
    return say(WORDS["summary"]).format(
        who=who,
        valid=minutes_text(minutes, say),
        above=minutes.above,
        below=minutes.below,
        missing=_missing(segments_of(cells), say),
    )


def _missing(segments: list[Segment], say: Say) -> str:
    gaps = [s for s in segments if s.zone == "na"]
    if not gaps:
        return say(WORDS["none_missing"])
    lasting: dict[str, float] = {}
    for gap in gaps:
        lasting[gap.reason] = lasting.get(gap.reason, 0.0) + gap.stop_s - gap.start_s
    longest = sorted(lasting, key=lambda reason: -lasting[reason])
    reasons = ", ".join(filter(None, (say(REASON_WORDS[Reason(reason)]) for reason in longest)))
    minutes = math.ceil(sum(lasting.values()) / 60.0 - 1e-9)
    return say(WORDS["missing"]).format(minutes=minutes, reasons=reasons or say(WORDS["na_alone"]))


def names_of(text: str, codes: Iterable[str]) -> bool:
    """Say whether a text names somebody.

    Parameters
    ----------
    text : str
        Any.
    codes : iterable of str
        Codes of participants.

    Returns
    -------
    bool
        Whether one of them is a word of it.
    """
    return any(re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text) for code in codes)
