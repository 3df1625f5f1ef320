"""All sentences about synchrony: a similarity beside what chance gives, never a grade and never a cause."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from monitor.board.gate import Hold, format_clock
from monitor.board.snapshot import SynchronyView
from monitor.core.results import Reason
from monitor.views.between.dyads import Dyad
from monitor.views.people import Person

SIGNALS: dict[str, str] = {"eda": "skin conductance changes", "ibi": "beat-to-beat intervals"}
"""Signals in the order of the screen, as they are called in a sentence."""

SHORT: dict[str, str] = {"eda": "skin conductance", "ibi": "cardiac"}
"""The same in front of a colon."""

WORDS: dict[str, str] = {
    "title": "BETWEEN",
    "caption": "line: z over the session so far, dashed while unsure · grey: what chance gives · hatched: no value",
    "choose": "&Pair",
    "similar": "similarity of {signal} so far: {place} what chance gives in this session (z {z}, {time})",
    "time": "{valid} min",
    "time_of": "{valid} of {needed} min",
    "unsure": "unsure: {reason}",
    "few": "fewer than 20 segments",
    "breath": "both breathe steadily at one rate, which alone makes hearts alike",
    "recent": "last 5 min: {place}",
    "in_phase": "moved the same way more often than chance",
    "anti_phase": "moved opposite ways more often than chance",
    "lead": "{who}'s changes tended to come {lag} earlier ({minutes} min); not a causal statement",
    "lag": "about {lag} s",
    "short_lag": "less than 1 s",
    "no_lead": "no direction beyond chance",
    "head": "{signal}: {text}",
    "not_yet": "not yet",
    "not_yet_of": "not yet ({valid} of {needed} min)",
    "na": "not available: {text}",
    "no_stream": "no {signal} stream of {who}",
    "both": "{first} and {second}",
    "stale": "on hold since {clock}: no data from {who}",
    "unverified": "on hold: stream of {who} not verified",
    "outdated": "on hold since {clock}: not renewed",
    "brief_hold": "on hold",
    "brief_na": "not available",
    "brief": "{place} chance (z {z}, {minutes} min)",
    "pairs": "{signal}: {above} of {pairs} pairs above chance; by chance alone {expected} are expected",
}
"""Every piece of text about synchrony."""

PLACES: dict[str, str] = {"above": "above", "within": "within", "below": "below"}
KINDS: dict[str, str] = {"client": "client", "therapist": "therapist"}

CHANCE_Z = 1.645
"""What a part of the similarities must exceed to be named: one in twenty does by chance."""

CHANCE_SHARE = 0.05
"""Share of unrelated pairs that lie above their chance band."""

Say = Callable[[str], str]
"""Translates a text of the tables."""


class SynchronyText(NamedTuple):
    """What is said of one signal of one dyad.

    Parameters
    ----------
    sentence : str
        Where the similarity lies, or why nothing is said of it.
    details : tuple of str
        What else is to be known, a clause each.
    brief : str
        The sentence in a few words.
    """

    sentence: str
    details: tuple[str, ...]
    brief: str

    @property
    def line(self) -> str:
        """Sentence and details in one line."""
        return " · ".join((self.sentence, *self.details))


def place_of(z: float | None, lo: float | None, hi: float | None) -> str:
    """Say where a value lies beside its chance band.

    Parameters
    ----------
    z, lo, hi : float or None
        The value and the band; None where missing.

    Returns
    -------
    str
        ``above, within, below``, or empty when one of them is missing.
    """
    if z is None or lo is None or hi is None:
        return ""
    return "above" if z > hi else "below" if z < lo else "within"


def synchrony_text(dyad: Dyad, signal: str, blank: str = "", say: Say = str) -> SynchronyText:
    """Say how two people moved together in one signal.

    Parameters
    ----------
    dyad : Dyad
        Both people and their newest readings.
    signal : str
        ``eda`` or ``ibi``.
    blank : str, default ''
        When not empty, nothing is known but this reason.
    say : callable, optional
        Translates.

    Returns
    -------
    SynchronyText
        The texts; without any number of a reading that is held back.
    """
    view = dyad.readings.get(signal)
    if blank:
        return _nothing(signal, say(WORDS["na"]).format(text=blank), blank, say)
    if view is None:
        absent = dyad.without_sensor(signal)
        if absent:
            text = _no_stream(signal, absent, say)
            return _nothing(signal, say(WORDS["na"]).format(text=text), say(WORDS["brief_na"]), say)
        return _nothing(signal, say(WORDS["not_yet"]), say(WORDS["not_yet"]), say)
    if view["hold"]:
        return _held(view, say)
    place = place_of(view["z_session"], view["chance_lo"], view["chance_hi"])
    if not place:
        return _missing(view, say)
    sentence = _sentence(view, place, say)
    numbers = {"z": _number(view["z_session"]), "minutes": _minutes(view["valid_min"])}
    brief = say(WORDS["brief"]).format(place=say(PLACES[place]), **numbers)
    mark = "?" if view["status"] == "LOW" else ""
    return SynchronyText(sentence, _details(dyad, view, place, say), f"{say(SHORT[signal])} {brief}{mark}")


def _nothing(signal: str, text: str, brief: str, say: Say) -> SynchronyText:
    head = say(WORDS["head"]).format(signal=say(SHORT[signal]), text=text)
    return SynchronyText(head, (), f"{say(SHORT[signal])} {brief}")


def _no_stream(signal: str, codes: Sequence[str], say: Say) -> str:
    return say(WORDS["no_stream"]).format(signal=say(SHORT[signal]), who=_names(codes, say))


def _names(codes: Sequence[str], say: Say) -> str:
    return say(WORDS["both"]).format(first=codes[0], second=codes[1]) if len(codes) == 2 else "".join(codes)


def _held(view: SynchronyView, say: Say) -> SynchronyText:
    signal, hold = view["signal"], Hold(view["hold"])
    if hold is Hold.ENDED:
        return _nothing(signal, say(WORDS["na"]).format(text=say(view["text"])), say(WORDS["brief_na"]), say)
    if hold is Hold.NO_STREAM:
        text = _no_stream(signal, view["held_by"], say)
        return _nothing(signal, say(WORDS["na"]).format(text=text), say(WORDS["brief_na"]), say)
    since_s = math.nan if view["since_s"] is None else view["since_s"]
    text = say(WORDS[hold.value]).format(clock=format_clock(since_s), who=_names(view["held_by"], say))
    return _nothing(signal, text, say(WORDS["brief_hold"]), say)


def _missing(view: SynchronyView, say: Say) -> SynchronyText:
    if view["reason"] == Reason.TOO_FEW_SEGMENTS:
        text = say(WORDS["not_yet_of"]).format(**_progress(view))
        return _nothing(view["signal"], text, text, say)
    text = say(WORDS["na"]).format(text=say(view["text"])) if view["text"] else say(WORDS["brief_na"])
    return _nothing(view["signal"], text, say(WORDS["brief_na"]), say)


def _progress(view: SynchronyView) -> dict[str, str]:
    needed = view["needed_min"]
    return {"valid": _minutes(view["valid_min"]), "needed": "–" if needed is None else f"{needed:g}"}


def _minutes(minutes: float | None) -> str:
    # Minutes are never rounded up: ten of ten would be enough.
    return "–" if minutes is None else f"{math.floor(minutes + 1e-9)}"


def _number(value: float | None) -> str:
    # Rounding must not print a minus sign in front of zero.
    return "–" if value is None else f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def _sentence(view: SynchronyView, place: str, say: Say) -> str:
    few = view["reason"] == Reason.TOO_FEW_SEGMENTS
    sentence = say(WORDS["similar"]).format(
        signal=say(SIGNALS[view["signal"]]),
        place=say(PLACES[place]),
        z=_number(view["z_session"]),
        time=say(WORDS["time_of" if few else "time"]).format(**_progress(view)),
    )
    if view["status"] != "LOW":
        return sentence
    breath = view["reason"] == Reason.RESP_CONFOUNDED
    reason = say(WORDS["few"]) if few else say(WORDS["breath"]) if breath else say(view["text"])
    return f"{sentence}; {say(WORDS['unsure']).format(reason=reason)}"


def _details(dyad: Dyad, view: SynchronyView, place: str, say: Say) -> tuple[str, ...]:
    recent = place_of(view["z_recent"], view["recent_lo"], view["recent_hi"])
    found = [say(WORDS["recent"]).format(place=say(PLACES[recent]))] if recent else []
    if view["status"] == "OK":
        for key in ("in_phase", "anti_phase"):
            z = view[f"z_{key}"]  # type: ignore[literal-required]
            if z is not None and z > CHANCE_Z:
                found.append(say(WORDS[key]))
        if view["lag_s"] is not None:
            found.append(_lead(dyad, view, view["lag_s"], say))
        elif place == "above":
            found.append(say(WORDS["no_lead"]))
    return tuple(found)


def _lead(dyad: Dyad, view: SynchronyView, lag_s: float, say: Say) -> str:
    earlier, other = (dyad.first, dyad.second) if lag_s > 0 else (dyad.second, dyad.first)
    whole = math.floor(abs(lag_s) + 0.5)
    lag = say(WORDS["lag"]).format(lag=whole) if whole else say(WORDS["short_lag"])
    return say(WORDS["lead"]).format(
        who=_called(earlier, other, say), lag=lag, minutes=_minutes(view["valid_min"])
    )


def _called(person: Person, other: Person, say: Say) -> str:
    if person.kind in KINDS and person.kind != other.kind:
        return say(KINDS[person.kind])
    return person.code


def pairs_text(views: list[SynchronyView], signal: str, say: Say = str) -> str:
    """Count the pairs above chance beside what chance alone would give.

    Parameters
    ----------
    views : list of SynchronyView
        Newest readings of all dyads.
    signal : str
        ``eda`` or ``ibi``.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Empty when fewer than two pairs have a value.
    """
    places = [
        place_of(v["z_session"], v["chance_lo"], v["chance_hi"]) for v in views if v["signal"] == signal
    ]
    pairs = sum(bool(place) for place in places)
    if pairs < 2:
        return ""
    return say(WORDS["pairs"]).format(
        signal=say(SHORT[signal]),
        above=places.count("above"),
        pairs=pairs,
        expected=f"{CHANCE_SHARE * pairs + 1e-9:.1f}",
    )
