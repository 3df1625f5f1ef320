"""All texts of the transport of a replay."""

from monitor.board.commands import SPEEDS as LIMITS

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0)
"""Speeds on offer, times real time."""

WORDS: dict[str, str] = {
    "play": "Play",
    "pause": "Pause",
    "back": "−10 s",
    "on": "+10 s",
    "previous_excursion": "◀ excursion",
    "next_excursion": "excursion ▶",
    "previous_note": "◀ note",
    "next_note": "note ▶",
    "speed": "speed",
    "times": "{speed}×",
    "compare": "profile",
    "differences": "differences",
    "position": "{position} / {duration}",
    "at_end": "end of the recording",
    "ready": "prepared to {clock}",
    "read_only": "notes can be added after: attune replay … --author CODE",
    "no_differences": "nothing differs so far",
    "profile_number": "profile {number}",
    "unreachable": "the engine cannot be reached",
}
"""What stands on the transport."""

NAMES: dict[str, str] = {
    "play": "play or pause",
    "back": "back 10 s",
    "on": "on 10 s",
    "far_back": "back 60 s",
    "far_on": "on 60 s",
    "start": "to the start",
    "end": "to the end",
    "next_excursion": "next excursion",
    "previous_excursion": "previous excursion",
    "next_note": "next note",
    "previous_note": "previous note",
    "slower": "slower",
    "faster": "faster",
    "speed": "speed of the replay",
    "compare": "show the next profile compared",
    "profile": "profile shown",
    "differences": "what differs between the profiles",
    "position": "position in the recording",
}
"""What can be done, for help, tooltips and screen readers."""

GROUP = "replay"


def speed_text(speed: float) -> str:
    """Write a speed.

    Parameters
    ----------
    speed : float
        Times real time.

    Returns
    -------
    str
        Such as ``0.25`` or ``10``.
    """
    return f"{speed:g}"


def stepped(speed: float, step: int) -> float:
    """Return the next speed on offer.

    Parameters
    ----------
    speed : float
        Present one; it need not be on offer.
    step : int
        1 for faster, -1 for slower.

    Returns
    -------
    float
        Held to the limits.
    """
    if step > 0:
        return next((s for s in SPEEDS if s > speed + 1e-9), LIMITS[1])
    return next((s for s in reversed(SPEEDS) if s < speed - 1e-9), LIMITS[0])
