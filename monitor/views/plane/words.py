"""What is said of the place of a person in the plane of vagal and electrodermal scores."""

from typing import NamedTuple

from monitor.board.session_views import CloudView
from monitor.board.snapshot import ValueView
from monitor.board.zones import UNCALIBRATED
from monitor.core.results import Reason
from monitor.views.bands.words import hold_text, shown_text, zone_text
from monitor.views.lines import tr
from monitor.views.people import Person
from monitor.views.plane.scores import SCORES

X_TITLE = "vagal index (lnRMSSD), SD from own reference →"
Y_TITLE = "skin conductance, SD from own reference ↑"
ANALOGY = (
    "Names by analogy to autonomic space (Berntson 1991); skin conductance is not cardiac drive. "
    "Windows: vagal index 30 s, skin conductance 60 s."
)
CORNERS: dict[tuple[int, int], str] = {
    (-1, 1): "reciprocal activation",
    (1, 1): "co-activation",
    (1, -1): "reciprocal calming",
    (-1, -1): "co-inhibition",
}
"""Names of the quadrants, by the signs of both scores."""

AXES = ("vagal index", "skin conductance")
MISSING = "no place in the plane: {axis}: {reason}"
NO_VALUE = "no value yet"
HELD = "{reason}. Only the height is known: the hollow point stands for any place on its line."
CLOUD = "cloud: {minutes:.0f} valid min of the reference, 1 and 2 SD; cross: standard error, where known"
NO_CLOUD = "no reference cloud: the reference holds only one of the two axes, or none"
HELD_REASONS = frozenset({Reason.SPEECH, Reason.RESP_CONFOUNDED})
NEAR_SD = 1.0
SKIN: dict[int, str] = {
    1: "skin conductance higher than reference",
    0: "skin conductance near reference",
    -1: "skin conductance lower than reference",
}
VAGAL: dict[int, str] = {
    1: "beat-to-beat variability (lnRMSSD) higher than reference",
    0: "beat-to-beat variability (lnRMSSD) near reference",
    -1: "beat-to-beat variability (lnRMSSD) lower than reference",
}


class Place(NamedTuple):
    """Where a participant is in the plane; NaN-free: what is not known is None.

    Parameters
    ----------
    x, y : float or None
        Vagal and electrodermal score in reference SD.
    x_se, y_se : float or None
        Their standard errors.
    hollow : bool
        Whether `x` is missing because the vagal index is held.
    sentence : str
        What is to be said of it, translated.
    calibrated : bool
        False where there is nothing to be drawn for want of a calibration.
    """

    x: float | None
    y: float | None
    x_se: float | None
    y_se: float | None
    hollow: bool
    sentence: str
    calibrated: bool = True


def place_of(person: Person, blank: str = "") -> Place:
    """Tell where a participant is in the plane, or why that is not known.

    Parameters
    ----------
    person : Person
        The participant.
    blank : str, default ''
        When not empty, nothing is known but this reason.

    Returns
    -------
    Place
        The place. A missing score is missing: there is no point then, and where the vagal index is held a hollow one
        at the height of the other score.
    """
    if _uncalibrated(person):
        sentence = zone_text(person.zone, person.code, person.values, blank, tr).sentence
        return _nowhere(sentence)._replace(calibrated=False)
    if blank:
        return _nowhere(tr("not available: {reason}").format(reason=blank))
    vagal, skin = (_value(person, marker) for marker in SCORES)
    if skin is None or skin["value"] is None:
        return _nowhere(_missing(1, skin))
    if vagal is None or vagal["value"] is None:
        if vagal is not None and not vagal["hold"] and vagal["reason"] in HELD_REASONS:
            held = hold_text(person.values, say=tr) or tr(vagal["text"])
            sentence = tr(HELD).format(reason=held)
            return Place(None, skin["value"], None, skin["se"], hollow=True, sentence=sentence)
        return _nowhere(_missing(0, vagal))
    x, y = vagal["value"], skin["value"]
    parts = (tr(SKIN[_side(y)]), tr(VAGAL[_side(x)]))
    return Place(x, y, vagal["se"], skin["se"], hollow=False, sentence="\n".join(parts))


def cloud_line(cloud: CloudView | None) -> str:
    """Say what the cloud rests on.

    Parameters
    ----------
    cloud : CloudView or None
        None where there is none.

    Returns
    -------
    str
        One line, translated.
    """
    return tr(NO_CLOUD) if cloud is None else tr(CLOUD).format(minutes=cloud["minutes"])


def _uncalibrated(person: Person) -> bool:
    if person.zone is not None:
        return person.zone["upper_mean"] is None and person.zone["reason"] in UNCALIBRATED
    return any(v["marker"] in SCORES and v["reason"] in UNCALIBRATED for v in person.values)


def _nowhere(sentence: str) -> Place:
    return Place(None, None, None, None, hollow=False, sentence=sentence)


def _value(person: Person, marker: str) -> ValueView | None:
    return next((value for value in person.values if value["marker"] == marker), None)


def _missing(axis: int, value: ValueView | None) -> str:
    text = "" if value is None else shown_text(value["text"], value["hold"], value["since_s"], tr)
    reason = text or tr(NO_VALUE)
    return tr(MISSING).format(axis=tr(AXES[axis]), reason=reason)


def _side(score: float) -> int:
    return 0 if abs(score) < NEAR_SD else 1 if score > 0.0 else -1
