"""What is said of a person in the few words that can be read from across a room."""

from typing import NamedTuple

from monitor.views.bands.words import WORDS, zone_text
from monitor.views.lines import tr
from monitor.views.people import Person
from monitor.views.words import KINDS

_BETWEEN = " · "


class GlanceText(NamedTuple):
    """The words about one participant.

    Parameters
    ----------
    state : str
        Where they are, in very few words.
    detail : str
        Time in it and certainty; empty where there is no state.
    remark : str
        Why there is no state, or what else it could be; empty when there is nothing to add.
    spoken : str
        All of it in one line, for screen readers.
    """

    state: str
    detail: str
    remark: str
    spoken: str


def glance_text(person: Person, blank: str = "") -> GlanceText:
    """Say where a participant is.

    Parameters
    ----------
    person : Person
        The participant.
    blank : str, default ''
        When not empty, nothing is known but this reason.

    Returns
    -------
    GlanceText
        The texts, translated.
    """
    text = zone_text(person.zone, person.code, person.values, blank, tr)
    state, _, detail = text.head.partition(_BETWEEN)
    zone = None if blank else person.zone
    remark = ""
    if zone is None or zone["zone"] == "na":
        # What stands there in larger type already is not said again.
        remark = text.sentence.removeprefix(state).lstrip(" :")
    elif zone["arousal"] is None and zone["text"]:
        remark = tr(WORDS["pause"]).format(text=tr(zone["text"]))
    elif zone["zone"] == "below":
        remark = tr(WORDS["below_more"])
    return GlanceText(state, detail, remark, ", ".join(filter(None, (state, detail, remark))))


def person_label(person: Person) -> str:
    """Name a participant by kind and code.

    Parameters
    ----------
    person : Person
        The participant.

    Returns
    -------
    str
        A few words, translated.
    """
    kind = tr(KINDS.get(person.kind, KINDS[""]))
    return tr("{kind}  {code}").format(kind=kind, code=person.code)
