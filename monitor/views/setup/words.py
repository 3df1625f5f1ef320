"""All sentences of the set-up, made of what the engine says of each stream."""

from collections.abc import Sequence
from typing import NamedTuple

from monitor.board.session_views import CandidateView, CheckView
from monitor.views.lines import tr
from monitor.views.words import MODALITIES

CHECK_MARKS = {"ok": "✓", "waiting": "…", "bad": "!", "none": "–"}
"""A shape for each state, so that nothing rests on colour."""

CHECK_STATES = {"ok": "fine", "waiting": "being checked", "bad": "not right", "none": "does not apply"}
CHECK_NAMES = {
    "connected": "connected",
    "rate": "rate",
    "clock": "clock",
    "signal": "signal",
    "contact": "contact",
}
GIVEN = {
    "you": "given by you · {reason}",
    "remembered": "remembered from last time · {reason}",
    "room": "given by the room file · {reason}",
    "option": "given by the command line · {reason}",
    "guess": "guessed: {reason}",
    "": "recognised: {reason}",
}
GIVEN_ALONE = {
    "you": "given by you",
    "remembered": "remembered from last time",
    "room": "given by the room file",
    "option": "given by the command line",
    "guess": "guessed",
    "": "",
}
PLACES = {"client": "CLIENT", "therapist": "THERAPIST", "nobody": "NOT GIVEN TO ANYBODY", "": "PARTICIPANT"}
WORDS = {
    "nothing": "No stream found yet.\n\nSwitch the sensors on and start their bridge programs, "
    "here or on another computer of this network. Streams appear in this list by themselves.",
    "none_here": "No stream yet. Drag one here, or select it and press {key}.",
    "none_here_plain": "No stream yet. Drag one here.",
    "none_locked": "No stream yet.",
    "no_code": "Type a code first; then streams can be given to this person.",
    "all_given": "Every stream is given to somebody. To take one away, drag it here, or select it and press {key}.",
    "bad_code": "A code has 1 to 32 of the letters A-Z, a-z, digits, _ and -. Please use no names.",
    "taken_code": "Somebody else has this code.",
    "not_recognised": "not recognised: recorded only",
    "rate": "{what} · {declared:g} Hz declared, {measured:.1f} measured",
    "rate_open": "{what} · {declared:g} Hz declared, not measured yet",
    "irregular": "{what} · irregular, {measured:.1f} a second measured",
    "irregular_open": "{what} · irregular, not measured yet",
    "device": "{device} · {host}",
    "trouble": "{mark} {name}: {text}. {cure}",
    "trouble_plain": "{mark} {name}: {text}.",
    "unknown_checks": "checks not known: {reason}",
    "wrong": "! {wrong}. {cure}",
    "wrong_plain": "! {wrong}.",
    "ready": "✓ All checks are fine.",
    "nothing_to_record": "Nothing to record yet: no stream was found.",
    "anyway": "Recording can start all the same; what is not right is written into the recording.",
    "locked": "The room file says whose the streams are. To change it, edit that file and start again.",
    "hint": "Drag a stream, or select it with Tab and arrows and press "
    "1 (client), 2 (therapist) or 0 (nobody). X swaps client and therapist.",
    "hint_others": "Drag a stream, or select it with Tab and arrows and press "
    "1 (client), 2 (therapist), {more} (others) or 0 (nobody). X swaps client and therapist.",
    "start": "Start recording",
    "start_anyway": "Start anyway",
    "starting": "Starting",
    "swap": "Swap client and therapist  (X)",
    "unreachable": "The engine could not be reached; please try again.",
    "key": "key {key}",
    "code": "code",
    "code_name": "code of {place}",
    "card_name": "stream {title}, {what}, {whose}",
    "card_nobody": "not given to anybody",
    "card_of": "of {place} {code}",
    "check_said": "{name}: {state}",
    "unavailable": "not available: {reason}",
}
"""Every other piece of text of the set-up; what is in braces comes from streams."""

LONGEST = 200
"""Characters of a text from outside that is shown on several lines."""

TROUBLED = ("bad", "waiting")
"""States that are to be named, the graver first."""


_TOGETHER = "\u2060\u00a0"
"""Keeps a mark and its word on one line; a dash alone would let it break."""


class CardText(NamedTuple):
    """What a card says.

    Parameters
    ----------
    title, device, rate, given : str
        One line each.
    checks : str
        A mark and a word per check.
    trouble : str
        The first check that is not fine, with its cure; empty when all are.
    said : str
        The checks for a screen reader.
    """

    title: str
    device: str
    rate: str
    given: str
    checks: str
    trouble: str
    said: str


def card_text(stream: CandidateView, blank: str = "") -> CardText:
    """Say what is known of a stream.

    Parameters
    ----------
    stream : CandidateView
        A stream found.
    blank : str, default ''
        When not empty, the checks are not known but for this reason.

    Returns
    -------
    CardText
        The texts.
    """
    if blank:
        checks = said = tr(WORDS["unknown_checks"]).format(reason=blank)
        trouble = ""
    else:
        checks, said = _checks(stream["checks"]), _said(stream["checks"])
        trouble = trouble_text(stream["checks"])
    device, host = stream["device"], stream["host"]
    both = tr(WORDS["device"]).format(device=device, host=host) if device and host else device or host
    return CardText(
        stream["title"] or stream["uid"], both, rate_words(stream), given_words(stream), checks, trouble, said
    )


def what_words(stream: CandidateView) -> str:
    """Say what a stream measures.

    Parameters
    ----------
    stream : CandidateView
        A stream found.

    Returns
    -------
    str
        Names of the modalities.
    """
    names = [tr(MODALITIES.get(measure, measure)) for measure in stream["measures"]]
    return ", ".join(names) or tr(WORDS["not_recognised"])


def rate_words(stream: CandidateView) -> str:
    """Say what a stream measures and how often.

    Parameters
    ----------
    stream : CandidateView
        A stream found.

    Returns
    -------
    str
        Modalities with the declared and the measured rate.
    """
    declared_hz, measured_hz = stream["declared_hz"] or 0.0, stream["measured_hz"]
    key = "rate" if declared_hz > 0 else "irregular"
    template = tr(WORDS[key if measured_hz is not None else f"{key}_open"])
    return template.format(what=what_words(stream), declared=declared_hz, measured=measured_hz or 0.0)


def given_words(stream: CandidateView) -> str:
    """Say who gave a stream to its person, and why it was taken for what it is.

    Parameters
    ----------
    stream : CandidateView
        A stream found.

    Returns
    -------
    str
        One line; empty when nothing is known.
    """
    by = stream["given_by"] if stream["participant"] and stream["given_by"] in GIVEN else ""
    if not stream["reason"]:
        return tr(GIVEN_ALONE[by])
    return tr(GIVEN[by]).format(reason=stream["reason"])


def trouble_text(checks: Sequence[CheckView]) -> str:
    """Name the first check that is not fine, with its cure.

    Parameters
    ----------
    checks : sequence of CheckView
        Checks of a stream.

    Returns
    -------
    str
        What is wrong before what is still awaited; empty when all is fine.
    """
    for state in TROUBLED:
        for check in checks:
            if check["state"] == state:
                name = tr(CHECK_NAMES.get(check["name"], check["name"]))
                template = tr(WORDS["trouble" if check["cure"] else "trouble_plain"])
                text = _unstopped(check["text"]) or tr(CHECK_STATES[state])
                return template.format(
                    mark=CHECK_MARKS[state], name=name, text=text, cure=sentence(short(check["cure"]))
                )
    return ""


def wrong_text(wrong: str, cure: str) -> str:
    """Name the first thing wrong, with its cure.

    Parameters
    ----------
    wrong, cure : str
        As the engine says.

    Returns
    -------
    str
        One or two sentences.
    """
    template = tr(WORDS["wrong" if cure else "wrong_plain"])
    return template.format(wrong=sentence(_unstopped(wrong)), cure=sentence(short(cure)))


def _checks(checks: Sequence[CheckView]) -> str:
    return "  ".join(
        f"{CHECK_MARKS.get(c['state'], '–')}{_TOGETHER}{tr(CHECK_NAMES.get(c['name'], c['name']))}"
        for c in checks
    )


def _said(checks: Sequence[CheckView]) -> str:
    return ", ".join(
        tr(WORDS["check_said"]).format(
            name=tr(CHECK_NAMES.get(c["name"], c["name"])), state=tr(CHECK_STATES.get(c["state"], c["state"]))
        )
        for c in checks
    )


def _unstopped(text: str) -> str:
    return short(text).rstrip(" .")


def sentence(text: str) -> str:
    """Let a text begin with a capital letter.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same, with its first letter as at the beginning of a sentence.
    """
    return text[:1].upper() + text[1:]


def short(text: str) -> str:
    """Cut a text that would push everything else off the screen.

    Parameters
    ----------
    text : str
        Text from outside.

    Returns
    -------
    str
        At most `LONGEST` characters.
    """
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
