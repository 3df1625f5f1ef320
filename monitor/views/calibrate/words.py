"""Sentences of a guided calibration, for window and terminal alike."""

from collections.abc import Callable

from monitor.board.session_views import ProcedureView
from monitor.views.calibrate.breath import IN, Breath
from monitor.views.calibrate.keys import ASKS

PHASES = {
    "ready": "ready when you are",
    "running": "",
    "paused": "paused",
    "rating": "please rate",
    "waiting": "waiting for enough valid signal",
    "finished": "all steps are done",
    "stopped": "stopped",
}
"""Phases of the procedure; an unknown one is shown as it is called."""

BREATH_IN, BREATH_OUT = "breathe in …", "breathe out …"
RESULT_TITLE = "Result: what would be kept"
WORDS = {
    "who": "Calibration of {code} · {protocol}",
    "step": "step {number} of {all}",
    "time": "{elapsed} of {length}",
    "usable": "{elapsed} of {length} · usable {valid}, needed at least {minimum}",
    "enough": "{elapsed} of {length} · usable {valid}, needed at least {minimum} – enough",
    "refused": "Result: nothing is kept",
    "legend": "Dashed: the level that would be kept. Shaded: one SD around it. A gap is time that was not used.",
    "no_scale": "no level could be taken",
    "level": "level {level:.3g}, one SD from {low:.3g} to {high:.3g}",
    "series": "{title} [{unit}]",
    "series_plain": "{title}",
    "minutes": "minutes of the session",
    "rate_hint": "Press a number from 0 to 9, or T for ten.",
    "rate_value": "{what} {value}",
    "button": "{word}  ({key})",
    "recording_fails": "⚠ Recording fails: {error}",
}
"""Every other sentence of the window."""

Translate = Callable[[str], str]


def _same(text: str) -> str:
    return text


QUESTIONS = {
    "tension": "How tense do you feel? 0 not at all, 10 the most",
    "present": "How present do you feel? 0 far away, 10 fully here",
}
"""What is asked after a step, in the words of the person."""


def clock_text(seconds: float) -> str:
    """Write a length of time.

    Parameters
    ----------
    seconds : float
        Seconds.

    Returns
    -------
    str
        Minutes and seconds, such as ``3:05``.
    """
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def step_text(view: ProcedureView, tr: Translate = _same) -> str:
    """Tell which step it is.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.
    tr : callable, optional
        Translates.

    Returns
    -------
    str
        Such as ``step 2 of 6``; empty without steps.
    """
    n_steps = view["n_steps"]
    if not n_steps:
        return ""
    return tr(WORDS["step"]).format(number=min(view["index"] + 1, n_steps), all=n_steps)


def phase_text(view: ProcedureView, tr: Translate = _same) -> str:
    """Tell the phase.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.
    tr : callable, optional
        Translates.

    Returns
    -------
    str
        Empty while a step runs.
    """
    word = PHASES.get(view["phase"], view["phase"])
    return tr(word) if word else ""


def progress_text(view: ProcedureView, tr: Translate = _same) -> str:
    """Tell how far a step is.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.
    tr : callable, optional
        Translates.

    Returns
    -------
    str
        Time of the step, and usable time where some is needed.
    """
    key = "time" if view["minimum_s"] <= 0 else "enough" if view["enough"] else "usable"
    times = {
        "elapsed": clock_text(view["elapsed_s"]),
        "length": clock_text(view["length_s"]),
        "valid": clock_text(view["valid_s"]),
        "minimum": clock_text(view["minimum_s"]),
    }
    return tr(WORDS[key]).format(**times)


def breath_text(breath: Breath) -> str:
    """Say what to do now.

    Parameters
    ----------
    breath : Breath
        The moment.

    Returns
    -------
    str
        Two words.
    """
    return BREATH_IN if breath.phase == IN else BREATH_OUT


def asks_text(view: ProcedureView) -> str:
    """Ask for the ratings that are wanted.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.

    Returns
    -------
    str
        The questions; empty when nothing is asked.
    """
    return "\n".join(QUESTIONS[ask] for ask in view["asks"] if ask in ASKS)
