"""Whether a stretch of calibration is good enough to be stored, and what to tell the user when it is not."""

from typing import NamedTuple

from calibration.baseline import MIN_COVERAGE, MIN_VALID_S

_MOST_DISTURBED = 0.2
"""Share of seconds with arrhythmia or movement above which a reference describes those."""


class BaselineQuality(NamedTuple):
    """What was seen in the seconds of a reference.

    Parameters
    ----------
    n_seconds : int
        Seconds looked at.
    n_valid : int
        Of these with both heart and skin conductance valid.
    n_arrhythmia : int
        Of these with an irregular heart rhythm suspected.
    n_movement : int
        Of these with movement.
    responder : bool
        Whether skin conductance responded at all.
    """

    n_seconds: int
    n_valid: int
    n_arrhythmia: int
    n_movement: int
    responder: bool


def judge(quality: BaselineQuality, *, minimum_s: float = MIN_VALID_S) -> str:
    """Judge whether a reference may be stored.

    Parameters
    ----------
    quality : BaselineQuality
        What was seen.
    minimum_s : float, default 300
        Shortest reference, seconds.

    Returns
    -------
    str
        Empty when it may. Otherwise the first that applies: ``coverage`` (shorter than `minimum_s`, or less than
        80 % valid: the rule of `calibration.baseline.build_reference`), ``arrhythmia`` or ``movement`` (more than
        20 % of the seconds), ``non_responder``.
    """
    n = quality.n_seconds
    if n < minimum_s or quality.n_valid < MIN_COVERAGE * max(n, 1):
        return "coverage"
    if quality.n_arrhythmia > _MOST_DISTURBED * n:
        return "arrhythmia"
    if quality.n_movement > _MOST_DISTURBED * n:
        return "movement"
    return "" if quality.responder else "non_responder"


def refusal(
    participant: str, quality: BaselineQuality, reason: str, *, minimum_s: float = MIN_VALID_S
) -> str:
    """Explain to the user why a reference is not stored, and what to do.

    Parameters
    ----------
    participant : str
        Code of the person.
    quality : BaselineQuality
        What was seen.
    reason : str
        From `judge`.
    minimum_s : float, default 300
        The one given to `judge`.

    Returns
    -------
    str
        One paragraph; empty for an empty reason.

    Raises
    ------
    ValueError
        If `judge` gives no such reason.
    """
    n = quality.n_seconds
    todo = (
        "Take a longer stretch."
        if n < minimum_s
        else "Moisten or refit the electrodes, wait until the signal check is good, and take the step again."
    )
    texts = {
        "": "",
        "coverage": (
            f"{quality.n_valid} of {n} seconds were valid; at least {minimum_s:g} s with 80 % valid are needed. {todo}"
        ),
        "arrhythmia": (
            f"In {quality.n_arrhythmia} of {n} seconds the beat pattern was unsuitable for this analysis; at most 20 % "
            "may be. Check that the chest strap is moist and tight and take the step again. If it stays so, the "
            "heart's share of the reference cannot be trusted: use this person's recordings without zones."
        ),
        "movement": (
            f"In {quality.n_movement} of {n} seconds there was movement; at most 20 % may. "
            "Sit comfortably with the hand of the sensor at rest, and take the step again."
        ),
        "non_responder": (
            f"Skin conductance did not respond in {n} seconds. Warm the hands, wait ten minutes with the electrodes "
            "on, check their contact and the cable, and take the step again. In about one person in ten the skin "
            "does not respond at all; then zones cannot be given, and heart measures are shown without them."
        ),
    }
    if reason not in texts:
        raise ValueError(
            f"'{reason}' is not a reason to refuse a reference; there are {', '.join(texts)[2:]}."
        )
    text = texts[reason]
    return f"The reference of {participant} is not stored. {text}" if text else ""
