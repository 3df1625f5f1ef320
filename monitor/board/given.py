"""What the board only keeps as given: set-up, calibration, notes, clouds, the place of a replay."""

from collections.abc import Iterable
from threading import Lock

from monitor.board.plain import plain
from monitor.board.session_views import CloudView, MarkView, ProcedureView, SetupView, TransportView
from monitor.board.snapshot import Snapshot


class GivenState:
    """Plain values, each kept until the next of its kind comes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._procedure: ProcedureView | None = None
        self._setup: SetupView | None = None
        self._transport: TransportView | None = None
        self._marks: list[MarkView] = []
        self._clouds: list[CloudView] = []

    def note_procedure(self, view: ProcedureView | None) -> None:
        """Take the state of a guided calibration.

        Parameters
        ----------
        view : ProcedureView or None
            Plain values; None when there is no calibration.
        """
        ready = None if view is None else plain(view)
        with self._lock:
            self._procedure = ready

    def note_setup(self, view: SetupView | None) -> None:
        """Take what there is before a recording starts.

        Parameters
        ----------
        view : SetupView or None
            Plain values; None when the recording has started.
        """
        ready = None if view is None else plain(view)
        with self._lock:
            self._setup = ready

    def note_transport(self, view: TransportView) -> None:
        """Take where a replay is; from the first call on the time line is `note_overview`'s alone.

        Parameters
        ----------
        view : TransportView
            Plain values.
        """
        ready = plain(view)
        with self._lock:
            self._transport = ready

    def note_marks(self, marks: Iterable[MarkView]) -> None:
        """Set the notes and marks of the session.

        Parameters
        ----------
        marks : iterable of MarkView
            All that have not been taken back, in the order of their times.
        """
        ready = [plain(mark) for mark in marks]
        with self._lock:
            self._marks = ready

    def note_clouds(self, clouds: Iterable[CloudView]) -> None:
        """Set where the reference seconds of people lie.

        Parameters
        ----------
        clouds : iterable of CloudView
            One per calibrated participant.
        """
        ready = [plain(cloud) for cloud in clouds]
        with self._lock:
            self._clouds = ready

    def _put_given(self, answer: Snapshot) -> None:
        answer["procedure"], answer["setup"] = self._procedure, self._setup
        answer["transport"], answer["marks"], answer["clouds"] = self._transport, self._marks, self._clouds
