"""All sentences about zones. They describe the body relative to the person's own reference and name nothing else."""

import math
from collections.abc import Callable
from typing import NamedTuple

from monitor.board.gate import HOLD_WORDS, REASON_WORDS, Hold, format_clock
from monitor.board.snapshot import ValueView, ZoneView
from monitor.board.zones import AROUSAL, HALF_WINDOW_S, UNCALIBRATED
from monitor.core.results import Reason

WORDS: dict[str, str] = {
    "within": "within the calibrated range",
    "near_above": "near the {edge}upper edge",
    "near_below": "near the {edge}lower edge",
    "above": "arousal index above this person's {edge}upper edge",
    "below": "low activation (unspecific)",
    "below_more": "could be calm, tired, cold hands or electrode; please judge",
    "na": "not available",
    "settling": "the zone needs some seconds to settle",
    "not_calibrated": "not calibrated: run attune calibrate {code}",
    "calibration_expired": "calibration expired: run attune calibrate {code} again",
    "opening": "taking the level of the day from these minutes",
    "nothing": "no value yet",
    "low_eda": "low EDA – check electrode and temperature",
    "flat": "little change in the last 3 min",
    "drift": "level has drifted by {drift} SD: a quiet minute to take the level anew may help",
    "speech": "talking: vagal index held",
    "resp_confounded": "breathing{rate}: vagal index held",
    "pause": "no value for the moment: {text}",
    "provisional": "provisional ",
    "above_for": "{text} for {time}",
    "with_reason": "{text}: {reason}",
    "with_more": "{text} – {more}",
    "reason_since": "{reason} since {clock}",
    "upper": "{edge}upper edge",
    "lower": "{edge}lower edge",
    "rate": " {rate}/min",
}
"""Every piece of text about zones."""

HEADS: dict[str, str] = {
    "within": "within",
    "near_above": WORDS["near_above"],
    "near_below": WORDS["near_below"],
    "above": "above {edge}upper edge",
    "below": "low activation (unspecific)",
    "na": "not available",
    "not_calibrated": "not calibrated",
    "calibration_expired": "calibration expired",
    "opening": "taking the level of the day",
}
"""The same in the few words that can be read from across a room."""

LEVEL_START = "take level anew"
LEVEL_STOP = "level taken: stop"
LEVEL_HINT = "Take the level anew from 60 to 120 quiet seconds within the range. The edges stay; it is noted."
PLOT_TITLE = "arousal index, last {minutes} min, SD from own reference"
SURE, LIKELY, UNSURE = "sure", "likely", "unsure"
CERTAINTY = (SURE, LIKELY, UNSURE)
LASTING: dict[str, str] = {
    "s": "{seconds} s",
    "min_s": "{minutes} min {seconds} s",
    "min": "{minutes} min",
    "h": "{hours} h {minutes} min",
}
"""How long a state has lasted."""

SURE_P = 0.95
LIKELY_P = 0.8
OPENING = "opening"
VAGAL = ("z_vagal", "ln_rmssd")
BREATHING = "breathing_per_min"


Say = Callable[[str], str]
"""Translates a text of the tables."""


class ZoneText(NamedTuple):
    """What is said of one participant.

    Parameters
    ----------
    head : str
        State, time in it and certainty, in few words.
    sentence : str
        The state in a whole sentence, with the time in it.
    line : str
        Sentence, time and certainty in one line.
    remarks : str
        What else is to be known; empty when there is nothing.
    """

    head: str
    sentence: str
    line: str
    remarks: str


def zone_text(
    zone: ZoneView | None, code: str, values: list[ValueView], blank: str = "", say: Say = str
) -> ZoneText:
    """Say where a participant is.

    Parameters
    ----------
    zone : ZoneView or None
        Newest reading; None before the first.
    code : str
        The participant.
    values : list of ValueView
        Newest values of the participant, for what holds the vagal index.
    blank : str, default ''
        When not empty, nothing is known but this reason.
    say : callable, optional
        Translates.

    Returns
    -------
    ZoneText
        The texts.
    """
    if blank:
        return _without_state("na", _na(blank, say), say)
    if zone is None:
        found = {v["reason"] for v in values if v["marker"] == AROUSAL} & UNCALIBRATED
        if not found:
            return _without_state("na", _na(say(WORDS["nothing"]), say), say)
        key = str(found.pop())
        return _without_state(key, say(WORDS[key]).format(code=code), say)
    sentence, remarks = _sentence(zone, code, say), _remarks(zone, values, say)
    key = _key(zone)
    if zone["zone"] == "na":
        return _without_state(key, sentence, say, remarks)
    # Near an edge the time would be that within, which says little of how long it has been near.
    time = "" if zone["near"] else _time_in_zone(zone, say)
    sure = say(certainty(zone))
    head = (say(HEADS[key]).format(edge=_edge(zone, say)), time, sure)
    line = (sentence, "" if key == "above" else time, sure)
    return ZoneText(" · ".join(filter(None, head)), sentence, " · ".join(filter(None, line)), remarks)


def _without_state(key: str, sentence: str, say: Say, remarks: str = "") -> ZoneText:
    return ZoneText(say(HEADS[key]), sentence, sentence, remarks)


def _na(reason: str, say: Say) -> str:
    return say(WORDS["with_reason"]).format(text=say(WORDS["na"]), reason=reason)


def certainty(zone: ZoneView) -> str:
    """Say how sure the state is.

    Parameters
    ----------
    zone : ZoneView
        The reading.

    Returns
    -------
    str
        ``sure``, ``likely`` or ``unsure``; empty when there is no state. A state beyond a provisional edge is
        never more than likely, one with status LOW or without a value at present is unsure.
    """
    if zone["zone"] == "na":
        return ""
    p_above, p_below = zone["p_above"], zone["p_below"]
    if zone["status"] != "OK" or p_above is None or p_below is None:
        return UNSURE
    p = {"above": p_above, "below": p_below}.get(zone["zone"], 1.0 - max(p_above, p_below))
    if p >= SURE_P and not (zone["provisional"] and zone["zone"] != "within"):
        return SURE
    return LIKELY if p >= LIKELY_P else UNSURE


def duration_text(seconds: float, say: Say = str) -> str:
    """Write a duration for the reader.

    Parameters
    ----------
    seconds : float
        Not negative.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Seconds below ten minutes, then minutes, then hours; empty when it is not finite.
    """
    if not math.isfinite(seconds):
        return ""
    whole = max(0, math.floor(seconds))
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return say(LASTING["s"]).format(seconds=whole)
    if minutes < 10:
        return say(LASTING["min_s" if rest else "min"]).format(minutes=minutes, seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return say(LASTING["h" if hours else "min"]).format(hours=hours, minutes=minutes)


def edge_label(side: str, *, provisional: bool, say: Say = str) -> str:
    """Name an edge in the plot.

    Parameters
    ----------
    side : str
        ``upper`` or ``lower``.
    provisional : bool
        Whether it has fewer than three marks.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        A few words.
    """
    return say(WORDS[side]).format(edge=say(WORDS["provisional"]) if provisional else "")


def _key(zone: ZoneView) -> str:
    if zone["zone"] == "na":
        if zone["hold"] or zone["reason"] not in UNCALIBRATED:
            return "na"
        return OPENING if zone["note"] == OPENING else zone["reason"]
    return f"near_{zone['near']}" if zone["zone"] == "within" and zone["near"] else zone["zone"]


def _edge(zone: ZoneView, say: Say) -> str:
    return say(WORDS["provisional"]) if zone["provisional"] else ""


def _time_in_zone(zone: ZoneView, say: Say) -> str:
    since_s = zone["since_s"]
    return "" if since_s is None else duration_text(zone["t_centre_s"] - since_s, say)


def _sentence(zone: ZoneView, code: str, say: Say) -> str:
    key = _key(zone)
    text = say(WORDS[key]).format(code=code, edge=_edge(zone, say))
    if key == "na":
        return _na(_why(zone, say), say)
    if key == "above":
        time = _time_in_zone(zone, say)
        return say(WORDS["above_for"]).format(text=text, time=time) if time else text
    if key == "below":
        return say(WORDS["with_more"]).format(text=text, more=say(WORDS["below_more"]))
    return text


def _why(zone: ZoneView, say: Say) -> str:
    if zone["hold"]:
        return shown_text(zone["text"], zone["hold"], zone["since_s"], say)
    if not zone["reason"]:
        return say(WORDS["settling"])
    words = say(REASON_WORDS[Reason(zone["reason"])])
    if zone["since_s"] is None or zone["reason"] == "warmup":
        return words
    # The window ends half its length after its centre: that is when the value went.
    clock = format_clock(zone["since_s"] + HALF_WINDOW_S)
    return say(WORDS["reason_since"]).format(reason=words, clock=clock)


def shown_text(text: str, hold: str, since_s: float | None, say: Say = str) -> str:
    """Translate what the board says of a value it keeps back.

    Parameters
    ----------
    text : str
        Its words.
    hold : str
        One of `monitor.board.gate.Hold`; empty when it is not kept back.
    since_s : float or None
        Time the hold refers to, in seconds of session time.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        The same in the language of the user.
    """
    if not hold:
        return say(text) if text else ""
    return say(HOLD_WORDS[Hold(hold)]).format(clock=format_clock(math.nan if since_s is None else since_s))


def _remarks(zone: ZoneView, values: list[ValueView], say: Say) -> str:
    parts = []
    if zone["note"] == "drift":
        if zone["drift"] is not None:
            parts.append(say(WORDS["drift"]).format(drift=f"{zone['drift']:+.1f}".replace("-", "−")))
    elif zone["note"] == OPENING and zone["zone"] != "na":
        parts.append(say(WORDS[OPENING]))
    elif zone["note"] not in {"", OPENING} and zone["note"] in WORDS:
        parts.append(say(WORDS[zone["note"]]))
    if zone["zone"] != "na" and zone["arousal"] is None and zone["text"]:
        parts.append(say(WORDS["pause"]).format(text=say(zone["text"])))
    parts.append("" if zone["hold"] else hold_text(values, zone["reason"], say))
    return " · ".join(filter(None, parts))


def hold_text(values: list[ValueView], reason: str = "", say: Say = str) -> str:
    """Say why the vagal index is held.

    Parameters
    ----------
    values : list of ValueView
        Newest values of one participant.
    reason : str, default ''
        Reason of the zone reading.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Empty when it is not.
    """
    by_name = {v["marker"]: v for v in values}
    reasons = {reason, *(by_name[name]["reason"] for name in VAGAL if name in by_name)}
    if "speech" in reasons:
        return say(WORDS["speech"])
    if "resp_confounded" not in reasons:
        return ""
    breathing = by_name[BREATHING]["value"] if BREATHING in by_name else None
    rate = "" if breathing is None else say(WORDS["rate"]).format(rate=f"{breathing:.0f}")
    return say(WORDS["resp_confounded"]).format(rate=rate)
