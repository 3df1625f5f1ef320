"""Boards put into every state a window must show well: made-up people, real boards, always the same numbers.

`stage(name)` gives one of `STATES` with a caption; `StagedClient` reads it as a window's client would. All that is
drawn is made by formula (`tests.staging_session`, `tests.staging_setup`, `tests.staging_calibration`), so that
screenshots and tests see the same everywhere.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from monitor.board.board import Board
from monitor.board.client import Link
from monitor.board.session_views import TransportView
from monitor.board.snapshot import Snapshot
from monitor.core.events import Tick
from monitor.core.model import Modality
from monitor.core.results import Reason
from tests.staging_calibration import (
    calibrate_breathing,
    calibrate_paused,
    calibrate_rating,
    calibrate_ready,
    calibrate_refused,
    calibrate_result,
    calibrate_waiting,
)
from tests.staging_people import (
    ABOVE_NOW,
    BELOW_NOW,
    DYAD,
    GAPS,
    NOW_S,
    PAST,
    Bump,
    Missing,
    readings_of,
    synchrony_of,
)
from tests.staging_session import START_UTC_S, Session, clouds, marks, recording, transport
from tests.staging_setup import (
    setup_checking,
    setup_locked,
    setup_many,
    setup_nothing,
    setup_ready,
    setup_wrong,
)


def _noted(session: Session) -> Board:
    session.feed()
    session.board.note_marks(marks())
    session.board.note_clouds(clouds())
    return session.board


def nothing_found() -> Board:
    """Session without a stream."""
    board = Board()
    board.note_event(Tick(3.0, START_UTC_S))
    return board


def waiting() -> Board:
    """Session whose streams have sent nothing yet."""
    session = Session(now_s=2.0)
    session.board.note_event(Tick(2.0, START_UTC_S))
    session.board.note_recording(recording(seconds=2.0))
    return session.board


def warming_up() -> Board:
    """Session of half a minute."""
    session = Session(now_s=24.0).feed()
    session.board.note_recording(recording(seconds=24.0))
    return session.board


def running() -> Board:
    """Session of two people in the middle of it."""
    return _noted(Session())


def running_alone() -> Board:
    """Session of one person."""
    return _noted(Session(people=DYAD[:1]))


def talking() -> Board:
    """Session whose client talks, so that the vagal index is held."""
    return _noted(Session(held=Reason.SPEECH))


def one_lost() -> Board:
    """Session whose client has lost the skin sensor."""
    session = Session()
    session.lose("C07", Modality.EDA)
    return _noted(session)


def both_lost() -> Board:
    """Session whose client has lost both sensors."""
    session = Session()
    session.lose("C07", Modality.EDA)
    session.lose("C07", Modality.ECG, since_s=35.0)
    return _noted(session)


def above() -> Board:
    """Session whose client is above the upper edge."""
    return _noted(Session(bumps={"C07": (ABOVE_NOW,)}))


def low_activation() -> Board:
    """Session whose client is below the lower edge."""
    return _noted(Session(bumps={"C07": (BELOW_NOW,)}))


def not_available() -> Board:
    """Session whose client moves too much for a value."""
    return _noted(Session(missing={"C07": (Missing(NOW_S - 55.0, math.inf, Reason.MOTION),)}))


def disk_low() -> Board:
    """Session whose disk is nearly full."""
    board = running()
    board.note_recording(recording(disk_hours=0.2))
    return board


def recorder_error() -> Board:
    """Session that cannot be written."""
    board = running()
    board.note_recording(recording(state="error", disk_hours=0.0, error="no space left on the disk"))
    return board


def not_calibrated() -> Board:
    """Session of people without a profile."""
    session = Session(calibration="not_calibrated").feed()
    session.board.note_marks(marks())
    return session.board


def expired() -> Board:
    """Session of people whose profile is too old."""
    session = Session(calibration="calibration_expired").feed()
    session.board.note_marks(marks())
    return session.board


def ended() -> Board:
    """Session that is over."""
    board = running()
    board.note_recording(recording(state="closed"))
    board.note_end()
    return board


def _replay(view: TransportView, *, people: Sequence[tuple[str, str]] = DYAD) -> Board:
    board = Board(trace_s=60.0)
    # Before anything else: from now on the time line is the overview's alone.
    board.note_transport(view)
    session = Session(board=board, people=people, now_s=view["position_s"])
    _noted(session)
    board.note_recording({"state": "off"})
    seconds = range(1, math.floor(view["duration_s"]) + 1)
    later = {"C07": (Bump(2300.0, 3.9, 60.0),), "T02": (Bump(2650.0, -4.2, 45.0),)}
    for variant in range(len(view["variants"])):
        for code, _ in people:
            bumps = PAST.get(code, ()) + later.get(code, ())
            missing = (*GAPS.get(code, ()), Missing(2480.0, 2540.0, Reason.GAP))
            board.note_overview(readings_of(code, seconds, bumps, missing, shift=0.7 * variant), variant)
    board.note_overview(synchrony_of(view["duration_s"]))
    board.finish_overview()
    return board


def replay() -> Board:
    """Replay in the middle of a recording."""
    return _replay(transport())


def replay_paused() -> Board:
    """Replay that stands, of a recording that is still being computed."""
    return _replay(transport(playing=False, ready_s=2100.0))


def replay_end() -> Board:
    """Replay that has come to its end."""
    view = transport(playing=False, at_end=True, position_s=3000.0)
    return _replay(view)


def replay_compare() -> Board:
    """Replay with two profiles."""
    view = transport(
        variants=["profile of 2026-11-01", "profile of 2026-11-20"],
        differences=["C07: upper edge 2.5 instead of 3.2", "C07: 12 marks instead of 5"],
        author="",
    )
    return _replay(view)


class State(NamedTuple):
    """A state of the window.

    Parameters
    ----------
    make : callable
        Makes the board.
    caption : str
        What is to be seen.
    link : Link
        State of the pipe once a snapshot has been seen.
    """

    make: Callable[[], Board]
    caption: str
    link: Link = Link.LIVE


STATES: dict[str, State] = {
    "setup_nothing": State(setup_nothing, "Set-up: nothing found yet; the list fills by itself."),
    "setup_checking": State(setup_checking, "Set-up: streams appear; two of them are nobody's yet."),
    "setup_wrong": State(setup_wrong, "Set-up: the first thing wrong, with its cure."),
    "setup_ready": State(setup_ready, "Set-up: all checks are fine."),
    "setup_locked": State(setup_locked, "Set-up: a room file gives the roles."),
    "setup_many": State(setup_many, "Set-up: sixteen streams and three people."),
    "calibrate_ready": State(calibrate_ready, "Calibration: ready to begin."),
    "calibrate_breathing": State(calibrate_breathing, "Calibration: paced breathing, without movement."),
    "calibrate_waiting": State(calibrate_waiting, "Calibration: a step without enough valid signal."),
    "calibrate_paused": State(calibrate_paused, "Calibration: a step that pauses."),
    "calibrate_rating": State(calibrate_rating, "Calibration: ratings after a step."),
    "calibrate_result": State(calibrate_result, "Calibration: the result before it is accepted."),
    "calibrate_refused": State(calibrate_refused, "Calibration: a result that is refused."),
    "connecting": State(nothing_found, "The window waits for its engine.", Link.CONNECTING),
    "nothing_found": State(nothing_found, "No stream was found."),
    "waiting": State(waiting, "Streams are there, data are not yet."),
    "warming_up": State(warming_up, "The first windows are being filled."),
    "running": State(running, "Two people within their ranges."),
    "running_alone": State(running_alone, "One person alone."),
    "talking": State(talking, "The client talks: the vagal index is held."),
    "one_lost": State(one_lost, "One sensor of the client is lost."),
    "both_lost": State(both_lost, "Both sensors of the client are lost."),
    "above": State(above, "The client is above a provisional upper edge."),
    "low_activation": State(low_activation, "Low activation of the client, in its own wording."),
    "not_available": State(not_available, "No value for a minute, with its reason."),
    "disk_low": State(disk_low, "The disk is nearly full."),
    "recorder_error": State(recorder_error, "The recording fails."),
    "not_calibrated": State(not_calibrated, "Nobody is calibrated."),
    "expired": State(expired, "The calibrations are too old."),
    "ended": State(ended, "The session has ended: no numbers."),
    "silent": State(running, "The engine does not answer: no numbers.", Link.SILENT),
    "gone": State(running, "The engine is gone: no numbers.", Link.GONE),
    "replay": State(replay, "A replay with its time line."),
    "replay_paused": State(replay_paused, "A replay that stands and is still being computed."),
    "replay_end": State(replay_end, "A replay at its end."),
    "replay_compare": State(replay_compare, "A replay that compares two profiles."),
}
"""All states by name."""


class StagedClient:
    """Reads a board without a pipe, and keeps what is sent.

    Parameters
    ----------
    board : Board
        The board.
    link : Link, optional
        State of the pipe; one that is not live comes after the first snapshot.
    """

    def __init__(self, board: Board, link: Link = Link.LIVE) -> None:
        self.board = board
        self.sent: list[tuple[str, object]] = []
        self.closed = False
        self.cursor = 0
        self._then = link
        self._seen = link is Link.CONNECTING

    @property
    def link(self) -> Link:
        """State of the pipe."""
        return self._then if self._seen else Link.LIVE

    @link.setter
    def link(self, link: Link) -> None:
        self._then, self._seen = link, True

    def poll(self) -> Snapshot | None:
        """Return what is new."""
        if self.link is not Link.LIVE:
            return None
        snapshot = self.board.snapshot(self.cursor)
        self.cursor = snapshot["cursor"]
        # What did not fit into one answer must be seen before the pipe falls silent.
        self._seen = not snapshot["more"]
        return snapshot

    def send(self, name: str, value: object = None) -> bool:
        """Keep a command."""
        self.sent.append((name, value))
        return self.link is Link.LIVE

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


def stage(name: str) -> StagedClient:
    """Return the client of a window in a state.

    Parameters
    ----------
    name : str
        One of `STATES`.
    """
    state = STATES[name]
    return StagedClient(state.make(), state.link)
