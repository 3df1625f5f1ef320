"""Sentences of a guided calibration, for window and terminal alike."""

from monitor.board.session_views import ProcedureView
from monitor.views.breath import IN, Breath
from monitor.views.calibrate_keys import ASKS

PHASES = {
    "ready": "ready when you are",
    "running": "",
    "paused": "paused",
    "rating": "please rate",
    "finished": "all steps are done",
    "stopped": "stopped",
}
"""Phases of the procedure; an unknown one is shown as it is called."""

BREATH_IN, BREATH_OUT = "breathe in …", "breathe out …"
RESULT_TITLE = "Result: what would be kept"
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


def step_text(view: ProcedureView) -> str:
    """Tell which step it is.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.

    Returns
    -------
    str
        Such as ``step 2 of 6``; empty without steps.
    """
    n_steps = view["n_steps"]
    return f"step {min(view['index'] + 1, n_steps)} of {n_steps}" if n_steps else ""


def phase_text(view: ProcedureView) -> str:
    """Tell the phase.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.

    Returns
    -------
    str
        Empty while a step runs.
    """
    return PHASES.get(view["phase"], view["phase"])


def progress_text(view: ProcedureView) -> str:
    """Tell how far a step is.

    Parameters
    ----------
    view : ProcedureView
        The state of the procedure.

    Returns
    -------
    str
        Time of the step, and usable time where some is needed.
    """
    line = f"{clock_text(view['elapsed_s'])} of {clock_text(view['length_s'])}"
    if view["minimum_s"] <= 0:
        return line
    done = " – enough" if view["enough"] else ""
    return f"{line} · usable {clock_text(view['valid_s'])}, needed at least {clock_text(view['minimum_s'])}{done}"


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
