"""What of a snapshot may be shown now: without those who are hidden, and without numbers nobody vouches for."""

from monitor.board.snapshot import Snapshot
from monitor.views.faces import Scene
from monitor.views.lines import tr
from monitor.views.people import people_of
from monitor.views.shell.privacy import without
from monitor.views.words import SESSION_STATES

_BLANKS = {"gone": "engine gone", "silent": "engine does not answer"}


def scene_of(snapshot: Snapshot, trouble: str, hidden: frozenset[str]) -> Scene:
    """Make a scene of a snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        The newest.
    trouble : str
        Key of the session states when the engine is silent, else empty.
    hidden : frozenset of str
        Codes of those who are not to be seen.

    Returns
    -------
    Scene
        What the parts of the window are given.
    """
    seen = without(snapshot, hidden)
    blank = tr(_BLANKS.get(trouble, ""))
    if not trouble and snapshot["state"] == "ended":
        blank = tr("session ended")
    recording = snapshot["recording"]["state"] == "recording" and not blank
    return Scene(seen, people_of(seen), blank, recording)


def state_text(snapshot: Snapshot | None, scene: Scene | None, trouble: str) -> str:
    """Say in what state the session is.

    Parameters
    ----------
    snapshot : Snapshot or None
        The newest.
    scene : Scene or None
        What of it may be shown.
    trouble : str
        Key of the session states when the engine is silent, else empty.

    Returns
    -------
    str
        Empty while all is as it should be.
    """
    state = trouble or (snapshot["state"] if snapshot is not None else "connecting")
    text = tr(SESSION_STATES.get(state, state))
    if not text and snapshot is not None and scene is not None and snapshot["people"] and not scene.people:
        return tr("The therapist's side is hidden, and there is no other (H shows it).")
    return text
