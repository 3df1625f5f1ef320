"""All sentences about zones. They describe the body relative to the person's own reference and name nothing else."""

import math
from typing import NamedTuple

from monitor.board.gate import REASON_WORDS, format_clock
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
    "for": "for {time}",
    "since": "since {clock}",
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
PLOT_TITLE = "arousal index, last 5 min, SD from own reference"
SURE, LIKELY, UNSURE = "sure", "likely", "unsure"
SURE_P = 0.95
LIKELY_P = 0.8
OPENING = "opening"
VAGAL = ("z_vagal", "ln_rmssd")
BREATHING = "breathing_per_min"


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


def zone_text(zone: ZoneView | None, code: str, values: list[ValueView], blank: str = "") -> ZoneText:
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

    Returns
    -------
    ZoneText
        The texts.
    """
    if blank:
        return _without_state("na", f"{WORDS['na']}: {blank}")
    if zone is None:
        found = {v["reason"] for v in values if v["marker"] == AROUSAL} & UNCALIBRATED
        if not found:
            return _without_state("na", f"{WORDS['na']}: {WORDS['nothing']}")
        key = str(found.pop())
        return _without_state(key, WORDS[key].format(code=code))
    sentence, remarks = _sentence(zone, code), _remarks(zone, values)
    key = _key(zone)
    if zone["zone"] == "na":
        return _without_state(key, sentence, remarks)
    # Near an edge the time would be that within, which says little of how long it has been near.
    time = "" if zone["near"] else _time_in_zone(zone)
    head = (HEADS[key].format(edge=_edge(zone)), time, certainty(zone))
    line = (sentence, "" if key == "above" else time, certainty(zone))
    return ZoneText(" · ".join(filter(None, head)), sentence, " · ".join(filter(None, line)), remarks)


def _without_state(key: str, sentence: str, remarks: str = "") -> ZoneText:
    return ZoneText(HEADS[key], sentence, sentence, remarks)


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


def duration_text(seconds: float) -> str:
    """Write a duration for the reader.

    Parameters
    ----------
    seconds : float
        Not negative.

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
        return f"{whole} s"
    if minutes < 10:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def edge_label(side: str, *, provisional: bool) -> str:
    """Name an edge in the plot.

    Parameters
    ----------
    side : str
        ``upper`` or ``lower``.
    provisional : bool
        Whether it has fewer than three marks.

    Returns
    -------
    str
        A few words.
    """
    return f"{WORDS['provisional'] if provisional else ''}{side} edge"


def _key(zone: ZoneView) -> str:
    if zone["zone"] == "na":
        if zone["hold"] or zone["reason"] not in UNCALIBRATED:
            return "na"
        return OPENING if zone["note"] == OPENING else zone["reason"]
    return f"near_{zone['near']}" if zone["zone"] == "within" and zone["near"] else zone["zone"]


def _edge(zone: ZoneView) -> str:
    return WORDS["provisional"] if zone["provisional"] else ""


def _time_in_zone(zone: ZoneView) -> str:
    since_s = zone["since_s"]
    return "" if since_s is None else duration_text(zone["t_centre_s"] - since_s)


def _sentence(zone: ZoneView, code: str) -> str:
    key = _key(zone)
    text = WORDS[key].format(code=code, edge=_edge(zone))
    if key == "na":
        return f"{text}: {_why(zone)}"
    if key == "above":
        time = _time_in_zone(zone)
        return f"{text} {WORDS['for'].format(time=time)}" if time else text
    return f"{text} – {WORDS['below_more']}" if key == "below" else text


def _why(zone: ZoneView) -> str:
    if zone["hold"]:
        return zone["text"]
    if not zone["reason"]:
        return WORDS["settling"]
    words = REASON_WORDS[Reason(zone["reason"])]
    if zone["since_s"] is None or zone["reason"] == "warmup":
        return words
    # The window ends half its length after its centre: that is when the value went.
    return f"{words} {WORDS['since'].format(clock=format_clock(zone['since_s'] + HALF_WINDOW_S))}"


def _remarks(zone: ZoneView, values: list[ValueView]) -> str:
    parts = []
    if zone["note"] == "drift":
        if zone["drift"] is not None:
            parts.append(WORDS["drift"].format(drift=f"{zone['drift']:+.1f}".replace("-", "−")))
    elif zone["note"] == OPENING and zone["zone"] != "na":
        parts.append(WORDS[OPENING])
    elif zone["note"] not in {"", OPENING}:
        parts.append(WORDS.get(zone["note"], ""))
    if zone["zone"] != "na" and zone["arousal"] is None and zone["text"]:
        parts.append(WORDS["pause"].format(text=zone["text"]))
    parts.append("" if zone["hold"] else hold_text(values, zone["reason"]))
    return " · ".join(filter(None, parts))


def hold_text(values: list[ValueView], reason: str = "") -> str:
    """Say why the vagal index is held.

    Parameters
    ----------
    values : list of ValueView
        Newest values of one participant.
    reason : str, default ''
        Reason of the zone reading.

    Returns
    -------
    str
        Empty when it is not.
    """
    by_name = {v["marker"]: v for v in values}
    reasons = {reason, *(by_name[name]["reason"] for name in VAGAL if name in by_name)}
    if "speech" in reasons:
        return WORDS["speech"]
    if "resp_confounded" not in reasons:
        return ""
    breathing = by_name[BREATHING]["value"] if BREATHING in by_name else None
    return WORDS["resp_confounded"].format(rate="" if breathing is None else f" {breathing:.0f}/min")
